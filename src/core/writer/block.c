/*
 * block.c
 *		Columns, masks and texts into the blocks of a track.
 */
#include "core/writer/block.h"

#include <string.h>

/* A mask's number in the block: 0 for all items, equal for equal masks. */
static uint8_t
mask_number(AtlDraftBlock *block, const AtlMask *mask)
{
	AtlMask		all = {{UINT64_MAX, UINT64_MAX}};
	uint32_t	i = 0;

	if (block->items < ATL_BLOCK_ITEMS)
		all.bits[block->items / 64] = (UINT64_C(1) << block->items % 64) - 1;
	if (block->items < 64)
		all.bits[1] = 0;
	if (memcmp(mask, &all, sizeof(all)) == 0)
		return 0;
	while (i < block->num_masks && memcmp(mask, &block->masks[i], sizeof(*mask)) != 0)
		i++;
	if (i == block->num_masks)
		block->masks[block->num_masks++] = *mask;
	return (uint8_t) (i + 1);
}

AtlStatus
atl_add_column(AtlDraftBlock *block, uint8_t id, const AtlDraftColumn *coded, const AtlBuffer *texts)
{
	if (coded->num == 0)
		return ATL_OK;
	block->num_columns++;
	return atl_column_write(coded, id, mask_number(block, &coded->mask), texts,
							id < ATL_COLUMN_MEMBER ? &block->columns : &block->member_columns);
}

static AtlStatus
write_numbers(AtlDraftBlock *block)
{
	double		timestamps[ATL_BLOCK_ITEMS];
	double		durations[ATL_BLOCK_ITEMS];
	double		confidences[ATL_BLOCK_ITEMS];

	for (uint32_t i = 0; i < block->items; i++)
	{
		const AtlDraftItem *item = atl_block_draft(block, i);

		timestamps[i] = item->timestamp;
		durations[i] = item->duration;
		confidences[i] = item->confidence;
	}
	ATL_TRY(atl_write_doubles(block, ATL_COLUMN_TIMESTAMP, timestamps));
	ATL_TRY(atl_write_doubles(block, ATL_COLUMN_DURATION, durations));
	return atl_write_doubles(block, ATL_COLUMN_CONFIDENCE, confidences);
}

static AtlStatus
write_types(AtlDraftBlock *block)
{
	uint32_t	ranks[ATL_BLOCK_ITEMS];
	AtlMask		all = {{0, 0}};

	for (uint32_t i = 0; i < block->items; i++)
	{
		ranks[i] = atl_draft_type(block->track, atl_block_draft(block, i)->type)->rank;
		atl_mask_add(&all, i);
	}
	return atl_write_integers(block, ATL_COLUMN_TYPE, &all, ranks);
}

/* Write the texts of all payloads or attributes, and the column of ends. */
static AtlStatus
write_texts(AtlDraftBlock *block, AtlColumnId id, AtlBuffer *texts)
{
	uint32_t	ends[ATL_BLOCK_ITEMS];
	uint32_t	num = 0;
	AtlMask		mask = {{0, 0}};
	size_t		start = texts->size;

	for (uint32_t i = 0; i < block->items; i++)
	{
		size_t		before = texts->size;

		ATL_TRY(atl_append_rest(block, i, id == ATL_COLUMN_PAYLOAD, texts));
		if (texts->size == before)
			continue;
		ends[num++] = (uint32_t) (texts->size - start);
		atl_mask_add(&mask, i);
	}
	return atl_write_integers(block, id, &mask, ends);
}

/* Members first: texts have only what the member columns do not take. */
static AtlStatus
write_columns(AtlDraftBlock *block)
{
	ATL_TRY(atl_find_cells(block));
	for (uint32_t i = 0; i < block->track->num_shared; i++)
		ATL_TRY(atl_write_member(block, i));
	ATL_TRY(write_numbers(block));
	ATL_TRY(write_types(block));
	ATL_TRY(write_texts(block, ATL_COLUMN_PAYLOAD, &block->texts));
	return write_texts(block, ATL_COLUMN_ATTRIBUTES, &block->texts);
}

