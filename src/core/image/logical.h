/*
 * logical.h
 *		The logical value: what = and hash mean, whatever codecs the images use.
 *
 * A sequence of parts.  Numbers and plain texts must be identical; JSON texts
 * compare as jsonb does, where 1.0 equals 1.  Order and contents of the parts
 * are frozen with the first release.
 */
#ifndef ATL_IMAGE_LOGICAL_H
#define ATL_IMAGE_LOGICAL_H

#include "core/image/feature.h"
#include "core/image/track.h"
#include "core/image/wide.h"

typedef enum AtlPartKind
{
	ATL_PLAIN_PART,				/* text that counts byte by byte */
	ATL_NUMBERS_PART,
	ATL_JSON_PART				/* canonical text of a JSON value; size 0:
								 * absent */
} AtlPartKind;

typedef struct AtlPart
{
	AtlPartKind kind;
	const double *numbers;
	uint32_t	num_numbers;
	AtlText		text;
} AtlPart;

#define ATL_PART_NUMBERS	ATL_PIECE_NUMBERS

typedef struct AtlLogical
{
	const AtlView *view;
	int			stage;			/* which kind of part comes next */
	AtlWalk		walk;
	AtlItem		item;
	AtlBuffer	text;			/* of the item */
	AtlFeature	feature;
	uint32_t	feature_number; /* next feature to give */
	uint32_t	next;			/* block of the feature being given */
	uint32_t	given;			/* dims or numbers of the block given */
	AtlWide		wide;			/* the block of a wide feature */
	int			step;			/* within an item or feature */
	double		numbers[ATL_PART_NUMBERS];
} AtlLogical;

/* host allocates the texts of one item; atl_logical_end() frees them. */
extern AtlStatus atl_logical_begin(AtlLogical *logical, const AtlView *view, const AtlHost *host);
extern void atl_logical_end(AtlLogical *logical);
extern AtlStatus atl_logical_next(AtlLogical *logical, AtlPart *part, bool *found);

#endif							/* ATL_IMAGE_LOGICAL_H */
