/*
 * test_index.c
 *		The time index: its shape at the borders, and walks over all of it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "tests.h"

static void
test_shape(void)
{
	static const struct
	{
		uint32_t	items;
		uint32_t	blocks;
		int			levels;
		uint32_t	entries[4];
	}			shapes[] = {
		{0, 0, 0, {0}},
		{1, 1, 2, {1, 1}},
		{127, 1, 2, {1, 1}},
		{128, 1, 2, {1, 1}},
		{129, 2, 2, {2, 1}},
		{8192, 64, 2, {64, 1}},
		{8193, 65, 2, {65, 2}},
		{524288, 4096, 2, {4096, 64}},
		{524289, 4097, 3, {4097, 65, 2}},
		{UINT32_MAX, 33554432, 4, {33554432, 524288, 8192, 128}},
	};

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
	{
		AtlIndexShape shape = atl_index_shape(shapes[i].items);
		uint32_t	end = 0;

		unit_context("%u items", (unsigned) shapes[i].items);
		CHECK_INT(shape.num_blocks, shapes[i].blocks);
		if (shapes[i].items == UINT32_MAX)
			CHECK_INT(shape.num_levels, 5);
		else
			CHECK_INT(shape.num_levels, shapes[i].levels);
		for (int level = 0; level < shapes[i].levels; level++)
			CHECK_INT(shape.entries[level], shapes[i].entries[level]);

		/* Highest level first, one after the other; the lowest by itself. */
		for (int level = shape.num_levels - 1; level > 0; level--)
		{
			CHECK_INT(shape.offset[level], end);
			end += shape.entries[level] * ATL_INDEX_ENTRY_SIZE;
		}
		CHECK_INT(shape.index_size, end);
		CHECK_INT(shape.offset[0], 0);
		CHECK_INT(shape.leaves_size, shape.entries[0] * ATL_INDEX_ENTRY_SIZE);
	}
}

static AtlStatus
push(AtlBuilder *builder, AtlTokenKind kind, const char *text)
{
	AtlToken	token = {.kind = kind, .text = {text, (uint32_t) strlen(text)}};

	return atl_push(atl_build_sink(builder), token);
}

static void
push_event(AtlBuilder *builder, uint32_t i)
{
	char		number[16];
	char		type[16];

	snprintf(number, sizeof(number), "%u", (unsigned) i);
	snprintf(type, sizeof(type), "t%u", (unsigned) i % 100);
	push(builder, ATL_OBJECT_START, "");
	push(builder, ATL_KEY, "timestamp");
	push(builder, ATL_NUMBER, number);
	push(builder, ATL_KEY, "type");
	push(builder, ATL_STRING, type);
	push(builder, ATL_OBJECT_END, "");
}

/* A timeline of events at 0, 1, 2, ... seconds. */
static void
build_events(UnitTimeline *timeline, uint32_t num)
{
	AtlBuilder *builder;

	unit_host_init(&timeline->host);
	builder = atl_build_begin(&timeline->host.host, false);
	push(builder, ATL_OBJECT_START, "");
	push(builder, ATL_KEY, "duration");
	push(builder, ATL_NUMBER, "1000000");
	push(builder, ATL_KEY, "sampleRate");
	push(builder, ATL_NUMBER, "1");
	push(builder, ATL_KEY, "events");
	push(builder, ATL_ARRAY_START, "");
	for (uint32_t i = 0; i < num; i++)
		push_event(builder, i);
	push(builder, ATL_ARRAY_END, "");
	CHECK_INT(push(builder, ATL_OBJECT_END, ""), ATL_OK);
	CHECK_INT(atl_build_finish(builder, &timeline->image.size), ATL_OK);
	timeline->image.bytes = malloc(timeline->image.size);
	atl_build_write(builder, timeline->image.bytes);
	atl_build_free(builder);
	CHECK_INT(atl_view_open(&timeline->view, unit_source(&timeline->source, timeline->image.bytes, timeline->image.size)), ATL_OK);
}

static uint32_t
count_between(const AtlView *view, double from, double to, double *first)
{
	AtlFilter	filter = atl_filter_all();
	AtlWalk		walk;
	AtlItem		item;
	bool		found = true;
	uint32_t	n = 0;

	filter.start_time = from;
	filter.end_time = to;
	CHECK_INT(atl_walk_begin(&walk, view, ATL_EVENTS, filter, NULL), ATL_OK);
	while (found && CHECK_INT(atl_walk_next(&walk, &item, &found), ATL_OK))
	{
		if (found && n++ == 0)
			*first = item.timestamp;
	}
	return n;
}

static void
check_at(const AtlView *view, uint32_t num, uint32_t at)
{
	AtlItem		item;
	bool		found;
	double		first = -1;

	CHECK_INT(count_between(view, at, at + 3.0, &first), at + 3 <= num ? 3 : num - at);
	CHECK_BITS(first, at);
	CHECK_INT(atl_item_after(view, ATL_EVENTS, atl_filter_all(), at, true, NULL, &item, &found), ATL_OK);
	CHECK(found && item.timestamp == at);
	CHECK_INT(atl_item_after(view, ATL_EVENTS, atl_filter_all(), at, false, NULL, &item, &found), ATL_OK);
	CHECK(at + 1 < num ? found && item.timestamp == at + 1.0 : !found);
	CHECK_INT(atl_item_before(view, ATL_EVENTS, atl_filter_all(), at, NULL, &item, &found), ATL_OK);
	CHECK(at > 0 ? found && item.timestamp == at - 1.0 : !found);
}

/* All items, and those around the borders of blocks and nodes. */
static void
test_borders(void)
{
	static const uint32_t sizes[] = {0, 1, 127, 128, 129, 8192, 8193, 524289};
	static const uint32_t places[] = {0, 1, 126, 127, 128, 129, 255, 256, 8190, 8191, 8192, 8193, 16383, 16384, 524287, 524288};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
	{
		UnitTimeline timeline;
		double		first = -1;

		unit_context("%u items", (unsigned) sizes[i]);
		build_events(&timeline, sizes[i]);
		CHECK_INT(atl_track_items(&timeline.view, ATL_EVENTS), sizes[i]);
		CHECK_INT(count_between(&timeline.view, -INFINITY, INFINITY, &first), sizes[i]);
		for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++)
			if (places[p] < sizes[i])
				check_at(&timeline.view, sizes[i], places[p]);
		unit_close(&timeline);
		CHECK_INT(timeline.host.blocks, 0);
	}
}

const UnitTest unit_index_tests[] = {
	{"index: shape at the borders", test_shape},
	{"index: lookups at the borders", test_borders},
	UNIT_END
};
