/*
 * overview.c
 *		Features reduced: overview and feature_stats.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "pg/sql/sql.h"

PG_FUNCTION_INFO_V1(audio_timeline_overview);
PG_FUNCTION_INFO_V1(audio_timeline_feature_stats);

/* The part of a feature that is to be reduced. */
typedef struct Span
{
	double		start_time;
	double		end_time;
	uint32_t	dim;
	uint32_t	num_dims;
	bool		together;		/* dims share their buckets */
	uint32_t	first;			/* frames [first, end) */
	uint32_t	end;
} Span;

/* The window of arguments arg and arg + 1; NULL is the feature's own bound. */
static void
get_window(FunctionCallInfo fcinfo, int arg, const AtlView *view, const AtlFeature *feature, Span *span)
{
	timeline_check(atl_feature_end_time(view, feature, &span->end_time));
	span->start_time = feature->frames > 0 ? timeline_frame_time(view, feature, 0) : span->end_time;
	if (!PG_ARGISNULL(arg))
		span->start_time = PG_GETARG_FLOAT8(arg);
	if (!PG_ARGISNULL(arg + 1))
		span->end_time = PG_GETARG_FLOAT8(arg + 1);

	/* A given bound may lie beyond the bound that NULL stands for. */
	if (PG_ARGISNULL(arg) && span->start_time > span->end_time)
		span->start_time = span->end_time;
	if (PG_ARGISNULL(arg + 1) && span->start_time > span->end_time)
		span->end_time = span->start_time;
	timeline_check_window(span->start_time, span->end_time);
	span->first = timeline_first_frame(view, feature, span->start_time);
	/* A feature with times may have its last frame at the very end. */
	span->end = PG_ARGISNULL(arg + 1) ? feature->frames : timeline_first_frame(view, feature, span->end_time);
	span->end = Max(span->end, span->first);
}

/* Dims: the one that argument arg says, or all. */
static void
get_dims(FunctionCallInfo fcinfo, int arg, const AtlFeature *feature, Span *span)
{
	span->dim = PG_ARGISNULL(arg) ? 0 : timeline_dim(fcinfo, arg, feature);
	span->num_dims = PG_ARGISNULL(arg) ? feature->dims : 1;
}

/* A wide feature has no summary: all its frames in the window are read, batch by batch. */
static void
reduce_wide(FunctionCallInfo fcinfo, const TimelineSource *source, const AtlView *view, const AtlFeature *feature,
			const AtlOverview *whole)
{
	const uint32_t *bounds = whole->bounds;
	uint32_t	last = bounds[whole->buckets];
	uint32_t   *part = palloc_extended(sizeof(uint32_t) * ((Size) whole->buckets + 1), MCXT_ALLOC_HUGE);
	uint32_t	bucket = 0;
	uint32_t	end;

	for (uint32_t first = bounds[0]; first < last; first = end)
	{
		AtlOverview overview = *whole;
		TimelineBatch batch;

		end = Min(timeline_batch_limit(feature, whole->num, first), last);
		while (bounds[bucket + 1] <= first)
			bucket++;
		overview.bounds = part;
		overview.buckets = 0;
		overview.out += (Size) bucket * atl_overview_width(whole);
		part[0] = first;
		while (part[overview.buckets] < end)
		{
			overview.buckets++;
			part[overview.buckets] = Min(bounds[bucket + overview.buckets], end);
		}
		timeline_batch_begin(&batch, PG_GETARG_DATUM(0), source, view);
		timeline_check(atl_feature_overview(&batch.view, feature, &overview));
		timeline_batch_end(&batch);
	}
	pfree(part);
}


/*
 * overview
 */

/* An endless window cannot be divided. */
static void
require_finite(const Span *span)
{
	if (isinf(span->start_time) || isinf(span->end_time))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid window"),
				 errdetail("A bound is infinite."),
				 errhint("Leave it out, for all there is on that side.")));
}

#define MAX_BUCKETS		((int) (MaxAllocSize / sizeof(AtlBucket)))

