/*
 * test_text.c
 *		Text: the order of keys, and well-formed UTF-8.
 */
#include <stdlib.h>
#include <string.h>

#include "core/atl.h"
#include "tests.h"

static AtlText
text_of(const char *string)
{
	AtlText		text = {string, (uint32_t) strlen(string)};

	return text;
}

static void
test_order(void)
{
	static const char *const ordered[] = {
		"", "A", "a", "z", "\xC3", "ZZ", "ab", "b\x01", "\xC3\xA9", "abc", "zero", "aaaaa"
	};
	size_t		num = sizeof(ordered) / sizeof(ordered[0]);

	for (size_t i = 0; i < num; i++)
		for (size_t j = 0; j < num; j++)
		{
			int			order = atl_text_compare(text_of(ordered[i]), text_of(ordered[j]));

			unit_context("%s, %s", ordered[i], ordered[j]);
			CHECK_INT((order > 0) - (order < 0), (i > j) - (i < j));
		}
	CHECK_INT(atl_text_compare((AtlText) {NULL, 0}, text_of("")), 0);
}

static bool
is_utf8(const uint8_t *bytes, uint32_t size)
{
	AtlText		text = {(const char *) bytes, size};

	return atl_text_is_utf8(NULL, text);
}

/* The bytes of a code point, by the arithmetic of the definition. */
static uint32_t
encode(uint32_t c, uint8_t *bytes)
{
	uint32_t	size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	bytes[0] = (uint8_t) c;
	for (uint32_t i = size; i-- > 1; c >>= 6)
		bytes[i] = (uint8_t) (0x80 | (c & 0x3F));
	if (size > 1)
		bytes[0] = (uint8_t) ((0xF00 >> size & 0xFF) | c);
	return size;
}

static void
test_code_points(void)
{
	uint8_t    *bytes = malloc(4);

	for (uint32_t c = 0; c < 0x110100; c++)
	{
		uint32_t	size = encode(c, bytes);
		bool		wanted = c != 0 && (c < 0xD800 || c > 0xDFFF) && c < 0x110000;

		if (is_utf8(bytes, size) == wanted)
			continue;
		unit_context("U+%04X", (unsigned) c);
		CHECK(!"agrees");
	}
	free(bytes);
}

/* Whether the bytes are exactly one code point: encode all it could be. */
static bool
is_one_code_point(const uint8_t *bytes, uint32_t size)
{
	uint8_t		again[4];
	uint32_t	c = bytes[0] & (size == 2 ? 0x1F : size == 3 ? 0x0F : 0x07);

	for (uint32_t i = 1; i < size; i++)
		c = c << 6 | (bytes[i] & 0x3F);
	return (c < 0xD800 || c > 0xDFFF) && c < 0x110000 && encode(c, again) == size &&
		memcmp(again, bytes, size) == 0;
}

static void
test_two_bytes(void)
{
	uint8_t    *bytes = malloc(2);

	for (uint32_t n = 0; n < 0x10000; n++)
	{
		bool		ascii;

		bytes[0] = (uint8_t) (n >> 8);
		bytes[1] = (uint8_t) n;
		ascii = bytes[0] > 0 && bytes[0] < 0x80 && bytes[1] > 0 && bytes[1] < 0x80;
		unit_context("%04X", (unsigned) n);
		CHECK(is_utf8(bytes, 2) == (ascii || is_one_code_point(bytes, 2)));
	}
	free(bytes);
}

static void
test_three_bytes(void)
{
	uint8_t    *bytes = malloc(3);

	for (uint32_t n = 0xC00000; n < 0x1000000; n++)
	{
		bytes[0] = (uint8_t) (n >> 16);
		bytes[1] = (uint8_t) (n >> 8);
		bytes[2] = (uint8_t) n;
		if (bytes[0] < 0xE0 && bytes[2] > 0 && bytes[2] < 0x80)
			continue;			/* two bytes and one: seen above */
		if (is_utf8(bytes, 3) != is_one_code_point(bytes, 3))
		{
			unit_context("%06X", (unsigned) n);
			CHECK(!"agrees");
		}
	}
	free(bytes);
}

static void
test_four_bytes(void)
{
	static const uint8_t ends[] = {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF};
	uint8_t    *bytes = malloc(4);

	for (uint32_t n = 0xE000; n < 0x10000; n++)
		for (size_t i = 0; i < 36; i++)
		{
			bytes[0] = (uint8_t) (n >> 8);
			bytes[1] = (uint8_t) n;
			bytes[2] = ends[i / 6];
			bytes[3] = ends[i % 6];
			if (bytes[0] < 0xF0 && bytes[3] < 0x80)
				continue;
			unit_context("%04X %02X %02X", (unsigned) n, bytes[2], bytes[3]);
			CHECK(is_utf8(bytes, 4) == is_one_code_point(bytes, 4));
		}
	free(bytes);
}

const UnitTest unit_text_tests[] = {
	{"text: order of keys", test_order},
	{"text: every code point", test_code_points},
	{"text: every pair of bytes", test_two_bytes},
	{"text: three bytes from C0 on", test_three_bytes},
	{"text: four bytes at the borders", test_four_bytes},
	UNIT_END
};
