/*
 * tokens.c
 *		Push the tokens of the document in an image, or of a part of it.
 *
 * Only this file knows how an image reads as JSON: members in the order of the
 * documentation, unknown members last.  Printing writes these tokens as text;
 * the full check builds an image from these tokens again.
 */
#include "core/whole/whole.h"

#include <math.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/count.h"
#include "core/base/work.h"
#include "core/image/clock.h"
#include "core/image/track.h"
#include "core/json/canonical.h"
#include "core/json/members.h"

/* A view, and the sink of its tokens. */
typedef struct Walker
{
	const AtlView *view;
	const AtlHost *host;
	const AtlSink *sink;
} Walker;

static AtlStatus
push(const Walker *walker, AtlTokenKind kind, AtlText text, double number)
{
	AtlToken	token = {.kind = kind, .text = text, .number = number};

	return walker->sink->push(walker->sink->context, &token);
}

static AtlStatus
push_mark(const Walker *walker, AtlTokenKind kind)
{
	AtlText		none = {NULL, 0};

	return push(walker, kind, none, 0);
}

static AtlStatus
push_number(const Walker *walker, double number)
{
	AtlText		none = {NULL, 0};

	return isnan(number) ? push(walker, ATL_NULL, none, 0) : push(walker, ATL_DOUBLE, none, number);
}

/* The key of a known member as JSON text, which prints without escaping. */
#define NAME(key)	((AtlText) {"\"" key "\":", sizeof(key) + 2})

static AtlStatus
push_name(const Walker *walker, AtlText name)
{
	return push(walker, ATL_NAME, name, 0);
}

static AtlStatus
push_number_member(const Walker *walker, AtlText name, double number)
{
	ATL_TRY(push_name(walker, name));
	return push_number(walker, number);
}

static AtlStatus
push_text_member(const Walker *walker, AtlText name, AtlTokenKind kind, AtlText text)
{
	ATL_TRY(push_name(walker, name));
	return push(walker, kind, text, 0);
}

/* Push a member stored as JSON text, unless the text is empty. */
static AtlStatus
push_json_member(const Walker *walker, AtlText name, AtlText json)
{
	return json.size == 0 ? ATL_OK : push_text_member(walker, name, ATL_JSON, json);
}

/* Push the unknown members of an object, then the end of the object. */
static AtlStatus
push_attributes(const Walker *walker, AtlText attributes)
{
	/* No builder writes empty attributes, which would print a stray comma. */
	if (attributes.size > 0)
		ATL_TRY(attributes.size <= 2 ? ATL_DAMAGED : push(walker, ATL_MEMBERS, attributes, 0));
	return push_mark(walker, ATL_OBJECT_END);
}

static AtlStatus
push_item(const Walker *walker, AtlTrack track, const AtlItem *item)
{
	AtlText		type;
	uint32_t	items;

	ATL_TRY(push_mark(walker, ATL_OBJECT_START));
	ATL_TRY(push_number_member(walker, NAME("timestamp"), item->timestamp));
	ATL_TRY(atl_track_type(walker->view, track, item->type, &type, &items));
	ATL_TRY(push_text_member(walker, NAME("type"), ATL_STRING, type));
	if (!isnan(item->duration))
		ATL_TRY(push_number_member(walker, NAME("duration"), item->duration));
	if (!isnan(item->confidence))
		ATL_TRY(push_number_member(walker, NAME("confidence"), item->confidence));
	ATL_TRY(push_json_member(walker, track == ATL_EVENTS ? NAME("data") : NAME("value"), item->payload));
	return push_attributes(walker, item->attributes);
}

static AtlStatus
push_items(const Walker *walker, AtlTrack track, AtlBuffer *text)
{
	AtlWalk		walk;
	AtlItem		item;
	bool		found = true;

	ATL_TRY(atl_walk_begin(&walk, walker->view, track, atl_filter_all(), text));
	while (found)
	{
		atl_poll(walker->host);
		ATL_TRY(atl_walk_next(&walk, &item, &found));
		if (found)
			ATL_TRY(push_item(walker, track, &item));
	}
	return ATL_OK;
}

static AtlStatus
push_track(const Walker *walker, AtlTrack track)
{
	AtlBuffer	text;
	AtlStatus	status;

	ATL_TRY(push_mark(walker, ATL_ARRAY_START));
	atl_buffer_init(&text, walker->host);
	status = push_items(walker, track, &text);
	atl_buffer_free(&text);
	return status != ATL_OK ? status : push_mark(walker, ATL_ARRAY_END);
}

