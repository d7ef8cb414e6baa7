/*
 * test_cost.c
 *		What a lookup reads: as much of ten hours as of four minutes.
 */
#include <stdlib.h>
#include <math.h>
#include <string.h>

#include "support.h"
#include "tests.h"

#define NUM_LENGTHS			3
#define EVENTS_PER_SECOND	8
#define FRAMES_PER_SECOND	20

static const uint32_t lengths[NUM_LENGTHS] = {240, 3600, 36000};

static AtlStatus
push(AtlBuilder *builder, AtlTokenKind kind, const char *text)
{
	AtlToken	token = {.kind = kind, .text = {text, (uint32_t) strlen(text)}};

	return atl_push(atl_build_sink(builder), token);
}

static void
push_number(AtlBuilder *builder, const char *key, double number)
{
	AtlToken	token = {.kind = ATL_DOUBLE, .number = number};

	push(builder, ATL_KEY, key);
	CHECK_INT(atl_push(atl_build_sink(builder), token), ATL_OK);
}

/* Some events are long, some types rare, as in music. */
static void
push_events(AtlBuilder *builder, uint32_t seconds)
{
	static const char *const types[] = {"onset", "note", "chord", "onset"};

	push(builder, ATL_KEY, "events");
	push(builder, ATL_ARRAY_START, "");
	for (uint32_t i = 0; i < seconds * EVENTS_PER_SECOND; i++)
	{
		push(builder, ATL_OBJECT_START, "");
		push_number(builder, "timestamp", (double) i / EVENTS_PER_SECOND);
		push(builder, ATL_KEY, "type");
		push(builder, ATL_STRING, types[i % 4]);
		if (i % 4 == 1)
			push_number(builder, "duration", 0.3);
		push_number(builder, "confidence", 0.5);
		push(builder, ATL_OBJECT_END, "");
	}
	push(builder, ATL_ARRAY_END, "");
}

static void
push_feature(AtlBuilder *builder, const char *name, uint32_t seconds, const char *encoding)
{
	AtlToken	token = {.kind = ATL_DOUBLE};

	push(builder, ATL_KEY, name);
	push(builder, ATL_OBJECT_START, "");
	push_number(builder, "frameRate", FRAMES_PER_SECOND);
	push(builder, ATL_KEY, "encoding");
	push(builder, ATL_STRING, encoding);
	push(builder, ATL_KEY, "values");
	push(builder, ATL_ARRAY_START, "");
	for (uint32_t i = 0; i < seconds * FRAMES_PER_SECOND; i++)
	{
		token.number = i % 200;
		token.kind = i % 97 == 5 ? ATL_NULL : ATL_DOUBLE;
		atl_push(atl_build_sink(builder), token);
	}
	push(builder, ATL_ARRAY_END, "");
	push(builder, ATL_OBJECT_END, "");
}

static void
build(UnitTimeline *timeline, uint32_t seconds)
{
	AtlBuilder *builder;

	unit_host_init(&timeline->host);
	builder = atl_build_begin(&timeline->host.host, false);
	push(builder, ATL_OBJECT_START, "");
	push_number(builder, "duration", seconds);
	push_number(builder, "sampleRate", 44100);
	push_events(builder, seconds);
	push(builder, ATL_KEY, "features");
	push(builder, ATL_OBJECT_START, "");
	push_feature(builder, "rms", seconds, "f32");
	push_feature(builder, "zcr", seconds, "f64");
	push_feature(builder, "flux", seconds, "u8");
	push(builder, ATL_OBJECT_END, "");
	CHECK_INT(push(builder, ATL_OBJECT_END, ""), ATL_OK);
	CHECK_INT(atl_build_finish(builder, &timeline->image.size), ATL_OK);
	timeline->image.bytes = malloc(timeline->image.size);
	atl_build_write(builder, timeline->image.bytes);
	atl_build_free(builder);
	unit_source(&timeline->source, timeline->image.bytes, timeline->image.size);
}

/* Where a lookup puts the texts of items; they cost no read. */
static UnitHost host;
static AtlBuffer text;

static void
begin_text(void)
{
	unit_host_init(&host);
	atl_buffer_init(&text, &host.host);
}

/* A lookup, from opening on. */
typedef void (*Lookup) (const AtlView *view, double t);

