/*
 * read_all.c
 *		Runs every reading function of the core over an image.
 */
#include "read_all.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/json/canonical.h"
#include "core/json/write.h"

/* Frames or types looked at one by one. */
#define MAX_EACH	64

/* Types of a track; a damaged image that says to have more is not looked back in. */
#define MAX_SEEN	65536

/* What has been read must be there: a sum that nobody can optimise away. */
static volatile uint32_t checksum;

static void
touch(const void *bytes, size_t size)
{
	const uint8_t *at = bytes;
	uint32_t	sum = 0;

	for (size_t i = 0; i < size; i++)
		sum = sum * 31 + at[i];
	checksum += sum;
}

static void
touch_text(AtlText text)
{
	if (text.size > 0)
		touch(text.text, text.size);
}

static void
touch_item(const AtlItem *item)
{
	touch_text(item->payload);
	touch_text(item->attributes);
	touch(&item->timestamp, sizeof(item->timestamp));
	touch(&item->type, sizeof(item->type));
}

static void
read_texts(const AtlView *view)
{
	AtlText		text;

	if (atl_view_text(view, ATL_METADATA, &text) == ATL_OK)
		touch_text(text);
	if (atl_view_text(view, ATL_ATTRIBUTES, &text) == ATL_OK)
		touch_text(text);
}

static void
read_types(const AtlView *view, AtlTrack track)
{
	uint32_t	num = 0;
	AtlStatus	status = atl_track_num_types(view, track, &num);

	for (uint32_t i = 0; status == ATL_OK && i <= num && i < MAX_EACH; i++)
	{
		AtlText		name;
		uint32_t	items;
		uint32_t	type;
		bool		found;

		status = atl_track_type(view, track, i, &name, &items);
		if (status != ATL_OK)
			break;
		touch_text(name);
		status = atl_track_find_type(view, track, name, &found, &type);
	}
}

static void
walk(UnitHost *host, const AtlView *view, AtlTrack track, AtlFilter filter)
{
	AtlWalk		walk;
	AtlItem		item;
	AtlBuffer	text;
	bool		found = true;
	AtlStatus	status;

	atl_buffer_init(&text, &host->host);
	status = atl_walk_begin(&walk, view, track, filter, &text);

	while (status == ATL_OK && found)
	{
		status = atl_walk_next(&walk, &item, &found);
		if (status == ATL_OK && found)
			touch_item(&item);
	}
	atl_buffer_free(&text);
}

static void
look_around(UnitHost *host, const AtlView *view, AtlTrack track, AtlFilter filter, double t)
{
	AtlItem		item;
	AtlBuffer	text;
	bool		found;

	atl_buffer_init(&text, &host->host);
	for (int or_at = 0; or_at < 2; or_at++)
		if (atl_item_after(view, track, filter, t, or_at == 1, &text, &item, &found) == ATL_OK && found)
			touch_item(&item);
	if (atl_item_before(view, track, filter, t, &text, &item, &found) == ATL_OK && found)
		touch_item(&item);
	atl_buffer_free(&text);
}

static void
look_back(UnitHost *host, const AtlView *view, AtlTrack track, AtlFilter filter, double t)
{
	static uint8_t seen[MAX_SEEN];
	AtlHeld		held;
	AtlItem		item;
	AtlBuffer	text;
	uint32_t	num = 0;
	bool		found = true;
	AtlStatus	status = atl_track_num_types(view, track, &num);

	if (status != ATL_OK || num > MAX_SEEN)
		return;
	memset(seen, 0, num);
	atl_buffer_init(&text, &host->host);
	status = atl_held_begin(&held, view, track, filter, t, seen, &text);
	while (status == ATL_OK && found)
	{
		status = atl_held_next(&held, &item, &found);
		if (status == ATL_OK && found)
			touch_item(&item);
	}
	atl_buffer_free(&text);
}

static void
read_track(UnitHost *host, const AtlView *view, AtlTrack track)
{
	static const uint32_t types[] = {0, 1, 40};
	double		times[] = {0, view->duration / 3, view->duration, INFINITY, -1, NAN};
	AtlFilter	filter = atl_filter_all();

	read_types(view, track);
	walk(host, view, track, filter);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
	{
		look_around(host, view, track, atl_filter_all(), times[i]);
		look_back(host, view, track, atl_filter_all(), times[i]);
		filter.start_time = times[i];
		filter.end_time = times[i] + view->duration / 4;
		walk(host, view, track, filter);
	}
	filter = atl_filter_all();
	filter.types = types;
	filter.num_types = sizeof(types) / sizeof(types[0]);
	filter.min_confidence = 0.5;
	walk(host, view, track, filter);
	look_around(host, view, track, filter, view->duration / 2);
	look_back(host, view, track, filter, view->duration / 2);
}

