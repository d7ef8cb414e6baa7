/*
 * sql.h
 *		What the SQL functions share.
 */
#ifndef PG_SQL_SQL_H
#define PG_SQL_SQL_H

#include "funcapi.h"

#include "pg/bridge/bridge.h"
#include "pg/value/source.h"

/*
 * encode.c: the encodings that a user can choose, by name and by number; and
 * timeline_follow_rule, which returns a datum that obeys the rule as it is.
 */
#define TIMELINE_CHOICES	"lossless, f32, u16, u8, i16 and i8"
#define TIMELINE_LOSSLESS	((AtlEncoding) 0)

extern const char *timeline_choice_name(AtlEncoding encoding);
extern bool timeline_find_choice(const char *name, AtlEncoding *encoding);
extern bool timeline_is_choice(int32 typmod);
extern Datum timeline_follow_rule(Datum datum, const AtlEncodingRule *rule);

/* typmod.c: a type modifier's rule (false: none), and a value by that rule. */
extern bool timeline_modifier_rule(int32 typmod, AtlEncodingRule *rule);
extern Datum timeline_modify(Datum datum, int32 typmod);

/*
 * feature_find.c: a feature by name.  One that does not exist is an error,
 * which names those that do, or false if missing_ok.  timeline_open_feature
 * opens argument 0 and finds the feature that argument 1 names; missing_ok is
 * the number of that argument, and a value without the feature is closed.
 */
extern bool timeline_find_feature(const AtlView *view, AtlText name, bool missing_ok, AtlFeature *feature);
extern bool timeline_open_feature(FunctionCallInfo fcinfo, int missing_ok, TimelineSource *source, AtlView *view,
								  AtlFeature *feature);

/*
 * types.c: those of the names that the track has as types, in ascending order
 * and each once.
 */
extern uint32_t *timeline_find_types(const AtlView *view, AtlTrack track, const AtlText *names, int n, uint32_t *num);

/*
 * features.c: times of frames, and arguments that several lookups take.  An
 * invalid window is an error; timeline_dim counts from 0, and its argument may
 * be NULL if the feature has one dim.  A frame that is not there has no time
 * (NaN) in a feature with times.
 */
extern double timeline_frame_time(const AtlView *view, const AtlFeature *feature, uint32_t frame);
extern uint32_t timeline_first_frame(const AtlView *view, const AtlFeature *feature, double t);
extern void timeline_check_window(double start_time, double end_time);
extern AtlInterpolation timeline_interpolation(text *name);
extern uint32_t timeline_dim(FunctionCallInfo fcinfo, int arg, const AtlFeature *feature);

/*
 * batch.c: a batch of frames has a source of its own, unless the value is in
 * memory as a whole; what is allocated until its end is freed then.  A batch
 * that begins at frame first ends before frame timeline_batch_limit.
 */
typedef struct TimelineBatch
{
	TimelineSource source;
	AtlView		view;
	MemoryContext context;
	MemoryContext outer;
} TimelineBatch;

extern uint32_t timeline_batch_limit(const AtlFeature *feature, uint32_t dims, uint32_t first);
extern void timeline_batch_begin(TimelineBatch *batch, Datum datum, const TimelineSource *source, const AtlView *view);
extern void timeline_batch_end(TimelineBatch *batch);

/* io.c: the casts, called by the cache too. */
extern Datum audio_timeline_to_json(PG_FUNCTION_ARGS);
extern Datum audio_timeline_to_jsonb(PG_FUNCTION_ARGS);

#endif							/* PG_SQL_SQL_H */
