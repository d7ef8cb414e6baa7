/*
 * test_printable.c
 *		The size of the text, without the text; and what has no text form.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/json/count.h"
#include "golden.h"
#include "random_document.h"
#include "tests.h"

#define ROUNDS	3000

static uint64_t
count_backslashes(const AtlBuffer *text)
{
	uint64_t	backslashes = 0;

	for (size_t i = 0; i < text->size; i++)
		backslashes += text->bytes[i] == '\\';
	return backslashes;
}

/* What is counted is what is printed; and a limit of that much is kept, one less is not. */
static void
check_document(const char *json, size_t size)
{
	UnitTimeline timeline;
	AtlBuffer	text;
	AtlJsonCounter counter;
	AtlSink		sink;
	uint64_t	expected;

	if (!unit_open(&timeline, json, size))
		return;
	atl_buffer_init(&text, &timeline.host.host);
	CHECK_INT(atl_print(&timeline.view, &text), ATL_OK);
	expected = text.size + count_backslashes(&text);

	sink = atl_json_counter(&counter, &timeline.host.host, expected);
	CHECK_INT(atl_push_tokens(&timeline.view, &timeline.host.host, &sink), ATL_OK);
	CHECK_INT(counter.size, text.size);
	CHECK_INT(counter.backslashes, count_backslashes(&text));

	sink = atl_json_counter(&counter, &timeline.host.host, expected - 1);
	CHECK_INT(atl_push_tokens(&timeline.view, &timeline.host.host, &sink), ATL_TOO_LARGE);
	atl_buffer_free(&text);
	unit_close(&timeline);
}

static void
test_count(void)
{
	static const char *const documents[] = {
		"{\"duration\":1,\"sampleRate\":1}",
		"{\"duration\":1.5e-7,\"sampleRate\":1,\"events\":[],\"markers\":[],\"features\":{}}",
		"{\"duration\":9,\"sampleRate\":1,\"events\":[{\"timestamp\":0.1,\"type\":\"a\\u0001\\\"\\\\\\n\\u000b\\u007f\"}]}",
		"{\"duration\":9,\"sampleRate\":1,\"events\":[{\"timestamp\":1,\"type\":\"x\",\"duration\":0,\"confidence\":1,"
		"\"data\":{\"a\\\\\":\"\\u001f\",\"b\":[true,false,null,1.50]},\"\\t\":{}}]}",
		"{\"duration\":9,\"sampleRate\":1,\"features\":{\"a\\b\":{\"hop\":1,\"values\":[1e-7,1e300,null,0.1]},"
		"\"b\":{\"hop\":1,\"dims\":2,\"startTime\":1,\"unit\":\"\\\"\",\"kind\":\"k\",\"values\":[[1,2],null,[null,3]]},"
		"\"c\":{\"frameRate\":2,\"encoding\":\"u8\",\"range\":[0,1],\"values\":[0,1,0.5],\"maxError\":0.25},"
		"\"d\":{\"frameRate\":2,\"encoding\":\"i16\",\"base64\":\"AAEC\",\"x\":1}}}",
		"{\"duration\":9,\"sampleRate\":1,\"metadata\":{\"a\":\"\\u00e9\"},\"other\":[[],{}]}",
	};

	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
	{
		unit_context("%s", documents[i]);
		check_document(documents[i], strlen(documents[i]));
	}
	for (int round = 0; round < ROUNDS; round++)
	{
		UnitHost	host;
		AtlBuffer	json;

		unit_host_init(&host);
		atl_buffer_init(&json, &host.host);
		unit_random_document(&json);
		unit_context("round %d", round);
		check_document((const char *) json.bytes, json.size);
		atl_buffer_free(&json);
	}
}

/* Codes of a byte stand for 20 characters each: refused as values, taken as base64. */
static void
test_too_large(void)
{
	static const char head[] = "{\"duration\":9,\"sampleRate\":1,\"features\":{\"f\":{\"hop\":1,\"encoding\":\"u8\","
		"\"range\":[0,0.7],\"base64\":\"";
	const uint32_t chars = 76000000;
	UnitHost	host;
	UnitImage	image;
	AtlView		view;
	AtlProblem	problem = {.code = ATL_PROBLEM_NONE};
	AtlBuffer	json;
	uint8_t    *entry;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	CHECK_INT(atl_buffer_append(&json, head, sizeof(head) - 1), ATL_OK);
	CHECK_INT(atl_buffer_append_zeros(&json, chars), ATL_OK);
	memset(json.bytes + sizeof(head) - 1, 'Z', chars);
	CHECK_INT(atl_buffer_append(&json, "\"}}}", 4), ATL_OK);
	CHECK_INT(unit_image_from_text(&host, (const char *) json.bytes, json.size, &image, NULL), ATL_OK);
	atl_buffer_free(&json);
	CHECK_INT(atl_view_open(&view, atl_memory_source(image.bytes, image.size)), ATL_OK);
	CHECK_INT(atl_check_printable(&view, &host.host, &problem), ATL_OK);

	entry = image.bytes + view.sections[ATL_FEATURE_ENTRIES].offset;
	atl_store_u16(entry + 42, atl_load_u16(entry + 42) & ~ATL_FEATURE_BASE64);
	CHECK_INT(atl_check_printable(&view, &host.host, &problem), ATL_TOO_LARGE);
	CHECK_INT(problem.code, ATL_PROBLEM_TOO_LARGE);
	CHECK_STRING(problem.message, strlen(problem.message), "Its JSON text takes more than 1000000000 bytes.");
	unit_image_free(&image);
}

const UnitTest unit_printable_tests[] = {
	{"the size of the text is counted", test_count},
	{"what has no text form is found", test_too_large},
	UNIT_END
};
