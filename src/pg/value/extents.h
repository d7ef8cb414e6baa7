/*
 * extents.h
 *		Bytes of a stored value that have been read: extents of whole chunks.
 *
 * An extent is contiguous memory, so that whatever was read together can be
 * handed out without a copy.  Extents may overlap.  Bytes stay where they are
 * until the extents are reset.
 */
#ifndef PG_VALUE_EXTENTS_H
#define PG_VALUE_EXTENTS_H

#include "pg/bridge/compat.h"

typedef struct TimelineExtent
{
	uint32		offset;			/* of its first byte in the value */
	uint32		size;
	uint8	   *bytes;
} TimelineExtent;

/* Which extent has a chunk: an open hash table, by number of the chunk. */
typedef struct TimelineChunk
{
	uint32		chunk;
	TimelineExtent *extent;		/* NULL: an empty place */
} TimelineChunk;

/* Places inside TimelineExtents, without palloc: enough for two lookups. */
#define TIMELINE_FEW_CHUNKS		32

typedef struct TimelineExtents
{
	MemoryContext context;
	struct TimelineBlock *blocks;	/* memory of the extents, the newest first */
	Size		memory;			/* in all blocks, and in the table */
	TimelineExtent *head;		/* the one at offset 0, or NULL */
	TimelineChunk *chunks;
	uint32		mask;			/* places in the table, less 1 */
	uint32		used;
	TimelineChunk few[TIMELINE_FEW_CHUNKS];
} TimelineExtents;

extern void timeline_extents_init(TimelineExtents *extents, MemoryContext context);

/* Drop all extents, and free all but a little memory for the next value. */
extern void timeline_extents_reset(TimelineExtents *extents);

/*
 * Room for an extent, which starts at a chunk and ends at the end of a chunk
 * or of the value.  Fill the extent, then add it: only then is it found, so
 * that an error in between leaves the extents as they were.
 */
extern TimelineExtent *timeline_extents_make(TimelineExtents *extents, uint32 offset, uint32 size);
extern void timeline_extents_add(TimelineExtents *extents, TimelineExtent *extent);

static inline uint32
timeline_chunk_place(const TimelineExtents *extents, uint32 chunk)
{
	return (chunk * UINT32_C(0x9E3779B1)) >> 8 & extents->mask;
}

/* An extent that has the chunk, or NULL. */
static inline TimelineExtent *
timeline_extents_find(const TimelineExtents *extents, uint32 chunk)
{
	uint32		place = timeline_chunk_place(extents, chunk);

	while (extents->chunks[place].extent != NULL && extents->chunks[place].chunk != chunk)
		place = (place + 1) & extents->mask;
	return extents->chunks[place].extent;
}

/* Bytes of one extent, or NULL. */
static inline const uint8 *
timeline_extents_bytes(const TimelineExtents *extents, uint32 offset, uint32 size)
{
	const TimelineExtent *extent = extents->head;

	if (extent != NULL && (uint64) offset + size <= extent->size)
		return extent->bytes + offset;
	extent = timeline_extents_find(extents, offset / TOAST_CHUNK_SIZE);
	if (extent != NULL && (uint64) offset + size <= (uint64) extent->offset + extent->size)
		return extent->bytes + (offset - extent->offset);
	return NULL;
}

#endif							/* PG_VALUE_EXTENTS_H */
