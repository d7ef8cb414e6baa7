/*
 * test_rules.c
 *		Every rule that refuses a document: its code, path and message.
 */
#include <string.h>

#include "support.h"
#include "tests.h"

typedef struct Rule
{
	AtlProblemCode code;
	const char *path;
	const char *json;
} Rule;

#define TOP			"{\"duration\":5,\"sampleRate\":44100"
#define EVENT(e)	TOP ",\"events\":[{\"timestamp\":0,\"type\":\"a\"}," e "]}"
#define MARKER(m)	TOP ",\"markers\":[" m "]}"
#define FEATURE(f)	TOP ",\"features\":{\"f\":{" f "}}}"
#define VALUES(v)	FEATURE("\"hop\":512,\"values\":" v)

static const Rule rules[] = {
	/* kinds */
	{ATL_PROBLEM_KIND, "", "[1,{\"duration\":5}]"},
	{ATL_PROBLEM_KIND, "", "null"},
	{ATL_PROBLEM_KIND, "", "1"},
	{ATL_PROBLEM_KIND, "", "\"a\""},
	{ATL_PROBLEM_KIND, "", "true"},
	{ATL_PROBLEM_KIND, "duration", "{\"duration\":\"5\",\"sampleRate\":1}"},
	{ATL_PROBLEM_KIND, "duration", "{\"duration\":null,\"sampleRate\":1}"},
	{ATL_PROBLEM_KIND, "sampleRate", "{\"duration\":5,\"sampleRate\":{\"a\":[1]}}"},
	{ATL_PROBLEM_KIND, "events", TOP ",\"events\":{\"a\":[]}}"},
	{ATL_PROBLEM_KIND, "markers", TOP ",\"markers\":false}"},
	{ATL_PROBLEM_KIND, "features", TOP ",\"features\":[{}]}"},
	{ATL_PROBLEM_KIND, "metadata", TOP ",\"metadata\":\"x\"}"},
	{ATL_PROBLEM_KIND, "events[1]", EVENT("[{}]")},
	{ATL_PROBLEM_KIND, "events[1]", EVENT("null")},
	{ATL_PROBLEM_KIND, "markers[0]", MARKER("7")},
	{ATL_PROBLEM_KIND, "events[1].timestamp", EVENT("{\"timestamp\":null,\"type\":\"a\"}")},
	{ATL_PROBLEM_KIND, "events[1].type", EVENT("{\"timestamp\":0,\"type\":1}")},
	{ATL_PROBLEM_KIND, "events[1].duration", EVENT("{\"timestamp\":0,\"type\":\"a\",\"duration\":\"1\"}")},
	{ATL_PROBLEM_KIND, "events[1].confidence", EVENT("{\"timestamp\":0,\"type\":\"a\",\"confidence\":true}")},
	{ATL_PROBLEM_KIND, "events[1].data", EVENT("{\"timestamp\":0,\"type\":\"a\",\"data\":[1]}")},
	{ATL_PROBLEM_KIND, "markers[0].value", MARKER("{\"timestamp\":0,\"type\":\"a\",\"value\":{}}")},
	{ATL_PROBLEM_KIND, "markers[0].value", MARKER("{\"timestamp\":0,\"type\":\"a\",\"value\":true}")},
	{ATL_PROBLEM_KIND, "features.f", TOP ",\"features\":{\"f\":[1]}}"},
	{ATL_PROBLEM_KIND, "features.f", TOP ",\"features\":{\"f\":null}}"},
	{ATL_PROBLEM_KIND, "features.f.hop", FEATURE("\"hop\":\"512\",\"values\":[]")},
	{ATL_PROBLEM_KIND, "features.f.values", VALUES("\"x\"")},
	{ATL_PROBLEM_KIND, "features.f.base64", FEATURE("\"hop\":1,\"encoding\":\"u8\",\"base64\":[]")},
	{ATL_PROBLEM_KIND, "features.f.range", FEATURE("\"hop\":1,\"range\":{},\"values\":[]")},
	{ATL_PROBLEM_KIND, "features.f.values[1]", VALUES("[1,\"2\"]")},
	{ATL_PROBLEM_KIND, "features.f.values[0]", VALUES("[{\"a\":1}]")},
	{ATL_PROBLEM_KIND, "features.f.values[1][2]", VALUES("[[1,2,3],[1,2,[3]]]")},
	{ATL_PROBLEM_KIND, "features.f.values[0][0]", VALUES("[[false]]")},

	/* what must be there */
	{ATL_PROBLEM_MISSING, "duration", "{\"sampleRate\":1}"},
	{ATL_PROBLEM_MISSING, "sampleRate", "{\"duration\":1}"},
	{ATL_PROBLEM_MISSING, "duration", "{}"},
	{ATL_PROBLEM_MISSING, "events[1].timestamp", EVENT("{\"type\":\"a\"}")},
	{ATL_PROBLEM_MISSING, "events[1].type", EVENT("{\"timestamp\":1}")},
	{ATL_PROBLEM_MISSING, "markers[0].timestamp", MARKER("{}")},
	{ATL_PROBLEM_MISSING, "markers[0].type", MARKER("{\"timestamp\":1}")},

	/* times */
	{ATL_PROBLEM_NOT_FINITE, "duration", "{\"duration\":1e309,\"sampleRate\":1}"},
	{ATL_PROBLEM_NOT_FINITE, "events[1].timestamp", EVENT("{\"timestamp\":1e400,\"type\":\"a\"}")},
	{ATL_PROBLEM_NOT_FINITE, "events[1].duration", EVENT("{\"timestamp\":1,\"type\":\"a\",\"duration\":-1e400}")},
	{ATL_PROBLEM_NOT_FINITE, "events[1].confidence", EVENT("{\"timestamp\":1,\"type\":\"a\",\"confidence\":1e400}")},
	{ATL_PROBLEM_NOT_FINITE, "features.f.values[1]", VALUES("[1,1e309]")},
	{ATL_PROBLEM_NOT_FINITE, "features.f.values[1][0]", VALUES("[[1],[-1e309]]")},
	{ATL_PROBLEM_NOT_FINITE, "features.f.startTime", FEATURE("\"hop\":1,\"startTime\":1e999,\"values\":[]")},
	{ATL_PROBLEM_NOT_FINITE, "features.f.base64", FEATURE("\"hop\":1,\"encoding\":\"f32\",\"base64\":\"AACAfw==\"")},
	{ATL_PROBLEM_NOT_FINITE, "features.f.base64", FEATURE("\"hop\":1,\"encoding\":\"f64\",\"base64\":\"AAAAAAAA8P8=\"")},
	{ATL_PROBLEM_NEGATIVE_TIME, "duration", "{\"duration\":-1,\"sampleRate\":1}"},
	{ATL_PROBLEM_NEGATIVE_TIME, "events[1].timestamp", EVENT("{\"timestamp\":-0.5,\"type\":\"a\"}")},
	{ATL_PROBLEM_NEGATIVE_TIME, "markers[0].timestamp", MARKER("{\"timestamp\":-2.3e-5,\"type\":\"a\"}")},
	{ATL_PROBLEM_NEGATIVE_TIME, "events[1].duration", EVENT("{\"timestamp\":1,\"type\":\"a\",\"duration\":-1}")},
	{ATL_PROBLEM_NEGATIVE_TIME, "features.f.startTime", FEATURE("\"hop\":1,\"startTime\":-1,\"values\":[]")},
	{ATL_PROBLEM_PAST_DURATION, "events[1].timestamp", EVENT("{\"timestamp\":7.25,\"type\":\"a\"}")},
	{ATL_PROBLEM_PAST_DURATION, "markers[1].timestamp",
	MARKER("{\"timestamp\":5,\"type\":\"a\"},{\"timestamp\":5.000023,\"type\":\"a\"}")},
	{ATL_PROBLEM_PAST_DURATION, "events[0].timestamp",
	"{\"events\":[{\"timestamp\":6.5,\"type\":\"a\"}],\"sampleRate\":1,\"duration\":5}"},

	/* other members of items */
	{ATL_PROBLEM_CONFIDENCE, "events[1].confidence", EVENT("{\"timestamp\":1,\"type\":\"a\",\"confidence\":1.01}")},
	{ATL_PROBLEM_CONFIDENCE, "markers[0].confidence", MARKER("{\"timestamp\":1,\"type\":\"a\",\"confidence\":-1.1e-6}")},
	{ATL_PROBLEM_EMPTY_TYPE, "events[1].type", EVENT("{\"timestamp\":1,\"type\":\"\"}")},
	{ATL_PROBLEM_EMPTY_TYPE, "markers[0].type", MARKER("{\"timestamp\":1,\"type\":\"\"}")},
	{ATL_PROBLEM_START_TIME, "startTime", "{\"duration\":5,\"sampleRate\":1,\"startTime\":0.5}"},
	{ATL_PROBLEM_SAMPLE_RATE, "sampleRate", "{\"duration\":5,\"sampleRate\":0}"},
	{ATL_PROBLEM_SAMPLE_RATE, "sampleRate", "{\"duration\":5,\"sampleRate\":44100.5}"},
	{ATL_PROBLEM_SAMPLE_RATE, "sampleRate", "{\"duration\":5,\"sampleRate\":2147483648}"},
	{ATL_PROBLEM_SAMPLE_RATE, "sampleRate", "{\"duration\":5,\"sampleRate\":1e999}"},

	/* features */
	{ATL_PROBLEM_HOP, "features.f.hop", FEATURE("\"hop\":0,\"values\":[]")},
	{ATL_PROBLEM_HOP, "features.f.hop", FEATURE("\"hop\":0.5,\"values\":[]")},
	{ATL_PROBLEM_HOP, "features.f.hop", FEATURE("\"hop\":2147483648,\"values\":[]")},
	{ATL_PROBLEM_FRAME_RATE, "features.f.frameRate", FEATURE("\"frameRate\":0,\"values\":[]")},
	{ATL_PROBLEM_FRAME_RATE, "features.f.frameRate", FEATURE("\"frameRate\":-60,\"values\":[]")},
	{ATL_PROBLEM_FRAME_RATE, "features.f.frameRate", FEATURE("\"frameRate\":1e-320,\"values\":[]")},
	{ATL_PROBLEM_FRAME_RATE, "features.f.frameRate", FEATURE("\"frameRate\":1e999,\"values\":[]")},
	{ATL_PROBLEM_CLOCK, "features.f", FEATURE("\"hop\":1,\"times\":[0],\"values\":[1]")},
	{ATL_PROBLEM_CLOCK, "features.f", FEATURE("\"frameRate\":1,\"times\":[0],\"values\":[1]")},
	{ATL_PROBLEM_CLOCK, "features.f", FEATURE("\"startTime\":1,\"times\":[1],\"values\":[1]")},
	{ATL_PROBLEM_TIMES, "features.f.times", FEATURE("\"times\":[0],\"values\":[1,2]")},
	{ATL_PROBLEM_TIMES, "features.f.times", FEATURE("\"times\":[0,1],\"encoding\":\"u8\",\"base64\":\"AA==\"")},
	{ATL_PROBLEM_TIMES, "features.f.times[2]", FEATURE("\"times\":[0,1,0.5],\"values\":[1,2,3]")},
	{ATL_PROBLEM_KIND, "features.f.times", FEATURE("\"times\":1,\"values\":[1]")},
	{ATL_PROBLEM_KIND, "features.f.times[1]", FEATURE("\"times\":[0,null],\"values\":[1,2]")},
	{ATL_PROBLEM_KIND, "features.f.times[0]", FEATURE("\"times\":[[0]],\"values\":[1]")},
	{ATL_PROBLEM_NOT_FINITE, "features.f.times[1]", FEATURE("\"times\":[0,1e309],\"values\":[1,2]")},
	{ATL_PROBLEM_CLOCK, "features.f", FEATURE("\"values\":[]")},
	{ATL_PROBLEM_CLOCK, "features.f", FEATURE("\"hop\":1,\"frameRate\":1,\"values\":[]")},
	{ATL_PROBLEM_CLOCK, "features.f", FEATURE("\"hop\":null,\"values\":[]")},
	{ATL_PROBLEM_CLOCK, "features[\"a b\"]", TOP ",\"features\":{\"a b\":{\"values\":[]}}}"},
	{ATL_PROBLEM_CLOCK, "features[\"\"]", TOP ",\"features\":{\"\":{\"values\":[]}}}"},
	{ATL_PROBLEM_DIMS, "features.f.dims", FEATURE("\"hop\":1,\"dims\":0,\"values\":[]")},
	{ATL_PROBLEM_DIMS, "features.f.dims", FEATURE("\"hop\":1,\"dims\":65536,\"values\":[]")},
	{ATL_PROBLEM_DIMS, "features.f.dims", FEATURE("\"hop\":1,\"dims\":1.5,\"values\":[]")},
	{ATL_PROBLEM_DIMS, "features.f.dims", FEATURE("\"hop\":1,\"dims\":3,\"values\":[null,[1,2]]")},
	{ATL_PROBLEM_DIMS, "features.f.dims", FEATURE("\"hop\":1,\"dims\":2,\"values\":[1]")},
	{ATL_PROBLEM_DIMS, "features.f.values[0]", VALUES("[[]]")},
	{ATL_PROBLEM_VALUES, "features.f", FEATURE("\"hop\":1")},
	{ATL_PROBLEM_VALUES, "features.f", FEATURE("\"hop\":1,\"values\":null")},
	{ATL_PROBLEM_VALUES, "features.f", FEATURE("\"hop\":1,\"values\":[],\"encoding\":\"u8\",\"base64\":\"\"")},
	{ATL_PROBLEM_RAGGED, "features.f.values[1]", VALUES("[[1,2],3]")},
	{ATL_PROBLEM_RAGGED, "features.f.values[2]", VALUES("[1,null,[2]]")},
	{ATL_PROBLEM_RAGGED, "features.f.values[2]", VALUES("[[1,2],null,[3]]")},
	{ATL_PROBLEM_RAGGED, "features.f.values[1]", VALUES("[[1],[]]")},
	{ATL_PROBLEM_ENCODING, "features.f.encoding", FEATURE("\"hop\":1,\"encoding\":\"f16\",\"values\":[]")},
	{ATL_PROBLEM_ENCODING, "features.f.encoding", FEATURE("\"hop\":1,\"encoding\":\"F32\",\"values\":[]")},
	{ATL_PROBLEM_ENCODING, "features.f.encoding", FEATURE("\"hop\":1,\"base64\":\"\"")},
	{ATL_PROBLEM_RANGE, "features.f.range", FEATURE("\"hop\":1,\"range\":[1,1],\"values\":[]")},
	{ATL_PROBLEM_RANGE, "features.f.range", FEATURE("\"hop\":1,\"range\":[2,1],\"values\":[]")},
	{ATL_PROBLEM_RANGE, "features.f.range", FEATURE("\"hop\":1,\"range\":[0],\"values\":[]")},
	{ATL_PROBLEM_RANGE, "features.f.range", FEATURE("\"hop\":1,\"range\":[0,1,2],\"values\":[]")},
	{ATL_PROBLEM_RANGE, "features.f.range", FEATURE("\"hop\":1,\"range\":[0,\"1\"],\"values\":[]")},
	{ATL_PROBLEM_RANGE, "features.f.range", FEATURE("\"hop\":1,\"range\":[0,1e999],\"values\":[]")},
	{ATL_PROBLEM_RANGE, "features.f.range", FEATURE("\"hop\":1,\"range\":[[0],{\"a\":1}],\"values\":[]")},
	{ATL_PROBLEM_RANGE, "features.f.range",
	FEATURE("\"hop\":1,\"encoding\":\"u16\",\"range\":[1,1.000000000001],\"values\":[]")},
	{ATL_PROBLEM_RANGE, "features.f.range",
	FEATURE("\"hop\":1,\"encoding\":\"u8\",\"range\":[-1e308,1e308],\"values\":[]")},
	{ATL_PROBLEM_NOT_ENCODABLE, "features.f.values[1]", FEATURE("\"hop\":1,\"encoding\":\"u8\",\"values\":[255,256]")},
	{ATL_PROBLEM_NOT_ENCODABLE, "features.f.values[0]", FEATURE("\"hop\":1,\"encoding\":\"u16\",\"values\":[-1]")},
	{ATL_PROBLEM_NOT_ENCODABLE, "features.f.values[0][1]", FEATURE("\"hop\":1,\"encoding\":\"i8\",\"values\":[[0,0.5]]")},
	{ATL_PROBLEM_NOT_ENCODABLE, "features.f.values[1][0]", FEATURE("\"hop\":1,\"encoding\":\"i16\",\"values\":[null,[-32769]]")},
	{ATL_PROBLEM_NOT_ENCODABLE, "features.f.values[0]", FEATURE("\"hop\":1,\"encoding\":\"f32\",\"values\":[1e39]")},
	{ATL_PROBLEM_BASE64, "features.f.base64", FEATURE("\"hop\":1,\"encoding\":\"u8\",\"base64\":\"A\"")},
	{ATL_PROBLEM_BASE64, "features.f.base64", FEATURE("\"hop\":1,\"encoding\":\"u8\",\"base64\":\"AA==\\n\"")},
	{ATL_PROBLEM_BASE64, "features.f.base64", FEATURE("\"hop\":1,\"encoding\":\"f32\",\"base64\":\"AAAA\"")},
	{ATL_PROBLEM_BASE64, "features.f.base64", FEATURE("\"hop\":1,\"dims\":2,\"encoding\":\"u8\",\"base64\":\"AAAA\"")},
	{ATL_PROBLEM_MAX_ERROR, "features.f.maxError", FEATURE("\"hop\":1,\"maxError\":-1,\"values\":[]")},
	{ATL_PROBLEM_MAX_ERROR, "features.f.maxError", FEATURE("\"hop\":1,\"maxError\":1e999,\"values\":[]")},

	/* unknown members */
	{ATL_PROBLEM_NUMBER, "", TOP ",\"x\":[1e200000]}"},
	{ATL_PROBLEM_NUMBER, "", TOP ",\"metadata\":{\"a\":1e-20000}}"},
	{ATL_PROBLEM_NUMBER, "events[1]", EVENT("{\"timestamp\":0,\"type\":\"a\",\"data\":{\"a\":1e200000}}")},
	{ATL_PROBLEM_NUMBER, "markers[0]", MARKER("{\"timestamp\":0,\"type\":\"a\",\"value\":1e200000}")},
	{ATL_PROBLEM_NUMBER, "features.f", FEATURE("\"hop\":1,\"values\":[],\"x\":1e200000")},
};

