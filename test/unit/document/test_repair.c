/*
 * test_repair.c
 *		What repairs make of documents that are wrong, and that whatever they
 *		make of a document is as wrong as they say.
 */
#include <stdio.h>
#include <string.h>

#include "core/json/write.h"

#include "random_document.h"
#include "tests.h"

#define ALL		(ATL_REPAIR_BIT(ATL_REPAIRS) - 1)

#define UNWRAP	ATL_REPAIR_BIT(ATL_REPAIR_UNWRAP)
#define SORT	ATL_REPAIR_BIT(ATL_REPAIR_SORT)
#define SCALE	ATL_REPAIR_BIT(ATL_REPAIR_SCALE)
#define CLAMP	ATL_REPAIR_BIT(ATL_REPAIR_CLAMP)
#define NULLIFY		ATL_REPAIR_BIT(ATL_REPAIR_NULLIFY)
#define DROP	ATL_REPAIR_BIT(ATL_REPAIR_DROP)

/* A document while it is mended. */
typedef struct Mending
{
	UnitHost	host;
	AtlRepairer *repairer;
	AtlBuffer	document;
	AtlBuffer	changes;
	size_t		errors;			/* that are left */
	int			rounds;			/* that had edits */
} Mending;

static AtlText
buffer_text(const AtlBuffer *buffer)
{
	AtlText		text = {(const char *) atl_buffer_at(buffer, 0), (uint32_t) buffer->size};

	return text;
}

/* Build the document with all its problems, and plan the edits for them. */
static size_t
plan(Mending *mending)
{
	AtlBuilder *builder = atl_build_begin(&mending->host.host, true);
	AtlStatus	status;
	uint32_t	size;
	size_t		edits;

	atl_build_keep_all(builder);
	CHECK_INT(atl_json_read(atl_build_sink(builder), &mending->host.host, buffer_text(&mending->document)), ATL_OK);
	status = atl_build_finish(builder, &size);
	mending->errors = atl_build_num_errors(builder);
	CHECK_INT(status == ATL_OK, mending->errors == 0);
	CHECK_INT(atl_repair_plan(mending->repairer, builder, &edits), ATL_OK);
	atl_build_free(builder);
	return edits;
}

static void
edit(Mending *mending)
{
	AtlBuffer	edited;
	AtlJsonWriter writer;
	AtlSink		sink;

	atl_buffer_init(&edited, &mending->host.host);
	sink = atl_json_writer(&writer, &edited);
	CHECK_INT(atl_json_read(atl_repair_sink(mending->repairer, &sink), &mending->host.host, buffer_text(&mending->document)), ATL_OK);
	atl_buffer_free(&mending->document);
	mending->document = edited;
}

static void
begin_mending(Mending *mending, const char *json, size_t size, uint32_t repairs)
{
	unit_host_init(&mending->host);
	mending->repairer = atl_repair_begin(&mending->host.host, repairs);
	mending->rounds = 0;
	atl_buffer_init(&mending->document, &mending->host.host);
	atl_buffer_init(&mending->changes, &mending->host.host);
	CHECK_INT(atl_buffer_append(&mending->document, json, size), ATL_OK);
	for (; plan(mending) > 0 && mending->rounds < ATL_REPAIR_ROUNDS; mending->rounds++)
		edit(mending);
	CHECK(mending->rounds < ATL_REPAIR_ROUNDS);
	CHECK_INT(atl_repair_changes(mending->repairer, &mending->changes), ATL_OK);
}

static void
end_mending(Mending *mending)
{
	atl_repair_free(mending->repairer);
	atl_buffer_free(&mending->document);
	atl_buffer_free(&mending->changes);
	CHECK_INT(mending->host.blocks, 0);
}


/*
 * Documents and what they become
 */

typedef struct Case
{
	uint32_t	repairs;
	const char *json;
	const char *document;
	const char *changes;
	size_t		errors;
} Case;

#define TOP			"\"duration\":5,\"sampleRate\":44100"
#define EVENT(e)	"{" TOP ",\"events\":[{\"timestamp\":1,\"type\":\"a\"" e "}]}"
#define FEATURE(f)	"{" TOP ",\"features\":{\"f\":{" f "}}}"
#define CHANGE(path, repair, was, now) "{\"path\":\"" path "\",\"repair\":\"" repair "\",\"was\":" was ",\"now\":" now "}"
#define DROPPED(path, was)	"{\"path\":\"" path "\",\"repair\":\"drop\",\"was\":" was "}"
#define SORTED(path)		"{\"path\":\"" path "\",\"repair\":\"sort\"}"
#define UNWRAPPED(path)		"{\"path\":\"" path "\",\"repair\":\"unwrap\"}"

