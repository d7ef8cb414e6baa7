/*
 * test_fragment.c
 *		Unknown JSON: sorted, unique keys, canonical, at any depth.
 */
#include <stdio.h>
#include <string.h>

#include "core/json/fragment.h"
#include "support.h"
#include "tests.h"

#define DEPTH	1000000

/* The canonical form of a value, as an unknown member has it. */
static void
check_canonical(const char *json, const char *wanted)
{
	UnitHost	host;
	UnitImage	image;
	AtlView		view;
	AtlBuffer	text;
	AtlText		attributes;

	unit_host_init(&host);
	atl_buffer_init(&text, &host.host);
	unit_append(&text, "{\"duration\":0,\"sampleRate\":1,\"x\":%s}", json);
	unit_context("%s", json);
	CHECK_INT(unit_image_from_text(&host, (char *) text.bytes, text.size, &image, NULL), ATL_OK);
	text.size = 0;
	unit_append(&text, "{\"x\":%s}", wanted);
	CHECK_INT(atl_buffer_append_zeros(&text, 1), ATL_OK);
	CHECK_INT(atl_view_open(&view, atl_memory_source(image.bytes, image.size)), ATL_OK);
	CHECK_INT(atl_view_text(&view, ATL_ATTRIBUTES, &attributes), ATL_OK);
	CHECK_STRING(attributes.text, attributes.size, (char *) text.bytes);
	atl_buffer_free(&text);
	unit_image_free(&image);
	CHECK_INT(host.blocks, 0);
}

static void
test_canonical(void)
{
	check_canonical("null", "null");
	check_canonical(" true ", "true");
	check_canonical("-0.0", "0.0");
	check_canonical("\"\\u00e9\\/\"", "\"\xC3\xA9/\"");
	check_canonical("[ ]", "[]");
	check_canonical("{ }", "{}");
	check_canonical("[1, [2, [ ]], { }, \"\"]", "[1,[2,[]],{},\"\"]");
	check_canonical("[[], [1], []]", "[[],[1],[]]");
	check_canonical("{\"a\": {\"b\": [ {\"c\": 1e2} ]}}", "{\"a\":{\"b\":[{\"c\":100}]}}");
}

static void
test_keys(void)
{
	check_canonical("{\"b\":1,\"a\":2}", "{\"a\":2,\"b\":1}");
	check_canonical("{\"aa\":1,\"b\":2,\"\":3}", "{\"\":3,\"b\":2,\"aa\":1}");
	check_canonical("{\"a\":1,\"a\":2}", "{\"a\":2}");
	check_canonical("{\"a\":{\"x\":1},\"b\":0,\"a\":[]}", "{\"a\":[],\"b\":0}");
	check_canonical("{\"b\":1,\"a\":2,\"b\":3,\"a\":4,\"b\":5}", "{\"a\":4,\"b\":5}");
	check_canonical("{\"\\u00e9\":1,\"zz\":2,\"a\":3}", "{\"a\":3,\"zz\":2,\"\xC3\xA9\":1}");
	check_canonical("[{\"b\":[{\"d\":1,\"c\":2}],\"a\":{}},{\"a\":1}]",
					"[{\"a\":{},\"b\":[{\"c\":2,\"d\":1}]},{\"a\":1}]");
}

static AtlStatus
push(AtlFragment *fragment, AtlTokenKind kind, const char *text)
{
	AtlToken	token = {.kind = kind, .text = {text, (uint32_t) strlen(text)}};

	return atl_fragment_push(fragment, token);
}

