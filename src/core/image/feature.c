/*
 * feature.c
 *		Features of an image: their entries.
 */
#include "core/image/clock.h"

#include <math.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/count.h"
#include "core/base/text.h"

static AtlStatus
entry_text(const AtlView *view, const uint8_t *entry, AtlText *text)
{
	uint32_t	offset = atl_load_u32(entry);
	const uint8_t *bytes;
	AtlStatus	status;

	text->size = atl_load_u32(entry + 4);
	status = atl_view_fetch(view, ATL_FEATURE_TEXT, offset, text->size, &bytes);
	text->text = (const char *) bytes;
	return status;
}

static bool
clock_is_sound(const AtlView *view, const AtlFeature *feature)
{
	if (feature->clock == 0)
		return feature->start_time == 0;
	return feature->clock > 0 && isfinite(feature->clock) && isfinite(1 / feature->clock) &&
		feature->start_time >= view->start_time - atl_view_rounding(view) && isfinite(feature->start_time);
}

/* Check clock, shape and directory range, on which reading numbers relies. */
static bool
entry_is_sound(const AtlView *view, const AtlFeature *feature)
{
	uint32_t	pieces = atl_block_pieces(feature->dims);
	uint64_t	directory_end;

	if (feature->dims == 0 || feature->dims > ATL_MAX_DIMS || feature->frames > ATL_MAX_NUMBERS / feature->dims)
		return false;
	if (feature->first_piece > feature->group_pieces || pieces > feature->group_pieces - feature->first_piece)
		return false;
	directory_end = feature->directory +
		(uint64_t) atl_divide_up(feature->frames, feature->block_frames) * feature->group_pieces;
	return directory_end <= view->sections[ATL_FEATURE_DIRECTORY].size / ATL_DIRECTORY_ENTRY_SIZE &&
		clock_is_sound(view, feature);
}

static AtlStatus
read_entry(const AtlView *view, const uint8_t *entry, AtlFeature *feature)
{
	if (entry[40] == 0 || entry[40] >= ATL_ENCODINGS || entry[41] < ATL_LAYOUT_SERIES || entry[41] > ATL_LAYOUT_FRAMES)
		return ATL_UNSUPPORTED;
	feature->frames = atl_load_u32(entry + 32);
	feature->dims = atl_load_u32(entry + 36);
	feature->encoding = (AtlEncoding) entry[40];
	feature->flags = atl_load_u16(entry + 42);
	feature->data_size = atl_load_u32(entry + 44);
	feature->clock = atl_load_f64(entry + 48);
	feature->start_time = atl_load_f64(entry + 56);
	feature->range_min = atl_load_f64(entry + 64);
	feature->range_max = atl_load_f64(entry + 72);
	feature->max_error = atl_load_f64(entry + 80);
	feature->min = atl_load_f64(entry + 88);
	feature->max = atl_load_f64(entry + 96);
	feature->mean = atl_load_f64(entry + 104);
	feature->directory = atl_load_u32(entry + 112);
	feature->group_pieces = atl_load_u32(entry + 116);
	feature->first_piece = atl_load_u32(entry + 120);
	feature->summary = atl_load_u32(entry + 124);
	feature->missing = atl_load_u32(entry + 128);
	feature->times = atl_load_u32(entry + 132);
	feature->block_frames = atl_block_frames(feature->dims);
	feature->sample_rate = view->sample_rate;
	if ((feature->flags & ~ATL_FEATURE_ALL) != 0)
		return ATL_UNSUPPORTED;
	if (entry[41] != (atl_feature_is_wide(feature) ? ATL_LAYOUT_FRAMES : ATL_LAYOUT_SERIES))
		return ATL_DAMAGED;
	return entry_is_sound(view, feature) ? ATL_OK : ATL_DAMAGED;
}

static AtlStatus
fetch_entry(const AtlView *view, uint32_t i, const uint8_t **entry)
{
	return atl_view_fetch(view, ATL_FEATURE_ENTRIES, (uint64_t) i * ATL_FEATURE_ENTRY_SIZE,
						  ATL_FEATURE_ENTRY_SIZE, entry);
}

/* A feature has either a clock or an entry with its times. */
static bool
times_are_sound(const AtlView *view, const AtlFeature *feature)
{
	bool		has_times = (feature->flags & ATL_FEATURE_TIMES) != 0;

	if (has_times != (feature->clock == 0))
		return false;
	return has_times ? feature->times > view->num_features : feature->times == 0;
}

AtlStatus
atl_feature_get(const AtlView *view, uint32_t i, AtlFeature *feature)
{
	const uint8_t *entry;

	if (i >= view->num_features)
		return ATL_DAMAGED;
	ATL_TRY(fetch_entry(view, i, &entry));
	ATL_TRY(read_entry(view, entry, feature));
	if (!times_are_sound(view, feature))
		return ATL_DAMAGED;
	ATL_TRY(entry_text(view, entry, &feature->name));
	ATL_TRY(entry_text(view, entry + 8, &feature->unit));
	ATL_TRY(entry_text(view, entry + 16, &feature->kind));
	return entry_text(view, entry + 24, &feature->attributes);
}

AtlStatus
atl_feature_find(const AtlView *view, AtlText name, bool *found, AtlFeature *feature)
{
	uint32_t	low = 0;
	uint32_t	high = view->num_features;

	*found = false;
	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;
		const uint8_t *entry;
		AtlText		candidate;
		int			order;

		ATL_TRY(fetch_entry(view, middle, &entry));
		ATL_TRY(entry_text(view, entry, &candidate));
		order = atl_text_compare(candidate, name);
		if (order == 0)
		{
			*found = true;
			return atl_feature_get(view, middle, feature);
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return ATL_OK;
}

AtlStatus
atl_feature_times(const AtlView *view, const AtlFeature *feature, AtlFeature *times)
{
	const uint8_t *entry;

	memset(times, 0, sizeof(*times));
	ATL_TRY(fetch_entry(view, feature->times - 1, &entry));
	ATL_TRY(read_entry(view, entry, times));
	return times->encoding == ATL_F64 && times->dims == 1 && times->frames == feature->frames &&
		times->flags == 0 && times->clock == 0 && times->missing == 0 && times->times == 0 ? ATL_OK : ATL_DAMAGED;
}

AtlScale
atl_feature_scale(const AtlFeature *feature)
{
	AtlScale	scale = {
		.encoding = feature->encoding,
		.ranged = ((feature->flags & ATL_FEATURE_RANGE) != 0 &&
				   atl_encoding_is_integer(feature->encoding)),
		.min = feature->range_min,
		.max = feature->range_max
	};

	return scale;
}
