/*
 * shapes_feature.c
 *		Shapes of features.
 */
#include <string.h>

#include "shapes.h"

/* Letters in what is long. */
#define LONG	500

static void
begin_features(AtlBuffer *out)
{
	unit_shape_begin(out, "\"features\":{");
}

static void
end_features(AtlBuffer *out)
{
	unit_append(out, "}}");
}

/* One feature, up to the elements of its values. */
static void
begin_values(AtlBuffer *out, const char *members)
{
	begin_features(out);
	unit_append(out, "\"a\":{\"hop\":1,%s\"values\":[", members);
}

static void
end_values(AtlBuffer *out)
{
	unit_append(out, "]}");
	end_features(out);
}

/* One feature with one value again and again. */
static void
values_of(AtlBuffer *out, size_t size, const char *members, const char *value)
{
	begin_values(out, members);
	unit_shape_repeat(out, size, value, "");
	end_values(out);
}

/* Features that are the same but for their names. */
static void
features_with(AtlBuffer *out, size_t size, const char *members)
{
	begin_features(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		unit_shape_next(out);
		unit_append(out, "\"%u\":{%s}", i, members);
	}
	end_features(out);
}

/* Elements of an array, behind its bracket. */
static void
append_numbers(AtlBuffer *out, uint32_t count, const char *number)
{
	for (uint32_t i = 0; i < count; i++)
	{
		unit_shape_next(out);
		unit_append(out, "%s", number);
	}
}

/* A string of base64: so many groups of three bytes. */
static void
append_base64(AtlBuffer *out, uint32_t groups, bool noise)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t	random = 1;

	unit_append(out, "\"");
	for (uint32_t i = 0; i < 4 * groups; i++)
	{
		random = random * 1664525 + 1013904223;
		unit_append(out, "%c", noise ? digits[random >> 26] : 'A');
	}
	unit_append(out, "\"");
}

void
unit_shape_no_frames(AtlBuffer *out, size_t size)
{
	features_with(out, size, "\"hop\":1,\"values\":[]");
}

void
unit_shape_one_frame(AtlBuffer *out, size_t size)
{
	features_with(out, size, "\"hop\":1,\"values\":[0]");
}

void
unit_shape_different_clocks(AtlBuffer *out, size_t size)
{
	begin_features(out);
	for (uint32_t i = 1; out->size < size; i++)
	{
		unit_shape_next(out);
		unit_append(out, "\"%u\":{\"hop\":%u,\"values\":[0]}", i, i);
	}
	end_features(out);
}

void
unit_shape_different_starts(AtlBuffer *out, size_t size)
{
	begin_features(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		unit_shape_next(out);
		unit_append(out, "\"%u\":{\"frameRate\":1,\"startTime\":%u,\"values\":[0]}", i, i);
	}
	end_features(out);
}

/* Half of the text is one feature, on the clock of all others. */
void
unit_shape_one_long(AtlBuffer *out, size_t size)
{
	begin_features(out);
	unit_append(out, "\"a\":{\"hop\":1,\"values\":[");
	append_numbers(out, (uint32_t) size / 4, "0");
	unit_append(out, "]}");
	for (uint32_t i = 0; out->size < size; i++)
		unit_append(out, ",\"%u\":{\"hop\":1,\"values\":[0]}", i);
	end_features(out);
}

void
unit_shape_one_long_base64(AtlBuffer *out, size_t size)
{
	begin_features(out);
	unit_append(out, "\"a\":{\"hop\":1,\"encoding\":\"u8\",\"base64\":");
	append_base64(out, (uint32_t) size / 8, false);
	unit_append(out, "}");
	for (uint32_t i = 0; out->size < size; i++)
		unit_append(out, ",\"%u\":{\"hop\":1,\"values\":[]}", i);
	end_features(out);
}

void
unit_shape_all_lengths(AtlBuffer *out, size_t size)
{
	begin_features(out);
	for (uint32_t i = 1; out->size < size; i++)
	{
		unit_shape_next(out);
		unit_append(out, "\"%u\":{\"hop\":1,\"values\":[", i);
		append_numbers(out, i, "0");
		unit_append(out, "]}");
	}
	end_features(out);
}

void
unit_shape_all_blocks(AtlBuffer *out, size_t size)
{
	begin_features(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		unit_shape_next(out);
		unit_append(out, "\"%u\":{\"hop\":1,\"encoding\":\"u8\",\"base64\":", i);
		append_base64(out, (i * ATL_PIECE_NUMBERS + 3) / 3, false);
		unit_append(out, "}");
	}
	end_features(out);
}

