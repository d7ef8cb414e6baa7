/*
 * block.h
 *		The inside of writing a block, shared by the files that do it:
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

	/* The shared members of its items: text of each, size 0 where there is none. */
	AtlText		cells[ATL_MAX_SHARED][ATL_BLOCK_ITEMS];
	uint32_t	num_cells[ATL_MAX_SHARED];
	AtlMask		written[ATL_MAX_SHARED];	/* those that are in columns */

	/* How many members payload and attributes of each item have in all. */
	uint32_t	members_of[2][ATL_BLOCK_ITEMS];

	AtlBuffer	columns;		/* timestamp to attributes */
	AtlBuffer	member_columns;
	uint32_t	num_columns;
	AtlMask		masks[ATL_MAX_COLUMNS];
	uint32_t	num_masks;
	AtlBuffer	texts;			/* what is not in columns */
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
 * Append what of an item's payload (or attributes) is not in columns; nothing
 * if all is.
 */
extern AtlStatus atl_append_rest(const AtlDraftBlock *block, uint32_t i, bool payload, AtlBuffer *out);

/* column.c */

/* A column of doubles, NaN where an item has none. */
extern AtlStatus atl_write_doubles(AtlDraftBlock *block, AtlColumnId id, const double *numbers);

/* A column of integers for the items of a mask, one after the other. */
extern AtlStatus atl_write_integers(AtlDraftBlock *block, AtlColumnId id, const AtlMask *mask,
									const uint32_t *integers);

/*
 * The best of the numeric codecs for doubles of which none is NaN; left takes
 * those that it cannot hold.  decimals: whether DECIMAL is among them.
 */
typedef struct AtlChoice
{
	AtlDraftColumn	main;
	AtlDraftColumn	left;
} AtlChoice;

extern void atl_choose_doubles(double sample_rate, const double *numbers, const uint8_t *items,
							   uint32_t num, bool decimals, AtlChoice *choice);
extern uint32_t atl_choice_size(const AtlChoice *choice);

/* member.c: columns of a shared member; what they take is in written. */
extern AtlStatus atl_write_member(AtlDraftBlock *block, uint32_t member);

/* block.c: a column is complete. */
extern AtlStatus atl_add_column(AtlDraftBlock *block, uint8_t id, const AtlDraftColumn *coded, const AtlBuffer *texts);

#endif							/* ATL_WRITER_BLOCK_H */
