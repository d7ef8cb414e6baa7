/*
 * shared.c
 *		Which members the items of a track share, and where each item has them.
 */
#include "core/writer/block.h"

#include <string.h>

#include "core/base/sort.h"
#include "core/base/text.h"
#include "core/json/members.h"

/* Items, evenly spread over the track, that are searched for members. */
#define SAMPLE	256

/* Different members counted at most; more show no common structure. */
#define CANDIDATES	64

/* One in so many sampled items, and at least two, have a shared member. */
#define ONE_IN	32

typedef struct Candidate
{
	AtlDraftShared member;
	uint32_t	items;
} Candidate;

typedef struct Census
{
	Candidate	candidates[CANDIDATES];
	uint32_t	num;
} Census;

static bool
is_object(AtlText json)
{
	return json.size > 0 && json.text[0] == '{';
}

static void
count_member(Census *census, AtlSharedPlace place, AtlText name)
{
	Candidate  *candidate = census->candidates;
	uint32_t	i = 0;

	for (; i < census->num; i++, candidate++)
		if (candidate->member.place == place && atl_text_compare(candidate->member.name, name) == 0)
			break;
	if (i == CANDIDATES || name.size > ATL_MEMBER_NAME)
		return;
	if (i == census->num)
	{
		candidate->member.place = place;
		candidate->member.name = name;
		candidate->items = 0;
		census->num++;
	}
	candidate->items++;
}

/* Keys with escapes do not count: their text is longer, so out of order. */
static AtlStatus
count_object(Census *census, const AtlHost *host, AtlSharedPlace place, AtlText object)
{
	AtlMemberScan scan;
	AtlJsonMember member;
	bool		found;

	ATL_TRY(atl_members_begin(&scan, host, object));
	for (;;)
	{
		ATL_TRY(atl_members_next(&scan, &member, &found));
		if (!found)
			return ATL_OK;
		if (!member.escaped)
			count_member(census, place, member.key);
	}
}

static AtlStatus
count_item(Census *census, const AtlHost *host, AtlText payload, AtlText attributes)
{
	AtlText		no_name = {"", 0};

	if (is_object(payload))
		ATL_TRY(count_object(census, host, ATL_IN_PAYLOAD, payload));
	else if (payload.size > 0)
		count_member(census, ATL_IS_PAYLOAD, no_name);
	return attributes.size > 0 ? count_object(census, host, ATL_IN_ATTRIBUTES, attributes) : ATL_OK;
}

static int
compare_members(const void *a, const void *b, const void *context)
{
	const AtlDraftShared *left = a;
	const AtlDraftShared *right = b;

	if (left->place != right->place)
		return left->place < right->place ? -1 : 1;
	return atl_text_compare(left->name, right->name);
}

AtlStatus
atl_choose_shared(AtlDraft *draft, AtlDraftTrack *track)
{
	uint32_t	num = atl_draft_items(track);
	uint32_t	sample = num < SAMPLE ? num : SAMPLE;
	Census		census;

	census.num = 0;
	for (uint32_t i = 0; i < sample; i++)
	{
		const AtlDraftItem *item = atl_draft_item(track, (uint32_t) ((uint64_t) i * num / sample));

		ATL_TRY(count_item(&census, draft->host, atl_draft_text(draft, item->payload),
						   atl_draft_text(draft, item->attributes)));
	}
	for (uint32_t i = 0; i < census.num && track->num_shared < ATL_MAX_SHARED; i++)
		if (census.candidates[i].items >= 2 && census.candidates[i].items >= sample / ONE_IN)
			track->shared[track->num_shared++] = census.candidates[i].member;
	return atl_sort(draft->host, track->shared, track->num_shared, sizeof(AtlDraftShared), compare_members, NULL);
}


/*
 * Cells
 */

/*
 * Find the shared members of item i's object, and count all its members.  The
 * object and the shared members are both in order of key, except for keys with
 * escapes, which are compared as text here and where an object is put together
 * again.  A shared member that is passed over here stays in the text, so no
 * member changes places.
 */
