/*
 * draft.h
 *		A checked document in memory, and the writer that makes its image.
 *
 * A draft is what is known of a document: the builder fills it, and has
 * checked all of it.  The writer only sees the draft; it reports nothing and
 * refuses nothing but what is too large.  Equal drafts get equal bytes.
 */
#ifndef ATL_WRITER_DRAFT_H
#define ATL_WRITER_DRAFT_H

#include "core/base/buffer.h"
#include "core/image/feature.h"
#include "core/image/track.h"

/* An event or marker.  Texts are spans of the draft's text. */
typedef struct AtlDraftItem
{
	double		timestamp;
	double		duration;		/* NaN: absent */
	double		confidence;		/* NaN: absent */
	uint32_t	type;			/* index in the draft track's types */
	uint32_t	number;			/* index in the document's array */
	AtlSpan		payload;		/* size 0: absent */
	AtlSpan		attributes;
} AtlDraftItem;

/* A type, and how many items have it. */
typedef struct AtlDraftType
{
	AtlSpan		name;
	uint32_t	items;
	uint32_t	rank;			/* in order of key, among types in use */
} AtlDraftType;

/* A member that many items share. */
typedef struct AtlDraftShared
{
	AtlText		name;
	AtlSharedPlace place;
} AtlDraftShared;

typedef struct AtlDraftTrack
{
	AtlBuffer	items;			/* AtlDraftItem */
	AtlBuffer	types;			/* AtlDraftType */
	bool		sorted;			/* items came in time order */
	/* the writer's */
	AtlBuffer	blocks;			/* as they will be in the image */
	AtlBuffer	offsets;		/* uint32_t: of each block in blocks */
	AtlDraftShared shared[ATL_MAX_SHARED];
	uint32_t	num_shared;
	uint32_t	types_used;
	uint32_t	names_size;
} AtlDraftTrack;

/* Frames [first, end) are null; before: number of null frames before first. */
typedef struct AtlNulls
{
	uint32_t	first;
	uint32_t	end;
	uint32_t	before;
} AtlNulls;

/*
 * The numbers of a feature in memory: frame after frame, dims numbers each,
 * null frames left out.  So a null frame costs the same whatever the dims.
 * bitmap, if not NULL, has a bit for each number: set if it is missing.
 */
typedef struct AtlNumbers
{
	AtlScale	scale;
	const uint8_t *bytes;
	const uint8_t *bitmap;
	uint32_t	num;
	const AtlNulls *nulls;		/* ascending, apart */
	uint32_t	num_nulls;
} AtlNumbers;

/* A feature: its entry in the image, and the texts of the entry. */
typedef struct AtlDraftFeature
{
	AtlFeature	entry;
	AtlSpan		name;
	AtlSpan		unit;
	AtlSpan		kind;
	AtlSpan		attributes;
	bool		clipped;		/* values went outside the range of codes */
	uint32_t	times;			/* 1 + index of its times in the draft's times */
	uint32_t	token;			/* where it is in the document */
	uint32_t	start_token;	/* the same of its startTime or times */
	/* the writer's */
	uint32_t	pieces_at;		/* index of its first piece in the draft;
								 * block after block */
	uint32_t	summary;		/* offset of its nodes in the draft's summary */
	uint32_t	summary_size;
} AtlDraftFeature;

typedef struct AtlDraft
{
	const AtlHost *host;
	double		duration;
	double		start_time;
	double		sample_rate;
	uint32_t	present;		/* ATL_HAS_... */
	AtlSpan		metadata;		/* size 0: absent */
	AtlSpan		attributes;
	AtlDraftTrack tracks[2];
	AtlBuffer	features;		/* AtlDraftFeature */
	AtlBuffer	times;			/* AtlDraftFeature: series without a name */
	AtlBuffer	text;			/* all spans */
	/* the writer's */
	AtlBuffer	pieces;			/* of all features: coded numbers */
	AtlBuffer	piece_ends;		/* uint32_t: where each piece ends in pieces */
	AtlBuffer	summary;		/* of all features: nodes */
	AtlBuffer	order;			/* uint32_t: features, group by group */
	AtlBuffer	scratch;
	uint32_t	named_features; /* before the times, which join them */
	uint32_t	image_size;
	AtlSpan		sections[ATL_SECTION_KINDS];
} AtlDraft;

extern void atl_draft_init(AtlDraft *draft, const AtlHost *host);
extern void atl_draft_free(AtlDraft *draft);

/*
 * Code the numbers of a feature that is otherwise complete, in its encoding.
 * The numbers are not needed afterwards, so those of many features are never
 * in memory together.
 */
extern AtlStatus atl_draft_add_series(AtlDraft *draft, AtlDraftFeature *feature, const AtlNumbers *numbers);

/*
 * Sort and lay out a complete draft, which sets image_size; then write the
 * image, into exactly image_size bytes.
 */
extern AtlStatus atl_draft_lay_out(AtlDraft *draft);
extern void atl_draft_write(const AtlDraft *draft, uint8_t *image);

static inline AtlText
atl_draft_text(const AtlDraft *draft, AtlSpan span)
{
	AtlText		text = {(const char *) atl_buffer_at(&draft->text, span.offset), span.size};

	return text;
}

static inline uint32_t
atl_draft_items(const AtlDraftTrack *track)
{
	return (uint32_t) (track->items.size / sizeof(AtlDraftItem));
}

static inline AtlDraftItem *
atl_draft_item(const AtlDraftTrack *track, uint32_t i)
{
	return (AtlDraftItem *) track->items.bytes + i;
}

static inline uint32_t
atl_draft_types(const AtlDraftTrack *track)
{
	return (uint32_t) (track->types.size / sizeof(AtlDraftType));
}

static inline AtlDraftType *
atl_draft_type(const AtlDraftTrack *track, uint32_t i)
{
	return (AtlDraftType *) track->types.bytes + i;
}

static inline uint32_t
atl_draft_features(const AtlDraft *draft)
{
	return (uint32_t) (draft->features.size / sizeof(AtlDraftFeature));
}

static inline AtlDraftFeature *
atl_draft_feature(const AtlDraft *draft, uint32_t i)
{
	return (AtlDraftFeature *) draft->features.bytes + i;
}

/* Whether a feature is the times of another: once laid out, they stand behind it. */
static inline bool
atl_draft_is_times(const AtlDraftFeature *feature)
{
	return feature->entry.clock == 0 && feature->times == 0;
}

/* The times of a feature; NULL if it has a clock. */
static inline const AtlDraftFeature *
atl_draft_times(const AtlDraft *draft, const AtlDraftFeature *feature)
{
	return feature->times == 0 ? NULL : (const AtlDraftFeature *) draft->times.bytes + (feature->times - 1);
}

#endif							/* ATL_WRITER_DRAFT_H */
