/*
 * test_track.c
 *		Windows, neighbours and what holds, against a naive reading of the rules.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random_document.h"
#include "tests.h"

#define MAX_ITEMS	3000
#define MAX_TYPES	70

/* One event as it was made; number is its place in the document. */
typedef struct Made
{
	double		timestamp;
	double		duration;		/* NaN: absent */
	double		confidence;		/* NaN: absent */
	uint32_t	type;
	uint32_t	number;
} Made;

typedef struct Random
{
	Made		items[MAX_ITEMS];	/* in time order, stable */
	uint32_t	num;
	uint32_t	num_types;
	uint32_t	rank[MAX_TYPES];	/* of a type in the image's dictionary */
	bool		in_use[MAX_TYPES];
	double		start_time;
	double		duration;
	UnitTimeline timeline;
} Random;

static int
compare_made(const void *a, const void *b)
{
	const Made *left = a;
	const Made *right = b;

	if (left->timestamp != right->timestamp)
		return left->timestamp < right->timestamp ? -1 : 1;
	return left->number < right->number ? -1 : 1;
}

/* Types by rising length, so that their order of key is not that of number. */
static void
type_name(uint32_t type, char *name)
{
	snprintf(name, 16, "%s%u", type % 3 == 0 ? "long" : "", (unsigned) type);
}

/* Push an item out of its limits by rounding: a sample is a second here. */
static void
make_rounded(const Random *random, Made *made)
{
	switch (unit_random_below(5))
	{
		case 0:
			made->timestamp = random->start_time - unit_random_double(0, 1);
			break;
		case 1:
			made->timestamp = random->duration + unit_random_double(0, 1);
			break;
		case 2:
			made->duration = -unit_random_double(0, 1);
			break;
		case 3:
			made->confidence = -1e-7;
			break;
		default:
			made->confidence = 1 + 1e-7;
	}
}

static Made
make_item(const Random *random, uint32_t number, bool coarse)
{
	Made		made = {unit_random_double(random->start_time, random->duration), NAN, NAN, unit_random_below(random->num_types), number};

	/* Many at the same time. */
	if (coarse)
		made.timestamp = floor(made.timestamp);
	if (unit_random_below(4) == 0)
		made.duration = unit_random_below(20) == 0 ? unit_random_double(0, random->duration) : unit_random_below(3);
	if (unit_random_below(3) > 0)
		made.confidence = unit_random_below(5) / 4.0;
	if (unit_random_below(20) == 0)
		make_rounded(random, &made);
	return made;
}

static void
append_made(AtlBuffer *json, const Made *made)
{
	char		name[16];

	type_name(made->type, name);
	unit_append(json, "%s{\"type\":\"%s\",\"n\":%u,\"timestamp\":", made->number > 0 ? "," : "", name, (unsigned) made->number);
	unit_append_number(json, made->timestamp);
	if (!isnan(made->duration))
	{
		unit_append(json, ",\"duration\":");
		unit_append_number(json, made->duration);
	}
	if (!isnan(made->confidence))
	{
		unit_append(json, ",\"confidence\":");
		unit_append_number(json, made->confidence);
	}
	unit_append(json, "}");
}

/* A random track, as events or as markers. */
static bool
make(Random *random, AtlTrack track, uint32_t num, uint32_t num_types)
{
	UnitHost	host;
	AtlBuffer	json;
	bool		coarse = unit_random_below(2) == 0;
	bool		good;

	memset(random, 0, sizeof(*random));
	random->num = num;
	random->num_types = num_types;
	random->duration = floor(unit_random_double(1, 400));
	random->start_time = unit_random_below(2) == 0 ? 0 : -floor(unit_random_double(0, 20));
	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	unit_append(&json, "{\"duration\":%g,\"sampleRate\":1,\"startTime\":%g,\"%s\":[", random->duration, random->start_time,
				track == ATL_EVENTS ? "events" : "markers");
	for (uint32_t i = 0; i < num; i++)
	{
		random->items[i] = make_item(random, i, coarse);
		append_made(&json, &random->items[i]);
		random->in_use[random->items[i].type] = true;
		/* In a marker, duration is an unknown member. */
		if (track == ATL_MARKERS)
			random->items[i].duration = NAN;
	}
	unit_append(&json, "]}");
	qsort(random->items, num, sizeof(Made), compare_made);
	good = CHECK(unit_open(&random->timeline, (char *) json.bytes, json.size));
	atl_buffer_free(&json);
	return good;
}