/* Push one nested frame: an array of dims numbers, or null. */
static AtlStatus
push_frame(const Walker *walker, const double *numbers, uint32_t dims)
{
	if (atl_f64_bits(numbers[0]) == ATL_NAN_FRAME_64)
		return push_mark(walker, ATL_NULL);
	ATL_TRY(push_mark(walker, ATL_ARRAY_START));
	ATL_TRY(walker->sink->push_numbers(walker->sink->context, numbers, dims));
	return push_mark(walker, ATL_ARRAY_END);
}

/* Push the n frames of a block from frame first; numbers is scratch memory. */
static AtlStatus
push_block(const Walker *walker, const AtlFeature *feature, uint32_t first, uint32_t n, AtlBuffer *numbers)
{
	bool		nested = (feature->flags & ATL_FEATURE_NESTED) != 0;
	uint32_t	numbers_in_all = n * feature->dims;
	const double *frames;
	bool		null;

	/* Do not decode a block of null frames: many dims would take memory. */
	ATL_TRY(atl_feature_block_is_null(walker->view, feature, first / feature->block_frames, &null));
	for (uint32_t i = 0; i < (nested ? n : numbers_in_all) && null; i++)
		ATL_TRY(push_mark(walker, ATL_NULL));
	if (null)
		return ATL_OK;
	ATL_TRY(atl_buffer_reserve(numbers, numbers_in_all * sizeof(double)));
	ATL_TRY(atl_feature_read(walker->view, feature, first, n, (double *) numbers->bytes));
	frames = (const double *) numbers->bytes;
	if (!nested)
		return walker->sink->push_numbers(walker->sink->context, frames, numbers_in_all);
	for (uint32_t i = 0; i < n; i++)
		ATL_TRY(push_frame(walker, frames + (size_t) i * feature->dims, feature->dims));
	return ATL_OK;
}

static AtlStatus
push_frames(const Walker *walker, const AtlFeature *feature, AtlBuffer *numbers)
{
	uint32_t	batch = feature->block_frames;

	for (uint32_t first = 0; first < feature->frames; first += batch)
	{
		atl_poll(walker->host);
		ATL_TRY(push_block(walker, feature, first, atl_min(feature->frames - first, batch), numbers));
	}
	return ATL_OK;
}

static AtlStatus
push_array(const Walker *walker, const AtlFeature *feature)
{
	AtlBuffer	numbers;
	AtlStatus	status;

	ATL_TRY(push_mark(walker, ATL_ARRAY_START));
	atl_buffer_init(&numbers, walker->host);
	status = push_frames(walker, feature, &numbers);
	atl_buffer_free(&numbers);
	return status != ATL_OK ? status : push_mark(walker, ATL_ARRAY_END);
}

static AtlStatus
push_values(const Walker *walker, const AtlFeature *feature)
{
	/* Frames of many numbers in one flat list need dims to tell them apart. */
	if ((feature->flags & (ATL_FEATURE_NESTED | ATL_FEATURE_DIMS)) == 0 && feature->dims != 1)
		return ATL_DAMAGED;
	ATL_TRY(push_name(walker, NAME("values")));
	return push_array(walker, feature);
}

/* Push the times of a feature that has no clock. */
static AtlStatus
push_times(const Walker *walker, const AtlFeature *feature)
{
	AtlFeature	times;

	ATL_TRY(push_name(walker, NAME("times")));
	ATL_TRY(atl_feature_times(walker->view, feature, &times));
	return push_array(walker, &times);
}

static AtlStatus
push_base64(const Walker *walker, const AtlFeature *feature)
{
	AtlBuffer	bytes;
	AtlText		text;
	AtlStatus	status;

	atl_buffer_init(&bytes, walker->host);
	status = atl_feature_bytes(walker->view, feature, &bytes);
	text.text = (const char *) atl_buffer_at(&bytes, 0);
	text.size = (uint32_t) bytes.size;
	if (status == ATL_OK)
		status = push_text_member(walker, NAME("base64"), ATL_BYTES, text);
	atl_buffer_free(&bytes);
	return status;
}

static AtlStatus
push_range(const Walker *walker, const AtlFeature *feature)
{
	ATL_TRY(push_name(walker, NAME("range")));
	ATL_TRY(push_mark(walker, ATL_ARRAY_START));
	ATL_TRY(push_number(walker, feature->range_min));
	ATL_TRY(push_number(walker, feature->range_max));
	return push_mark(walker, ATL_ARRAY_END);
}

