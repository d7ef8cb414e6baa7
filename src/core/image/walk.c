/*
 * walk.c
 *		Finding events and markers: index, blocks, walks.
 */
#include "core/image/track.h"

#include <math.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/count.h"
#include "core/image/block.h"

/* Neighbouring blocks are fetched together, up to this many bytes. */
#define RUN_SIZE	65536

/* Block b is below entry b >> (FANOUT_BITS * level) of a level. */
#define FANOUT_BITS	6

AtlIndexShape
atl_index_shape(uint32_t num_items)
{
	AtlIndexShape shape = {.num_blocks = atl_divide_up(num_items, ATL_BLOCK_ITEMS)};
	uint32_t	entries = shape.num_blocks;

	if (num_items == 0)
		return shape;
	do
	{
		shape.entries[shape.num_levels++] = entries;
		entries = atl_divide_up(entries, ATL_INDEX_FANOUT);
	} while (shape.num_levels < 2 || shape.entries[shape.num_levels - 1] > ATL_INDEX_FANOUT);

	shape.leaves_size = shape.entries[0] * ATL_INDEX_ENTRY_SIZE;
	for (int level = shape.num_levels - 1; level > 0; level--)
	{
		shape.offset[level] = shape.index_size;
		shape.index_size += shape.entries[level] * ATL_INDEX_ENTRY_SIZE;
	}
	return shape;
}

double
atl_item_end(const AtlItem *item)
{
	return item->duration > 0 ? item->timestamp + item->duration : item->timestamp;
}

AtlFilter
atl_filter_all(void)
{
	AtlFilter	filter = {-INFINITY, INFINITY, NAN, NULL, 0};

	return filter;
}

static AtlSectionKind
index_section(AtlTrack track, int level)
{
	if (level == 0)
		return track == ATL_EVENTS ? ATL_EVENT_LEAVES : ATL_MARKER_LEAVES;
	return track == ATL_EVENTS ? ATL_EVENT_INDEX : ATL_MARKER_INDEX;
}

static AtlSectionKind
blocks_section(AtlTrack track)
{
	return track == ATL_EVENTS ? ATL_EVENT_BLOCKS : ATL_MARKER_BLOCKS;
}

/*
 * An instant to compare timestamps with, so that those outside of the timeline
 * by rounding compare as its bounds: any instant before the start, or at it,
 * is before all of them, any after the end is after all.
 */
static double
at_bounds(const AtlView *view, double t)
{
	if (t <= view->start_time)
		return -INFINITY;
	return t > view->duration ? INFINITY : t;
}

/* The same for timestamps at or before t, and those after it. */
static double
reach(const AtlView *view, double t)
{
	if (t < view->start_time)
		return -INFINITY;
	return t >= view->duration ? INFINITY : t;
}

/* The least confidence, so that those out of [0, 1] by rounding compare as its bounds. */
static double
bound_confidence(double least)
{
	if (least <= 0)
		return -INFINITY;
	return least > 1 ? INFINITY : least;
}

/* Apply the rules of rounding to a window and to the least confidence. */
static void
bound_filter(AtlWalk *walk)
{
	AtlFilter  *filter = &walk->filter;

	walk->points_from = at_bounds(walk->view, filter->start_time);
	if (filter->start_time <= walk->view->start_time)
		filter->start_time = -INFINITY;
	filter->end_time = at_bounds(walk->view, filter->end_time);
	filter->min_confidence = bound_confidence(filter->min_confidence);
}

AtlStatus
atl_walk_begin(AtlWalk *walk, const AtlView *view, AtlTrack track, AtlFilter filter, AtlBuffer *text)
{
	/* Members and block are large; both are filled when needed. */
	memset(walk, 0, offsetof(AtlWalk, members));
	walk->members.known = false;
	walk->block.items = 0;
	walk->text = text;
	walk->view = view;
	walk->track = track;
	walk->filter = filter;
	bound_filter(walk);
	walk->run_limit = RUN_SIZE;
	walk->shape = atl_index_shape(atl_track_items(view, track));
	if (filter.types == NULL)
		walk->type_mask = UINT32_MAX;
	for (uint32_t i = 0; i < filter.num_types; i++)
		walk->type_mask |= UINT32_C(1) << (filter.types[i] % 32);
	if (view->sections[index_section(track, 0)].size != walk->shape.leaves_size ||
		view->sections[index_section(track, 1)].size != walk->shape.index_size)
		return ATL_DAMAGED;
	return ATL_OK;
}


