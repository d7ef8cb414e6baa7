/*
 * accessors.c
 *		Accessors: what the header and the directories of a timeline say.
 *
 * They read the first TOAST chunk or few, whatever the length of the file.
 */
#include "postgres.h"

#include "access/heaptoast.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "pg/sql/sql.h"

PG_FUNCTION_INFO_V1(audio_timeline_duration);
PG_FUNCTION_INFO_V1(audio_timeline_sample_rate);
PG_FUNCTION_INFO_V1(audio_timeline_start_time);
PG_FUNCTION_INFO_V1(audio_timeline_metadata);
PG_FUNCTION_INFO_V1(audio_timeline_num_events);
PG_FUNCTION_INFO_V1(audio_timeline_num_markers);
PG_FUNCTION_INFO_V1(audio_timeline_event_types);
PG_FUNCTION_INFO_V1(audio_timeline_marker_types);
PG_FUNCTION_INFO_V1(audio_timeline_feature_names);
PG_FUNCTION_INFO_V1(audio_timeline_features);
PG_FUNCTION_INFO_V1(audio_timeline_num_frames);
PG_FUNCTION_INFO_V1(audio_timeline_frame_rate);
PG_FUNCTION_INFO_V1(audio_timeline_storage);

Datum
audio_timeline_duration(PG_FUNCTION_ARGS)
{
	TimelineSource source;
	AtlView		view;

	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEADER, &source, &view);
	timeline_close(&source);
	PG_RETURN_FLOAT8(view.duration);
}

Datum
audio_timeline_start_time(PG_FUNCTION_ARGS)
{
	TimelineSource source;
	AtlView		view;

	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEADER, &source, &view);
	timeline_close(&source);
	PG_RETURN_FLOAT8(view.start_time);
}

Datum
audio_timeline_sample_rate(PG_FUNCTION_ARGS)
{
	TimelineSource source;
	AtlView		view;

	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEADER, &source, &view);
	timeline_close(&source);
	PG_RETURN_INT32(view.sample_rate);
}

Datum
audio_timeline_metadata(PG_FUNCTION_ARGS)
{
	TimelineSource source;
	AtlView		view;
	AtlText		metadata;

	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEAD, &source, &view);
	timeline_check(atl_view_text(&view, ATL_METADATA, &metadata));
	timeline_close(&source);
	if (metadata.size == 0)
		PG_RETURN_NULL();
	PG_RETURN_JSONB_P(timeline_json_to_sql(metadata));
}

/* Items of the types of argument 1.  A malformed list names none: this is LEAKPROOF. */
static uint32_t
count_types(FunctionCallInfo fcinfo, const AtlView *view, AtlTrack track)
{
	int			n = 0;
	AtlText    *names = timeline_try_names(fcinfo, 1, &n);
	uint32_t	num = 0;
	uint32_t   *types = names == NULL ? NULL : timeline_find_types(view, track, names, n, &num);
	uint32_t	sum = 0;

	for (uint32_t i = 0; i < num; i++)
	{
		AtlText		name;
		uint32_t	items;

		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_track_type(view, track, types[i], &name, &items));
		sum += items;
	}
	return sum;
}

/* How many items a track has, of some types if those are given. */
static Datum
count_items(FunctionCallInfo fcinfo, AtlTrack track)
{
	TimelineSource source;
	AtlView		view;
	uint32_t	items;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEADER, &source, &view);
	if (PG_ARGISNULL(1))
		items = atl_track_items(&view, track);
	else
		items = count_types(fcinfo, &view, track);
	timeline_close(&source);
	PG_RETURN_INT32(items);
}

Datum
audio_timeline_num_events(PG_FUNCTION_ARGS)
{
	return count_items(fcinfo, ATL_EVENTS);
}

Datum
audio_timeline_num_markers(PG_FUNCTION_ARGS)
{
	return count_items(fcinfo, ATL_MARKERS);
}

static Datum
list_types(FunctionCallInfo fcinfo, AtlTrack track)
{
	TimelineSource source;
	AtlView		view;
	uint32_t	num;
	AtlText    *names;
	ArrayType  *array;

	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEADER, &source, &view);
	timeline_check(atl_track_num_types(&view, track, &num));
	names = palloc_extended(sizeof(AtlText) * Max((Size) num, 1), MCXT_ALLOC_HUGE);
	for (uint32_t i = 0; i < num; i++)
	{
		uint32_t	items;

		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_track_type(&view, track, i, &names[i], &items));
	}
	array = timeline_text_array(names, num);
	timeline_close(&source);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
audio_timeline_event_types(PG_FUNCTION_ARGS)
{
	return list_types(fcinfo, ATL_EVENTS);
}

Datum
audio_timeline_marker_types(PG_FUNCTION_ARGS)
{
	return list_types(fcinfo, ATL_MARKERS);
}

Datum
audio_timeline_feature_names(PG_FUNCTION_ARGS)
{
	TimelineSource source;
	AtlView		view;
	AtlText    *names;
	ArrayType  *array;

	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEAD, &source, &view);
	names = palloc_extended(sizeof(AtlText) * Max((Size) view.num_features, 1), MCXT_ALLOC_HUGE);
	for (uint32_t i = 0; i < view.num_features; i++)
	{
		AtlFeature	feature;

		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_feature_get(&view, i, &feature));
		names[i] = feature.name;
	}
	array = timeline_text_array(names, view.num_features);
	timeline_close(&source);
	PG_RETURN_ARRAYTYPE_P(array);
}

