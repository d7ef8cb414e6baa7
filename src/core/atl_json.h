/*
 * atl_json.h
 *		Canonical JSON text: the form of everything that the format does not
 *		know and keeps as it is.
 */
#ifndef ATL_JSON_H
#define ATL_JSON_H

#include "atl.h"

/* Whether a string needs no escapes. */
extern bool atl_json_is_plain(AtlText string);

/* Append a string, quoted and escaped as jsonb prints it. */
extern AtlStatus atl_json_append_string(AtlBuffer *out, AtlText string);

/*
 * Append a JSON number as jsonb's numeric prints it: no exponent, the digits
 * after the point kept, no minus before zero.  ATL_INVALID past the limits of
 * numeric.
 */
extern AtlStatus atl_json_append_number(AtlBuffer *out, AtlText number);

/* A JSON value taken from tokens and kept as a tree until it is complete. */
typedef struct AtlFragment
{
	AtlBuffer	nodes;
	AtlBuffer	text;			/* keys and scalars of the nodes */
	uint32_t	current;		/* open container, or no node */
	uint32_t	key_offset;		/* the last key: a span of text */
	uint32_t	key_size;
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

/* Append the complete value in canonical form. */
extern AtlStatus atl_fragment_print(AtlFragment *fragment, AtlBuffer *out);

/*
 * Push the tokens of text in an image (atl_parse.c): of a value, or of the
 * members of an object without its braces.  ATL_DAMAGED if it is not JSON in
 * UTF-8; whether it is canonical shows when it is printed again.
 */
extern AtlStatus atl_parse_value(AtlBuilder *builder, AtlText json);
extern AtlStatus atl_parse_members(AtlBuilder *builder, AtlText json);

/*
 * The members of an object in canonical text (atl_members.c), in their order.
 * Key and value are as they stand in the text.
 */
typedef struct AtlJsonMember
{
	AtlText		key;			/* without its quotes */
	bool		escaped;		/* key has escapes */
	AtlText		value;
	AtlText		whole;			/* key, colon and value */
} AtlJsonMember;

typedef struct AtlMemberScan
{
	const char *s;				/* the bracket or comma before the next one */
	const char *end;
} AtlMemberScan;

extern AtlStatus atl_members_begin(AtlMemberScan *scan, AtlText object);
extern AtlStatus atl_members_next(AtlMemberScan *scan, AtlJsonMember *member, bool *found);

#endif							/* ATL_JSON_H */