/*
 * Index
 */

/* Entry i of a level; its whole node is fetched and kept. */
static AtlStatus
index_entry(AtlWalk *walk, int level, uint32_t i, const uint8_t **entry)
{
	uint32_t	number = i / ATL_INDEX_FANOUT;
	uint32_t	first = number * ATL_INDEX_FANOUT;
	uint32_t	left = walk->shape.entries[level] - first;

	if (walk->node[level] == NULL || walk->node_number[level] != number)
	{
		atl_view_poll(walk->view);
		ATL_TRY(atl_view_fetch(walk->view, index_section(walk->track, level),
							   walk->shape.offset[level] + (uint64_t) first * ATL_INDEX_ENTRY_SIZE,
							   (uint64_t) (left < ATL_INDEX_FANOUT ? left : ATL_INDEX_FANOUT) * ATL_INDEX_ENTRY_SIZE,
							   &walk->node[level]));
		walk->node_number[level] = number;
	}
	*entry = walk->node[level] + (size_t) (i - first) * ATL_INDEX_ENTRY_SIZE;
	return ATL_OK;
}

/* Conclusion from an index entry about all items below the entry. */
typedef enum Verdict
{
	MAY_MATCH,
	NO_MATCH,
	PAST_WINDOW					/* and so are all later entries */
} Verdict;

static Verdict
judge_entry(const AtlWalk *walk, const uint8_t *entry)
{
	if (atl_load_f64(entry) >= walk->filter.end_time)
		return PAST_WINDOW;
	if (atl_load_f64(entry + 8) < walk->filter.start_time ||
		(atl_load_u32(entry + 16) & walk->type_mask) == 0)
		return NO_MATCH;
	return MAY_MATCH;
}

/*
 * Find the highest level at which block b is ruled out, or -1 if block b may
 * match; *past is set if the window ends before block b.
 */
static AtlStatus
judge_block(AtlWalk *walk, uint32_t b, int *level, bool *past)
{
	*past = false;
	for (*level = walk->shape.num_levels - 1; *level >= 0; (*level)--)
	{
		uint32_t	i = b >> (FANOUT_BITS * *level);
		const uint8_t *entry;
		Verdict		verdict;

		ATL_TRY(index_entry(walk, *level, i, &entry));
		verdict = judge_entry(walk, entry);
		*past = verdict == PAST_WINDOW;
		if (verdict != MAY_MATCH)
			return ATL_OK;
	}
	return ATL_OK;
}

/* Advance *b to the next block that may match, or to num_blocks. */
static AtlStatus
next_block(AtlWalk *walk, uint32_t *b)
{
	while (*b < walk->shape.num_blocks)
	{
		int			level;
		bool		past;

		ATL_TRY(judge_block(walk, *b, &level, &past));
		if (level < 0 && !past)
			return ATL_OK;
		if (past)
			*b = walk->shape.num_blocks;
		else
			*b = ((*b >> (FANOUT_BITS * level)) + 1) << (FANOUT_BITS * level);
	}
	return ATL_OK;
}

/* Go back from *b to a block that may have a wanted type, or num_blocks. */
static AtlStatus
previous_block(AtlWalk *walk, uint32_t *b)
{
	while (*b < walk->shape.num_blocks)
	{
		int			level;
		bool		past;

		ATL_TRY(judge_block(walk, *b, &level, &past));
		if (level < 0)
			return ATL_OK;
		*b = (*b >> (FANOUT_BITS * level)) << (FANOUT_BITS * level);
		*b = *b == 0 ? walk->shape.num_blocks : *b - 1;
	}
	return ATL_OK;
}

