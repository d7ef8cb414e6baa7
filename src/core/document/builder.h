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
 *	times.c			gathers the numbers of "times"
 *	numbers.c		a feature's numbers in its encoding
 *	rule.c			applies an encoding rule
 *	bounds.c		times against the bounds of the timeline; confidences
 *	finish.c		checks of the whole document; size and image
 *	lint.c			warnings
 *	unwrap.c		JSON text in a string
 *	problem.c		paths and messages of problems
 *	remedy.c		what can be done about a problem, and where
 *	repair.c ...	the repairer: see repairer.h
 *	codes.c			name and usual hint of each problem code; names of repairs
 */
#ifndef ATL_DOCUMENT_BUILDER_H
#define ATL_DOCUMENT_BUILDER_H

#include "core/document/document.h"
#include "core/document/known.h"
#include "core/document/problem.h"
#include "core/json/fragment.h"
#include "core/writer/draft.h"

/*
 * Where the token in hand is, for remedies.  Tokens count from 0; those of
 * numbers that are pushed at once count as one each.
 */
typedef struct AtlWhere
{
	const AtlToken *token;		/* in hand; NULL: none */
	uint32_t	now;			/* its number */
	uint32_t	next;
	uint32_t	object;			/* first token of the item or feature in hand */
	uint32_t	frame;			/* of the last frame that is an array */
	uint32_t	skipped;		/* of the skipped object whose report waits */
	uint32_t	members[ATL_M_COUNT];	/* of each member, where last given */
	uint8_t		kinds;			/* that the member in hand may have */
	bool		required;		/* the member in hand is */
	AtlTrack	track;			/* of the item that is checked at the end */
	AtlMember	member;			/* of it or of a feature, that is checked */
} AtlWhere;

/* Where an item is, whose times are checked when the document ends: tokens. */
typedef struct AtlItemPlace
{
	uint32_t	object;
	uint32_t	timestamp;
	uint32_t	duration;
} AtlItemPlace;

/* What speaks for another unit of the numbers of a track. */
typedef struct AtlEvidence
{
	uint32_t	count;
	uint32_t	over;			/* count of numbers over the bound */
	double		greatest;
} AtlEvidence;

/* The value that is skipped, if what is in it decides on a remedy. */
typedef struct AtlWatch
{
	size_t		problem;		/* index of its problem + 1; 0: none */
	uint32_t	count;			/* members or elements so far */
} AtlWatch;

