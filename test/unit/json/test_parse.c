/*
 * test_parse.c
 *		The core's parser against the server's: one language, the same tokens.
 */
#include <stdlib.h>
#include <string.h>

#include "random_document.h"
#include "tests.h"

#define ROUNDS	6000

/* A builder, after the core's parser alone. */
static AtlBuilder *
parse(UnitHost *host, const char *json, size_t size, AtlStatus *status)
{
	AtlBuilder *builder = atl_build_begin(&host->host, false);
	AtlText		text = {json, (uint32_t) size};

	*status = builder == NULL ? ATL_NO_MEMORY : atl_json_read(atl_build_sink(builder), &host->host, text);
	return builder;
}

/* The image of a builder, or an empty buffer; frees the builder. */
static void
finish(AtlBuilder *builder, AtlStatus status, AtlBuffer *image)
{
	uint32_t	size;

	if (builder == NULL)
		return;
	if (status == ATL_OK && atl_build_finish(builder, &size) == ATL_OK && CHECK_INT(atl_buffer_reserve(image, size), ATL_OK))
	{
		atl_build_write(builder, image->bytes);
		image->size = size;
	}
	atl_build_free(builder);
}

/* Text in a block of its own: both parsers take it, or neither, and to the same image. */
static bool
check_text(const char *json, size_t size)
{
	char	   *copy = malloc(size + (size == 0));
	UnitHost	host;
	AtlBuffer	images[2];
	AtlStatus	status[2];
	AtlBuilder *builder;

	memcpy(copy, json, size);
	unit_host_init(&host);
	atl_buffer_init(&images[0], &host.host);
	atl_buffer_init(&images[1], &host.host);
	builder = parse(&host, copy, size, &status[0]);
	finish(builder, status[0], &images[0]);
	builder = unit_builder_by_server(&host, copy, size, false, &status[1]);
	finish(builder, status[1], &images[1]);
	free(copy);

	CHECK_INT(status[0] == ATL_OK, status[1] == ATL_OK);
	CHECK(images[0].size == images[1].size &&
		  (images[0].size == 0 || memcmp(images[0].bytes, images[1].bytes, images[0].size) == 0));
	atl_buffer_free(&images[0]);
	atl_buffer_free(&images[1]);
	CHECK_INT(host.blocks, 0);
	return status[0] == ATL_OK;
}

/* The text as a member of a document that is right otherwise. */
static bool
check_member(const char *text)
{
	UnitHost	host;
	AtlBuffer	json;
	bool		taken;

	unit_context("%s", text);
	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	unit_append(&json, "{\"duration\":1,\"sampleRate\":1,%s}", text);
	taken = check_text((char *) json.bytes, json.size);
	atl_buffer_free(&json);
	return taken;
}

