/*
 * atl_types.c
 *		The type dictionary of a track.
 */
#include "atl.h"

#include "atl_bytes.h"


static AtlSectionKind
types_section(AtlTrack track)
{
	return track == ATL_EVENTS ? ATL_EVENT_TYPES : ATL_MARKER_TYPES;
}

uint32_t
atl_track_items(const AtlView *view, AtlTrack track)
{
	return track == ATL_EVENTS ? view->num_events : view->num_markers;
}

AtlStatus
atl_track_num_types(const AtlView *view, AtlTrack track, uint32_t *num)
{
	const AtlSection *section = &view->sections[types_section(track)];
	const uint8_t *bytes;
	AtlStatus	status;

	*num = 0;
	if (section->size == 0)
		return ATL_OK;
	status = atl_view_fetch(view, types_section(track), 0, ATL_TYPES_HEADER_SIZE, &bytes);
	if (status != ATL_OK)
		return status;
	*num = atl_load_u32(bytes);
	if (*num > (section->size - ATL_TYPES_HEADER_SIZE) / ATL_TYPE_ENTRY_SIZE)
		return ATL_DAMAGED;
	return ATL_OK;
}

/* Where the name of a type begins and ends, among the names. */
static AtlStatus
name_span(const AtlView *view, AtlTrack track, uint32_t type, uint32_t *start, uint32_t *end,
		  uint32_t *items)
{
	uint64_t	offset = ATL_TYPES_HEADER_SIZE + (uint64_t) type * ATL_TYPE_ENTRY_SIZE;
	uint32_t	before = type > 0 ? ATL_TYPE_ENTRY_SIZE : 0;
	const uint8_t *bytes;
	AtlStatus	status;

	status = atl_view_fetch(view, types_section(track), offset - before, before + ATL_TYPE_ENTRY_SIZE, &bytes);
	if (status != ATL_OK)
		return status;
	*start = type > 0 ? atl_load_u32(bytes) : 0;
	*end = atl_load_u32(bytes + before);
	*items = atl_load_u32(bytes + before + 4);
	return *start > *end ? ATL_DAMAGED : ATL_OK;
}

AtlStatus
atl_track_type(const AtlView *view, AtlTrack track, uint32_t type, AtlText *name, uint32_t *items)
{
	uint32_t	num;
	uint32_t	start;
	uint32_t	end;
	uint64_t	names;
	const uint8_t *bytes;
	AtlStatus	status = atl_track_num_types(view, track, &num);

	if (status == ATL_OK && type >= num)
		status = ATL_DAMAGED;
	if (status == ATL_OK)
		status = name_span(view, track, type, &start, &end, items);
	if (status != ATL_OK)
		return status;
	names = ATL_TYPES_HEADER_SIZE + (uint64_t) num * ATL_TYPE_ENTRY_SIZE;
	status = atl_view_fetch(view, types_section(track), names + start, end - start, &bytes);
	name->text = (const char *) bytes;
	name->size = end - start;
	return status;
}

AtlStatus
atl_track_find_type(const AtlView *view, AtlTrack track, AtlText name, bool *found, uint32_t *type)
{
	uint32_t	low = 0;
	uint32_t	high;
	AtlStatus	status = atl_track_num_types(view, track, &high);

	*found = false;
	while (status == ATL_OK && low < high)
	{
		uint32_t	middle = low + (high - low) / 2;
		uint32_t	items;
		AtlText		candidate;
		int			order;

		status = atl_track_type(view, track, middle, &candidate, &items);
		if (status != ATL_OK)
			return status;
		order = atl_text_compare(candidate, name);
		if (order == 0)
		{
			*found = true;
			*type = middle;
			return ATL_OK;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return status;
}
