/*
 * events.c
 *		Lookups of events and markers.
 *
 * Each reads the head of the value, a node of each index level and the blocks
 * that hold the answer.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/base/sort.h"
#include "pg/sql/sql.h"

PG_FUNCTION_INFO_V1(audio_timeline_events);
PG_FUNCTION_INFO_V1(audio_timeline_events_between);
PG_FUNCTION_INFO_V1(audio_timeline_events_at);
PG_FUNCTION_INFO_V1(audio_timeline_next_event);
PG_FUNCTION_INFO_V1(audio_timeline_previous_event);
PG_FUNCTION_INFO_V1(audio_timeline_nearest_event);
PG_FUNCTION_INFO_V1(audio_timeline_markers);
PG_FUNCTION_INFO_V1(audio_timeline_markers_between);

/* One lookup: the timeline, and where its rows go. */
typedef struct Lookup
{
	TimelineSource source;
	AtlView		view;
	AtlTrack	track;
	AtlHost		host;
	AtlBuffer	text;			/* of the current item */
	ReturnSetInfo *result;
	MemoryContext row_context;	/* reset for each row */
	uint32_t	type;			/* of the last row */
	text	   *type_name;		/* NULL: no last row */
} Lookup;

static void
begin_lookup(FunctionCallInfo fcinfo, AtlTrack track, uint32_t head, Lookup *lookup)
{
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	lookup->track = track;
	lookup->host = timeline_host();
	atl_buffer_init(&lookup->text, &lookup->host);
	lookup->result = (ReturnSetInfo *) fcinfo->resultinfo;
	lookup->type_name = NULL;
	lookup->row_context = AllocSetContextCreate(CurrentMemoryContext, "audio_timeline row",
												ALLOCSET_SMALL_SIZES);
	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), head, &lookup->source, &lookup->view);
}

static Datum
json_or_null(AtlText json, bool *null)
{
	*null = json.size == 0;
	return *null ? (Datum) 0 : JsonbPGetDatum(timeline_json_to_sql(json));
}

/* An event's row: timestamp, type, duration, confidence, data, attributes. */
static void
put_event(Lookup *lookup, const AtlItem *item, text *type)
{
	Datum		values[6];
	bool		nulls[6] = {false};

	values[0] = Float8GetDatum(item->timestamp);
	values[1] = PointerGetDatum(type);
	values[2] = timeline_number_to_sql(item->duration, &nulls[2]);
	values[3] = timeline_number_to_sql(item->confidence, &nulls[3]);
	values[4] = json_or_null(item->payload, &nulls[4]);
	values[5] = json_or_null(item->attributes, &nulls[5]);
	tuplestore_putvalues(lookup->result->setResult, lookup->result->setDesc, values, nulls);
}

/* A marker's row: timestamp, type, confidence, value, attributes. */
static void
put_marker(Lookup *lookup, const AtlItem *item, text *type)
{
	Datum		values[5];
	bool		nulls[5] = {false};

	values[0] = Float8GetDatum(item->timestamp);
	values[1] = PointerGetDatum(type);
	values[2] = timeline_number_to_sql(item->confidence, &nulls[2]);
	values[3] = json_or_null(item->payload, &nulls[3]);
	values[4] = json_or_null(item->attributes, &nulls[4]);
	tuplestore_putvalues(lookup->result->setResult, lookup->result->setDesc, values, nulls);
}

/* The name of an item's type; made anew only if the last row's differs. */
static text *
type_name(Lookup *lookup, uint32_t type)
{
	AtlText		name;
	uint32_t	items;

	if (lookup->type_name != NULL && lookup->type == type)
		return lookup->type_name;
	timeline_check(atl_track_type(&lookup->view, lookup->track, type, &name, &items));
	if (lookup->type_name != NULL)
		pfree(lookup->type_name);
	lookup->type_name = timeline_text_to_sql(name);
	lookup->type = type;
	return lookup->type_name;
}

