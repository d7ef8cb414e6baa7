/*
 * atl_write_track.c
 *		Events and markers into an image: dictionary, blocks, index.
 */
#include "atl_builder.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "atl_bytes.h"

/* The size of block b, and of the texts in it. */
typedef struct BlockShape
{
	uint32_t	first;			/* item */
	uint32_t	items;
	uint8_t		columns;
	uint64_t	payloads_size;
	uint64_t	attributes_size;
	uint64_t	size;
} BlockShape;

static BlockShape
block_shape(const AtlDraftTrack *track, uint32_t b)
{
	BlockShape	shape = {.first = b * ATL_BLOCK_ITEMS};
	uint32_t	left = atl_draft_items(track) - shape.first;

	shape.items = left < ATL_BLOCK_ITEMS ? left : ATL_BLOCK_ITEMS;
	for (uint32_t i = 0; i < shape.items; i++)
	{
		const AtlDraftItem *item = atl_draft_item(track, shape.first + i);

		shape.columns |= (isnan(item->duration) ? 0 : ATL_COLUMN_DURATION) |
			(isnan(item->confidence) ? 0 : ATL_COLUMN_CONFIDENCE) |
			(item->payload.size == 0 ? 0 : ATL_COLUMN_PAYLOAD) |
			(item->attributes.size == 0 ? 0 : ATL_COLUMN_ATTRIBUTES);
		shape.payloads_size += item->payload.size;
		shape.attributes_size += item->attributes.size;
	}
	shape.size = ATL_BLOCK_HEADER_SIZE + (uint64_t) shape.items *
		(12 + ((shape.columns & ATL_COLUMN_DURATION) != 0 ? 8 : 0) +
		 ((shape.columns & ATL_COLUMN_CONFIDENCE) != 0 ? 8 : 0) +
		 ((shape.columns & ATL_COLUMN_PAYLOAD) != 0 ? 4 : 0) +
		 ((shape.columns & ATL_COLUMN_ATTRIBUTES) != 0 ? 4 : 0));
	shape.size = atl_align8(shape.size + shape.payloads_size + shape.attributes_size);
	return shape;
}

uint64_t
atl_write_types_size(const AtlDraftTrack *track)
{
	if (track->types_used == 0)
		return 0;
	return ATL_TYPES_HEADER_SIZE + (uint64_t) track->types_used * ATL_TYPE_ENTRY_SIZE + track->names_size;
}

uint64_t
atl_write_blocks_size(const AtlDraftTrack *track)
{
	uint32_t	num = atl_index_shape(atl_draft_items(track)).num_blocks;
	uint64_t	size = 0;

	for (uint32_t b = 0; b < num; b++)
		size += block_shape(track, b).size;
	return size;
}

/*
 * The names in order of rank.  Ranks are a permutation of the types in use, so
 * each entry's end is found by writing sizes first and adding them up.
 */
void
atl_write_types(const AtlBuilder *builder, const AtlDraftTrack *track, uint8_t *to)
{
	uint32_t	num = (uint32_t) (track->types.size / sizeof(AtlDraftType));
	uint8_t    *entries = to + ATL_TYPES_HEADER_SIZE;
	uint8_t    *names = entries + (size_t) track->types_used * ATL_TYPE_ENTRY_SIZE;
	uint32_t	end = 0;

	if (track->types_used == 0)
		return;
	atl_store_u32(to, track->types_used);
	for (uint32_t i = 0; i < num; i++)
	{
		const AtlDraftType *type = atl_draft_type(track, i);

		if (type->items == 0)
			continue;
		atl_store_u32(entries + (size_t) type->rank * ATL_TYPE_ENTRY_SIZE, type->name.size);
		atl_store_u32(entries + (size_t) type->rank * ATL_TYPE_ENTRY_SIZE + 4, type->items);
	}
	for (uint32_t rank = 0; rank < track->types_used; rank++)
	{
		end += atl_load_u32(entries + (size_t) rank * ATL_TYPE_ENTRY_SIZE);
		atl_store_u32(entries + (size_t) rank * ATL_TYPE_ENTRY_SIZE, end);
	}
	for (uint32_t i = 0; i < num; i++)
	{
		const AtlDraftType *type = atl_draft_type(track, i);

		if (type->items == 0)
			continue;
		end = atl_load_u32(entries + (size_t) type->rank * ATL_TYPE_ENTRY_SIZE);
		atl_write_text(builder, type->name, names + end - type->name.size);
	}
}

/* One f64 column, if the block has it: offset of the double in the item. */
static uint8_t *
write_f64_column(const AtlDraftTrack *track, const BlockShape *shape, size_t offset, uint8_t *to)
{
	for (uint32_t i = 0; i < shape->items; i++)
	{
		double		value;

		memcpy(&value, (const uint8_t *) atl_draft_item(track, shape->first + i) + offset, sizeof(value));
		if (isnan(value))
			value = atl_bits_f64(ATL_NAN_NUMBER_64);
		atl_store_f64(to, value);
		to += sizeof(double);
	}
	return to;
}