#define NUM_RULES	(sizeof(rules) / sizeof(rules[0]))

/* A sentence that begins with the path. */
static bool
is_sentence(const AtlProblem *problem)
{
	size_t		path = strlen(problem->path);
	size_t		size = strlen(problem->message);

	return strncmp(problem->message, problem->path, path) == 0 && size > path + 5 &&
		problem->message[size - 1] == '.' && (path == 0 || problem->message[path] == ' ');
}

static void
test_first_problem(void)
{
	for (size_t i = 0; i < NUM_RULES; i++)
	{
		UnitHost	host;
		UnitImage	image;
		AtlProblem	problem;

		unit_host_init(&host);
		unit_context("%.400s", rules[i].json);
		CHECK_INT(unit_image_from_text(&host, rules[i].json, strlen(rules[i].json), &image, &problem), ATL_INVALID);
		CHECK_INT(problem.code, rules[i].code);
		CHECK_STRING(problem.path, strlen(problem.path), rules[i].path);
		CHECK(is_sentence(&problem));
		CHECK_INT(host.blocks, 0);
	}
}

/* Messages say the numbers; the wording of all is held by the tests in SQL. */
static void
test_messages(void)
{
	static const char *const messages[][2] = {
		{EVENT("{\"timestamp\":7.25,\"type\":\"a\"}"), "events[1].timestamp is 7.25, past the duration 5."},
		{EVENT("{\"timestamp\":-5e-3,\"type\":\"a\"}"), "events[1].timestamp is -0.005, must not be negative."},
		{MARKER("{\"timestamp\":1,\"type\":\"a\",\"confidence\":1.01}"), "markers[0].confidence is 1.01, must be from 0 to 1."},
		{VALUES("{}"), "features.f.values is an object, must be an array."},
	};

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
	{
		UnitHost	host;
		UnitImage	image;
		AtlProblem	problem;

		unit_host_init(&host);
		CHECK_INT(unit_image_from_text(&host, messages[i][0], strlen(messages[i][0]), &image, &problem), ATL_INVALID);
		CHECK_STRING(problem.message, strlen(problem.message), messages[i][1]);
	}
}

