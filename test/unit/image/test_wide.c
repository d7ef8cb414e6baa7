/*
 * test_wide.c
 *		Lookups of features of many dims, against every number looked at.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/base64.h"
#include "core/base/bytes.h"
#include "read_all.h"
#include "tests.h"
#include "wide.h"

static const uint32_t many_dims[] = {33, 64, 128, 513, 768, 1025, 6144, 65535};

#define NUM_DIMS	(sizeof(many_dims) / sizeof(many_dims[0]))

/* A feature and what it was made of. */
typedef struct Made
{
	WideShape	shape;
	UnitTimeline timeline;
	AtlFeature	feature;
	double	   *numbers;		/* room for all, and a frame more */
} Made;

static bool
make(Made *made, const WideShape *shape)
{
	made->shape = *shape;
	made->numbers = malloc(((size_t) shape->frames + 1) * shape->dims * sizeof(double));
	return wide_open(&made->timeline, shape) &&
		CHECK_INT(atl_feature_get(&made->timeline.view, 0, &made->feature), ATL_OK);
}

static void
unmake(Made *made)
{
	free(made->numbers);
	unit_close(&made->timeline);
}

static double
wanted_number(const Made *made, uint32_t frame, uint32_t dim)
{
	return wide_is_null(&made->shape, frame) ? atl_bits_f64(ATL_NAN_FRAME_64) : wide_number(&made->shape, frame, dim) + 0.0;
}

static bool
same_bits(double a, double b)
{
	return atl_f64_bits(a) == atl_f64_bits(b);
}

/* Dims [dim, dim + num) of frames [first, first + count). */
static void
check_read(Made *made, const AtlView *view, uint32_t dim, uint32_t num, uint32_t first, uint32_t count)
{
	uint64_t	wrong = 0;

	unit_context("%s, %u dims: dims %u + %u, frames %u + %u", made->shape.kind->name, made->shape.dims, dim, num, first, count);
	if (!CHECK_INT(atl_feature_read_dims(view, &made->feature, dim, num, first, count, made->numbers), ATL_OK))
		return;
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t d = 0; d < num; d++)
			wrong += !same_bits(made->numbers[(size_t) i * num + d], wanted_number(made, first + i, dim + d));
	CHECK_INT(wrong, 0);
}

/* Some frames, some dims: all of them, one, and any; in memory, in pieces and with a memo. */
static void
check_reads(Made *made)
{
	uint32_t	frames = made->shape.frames;
	uint32_t	dims = made->shape.dims;
	AtlMemo		memo = {.num_words = 0};
	AtlView		memory;
	AtlView		remembering = made->timeline.view;

	remembering.memo = &memo;
	CHECK_INT(atl_view_open(&memory, atl_memory_source(made->timeline.image.bytes, made->timeline.image.size)), ATL_OK);
	check_read(made, &made->timeline.view, 0, dims, 0, frames);
	for (int i = 0; i < 24; i++)
	{
		const AtlView *view = i % 3 == 0 ? &made->timeline.view : i % 3 == 1 ? &memory : &remembering;
		uint32_t	first = unit_random_below(frames);
		uint32_t	dim = unit_random_below(dims);

		check_read(made, view, dim, 1, first, 1);
		check_read(made, view, dim, 1, first, frames - first);
		check_read(made, view, dim, 1 + unit_random_below(dims - dim), first, 1 + unit_random_below(frames - first));
		check_read(made, view, 0, dims, first, 1);
	}
	CHECK_INT(atl_feature_read(&memory, &made->feature, frames, 1, made->numbers), ATL_DAMAGED);
	CHECK_INT(atl_feature_read_dims(&memory, &made->feature, dims, 1, 0, 1, made->numbers), ATL_DAMAGED);
}

