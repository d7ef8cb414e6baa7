/*
 * track.h
 *		Tracks: events and markers in time order.
 */
#ifndef ATL_IMAGE_TRACK_H
#define ATL_IMAGE_TRACK_H

#include "core/codec/column.h"
#include "core/image/view.h"

typedef enum AtlTrack
{
	ATL_EVENTS,
	ATL_MARKERS
} AtlTrack;

extern uint32_t atl_track_items(const AtlView *view, AtlTrack track);
extern AtlStatus atl_track_num_types(const AtlView *view, AtlTrack track, uint32_t *num);
extern AtlStatus atl_track_type(const AtlView *view, AtlTrack track, uint32_t type,
								AtlText *name, uint32_t *items);

/* Find a type by name: O(log types) small reads. */
extern AtlStatus atl_track_find_type(const AtlView *view, AtlTrack track, AtlText name,
									 bool *found, uint32_t *type);

typedef struct AtlItem
{
	double		timestamp;		/* seconds */
	double		duration;		/* seconds; NaN: absent */
	double		confidence;		/* 0..1; NaN: absent */
	uint32_t	type;			/* position in the dictionary */
	AtlText		payload;		/* JSON text; size 0: absent */
	AtlText		attributes;		/* JSON object; size 0: none */
} AtlItem;

/* Seconds at which an item ends: timestamp, plus duration if it has one. */
extern double atl_item_end(const AtlItem *item);

/*
 * Items that a walk returns; types in ascending order, or NULL for all.  An
 * item that is outside of the timeline by rounding counts as at its bound.
 */
typedef struct AtlFilter
{
	double		start_time;		/* window [start_time, end_time) */
	double		end_time;
	double		min_confidence; /* NaN: any */
	const uint32_t *types;
	uint32_t	num_types;
} AtlFilter;

/* Every item of every type. */
extern AtlFilter atl_filter_all(void);

/* One block, opened. */
typedef struct AtlBlock
{
	uint32_t	items;
	uint32_t	num_columns;
	const char *payloads;
	const char *attributes;
	uint32_t	payloads_size;
	uint32_t	attributes_size;
	uint8_t		first[ATL_COLUMN_MEMBER + 1];	/* first column of each id, or
												 * of members */
	AtlColumn	columns[ATL_MAX_COLUMNS];
} AtlBlock;

/* The members that many items of a track share. */
typedef struct AtlSharedMembers
{
	bool		known;			/* read already */
	uint32_t	num;
	uint32_t	place[ATL_MAX_SHARED];	/* AtlSharedPlace */
	AtlText		name[ATL_MAX_SHARED];
} AtlSharedMembers;

extern AtlStatus atl_track_shared(const AtlView *view, AtlTrack track, AtlSharedMembers *members);

/* The shape of a time index, which follows from the number of items. */
typedef struct AtlIndexShape
{
	uint32_t	num_blocks;
	int			num_levels;
	uint32_t	entries[ATL_INDEX_MAX_LEVELS];	/* lowest level first */
	uint32_t	offset[ATL_INDEX_MAX_LEVELS];	/* bytes, in the section */
	uint32_t	leaves_size;	/* bytes, of the lowest level */
	uint32_t	index_size;		/* bytes, of all other levels */
} AtlIndexShape;

extern AtlIndexShape atl_index_shape(uint32_t num_items);

/*
 * A walk over the items that pass a filter, forwards or backwards.  It reads
 * index nodes, skips what cannot match, and fetches runs of neighbouring
 * blocks together.
 *
 * Payload and attributes of an item are put together from its columns in the
 * caller's buffer text, and are good until that buffer is used for the next
 * item, or freed.  With text NULL, both are left empty.
 */
typedef struct AtlWalk
{
	const AtlView *view;
	AtlTrack	track;
	AtlFilter	filter;
	double		points_from;	/* where the window begins for a point */
	uint32_t	type_mask;
	AtlIndexShape shape;
	const uint8_t *node[ATL_INDEX_MAX_LEVELS];	/* the node in hand, per level */
	uint32_t	node_number[ATL_INDEX_MAX_LEVELS];
	const uint8_t *run;			/* fetched blocks */
	uint32_t	run_offset;
	uint32_t	run_end;
	uint32_t	run_limit;		/* bytes to fetch ahead */
	uint32_t	block_number;	/* next block to look at */
	uint32_t	next;			/* next item in the block */
	AtlBuffer  *text;			/* the caller's */
	AtlSharedMembers members;
	AtlBlock	block;
} AtlWalk;

extern AtlStatus atl_walk_begin(AtlWalk *walk, const AtlView *view, AtlTrack track,
								AtlFilter filter, AtlBuffer *text);

/* The next item that passes, or found = false at the end. */
extern AtlStatus atl_walk_next(AtlWalk *walk, AtlItem *item, bool *found);

/*
 * The nearest item strictly after, or strictly before, t (with or_at: or at
 * t), of the filter's types.  The window and confidence of the filter are not
 * used.  t may be any instant.  Of items with equal timestamps, _after gives the first, _before the
 * last.  text is used as in AtlWalk.
 */
extern AtlStatus atl_item_after(const AtlView *view, AtlTrack track, AtlFilter filter,
								double t, bool or_at, AtlBuffer *text, AtlItem *item, bool *found);
extern AtlStatus atl_item_before(const AtlView *view, AtlTrack track, AtlFilter filter,
								 double t, AtlBuffer *text, AtlItem *item, bool *found);

/*
 * What holds at t: of each type that the filter wants, the last item at or
 * before t that has the filter's confidence; latest first.  The window of the
 * filter is not used.  seen is memory of the caller's: a zero byte for each
 * type of the track.  text is used as in AtlWalk.
 */
typedef struct AtlHeld
{
	AtlWalk		walk;
	double		t;
	uint32_t	num_types;		/* of the track */
	uint8_t    *seen;			/* by type: its last item has been returned */
	uint32_t	wanted[32];		/* types not yet seen, by bit of the walk's
								 * mask */
} AtlHeld;

extern AtlStatus atl_held_begin(AtlHeld *held, const AtlView *view, AtlTrack track, AtlFilter filter, double t,
								uint8_t *seen, AtlBuffer *text);
extern AtlStatus atl_held_next(AtlHeld *held, AtlItem *item, bool *found);

#endif							/* ATL_IMAGE_TRACK_H */