static void
value_at(const AtlView *view, double t)
{
	static const char *const names[] = {"rms", "zcr", "flux"};

	for (int i = 0; i < 3; i++)
	{
		AtlText		name = {names[i], (uint32_t) strlen(names[i])};
		AtlFeature	feature;
		double		numbers[2];
		bool		found;

		CHECK_INT(atl_feature_find(view, name, &found, &feature), ATL_OK);
		CHECK(found);
		CHECK_INT(atl_feature_at(view, &feature, 0, feature.dims, t, ATL_LINEAR, numbers, &found), ATL_OK);
		CHECK(found);
	}
}

static void
window(const AtlView *view, double t)
{
	AtlFilter	filter = atl_filter_all();
	AtlWalk		walk;
	AtlItem		item;
	bool		found = true;
	int			items = -1;

	filter.start_time = t;
	filter.end_time = t + 5;
	CHECK_INT(atl_walk_begin(&walk, view, ATL_EVENTS, filter, &text), ATL_OK);
	for (; found; items++)
		CHECK_INT(atl_walk_next(&walk, &item, &found), ATL_OK);
	CHECK(items >= 5 * EVENTS_PER_SECOND && items <= 5 * EVENTS_PER_SECOND + 3);
}

static void
slice(const AtlView *view, double t)
{
	AtlText		name = {"rms", 3};
	AtlFeature	feature;
	double		numbers[5 * FRAMES_PER_SECOND];
	uint32_t	first;
	bool		found;

	CHECK_INT(atl_feature_find(view, name, &found, &feature), ATL_OK);
	CHECK_INT(atl_feature_first_frame(view, &feature, t, &first), ATL_OK);
	CHECK_INT(atl_feature_read(view, &feature, first, 5 * FRAMES_PER_SECOND, numbers), ATL_OK);
}

static void
neighbours(const AtlView *view, double t)
{
	AtlText		name = {"chord", 5};
	AtlFilter	filter = atl_filter_all();
	uint32_t	type;
	AtlItem		item;
	bool		found;

	CHECK_INT(atl_track_find_type(view, ATL_EVENTS, name, &found, &type), ATL_OK);
	filter.types = &type;
	filter.num_types = 1;
	CHECK_INT(atl_item_after(view, ATL_EVENTS, filter, t, false, &text, &item, &found), ATL_OK);
	CHECK(found && item.timestamp > t && item.timestamp <= t + 1);
	CHECK_INT(atl_item_before(view, ATL_EVENTS, filter, t, &text, &item, &found), ATL_OK);
	CHECK(found && item.timestamp < t && item.timestamp >= t - 1);
}

static void
held(const AtlView *view, double t)
{
	AtlHeld		held;
	uint8_t		seen[3] = {0};
	AtlItem		item;
	bool		found = true;
	int			items = -1;

	CHECK_INT(atl_held_begin(&held, view, ATL_EVENTS, atl_filter_all(), t, seen, &text), ATL_OK);
	for (; found; items++)
		CHECK_INT(atl_held_next(&held, &item, &found), ATL_OK);
	CHECK_INT(items, 3);
}

static void
accessors(const AtlView *view, double t)
{
	AtlFeature	feature;
	uint32_t	num;

	CHECK_INT(atl_track_num_types(view, ATL_EVENTS, &num), ATL_OK);
	CHECK_INT(num, 3);
	for (uint32_t i = 0; i < view->num_features; i++)
		CHECK_INT(atl_feature_get(view, i, &feature), ATL_OK);
}

/* What one lookup reads at most. */
typedef struct Cost
{
	uint64_t	fetches;
	uint64_t	bytes;
} Cost;

static void
measure(const UnitImage *image, Lookup lookup, double t, Cost *cost)
{
	UnitSource	source;
	AtlView		view;

	CHECK_INT(atl_view_open(&view, unit_source(&source, image->bytes, image->size)), ATL_OK);
	begin_text();
	lookup(&view, t);
	atl_buffer_free(&text);
	if (source.fetches > cost->fetches)
		cost->fetches = source.fetches;
	if (source.fetched > cost->bytes)
		cost->bytes = source.fetched;
	unit_source_release(&source);
}