static void
put_item(Lookup *lookup, const AtlItem *item)
{
	text	   *type = type_name(lookup, item->type);
	MemoryContext outer = MemoryContextSwitchTo(lookup->row_context);

	if (lookup->track == ATL_EVENTS)
		put_event(lookup, item, type);
	else
		put_marker(lookup, item, type);
	MemoryContextSwitchTo(outer);
	MemoryContextReset(lookup->row_context);
}

static void
put_items(Lookup *lookup, AtlFilter filter)
{
	AtlWalk		walk;
	AtlItem		item;
	bool		found;

	timeline_check(atl_walk_begin(&walk, &lookup->view, lookup->track, filter, &lookup->text));
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_walk_next(&walk, &item, &found));
		if (!found)
			break;
		put_item(lookup, &item);
	}
}

static int
compare_types(const void *a, const void *b, const void *context)
{
	uint32_t	left = *(const uint32_t *) a;
	uint32_t	right = *(const uint32_t *) b;

	return (left > right) - (left < right);
}

/* Keep only the types of these names; names that no item has match nothing. */
static void
filter_types(Lookup *lookup, const AtlText *names, int n, AtlFilter *filter)
{
	uint32_t   *types = palloc_extended(sizeof(uint32_t) * Max((Size) n, 1), MCXT_ALLOC_HUGE);

	filter->types = types;
	filter->num_types = 0;
	for (int i = 0; i < n; i++)
	{
		uint32_t	type;
		bool		found;

		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_track_find_type(&lookup->view, lookup->track, names[i], &found, &type));
		if (found)
			types[filter->num_types++] = type;
	}
	timeline_check(atl_sort(&lookup->host, types, filter->num_types, sizeof(*types), compare_types, NULL));
}

/* The optional arguments types and min_confidence, from argument i on. */
static AtlFilter
get_filter(FunctionCallInfo fcinfo, int i, Lookup *lookup)
{
	AtlFilter	filter = atl_filter_all();

	if (!PG_ARGISNULL(i))
	{
		int			n;
		AtlText    *names = timeline_text_list(PG_GETARG_ARRAYTYPE_P(i), &n);

		filter_types(lookup, names, n, &filter);
	}
	if (!PG_ARGISNULL(i + 1))
		filter.min_confidence = PG_GETARG_FLOAT8(i + 1);
	return filter;
}

static Datum
all_items(FunctionCallInfo fcinfo, AtlTrack track)
{
	Lookup		lookup;

	begin_lookup(fcinfo, track, TIMELINE_HEAD, &lookup);
	put_items(&lookup, atl_filter_all());
	timeline_close(&lookup.source);
	return (Datum) 0;
}

Datum
audio_timeline_events(PG_FUNCTION_ARGS)
{
	return all_items(fcinfo, ATL_EVENTS);
}

Datum
audio_timeline_markers(PG_FUNCTION_ARGS)
{
	return all_items(fcinfo, ATL_MARKERS);
}

/* Items in the window of arguments 1 and 2. */
static Datum
items_between(FunctionCallInfo fcinfo, AtlTrack track)
{
	Lookup		lookup;
	AtlFilter	filter;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
	{
		InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
		return (Datum) 0;
	}
	timeline_check_window(PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2));
	begin_lookup(fcinfo, track, TIMELINE_HEAD, &lookup);
	filter = get_filter(fcinfo, 3, &lookup);
	filter.start_time = PG_GETARG_FLOAT8(1);
	filter.end_time = PG_GETARG_FLOAT8(2);
	if (filter.start_time < filter.end_time)
		put_items(&lookup, filter);
	timeline_close(&lookup.source);
	return (Datum) 0;
}

Datum
audio_timeline_events_between(PG_FUNCTION_ARGS)
{
	return items_between(fcinfo, ATL_EVENTS);
}

