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
 * bucket has few frames.
 */
extern uint32_t atl_overview_grain(const AtlView *view, const AtlFeature *feature, uint32_t frames,
								   uint32_t buckets);

/*
 * Add dims [dim, dim + num) to buckets: bucket i has frames [bounds[i],
 * bounds[i + 1]); bounds ascend, up to feature->frames.
 */
extern AtlStatus atl_feature_overview(const AtlView *view, const AtlFeature *feature, uint32_t dim, uint32_t num,
									  uint32_t grain, const uint32_t *bounds, uint32_t buckets, AtlBucket *out);

#endif							/* ATL_IMAGE_SUMMARY_H */