/* At any time, the numbers of the frame that counts there, or of those around it. */
static void
check_instants(Made *made)
{
	const AtlFeature *feature = &made->feature;
	uint32_t	dims = made->shape.dims;
	double	   *at = malloc(2 * dims * sizeof(double));
	double	   *row = malloc(dims * sizeof(double));
	double	   *kept = malloc((size_t) atl_sampler_size(feature) * sizeof(double));

	for (int how = ATL_STEP; how <= ATL_NEAREST; how++)
	{
		AtlSampler	sampler;
		uint64_t	wrong = 0;

		atl_sampler_begin(&sampler, &made->timeline.view, feature, feature->frames, kept);
		for (int i = 0; i < 12; i++)
		{
			double		t = made->timeline.view.duration * i / 12;
			uint32_t	dim = unit_random_below(dims);
			uint32_t	frame = 0;
			double		one[2];
			bool		found;
			uint32_t	count = 0;

			CHECK_INT(atl_feature_frames_at(&made->timeline.view, feature, t, (AtlInterpolation) how, &frame, &count), ATL_OK);
			unit_context("%s, %u dims: at %g, interpolation %d", made->shape.kind->name, dims, t, how);
			CHECK_INT(atl_feature_at(&made->timeline.view, feature, 0, dims, t, (AtlInterpolation) how, at, &found), ATL_OK);
			CHECK_INT(atl_sampler_at(&sampler, t, (AtlInterpolation) how, row), ATL_OK);
			CHECK(found && count > 0);
			for (uint32_t d = 0; d < dims; d++)
				wrong += !same_bits(at[d], row[d]) && !(isnan(at[d]) && isnan(row[d]));
			for (uint32_t d = 0; d < dims && count == 1; d++)
				wrong += !same_bits(at[d], wanted_number(made, frame, d));
			CHECK_INT(atl_feature_at(&made->timeline.view, feature, dim, 1, t, (AtlInterpolation) how, one, &found), ATL_OK);
			CHECK(same_bits(one[0], at[dim]) || (isnan(one[0]) && isnan(at[dim])));
		}
		CHECK_INT(wrong, 0);
	}
	free(at);
	free(row);
	free(kept);
}

static AtlBucket
reduce_naively(const Made *made, uint32_t dim, uint32_t num, uint32_t first, uint32_t end)
{
	AtlBucket	bucket;

	atl_bucket_begin(&bucket);
	for (uint32_t i = first; i < end; i++)
		for (uint32_t d = dim; d < dim + num; d++)
			atl_bucket_add(&bucket, &(double) {wanted_number(made, i, d)}, 1);
	return bucket;
}

static void
check_bucket(const AtlBucket *got, const AtlBucket *wanted)
{
	CHECK_INT(got->count, wanted->count);
	CHECK_BITS(got->min, wanted->min);
	CHECK_BITS(got->max, wanted->max);
	CHECK(fabs(got->sum - wanted->sum) <= 1e-12 * fabs(wanted->sum) * (1 + wanted->count) || !isfinite(wanted->sum) ||
		  fabs(wanted->sum) < fabs(wanted->max) || fabs(wanted->sum) < fabs(wanted->min));
}

/* Dims with buckets each: what each dim has alone, to the bit. */
static void
check_apart(Made *made, uint32_t dim, uint32_t num, const uint32_t *bounds, uint32_t buckets)
{
	AtlBucket  *out = malloc(sizeof(AtlBucket) * buckets * num);
	uint32_t	wrong = 0;

	for (uint32_t i = 0; i < buckets * num; i++)
		atl_bucket_begin(&out[i]);
	CHECK_INT(atl_feature_overview(&made->timeline.view, &made->feature,
								   &(AtlOverview) {dim, num, false, false, bounds, buckets, out}), ATL_OK);
	for (uint32_t i = 0; i < buckets; i++)
		for (uint32_t d = 0; d < num; d++)
		{
			AtlBucket	wanted = reduce_naively(made, dim + d, 1, bounds[i], bounds[i + 1]);
			const AtlBucket *got = &out[i * num + d];

			wrong += got->count != wanted.count || !same_bits(got->min, wanted.min) ||
				!same_bits(got->max, wanted.max) || !same_bits(got->sum, wanted.sum);
		}
	CHECK_INT(wrong, 0);
	free(out);
}

