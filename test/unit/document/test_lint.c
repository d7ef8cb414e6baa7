/*
 * test_lint.c
 *		Warnings: reported when problems are gathered, never a refusal.
 */
#include <stdio.h>
#include <string.h>

#include "core/document/alias.h"
#include "support.h"
#include "tests.h"

typedef struct Warning
{
	AtlProblemCode code;		/* of the one warning; ATL_PROBLEM_NONE: none
								 * at all */
	const char *path;
	const char *json;
} Warning;

#define TOP			"{\"duration\":1,\"sampleRate\":10"
#define FEATURE(f)	TOP ",\"features\":{\"f\":{\"hop\":1,\"unit\":\"u\"," f "}}}"
#define EVENTS(e)	TOP ",\"events\":[" e "]}"

static const Warning warnings[] = {
	{ATL_PROBLEM_NONE, "", TOP "}"},
	{ATL_PROBLEM_NONE, "", FEATURE("\"values\":[1,2,3,4,5,6,7,8,9,10]")},
	{ATL_PROBLEM_NONE, "", TOP ",\"markers\":[{\"timestamp\":0,\"type\":\"beat\"},{\"timestamp\":0,\"type\":\"bar\"},{\"timestamp\":0,\"type\":\"section\"},"
	"{\"timestamp\":0,\"type\":\"key_change\"},{\"timestamp\":0,\"type\":\"tempo_change\"}]}"},
	{ATL_WARN_MARKER_TYPE, "markers[1].type", TOP ",\"markers\":[{\"timestamp\":1,\"type\":\"beat\"},{\"timestamp\":0,\"type\":\"beats\"}]}"},
	{ATL_WARN_ZERO, "features.f", FEATURE("\"values\":[0,0,0,0,0,0,0,0,0,0]")},
	{ATL_WARN_CONSTANT, "features.f", FEATURE("\"values\":[3,3,3,3,3,3,3,3,3,null]")},
	{ATL_WARN_MISSING, "features.f", FEATURE("\"values\":[1,2,3,4,null,null,null,null,null,null]")},
	{ATL_PROBLEM_NONE, "", FEATURE("\"values\":[1,2,3,4,5,null,null,null,null,null]")},
	{ATL_WARN_LENGTH, "features.f", TOP ",\"features\":{\"f\":{\"hop\":10,\"unit\":\"u\",\"values\":[1,2,3,4]}}}"},
	{ATL_WARN_LENGTH, "features.f", "{\"duration\":100,\"sampleRate\":10,\"features\":{\"f\":{\"frameRate\":0.1,\"unit\":\"u\",\"values\":[1,2,3,4,5,6,7,8,9]}}}"},
	{ATL_WARN_PEAKS, "features.f", FEATURE("\"kind\":\"peaks\",\"values\":[1,2,3,4,5,6,7,8,9,10]")},
	{ATL_WARN_PEAKS, "features.f", FEATURE("\"kind\":\"peaks\",\"dims\":3,\"values\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30]")},
	{ATL_PROBLEM_NONE, "", FEATURE("\"kind\":\"peaks\",\"dims\":2,\"values\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]")},
	{ATL_PROBLEM_NONE, "", FEATURE("\"kind\":\"peak\",\"values\":[1,2,3,4,5,6,7,8,9,10]")},
	{ATL_WARN_UNIT, "features.f.unit", TOP ",\"features\":{\"f\":{\"hop\":1,\"values\":[1,2,3,4,5,6,7,8,9,10]}}}"},
	{ATL_WARN_RANGE, "features.f.values", FEATURE("\"range\":[0,8],\"values\":[1,2,3,4,5,6,7,8,9,10]")},
	{ATL_WARN_RANGE, "features.f.values", FEATURE("\"encoding\":\"u8\",\"range\":[0,9],\"values\":[1,2,3,4,5,6,7,8,9,10]")},
	{ATL_PROBLEM_NONE, "", FEATURE("\"encoding\":\"u8\",\"range\":[1,10],\"values\":[1,2,3,4,5,6,7,8,9,10]")},
	{ATL_WARN_DUPLICATE, "events[2]", EVENTS("{\"timestamp\":1,\"type\":\"a\",\"x\":1},{\"timestamp\":0,\"type\":\"a\"},{\"timestamp\":1,\"x\":1e0,\"type\":\"a\"}")},
	{ATL_PROBLEM_NONE, "", EVENTS("{\"timestamp\":1,\"type\":\"a\"},{\"timestamp\":1,\"type\":\"b\"},{\"timestamp\":1,\"type\":\"a\",\"duration\":0},"
								  "{\"timestamp\":1,\"type\":\"a\",\"confidence\":0},{\"timestamp\":1,\"type\":\"a\",\"data\":{}},{\"timestamp\":1,\"type\":\"a\",\"x\":0},{\"timestamp\":0.5,\"type\":\"a\"}")},
	{ATL_WARN_DUPLICATE, "events[2]", EVENTS("{\"timestamp\":1,\"type\":\"a\"},{\"timestamp\":1,\"type\":\"b\"},{\"timestamp\":1,\"type\":\"a\"}")},

	/*
	 * members that most likely mean another: by case, by a letter, by another
	 * name
	 */
	{ATL_WARN_UNUSED, "Events", TOP ",\"Events\":[]}"},
	{ATL_WARN_UNUSED, "event", TOP ",\"event\":[]}"},
	{ATL_WARN_UNUSED, "fetaures", TOP ",\"fetaures\":{}}"},
	{ATL_WARN_UNUSED, "annotations", TOP ",\"annotations\":[]}"},
	{ATL_WARN_UNUSED, "words", TOP ",\"words\":[]}"},
	{ATL_PROBLEM_NONE, "", TOP ",\"beats\":12,\"events\":[],\"notes\":[]}"},
	{ATL_WARN_UNUSED, "events[1].score", EVENTS("{\"timestamp\":0,\"type\":\"a\",\"confidence\":1,\"score\":1},{\"timestamp\":0,\"type\":\"a\",\"score\":1},{\"timestamp\":0,\"type\":\"b\",\"score\":1}")},
	{ATL_WARN_UNUSED, "events[0].end_time", EVENTS("{\"timestamp\":0,\"type\":\"a\",\"end_time\":1}")},
	{ATL_PROBLEM_NONE, "", EVENTS("{\"timestamp\":0,\"type\":\"a\",\"duration\":1,\"end\":1,\"time\":0,\"date\":{},\"label\":\"x\"}")},
	{ATL_WARN_UNUSED, "markers[0].label", TOP ",\"markers\":[{\"timestamp\":1,\"type\":\"beat\",\"label\":\"A\"}]}"},
	{ATL_WARN_UNUSED, "markers[0].duration", TOP ",\"markers\":[{\"timestamp\":1,\"type\":\"beat\",\"duration\":1}]}"},
	{ATL_WARN_UNUSED, "features.f.start_time", FEATURE("\"start_time\":0.5,\"values\":[1,2,3,4,5,6,7,8,9,10]")},
	{ATL_WARN_UNUSED, "features.f.offset", FEATURE("\"offset\":0.5,\"values\":[1,2,3,4,5,6,7,8,9,10]")},
	{ATL_WARN_UNUSED, "features.f.fps", FEATURE("\"fps\":60,\"values\":[1,2,3,4,5,6,7,8,9,10]")},
	{ATL_PROBLEM_NONE, "", FEATURE("\"fps\":10,\"hop_length\":1,\"hop_ms\":100,\"sr\":10,\"channels\":1,\"values\":[1,2,3,4,5,6,7,8,9,10]")},
	{ATL_WARN_UNUSED, "features.f.hop_ms", FEATURE("\"hop_ms\":10,\"values\":[1,2,3,4,5,6,7,8,9,10]")},
	{ATL_WARN_UNUSED, "features.f.sr", FEATURE("\"sr\":20,\"values\":[1,2,3,4,5,6,7,8,9,10]")},
	{ATL_WARN_UNUSED, "features.f.channels", FEATURE("\"channels\":2,\"values\":[1,2,3,4,5,6,7,8,9,10]")},
	{ATL_WARN_UNUSED, "features.f.min", FEATURE("\"min\":0.5,\"encoding\":\"u8\",\"values\":[1,2,3,4,5,6,7,8,9,10]")},
	/* the sample rate may come last */
	{ATL_WARN_UNUSED, "features.f.sr", "{\"duration\":1,\"features\":{\"f\":{\"hop\":1,\"sr\":20,\"unit\":\"u\",\"values\":[1,2,3,4,5,6,7,8,9,10]}},\"sampleRate\":10}"},

	/* keys given twice */
	{ATL_WARN_REPEATED, "duration", "{\"duration\":5,\"duration\":1,\"sampleRate\":10}"},
	{ATL_WARN_REPEATED, "events", TOP ",\"events\":[{\"timestamp\":1,\"type\":\"a\"}],\"events\":null}"},
	{ATL_WARN_REPEATED, "events[0].type", EVENTS("{\"timestamp\":1,\"type\":\"a\",\"type\":\"b\"},{\"timestamp\":1,\"type\":\"c\",\"x\":1,\"x\":2}")},
	{ATL_WARN_REPEATED, "events[0]", EVENTS("{\"timestamp\":1,\"type\":\"a\",\"x\":1,\"x\":2}")},
	{ATL_WARN_REPEATED, "events[0].data", EVENTS("{\"timestamp\":1,\"type\":\"a\",\"data\":{\"a\":[{\"b\":1,\"b\":2}]}}")},
	{ATL_WARN_REPEATED, "", TOP ",\"x\":1,\"x\":2}"},
	{ATL_WARN_REPEATED, "metadata", TOP ",\"metadata\":{\"a\":1,\"a\":1}}"},
	{ATL_WARN_REPEATED, "features.f", TOP ",\"features\":{\"f\":{\"hop\":10,\"unit\":\"u\",\"values\":[2]},\"g\":{\"hop\":10,\"unit\":\"u\",\"values\":[2]},\"f\":{\"hop\":10,\"unit\":\"u\",\"values\":[3]}}}"},
	{ATL_WARN_REPEATED, "features.f.unit", FEATURE("\"unit\":\"v\",\"values\":[1,2,3,4,5,6,7,8,9,10]")},

	/* what is allowed, and most likely wrong; and what is like it, and right */
	{ATL_WARN_SAMPLE_RATE, "sampleRate", "{\"duration\":1,\"sampleRate\":44}"},
	{ATL_PROBLEM_NONE, "", "{\"duration\":1,\"sampleRate\":100}"},
	{ATL_WARN_LONG_EVENT, "events[1].duration", "{\"duration\":214,\"sampleRate\":44100,\"events\":[{\"timestamp\":0,\"type\":\"a\",\"duration\":214},{\"timestamp\":1,\"type\":\"a\",\"duration\":480},{\"timestamp\":2,\"type\":\"a\",\"duration\":240}]}"},
	{ATL_WARN_MILLISECONDS, "duration", "{\"duration\":214000,\"sampleRate\":44100,\"events\":[{\"timestamp\":1234,\"type\":\"a\"},{\"timestamp\":211000,\"type\":\"a\"}]}"},
	{ATL_WARN_MILLISECONDS, "duration", "{\"duration\":214000,\"sampleRate\":44100,\"events\":[{\"timestamp\":1.234,\"type\":\"a\"},{\"timestamp\":211.1,\"type\":\"a\"}]}"},

	/*
	 * a mix of ten hours, with cues at whole seconds; a day of birds, and of
	 * nothing but its first minute
	 */
	{ATL_PROBLEM_NONE, "", "{\"duration\":36000,\"sampleRate\":44100,\"events\":[{\"timestamp\":312,\"type\":\"a\"},{\"timestamp\":35000,\"type\":\"a\"}]}"},
	{ATL_PROBLEM_NONE, "", "{\"duration\":86400,\"sampleRate\":44100,\"events\":[{\"timestamp\":312,\"type\":\"a\"},{\"timestamp\":85000,\"type\":\"a\"}]}"},
	{ATL_PROBLEM_NONE, "", "{\"duration\":90001.5,\"sampleRate\":44100,\"events\":[{\"timestamp\":3.5,\"type\":\"a\"},{\"timestamp\":7,\"type\":\"a\"}]}"},
	{ATL_PROBLEM_NONE, "", "{\"duration\":90000,\"sampleRate\":44100,\"events\":[{\"timestamp\":1,\"type\":\"a\"},{\"timestamp\":80,\"type\":\"a\"}],\"features\":{\"f\":{\"frameRate\":0.0001,\"unit\":\"u\",\"values\":[1,2,3,4,5,6,7,8,9]}}}"},
	{ATL_WARN_LENGTH, "features.f", "{\"duration\":1000,\"sampleRate\":44100,\"features\":{\"f\":{\"frameRate\":1,\"unit\":\"u\",\"values\":[[1,2]]}}}"},
	{ATL_WARN_TRANSPOSED, "features.f.values", "{\"duration\":20,\"sampleRate\":10,\"features\":{\"f\":{\"hop\":10,\"unit\":\"u\",\"values\":[[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0],[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0]]}}}"},
	{ATL_PROBLEM_NONE, "", "{\"duration\":2,\"sampleRate\":10,\"features\":{\"f\":{\"hop\":10,\"unit\":\"u\",\"values\":[[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0],[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0]]}}}"},
	{ATL_WARN_FRAME_RATE, "features.f.frameRate", "{\"duration\":1,\"sampleRate\":44100,\"features\":{\"f\":{\"frameRate\":2048,\"unit\":\"u\",\"values\":[1,2,3,4,5]}}}"},
	{ATL_PROBLEM_NONE, "", "{\"duration\":0.02,\"sampleRate\":44100,\"features\":{\"f\":{\"frameRate\":256,\"unit\":\"u\",\"values\":[1,2,3,4,5]}}}"},
	{ATL_WARN_LATE_START, "features.f.startTime", "{\"duration\":1,\"sampleRate\":44100,\"features\":{\"f\":{\"frameRate\":100,\"startTime\":1.5,\"unit\":\"u\",\"values\":[1,2]}}}"},
};

