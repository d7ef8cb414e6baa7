/*
 * test_rule.c
 *		Encodings chosen outside of the document: ranges, errors, and what a
 *		rule leaves alone.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/document/builder.h"
#include "core/base/bytes.h"
#include "random_document.h"
#include "read_all.h"
#include "tests.h"

#define MAX_NUMBERS	1024

static const AtlEncoding integers[] = {ATL_U8, ATL_I8, ATL_U16, ATL_I16};

/* A feature before and after a rule. */
typedef struct Encoded
{
	UnitTimeline before;
	UnitTimeline after;
	AtlFeature	old;
	AtlFeature	feature;
	double		old_numbers[MAX_NUMBERS];
	double		numbers[MAX_NUMBERS];
	uint32_t	num;
} Encoded;

static void
read_series(UnitTimeline *timeline, AtlFeature *feature, double *numbers)
{
	CHECK_INT(atl_feature_get(&timeline->view, 0, feature), ATL_OK);
	if (CHECK((size_t) feature->frames * feature->dims <= MAX_NUMBERS))
		CHECK_INT(atl_feature_read(&timeline->view, feature, 0, feature->frames, numbers), ATL_OK);
}

/* Build {"hop":1,<members>} without a rule, then follow one; 0 is lossless. */
static bool
encode(Encoded *encoded, AtlEncoding encoding, const char *members)
{
	AtlEncodingRule rule = {.encoding = encoding};
	UnitTimeline *after = &encoded->after;
	UnitHost	host;
	AtlBuffer	json;
	bool		good;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	unit_append(&json, "{\"duration\":9,\"sampleRate\":1,\"features\":{\"f\":{\"hop\":1,");
	CHECK_INT(atl_buffer_append(&json, members, strlen(members)), ATL_OK);
	unit_append(&json, "}}}");
	unit_context("%s as %d", strlen(members) > 200 ? "many numbers" : members, encoding);
	good = CHECK(unit_open(&encoded->before, (char *) json.bytes, json.size));
	atl_buffer_free(&json);
	if (!good)
		return false;
	CHECK(unit_obeys_rules(&host, encoded->before.image.bytes, encoded->before.image.size));
	read_series(&encoded->before, &encoded->old, encoded->old_numbers);

	unit_host_init(&after->host);
	after->host.rule = &rule;
	good = CHECK_INT(unit_image_again(&after->host, &encoded->before.view, &after->image), ATL_OK);
	after->host.rule = NULL;
	CHECK_INT(atl_view_open(&after->view, unit_source(&after->source, after->image.bytes, after->image.size)), ATL_OK);
	read_series(after, &encoded->feature, encoded->numbers);
	encoded->num = encoded->feature.frames * encoded->feature.dims;
	return good;
}

static void
close_encoded(Encoded *encoded)
{
	unit_close(&encoded->before);
	unit_close(&encoded->after);
}

/* Values as text, with all that is needed to read the same doubles. */
static bool
encode_values(Encoded *encoded, AtlEncoding encoding, const double *values, uint32_t num)
{
	UnitHost	host;
	AtlBuffer	text;
	bool		good;

	unit_host_init(&host);
	atl_buffer_init(&text, &host.host);
	unit_append(&text, "\"values\":[");
	for (uint32_t i = 0; i < num; i++)
	{
		unit_append(&text, i > 0 ? "," : "");
		if (isnan(values[i]))
			unit_append(&text, "null");
		else
			unit_append_number(&text, values[i]);
	}
	unit_append(&text, "]");
	CHECK_INT(atl_buffer_append_zeros(&text, 1), ATL_OK);
	good = encode(encoded, encoding, (char *) text.bytes);
	atl_buffer_free(&text);
	return good;
}

