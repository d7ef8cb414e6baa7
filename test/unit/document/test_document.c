/*
 * test_document.c
 *		What documents come back as: in order, complete, the last of each key.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random_document.h"
#include "read_all.h"
#include "tests.h"

/* Build and print; the printed text is as wanted and prints itself. */
static void
check_print(const char *json, size_t size, const char *wanted)
{
	UnitHost	host;
	UnitImage	image;
	AtlView		view;
	AtlBuffer	text;
	AtlProblem	problem;
	AtlStatus	status;

	unit_host_init(&host);
	atl_buffer_init(&text, &host.host);
	status = unit_image_from_text(&host, json, size, &image, &problem);
	if (CHECK_INT(status, ATL_OK) && CHECK_INT(atl_view_open(&view, atl_memory_source(image.bytes, image.size)), ATL_OK))
	{
		CHECK_INT(image.size % 8, 0);
		CHECK_INT(atl_print(&view, &text), ATL_OK);
		CHECK_STRING(text.bytes, text.size, wanted);
		CHECK_INT(atl_validate(&view, image.bytes, &host.host, &problem, &(uint32_t) {0}), ATL_OK);
		CHECK(unit_prints_itself(&host, image.bytes, image.size));
	}
	atl_buffer_free(&text);
	unit_image_free(&image);
	CHECK_INT(host.blocks, 0);
}

#define TOP		"\"duration\":5,\"sampleRate\":44100"

static void
test_documents(void)
{
	static const char *const documents[][2] = {
		{"{\"sampleRate\": 44100.0, \"duration\": 5.0}", "{" TOP "}"},
		/* absent, empty and null are three things */
		{"{" TOP ",\"events\":[],\"markers\":[],\"features\":{},\"metadata\":{}}",
		"{" TOP ",\"events\":[],\"markers\":[],\"features\":{},\"metadata\":{}}"},
		{"{\"metadata\":null,\"features\":null,\"markers\":null,\"events\":null," TOP "}",
		"{" TOP ",\"events\":null,\"markers\":null,\"features\":null,\"metadata\":null}"},
		{"{" TOP ",\"events\":[{\"timestamp\":1,\"type\":\"a\",\"confidence\":null,\"data\":null,\"duration\":null}]}",
		"{" TOP ",\"events\":[{\"timestamp\":1,\"type\":\"a\",\"data\":null,\"duration\":null,\"confidence\":null}]}"},
		{"{" TOP ",\"features\":{\"a\":{\"values\":[],\"unit\":null,\"hop\":1,\"frameRate\":null,\"dims\":null,\"encoding\":null,\"range\":null}}}",
		"{" TOP ",\"features\":{\"a\":{\"hop\":1,\"values\":[],\"dims\":null,\"unit\":null,\"range\":null,\"encoding\":null,\"frameRate\":null}}}"},

		/*
		 * unknown members, at each level; known names of another level are
		 * unknown
		 */
		{"{\"z\":1,\"b\":{\"d\":1,\"c\":2}," TOP ",\"timestamp\":7}", "{" TOP ",\"b\":{\"c\":2,\"d\":1},\"z\":1,\"timestamp\":7}"},
		{"{" TOP ",\"events\":[{\"x\":[1.0],\"timestamp\":1,\"type\":\"a\",\"value\":2}]}",
		"{" TOP ",\"events\":[{\"timestamp\":1,\"type\":\"a\",\"x\":[1.0],\"value\":2}]}"},
		{"{" TOP ",\"markers\":[{\"duration\":-1,\"timestamp\":1,\"type\":\"a\",\"value\":\"\\u00e9\",\"data\":false}]}",
		"{" TOP ",\"markers\":[{\"timestamp\":1,\"type\":\"a\",\"value\":\"\xC3\xA9\",\"data\":false,\"duration\":-1}]}"},
		/* time order, stable */
		{"{" TOP ",\"events\":[{\"timestamp\":3,\"type\":\"c\"},{\"timestamp\":1,\"type\":\"b\"},{\"timestamp\":3,\"type\":\"a\"},{\"timestamp\":1,\"type\":\"a\"}]}",
		"{" TOP ",\"events\":[{\"timestamp\":1,\"type\":\"b\"},{\"timestamp\":1,\"type\":\"a\"},{\"timestamp\":3,\"type\":\"c\"},{\"timestamp\":3,\"type\":\"a\"}]}"},
		/* features in order of key */
		{"{" TOP ",\"features\":{\"rms\":{\"hop\":1,\"values\":[]},\"aaaa\":{\"hop\":1,\"values\":[]},\"b\":{\"hop\":1,\"values\":[]}}}",
		"{" TOP ",\"features\":{\"b\":{\"hop\":1,\"values\":[]},\"rms\":{\"hop\":1,\"values\":[]},\"aaaa\":{\"hop\":1,\"values\":[]}}}"},
		/* -0 is 0 */
		{"{\"duration\":-0.0,\"sampleRate\":1,\"events\":[{\"timestamp\":-0,\"type\":\"a\"}],\"features\":{\"a\":{\"hop\":1,\"values\":[-0.0]}}}",
		"{\"duration\":0,\"sampleRate\":1,\"events\":[{\"timestamp\":0,\"type\":\"a\"}],\"features\":{\"a\":{\"hop\":1,\"values\":[0]}}}"},
		/* an event may end after the duration */
		{"{" TOP ",\"events\":[{\"timestamp\":5,\"type\":\"a\",\"duration\":100}]}", "{" TOP ",\"events\":[{\"timestamp\":5,\"type\":\"a\",\"duration\":100}]}"},
	};

	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
	{
		unit_context("%.400s", documents[i][0]);
		check_print(documents[i][0], strlen(documents[i][0]), documents[i][1]);
	}
}

