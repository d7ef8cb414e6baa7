/*
 * extents.c
 *		Bytes of a stored value that have been read: extents of whole chunks.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "pg/value/extents.h"

/*
 * Extents are small and many, and are freed together: they are cut from
 * blocks.  The first block is large enough for a first lookup; later blocks
 * grow with the memory in use.
 */
#define FIRST_BLOCK		(16 * 1024)
#define LARGEST_BLOCK	(256 * 1024)

typedef struct TimelineBlock
{
	struct TimelineBlock *next;
	Size		size;			/* with this header */
	Size		used;
} TimelineBlock;

static void
forget(TimelineExtents *extents)
{
	extents->head = NULL;
	extents->chunks = extents->few;
	extents->mask = TIMELINE_FEW_CHUNKS - 1;
	extents->used = 0;
	memset(extents->few, 0, sizeof(extents->few));
}

void
timeline_extents_init(TimelineExtents *extents, MemoryContext context)
{
	extents->context = context;
	extents->blocks = NULL;
	extents->memory = 0;
	forget(extents);
}

void
timeline_extents_reset(TimelineExtents *extents)
{
	TimelineBlock *block;
	TimelineBlock *next;
	TimelineBlock *keep = NULL;

	for (block = extents->blocks; block != NULL; block = next)
	{
		next = block->next;
		if (block->size == FIRST_BLOCK && keep == NULL)
			keep = block;
		else
			pfree(block);
	}
	if (keep != NULL)
	{
		keep->next = NULL;
		keep->used = MAXALIGN(sizeof(TimelineBlock));
	}
	extents->blocks = keep;
	extents->memory = keep != NULL ? keep->size : 0;
	if (extents->chunks != extents->few)
		pfree(extents->chunks);
	forget(extents);
}

static void *
allocate(TimelineExtents *extents, Size size)
{
	TimelineBlock *block = extents->blocks;
	void	   *memory;

	size = MAXALIGN(size);
	if (block == NULL || size > block->size - block->used)
	{
		Size		want = Min(Max(extents->memory, FIRST_BLOCK), LARGEST_BLOCK);

		want = Max(want, MAXALIGN(sizeof(TimelineBlock)) + size);
		block = MemoryContextAllocHuge(extents->context, want);
		block->next = extents->blocks;
		block->size = want;
		block->used = MAXALIGN(sizeof(TimelineBlock));
		extents->blocks = block;
		extents->memory += want;
	}
	memory = (char *) block + block->used;
	block->used += size;
	return memory;
}

TimelineExtent *
timeline_extents_make(TimelineExtents *extents, uint32 offset, uint32 size)
{
	TimelineExtent *extent = allocate(extents, MAXALIGN(sizeof(TimelineExtent)) + size);

	extent->offset = offset;
	extent->size = size;
	extent->bytes = (uint8 *) extent + MAXALIGN(sizeof(TimelineExtent));
	return extent;
}

static uint32
extent_end(const TimelineExtent *extent)
{
	return extent->offset + extent->size;
}

/* Enter an extent for a chunk; of several extents, the one that ends last. */
static void
put_chunk(TimelineExtents *extents, uint32 chunk, TimelineExtent *extent)
{
	uint32		place = timeline_chunk_place(extents, chunk);

	while (extents->chunks[place].extent != NULL && extents->chunks[place].chunk != chunk)
		place = (place + 1) & extents->mask;
	if (extents->chunks[place].extent == NULL)
		extents->used++;
	else if (extent_end(extents->chunks[place].extent) > extent_end(extent))
		return;
	extents->chunks[place].chunk = chunk;
	extents->chunks[place].extent = extent;
}

/* Make room for n more chunks in a table that is at most half full. */
static void
grow_table(TimelineExtents *extents, uint32 n)
{
	TimelineChunk *old = extents->chunks;
	uint32		old_places = extents->mask + 1;
	uint32		places = old_places;

	while (places < 2 * (extents->used + n))
		places *= 2;
	if (places == old_places)
		return;
	extents->chunks = MemoryContextAllocExtended(extents->context, places * sizeof(TimelineChunk),
												 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	extents->mask = places - 1;
	extents->used = 0;
	extents->memory += places * sizeof(TimelineChunk);
	for (uint32 i = 0; i < old_places; i++)
		if (old[i].extent != NULL)
			put_chunk(extents, old[i].chunk, old[i].extent);
	if (old != extents->few)
	{
		extents->memory -= old_places * sizeof(TimelineChunk);
		pfree(old);
	}
}

void
timeline_extents_add(TimelineExtents *extents, TimelineExtent *extent)
{
	uint32		first = extent->offset / TOAST_CHUNK_SIZE;
	uint32		n = (extent->size - 1) / TOAST_CHUNK_SIZE + 1;

	grow_table(extents, n);
	for (uint32 i = 0; i < n; i++)
		put_chunk(extents, first + i, extent);
	if (extent->offset == 0 && (extents->head == NULL || extents->head->size < extent->size))
		extents->head = extent;
}
