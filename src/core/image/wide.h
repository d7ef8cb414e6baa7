/*
 * wide.h
 *		Pieces of wide features: all dims of a few frames.
 */
#ifndef ATL_IMAGE_WIDE_H
#define ATL_IMAGE_WIDE_H

#include "core/base/count.h"
#include "core/image/feature.h"

/*
 * A piece, open.  It is fetched whole if it is small, or if all of it will be
 * needed; else its beginning, and then the words or runs that are asked for.
 */
typedef struct AtlWide
{
	const AtlView *view;
	AtlEncoding encoding;
	uint32_t	dims;
	uint32_t	start;			/* in the section */
	uint32_t	size;
	const uint8_t *bytes;		/* its first ones, so many */
	uint32_t	known;
	AtlWideForm form;
	const uint8_t *nulls;		/* bitmap of null frames, or NULL */
	uint32_t	missing;		/* where the bitmap of missing numbers is; 0: there is none */
	const uint8_t *sizes;		/* of the runs */
	uint32_t	numbers;		/* where words or runs begin */
	uint32_t	num;			/* numbers, of the frames that are not null */
	uint32_t	run;			/* one that is known, */
	uint32_t	run_start;		/* and where it begins */
} AtlWide;

extern AtlStatus atl_wide_open(const AtlView *view, const AtlFeature *feature, uint32_t block, bool whole,
							   AtlWide *wide);

/* Whether a frame of the block is null. */
static inline bool
atl_wide_is_null(const AtlWide *wide, uint32_t frame)
{
	return wide->form == ATL_WIDE_NULL ||
		(wide->nulls != NULL && (wide->nulls[frame / 8] >> (frame % 8) & 1) != 0);
}

/* The first number of a frame of the block that is not null. */
extern uint32_t atl_wide_number(const AtlWide *wide, uint32_t frame);

/*
 * Words from number first on, up to count of them and to the end of their run:
 * *given says how many.  words has room for ATL_PIECE_NUMBERS.
 */
extern AtlStatus atl_wide_words(AtlWide *wide, uint32_t first, uint32_t count, uint64_t *words, uint32_t *given);

/*
 * Read dims [dim, dim + num) of frames [first, first + count) of a block, frame
 * after frame.
 */
extern AtlStatus atl_wide_read(const AtlView *view, const AtlFeature *feature, uint32_t block, uint32_t first,
							   uint32_t count, uint32_t dim, uint32_t num, double *numbers);

/*
 * Whether a number alone is read without the piece around it: then it is not
 * worth while to read pieces ahead.
 */
extern bool atl_wide_reads_parts(uint32_t size);

#endif							/* ATL_IMAGE_WIDE_H */