static const Case cases[] = {
	/* a value in a string, in a string, in an array, in an object */
	{UNWRAP, "\"{\\\"duration\\\":5,\\\"sampleRate\\\":44100}\"", "{" TOP "}", "[" UNWRAPPED("") "]", 0},
	{UNWRAP, "\"\\\"{\\\\\\\"duration\\\\\\\":5,\\\\\\\"sampleRate\\\\\\\":44100}\\\"\"", "{" TOP "}", "[" UNWRAPPED("") "]", 0},
	{UNWRAP, "[{" TOP "}]", "{" TOP "}", "[" UNWRAPPED("") "]", 0},
	{UNWRAP, "[{" TOP "},{" TOP "}]", "[{" TOP "},{" TOP "}]", "[]", 1},
	{UNWRAP, "[5]", "[5]", "[]", 1},
	{UNWRAP, "[]", "[]", "[]", 1},
	{UNWRAP, "\"{\"", "\"{\"", "[]", 1},
	{UNWRAP, "\"[1]\"", "\"[1]\"", "[]", 1},
	{UNWRAP, "{\"duration\":\" 5.0 \",\"sampleRate\":\"44100\"}", "{\"duration\":5.0,\"sampleRate\":44100}",
	"[" CHANGE("duration", "unwrap", "\" 5.0 \"", "5.0") "," CHANGE("sampleRate", "unwrap", "\"44100\"", "44100") "]", 0},
	{UNWRAP, "{\"duration\":\"N/A\",\"sampleRate\":\"44,100\"}", "{\"duration\":\"N/A\",\"sampleRate\":\"44,100\"}", "[]", 2},
	{UNWRAP, "{" TOP ",\"events\":{\"0\":{\"timestamp\":1,\"type\":\"a\"},\"1\":\"{\\\"timestamp\\\":2,\\\"type\\\":\\\"a\\\"}\"}}",
		"{" TOP ",\"events\":[{\"timestamp\":1,\"type\":\"a\"},{\"timestamp\":2,\"type\":\"a\"}]}",
	"[" UNWRAPPED("events") "," UNWRAPPED("events[1]") "]", 0},
	{UNWRAP, "{" TOP ",\"events\":{\"1\":1}}", "{" TOP ",\"events\":{\"1\":1}}", "[]", 1},
	{UNWRAP, "{" TOP ",\"events\":{\"00\":1}}", "{" TOP ",\"events\":{\"00\":1}}", "[]", 1},
	{UNWRAP, "{" TOP ",\"events\":{}}", "{" TOP ",\"events\":[]}", "[" UNWRAPPED("events") "]", 0},
	{UNWRAP, FEATURE("\"hop\":1,\"values\":{\"0\":{\"0\":1,\"1\":2},\"1\":\"[3,\\\"4\\\"]\"}"), FEATURE("\"hop\":1,\"values\":[[1,2],[3,4]]"),
		"[" UNWRAPPED("features.f.values") "," UNWRAPPED("features.f.values[0]") "," UNWRAPPED("features.f.values[1]") ","
	CHANGE("features.f.values[1][1]", "unwrap", "\"4\"", "4") "]", 0},
	/* only a value of the kind that the place takes */
	{UNWRAP, EVENT(",\"data\":\"[1]\""), EVENT(",\"data\":\"[1]\""), "[]", 1},
	{UNWRAP, EVENT(",\"data\":\"{\\\"b\\\":1,\\\"a\\\":2}\""), EVENT(",\"data\":{\"b\":1,\"a\":2}"), "[" UNWRAPPED("events[0].data") "]", 0},
	{UNWRAP, EVENT(",\"data\":\"{\\\"b\\\":1e200000}\""), EVENT(",\"data\":\"{\\\"b\\\":1e200000}\""), "[]", 1},
	{UNWRAP, "{" TOP ",\"markers\":[{\"timestamp\":\"1\",\"type\":5}]}", "{" TOP ",\"markers\":[{\"timestamp\":1,\"type\":5}]}",
	"[" CHANGE("markers[0].timestamp", "unwrap", "\"1\"", "1") "]", 1},

	/* bounds */
	{CLAMP, "{" TOP ",\"events\":[{\"timestamp\":7.25,\"type\":\"a\"},{\"timestamp\":-1,\"type\":\"a\",\"duration\":-0.5,\"confidence\":-1},{\"timestamp\":1,\"type\":\"a\",\"confidence\":1.5}]}",
		"{" TOP ",\"events\":[{\"timestamp\":5,\"type\":\"a\"},{\"timestamp\":0,\"type\":\"a\",\"duration\":0,\"confidence\":0},{\"timestamp\":1,\"type\":\"a\",\"confidence\":1}]}",
		"[" CHANGE("events[0].timestamp", "clamp", "7.25", "5") "," CHANGE("events[1].timestamp", "clamp", "-1", "0") "," CHANGE("events[1].duration", "clamp", "-0.5", "0") ","
	CHANGE("events[1].confidence", "clamp", "-1", "0") "," CHANGE("events[2].confidence", "clamp", "1.5", "1") "]", 0},
	{CLAMP, "{" TOP ",\"markers\":[7,{\"timestamp\":7.25,\"type\":\"\"}]}", "{" TOP ",\"markers\":[7,{\"timestamp\":5,\"type\":\"\"}]}",
	"[" CHANGE("markers[1].timestamp", "clamp", "7.25", "5") "]", 2},
	{CLAMP, FEATURE("\"hop\":1,\"values\":[1],\"startTime\":-3"), FEATURE("\"hop\":1,\"values\":[1],\"startTime\":0"),
	"[" CHANGE("features.f.startTime", "clamp", "-3", "0") "]", 0},
	{CLAMP, "{\"duration\":-5,\"sampleRate\":44100}", "{\"duration\":-5,\"sampleRate\":44100}", "[]", 1},
	{NULLIFY | DROP, EVENT(",\"duration\":-1,\"confidence\":1.5"), EVENT(",\"duration\":null,\"confidence\":null"),
	"[" CHANGE("events[0].duration", "nullify", "-1", "null") "," CHANGE("events[0].confidence", "nullify", "1.5", "null") "]", 0},
	{DROP, EVENT(",\"duration\":-1,\"confidence\":1.5"), EVENT(""), "[" DROPPED("events[0].duration", "-1") "," DROPPED("events[0].confidence", "1.5") "]", 0},

	/* units: all of a list, if the list speaks for it */
	{SCALE | CLAMP, "{\"duration\":214,\"sampleRate\":1,\"events\":[{\"timestamp\":1234,\"type\":\"a\",\"duration\":480},{\"timestamp\":0,\"type\":\"a\"},{\"timestamp\":63000,\"type\":\"a\"}]}",
		"{\"duration\":214,\"sampleRate\":1,\"events\":[{\"timestamp\":1.234,\"type\":\"a\",\"duration\":0.48},{\"timestamp\":0,\"type\":\"a\"},{\"timestamp\":63,\"type\":\"a\"}]}",
	"[" CHANGE("events[0].timestamp", "scale", "1234", "1.234") "," CHANGE("events[0].duration", "scale", "480", "0.48") "," CHANGE("events[2].timestamp", "scale", "63000", "63") "]", 0},
	{SCALE, "{\"duration\":30,\"sampleRate\":1,\"events\":[{\"timestamp\":1234,\"type\":\"a\"},{\"timestamp\":2,\"type\":\"a\"},{\"timestamp\":3,\"type\":\"a\"}]}",
		"{\"duration\":30,\"sampleRate\":1,\"events\":[{\"timestamp\":1234,\"type\":\"a\"},{\"timestamp\":2,\"type\":\"a\"},{\"timestamp\":3,\"type\":\"a\"}]}",
	"[]", 1},
	{SCALE, "{\"duration\":30,\"sampleRate\":1,\"markers\":[{\"timestamp\":33,\"type\":\"a\"}]}", "{\"duration\":30,\"sampleRate\":1,\"markers\":[{\"timestamp\":33,\"type\":\"a\"}]}", "[]", 1},
	{SCALE, "{\"duration\":30,\"sampleRate\":1,\"markers\":[{\"timestamp\":31000,\"type\":\"a\"}]}", "{\"duration\":30,\"sampleRate\":1,\"markers\":[{\"timestamp\":31000,\"type\":\"a\"}]}", "[]", 1},
	/* a marker's duration is a member of the user's own */
	{SCALE, "{\"duration\":30,\"sampleRate\":1,\"markers\":[{\"timestamp\":1500e1,\"type\":\"a\",\"duration\":8,\"confidence\":93,\"value\":7}]}",
		"{\"duration\":30,\"sampleRate\":1,\"markers\":[{\"timestamp\":15,\"type\":\"a\",\"duration\":8,\"confidence\":0.93,\"value\":7}]}",
	"[" CHANGE("markers[0].confidence", "scale", "93", "0.93") "," CHANGE("markers[0].timestamp", "scale", "1500e1", "15") "]", 0},
	{SCALE | CLAMP, EVENT(",\"confidence\":1.5"), EVENT(",\"confidence\":1"), "[" CHANGE("events[0].confidence", "clamp", "1.5", "1") "]", 0},

	/* numbers that are none */
	{NULLIFY, FEATURE("\"hop\":1,\"values\":[1,\"nan\",1e999,true,[1],{}]"), FEATURE("\"hop\":1,\"values\":[1,null,null,null,null,null]"),
		"[" CHANGE("features.f.values[1]", "nullify", "\"nan\"", "null") "," CHANGE("features.f.values[2]", "nullify", "1e999", "null") ","
		CHANGE("features.f.values[3]", "nullify", "true", "null") "," CHANGE("features.f.values[4]", "nullify", "[1]", "null") ","
	CHANGE("features.f.values[5]", "nullify", "{}", "null") "]", 0},
	{NULLIFY, FEATURE("\"hop\":1,\"values\":[[1,2],[3],4,[5,6],[-1e999,[8]]]"), FEATURE("\"hop\":1,\"values\":[[1,2],null,null,[5,6],[null,null]]"),
		"[" CHANGE("features.f.values[1]", "nullify", "[3]", "null") "," CHANGE("features.f.values[2]", "nullify", "4", "null") ","
	CHANGE("features.f.values[4][0]", "nullify", "-1e999", "null") "," CHANGE("features.f.values[4][1]", "nullify", "[8]", "null") "]", 0},
	/* most frames are unlike the first one: who knows which are right */
	{NULLIFY, FEATURE("\"hop\":1,\"values\":[[1,2],[3],[4]]"), FEATURE("\"hop\":1,\"values\":[[1,2],[3],[4]]"), "[]", 2},
	{NULLIFY | DROP, FEATURE("\"hop\":1,\"values\":[[1,2],[3],[4]]"), "{" TOP ",\"features\":{}}", "[" DROPPED("features.f", "{\"hop\":1,\"values\":[[1,2],[3],[4]]}") "]", 0},
	{NULLIFY, FEATURE("\"hop\":1,\"encoding\":\"f32\",\"base64\":\"AACA/wAAgD8=\""), FEATURE("\"hop\":1,\"encoding\":\"f32\",\"base64\":\"AADAfwAAgD8=\""),
	"[{\"path\":\"features.f.base64\",\"repair\":\"nullify\"}]", 0},
	{NULLIFY, FEATURE("\"hop\":1,\"encoding\":\"f64\",\"base64\":\"AAAAAAAA8H8AAAAAAADwPw==\""), FEATURE("\"hop\":1,\"encoding\":\"f64\",\"base64\":\"AAAAAAAA+H8AAAAAAADwPw==\""),
	"[{\"path\":\"features.f.base64\",\"repair\":\"nullify\"}]", 0},
	/* what the numbers of a flat list mean, dims says */
	{NULLIFY, FEATURE("\"hop\":1,\"dims\":2,\"values\":[1,2,3]"), FEATURE("\"hop\":1,\"dims\":2,\"values\":[1,2,3]"), "[]", 1},
	{NULLIFY, FEATURE("\"hop\":1,\"dims\":3,\"values\":[[1,2],[3,4]]"), FEATURE("\"hop\":1,\"dims\":null,\"values\":[[1,2],[3,4]]"), "[" CHANGE("features.f.dims", "nullify", "3", "null") "]", 0},
	{NULLIFY, FEATURE("\"hop\":1,\"values\":[[],[1]]"), FEATURE("\"hop\":1,\"values\":[null,[1]]"), "[" CHANGE("features.f.values[0]", "nullify", "[]", "null") "]", 0},

	/* members of features: what the feature can do without */
	{NULLIFY, FEATURE("\"hop\":0,\"frameRate\":60,\"values\":[1]"), FEATURE("\"hop\":null,\"frameRate\":60,\"values\":[1]"), "[" CHANGE("features.f.hop", "nullify", "0", "null") "]", 0},
	{DROP, FEATURE("\"hop\":0,\"frameRate\":60,\"values\":[1]"), FEATURE("\"frameRate\":60,\"values\":[1]"), "[" DROPPED("features.f.hop", "0") "]", 0},
	{NULLIFY, FEATURE("\"hop\":0,\"values\":[1]"), FEATURE("\"hop\":0,\"values\":[1]"), "[]", 1},
	{NULLIFY, FEATURE("\"hop\":0,\"frameRate\":0,\"values\":[1]"), FEATURE("\"hop\":0,\"frameRate\":0,\"values\":[1]"), "[]", 3},
	{NULLIFY, FEATURE("\"hop\":1,\"frameRate\":60,\"values\":[1]"), FEATURE("\"hop\":1,\"frameRate\":60,\"values\":[1]"), "[]", 1},
	{DROP, FEATURE("\"hop\":1,\"frameRate\":60,\"values\":[1]"), "{" TOP ",\"features\":{}}", "[" DROPPED("features.f", "{\"hop\":1,\"frameRate\":60,\"values\":[1]}") "]", 0},
	{NULLIFY, FEATURE("\"hop\":1,\"values\":[0.5,900],\"encoding\":\"u8\""), FEATURE("\"hop\":1,\"values\":[0.5,900],\"encoding\":null"),
	"[" CHANGE("features.f.encoding", "nullify", "\"u8\"", "null") "]", 0},
	{NULLIFY, FEATURE("\"hop\":1,\"values\":[1],\"dims\":0,\"unit\":5,\"range\":[2,1],\"maxError\":-1,\"encoding\":\"mp3\",\"kind\":{\"a\":[1]}"),
		FEATURE("\"hop\":1,\"values\":[1],\"dims\":null,\"unit\":null,\"range\":null,\"maxError\":null,\"encoding\":null,\"kind\":null"),
		"[" CHANGE("features.f.dims", "nullify", "0", "null") "," CHANGE("features.f.unit", "nullify", "5", "null") "," CHANGE("features.f.range", "nullify", "[2,1]", "null") ","
		CHANGE("features.f.maxError", "nullify", "-1", "null") "," CHANGE("features.f.encoding", "nullify", "\"mp3\"", "null") ","
	CHANGE("features.f.kind", "nullify", "{\"a\":[1]}", "null") "]", 0},
	/* with base64 these say what the bytes are */
	{NULLIFY, FEATURE("\"hop\":1,\"base64\":\"AAA=\",\"dims\":0,\"range\":[2,1],\"encoding\":\"u8\""), FEATURE("\"hop\":1,\"base64\":\"AAA=\",\"dims\":0,\"range\":[2,1],\"encoding\":\"u8\""), "[]", 2},
	{NULLIFY, FEATURE("\"hop\":1,\"base64\":5,\"values\":[1]"), FEATURE("\"hop\":1,\"base64\":null,\"values\":[1]"), "[" CHANGE("features.f.base64", "nullify", "5", "null") "]", 0},

	/* frames in the order of their times; those of one time as they came */
	{SORT, FEATURE("\"times\":[0.5,2,1e0,1.0,3],\"values\":[1,null,3,4,5]"), FEATURE("\"times\":[0.5,1e0,1.0,2,3],\"values\":[1,3,4,null,5]"),
	"[" SORTED("features.f.times") "," SORTED("features.f.values") "]", 0},
	{SORT | NULLIFY, FEATURE("\"times\":[3,2,1],\"values\":[[1,2],null,[\"nan\",6]],\"unit\":7"), FEATURE("\"times\":[1,2,3],\"values\":[[null,6],null,[1,2]],\"unit\":null"),
		"[" SORTED("features.f.times") "," SORTED("features.f.values") "," CHANGE("features.f.unit", "nullify", "7", "null") ","
	CHANGE("features.f.values[0][0]", "nullify", "\"nan\"", "null") "]", 0},
	{SORT | UNWRAP, FEATURE("\"times\":[3,\"2\"],\"values\":[1,2]"), FEATURE("\"times\":[2,3],\"values\":[2,1]"),
	"[" CHANGE("features.f.times[1]", "unwrap", "\"2\"", "2") "," SORTED("features.f.times") "," SORTED("features.f.values") "]", 0},
	{SORT, FEATURE("\"dims\":2,\"times\":[2,1],\"values\":[1,2,null,4]"), FEATURE("\"dims\":2,\"times\":[1,2],\"values\":[null,4,1,2]"),
	"[" SORTED("features.f.times") "," SORTED("features.f.values") "]", 0},
	{SORT, FEATURE("\"times\":[3,2],\"values\":[1]"), FEATURE("\"times\":[3,2],\"values\":[1]"), "[]", 1},
	{SORT, FEATURE("\"times\":[3,2,null],\"values\":[1,2,3]"), FEATURE("\"times\":[3,2,null],\"values\":[1,2,3]"), "[]", 2},
	{SORT, FEATURE("\"values\":[1,2],\"times\":[3,2]"), FEATURE("\"values\":[1,2],\"times\":[3,2]"), "[]", 1},
	{SORT, FEATURE("\"times\":[3,2],\"base64\":\"AAA=\",\"encoding\":\"u8\""), FEATURE("\"times\":[3,2],\"base64\":\"AAA=\",\"encoding\":\"u8\""), "[]", 1},
	{DROP, FEATURE("\"times\":[3,2],\"hop\":1,\"values\":[1,2]"), FEATURE("\"hop\":1,\"values\":[1,2]"), "[" DROPPED("features.f.times", "[3,2]") "]", 0},
	{DROP, FEATURE("\"times\":[1,2],\"startTime\":1,\"values\":[1,2]"), FEATURE("\"times\":[1,2],\"values\":[1,2]"), "[" DROPPED("features.f.startTime", "1") "]", 0},
	{DROP, FEATURE("\"times\":[1],\"values\":[1,2]"), "{" TOP ",\"features\":{}}", "[" DROPPED("features.f", "{\"times\":[1],\"values\":[1,2]}") "]", 0},

	/* what can be put right without a loss can be used: it does not go */
	{DROP | NULLIFY, FEATURE("\"times\":[3,2],\"values\":[1,\"2\"]"), FEATURE("\"times\":[3,2],\"values\":[1,\"2\"]"), "[]", 2},
	{DROP | NULLIFY, "{" TOP ",\"events\":\"[]\",\"markers\":{}}", "{" TOP ",\"events\":\"[]\",\"markers\":{}}", "[]", 2},

	/* where the timeline begins */
	{CLAMP, "{" TOP ",\"startTime\":-1,\"events\":[{\"timestamp\":-7,\"type\":\"a\"}],\"features\":{\"f\":{\"hop\":1,\"startTime\":-2,\"values\":[1]}}}",
		"{" TOP ",\"startTime\":-1,\"events\":[{\"timestamp\":-1,\"type\":\"a\"}],\"features\":{\"f\":{\"hop\":1,\"startTime\":-1,\"values\":[1]}}}",
	"[" CHANGE("events[0].timestamp", "clamp", "-7", "-1") "," CHANGE("features.f.startTime", "clamp", "-2", "-1") "]", 0},
	{CLAMP, FEATURE("\"times\":[-2,-1e0,-1e-9,3],\"values\":[1,2,3,4]"), FEATURE("\"times\":[0,0,0,3],\"values\":[1,2,3,4]"),
	"[" CHANGE("features.f.times[0]", "clamp", "-2", "0") "," CHANGE("features.f.times[1]", "clamp", "-1e0", "0") "," CHANGE("features.f.times[2]", "clamp", "-1e-9", "0") "]", 0},
	{NULLIFY | DROP, FEATURE("\"times\":[-2],\"values\":[1]"), "{" TOP ",\"features\":{}}", "[" DROPPED("features.f", "{\"times\":[-2],\"values\":[1]}") "]", 0},
	{CLAMP, "{" TOP ",\"startTime\":3}", "{" TOP ",\"startTime\":0}", "[" CHANGE("startTime", "clamp", "3", "0") "]", 0},

	/* what cannot be used goes; paths are those of the document as given */
	{DROP, "{" TOP ",\"events\":[1,{\"type\":\"a\"},{\"timestamp\":1,\"type\":\"\"},{\"timestamp\":1,\"type\":\"b\",\"data\":5},{\"timestamp\":9,\"type\":\"c\"}],\"markers\":[],\"metadata\":7,\"features\":{\"a b\":1}}",
		"{" TOP ",\"events\":[{\"timestamp\":1,\"type\":\"b\"}],\"markers\":[],\"features\":{}}",
		"[" DROPPED("events[0]", "1") "," DROPPED("events[1]", "{\"type\":\"a\"}") "," DROPPED("events[2]", "{\"timestamp\":1,\"type\":\"\"}") ","
	DROPPED("events[3].data", "5") "," DROPPED("events[4]", "{\"timestamp\":9,\"type\":\"c\"}") "," DROPPED("metadata", "7") "," DROPPED("features[\\\"a b\\\"]", "1") "]", 0},
	{CLAMP | DROP, "{" TOP ",\"events\":[1,{\"timestamp\":9,\"type\":\"c\"}]}", "{" TOP ",\"events\":[{\"timestamp\":5,\"type\":\"c\"}]}",
	"[" CHANGE("events[1].timestamp", "clamp", "9", "5") "," DROPPED("events[0]", "1") "]", 0},
	{DROP, "{\"duration\":5,\"events\":7}", "{\"duration\":5}", "[" DROPPED("events", "7") "]", 1},

	/* what nobody but the user can know */
	{ALL, "{\"duration\":null,\"sampleRate\":0}", "{\"duration\":null,\"sampleRate\":0}", "[]", 2},
	{ALL, "{}", "{}", "[]", 2},
	{ALL, "null", "null", "[]", 1},
	/* nothing is wrong, so nothing is done */
	{ALL, EVENT(",\"data\":{\"a\":\"[1]\"},\"x\":\"5\",\"confidence\":1"), EVENT(",\"data\":{\"a\":\"[1]\"},\"x\":\"5\",\"confidence\":1"), "[]", 0},
};

