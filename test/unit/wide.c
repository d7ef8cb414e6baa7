/*
 * wide.c
 *		Timelines with one feature of many dims, made of numbers.
 */
#include "wide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "harness.h"

#define FRAMES_PER_SECOND	20

/* Bits that look random, always the same for a place. */
static uint64_t
hash(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

static uint64_t
noise(uint32_t frame, uint32_t dim)
{
	return hash((uint64_t) frame << 32 | (dim + 1));
}

/* Any float and any double but infinity and NaN. */
static double
noise_f32(uint32_t frame, uint32_t dim)
{
	float		number = atl_bits_f32((uint32_t) noise(frame, dim));

	return isfinite(number) ? number : 1;
}

static double
noise_f64(uint32_t frame, uint32_t dim)
{
	double		number = atl_bits_f64(noise(frame, dim));

	return isfinite(number) ? number : 1;
}

static double
noise_u8(uint32_t frame, uint32_t dim)
{
	return (double) (noise(frame, dim) & 0xFF);
}

static double
noise_ranged(uint32_t frame, uint32_t dim)
{
	return noise_u8(frame, dim) / 4;
}

static double
noise_i16(uint32_t frame, uint32_t dim)
{
	return (double) (int16_t) noise(frame, dim);
}

static double
silence(uint32_t frame, uint32_t dim)
{
	return -80;
}

/* A spectrogram in decibels, of two decimals: it falls along the frequencies. */
static double
decibels(uint32_t frame, uint32_t dim)
{
	return round(100 * (-20 - 0.05 * dim + 10 * sin(frame * 0.05) + (double) (noise(frame, dim) & 0xFF) / 64)) / 100;
}

const WideKind wide_noise[] = {
	{"f32", NULL, 0, noise_f32},
	{"f64", NULL, 0, noise_f64},
	{"u8", "u8", 0, noise_u8},
	{"u8 with a range", "u8", 63.75, noise_ranged},
	{"i16", "i16", 0, noise_i16},
};
const uint32_t wide_num_noise = sizeof(wide_noise) / sizeof(wide_noise[0]);

const WideKind wide_smooth[] = {
	{"silence", NULL, 0, silence},
	{"decibels, two decimals", NULL, 0, decibels},
};
const uint32_t wide_num_smooth = sizeof(wide_smooth) / sizeof(wide_smooth[0]);

bool
wide_is_null(const WideShape *shape, uint32_t frame)
{
	return shape->nulls > 0 && hash(frame) % shape->nulls == 0;
}

double
wide_number(const WideShape *shape, uint32_t frame, uint32_t dim)
{
	if (shape->missing > 0 && hash(noise(frame, dim)) % shape->missing == 0)
		return atl_bits_f64(ATL_NAN_NUMBER_64);
	return shape->kind->number(frame, dim);
}

uint64_t
wide_plain_size(const WideShape *shape)
{
	AtlText		name = {shape->kind->encoding, 0};
	uint64_t	frames = 0;
	uint64_t	bits = 32;

	if (name.text != NULL)
	{
		name.size = (uint32_t) strlen(name.text);
		bits = 8 * atl_encoding_width(atl_encoding_by_name(name)) + (shape->missing > 0);
	}
	else if (shape->kind->number == noise_f64 || shape->kind->number == decibels)
		bits = 64;
	for (uint32_t i = 0; i < shape->frames; i++)
		frames += !wide_is_null(shape, i);
	return frames * shape->dims * bits / 8;
}

static AtlStatus
push(AtlBuilder *builder, AtlTokenKind kind, const char *text)
{
	AtlToken	token = {.kind = kind, .text = {text, (uint32_t) strlen(text)}};

	return atl_push(atl_build_sink(builder), token);
}

static void
push_number(AtlBuilder *builder, const char *key, double number)
{
	AtlToken	token = {.kind = ATL_DOUBLE, .number = number};

	if (key != NULL)
		push(builder, ATL_KEY, key);
	CHECK_INT(atl_push(atl_build_sink(builder), token), ATL_OK);
}

static void
push_description(AtlBuilder *builder, const WideShape *shape)
{
	push_number(builder, "frameRate", FRAMES_PER_SECOND);
	push_number(builder, "dims", shape->dims);
	if (shape->kind->encoding != NULL)
	{
		push(builder, ATL_KEY, "encoding");
		push(builder, ATL_STRING, shape->kind->encoding);
	}
	if (shape->kind->range_max > 0)
	{
		push(builder, ATL_KEY, "range");
		push(builder, ATL_ARRAY_START, "");
		push_number(builder, NULL, 0);
		push_number(builder, NULL, shape->kind->range_max);
		push(builder, ATL_ARRAY_END, "");
	}
}

static void
push_values(AtlBuilder *builder, const WideShape *shape)
{
	double	   *frame = malloc(shape->dims * sizeof(double));

	push(builder, ATL_KEY, "values");
	push(builder, ATL_ARRAY_START, "");
	for (uint32_t i = 0; i < shape->frames; i++)
	{
		if (wide_is_null(shape, i))
		{
			push(builder, ATL_NULL, "");
			continue;
		}
		for (uint32_t d = 0; d < shape->dims; d++)
			frame[d] = wide_number(shape, i, d);
		if (shape->dims > 1)
			push(builder, ATL_ARRAY_START, "");
		CHECK_INT(atl_build_sink(builder)->push_numbers(atl_build_sink(builder)->context, frame, shape->dims), ATL_OK);
		if (shape->dims > 1)
			push(builder, ATL_ARRAY_END, "");
	}
	push(builder, ATL_ARRAY_END, "");
	free(frame);
}

bool
wide_open(UnitTimeline *timeline, const WideShape *shape)
{
	AtlBuilder *builder;

	unit_host_init(&timeline->host);
	builder = atl_build_begin(&timeline->host.host, false);
	push(builder, ATL_OBJECT_START, "");
	push_number(builder, "duration", (double) shape->frames / FRAMES_PER_SECOND);
	push_number(builder, "sampleRate", 44100);
	push(builder, ATL_KEY, "features");
	push(builder, ATL_OBJECT_START, "");
	push(builder, ATL_KEY, "f");
	push(builder, ATL_OBJECT_START, "");
	push_description(builder, shape);
	push_values(builder, shape);
	push(builder, ATL_OBJECT_END, "");
	push(builder, ATL_OBJECT_END, "");
	CHECK_INT(push(builder, ATL_OBJECT_END, ""), ATL_OK);
	CHECK_INT(atl_build_finish(builder, &timeline->image.size), ATL_OK);
	timeline->image.bytes = malloc(timeline->image.size);
	atl_build_write(builder, timeline->image.bytes);
	atl_build_free(builder);
	return CHECK_INT(atl_view_open(&timeline->view, unit_source(&timeline->source, timeline->image.bytes, timeline->image.size)), ATL_OK);
}
