/*
 * builder.h
 *		The inside of a builder: where it is in the document, and the draft
 *		that it fills.
 *
 *	builder.c		the builder as a sink, and its memory
 *	shape.c			tokens to members: the shape of a document
 *	value.c			numbers, texts, and JSON that is kept as it is
 *	item.c			events and markers
 *	feature.c		features: their members
 *	values.c		the numbers of "values", as they come in
 *	numbers.c		a feature's numbers in its encoding
 *	rule.c			encodings chosen outside of the document
 *	finish.c		what needs the whole document
 *	lint.c			warnings
 *	problem.c		what is wrong, and where
 *	codes.c			its name and its remedy
 */
#ifndef ATL_DOCUMENT_BUILDER_H
#define ATL_DOCUMENT_BUILDER_H

#include "core/document/document.h"
#include "core/document/problem.h"
#include "core/json/fragment.h"
#include "core/writer/draft.h"

/* Where in the document the next token belongs. */
typedef enum AtlState
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
} AtlState;

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

/* The elements of an array of events or markers so far, and the types they have. */
typedef struct AtlArrival
{
	uint32_t	count;
	AtlBuffer	table;			/* uint32_t: hash table of type number + 1 */
} AtlArrival;

/* Members of the feature in hand that count when its object ends. */
typedef struct AtlGiven
{
	double		hop;
	double		frame_rate;
	double		range[2];
	uint32_t	range_count;	/* elements of "range" */
} AtlGiven;

/*
 * The numbers of "values", as they come in.  Null frames are no numbers, as
 * long as the values may be arrays.
 */
typedef struct AtlValues
{
	AtlBuffer	numbers;		/* f32 as long as all are exactly f32 */
	AtlBuffer	nulls;			/* AtlNulls */
	bool		wide;			/* numbers are f64 */
	bool		nested;			/* a frame has been an array */
	bool		flat;			/* a frame has been a number */
	uint32_t	frames;
	uint32_t	dims;			/* of the first array, once it is closed */
	uint32_t	in_frame;		/* numbers in the open array */
} AtlValues;

/* The numbers of the feature in hand in its encoding; the bitmap behind them. */
typedef struct AtlEncoded
{
	AtlBuffer	bytes;
	uint32_t	size;			/* of the numbers */
	uint32_t	bitmap;			/* where it begins */
	uint32_t	bitmap_size;	/* 0: no number is missing */
} AtlEncoded;

struct AtlBuilder
{
	const AtlHost *host;
	AtlSink		sink;
	bool		collect;
	const AtlEncodingRule *rule;	/* or NULL */
	AtlBuffer	problems;		/* AtlDraftProblem */
	AtlBuffer	problem_text;
	size_t		num_problems;	/* all, those too that are only counted */
	AtlDraft	draft;

	AtlState	state;
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

	AtlArrival	arrivals[2];	/* of the tracks */
	AtlDraftItem item;			/* in hand */
	AtlDraftFeature feature;	/* in hand; of it, too: */
	AtlGiven	given;
	AtlValues	values;
	AtlBuffer	base64;			/* text */
	AtlEncoded	encoded;

	AtlFragment top_attributes;
	AtlFragment object_attributes;	/* of the item or feature in hand */
	AtlFragment value;			/* data, value, metadata */
};

/* Text that the builder keeps. */
static inline AtlText
atl_kept_text(const AtlBuilder *builder, AtlSpan span)
{
	return atl_draft_text(&builder->draft, span);
}

/* shape.c: the next token, where it is no part of a value that is kept or skipped */
extern AtlStatus atl_shape_push(AtlBuilder *builder, AtlToken token);

/* value.c */
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

/* item.c: the event or marker in hand, and its track */
extern AtlTrack atl_track_in_hand(const AtlBuilder *builder);
extern void atl_track_begin(AtlBuilder *builder, AtlTrack track, AtlState state);
extern void atl_item_begin(AtlBuilder *builder, AtlState state);
extern AtlStatus atl_item_member(AtlBuilder *builder, AtlToken token);

/* feature.c: the feature in hand */
extern AtlStatus atl_feature_begin(AtlBuilder *builder, AtlText name);
extern AtlStatus atl_feature_member(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_feature_range_push(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_feature_end(AtlBuilder *builder);

/* values.c: its numbers as they come in */
extern void atl_values_begin(AtlBuilder *builder);
extern AtlStatus atl_values_push(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_values_frame_push(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_values_numbers_push(AtlBuilder *builder, const double *numbers, uint32_t n);
extern AtlStatus atl_values_settle(AtlBuilder *builder);	/* their shape, against dims */
extern AtlNumbers atl_values_numbers(const AtlValues *values);

/*
 * numbers.c: encode the gathered values or decode the base64; measure what is
 * encoded; encode numbers in the encoding and range of the feature, and add the
 * greatest error that this makes.
 */
extern AtlStatus atl_numbers_store(AtlBuilder *builder);
extern AtlStatus atl_numbers_measure(AtlBuilder *builder);
extern AtlStatus atl_numbers_encode(AtlBuilder *builder, AtlNumbers numbers);
extern AtlNumbers atl_numbers_encoded(const AtlBuilder *builder);

/* rule.c: store the numbers of the feature in hand anew, if the rule says so */
extern AtlStatus atl_feature_follow_rule(AtlBuilder *builder, bool *changed);

static inline bool
atl_build_seen(const AtlBuilder *builder, AtlMember member)
{
	return (builder->seen & ATL_BIT(member)) != 0;
}

/* Whether the item or feature in hand has problems. */
static inline bool
atl_build_object_is_bad(const AtlBuilder *builder)
{
	return builder->object_problems != builder->num_problems;
}

/* The feature in hand has a member that the document may have given as null. */
static inline void
atl_feature_add_member(AtlBuilder *builder, AtlMember member, uint32_t flag)
{
	builder->feature.entry.flags |= flag;
	builder->nulls &= ~ATL_BIT(member);
}

#endif							/* ATL_DOCUMENT_BUILDER_H */