/* The dictionary: every type in use, in order, with its number of items. */
static void
check_types(Random *random, AtlTrack track)
{
	const AtlView *view = &random->timeline.view;
	uint32_t	num;
	uint32_t	in_use = 0;
	AtlText		before = {"", 0};

	CHECK_INT(atl_track_num_types(view, track, &num), ATL_OK);
	for (uint32_t i = 0; i < num; i++)
	{
		AtlText		name;
		uint32_t	items;

		CHECK_INT(atl_track_type(view, track, i, &name, &items), ATL_OK);
		CHECK(atl_text_compare(before, name) < 0);
		before = name;
	}
	for (uint32_t type = 0; type < random->num_types; type++)
	{
		char		name[16];
		AtlText		text = {name, 0};
		uint32_t	wanted = 0;
		uint32_t	items = 0;
		bool		found;

		type_name(type, name);
		text.size = (uint32_t) strlen(name);
		in_use += random->in_use[type];
		CHECK_INT(atl_track_find_type(view, track, text, &found, &random->rank[type]), ATL_OK);
		CHECK(found == random->in_use[type]);
		for (uint32_t i = 0; i < random->num; i++)
			wanted += random->items[i].type == type;
		if (found)
			CHECK_INT(atl_track_type(view, track, random->rank[type], &text, &items), ATL_OK);
		CHECK_INT(items, wanted);
	}
	CHECK_INT(num, in_use);
}

/* What a filter asks for, with types as they were made. */
typedef struct Question
{
	AtlFilter	filter;
	uint32_t	types[4];		/* ranks, for the filter */
	bool		wanted[MAX_TYPES];
} Question;

static double
random_instant(const Random *random)
{
	uint32_t	kind = unit_random_below(8);
	const Made *made = &random->items[unit_random_below(random->num == 0 ? 1 : random->num)];

	if (kind == 0)
		return unit_random_below(2) == 0 ? -INFINITY : random->start_time - unit_random_below(2);
	if (kind == 1)
		return unit_random_below(2) == 0 ? INFINITY : random->duration + unit_random_below(2) / 2.0;
	if (kind < 4 && random->num > 0)
		return made->timestamp;
	if (kind == 4 && random->num > 0 && made->duration > 0)
		return made->timestamp + made->duration;
	return unit_random_double(random->start_time, random->duration);
}

/* The types of a filter ascend. */
static void
add_type(Question *question, uint32_t rank)
{
	uint32_t	i = question->filter.num_types++;

	for (; i > 0 && question->types[i - 1] > rank; i--)
		question->types[i] = question->types[i - 1];
	question->types[i] = rank;
}

static void
ask(Question *question, const Random *random)
{
	uint32_t	num = unit_random_below(4);

	memset(question, 0, sizeof(*question));
	question->filter = atl_filter_all();
	question->filter.start_time = random_instant(random);
	question->filter.end_time = random_instant(random);
	if (unit_random_below(3) == 0)
		question->filter.end_time = question->filter.start_time + unit_random_double(0, 5);
	if (unit_random_below(3) == 0)
		question->filter.min_confidence = unit_random_below(6) / 4.0;
	for (uint32_t i = 0; i < MAX_TYPES; i++)
		question->wanted[i] = num == 0;
	for (uint32_t i = 0; i < num; i++)
	{
		uint32_t	type = unit_random_below(random->num_types);

		question->wanted[type] = true;
		if (random->in_use[type])
			add_type(question, random->rank[type]);
	}
	question->filter.types = num == 0 ? NULL : question->types;
}

/* What is out of its limits by rounding counts as at the limit. */
static double
limited(double number, double min, double max)
{
	return number < min ? min : number > max ? max : number;
}

static double
time_of(const Random *random, const Made *made)
{
	return limited(made->timestamp, random->start_time, random->duration);
}