/* No error but the one told, which is at most half a step of the range. */
static void
check_numbers(const Encoded *encoded)
{
	const AtlFeature *feature = &encoded->feature;
	double		codes = atl_encoding_width(feature->encoding) == 1 ? 255 : 65535;
	double		half = (feature->range_max - feature->range_min) / codes / 2;
	double		error = 0;

	for (uint32_t i = 0; i < encoded->num; i++)
	{
		CHECK_INT(isnan(encoded->numbers[i]), isnan(encoded->old_numbers[i]));
		if (!isnan(encoded->numbers[i]))
			error = fmax(error, fabs(encoded->numbers[i] - encoded->old_numbers[i]));
	}
	CHECK_BITS(feature->max_error, encoded->old.max_error + error);
	CHECK_INT((feature->flags & ATL_FEATURE_ERROR) != 0, feature->max_error > 0);
	CHECK(error <= half * (1 + 1e-9) + 4 * DBL_EPSILON * fmax(fabs(feature->range_min), fabs(feature->range_max)));
	CHECK_INT(feature->missing, encoded->old.missing);
	CHECK_INT(feature->flags & (ATL_FEATURE_ENCODING | ATL_FEATURE_RANGE), ATL_FEATURE_ENCODING | ATL_FEATURE_RANGE);
}

/* The range is that of the numbers, of whatever size they are and how far apart. */
static void
test_range(void)
{
	Encoded		encoded;

	for (int round = 0; round < 400; round++)
	{
		uint32_t	num = 2 + unit_random_below(60);
		double		middle = ldexp(unit_random_double(-1, 1), (int) unit_random_below(200) - 100);
		double		spread = ldexp(1, (int) unit_random_below(200) - 100);
		double		values[64];
		double		least = INFINITY;
		double		most = -INFINITY;

		for (uint32_t i = 0; i < num; i++)
		{
			values[i] = i > 1 && unit_random_below(8) == 0 ? NAN : middle + unit_random_double(-spread, spread);
			least = fmin(least, values[i]);
			most = fmax(most, values[i]);
		}
		if (!encode_values(&encoded, integers[round % 4], values, num))
			return;
		check_numbers(&encoded);
		CHECK_BITS(encoded.feature.range_min, least + 0.0);
		CHECK(encoded.feature.range_max >= most);
		if (atl_range_is_codable(integers[round % 4], least, most))
			CHECK_BITS(encoded.feature.range_max, most + 0.0);
		CHECK_BITS(encoded.feature.min, least + 0.0);
		close_encoded(&encoded);
	}
}

/* All the same: exact, and with no error, up to the edge of the doubles. */
static void
test_constant(void)
{
	static const double special[] = {
		0, 1, -1, 0.1, 1e-300, 5e-324, -5e-324, DBL_MIN, 1e300, -1e300, -DBL_MAX, DBL_MAX / 2, 16777217, 1e17, -440.1
	};
	Encoded		encoded;

	for (int round = 0; round < 100; round++)
		for (int e = 0; e < 4; e++)
		{
			double		number = round < 15 ? special[round] : ldexp(unit_random_double(-1, 1), (int) unit_random_below(2000) - 1000);
			double		values[] = {number, NAN, number};

			if (!encode_values(&encoded, integers[e], values, 3))
				return;
			check_numbers(&encoded);
			CHECK_BITS(encoded.numbers[0], number);
			CHECK_BITS(encoded.numbers[2], number);
			CHECK_INT(encoded.feature.flags & ATL_FEATURE_ERROR, 0);
			CHECK_BITS(encoded.feature.min, encoded.feature.max);
			close_encoded(&encoded);
		}
}

/* Nothing to take a range from. */
static void
test_no_numbers(void)
{
	static const char *const members[] = {
		"\"values\":[]", "\"values\":[null,null]", "\"dims\":2,\"values\":[null,[null,null]]",
		"\"encoding\":\"f32\",\"base64\":\"\"", "\"dims\":2,\"encoding\":\"f32\",\"base64\":\"AADAfwEAwH8=\""
	};
	Encoded		encoded;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		for (int e = 0; e < 4; e++)
		{
			if (!encode(&encoded, integers[e], members[i]))
				return;
			check_numbers(&encoded);
			CHECK_BITS(encoded.feature.range_min, 0);
			CHECK_BITS(encoded.feature.range_max, 1);
			close_encoded(&encoded);
		}
}