static uint8_t *
put_buffer(uint8_t *to, const AtlBuffer *buffer)
{
	if (buffer->size > 0)
		atl_copy(buffer->host, to, buffer->bytes, buffer->size);
	return to + buffer->size;
}

static AtlStatus
append_block(const AtlDraftBlock *block, AtlBuffer *out)
{
	size_t		masks = (size_t) block->num_masks * ATL_MASK_SIZE;
	size_t		size = atl_align8(ATL_BLOCK_HEADER_SIZE + masks + block->columns.size +
								  block->member_columns.size + block->texts.size);
	uint8_t    *to;

	ATL_TRY(atl_buffer_append_zeros(out, size));
	to = out->bytes + out->size - size;
	atl_store_u32(to, (uint32_t) size);
	to[4] = (uint8_t) block->items;
	to[5] = (uint8_t) block->num_masks;
	to[6] = (uint8_t) block->num_columns;
	to[7] = ATL_BLOCK_COLUMNS;
	to += ATL_BLOCK_HEADER_SIZE;
	for (uint32_t i = 0; i < block->num_masks; i++, to += ATL_MASK_SIZE)
	{
		atl_store_u64(to, block->masks[i].bits[0]);
		atl_store_u64(to + 8, block->masks[i].bits[1]);
	}
	to = put_buffer(to, &block->columns);
	to = put_buffer(to, &block->member_columns);
	put_buffer(to, &block->texts);
	return ATL_OK;
}

/* Encode the blocks of a track, all in the same working memory. */
static AtlStatus
encode_blocks(AtlDraft *draft, AtlDraftTrack *track, AtlDraftBlock *block)
{
	uint32_t	num = atl_draft_items(track);

	for (block->first = 0; block->first < num; block->first += ATL_BLOCK_ITEMS)
	{
		uint32_t	offset = (uint32_t) track->blocks.size;

		atl_poll(draft->host);
		block->items = num - block->first < ATL_BLOCK_ITEMS ? num - block->first : ATL_BLOCK_ITEMS;
		block->num_columns = block->num_masks = 0;
		block->columns.size = block->member_columns.size = block->texts.size = 0;
		ATL_TRY(atl_buffer_append(&track->offsets, &offset, sizeof(offset)));
		ATL_TRY(write_columns(block));
		ATL_TRY(append_block(block, &track->blocks));
	}
	return ATL_OK;
}

static void
init_buffers(AtlDraftBlock *block, const AtlHost *host)
{
	atl_buffer_init(&block->columns, host);
	atl_buffer_init(&block->member_columns, host);
	atl_buffer_init(&block->texts, host);
	atl_buffer_init(&block->dictionary, host);
	atl_buffer_init(&block->scratch, host);
}

static void
free_buffers(AtlDraftBlock *block)
{
	atl_buffer_free(&block->columns);
	atl_buffer_free(&block->member_columns);
	atl_buffer_free(&block->texts);
	atl_buffer_free(&block->dictionary);
	atl_buffer_free(&block->scratch);
}

AtlStatus
atl_write_blocks(AtlDraft *draft, AtlDraftTrack *track)
{
	AtlDraftBlock *block;
	AtlStatus	status;

	if (atl_draft_items(track) == 0)
		return ATL_OK;
	block = draft->host->resize(draft->host->context, NULL, sizeof(*block));
	if (block == NULL)
		return ATL_NO_MEMORY;
	block->draft = draft;
	block->track = track;
	init_buffers(block, draft->host);
	status = atl_choose_shared(draft, track);
	if (status == ATL_OK)
		status = encode_blocks(draft, track, block);
	free_buffers(block);
	draft->host->resize(draft->host->context, block, 0);
	return status;
}