#define NUM_WARNINGS	(sizeof(warnings) / sizeof(warnings[0]))

static void
check_warning(const Warning *warning)
{
	UnitHost	host;
	AtlStatus	status;
	AtlBuilder *builder;
	AtlProblem	problem = {.code = ATL_PROBLEM_NONE};
	uint32_t	size;

	unit_host_init(&host);
	unit_context("%.400s", warning->json);
	builder = unit_builder_from_text(&host, warning->json, strlen(warning->json), true, &status);
	CHECK_INT(status, ATL_OK);
	CHECK_INT(atl_build_finish(builder, &size), ATL_OK);
	CHECK_INT(atl_build_num_problems(builder), 0);
	CHECK_INT(atl_build_lint(builder), ATL_OK);
	CHECK_INT(atl_build_num_problems(builder), warning->code == ATL_PROBLEM_NONE ? 0 : 1);
	if (atl_build_num_problems(builder) > 0)
		atl_build_problem(builder, 0, &problem);
	CHECK_INT(problem.code, warning->code);
	CHECK_STRING(problem.path, strlen(problem.path), warning->path);
	atl_build_free(builder);
	CHECK_INT(host.blocks, 0);
}

static void
test_warnings(void)
{
	for (size_t i = 0; i < NUM_WARNINGS; i++)
		check_warning(&warnings[i]);
}

