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

#include "pg/sql/sql.h"

PG_FUNCTION_INFO_V1(audio_timeline_events);
PG_FUNCTION_INFO_V1(audio_timeline_events_between);
PG_FUNCTION_INFO_V1(audio_timeline_events_at);
PG_FUNCTION_INFO_V1(audio_timeline_next_event);
PG_FUNCTION_INFO_V1(audio_timeline_previous_event);
PG_FUNCTION_INFO_V1(audio_timeline_nearest_event);
PG_FUNCTION_INFO_V1(audio_timeline_markers);
PG_FUNCTION_INFO_V1(audio_timeline_markers_between);
PG_FUNCTION_INFO_V1(audio_timeline_markers_at);
PG_FUNCTION_INFO_V1(audio_timeline_next_marker);
PG_FUNCTION_INFO_V1(audio_timeline_previous_marker);
PG_FUNCTION_INFO_V1(audio_timeline_nearest_marker);

/* Columns of an event's row; a marker's has fewer. */
#define MAX_COLUMNS		6

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
begin_lookup(FunctionCallInfo fcinfo, AtlTrack track, Lookup *lookup)
{
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	lookup->track = track;
	lookup->host = timeline_host();
	atl_buffer_init(&lookup->text, &lookup->host);
	lookup->result = (ReturnSetInfo *) fcinfo->resultinfo;
	lookup->type_name = NULL;
	lookup->row_context = AllocSetContextCreate(CurrentMemoryContext, "audio_timeline row",
												ALLOCSET_SMALL_SIZES);
	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEAD, &lookup->source, &lookup->view);
}

static Datum
json_or_null(AtlText json, bool *null)
{
	*null = json.size == 0;
	return *null ? (Datum) 0 : JsonbPGetDatum(timeline_json_to_sql(json));
}

/* An event's columns: timestamp, type, duration, confidence, data, attributes. */
static void
fill_event(const AtlItem *item, text *type, Datum *values, bool *nulls)
{
	values[0] = Float8GetDatum(item->timestamp);
	values[1] = PointerGetDatum(type);
	values[2] = timeline_number_to_sql(item->duration, &nulls[2]);
	values[3] = timeline_number_to_sql(item->confidence, &nulls[3]);
	values[4] = json_or_null(item->payload, &nulls[4]);
	values[5] = json_or_null(item->attributes, &nulls[5]);
}

