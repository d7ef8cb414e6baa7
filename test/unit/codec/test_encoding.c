/*
 * test_encoding.c
 *		Encodings: what comes back bit for bit, and what with a bounded error.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/base64.h"
#include "core/base/bytes.h"
#include "core/codec/encoding.h"
#include "random_document.h"
#include "read_all.h"
#include "tests.h"

#define MAX_NUMBERS	2048

/* One feature, built from text and open. */
typedef struct Series
{
	UnitTimeline timeline;
	AtlFeature	feature;
	double		numbers[MAX_NUMBERS];	/* as they are read */
	uint32_t	num;
} Series;

/* Build {"hop":1,<members>}; also check that the image validates and prints itself. */
static bool
open_series(Series *series, const char *members, size_t size)
{
	UnitHost	host;
	AtlBuffer	json;
	AtlProblem	problem;
	bool		good;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	unit_append(&json, "{\"duration\":9,\"sampleRate\":1,\"features\":{\"f\":{\"hop\":1,");
	CHECK_INT(atl_buffer_append(&json, members, size), ATL_OK);
	unit_append(&json, "}}}");
	good = CHECK(unit_open(&series->timeline, (char *) json.bytes, json.size));
	atl_buffer_free(&json);
	if (!good)
		return false;
	CHECK_INT(atl_feature_get(&series->timeline.view, 0, &series->feature), ATL_OK);
	series->num = series->feature.frames * series->feature.dims;
	if (CHECK(series->num <= MAX_NUMBERS))
		CHECK_INT(atl_feature_read(&series->timeline.view, &series->feature, 0, series->feature.frames, series->numbers), ATL_OK);
	CHECK_INT(atl_validate(&series->timeline.view, series->timeline.image.bytes, &host.host, &problem, &(uint32_t) {0}), ATL_OK);
	CHECK(unit_prints_itself(&host, series->timeline.image.bytes, series->timeline.image.size));
	return true;
}

static bool
open_text(Series *series, const char *members)
{
	unit_context("%s", members);
	return open_series(series, members, strlen(members));
}

/* Values as text, with all that is needed to read the same doubles. */
static bool
open_values(Series *series, const char *members, const double *values, uint32_t num)
{
	UnitHost	host;
	AtlBuffer	text;
	bool		good;

	unit_host_init(&host);
	atl_buffer_init(&text, &host.host);
	unit_append(&text, "%s\"values\":[", members);
	for (uint32_t i = 0; i < num; i++)
	{
		unit_append(&text, i > 0 ? "," : "");
		unit_append_number(&text, values[i]);
	}
	unit_append(&text, "]");
	unit_context("%s", members);
	good = open_series(series, (char *) text.bytes, text.size);
	atl_buffer_free(&text);
	return good;
}

static void
test_base64_bits(void)
{
	static const uint32_t singles[] = {
		0x80000000, 0x00000001, 0x807FFFFF, 0x7F7FFFFF, 0x7FC00000, 0x7FC00001, 0x7F800001, 0xFFFFFFFF, 0xFFC12345
	};
	Series		series;

	for (int round = 0; round < 200; round++)
	{
		uint8_t		bytes[8 * 37];
		UnitHost	host;
		AtlBuffer	text;
		bool		wide = round % 2 == 0;
		AtlBuffer	stored;

		for (uint32_t i = 0; i < sizeof(bytes); i += 4)
		{
			uint32_t	bits = round < 100 ? (uint32_t) unit_random() : singles[unit_random_below(9)];

			/*
			 * No infinity of either width: the sign and exponent are the
			 * upper half of each.
			 */
			if ((bits & 0x7FFFFFFF) == 0x7F800000 || (bits & 0x7FF00000) == 0x7FF00000)
				bits ^= 0x00100000;
			atl_store_u32(bytes + i, bits);
		}
		unit_host_init(&host);
		atl_buffer_init(&text, &host.host);
		unit_append(&text, "\"encoding\":\"%s\",\"base64\":\"", wide ? "f64" : "f32");
		CHECK_INT(atl_base64_append(&text, bytes, sizeof(bytes)), ATL_OK);
		unit_append(&text, "\"");
		unit_context("round %d", round);
		if (open_series(&series, (char *) text.bytes, text.size))
		{
			atl_buffer_init(&stored, &host.host);
			CHECK_INT(atl_feature_bytes(&series.timeline.view, &series.feature, &stored), ATL_OK);
			CHECK_INT(stored.size, sizeof(bytes));
			CHECK(memcmp(stored.bytes, bytes, sizeof(bytes)) == 0);
			atl_buffer_free(&stored);
			for (uint32_t i = 0; i < series.num; i++)
			{
				double		wanted = wide ? atl_load_f64(bytes + 8 * i) : atl_bits_f32(atl_load_u32(bytes + 4 * i));

				CHECK(isnan(wanted) ? isnan(series.numbers[i]) : series.numbers[i] == wanted && !signbit(wanted) == !signbit(series.numbers[i]));
			}
			unit_close(&series.timeline);
		}
		atl_buffer_free(&text);
	}
}

