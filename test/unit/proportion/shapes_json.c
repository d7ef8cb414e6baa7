/*
 * shapes_json.c
 *		Shapes of what is kept as JSON: metadata and unknown members.
 */
#include <string.h>

#include "shapes.h"

/* Containers in metadata, which is itself the second one. */
#define DEPTH	(ATL_JSON_DEPTH - 3)

static void
append(AtlBuffer *out, const char *text)
{
	unit_append(out, "%s", text);
}

void
unit_shape_begin(AtlBuffer *out, const char *member)
{
	unit_append(out, "{\"duration\":1000000,\"sampleRate\":44100,%s", member);
}

void
unit_shape_next(AtlBuffer *out)
{
	uint8_t		last = out->bytes[out->size - 1];

	if (last != '[' && last != '{')
		append(out, ",");
}

void
unit_shape_repeat(AtlBuffer *out, size_t size, const char *text, const char *end)
{
	while (out->size < size)
	{
		unit_shape_next(out);
		append(out, text);
	}
	append(out, end);
}

/* An array in metadata, of one text again and again. */
static void
metadata_of(AtlBuffer *out, size_t size, const char *text)
{
	unit_shape_begin(out, "\"metadata\":{\"a\":[");
	unit_shape_repeat(out, size, text, "]}}");
}

void
unit_shape_short_numbers(AtlBuffer *out, size_t size)
{
	metadata_of(out, size, "1");
}

void
unit_shape_long_numbers(AtlBuffer *out, size_t size)
{
	metadata_of(out, size, "-12345678901234567890123456789012345678901234567890.12345678901234567890");
}

void
unit_shape_empty_arrays(AtlBuffer *out, size_t size)
{
	metadata_of(out, size, "[]");
}

void
unit_shape_empty_objects(AtlBuffer *out, size_t size)
{
	metadata_of(out, size, "{}");
}

void
unit_shape_empty_strings(AtlBuffer *out, size_t size)
{
	metadata_of(out, size, "\"\"");
}

void
unit_shape_small_objects(AtlBuffer *out, size_t size)
{
	metadata_of(out, size, "{\"b\":0,\"a\":0}");
}

static void
metadata_of_towers(AtlBuffer *out, size_t size, const char *up, const char *top, const char *down)
{
	unit_shape_begin(out, "\"metadata\":{\"a\":[");
	while (out->size < size)
	{
		unit_shape_next(out);
		for (int i = 0; i < DEPTH; i++)
			append(out, up);
		append(out, top);
		for (int i = 0; i < DEPTH; i++)
			append(out, down);
	}
	append(out, "]}}");
}

void
unit_shape_deep_arrays(AtlBuffer *out, size_t size)
{
	metadata_of_towers(out, size, "[", "", "]");
}

void
unit_shape_deep_objects(AtlBuffer *out, size_t size)
{
	metadata_of_towers(out, size, "{\"\":", "0", "}");
}

void
unit_shape_nested_exponents(AtlBuffer *out, size_t size)
{
	metadata_of_towers(out, size, "[", "1e131071", "]");
}

void
unit_shape_keys_backwards(AtlBuffer *out, size_t size)
{
	unit_shape_begin(out, "\"metadata\":{");
	for (uint32_t i = 9999999; out->size < size; i--)
	{
		unit_shape_next(out);
		unit_append(out, "\"%u\":0", i);
	}
	append(out, "}}");
}

void
unit_shape_repeated_keys(AtlBuffer *out, size_t size)
{
	unit_shape_begin(out, "\"metadata\":{");
	unit_shape_repeat(out, size, "\"a\":0", "}}");
}

void
unit_shape_repeated_metadata(AtlBuffer *out, size_t size)
{
	unit_shape_begin(out, "\"metadata\":{}");
	unit_shape_repeat(out, size, "\"metadata\":{\"a\":[1,2,3]}", "}");
}

void
unit_shape_unknown_members(AtlBuffer *out, size_t size)
{
	unit_shape_begin(out, "\"metadata\":{}");
	for (uint32_t i = 0; out->size < size; i++)
		unit_append(out, ",\"%u\":0", i);
	append(out, "}");
}

void
unit_shape_repeated_unknown(AtlBuffer *out, size_t size)
{
	unit_shape_begin(out, "\"metadata\":{}");
	unit_shape_repeat(out, size, "\"a\":[0]", "}");
}

void
unit_shape_control_escapes(AtlBuffer *out, size_t size)
{
	metadata_of(out, size, "\"\\u0001\\u001f\\n\\t\\\"\\\\\"");
}

void
unit_shape_letter_escapes(AtlBuffer *out, size_t size)
{
	metadata_of(out, size, "\"\\u00e9\\u20ac\\ud83c\\udfb5\\u0041\"");
}

void
unit_shape_white_space(AtlBuffer *out, size_t size)
{
	metadata_of(out, size, "        \t\t\t\t\n\n\n\n\r\r\r\r        0        ");
}

void
unit_shape_exponents(AtlBuffer *out, size_t size)
{
	metadata_of(out, size, "1e131071");
}

void
unit_shape_fractions(AtlBuffer *out, size_t size)
{
	metadata_of(out, size, "1e-16383");
}

void
unit_shape_zero_exponents(AtlBuffer *out, size_t size)
{
	metadata_of(out, size, "0e-16383");
}

void
unit_shape_half_exponents(AtlBuffer *out, size_t size)
{
	metadata_of(out, size, "1.5e100000");
}

void
unit_shape_top_exponents(AtlBuffer *out, size_t size)
{
	unit_shape_begin(out, "\"metadata\":{}");
	for (uint32_t i = 0; out->size < size; i++)
		unit_append(out, ",\"%u\":1e131071", i);
	append(out, "}");
}