void
unit_shape_wide_without_frames(AtlBuffer *out, size_t size)
{
	features_with(out, size, "\"hop\":1,\"dims\":65535,\"values\":[]");
}

void
unit_shape_wide_without_bytes(AtlBuffer *out, size_t size)
{
	features_with(out, size, "\"hop\":1,\"dims\":65535,\"encoding\":\"f64\",\"base64\":\"\"");
}

/* All that is wider than 1,024 has blocks of the same length, so they are one group. */
void
unit_shape_long_and_wide(AtlBuffer *out, size_t size)
{
	begin_features(out);
	unit_append(out, "\"a\":{\"hop\":1,\"dims\":1024,\"encoding\":\"u8\",\"base64\":");
	append_base64(out, (uint32_t) (size / 8 + 1023) / 1024 * 1024, false);
	unit_append(out, "}");
	do
	{
		unit_append(out, ",\"%zu\":{\"hop\":1,\"dims\":65535,\"values\":[]}", out->size);
	} while (out->size < size);
	end_features(out);
}

void
unit_shape_nulls_65535(AtlBuffer *out, size_t size)
{
	values_of(out, size, "\"dims\":65535,", "null");
}

void
unit_shape_nulls_512(AtlBuffer *out, size_t size)
{
	values_of(out, size, "\"dims\":512,", "null");
}

void
unit_shape_nulls_33(AtlBuffer *out, size_t size)
{
	values_of(out, size, "\"dims\":33,", "null");
}

void
unit_shape_nulls_32(AtlBuffer *out, size_t size)
{
	values_of(out, size, "\"dims\":32,", "null");
}

void
unit_shape_nulls_1(AtlBuffer *out, size_t size)
{
	values_of(out, size, "", "null");
}

void
unit_shape_leading_nulls(AtlBuffer *out, size_t size)
{
	begin_values(out, "");
	unit_shape_repeat(out, size, "null", ",[");
	append_numbers(out, 33, "0");
	unit_append(out, "]");
	end_values(out);
}

void
unit_shape_nulls_and_wide(AtlBuffer *out, size_t size)
{
	begin_values(out, "");
	unit_shape_repeat(out, size / 2, "null", ",[");
	append_numbers(out, (uint32_t) size / 5, "0");
	unit_append(out, "]");
	end_values(out);
}

void
unit_shape_wide_and_nulls(AtlBuffer *out, size_t size)
{
	begin_values(out, "");
	unit_append(out, "[");
	append_numbers(out, (uint32_t) size / 8, "0.1");
	unit_append(out, "]");
	unit_shape_repeat(out, size, "null", "");
	end_values(out);
}

void
unit_shape_every_second_null(AtlBuffer *out, size_t size)
{
	begin_values(out, "");
	while (out->size < size)
	{
		unit_shape_next(out);
		unit_append(out, "null,[");
		append_numbers(out, 33, "7");
		unit_append(out, "]");
	}
	end_values(out);
}

void
unit_shape_null_numbers(AtlBuffer *out, size_t size)
{
	values_of(out, size, "\"encoding\":\"i16\",", "[null,1,null]");
}

/* Frames that are so wide that the whole document has only a few. */
static void
wide_frames(AtlBuffer *out, size_t size, const char *members, uint32_t frames)
{
	uint32_t	dims = (uint32_t) (size / 2 / frames);

	if (dims > ATL_MAX_DIMS)
		dims = ATL_MAX_DIMS;
	begin_values(out, members);
	while (out->size < size)
		for (uint32_t i = 0; i < frames; i++)
		{
			unit_shape_next(out);
			unit_append(out, "[");
			append_numbers(out, dims, i % 2 == 0 ? "0" : "7");
			unit_append(out, "]");
		}
	end_values(out);
}

void
unit_shape_one_wide_frame(AtlBuffer *out, size_t size)
{
	wide_frames(out, size, "", 1);
}

void
unit_shape_wide_f64(AtlBuffer *out, size_t size)
{
	wide_frames(out, size, "\"encoding\":\"f64\",", 1);
}

void
unit_shape_two_wide_frames(AtlBuffer *out, size_t size)
{
	wide_frames(out, size, "", 2);
}

void
unit_shape_many_wide_frames(AtlBuffer *out, size_t size)
{
	begin_values(out, "");
	while (out->size < size)
	{
		unit_shape_next(out);
		unit_append(out, "[");
		for (uint32_t i = 0; i < 768; i++)
			unit_append(out, "%s%u.%u", i == 0 ? "" : ",", (uint32_t) out->size % 7, i % 97);
		unit_append(out, "]");
	}
	end_values(out);
}

