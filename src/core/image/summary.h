/*
 * summary.h
 *		Features reduced: minimum, maximum and mean of spans of frames.
 */
#ifndef ATL_IMAGE_SUMMARY_H
#define ATL_IMAGE_SUMMARY_H

#include "core/codec/bucket.h"
#include "core/image/feature.h"

/*
 * Add frames [first, end) of dims [dim, dim + num) to a bucket.  Minimum and
 * maximum are exact; a node's mean is stored in atl_mean_width() bytes.  For a
 * narrow feature only nodes and the frames at both ends are fetched; a wide
 * feature has no nodes, and every frame is read.
 */
extern AtlStatus atl_feature_reduce(const AtlView *view, const AtlFeature *feature, uint32_t dim, uint32_t num,
									uint32_t first, uint32_t end, AtlBucket *bucket);

/*
 * Frames of which inner bucket bounds must be multiples, so that the cost of
 * an overview depends on the number of buckets, not of frames; 1 when each
 * bucket has few frames, or there is no summary.
 */
extern uint32_t atl_overview_grain(const AtlView *view, const AtlFeature *feature, uint32_t frames,
								   uint32_t buckets);

/*
 * An overview of dims [dim, dim + num): bucket i has frames [bounds[i],
 * bounds[i + 1]); bounds ascend, up to feature->frames.  Dims are taken
 * together, bucket i in out[i], or each has its own, in out[i * num + d].
 *
 * With nodes, buckets are put together from nodes of the summary, and from
 * frames where a bound is not at the border of a node; else from all frames.
 */
typedef struct AtlOverview
{
	uint32_t	dim;
	uint32_t	num;
	bool		together;
	bool		nodes;
	const uint32_t *bounds;
	uint32_t	buckets;
	AtlBucket  *out;
} AtlOverview;

static inline uint32_t
atl_overview_width(const AtlOverview *overview)
{
	return overview->together ? 1 : overview->num;
}

/* Add the numbers of a feature to the buckets, each of its frames once. */
extern AtlStatus atl_feature_overview(const AtlView *view, const AtlFeature *feature, const AtlOverview *overview);

/*
 * Of a feature of one dim whose numbers never fall: how many of the stretches
 * of ATL_SUMMARY_FRAMES frames begin below number.  Reads a node of the
 * pyramid per level; not known if there is no pyramid.
 */
extern AtlStatus atl_rising_nodes_below(const AtlView *view, const AtlFeature *feature, double number, bool *known,
										uint32_t *num);

#endif							/* ATL_IMAGE_SUMMARY_H */