/* The hint of a problem fits how far off the value is. */
static void
test_hints(void)
{
	static const struct
	{
		const char *hint;		/* what it begins with */
		const char *json;
	}			hints[] = {
		{"It is 0.01 s past the end: clamp it", EVENT("{\"timestamp\":5.01,\"type\":\"a\"}")},
		{"Timestamps and duration are in seconds: check", EVENT("{\"timestamp\":7.25,\"type\":\"a\"}")},
		{"Times are in seconds; these look like milliseconds", EVENT("{\"timestamp\":4500,\"type\":\"a\"}")},
		{"Times are in seconds; these look like samples: divide by the sampleRate 44100", EVENT("{\"timestamp\":202860,\"type\":\"a\"}")},
		/* the latest timestamp tells the unit of all */
		{"Times are in seconds; these look like samples: divide by the sampleRate 44100",
		EVENT("{\"timestamp\":1234,\"type\":\"a\"},{\"timestamp\":202860,\"type\":\"a\"}")},
		{"Times are in seconds; these look like microseconds", EVENT("{\"timestamp\":4500000,\"type\":\"a\"}")},
		{"Times are in seconds; these look like nanoseconds", EVENT("{\"timestamp\":4500000000,\"type\":\"a\"}")},
		{"It is 0.01 s before the start: clamp it to 0", EVENT("{\"timestamp\":-0.01,\"type\":\"a\"}")},
		{"If -1 stands for a time", EVENT("{\"timestamp\":-1,\"type\":\"a\"}")},
		{"Times are seconds from the start", EVENT("{\"timestamp\":-0.939,\"type\":\"a\"}")},
		{"The event ends 0.015 s before it starts", EVENT("{\"timestamp\":1,\"type\":\"a\",\"duration\":-0.015}")},
		{"Start and end look swapped: the event would start at 1.25 and last 2.25 s.", EVENT("{\"timestamp\":3.5,\"type\":\"a\",\"duration\":-2.25}")},
		{"duration is the length of the event", EVENT("{\"timestamp\":3.5,\"type\":\"a\",\"duration\":-4}")},
		{"If -1 stands for a duration", EVENT("{\"timestamp\":3.5,\"type\":\"a\",\"duration\":-1}")},
		{"Clamp it to 1.", EVENT("{\"timestamp\":1,\"type\":\"a\",\"confidence\":1.01}")},
		{"Clamp it to 0.", EVENT("{\"timestamp\":1,\"type\":\"a\",\"confidence\":-0.01}")},
		{"It looks like a percentage", EVENT("{\"timestamp\":1,\"type\":\"a\",\"confidence\":87}")},
		{"It looks like a scale from 0 to 127", EVENT("{\"timestamp\":1,\"type\":\"a\",\"confidence\":101}")},
		{"It looks like a scale from 0 to 255", EVENT("{\"timestamp\":1,\"type\":\"a\",\"confidence\":255}")},
		{"Scale it to 0 to 1", EVENT("{\"timestamp\":1,\"type\":\"a\",\"confidence\":256}")},
		{"If it is the logarithm", EVENT("{\"timestamp\":1,\"type\":\"a\",\"confidence\":-0.21}")},
		{"If -1 stands for a confidence", EVENT("{\"timestamp\":1,\"type\":\"a\",\"confidence\":-1}")},
		{"sampleRate is in Hz: if 44.1 is in kHz", "{\"duration\":5,\"sampleRate\":44.1}"},
		{"Round sampleRate to 44100;", "{\"duration\":5,\"sampleRate\":44099.99999}"},
		{"sampleRate is in Hz, for example", "{\"duration\":5,\"sampleRate\":0}"},
		{"Give frameRate in place of hop: sampleRate / 220.5.", FEATURE("\"hop\":220.5,\"values\":[]")},
		{"hop is in samples; for 0.01 s between frames give frameRate 100.", FEATURE("\"hop\":0.01,\"values\":[]")},
		{"It has \"length\": perhaps that is the duration.", "{\"length\":5,\"sampleRate\":1}"},
		{"It has \"sample_rate\": perhaps that is the sampleRate.", "{\"duration\":5,\"sample_rate\":1}"},
		{"It has \"time_ms\": perhaps that is the timestamp, in seconds: divide by 1000.", EVENT("{\"time_ms\":1,\"type\":\"a\"}")},
		{"It has \"label\": perhaps that is the type.", EVENT("{\"timestamp\":1,\"label\":\"a\"}")},
		{"It has \"hop_length\": perhaps that is the hop.", FEATURE("\"hop_length\":1,\"values\":[]")},
		{"It has \"fps\": perhaps that is the frameRate.", FEATURE("\"fps\":1,\"values\":[]")},
		{"It has \"data\": perhaps that is the values.", FEATURE("\"hop\":1,\"data\":[]")},
		{"The document is wrapped in another object: give its member \"data\" alone.", "{\"data\":{\"duration\":5,\"sampleRate\":1}}"},
		{"timestamp is a number of seconds.", EVENT("{\"type\":\"a\"}")},
		{"hop is the distance", FEATURE("\"hop\":0,\"values\":[]")},
	};

	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
	{
		UnitHost	host;
		UnitImage	image;
		AtlProblem	problem;
		size_t		size = strlen(hints[i].hint);

		unit_host_init(&host);
		unit_context("%s", hints[i].json);
		CHECK_INT(unit_image_from_text(&host, hints[i].json, strlen(hints[i].json), &image, &problem), ATL_INVALID);
		CHECK(strlen(problem.hint) >= size);
		problem.hint[size] = '\0';
		CHECK_STRING(problem.hint, strlen(problem.hint), hints[i].hint);
	}
}