void
unit_shape_wide_base64(AtlBuffer *out, size_t size)
{
	uint32_t	groups = (uint32_t) size / 16 * 2;

	begin_features(out);
	while (out->size < size)
	{
		unit_shape_next(out);
		unit_append(out, "\"%zu\":{\"hop\":1,\"dims\":%u,\"encoding\":\"u8\",\"base64\":", out->size, groups * 3 / 2);
		append_base64(out, groups, true);
		unit_append(out, "}");
	}
	end_features(out);
}

/*
 * One number in eight may be an exception: with one that is large, a codec has
 * many widths to think of.
 */
void
unit_shape_wide_outliers(AtlBuffer *out, size_t size)
{
	static const char *const frames[8] = {"AAAA", "AAAA", "AAAA", "AQEB", "AAAA", "AAAA", "////", "AAAA"};
	uint32_t	groups = (uint32_t) size / 64;

	begin_features(out);
	while (out->size < size)
	{
		unit_shape_next(out);
		unit_append(out, "\"%zu\":{\"hop\":1,\"dims\":%u,\"encoding\":\"u8\",\"base64\":\"", out->size, groups * 3);
		for (int i = 0; i < 8; i++)
			for (uint32_t k = 0; k < groups; k++)
				unit_append(out, "%s", frames[i]);
		unit_append(out, "\"}");
	}
	end_features(out);
}

void
unit_shape_short_outliers(AtlBuffer *out, size_t size)
{
	features_with(out, size, "\"hop\":1,\"values\":[0,0,0,1,0,0,1e9,0]");
}

void
unit_shape_short_values(AtlBuffer *out, size_t size)
{
	begin_values(out, "");
	for (uint32_t i = 0; out->size < size; i++)
		unit_append(out, "%s%u", i == 0 ? "" : ",", i * i % 10);
	end_values(out);
}

void
unit_shape_short_f64(AtlBuffer *out, size_t size)
{
	values_of(out, size, "\"encoding\":\"f64\",", "[0,7]");
}

void
unit_shape_f32_values(AtlBuffer *out, size_t size)
{
	begin_values(out, "");
	for (uint32_t i = 1; out->size < size; i++)
		unit_append(out, "%s%.9g", i == 1 ? "" : ",", (double) (float) (1.0 / i));
	end_values(out);
}

void
unit_shape_f64_values(AtlBuffer *out, size_t size)
{
	begin_values(out, "");
	for (uint32_t i = 0; out->size < size; i++)
		unit_append(out, "%s0.%u", i == 0 ? "" : ",", i * 7919 % 1000);
	end_values(out);
}

void
unit_shape_late_f64(AtlBuffer *out, size_t size)
{
	begin_values(out, "");
	unit_shape_repeat(out, size, "0", ",0.1");
	end_values(out);
}

void
unit_shape_digits_values(AtlBuffer *out, size_t size)
{
	begin_values(out, "");
	for (uint32_t i = 1; out->size < size; i++)
		unit_append(out, "%s%.17g", i == 1 ? "" : ",", (i % 2 == 0 ? -1.0 : 1.0) / i);
	end_values(out);
}

/* Near the middle of two doubles, so that all digits must be looked at. */
void
unit_shape_long_values(AtlBuffer *out, size_t size)
{
	begin_values(out, "");
	while (out->size < size)
	{
		unit_shape_next(out);
		unit_append(out, "1.00000000000000011102230246251565404236316680908203125");
		for (int i = 0; i < 10; i++)
			unit_append(out, "%0500d", 0);
		unit_append(out, "1");
	}
	end_values(out);
}

void
unit_shape_small_values(AtlBuffer *out, size_t size)
{
	values_of(out, size, "", "1e-320,3e-400,1e-16383,0e-16383");
}

void
unit_shape_exponent_values(AtlBuffer *out, size_t size)
{
	values_of(out, size, "", "1e300,-1e300,1e22,1e-7");
}

void
unit_shape_u8_values(AtlBuffer *out, size_t size)
{
	values_of(out, size, "\"encoding\":\"u8\",\"range\":[-1.2345678901234567e-99,1.2345678901234567e-99],", "-1,0,1");
}

void
unit_shape_u16_values(AtlBuffer *out, size_t size)
{
	begin_values(out, "\"encoding\":\"u16\",\"range\":[0,1],");
	for (uint32_t i = 0; out->size < size; i++)
		unit_append(out, "%s0.%u", i == 0 ? "" : ",", i % 10);
	end_values(out);
}