static void
test_taken(void)
{
	static const char *const members[] = {
		"\"a\":null", "\"a\":true", "\"a\":false", "\"a\":[]", "\"a\":{}", "\"a\":[[],{},[{}],\"\"]", " \t\r\n\"a\" \n:\t[ 1 , { } , [ ] ] ",
		"\"a\":\"\\u0041\\u00e9\\u20AC\\uD83D\\ude00\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0061\":\"x\\ty\\\\\"", "\"a\":\"\x7F\xC3\xA9\xF0\x9F\x98\x80\"",
		"\"a\":-0,\"b\":-0.00,\"c\":1E5,\"d\":12345678901234567890.123,\"e\":0.1e-7", "\"a\":1,\"a\":{\"b\":2,\"b\":3}",
		"\"metadata\":{\"b\":1,\"aa\":2,\"a\":[1.50]}", "\"dura\\u0074ion\":1",
		"\"events\":[{\"type\":\"a\",\"timestamp\":1e-1,\"x\":-0.0,\"confidence\":1,\"duration\":0.50,\"data\":{\"n\":1.0}}]",
		"\"markers\":[{\"type\":\"a\",\"timestamp\":-0,\"value\":1.50},{\"type\":\"a\",\"timestamp\":0,\"value\":\"\\u00e9\"}]",
		"\"features\":{\"a\":{\"hop\":1,\"values\":[1,-0,null , 2.5,0.1]}}", "\"features\":{\"a\":{\"hop\":1,\"values\":[ ]}}",
		"\"features\":{\"a\":{\"hop\":1e2,\"values\":[null,null]}}", "\"features\":{\"a\":{\"hop\":1,\"values\":[null,[1,null],null,[-0,16777217]]}}",
		"\"features\":{\"a\":{\"hop\":1,\"values\":[5e-324,123456789012345678901234567890]},\"b\":{\"frameRate\":0.1,\"range\":[0,1],\"values\":[[1],[2]]}}",
		"\"features\":{\"a\":{\"values\":[1,2],\"hop\":1,\"x\":[1,2],\"values\":[3]}}", "\"features\":null,\"events\":null",
		"\"features\":{\"a\":{\"hop\":1,\"values\":[1,-0,-0.0,null]},\"b\":{\"hop\":1,\"values\":[[-0],[-0.0],[null],null]}}",
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		CHECK(check_member(members[i]));
}

static void
test_refused(void)
{
	static const char *const members[] = {
		"", ",", "\"a\"", "\"a\":", "\"a\":1,", "\"a\" 1", "a:1", "\"a\":1 \"b\":2", "\"a\":tru", "\"a\":truex", "\"a\":nulll", "\"a\":01",
		"\"a\":1.", "\"a\":+1", "\"a\":.5", "\"a\":1e", "\"a\":NaN", "\"a\":[1,]", "\"a\":[,1]", "\"a\":[1 2]", "\"a\":[1}", "\"a\":{\"b\"]",
		"\"a\":[1", "\"a\":{]", "\"a\":{,}", "\"a\":{\"b\":1,}", "\"a\":'x'", "\"a\":\"x", "\"a\":\"\n\"", "\"a\":\"\\x\"", "\"a\":\"\\u12\"",
		"\"a\":\"\\u12g4\"", "\"a\":\"\\u0000\"", "\"a\":\"\\ud800\"", "\"a\":\"\\ud800x\"", "\"a\":\"\\udc00\"", "\"a\":\"\\ud800\\u0041\"",
		"\"a\":\"\\ud800\\ud800\"", "\"a\":\"\\udc00\\udc00\"", "\"a\":\"\\u00\x01" "1\"", "\"a\":\"\\", "\"a\":\"\\u", "\"a\":1}", "\"a\":1}x", "\"a\":1} {",
		"\"features\":{\"a\":{\"hop\":1,\"values\":[1,]}}", "\"features\":{\"a\":{\"hop\":1,\"values\":[1,,2]}}",
		"\"features\":{\"a\":{\"hop\":1,\"values\":[1 2]}}", "\"features\":{\"a\":{\"hop\":1,\"values\":[1,nul]}}",
		"\"features\":{\"a\":{\"hop\":1,\"values\":[nullx,1]}}", "\"features\":{\"a\":{\"hop\":1,\"values\":[[1],[2,]]}}",
		"\"features\":{\"a\":{\"hop\":1,\"values\":[1,01]}}", "\"features\":{\"a\":{\"hop\":1,\"values\":[1,2}}}",
		"\"features\":{\"a\":{\"hop\":1,\"values\":[1,1e999]}}", "\"features\":{\"a\":{\"hop\":1,\"values\":[1,[2]]}}",
		"\"features\":{\"a\":{\"hop\":1,\"values\":[[1],2]}}", "\"features\":{\"a\":{\"hop\":1,\"values\":[[1],[2,3]]}}",
		"\"features\":{\"a\":{\"hop\":1,\"values\":[[1],[]]}}", "\"features\":{\"a\":{\"hop\":1,\"values\":[1,\"2\"]}}",
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		CHECK(!check_member(members[i]));
	for (size_t size = 0; size < 20; size++)
		CHECK(!check_text("{\"duration\":1,\"sampleRate\":1}", size));
	CHECK(!check_text("{\"duration\":1,\"sampleRate\":1}\0", 31));
	CHECK(!check_text("{\"duration\":1,\0\"sampleRate\":1}", 31));
}

/* Arrays longer than what is handed over at once, broken at any place. */
static void
test_long_arrays(void)
{
	for (uint32_t n = 500; n < 1100; n += 37)
	{
		static const char *const elements[] = {"1.5", "[1,2]", "null", "\"x\"", "1e999", "", "{}", "16777217"};
		UnitHost	host;
		AtlBuffer	json;
		uint32_t	odd = unit_random_below(n);

		unit_host_init(&host);
		atl_buffer_init(&json, &host.host);
		unit_append(&json, "{\"duration\":1,\"sampleRate\":1,\"features\":{\"a\":{\"hop\":1,\"values\":[");
		for (uint32_t i = 0; i < n; i++)
			unit_append(&json, "%s%s", i == 0 ? "" : ",", elements[i == odd ? unit_random_below(8) : n % 2]);
		unit_append(&json, "]}}}");
		unit_context("%u elements, %u odd", n, odd);
		check_text((char *) json.bytes, json.size);
		atl_buffer_free(&json);
	}
}

/* Random documents with a few bytes changed, left out or added. */
static void
test_mutated(void)
{
	static const char bytes[] = "{}[]:,\"\\ntrufalse0123456789+-.eE \n\t\x01ubx";
	UnitHost	host;
	AtlBuffer	json;
	uint32_t	taken = 0;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	for (int i = 0; i < ROUNDS; i++)
	{
		json.size = 0;
		unit_random_document(&json);
		for (uint32_t n = unit_random_below(3); n > 0; n--)
		{
			uint32_t	at = unit_random_below((uint32_t) json.size);
			uint32_t	cut = unit_random_below(3);

			if (cut > json.size - at)
				cut = 0;
			if (unit_random_below(2) == 0)
				json.bytes[at] = (uint8_t) bytes[unit_random_below(sizeof(bytes) - 1)];
			else
			{
				memmove(json.bytes + at, json.bytes + at + cut, json.size - at - cut);
				json.size -= cut;
			}
		}
		unit_context("%.*s", json.size > 800 ? 800 : (int) json.size, (char *) json.bytes);
		taken += check_text((char *) json.bytes, json.size);
	}
	CHECK(taken > ROUNDS / 10 && taken < ROUNDS - ROUNDS / 10);
	atl_buffer_free(&json);
}

/* The core's parser gives up on deep nesting, and the server's takes over. */
static void
test_depth(void)
{
	for (uint32_t depth = ATL_JSON_DEPTH - 1; depth <= ATL_JSON_DEPTH; depth++)
	{
		UnitHost	host;
		AtlBuffer	json;
		AtlBuilder *builder;
		AtlStatus	status;

		unit_host_init(&host);
		atl_buffer_init(&json, &host.host);
		unit_append(&json, "{\"duration\":1,\"sampleRate\":1,\"a\":");
		for (uint32_t i = 0; i < depth; i++)
			unit_append(&json, "[");
		for (uint32_t i = 0; i < depth; i++)
			unit_append(&json, "]");
		unit_append(&json, "}");
		builder = parse(&host, (char *) json.bytes, json.size, &status);
		CHECK_INT(status == ATL_OK, depth < ATL_JSON_DEPTH);
		atl_build_free(builder);
		builder = unit_builder_from_text(&host, (char *) json.bytes, json.size, false, &status);
		CHECK_INT(status, ATL_OK);
		atl_build_free(builder);
		atl_buffer_free(&json);
	}
}

const UnitTest unit_parse_tests[] = {
	{"parse: what both parsers take", test_taken},
	{"parse: what both refuse", test_refused},
	{"parse: long arrays of numbers", test_long_arrays},
	{"parse: documents with a few bytes wrong", test_mutated},
	{"parse: depth", test_depth},
	UNIT_END
};
