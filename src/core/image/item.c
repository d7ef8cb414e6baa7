/*
 * item.c
 *		Payload and attributes of an item, put together from its block.
 *
 * Members are in columns or in text, each in order of key.  Merging the two
 * gives the canonical text that the writer took apart.
 */
#include "core/image/block.h"

#include <string.h>

#include "core/base/text.h"
#include "core/codec/column.h"
#include "core/json/canonical.h"
#include "core/json/members.h"

/* An object that is being put together. */
typedef struct Assembly
{
	AtlBuffer  *out;
	bool		empty;			/* no member is written yet */
	AtlMemberScan rest;			/* the members that are text */
	AtlJsonMember next;			/* first member of rest not yet written */
	bool		has_next;
} Assembly;

static AtlStatus
begin_member(Assembly *assembly)
{
	AtlStatus	status = atl_buffer_append(assembly->out, assembly->empty ? "{" : ",", 1);

	assembly->empty = false;
	return status;
}

static AtlStatus
begin_rest(Assembly *assembly, AtlText rest)
{
	if (rest.size == 0)
		return ATL_OK;
	ATL_TRY(atl_members_begin(&assembly->rest, assembly->out->host, rest));
	return atl_members_next(&assembly->rest, &assembly->next, &assembly->has_next);
}

/* Write members of rest whose key is before key; all if key is NULL. */
static AtlStatus
write_rest(Assembly *assembly, const AtlText *key)
{
	while (assembly->has_next && (key == NULL || atl_text_compare(assembly->next.key, *key) < 0))
	{
		ATL_TRY(begin_member(assembly));
		ATL_TRY(atl_buffer_append(assembly->out, assembly->next.whole.text, assembly->next.whole.size));
		ATL_TRY(atl_members_next(&assembly->rest, &assembly->next, &assembly->has_next));
	}
	return ATL_OK;
}

static AtlStatus
write_key(AtlBuffer *out, AtlText key)
{
	char		quoted[ATL_MEMBER_NAME + 3];

	quoted[0] = '"';
	memcpy(quoted + 1, key.text, key.size);
	memcpy(quoted + 1 + key.size, "\":", 2);
	return atl_buffer_append(out, quoted, (size_t) key.size + 3);
}

/* Write the column members of a place, and members of rest between them. */
static AtlStatus
write_columns(Assembly *assembly, const AtlBlock *block, const AtlSharedMembers *members, uint32_t place,
			  uint32_t i, double sample_rate)
{
	for (uint32_t c = block->first[ATL_COLUMN_MEMBER]; c < block->num_columns; c++)
	{
		const AtlColumn *column = &block->columns[c];
		uint32_t	member = column->id - ATL_COLUMN_MEMBER;
		uint32_t	value;

		if (member >= members->num)
			return ATL_DAMAGED;
		if (members->place[member] != place || !atl_column_find(column, i, &value))
			continue;
		if (place != ATL_IS_PAYLOAD)
		{
			ATL_TRY(write_rest(assembly, &members->name[member]));
			ATL_TRY(begin_member(assembly));
			ATL_TRY(write_key(assembly->out, members->name[member]));
		}
		ATL_TRY(atl_column_append(column, value, sample_rate, assembly->out));
	}
	return ATL_OK;
}

/* Append an object: column members of a place merged with the text rest. */
static AtlStatus
append_object(const AtlBlock *block, const AtlSharedMembers *members, uint32_t place, AtlText rest, uint32_t i,
			  double sample_rate, AtlBuffer *buffer)
{
	Assembly	assembly = {.out = buffer, .empty = true};

	/* A text that is {} or not an object has no column members. */
	if (rest.size > 2 && rest.text[0] == '{')
		ATL_TRY(begin_rest(&assembly, rest));
	else if (rest.size > 0)
		return atl_buffer_append(buffer, rest.text, rest.size);
	ATL_TRY(write_columns(&assembly, block, members, place, i, sample_rate));
	ATL_TRY(write_rest(&assembly, NULL));
	if (assembly.empty)
		return ATL_OK;
	return atl_buffer_append(buffer, "}", 1);
}

static AtlStatus
append_value(const AtlBlock *block, const AtlSharedMembers *members, uint32_t i, double sample_rate, AtlBuffer *buffer)
{
	Assembly	assembly = {.out = buffer, .empty = true};

	return write_columns(&assembly, block, members, ATL_IS_PAYLOAD, i, sample_rate);
}

AtlStatus
atl_item_texts(const AtlBlock *block, const AtlSharedMembers *members, uint32_t i, double sample_rate,
			   AtlBuffer *buffer, AtlItem *item)
{
	AtlText		payload;
	AtlText		attributes;
	size_t		size;

	buffer->size = 0;
	ATL_TRY(atl_block_text(block, ATL_COLUMN_PAYLOAD, i, &payload));
	ATL_TRY(atl_block_text(block, ATL_COLUMN_ATTRIBUTES, i, &attributes));
	/* The shared member that is a whole payload is last in the dictionary. */
	if (members->num > 0 && members->place[members->num - 1] == ATL_IS_PAYLOAD)
		ATL_TRY(append_value(block, members, i, sample_rate, buffer));
	if (buffer->size == 0)
		ATL_TRY(append_object(block, members, ATL_IN_PAYLOAD, payload, i, sample_rate, buffer));
	size = buffer->size;
	ATL_TRY(append_object(block, members, ATL_IN_ATTRIBUTES, attributes, i, sample_rate, buffer));
	item->payload.text = (const char *) atl_buffer_at(buffer, 0);
	item->payload.size = (uint32_t) size;
	item->attributes.text = (const char *) atl_buffer_at(buffer, size);
	item->attributes.size = (uint32_t) (buffer->size - size);
	return ATL_OK;
}
