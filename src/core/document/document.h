/*
 * document.h
 *		The builder: JSON tokens in, image out.
 *
 * Every way to read a document uses this builder: the rules are in one place.
 * Push the tokens of one JSON value (core/json/token.h).  ATL_DOUBLE may stand
 * only where the type understands numbers.  If a member is given twice, the
 * last value counts, as in jsonb, but both values must be valid.
 */
#ifndef ATL_DOCUMENT_DOCUMENT_H
#define ATL_DOCUMENT_DOCUMENT_H

#include "core/format.h"
#include "core/json/read.h"
#include "core/json/token.h"

/* Kinds of problem of a document. */
typedef enum AtlProblemCode
{
	ATL_PROBLEM_NONE = 0,
	/* errors: the document is refused */
	ATL_PROBLEM_KIND,			/* wrong JSON kind */
	ATL_PROBLEM_MISSING,		/* a required member is missing */
	ATL_PROBLEM_NOT_FINITE,
	ATL_PROBLEM_NEGATIVE_TIME,
	ATL_PROBLEM_PAST_DURATION,
	ATL_PROBLEM_CONFIDENCE,
	ATL_PROBLEM_EMPTY_TYPE,
	ATL_PROBLEM_SAMPLE_RATE,
	ATL_PROBLEM_START_TIME,		/* of the document */
	ATL_PROBLEM_HOP,
	ATL_PROBLEM_FRAME_RATE,
	ATL_PROBLEM_CLOCK,			/* not one of hop, frameRate and times */
	ATL_PROBLEM_TIMES,			/* falling, or not one for each frame */
	ATL_PROBLEM_DIMS,
	ATL_PROBLEM_VALUES,			/* not exactly one of values and base64 */
	ATL_PROBLEM_RAGGED,
	ATL_PROBLEM_ENCODING,
	ATL_PROBLEM_RANGE,
	ATL_PROBLEM_NOT_ENCODABLE,	/* a number that encoding cannot hold */
	ATL_PROBLEM_BASE64,
	ATL_PROBLEM_MAX_ERROR,
	ATL_PROBLEM_NUMBER,			/* a number past the limits of numeric */
	ATL_PROBLEM_TOO_LARGE,
	ATL_PROBLEM_NOT_JSON,		/* the text is not JSON */
	ATL_PROBLEM_NUL,			/* the text has the character U+0000 */
	/* warnings: reported; the document is accepted */
	ATL_WARN_MARKER_TYPE,
	ATL_WARN_CONSTANT,
	ATL_WARN_ZERO,
	ATL_WARN_MISSING,
	ATL_WARN_LENGTH,
	ATL_WARN_UNIT,
	ATL_WARN_RANGE,
	ATL_WARN_DUPLICATE,
	ATL_WARN_UNUSED,			/* a member that most likely means another */
	ATL_WARN_REPEATED,			/* a key is given more than once */
	ATL_WARN_SAMPLE_RATE,		/* it looks like kHz */
	ATL_WARN_MILLISECONDS,		/* the duration looks like milliseconds */
	ATL_WARN_LONG_EVENT,		/* longer than the document */
	ATL_WARN_TRANSPOSED,		/* dims and frames look exchanged */
	ATL_WARN_LATE_START,		/* a feature starts past the end */
	ATL_WARN_FRAME_RATE,		/* it looks like a hop */
	ATL_WARN_PEAKS,				/* of kind peaks, but not in pairs */
	ATL_WARN_MORE,				/* more problems than are kept */
	ATL_PROBLEM_CODES
} AtlProblemCode;

/* The first warning: this code and all after it do not refuse a document. */
#define ATL_FIRST_WARNING	ATL_WARN_MARKER_TYPE

/*
 * What can be done about an error: the gentlest first.  An error that several
 * repairs can treat is treated by the first of those that the caller names.
 */
typedef enum AtlRepair
{
	ATL_REPAIR_UNWRAP,			/* a value is taken out of what wraps it */
	ATL_REPAIR_SORT,			/* frames are put in the order of their times */
	ATL_REPAIR_SCALE,			/* milliseconds to seconds, percent to 1 */
	ATL_REPAIR_CLAMP,			/* a number goes to the bound that it passed */
	ATL_REPAIR_NULLIFY,			/* what cannot be used becomes null */
	ATL_REPAIR_DROP,			/* what cannot be used goes */
	ATL_REPAIRS
} AtlRepair;

