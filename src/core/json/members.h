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
	AtlText		value;
	AtlText		whole;			/* key, colon and value */
} AtlJsonMember;

typedef struct AtlMemberScan
{
	const char *s;				/* the bracket or comma before the next one */
	const char *end;
	AtlWork		work;
} AtlMemberScan;

/* Scanning polls; an object shorter than a stretch needs no host. */
extern AtlStatus atl_members_begin(AtlMemberScan *scan, const AtlHost *host, AtlText object);
extern AtlStatus atl_members_next(AtlMemberScan *scan, AtlJsonMember *member, bool *found);

#endif							/* ATL_JSON_MEMBERS_H */
