/*
 * test_size.c
 *		What features cost: bytes, memory and time in proportion to the document.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests.h"
#include "wide.h"

static const uint32_t many_dims[] = {33, 64, 128, 513, 768, 1025, 6144, 65535};

#define NUM_DIMS	(sizeof(many_dims) / sizeof(many_dims[0]))

/* Numbers of a feature: so many that what an image has besides does not count. */
#define NUMBERS		150000

/* An image against its plain numbers. */
static double
size_of(const WideShape *shape)
{
	UnitTimeline timeline;
	double		size = 0;

	if (wide_open(&timeline, shape))
		size = (double) timeline.image.size / (double) wide_plain_size(shape);
	unit_close(&timeline);
	return size;
}

static WideShape
make_shape(const WideKind *kind, uint32_t dims, uint32_t nulls, uint32_t missing)
{
	WideShape	shape = {kind, NUMBERS / dims + 1, dims, nulls, missing};

	return shape;
}

/* Noise cannot become smaller; it must not become larger, either. */
static void
test_noise(void)
{
	for (uint32_t k = 0; k < wide_num_noise; k++)
		for (size_t d = 0; d < NUM_DIMS; d++)
		{
			WideShape	plain = make_shape(&wide_noise[k], many_dims[d], 0, 0);
			WideShape	missing = make_shape(&wide_noise[k], many_dims[d], 0, 9);
			double		sizes[2] = {size_of(&plain), size_of(&missing)};

			unit_context("%s, %u dims", wide_noise[k].name, many_dims[d]);
			printf("# %-16s %5u dims: %.4f of plain, %.4f with missing numbers\n",
				   wide_noise[k].name, many_dims[d], sizes[0], sizes[1]);
			CHECK(sizes[0] < 1.02);
			CHECK(sizes[1] < 1.02);
		}
}

/* Null frames add next to nothing to the numbers of the others. */
static void
test_null_frames(void)
{
	for (size_t d = 0; d < NUM_DIMS; d++)
	{
		WideShape	shape = make_shape(&wide_noise[2], many_dims[d], 3, 0);
		double		size = size_of(&shape);

		unit_context("u8, %u dims", many_dims[d]);
		printf("# u8, a third of the frames null, %5u dims: %.4f of the plain numbers of the others\n",
			   many_dims[d], size);
		CHECK(size < 1.02);
	}
}

/* What a codec can make smaller, it does. */
static void
test_smooth(void)
{
	for (uint32_t k = 0; k < wide_num_smooth; k++)
		for (size_t d = 0; d < NUM_DIMS; d++)
		{
			WideShape	shape = make_shape(&wide_smooth[k], many_dims[d], 0, 0);
			double		size = size_of(&shape);

			unit_context("%s, %u dims", wide_smooth[k].name, many_dims[d]);
			printf("# %-24s %5u dims: %.4f of plain\n", wide_smooth[k].name, many_dims[d], size);
			CHECK(size < (k == 0 ? 0.02 : 0.45));
		}
}

/* Processor time to build, in seconds: the least of some. */
static double
time_to_build(uint32_t dims)
{
	double		least = 1e9;

	for (int i = 0; i < 5; i++)
	{
		WideShape	shape = {&wide_noise[0], 4 * NUMBERS / dims, dims, 0, 0};
		UnitTimeline timeline;
		clock_t		start = clock();
		double		time;

		wide_open(&timeline, &shape);
		time = (double) (clock() - start) / CLOCKS_PER_SEC;
		unit_close(&timeline);
		least = time < least ? time : least;
	}
	return least;
}

/* The machine may be busy: three times as long is not chance. */
static void
test_time(void)
{
	double		one = time_to_build(1);

	for (size_t d = 0; d < NUM_DIMS; d++)
	{
		double		time = time_to_build(many_dims[d]);

		unit_context("%u dims: %.3f s, for one %.3f s", many_dims[d], time, one);
		printf("# building %5u dims takes %.2f of the time of one dim\n", many_dims[d], time / one);
		CHECK(time < 1.5 * one);
	}
}