static void
read_frames(const AtlView *view, const AtlFeature *feature, double *numbers)
{
	double		times[] = {0, view->duration / 3, view->duration, feature->start_time, INFINITY, NAN};
	bool		found;

	for (uint32_t i = 0; i < feature->frames && i < MAX_EACH; i++)
		if (atl_feature_read(view, feature, i, 1, numbers) == ATL_OK)
			touch(numbers, feature->dims * sizeof(double));
	atl_feature_read(view, feature, feature->frames, 1, numbers);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		for (int how = ATL_STEP; how <= ATL_NEAREST; how++)
			if (atl_feature_at(view, feature, 0, feature->dims, times[i], (AtlInterpolation) how, numbers, &found) == ATL_OK && found)
				touch(numbers, feature->dims * sizeof(double));
}

/* One dim and all of them, over some of the frames. */
static void
reduce(const AtlView *view, const AtlFeature *feature)
{
	uint32_t	end = feature->frames < 3 * MAX_EACH ? feature->frames : 3 * MAX_EACH;
	uint32_t	bounds[] = {0, end / 3, end / 3, end};
	AtlBucket	out[3 * 2];
	uint32_t	num = feature->dims < 2 ? feature->dims : 2;

	for (int how = 0; how < 4; how++)
	{
		AtlOverview overview = {feature->dims - num, num, how % 2 > 0,
		how / 2 > 0 && atl_overview_grain(view, feature, UINT32_MAX, 1) > 1, bounds, 3, out};

		for (int i = 0; i < 3 * 2; i++)
			atl_bucket_begin(&out[i]);
		if (atl_feature_overview(view, feature, &overview) == ATL_OK)
			touch(out, sizeof(out));
	}
	if (atl_feature_reduce(view, feature, 0, feature->dims, 0, end, &out[0]) == ATL_OK)
		touch(out, sizeof(out));
}

static AtlStatus
read_feature(const AtlView *view, uint32_t i)
{
	static double numbers[2 * ATL_MAX_DIMS];
	AtlFeature	feature;
	AtlFeature	same;
	uint64_t	words[ATL_PIECE_NUMBERS];
	double		clock[2];
	uint32_t	frame;
	bool		found;
	AtlStatus	status = atl_feature_get(view, i, &feature);

	if (status != ATL_OK)
		return status;
	touch_text(feature.unit);
	touch_text(feature.kind);
	touch_text(feature.attributes);
	if (atl_feature_find(view, feature.name, &found, &same) == ATL_OK && found)
		touch_text(same.name);
	for (uint32_t first = 0; first < feature.frames && first < MAX_EACH && feature.dims <= ATL_NARROW_DIMS; first += 100)
	{
		uint32_t	n = feature.frames - first < ATL_PIECE_NUMBERS ? feature.frames - first : ATL_PIECE_NUMBERS;

		if (atl_feature_words(view, &feature, feature.dims - 1, first, n, words) == ATL_OK)
			touch(words, n * sizeof(*words));
	}
	clock[0] = atl_feature_rate(&feature);
	if (atl_feature_end_time(view, &feature, &clock[1]) != ATL_OK ||
		atl_feature_first_frame(view, &feature, view->duration / 2, &frame) != ATL_OK)
		clock[1] = 0;
	touch(clock, sizeof(clock));
	read_frames(view, &feature, numbers);
	reduce(view, &feature);
	return ATL_OK;
}

static void
read_logical(UnitHost *host, const AtlView *view)
{
	AtlLogical	logical;
	AtlPart		part;
	AtlBuffer	comparable;
	bool		found = true;
	AtlStatus	status = atl_logical_begin(&logical, view, &host->host);

	atl_buffer_init(&comparable, &host->host);
	while (status == ATL_OK && found)
	{
		status = atl_logical_next(&logical, &part, &found);
		if (status != ATL_OK || !found)
			break;
		touch(part.numbers, part.num_numbers * sizeof(double));
		touch_text(part.text);
		comparable.size = 0;
		if (part.kind == ATL_JSON_PART && atl_json_append_comparable(&comparable, part.text) == ATL_OK)
			touch(comparable.bytes, comparable.size);
	}
	atl_buffer_free(&comparable);
	atl_logical_end(&logical);
}

static void
print(UnitHost *host, const AtlView *view)
{
	AtlBuffer	text;

	atl_buffer_init(&text, &host->host);
	if (atl_print(view, &text) == ATL_OK)
		touch(text.bytes, text.size);
	atl_buffer_free(&text);
}

/* Members and features by their names, the known ones and one that is not there. */
static void
extract(UnitHost *host, const AtlView *view)
{
	static const char *const keys[] = {"duration", "sampleRate", "events", "markers", "features", "metadata", "x"};
	AtlBuffer	text;
	AtlJsonWriter writer;
	AtlSink		sink = atl_json_writer(&writer, &text);
	AtlExtract	found;

	atl_buffer_init(&text, &host->host);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
	{
		AtlText		key = {keys[i], (uint32_t) strlen(keys[i])};

		text.size = 0;
		if (atl_extract_find(view, &host->host, key, &found) == ATL_OK &&
			atl_extract_push(view, &host->host, &found, &sink) == ATL_OK && text.size > 0)
			touch(text.bytes, text.size);
		text.size = 0;
		if (atl_extract_find_feature(view, key, &found) == ATL_OK &&
			atl_extract_push(view, &host->host, &found, &sink) == ATL_OK && text.size > 0)
			touch(text.bytes, text.size);
	}
	atl_buffer_free(&text);
}

