/*
 * known.h
 *		The members that a timeline document gives a meaning.
 */
#ifndef ATL_DOCUMENT_KNOWN_H
#define ATL_DOCUMENT_KNOWN_H

#include "core/json/token.h"

/* The object or array of the document that the next token belongs to. */
typedef enum AtlState
{
	ATL_AT_START,
	ATL_AT_TOP,
	ATL_AT_EVENTS,
	ATL_AT_EVENT,
	ATL_AT_MARKERS,
	ATL_AT_MARKER,
	ATL_AT_FEATURES,
	ATL_AT_FEATURE,
	ATL_AT_RANGE,
	ATL_AT_VALUES,
	ATL_AT_FRAME,
	ATL_AT_TIMES,
	ATL_AT_END
} AtlState;

/* Members that the type understands; each is one bit of a set. */
typedef enum AtlMember
{
	ATL_M_UNKNOWN,
	ATL_M_DURATION,
	ATL_M_SAMPLE_RATE,
	ATL_M_EVENTS,
	ATL_M_MARKERS,
	ATL_M_FEATURES,
	ATL_M_METADATA,
	ATL_M_TIMESTAMP,
	ATL_M_TYPE,
	ATL_M_CONFIDENCE,
	ATL_M_DATA,
	ATL_M_VALUE,
	ATL_M_HOP,
	ATL_M_FRAME_RATE,
	ATL_M_START_TIME,
	ATL_M_DIMS,
	ATL_M_UNIT,
	ATL_M_KIND,
	ATL_M_ENCODING,
	ATL_M_RANGE,
	ATL_M_MAX_ERROR,
	ATL_M_VALUES,
	ATL_M_BASE64,
	ATL_M_TIMES,
	ATL_M_COUNT
} AtlMember;

#define ATL_BIT(member)		(UINT32_C(1) << (member))

/* Kinds of JSON value, as a set. */
#define ATL_KIND_OBJECT	0x01
#define ATL_KIND_ARRAY	0x02
#define ATL_KIND_STRING	0x04
#define ATL_KIND_NUMBER	0x08

typedef struct AtlKnown
{
	AtlMember	member;
	AtlText		name;
	int			kinds;
	bool		required;
	const char *meaning;		/* what to write there: a sentence */
} AtlKnown;

/* The known members of one kind of object. */
typedef struct AtlKnownMembers
{
	const AtlKnown *members;
	size_t		num;
} AtlKnownMembers;

/* Of the document (ATL_AT_TOP), an event, a marker, or a feature. */
extern AtlKnownMembers atl_known_members(AtlState state);
extern const AtlKnown *atl_known_by_name(AtlState state, AtlText name); /* or NULL */
extern const AtlKnown *atl_known_member(AtlState state, AtlMember member);	/* or NULL */

/* The kind of the value that a token starts; 0: null or a boolean. */
extern int	atl_kind_bit(AtlTokenKind kind);

/* "a number"; "a string or a number". */
extern const char *atl_token_kind_name(AtlTokenKind kind);
extern const char *atl_wanted_kind(int kinds);

#endif							/* ATL_DOCUMENT_KNOWN_H */
