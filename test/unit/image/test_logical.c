/*
 * test_logical.c
 *		The logical value: equal exactly when the printed documents are.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "random_document.h"
#include "tests.h"

/* Two parts as comparison sees them: numbers by value, NaNs by their bits. */
static bool
parts_equal(const AtlPart *a, const AtlPart *b)
{
	if (a->num_numbers != b->num_numbers || atl_text_compare(a->text, b->text) != 0)
		return false;
	for (uint32_t i = 0; i < a->num_numbers; i++)
		if (a->numbers[i] != b->numbers[i] &&
			!(isnan(a->numbers[i]) && atl_f64_bits(a->numbers[i]) == atl_f64_bits(b->numbers[i])))
			return false;
	return true;
}

static bool
logically_equal(const AtlView *a, const AtlView *b)
{
	AtlLogical *left = malloc(sizeof(AtlLogical));
	AtlLogical *right = malloc(sizeof(AtlLogical));
	UnitHost	host;
	AtlPart		parts[2];
	bool		found[2] = {true, true};
	bool		equal = true;

	unit_host_init(&host);
	CHECK_INT(atl_logical_begin(left, a, &host.host), ATL_OK);
	CHECK_INT(atl_logical_begin(right, b, &host.host), ATL_OK);
	while (equal && found[0] && found[1])
	{
		CHECK_INT(atl_logical_next(left, &parts[0], &found[0]), ATL_OK);
		CHECK_INT(atl_logical_next(right, &parts[1], &found[1]), ATL_OK);
		equal = found[0] == found[1] && (!found[0] || parts_equal(&parts[0], &parts[1]));
	}
	atl_logical_end(left);
	atl_logical_end(right);
	CHECK_INT(host.blocks, 0);
	free(left);
	free(right);
	return equal;
}

static bool
printed_equal(UnitTimeline *a, UnitTimeline *b)
{
	AtlBuffer	left;
	AtlBuffer	right;
	bool		equal;

	atl_buffer_init(&left, &a->host.host);
	atl_buffer_init(&right, &b->host.host);
	CHECK_INT(atl_print(&a->view, &left), ATL_OK);
	CHECK_INT(atl_print(&b->view, &right), ATL_OK);
	equal = left.size == right.size && memcmp(left.bytes, right.bytes, left.size) == 0;
	atl_buffer_free(&left);
	atl_buffer_free(&right);
	return equal;
}

/* What equality means for a pair, from both sides. */
static void
check_pair(UnitTimeline *a, UnitTimeline *b)
{
	bool		equal = printed_equal(a, b);

	CHECK(logically_equal(&a->view, &b->view) == equal);
	CHECK(logically_equal(&b->view, &a->view) == equal);
	CHECK((a->image.size == b->image.size && memcmp(a->image.bytes, b->image.bytes, a->image.size) == 0) == equal);
}

#define TOP			"{\"duration\":5,\"sampleRate\":44100"
#define EVENT(e)	TOP ",\"events\":[{\"timestamp\":1,\"type\":\"a\"" e "}]}"
#define FEATURE(f)	TOP ",\"features\":{\"f\":{" f "}}}"