#define ATL_REPAIR_BIT(repair)	(UINT32_C(1) << (repair))

#define ATL_PATH_SIZE		256
#define ATL_MESSAGE_SIZE	512
#define ATL_HINT_SIZE		256

typedef struct AtlProblem
{
	AtlProblemCode code;
	AtlRepair	repair;			/* the gentlest for it; ATL_REPAIRS: none */
	char		path[ATL_PATH_SIZE];	/* "events[12].timestamp" */
	char		message[ATL_MESSAGE_SIZE];	/* one sentence that begins with
											 * the path */
	char		hint[ATL_HINT_SIZE];	/* what to do about this very problem;
										 * "": nothing is known */
} AtlProblem;

/* The code as a word: "past_duration". */
extern const char *atl_problem_name(AtlProblemCode code);

/* Set code and path "" of a problem of a whole timeline, and its usual hint. */
extern void atl_problem_of_whole(AtlProblem *problem, AtlProblemCode code);

/* A repair as a word ("clamp"), and the repair of a name (false: none). */
extern const char *atl_repair_name(AtlRepair repair);
extern bool atl_repair_by_name(AtlText name, AtlRepair *repair);

typedef struct AtlBuilder AtlBuilder;

/*
 * Start a builder, or return NULL when out of memory.  With collect, all
 * problems are gathered instead of stopping at the first problem; the image
 * can be written only if all of them are warnings.
 */
extern AtlBuilder *atl_build_begin(const AtlHost *host, bool collect);

/*
 * An encoding for features, chosen outside of the document.  The rule only
 * makes features narrower: a feature that is as narrow already, or not named
 * by the rule, is not changed.  A feature that gets an integer encoding gets
 * the range of its own numbers.  encoding 0 undoes integer encodings: they
 * become f32, or f64 if f32 does not hold the decoded numbers exactly.
 */
typedef struct AtlEncodingRule
{
	AtlEncoding encoding;
	const AtlText *features;	/* sorted names; NULL: all features */
	uint32_t	num_features;
} AtlEncodingRule;

/* Whether a rule changes the feature of this name and encoding. */
extern bool atl_rule_changes(const AtlEncodingRule *rule, AtlText name, AtlEncoding encoding);

/* Set the rule, before the first token; the rule must outlive the builder. */
extern void atl_build_set_rule(AtlBuilder *builder, const AtlEncodingRule *rule);

/*
 * With collect, before the first token: keep all problems, for a repairer
 * (repair.h), but no messages.
 */
extern void atl_build_keep_all(AtlBuilder *builder);

/* The sink that takes the tokens of the document. */
extern const AtlSink *atl_build_sink(const AtlBuilder *builder);

/*
 * In place of the rest of the tokens: report that the text, whose tokens came
 * so far, stops being JSON.
 */
extern AtlStatus atl_build_not_json(AtlBuilder *builder, AtlText json, AtlJsonStop stop);

/*
 * After the last token: check the document as a whole, sort, and set *size to
 * the size of the image in bytes.  Then write the image, exactly *size bytes.
 */
extern AtlStatus atl_build_finish(AtlBuilder *builder, uint32_t *size);
extern void atl_build_write(const AtlBuilder *builder, uint8_t *image);

/* The greatest nesting depth of the values kept as JSON. */
extern uint32_t atl_build_depth(const AtlBuilder *builder);

/* With collect: add the warnings (after finish), and read the problems. */
extern AtlStatus atl_build_lint(AtlBuilder *builder);
extern size_t atl_build_num_problems(const AtlBuilder *builder);
extern size_t atl_build_num_errors(const AtlBuilder *builder);
extern void atl_build_problem(const AtlBuilder *builder, size_t i, AtlProblem *problem);

extern void atl_build_free(AtlBuilder *builder);

#endif							/* ATL_DOCUMENT_DOCUMENT_H */
