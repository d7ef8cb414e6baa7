/*
 * logical.c
 *		The logical value of a timeline, as a sequence of parts.
 *
 * Comparison and hash walk these parts, so they cannot disagree.  The sequence
 * is unambiguous: each count precedes the counted parts, and an absent text is
 * empty, while a present JSON text never is.  So absent data, {} and null all
 * differ.
 *
 *		numbers		duration, sample rate, start time, members present, number of
 *					events, markers and features
 *		per event, then per marker:
 *			numbers		timestamp, duration, confidence (NaN: absent)
 *			plain		type
 *			JSON		payload, attributes
 *		per feature:
 *			plain		name, unit, kind
 *			JSON		attributes
 *			numbers		frames, dims, flags, encoding, clock, start time, range,
 *						maximum error
 *			numbers		see below; of base64 the bytes, as plain parts
 *			numbers		times, in the same way, if it has them
 *		JSON		metadata, attributes
 *
 * A feature of up to 32 dims gives, for each block of 512 frames, the numbers
 * of dim 0, then of dim 1, and so on; numbers of a null frame are a special
 * NaN.  A feature of more dims gives, for each block of 1024 / dims frames
 * (rounded down, at least one), first 1 (null) or 0 for each frame, and then
 * the numbers of the other frames, frame after frame, in parts of 512.  So a
 * null frame counts as one number, as in the text.
 *
 * Encoding counts only if it was given: how numbers are stored otherwise is the
 * writer's choice.  For base64 the stored bytes are the text's meaning.
 */
#include "core/image/logical.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/count.h"
#include "core/image/clock.h"

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
	logical->numbers[2] = view->start_time;
	logical->numbers[3] = view->present;
	logical->numbers[4] = view->num_events;
	logical->numbers[5] = view->num_markers;
	logical->numbers[6] = view->num_features;
	give_numbers(logical, 7, part);
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

/* Give the next part of the items; after the last, enter the next stage. */
static AtlStatus
give_item(AtlLogical *logical, AtlTrack track, AtlPart *part, bool *found)
{
	uint32_t	items;

	*found = true;
	switch (logical->step++)
	{
		case 0:
			ATL_TRY(atl_walk_next(&logical->walk, &logical->item, found));
			if (*found)
				give_item_numbers(logical, part);
			break;
		case 1:
			ATL_TRY(atl_track_type(logical->view, track, logical->item.type, &part->text, &items));
			break;
		case 2:
			give_json(logical->item.payload, part);
			break;
		default:
			give_json(logical->item.attributes, part);
			logical->step = 0;
	}
	if (!*found)
	{
		logical->stage++;
		logical->step = 0;
		if (track == ATL_EVENTS)
			ATL_TRY(atl_walk_begin(&logical->walk, logical->view, ATL_MARKERS, atl_filter_all(),
								   &logical->text));
	}
	return ATL_OK;
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

/* Give words as stored bytes, because base64 data is compared bit by bit. */
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

/* Give words as numbers, or as bytes if the document has base64. */
static void
give_words(AtlLogical *logical, const uint64_t *words, uint32_t n, AtlPart *part)
{
	const AtlFeature *feature = &logical->feature;

	if ((feature->flags & ATL_FEATURE_BASE64) != 0)
		give_bytes(logical, words, n, part);
	else
	{
		atl_series_numbers(atl_feature_scale(feature), words, n, 1, logical->numbers);
		give_numbers(logical, n, part);
	}
}

/* Give the next dim of a block (n frames from first on), narrow feature. */
static AtlStatus
give_dim(AtlLogical *logical, uint32_t first, uint32_t n, AtlPart *part)
{
	uint64_t	words[ATL_PIECE_NUMBERS];

	ATL_TRY(atl_feature_words(logical->view, &logical->feature, logical->given, first, n, words));
	give_words(logical, words, n, part);
	if (++logical->given == logical->feature.dims)
	{
		logical->given = 0;
		logical->next++;
	}
	return ATL_OK;
}

/* Give a block of n frames of a wide feature: null flags, then numbers. */
static AtlStatus
give_wide(AtlLogical *logical, uint32_t n, AtlPart *part)
{
	AtlWide    *wide = &logical->wide;
	uint64_t	words[ATL_PIECE_NUMBERS];
	uint32_t	given;

	if (logical->step == 6)
	{
		ATL_TRY(atl_wide_words(wide, logical->given, wide->num - logical->given, words, &given));
		give_words(logical, words, given, part);
		logical->given += given;
	}
	else
	{
		ATL_TRY(atl_wide_open(logical->view, &logical->feature, logical->next, true, wide));
		for (uint32_t i = 0; i < n; i++)
			logical->numbers[i] = atl_wide_is_null(wide, i);
		give_numbers(logical, n, part);
		logical->given = 0;
	}
	logical->step = 6;
	if (logical->given == wide->num)
	{
		logical->step = 5;
		logical->next++;
	}
	return ATL_OK;
}

/* Give the next part of the series in hand; found = false after the last. */
static AtlStatus
give_series(AtlLogical *logical, AtlPart *part, bool *found)
{
	const AtlFeature *feature = &logical->feature;
	uint64_t	first = (uint64_t) logical->next * feature->block_frames;
	uint32_t	n;

	*found = first < feature->frames;
	if (!*found)
		return ATL_OK;
	n = atl_min(feature->frames - (uint32_t) first, feature->block_frames);
	return atl_feature_is_wide(feature) ? give_wide(logical, n, part) :
		give_dim(logical, (uint32_t) first, n, part);
}

/* After the numbers of a feature go on with its times, if it has them. */
static AtlStatus
end_series(AtlLogical *logical)
{
	AtlFeature	feature = logical->feature;

	logical->step = 0;
	if (!atl_feature_has_times(&feature))
		return ATL_OK;
	ATL_TRY(atl_feature_times(logical->view, &feature, &logical->feature));
	logical->step = 5;
	logical->next = 0;
	logical->given = 0;
	return ATL_OK;
}

/* Give the next part of the features; after the last, enter the next stage. */
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
			logical->given = 0;
			break;
		default:
			logical->step--;
			status = give_series(logical, part, found);
			if (status == ATL_OK && !*found)
				status = end_series(logical);
	}
	return status;
}

/* Give metadata or attributes, the JSON texts after the features. */
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
	*found = false;
	while (!*found && logical->stage < END)
	{
		memset(part, 0, sizeof(*part));
		*found = true;
		if (logical->stage == HEADER)
			give_header(logical, part);
		else if (logical->stage == EVENTS || logical->stage == MARKERS)
			ATL_TRY(give_item(logical, logical->stage == EVENTS ? ATL_EVENTS : ATL_MARKERS, part, found));
		else if (logical->stage == FEATURES)
			ATL_TRY(give_feature(logical, part, found));
		else if (logical->stage == METADATA)
			ATL_TRY(give_text(logical, ATL_METADATA, part));
		else
			ATL_TRY(give_text(logical, ATL_ATTRIBUTES, part));
	}
	return ATL_OK;
}
