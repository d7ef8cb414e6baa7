/*
 * features.c
 *		Lookups of feature values.
 *
 * Each reads the head of the value, which has the feature's entry, and the
 * numbers it returns.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"

#include "pg/sql/sql.h"

PG_FUNCTION_INFO_V1(audio_timeline_feature);
PG_FUNCTION_INFO_V1(audio_timeline_feature_slice);
PG_FUNCTION_INFO_V1(audio_timeline_feature_frames);
PG_FUNCTION_INFO_V1(audio_timeline_value_at);
PG_FUNCTION_INFO_V1(audio_timeline_values_at);

void
timeline_check_window(double start_time, double end_time)
{
	if (isnan(start_time) || isnan(end_time))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid window"),
				 errdetail("A bound is NaN.")));
	if (start_time > end_time)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid window"),
				 errdetail("start_time is %g, past end_time %g.", start_time, end_time),
				 errhint("A window is [start_time, end_time), in seconds.")));
}

double
timeline_frame_time(const AtlView *view, const AtlFeature *feature, uint32_t frame)
{
	double		time = NAN;

	if (frame < feature->frames || !atl_feature_has_times(feature))
		timeline_check(atl_feature_time(view, feature, frame, &time));
	return time;
}

uint32_t
timeline_first_frame(const AtlView *view, const AtlFeature *feature, double t)
{
	uint32_t	frame;

	timeline_check(atl_feature_first_frame(view, feature, t, &frame));
	return frame;
}

/* The times of frames [first, first + count), which the feature has. */
static double *
frame_times(const AtlView *view, const AtlFeature *feature, uint32_t first, uint32_t count)
{
	double	   *numbers = palloc(Max((Size) count, 1) * sizeof(double));
	AtlFeature	times;

	if (atl_feature_has_times(feature))
	{
		timeline_check(atl_feature_times(view, feature, &times));
		timeline_check(atl_feature_read(view, &times, first, count, numbers));
		return numbers;
	}
	for (uint32_t i = 0; i < count; i++)
		numbers[i] = atl_clock_time(feature, first + i);
	return numbers;
}

/* Frames [first, first + count) of a feature, as the one row of a result. */
static void
put_frames(ReturnSetInfo *result, const AtlView *view, const AtlFeature *feature,
		   uint32_t first, uint32_t count)
{
	uint32_t	n = count * feature->dims;
	double	   *numbers;
	Datum		values[7];
	bool		nulls[7] = {false};

	timeline_check_array(n);
	numbers = palloc(Max((Size) n, 1) * sizeof(double));
	timeline_check(atl_feature_read(view, feature, first, count, numbers));
	values[0] = Int32GetDatum(first);
	values[1] = timeline_number_to_sql(timeline_frame_time(view, feature, first), &nulls[1]);
	values[2] = timeline_number_to_sql(atl_feature_rate(feature), &nulls[2]);
	values[3] = Int32GetDatum(count);
	values[4] = Int32GetDatum(feature->dims);
	values[5] = PointerGetDatum(timeline_number_array(numbers, n));
	nulls[6] = !atl_feature_has_times(feature);
	if (!nulls[6])
		values[6] = PointerGetDatum(timeline_number_array(frame_times(view, feature, first, count), count));
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	pfree(numbers);
}

Datum
audio_timeline_feature(PG_FUNCTION_ARGS)
{
	TimelineSource source;
	AtlView		view;
	AtlFeature	feature;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!timeline_open_feature(fcinfo, 2, &source, &view, &feature))
		return (Datum) 0;
	put_frames((ReturnSetInfo *) fcinfo->resultinfo, &view, &feature, 0, feature.frames);
	timeline_close(&source);
	return (Datum) 0;
}

/*
 * Open the feature of arguments 0 and 1, and find the frames [*first, *end) in
 * the window of arguments 2 and 3, which is open where a bound is NULL; false
 * if there is nothing to return.
 */
static bool
open_window(FunctionCallInfo fcinfo, TimelineSource *source, AtlView *view, AtlFeature *feature,
			uint32_t *first, uint32_t *end)
{
	double		start_time = PG_ARGISNULL(2) ? -INFINITY : PG_GETARG_FLOAT8(2);
	double		end_time = PG_ARGISNULL(3) ? INFINITY : PG_GETARG_FLOAT8(3);

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(4))
		return false;
	timeline_check_window(start_time, end_time);
	if (!timeline_open_feature(fcinfo, 4, source, view, feature))
		return false;
	*first = timeline_first_frame(view, feature, start_time);
	*end = timeline_first_frame(view, feature, end_time);
	return true;
}