static void
test_lossless(void)
{
	static const double special[] = {
		0, 5e-324, -5e-324, DBL_MIN, DBL_MAX, -DBL_MAX, 0.1, 1.0 / 3, 16777217, 1e22, 1e23, 4503599627370497.5, FLT_MIN / 3
	};
	Series		series;

	for (int round = 0; round < 50; round++)
	{
		double		values[100];

		for (int i = 0; i < 100; i++)
		{
			values[i] = atl_bits_f64(unit_random());
			if (!isfinite(values[i]) || values[i] == 0)
				values[i] = special[unit_random_below(13)];
		}
		if (!open_values(&series, "", values, 100))
			return;
		CHECK_INT(series.feature.encoding, ATL_F64);
		CHECK_INT(series.feature.flags & ATL_FEATURE_ERROR, 0);
		for (int i = 0; i < 100; i++)
			CHECK_BITS(series.numbers[i], values[i]);
		unit_close(&series.timeline);
	}
}

/* f32 exactly when nothing is lost, wherever the first loss would be. */
static void
test_narrowest(void)
{
	Series		series;

	for (uint32_t wide_at = 0; wide_at <= 20; wide_at++)
	{
		double		values[20];

		for (uint32_t i = 0; i < 20; i++)
			values[i] = i == wide_at ? 0.1 : (float) unit_random_double(-1e-30, 1e-30);
		if (!open_values(&series, "", values, 20))
			return;
		CHECK_INT(series.feature.encoding, wide_at < 20 ? ATL_F64 : ATL_F32);
		for (uint32_t i = 0; i < 20; i++)
			CHECK_BITS(series.numbers[i], values[i]);
		unit_close(&series.timeline);
	}
}

/* Both kinds of null, in the order of text, across a change of width. */
static void
test_nulls(void)
{
	static const char *const members[] = {
		"\"values\":[null,[1,null],null,[0.1,2],null]", "\"values\":[null,[1,null],null,[2,2],null]",
		"\"encoding\":\"u8\",\"values\":[null,[1,null],null,[2,2],null]",
		"\"encoding\":\"i16\",\"range\":[0,2],\"values\":[null,[0,null],null,[2,2],null]",
		"\"encoding\":\"f32\",\"values\":[null,[0.1,null],null,[2,2],null]",
	};
	Series		series;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
	{
		static const char kinds[] = "FFnNFFnnFF";

		if (!open_text(&series, members[i]))
			return;
		CHECK_INT(series.num, 10);
		CHECK_INT(series.feature.missing, 7);
		for (uint32_t k = 0; k < 10; k++)
			if (kinds[k] == 'n')
				CHECK(!isnan(series.numbers[k]));
			else
				CHECK_BITS(series.numbers[k], atl_bits_f64(kinds[k] == 'F' ? ATL_NAN_FRAME_64 : ATL_NAN_NUMBER_64));
		unit_close(&series.timeline);
	}
}

