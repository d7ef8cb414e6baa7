/*
 * block.h
 *		Reading blocks (block.c) and the items in them (item.c).
 */
#ifndef ATL_IMAGE_BLOCK_H
#define ATL_IMAGE_BLOCK_H

#include "core/image/track.h"

/* Open a block that must have this size in bytes and number of items. */
extern AtlStatus atl_block_open(AtlBlock *block, const uint8_t *bytes, uint32_t size, uint32_t items);

/* Value of numeric column id for item i; NaN if the item has none. */
extern double atl_block_number(const AtlBlock *block, AtlColumnId id, uint32_t i, double sample_rate);

extern AtlStatus atl_block_type(const AtlBlock *block, uint32_t i, uint32_t *type);

/*
 * Find the column id that has a value for item i, or NULL; *value is the index
 * in the column's values.  Shared members have ids from ATL_COLUMN_MEMBER on.
 */
extern const AtlColumn *atl_block_find(const AtlBlock *block, uint32_t id, uint32_t i, uint32_t *value);

/* The text of column PAYLOAD or ATTRIBUTES; size 0 if item i has none. */
extern AtlStatus atl_block_text(const AtlBlock *block, AtlColumnId id, uint32_t i, AtlText *text);

/* Set payload and attributes of item; buffer holds the texts. */
extern AtlStatus atl_item_texts(const AtlBlock *block, const AtlSharedMembers *members, uint32_t i,
								double sample_rate, AtlBuffer *buffer, AtlItem *item);

#endif							/* ATL_IMAGE_BLOCK_H */