/* What is off by no more than rounding is kept as it is. */
static void
test_rounding(void)
{
	static const char *const documents[] = {
		"{\"duration\":5,\"sampleRate\":10,\"events\":[{\"timestamp\":-0.1,\"type\":\"a\"},{\"timestamp\":5.1,\"type\":\"a\"}]}",
		"{\"duration\":1,\"sampleRate\":10,\"markers\":[{\"timestamp\":-0.05,\"type\":\"a\"},{\"timestamp\":1.1,\"type\":\"a\"}]}",
		"{\"duration\":7.3,\"sampleRate\":44100,\"events\":[{\"timestamp\":7.300000000000001,\"type\":\"a\"}]}",
		"{\"duration\":5,\"sampleRate\":10,\"events\":[{\"timestamp\":1,\"type\":\"a\",\"duration\":-0.1}]}",
		"{\"duration\":5,\"sampleRate\":44100,\"events\":[{\"timestamp\":1,\"type\":\"a\",\"duration\":-1e-17}]}",
		"{\"duration\":5,\"sampleRate\":44100,\"events\":[{\"timestamp\":1,\"type\":\"a\",\"confidence\":1.000001}]}",
		"{\"duration\":5,\"sampleRate\":44100,\"events\":[{\"timestamp\":1,\"type\":\"a\",\"confidence\":-1e-06}]}",
		"{\"duration\":5,\"sampleRate\":10,\"features\":{\"f\":{\"hop\":1,\"startTime\":-0.1,\"values\":[1]}}}",
	};

	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
	{
		unit_context("%s", documents[i]);
		check_print(documents[i], strlen(documents[i]), documents[i]);
	}
}

/* A member given twice counts with its last value. */
static void
test_repeated(void)
{
	static const char *const documents[][2] = {
		{"{\"duration\":1,\"duration\":5,\"sampleRate\":1,\"sampleRate\":44100,\"x\":1,\"x\":2}", "{" TOP ",\"x\":2}"},
		{"{" TOP ",\"events\":[{\"timestamp\":1,\"type\":\"old\"}],\"events\":[{\"timestamp\":2,\"type\":\"a\"}]}",
		"{" TOP ",\"events\":[{\"timestamp\":2,\"type\":\"a\"}]}"},
		{"{" TOP ",\"events\":[{\"timestamp\":1,\"type\":\"old\"}],\"events\":null}", "{" TOP ",\"events\":null}"},
		{"{" TOP ",\"events\":null,\"events\":[]}", "{" TOP ",\"events\":[]}"},
		{"{" TOP ",\"metadata\":{\"a\":1},\"metadata\":{\"b\":1}}", "{" TOP ",\"metadata\":{\"b\":1}}"},
		{"{" TOP ",\"metadata\":{\"a\":1},\"metadata\":null}", "{" TOP ",\"metadata\":null}"},
		{"{" TOP ",\"events\":[{\"timestamp\":1,\"timestamp\":2,\"type\":\"x\",\"type\":\"a\",\"confidence\":1,\"confidence\":null,\"duration\":1,\"duration\":null,\"data\":{},\"data\":null}]}",
		"{" TOP ",\"events\":[{\"timestamp\":2,\"type\":\"a\",\"data\":null,\"duration\":null,\"confidence\":null}]}"},
		{"{" TOP ",\"events\":[{\"timestamp\":1,\"type\":\"a\",\"duration\":null,\"duration\":2}]}", "{" TOP ",\"events\":[{\"timestamp\":1,\"type\":\"a\",\"duration\":2}]}"},
		{"{" TOP ",\"markers\":[{\"timestamp\":1,\"type\":\"a\",\"value\":\"x\",\"value\":7}]}", "{" TOP ",\"markers\":[{\"timestamp\":1,\"type\":\"a\",\"value\":7}]}"},
		{"{" TOP ",\"features\":{\"a\":{\"hop\":1,\"values\":[1,2]},\"a\":{\"hop\":2,\"values\":[3]}}}", "{" TOP ",\"features\":{\"a\":{\"hop\":2,\"values\":[3]}}}"},
		{"{" TOP ",\"features\":{\"a\":{\"hop\":1,\"values\":[]}},\"features\":{}}", "{" TOP ",\"features\":{}}"},
		{"{" TOP ",\"features\":{\"a\":{\"hop\":1,\"values\":[[1,2]],\"values\":[0.1,null],\"dims\":7,\"dims\":null,\"unit\":\"x\",\"unit\":null,\"range\":[1,2],\"range\":[3,4]}}}",
		"{" TOP ",\"features\":{\"a\":{\"hop\":1,\"range\":[3,4],\"values\":[0.1,null],\"dims\":null,\"unit\":null}}}"},
		{"{" TOP ",\"features\":{\"a\":{\"hop\":1,\"encoding\":\"u8\",\"base64\":\"AAA=\",\"base64\":\"AQ==\"}}}", "{" TOP ",\"features\":{\"a\":{\"hop\":1,\"encoding\":\"u8\",\"base64\":\"AQ==\"}}}"},
		{"{" TOP ",\"features\":{\"a\":{\"hop\":1,\"encoding\":\"u8\",\"encoding\":null,\"startTime\":1,\"startTime\":null,\"values\":[0.5]}}}",
		"{" TOP ",\"features\":{\"a\":{\"hop\":1,\"values\":[0.5],\"encoding\":null,\"startTime\":null}}}"},
	};

	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
	{
		unit_context("%.400s", documents[i][0]);
		check_print(documents[i][0], strlen(documents[i][0]), documents[i][1]);
	}
}