/* A number, both kinds of null; and base64, which knows one kind. */
static void
test_nulls(void)
{
	static const struct
	{
		const char *members;
		const char *kinds;
		bool		base64;
	}			cases[] = {
		{"\"values\":[null,[1,null],null,[0.1,2]]", "FFnNFFnn", false},
		{"\"encoding\":\"u16\",\"range\":[0,2],\"values\":[null,[1,null],null,[0.1,2]]", "FFnNFFnn", false},
		{"\"encoding\":\"f32\",\"base64\":\"AACAPwAAwH8BAMB///////////8=\"", "nNNNN", false},
		{"\"encoding\":\"f32\",\"dims\":2,\"base64\":\"AACAPwEAwH8BAMB/AACAPw==\"", "nNNn", false},
		{"\"encoding\":\"f32\",\"dims\":2,\"base64\":\"AACAPwAAAEA=\"", "nn", true},
		{"\"encoding\":\"f64\",\"base64\":\"AAAAAAAA8D8AAAAAAAAAgA==\"", "nn", true},
	};
	Encoded		encoded;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		if (!encode(&encoded, ATL_U8, cases[i].members))
			return;
		check_numbers(&encoded);
		CHECK_INT((encoded.feature.flags & ATL_FEATURE_BASE64) != 0, cases[i].base64);
		for (uint32_t k = 0; k < encoded.num; k++)
			if (cases[i].kinds[k] == 'n')
				CHECK(!isnan(encoded.numbers[k]) && !(encoded.numbers[k] == 0 && signbit(encoded.numbers[k])));
			else
				CHECK_BITS(encoded.numbers[k], atl_bits_f64(cases[i].kinds[k] == 'F' ? ATL_NAN_FRAME_64 : ATL_NAN_NUMBER_64));
		close_encoded(&encoded);
	}
}

/* What is as narrow already stays as it is, to the bit. */
static void
test_left_alone(void)
{
	static const struct
	{
		AtlEncoding rule;
		const char *members;
	}			cases[] = {
		{ATL_F32, "\"values\":[0.5,null,1]"},
		{ATL_F32, "\"encoding\":\"f32\",\"values\":[0.1]"},
		{ATL_F32, "\"encoding\":\"u16\",\"range\":[0,1],\"values\":[0.3]"},
		{ATL_U8, "\"encoding\":\"u8\",\"range\":[0,5],\"values\":[1,2,null]"},
		{ATL_U8, "\"kind\":\"peaks\",\"dims\":2,\"encoding\":\"i8\",\"values\":[[-65,63]]"},
		{ATL_I8, "\"encoding\":\"u8\",\"base64\":\"AAEC\""},
		{ATL_U16, "\"encoding\":\"u8\",\"values\":[1,2]"},
		{ATL_U16, "\"encoding\":\"i16\",\"values\":[-1,2]"},
		{0, "\"values\":[0.5,null,1]"},
		{0, "\"encoding\":\"f32\",\"range\":[0,1],\"base64\":\"AACAPwEAwH8=\""},
		{0, "\"encoding\":\"f64\",\"values\":[1,2]"},
	};
	Encoded		encoded;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		if (!encode(&encoded, cases[i].rule, cases[i].members))
			return;
		if (CHECK_INT(encoded.after.image.size, encoded.before.image.size))
			CHECK(memcmp(encoded.after.image.bytes, encoded.before.image.bytes, encoded.before.image.size) == 0);
		close_encoded(&encoded);
	}
}

static void
test_f32(void)
{
	Encoded		encoded;

	if (encode(&encoded, ATL_F32, "\"range\":[0,1],\"maxError\":0.25,\"values\":[0.1,null,1,-1e-60]"))
	{
		CHECK_INT(encoded.feature.encoding, ATL_F32);
		CHECK_BITS(encoded.numbers[0], (float) 0.1);
		CHECK_BITS(encoded.numbers[3], 0.0);
		CHECK_BITS(encoded.feature.max_error, 0.25 + fabs(0.1 - (float) 0.1));
		CHECK_BITS(encoded.feature.range_max, 1);
		close_encoded(&encoded);
	}
	/* Wide by request alone: nothing is lost. */
	if (encode(&encoded, ATL_F32, "\"encoding\":\"f64\",\"maxError\":null,\"values\":[0.5,null]"))
	{
		CHECK_INT(encoded.feature.encoding, ATL_F32);
		CHECK_INT(encoded.feature.flags & ATL_FEATURE_ERROR, 0);
		close_encoded(&encoded);
	}
}

