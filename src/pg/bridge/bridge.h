/*
 * bridge.h
 *		Between the server and the core: memory, errors, JSON, arrays.
 */
#ifndef PG_BRIDGE_BRIDGE_H
#define PG_BRIDGE_BRIDGE_H

#include "fmgr.h"
#include "nodes/nodes.h"
#include "utils/array.h"
#include "utils/jsonb.h"

#include "core/atl.h"
#include "pg/bridge/compat.h"

/*
 * host.c: the server as the core's host.  Memory comes from the context that
 * is current when the host is made.  timeline_alloc_array may give more
 * than 1 GB, and checks that n * size does not overflow a Size of 32 bits.
 */
extern AtlHost timeline_host(void);
extern void *timeline_alloc_array(Size n, Size size);
extern void timeline_copy_long(void *to, const void *from, Size size);
extern AtlText timeline_text(text *value);
extern text *timeline_text_to_sql(AtlText value);
extern Datum timeline_number_to_sql(double number, bool *null); /* NaN is NULL */

/* memcpy that checks for interrupts during a long copy. */
static inline void
timeline_copy(void *to, const void *from, Size size)
{
	if (size <= ATL_STRETCH)
		memcpy(to, from, size);
	else
		timeline_copy_long(to, from, size);
}

/*
 * How a document is refused, where that is not simply an error: softly if
 * escontext allows, or quietly, for a row that stands beside good ones.
 */
typedef struct TimelineRefusal
{
	Node	   *escontext;
	bool		quietly;
	char	   *explanation;	/* quietly: what is wrong, and what to do, in
								 * one line; NULL if nothing is */
} TimelineRefusal;

/*
 * error.c: the one bridge from statuses to errors.  Only a document is refused
 * as refusal says (NULL: by an error); all other errors are hard errors.
 */
extern void timeline_report_problem(const AtlProblem *problem, TimelineRefusal *refusal);
extern void timeline_report_not_json(JsonParseErrorType result, JsonLexContext *lex, const char *hint,
									 TimelineRefusal *refusal);
extern void timeline_check(AtlStatus status);	/* status of reading a stored
												 * value */
extern void timeline_require_utf8(void);

/* array.c: numbers and texts as SQL arrays. */
extern void timeline_check_array(uint32_t n);
extern ArrayType *timeline_number_array(const double *numbers, uint32_t n);
extern AtlText *timeline_text_list(ArrayType *array, int *n);
extern ArrayType *timeline_text_array(const AtlText *texts, uint32_t n);

/*
 * names.c: the names of an argument that is not NULL, and is text[] in one
 * function and text in its overload; without null elements.  A text that
 * begins with a brace is an array literal, any other is one name.  A malformed
 * literal is an error, or NULL from timeline_try_names.
 */
extern AtlText *timeline_name_list(FunctionCallInfo fcinfo, int arg, int *n);
extern AtlText *timeline_try_names(FunctionCallInfo fcinfo, int arg, int *n);

/* jsonb.c: canonical JSON text of an image, a whole image, and a part of it, to jsonb. */
extern Jsonb *timeline_json_to_sql(AtlText json);
extern Jsonb *timeline_to_jsonb(const AtlView *view);
extern Jsonb *timeline_extract_to_jsonb(const AtlView *view, const AtlExtract *extract);

/* The same from tokens: a sink, and the jsonb of what was pushed into it. */
typedef struct TimelineMaker TimelineMaker;

extern TimelineMaker *timeline_make_jsonb(void);
extern const AtlSink *timeline_maker_sink(const TimelineMaker *maker);
extern Jsonb *timeline_made_jsonb(TimelineMaker *maker);

/*
 * build.c: documents to values, by an encoding rule (NULL: no rule); returns
 * NULL if the document is refused without an error.  timeline_rebuild encodes
 * a stored value anew.
 */
extern struct varlena *timeline_from_text(char *json, int length, const AtlEncodingRule *rule, TimelineRefusal *refusal);
extern struct varlena *timeline_from_json(text *json, const AtlEncodingRule *rule, TimelineRefusal *refusal);
extern struct varlena *timeline_from_jsonb(Jsonb *json, const AtlEncodingRule *rule, TimelineRefusal *refusal);
extern struct varlena *timeline_rebuild(const AtlView *view, const AtlEncodingRule *rule);
extern AtlStatus timeline_push_jsonb(const AtlSink *sink, Jsonb *json);

/* Fill a builder and finish; false: it has problems. */
extern bool timeline_build_from_jsonb(AtlBuilder *builder, Jsonb *json, uint32_t *size);
extern bool timeline_build_from_text(AtlBuilder *builder, AtlText json, uint32_t *size);

#endif							/* PG_BRIDGE_BRIDGE_H */