Datum
audio_timeline_feature_slice(PG_FUNCTION_ARGS)
{
	TimelineSource source;
	AtlView		view;
	AtlFeature	feature;
	uint32_t	first;
	uint32_t	end;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!open_window(fcinfo, &source, &view, &feature, &first, &end))
		return (Datum) 0;
	put_frames((ReturnSetInfo *) fcinfo->resultinfo, &view, &feature, first, end - first);
	timeline_close(&source);
	return (Datum) 0;
}

/* Frames [first, end) of a feature, a row each. */
static void
put_frame_rows(ReturnSetInfo *result, const AtlView *view, const AtlFeature *feature, uint32_t first, uint32_t end)
{
	double	   *numbers = palloc(sizeof(double) * (end - first) * feature->dims);
	double	   *times = frame_times(view, feature, first, end - first);

	timeline_check(atl_feature_read(view, feature, first, end - first, numbers));
	for (uint32_t frame = first; frame < end; frame++)
	{
		ArrayType  *array = timeline_number_array(numbers + (Size) (frame - first) * feature->dims, feature->dims);
		Datum		values[3];
		bool		nulls[3] = {false};

		CHECK_FOR_INTERRUPTS();
		values[0] = Int32GetDatum(frame);
		values[1] = Float8GetDatum(times[frame - first]);
		values[2] = PointerGetDatum(array);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		pfree(array);
	}
	pfree(times);
	pfree(numbers);
}

/* A short window is read from the source that the call site keeps, a long one in batches. */
Datum
audio_timeline_feature_frames(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	TimelineSource source;
	AtlView		view;
	AtlFeature	feature;
	TimelineBatch batch;
	uint32_t	limit;
	uint32_t	first;
	uint32_t	end;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!open_window(fcinfo, &source, &view, &feature, &first, &end))
		return (Datum) 0;
	limit = timeline_batch_limit(&feature, feature.dims, first);
	if (end <= limit)
		put_frame_rows(result, &view, &feature, first, end);
	else
		for (; first < end; first = limit)
		{
			limit = Min(timeline_batch_limit(&feature, feature.dims, first), end);
			timeline_batch_begin(&batch, PG_GETARG_DATUM(0), &source, &view);
			put_frame_rows(result, &batch.view, &feature, first, limit);
			timeline_batch_end(&batch);
		}
	timeline_close(&source);
	return (Datum) 0;
}

AtlInterpolation
timeline_interpolation(text *name)
{
	static const char *const names[] = {"step", "linear", "nearest"};
	AtlText		given = timeline_text(name);

	for (int i = 0; i < lengthof(names); i++)
		if (strlen(names[i]) == given.size && memcmp(names[i], given.text, given.size) == 0)
			return (AtlInterpolation) i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown interpolation \"%s\"", text_to_cstring(name)),
			 errhint("Interpolations are step, linear and nearest.")));
}

/* Argument i as a dim counted from 0; may be NULL for a feature of one dim. */
uint32_t
timeline_dim(FunctionCallInfo fcinfo, int i, const AtlFeature *feature)
{
	int			dim = PG_ARGISNULL(i) ? 1 : PG_GETARG_INT32(i);

	if (PG_ARGISNULL(i) && feature->dims > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("dim must be given"),
				 errdetail("The feature has %u dims.", feature->dims),
				 errhint("Add dim => 1, or another up to dim => %u; values_at gives all of them.", feature->dims)));
	if (dim < 1 || dim > feature->dims)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("dim %d is out of range", dim),
				 errdetail_plural("The feature has %u dim, counted from 1.", "The feature has %u dims, counted from 1.",
								  feature->dims, feature->dims)));
	return dim - 1;
}

Datum
audio_timeline_value_at(PG_FUNCTION_ARGS)
{
	TimelineSource source;
	AtlView		view;
	AtlFeature	feature;
	AtlInterpolation interpolation;
	bool		found;
	double		numbers[2];

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3) || PG_ARGISNULL(5))
		PG_RETURN_NULL();
	interpolation = timeline_interpolation(PG_GETARG_TEXT_PP(3));
	if (!timeline_open_feature(fcinfo, 5, &source, &view, &feature))
		PG_RETURN_NULL();
	timeline_check(atl_feature_at(&view, &feature, timeline_dim(fcinfo, 4, &feature), 1, PG_GETARG_FLOAT8(2),
								  interpolation, numbers, &found));
	timeline_close(&source);
	if (!found || isnan(numbers[0]))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(numbers[0]);
}