static void
test_lossy_f32(void)
{
	Series		series;

	for (int round = 0; round < 50; round++)
	{
		double		values[64];
		double		error = 0;

		for (int i = 0; i < 64; i++)
		{
			values[i] = ldexp(unit_random_double(-1, 1), (int) unit_random_below(220) - 120);
			error = fmax(error, fabs(values[i] - (float) values[i]));
		}
		if (!open_values(&series, "\"encoding\":\"f32\",", values, 64))
			return;
		for (int i = 0; i < 64; i++)
			CHECK(series.numbers[i] == (double) (float) values[i]);
		CHECK_BITS(series.feature.max_error, error);
		CHECK(series.feature.flags & ATL_FEATURE_ERROR);
		unit_close(&series.timeline);
	}
}

/* Numbers too small for f32 become 0, which is never -0 in text. */
static void
test_lossy_zero(void)
{
	static const double values[] = {-1e-60, 1e-60, -7e-46, 7e-46, 1};
	Series		series;

	if (!open_values(&series, "\"encoding\":\"f32\",", values, 5))
		return;
	for (int i = 0; i < 4; i++)
		CHECK_BITS(series.numbers[i], 0.0);
	CHECK_BITS(series.feature.max_error, 7e-46);
	unit_close(&series.timeline);
}

static void
test_integers(void)
{
	static const struct
	{
		const char *members;
		int			lowest;
		int			highest;
		uint32_t	width;
	}			encodings[] = {
		{"\"encoding\":\"u8\",", 0, 255, 1}, {"\"encoding\":\"i8\",", -128, 127, 1},
		{"\"encoding\":\"u16\",", 0, 65535, 2}, {"\"encoding\":\"i16\",", -32768, 32767, 2},
	};
	Series		series;

	for (int e = 0; e < 4; e++)
	{
		double		values[512];

		for (int i = 0; i < 512; i++)
			values[i] = encodings[e].lowest + (double) (i * (long) (encodings[e].highest - encodings[e].lowest) / 511);
		if (!open_values(&series, encodings[e].members, values, 512))
			return;
		CHECK_INT(series.feature.flags & ATL_FEATURE_ERROR, 0);
		CHECK_BITS(series.feature.min, encodings[e].lowest);
		CHECK_BITS(series.feature.max, encodings[e].highest);
		for (int i = 0; i < 512; i++)
			CHECK_BITS(series.numbers[i], values[i]);
		unit_close(&series.timeline);
	}
}

/* Within half a step, clipped at the ends, and the error told is the one made. */
static void
check_ranged(const char *encoding, double codes, double min, double max)
{
	Series		series;
	char		members[200];
	char		numbers[2][ATL_DOUBLE_SIZE] = {"", ""};
	double		values[66];
	double		error = 0;
	UnitHost	host;

	unit_host_init(&host);
	numbers[0][host.host.format_double(min, numbers[0])] = '\0';
	numbers[1][host.host.format_double(max, numbers[1])] = '\0';
	snprintf(members, sizeof(members), "\"encoding\":\"%s\",\"range\":[%s,%s],", encoding, numbers[0], numbers[1]);
	for (int i = 0; i < 64; i++)
		values[i] = unit_random_double(min, max);
	values[0] = min;
	values[1] = max;
	values[64] = min - (max - min);
	values[65] = max + (max - min);
	if (!open_values(&series, members, values, 66))
		return;
	for (int i = 0; i < 66; i++)
	{
		double		wanted = fmin(fmax(values[i], min), max);

		CHECK(fabs(series.numbers[i] - wanted) <= (max - min) / codes * 0.5000001);
		error = fmax(error, fabs(series.numbers[i] - values[i]));
	}
	CHECK(series.numbers[0] == min && series.numbers[64] == min);
	CHECK(fabs(series.numbers[1] - max) <= (fabs(max) + fabs(min)) * DBL_EPSILON);
	CHECK_BITS(series.feature.max_error, error);
	unit_close(&series.timeline);
}

static void
test_ranged(void)
{
	static const struct
	{
		const char *name;
		double		codes;
	}			encodings[] = {{"u8", 255}, {"i8", 255}, {"u16", 65535}, {"i16", 65535}};

	for (int e = 0; e < 4; e++)
	{
		check_ranged(encodings[e].name, encodings[e].codes, 0, 1);
		check_ranged(encodings[e].name, encodings[e].codes, -1, 1);
		check_ranged(encodings[e].name, encodings[e].codes, 0, 0.43);
		for (int i = 0; i < 30; i++)
		{
			double		min = ldexp(unit_random_double(-1, 1), (int) unit_random_below(60) - 30);

			check_ranged(encodings[e].name, encodings[e].codes, min, min + ldexp(unit_random_double(0.5, 1), (int) unit_random_below(40)));
		}
	}
}

