/*
 * wide.h
 *		Pieces of wide features: all dims of a few frames.
 */
#ifndef ATL_IMAGE_WIDE_H
#define ATL_IMAGE_WIDE_H

#include "core/base/count.h"
#include "core/image/feature.h"

/*
 * An open piece.  A small piece, or one opened with whole = true, is fetched
 * at once; of others the beginning, and later the words or runs that are read.
 */
typedef struct AtlWide
{
	const AtlView *view;
	AtlEncoding encoding;
	uint32_t	dims;
	uint32_t	start;			/* in the section */
	uint32_t	size;
	const uint8_t *bytes;		/* the first known bytes */
	uint32_t	known;
	AtlWideForm form;
	const uint8_t *nulls;		/* bitmap of null frames, or NULL */
	uint32_t	missing;		/* offset of missing-number bitmap; 0: none */
	const uint8_t *sizes;		/* of the runs, u16 each */
	uint32_t	numbers;		/* offset of words or runs */
	uint32_t	num;			/* numbers, of the frames that are not null */
	uint32_t	run;			/* current run, */
	uint32_t	run_start;		/* and its offset */
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

/* Index of the first number of a frame, which is not null, in the piece. */
extern uint32_t atl_wide_number(const AtlWide *wide, uint32_t frame);

/*
 * Read up to count words from number first on, not past the end of a run;
 * *given is the number of words read.  words has room for ATL_PIECE_NUMBERS.
 */
extern AtlStatus atl_wide_words(AtlWide *wide, uint32_t first, uint32_t count, uint64_t *words, uint32_t *given);

/*
 * Read dims [dim, dim + num) of frames [first, first + count) of a block, frame
 * after frame.
 */
extern AtlStatus atl_wide_read(const AtlView *view, const AtlFeature *feature, uint32_t block, uint32_t first,
							   uint32_t count, uint32_t dim, uint32_t num, double *numbers);

/*
 * Whether a single number of a piece of this size is read without fetching the
 * whole piece; then prefetching the piece is not worthwhile.
 */
extern bool atl_wide_reads_parts(uint32_t size);

#endif							/* ATL_IMAGE_WIDE_H */