static void
test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		Mending		mending;

		unit_context("%.400s", cases[i].json);
		begin_mending(&mending, cases[i].json, strlen(cases[i].json), cases[i].repairs);
		CHECK_STRING(mending.document.bytes, mending.document.size, cases[i].document);
		CHECK_STRING(mending.changes.bytes, mending.changes.size, cases[i].changes);
		CHECK_INT(mending.errors, cases[i].errors);
		end_mending(&mending);
	}
}


/*
 * Documents that are broken at random
 */

/* A sink that breaks some of the values that pass. */
typedef struct Breaker
{
	const AtlSink *to;
	UnitHost   *host;
	uint32_t	odds;			/* one value in so many is broken */
	uint32_t	skip;			/* open containers of a value that is replaced */
} Breaker;

/* Push random JSON in place of a value. */
static AtlStatus
push_broken(Breaker *breaker)
{
	static const char *const values[] = {
		"null", "true", "-1", "5", "93", "1500", "1e6", "1e999", "-1e999", "0", "\"\"", "\"nan\"", "\"5\"", "\" 1.50 \"", "\"[1,2]\"",
		"\"{\\\"0\\\":1}\"", "\"\\\"7\\\"\"", "[]", "[1]", "[[1,2],[3]]", "[\"5\",1e999]", "{}", "{\"0\":1,\"1\":2}", "[3,1,2]", "{\"0\":[1],\"1\":[2,3]}", "{\"1\":1}",
		"{\"timestamp\":9e9,\"type\":\"a\",\"duration\":-1,\"confidence\":50}", "\"{\\\"timestamp\\\":1,\\\"type\\\":\\\"a\\\"}\"",
		"{\"hop\":0,\"frameRate\":60,\"values\":[1,\"x\"]}", "{\"hop\":1,\"base64\":\"AA\",\"encoding\":\"u8\"}", "\"AACA/w==\"",
	};
	const char *value = values[unit_random_below(sizeof(values) / sizeof(values[0]))];
	AtlText		text = {value, (uint32_t) strlen(value)};

	return atl_json_read(breaker->to, &breaker->host->host, text);
}

