/*
 * block.h
 *		Reading blocks (block.c) and the items in them (item.c).
 */
#ifndef ATL_IMAGE_BLOCK_H
#define ATL_IMAGE_BLOCK_H

#include "core/image/track.h"

/* Open a block of the expected number of items in exactly these bytes. */
extern AtlStatus atl_block_open(AtlBlock *block, const uint8_t *bytes, uint32_t size, uint32_t items);

/* One of its f64 columns; NaN where it has no value. */
extern double atl_block_number(const AtlBlock *block, AtlColumnId id, uint32_t i, double sample_rate);

extern AtlStatus atl_block_type(const AtlBlock *block, uint32_t i, uint32_t *type);

/*
 * The column of an id that has a value for item i, and which one it is, or
 * NULL.  For shared members, any id from ATL_COLUMN_MEMBER on.
 */
extern const AtlColumn *atl_block_find(const AtlBlock *block, uint32_t id, uint32_t i, uint32_t *value);

/* The text of column PAYLOAD or ATTRIBUTES; size 0 if it has none. */
extern AtlStatus atl_block_text(const AtlBlock *block, AtlColumnId id, uint32_t i, AtlText *text);

/* Payload and attributes of item i, put together in a buffer. */
extern AtlStatus atl_item_texts(const AtlBlock *block, const AtlSharedMembers *members, uint32_t i,
								double sample_rate, AtlBuffer *buffer, AtlItem *item);

#endif							/* ATL_IMAGE_BLOCK_H */
