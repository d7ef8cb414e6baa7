/*
 * builder.h
 *		The inside of a builder: its place in the document, and the draft
 *		of the image.
 *
 *	builder.c		the builder as a sink, and its memory
 *	known.c			the members that a document gives a meaning
 *	shape.c			tokens to members: the shape of a document
 *	value.c			numbers, texts, and values kept as JSON
 *	alias.c			other spellings of members
 *	unused.c		members that most likely mean another
 *	repeated.c		keys given more than once
 *	plausible.c		numbers that are allowed, and most likely wrong
 *	kind.c			values of another kind than they must be
 *	item.c			events and markers
 *	feature.c		features: their members
 *	values.c		gathers the numbers of "values"
 *	numbers.c		a feature's numbers in its encoding
 *	rule.c			applies an encoding rule
 *	bounds.c		times against the bounds of the timeline; confidences
 *	finish.c		checks of the whole document; size and image
 *	lint.c			warnings
 *	problem.c		paths and messages of problems
 *	codes.c			name and usual hint of each problem code
 */
#ifndef ATL_DOCUMENT_BUILDER_H
#define ATL_DOCUMENT_BUILDER_H

#include "core/document/document.h"
#include "core/document/known.h"
#include "core/document/problem.h"
#include "core/json/fragment.h"
#include "core/writer/draft.h"

/* Elements so far of the array of events or markers, and their types. */
typedef struct AtlArrival
{
	uint32_t	count;
	AtlBuffer	table;			/* uint32_t: hash table of type number + 1 */
	AtlBuffer	refused;		/* AtlDraftItem: items that have a problem, in
								 * order of number, when problems are gathered */
} AtlArrival;

/* Members of the feature in hand that are used when its object ends. */
typedef struct AtlGiven
{
	double		hop;
	double		frame_rate;
	double		range[2];
	uint32_t	range_count;	/* elements of "range" */
} AtlGiven;

/*
 * The numbers of "values" gathered so far.  Null frames are in nulls, not in
 * numbers, until a frame that is a number shows that frames are numbers.
 */
typedef struct AtlValues
{
	AtlBuffer	numbers;		/* f32 as long as all are exactly f32 */
	AtlBuffer	nulls;			/* AtlNulls */
	bool		wide;			/* numbers are f64 */
	bool		nested;			/* a frame has been an array */
	bool		flat;			/* a frame has been a number */
	uint32_t	frames;
	uint32_t	dims;			/* length of the first array, once closed */
	uint32_t	in_frame;		/* numbers in the open array */
} AtlValues;

/* The encoded numbers of the feature in hand, then the missing bitmap. */
typedef struct AtlEncoded
{
	AtlBuffer	bytes;
	uint32_t	size;			/* of the numbers, in bytes */
	uint32_t	bitmap;			/* offset of the bitmap in bytes */
	uint32_t	bitmap_size;	/* 0: no number is missing */
} AtlEncoded;

/* Keys given more than once at a place: the first, and how many. */
typedef struct AtlRepeated
{
	uint32_t	count;
	bool		inside;			/* the path is of the object that has the key */
	char		path[ATL_PATH_SIZE];
} AtlRepeated;

struct AtlBuilder
{
	const AtlHost *host;
	AtlSink		sink;
	bool		collect;
	const AtlEncodingRule *rule;	/* or NULL */
	AtlBuffer	problems;		/* AtlDraftProblem */
	AtlBuffer	problem_text;
	size_t		num_problems;	/* kept, and counted only */
	char		hint[ATL_HINT_SIZE];	/* of the problem that comes next */
	AtlDraft	draft;

	AtlState	state;
	AtlMember	member;			/* named by the last key */
	uint32_t	skip;			/* open containers of a skipped value */
	const char *object_wanted;	/* of a skipped object whose report waits for
								 * its first key: what it must be; or NULL */
	char		object_path[ATL_PATH_SIZE];
	AtlFragment *capture;		/* takes the tokens of an unknown value */
	uint32_t	capture_depth;
	uint32_t	max_depth;		/* of all values captured */

	uint32_t	seen;			/* members of the current object */
	uint32_t	nulls;			/* members given as null */
	size_t		object_problems;	/* num_problems when it began */
	uint32_t	top_seen;
	uint32_t	top_nulls;

	AtlArrival	arrivals[2];	/* of the tracks */
	AtlDraftItem item;			/* in hand */
	AtlBuffer	refused_features;	/* AtlDraftFeature: as in an arrival */
	AtlDraftFeature feature;	/* in hand, with the next four fields */
	AtlGiven	given;
	AtlValues	values;
	AtlBuffer	base64;			/* text */
	AtlEncoded	encoded;

	AtlBuffer	unused;			/* members not used, of unused.c */
	AtlRepeated repeated[ATL_AT_END];	/* by state */

	AtlFragment top_attributes;
	AtlFragment object_attributes;	/* of the item or feature in hand */
	AtlFragment value;			/* data, value, metadata */
};

/* The text at a span of the draft. */
static inline AtlText
atl_kept_text(const AtlBuilder *builder, AtlSpan span)
{
	return atl_draft_text(&builder->draft, span);
}