/* Text that stops being JSON: where in the document, and what to do. */
static void
test_faults(void)
{
	static const struct
	{
		const char *path;
		const char *message;
		const char *hint;		/* what it begins with */
		const char *json;
	}			texts[] = {
		{"", "The text is not JSON, from line 1, character 1 on.", "The text is empty", ""},
		{"", "The text is not JSON, from line 2, character 3 on.", "The text ends in the middle", "\n {"},
		{"", "The text is not JSON, from line 1, character 2 on.", "The client wrote an object", "[object Object]"},
		{"duration", "duration is not JSON, from line 1, character 13 on.", "JSON has no NaN", "{\"duration\":NaN}"},
		{"events[0].timestamp", "events[0].timestamp is not JSON, from line 1, character 25 on.", "JSON has no NaN", "{\"events\":[{\"timestamp\":nan}]}"},
		{"markers[1]", "markers[1] is not JSON, from line 1, character 16 on.", "Remove the comma", "{\"markers\":[{},]}"},
		{"features.f.values[600]", NULL, "JSON has no infinity", NULL},
		{"features.f.values[1][1]", NULL, "JSON has no infinity", FEATURE("\"values\":[[1,2],[3,-inf]]")},
		{"features.f.range", NULL, "JSON has no NaN", FEATURE("\"range\":[0,NaN]")},
		{"features", NULL, "Remove the comma", TOP ",\"features\":{\"f\":{},}"},
		{"features.f", NULL, "undefined is no JSON", TOP ",\"features\":{\"f\":undefined}"},
		{"events[1].data", NULL, "A quote inside a string", EVENT("{\"data\":{\"a\":\"so \"big\"\"}}")},
		{"metadata", "metadata has the character U+0000, in line 1, character 21.", "Text cannot hold", "{\"metadata\":{\"a\":\"\xC3\xA9\xC3\xA9\\u0000\"}}"},
	};
	char		many[8192] = TOP ",\"features\":{\"f\":{\"values\":[0";

	for (int i = 1; i < 600; i++)
		strcat(many, ",1.25");
	strcat(many, ",Infinity]}}}");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
	{
		const char *json = texts[i].json == NULL ? many : texts[i].json;
		AtlText		text = {json, (uint32_t) strlen(json)};
		UnitHost	host;
		AtlBuilder *builder;
		AtlProblem	problem;
		AtlJsonStop stop;

		unit_host_init(&host);
		unit_context("%.300s", json);
		builder = atl_build_begin(&host.host, true);
		CHECK_INT(atl_json_read_to_stop(atl_build_sink(builder), &host.host, text, &stop), ATL_DAMAGED);
		CHECK_INT(atl_build_not_json(builder, text, stop), ATL_OK);
		atl_build_problem(builder, atl_build_num_problems(builder) - 1, &problem);
		CHECK_INT(problem.code, strstr(json, "\\u0000") != NULL ? ATL_PROBLEM_NUL : ATL_PROBLEM_NOT_JSON);
		CHECK_STRING(problem.path, strlen(problem.path), texts[i].path);
		if (texts[i].message != NULL)
			CHECK_STRING(problem.message, strlen(problem.message), texts[i].message);
		CHECK(strncmp(problem.hint, texts[i].hint, strlen(texts[i].hint)) == 0);
		CHECK(is_sentence(&problem));
		atl_build_free(builder);
		CHECK_INT(host.blocks, 0);
	}
}

