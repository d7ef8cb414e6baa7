/*
 * block.h
 *		The inside of writing a block, shared by these files:
 *
 *	shared.c	which members are shared, and where each item has them
 *	column.c	columns of numbers
 *	member.c	columns of shared members
 *	block.c		columns, masks and texts into a block
 */
#ifndef ATL_WRITER_BLOCK_H
#define ATL_WRITER_BLOCK_H

#include "core/writer/writer.h"
#include "core/codec/column.h"

/* A block in the making. */
typedef struct AtlDraftBlock
{
	const AtlDraft *draft;
	const AtlDraftTrack *track;
	uint32_t	first;			/* item */
	uint32_t	items;

	/* The text of each shared member in each item, size 0 where absent. */
	AtlText		cells[ATL_MAX_SHARED][ATL_BLOCK_ITEMS];
	uint32_t	num_cells[ATL_MAX_SHARED];
	AtlMask		written[ATL_MAX_SHARED];	/* items whose member is in a
											 * column */

	/* How many members payload and attributes of each item have in all. */
	uint32_t	members_of[2][ATL_BLOCK_ITEMS];

	AtlBuffer	columns;		/* timestamp to attributes */
	AtlBuffer	member_columns;
	uint32_t	num_columns;
	AtlMask		masks[ATL_MAX_COLUMNS];
	uint32_t	num_masks;
	AtlBuffer	texts;			/* payloads and attributes, without columns */
	AtlBuffer	dictionary;		/* of a column of texts */
	AtlBuffer	scratch;
} AtlDraftBlock;

static inline const AtlDraftItem *
atl_block_draft(const AtlDraftBlock *block, uint32_t i)
{
	return atl_draft_item(block->track, block->first + i);
}

/* shared.c */

/* Find the cells of all items of the block. */
extern AtlStatus atl_find_cells(AtlDraftBlock *block);

/*
 * Append the part of an item's payload (or attributes) that is not in
 * columns; append nothing if all of it is.
 */
extern AtlStatus atl_append_rest(const AtlDraftBlock *block, uint32_t i, bool payload, AtlBuffer *out);

/* column.c */

/* Write a column of doubles, one for each item; NaN: the item has none. */
extern AtlStatus atl_write_doubles(AtlDraftBlock *block, AtlColumnId id, const double *numbers);

/* Write a column of integers, one for each item of the mask. */
extern AtlStatus atl_write_integers(AtlDraftBlock *block, AtlColumnId id, const AtlMask *mask,
									const uint32_t *integers);

/*
 * Doubles, none of them NaN, in the numeric codec that suits them best (main);
 * left has the doubles that main cannot hold.  decimals: try DECIMAL, too.
 */
typedef struct AtlChoice
{
	AtlDraftColumn main;
	AtlDraftColumn left;
} AtlChoice;

extern void atl_choose_doubles(double sample_rate, const double *numbers, const uint8_t *items,
							   uint32_t num, bool decimals, AtlChoice *choice);
extern uint32_t atl_choice_size(const AtlChoice *choice);

/* member.c: write the columns of a shared member, and mark it in written. */
extern AtlStatus atl_write_member(AtlDraftBlock *block, uint32_t member);

/* block.c: append a complete column to the block, unless it is empty. */
extern AtlStatus atl_add_column(AtlDraftBlock *block, uint8_t id, const AtlDraftColumn *coded, const AtlBuffer *texts);

#endif							/* ATL_WRITER_BLOCK_H */
