/*
 * audio_timeline.h
 *		What the files of the glue share: between SQL values and the core.
 */
#ifndef AUDIO_TIMELINE_H
#define AUDIO_TIMELINE_H

#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/jsonb.h"

#include "atl.h"
#include "pgcompat.h"

/*
 * timeline_host.c: the server as the core's host.  Memory comes from the
 * context that is current when the host is made.  An array may be larger than
 * 1 GB, and may be asked for that is larger than a size can say on 32 bits.
 */
extern AtlHost timeline_host(void);
extern void *timeline_alloc_array(Size n, Size size);
extern AtlText timeline_text(text *value);
extern text *timeline_text_to_sql(AtlText value);
extern Datum timeline_number_to_sql(double number, bool *null);	/* NaN is NULL */

/* timeline_jsonb.c: canonical text, as an image has it, and all of an image to jsonb. */
extern Jsonb *timeline_json_to_sql(AtlText json);
extern Jsonb *timeline_to_jsonb(const AtlView *view);

/*
 * timeline_error.c: the one bridge from statuses to errors.  A problem is
 * reported softly if the context allows; the rest are hard errors.
 */
extern void timeline_report_problem(const AtlProblem *problem, Node *escontext);
extern void timeline_check(AtlStatus status);	/* of reading a stored value */
extern void timeline_require_utf8(void);

/*
 * timeline_source.c: a value, opened.
 *
 * A value that is stored out of line and not compressed is read in pieces: its
 * head, as many bytes as asked for, and then what the core fetches.  What has
 * been read of it is kept with the call site, so that the next call on the same
 * value does not read it again (timeline_opened.h).  Anything else is
 * detoasted whole.
 *
 * A source is closed before its function returns.  What was fetched stays
 * readable until then; after an error the server cleans up.  A function that
 * opens two timelines reads them after it has opened both.
 */
typedef struct TimelineSource
{
	struct varlena *value;		/* the TOAST pointer, or the plain value */
	const uint8_t *head;		/* the plain value's bytes, else NULL */
	uint32_t	head_size;
	uint32_t	prefetched;		/* bytes, in this call */
	MemoryContext context;		/* of the call */
	struct TimelineOpened *opened;
	struct TimelineToast *toast;	/* its chunks, while they are read */
} TimelineSource;

/*
 * What to read of the head: the first chunk, for accessors that only need the
 * header; for lookups the chunks that hold the small sections of most timelines,
 * of up to 45 features.  Another chunk of the same scan costs a fifth of what a
 * scan for it alone would.
 */
#define TIMELINE_HEADER		(1 * TOAST_CHUNK_SIZE)
#define TIMELINE_HEAD		(4 * TOAST_CHUNK_SIZE)
#define TIMELINE_WHOLE		0

/* call_site is the fcinfo->flinfo of the calling function. */
extern void timeline_open(FmgrInfo *call_site, Datum datum, uint32_t head,
						  TimelineSource *source, AtlView *view);
extern void timeline_close_toast(TimelineSource *source);

static inline void
timeline_close(TimelineSource *source)
{
	if (source->toast != NULL)
		timeline_close_toast(source);
}

/*
 * timeline_build.c: documents to values of a type modifier, -1 for none; NULL
 * after a soft error.  And a stored value made anew by a rule.
 */
extern struct varlena *timeline_from_text(char *json, int length, int32 typmod, Node *escontext);
extern struct varlena *timeline_from_jsonb(Jsonb *json, int32 typmod);
extern struct varlena *timeline_rebuild(const AtlView *view, const AtlEncodingRule *rule);
extern bool timeline_build_from_jsonb(AtlBuilder *builder, Jsonb *json, uint32_t *size);

/*
 * timeline_encode.c: the rule of a type modifier, if it asks for anything; and
 * a value as the modifier wants it, which may be the value itself.
 */
extern bool timeline_modifier_rule(int32 typmod, AtlEncodingRule *rule);
extern Datum timeline_modify(Datum datum, int32 typmod);

/* timeline_array.c: numbers and texts as SQL arrays. */
extern void timeline_check_array(uint32_t n);
extern ArrayType *timeline_number_array(const double *numbers, uint32_t n);
extern AtlText *timeline_text_list(ArrayType *array, int *n);
extern ArrayType *timeline_text_array(Datum *texts, uint32_t n);

/*
 * timeline_features.c: arguments that several lookups take.  A window that is
 * none is refused, and so is a feature that has to be there; dim is counted
 * from 0 here, and may be NULL if there is one.
 */
extern void timeline_check_window(double start_time, double end_time);
extern void timeline_require_feature(const AtlView *view, AtlText name, AtlFeature *feature);
extern AtlInterpolation timeline_interpolation(text *name);
extern uint32_t timeline_dim(FunctionCallInfo fcinfo, int arg, const AtlFeature *feature);

/* The casts, called by the cache too. */
extern Datum audio_timeline_from_json(PG_FUNCTION_ARGS);
extern Datum audio_timeline_from_jsonb(PG_FUNCTION_ARGS);
extern Datum audio_timeline_to_json(PG_FUNCTION_ARGS);
extern Datum audio_timeline_to_jsonb(PG_FUNCTION_ARGS);

#endif							/* AUDIO_TIMELINE_H */
