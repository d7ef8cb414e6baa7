/*
 * timeline_encode.c
 *		Encodings chosen by the user: encode_features() and the type modifier.
 *
 * A modifier is the number of an AtlEncoding; those numbers are part of the
 * stored form, so they may stand in catalogs.  0 is "lossless".
 */
#include "postgres.h"

#include "access/heaptoast.h"
#include "audio_timeline.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(audio_timeline_typmod_in);
PG_FUNCTION_INFO_V1(audio_timeline_typmod_out);
PG_FUNCTION_INFO_V1(audio_timeline_modify);
PG_FUNCTION_INFO_V1(audio_timeline_encode_features);

#define LOSSLESS	((AtlEncoding) 0)
#define CHOICES		"lossless, f32, u16, u8, i16 and i8"

static const AtlEncoding choices[] = {LOSSLESS, ATL_F32, ATL_U16, ATL_U8, ATL_I16, ATL_I8};

static const char *
choice_name(AtlEncoding encoding)
{
	return encoding == LOSSLESS ? "lossless" : atl_encoding_name(encoding);
}

static bool
find_choice(const char *name, AtlEncoding *encoding)
{
	for (int i = 0; i < lengthof(choices); i++)
		if (strcmp(choice_name(choices[i]), name) == 0)
		{
			*encoding = choices[i];
			return true;
		}
	return false;
}

static bool
is_choice(int32 typmod)
{
	for (int i = 0; i < lengthof(choices); i++)
		if (typmod == (int32) choices[i])
			return true;
	return false;
}


/*
 * The type modifier
 */

Datum
audio_timeline_typmod_in(PG_FUNCTION_ARGS)
{
	Datum	   *words;
	int			n;
	AtlEncoding encoding;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), CSTRINGOID, -2, false, TYPALIGN_CHAR, &words, NULL, &n);
	if (n != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid type modifier"),
				 errdetail("audio_timeline takes one modifier, not %d.", n)));
	if (!find_choice(DatumGetCString(words[0]), &encoding))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid type modifier"),
				 errdetail("\"%s\" is not a modifier of audio_timeline.", DatumGetCString(words[0])),
				 errhint("Modifiers are " CHOICES ".")));
	PG_RETURN_INT32(encoding);
}

/* Whatever the number is: a catalog must be readable, even if a cast is not. */
Datum
audio_timeline_typmod_out(PG_FUNCTION_ARGS)
{
	int32		typmod = PG_GETARG_INT32(0);

	PG_RETURN_CSTRING(is_choice(typmod) ? psprintf("(%s)", choice_name((AtlEncoding) typmod)) :
					  psprintf("(%d)", typmod));
}

/* What a modifier asks for; "lossless" asks for nothing, as no modifier does. */
bool
timeline_modifier_rule(int32 typmod, AtlEncodingRule *rule)
{
	memset(rule, 0, sizeof(*rule));
	if (typmod < 0)
		return false;
	if (!is_choice(typmod))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid type modifier"),
				 errdetail("%d is not a modifier of audio_timeline.", typmod)));
	rule->encoding = (AtlEncoding) typmod;
	return rule->encoding != LOSSLESS;
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

/* A value that obeys the rule already, as its head tells, stays as it is. */
static Datum
follow_rule(Datum datum, const AtlEncodingRule *rule)
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

Datum
timeline_modify(Datum datum, int32 typmod)
{
	AtlEncodingRule rule;

	return timeline_modifier_rule(typmod, &rule) ? follow_rule(datum, &rule) : datum;
}

/* The cast of the type to itself that the server adds where a modifier is due. */
Datum
audio_timeline_modify(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(timeline_modify(PG_GETARG_DATUM(0), PG_GETARG_INT32(1)));
}


/*
 * encode_features
 */

static AtlEncoding
get_encoding(text *name)
{
	AtlEncoding encoding;

	if (!find_choice(text_to_cstring(name), &encoding))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown encoding \"%s\"", text_to_cstring(name)),
				 errhint("Encodings to choose from are " CHOICES ".")));
	return encoding;
}

static int
compare_names(const void *a, const void *b)
{
	return atl_text_compare(*(const AtlText *) a, *(const AtlText *) b);
}

/* What a reader passes over, a writer refuses: a name that is not there. */
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
		timeline_require_feature(&view, names[i], &feature);
	}
	timeline_close(&source);
}

static void
name_features(AtlEncodingRule *rule, Datum datum, ArrayType *array)
{
	int			n;
	AtlText    *names = timeline_text_list(array, &n);

	require_features(datum, names, n);
	qsort(names, n, sizeof(AtlText), compare_names);
	rule->features = names;
	rule->num_features = n;
}

Datum
audio_timeline_encode_features(PG_FUNCTION_ARGS)
{
	AtlEncodingRule rule = {.features = NULL};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	rule.encoding = get_encoding(PG_GETARG_TEXT_PP(1));
	if (!PG_ARGISNULL(2))
		name_features(&rule, PG_GETARG_DATUM(0), PG_GETARG_ARRAYTYPE_P(2));
	PG_RETURN_DATUM(follow_rule(PG_GETARG_DATUM(0), &rule));
}
