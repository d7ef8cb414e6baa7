/*
 * atl_builder.h
 *		The inside of a builder, shared by the files that make it up:
 *
 *	atl_build.c			tokens to members: the shape of a document
 *	atl_build_value.c	numbers, texts, and JSON that is kept as it is
 *	atl_build_item.c	events and markers
 *	atl_build_feature.c	features: values, clocks, encodings
 *	atl_encode.c		encodings chosen outside of the document
 *	atl_build_series.c	their numbers to pieces and summaries
 *	atl_build_problem.c	what is wrong and where
 *	atl_parse.c			JSON text to tokens
 *	atl_lint.c			warnings
 *	atl_write.c			the image: order, layout, header
 *	atl_write_track.c	its events and markers: dictionary and index
 *	atl_write_block.h	the files that make their blocks
 *	atl_write_feature.c	its features
 *	atl_write_series.c	their series, group by group
 */
#ifndef ATL_BUILDER_H
#define ATL_BUILDER_H

#include <string.h>

#include "atl.h"
#include "atl_json.h"
#include "atl_series.h"

/* Where in the document the next token belongs. */
typedef enum AtlPlace
{
	ATL_AT_START,
	ATL_AT_TOP,
	ATL_AT_EVENTS,
	ATL_AT_EVENT,
	ATL_AT_MARKERS,
	ATL_AT_MARKER,
	ATL_AT_FEATURES,
	ATL_AT_FEATURE,
	ATL_AT_RANGE,
	ATL_AT_VALUES,
	ATL_AT_FRAME,
	ATL_AT_END
} AtlPlace;

/* Members that the type understands; each is one bit of a set. */
typedef enum AtlMember
{
	ATL_M_UNKNOWN,
	ATL_M_DURATION,
	ATL_M_SAMPLE_RATE,
	ATL_M_EVENTS,
	ATL_M_MARKERS,
	ATL_M_FEATURES,
	ATL_M_METADATA,
	ATL_M_TIMESTAMP,
	ATL_M_TYPE,
	ATL_M_CONFIDENCE,
	ATL_M_DATA,
	ATL_M_VALUE,
	ATL_M_HOP,
	ATL_M_FRAME_RATE,
	ATL_M_START_TIME,
	ATL_M_DIMS,
	ATL_M_UNIT,
	ATL_M_KIND,
	ATL_M_ENCODING,
	ATL_M_RANGE,
	ATL_M_MAX_ERROR,
	ATL_M_VALUES,
	ATL_M_BASE64
} AtlMember;

#define ATL_BIT(member)		(UINT32_C(1) << (member))

/* A span of the builder's text buffer. */
typedef struct AtlSpan
{
	uint32_t	offset;
	uint32_t	size;
} AtlSpan;

/* An event or marker. */
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
typedef struct AtlDraftMember
{
	AtlText		name;
	AtlPlaceOfMember place;
} AtlDraftMember;

typedef struct AtlDraftTrack
{
	AtlBuffer	items;			/* AtlDraftItem */
	AtlBuffer	types;			/* AtlDraftType */
	AtlBuffer	table;			/* uint32_t: hash table of type number + 1 */
	AtlBuffer	blocks;			/* as they will be in the image */
	AtlBuffer	offsets;		/* uint32_t: of each block in them */
	AtlDraftMember members[ATL_MAX_MEMBERS];
	uint32_t	num_members;
	uint32_t	count;			/* elements of the document's array so far */
	uint32_t	types_used;
	uint32_t	names_size;
	bool		sorted;
} AtlDraftTrack;

/* A feature: the entry to be, and the spans it will point to. */
typedef struct AtlDraftFeature
{
	AtlFeature	entry;
	AtlSpan		name;
	AtlSpan		unit;
	AtlSpan		kind;
	AtlSpan		attributes;
	uint32_t	number;			/* in the document's object */
	double		hop;
	double		frame_rate;
	double		range[2];
	uint32_t	range_count;	/* elements of "range" */
	bool		clipped;		/* values went outside the range of codes */
	uint32_t	bitmap;			/* in the series buffer, behind the numbers */
	uint32_t	data_size;
	uint32_t	bitmap_size;
	uint32_t	first_piece;	/* of its pieces, block after block */
	uint32_t	summary;		/* its nodes in the summary buffer */
	uint32_t	summary_size;
} AtlDraftFeature;

/* The numbers of "values", as they come in. */
typedef struct AtlDraftValues
{
	AtlBuffer	numbers;		/* f32 as long as all are exactly f32 */
	bool		wide;			/* numbers are f64 */
	bool		nested;			/* a frame has been an array */
	bool		flat;			/* a frame has been a number */
	uint32_t	frames;
	uint32_t	leading_nulls;	/* null frames before the shape was known */
	uint32_t	dims;			/* of the first array, once it is closed */
	uint32_t	in_frame;		/* numbers in the open array */
} AtlDraftValues;

