/*
 * test_column.c
 *		Columns of a block: what goes in comes out, whatever the codec.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/codec/column.h"
#include "support.h"
#include "tests.h"

#define MASKS	1

/* A column, written and opened again in exactly the memory it needs. */
typedef struct Written
{
	UnitHost	host;
	AtlBuffer	buffer;
	uint8_t    *bytes;
	uint8_t		masks[ATL_MASK_SIZE];
	AtlColumn	column;
} Written;

static void
write_column(Written *written, AtlDraftColumn *coded, uint32_t items, const AtlBuffer *texts)
{
	const uint8_t *at;
	bool		all = coded->num == items;

	unit_host_init(&written->host);
	atl_buffer_init(&written->buffer, &written->host.host);
	atl_column_fit(coded);
	CHECK_INT(atl_column_write(coded, 7, all ? 0 : 1, texts, &written->buffer), ATL_OK);
	CHECK_INT(written->buffer.size, coded->size + (texts == NULL ? 0 : texts->size));
	written->bytes = malloc(written->buffer.size);
	memcpy(written->bytes, written->buffer.bytes, written->buffer.size);
	for (int i = 0; i < 2; i++)
		atl_store_u64(written->masks + 8 * i, coded->mask.bits[i]);
	at = written->bytes;
	CHECK_INT(atl_column_open(&written->column, &at, written->bytes + written->buffer.size, items, written->masks, MASKS), ATL_OK);
	CHECK(at == written->bytes + written->buffer.size);
	CHECK_INT(written->column.id, 7);
	CHECK_INT(written->column.values, coded->num);
}

static void
free_column(Written *written)
{
	free(written->bytes);
	atl_buffer_free(&written->buffer);
	CHECK_INT(written->host.blocks, 0);
}

/* Integers for some of the items; width and slope that are expected, or -1. */
static void
check_integers(const int64_t *integers, const bool *has, uint32_t items, int width, int slope)
{
	AtlDraftColumn coded;
	Written		written;
	uint32_t	value;

	atl_column_begin(&coded, ATL_CODEC_INTEGER, 0);
	for (uint32_t i = 0; i < items; i++)
		if (has == NULL || has[i])
			atl_column_add(&coded, i, integers[i]);
	if (coded.num == 0)
		return;
	write_column(&written, &coded, items, NULL);
	for (uint32_t i = 0; i < items; i++)
	{
		CHECK(atl_column_find(&written.column, i, &value) == (has == NULL || has[i]));
		if (has == NULL || has[i])
			CHECK(atl_column_integer(&written.column, value) == integers[i]);
	}
	if (width >= 0)
		CHECK_INT(written.column.width, width);
	if (slope >= 0)
		CHECK_INT((int64_t) written.column.slope, slope);
	free_column(&written);
}

static void
test_integers(void)
{
	int64_t		integers[ATL_BLOCK_ITEMS];
	bool		has[ATL_BLOCK_ITEMS];

	for (int round = 0; round < 3000; round++)
	{
		uint32_t	items = 1 + unit_random_below(ATL_BLOCK_ITEMS);
		uint32_t	bits = 1 + unit_random_below(64);
		uint32_t	shift = unit_random_below(65 - bits);
		uint64_t	base = unit_random_below(2) == 0 ? 0 : unit_random();
		uint64_t	slope = unit_random_below(2) == 0 ? 0 : unit_random() >> unit_random_below(64);

		unit_context("round %d: %u items, %u bits by %u", round, (unsigned) items, (unsigned) bits, (unsigned) shift);
		for (uint32_t i = 0; i < items; i++)
		{
			integers[i] = (int64_t) (base + i * slope + (unit_random() >> (64 - bits) << shift));
			has[i] = unit_random_below(4) > 0;
		}
		check_integers(integers, NULL, items, -1, -1);
		check_integers(integers, has, items, -1, -1);
	}
}