static int32
get_buckets(FunctionCallInfo fcinfo)
{
	int32		buckets = PG_GETARG_INT32(2);

	if (buckets < 1 || buckets > MAX_BUCKETS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid number of buckets"),
				 errdetail("It is %d, must be from 1 to %d.", buckets, MAX_BUCKETS)));
	return buckets;
}

/* Each of all dims has buckets of its own; but those of peaks are taken together. */
static void
get_overview_dims(FunctionCallInfo fcinfo, const AtlFeature *feature, int32 buckets, Span *span)
{
	bool		peaks = feature->kind.size == 5 && memcmp(feature->kind.text, "peaks", 5) == 0;

	get_dims(fcinfo, 5, feature, span);
	span->together = peaks && span->num_dims > 1;
	if (!span->together && span->num_dims > MAX_BUCKETS / buckets)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many buckets"),
				 errdetail("There are %d for each of %u dims.", buckets, span->num_dims),
				 errhint("Ask for fewer buckets, or for one dim.")));
}

/* Where bucket i begins if the window is divided equally. */
static double
bound_time(const Span *span, int32 i, int32 buckets)
{
	if (i == 0)
		return span->start_time;
	return i == buckets ? span->end_time :
		span->start_time + (span->end_time - span->start_time) * ((double) i / buckets);
}

/*
 * Bounds of buckets in frames and in seconds.  With a grain, bounds inside the
 * window move to frames that are multiples of the grain, and get the times of
 * those frames.
 */
static void
make_bounds(const AtlView *view, const AtlFeature *feature, const Span *span, uint32_t grain, int32 buckets,
			uint32_t *bounds, double *times)
{
	for (int32 i = 0; i <= buckets; i++)
	{
		CHECK_FOR_INTERRUPTS();
		times[i] = bound_time(span, i, buckets);
		bounds[i] = i == buckets ? span->end : timeline_first_frame(view, feature, times[i]);
		if (grain > 1 && bounds[i] > span->first && bounds[i] < span->end)
		{
			bounds[i] = (uint32_t) (((uint64) bounds[i] + grain / 2) / grain * grain);
			bounds[i] = Min(Max(bounds[i], span->first), span->end);
			times[i] = timeline_frame_time(view, feature, bounds[i]);
		}
		if (i > 0)
			times[i] = Max(times[i], times[i - 1]);
	}
}

/* An overview as it is put together: bounds, and the buckets between them. */
typedef struct Buckets
{
	AtlOverview overview;
	uint32_t   *bounds;
	double	   *times;
} Buckets;

/* Divide the span; bounds do not move from their place if they are exact. */
static void
begin_buckets(const AtlView *view, const AtlFeature *feature, const Span *span, int32 buckets, bool exact,
			  Buckets *made)
{
	uint32_t	grain = atl_overview_grain(view, feature, span->end - span->first, buckets);
	AtlOverview *overview = &made->overview;
	Size		num;

	*overview = (AtlOverview) {span->dim, span->num_dims, span->together, grain > 1, NULL, buckets};
	num = (Size) buckets * atl_overview_width(overview);
	made->bounds = palloc(sizeof(uint32_t) * ((Size) buckets + 1));
	made->times = palloc(sizeof(double) * ((Size) buckets + 1));
	overview->bounds = made->bounds;
	overview->out = palloc(sizeof(AtlBucket) * num);
	make_bounds(view, feature, span, exact ? 1 : grain, buckets, made->bounds, made->times);
	for (Size i = 0; i < num; i++)
	{
		CHECK_FOR_INTERRUPTS();
		atl_bucket_begin(&overview->out[i]);
	}
}

