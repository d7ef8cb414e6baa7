/*
 * item.c
 *		Events and markers: their members, and the types they have.
 */
#include "core/document/builder.h"

#include <math.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/text.h"

/* The track that the current state belongs to. */
AtlTrack
atl_track_in_hand(const AtlBuilder *builder)
{
	return builder->state == ATL_AT_EVENT || builder->state == ATL_AT_EVENTS ? ATL_EVENTS : ATL_MARKERS;
}

/* The hash table slot of a type name; an empty slot if the name is new. */
static uint32_t *
find_slot(const AtlBuilder *builder, AtlTrack track, AtlText name)
{
	const AtlBuffer *buffer = &builder->arrivals[track].table;
	uint32_t   *table = (uint32_t *) buffer->bytes;
	size_t		mask = buffer->size / sizeof(uint32_t) - 1;
	size_t		i = atl_hash(builder->host, name) & mask;

	while (table[i] != 0)
	{
		const AtlDraftType *type = atl_draft_type(&builder->draft.tracks[track], table[i] - 1);

		if (atl_text_compare_long(builder->host, atl_kept_text(builder, type->name), name) == 0)
			break;
		i = (i + 1) & mask;
	}
	return &table[i];
}

/* Keep the hash table at most half full. */
static AtlStatus
grow_table(AtlBuilder *builder, AtlTrack track)
{
	AtlBuffer  *table = &builder->arrivals[track].table;
	const AtlDraftTrack *draft = &builder->draft.tracks[track];
	uint32_t	num = atl_draft_types(draft);
	size_t		size = table->size;
	AtlWork		work = {.host = builder->host};

	if ((size_t) num * 2 * sizeof(uint32_t) < size)
		return ATL_OK;
	size = size == 0 ? 64 * sizeof(uint32_t) : size * 2;
	table->size = 0;
	ATL_TRY(atl_buffer_append_zeros(table, size));
	for (uint32_t i = 0; i < num; i++)
	{
		AtlText		name = atl_kept_text(builder, atl_draft_type(draft, i)->name);

		atl_work(&work, 100 + name.size);
		*find_slot(builder, track, name) = i + 1;
	}
	return ATL_OK;
}

static AtlStatus
intern_type(AtlBuilder *builder, AtlTrack track, AtlText name, uint32_t *type)
{
	AtlBuffer  *types = &builder->draft.tracks[track].types;
	AtlDraftType draft = {{0, 0}, 0, 0};
	uint32_t   *slot;

	ATL_TRY(grow_table(builder, track));
	slot = find_slot(builder, track, name);
	if (*slot == 0)
	{
		uint32_t	number = atl_draft_types(&builder->draft.tracks[track]) + 1;

		ATL_TRY(atl_build_keep(builder, name, &draft.name));
		ATL_TRY(atl_buffer_append(types, &draft, sizeof(draft)));
		*slot = number;
	}
	*type = *slot - 1;
	return ATL_OK;
}

void
atl_item_begin(AtlBuilder *builder, AtlState state)
{
	memset(&builder->item, 0, sizeof(builder->item));
	builder->item.timestamp = builder->item.duration = builder->item.confidence = NAN;
	builder->item.number = builder->arrivals[atl_track_in_hand(builder)].count++;
	builder->where.object = builder->where.now;
	builder->state = state;
	atl_build_begin_object(builder);
}

static AtlStatus
set_type(AtlBuilder *builder, AtlText name)
{
	char		path[ATL_PATH_SIZE];

	if (name.size == 0)
		return atl_problem(builder, ATL_PROBLEM_EMPTY_TYPE,
						   atl_path_member(builder, "type", path), "is empty.");
	return intern_type(builder, atl_track_in_hand(builder), name, &builder->item.type);
}

AtlStatus
atl_item_member(AtlBuilder *builder, AtlToken token)
{
	AtlDraftItem *item = &builder->item;
	double		number = 0;

	if (builder->member == ATL_M_DATA || builder->member == ATL_M_VALUE)
		return atl_build_capture_value(builder, token);
	if (builder->member == ATL_M_TYPE)
		return set_type(builder, token.text);

	ATL_TRY(atl_build_number(builder, token, &number));
	switch (builder->member)
	{
		case ATL_M_TIMESTAMP:
			item->timestamp = number;
			return atl_build_check_finite(builder, "timestamp", number);
		case ATL_M_DURATION:
			item->duration = number;
			return atl_build_check_finite(builder, "duration", number);
		default:
			item->confidence = number;
			return atl_bounds_check_confidence(builder, number);
	}
}

void
atl_track_begin(AtlBuilder *builder, AtlTrack track, AtlState state)
{
	builder->draft.tracks[track].items.size = 0;
	builder->arrivals[track].count = 0;
	builder->arrivals[track].places.size = 0;
	builder->arrivals[track].times.count = builder->arrivals[track].confidences.count = 0;
	builder->arrivals[track].refused.size = 0;
	builder->draft.tracks[track].sorted = true;
	builder->state = state;
}