/* shape.c: push a token that is not inside a captured or skipped value */
extern AtlStatus atl_shape_push(AtlBuilder *builder, AtlToken token);

/* value.c */
extern bool atl_token_opens(AtlTokenKind kind); /* an object or array */
extern AtlStatus atl_build_skip(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_build_push_skipped(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_build_keep(AtlBuilder *builder, AtlText text, AtlSpan *span);
extern AtlStatus atl_build_number(AtlBuilder *builder, AtlToken token, double *value);
extern AtlStatus atl_build_check_finite(AtlBuilder *builder, const char *member, double number);
extern void atl_build_begin_object(AtlBuilder *builder);

/* Values kept as JSON: tokens go to the fragment until the value ends. */
extern AtlStatus atl_build_capture(AtlBuilder *builder, AtlFragment *fragment, AtlToken token);
extern AtlStatus atl_build_capture_value(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_build_push_captured(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_build_keep_json(AtlBuilder *builder, AtlFragment *fragment, AtlSpan *span);

/*
 * kind.c: report a value of another kind than it must be, and skip it.  Set
 * the hint of the problem before.
 */
extern AtlStatus atl_kind_problem(AtlBuilder *builder, const char *path, const char *wanted, AtlToken token);
extern AtlStatus atl_kind_problem_of_object(AtlBuilder *builder, AtlToken first);
extern void atl_kind_hint(AtlBuilder *builder, const AtlKnown *known, AtlToken token);
extern void atl_kind_hint_in_values(AtlBuilder *builder, AtlToken token);
extern void atl_kind_hint_of_object(AtlBuilder *builder, AtlToken token, const char *meaning);
extern void atl_kind_hint_of_document(AtlBuilder *builder, AtlToken token);

/*
 * unused.c: members that are not used though they most likely mean one that
 * is.  The hints, of the problem that comes next, are about the current object:
 * that it has such a member for one that is missing, or is wrapped in another
 * object; false: it is not so.  With collect, note the unused members of the
 * current object, and warn of them when the document has ended.
 */
extern bool atl_unused_hint(AtlBuilder *builder, AtlMember missing);
extern bool atl_wrapper_hint(AtlBuilder *builder);
extern AtlStatus atl_unused_note(AtlBuilder *builder);
extern AtlStatus atl_unused_warn(AtlBuilder *builder);

/*
 * repeated.c: with collect, note keys that are given more than once: a known
 * member of the current object, before it is seen; in a value kept as JSON; the
 * names of features, before they are sorted.  Then warn.
 */
extern void atl_repeated_member(AtlBuilder *builder, const AtlKnown *known);
extern void atl_repeated_in_fragment(AtlBuilder *builder, const AtlFragment *fragment);
extern AtlStatus atl_repeated_features(AtlBuilder *builder);
extern AtlStatus atl_repeated_warn(AtlBuilder *builder);

/* plausible.c: warnings about numbers that are allowed, and most likely wrong */
extern bool atl_plausible_transposed(const AtlBuilder *builder, const AtlDraftFeature *feature);
extern AtlStatus atl_plausible_warn_feature(AtlBuilder *builder, const AtlDraftFeature *feature);
extern AtlStatus atl_plausible_warn(AtlBuilder *builder);

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

/* values.c: the numbers of "values" of the feature in hand */
extern void atl_values_begin(AtlBuilder *builder);
extern AtlStatus atl_values_push(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_values_frame_push(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_values_numbers_push(AtlBuilder *builder, const double *numbers, uint32_t n);
extern AtlStatus atl_values_settle(AtlBuilder *builder);	/* check frames against
															 * dims */
extern AtlNumbers atl_values_numbers(const AtlValues *values);

/*
 * numbers.c: encode the gathered values or decode the base64; compute the
 * statistics of the encoded numbers; encode numbers in the encoding and range
 * of the feature, and add the greatest error of this encoding to maxError.
 */
extern AtlStatus atl_numbers_store(AtlBuilder *builder);
extern AtlStatus atl_numbers_measure(AtlBuilder *builder);
extern AtlStatus atl_numbers_encode(AtlBuilder *builder, AtlNumbers numbers);
extern AtlNumbers atl_numbers_encoded(const AtlBuilder *builder);

/*
 * bounds.c: the rules that forgive rounding.  A time may lie outside of the
 * timeline, and an event may end before it starts, by one sample; so its times
 * are checked when the document has ended, and its duration and sample rate
 * are known.  A confidence may lie outside [0, 1] by ATL_CONFIDENCE_ROUNDING.
 */
#define ATL_CONFIDENCE_ROUNDING	1e-6

extern bool atl_sample_rate_is_valid(double rate);
extern AtlStatus atl_bounds_check(AtlBuilder *builder);
extern AtlStatus atl_bounds_check_confidence(AtlBuilder *builder, double confidence);

/* rule.c: encode the feature in hand again if the rule changes its encoding */
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

/* Add a member to the feature in hand, even if it was given as null. */
static inline void
atl_feature_add_member(AtlBuilder *builder, AtlMember member, uint32_t flag)
{
	builder->feature.entry.flags |= flag;
	builder->nulls &= ~ATL_BIT(member);
}

#endif							/* ATL_DOCUMENT_BUILDER_H */