/* Every code of a range means a number that has that code. */
static void
test_every_code(void)
{
	static const AtlEncoding encodings[] = {ATL_U8, ATL_I8, ATL_U16, ATL_I16};

	for (int e = 0; e < 4; e++)
		for (int round = 0; round < 8; round++)
		{
			double		min = ldexp(unit_random_double(-1, 1), (int) unit_random_below(40) - 20);
			AtlScale	scale = {encodings[e], true, min, min + ldexp(1, (int) unit_random_below(60) - 20)};
			uint32_t	width = atl_encoding_width(scale.encoding);
			uint32_t	wrong = 0;

			if (!atl_range_is_codable(scale.encoding, scale.min, scale.max))
				continue;
			for (uint32_t code = 0; code < UINT32_C(1) << (8 * width); code++)
			{
				uint8_t		bytes[2] = {(uint8_t) code, (uint8_t) (code >> 8)};
				uint8_t		again[2] = {0, 0};
				double		number;

				atl_series_decode(scale, bytes, NULL, 0, 1, &number);
				wrong += atl_series_encode(scale, number, again) != number || memcmp(bytes, again, width) != 0;
			}
			CHECK_INT(wrong, 0);
		}
}

/* Errors of an encoding before and of this one add up. */
static void
test_error_adds_up(void)
{
	Series		series;

	if (open_text(&series, "\"encoding\":\"u8\",\"range\":[0,255],\"maxError\":2,\"values\":[1.25,3]"))
	{
		CHECK_BITS(series.feature.max_error, 2.25);
		unit_close(&series.timeline);
	}
	if (open_text(&series, "\"encoding\":\"u8\",\"range\":[0,255],\"maxError\":2,\"values\":[1,3]"))
	{
		CHECK_BITS(series.feature.max_error, 2.0);
		unit_close(&series.timeline);
	}
	if (open_text(&series, "\"encoding\":\"u8\",\"range\":[0,255],\"values\":[1,3]"))
	{
		CHECK_BITS(series.feature.max_error, 0.0);
		CHECK_INT(series.feature.flags & ATL_FEATURE_ERROR, 0);
		unit_close(&series.timeline);
	}
}

static void
test_stats(void)
{
	Series		series;

	if (open_text(&series, "\"values\":[null,3,-1.5,null,7]"))
	{
		CHECK_BITS(series.feature.min, -1.5);
		CHECK_BITS(series.feature.max, 7);
		CHECK_BITS(series.feature.mean, 8.5 / 3);
		CHECK_INT(series.feature.missing, 2);
		unit_close(&series.timeline);
	}
	if (open_text(&series, "\"values\":[null,null]"))
	{
		CHECK_BITS(series.feature.min, atl_bits_f64(ATL_NAN_NUMBER_64));
		CHECK_BITS(series.feature.mean, atl_bits_f64(ATL_NAN_NUMBER_64));
		CHECK_INT(series.feature.missing, 2);
		unit_close(&series.timeline);
	}
	if (open_text(&series, "\"values\":[1.7e308,1.7e308]"))
	{
		CHECK_BITS(series.feature.mean, atl_bits_f64(ATL_NAN_NUMBER_64));
		unit_close(&series.timeline);
	}
}

const UnitTest unit_encoding_tests[] = {
	{"encoding: base64 comes back bit for bit", test_base64_bits},
	{"encoding: values are lossless unless asked otherwise", test_lossless},
	{"encoding: f32 exactly when nothing is lost", test_narrowest},
	{"encoding: both kinds of null", test_nulls},
	{"encoding: f32 on request, and its error", test_lossy_f32},
	{"encoding: what f32 cannot tell from 0", test_lossy_zero},
	{"encoding: integers without a range", test_integers},
	{"encoding: integers with a range", test_ranged},
	{"encoding: every code of a range is its own", test_every_code},
	{"encoding: errors add up", test_error_adds_up},
	{"encoding: statistics", test_stats},
	UNIT_END
};