/* The rules of windows, as the documentation has them. */
static bool
passes(const Random *random, const Question *question, const Made *made)
{
	const AtlFilter *filter = &question->filter;
	double		time = time_of(random, made);
	bool		inside;

	if (made->duration > 0)
		inside = time < filter->end_time && made->timestamp + made->duration > filter->start_time;
	else
		inside = filter->start_time <= time && time < filter->end_time;
	return inside && question->wanted[made->type] &&
		(isnan(filter->min_confidence) || limited(made->confidence, 0, 1) >= filter->min_confidence);
}

static void
check_item(const Random *random, const AtlItem *item, const Made *made)
{
	char		attributes[64];

	CHECK_BITS(item->timestamp, made->timestamp);
	CHECK(isnan(made->duration) ? isnan(item->duration) : item->duration == made->duration);
	CHECK(isnan(made->confidence) ? isnan(item->confidence) : item->confidence == made->confidence);
	CHECK_INT(item->type, random->rank[made->type]);
	snprintf(attributes, sizeof(attributes), "{\"n\":%u", (unsigned) made->number);
	CHECK_STRING(item->attributes.text, strcspn(item->attributes.text, ",}"), attributes);
}

static void
check_window(const Random *random, AtlTrack track, const Question *question)
{
	AtlWalk		walk;
	AtlItem		item;
	AtlBuffer	text;
	bool		found;

	atl_buffer_init(&text, &random->timeline.host.host);
	CHECK_INT(atl_walk_begin(&walk, &random->timeline.view, track, question->filter, &text), ATL_OK);
	for (uint32_t i = 0; i < random->num; i++)
	{
		if (!passes(random, question, &random->items[i]))
			continue;
		CHECK_INT(atl_walk_next(&walk, &item, &found), ATL_OK);
		if (!CHECK(found))
			break;
		check_item(random, &item, &random->items[i]);
	}
	atl_buffer_free(&text);
	for (int again = 0; again < 2; again++)
	{
		CHECK_INT(atl_walk_next(&walk, &item, &found), ATL_OK);
		CHECK(!found);
	}
}

static void
check_neighbours(const Random *random, AtlTrack track, const Question *question)
{
	double		t = question->filter.start_time;
	const Made *before = NULL;
	const Made *after[2] = {NULL, NULL};
	AtlItem		item;
	AtlBuffer	text;
	bool		found;

	atl_buffer_init(&text, &random->timeline.host.host);
	for (uint32_t i = 0; i < random->num; i++)
	{
		const Made *made = &random->items[i];

		if (!question->wanted[made->type])
			continue;
		if (time_of(random, made) < t)
			before = made;
		if (time_of(random, made) > t && after[0] == NULL)
			after[0] = made;
		if (time_of(random, made) >= t && after[1] == NULL)
			after[1] = made;
	}
	for (int or_at = 0; or_at < 2; or_at++)
	{
		CHECK_INT(atl_item_after(&random->timeline.view, track, question->filter, t, or_at == 1, &text, &item, &found), ATL_OK);
		if (CHECK(found == (after[or_at] != NULL)) && found)
			check_item(random, &item, after[or_at]);
	}
	CHECK_INT(atl_item_before(&random->timeline.view, track, question->filter, t, &text, &item, &found), ATL_OK);
	if (CHECK(found == (before != NULL)) && found)
		check_item(random, &item, before);
	atl_buffer_free(&text);
}

/* What holds: the last of each type at or before t, latest first. */
static void
check_held(const Random *random, AtlTrack track, const Question *question)
{
	static AtlHeld held;
	double		t = question->filter.start_time;
	double		least = question->filter.min_confidence;
	uint8_t		seen[MAX_TYPES] = {0};
	bool		holds[MAX_TYPES] = {false};
	AtlItem		item;
	AtlBuffer	text;
	bool		found;

	atl_buffer_init(&text, &random->timeline.host.host);
	CHECK_INT(atl_held_begin(&held, &random->timeline.view, track, question->filter, t, seen, &text), ATL_OK);
	for (uint32_t i = random->num; i-- > 0;)
	{
		const Made *made = &random->items[i];

		if (!question->wanted[made->type] || !(time_of(random, made) <= t) || holds[made->type] ||
			!(isnan(least) || limited(made->confidence, 0, 1) >= least))
			continue;
		holds[made->type] = true;
		CHECK_INT(atl_held_next(&held, &item, &found), ATL_OK);
		if (!CHECK(found))
			break;
		check_item(random, &item, made);
	}
	atl_buffer_free(&text);
	for (int again = 0; again < 2; again++)
	{
		CHECK_INT(atl_held_next(&held, &item, &found), ATL_OK);
		CHECK(!found);
	}
}

