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
 * types.c: those of the names that the track has as types, in ascending order
 * and each once.
 */
extern uint32_t *timeline_find_types(const AtlView *view, AtlTrack track, const AtlText *names, int n, uint32_t *num);

/*
 * features.c: arguments that several lookups take.  An invalid window and a
 * missing required feature are errors; timeline_dim counts from 0, and its
 * argument may be NULL if the feature has one dim.
 */
extern void timeline_check_window(double start_time, double end_time);
extern void timeline_require_feature(const AtlView *view, AtlText name, AtlFeature *feature);
extern AtlInterpolation timeline_interpolation(text *name);
extern uint32_t timeline_dim(FunctionCallInfo fcinfo, int arg, const AtlFeature *feature);

/* io.c: the casts, called by the cache too. */
extern Datum audio_timeline_from_json(PG_FUNCTION_ARGS);
extern Datum audio_timeline_from_jsonb(PG_FUNCTION_ARGS);
extern Datum audio_timeline_to_json(PG_FUNCTION_ARGS);
extern Datum audio_timeline_to_jsonb(PG_FUNCTION_ARGS);

#endif							/* PG_SQL_SQL_H */
