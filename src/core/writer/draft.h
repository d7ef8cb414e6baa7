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
	uint32_t	type;			/* in the draft track's order of arrival */
	uint32_t	number;			/* in the document's array */
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
	AtlBuffer	offsets;		/* uint32_t: of each block in them */
	AtlDraftShared shared[ATL_MAX_SHARED];
	uint32_t	num_shared;
	uint32_t	types_used;
	uint32_t	names_size;
} AtlDraftTrack;

/* Frames [first, end) are null; before: how many null frames there are before them. */
typedef struct AtlNulls
{
	uint32_t	first;
	uint32_t	end;
	uint32_t	before;
} AtlNulls;

/*
 * The numbers of a feature as they lie in memory: of the frames that are not
 * null, one frame after the other.  So a null frame costs the same whatever the
 * dims.  bitmap, if not NULL, tells which numbers are missing.
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

/* A feature: the entry to be, and the texts it will point to. */
typedef struct AtlDraftFeature
{
	AtlFeature	entry;
	AtlSpan		name;
	AtlSpan		unit;
	AtlSpan		kind;
	AtlSpan		attributes;
	bool		clipped;		/* values went outside the range of codes */
	/* the writer's */
	uint32_t	pieces_at;		/* its first piece among the draft's; block after block */
	uint32_t	summary;		/* its nodes in the summary buffer */
	uint32_t	summary_size;
} AtlDraftFeature;

typedef struct AtlDraft
{
	const AtlHost *host;
	double		duration;
	double		sample_rate;
	uint32_t	present;		/* ATL_HAS_... */
	AtlSpan		metadata;		/* size 0: absent */
	AtlSpan		attributes;
	AtlDraftTrack tracks[2];
	AtlBuffer	features;		/* AtlDraftFeature */
	AtlBuffer	text;			/* all spans */
	/* the writer's */
	AtlBuffer	pieces;			/* of all features: coded numbers */
	AtlBuffer	piece_ends;		/* uint32_t: where each piece ends there */
	AtlBuffer	summary;		/* of all features: nodes */
	AtlBuffer	order;			/* uint32_t: features, group by group */
	AtlBuffer	scratch;
	uint32_t	image_size;
	AtlSpan		sections[ATL_SECTION_KINDS];
} AtlDraft;

extern void atl_draft_init(AtlDraft *draft, const AtlHost *host);
extern void atl_draft_free(AtlDraft *draft);

/*
 * Code the numbers of a feature that is otherwise complete, in its encoding.
 * They are not needed afterwards, so a document of many features never has all
 * of them in memory.
 */
extern AtlStatus atl_draft_add_series(AtlDraft *draft, AtlDraftFeature *feature, const AtlNumbers *numbers);

/*
 * Sort and lay out, once the draft is complete: then image_size is known.  And
 * write the image, into exactly that many bytes.
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

#endif							/* ATL_WRITER_DRAFT_H */
