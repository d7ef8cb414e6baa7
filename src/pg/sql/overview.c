/*
 * overview.c
 *		Features reduced: overview and feature_stats.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
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

/* Open argument 0, find feature argument 1; false, and closed, if absent. */
static bool
open_feature(FunctionCallInfo fcinfo, TimelineSource *source, AtlView *view, AtlFeature *feature)
{
	bool		found;

	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEAD, source, view);
	timeline_check(atl_feature_find(view, timeline_text(PG_GETARG_TEXT_PP(1)), &found, feature));
	if (!found)
		timeline_close(source);
	return found;
}

/*
 * A wide feature has no summary: all its frames in the window are read.  A
 * source keeps all bytes it has read, so each batch of frames has a source of
 * its own.  A batch has about BATCH_BYTES; frames and numbers are limited
 * because a batch has no check for interrupts inside.
 */
#define BATCH_BYTES		(4 * 1024 * 1024)
#define BATCH_FRAMES	16384
#define BATCH_NUMBERS	(2 * 1024 * 1024)

/* One batch; a value that is in memory as a whole is not opened again. */
static void
reduce_batch(FunctionCallInfo fcinfo, const TimelineSource *source, const AtlView *view, const AtlFeature *feature,
			 const Span *span, const uint32_t *bounds, uint32_t buckets, AtlBucket *out)
{
	MemoryContext batch = AllocSetContextCreate(CurrentMemoryContext, "audio_timeline batch", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(batch);
	TimelineSource own = {NULL};
	AtlView		own_view = *view;

	CHECK_FOR_INTERRUPTS();
	if (source->head == NULL)
		timeline_open(NULL, PG_GETARG_DATUM(0), TIMELINE_HEAD, &own, &own_view);
	timeline_check(atl_feature_overview(&own_view, feature, span->dim, span->num_dims, 1, bounds, buckets, out));
	timeline_close(&own);
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(batch);
}

/* Buckets of a wide feature, batch by batch. */
static void
reduce_wide(FunctionCallInfo fcinfo, const TimelineSource *source, const AtlView *view, const AtlFeature *feature,
			const Span *span, const uint32_t *bounds, uint32_t buckets, AtlBucket *out)
{
	uint32_t	frame_size = feature->data_size / Max(feature->frames, 1) + 1;
	uint32_t	batch = Min(Max(BATCH_BYTES / frame_size, 1), Min(BATCH_FRAMES, BATCH_NUMBERS / span->num_dims));
	uint32_t   *part = palloc_extended(sizeof(uint32_t) * ((Size) buckets + 1), MCXT_ALLOC_HUGE);
	uint32_t	bucket = 0;
	uint32_t	end;

	for (uint32_t first = bounds[0]; first < bounds[buckets]; first = end)
	{
		uint32_t	n = 0;

		end = Min(first + batch, bounds[buckets]);
		while (bounds[bucket + 1] <= first)
			bucket++;
		part[0] = first;
		while (part[n] < end)
		{
			n++;
			part[n] = Min(bounds[bucket + n], end);
		}
		reduce_batch(fcinfo, source, view, feature, span, part, n, out + bucket);
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

static int32
get_buckets(FunctionCallInfo fcinfo)
{
	int32		buckets = PG_GETARG_INT32(2);

	if (buckets < 1 || buckets > MaxAllocSize / sizeof(AtlBucket))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid number of buckets"),
				 errdetail("It is %d, must be from 1 to %d.", buckets, (int) (MaxAllocSize / sizeof(AtlBucket)))));
	return buckets;
}

/* An overview takes all dims of peaks together; of others it takes one. */
static void
get_overview_dims(FunctionCallInfo fcinfo, const AtlFeature *feature, Span *span)
{
	bool		peaks = feature->kind.size == 5 && memcmp(feature->kind.text, "peaks", 5) == 0;

	span->dim = 0;
	span->num_dims = feature->dims;
	if (PG_ARGISNULL(5) && peaks)
		return;
	span->dim = timeline_dim(fcinfo, 5, feature);
	span->num_dims = 1;
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

static void
put_bucket(ReturnSetInfo *result, int32 i, const double *times, uint32_t frames, const AtlBucket *bucket)
{
	Datum		values[7];
	bool		nulls[7] = {false};

	CHECK_FOR_INTERRUPTS();
	values[0] = Int32GetDatum(i + 1);
	values[1] = Float8GetDatum(times[i]);
	values[2] = Float8GetDatum(times[i + 1]);
	values[3] = Int32GetDatum(frames);
	values[4] = timeline_number_to_sql(bucket->min, &nulls[4]);
	values[5] = timeline_number_to_sql(bucket->max, &nulls[5]);
	values[6] = timeline_number_to_sql(atl_bucket_mean(bucket), &nulls[6]);
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
	int32		buckets;
	uint32_t	grain;
	uint32_t   *bounds;
	double	   *times;
	AtlBucket  *out;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return (Datum) 0;
	buckets = get_buckets(fcinfo);
	if (!open_feature(fcinfo, &source, &view, &feature))
		return (Datum) 0;
	get_window(fcinfo, 3, &view, &feature, &span);
	require_finite(&span);
	get_overview_dims(fcinfo, &feature, &span);
	grain = atl_overview_grain(&view, &feature, span.end - span.first, buckets);
	bounds = palloc(sizeof(uint32_t) * ((Size) buckets + 1));
	times = palloc(sizeof(double) * ((Size) buckets + 1));
	out = palloc(sizeof(AtlBucket) * (Size) buckets);
	make_bounds(&view, &feature, &span, grain, buckets, bounds, times);
	for (int32 i = 0; i < buckets; i++)
	{
		CHECK_FOR_INTERRUPTS();
		atl_bucket_begin(&out[i]);
	}
	if (atl_feature_is_wide(&feature))
		reduce_wide(fcinfo, &source, &view, &feature, &span, bounds, buckets, out);
	else
		timeline_check(atl_feature_overview(&view, &feature, span.dim, span.num_dims, grain, bounds, buckets, out));
	timeline_close(&source);
	for (int32 i = 0; i < buckets; i++)
		put_bucket(result, i, times, bounds[i + 1] - bounds[i], &out[i]);
	return (Datum) 0;
}


/*
 * feature_stats
 */

static void
get_stats_dims(FunctionCallInfo fcinfo, const AtlFeature *feature, Span *span)
{
	span->dim = PG_ARGISNULL(4) ? 0 : timeline_dim(fcinfo, 4, feature);
	span->num_dims = PG_ARGISNULL(4) ? feature->dims : 1;
}

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
		reduce_wide(fcinfo, source, view, feature, span, bounds, 1, bucket);
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
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || !open_feature(fcinfo, &source, &view, &feature))
		return (Datum) 0;
	get_window(fcinfo, 2, &view, &feature, &span);
	get_stats_dims(fcinfo, &feature, &span);
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
