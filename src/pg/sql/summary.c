/*
 * summary.c
 *		A timeline in one short line, for people.
 *
 * Header and head are enough for it.  Whatever the document, the line has at
 * most some 250 bytes: names are cut, and lists end where their room does.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "core/image/clock.h"
#include "pg/sql/sql.h"

/* Bytes of a name that are shown; of a list, up to where it may go on. */
#define MAX_NAME		20
#define TYPES_ROOM		36
#define FEATURES_ROOM	66

PG_FUNCTION_INFO_V1(audio_timeline_summary);

/* A name, on one line. */
static void
append_name(StringInfo element, AtlText name)
{
	int			size = name.size <= MAX_NAME ? name.size : pg_mbcliplen(name.text, name.size, MAX_NAME);

	for (int i = 0; i < size; i++)
		appendStringInfoChar(element, (uint8) name.text[i] < ' ' || name.text[i] == '\x7f' ? '?' : name.text[i]);
	if (size < name.size)
		appendStringInfoString(element, "...");
}

/* How many things there are; their list follows. */
static void
append_count(StringInfo line, uint32_t num, const char *thing)
{
	if (num == 0)
		appendStringInfo(line, "; no %ss", thing);
	else
		appendStringInfo(line, "; %u %s%s:", num, thing, num == 1 ? "" : "s");
}

/*
 * Element i of n of a list that begins at start, or how many are left if there
 * is no room for it; false at the end of the list.
 */
static bool
append_element(StringInfo line, const StringInfoData *element, uint32_t i, uint32_t n, int start, int room)
{
	bool		fits = i == 0 || line->len - start + element->len <= room;

	if (fits)
		appendStringInfo(line, "%s %s", i == 0 ? "" : ",", element->data);
	else
		appendStringInfo(line, " and %u more", n - i);
	return fits;
}

static void
append_types(StringInfo line, const AtlView *view, AtlTrack track)
{
	StringInfoData element;
	uint32_t	num_types;
	bool		fits = true;
	int			start;

	append_count(line, atl_track_items(view, track), track == ATL_EVENTS ? "event" : "marker");
	start = line->len;
	initStringInfo(&element);
	timeline_check(atl_track_num_types(view, track, &num_types));
	for (uint32_t i = 0; i < num_types && fits; i++)
	{
		AtlText		name;
		uint32_t	items;

		timeline_check(atl_track_type(view, track, i, &name, &items));
		resetStringInfo(&element);
		append_name(&element, name);
		appendStringInfo(&element, " %u", items);
		fits = append_element(line, &element, i, num_types, start, TYPES_ROOM);
	}
}

static void
append_features(StringInfo line, const AtlView *view)
{
	StringInfoData element;
	bool		fits = true;
	int			start;

	append_count(line, view->num_features, "feature");
	start = line->len;
	initStringInfo(&element);
	for (uint32_t i = 0; i < view->num_features && fits; i++)
	{
		AtlFeature	feature;

		timeline_check(atl_feature_get(view, i, &feature));
		resetStringInfo(&element);
		append_name(&element, feature.name);
		appendStringInfo(&element, " %u x %u at ", feature.frames, feature.dims);
		if (atl_feature_has_times(&feature))
			appendStringInfoString(&element, "times");
		else
			appendStringInfo(&element, "%.4g/s", atl_feature_rate(&feature));
		fits = append_element(line, &element, i, view->num_features, start, FEATURES_ROOM);
	}
}

Datum
audio_timeline_summary(PG_FUNCTION_ARGS)
{
	TimelineSource source;
	AtlView		view;
	StringInfoData line;
	Datum		size;

	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEAD, &source, &view);
	initStringInfo(&line);
	if (view.start_time != 0)
		appendStringInfo(&line, "%.7g to ", view.start_time);
	appendStringInfo(&line, "%.7g s, %u Hz", view.duration, view.sample_rate);
	append_types(&line, &view, ATL_EVENTS);
	append_types(&line, &view, ATL_MARKERS);
	append_features(&line, &view);
	size = DirectFunctionCall1(pg_size_pretty, Int64GetDatum(view.source.size));
	appendStringInfo(&line, "; %s", TextDatumGetCString(size));
	timeline_close(&source);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(line.data, line.len));
}
