/*
 * feature_find.c
 *		Features by name: one rule for all functions that take a name.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/varlena.h"

#include "pg/sql/sql.h"

/* Names that a hint lists, and bytes of a name that it shows. */
#define LISTED_NAMES	10
#define SHOWN_BYTES		63

/* Edits between a name and one that may have been meant: as the server's for columns. */
#define MAX_EDITS		3

/* What is shown of a name.  Stored bytes are damaged if they are no UTF-8. */
static AtlText
shown_part(AtlText name)
{
	AtlText		shown = {name.text, Min(name.size, pg_mbcliplen(name.text, name.size, SHOWN_BYTES))};

	if (!pg_verify_mbstr(PG_UTF8, shown.text, shown.size, true))
		timeline_check(ATL_DAMAGED);
	return shown;
}

static void
append_name(StringInfo text, AtlText name)
{
	AtlText		shown = shown_part(name);

	appendStringInfo(text, "\"%.*s%s\"", (int) shown.size, shown.text, shown.size < name.size ? "..." : "");
}

static AtlText
name_of(const AtlView *view, uint32_t i)
{
	AtlFeature	feature;

	timeline_check(atl_feature_get(view, i, &feature));
	return feature.name;
}

static int
fold_case(AtlText name, char *folded)
{
	for (uint32_t i = 0; i < name.size; i++)
		folded[i] = pg_ascii_tolower((unsigned char) name.text[i]);
	return name.size;
}

/* Edits between two names, whatever their case; more than MAX_EDITS if these are not alike. */
static int
edits_between(AtlText name, AtlText other)
{
	char		folded[SHOWN_BYTES];
	char		other_folded[SHOWN_BYTES];

	if (shown_part(name).size < name.size || shown_part(other).size < other.size)
		return MAX_EDITS + 1;
	return varstr_levenshtein_less_equal(folded, fold_case(name, folded), other_folded,
										 fold_case(other, other_folded), 1, 1, 1, MAX_EDITS, true);
}

/* The name most like the one given, of those that share about half with it. */
static bool
find_near(const AtlView *view, AtlText name, AtlText *near)
{
	int			least = Min(Min(MAX_EDITS, (name.size + 1) / 2) + 1, name.size);
	bool		found = false;

	for (uint32_t i = 0; i < view->num_features && least > 0; i++)
	{
		AtlText		other = name_of(view, i);
		int			edits = edits_between(name, other);

		CHECK_FOR_INTERRUPTS();
		if (edits < least)
		{
			least = edits;
			*near = other;
			found = true;
		}
	}
	return found;
}

static void
list_features(StringInfo hint, const AtlView *view)
{
	uint32_t	listed = Min(view->num_features, LISTED_NAMES);

	if (listed == 0)
	{
		appendStringInfoString(hint, "The timeline has no features.");
		return;
	}
	appendStringInfoString(hint, view->num_features > 1 ? "The features are " : "The only feature is ");
	for (uint32_t i = 0; i < listed; i++)
	{
		appendStringInfoString(hint, i > 0 ? ", " : "");
		append_name(hint, name_of(view, i));
	}
	if (listed < view->num_features)
		appendStringInfo(hint, " and %u more; feature_names() gives all", view->num_features - listed);
	appendStringInfoChar(hint, '.');
}

static void
report_missing(const AtlView *view, AtlText name)
{
	StringInfoData quoted;
	StringInfoData hint;
	AtlText		near;

	initStringInfo(&quoted);
	append_name(&quoted, name);
	initStringInfo(&hint);
	if (find_near(view, name, &near))
	{
		appendStringInfoString(&hint, "Perhaps you mean ");
		append_name(&hint, near);
		appendStringInfoString(&hint, ". ");
	}
	list_features(&hint, view);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("feature %s does not exist", quoted.data),
			 errhint("%s", hint.data)));
}

bool
timeline_find_feature(const AtlView *view, AtlText name, bool missing_ok, AtlFeature *feature)
{
	bool		found;

	timeline_check(atl_feature_find(view, name, &found, feature));
	if (!found && !missing_ok)
		report_missing(view, name);
	return found;
}

bool
timeline_open_feature(FunctionCallInfo fcinfo, int missing_ok, TimelineSource *source, AtlView *view,
					  AtlFeature *feature)
{
	bool		found;

	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEAD, source, view);
	found = timeline_find_feature(view, timeline_text(PG_GETARG_TEXT_PP(1)), PG_GETARG_BOOL(missing_ok), feature);
	if (!found)
		timeline_close(source);
	return found;
}
