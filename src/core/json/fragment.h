/*
 * fragment.h
 *		A JSON value taken from tokens and kept as a tree until it is complete.
 */
#ifndef ATL_JSON_FRAGMENT_H
#define ATL_JSON_FRAGMENT_H

#include "core/base/buffer.h"
#include "core/json/token.h"

typedef struct AtlFragment
{
	AtlBuffer	nodes;
	AtlBuffer	text;			/* keys and scalars of the nodes */
	uint32_t	current;		/* open container, or no node */
	uint32_t	key_offset;		/* the last key: a span of text */
	uint32_t	key_size;
	uint32_t	repeated;		/* members dropped as a later one had the key */
} AtlFragment;

extern void atl_fragment_init(AtlFragment *fragment, const AtlHost *host);
extern void atl_fragment_free(AtlFragment *fragment);

/* Forget the value, keep the memory. */
extern void atl_fragment_reset(AtlFragment *fragment);

extern AtlStatus atl_fragment_push(AtlFragment *fragment, AtlToken token);

/* Whether a value has been started, and whether it is still open. */
extern bool atl_fragment_is_empty(const AtlFragment *fragment);
extern bool atl_fragment_is_open(const AtlFragment *fragment);

/* Whether the innermost open container is an object. */
extern bool atl_fragment_in_object(const AtlFragment *fragment);

/* A member of an object in a fragment. */
typedef struct AtlFragmentMember
{
	uint32_t	node;			/* 0: before the first member */
	AtlText		key;
	AtlTokenKind kind;			/* of its value, as of the first token */
	AtlText		text;			/* of a scalar: its canonical JSON text */
} AtlFragmentMember;

/*
 * The next member of the outermost object (object is NULL), or of an object
 * that is a member itself; false after the last.  A key that is repeated comes
 * once, when the object has ended.
 */
extern bool atl_fragment_next(const AtlFragment *fragment, const AtlFragmentMember *object,
							  AtlFragmentMember *member);

/* Append the complete value in canonical form. */
extern AtlStatus atl_fragment_print(AtlFragment *fragment, AtlBuffer *out);

#endif							/* ATL_JSON_FRAGMENT_H */