/* The ends of one text column: offset of the span in the item. */
static uint8_t *
write_ends(const AtlDraftTrack *track, const BlockShape *shape, size_t offset, uint8_t *to)
{
	uint32_t	end = 0;

	for (uint32_t i = 0; i < shape->items; i++)
	{
		AtlSpan		span;

		memcpy(&span, (const uint8_t *) atl_draft_item(track, shape->first + i) + offset, sizeof(span));
		end += span.size;
		atl_store_u32(to, end);
		to += sizeof(uint32_t);
	}
	return to;
}

static void
write_block(const AtlBuilder *builder, const AtlDraftTrack *track, const BlockShape *shape, uint8_t *to)
{
	atl_store_u32(to, (uint32_t) shape->size);
	atl_store_u16(to + 4, (uint16_t) shape->items);
	to[6] = shape->columns;
	to[7] = ATL_CODEC_RAW;
	to += ATL_BLOCK_HEADER_SIZE;

	to = write_f64_column(track, shape, offsetof(AtlDraftItem, timestamp), to);
	if ((shape->columns & ATL_COLUMN_DURATION) != 0)
		to = write_f64_column(track, shape, offsetof(AtlDraftItem, duration), to);
	if ((shape->columns & ATL_COLUMN_CONFIDENCE) != 0)
		to = write_f64_column(track, shape, offsetof(AtlDraftItem, confidence), to);
	for (uint32_t i = 0; i < shape->items; i++, to += sizeof(uint32_t))
		atl_store_u32(to, atl_draft_type(track, atl_draft_item(track, shape->first + i)->type)->rank);
	if ((shape->columns & ATL_COLUMN_PAYLOAD) != 0)
		to = write_ends(track, shape, offsetof(AtlDraftItem, payload), to);
	if ((shape->columns & ATL_COLUMN_ATTRIBUTES) != 0)
		to = write_ends(track, shape, offsetof(AtlDraftItem, attributes), to);
	for (uint32_t i = 0; i < shape->items; i++)
		to = atl_write_text(builder, atl_draft_item(track, shape->first + i)->payload, to);
	for (uint32_t i = 0; i < shape->items; i++)
		to = atl_write_text(builder, atl_draft_item(track, shape->first + i)->attributes, to);
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
write_block_entry(const AtlDraftTrack *track, const BlockShape *shape, uint32_t offset, uint8_t *to)
{
	double		end = 0;
	uint32_t	types = 0;

	for (uint32_t i = 0; i < shape->items; i++)
	{
		const AtlDraftItem *draft = atl_draft_item(track, shape->first + i);
		AtlItem		item = {.timestamp = draft->timestamp, .duration = draft->duration};

		end = fmax(end, atl_item_end(&item));
		types |= UINT32_C(1) << (atl_draft_type(track, draft->type)->rank % 32);
	}
	store_index_entry(to, atl_draft_item(track, shape->first)->timestamp, end, types, offset);
}

/* An entry over the entries of the level below. */
static void
write_parent_entry(const uint8_t *below, uint32_t entries, uint8_t *to)
{
	double		end = 0;
	uint32_t	types = 0;

	for (uint32_t i = 0; i < entries; i++)
	{
		end = fmax(end, atl_load_f64(below + (size_t) i * ATL_INDEX_ENTRY_SIZE + 8));
		types |= atl_load_u32(below + (size_t) i * ATL_INDEX_ENTRY_SIZE + 16);
	}
	store_index_entry(to, atl_load_f64(below), end, types, 0);
}

/* The levels above the lowest one, each from the one below it. */
static void
write_index(const AtlIndexShape *shape, const uint8_t *leaves, uint8_t *index)
{
	const uint8_t *below = leaves;

	for (int level = 1; level < shape->num_levels; level++)
	{
		uint8_t    *to = index + shape->offset[level];

		for (uint32_t i = 0; i < shape->entries[level]; i++)
		{
			uint32_t	first = i * ATL_INDEX_FANOUT;
			uint32_t	left = shape->entries[level - 1] - first;

			write_parent_entry(below + (size_t) first * ATL_INDEX_ENTRY_SIZE,
							   left < ATL_INDEX_FANOUT ? left : ATL_INDEX_FANOUT,
							   to + (size_t) i * ATL_INDEX_ENTRY_SIZE);
		}
		below = to;
	}
}

void
atl_write_track(const AtlBuilder *builder, const AtlDraftTrack *track, uint8_t *index, uint8_t *leaves,
			uint8_t *blocks)
{
	AtlIndexShape shape = atl_index_shape(atl_draft_items(track));
	uint32_t	offset = 0;

	for (uint32_t b = 0; b < shape.num_blocks; b++)
	{
		BlockShape	block = block_shape(track, b);

		write_block(builder, track, &block, blocks + offset);
		write_block_entry(track, &block, offset, leaves + (size_t) b * ATL_INDEX_ENTRY_SIZE);
		offset += (uint32_t) block.size;
	}
	write_index(&shape, leaves, index);
}