/* A feature whose values are asked for. */
typedef struct Wanted
{
	AtlText		name;
	bool		found;
	AtlFeature	feature;
} Wanted;

/* All features, in order of name. */
static Wanted *
all_features(const AtlView *view, uint32_t *n)
{
	Wanted	   *list = timeline_alloc_array(view->num_features, sizeof(Wanted));

	for (*n = 0; *n < view->num_features; (*n)++)
	{
		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_feature_get(view, *n, &list[*n].feature));
		list[*n].name = list[*n].feature.name;
		list[*n].found = true;
	}
	return list;
}

/* The features that argument 2 asks for, in the order asked for. */
static Wanted *
chosen_features(FunctionCallInfo fcinfo, const AtlView *view, bool missing_ok, uint32_t *n)
{
	int			num;
	AtlText    *names = timeline_name_list(fcinfo, 2, &num);
	Wanted	   *list = timeline_alloc_array(num, sizeof(Wanted));

	for (*n = 0; *n < num; (*n)++)
	{
		CHECK_FOR_INTERRUPTS();
		list[*n].name = names[*n];
		list[*n].found = timeline_find_feature(view, names[*n], missing_ok, &list[*n].feature);
	}
	return list;
}

/* Prefetch the values of all features together: they lie side by side. */
static void
prefetch_values(const AtlView *view, const Wanted *list, uint32_t n, double t, AtlInterpolation interpolation)
{
	AtlRead    *reads = timeline_alloc_array(n, sizeof(AtlRead));
	uint32_t	num = 0;

	for (uint32_t i = 0; i < n; i++)
	{
		AtlRead		read = {&list[i].feature, 0, list[i].feature.dims, 0, 0};

		CHECK_FOR_INTERRUPTS();
		if (list[i].found)
			timeline_check(atl_feature_frames_at(view, read.feature, t, interpolation, &read.first, &read.count));
		if (read.count > 0)
			reads[num++] = read;
	}
	timeline_check(atl_features_prefetch(view, reads, num));
	pfree(reads);
}

/* One feature at t: its row, with NULL where it has no values. */
static void
put_values(ReturnSetInfo *result, const AtlView *view, const Wanted *wanted, double t, AtlInterpolation interpolation)
{
	Datum		row[2];
	bool		nulls[2] = {false, true};
	double	   *numbers = NULL;
	bool		found = false;

	if (wanted->found)
	{
		numbers = palloc(2 * sizeof(double) * wanted->feature.dims);
		timeline_check(atl_feature_at(view, &wanted->feature, 0, wanted->feature.dims, t, interpolation,
									  numbers, &found));
	}
	CHECK_FOR_INTERRUPTS();
	row[0] = PointerGetDatum(timeline_text_to_sql(wanted->name));
	row[1] = found ? PointerGetDatum(timeline_number_array(numbers, wanted->feature.dims)) : (Datum) 0;
	nulls[1] = !found;
	tuplestore_putvalues(result->setResult, result->setDesc, row, nulls);
	pfree(DatumGetPointer(row[0]));
	if (found)
		pfree(DatumGetPointer(row[1]));
	if (numbers != NULL)
		pfree(numbers);
}

Datum
audio_timeline_values_at(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	TimelineSource source;
	AtlView		view;
	AtlInterpolation interpolation;
	Wanted	   *list;
	uint32_t	n;
	double		t;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3) || PG_ARGISNULL(4))
		return (Datum) 0;
	t = PG_GETARG_FLOAT8(1);
	interpolation = timeline_interpolation(PG_GETARG_TEXT_PP(3));
	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEAD, &source, &view);
	list = PG_ARGISNULL(2) ? all_features(&view, &n) : chosen_features(fcinfo, &view, PG_GETARG_BOOL(4), &n);
	prefetch_values(&view, list, n, t, interpolation);
	for (uint32_t i = 0; i < n; i++)
		put_values(result, &view, &list[i], t, interpolation);
	timeline_close(&source);
	return (Datum) 0;
}