static void
check_track(AtlTrack track, uint32_t num, uint32_t num_types, int questions)
{
	static Random random;

	if (!make(&random, track, num, num_types))
		return;
	unit_context("%u items", (unsigned) num);
	check_types(&random, track);
	for (int i = 0; i < questions; i++)
	{
		Question	question;

		ask(&question, &random);
		unit_context("%u items, question %d, window %.17g %.17g", (unsigned) num, i,
					 question.filter.start_time, question.filter.end_time);
		check_window(&random, track, &question);
		check_neighbours(&random, track, &question);
		check_held(&random, track, &question);
		unit_source_release(&random.timeline.source);
		CHECK_INT(atl_view_open(&random.timeline.view, unit_source(&random.timeline.source, random.timeline.image.bytes,
																   random.timeline.image.size)), ATL_OK);
	}
	unit_close(&random.timeline);
}

static void
test_small(void)
{
	for (int i = 0; i < 60; i++)
		check_track(i % 2 == 0 ? ATL_EVENTS : ATL_MARKERS, unit_random_below(12), 1 + unit_random_below(5), 40);
}

static void
test_borders(void)
{
	static const uint32_t sizes[] = {0, 1, 127, 128, 129, 255, 256, 257};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int track = 0; track < 2; track++)
			check_track((AtlTrack) track, sizes[i], 40, 40);
}

static void
test_large(void)
{
	for (int i = 0; i < 8; i++)
		check_track(ATL_EVENTS, 1000 + unit_random_below(MAX_ITEMS - 1000), 1 + unit_random_below(MAX_TYPES), 100);
}

/* One long event early on is found from any window that it reaches into. */
static void
test_long_event(void)
{
	UnitHost	host;
	AtlBuffer	json;
	UnitTimeline timeline;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	unit_append(&json, "{\"duration\":2000,\"sampleRate\":1,\"events\":[{\"timestamp\":1,\"type\":\"long\",\"duration\":1500}");
	for (int i = 0; i < 2000; i++)
		unit_append(&json, ",{\"timestamp\":%d,\"type\":\"x\"}", i);
	unit_append(&json, "]}");
	if (CHECK(unit_open(&timeline, (char *) json.bytes, json.size)))
	{
		for (double t = 0; t < 1990; t += 9.5)
		{
			AtlFilter	filter = atl_filter_all();
			AtlWalk		walk;
			AtlItem		item;
			bool		found;

			unit_context("at %g", t);
			filter.start_time = t;
			filter.end_time = t + 5;
			CHECK_INT(atl_walk_begin(&walk, &timeline.view, ATL_EVENTS, filter, NULL), ATL_OK);
			CHECK_INT(atl_walk_next(&walk, &item, &found), ATL_OK);
			CHECK(found && (item.duration == 1500) == (t > 1 && t < 1501));
		}
		unit_close(&timeline);
	}
	atl_buffer_free(&json);
}

static void
test_item_end(void)
{
	AtlItem		item = {.timestamp = 2, .duration = NAN};

	CHECK_BITS(atl_item_end(&item), 2);
	item.duration = 0;
	CHECK_BITS(atl_item_end(&item), 2);
	item.duration = 0.5;
	CHECK_BITS(atl_item_end(&item), 2.5);
}

const UnitTest unit_track_tests[] = {
	{"track: small random tracks against the rules", test_small},
	{"track: random tracks at the borders of blocks", test_borders},
	{"track: large random tracks, many types", test_large},
	{"track: a long event is found wherever it reaches", test_long_event},
	{"track: the end of an item", test_item_end},
	UNIT_END
};