/* What the line and the stride are for. */
static void
test_shapes(void)
{
	int64_t		integers[ATL_BLOCK_ITEMS];

	for (int i = 0; i < ATL_BLOCK_ITEMS; i++)
		integers[i] = -5;
	check_integers(integers, NULL, ATL_BLOCK_ITEMS, 0, 0);
	for (int i = 0; i < ATL_BLOCK_ITEMS; i++)
		integers[i] = 1000 + 3 * i;
	check_integers(integers, NULL, ATL_BLOCK_ITEMS, 0, 256);
	for (int i = 0; i < ATL_BLOCK_ITEMS; i++)
		integers[i] = 512 * (40 * i + i % 2);
	check_integers(integers, NULL, ATL_BLOCK_ITEMS, 1, -1);
	for (int i = 0; i < ATL_BLOCK_ITEMS; i++)
		integers[i] = i % 2 == 0 ? INT64_MIN : INT64_MAX;
	check_integers(integers, NULL, ATL_BLOCK_ITEMS, 1, 0);
	integers[1] = 0;
	check_integers(integers, NULL, ATL_BLOCK_ITEMS, 64, 0);
}

static void
check_doubles(const double *numbers, uint32_t num)
{
	AtlDraftColumn coded;
	Written		written;

	atl_column_begin(&coded, ATL_CODEC_DOUBLE, 0);
	for (uint32_t i = 0; i < num; i++)
		atl_column_add(&coded, i, atl_double_to_integer(numbers[i]));
	write_column(&written, &coded, num, NULL);
	for (uint32_t i = 0; i < num; i++)
		CHECK_BITS(atl_column_number(&written.column, i, 1), numbers[i]);
	free_column(&written);
}