/* Spans and overviews, and what the entry says of all. */
static void
check_reductions(Made *made)
{
	uint32_t	frames = made->shape.frames;
	uint32_t	dims = made->shape.dims;
	uint32_t	bounds[8];
	AtlBucket	all;
	AtlBucket	wanted = reduce_naively(made, 0, dims, 0, frames);

	unit_context("%s, %u dims: all", made->shape.kind->name, dims);
	atl_bucket_begin(&all);
	CHECK_INT(atl_feature_reduce(&made->timeline.view, &made->feature, 0, dims, 0, frames, &all), ATL_OK);
	check_bucket(&all, &wanted);
	CHECK_BITS(made->feature.min, wanted.min);
	CHECK_BITS(made->feature.max, wanted.max);
	CHECK_INT(made->feature.missing, frames * dims - wanted.count);
	CHECK_INT(atl_overview_grain(&made->timeline.view, &made->feature, frames, 1), 1);
	for (int round = 0; round < 4; round++)
	{
		AtlBucket	out[7];
		uint32_t	dim = unit_random_below(dims);
		uint32_t	num = round < 2 ? 1 : 1 + unit_random_below(dims - dim);

		bounds[0] = unit_random_below(frames);
		for (int i = 0; i < 7; i++)
		{
			bounds[i + 1] = bounds[i] + unit_random_below((frames - bounds[i]) / 2 + 2);
			bounds[i + 1] = bounds[i + 1] < frames ? bounds[i + 1] : frames;
			atl_bucket_begin(&out[i]);
		}
		CHECK_INT(atl_feature_overview(&made->timeline.view, &made->feature, &(AtlOverview) {dim, num, true, false, bounds, 7, out}), ATL_OK);
		for (int i = 0; i < 7; i++)
		{
			unit_context("%s, %u dims: dims %u + %u, frames %u to %u", made->shape.kind->name, dims, dim, num, bounds[i], bounds[i + 1]);
			wanted = reduce_naively(made, dim, num, bounds[i], bounds[i + 1]);
			check_bucket(&out[i], &wanted);
		}
		check_apart(made, dim, num, bounds, 7);
	}
}

/* Text, image, text, image; and the whole value by the full check. */
static void
check_trips(Made *made)
{
	const UnitImage *image = &made->timeline.image;
	UnitHost   *host = &made->timeline.host;
	AtlProblem	problem;
	AtlView		view;

	unit_context("%s, %u dims: there and back", made->shape.kind->name, made->shape.dims);
	CHECK_INT(atl_view_open(&view, atl_memory_source(image->bytes, image->size)), ATL_OK);
	CHECK_INT(atl_validate(&view, image->bytes, &host->host, &problem, &(uint32_t) {0}), ATL_OK);
	CHECK(unit_prints_itself(host, image->bytes, image->size));
	if (made->shape.dims < 1000)
		CHECK(unit_obeys_rules(host, image->bytes, image->size));
	CHECK_INT(host->blocks, 0);
}

static void
check_shape(const WideShape *shape)
{
	Made		made;

	if (make(&made, shape))
	{
		check_reads(&made);
		check_instants(&made);
		check_reductions(&made);
		check_trips(&made);
	}
	unmake(&made);
}

/* Some blocks, the last of them short, of every kind of numbers. */
static void
check_kinds(uint32_t nulls, uint32_t missing)
{
	for (size_t d = 0; d < NUM_DIMS; d++)
	{
		uint32_t	frames = 2 * atl_block_frames(many_dims[d]) + 2;

		for (uint32_t k = 0; k < wide_num_noise; k++)
			check_shape(&(WideShape) {&wide_noise[k], frames, many_dims[d], nulls, missing});
		for (uint32_t k = 0; k < wide_num_smooth; k++)
			check_shape(&(WideShape) {&wide_smooth[k], frames, many_dims[d], nulls, missing});
	}
}