static void
test_state(void)
{
	UnitHost	host;
	AtlFragment fragment;
	AtlBuffer	out;

	unit_host_init(&host);
	atl_fragment_init(&fragment, &host.host);
	atl_buffer_init(&out, &host.host);
	for (int round = 0; round < 2; round++)
	{
		CHECK(atl_fragment_is_empty(&fragment) && !atl_fragment_is_open(&fragment));
		CHECK_INT(push(&fragment, ATL_OBJECT_START, ""), ATL_OK);
		CHECK(atl_fragment_is_open(&fragment) && atl_fragment_in_object(&fragment));
		CHECK_INT(push(&fragment, ATL_KEY, "k"), ATL_OK);
		CHECK_INT(push(&fragment, ATL_ARRAY_START, ""), ATL_OK);
		CHECK(atl_fragment_is_open(&fragment) && !atl_fragment_in_object(&fragment));
		CHECK_INT(push(&fragment, ATL_ARRAY_END, ""), ATL_OK);
		CHECK(atl_fragment_in_object(&fragment));
		CHECK_INT(push(&fragment, ATL_OBJECT_END, ""), ATL_OK);
		CHECK(!atl_fragment_is_empty(&fragment) && !atl_fragment_is_open(&fragment));
		out.size = 0;
		CHECK_INT(atl_fragment_print(&fragment, &out), ATL_OK);
		CHECK_STRING(out.bytes, out.size, "{\"k\":[]}");
		atl_fragment_reset(&fragment);
	}
	CHECK_INT(push(&fragment, ATL_NUMBER, "1e200000"), ATL_INVALID);
	atl_fragment_free(&fragment);
	atl_buffer_free(&out);
	CHECK_INT(host.blocks, 0);
}

/* Many keys, backwards, each twice: the last value of each, in order. */
static void
test_many_keys(void)
{
	UnitHost	host;
	AtlFragment fragment;
	AtlBuffer	out;
	AtlBuffer	wanted;
	char		key[16];

	unit_host_init(&host);
	atl_fragment_init(&fragment, &host.host);
	atl_buffer_init(&out, &host.host);
	atl_buffer_init(&wanted, &host.host);
	push(&fragment, ATL_OBJECT_START, "");
	for (int i = 39999; i >= 0; i--)
	{
		snprintf(key, sizeof(key), "%d", i / 2 + 10000);
		push(&fragment, ATL_KEY, key);
		push(&fragment, i % 2 == 0 ? ATL_TRUE : ATL_NULL, "");
	}
	for (int i = 0; i < 20000; i++)
		unit_append(&wanted, "%s\"%d\":true", i == 0 ? "{" : ",", i + 10000);
	push(&fragment, ATL_OBJECT_END, "");
	unit_append(&wanted, "}");
	CHECK_INT(atl_fragment_print(&fragment, &out), ATL_OK);
	CHECK(out.size == wanted.size && memcmp(out.bytes, wanted.bytes, out.size) == 0);
	atl_fragment_free(&fragment);
	atl_buffer_free(&out);
	atl_buffer_free(&wanted);
}

/* Tokens of a value DEPTH deep, arrays and objects in turn. */
static AtlStatus
push_deep(AtlStatus (*take) (void *to, AtlToken token), void *to)
{
	AtlToken	key = {.kind = ATL_KEY, .text = {"k", 1}};
	AtlToken	token = {.kind = ATL_ARRAY_START};
	AtlStatus	status = ATL_OK;

	for (int i = 0; i < DEPTH && status == ATL_OK; i++)
	{
		token.kind = i % 2 == 0 ? ATL_ARRAY_START : ATL_OBJECT_START;
		status = take(to, token);
		if (status == ATL_OK && i % 2 == 1)
			status = take(to, key);
	}
	token.kind = ATL_NULL;
	if (status == ATL_OK)
		status = take(to, token);
	for (int i = DEPTH; i-- > 0 && status == ATL_OK;)
	{
		token.kind = i % 2 == 0 ? ATL_ARRAY_END : ATL_OBJECT_END;
		status = take(to, token);
	}
	return status;
}

static AtlStatus
take_in_fragment(void *to, AtlToken token)
{
	return atl_fragment_push(to, token);
}

static AtlStatus
take_in_builder(void *to, AtlToken token)
{
	return atl_push(atl_build_sink(to), token);
}

static void
test_deep_fragment(void)
{
	UnitHost	host;
	AtlFragment fragment;
	AtlBuffer	out;

	unit_host_init(&host);
	atl_fragment_init(&fragment, &host.host);
	atl_buffer_init(&out, &host.host);
	CHECK_INT(push_deep(take_in_fragment, &fragment), ATL_OK);
	CHECK(!atl_fragment_is_open(&fragment));
	CHECK_INT(atl_fragment_print(&fragment, &out), ATL_OK);
	/* [{"k": and }] for every second level, and null inside */
	CHECK_INT(out.size, DEPTH / 2 * 8 + 4);
	CHECK_STRING(out.bytes, 13, "[{\"k\":[{\"k\":[");
	atl_fragment_free(&fragment);
	atl_buffer_free(&out);
	CHECK_INT(host.blocks, 0);
}