/* Build a text with little memory; returns the size of the image. */
static uint32_t
build_within(const char *json, size_t size, size_t memory)
{
	UnitHost	host;
	UnitImage	image;
	AtlProblem	problem;
	uint32_t	result = 0;

	unit_host_init(&host);
	host.limit = memory;
	if (CHECK_INT(unit_image_from_text(&host, json, size, &image, &problem), ATL_OK))
	{
		AtlView		view;

		CHECK_INT(atl_view_open(&view, atl_memory_source(image.bytes, image.size)), ATL_OK);
		CHECK_INT(atl_validate(&view, image.bytes, &host.host, &problem, &(uint32_t) {0}), ATL_OK);
		result = image.size;
		unit_image_free(&image);
	}
	CHECK_INT(host.blocks, 0);
	return result;
}

/* A few kilobytes of nulls stand for hundreds of megabytes of numbers. */
static void
test_nulls_cost_nothing(void)
{
	static const char *const frames[] = {
		"\"dims\":65535,\"values\":[null",
		"\"dims\":65535,\"encoding\":\"u8\",\"range\":[0,1],\"values\":[null",
		"\"dims\":33,\"encoding\":\"f64\",\"values\":[null",
		"\"values\":[[0,0],null",
	};

	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
	{
		UnitHost	host;
		AtlBuffer	json;
		clock_t		start = clock();
		uint32_t	size;

		unit_host_init(&host);
		atl_buffer_init(&json, &host.host);
		unit_append(&json, "{\"duration\":1,\"sampleRate\":1,\"features\":{\"f\":{\"hop\":1,%s", frames[i]);
		for (int k = 0; k < 4000; k++)
			unit_append(&json, ",null");
		unit_append(&json, "]}}}");
		unit_context("%s, ...", frames[i]);
		size = build_within((char *) json.bytes, json.size, 300 * 1024);
		printf("# %zu bytes of nulls, %s: %u bytes stored\n", json.size, frames[i], size);
		CHECK(size < 2 * json.size);
		CHECK(clock() - start < CLOCKS_PER_SEC / 2);
		atl_buffer_free(&json);
	}
}

/* So many short features on the clock of a long one, and so many frames of it. */
static uint32_t
size_of_features(uint32_t features, uint32_t frames)
{
	UnitHost	host;
	AtlBuffer	json;
	uint32_t	size;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	unit_append(&json, "{\"duration\":1,\"sampleRate\":1,\"features\":{\"long\":{\"hop\":1,\"values\":[0");
	for (uint32_t i = 1; i < frames; i++)
		unit_append(&json, ",0");
	unit_append(&json, "]}");
	for (uint32_t i = 0; i < features; i++)
		unit_append(&json, ",\"%x\":{\"hop\":1,\"values\":[0]}", i);
	unit_append(&json, "}}");
	size = build_within((char *) json.bytes, json.size, SIZE_MAX);
	printf("# %u features of one frame beside one of %u: %zu bytes of text, %u stored\n",
		   features, frames, json.size, size);
	CHECK(size < 16 * json.size);
	atl_buffer_free(&json);
	return size;
}

/* Twice the document is twice the image, not four times. */
static void
test_features_of_unequal_length(void)
{
	uint32_t	before = size_of_features(1000, 50000);

	for (uint32_t times = 2; times <= 8; times *= 2)
	{
		uint32_t	size = size_of_features(1000 * times, 50000 * times);

		CHECK(size < 2.2 * before);
		before = size;
	}
}

const UnitTest unit_size_tests[] = {
	{"size: noise in many dims against its plain numbers", test_noise},
	{"size: null frames of many dims", test_null_frames},
	{"size: what compresses, in many dims", test_smooth},
	{"size: many dims are built as fast as one", test_time},
	{"size: null frames take no memory and no time", test_nulls_cost_nothing},
	{"size: features of unequal length on one clock", test_features_of_unequal_length},
	UNIT_END
};
