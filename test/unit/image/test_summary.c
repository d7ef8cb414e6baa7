/*
 * test_summary.c
 *		Spans and overviews, against every number looked at.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "random_document.h"
#include "support.h"
#include "tests.h"

#define MAX_FRAMES	20000
#define MAX_DIMS	3
#define MAX_BUCKETS	1500

typedef struct Made
{
	UnitTimeline timeline;
	AtlFeature	feature;
	double	   *numbers;		/* as they are read, frame after frame */
} Made;

static const char *const encodings[] = {
	"", "\"encoding\":\"f64\",", "\"encoding\":\"u8\",\"range\":[0,200],", "\"encoding\":\"i16\","
};

static void
append_values(AtlBuffer *json, uint32_t frames, uint32_t dims, bool missing)
{
	for (uint32_t i = 0; i < frames; i++)
	{
		unit_append(json, i > 0 ? ",[" : "[");
		for (uint32_t d = 0; d < dims; d++)
		{
			unit_append(json, d > 0 ? "," : "");
			if (missing && (unit_random_below(9) == 0 || i / 700 % 3 == 1))
				unit_append(json, "null");
			else
				unit_append_number(json, unit_random_below(200));
		}
		unit_append(json, "]");
	}
}

static bool
make(Made *made, const char *encoding, uint32_t frames, uint32_t dims, bool missing)
{
	UnitHost	host;
	AtlBuffer	json;
	bool		good;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	unit_append(&json, "{\"duration\":1,\"sampleRate\":1,\"features\":{\"f\":{%s\"hop\":1,\"dims\":%u,\"values\":[", encoding, dims);
	append_values(&json, frames, dims, missing);
	unit_append(&json, "]}}}");
	good = CHECK(unit_open(&made->timeline, (char *) json.bytes, json.size)) &&
		CHECK_INT(atl_feature_get(&made->timeline.view, 0, &made->feature), ATL_OK);
	made->numbers = malloc(sizeof(double) * (frames * dims + 1));
	if (good)
		CHECK_INT(atl_feature_read(&made->timeline.view, &made->feature, 0, frames, made->numbers), ATL_OK);
	atl_buffer_free(&json);
	return good;
}

static void
unmake(Made *made)
{
	free(made->numbers);
	unit_close(&made->timeline);
}

/* Frames [first, end) of some dims, one number after the other. */
static AtlBucket
reduce_naively(const Made *made, uint32_t dim, uint32_t num, uint32_t first, uint32_t end)
{
	AtlBucket	bucket;

	atl_bucket_begin(&bucket);
	for (uint32_t i = first; i < end; i++)
		for (uint32_t d = dim; d < dim + num; d++)
		{
			double		number = made->numbers[(size_t) i * made->feature.dims + d];

			if (isnan(number))
				continue;
			bucket.min = bucket.count == 0 ? number : fmin(bucket.min, number);
			bucket.max = bucket.count == 0 ? number : fmax(bucket.max, number);
			bucket.sum += number;
			bucket.count++;
		}
	return bucket;
}

static void
check_bucket(const AtlBucket *got, const AtlBucket *wanted)
{
	double		mean = atl_bucket_mean(wanted);

	CHECK_INT(got->count, wanted->count);
	CHECK_BITS(got->min, wanted->min);
	CHECK_BITS(got->max, wanted->max);
	CHECK(wanted->count == 0 ? isnan(atl_bucket_mean(got)) : fabs(atl_bucket_mean(got) - mean) <= 1e-6 * mean);
}

static void
check_spans(const Made *made)
{
	uint32_t	frames = made->feature.frames;

	for (int i = 0; i < 60; i++)
	{
		uint32_t	grain = i % 3 == 0 ? 1 : i % 3 == 1 ? 128 : 1024;
		uint32_t	first = unit_random_below(frames + 1) / grain * grain;
		uint32_t	end = i % 5 == 0 ? frames : first + unit_random_below(frames - first + 1) / grain * grain;
		uint32_t	dim = unit_random_below(made->feature.dims);
		uint32_t	num = 1 + unit_random_below(made->feature.dims - dim);
		AtlBucket	got;
		AtlBucket	wanted = reduce_naively(made, dim, num, first, end);

		unit_context("%u frames, dims %u + %u, frames %u to %u", frames, dim, num, first, end);
		atl_bucket_begin(&got);
		CHECK_INT(atl_feature_reduce(&made->timeline.view, &made->feature, dim, num, first, end, &got), ATL_OK);
		check_bucket(&got, &wanted);
	}
}