/* Each differs from each: in one small thing from its neighbours. */
static void
test_pairs(void)
{
	static const char *const documents[] = {
		TOP "}", "{\"duration\":5,\"sampleRate\":44101}", "{\"duration\":5.000000000000001,\"sampleRate\":44100}",
		TOP ",\"events\":[]}", TOP ",\"events\":null}", TOP ",\"markers\":[]}", TOP ",\"features\":{}}",
		TOP ",\"metadata\":{}}", TOP ",\"x\":1}", TOP ",\"x\":1.0}", TOP ",\"x\":\"1\"}", TOP ",\"x\":null}",
		EVENT(""), EVENT(",\"duration\":0"), EVENT(",\"confidence\":0"), EVENT(",\"data\":{}"), EVENT(",\"data\":null"),
		EVENT(",\"value\":0"), EVENT(",\"data\":{\"a\":1}"), EVENT(",\"a\":1"), EVENT(",\"duration\":1"), EVENT(",\"confidence\":1"),
		TOP ",\"events\":[{\"timestamp\":1,\"type\":\"b\"}]}", TOP ",\"markers\":[{\"timestamp\":1,\"type\":\"a\"}]}",
		TOP ",\"events\":[{\"timestamp\":1,\"type\":\"a\"},{\"timestamp\":1,\"type\":\"b\"}]}",
		TOP ",\"events\":[{\"timestamp\":1,\"type\":\"b\"},{\"timestamp\":1,\"type\":\"a\"}]}",
		TOP ",\"events\":[{\"timestamp\":1,\"type\":\"a\"},{\"timestamp\":1,\"type\":\"a\"}]}",
		TOP ",\"markers\":[{\"timestamp\":1,\"type\":\"a\",\"value\":1}]}", TOP ",\"markers\":[{\"timestamp\":1,\"type\":\"a\",\"value\":\"1\"}]}",
		FEATURE("\"hop\":1,\"values\":[]"), FEATURE("\"hop\":2,\"values\":[]"), FEATURE("\"frameRate\":1,\"values\":[]"),
		FEATURE("\"hop\":1,\"values\":[1]"), FEATURE("\"hop\":1,\"values\":[[1]]"), FEATURE("\"hop\":1,\"values\":[null]"),
		FEATURE("\"hop\":1,\"values\":[1,null]"), FEATURE("\"hop\":1,\"values\":[[1],null]"), FEATURE("\"hop\":1,\"values\":[[1],[null]]"),
		FEATURE("\"hop\":1,\"values\":[1,0]"), FEATURE("\"hop\":1,\"values\":[[1,0]]"), FEATURE("\"hop\":1,\"values\":[[1,null],null]"),
		FEATURE("\"hop\":1,\"values\":[[1,null],[null,null]]"),
		FEATURE("\"hop\":1,\"startTime\":0,\"values\":[1]"), FEATURE("\"hop\":1,\"startTime\":1,\"values\":[1]"),
		FEATURE("\"hop\":1,\"dims\":1,\"values\":[1]"), FEATURE("\"hop\":1,\"dims\":2,\"values\":[]"), FEATURE("\"hop\":1,\"dims\":3,\"values\":[]"),
		FEATURE("\"hop\":1,\"unit\":\"\",\"values\":[1]"), FEATURE("\"hop\":1,\"unit\":\"x\",\"values\":[1]"),
		FEATURE("\"hop\":1,\"kind\":\"\",\"values\":[1]"), FEATURE("\"hop\":1,\"kind\":\"x\",\"values\":[1]"),
		FEATURE("\"hop\":1,\"encoding\":\"f32\",\"values\":[1]"), FEATURE("\"hop\":1,\"encoding\":\"f64\",\"values\":[1]"),
		FEATURE("\"hop\":1,\"encoding\":\"u8\",\"values\":[1]"), FEATURE("\"hop\":1,\"encoding\":\"u16\",\"values\":[1]"),
		FEATURE("\"hop\":1,\"encoding\":\"u8\",\"base64\":\"AQ==\""), FEATURE("\"hop\":1,\"encoding\":\"u8\",\"base64\":\"Ag==\""),
		FEATURE("\"hop\":1,\"encoding\":\"i8\",\"base64\":\"AQ==\""), FEATURE("\"hop\":1,\"encoding\":\"u8\",\"base64\":\"\""),
		FEATURE("\"hop\":1,\"encoding\":\"f32\",\"base64\":\"AADAfw==\""), FEATURE("\"hop\":1,\"encoding\":\"f32\",\"base64\":\"AQDAfw==\""),
		FEATURE("\"hop\":1,\"encoding\":\"f32\",\"base64\":\"AgDAfw==\""), FEATURE("\"hop\":1,\"encoding\":\"f32\",\"base64\":\"AAAAAA==\""),
		FEATURE("\"hop\":1,\"encoding\":\"f32\",\"base64\":\"AAAAgA==\""),
		FEATURE("\"hop\":1,\"range\":[0,1],\"values\":[1]"), FEATURE("\"hop\":1,\"range\":[0,2],\"values\":[1]"),
		FEATURE("\"hop\":1,\"range\":[-1,1],\"values\":[1]"), FEATURE("\"hop\":1,\"maxError\":0,\"values\":[1]"),
		FEATURE("\"hop\":1,\"maxError\":1,\"values\":[1]"), FEATURE("\"hop\":1,\"values\":[1],\"x\":1"),
		FEATURE("\"hop\":1,\"values\":[1],\"unit\":null"), TOP ",\"features\":{\"g\":{\"hop\":1,\"values\":[1]}}}",
	};
	enum
	{
		NUM = sizeof(documents) / sizeof(documents[0])
	};
	static UnitTimeline timelines[NUM];

	for (int i = 0; i < NUM; i++)
	{
		unit_context("%s", documents[i]);
		if (!CHECK(unit_open(&timelines[i], documents[i], strlen(documents[i]))))
			return;
	}
	for (int i = 0; i < NUM; i++)
		for (int j = i; j < NUM; j++)
		{
			unit_context("%s and %s", documents[i], documents[j]);
			CHECK(printed_equal(&timelines[i], &timelines[j]) == (i == j));
			check_pair(&timelines[i], &timelines[j]);
		}
	for (int i = 0; i < NUM; i++)
		unit_close(&timelines[i]);
}