static AtlStatus
push_word(AtlBuilder *builder, AtlTokenKind kind, const char *text)
{
	AtlToken	token = {.kind = kind, .text = {text, (uint32_t) strlen(text)}};

	return atl_push(atl_build_sink(builder), token);
}

/* A document that deep is built, printed and validated without the stack. */
static void
test_deep_document(void)
{
	UnitHost	host;
	AtlBuilder *builder;
	AtlBuffer	image;
	AtlView		view;
	AtlProblem	problem;
	uint32_t	size = 0;
	uint32_t	depth = 0;

	unit_host_init(&host);
	builder = atl_build_begin(&host.host, false);
	atl_buffer_init(&image, &host.host);
	push_word(builder, ATL_OBJECT_START, "");
	push_word(builder, ATL_KEY, "duration");
	push_word(builder, ATL_NUMBER, "1");
	push_word(builder, ATL_KEY, "sampleRate");
	push_word(builder, ATL_NUMBER, "1");
	push_word(builder, ATL_KEY, "deep");
	CHECK_INT(push_deep(take_in_builder, builder), ATL_OK);
	CHECK_INT(push_word(builder, ATL_OBJECT_END, ""), ATL_OK);
	CHECK_INT(atl_build_finish(builder, &size), ATL_OK);
	CHECK_INT(atl_buffer_append_zeros(&image, size), ATL_OK);
	atl_build_write(builder, image.bytes);
	CHECK_INT(atl_view_open(&view, atl_memory_source(image.bytes, size)), ATL_OK);
	CHECK_INT(atl_validate(&view, image.bytes, &host.host, &problem, &depth), ATL_OK);
	CHECK_INT(depth, DEPTH);
	CHECK_INT(atl_build_depth(builder), DEPTH);
	atl_buffer_free(&image);
	atl_build_free(builder);
	CHECK_INT(host.blocks, 0);
}

/* How deep the JSON nests, told the same of text and of its image. */
static void
test_depth(void)
{
	static const struct
	{
		uint32_t	depth;
		const char *json;
	}			documents[] = {
		{0, "{\"duration\":0,\"sampleRate\":1}"},
		{0, "{\"duration\":0,\"sampleRate\":1,\"x\":1}"},
		{0, "{\"duration\":0,\"sampleRate\":1,\"features\":{\"f\":{\"hop\":1,\"values\":[[1]]}}}"},
		{1, "{\"duration\":0,\"sampleRate\":1,\"metadata\":{\"a\":1}}"},
		{3, "{\"duration\":0,\"sampleRate\":1,\"x\":[{\"a\":[1]},[]],\"y\":{}}"},
		{2, "{\"duration\":0,\"sampleRate\":1,\"events\":[{\"timestamp\":0,\"type\":\"a\",\"data\":{\"a\":[]}}]}"},
	};

	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
	{
		UnitTimeline timeline;
		UnitHost	host;
		AtlStatus	status;
		AtlProblem	problem;
		AtlBuilder *builder;
		uint32_t	depth = 99;

		unit_context("%s", documents[i].json);
		unit_host_init(&host);
		builder = unit_builder_from_text(&host, documents[i].json, strlen(documents[i].json), false, &status);
		CHECK_INT(atl_build_depth(builder), documents[i].depth);
		atl_build_free(builder);
		if (!CHECK(unit_open(&timeline, documents[i].json, strlen(documents[i].json))))
			return;
		CHECK_INT(atl_validate(&timeline.view, timeline.image.bytes, &host.host, &problem, &depth), ATL_OK);
		CHECK_INT(depth, documents[i].depth);
		unit_close(&timeline);
	}
}

const UnitTest unit_fragment_tests[] = {
	{"fragment: canonical text", test_canonical},
	{"fragment: keys sorted, the last of each", test_keys},
	{"fragment: what it says of itself, and reuse", test_state},
	{"fragment: many keys", test_many_keys},
	{"fragment: how deep it is", test_depth},
	{"fragment: a million levels", test_deep_fragment},
	{"fragment: a document with a million levels", test_deep_document},
	UNIT_END
};