/* Rules may meet bytes that are damaged, in a table. */
static void
encode(UnitHost *host, const AtlView *view)
{
	AtlEncodingRule rule = {.encoding = ATL_U8};
	UnitImage	image;

	host->rule = &rule;
	unit_image_again(host, view, &image);
	unit_image_free(&image);
	host->rule = NULL;
}

AtlStatus
unit_read_all(UnitHost *host, const uint8_t *bytes, uint32_t size, AtlStatus *validated)
{
	UnitSource	pieces;
	AtlView		view;
	AtlProblem	problem;
	AtlStatus	status = atl_view_open(&view, unit_source(&pieces, bytes, size));

	*validated = ATL_DAMAGED;
	if (status == ATL_OK)
	{
		read_texts(&view);
		read_track(host, &view, ATL_EVENTS);
		unit_source_release(&pieces);
		atl_view_open(&view, unit_source(&pieces, bytes, size));
		read_track(host, &view, ATL_MARKERS);
		for (uint32_t i = 0; i < view.num_features && i < MAX_EACH; i++)
			if (read_feature(&view, i) != ATL_OK)
				break;
		read_logical(host, &view);
		print(host, &view);
		extract(host, &view);
		encode(host, &view);
		*validated = atl_validate(&view, bytes, &host->host, &problem, &(uint32_t) {0});
	}
	unit_source_release(&pieces);
	return status;
}

bool
unit_prints_itself(UnitHost *host, const uint8_t *bytes, uint32_t size)
{
	AtlView		view;
	AtlBuffer	text;
	UnitImage	image = {NULL, 0};
	AtlStatus	status = atl_view_open(&view, atl_memory_source(bytes, size));

	atl_buffer_init(&text, &host->host);
	if (status == ATL_OK)
		status = atl_print(&view, &text);
	if (status == ATL_OK)
		status = unit_image_from_text(host, (const char *) text.bytes, text.size, &image, NULL);
	atl_buffer_free(&text);
	if (status == ATL_OK && (image.size != size || memcmp(image.bytes, bytes, size) != 0))
		status = ATL_DAMAGED;
	unit_image_free(&image);
	/* A host with a limit may run out; that says nothing of the image. */
	return status == ATL_OK || status == ATL_NO_MEMORY;
}

static bool
is_same(const UnitImage *a, const uint8_t *bytes, uint32_t size)
{
	return a->size == size && memcmp(a->bytes, bytes, size) == 0;
}

/* One rule, which the host has: from the image, from its text, and once more. */
static bool
obeys_rule(UnitHost *host, const AtlView *view)
{
	UnitHost	plain = *host;
	UnitImage	image;
	UnitImage	again = {NULL, 0};
	AtlView		encoded;
	AtlBuffer	text;
	AtlProblem	problem;
	AtlStatus	status = unit_image_again(host, view, &image);
	bool		good = status != ATL_DAMAGED;

	atl_buffer_init(&text, &host->host);
	if (atl_print(view, &text) == ATL_OK)
		good &= unit_image_from_text(host, (const char *) text.bytes, text.size, &again, &problem) == status;
	if (status == ATL_INVALID)
		good &= problem.code == ATL_PROBLEM_NOT_ENCODABLE;
	if (status == ATL_OK)
	{
		plain.rule = NULL;
		good &= atl_view_open(&encoded, atl_memory_source(image.bytes, image.size)) == ATL_OK;
		good &= is_same(&again, image.bytes, image.size);
		good &= atl_validate(&encoded, image.bytes, &host->host, &problem, &(uint32_t) {0}) == ATL_OK;
		good &= unit_prints_itself(host, image.bytes, image.size);
		good &= unit_prints_itself(&plain, image.bytes, image.size);
		unit_image_free(&again);
		good &= unit_image_again(host, &encoded, &again) == ATL_OK && is_same(&again, image.bytes, image.size);
	}
	unit_image_free(&image);
	unit_image_free(&again);
	atl_buffer_free(&text);
	return good;
}

bool
unit_obeys_rules(UnitHost *host, const uint8_t *bytes, uint32_t size)
{
	static const AtlEncoding encodings[] = {(AtlEncoding) 0, ATL_F32, ATL_U8, ATL_I8, ATL_U16, ATL_I16};
	AtlView		view;
	bool		good = atl_view_open(&view, atl_memory_source(bytes, size)) == ATL_OK;

	for (size_t i = 0; good && i < sizeof(encodings) / sizeof(encodings[0]); i++)
	{
		AtlEncodingRule rule = {.encoding = encodings[i]};

		host->rule = &rule;
		good = obeys_rule(host, &view);
	}
	host->rule = NULL;
	return good;
}