static void
base64_of(AtlBuffer *out, size_t size, bool noise)
{
	begin_features(out);
	unit_append(out, "\"a\":{\"hop\":1,\"encoding\":\"i16\",\"range\":[0,1],\"base64\":");
	append_base64(out, (uint32_t) size / 8 * 2, noise);
	unit_append(out, "}");
	end_features(out);
}

void
unit_shape_base64_noise(AtlBuffer *out, size_t size)
{
	base64_of(out, size, true);
}

void
unit_shape_base64_zeros(AtlBuffer *out, size_t size)
{
	base64_of(out, size, false);
}

void
unit_shape_many_base64(AtlBuffer *out, size_t size)
{
	features_with(out, size, "\"hop\":1,\"dims\":3,\"encoding\":\"i8\",\"base64\":\"AAECAwQF\"");
}

void
unit_shape_constant_values(AtlBuffer *out, size_t size)
{
	values_of(out, size, "", "0.1");
}

void
unit_shape_long_names(AtlBuffer *out, size_t size)
{
	begin_features(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		unit_shape_next(out);
		unit_append(out, "\"%0*u\":{\"hop\":1,\"unit\":\"%0*u\",\"kind\":\"%0*u\",\"values\":[0,0]}",
					LONG / 2, i, LONG / 2, i, LONG / 2, i);
	}
	end_features(out);
}

void
unit_shape_feature_attributes(AtlBuffer *out, size_t size)
{
	features_with(out, size, "\"hop\":1,\"values\":[0],\"b\":{\"c\":[1,2,3]},\"a\":\"text\"");
}

void
unit_shape_feature_exponents(AtlBuffer *out, size_t size)
{
	features_with(out, size, "\"hop\":1,\"values\":[0],\"a\":1e131071");
}

void
unit_shape_feature_nulls(AtlBuffer *out, size_t size)
{
	features_with(out, size, "\"hop\":1,\"frameRate\":null,\"startTime\":null,\"dims\":null,\"unit\":null,\"kind\":null,"
				  "\"encoding\":null,\"range\":null,\"maxError\":null,\"values\":[],\"base64\":null");
}

void
unit_shape_repeated_features(AtlBuffer *out, size_t size)
{
	unit_shape_begin(out, "\"metadata\":{}");
	unit_shape_repeat(out, size, "\"features\":{\"a\":{\"hop\":1,\"values\":[0,1]}}", "}");
}

void
unit_shape_repeated_feature(AtlBuffer *out, size_t size)
{
	begin_features(out);
	unit_shape_repeat(out, size, "\"a\":{\"hop\":1,\"values\":[0]}", "");
	end_features(out);
}

void
unit_shape_repeated_values(AtlBuffer *out, size_t size)
{
	begin_features(out);
	unit_append(out, "\"a\":{\"hop\":1");
	unit_shape_repeat(out, size, "\"values\":[0,0.1,1]", "}");
	end_features(out);
}

void
unit_shape_spaced_values(AtlBuffer *out, size_t size)
{
	values_of(out, size, "", "                                0                                ");
}

void
unit_shape_object_values(AtlBuffer *out, size_t size)
{
	begin_features(out);
	unit_append(out, "\"%0*u\":{\"hop\":1,\"values\":[", LONG, 0);
	unit_shape_repeat(out, size, "{}", "]}");
	end_features(out);
}

void
unit_shape_ragged_values(AtlBuffer *out, size_t size)
{
	values_of(out, size, "", "[]");
}

void
unit_shape_long_range(AtlBuffer *out, size_t size)
{
	begin_features(out);
	unit_append(out, "\"a\":{\"hop\":1,\"values\":[0],\"encoding\":\"u8\",\"range\":[");
	unit_shape_repeat(out, size, "0", "]}");
	end_features(out);
}

/* Members of features that are rates, and then one of each event, are not used. */
void
unit_shape_unused_rates(AtlBuffer *out, size_t size)
{
	begin_features(out);
	for (uint32_t i = 1; out->size < size / 2; i++)
	{
		unit_shape_next(out);
		unit_append(out, "\"%u\":{\"hop\":1,\"values\":[],\"fps\":%u}", i, i);
	}
	unit_append(out, "},\"events\":[");
	unit_shape_repeat(out, size, "{\"timestamp\":0,\"type\":\"a\",\"score\":1}", "]}");
}