/* Overviews with and without moved bounds, of dims together and apart. */
static void
check_overview(const Made *made, uint32_t buckets, bool exact, bool together)
{
	uint32_t	frames = made->feature.frames;
	uint32_t	dims = made->feature.dims;
	uint32_t	width = together ? 1 : dims;
	uint32_t	first = unit_random_below(frames / 2 + 1);
	uint32_t	grain = atl_overview_grain(&made->timeline.view, &made->feature, frames - first, buckets);
	uint32_t	bounds[MAX_BUCKETS + 1];
	AtlBucket	out[MAX_BUCKETS * MAX_DIMS];
	AtlOverview overview = {0, dims, together, grain > 1, bounds, buckets, out};

	for (uint32_t i = 0; i <= buckets; i++)
	{
		bounds[i] = first + (uint32_t) ((uint64_t) (frames - first) * i / buckets);
		if (i > 0 && i < buckets && !exact)
			bounds[i] = bounds[i] / grain * grain < first ? first : bounds[i] / grain * grain;
	}
	for (uint32_t i = 0; i < buckets * width; i++)
		atl_bucket_begin(&out[i]);
	CHECK_INT(atl_feature_overview(&made->timeline.view, &made->feature, &overview), ATL_OK);
	for (uint32_t i = 0; i < buckets * width; i++)
	{
		AtlBucket	wanted = reduce_naively(made, i % width, together ? dims : 1, bounds[i / width], bounds[i / width + 1]);

		unit_context("%u frames, %u buckets, grain %u, bucket %u of %u", frames, buckets, grain, i / width, i % width);
		check_bucket(&out[i], &wanted);
	}
}

static void
check_overviews(const Made *made, uint32_t buckets)
{
	for (int how = 0; how < 4; how++)
		check_overview(made, buckets, how % 2 > 0, how / 2 > 0);
}

static void
test_all(void)
{
	static const uint32_t frames[] = {0, 1, 127, 128, 129, 512, 1025, 8193, MAX_FRAMES};

	for (size_t e = 0; e < sizeof(encodings) / sizeof(encodings[0]); e++)
		for (size_t f = 0; f < sizeof(frames) / sizeof(frames[0]); f++)
		{
			Made		made;

			if (make(&made, encodings[e], frames[f], 1 + unit_random_below(MAX_DIMS), f % 2 == e % 2))
			{
				check_spans(&made);
				check_overviews(&made, 1);
				check_overviews(&made, 7);
				check_overviews(&made, 60);
				check_overviews(&made, MAX_BUCKETS);
			}
			unmake(&made);
		}
}

/* The work of an overview is in its buckets, wherever their bounds are. */
static void
test_cost(void)
{
	uint32_t	bounds[33];
	AtlBucket	out[32];
	uint64_t	bytes[2][2];
	Made		made;

	for (int length = 0; length < 2; length++)
	{
		uint32_t	frames = MAX_FRAMES >> (1 - length);

		if (!make(&made, "", frames, 1, false))
			return;
		for (int exact = 0; exact < 2; exact++)
		{
			UnitSource	source;
			AtlView		view;
			uint32_t	grain;

			CHECK_INT(atl_view_open(&view, unit_source(&source, made.timeline.image.bytes, made.timeline.image.size)), ATL_OK);
			grain = atl_overview_grain(&view, &made.feature, frames, 32);
			CHECK_INT(grain, ATL_SUMMARY_FRAMES);
			for (uint32_t i = 0; i <= 32; i++)
				bounds[i] = i == 32 ? frames : exact ? frames / 32 * i : frames / 32 * i / grain * grain;
			for (uint32_t i = 0; i < 32; i++)
				atl_bucket_begin(&out[i]);
			CHECK_INT(atl_feature_overview(&view, &made.feature, &(AtlOverview) {0, 1, false, true, bounds, 32, out}), ATL_OK);
			bytes[length][exact] = source.fetched;
			unit_source_release(&source);
		}
		unmake(&made);
	}
	unit_context("%u and %u bytes; exact %u and %u", (unsigned) bytes[0][0], (unsigned) bytes[1][0],
				 (unsigned) bytes[0][1], (unsigned) bytes[1][1]);
	CHECK(bytes[0][0] < 3000 && bytes[1][0] < 6000);
	CHECK(bytes[0][1] < 100000 && bytes[1][1] < 2 * bytes[0][1]);
}

const UnitTest unit_summary_tests[] = {
	{"summary: spans and overviews of every length and encoding", test_all},
	{"summary: an overview reads nodes, not frames", test_cost},
	UNIT_END
};
