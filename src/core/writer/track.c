/*
 * track.c
 *		Events and markers into an image: dictionary and index.
 */
#include "core/writer/writer.h"

#include <math.h>
#include <string.h>

#include "core/base/bytes.h"

uint64_t
atl_write_types_size(const AtlDraftTrack *track)
{
	uint64_t	size = ATL_TYPES_HEADER_SIZE + (uint64_t) track->types_used * ATL_TYPE_ENTRY_SIZE +
		track->names_size;

	if (track->types_used == 0)
		return 0;
	for (uint32_t i = 0; i < track->num_shared; i++)
		size += ATL_TYPE_ENTRY_SIZE + track->shared[i].name.size;
	return size;
}

/* Write the shared members behind the types, whose names end at start. */
static void
write_members(const AtlDraftTrack *track, uint8_t *entries, uint8_t *names, uint32_t start)
{
	for (uint32_t i = 0; i < track->num_shared; i++, entries += ATL_TYPE_ENTRY_SIZE)
	{
		AtlText		name = track->shared[i].name;

		memcpy(names + start, name.text, name.size);
		start += name.size;
		atl_store_u32(entries, start);
		atl_store_u32(entries + 4, track->shared[i].place);
	}
}

/*
 * Write the types in order of rank.  Ranks are a permutation of the types in
 * use, so sizes of names are written first and then added up to ends.
 */
void
atl_write_types(const AtlDraft *draft, const AtlDraftTrack *track, uint8_t *to)
{
	uint32_t	num = atl_draft_types(track);
	uint8_t    *entries = to + ATL_TYPES_HEADER_SIZE;
	uint8_t    *members = entries + (size_t) track->types_used * ATL_TYPE_ENTRY_SIZE;
	uint8_t    *names = members + (size_t) track->num_shared * ATL_TYPE_ENTRY_SIZE;
	AtlWork		work = {.host = draft->host};
	uint32_t	end = 0;

	if (track->types_used == 0)
		return;
	atl_store_u32(to, track->types_used);
	atl_store_u32(to + 4, track->num_shared);
	for (uint32_t i = 0; i < num; i++)
	{
		const AtlDraftType *type = atl_draft_type(track, i);

		atl_work(&work, 10);
		if (type->items == 0)
			continue;
		atl_store_u32(entries + (size_t) type->rank * ATL_TYPE_ENTRY_SIZE, type->name.size);
		atl_store_u32(entries + (size_t) type->rank * ATL_TYPE_ENTRY_SIZE + 4, type->items);
	}
	for (uint32_t rank = 0; rank < track->types_used; rank++)
	{
		atl_work(&work, 5);
		end += atl_load_u32(entries + (size_t) rank * ATL_TYPE_ENTRY_SIZE);
		atl_store_u32(entries + (size_t) rank * ATL_TYPE_ENTRY_SIZE, end);
	}
	write_members(track, members, names, end);
	for (uint32_t i = 0; i < num; i++)
	{
		const AtlDraftType *type = atl_draft_type(track, i);

		atl_work(&work, 10 + type->name.size);
		if (type->items == 0)
			continue;
		end = atl_load_u32(entries + (size_t) type->rank * ATL_TYPE_ENTRY_SIZE);
		atl_write_text(draft, type->name, names + end - type->name.size);
	}
}

static void
store_index_entry(uint8_t *to, double first, double end, uint32_t types, uint32_t offset)
{
	atl_store_f64(to, first);
	atl_store_f64(to + 8, end);
	atl_store_u32(to + 16, types);
	atl_store_u32(to + 20, offset);
}

static void
write_block_entry(const AtlDraftTrack *track, uint32_t b, uint8_t *to)
{
	uint32_t	first = b * ATL_BLOCK_ITEMS;
	uint32_t	left = atl_draft_items(track) - first;
	uint32_t	offset;
	double		end = -INFINITY;
	uint32_t	types = 0;

	for (uint32_t i = 0; i < left && i < ATL_BLOCK_ITEMS; i++)
	{
		const AtlDraftItem *draft = atl_draft_item(track, first + i);
		AtlItem		item = {.timestamp = draft->timestamp, .duration = draft->duration};

		end = fmax(end, atl_item_end(&item));
		types |= UINT32_C(1) << (atl_draft_type(track, draft->type)->rank % 32);
	}
	memcpy(&offset, track->offsets.bytes + (size_t) b * sizeof(offset), sizeof(offset));
	store_index_entry(to, atl_draft_item(track, first)->timestamp, end, types, offset);
}

/* Write an entry that covers so many entries of the level below. */
static void
write_parent_entry(const uint8_t *below, uint32_t entries, uint8_t *to)
{
	double		end = -INFINITY;
	uint32_t	types = 0;

	for (uint32_t i = 0; i < entries; i++)
	{
		end = fmax(end, atl_load_f64(below + (size_t) i * ATL_INDEX_ENTRY_SIZE + 8));
		types |= atl_load_u32(below + (size_t) i * ATL_INDEX_ENTRY_SIZE + 16);
	}
	store_index_entry(to, atl_load_f64(below), end, types, 0);
}

/* Write the levels above the leaves, each from the level below. */
static void
write_index(const AtlHost *host, const AtlIndexShape *shape, const uint8_t *leaves, uint8_t *index)
{
	const uint8_t *below = leaves;
	AtlWork		work = {.host = host};

	for (int level = 1; level < shape->num_levels; level++)
	{
		uint8_t    *to = index + shape->offset[level];

		for (uint32_t i = 0; i < shape->entries[level]; i++)
		{
			uint32_t	first = i * ATL_INDEX_FANOUT;
			uint32_t	left = shape->entries[level - 1] - first;

			atl_work(&work, 5 * ATL_INDEX_FANOUT);
			write_parent_entry(below + (size_t) first * ATL_INDEX_ENTRY_SIZE,
							   left < ATL_INDEX_FANOUT ? left : ATL_INDEX_FANOUT,
							   to + (size_t) i * ATL_INDEX_ENTRY_SIZE);
		}
		below = to;
	}
}

void
atl_write_track(const AtlDraftTrack *track, uint8_t *index, uint8_t *leaves, uint8_t *blocks)
{
	AtlIndexShape shape = atl_index_shape(atl_draft_items(track));
	const AtlHost *host = track->items.host;
	AtlWork		work = {.host = host};

	for (uint32_t b = 0; b < shape.num_blocks; b++)
	{
		atl_work(&work, 5 * ATL_BLOCK_ITEMS);
		write_block_entry(track, b, leaves + (size_t) b * ATL_INDEX_ENTRY_SIZE);
	}
	write_index(host, &shape, leaves, index);
	if (track->blocks.size > 0)
		atl_copy(host, blocks, track->blocks.bytes, track->blocks.size);
}