/* Gathering finds the same problem first, and the document is still refused. */
static void
test_collected(void)
{
	for (size_t i = 0; i < NUM_RULES; i++)
	{
		UnitHost	host;
		AtlStatus	status;
		AtlBuilder *builder;
		AtlProblem	problem = {.code = ATL_PROBLEM_NONE};
		uint32_t	size;

		unit_host_init(&host);
		unit_context("%.400s", rules[i].json);
		builder = unit_builder_from_text(&host, rules[i].json, strlen(rules[i].json), true, &status);
		CHECK_INT(status, ATL_OK);
		CHECK_INT(atl_build_finish(builder, &size), ATL_INVALID);
		CHECK_INT(atl_build_lint(builder), ATL_OK);
		if (CHECK(atl_build_num_problems(builder) > 0))
			atl_build_problem(builder, 0, &problem);
		CHECK_INT(problem.code, rules[i].code);
		CHECK_STRING(problem.path, strlen(problem.path), rules[i].path);
		atl_build_free(builder);
		CHECK_INT(host.blocks, 0);
	}
}

/* The table above has every code that refuses, and every code has its word. */
static void
test_all_codes(void)
{
	for (int code = ATL_PROBLEM_NONE + 1; code < ATL_PROBLEM_CODES; code++)
	{
		bool		tried = code >= ATL_FIRST_WARNING || code == ATL_PROBLEM_TOO_LARGE ||
			code == ATL_PROBLEM_NOT_JSON || code == ATL_PROBLEM_NUL;
		const char *name = atl_problem_name((AtlProblemCode) code);

		unit_context("%d", code);
		for (size_t i = 0; i < NUM_RULES && !tried; i++)
			tried = rules[i].code == (AtlProblemCode) code;
		CHECK(tried);
		CHECK(name != NULL && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name));
		for (int other = ATL_PROBLEM_NONE; other < code; other++)
			CHECK(strcmp(name, atl_problem_name((AtlProblemCode) other)) != 0);
	}
}