/* Numbers as they lie in memory; bitmap, if not NULL, tells the missing ones. */
typedef struct AtlRun
{
	AtlScale	scale;
	const uint8_t *bytes;
	const uint8_t *bitmap;
	uint32_t	num;
} AtlRun;

/* A problem, small: a bad document has one for each of its numbers. */
typedef struct AtlDraftProblem
{
	AtlCode		code;
	uint32_t	path;			/* terminated texts in problem_text */
	uint32_t	message;
} AtlDraftProblem;

struct AtlBuilder
{
	const AtlHost *host;
	bool		collect;
	const AtlEncodingRule *rule;	/* or NULL */
	AtlBuffer	problems;		/* AtlDraftProblem */
	AtlBuffer	problem_text;

	AtlPlace	place;
	AtlMember	member;			/* that the last key named */
	uint32_t	skip;			/* open containers of a value not looked at */
	AtlFragment *capture;		/* takes the tokens of an unknown value */
	uint32_t	capture_depth;
	uint32_t	max_depth;		/* of all values captured */

	uint32_t	seen;			/* members of the current object */
	uint32_t	nulls;			/* members given as null */
	size_t		object_problems;	/* how many there were before it */
	uint32_t	top_seen;
	uint32_t	top_nulls;

	double		duration;
	double		sample_rate;
	AtlSpan		metadata;
	AtlSpan		attributes;		/* of the document */
	AtlDraftTrack tracks[2];
	AtlBuffer	features;		/* AtlDraftFeature */
	uint32_t	features_count;
	AtlDraftItem item;			/* in hand */
	AtlDraftFeature feature;	/* in hand */
	AtlDraftValues values;		/* of the feature in hand */

	AtlFragment top_attributes;
	AtlFragment object_attributes;	/* of the item or feature in hand */
	AtlFragment value;			/* data, value, metadata */
	AtlBuffer	text;			/* all spans */
	AtlBuffer	base64;			/* of the feature in hand: its text */
	AtlBuffer	series;			/* its encoded numbers and bitmap */
	AtlBuffer	pieces;			/* of all features: coded numbers */
	AtlBuffer	piece_ends;		/* uint32_t: where each piece ends there */
	AtlBuffer	summary;		/* of all features: nodes */
	AtlBuffer	order;			/* uint32_t: features, group by group */
	AtlBuffer	scratch;

	uint32_t	image_size;
	uint32_t	section_size[ATL_SECTION_KINDS];
	uint32_t	section_offset[ATL_SECTION_KINDS];
};

/*
 * What the next value may be pushed as.  Where a number is understood: as
 * ATL_DOUBLE.  Where numbers are elements of "values" or of a frame: many at
 * once, all finite or NaN for null.
 */
extern bool atl_build_wants_double(const AtlBuilder *builder);
extern bool atl_build_wants_numbers(const AtlBuilder *builder);
extern AtlStatus atl_build_push_numbers(AtlBuilder *builder, const double *numbers, uint32_t n);

/* The number of blocks of a feature. */
static inline uint32_t
atl_draft_blocks(const AtlDraftFeature *feature)
{
	uint32_t	frames = atl_block_frames(feature->entry.dims);

	return feature->entry.frames / frames + (feature->entry.frames % frames != 0);
}