/* Push the members of a feature that describe its numbers. */
static AtlStatus
push_description(const Walker *walker, const AtlFeature *feature)
{
	AtlText		encoding = {atl_encoding_name(feature->encoding), 0};
	uint32_t	flags = feature->flags;

	encoding.size = (uint32_t) strlen(encoding.text);
	if (!atl_feature_has_times(feature))
		ATL_TRY(push_number_member(walker, (flags & ATL_FEATURE_HOP) != 0 ? NAME("hop") : NAME("frameRate"),
								   feature->clock));
	if ((flags & ATL_FEATURE_START) != 0)
		ATL_TRY(push_number_member(walker, NAME("startTime"), feature->start_time));
	if ((flags & ATL_FEATURE_DIMS) != 0)
		ATL_TRY(push_number_member(walker, NAME("dims"), feature->dims));
	if ((flags & ATL_FEATURE_UNIT) != 0)
		ATL_TRY(push_text_member(walker, NAME("unit"), ATL_STRING, feature->unit));
	if ((flags & ATL_FEATURE_KIND) != 0)
		ATL_TRY(push_text_member(walker, NAME("kind"), ATL_STRING, feature->kind));
	if ((flags & ATL_FEATURE_ENCODING) != 0)
		ATL_TRY(push_text_member(walker, NAME("encoding"), ATL_STRING, encoding));
	if ((flags & ATL_FEATURE_RANGE) != 0)
		ATL_TRY(push_range(walker, feature));
	if ((flags & ATL_FEATURE_ERROR) != 0)
		ATL_TRY(push_number_member(walker, NAME("maxError"), feature->max_error));
	return ATL_OK;
}

static AtlStatus
push_feature(const Walker *walker, const AtlFeature *feature)
{
	ATL_TRY(push_mark(walker, ATL_OBJECT_START));
	ATL_TRY(push_description(walker, feature));
	if (atl_feature_has_times(feature))
		ATL_TRY(push_times(walker, feature));
	if ((feature->flags & ATL_FEATURE_BASE64) != 0)
		ATL_TRY(push_base64(walker, feature));
	else
		ATL_TRY(push_values(walker, feature));
	return push_attributes(walker, feature->attributes);
}

static AtlStatus
push_features(const Walker *walker)
{
	ATL_TRY(push_mark(walker, ATL_OBJECT_START));
	for (uint32_t i = 0; i < walker->view->num_features; i++)
	{
		AtlFeature	feature;

		atl_poll(walker->host);
		ATL_TRY(atl_feature_get(walker->view, i, &feature));
		ATL_TRY(push(walker, ATL_KEY, feature.name, 0));
		ATL_TRY(push_feature(walker, &feature));
	}
	return push_mark(walker, ATL_OBJECT_END);
}

AtlStatus
atl_push_tokens(const AtlView *view, const AtlHost *host, const AtlSink *sink)
{
	Walker		walker = {view, host, sink};
	AtlText		metadata = {NULL, 0};
	AtlText		attributes = {NULL, 0};

	ATL_TRY(push_mark(&walker, ATL_OBJECT_START));
	ATL_TRY(push_number_member(&walker, NAME("duration"), view->duration));
	ATL_TRY(push_number_member(&walker, NAME("sampleRate"), view->sample_rate));
	if ((view->present & ATL_HAS_START) != 0)
		ATL_TRY(push_number_member(&walker, NAME("startTime"), view->start_time));
	if ((view->present & ATL_HAS_EVENTS) != 0)
	{
		ATL_TRY(push_name(&walker, NAME("events")));
		ATL_TRY(push_track(&walker, ATL_EVENTS));
	}
	if ((view->present & ATL_HAS_MARKERS) != 0)
	{
		ATL_TRY(push_name(&walker, NAME("markers")));
		ATL_TRY(push_track(&walker, ATL_MARKERS));
	}
	if ((view->present & ATL_HAS_FEATURES) != 0)
	{
		ATL_TRY(push_name(&walker, NAME("features")));
		ATL_TRY(push_features(&walker));
	}
	ATL_TRY(atl_view_text(view, ATL_METADATA, &metadata));
	ATL_TRY(push_json_member(&walker, NAME("metadata"), metadata));
	ATL_TRY(atl_view_text(view, ATL_ATTRIBUTES, &attributes));
	return push_attributes(&walker, attributes);
}


