/*
 * dictionary.c
 *		The dictionary of a track: types and shared members.
 */
#include "core/image/track.h"

#include "core/base/bytes.h"
#include "core/base/text.h"

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

/* Count the names: those of types, then those of shared members. */
static AtlStatus
count_names(const AtlView *view, AtlTrack track, uint32_t *types, uint32_t *members)
{
	const AtlSpan *section = &view->sections[types_section(track)];
	const uint8_t *bytes;

	*types = *members = 0;
	if (section->size == 0)
		return ATL_OK;
	ATL_TRY(atl_view_fetch(view, types_section(track), 0, ATL_TYPES_HEADER_SIZE, &bytes));
	*types = atl_load_u32(bytes);
	*members = atl_load_u32(bytes + 4);
	if ((uint64_t) *types + *members > (section->size - ATL_TYPES_HEADER_SIZE) / ATL_TYPE_ENTRY_SIZE)
		return ATL_DAMAGED;
	return ATL_OK;
}

AtlStatus
atl_track_num_types(const AtlView *view, AtlTrack track, uint32_t *num)
{
	uint32_t	members;

	return count_names(view, track, num, &members);
}

/*
 * Fetch the entries of names [first, first + count).  An entry has only the
 * end of a name, so *start of name first is the end of the name before, or 0.
 */
static AtlStatus
fetch_entries(const AtlView *view, AtlTrack track, uint32_t first, uint32_t count,
			  uint32_t *start, const uint8_t **entries)
{
	uint64_t	offset = ATL_TYPES_HEADER_SIZE + (uint64_t) first * ATL_TYPE_ENTRY_SIZE;
	uint32_t	before = first > 0 ? ATL_TYPE_ENTRY_SIZE : 0;

	ATL_TRY(atl_view_fetch(view, types_section(track), offset - before,
						   before + (uint64_t) count * ATL_TYPE_ENTRY_SIZE, entries));
	*start = first > 0 ? atl_load_u32(*entries) : 0;
	*entries += before;
	return ATL_OK;
}

/* Fetch the bytes [start, end) of the names, relative to the first name. */
static AtlStatus
fetch_names(const AtlView *view, AtlTrack track, uint32_t num_names, uint32_t start, uint32_t end,
			const char **names)
{
	uint64_t	first = ATL_TYPES_HEADER_SIZE + (uint64_t) num_names * ATL_TYPE_ENTRY_SIZE;
	const uint8_t *bytes;
	AtlStatus	status;

	if (start > end)
		return ATL_DAMAGED;
	status = atl_view_fetch(view, types_section(track), first + start, end - start, &bytes);
	*names = (const char *) bytes;
	return status;
}

AtlStatus
atl_track_type(const AtlView *view, AtlTrack track, uint32_t type, AtlText *name, uint32_t *items)
{
	uint32_t	types;
	uint32_t	members;
	uint32_t	start;
	const uint8_t *entry;

	ATL_TRY(count_names(view, track, &types, &members));
	if (type >= types)
		return ATL_DAMAGED;
	ATL_TRY(fetch_entries(view, track, type, 1, &start, &entry));
	*items = atl_load_u32(entry + 4);
	name->size = atl_load_u32(entry) - start;
	return fetch_names(view, track, types + members, start, atl_load_u32(entry), &name->text);
}

AtlStatus
atl_track_shared(const AtlView *view, AtlTrack track, AtlSharedMembers *members)
{
	uint32_t	types;
	uint32_t	start;
	const uint8_t *entries;
	const char *names;

	members->known = false;
	ATL_TRY(count_names(view, track, &types, &members->num));
	if (members->num > ATL_MAX_SHARED)
		return ATL_DAMAGED;
	if (members->num == 0)
	{
		members->known = true;
		return ATL_OK;
	}
	ATL_TRY(fetch_entries(view, track, types, members->num, &start, &entries));
	ATL_TRY(fetch_names(view, track, types + members->num, start,
						atl_load_u32(entries + (members->num - 1) * ATL_TYPE_ENTRY_SIZE), &names));
	for (uint32_t i = 0; i < members->num; i++)
	{
		uint32_t	end = atl_load_u32(entries + i * ATL_TYPE_ENTRY_SIZE);

		members->place[i] = atl_load_u32(entries + i * ATL_TYPE_ENTRY_SIZE + 4);
		members->name[i].text = names;
		members->name[i].size = end - start;
		if (end < start || end - start > ATL_MEMBER_NAME || members->place[i] >= ATL_SHARED_PLACES)
			return ATL_DAMAGED;
		names += members->name[i].size;
		start = end;
	}
	members->known = true;
	return ATL_OK;
}

AtlStatus
atl_track_find_type(const AtlView *view, AtlTrack track, AtlText name, bool *found, uint32_t *type)
{
	uint32_t	low = 0;
	uint32_t	high;

	*found = false;
	ATL_TRY(atl_track_num_types(view, track, &high));
	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;
		uint32_t	items;
		AtlText		candidate;
		int			order;

		ATL_TRY(atl_track_type(view, track, middle, &candidate, &items));
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
	return ATL_OK;
}