/* Instants all along the timeline, and where one node of the index ends. */
static Cost
most_expensive(const UnitImage *image, Lookup lookup, uint32_t seconds)
{
	uint32_t	node = ATL_BLOCK_ITEMS * ATL_INDEX_FANOUT / EVENTS_PER_SECOND;
	Cost		cost = {0, 0};

	for (int i = 0; i < 100; i++)
		measure(image, lookup, unit_random_double(2, seconds - 7.0), &cost);
	for (uint32_t border = node; border + 7 < seconds; border += node)
		for (double before = -1; before < 24; before += 0.25)
			measure(image, lookup, border - before, &cost);
	return cost;
}

/* The timelines, built once; they stay until the end. */
static const UnitImage *
timeline_of(int length)
{
	static UnitTimeline timelines[NUM_LENGTHS];

	if (timelines[length].image.bytes == NULL)
		build(&timelines[length], lengths[length]);
	return &timelines[length].image;
}

/*
 * How much a lookup may read of any timeline, and how many index nodes more of
 * an hour than of four minutes, where the nodes are small and there is one.
 * From one hour to ten nothing but the topmost node may grow, to 36 entries;
 * some lookups read it twice.  Whether an instant was tried that needs the pieces
 * on both sides of a border between blocks is chance: borders more fetches.
 */
static void
check_cost(Lookup lookup, uint64_t most_bytes, uint32_t nodes, uint32_t borders)
{
	Cost		costs[NUM_LENGTHS];

	for (int i = 0; i < NUM_LENGTHS; i++)
		costs[i] = most_expensive(timeline_of(i), lookup, lengths[i]);
	unit_context("fetches %u, %u, %u, bytes %u, %u, %u",
				 (unsigned) costs[0].fetches, (unsigned) costs[1].fetches, (unsigned) costs[2].fetches,
				 (unsigned) costs[0].bytes, (unsigned) costs[1].bytes, (unsigned) costs[2].bytes);
	CHECK(costs[0].bytes > 100 && costs[2].bytes <= most_bytes);
	CHECK(costs[1].fetches <= costs[0].fetches + nodes + borders);
	CHECK(costs[1].bytes <= costs[0].bytes + nodes * ATL_INDEX_FANOUT * ATL_INDEX_ENTRY_SIZE + borders * 400);
	CHECK(costs[2].fetches <= costs[1].fetches + borders);
	CHECK(costs[2].bytes <= costs[1].bytes + (nodes > 0 ? 2 * 36 * ATL_INDEX_ENTRY_SIZE : 0) + borders * 400);
}

static void
test_value_at(void)
{
	check_cost(value_at, 4500, 0, 12);
}

static void
test_slice(void)
{
	check_cost(slice, 2600, 0, 0);
}

static void
test_accessors(void)
{
	check_cost(accessors, 1200, 0, 0);
}

static void
test_window(void)
{
	check_cost(window, 16384, 4, 0);
}

static void
test_neighbours(void)
{
	check_cost(neighbours, 24576, 6, 0);
}

static void
test_held(void)
{
	check_cost(held, 16384, 4, 0);
}

/* Reading all of it takes few pieces, none of them large. */
static void
test_whole(void)
{
	const UnitImage *image = timeline_of(1);
	UnitSource	source;
	AtlView		view;
	AtlWalk		walk;
	AtlItem		item;
	bool		found = true;

	CHECK_INT(atl_view_open(&view, unit_source(&source, image->bytes, image->size)), ATL_OK);
	begin_text();
	CHECK_INT(atl_walk_begin(&walk, &view, ATL_EVENTS, atl_filter_all(), &text), ATL_OK);
	while (found && CHECK_INT(atl_walk_next(&walk, &item, &found), ATL_OK))
		continue;
	atl_buffer_free(&text);
	CHECK(source.largest <= 65536);
	CHECK(source.fetches < 100 + source.fetched / 32768);
	unit_source_release(&source);
}

const UnitTest unit_cost_tests[] = {
	{"cost: values at a time", test_value_at},
	{"cost: five seconds of a feature", test_slice},
	{"cost: accessors", test_accessors},
	{"cost: five seconds of events", test_window},
	{"cost: all events in pieces", test_whole},
	{"cost: the next and the previous event of a type", test_neighbours},
	{"cost: what holds at an instant", test_held},
	UNIT_END
};
