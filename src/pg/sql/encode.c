/*
 * encode.c
 *		Encodings chosen by the user: encode_features(), and values by a rule.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/base/sort.h"
#include "pg/sql/sql.h"

PG_FUNCTION_INFO_V1(audio_timeline_encode_features);

static const AtlEncoding choices[] = {TIMELINE_LOSSLESS, ATL_F32, ATL_U16, ATL_U8, ATL_I16, ATL_I8};

const char *
timeline_choice_name(AtlEncoding encoding)
{
	return encoding == TIMELINE_LOSSLESS ? "lossless" : atl_encoding_name(encoding);
}

bool
timeline_find_choice(const char *name, AtlEncoding *encoding)
{
	for (int i = 0; i < lengthof(choices); i++)
		if (strcmp(timeline_choice_name(choices[i]), name) == 0)
		{
			*encoding = choices[i];
			return true;
		}
	return false;
}

bool
timeline_is_choice(int32 typmod)
{
	for (int i = 0; i < lengthof(choices); i++)
		if (typmod == (int32) choices[i])
			return true;
	return false;
}

static bool
obeys(const AtlView *view, const AtlEncodingRule *rule)
{
	for (uint32_t i = 0; i < view->num_features; i++)
	{
		AtlFeature	feature;

		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_feature_get(view, i, &feature));
		if (atl_rule_changes(rule, feature.name, feature.encoding))
			return false;
	}
	return true;
}

/* Encode a value by the rule; a value that obeys it already is returned. */
Datum
timeline_follow_rule(Datum datum, const AtlEncodingRule *rule)
{
	TimelineSource source;
	AtlView		view;
	bool		obeyed;

	timeline_open(NULL, datum, TIMELINE_HEAD, &source, &view);
	obeyed = obeys(&view, rule);
	timeline_close(&source);
	if (obeyed)
		return datum;
	timeline_open(NULL, datum, TIMELINE_WHOLE, &source, &view);
	return PointerGetDatum(timeline_rebuild(&view, rule));
}

static AtlEncoding
get_encoding(text *name)
{
	AtlEncoding encoding;

	if (!timeline_find_choice(text_to_cstring(name), &encoding))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown encoding \"%s\"", text_to_cstring(name)),
				 errhint("Encodings to choose from are " TIMELINE_CHOICES ".")));
	return encoding;
}

static int
compare_names(const void *a, const void *b, const void *host)
{
	return atl_text_compare_long(host, *(const AtlText *) a, *(const AtlText *) b);
}

/* Refuse names of features that the timeline lacks. */
static void
require_features(Datum datum, const AtlText *names, int n)
{
	TimelineSource source;
	AtlView		view;

	timeline_open(NULL, datum, TIMELINE_HEAD, &source, &view);
	for (int i = 0; i < n; i++)
	{
		AtlFeature	feature;

		CHECK_FOR_INTERRUPTS();
		timeline_find_feature(&view, names[i], false, &feature);
	}
	timeline_close(&source);
}

/* The features that argument 2 names; a rule passes over names that no feature has. */
static void
name_features(FunctionCallInfo fcinfo, AtlEncodingRule *rule)
{
	int			n;
	AtlText    *names = timeline_name_list(fcinfo, 2, &n);
	AtlHost		host = timeline_host();

	if (!PG_GETARG_BOOL(3))
		require_features(PG_GETARG_DATUM(0), names, n);
	timeline_check(atl_sort(&host, names, n, sizeof(AtlText), compare_names, &host));
	rule->features = names;
	rule->num_features = n;
}

Datum
audio_timeline_encode_features(PG_FUNCTION_ARGS)
{
	AtlEncodingRule rule = {.features = NULL};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	rule.encoding = get_encoding(PG_GETARG_TEXT_PP(1));
	if (!PG_ARGISNULL(2))
		name_features(fcinfo, &rule);
	PG_RETURN_DATUM(timeline_follow_rule(PG_GETARG_DATUM(0), &rule));
}