/* Bucket i of column d: the row of a dim, or of dims together. */
static void
put_bucket(ReturnSetInfo *result, const Buckets *made, uint32_t d, uint32_t i)
{
	const AtlOverview *overview = &made->overview;
	const AtlBucket *bucket = &overview->out[(Size) i * atl_overview_width(overview) + d];
	Datum		values[8];
	bool		nulls[8] = {false};

	CHECK_FOR_INTERRUPTS();
	values[0] = Int32GetDatum(i + 1);
	values[1] = Float8GetDatum(made->times[i]);
	values[2] = Float8GetDatum(made->times[i + 1]);
	values[3] = Int32GetDatum(made->bounds[i + 1] - made->bounds[i]);
	values[4] = timeline_number_to_sql(bucket->min, &nulls[4]);
	values[5] = timeline_number_to_sql(bucket->max, &nulls[5]);
	values[6] = timeline_number_to_sql(atl_bucket_mean(bucket), &nulls[6]);
	values[7] = Int32GetDatum(overview->dim + d + 1);
	nulls[7] = overview->together;
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
audio_timeline_overview(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	TimelineSource source;
	AtlView		view;
	AtlFeature	feature;
	Span		span;
	Buckets		made;
	int32		buckets;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(6) || PG_ARGISNULL(7))
		return (Datum) 0;
	buckets = get_buckets(fcinfo);
	if (!timeline_open_feature(fcinfo, 7, &source, &view, &feature))
		return (Datum) 0;
	get_window(fcinfo, 3, &view, &feature, &span);
	require_finite(&span);
	get_overview_dims(fcinfo, &feature, buckets, &span);
	begin_buckets(&view, &feature, &span, buckets, PG_GETARG_BOOL(6), &made);
	if (atl_feature_is_wide(&feature))
		reduce_wide(fcinfo, &source, &view, &feature, &made.overview);
	else
		timeline_check(atl_feature_overview(&view, &feature, &made.overview));
	timeline_close(&source);
	for (uint32_t d = 0; d < atl_overview_width(&made.overview); d++)
		for (int32 i = 0; i < buckets; i++)
			put_bucket(result, &made, d, i);
	return (Datum) 0;
}


/*
 * feature_stats
 */

/* Reduce a span; a whole feature comes from its entry, with the exact mean. */
static void
reduce_span(FunctionCallInfo fcinfo, const TimelineSource *source, const AtlView *view, const AtlFeature *feature,
			const Span *span, AtlBucket *bucket, double *mean)
{
	uint32_t	bounds[2] = {span->first, span->end};

	atl_bucket_begin(bucket);
	if (span->num_dims == feature->dims && span->first == 0 && span->end == feature->frames)
	{
		bucket->count = feature->frames * feature->dims - feature->missing;
		bucket->min = feature->min;
		bucket->max = feature->max;
		*mean = feature->mean;
		return;
	}
	if (atl_feature_is_wide(feature))
		reduce_wide(fcinfo, source, view, feature,
					&(AtlOverview) {span->dim, span->num_dims, true, false, bounds, 1, bucket});
	else
		timeline_check(atl_feature_reduce(view, feature, span->dim, span->num_dims, span->first, span->end, bucket));
	*mean = atl_bucket_mean(bucket);
}

Datum
audio_timeline_feature_stats(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	TimelineSource source;
	AtlView		view;
	AtlFeature	feature;
	Span		span;
	AtlBucket	bucket;
	double		mean;
	Datum		values[5];
	bool		nulls[5] = {false};

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(5) ||
		!timeline_open_feature(fcinfo, 5, &source, &view, &feature))
		return (Datum) 0;
	get_window(fcinfo, 2, &view, &feature, &span);
	get_dims(fcinfo, 4, &feature, &span);
	reduce_span(fcinfo, &source, &view, &feature, &span, &bucket, &mean);
	timeline_close(&source);
	values[0] = Int32GetDatum(span.end - span.first);
	values[1] = Int32GetDatum((span.end - span.first) * span.num_dims - bucket.count);
	values[2] = timeline_number_to_sql(bucket.min, &nulls[2]);
	values[3] = timeline_number_to_sql(bucket.max, &nulls[3]);
	values[4] = timeline_number_to_sql(mean, &nulls[4]);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	return (Datum) 0;
}