static void
test_all_warnings(void)
{
	for (int code = ATL_FIRST_WARNING; code < ATL_WARN_MORE; code++)
	{
		bool		tried = false;

		unit_context("%s", atl_problem_name((AtlProblemCode) code));
		for (size_t i = 0; i < NUM_WARNINGS && !tried; i++)
			tried = warnings[i].code == (AtlProblemCode) code;
		CHECK(tried);
	}
}

/* Aliases are found by bisection, so they are sorted; and are spelt as compared. */
static void
test_aliases(void)
{
	static const AtlState places[] = {ATL_AT_TOP, ATL_AT_EVENT, ATL_AT_MARKER, ATL_AT_FEATURE};

	for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++)
	{
		AtlAliases	aliases = atl_aliases_at(places[p]);

		CHECK(aliases.num > 20);
		for (size_t i = 0; i < aliases.num; i++)
		{
			const AtlAlias *alias = &aliases.aliases[i];
			AtlText		key = {alias->spelling, (uint32_t) strlen(alias->spelling)};
			char		spelling[ATL_SPELLING_SIZE];

			unit_context("%s", alias->spelling);
			atl_spell(key, spelling);
			CHECK_STRING(spelling, strlen(spelling), alias->spelling);
			CHECK(i == 0 || strcmp(alias[-1].spelling, alias->spelling) <= 0);
			CHECK(atl_known_by_name(places[p], key) == NULL);
			CHECK(alias->meant == ATL_M_UNKNOWN ? alias->more != NULL : atl_known_member(places[p], alias->meant) != NULL);
		}
	}
}