/* All problems of a document, in order of their places, bounds of times last. */
static void
test_several(void)
{
	static const char json[] =
		"{\"duration\":5,\"sampleRate\":0,\"events\":[{\"timestamp\":-1,\"type\":\"\"},7,{\"confidence\":2},"
		"{\"timestamp\":9,\"type\":\"a\"}],\"features\":{\"a\":{\"hop\":0,\"startTime\":-1,\"values\":[1,[2],\"x\"]},\"b\":5}}";
	static const char *const paths[] = {
		"sampleRate", "events[0].type", "events[1]", "events[2].confidence",
		"events[2].timestamp", "events[2].type", "features.a.hop", "features.a.values[1]", "features.a.values[2]",
		"features.b", "events[0].timestamp", "events[3].timestamp", "features.a.startTime"
	};
	UnitHost	host;
	AtlStatus	status;
	AtlBuilder *builder;
	uint32_t	size;

	unit_host_init(&host);
	builder = unit_builder_from_text(&host, json, strlen(json), true, &status);
	CHECK_INT(status, ATL_OK);
	CHECK_INT(atl_build_finish(builder, &size), ATL_INVALID);
	CHECK_INT(atl_build_num_problems(builder), sizeof(paths) / sizeof(paths[0]));
	for (size_t i = 0; i < atl_build_num_problems(builder) && i < sizeof(paths) / sizeof(paths[0]); i++)
	{
		AtlProblem	problem;

		atl_build_problem(builder, i, &problem);
		CHECK_STRING(problem.path, strlen(problem.path), paths[i]);
	}
	atl_build_free(builder);
}

