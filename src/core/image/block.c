/*
 * block.c
 *		Opening a block of items, and reading single values of its items.
 */
#include "core/image/block.h"

#include <string.h>

#include "core/codec/column.h"

/* Index of a column id in block->first. */
static uint32_t
slot_of(uint32_t id)
{
	return id < ATL_COLUMN_MEMBER ? id : ATL_COLUMN_MEMBER;
}

static AtlStatus
open_columns(AtlBlock *block, const uint8_t **at, const uint8_t *end, const uint8_t *masks, uint32_t num_masks)
{
	uint32_t	before = 0;

	memset(block->first, (int) block->num_columns, sizeof(block->first));
	for (uint32_t c = 0; c < block->num_columns; c++)
	{
		AtlColumn  *column = &block->columns[c];

		ATL_TRY(atl_column_open(column, at, end, block->items, masks, num_masks));
		if (column->id < before)
			return ATL_DAMAGED;
		if (block->first[slot_of(column->id)] == block->num_columns)
			block->first[slot_of(column->id)] = (uint8_t) c;
		before = column->id;
	}
	return ATL_OK;
}

/* Bytes of all texts of column id: the end of the last text. */
static uint32_t
texts_size(const AtlBlock *block, AtlColumnId id)
{
	uint32_t	c = block->first[id];

	if (c >= block->num_columns || block->columns[c].values == 0)
		return 0;
	return (uint32_t) atl_column_integer(&block->columns[c], block->columns[c].values - 1);
}

AtlStatus
atl_block_open(AtlBlock *block, const uint8_t *bytes, uint32_t size, uint32_t items)
{
	const uint8_t *masks = bytes + ATL_BLOCK_HEADER_SIZE;
	const uint8_t *end = bytes + size;
	const uint8_t *at;

	block->items = block->num_columns = 0;
	if (size < ATL_BLOCK_HEADER_SIZE || atl_load_u32(bytes) != size || bytes[4] != items)
		return ATL_DAMAGED;
	if (bytes[7] != ATL_BLOCK_COLUMNS)
		return ATL_UNSUPPORTED;
	if (bytes[6] > ATL_MAX_COLUMNS || (size_t) (end - masks) < (size_t) bytes[5] * ATL_MASK_SIZE)
		return ATL_DAMAGED;
	block->items = items;
	block->num_columns = bytes[6];
	at = masks + (size_t) bytes[5] * ATL_MASK_SIZE;
	ATL_TRY(open_columns(block, &at, end, masks, bytes[5]));

	block->payloads_size = texts_size(block, ATL_COLUMN_PAYLOAD);
	block->attributes_size = texts_size(block, ATL_COLUMN_ATTRIBUTES);
	if ((uint64_t) block->payloads_size + block->attributes_size > (uint64_t) (end - at))
		return ATL_DAMAGED;
	block->payloads = (const char *) at;
	block->attributes = (const char *) at + block->payloads_size;
	return ATL_OK;
}

const AtlColumn *
atl_block_find(const AtlBlock *block, uint32_t id, uint32_t i, uint32_t *value)
{
	for (uint32_t c = block->first[slot_of(id)]; c < block->num_columns && block->columns[c].id <= id; c++)
		if (block->columns[c].id == id && atl_column_find(&block->columns[c], i, value))
			return &block->columns[c];
	return NULL;
}

double
atl_block_number(const AtlBlock *block, AtlColumnId id, uint32_t i, double sample_rate)
{
	uint32_t	value;
	const AtlColumn *column = atl_block_find(block, id, i, &value);

	if (column == NULL)
		return atl_bits_f64(ATL_NAN_NUMBER_64);
	return atl_column_number(column, value, sample_rate);
}

AtlStatus
atl_block_type(const AtlBlock *block, uint32_t i, uint32_t *type)
{
	uint32_t	value;
	const AtlColumn *column = atl_block_find(block, ATL_COLUMN_TYPE, i, &value);

	if (column == NULL)
		return ATL_DAMAGED;
	*type = (uint32_t) atl_column_integer(column, value);
	return ATL_OK;
}

AtlStatus
atl_block_text(const AtlBlock *block, AtlColumnId id, uint32_t i, AtlText *text)
{
	bool		payload = id == ATL_COLUMN_PAYLOAD;
	uint32_t	size = payload ? block->payloads_size : block->attributes_size;
	const char *texts = payload ? block->payloads : block->attributes;
	uint32_t	value;
	uint32_t	start = 0;
	uint32_t	end;
	const AtlColumn *column = atl_block_find(block, id, i, &value);

	text->text = texts;
	text->size = 0;
	if (column == NULL)
		return ATL_OK;
	if (value > 0)
		start = (uint32_t) atl_column_integer(column, value - 1);
	end = (uint32_t) atl_column_integer(column, value);
	if (start > end || end > size)
		return ATL_DAMAGED;
	text->text = texts + start;
	text->size = end - start;
	return ATL_OK;
}
