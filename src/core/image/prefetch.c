/*
 * prefetch.c
 *		Telling the source which pieces of features will be read.
 *
 * A source that reads from a table finds neighbouring pieces, announced
 * together, in one search; fetching piece by piece takes a search per piece.
 */
#include "core/image/feature.h"

#include "core/base/bytes.h"
#include "core/image/directory.h"
#include "core/image/wide.h"

/* Ranges that are handed over at a time. */
#define MAX_RANGES	64

/* Blocks that are looked at between two polls. */
#define POLL_BLOCKS	1024

typedef struct Ranges
{
	const AtlView *view;
	AtlSectionKind kind;
	uint32_t	n;
	AtlSpan		ranges[MAX_RANGES];
} Ranges;

static AtlStatus
flush_ranges(Ranges *list)
{
	uint32_t	n = list->n;

	list->n = 0;
	return n == 0 ? ATL_OK : atl_view_prefetch(list->view, list->kind, list->ranges, n);
}

/* Add a range; merge a range that meets or overlaps the last range. */
static AtlStatus
add_range(Ranges *list, uint32_t offset, uint32_t size)
{
	AtlSpan    *last = list->n == 0 ? NULL : &list->ranges[list->n - 1];

	if (last != NULL && offset >= last->offset && offset <= last->offset + last->size)
	{
		if (offset + size > last->offset + last->size)
			last->size = offset + size - last->offset;
		return ATL_OK;
	}
	if (list->n == MAX_RANGES)
		ATL_TRY(flush_ranges(list));
	list->ranges[list->n].offset = offset;
	list->ranges[list->n].size = size;
	list->n++;
	return ATL_OK;
}

/* Add the directory entries of one block, and the entry before them. */
static AtlStatus
add_directory(Ranges *list, const AtlRead *read, uint32_t block)
{
	uint32_t	entry = atl_directory_entry(read->feature, block, read->dim);
	uint32_t	before = entry > 0;

	return add_range(list, (entry - before) * ATL_DIRECTORY_ENTRY_SIZE,
					 (atl_directory_pieces(read->feature, read->num) + before) * ATL_DIRECTORY_ENTRY_SIZE);
}

static AtlStatus
add_pieces(Ranges *list, const AtlRead *read, uint32_t block)
{
	uint32_t	pieces = atl_directory_pieces(read->feature, read->num);
	const uint8_t *ends;
	uint32_t	start;
	uint32_t	end;

	ATL_TRY(atl_directory_fetch(list->view, read->feature, block, read->dim, pieces, &ends, &start));
	end = atl_load_u32(ends + (size_t) (pieces - 1) * ATL_DIRECTORY_ENTRY_SIZE);
	if (end < start || end > list->view->sections[ATL_FEATURE_DATA].size)
		return ATL_DAMAGED;
	if (read->num == 1 && atl_feature_is_wide(read->feature) && atl_wide_reads_parts(end - start))
		return ATL_OK;
	return add_range(list, start, end - start);
}

typedef AtlStatus (*AddBlock) (Ranges *list, const AtlRead *read, uint32_t block);

/* Add block i of each read; *more says whether any read has a block i. */
static AtlStatus
add_blocks(Ranges *list, const AtlRead *reads, uint32_t n, uint32_t i, AddBlock add, bool *more)
{
	*more = false;
	for (uint32_t r = 0; r < n; r++)
	{
		const AtlRead *read = &reads[r];
		uint32_t	block = read->first / read->feature->block_frames + i;

		if ((r + i) % POLL_BLOCKS == POLL_BLOCKS - 1)
			atl_view_poll(list->view);
		if (read->count == 0 || block > (read->first + read->count - 1) / read->feature->block_frames)
			continue;
		*more = true;
		ATL_TRY(add(list, read, block));
	}
	return ATL_OK;
}

static AtlStatus
add_all(Ranges *list, const AtlRead *reads, uint32_t n, AddBlock add)
{
	bool		more = true;

	for (uint32_t i = 0; more; i++)
		ATL_TRY(add_blocks(list, reads, n, i, add, &more));
	return flush_ranges(list);
}

AtlStatus
atl_features_prefetch(const AtlView *view, const AtlRead *reads, uint32_t n)
{
	Ranges		list = {.view = view, .kind = ATL_FEATURE_DIRECTORY};

	if (view->source.prefetch == NULL)
		return ATL_OK;
	ATL_TRY(add_all(&list, reads, n, add_directory));
	list.kind = ATL_FEATURE_DATA;
	return add_all(&list, reads, n, add_pieces);
}
