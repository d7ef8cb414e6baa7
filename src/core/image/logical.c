/*
 * logical.c
 *		The logical value of a timeline, as a sequence of parts.
 *
 * Comparison and hash walk these parts, so they cannot disagree.  The sequence
 * is unambiguous: counts come before what they count, and a text that may be
 * absent is empty then, which no present one is.  So absent data differs from
 * {}, and both from null, which is an attribute.
 *
 *		numbers		duration, sample rate, members present, number of events,
 *					markers and features
 *		per event, then per marker:
 *			numbers		timestamp, duration, confidence (NaN: absent)
 *			plain		type
			JSON		payload, attributes
 *		per feature:
 *			plain		name, unit, kind
 *			JSON		attributes
 *			numbers		frames, dims, flags, encoding, clock, start time, range,
 *						maximum error
 *			numbers		dim after dim, in batches of frames; of base64
 *						the bytes, as plain parts
 *		JSON		metadata, attributes
 *
 * Encoding counts only if it was given: how numbers are stored otherwise is the
 * writer's choice.  For base64 the stored bytes are the text's meaning.
 */
#include "core/image/logical.h"

#include <string.h>

#include "core/base/bytes.h"

enum Stage
{
	HEADER,
	EVENTS,
	MARKERS,
	FEATURES,
	METADATA,
	ATTRIBUTES,
	END
};

AtlStatus
atl_logical_begin(AtlLogical *logical, const AtlView *view, const AtlHost *host)
{
	memset(logical, 0, offsetof(AtlLogical, numbers));
	logical->view = view;
	atl_buffer_init(&logical->text, host);
	return atl_walk_begin(&logical->walk, view, ATL_EVENTS, atl_filter_all(), &logical->text);
}

void
atl_logical_end(AtlLogical *logical)
{
	atl_buffer_free(&logical->text);
}

static void
give_numbers(AtlLogical *logical, uint32_t n, AtlPart *part)
{
	part->kind = ATL_NUMBERS_PART;
	part->numbers = logical->numbers;
	part->num_numbers = n;
}

static void
give_json(AtlText json, AtlPart *part)
{
	part->kind = ATL_JSON_PART;
	part->text = json;
}

static void
give_header(AtlLogical *logical, AtlPart *part)
{
	const AtlView *view = logical->view;

	logical->numbers[0] = view->duration;
	logical->numbers[1] = view->sample_rate;
	logical->numbers[2] = view->present;
	logical->numbers[3] = view->num_events;
	logical->numbers[4] = view->num_markers;
	logical->numbers[5] = view->num_features;
	give_numbers(logical, 6, part);
	logical->stage = EVENTS;
}

static void
give_item_numbers(AtlLogical *logical, AtlPart *part)
{
	logical->numbers[0] = logical->item.timestamp;
	logical->numbers[1] = logical->item.duration;
	logical->numbers[2] = logical->item.confidence;
	give_numbers(logical, 3, part);
}

/* The next part of the items; none, and the next stage, after the last. */
static AtlStatus
give_item(AtlLogical *logical, AtlTrack track, AtlPart *part, bool *found)
{
	uint32_t	items;
	AtlStatus	status = ATL_OK;

	*found = true;
	switch (logical->step++)
	{
		case 0:
			status = atl_walk_next(&logical->walk, &logical->item, found);
			if (status == ATL_OK && *found)
				give_item_numbers(logical, part);
			break;
		case 1:
			status = atl_track_type(logical->view, track, logical->item.type, &part->text, &items);
			break;
		case 2:
			give_json(logical->item.payload, part);
			break;
		default:
			give_json(logical->item.attributes, part);
			logical->step = 0;
	}
	if (status == ATL_OK && !*found)
	{
		logical->stage++;
		logical->step = 0;
		if (track == ATL_EVENTS)
			status = atl_walk_begin(&logical->walk, logical->view, ATL_MARKERS, atl_filter_all(),
									&logical->text);
	}
	return status;
}