/* Elements so far of the array of events or markers, and their types. */
typedef struct AtlArrival
{
	uint32_t	count;
	AtlBuffer	table;			/* uint32_t: hash table of type number + 1 */
	AtlBuffer	refused;		/* AtlDraftItem: items that have a problem, in
								 * order of number, when problems are gathered */
	AtlBuffer	places;			/* AtlItemPlace: by number, with collect */
	AtlEvidence times;
	AtlEvidence confidences;
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
	bool		keep_all;		/* problems, without messages */
	const AtlEncodingRule *rule;	/* or NULL */
	AtlBuffer	problems;		/* AtlDraftProblem */
	AtlBuffer	problem_text;
	size_t		num_problems;	/* kept, and counted only */
	size_t		num_errors;		/* among them */
	AtlWhere	where;
	AtlWatch	watch;
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
	AtlDraftFeature feature;	/* in hand, with the next five fields */
	AtlGiven	given;
	AtlValues	values;
	AtlBuffer	times;			/* f64 */
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

/*
 * The double nearest to a decimal: infinity when out of range of double,
 * ATL_INVALID when longer than ATL_MAX_NUMBER.
 */
extern AtlStatus atl_read_number(AtlText number, double *value);

extern AtlStatus atl_build_check_finite(AtlBuilder *builder, const char *member, double number);
extern void atl_build_begin_object(AtlBuilder *builder);

/* Values kept as JSON: tokens go to the fragment until the value ends. */
extern AtlStatus atl_build_capture(AtlBuilder *builder, AtlFragment *fragment, AtlToken token);
extern AtlStatus atl_build_capture_value(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_build_push_captured(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_build_keep_json(AtlBuilder *builder, AtlFragment *fragment, AtlSpan *span);

/*
 * unwrap.c: the JSON value in a string, or in a string in the string.
 * ATL_INVALID if there is none of these kinds.  Free it in any case.
 */
typedef struct AtlUnwrapped
{
	AtlTokenKind kind;
	AtlText		text;			/* the number, or the JSON text of the value */
	AtlBuffer	inner;
	AtlBuffer	outer;
} AtlUnwrapped;

extern AtlStatus atl_unwrap_string(AtlUnwrapped *value, const AtlHost *host, AtlText string, uint8_t kinds);
extern void atl_unwrapped_free(AtlUnwrapped *value);

static inline AtlText
atl_buffer_text(const AtlBuffer *buffer)
{
	AtlText		text = {(const char *) atl_buffer_at(buffer, 0), (uint32_t) buffer->size};

	return text;
}

/*
 * kind.c: report a value of another kind than it must be, and skip it.  Set
 * the hint of the problem before.
 */
extern AtlStatus atl_kind_problem(AtlBuilder *builder, const char *path, const char *wanted, AtlToken token);
extern AtlStatus atl_kind_problem_of_object(AtlBuilder *builder, AtlToken first);
extern void atl_kind_hint(AtlBuilder *builder, const AtlKnown *known, AtlToken token);
extern void atl_kind_hint_in_values(AtlBuilder *builder, AtlToken token);
extern void atl_kind_hint_in_times(AtlBuilder *builder, AtlToken token);
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

/* Where a feature ends, in seconds; one with times, where its last frame begins. */
extern double atl_plausible_end(const AtlBuilder *builder, const AtlDraftFeature *feature);

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

/* times.c: "times" of the feature in hand: gather, and add as its series */
extern AtlStatus atl_times_push(AtlBuilder *builder, AtlToken token);
extern AtlStatus atl_times_numbers_push(AtlBuilder *builder, const double *numbers, uint32_t n);
extern AtlStatus atl_times_store(AtlBuilder *builder);

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

/* Whether a time is so far past the duration that it has another unit. */
extern bool atl_bounds_is_far(double latest, double duration);
extern AtlStatus atl_bounds_check(AtlBuilder *builder);
extern double atl_bounds_start(const AtlBuilder *builder);	/* of the timeline */
extern AtlStatus atl_bounds_check_confidence(AtlBuilder *builder, double confidence);

/* rule.c: encode the feature in hand again if the rule changes its encoding */
extern AtlStatus atl_feature_follow_rule(AtlBuilder *builder, bool *changed);

/*
 * remedy.c: with collect, find what can be done about a problem that is being
 * reported.  Some remedies are known only later: when a value that was skipped
 * is over, when a feature ends, when all confidences of a track are known.
 * Times are checked when the document has ended: place_item keeps where the
 * item in hand is, at_item and at_feature find it again.
 */
extern AtlStatus atl_remedy_find(AtlBuilder *builder, AtlProblemCode code, AtlRemedy *remedy);
extern void atl_remedy_watch(AtlBuilder *builder, const AtlToken *token);
extern void atl_remedy_settle_feature(AtlBuilder *builder);
extern void atl_remedy_count_confidence(AtlBuilder *builder, double confidence);
extern AtlStatus atl_remedy_place_item(AtlBuilder *builder, AtlTrack track);
extern void atl_remedy_at_item(AtlBuilder *builder, AtlTrack track, uint32_t number, AtlMember member);
extern void atl_remedy_at_feature(AtlBuilder *builder, const AtlDraftFeature *feature);
extern uint32_t atl_remedy_repairs(const AtlBuilder *builder, const AtlDraftProblem *problem);
extern AtlRepair atl_remedy_gentlest(uint32_t repairs);

/* The unknown members of the current object. */
static inline AtlFragment *
atl_build_attributes(AtlBuilder *builder)
{
	return builder->state == ATL_AT_TOP ? &builder->top_attributes : &builder->object_attributes;
}

/* How many times of the feature in hand have come. */
static inline uint32_t
atl_times_num(const AtlBuilder *builder)
{
	return (uint32_t) (builder->times.size / sizeof(double));
}

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
