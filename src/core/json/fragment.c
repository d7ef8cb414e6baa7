/*
 * fragment.c
 *		A JSON value as a tree, from tokens to canonical text.
 *
 * The tree is there because keys must be sorted and a repeated key's last
 * value wins.  Neither building nor printing recurses, so depth costs memory,
 * not stack, and the whole is linear in its size.
 */
#include "core/json/fragment.h"

#include <string.h>

#include "core/base/sort.h"
#include "core/base/text.h"
#include "core/json/canonical.h"

/* A value in the tree.  Links are node numbers; 0 is none, 1 the root. */
typedef struct Node
{
	AtlTokenKind kind;			/* OBJECT_START, ARRAY_START, or a scalar's */
	uint32_t	parent;
	uint32_t	next;
	uint32_t	first;			/* children */
	uint32_t	last;
	uint32_t	key_offset;		/* spans of the text buffer */
	uint32_t	key_size;
	uint32_t	text_offset;
	uint32_t	text_size;
} Node;

/* Poll after a scalar of more characters. */
#define LONG_SCALAR	4096

#define NONE	0
#define ROOT	1

static Node *
node_at(const AtlFragment *fragment, uint32_t i)
{
	return (Node *) fragment->nodes.bytes + i;
}

static uint32_t
num_nodes(const AtlFragment *fragment)
{
	return (uint32_t) (fragment->nodes.size / sizeof(Node));
}

static AtlText
key_of(const AtlFragment *fragment, const Node *node)
{
	AtlText		key = {(const char *) atl_buffer_at(&fragment->text, node->key_offset), node->key_size};

	return key;
}

void
atl_fragment_init(AtlFragment *fragment, const AtlHost *host)
{
	memset(fragment, 0, sizeof(*fragment));
	atl_buffer_init(&fragment->nodes, host);
	atl_buffer_init(&fragment->text, host);
}

void
atl_fragment_free(AtlFragment *fragment)
{
	atl_buffer_free(&fragment->nodes);
	atl_buffer_free(&fragment->text);
}

void
atl_fragment_reset(AtlFragment *fragment)
{
	fragment->nodes.size = 0;
	fragment->text.size = 0;
	fragment->current = NONE;
	fragment->repeated = 0;
}

bool
atl_fragment_is_empty(const AtlFragment *fragment)
{
	return fragment->nodes.size == 0;
}

bool
atl_fragment_is_open(const AtlFragment *fragment)
{
	return fragment->current != NONE;
}

bool
atl_fragment_in_object(const AtlFragment *fragment)
{
	return fragment->current != NONE &&
		node_at(fragment, fragment->current)->kind == ATL_OBJECT_START;
}

/* Add a value to the open container; in an object, with the last key. */
static AtlStatus
add_node(AtlFragment *fragment, AtlTokenKind kind)
{
	Node		node = {.kind = kind, .parent = fragment->current};
	uint32_t	i;

	if (atl_fragment_is_empty(fragment))
		ATL_TRY(atl_buffer_append_zeros(&fragment->nodes, sizeof(Node)));
	if (atl_fragment_in_object(fragment))
	{
		node.key_offset = fragment->key_offset;
		node.key_size = fragment->key_size;
	}
	node.text_offset = (uint32_t) fragment->text.size;
	i = num_nodes(fragment);
	ATL_TRY(atl_buffer_append(&fragment->nodes, &node, sizeof(Node)));

	if (node.parent != NONE)
	{
		Node	   *parent = node_at(fragment, node.parent);

		if (parent->first == NONE)
			parent->first = i;
		else
			node_at(fragment, parent->last)->next = i;
		parent->last = i;
	}
	if (kind == ATL_OBJECT_START || kind == ATL_ARRAY_START)
		fragment->current = i;
	return ATL_OK;
}

/* Add a scalar, whose canonical text is kept. */
static AtlStatus
add_scalar(AtlFragment *fragment, AtlToken token)
{
	AtlStatus	status;
	Node	   *node;

	ATL_TRY(add_node(fragment, token.kind));
	if (token.kind == ATL_STRING)
		status = atl_json_append_string(&fragment->text, token.text);
	else if (token.kind == ATL_NUMBER)
		status = atl_json_append_number(&fragment->text, token.text);
	else if (token.kind == ATL_TRUE)
		status = atl_buffer_append(&fragment->text, "true", 4);
	else if (token.kind == ATL_FALSE)
		status = atl_buffer_append(&fragment->text, "false", 5);
	else
		status = atl_buffer_append(&fragment->text, "null", 4);
	node = node_at(fragment, num_nodes(fragment) - 1);
	node->text_size = (uint32_t) fragment->text.size - node->text_offset;
	/* Few characters may stand for a hundred thousand digits. */
	if (node->text_size > LONG_SCALAR)
		atl_poll(fragment->text.host);
	return status;
}

/* One member of an object that is being sorted. */
typedef struct Member
{
	AtlText		key;
	uint32_t	node;
} Member;

/* By key; members of equal key stay in the order of the document. */
static int
compare_members(const void *a, const void *b, const void *host)
{
	return atl_text_compare_long(host, ((const Member *) a)->key, ((const Member *) b)->key);
}

static bool
members_in_order(const AtlFragment *fragment, const Node *object)
{
	const AtlHost *host = fragment->nodes.host;
	AtlWork		work = {.host = host};
	uint32_t	i = object->first;

	for (; i != NONE && node_at(fragment, i)->next != NONE; i = node_at(fragment, i)->next)
	{
		const Node *node = node_at(fragment, i);

		atl_work(&work, 20);
		if (atl_text_compare_long(host, key_of(fragment, node),
								  key_of(fragment, node_at(fragment, node->next))) >= 0)
			return false;
	}
	return true;
}