static Datum
text_or_null(AtlText value, bool present, bool *null)
{
	*null = !present;
	return present ? PointerGetDatum(timeline_text_to_sql(value)) : (Datum) 0;
}

/* Time of frame 0, of which the entry of times knows that it is the least. */
static double
first_time(const AtlView *view, const AtlFeature *feature)
{
	AtlFeature	times;

	if (!atl_feature_has_times(feature))
		return feature->start_time;
	timeline_check(atl_feature_times(view, feature, &times));
	return times.min;
}

static void
put_feature(ReturnSetInfo *result, const AtlView *view, const AtlFeature *feature)
{
	Datum		values[14];
	bool		nulls[14] = {false};

	values[0] = PointerGetDatum(timeline_text_to_sql(feature->name));
	values[1] = Int32GetDatum(feature->frames);
	values[2] = Int32GetDatum(feature->dims);
	values[3] = timeline_number_to_sql(atl_feature_rate(feature), &nulls[3]);
	values[4] = timeline_number_to_sql(first_time(view, feature), &nulls[4]);
	values[5] = text_or_null(feature->unit, (feature->flags & ATL_FEATURE_UNIT) != 0, &nulls[5]);
	values[6] = text_or_null(feature->kind, (feature->flags & ATL_FEATURE_KIND) != 0, &nulls[6]);
	values[7] = CStringGetTextDatum(atl_encoding_name(feature->encoding));
	values[8] = timeline_number_to_sql(feature->min, &nulls[8]);
	values[9] = timeline_number_to_sql(feature->max, &nulls[9]);
	values[10] = timeline_number_to_sql(feature->mean, &nulls[10]);
	values[11] = Int32GetDatum(feature->missing);
	values[12] = Float8GetDatum(feature->max_error);
	nulls[12] = (feature->flags & ATL_FEATURE_ERROR) == 0;
	values[13] = Int32GetDatum(feature->data_size);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
audio_timeline_features(PG_FUNCTION_ARGS)
{
	TimelineSource source;
	AtlView		view;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEAD, &source, &view);
	for (uint32_t i = 0; i < view.num_features; i++)
	{
		AtlFeature	feature;

		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_feature_get(&view, i, &feature));
		put_feature((ReturnSetInfo *) fcinfo->resultinfo, &view, &feature);
	}
	timeline_close(&source);
	return (Datum) 0;
}

Datum
audio_timeline_num_frames(PG_FUNCTION_ARGS)
{
	TimelineSource source;
	AtlView		view;
	AtlFeature	feature;

	if (!timeline_open_feature(fcinfo, 2, &source, &view, &feature))
		PG_RETURN_NULL();
	timeline_close(&source);
	PG_RETURN_INT32(feature.frames);
}

Datum
audio_timeline_frame_rate(PG_FUNCTION_ARGS)
{
	TimelineSource source;
	AtlView		view;
	AtlFeature	feature;

	if (!timeline_open_feature(fcinfo, 2, &source, &view, &feature))
		PG_RETURN_NULL();
	timeline_close(&source);
	if (atl_feature_has_times(&feature))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(atl_feature_rate(&feature));
}

static void
put_section(ReturnSetInfo *result, const char *name, uint32_t bytes)
{
	Datum		values[2];
	bool		nulls[2] = {false};

	values[0] = CStringGetTextDatum(name);
	values[1] = Int32GetDatum(bytes);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* One row for the header with section table, one for each nonempty section. */
Datum
audio_timeline_storage(PG_FUNCTION_ARGS)
{
	static const char *const names[ATL_SECTION_KINDS] = {
		[ATL_EVENT_TYPES] = "event types",
		[ATL_MARKER_TYPES] = "marker types",
		[ATL_FEATURE_ENTRIES] = "feature entries",
		[ATL_FEATURE_TEXT] = "feature text",
		[ATL_EVENT_INDEX] = "event index",
		[ATL_MARKER_INDEX] = "marker index",
		[ATL_METADATA] = "metadata",
		[ATL_ATTRIBUTES] = "attributes",
		[ATL_EVENT_BLOCKS] = "event blocks",
		[ATL_MARKER_BLOCKS] = "marker blocks",
		[ATL_EVENT_LEAVES] = "event leaves",
		[ATL_MARKER_LEAVES] = "marker leaves",
		[ATL_FEATURE_DATA] = "feature data",
		[ATL_FEATURE_DIRECTORY] = "feature directory",
		[ATL_FEATURE_SUMMARY] = "feature summary",
	};
	TimelineSource source;
	AtlView		view;
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	uint32_t	rest;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEADER, &source, &view);
	timeline_close(&source);
	rest = view.source.size;
	for (int kind = 1; kind < ATL_SECTION_KINDS; kind++)
		rest -= view.sections[kind].size;
	put_section(result, "header and padding", rest);
	for (int kind = 1; kind < ATL_SECTION_KINDS; kind++)
		if (view.sections[kind].size > 0)
			put_section(result, names[kind], view.sections[kind].size);
	return (Datum) 0;
}
