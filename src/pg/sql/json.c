/*
 * json.c
 *		The operators that jsonb has for reading, on a timeline.
 *
 * Each gives what the same operator gives on the timeline as jsonb.  Those that
 * name a member, or a feature, convert only that; a jsonpath may go anywhere,
 * so it gets the whole.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "pg/sql/sql.h"

PG_FUNCTION_INFO_V1(audio_timeline_object_field);
PG_FUNCTION_INFO_V1(audio_timeline_object_field_text);
PG_FUNCTION_INFO_V1(audio_timeline_extract_path);
PG_FUNCTION_INFO_V1(audio_timeline_extract_path_text);
PG_FUNCTION_INFO_V1(audio_timeline_exists);
PG_FUNCTION_INFO_V1(audio_timeline_path_exists);
PG_FUNCTION_INFO_V1(audio_timeline_path_match);

static bool
is_word(AtlText text, const char *word)
{
	return text.size == strlen(word) && memcmp(text.text, word, text.size) == 0;
}

/* How much to read at first, for a member that will be converted. */
static uint32_t
head_for(AtlText key)
{
	if (is_word(key, "duration") || is_word(key, "sampleRate") || is_word(key, "startTime"))
		return TIMELINE_HEADER;
	return is_word(key, "features") ? TIMELINE_WHOLE : TIMELINE_HEAD;
}

/*
 * The value at a path of n keys, n not 0, as far as the path goes through the
 * timeline's own parts: NULL, or *used keys have led to it.
 */
static Jsonb *
extract_member(FunctionCallInfo fcinfo, const AtlText *path, int n, int *used)
{
	AtlHost		host = timeline_host();
	bool		in_feature = n > 1 && is_word(path[0], "features");
	TimelineSource source;
	AtlView		view;
	AtlExtract	extract;
	Jsonb	   *value = NULL;

	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), in_feature ? TIMELINE_HEAD : head_for(path[0]),
				  &source, &view);
	*used = in_feature && (view.present & ATL_HAS_FEATURES) != 0 ? 2 : 1;
	if (*used == 2)
		timeline_check(atl_extract_find_feature(&view, path[1], &extract));
	else
		timeline_check(atl_extract_find(&view, &host, path[0], &extract));
	if (extract.kind != ATL_EXTRACT_NONE)
		value = timeline_extract_to_jsonb(&view, &extract);
	timeline_close(&source);
	return value;
}

static Jsonb *
whole(Datum timeline)
{
	return DatumGetJsonbP(DirectFunctionCall1(audio_timeline_to_jsonb, timeline));
}

/* Call one of jsonb's functions, which may return NULL. */
static Datum
call(FunctionCallInfo fcinfo, PGFunction function, Jsonb *value, Datum argument)
{
	LOCAL_FCINFO(inner, 2);
	Datum		result;

	InitFunctionCallInfoData(*inner, NULL, 2, fcinfo->fncollation, NULL, NULL);
	inner->args[0].value = JsonbPGetDatum(value);
	inner->args[0].isnull = false;
	inner->args[1].value = argument;
	inner->args[1].isnull = false;
	result = function(inner);
	fcinfo->isnull = inner->isnull;
	return result;
}

/* The value at the path of argument 1, by one of jsonb's functions for the rest of it. */
static Datum
extract_path(FunctionCallInfo fcinfo, PGFunction function)
{
	ArrayType  *path = PG_GETARG_ARRAYTYPE_P(1);
	int			n;
	AtlText    *keys;
	Jsonb	   *value;
	int			used = 0;

	if (array_contains_nulls(path))
		PG_RETURN_NULL();
	keys = timeline_text_list(path, &n);
	value = n == 0 ? whole(PG_GETARG_DATUM(0)) : extract_member(fcinfo, keys, n, &used);
	if (value == NULL)
		PG_RETURN_NULL();
	return call(fcinfo, function, value, PointerGetDatum(timeline_text_array(keys + used, n - used)));
}

static Datum
object_field(FunctionCallInfo fcinfo, PGFunction function)
{
	AtlText		key = timeline_text(PG_GETARG_TEXT_PP(1));
	int			used;
	Jsonb	   *value = extract_member(fcinfo, &key, 1, &used);

	if (value == NULL)
		PG_RETURN_NULL();
	return call(fcinfo, function, value, PointerGetDatum(timeline_text_array(NULL, 0)));
}

Datum
audio_timeline_object_field(PG_FUNCTION_ARGS)
{
	return object_field(fcinfo, jsonb_extract_path);
}

Datum
audio_timeline_object_field_text(PG_FUNCTION_ARGS)
{
	return object_field(fcinfo, jsonb_extract_path_text);
}

Datum
audio_timeline_extract_path(PG_FUNCTION_ARGS)
{
	return extract_path(fcinfo, jsonb_extract_path);
}

Datum
audio_timeline_extract_path_text(PG_FUNCTION_ARGS)
{
	return extract_path(fcinfo, jsonb_extract_path_text);
}

/* Whether there is a member of this name; it is not converted. */
Datum
audio_timeline_exists(PG_FUNCTION_ARGS)
{
	AtlHost		host = timeline_host();
	TimelineSource source;
	AtlView		view;
	AtlExtract	extract;

	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEADER, &source, &view);
	timeline_check(atl_extract_find(&view, &host, timeline_text(PG_GETARG_TEXT_PP(1)), &extract));
	timeline_close(&source);
	PG_RETURN_BOOL(extract.kind != ATL_EXTRACT_NONE);
}

Datum
audio_timeline_path_exists(PG_FUNCTION_ARGS)
{
	return call(fcinfo, jsonb_path_exists_opr, whole(PG_GETARG_DATUM(0)), PG_GETARG_DATUM(1));
}

Datum
audio_timeline_path_match(PG_FUNCTION_ARGS)
{
	return call(fcinfo, jsonb_path_match_opr, whole(PG_GETARG_DATUM(0)), PG_GETARG_DATUM(1));
}