/*
 * Extracts
 */

static bool
is_key(AtlText text, const char *key)
{
	return text.size == strlen(key) && memcmp(text.text, key, text.size) == 0;
}

/* Find a member among attributes, whose keys stand there as canonical text. */
static AtlStatus
find_attribute(const AtlView *view, const AtlHost *host, AtlText key, AtlText *value)
{
	AtlText		attributes;
	AtlBuffer	quoted;
	AtlMemberScan scan;
	AtlJsonMember member;
	bool		found = true;
	AtlStatus	status;

	ATL_TRY(atl_view_text(view, ATL_ATTRIBUTES, &attributes));
	if (attributes.size == 0)
		return ATL_OK;
	atl_buffer_init(&quoted, host);
	status = atl_json_append_string(&quoted, key);
	if (status == ATL_OK)
		status = atl_members_begin(&scan, host, attributes);
	while (status == ATL_OK && found && value->size == 0)
	{
		status = atl_members_next(&scan, &member, &found);
		if (status == ATL_OK && found && member.key.size + 2 == quoted.size &&
			memcmp(member.key.text, atl_buffer_at(&quoted, 1), member.key.size) == 0)
			*value = member.value;
	}
	atl_buffer_free(&quoted);
	return status;
}

AtlStatus
atl_extract_find(const AtlView *view, const AtlHost *host, AtlText key, AtlExtract *extract)
{
	AtlText		json = {NULL, 0};

	extract->kind = ATL_EXTRACT_JSON;
	if (is_key(key, "duration"))
		extract->kind = ATL_EXTRACT_DURATION;
	else if (is_key(key, "sampleRate"))
		extract->kind = ATL_EXTRACT_SAMPLE_RATE;
	else if (is_key(key, "startTime") && (view->present & ATL_HAS_START) != 0)
		extract->kind = ATL_EXTRACT_START_TIME;
	else if (is_key(key, "events") && (view->present & ATL_HAS_EVENTS) != 0)
		extract->kind = ATL_EXTRACT_EVENTS;
	else if (is_key(key, "markers") && (view->present & ATL_HAS_MARKERS) != 0)
		extract->kind = ATL_EXTRACT_MARKERS;
	else if (is_key(key, "features") && (view->present & ATL_HAS_FEATURES) != 0)
		extract->kind = ATL_EXTRACT_FEATURES;
	else if (is_key(key, "metadata"))
		ATL_TRY(atl_view_text(view, ATL_METADATA, &json));

	/* A known member that was given as null is an attribute, too. */
	if (extract->kind == ATL_EXTRACT_JSON && json.size == 0)
		ATL_TRY(find_attribute(view, host, key, &json));
	if (extract->kind == ATL_EXTRACT_JSON && json.size == 0)
		extract->kind = ATL_EXTRACT_NONE;
	extract->json = json;
	return ATL_OK;
}

AtlStatus
atl_extract_find_feature(const AtlView *view, AtlText name, AtlExtract *extract)
{
	bool		found;

	ATL_TRY(atl_feature_find(view, name, &found, &extract->feature));
	extract->kind = found ? ATL_EXTRACT_FEATURE : ATL_EXTRACT_NONE;
	return ATL_OK;
}

AtlStatus
atl_extract_push(const AtlView *view, const AtlHost *host, const AtlExtract *extract, const AtlSink *sink)
{
	Walker		walker = {view, host, sink};

	switch (extract->kind)
	{
		case ATL_EXTRACT_DURATION:
			return push_number(&walker, view->duration);
		case ATL_EXTRACT_SAMPLE_RATE:
			return push_number(&walker, view->sample_rate);
		case ATL_EXTRACT_START_TIME:
			return push_number(&walker, view->start_time);
		case ATL_EXTRACT_EVENTS:
			return push_track(&walker, ATL_EVENTS);
		case ATL_EXTRACT_MARKERS:
			return push_track(&walker, ATL_MARKERS);
		case ATL_EXTRACT_FEATURES:
			return push_features(&walker);
		case ATL_EXTRACT_FEATURE:
			return push_feature(&walker, &extract->feature);
		case ATL_EXTRACT_JSON:
			return push(&walker, ATL_JSON, extract->json, 0);
		case ATL_EXTRACT_NONE:
			break;
	}
	return ATL_OK;
}