static void
test_lookups(void)
{
	check_kinds(0, 0);
}

static void
test_missing(void)
{
	check_kinds(2, 5);
}

/* Null frames at each place, so that blocks of all null frames, of none and of some lie side by side. */
static void
test_null_frames(void)
{
	static const char *const patterns[] = {
		"", ".", "n", "n.", ".n", "nn", "n..", ".n.", "..n", "n.n", ".nn", "nnnnnnnn", "n.nnn..nn.n.",
	};
	static const uint32_t dims[] = {33, 300, 513};

	for (size_t p = 0; p < sizeof(patterns) / sizeof(patterns[0]); p++)
		for (size_t d = 0; d < sizeof(dims) / sizeof(dims[0]); d++)
			for (int encoding = 0; encoding < 2; encoding++)
			{
				uint32_t	frames = (uint32_t) strlen(patterns[p]) * (dims[d] == 33 ? 9 : 1);
				UnitTimeline timeline;
				UnitHost	host;
				AtlBuffer	json;
				AtlFeature	feature;
				double	   *numbers = malloc(((size_t) frames * dims[d] + 1) * sizeof(double));

				unit_context("frames %s, %u dims", patterns[p], dims[d]);
				unit_host_init(&host);
				atl_buffer_init(&json, &host.host);
				unit_append(&json, "{\"duration\":9,\"sampleRate\":1,\"features\":{\"f\":{\"hop\":1,\"dims\":%u,%s\"values\":[", dims[d],
							encoding == 0 ? "" : "\"encoding\":\"u8\",");
				for (uint32_t i = 0; i < frames; i++)
				{
					unit_append(&json, i > 0 ? "," : "");
					if (patterns[p][i % strlen(patterns[p])] == 'n')
						unit_append(&json, "null");
					for (uint32_t k = 0; k < dims[d] && patterns[p][i % strlen(patterns[p])] != 'n'; k++)
						unit_append(&json, "%s%u%s", k == 0 ? "[" : ",", (i + k) % 200, k == dims[d] - 1 ? "]" : "");
				}
				unit_append(&json, "]}}}");
				if (CHECK(unit_open(&timeline, (char *) json.bytes, json.size)))
				{
					uint64_t	wrong = 0;

					CHECK_INT(atl_feature_get(&timeline.view, 0, &feature), ATL_OK);
					CHECK_INT(atl_feature_read(&timeline.view, &feature, 0, frames, numbers), ATL_OK);
					for (uint32_t i = 0; i < frames * dims[d]; i++)
						wrong += patterns[p][i / dims[d] % strlen(patterns[p])] == 'n' ?
							atl_f64_bits(numbers[i]) != ATL_NAN_FRAME_64 : numbers[i] != (i / dims[d] + i % dims[d]) % 200;
					CHECK_INT(wrong, 0);
					CHECK(unit_prints_itself(&host, timeline.image.bytes, timeline.image.size));
					unit_close(&timeline);
				}
				atl_buffer_free(&json);
				free(numbers);
			}
}