static bool
opens(AtlTokenKind kind)
{
	return kind == ATL_OBJECT_START || kind == ATL_ARRAY_START;
}

static bool
closes(AtlTokenKind kind)
{
	return kind == ATL_OBJECT_END || kind == ATL_ARRAY_END;
}

static AtlStatus
push_breaking(void *context, const AtlToken *token)
{
	Breaker    *breaker = context;

	if (breaker->skip > 0)
	{
		breaker->skip += opens(token->kind);
		breaker->skip -= closes(token->kind);
		return ATL_OK;
	}
	if (token->kind == ATL_KEY || closes(token->kind) || unit_random_below(breaker->odds) != 0)
		return atl_push(breaker->to, *token);
	breaker->skip = opens(token->kind);
	return push_broken(breaker);
}

/* Encode a document again, as a string. */
static void
wrap(AtlBuffer *document)
{
	AtlBuffer	wrapped;
	AtlJsonWriter writer;
	AtlSink		sink;

	atl_buffer_init(&wrapped, document->host);
	sink = atl_json_writer(&writer, &wrapped);
	CHECK_INT(atl_push_text(&sink, ATL_STRING, buffer_text(document)), ATL_OK);
	atl_buffer_free(document);
	*document = wrapped;
}

static void
random_broken(UnitHost *host, AtlBuffer *document)
{
	AtlBuffer	whole;
	AtlJsonWriter writer;
	AtlSink		to = atl_json_writer(&writer, document);
	Breaker		breaker = {.to = &to, .host = host, .odds = 2 + unit_random_below(60)};
	const AtlSink sink = {&breaker, push_breaking, NULL, atl_as_text};

	atl_buffer_init(&whole, &host->host);
	unit_random_document(&whole);
	CHECK_INT(atl_json_read(&sink, &host->host, buffer_text(&whole)), ATL_OK);
	atl_buffer_free(&whole);
	if (unit_random_below(8) == 0)
		wrap(document);
}