/* A wide integer encoding to a narrow one: the errors add up. */
static void
test_narrower(void)
{
	Encoded		encoded;

	if (encode(&encoded, ATL_U8, "\"encoding\":\"u16\",\"maxError\":2,\"values\":[0,100,65535]"))
	{
		CHECK_INT(encoded.feature.encoding, ATL_U8);
		CHECK_BITS(encoded.numbers[1], 0);
		CHECK_BITS(encoded.feature.max_error, 102);
		CHECK_BITS(encoded.feature.range_max, 65535);
		close_encoded(&encoded);
	}
}

/* The way back: the very numbers, without an encoding; the error is still told. */
static void
test_lossless(void)
{
	static const char *const members[] = {
		"\"encoding\":\"u8\",\"range\":[0,0.43],\"maxError\":0.5,\"values\":[0,0.2,null,0.43]",
		"\"encoding\":\"i16\",\"values\":[[1,2],null,[null,-3]]",
		"\"encoding\":\"u16\",\"range\":[-1,1],\"values\":null,\"dims\":2,\"base64\":\"AAEC/wAB/v8=\"",
		"\"encoding\":\"u8\",\"range\":[0,255],\"values\":[]",
	};
	static const AtlEncoding wanted[] = {ATL_F64, ATL_F32, ATL_F64, ATL_F32};
	Encoded		encoded;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
	{
		if (!encode(&encoded, 0, members[i]))
			return;
		CHECK_INT(encoded.feature.encoding, wanted[i]);
		CHECK_INT(encoded.feature.flags & (ATL_FEATURE_ENCODING | ATL_FEATURE_RANGE | ATL_FEATURE_BASE64), 0);
		CHECK_BITS(encoded.feature.max_error, encoded.old.max_error);
		CHECK_INT(encoded.num, encoded.old.frames * encoded.old.dims);
		for (uint32_t k = 0; k < encoded.num; k++)
			CHECK_BITS(encoded.numbers[k], encoded.old_numbers[k]);
		close_encoded(&encoded);
	}
}

/* Members that were given as null and are not null any more. */
static void
test_null_members(void)
{
	Encoded		encoded;
	AtlBuffer	text;

	if (!encode(&encoded, ATL_U8, "\"encoding\":null,\"range\":null,\"maxError\":null,\"unit\":null,\"values\":[0.5,0.1,0.3]"))
		return;
	CHECK_STRING(encoded.feature.attributes.text, encoded.feature.attributes.size, "{\"unit\":null}");
	close_encoded(&encoded);

	/* Without a rule too: f32 brings an error. */
	if (!encode(&encoded, 0, "\"encoding\":\"f32\",\"maxError\":null,\"values\":[0.1]"))
		return;
	CHECK_INT(encoded.old.attributes.size, 0);
	atl_buffer_init(&text, &encoded.before.host.host);
	CHECK_INT(atl_print(&encoded.before.view, &text), ATL_OK);
	CHECK_STRING((char *) text.bytes, text.size, "{\"duration\":9,\"sampleRate\":1,\"features\":{\"f\":{\"hop\":1,"
				 "\"encoding\":\"f32\",\"maxError\":1.4901161138336505e-09,\"values\":[0.10000000149011612]}}}");
	atl_buffer_free(&text);
	close_encoded(&encoded);
}