/* Base64 of many dims comes back as the bytes it was. */
static void
test_bytes(void)
{
	for (size_t d = 0; d < NUM_DIMS; d++)
	{
		uint32_t	n = many_dims[d] * (atl_block_frames(many_dims[d]) + 1) * 4;
		uint8_t    *bytes = malloc(n);
		UnitTimeline timeline;
		UnitHost	host;
		AtlBuffer	json;
		AtlBuffer	stored;
		AtlFeature	feature;

		for (uint32_t i = 0; i < n; i++)
			bytes[i] = i % 4 == 3 ? 0x3F : (uint8_t) unit_random();
		/* A null frame's NaN in one number is nothing but a number here. */
		atl_store_u32(bytes, ATL_NAN_FRAME_32);
		unit_context("%u dims", many_dims[d]);
		unit_host_init(&host);
		atl_buffer_init(&json, &host.host);
		atl_buffer_init(&stored, &host.host);
		unit_append(&json, "{\"duration\":9,\"sampleRate\":1,\"features\":{\"f\":{\"hop\":1,\"dims\":%u,\"encoding\":\"f32\",\"base64\":\"", many_dims[d]);
		CHECK_INT(atl_base64_append(&json, bytes, n), ATL_OK);
		unit_append(&json, "\"}}}");
		if (CHECK(unit_open(&timeline, (char *) json.bytes, json.size)))
		{
			CHECK_INT(atl_feature_get(&timeline.view, 0, &feature), ATL_OK);
			CHECK_INT(atl_feature_bytes(&timeline.view, &feature, &stored), ATL_OK);
			CHECK(stored.size == n && memcmp(stored.bytes, bytes, n) == 0);
			CHECK(unit_prints_itself(&host, timeline.image.bytes, timeline.image.size));
			unit_close(&timeline);
		}
		atl_buffer_free(&stored);
		atl_buffer_free(&json);
		free(bytes);
	}
}

/* What reading one thing fetches of a timeline of so many frames, after opening it. */
static UnitSource
cost_of(uint32_t frames, uint32_t dims, uint32_t num)
{
	WideShape	shape = {&wide_noise[0], frames, dims, 0, 0};
	UnitTimeline timeline;
	UnitSource	source;
	AtlView		view;
	AtlFeature	feature;
	double	   *numbers = malloc(2 * dims * sizeof(double));
	bool		found;

	CHECK(wide_open(&timeline, &shape));
	CHECK_INT(atl_view_open(&view, unit_source(&source, timeline.image.bytes, timeline.image.size)), ATL_OK);
	CHECK_INT(atl_feature_get(&view, 0, &feature), ATL_OK);
	source.fetches = source.fetched = source.prefetches = 0;
	CHECK_INT(atl_feature_at(&view, &feature, dims - num, num, 1.01, ATL_STEP, numbers, &found), ATL_OK);
	CHECK(found);
	unit_source_release(&source);
	unit_close(&timeline);
	free(numbers);
	return source;
}

/* A number or a vector is as cheap in a long timeline, and no more than it must be. */
static void
test_cost(void)
{
	for (size_t d = 0; d < NUM_DIMS; d++)
		for (int all = 0; all < 2; all++)
		{
			uint32_t	dims = many_dims[d];
			uint32_t	num = all ? dims : 1;
			UnitSource	brief = cost_of(100, dims, num);
			UnitSource	lengthy = cost_of(dims > 2000 ? 60 : 900, dims, num);
			uint64_t	frame = (uint64_t) 4 * dims;

			unit_context("%u of %u dims: %u fetches of %u bytes, %u of %u", num, dims,
						 (unsigned) brief.fetches, (unsigned) brief.fetched, (unsigned) lengthy.fetches, (unsigned) lengthy.fetched);
			CHECK_INT(lengthy.fetches, brief.fetches);
			CHECK_INT(lengthy.fetched, brief.fetched);
			CHECK_INT(lengthy.prefetches, brief.prefetches);
			CHECK(brief.fetched <= 300 + (all || frame < 4096 ? 4 * (frame > 4096 ? frame / 4 : 1024) + frame : frame < 8192 ? frame : 16));
			CHECK(brief.fetches <= 3);
		}
}

typedef struct Change
{
	uint32_t	offset;
	uint8_t		value;
	AtlStatus	status;
} Change;