/* Link the sorted members; of members with equal keys only the last. */
static void
link_members(AtlFragment *fragment, Node *object, const Member *members, size_t num)
{
	const AtlHost *host = fragment->nodes.host;
	AtlWork		work = {.host = host};

	object->first = object->last = NONE;
	for (size_t i = 0; i < num; i++)
	{
		atl_work(&work, 50);
		if (i + 1 < num && compare_members(&members[i], &members[i + 1], host) == 0)
		{
			fragment->repeated++;
			continue;
		}
		if (object->first == NONE)
			object->first = members[i].node;
		else
			node_at(fragment, object->last)->next = members[i].node;
		object->last = members[i].node;
		node_at(fragment, object->last)->next = NONE;
	}
}

static AtlStatus
sort_members_in(AtlFragment *fragment, Node *object, AtlBuffer *members)
{
	AtlWork		work = {.host = fragment->nodes.host};

	for (uint32_t i = object->first; i != NONE; i = node_at(fragment, i)->next)
	{
		Member		member = {key_of(fragment, node_at(fragment, i)), i};

		atl_work(&work, 20);
		ATL_TRY(atl_buffer_append(members, &member, sizeof(member)));
	}
	ATL_TRY(atl_sort(work.host, members->bytes, members->size / sizeof(Member), sizeof(Member),
					 compare_members, work.host));
	link_members(fragment, object, (const Member *) members->bytes, members->size / sizeof(Member));
	return ATL_OK;
}

static AtlStatus
sort_members(AtlFragment *fragment, Node *object)
{
	AtlBuffer	members;
	AtlStatus	status;

	if (members_in_order(fragment, object))
		return ATL_OK;

	atl_buffer_init(&members, fragment->nodes.host);
	status = sort_members_in(fragment, object, &members);
	atl_buffer_free(&members);
	return status;
}

static AtlStatus
close_container(AtlFragment *fragment)
{
	Node	   *node = node_at(fragment, fragment->current);
	AtlStatus	status = ATL_OK;

	if (node->kind == ATL_OBJECT_START)
		status = sort_members(fragment, node);
	fragment->current = node->parent;
	return status;
}

AtlStatus
atl_fragment_push(AtlFragment *fragment, AtlToken token)
{
	switch (token.kind)
	{
		case ATL_KEY:
			fragment->key_offset = (uint32_t) fragment->text.size;
			fragment->key_size = token.text.size;
			return atl_buffer_append(&fragment->text, token.text.text, token.text.size);
		case ATL_OBJECT_START:
		case ATL_ARRAY_START:
			return add_node(fragment, token.kind);
		case ATL_OBJECT_END:
		case ATL_ARRAY_END:
			return close_container(fragment);
		default:
			return add_scalar(fragment, token);
	}
}

bool
atl_fragment_next(const AtlFragment *fragment, const AtlFragmentMember *object, AtlFragmentMember *member)
{
	const Node *node;

	if (atl_fragment_is_empty(fragment))
		return false;
	if (member->node != NONE)
		member->node = node_at(fragment, member->node)->next;
	else
		member->node = node_at(fragment, object == NULL ? ROOT : object->node)->first;
	if (member->node == NONE)
		return false;
	node = node_at(fragment, member->node);
	member->key = key_of(fragment, node);
	member->kind = node->kind;
	member->text.text = (const char *) atl_buffer_at(&fragment->text, node->text_offset);
	member->text.size = node->text_size;
	return true;
}

/* Print what comes before a value's own text: comma, key, open bracket. */
static AtlStatus
print_start(const AtlFragment *fragment, uint32_t i, AtlBuffer *out)
{
	const Node *node = node_at(fragment, i);
	const Node *parent = node_at(fragment, node->parent);

	if (node->parent != NONE && parent->first != i)
		ATL_TRY(atl_buffer_append(out, ",", 1));
	if (node->parent != NONE && parent->kind == ATL_OBJECT_START)
	{
		ATL_TRY(atl_json_append_string(out, key_of(fragment, node)));
		ATL_TRY(atl_buffer_append(out, ":", 1));
	}
	if (node->kind == ATL_OBJECT_START)
		return atl_buffer_append(out, "{", 1);
	if (node->kind == ATL_ARRAY_START)
		return atl_buffer_append(out, "[", 1);
	return atl_buffer_append(out, atl_buffer_at(&fragment->text, node->text_offset), node->text_size);
}

static AtlStatus
print_end(const AtlFragment *fragment, uint32_t i, AtlBuffer *out)
{
	AtlTokenKind kind = node_at(fragment, i)->kind;

	if (kind == ATL_OBJECT_START)
		return atl_buffer_append(out, "}", 1);
	if (kind == ATL_ARRAY_START)
		return atl_buffer_append(out, "]", 1);
	return ATL_OK;
}

AtlStatus
atl_fragment_print(AtlFragment *fragment, AtlBuffer *out)
{
	uint32_t	i = ROOT;
	AtlWork		work = {.host = out->host};

	for (;;)
	{
		atl_work(&work, 50);
		ATL_TRY(print_start(fragment, i, out));
		if (node_at(fragment, i)->first != NONE)
		{
			i = node_at(fragment, i)->first;
			continue;
		}
		ATL_TRY(print_end(fragment, i, out));
		while (i != ROOT && node_at(fragment, i)->next == NONE)
		{
			i = node_at(fragment, i)->parent;
			ATL_TRY(print_end(fragment, i, out));
		}
		if (i == ROOT)
			return ATL_OK;
		i = node_at(fragment, i)->next;
	}
}