/* Whether the type accepts a document. */
static bool
is_accepted(const AtlBuffer *document)
{
	UnitHost	host;
	UnitImage	image;
	AtlStatus	status;

	unit_host_init(&host);
	status = unit_image_from_text(&host, (const char *) document->bytes, document->size, &image, NULL);
	unit_image_free(&image);
	return status == ATL_OK;
}

static bool
buffers_equal(const AtlBuffer *a, const AtlBuffer *b)
{
	return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

static bool
is_json(UnitHost *host, const AtlBuffer *json)
{
	AtlBuffer	copy;
	AtlJsonWriter writer;
	AtlSink		sink;
	AtlStatus	status;

	atl_buffer_init(&copy, &host->host);
	sink = atl_json_writer(&writer, &copy);
	sink.form = atl_as_text;
	status = atl_json_read(&sink, &host->host, buffer_text(json));
	CHECK(buffers_equal(&copy, json));
	atl_buffer_free(&copy);
	return status == ATL_OK;
}

/*
 * Mend a document: it is accepted if and only if no error is left, mending it
 * again changes nothing, and without changes it is the document as given.
 */
static void
check_mended(const AtlBuffer *document, uint32_t repairs)
{
	Mending		first;
	Mending		second;

	begin_mending(&first, (const char *) document->bytes, document->size, repairs);
	CHECK_INT(is_accepted(&first.document), first.errors == 0);
	CHECK_INT(first.rounds == 0, buffers_equal(&first.document, document));
	CHECK_INT(first.rounds == 0, first.changes.size == 2);
	CHECK(is_json(&first.host, &first.changes));
	begin_mending(&second, (const char *) first.document.bytes, first.document.size, repairs);
	CHECK_INT(second.rounds, 0);
	CHECK_INT(second.errors, first.errors);
	CHECK(buffers_equal(&second.document, &first.document));
	end_mending(&second);
	end_mending(&first);
}

static void
test_random(void)
{
	UnitHost	host;

	unit_host_init(&host);
	for (int i = 0; i < 1500; i++)
	{
		AtlBuffer	document;

		atl_buffer_init(&document, &host.host);
		random_broken(&host, &document);
		unit_context("%d: %.*s", i, (int) (document.size < 600 ? document.size : 600), (const char *) document.bytes);
		check_mended(&document, 0);
		check_mended(&document, ALL);
		check_mended(&document, unit_random_below(ALL + 1));
		atl_buffer_free(&document);
	}
	CHECK_INT(host.blocks, 0);
}

/*
 * The repair that is told of an error changes something.  Repairs that are
 * told of none change nothing.
 */
static void
test_told(void)
{
	UnitHost	host;

	unit_host_init(&host);
	for (int i = 0; i < 1000; i++)
	{
		AtlBuffer	document;
		AtlBuilder *builder;
		AtlStatus	status;
		uint32_t	told = 0;
		uint32_t	size;

		atl_buffer_init(&document, &host.host);
		random_broken(&host, &document);
		unit_context("%d: %.*s", i, (int) (document.size < 600 ? document.size : 600), (const char *) document.bytes);
		builder = unit_builder_from_text(&host, (const char *) document.bytes, document.size, true, &status);
		atl_build_finish(builder, &size);
		for (size_t k = 0; k < atl_build_num_problems(builder); k++)
		{
			AtlProblem	problem;

			atl_build_problem(builder, k, &problem);
			if (problem.repair != ATL_REPAIRS)
				told |= ATL_REPAIR_BIT(problem.repair);
			CHECK(problem.code < ATL_FIRST_WARNING || problem.repair == ATL_REPAIRS);
		}
		atl_build_free(builder);
		for (AtlRepair repair = 0; repair < ATL_REPAIRS; repair++)
		{
			Mending		mending;

			if ((told & ATL_REPAIR_BIT(repair)) == 0)
				continue;
			begin_mending(&mending, (const char *) document.bytes, document.size, ATL_REPAIR_BIT(repair));
			CHECK(mending.rounds > 0);
			end_mending(&mending);
		}
		atl_buffer_free(&document);
	}
	CHECK_INT(host.blocks, 0);
}

/* One round, in which memory may fail anywhere. */
static AtlStatus
try_round(UnitHost *host, AtlText json, AtlRepairer *repairer, AtlBuilder *builder, AtlBuffer *out)
{
	AtlJsonWriter writer;
	AtlSink		sink = atl_json_writer(&writer, out);
	uint32_t	size;
	size_t		edits;
	AtlStatus	status;

	atl_build_keep_all(builder);
	ATL_TRY(atl_json_read(atl_build_sink(builder), &host->host, json));
	status = atl_build_finish(builder, &size);
	if (status != ATL_INVALID)
		return status;
	ATL_TRY(atl_repair_plan(repairer, builder, &edits));
	CHECK(edits > 0);
	ATL_TRY(atl_json_read(atl_repair_sink(repairer, &sink), &host->host, json));
	return atl_repair_changes(repairer, out);
}

/* Whatever call for memory fails, the status says so, and all is free again. */
static void
test_memory(void)
{
	static const char *const documents[] = {
		EVENT(",\"data\":\"{\\\"a\\\":[1]}\""),
		"{\"duration\":1,\"sampleRate\":1,\"events\":[{\"timestamp\":900,\"type\":\"a\"},{\"timestamp\":800,\"type\":\"a\",\"confidence\":-1}],\"features\":{\"f\":{\"hop\":1,\"values\":[\"nan\",{}]}}}",
		EVENT("},[1,2],{\"x\":1"),
	};

	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
	{
		AtlText		json = {documents[i], (uint32_t) strlen(documents[i])};
		AtlStatus	status = ATL_NO_MEMORY;

		for (size_t fail_at = 1; status == ATL_NO_MEMORY && fail_at < 1000; fail_at++)
		{
			UnitHost	host;
			AtlRepairer *repairer;
			AtlBuilder *builder;
			AtlBuffer	out;

			unit_context("call %zu of %s", fail_at, documents[i]);
			unit_host_init(&host);
			repairer = atl_repair_begin(&host.host, ALL);
			builder = atl_build_begin(&host.host, true);
			atl_buffer_init(&out, &host.host);
			host.calls = 0;
			host.fail_at = fail_at;
			status = try_round(&host, json, repairer, builder, &out);
			atl_buffer_free(&out);
			atl_build_free(builder);
			atl_repair_free(repairer);
			CHECK_INT(host.blocks, 0);
		}
		CHECK_INT(status, ATL_OK);
	}
}

/* Of very many changes the last element says how many more there are. */
static void
test_many(void)
{
	UnitHost	host;
	AtlBuffer	document;
	Mending		mending;

	unit_host_init(&host);
	atl_buffer_init(&document, &host.host);
	unit_append(&document, "{" TOP ",\"features\":{\"f\":{\"hop\":1,\"values\":[");
	for (int i = 0; i < 10007; i++)
		unit_append(&document, "%s\"x\"", i == 0 ? "" : ",");
	unit_append(&document, "]}}}");
	begin_mending(&mending, (const char *) document.bytes, document.size, NULLIFY);
	CHECK_INT(mending.errors, 0);
	CHECK_STRING(mending.changes.bytes + mending.changes.size - 13, 13, "},{\"more\":7}]");
	CHECK(is_json(&mending.host, &mending.changes));
	end_mending(&mending);
	atl_buffer_free(&document);
}

/* An old value that is long is not listed. */
static void
test_long(void)
{
	UnitHost	host;
	AtlBuffer	document;
	Mending		mending;

	unit_host_init(&host);
	atl_buffer_init(&document, &host.host);
	unit_append(&document, "{" TOP ",\"events\":[[");
	for (int i = 0; i < 40000; i++)
		unit_append(&document, "%s1", i == 0 ? "" : ",");
	unit_append(&document, "]],\"markers\":[[1]]}");
	begin_mending(&mending, (const char *) document.bytes, document.size, DROP);
	CHECK_STRING(mending.document.bytes, mending.document.size, "{" TOP ",\"events\":[],\"markers\":[]}");
	CHECK_STRING(mending.changes.bytes, mending.changes.size, "[{\"path\":\"events[0]\",\"repair\":\"drop\"}," DROPPED("markers[0]", "[1]") "]");
	end_mending(&mending);
	atl_buffer_free(&document);
}

const UnitTest unit_repair_tests[] = {
	{"repair: documents and what they become", test_cases},
	{"repair: what is left, whatever was broken", test_random},
	{"repair: the repairs that are told of", test_told},
	{"repair: memory that fails", test_memory},
	{"repair: very many changes", test_many},
	{"repair: long values", test_long},
	UNIT_END
};