/* A marker's columns: timestamp, type, confidence, value, attributes. */
static void
fill_marker(const AtlItem *item, text *type, Datum *values, bool *nulls)
{
	values[0] = Float8GetDatum(item->timestamp);
	values[1] = PointerGetDatum(type);
	values[2] = timeline_number_to_sql(item->confidence, &nulls[2]);
	values[3] = json_or_null(item->payload, &nulls[3]);
	values[4] = json_or_null(item->attributes, &nulls[4]);
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

/* Fill the columns of an item's row, in memory of the row. */
static void
fill_row(Lookup *lookup, const AtlItem *item, Datum *values, bool *nulls)
{
	text	   *type = type_name(lookup, item->type);
	MemoryContext outer = MemoryContextSwitchTo(lookup->row_context);

	memset(nulls, 0, MAX_COLUMNS * sizeof(bool));
	if (lookup->track == ATL_EVENTS)
		fill_event(item, type, values, nulls);
	else
		fill_marker(item, type, values, nulls);
	MemoryContextSwitchTo(outer);
}

static void
put_item(Lookup *lookup, const AtlItem *item)
{
	Datum		values[MAX_COLUMNS];
	bool		nulls[MAX_COLUMNS];

	fill_row(lookup, item, values, nulls);
	tuplestore_putvalues(lookup->result->setResult, lookup->result->setDesc, values, nulls);
	MemoryContextReset(lookup->row_context);
}

/* An item's row, in the memory context that is current. */
static HeapTuple
make_row(Lookup *lookup, const AtlItem *item)
{
	Datum		values[MAX_COLUMNS];
	bool		nulls[MAX_COLUMNS];
	HeapTuple	row;

	fill_row(lookup, item, values, nulls);
	row = heap_form_tuple(lookup->result->setDesc, values, nulls);
	MemoryContextReset(lookup->row_context);
	return row;
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

/* The optional argument types, argument i: any if it is absent or NULL. */
static AtlFilter
get_types(FunctionCallInfo fcinfo, int i, Lookup *lookup)
{
	AtlFilter	filter = atl_filter_all();
	AtlText    *names;
	int			n;

	if (PG_ARGISNULL(i))
		return filter;
	names = timeline_name_list(fcinfo, i, &n);
	filter.types = timeline_find_types(&lookup->view, lookup->track, names, n, &filter.num_types);
	return filter;
}

/* The optional arguments types and min_confidence, from argument i on. */
static AtlFilter
get_filter(FunctionCallInfo fcinfo, int i, Lookup *lookup)
{
	AtlFilter	filter = get_types(fcinfo, i, lookup);

	if (!PG_ARGISNULL(i + 1))
		filter.min_confidence = PG_GETARG_FLOAT8(i + 1);
	return filter;
}

static Datum
no_rows(FunctionCallInfo fcinfo)
{
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	return (Datum) 0;
}


/*
 * All items, and those of a window
 */

static Datum
all_items(FunctionCallInfo fcinfo, AtlTrack track)
{
	Lookup		lookup;

	if (PG_ARGISNULL(0))
		return no_rows(fcinfo);
	begin_lookup(fcinfo, track, &lookup);
	put_items(&lookup, get_types(fcinfo, 1, &lookup));
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

/* Items in the window of arguments 1 and 2; a NULL bound leaves it open. */
static Datum
items_between(FunctionCallInfo fcinfo, AtlTrack track)
{
	double		start_time = PG_ARGISNULL(1) ? -INFINITY : PG_GETARG_FLOAT8(1);
	double		end_time = PG_ARGISNULL(2) ? INFINITY : PG_GETARG_FLOAT8(2);
	Lookup		lookup;
	AtlFilter	filter;

	if (PG_ARGISNULL(0))
		return no_rows(fcinfo);
	timeline_check_window(start_time, end_time);
	begin_lookup(fcinfo, track, &lookup);
	filter = get_filter(fcinfo, 3, &lookup);
	filter.start_time = start_time;
	filter.end_time = end_time;
	if (start_time < end_time)
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


/*
 * What is at an instant
 */

/* A time that is out of the timeline by rounding counts as at its bound. */
static double
at_bound(const AtlView *view, double t)
{
	return Max(view->start_time, Min(t, view->duration));
}

/* Whether the timeline reaches to t, but for rounding. */
static bool
is_inside(const AtlView *view, double t)
{
	double		rounding = atl_view_rounding(view);

	return t >= view->start_time - rounding && t <= view->duration + rounding;
}

/* The window that holds nothing but t. */
static void
put_events_at(Lookup *lookup, AtlFilter filter, double t)
{
	filter.start_time = t;
	filter.end_time = nextafter(t, INFINITY);
	put_items(lookup, filter);
}

/* What holds at t, in time order, though it is found from t backwards. */
static void
put_markers_at(Lookup *lookup, AtlFilter filter, double t)
{
	AtlHeld    *held = palloc(sizeof(AtlHeld));
	uint32_t	num_types;
	uint8_t    *seen;
	HeapTuple  *rows;
	uint32_t	num = 0;
	AtlItem		item;
	bool		found;

	timeline_check(atl_track_num_types(&lookup->view, lookup->track, &num_types));
	seen = timeline_alloc_array(num_types, sizeof(*seen));
	memset(seen, 0, num_types);
	rows = timeline_alloc_array(num_types, sizeof(*rows));
	timeline_check(atl_held_begin(held, &lookup->view, lookup->track, filter, t, seen, &lookup->text));
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_held_next(held, &item, &found));
		if (!found)
			break;
		rows[num++] = make_row(lookup, &item);
	}
	while (num > 0)
	{
		CHECK_FOR_INTERRUPTS();
		tuplestore_puttuple(lookup->result->setResult, rows[--num]);
	}
}

static Datum
items_at(FunctionCallInfo fcinfo, AtlTrack track)
{
	Lookup		lookup;
	AtlFilter	filter;
	double		t;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return no_rows(fcinfo);
	begin_lookup(fcinfo, track, &lookup);
	filter = get_filter(fcinfo, 2, &lookup);
	t = at_bound(&lookup.view, PG_GETARG_FLOAT8(1));
	if (is_inside(&lookup.view, PG_GETARG_FLOAT8(1)))
	{
		if (track == ATL_EVENTS)
			put_events_at(&lookup, filter, t);
		else
			put_markers_at(&lookup, filter, t);
	}
	timeline_close(&lookup.source);
	return (Datum) 0;
}

Datum
audio_timeline_events_at(PG_FUNCTION_ARGS)
{
	return items_at(fcinfo, ATL_EVENTS);
}

Datum
audio_timeline_markers_at(PG_FUNCTION_ARGS)
{
	return items_at(fcinfo, ATL_MARKERS);
}


/*
 * Neighbours of an instant
 */

static void
find_next(Lookup *lookup, AtlFilter filter, double t, AtlItem *item, bool *found)
{
	timeline_check(atl_item_after(&lookup->view, lookup->track, filter, t, false, &lookup->text, item, found));
}

static void
find_previous(Lookup *lookup, AtlFilter filter, double t, AtlItem *item, bool *found)
{
	timeline_check(atl_item_before(&lookup->view, lookup->track, filter, t, &lookup->text, item, found));
}

/* Seconds from t to an item. */
static double
distance(const Lookup *lookup, double t, const AtlItem *item)
{
	return fabs(t - at_bound(&lookup->view, item->timestamp));
}

/* Of two equally near items, the earlier one. */
static void
find_nearest(Lookup *lookup, AtlFilter filter, double t, AtlItem *item, bool *found)
{
	AtlBuffer	text;			/* of item after */
	AtlItem		after;
	bool		has_after;

	atl_buffer_init(&text, &lookup->host);
	timeline_check(atl_item_after(&lookup->view, lookup->track, filter, t, true, &text, &after, &has_after));
	find_previous(lookup, filter, t, item, found);
	if (has_after && (!*found || distance(lookup, t, &after) < distance(lookup, t, item)))
		*item = after;
	*found |= has_after;
}

/* The neighbour of argument 1, which may lie outside of the timeline. */
static Datum
neighbour(FunctionCallInfo fcinfo, AtlTrack track,
		  void (*find) (Lookup *, AtlFilter, double, AtlItem *, bool *))
{
	Lookup		lookup;
	AtlItem		item;
	bool		found;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return no_rows(fcinfo);
	begin_lookup(fcinfo, track, &lookup);
	find(&lookup, get_types(fcinfo, 2, &lookup), PG_GETARG_FLOAT8(1), &item, &found);
	if (found)
		put_item(&lookup, &item);
	timeline_close(&lookup.source);
	return (Datum) 0;
}

Datum
audio_timeline_next_event(PG_FUNCTION_ARGS)
{
	return neighbour(fcinfo, ATL_EVENTS, find_next);
}

Datum
audio_timeline_previous_event(PG_FUNCTION_ARGS)
{
	return neighbour(fcinfo, ATL_EVENTS, find_previous);
}

Datum
audio_timeline_nearest_event(PG_FUNCTION_ARGS)
{
	return neighbour(fcinfo, ATL_EVENTS, find_nearest);
}

Datum
audio_timeline_next_marker(PG_FUNCTION_ARGS)
{
	return neighbour(fcinfo, ATL_MARKERS, find_next);
}

Datum
audio_timeline_previous_marker(PG_FUNCTION_ARGS)
{
	return neighbour(fcinfo, ATL_MARKERS, find_previous);
}

Datum
audio_timeline_nearest_marker(PG_FUNCTION_ARGS)
{
	return neighbour(fcinfo, ATL_MARKERS, find_nearest);
}
