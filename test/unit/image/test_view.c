/*
 * test_view.c
 *		Sections of an image: what may be fetched, and announced.
 */
#include <string.h>

#include "support.h"
#include "tests.h"

#define NUM_RANGES	150			/* more than are handed over at a time */

static const char document[] =
	"{\"duration\":10,\"sampleRate\":8000,\"metadata\":{\"text\":\"0123456789012345678901234567890123456789"
	"012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\"}}";

static void
test_prefetch(void)
{
	UnitTimeline timeline;
	AtlSpan		ranges[NUM_RANGES];
	uint32_t	size;

	CHECK(unit_open(&timeline, document, sizeof(document) - 1));
	size = timeline.view.sections[ATL_METADATA].size;
	CHECK(size > NUM_RANGES);
	for (uint32_t i = 0; i < NUM_RANGES; i++)
		ranges[i] = (AtlSpan) {i, 2};
	CHECK_INT(atl_view_prefetch(&timeline.view, ATL_METADATA, ranges, NUM_RANGES), ATL_OK);
	CHECK_INT(timeline.source.prefetches, NUM_RANGES);
	CHECK_INT(timeline.source.prefetched, 2 * NUM_RANGES);
	CHECK_INT(atl_view_prefetch(&timeline.view, ATL_METADATA, ranges, 0), ATL_OK);
	CHECK_INT(timeline.source.prefetches, NUM_RANGES);
	unit_close(&timeline);
}

/* One range that is not inside, and nothing is announced. */
static void
test_prefetch_outside(void)
{
	UnitTimeline timeline;
	AtlSpan		ranges[2] = {{0, 1}, {0, 0}};
	uint32_t	size;

	CHECK(unit_open(&timeline, document, sizeof(document) - 1));
	size = timeline.view.sections[ATL_METADATA].size;
	ranges[1] = (AtlSpan) {size - 1, 2};
	CHECK_INT(atl_view_prefetch(&timeline.view, ATL_METADATA, ranges, 2), ATL_DAMAGED);
	ranges[1] = (AtlSpan) {size + 1, 0};
	CHECK_INT(atl_view_prefetch(&timeline.view, ATL_METADATA, ranges, 2), ATL_DAMAGED);
	ranges[1] = (AtlSpan) {UINT32_MAX, 1};
	CHECK_INT(atl_view_prefetch(&timeline.view, ATL_METADATA, ranges, 2), ATL_DAMAGED);
	ranges[1] = (AtlSpan) {1, UINT32_MAX};
	CHECK_INT(atl_view_prefetch(&timeline.view, ATL_METADATA, ranges, 2), ATL_DAMAGED);
	CHECK_INT(timeline.source.prefetches, 0);
	ranges[1] = (AtlSpan) {size - 1, 1};
	CHECK_INT(atl_view_prefetch(&timeline.view, ATL_METADATA, ranges, 2), ATL_OK);
	CHECK_INT(timeline.source.prefetches, 2);
	unit_close(&timeline);
}

/* A source that cannot prefetch; the check is the same. */
static void
test_prefetch_memory(void)
{
	UnitTimeline timeline;
	AtlSpan		range = {0, 10};
	AtlView		view;

	CHECK(unit_open(&timeline, document, sizeof(document) - 1));
	CHECK_INT(atl_view_open(&view, atl_memory_source(timeline.image.bytes, timeline.image.size)), ATL_OK);
	CHECK_INT(atl_view_prefetch(&view, ATL_METADATA, &range, 1), ATL_OK);
	range.size = timeline.image.size;
	CHECK_INT(atl_view_prefetch(&view, ATL_METADATA, &range, 1), ATL_DAMAGED);
	CHECK_INT(atl_view_prefetch(&view, ATL_FEATURE_DATA, &range, 1), ATL_DAMAGED);
	unit_close(&timeline);
}

const UnitTest unit_view_tests[] = {
	{"prefetch hands over every range", test_prefetch},
	{"prefetch refuses what is outside", test_prefetch_outside},
	{"prefetch of an image in memory", test_prefetch_memory},
	UNIT_END
};
