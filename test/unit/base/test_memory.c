/*
 * test_memory.c
 *		Memory that runs out: every allocation failing in turn.
 */
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "tests.h"

/* One job of the core; it must pass on a failed allocation. */
typedef AtlStatus (*Job) (UnitHost *host, const char *json, size_t size);

static AtlStatus
build(UnitHost *host, const char *json, size_t size)
{
	UnitImage	image;
	AtlStatus	status = unit_image_from_text(host, json, size, &image, NULL);

	unit_image_free(&image);
	return status;
}

/* Open, print and validate what an unlimited host has built. */
static AtlStatus
validate(UnitHost *host, const char *json, size_t size)
{
	UnitHost	other;
	UnitImage	image;
	AtlView		view;
	AtlProblem	problem;
	AtlStatus	status;

	unit_host_init(&other);
	if (unit_image_from_text(&other, json, size, &image, NULL) != ATL_OK)
		return ATL_DAMAGED;
	status = atl_view_open(&view, atl_memory_source(image.bytes, image.size));
	if (status == ATL_OK)
		status = atl_validate(&view, image.bytes, &host->host, &problem, &(uint32_t) {0});
	unit_image_free(&image);
	return status;
}

static AtlStatus
collect(UnitHost *host, const char *json, size_t size)
{
	AtlStatus	status;
	AtlBuilder *builder = unit_builder_from_text(host, json, size, true, &status);
	uint32_t	image_size;

	if (builder == NULL)
		return status;
	if (status == ATL_OK)
		status = atl_build_finish(builder, &image_size);
	if (status == ATL_OK || status == ATL_INVALID)
		status = atl_build_lint(builder);
	atl_build_free(builder);
	return status;
}

/* Let call 1, 2, ... fail until the job needs no more calls than that. */
static void
fail_in_turn(Job job, const char *json, size_t size)
{
	UnitHost	host;
	AtlStatus	status;
	size_t		k = 0;

	do
	{
		unit_host_init(&host);
		host.fail_at = ++k;
		status = job(&host, json, size);
		if (host.calls >= k)
			CHECK_INT(status, ATL_NO_MEMORY);
		CHECK_INT(host.blocks, 0);
	} while (host.calls >= k);
	CHECK_INT(status, ATL_OK);
	CHECK(k > 1);
}

static void
fail_over_documents(Job job)
{
	const char *document;

	for (size_t i = 0; (document = unit_golden_document(i)) != NULL; i++)
	{
		size_t		size;
		char	   *json = unit_file_read(document, &size);

		unit_context("%s", document);
		if (CHECK(json != NULL))
			fail_in_turn(job, json, size);
		free(json);
	}
}

static void
test_build(void)
{
	fail_over_documents(build);
}

static void
test_validate(void)
{
	fail_over_documents(validate);
}

static void
test_collect(void)
{
	static const char bad[] =
		"{\"duration\":-1,\"sampleRate\":0,\"events\":[{\"type\":\"\",\"timestamp\":1e999},7,"
		"{\"timestamp\":0,\"type\":\"a\"},{\"timestamp\":0,\"type\":\"a\"}],"
		"\"markers\":[{\"timestamp\":0,\"type\":\"x\"}],"
		"\"features\":{\"a\":{\"hop\":1,\"values\":[0,0,0]},\"b\":{\"hop\":0,\"values\":[[1],[2,3]]}}}";

	fail_over_documents(collect);
	unit_context("bad");
	fail_in_turn(collect, bad, strlen(bad));
}

/* The message that there is no room must not need room it does not get. */
static void
test_too_large(void)
{
	UnitHost	host;
	AtlBuffer	json;
	UnitImage	image;
	AtlProblem	problem;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	unit_append(&json, "{\"duration\":0,\"sampleRate\":1,\"features\":{\"a\":{\"hop\":1,\"dims\":65535,\"values\":[null");
	for (int i = 0; i < 32768; i++)
		unit_append(&json, ",null");
	unit_append(&json, "]}}}");
	CHECK_INT(unit_image_from_text(&host, (char *) json.bytes, json.size, &image, &problem), ATL_TOO_LARGE);
	CHECK_INT(problem.code, ATL_PROBLEM_TOO_LARGE);
	CHECK_STRING(problem.path, strlen(problem.path), "features.a.values");
	atl_buffer_free(&json);
	CHECK_INT(host.blocks, 0);
}

const UnitTest unit_memory_tests[] = {
	{"memory: building, every allocation failing in turn", test_build},
	{"memory: validating, every allocation failing in turn", test_validate},
	{"memory: collecting problems, every allocation failing in turn", test_collect},
	{"memory: more than an image holds is told so", test_too_large},
	UNIT_END
};