static inline AtlText
atl_span_text(const AtlBuilder *builder, AtlSpan span)
{
	AtlText		text = {(const char *) atl_buffer_at(&builder->text, span.offset), span.size};

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

static inline AtlDraftType *
atl_draft_type(const AtlDraftTrack *track, uint32_t i)
{
	return (AtlDraftType *) track->types.bytes + i;
}

static inline uint32_t
atl_draft_features(const AtlBuilder *builder)
{
	return (uint32_t) (builder->features.size / sizeof(AtlDraftFeature));
}

static inline AtlDraftFeature *
atl_draft_feature(const AtlBuilder *builder, uint32_t i)
{
	return (AtlDraftFeature *) builder->features.bytes + i;
}

/* atl_build_value.c */
extern const char *atl_token_kind_name(AtlTokenKind kind);
extern bool atl_token_opens(AtlTokenKind kind);	/* an object or array */
extern AtlStatus atl_build_skip(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_build_push_skipped(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_build_keep(AtlBuilder *builder, AtlText text, AtlSpan *span);
extern AtlStatus atl_build_number(AtlBuilder *builder, AtlToken token, double *value);
extern AtlStatus atl_build_check_time(AtlBuilder *builder, const char *member, double time);
extern void atl_build_begin_object(AtlBuilder *builder);

/* Values that are kept as JSON: tokens go to the fragment until it is closed. */
extern AtlStatus atl_build_capture(AtlBuilder *builder, AtlFragment *fragment, AtlToken token);
extern AtlStatus atl_build_capture_value(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_build_push_captured(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_build_keep_json(AtlBuilder *builder, AtlFragment *fragment, AtlSpan *span);

/* Choose a sorted track's shared members, and make its blocks. */
extern AtlStatus atl_choose_members(AtlBuilder *builder, AtlDraftTrack *track);
extern AtlStatus atl_write_blocks(AtlBuilder *builder, AtlDraftTrack *track);

/*
 * Parts of the image.  The sizes are exact, and writing fills exactly those.
 */
extern uint64_t atl_write_types_size(const AtlDraftTrack *track);
extern void atl_write_types(const AtlBuilder *builder, const AtlDraftTrack *track, uint8_t *to);
extern void atl_write_track(const AtlDraftTrack *track, uint8_t *index, uint8_t *leaves,
							uint8_t *blocks);
extern uint64_t atl_write_feature_text_size(const AtlBuilder *builder);
extern void atl_write_features(const AtlBuilder *builder, uint8_t *entries, uint8_t *texts, uint8_t *summary);

/* Put features into groups; then their places in directory and data are known. */
extern AtlStatus atl_write_group_features(AtlBuilder *builder);
extern uint64_t atl_write_directory_size(const AtlBuilder *builder);
extern uint64_t atl_write_series_size(const AtlBuilder *builder);
extern uint64_t atl_write_summary_size(const AtlBuilder *builder);
extern void atl_write_series(const AtlBuilder *builder, uint8_t *directory, uint8_t *data);

/* A span of the builder's text; returns where the next one goes. */
static inline uint8_t *
atl_write_text(const AtlBuilder *builder, AtlSpan span, uint8_t *to)
{
	if (span.size > 0)
		memcpy(to, builder->text.bytes + span.offset, span.size);
	return to + span.size;
}

/* atl_build_item.c: the event or marker in hand, and its track */
extern AtlTrack atl_track_in_hand(const AtlBuilder *builder);
extern void atl_track_begin(AtlBuilder *builder, AtlTrack track, AtlPlace place);
extern void atl_item_begin(AtlBuilder *builder, AtlPlace place);
extern AtlStatus atl_item_member(AtlBuilder *builder, AtlToken token);

/* atl_build_feature.c: the feature in hand */
extern AtlStatus atl_feature_begin(AtlBuilder *builder, AtlText name);
extern AtlStatus atl_feature_member(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_feature_range_push(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_feature_values_push(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_feature_frame_push(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_feature_numbers_push(AtlBuilder *builder, const double *numbers, uint32_t n);
extern AtlStatus atl_feature_end(AtlBuilder *builder);

/* atl_build_series.c: code the numbers of the feature in hand. */
extern AtlStatus atl_build_series(AtlBuilder *builder);

/*
 * Append numbers to the series buffer, in the encoding and range of the
 * feature in hand, and add the greatest error that this makes.
 */
extern AtlStatus atl_feature_encode(AtlBuilder *builder, AtlRun run);

/* The feature in hand has a member that the document may have given as null. */
static inline void
atl_feature_add_member(AtlBuilder *builder, AtlMember member, uint32_t flag)
{
	builder->feature.entry.flags |= flag;
	builder->nulls &= ~ATL_BIT(member);
}

/* atl_encode.c: store the numbers of the feature in hand anew, if the rule says so */
extern AtlStatus atl_feature_follow_rule(AtlBuilder *builder, bool *changed);

/*
 * atl_build_problem.c.  Report a problem: ATL_INVALID, or ATL_OK when problems
 * are collected or it is a warning.  The message is the path, a space and the
 * formatted text.
 */
extern AtlStatus atl_problem(AtlBuilder *builder, AtlCode code, const char *path,
							 const char *format,...)
			__attribute__((format(printf, 4, 5)));

/* A problem of a status alone: limits and memory. */
extern AtlStatus atl_status_problem(AtlBuilder *builder, AtlStatus status);

/* Paths, into a buffer of ATL_PATH_SIZE; they return it. */
extern const char *atl_path_member(const AtlBuilder *builder, const char *member, char *path);
extern const char *atl_path_item(AtlTrack track, uint32_t number, const char *member, char *path);
extern const char *atl_path_feature(AtlText name, const char *member, char *path);

/* A number for a message, terminated. */
extern const char *atl_show_number(const AtlBuilder *builder, double number, char *buffer);

#endif							/* ATL_BUILDER_H */