/* Names longer than a path holds are cut between characters. */
static void
test_long_names(void)
{
	UnitHost	host;
	AtlBuffer	json;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	for (int length = 100; length < 400; length++)
	{
		UnitImage	image;
		AtlProblem	problem;
		AtlText		path = {problem.path, 0};

		json.size = 0;
		unit_append(&json, TOP ",\"features\":{\"x");
		for (int i = 0; i < length; i++)
			unit_append(&json, "%s", i % 3 == 0 ? "\xF0\x9F\x98\x80" : i % 3 == 1 ? "\xC3\xA9" : "\xE2\x82\x84");
		unit_append(&json, "\":{\"hop\":1,\"values\":[[1],[\"x\"]]}}}");
		CHECK_INT(unit_image_from_text(&host, (char *) json.bytes, json.size, &image, &problem), ATL_INVALID);
		path.size = (uint32_t) strlen(problem.path);
		CHECK(atl_text_is_utf8(NULL, path));
		CHECK(path.size > 20 && strcmp(problem.path + path.size - 13, ".values[1][0]") == 0);
		CHECK(strstr(problem.message, problem.path) == problem.message);
	}
	atl_buffer_free(&json);
}

/* Tokens that stop early are no document. */
static void
test_incomplete(void)
{
	static const AtlTokenKind kinds[] = {ATL_OBJECT_START, ATL_OBJECT_END};

	for (size_t n = 0; n < 2; n++)
	{
		UnitHost	host;
		AtlBuilder *builder;
		AtlProblem	problem;
		uint32_t	size;

		unit_host_init(&host);
		builder = atl_build_begin(&host.host, false);
		for (size_t i = 0; i < n; i++)
			CHECK_INT(atl_push(atl_build_sink(builder), (AtlToken) {.kind = kinds[i]}), ATL_OK);
		CHECK_INT(atl_build_finish(builder, &size), ATL_INVALID);
		CHECK_INT(atl_build_num_problems(builder), 1);
		atl_build_problem(builder, 0, &problem);
		CHECK_INT(problem.code, ATL_PROBLEM_KIND);
		atl_build_free(builder);
		CHECK_INT(host.blocks, 0);
	}
}

