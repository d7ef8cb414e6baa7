/*
 * feature.h
 *		Features: their entries, and the numbers of frames.
 */
#ifndef ATL_IMAGE_FEATURE_H
#define ATL_IMAGE_FEATURE_H

#include "core/base/buffer.h"
#include "core/codec/encoding.h"
#include "core/image/view.h"

typedef struct AtlFeature
{
	AtlText		name;
	AtlText		unit;
	AtlText		kind;
	AtlText		attributes;		/* JSON object; size 0: none */
	uint32_t	frames;
	uint32_t	dims;
	AtlEncoding encoding;
	uint32_t	flags;			/* ATL_FEATURE_... */
	uint32_t	missing;		/* of the frames x dims numbers */
	double		clock;			/* hop or frame rate, as given */
	double		start_time;
	double		range_min;
	double		range_max;
	double		max_error;
	double		min;
	double		max;
	double		mean;
	double		sample_rate;	/* of the timeline */
	uint32_t	directory;		/* first directory entry of the group */
	uint32_t	group_pieces;	/* pieces in a block of the group */
	uint32_t	first_piece;	/* of this feature, in each block */
	uint32_t	block_frames;
	uint32_t	data_size;		/* of all its pieces, in bytes */
	uint32_t	summary;		/* offset in ATL_FEATURE_SUMMARY, if any */
	uint32_t	times;			/* 1 + number of the entry of its times; 0: it
								 * has a clock */
} AtlFeature;

static inline bool
atl_feature_is_wide(const AtlFeature *feature)
{
	return feature->dims > ATL_NARROW_DIMS;
}

/* How stored codes of the feature map to numbers. */
extern AtlScale atl_feature_scale(const AtlFeature *feature);

extern AtlStatus atl_feature_get(const AtlView *view, uint32_t i, AtlFeature *feature);
extern AtlStatus atl_feature_find(const AtlView *view, AtlText name, bool *found,
								  AtlFeature *feature);

/*
 * Read frames [first, first + count) of dims [dim, dim + num): count x num
 * numbers, frame after frame; missing numbers are NaN (ATL_NAN_FRAME_64 where
 * the whole frame is null).  Fetches only the pieces with these numbers, and
 * the directory entries of these pieces.
 */
extern AtlStatus atl_feature_read_dims(const AtlView *view, const AtlFeature *feature, uint32_t dim, uint32_t num,
									   uint32_t first, uint32_t count, double *numbers);

/*
 * Announcement of a later read, so that a source can read all announced
 * pieces in one go (prefetch.c).  Prefetching changes no result.
 */
typedef struct AtlRead
{
	const AtlFeature *feature;
	uint32_t	dim;			/* dims [dim, dim + num), num not 0 */
	uint32_t	num;
	uint32_t	first;			/* frames [first, first + count) */
	uint32_t	count;
} AtlRead;

extern AtlStatus atl_features_prefetch(const AtlView *view, const AtlRead *reads, uint32_t n);

/* Read all dims, or one dim. */
static inline AtlStatus
atl_feature_read(const AtlView *view, const AtlFeature *feature, uint32_t first, uint32_t count,
				 double *numbers)
{
	return atl_feature_read_dims(view, feature, 0, feature->dims, first, count, numbers);
}

static inline AtlStatus
atl_feature_read_dim(const AtlView *view, const AtlFeature *feature, uint32_t dim,
					 uint32_t first, uint32_t count, double *numbers)
{
	return atl_feature_read_dims(view, feature, dim, 1, first, count, numbers);
}

typedef enum AtlInterpolation
{
	ATL_STEP,					/* the last frame at or before t */
	ATL_LINEAR,					/* between the frames around t */
	ATL_NEAREST					/* the frame nearest to t, the earlier of two */
} AtlInterpolation;

/*
 * The frames, *count from *first on, that determine the numbers at t: one, two
 * with t between them, or none.  The last frame holds to the end of the
 * timeline, or to its own end where that is later.
 */
extern AtlStatus atl_feature_frames_at(const AtlView *view, const AtlFeature *feature, double t,
									   AtlInterpolation interpolation, uint32_t *first, uint32_t *count);

/*
 * The numbers of dims [dim, dim + num) of a feature at t (numbers has room for
 * twice as many), or found = false: outside of the timeline and of the feature,
 * before the first frame (but for ATL_NEAREST), or without frames.  After the
 * last frame the numbers of the last frame hold.  Missing numbers are NaN; ATL_LINEAR gives
 * NaN if either neighbour is missing.
 */
extern AtlStatus atl_feature_at(const AtlView *view, const AtlFeature *feature, uint32_t dim, uint32_t num,
								double t, AtlInterpolation interpolation, double *numbers, bool *found);

/*
 * Samples all dims at a sequence of instants, like atl_feature_at, with NaN
 * for found = false.  Keeps decoded frames up to the end of a block, or to
 * frame end, so that ascending instants decode each frame once.  numbers has
 * room for atl_sampler_size() doubles.
 */
typedef struct AtlSampler
{
	const AtlView *view;
	const AtlFeature *feature;
	uint32_t	end;			/* frames from here on are not expected */
	double	   *numbers;
	uint32_t	first;			/* frames held in numbers */
	uint32_t	count;
} AtlSampler;

extern uint32_t atl_sampler_size(const AtlFeature *feature);
extern void atl_sampler_begin(AtlSampler *sampler, const AtlView *view, const AtlFeature *feature,
							  uint32_t end, double *numbers);
extern AtlStatus atl_sampler_at(AtlSampler *sampler, double t, AtlInterpolation interpolation,
								double *numbers);

/*
 * Whether the piece header says that all frames of a block of a wide feature
 * are null.  Always false for a narrow feature.
 */
extern AtlStatus atl_feature_block_is_null(const AtlView *view, const AtlFeature *feature, uint32_t block,
										   bool *null);

/*
 * Read the words (bits of a number in the feature's encoding) of frames
 * [first, first + count) of one dim.  Narrow features only.
 */
extern AtlStatus atl_feature_words(const AtlView *view, const AtlFeature *feature, uint32_t dim,
								   uint32_t first, uint32_t count, uint64_t *words);

/*
 * Append the bytes of all numbers in the feature's encoding, frame after
 * frame, as "base64" encodes them.  The feature must have no null frames.
 */
extern AtlStatus atl_feature_bytes(const AtlView *view, const AtlFeature *feature, AtlBuffer *out);

#endif							/* ATL_IMAGE_FEATURE_H */