Datum
audio_timeline_markers_between(PG_FUNCTION_ARGS)
{
	return items_between(fcinfo, ATL_MARKERS);
}

/* Open argument 0; false, and closed, if instant argument 1 is outside. */
static bool
begin_lookup_at(FunctionCallInfo fcinfo, Lookup *lookup)
{
	double		t;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
	{
		InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
		return false;
	}
	t = PG_GETARG_FLOAT8(1);
	begin_lookup(fcinfo, ATL_EVENTS, TIMELINE_HEAD, lookup);
	if (t >= 0 && t <= lookup->view.duration)
		return true;
	timeline_close(&lookup->source);
	return false;
}

/* The window that holds nothing but t. */
Datum
audio_timeline_events_at(PG_FUNCTION_ARGS)
{
	Lookup		lookup;
	AtlFilter	filter;

	if (!begin_lookup_at(fcinfo, &lookup))
		return (Datum) 0;
	filter = get_filter(fcinfo, 2, &lookup);
	filter.start_time = PG_GETARG_FLOAT8(1);
	filter.end_time = nextafter(filter.start_time, INFINITY);
	put_items(&lookup, filter);
	timeline_close(&lookup.source);
	return (Datum) 0;
}

/* The optional argument of_type, argument 2. */
static AtlFilter
get_type(FunctionCallInfo fcinfo, Lookup *lookup)
{
	AtlFilter	filter = atl_filter_all();

	if (!PG_ARGISNULL(2))
	{
		AtlText		name = timeline_text(PG_GETARG_TEXT_PP(2));

		filter_types(lookup, &name, 1, &filter);
	}
	return filter;
}

Datum
audio_timeline_next_event(PG_FUNCTION_ARGS)
{
	Lookup		lookup;
	AtlItem		item;
	bool		found;

	if (!begin_lookup_at(fcinfo, &lookup))
		return (Datum) 0;
	timeline_check(atl_item_after(&lookup.view, ATL_EVENTS, get_type(fcinfo, &lookup),
								  PG_GETARG_FLOAT8(1), false, &lookup.text, &item, &found));
	if (found)
		put_item(&lookup, &item);
	timeline_close(&lookup.source);
	return (Datum) 0;
}

Datum
audio_timeline_previous_event(PG_FUNCTION_ARGS)
{
	Lookup		lookup;
	AtlItem		item;
	bool		found;

	if (!begin_lookup_at(fcinfo, &lookup))
		return (Datum) 0;
	timeline_check(atl_item_before(&lookup.view, ATL_EVENTS, get_type(fcinfo, &lookup),
								   PG_GETARG_FLOAT8(1), &lookup.text, &item, &found));
	if (found)
		put_item(&lookup, &item);
	timeline_close(&lookup.source);
	return (Datum) 0;
}

/* The nearest event; of two equally near events, the earlier one. */
Datum
audio_timeline_nearest_event(PG_FUNCTION_ARGS)
{
	Lookup		lookup;
	AtlFilter	filter;
	AtlBuffer	text;			/* of item after */
	AtlItem		before;
	AtlItem		after;
	bool		has_before;
	bool		has_after;
	double		t;

	if (!begin_lookup_at(fcinfo, &lookup))
		return (Datum) 0;
	t = PG_GETARG_FLOAT8(1);
	filter = get_type(fcinfo, &lookup);
	atl_buffer_init(&text, &lookup.host);
	timeline_check(atl_item_after(&lookup.view, ATL_EVENTS, filter, t, true, &text, &after, &has_after));
	timeline_check(atl_item_before(&lookup.view, ATL_EVENTS, filter, t, &lookup.text, &before, &has_before));
	if (has_before && (!has_after || t - before.timestamp <= after.timestamp - t))
		put_item(&lookup, &before);
	else if (has_after)
		put_item(&lookup, &after);
	timeline_close(&lookup.source);
	return (Datum) 0;
}
