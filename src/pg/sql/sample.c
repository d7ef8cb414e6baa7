/*
 * sample.c
 *		Features at evenly spaced instants: the frames of a renderer.
 */
#include "postgres.h"

#include <math.h>

#include "common/int.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/base/bytes.h"
#include "pg/sql/sql.h"

PG_FUNCTION_INFO_V1(audio_timeline_sample_frames);
PG_FUNCTION_INFO_V1(audio_timeline_sample_frames_bytes);

/* A call's arguments and features, and the numbers: n x dims, by frame. */
typedef struct Samples
{
	double		fps;
	int32		first;			/* frame of the renderer */
	int32		n;
	AtlInterpolation interpolation;
	AtlFeature *features;
	int			num_features;
	uint32_t	dims;			/* of all features */
	double	   *numbers;
} Samples;

static void
get_arguments(FunctionCallInfo fcinfo, Samples *samples)
{
	int32		last;

	samples->fps = PG_GETARG_FLOAT8(1);
	samples->first = PG_GETARG_INT32(2);
	samples->n = PG_GETARG_INT32(3);
	samples->interpolation = timeline_interpolation(PG_GETARG_TEXT_PP(5));
	if (!(samples->fps > 0) || isinf(samples->fps))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid frame rate"),
				 errdetail("fps is %g, must be a positive finite number.", samples->fps)));
	if (samples->n < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid number of frames"),
				 errdetail("frames is %d, must not be negative.", samples->n)));
	if (pg_add_s32_overflow(samples->first, samples->n, &last))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("integer out of range")));
}

/*
 * The features that argument 4 asks for.  A missing one, where that is allowed,
 * has a column too, so that each number stays in its place: that of a feature
 * of one dim without frames.
 */
static void
get_chosen_features(FunctionCallInfo fcinfo, const AtlView *view, Samples *samples)
{
	AtlText    *names = timeline_name_list(fcinfo, 4, &samples->num_features);

	samples->features = timeline_alloc_array(samples->num_features, sizeof(AtlFeature));
	for (int i = 0; i < samples->num_features; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!timeline_find_feature(view, names[i], PG_GETARG_BOOL(6), &samples->features[i]))
			samples->features[i] = (AtlFeature) {.dims = 1, .block_frames = 1};
	}
}

static void
get_all_features(const AtlView *view, Samples *samples)
{
	samples->num_features = view->num_features;
	samples->features = timeline_alloc_array(view->num_features, sizeof(AtlFeature));
	for (int i = 0; i < samples->num_features; i++)
	{
		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_feature_get(view, i, &samples->features[i]));
	}
}

static double
frame_time(const Samples *samples, int32 i)
{
	return (samples->first + i) / samples->fps;
}

/* Most blocks of a feature to prefetch: more are read block by block. */
#define MAX_BLOCKS	4

/* The last frame needed: the frame after the last instant, for linear. */
static uint32_t
last_frame(const AtlView *view, const Samples *samples, const AtlFeature *feature)
{
	return timeline_first_frame(view, feature, frame_time(samples, samples->n - 1));
}

/* Prefetch the frames of all features together. */
static void
prefetch_samples(const AtlView *view, const Samples *samples)
{
	AtlRead    *reads = timeline_alloc_array(samples->num_features, sizeof(AtlRead));
	uint32_t	num = 0;

	for (int i = 0; i < samples->num_features && samples->n > 0; i++)
	{
		const AtlFeature *feature = &samples->features[i];
		uint32_t	first = timeline_first_frame(view, feature, frame_time(samples, 0));
		uint32_t	last = last_frame(view, samples, feature);
		AtlRead		read = {feature, 0, feature->dims};

		CHECK_FOR_INTERRUPTS();

		/*
		 * The frame before the first instant may be the one that counts
		 * there.
		 */
		read.first = first > 0 ? first - 1 : 0;
		read.count = Min(last + 1, feature->frames) - Min(read.first, feature->frames);
		if (read.count > 0 && read.count <= MAX_BLOCKS * feature->block_frames)
			reads[num++] = read;
	}
	timeline_check(atl_features_prefetch(view, reads, num));
	pfree(reads);
}

/* One feature's numbers at all instants, into their columns. */
static void
sample_feature(const AtlView *view, const Samples *samples, const AtlFeature *feature, uint32_t column)
{
	AtlSampler	sampler;
	double	   *block = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * (Size) atl_sampler_size(feature));

	atl_sampler_begin(&sampler, view, feature, last_frame(view, samples, feature) + 1, block);
	for (int32 i = 0; i < samples->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_sampler_at(&sampler, frame_time(samples, i), samples->interpolation,
									  samples->numbers + (Size) i * samples->dims + column));
	}
	pfree(block);
}

/* Sample as the arguments say; false if a NULL among them leaves nothing to do. */
static bool
sample(FunctionCallInfo fcinfo, Samples *samples)
{
	TimelineSource source;
	AtlView		view;
	uint64		dims = 0;
	uint32_t	column = 0;

	for (int i = 0; i < 7; i++)
		if (i != 4 && PG_ARGISNULL(i))
			return false;
	get_arguments(fcinfo, samples);
	timeline_open(fcinfo->flinfo, PG_GETARG_DATUM(0), TIMELINE_HEAD, &source, &view);
	if (PG_ARGISNULL(4))
		get_all_features(&view, samples);
	else
		get_chosen_features(fcinfo, &view, samples);
	for (int i = 0; i < samples->num_features; i++)
		dims += samples->features[i].dims;
	if (dims > MaxAllocSize / sizeof(double) / Max(samples->n, 1))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many numbers to sample"),
				 errdetail("There are %d frames of " UINT64_FORMAT " numbers.", samples->n, dims),
				 errhint("Ask for fewer frames or features at a time.")));
	samples->dims = (uint32_t) dims;
	samples->numbers = palloc(sizeof(double) * Max(dims * samples->n, 1));
	prefetch_samples(&view, samples);
	for (int i = 0; i < samples->num_features; i++)
	{
		sample_feature(&view, samples, &samples->features[i], column);
		column += samples->features[i].dims;
	}
	timeline_close(&source);
	return true;
}

Datum
audio_timeline_sample_frames(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Samples		samples;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!sample(fcinfo, &samples))
		return (Datum) 0;
	for (int32 i = 0; i < samples.n; i++)
	{
		ArrayType  *array = timeline_number_array(samples.numbers + (Size) i * samples.dims, samples.dims);
		Datum		values[3];
		bool		nulls[3] = {false};

		CHECK_FOR_INTERRUPTS();
		values[0] = Int32GetDatum(samples.first + i);
		values[1] = Float8GetDatum(frame_time(&samples, i));
		values[2] = PointerGetDatum(array);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		pfree(array);
	}
	return (Datum) 0;
}

/* The same numbers as float32, little-endian; missing ones are NaN. */
Datum
audio_timeline_sample_frames_bytes(PG_FUNCTION_ARGS)
{
	Samples		samples;
	Size		n;
	bytea	   *bytes;

	if (!sample(fcinfo, &samples))
		PG_RETURN_NULL();
	n = (Size) samples.n * samples.dims;
	bytes = palloc(VARHDRSZ + n * sizeof(float));
	SET_VARSIZE(bytes, VARHDRSZ + n * sizeof(float));
	for (Size i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		atl_store_u32((uint8_t *) VARDATA(bytes) + i * sizeof(float), isnan(samples.numbers[i]) ?
					  ATL_NAN_NUMBER_32 : atl_f32_bits((float) samples.numbers[i]));
	}
	PG_RETURN_BYTEA_P(bytes);
}