/* Documents made in canonical form come back letter for letter. */
static void
test_random(void)
{
	UnitHost	host;
	AtlBuffer	json;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	for (int i = 0; i < 700; i++)
	{
		json.size = 0;
		unit_random_document(&json);
		CHECK_INT(atl_buffer_append_zeros(&json, 1), ATL_OK);
		unit_context("document %d: %.450s", i, (char *) json.bytes);
		check_print((char *) json.bytes, json.size - 1, (char *) json.bytes);
	}
	atl_buffer_free(&json);
}

/* A few bytes can stand for millions of numbers: long work asks the host. */
static void
test_polls(void)
{
	UnitHost	host;
	AtlBuffer	json;
	UnitTimeline timeline;
	AtlProblem	problem;
	uint32_t	depth;
	size_t		before;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	unit_append(&json, "{\"duration\":0,\"sampleRate\":1,\"features\":{\"f\":{\"hop\":1,\"dims\":4096,\"values\":[null");
	for (int i = 1; i < 400; i++)
		unit_append(&json, ",null");
	unit_append(&json, "]}}}");
	if (CHECK(unit_open(&timeline, (char *) json.bytes, json.size)))
	{
		CHECK(timeline.host.polls >= 20);
		before = timeline.host.polls;
		json.size = 0;
		CHECK_INT(atl_print(&timeline.view, &json), ATL_OK);
		CHECK(host.polls >= 20);
		CHECK_INT(atl_validate(&timeline.view, timeline.image.bytes, &timeline.host.host, &problem, &depth), ATL_OK);
		CHECK(timeline.host.polls >= before + 20);
		unit_close(&timeline);
	}
	atl_buffer_free(&json);
	CHECK_INT(host.blocks, 0);
}

/* A number of thousands of digits is the nearest double, as strtod gives it. */
static void
check_duration(const char *number)
{
	UnitTimeline timeline;
	static char json[8192];
	int			size = snprintf(json, sizeof(json), "{\"sampleRate\":1,\"duration\":%s}", number);

	unit_context("%.60s... (%d)", number, (int) strlen(number));
	if (CHECK(size > 0 && (size_t) size < sizeof(json)) && CHECK(unit_open(&timeline, json, (size_t) size)))
	{
		CHECK_BITS(timeline.view.duration, strtod(number, NULL));
		unit_close(&timeline);
	}
}

static void
test_long_numbers(void)
{
	static char number[6000];

	for (int i = 0; i < 500; i++)
	{
		uint32_t	size = 990 + unit_random_below(4000);
		uint32_t	point = 1 + unit_random_below(unit_random_below(2) == 0 ? 300 : size - 2);

		for (uint32_t k = 0; k < size; k++)
			number[k] = (char) (unit_random_below(8) == 0 ? '0' : '0' + unit_random_below(10));
		if (number[0] == '0')
			number[0] = '7';
		if (unit_random_below(4) == 0)
		{
			/* zeros in front, or nearly all zeros */
			memset(number, '0', unit_random_below(2) == 0 ? size / 2 : size - 1);
			point = 1;
		}
		number[point] = '.';
		number[size] = '\0';
		if (point > 300 || unit_random_below(2) == 0)
			snprintf(number + size, sizeof(number) - size, "e%d", -(int) point + (int) unit_random_below(300));
		check_duration(number);
	}

	/* Halfway between two doubles, and a bit more, far behind. */
	memset(number, '0', sizeof(number));
	memcpy(number, "9007199254740993.", 17);
	number[3000] = '\0';
	check_duration(number);
	number[2999] = '1';
	check_duration(number);
	CHECK(strtod(number, NULL) > 9007199254740992.0);
}

const UnitTest unit_document_tests[] = {
	{"document: numbers of thousands of digits", test_long_numbers},
	{"document: printed in order, nothing lost", test_documents},
	{"document: long work polls the host", test_polls},
	{"document: rounding is no error, and kept", test_rounding},
	{"document: members given twice", test_repeated},
	{"document: random ones come back letter for letter", test_random},
	UNIT_END
};