/* The same document written differently is the same value. */
static void
test_spellings(void)
{
	static const char *const pairs[][2] = {
		{TOP "}", "{ \"sampleRate\" : 4.41e4 , \"duration\" : 50e-1 }"},
		{EVENT(",\"data\":{\"a\":1,\"b\":2}"), EVENT(",\"data\":{\"b\":2,\"a\":7,\"a\":1e0}")},
		{TOP ",\"x\":1,\"y\":2}", "{\"y\":2,\"x\":0,\"duration\":5,\"x\":1,\"sampleRate\":44100}"},
		{FEATURE("\"hop\":1,\"values\":[1,0.5]"), FEATURE("\"values\":[1.0,5e-1],\"hop\":1.0")},
		{FEATURE("\"hop\":1,\"values\":[0]"), FEATURE("\"hop\":1,\"values\":[-0.0]")},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
	{
		UnitTimeline timelines[2];

		unit_context("%s", pairs[i][0]);
		if (!CHECK(unit_open(&timelines[0], pairs[i][0], strlen(pairs[i][0])) &&
				   unit_open(&timelines[1], pairs[i][1], strlen(pairs[i][1]))))
			return;
		CHECK(printed_equal(&timelines[0], &timelines[1]));
		check_pair(&timelines[0], &timelines[1]);
		unit_close(&timelines[0]);
		unit_close(&timelines[1]);
	}
}

/* Change one letter or digit of a document. */
static void
change_something(AtlBuffer *json)
{
	static const char from[] = "0123456789";

	for (int tries = 0; tries < 100; tries++)
	{
		uint8_t    *at = &json->bytes[unit_random_below((uint32_t) json->size)];

		if (memchr(from, *at, 10) != NULL)
		{
			*at = (uint8_t) from[unit_random_below(10)];
			return;
		}
	}
}

static void
test_random_changes(void)
{
	UnitHost	host;
	AtlBuffer	json;
	int			equal = 0;
	int			different = 0;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	for (int i = 0; i < 700; i++)
	{
		UnitTimeline timelines[2];

		json.size = 0;
		unit_random_document(&json);
		if (!CHECK(unit_open(&timelines[0], (char *) json.bytes, json.size)))
			break;
		change_something(&json);
		if (unit_open(&timelines[1], (char *) json.bytes, json.size))
		{
			unit_context("%.480s", (char *) json.bytes);
			check_pair(&timelines[0], &timelines[1]);
			*(printed_equal(&timelines[0], &timelines[1]) ? &equal : &different) += 1;
			unit_close(&timelines[1]);
		}
		unit_close(&timelines[0]);
	}
	unit_context("equal %d, different %d", equal, different);
	CHECK(equal > 30 && different > 200);
	atl_buffer_free(&json);
}

/*
 * An image with an optional section that only a later writer knows: the bytes
 * differ, the value does not.
 */
static void
add_section(const UnitImage *from, uint32_t kind, UnitImage *to)
{
	uint32_t	sections = atl_load_u32(from->bytes + 36);
	uint32_t	table = ATL_HEADER_SIZE + sections * ATL_SECTION_ENTRY_SIZE;
	uint8_t    *entry;

	to->size = from->size + ATL_SECTION_ENTRY_SIZE + 8;
	to->bytes = calloc(1, to->size);
	memcpy(to->bytes, from->bytes, table);
	memcpy(to->bytes + table + ATL_SECTION_ENTRY_SIZE, from->bytes + table, from->size - table);
	for (uint32_t i = 0; i < sections; i++)
	{
		entry = to->bytes + ATL_HEADER_SIZE + i * ATL_SECTION_ENTRY_SIZE;
		atl_store_u32(entry + 4, atl_load_u32(entry + 4) + ATL_SECTION_ENTRY_SIZE);
	}
	entry = to->bytes + table;
	atl_store_u32(entry, kind);
	atl_store_u32(entry + 4, to->size - 8);
	atl_store_u32(entry + 8, 8);
	memcpy(to->bytes + to->size - 8, "summary!", 8);
	atl_store_u32(to->bytes + 4, to->size);
	atl_store_u32(to->bytes + 36, sections + 1);
}

static void
test_later_writer(void)
{
	static const char json[] =
		TOP ",\"events\":[{\"timestamp\":1,\"type\":\"a\",\"x\":1}],\"features\":{\"f\":{\"hop\":1,\"values\":[0.1,null]}},\"y\":[]}";
	UnitTimeline timelines[2];
	UnitImage	required;
	AtlProblem	problem;

	if (!CHECK(unit_open(&timelines[0], json, strlen(json))))
		return;
	unit_host_init(&timelines[1].host);
	add_section(&timelines[0].image, ATL_SECTION_KINDS | ATL_SECTION_OPTIONAL, &timelines[1].image);
	CHECK_INT(atl_view_open(&timelines[1].view, unit_source(&timelines[1].source, timelines[1].image.bytes, timelines[1].image.size)), ATL_OK);
	CHECK(printed_equal(&timelines[0], &timelines[1]));
	CHECK(logically_equal(&timelines[0].view, &timelines[1].view));
	/* What it holds nobody can check, so it does not come in from outside. */
	CHECK_INT(atl_validate(&timelines[1].view, timelines[1].image.bytes, &timelines[1].host.host, &problem, &(uint32_t) {0}), ATL_DAMAGED);

	add_section(&timelines[0].image, ATL_SECTION_KINDS, &required);
	CHECK_INT(atl_view_open(&timelines[0].view, atl_memory_source(required.bytes, required.size)), ATL_UNSUPPORTED);
	unit_image_free(&required);
	unit_close(&timelines[0]);
	unit_close(&timelines[1]);
}

const UnitTest unit_logical_tests[] = {
	{"logical: equal exactly when printed equal, pair by pair", test_pairs},
	{"logical: one document in several spellings", test_spellings},
	{"logical: random documents with one digit changed", test_random_changes},
	{"logical: an optional section of a later writer", test_later_writer},
	UNIT_END
};
