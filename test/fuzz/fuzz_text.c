/*
 * fuzz_text.c
 *		Fuzz target: JSON text, as the type's input function takes it.
 *
 * What is accepted must be a valid image that prints, parses and builds the
 * same bytes again; gathering all problems must come to the same verdict as
 * stopping at the first; and so must the server's parser and the core's.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* A few bytes of text can stand for many nulls, whose text passes the memory limit. */
#define LARGE_IMAGE	(1024 * 1024)

/* The server's parser has to build the same image, or none either. */
static void
compare_parsers(UnitHost *host, const char *json, size_t size, AtlStatus wanted, const UnitImage *image)
{
	AtlStatus	status;
	AtlBuilder *builder = unit_builder_by_server(host, json, size, false, &status);
	uint8_t    *bytes;
	uint32_t	image_size;

	if (builder != NULL && status == ATL_OK)
		status = atl_build_finish(builder, &image_size);
	if (status != ATL_NO_MEMORY && wanted != ATL_NO_MEMORY)
		fuzz_demand(status == wanted, "the server's parser gives the same verdict");
	if (status == ATL_OK && wanted == ATL_OK)
	{
		bytes = malloc(image_size);
		fuzz_demand(bytes != NULL && image_size == image->size, "the server's parser gives the same size");
		atl_build_write(builder, bytes);
		fuzz_demand(memcmp(bytes, image->bytes, image_size) == 0, "the server's parser gives the same image");
		free(bytes);
	}
	if (builder != NULL)
		atl_build_free(builder);
}

static void
collect(UnitHost *host, const char *json, size_t size, AtlStatus wanted)
{
	AtlStatus	status;
	AtlBuilder *builder = unit_builder_from_text(host, json, size, true, &status);
	uint32_t	image_size;
	size_t		errors = 0;

	if (builder == NULL)
		return;
	if (status == ATL_OK)
		status = atl_build_finish(builder, &image_size);
	if (status == ATL_OK || status == ATL_INVALID)
		fuzz_demand(atl_build_lint(builder) != ATL_DAMAGED, "lint");
	for (size_t i = 0; i < atl_build_num_problems(builder); i++)
	{
		AtlProblem	problem;

		atl_build_problem(builder, i, &problem);
		errors += problem.code < ATL_FIRST_WARNING;
	}
	if (status != ATL_NO_MEMORY && wanted != ATL_NO_MEMORY)
		fuzz_demand((errors > 0) == (wanted != ATL_OK), "collecting gives the same verdict");
	atl_build_free(builder);
}

/* Text that is not JSON gets one problem with a place, as the last. */
static void
explain(UnitHost *host, AtlText json)
{
	AtlBuilder *builder = atl_build_begin(&host->host, true);
	AtlProblem	problem;
	AtlJsonStop stop;

	if (builder == NULL)
		return;
	if (atl_json_read_to_stop(atl_build_sink(builder), &host->host, json, &stop) == ATL_DAMAGED)
	{
		fuzz_demand(stop.at <= json.size, "the text stops being JSON inside of it");
		fuzz_demand(atl_build_not_json(builder, json, stop) != ATL_INVALID, "not JSON is gathered");
		fuzz_demand(atl_build_num_problems(builder) > 0, "not JSON is a problem");
		atl_build_problem(builder, atl_build_num_problems(builder) - 1, &problem);
		fuzz_demand(problem.code == ATL_PROBLEM_NOT_JSON || problem.code == ATL_PROBLEM_NUL ||
					problem.code == ATL_WARN_MORE, "not JSON has its code");
	}
	atl_build_free(builder);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	UnitHost	host;
	UnitImage	image;
	AtlStatus	validated;
	AtlStatus	status;

	/* The parser recurses; the server checks its stack, a program cannot. */
	if (size > FUZZ_MAX_TEXT)
		return 0;
	fuzz_host(&host);
	status = unit_image_from_text(&host, (const char *) data, size, &image, NULL);
	if (atl_text_is_utf8(&host.host, (AtlText) {(const char *) data, (uint32_t) size}))
		compare_parsers(&host, (const char *) data, size, status, &image);
	if (status == ATL_DAMAGED && atl_text_is_utf8(&host.host, (AtlText) {(const char *) data, (uint32_t) size}))
		explain(&host, (AtlText) {(const char *) data, (uint32_t) size});
	if (status != ATL_DAMAGED)
		collect(&host, (const char *) data, size, status);
	if (status == ATL_OK)
	{
		fuzz_demand(unit_read_all(&host, image.bytes, image.size, &validated) == ATL_OK, "opens");
		fuzz_demand(validated == ATL_OK || validated == ATL_NO_MEMORY, "validates");
		fuzz_demand(unit_prints_itself(&host, image.bytes, image.size), "prints itself");
		if (image.size < LARGE_IMAGE)
			fuzz_demand(unit_obeys_rules(&host, image.bytes, image.size), "obeys rules of encoding");
	}
	unit_image_free(&image);
	fuzz_demand(host.blocks == 0, "frees all memory");
	return 0;
}