/* Features that are not named keep their encoding. */
static void
test_names(void)
{
	static const char json[] = "{\"duration\":9,\"sampleRate\":1,\"features\":{\"a\":{\"hop\":1,\"values\":[1]},"
		"\"b\":{\"hop\":1,\"values\":[1]},\"bb\":{\"hop\":1,\"values\":[1]},\"c\":{\"hop\":1,\"values\":[1]}}}";
	static const AtlText names[] = {{"", 0}, {"b", 1}, {"c", 1}, {"aa", 2}};

	for (uint32_t n = 0; n <= 4; n++)
	{
		AtlEncodingRule rule = {ATL_U8, names, n};
		UnitHost	host;
		UnitImage	image;
		AtlView		view;

		unit_host_init(&host);
		host.rule = &rule;
		unit_context("%u names", n);
		CHECK_INT(unit_image_from_text(&host, json, strlen(json), &image, NULL), ATL_OK);
		CHECK_INT(atl_view_open(&view, atl_memory_source(image.bytes, image.size)), ATL_OK);
		for (uint32_t i = 0; i < 4; i++)
		{
			AtlFeature	feature;
			bool		named;

			CHECK_INT(atl_feature_get(&view, i, &feature), ATL_OK);
			named = (n > 1 && feature.name.text[0] == 'b' && feature.name.size == 1) || (n > 2 && feature.name.text[0] == 'c');
			CHECK_INT(feature.encoding, named ? ATL_U8 : ATL_F32);
		}
		unit_image_free(&image);
	}
}

/* What an encoding cannot hold is refused, with the place. */
static void
test_refused(void)
{
	static const struct
	{
		AtlEncoding rule;
		const char *members;
		const char *message;
	}			cases[] = {
		{ATL_F32, "\"values\":[1,1e39]", "features.f.values[1] is 1e+39, which encoding f32 cannot hold."},
		{ATL_F32, "\"values\":[[1,2],[3,-1e39]]", "features.f.values[1][1] is -1e+39, which encoding f32 cannot hold."},
		{ATL_F32, "\"encoding\":\"f64\",\"base64\":\"AAAAAAAA8H4AAAAAAADwfw==\"", "features.f.base64 holds an infinite number."},
		{ATL_F32, "\"encoding\":\"f64\",\"base64\":\"oMjrhfPM4X8=\"", "features.f.base64 holds 1e+308, which encoding f32 cannot hold."},
		{ATL_U8, "\"values\":[-1e308,1e308]", "features.f.values has numbers too far apart for encoding u8."},
		{ATL_I16, "\"values\":[1e306,-1e304]", "features.f.values has numbers too far apart for encoding i16."},
		{ATL_U8, "\"values\":[1.7976931348623157e308]", "features.f.values has numbers too far apart for encoding u8."},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		AtlEncodingRule rule = {.encoding = cases[i].rule};
		UnitHost	host;
		UnitImage	image;
		AtlProblem	problem;
		char		json[300];

		snprintf(json, sizeof(json), "{\"duration\":9,\"sampleRate\":1,\"features\":{\"f\":{\"hop\":1,%s}}}", cases[i].members);
		unit_host_init(&host);
		host.rule = &rule;
		unit_context("%s", cases[i].members);
		CHECK_INT(unit_image_from_text(&host, json, strlen(json), &image, &problem), ATL_INVALID);
		CHECK_INT(problem.code, i == 2 ? ATL_PROBLEM_NOT_FINITE : ATL_PROBLEM_NOT_ENCODABLE);
		CHECK_STRING(problem.message, strlen(problem.message), cases[i].message);
		CHECK_INT(host.blocks, 0);
	}
}

/* More numbers than an image takes in a wider encoding: told before a size overflows. */
static void
test_too_large(void)
{
	UnitHost	host;
	AtlBuilder *builder;
	AtlNumbers	numbers = {.scale = {.encoding = ATL_U8}, .num = UINT32_C(1) << 29};

	unit_host_init(&host);
	builder = atl_build_begin(&host.host, false);
	builder->feature.entry.encoding = ATL_F64;
	CHECK_INT(atl_numbers_encode(builder, numbers), ATL_TOO_LARGE);
	atl_build_free(builder);
}

