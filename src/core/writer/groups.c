/*
 * groups.c
 *		Series into an image: groups, directory, pieces.
 */
#include "core/writer/writer.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/sort.h"

/* The key that puts features into groups, and groups in order. */
typedef struct GroupKey
{
	uint32_t	block_frames;
	bool		hop;
	double		clock;
	double		start_time;
	uint32_t	blocks;
	uint32_t	feature;		/* index in the draft, in order of name */
} GroupKey;

static int
compare_groups(const GroupKey *a, const GroupKey *b)
{
	if (a->block_frames != b->block_frames)
		return a->block_frames > b->block_frames ? -1 : 1;
	if (a->hop != b->hop)
		return a->hop ? -1 : 1;
	if (a->clock != b->clock)
		return a->clock < b->clock ? -1 : 1;
	if (a->start_time != b->start_time)
		return a->start_time < b->start_time ? -1 : 1;
	if (a->blocks != b->blocks)
		return a->blocks > b->blocks ? -1 : 1;
	return 0;
}

/* Features of one group stay in order of name. */
static int
compare_keys(const void *a, const void *b, const void *context)
{
	return compare_groups(a, b);
}

static AtlStatus
sort_features(AtlDraft *draft)
{
	uint32_t	num = atl_draft_features(draft);
	AtlWork		work = {.host = draft->host};

	draft->scratch.size = 0;
	for (uint32_t i = 0; i < num; i++)
	{
		const AtlDraftFeature *feature = atl_draft_feature(draft, i);
		const AtlFeature *entry = &feature->entry;
		GroupKey	key = {
			.block_frames = atl_block_frames(entry->dims),
			.hop = (entry->flags & ATL_FEATURE_HOP) != 0,
			.clock = entry->clock,
			.start_time = entry->start_time,
			.blocks = atl_draft_blocks(feature),
			.feature = i
		};

		atl_work(&work, 20);
		ATL_TRY(atl_buffer_append(&draft->scratch, &key, sizeof(key)));
	}
	return atl_sort(draft->host, draft->scratch.bytes, num, sizeof(GroupKey), compare_keys, NULL);
}

/* A group: features [first, end) of draft->order. */
typedef struct Group
{
	uint32_t	first;
	uint32_t	end;
	uint32_t	blocks;			/* of each feature */
	uint64_t	pieces;			/* in a block */
} Group;

static AtlDraftFeature *
ordered_feature(const AtlDraft *draft, uint32_t i)
{
	uint32_t	feature;

	memcpy(&feature, draft->order.bytes + (size_t) i * sizeof(feature), sizeof(feature));
	return atl_draft_feature(draft, feature);
}

/* Collect the group that begins at keys[first]; append it to draft->order. */
static AtlStatus
collect_group(AtlDraft *draft, const GroupKey *keys, uint32_t first, Group *group)
{
	uint32_t	num = atl_draft_features(draft);
	AtlWork		work = {.host = draft->host};

	memset(group, 0, sizeof(*group));
	group->first = group->end = first;
	group->blocks = keys[first].blocks;
	while (group->end < num && compare_groups(&keys[first], &keys[group->end]) == 0)
	{
		uint32_t	number = keys[group->end++].feature;
		AtlDraftFeature *feature = atl_draft_feature(draft, number);

		atl_work(&work, 20);
		feature->entry.first_piece = (uint32_t) group->pieces;
		group->pieces += atl_block_pieces(feature->entry.dims);
		if (group->pieces > UINT32_MAX)
			return ATL_TOO_LARGE;
		ATL_TRY(atl_buffer_append(&draft->order, &number, sizeof(number)));
	}
	return ATL_OK;
}

AtlStatus
atl_group_features(AtlDraft *draft)
{
	uint64_t	directory = 0;
	AtlWork		work = {.host = draft->host};
	AtlStatus	status = sort_features(draft);
	Group		group = {0};

	draft->order.size = 0;
	while (status == ATL_OK && group.end < atl_draft_features(draft))
	{
		status = collect_group(draft, (GroupKey *) draft->scratch.bytes, group.end, &group);
		for (uint32_t i = group.first; i < group.end && status == ATL_OK; i++)
		{
			AtlFeature *entry = &ordered_feature(draft, i)->entry;

			atl_work(&work, 20);
			entry->directory = (uint32_t) directory;
			entry->group_pieces = (uint32_t) group.pieces;
		}
		directory += group.pieces * group.blocks;
		if (directory > ATL_MAX_IMAGE / ATL_DIRECTORY_ENTRY_SIZE)
			status = ATL_TOO_LARGE;
	}
	return status;
}