static void
give_feature_numbers(AtlLogical *logical, AtlPart *part)
{
	const AtlFeature *feature = &logical->feature;
	double	   *numbers = logical->numbers;

	numbers[0] = feature->frames;
	numbers[1] = feature->dims;
	numbers[2] = feature->flags;
	numbers[3] = (feature->flags & ATL_FEATURE_ENCODING) != 0 ? feature->encoding : 0;
	numbers[4] = feature->clock;
	numbers[5] = feature->start_time;
	numbers[6] = feature->range_min;
	numbers[7] = feature->range_max;
	numbers[8] = feature->max_error;
	give_numbers(logical, 9, part);
}

/* Words as bytes in their encoding: what a document gives as base64 counts bit for bit. */
static void
give_bytes(AtlLogical *logical, const uint64_t *words, uint32_t n, AtlPart *part)
{
	uint32_t	width = atl_encoding_width(logical->feature.encoding);
	uint8_t    *to = (uint8_t *) logical->numbers;

	part->text.text = (const char *) to;
	for (uint32_t i = 0; i < n; i++)
		to = atl_store_word(to, width, words[i]);
	part->text.size = n * width;
}

/* A batch of one dim's numbers, or none after the last of the last dim. */
static AtlStatus
give_series(AtlLogical *logical, AtlPart *part, bool *found)
{
	const AtlFeature *feature = &logical->feature;
	uint64_t	words[ATL_PART_NUMBERS];
	uint32_t	first = logical->next;
	uint32_t	n = feature->frames - first < ATL_PART_NUMBERS ? feature->frames - first : ATL_PART_NUMBERS;
	AtlStatus	status;

	*found = logical->dim < feature->dims && n > 0;
	if (!*found)
		return ATL_OK;
	status = atl_feature_words(logical->view, feature, logical->dim, first, n, words);
	if (status != ATL_OK)
		return status;
	if ((feature->flags & ATL_FEATURE_BASE64) != 0)
		give_bytes(logical, words, n, part);
	else
	{
		atl_series_numbers(atl_feature_scale(feature), words, n, 1, logical->numbers);
		give_numbers(logical, n, part);
	}
	logical->next += n;
	if (logical->next == feature->frames)
	{
		logical->next = 0;
		logical->dim++;
	}
	return ATL_OK;
}

/* The next part of the features; none, and the next stage, after the last. */
static AtlStatus
give_feature(AtlLogical *logical, AtlPart *part, bool *found)
{
	AtlStatus	status = ATL_OK;

	*found = true;
	switch (logical->step++)
	{
		case 0:
			*found = logical->feature_number < logical->view->num_features;
			if (!*found)
			{
				logical->stage++;
				logical->step = 0;
				return ATL_OK;
			}
			status = atl_feature_get(logical->view, logical->feature_number++, &logical->feature);
			part->text = logical->feature.name;
			break;
		case 1:
			part->text = logical->feature.unit;
			break;
		case 2:
			part->text = logical->feature.kind;
			break;
		case 3:
			give_json(logical->feature.attributes, part);
			break;
		case 4:
			give_feature_numbers(logical, part);
			logical->next = 0;
			logical->dim = 0;
			break;
		default:
			logical->step = 5;
			status = give_series(logical, part, found);
			if (!*found)
				logical->step = 0;
	}
	return status;
}

/* One of the JSON texts after the features. */
static AtlStatus
give_text(AtlLogical *logical, AtlSectionKind kind, AtlPart *part)
{
	logical->stage++;
	part->kind = ATL_JSON_PART;
	return atl_view_text(logical->view, kind, &part->text);
}

AtlStatus
atl_logical_next(AtlLogical *logical, AtlPart *part, bool *found)
{
	AtlStatus	status = ATL_OK;

	*found = false;
	while (status == ATL_OK && !*found && logical->stage < END)
	{
		memset(part, 0, sizeof(*part));
		*found = true;
		if (logical->stage == HEADER)
			give_header(logical, part);
		else if (logical->stage == EVENTS || logical->stage == MARKERS)
			status = give_item(logical, logical->stage == EVENTS ? ATL_EVENTS : ATL_MARKERS, part, found);
		else if (logical->stage == FEATURES)
			status = give_feature(logical, part, found);
		else if (logical->stage == METADATA)
			status = give_text(logical, ATL_METADATA, part);
		else
			status = give_text(logical, ATL_ATTRIBUTES, part);
	}
	return status;
}
