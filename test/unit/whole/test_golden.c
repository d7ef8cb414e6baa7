/*
 * test_golden.c
 *		Golden bytes: every version's images are written and read for ever.
 */
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "read_all.h"
#include "tests.h"

/* How many documents there are at least: a glob that finds none must fail. */
#define NUM_DOCUMENTS	5

static AtlBuffer
printed(UnitHost *host, const UnitImage *image)
{
	AtlBuffer	text;
	AtlView		view;

	atl_buffer_init(&text, &host->host);
	if (CHECK_INT(atl_view_open(&view, atl_memory_source(image->bytes, image->size)), ATL_OK))
		CHECK_INT(atl_print(&view, &text), ATL_OK);
	return text;
}

static void
check_document(UnitHost *host, const char *document)
{
	char		path[1024];
	UnitImage	built = unit_golden_image(host, document);
	UnitImage	golden;
	AtlStatus	validated;

	if (CHECK(unit_hex_read(unit_golden_hex_path(document, path), &golden)) && built.bytes != NULL)
	{
		AtlBuffer	ours = printed(host, &built);
		AtlBuffer	theirs = printed(host, &golden);

		CHECK(built.size == golden.size && memcmp(built.bytes, golden.bytes, built.size) == 0);
		CHECK(ours.size == theirs.size && memcmp(ours.bytes, theirs.bytes, ours.size) == 0);
		CHECK_INT(unit_read_all(host, golden.bytes, golden.size, &validated), ATL_OK);
		CHECK_INT(validated, ATL_OK);
		CHECK(unit_prints_itself(host, golden.bytes, golden.size));
		atl_buffer_free(&ours);
		atl_buffer_free(&theirs);
	}
	unit_image_free(&golden);
	unit_image_free(&built);
}

static void
test_golden(void)
{
	UnitHost	host;
	const char *document;
	size_t		num;

	unit_host_init(&host);
	for (num = 0; (document = unit_golden_document(num)) != NULL; num++)
		check_document(&host, document);
	unit_context("all");
	CHECK(num >= NUM_DOCUMENTS);
	CHECK_INT(host.blocks, 0);
}

const UnitTest unit_golden_tests[] = {
	{"golden: documents build and print the kept bytes", test_golden},
	UNIT_END
};