/* The next group in a draft whose features are grouped. */
static Group
next_group(const AtlDraft *draft, uint32_t first)
{
	const AtlDraftFeature *feature = ordered_feature(draft, first);
	Group		group = {.first = first, .end = first, .blocks = atl_draft_blocks(feature)};
	AtlWork		work = {.host = draft->host};

	while (group.pieces < feature->entry.group_pieces)
	{
		atl_work(&work, 20);
		group.pieces += atl_block_pieces(ordered_feature(draft, group.end++)->entry.dims);
	}
	return group;
}

uint64_t
atl_write_directory_size(const AtlDraft *draft)
{
	uint64_t	entries = 0;
	AtlWork		work = {.host = draft->host};

	for (uint32_t first = 0; first < atl_draft_features(draft);)
	{
		Group		group = next_group(draft, first);

		atl_work(&work, 20);
		entries += group.blocks * group.pieces;
		first = group.end;
	}
	return entries * ATL_DIRECTORY_ENTRY_SIZE;
}

uint64_t
atl_write_series_size(const AtlDraft *draft)
{
	uint64_t	size = 0;
	AtlWork		work = {.host = draft->host};

	for (uint32_t i = 0; i < atl_draft_features(draft); i++)
	{
		atl_work(&work, 5);
		size += atl_draft_feature(draft, i)->entry.data_size;
	}
	return size;
}

uint64_t
atl_write_summary_size(const AtlDraft *draft)
{
	uint64_t	size = 0;
	AtlWork		work = {.host = draft->host};

	for (uint32_t i = 0; i < atl_draft_features(draft); i++)
	{
		atl_work(&work, 5);
		size += atl_draft_feature(draft, i)->summary_size;
	}
	return size;
}

/* The position of the writer in directory and data. */
typedef struct Cursor
{
	uint8_t    *directory;
	uint8_t    *data;
	uint32_t	end;			/* of the last piece, in the data */
	AtlWork		work;
} Cursor;

/* The offset in draft->pieces where piece i begins, and piece i - 1 ends. */
static uint32_t
piece_start(const AtlDraft *draft, size_t i)
{
	uint32_t	start = 0;

	if (i > 0)
		memcpy(&start, draft->piece_ends.bytes + (i - 1) * sizeof(start), sizeof(start));
	return start;
}

/* Write a feature's pieces of one block, side by side in the draft. */
static void
write_pieces(const AtlDraft *draft, const AtlDraftFeature *feature, uint32_t block, Cursor *cursor)
{
	uint32_t	pieces = atl_block_pieces(feature->entry.dims);
	size_t		piece = feature->pieces_at + (size_t) block * pieces;
	uint32_t	start = piece_start(draft, piece);
	uint32_t	end = start;

	for (uint32_t i = 0; i < pieces; i++)
	{
		end = piece_start(draft, piece + i + 1);
		atl_store_u32(cursor->directory, cursor->end + (end - start));
		cursor->directory += ATL_DIRECTORY_ENTRY_SIZE;
	}
	atl_copy(draft->host, cursor->data + cursor->end, draft->pieces.bytes + start, end - start);
	atl_work(&cursor->work, 20 + 2 * feature->entry.dims + (end - start) / 4);
	cursor->end += end - start;
}

void
atl_write_series(const AtlDraft *draft, uint8_t *directory, uint8_t *data)
{
	Cursor		cursor = {directory, data, 0, {.host = draft->host}};

	for (uint32_t first = 0; first < atl_draft_features(draft);)
	{
		Group		group = next_group(draft, first);

		for (uint32_t b = 0; b < group.blocks; b++)
			for (uint32_t i = group.first; i < group.end; i++)
				write_pieces(draft, ordered_feature(draft, i), b, &cursor);
		first = group.end;
	}
}