static AtlStatus
find_in_object(AtlDraftBlock *block, uint32_t i, AtlSharedPlace place, AtlText object, uint32_t *num)
{
	const AtlDraftShared *members = block->track->shared;
	uint32_t	m = 0;
	AtlMemberScan scan;
	AtlJsonMember member;
	bool		found;

	ATL_TRY(atl_members_begin(&scan, block->draft->host, object));
	while (m < block->track->num_shared && members[m].place < place)
		m++;
	for (*num = 0;; ++*num)
	{
		int			order = -1;

		ATL_TRY(atl_members_next(&scan, &member, &found));
		if (!found)
			return ATL_OK;
		for (; m < block->track->num_shared && members[m].place == place; m++)
		{
			order = atl_text_compare(members[m].name, member.key);
			if (order >= 0)
				break;
		}
		if (order != 0)
			continue;
		block->cells[m][i] = member.value;
		block->num_cells[m]++;
	}
}

static AtlStatus
find_in_text(AtlDraftBlock *block, uint32_t i, AtlSharedPlace place, AtlText text, uint32_t *members)
{
	uint32_t	last = block->track->num_shared - 1;

	*members = 0;
	if (text.size == 0 || block->track->num_shared == 0)
		return ATL_OK;
	if (is_object(text))
		return find_in_object(block, i, place, text, members);
	/* The one member without a name stands last. */
	if (block->track->shared[last].place == ATL_IS_PAYLOAD)
	{
		*members = 1;
		block->cells[last][i] = text;
		block->num_cells[last]++;
	}
	return ATL_OK;
}

AtlStatus
atl_find_cells(AtlDraftBlock *block)
{
	for (uint32_t m = 0; m < block->track->num_shared; m++)
	{
		memset(block->cells[m], 0, sizeof(block->cells[m]));
		memset(&block->written[m], 0, sizeof(block->written[m]));
		block->num_cells[m] = 0;
	}
	for (uint32_t i = 0; i < block->items; i++)
	{
		const AtlDraftItem *item = atl_block_draft(block, i);

		ATL_TRY(find_in_text(block, i, ATL_IN_PAYLOAD, atl_draft_text(block->draft, item->payload),
							 &block->members_of[0][i]));
		ATL_TRY(find_in_text(block, i, ATL_IN_ATTRIBUTES, atl_draft_text(block->draft, item->attributes),
							 &block->members_of[1][i]));
	}
	return ATL_OK;
}


/*
 * Rest
 */

/* How many members of an item's payload or attributes are in columns. */
static uint32_t
count_written(const AtlDraftBlock *block, uint32_t i, bool payload)
{
	uint32_t	num = 0;

	for (uint32_t m = 0; m < block->track->num_shared; m++)
		if (payload == (block->track->shared[m].place != ATL_IN_ATTRIBUTES))
			num += atl_mask_has(&block->written[m], i);
	return num;
}

/* Whether the value, a part of an item's text, is in a column. */
static bool
is_written(const AtlDraftBlock *block, uint32_t i, const char *value)
{
	for (uint32_t m = 0; m < block->track->num_shared; m++)
		if (block->cells[m][i].size > 0 && block->cells[m][i].text == value)
			return atl_mask_has(&block->written[m], i);
	return false;
}

static AtlStatus
append_members(const AtlDraftBlock *block, uint32_t i, AtlText object, AtlBuffer *out)
{
	AtlMemberScan scan;
	AtlJsonMember member;
	const char *separator = "{";
	bool		found;

	ATL_TRY(atl_members_begin(&scan, block->draft->host, object));
	for (;;)
	{
		ATL_TRY(atl_members_next(&scan, &member, &found));
		if (!found)
			return atl_buffer_append(out, "}", 1);
		if (is_written(block, i, member.value.text))
			continue;
		ATL_TRY(atl_buffer_append(out, separator, 1));
		ATL_TRY(atl_buffer_append(out, member.whole.text, member.whole.size));
		separator = ",";
	}
}

AtlStatus
atl_append_rest(const AtlDraftBlock *block, uint32_t i, bool payload, AtlBuffer *out)
{
	const AtlDraftItem *item = atl_block_draft(block, i);
	AtlText		text = atl_draft_text(block->draft, payload ? item->payload : item->attributes);
	uint32_t	written;

	if (text.size == 0)
		return ATL_OK;
	written = count_written(block, i, payload);
	if (written == 0)
		return atl_buffer_append(out, text.text, text.size);
	if (written == block->members_of[payload ? 0 : 1][i])
		return ATL_OK;
	return append_members(block, i, text, out);
}