/* What is not JSON never reaches a rule; U+0000 is not text. */
static void
test_not_json(void)
{
	static const char *const texts[] = {
		"", " ", "{", "{\"duration\":5", "{\"duration\":5,}", "{\"duration\":NaN,\"sampleRate\":1}", TOP "}}", TOP "} x",
		TOP ",\"x\":\"\\u0000\"}", TOP ",\"x\":\"\\ud800\"}", TOP ",\"\x80\":1}", TOP ",'x':1}", "{\"duration\":05,\"sampleRate\":1}",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
	{
		UnitHost	host;
		UnitImage	image;

		unit_host_init(&host);
		unit_context("%s", texts[i]);
		CHECK_INT(unit_image_from_text(&host, texts[i], strlen(texts[i]), &image, NULL), ATL_DAMAGED);
		CHECK_INT(host.blocks, 0);
	}
}

const UnitTest unit_rules_tests[] = {
	{"rules: the first problem, its code and path", test_first_problem},
	{"rules: messages", test_messages},
	{"rules: hints fit the value", test_hints},
	{"rules: text that is not JSON, its place and hint", test_faults},
	{"rules: the same when problems are gathered", test_collected},
	{"rules: every code is tried and has a name", test_all_codes},
	{"rules: several problems in one document", test_several},
	{"rules: long names in paths", test_long_names},
	{"rules: incomplete documents", test_incomplete},
	{"rules: what is not JSON", test_not_json},
	UNIT_END
};
