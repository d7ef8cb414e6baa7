/*
 * members.h
 *		The members of an object in canonical text, in their order.
 */
#ifndef ATL_JSON_MEMBERS_H
#define ATL_JSON_MEMBERS_H

#include "core/base/work.h"

/*
 * One member: key and value are as they stand in the text.
 */
typedef struct AtlJsonMember
{
	AtlText		key;			/* without its quotes */
	bool		escaped;		/* key has escapes */
	bool		value_escaped;	/* value is a string with escapes */
	AtlText		value;
	AtlText		whole;			/* key, colon and value */
} AtlJsonMember;

/* Bytes between two polls: part of a stretch, as members are more work. */
#define ATL_SCAN_STRETCH	(ATL_STRETCH / 8)

typedef struct AtlMemberScan
{
	const char *s;				/* the brace or comma before the next member */
	const char *end;
	const char *stop;			/* where to poll next */
	const AtlHost *host;
} AtlMemberScan;

/* Scanning polls; up to ATL_SCAN_STRETCH bytes of object need no host. */
extern AtlStatus atl_members_begin(AtlMemberScan *scan, const AtlHost *host, AtlText object);
extern AtlStatus atl_members_next(AtlMemberScan *scan, AtlJsonMember *member, bool *found);

#endif							/* ATL_JSON_MEMBERS_H */