/* Change bytes of the first piece, of which there is one frame, and read it. */
static void
check_changes(const char *frames, const uint8_t *piece, uint32_t size, const Change *changes, uint32_t n)
{
	UnitHost	host;
	AtlBuffer	json;
	UnitTimeline timeline;
	AtlFeature	feature;
	double		numbers[3 * 40];

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	unit_append(&json, "{\"duration\":9,\"sampleRate\":1,\"features\":{\"f\":{\"hop\":1,\"encoding\":\"u8\",\"dims\":40,\"values\":[%s]}}}", frames);
	if (CHECK(unit_open(&timeline, (char *) json.bytes, json.size)))
	{
		uint8_t    *data = timeline.image.bytes + timeline.view.sections[ATL_FEATURE_DATA].offset;

		CHECK_INT(atl_feature_get(&timeline.view, 0, &feature), ATL_OK);
		CHECK(memcmp(data, piece, size) == 0);
		for (uint32_t i = 0; i < n; i++)
		{
			uint8_t		before = data[changes[i].offset];

			unit_context("%.40s...: byte %u is %u", frames, changes[i].offset, changes[i].value);
			data[changes[i].offset] = changes[i].value;
			CHECK_INT(atl_feature_read(&timeline.view, &feature, 0, feature.frames, numbers), changes[i].status);
			data[changes[i].offset] = before;
		}
		unit_close(&timeline);
	}
	atl_buffer_free(&json);
}

#define TEN(a)	a "," a "," a "," a "," a "," a "," a "," a "," a "," a
#define FORTY	"[" TEN("7") "," TEN("7") "," TEN("7") "," TEN("7") "]"


/* What the pieces must not say. */
static void
test_damage(void)
{
	static const uint8_t coded[] = {ATL_WIDE_CODED | ATL_WIDE_FLAG_FRAMES, 0x02, 7, 0, ATL_PIECE_CONSTANT};
	static const Change of_coded[] = {
		{0, ATL_WIDE_CODED | ATL_WIDE_FLAG_FRAMES, ATL_OK}, {0, ATL_WIDE_FORMS | ATL_WIDE_FLAG_FRAMES, ATL_UNSUPPORTED},
		{0, 0x40 | ATL_WIDE_CODED | ATL_WIDE_FLAG_FRAMES, ATL_UNSUPPORTED}, {0, 0x91, ATL_UNSUPPORTED},
		{0, ATL_WIDE_CODED, ATL_DAMAGED}, {0, ATL_WIDE_PLAIN | ATL_WIDE_FLAG_FRAMES, ATL_DAMAGED}, {0, ATL_WIDE_NULL, ATL_DAMAGED},
		{0, ATL_WIDE_NULL | ATL_WIDE_FLAG_FRAMES, ATL_DAMAGED}, {0, 0x31, ATL_DAMAGED}, {1, 0, ATL_DAMAGED}, {1, 7, ATL_DAMAGED},
		{1, 0x0A, ATL_DAMAGED}, {1, 1, ATL_OK}, {2, 6, ATL_DAMAGED}, {2, 8, ATL_DAMAGED}, {3, 1, ATL_DAMAGED},
		{4, ATL_PIECE_CODECS, ATL_UNSUPPORTED}, {4, ATL_PIECE_RAW, ATL_DAMAGED},
	};
	static const uint8_t nothing[] = {ATL_WIDE_NULL};
	static const Change of_nothing[] = {
		{0, ATL_WIDE_NULL, ATL_OK}, {0, ATL_WIDE_PLAIN, ATL_DAMAGED}, {0, ATL_WIDE_CODED, ATL_DAMAGED}, {0, 0x30, ATL_DAMAGED},
	};

	check_changes(FORTY ",null," FORTY, coded, sizeof(coded), of_coded, sizeof(of_coded) / sizeof(of_coded[0]));
	check_changes("null", nothing, sizeof(nothing), of_nothing, sizeof(of_nothing) / sizeof(of_nothing[0]));
}

const UnitTest unit_wide_tests[] = {
	{"wide: lookups of every encoding in many dims", test_lookups},
	{"wide: the same with missing numbers and null frames", test_missing},
	{"wide: null frames at each place", test_null_frames},
	{"wide: bytes of base64", test_bytes},
	{"wide: what a number and a vector fetch", test_cost},
	{"wide: damaged pieces", test_damage},
	UNIT_END
};
