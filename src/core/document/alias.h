/*
 * alias.h
 *		Other spellings of the members of a document.
 */
#ifndef ATL_DOCUMENT_ALIAS_H
#define ATL_DOCUMENT_ALIAS_H

#include "core/document/known.h"

/* Spellings are compared without case, space, "_" and "-", up to this size. */
#define ATL_SPELLING_SIZE	32

/* What has to be so for an unused member to be worth a warning. */
typedef enum AtlCondition
{
	ATL_IF_ABSENT,				/* the member that is meant is not there */
	ATL_IF_OTHER_RATE,			/* the number is a rate, and not the feature's */
	ATL_IF_OTHER_HOP,			/* samples between frames, likewise */
	ATL_IF_OTHER_HOP_MS,
	ATL_IF_OTHER_SAMPLE_RATE,	/* not the document's, and the clock is hop */
	ATL_IF_OTHER_DIMS,			/* frames have another count of numbers */
	ATL_IF_CODES				/* the values are codes without range */
} AtlCondition;

/*
 * A spelling in use elsewhere, in sorted order within its place.  more is put
 * behind the name of the member that is meant; a sentence stands by itself.
 */
typedef struct AtlAlias
{
	const char *spelling;
	AtlMember	meant;
	AtlCondition condition;
	const char *more;
} AtlAlias;

/* The aliases of one kind of object. */
typedef struct AtlAliases
{
	const AtlAlias *aliases;
	size_t		num;
} AtlAliases;

extern AtlAliases atl_aliases_at(AtlState state);

/* The comparable spelling of a key; "" if the key is too long. */
extern void atl_spell(AtlText key, char *spelling);

/* The first alias of a spelling, or NULL; others may follow it. */
extern const AtlAlias *atl_alias_find(AtlAliases aliases, const char *spelling);

/* The known member that a spelling is another spelling of, or NULL. */
extern const AtlKnown *atl_known_misspelt(AtlState state, const char *spelling);

#endif							/* ATL_DOCUMENT_ALIAS_H */