static void
test_doubles(void)
{
	static const double numbers[] = {
		0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308, 1, -1,
		0.1, 1e22, 1e-7, INFINITY, -INFINITY
	};
	double		some[ATL_BLOCK_ITEMS];

	check_doubles(numbers, sizeof(numbers) / sizeof(numbers[0]));
	for (uint32_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		check_doubles(&numbers[i], 1);
	for (int round = 0; round < 500; round++)
	{
		uint32_t	num = 1 + unit_random_below(ATL_BLOCK_ITEMS);

		unit_context("round %d", round);
		for (uint32_t i = 0; i < num; i++)
		{
			uint64_t	bits = unit_random();

			/* One of the values must not be -0, which no document has. */
			some[i] = bits << 1 == 0 ? 0 : atl_bits_f64(bits);
			if (isnan(some[i]))
				some[i] = (float) unit_random_double(-1, 1);
		}
		check_doubles(some, num);
	}
	/* A float32 has 29 bits less. */
	for (int i = 0; i < ATL_BLOCK_ITEMS; i++)
		some[i] = (float) unit_random_double(0.5, 1);
	CHECK(atl_double_to_integer(some[0]) % (INT64_C(1) << 29) == 0);
	check_doubles(some, ATL_BLOCK_ITEMS);
}

static void
check_printed(AtlColumnCodec codec, uint8_t exponent, int64_t integer, const char *wanted)
{
	AtlDraftColumn coded;
	Written		written;
	AtlBuffer	text;

	unit_context("%lld, exponent %u", (long long) integer, exponent);
	atl_column_begin(&coded, codec, exponent);
	atl_column_add(&coded, 0, integer);
	write_column(&written, &coded, 1, NULL);
	atl_buffer_init(&text, &written.host.host);
	CHECK_INT(atl_column_append(&written.column, 0, 22050, &text), ATL_OK);
	CHECK_STRING((char *) text.bytes, text.size, wanted);
	atl_buffer_free(&text);
	free_column(&written);
}

static void
test_printed(void)
{
	check_printed(ATL_CODEC_DECIMAL, 0, 0, "0");
	check_printed(ATL_CODEC_DECIMAL, 3, 0, "0");
	check_printed(ATL_CODEC_DECIMAL, 0, -100, "-100");
	check_printed(ATL_CODEC_DECIMAL, 2, 150, "1.5");
	check_printed(ATL_CODEC_DECIMAL, 2, -5, "-0.05");
	check_printed(ATL_CODEC_DECIMAL, 2, 1200, "12");
	check_printed(ATL_CODEC_DECIMAL, 18, 1, "0.000000000000000001");
	check_printed(ATL_CODEC_DECIMAL, 18, INT64_MIN, "-9.223372036854775808");
	check_printed(ATL_CODEC_FIXED, 2, 150, "1.50");
	check_printed(ATL_CODEC_FIXED, 1, 0, "0.0");
	check_printed(ATL_CODEC_FIXED, 3, -1, "-0.001");
	check_printed(ATL_CODEC_INTEGER, 0, 42, "42");
	check_printed(ATL_CODEC_SAMPLES, 0, 1024, "0.046439909297052155");
	check_printed(ATL_CODEC_DOUBLE, 0, atl_double_to_integer(1e21), "1000000000000000000000");
	check_printed(ATL_CODEC_DOUBLE, 0, atl_double_to_integer(-1.5e-7), "-0.00000015");
}

/* Nothing but a finite number is JSON, and a text must be there. */
static void
test_damaged(void)
{
	static const AtlColumnCodec codecs[] = {ATL_CODEC_DOUBLE, ATL_CODEC_TEXT};
	static const uint8_t no_texts[] = {0};
	static const uint64_t noise[] = {UINT64_C(0x7FF0000000000000), UINT64_C(0x7FF8000000000000)};

	for (int c = 0; c < 2; c++)
		for (int i = 0; i < 2; i++)
		{
			AtlDraftColumn coded;
			Written		written;
			UnitHost	host;
			AtlBuffer	text;
			AtlBuffer	texts;

			unit_host_init(&host);
			atl_buffer_init(&texts, &host.host);
			atl_buffer_append(&texts, no_texts, sizeof(no_texts));
			atl_column_begin(&coded, codecs[c], 0);
			atl_column_add(&coded, 0, (int64_t) noise[i]);
			write_column(&written, &coded, 1, codecs[c] == ATL_CODEC_TEXT ? &texts : NULL);
			atl_buffer_init(&text, &host.host);
			CHECK_INT(atl_column_append(&written.column, 0, 1, &text), ATL_DAMAGED);
			atl_buffer_free(&text);
			atl_buffer_free(&texts);
			free_column(&written);
		}
}

/* The bytes of one full block of such events; each has two random digits. */
static uint32_t
blocks_size(const char *event)
{
	UnitTimeline timeline;
	UnitHost	host;
	AtlBuffer	json;
	uint32_t	size = 0;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	unit_append(&json, "{\"duration\":1000,\"sampleRate\":22050,\"events\":[");
	for (uint32_t i = 0; i < ATL_BLOCK_ITEMS; i++)
	{
		unit_append(&json, "%s{\"timestamp\":%.17g,\"type\":\"a\"", i > 0 ? "," : "", i * 256 / 22050.0);
		unit_append(&json, event, (unsigned) unit_random_below(10), (unsigned) unit_random_below(10));
		unit_append(&json, "}");
	}
	unit_append(&json, "]}");
	if (CHECK(unit_open(&timeline, (char *) json.bytes, json.size)))
	{
		size = timeline.view.sections[ATL_EVENT_BLOCKS].size;
		unit_close(&timeline);
	}
	atl_buffer_free(&json);
	return size;
}

/* Each with the bits that an item should take, and the room for headers. */
static void
test_sizes(void)
{
	static const struct
	{
		const char *event;
		uint32_t	bits;
	}			cases[] = {
		{"", 0},
		{",\"confidence\":0.5", 0},
		{",\"confidence\":0.%u%u", 7},
		{",\"gain\":0.%u%u", 7},
		{",\"gain\":%u.%u0", 7},
		{",\"data\":{\"midi\":6%u,\"velocity\":1%u}", 8},
		{",\"data\":{\"label\":\"word %u\"}", 4},
		{",\"data\":{\"rms\":0.41%u22%u28200531006,\"name\":\"n\",\"more\":[1,2,{}]}", 10},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		unit_context("%s", cases[i].event);
		CHECK(blocks_size(cases[i].event) <= 144 + 16 * cases[i].bits);
	}
}

const UnitTest unit_column_tests[] = {
	{"column: random integers, along lines and in strides", test_integers},
	{"column: constants, counters and extremes", test_shapes},
	{"column: doubles, bit for bit", test_doubles},
	{"column: values as text", test_printed},
	{"column: what is no JSON is refused", test_damaged},
	{"column: blocks are as small as they should be", test_sizes},
	UNIT_END
};
