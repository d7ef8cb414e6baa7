/*
 * typmod.c
 *		The type modifier: audio_timeline(u8).
 *
 * A modifier is the number of an AtlEncoding; those numbers are part of the
 * stored form, so they may stand in catalogs.  0 is "lossless".
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "pg/sql/sql.h"

PG_FUNCTION_INFO_V1(audio_timeline_typmod_in);
PG_FUNCTION_INFO_V1(audio_timeline_typmod_out);
PG_FUNCTION_INFO_V1(audio_timeline_modify);

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
	if (!timeline_find_choice(DatumGetCString(words[0]), &encoding))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid type modifier"),
				 errdetail("\"%s\" is not a modifier of audio_timeline.", DatumGetCString(words[0])),
				 errhint("Modifiers are " TIMELINE_CHOICES ".")));
	PG_RETURN_INT32(encoding);
}

/* Prints any number, known or not: catalogs must stay readable. */
Datum
audio_timeline_typmod_out(PG_FUNCTION_ARGS)
{
	int32		typmod = PG_GETARG_INT32(0);

	PG_RETURN_CSTRING(timeline_is_choice(typmod) ? psprintf("(%s)", timeline_choice_name((AtlEncoding) typmod)) :
					  psprintf("(%d)", typmod));
}

/* The rule of a modifier; false for "lossless" and for no modifier. */
bool
timeline_modifier_rule(int32 typmod, AtlEncodingRule *rule)
{
	memset(rule, 0, sizeof(*rule));
	if (typmod < 0)
		return false;
	if (!timeline_is_choice(typmod))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid type modifier"),
				 errdetail("%d is not a modifier of audio_timeline.", typmod)));
	rule->encoding = (AtlEncoding) typmod;
	return rule->encoding != TIMELINE_LOSSLESS;
}

Datum
timeline_modify(Datum datum, int32 typmod)
{
	AtlEncodingRule rule;

	return timeline_modifier_rule(typmod, &rule) ? timeline_follow_rule(datum, &rule) : datum;
}

/* The cast of the type to itself that the server adds where a modifier is due. */
Datum
audio_timeline_modify(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(timeline_modify(PG_GETARG_DATUM(0), PG_GETARG_INT32(1)));
}