/* What is warned about is accepted. */
static void
test_no_refusal(void)
{
	for (size_t i = 0; i < NUM_WARNINGS; i++)
	{
		UnitTimeline timeline;

		unit_context("%.400s", warnings[i].json);
		if (CHECK(unit_open(&timeline, warnings[i].json, strlen(warnings[i].json))))
			unit_close(&timeline);
	}
}

/* Of a million problems some thousands are kept, the others counted; what is kept is whole. */
static void
test_many_problems(void)
{
	const uint32_t num = 1000000;
	UnitHost	host;
	AtlBuilder *builder;
	AtlProblem	problem;
	AtlBuffer	json;
	AtlStatus	status;
	uint32_t	size;
	size_t		kept;
	char		expected[64];

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	unit_append(&json, "{\"duration\":1,\"sampleRate\":1,\"events\":[0");
	for (uint32_t i = 1; i < num; i++)
		unit_append(&json, ",0");
	unit_append(&json, "]}");
	builder = unit_builder_from_text(&host, (const char *) json.bytes, json.size, true, &status);
	CHECK_INT(atl_build_finish(builder, &size), ATL_INVALID);
	kept = atl_build_num_problems(builder) - 1;
	CHECK(kept > 1000 && kept < 10000);
	atl_build_problem(builder, kept - 1, &problem);
	snprintf(expected, sizeof(expected), "events[%zu] is a number, must be an object.", kept - 1);
	CHECK_STRING(problem.message, strlen(problem.message), expected);
	snprintf(expected, sizeof(expected), "events[%zu]", kept - 1);
	CHECK_STRING(problem.path, strlen(problem.path), expected);
	atl_build_problem(builder, kept, &problem);
	CHECK_INT(problem.code, ATL_WARN_MORE);
	snprintf(expected, sizeof(expected), "%zu more problems are not listed.", num - kept);
	CHECK_STRING(problem.message, strlen(problem.message), expected);
	atl_build_free(builder);
	atl_buffer_free(&json);
	CHECK_INT(host.blocks, 0);
}

const UnitTest unit_lint_tests[] = {
	{"lint: aliases are sorted", test_aliases},
	{"lint: each warning, and when there is none", test_warnings},
	{"lint: every warning is tried", test_all_warnings},
	{"lint: what is warned about is accepted", test_no_refusal},
	{"lint: more problems than are listed", test_many_problems},
	UNIT_END
};