/*
 * Find the last block whose first timestamp is before t (or at t), or block 0
 * if there is no such block.  Fetches one node per level.
 */
static AtlStatus
locate_block(AtlWalk *walk, double t, bool or_at, uint32_t *b)
{
	uint32_t	at = 0;

	for (int level = walk->shape.num_levels - 1; level >= 0; level--)
	{
		uint32_t	first = at * ATL_INDEX_FANOUT;
		uint32_t	last = first + ATL_INDEX_FANOUT;

		if (last > walk->shape.entries[level])
			last = walk->shape.entries[level];
		at = first;
		for (uint32_t i = first + 1; i < last; i++)
		{
			const uint8_t *entry;
			double		time;

			ATL_TRY(index_entry(walk, level, i, &entry));
			time = atl_load_f64(entry);
			if (!(time < t || (or_at && time == t)))
				break;
			at = i;
		}
	}
	*b = at;
	return ATL_OK;
}


/*
 * Blocks
 */

/* Byte range of block b in the section; block b ends where b + 1 starts. */
static AtlStatus
block_span(AtlWalk *walk, uint32_t b, uint32_t *start, uint32_t *end)
{
	const uint8_t *entry;

	ATL_TRY(index_entry(walk, 0, b, &entry));
	*start = atl_load_u32(entry + 20);
	*end = walk->view->sections[blocks_section(walk->track)].size;
	if (b + 1 < walk->shape.num_blocks)
	{
		ATL_TRY(index_entry(walk, 0, b + 1, &entry));
		*end = atl_load_u32(entry + 20);
	}
	return *start >= *end ? ATL_DAMAGED : ATL_OK;
}

/* Fetch block b together with the following blocks that may match. */
static AtlStatus
fetch_run(AtlWalk *walk, uint32_t b, uint32_t start, uint32_t end)
{
	for (uint32_t next = b + 1; next < walk->shape.num_blocks && end - start < walk->run_limit; next++)
	{
		const uint8_t *entry;
		uint32_t	next_start;
		uint32_t	next_end;

		ATL_TRY(index_entry(walk, 0, next, &entry));
		if (judge_entry(walk, entry) != MAY_MATCH)
			break;
		ATL_TRY(block_span(walk, next, &next_start, &next_end));
		if (next_end - start > walk->run_limit)
			break;
		end = next_end;
	}
	walk->run_offset = start;
	walk->run_end = end;
	return atl_view_fetch(walk->view, blocks_section(walk->track), start, end - start, &walk->run);
}

static AtlStatus
enter_block(AtlWalk *walk, uint32_t b)
{
	uint32_t	items = atl_track_items(walk->view, walk->track) - b * ATL_BLOCK_ITEMS;
	uint32_t	start;
	uint32_t	end;

	ATL_TRY(block_span(walk, b, &start, &end));
	atl_view_poll(walk->view);
	if (walk->run == NULL || start < walk->run_offset || end > walk->run_end)
		ATL_TRY(fetch_run(walk, b, start, end));
	return atl_block_open(&walk->block, walk->run + (start - walk->run_offset), end - start,
						  items < ATL_BLOCK_ITEMS ? items : ATL_BLOCK_ITEMS);
}


/*
 * Items
 */

static double
block_time(const AtlWalk *walk, AtlColumnId id, uint32_t i)
{
	return atl_block_number(&walk->block, id, i, walk->view->sample_rate);
}

/* Fill in payload and attributes of an item that has passed the filter. */
static AtlStatus
finish_item(AtlWalk *walk, uint32_t i, AtlItem *item)
{
	item->payload.size = item->attributes.size = 0;
	if (walk->text == NULL)
		return ATL_OK;
	if (!walk->members.known)
		ATL_TRY(atl_track_shared(walk->view, walk->track, &walk->members));
	return atl_item_texts(&walk->block, &walk->members, i, walk->view->sample_rate, walk->text, item);
}