/* The fast way of coding is the same as the slow one. */
static void
test_ranged_parts(void)
{
	for (int round = 0; round < 400; round++)
	{
		double		min = ldexp(unit_random_double(-1, 1), (int) unit_random_below(40) - 20);
		AtlScale	scale = {integers[round % 4], true, min, min + ldexp(unit_random_double(0.5, 1), (int) unit_random_below(60) - 20)};
		uint32_t	width = atl_encoding_width(scale.encoding);
		double		span = scale.max - scale.min;
		double		error = 0;
		double		numbers[64];
		uint8_t		together[128] = {0};
		uint8_t		alone[128] = {0};

		if (!atl_range_is_codable(scale.encoding, scale.min, scale.max))
			continue;
		for (int i = 0; i < 64; i++)
		{
			/* Exactly between two codes, at the ends, outside, missing. */
			numbers[i] = unit_random_below(2) == 0 ? unit_random_double(scale.min - span, scale.max + span) :
				scale.min + (unit_random_below(256) + 0.5) * span / (width == 1 ? 255 : 65535);
			numbers[i] = i == 0 ? scale.min : i == 1 ? scale.max : i == 2 ? -DBL_MAX : i == 3 ? DBL_MAX : i == 4 ? NAN : numbers[i];
			if (i != 4)
				error = fmax(error, fabs(numbers[i] - atl_series_encode(scale, numbers[i], alone + (size_t) i * width)));
		}
		CHECK_BITS(atl_series_encode_ranged(scale, numbers, 64, together), error);
		CHECK(memcmp(together, alone, sizeof(alone)) == 0);
	}
}

/* Text or image, once or twice: the same bytes. */
static void
test_random_documents(void)
{
	for (int round = 0; round < 300; round++)
	{
		UnitTimeline timeline;
		UnitHost	host;
		AtlBuffer	json;

		unit_host_init(&host);
		atl_buffer_init(&json, &host.host);
		unit_random_document(&json);
		unit_context("document %d", round);
		if (CHECK(unit_open(&timeline, (char *) json.bytes, json.size)))
		{
			CHECK(unit_obeys_rules(&host, timeline.image.bytes, timeline.image.size));
			unit_close(&timeline);
		}
		atl_buffer_free(&json);
		CHECK_INT(host.blocks, 0);
	}
}

/* Every allocation of a rebuild failing in turn. */
static void
test_memory(void)
{
	static const char json[] = "{\"duration\":9,\"sampleRate\":1,\"events\":[{\"timestamp\":1,\"type\":\"a\",\"b\":[1]}],"
		"\"features\":{\"a\":{\"hop\":1,\"values\":[[0.1,null],null]},\"b\":{\"hop\":1,\"encoding\":\"f32\",\"base64\":\"AADAfw==\"}}}";
	AtlEncodingRule rule = {.encoding = ATL_U8};
	UnitTimeline timeline;
	UnitHost	host;
	size_t		k = 0;

	if (!CHECK(unit_open(&timeline, json, strlen(json))))
		return;
	do
	{
		UnitImage	image;
		AtlStatus	status;

		unit_host_init(&host);
		host.rule = &rule;
		host.fail_at = ++k;
		status = unit_image_again(&host, &timeline.view, &image);
		CHECK_INT(status, host.calls >= k ? ATL_NO_MEMORY : ATL_OK);
		CHECK_INT(host.blocks, 0);
		unit_image_free(&image);
	} while (host.calls >= k);
	CHECK(k > 10);
	unit_close(&timeline);
}

const UnitTest unit_rule_tests[] = {
	{"rule: the range is that of the numbers, the error the one made", test_range},
	{"rule: numbers that are all the same stay exact", test_constant},
	{"rule: no numbers at all", test_no_numbers},
	{"rule: missing numbers stay missing", test_nulls},
	{"rule: what is as narrow stays as it is", test_left_alone},
	{"rule: f32", test_f32},
	{"rule: from one integer encoding to a narrower one", test_narrower},
	{"rule: lossless is the way back", test_lossless},
	{"rule: members given as null", test_null_members},
	{"rule: features by name", test_names},
	{"rule: numbers that an encoding cannot hold", test_refused},
	{"rule: more numbers than an image takes", test_too_large},
	{"rule: coding in parts is coding one by one", test_ranged_parts},
	{"rule: the same from text and image, once and twice", test_random_documents},
	{"rule: every allocation failing in turn", test_memory},
	UNIT_END
};