/*
 * Walks
 */

static bool
type_passes(const AtlFilter *filter, uint32_t type)
{
	uint32_t	low = 0;
	uint32_t	high = filter->num_types;

	if (filter->types == NULL)
		return true;
	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;

		if (filter->types[middle] < type)
			low = middle + 1;
		else
			high = middle;
	}
	return low < filter->num_types && filter->types[low] == type;
}

/* A point must lie in the window; an item with duration must overlap it. */
static bool
time_passes(const AtlWalk *walk, const AtlItem *item)
{
	if (item->timestamp >= walk->filter.end_time)
		return false;
	return item->duration > 0 ? !(item->timestamp + item->duration <= walk->filter.start_time) :
		!(item->timestamp < walk->points_from);
}

/*
 * Read item i of the block, if the item passes the filter.  Reads columns one
 * by one, and stops at the first that fails.
 */
static AtlStatus
filter_item(AtlWalk *walk, uint32_t i, AtlItem *item, bool *found)
{
	const AtlFilter *filter = &walk->filter;

	*found = false;
	item->timestamp = block_time(walk, ATL_COLUMN_TIMESTAMP, i);
	item->duration = block_time(walk, ATL_COLUMN_DURATION, i);
	if (!time_passes(walk, item))
		return ATL_OK;
	ATL_TRY(atl_block_type(&walk->block, i, &item->type));
	if (!type_passes(filter, item->type))
		return ATL_OK;
	item->confidence = block_time(walk, ATL_COLUMN_CONFIDENCE, i);
	if (!isnan(filter->min_confidence) && !(item->confidence >= filter->min_confidence))
		return ATL_OK;
	*found = true;
	return finish_item(walk, i, item);
}

AtlStatus
atl_walk_next(AtlWalk *walk, AtlItem *item, bool *found)
{
	*found = false;
	for (;;)
	{
		while (walk->next < walk->block.items)
		{
			ATL_TRY(filter_item(walk, walk->next++, item, found));
			if (*found)
				return ATL_OK;
			if (item->timestamp >= walk->filter.end_time)
				walk->next = walk->block.items;
		}
		ATL_TRY(next_block(walk, &walk->block_number));
		if (walk->block_number >= walk->shape.num_blocks)
			return ATL_OK;
		walk->next = 0;
		ATL_TRY(enter_block(walk, walk->block_number++));
	}
}

/* Begin a walk that filters by type only, and fetches single blocks. */
static AtlStatus
begin_type_walk(AtlWalk *walk, const AtlView *view, AtlTrack track, AtlFilter filter, AtlBuffer *text)
{
	AtlStatus	status;

	filter.start_time = -INFINITY;
	filter.end_time = INFINITY;
	filter.min_confidence = NAN;
	status = atl_walk_begin(walk, view, track, filter, text);
	walk->run_limit = 0;
	return status;
}

AtlStatus
atl_item_after(const AtlView *view, AtlTrack track, AtlFilter filter, double t, bool or_at,
			   AtlBuffer *text, AtlItem *item, bool *found)
{
	AtlWalk		walk;

	*found = false;
	ATL_TRY(begin_type_walk(&walk, view, track, filter, NULL));
	if (walk.shape.num_blocks == 0)
		return ATL_OK;
	t = or_at ? at_bounds(view, t) : reach(view, t);
	if (t == INFINITY)
		return ATL_OK;

	/*
	 * Items at t may stand at the end of the block before one that starts at
	 * t.
	 */
	ATL_TRY(locate_block(&walk, t, !or_at, &walk.block_number));
	do
	{
		ATL_TRY(atl_walk_next(&walk, item, found));
		if (!*found)
			return ATL_OK;
	} while (!(item->timestamp > t || (or_at && item->timestamp == t)));
	walk.text = text;
	return finish_item(&walk, walk.next - 1, item);
}

/*
 * Enter block_number, or the block before it that may have a wanted type; next
 * is then past its items, or stays 0 if there is none.
 */
static AtlStatus
enter_previous_block(AtlWalk *walk)
{
	ATL_TRY(previous_block(walk, &walk->block_number));
	if (walk->block_number >= walk->shape.num_blocks)
		return ATL_OK;
	ATL_TRY(enter_block(walk, walk->block_number));
	walk->next = walk->block.items;
	walk->block_number = walk->block_number == 0 ? walk->shape.num_blocks : walk->block_number - 1;
	return ATL_OK;
}

AtlStatus
atl_item_before(const AtlView *view, AtlTrack track, AtlFilter filter, double t,
				AtlBuffer *text, AtlItem *item, bool *found)
{
	AtlWalk		walk;

	*found = false;
	ATL_TRY(begin_type_walk(&walk, view, track, filter, text));
	if (walk.shape.num_blocks == 0)
		return ATL_OK;
	t = at_bounds(view, t);
	ATL_TRY(locate_block(&walk, t, false, &walk.block_number));
	for (;;)
	{
		if (walk.next == 0)
			ATL_TRY(enter_previous_block(&walk));
		if (walk.next == 0)
			return ATL_OK;
		if (block_time(&walk, ATL_COLUMN_TIMESTAMP, --walk.next) < t)
			ATL_TRY(filter_item(&walk, walk.next, item, found));
		if (*found)
			return ATL_OK;
	}
}


/*
 * What holds
 */

/* Bits of the walk's mask are of several types; one is cleared with the last of them. */
static void
want_type(AtlHeld *held, uint32_t type)
{
	held->wanted[type % 32]++;
	held->walk.type_mask |= UINT32_C(1) << (type % 32);
}

static void
drop_type(AtlHeld *held, uint32_t type)
{
	held->seen[type] = 1;
	if (--held->wanted[type % 32] == 0)
		held->walk.type_mask &= ~(UINT32_C(1) << (type % 32));
}

AtlStatus
atl_held_begin(AtlHeld *held, const AtlView *view, AtlTrack track, AtlFilter filter, double t,
			   uint8_t *seen, AtlBuffer *text)
{
	ATL_TRY(begin_type_walk(&held->walk, view, track, filter, text));
	ATL_TRY(atl_track_num_types(view, track, &held->num_types));
	held->walk.filter.min_confidence = bound_confidence(filter.min_confidence);
	held->t = reach(view, t);
	held->seen = seen;
	memset(held->wanted, 0, sizeof(held->wanted));
	held->walk.type_mask = 0;
	for (uint32_t i = 0; i < (filter.types == NULL ? held->num_types : filter.num_types); i++)
		want_type(held, filter.types == NULL ? i : filter.types[i]);
	if (held->walk.shape.num_blocks == 0)
		return ATL_OK;
	return locate_block(&held->walk, held->t, true, &held->walk.block_number);
}

/* Read item i of the block, if it is the last of its type. */
static AtlStatus
last_item(AtlHeld *held, uint32_t i, AtlItem *item, bool *found)
{
	uint32_t	type;

	*found = false;
	if (!(block_time(&held->walk, ATL_COLUMN_TIMESTAMP, i) <= held->t))
		return ATL_OK;
	ATL_TRY(atl_block_type(&held->walk.block, i, &type));
	if (type >= held->num_types)
		return ATL_DAMAGED;
	if (held->seen[type])
		return ATL_OK;
	ATL_TRY(filter_item(&held->walk, i, item, found));
	if (*found)
		drop_type(held, type);
	return ATL_OK;
}

AtlStatus
atl_held_next(AtlHeld *held, AtlItem *item, bool *found)
{
	AtlWalk    *walk = &held->walk;

	*found = false;
	while (walk->type_mask != 0)
	{
		if (walk->next == 0)
			ATL_TRY(enter_previous_block(walk));
		if (walk->next == 0)
			return ATL_OK;
		ATL_TRY(last_item(held, --walk->next, item, found));
		if (*found)
			return ATL_OK;
	}
	return ATL_OK;
}
