/*
 * clock.h
 *		When frames are: on the regular clock of a feature, or at its own times.
 *
 * A regular time is computed and costs nothing.  Of a feature with times of its
 * own, a time is a number that is read; finding a frame reads a node of the
 * times' summary per level, and one piece.
 */
#ifndef ATL_IMAGE_CLOCK_H
#define ATL_IMAGE_CLOCK_H

#include "core/image/feature.h"

static inline bool
atl_feature_has_times(const AtlFeature *feature)
{
	return (feature->flags & ATL_FEATURE_TIMES) != 0;
}

/* Frames per second; NaN for a feature with times. */
extern double atl_feature_rate(const AtlFeature *feature);

/*
 * A client computes the time of a frame in its own way, so an instant that
 * close to a frame, in shares of a frame's period, is the frame's own.
 */
#define ATL_FRAME_ROUNDING	1e-6

/* The same in seconds; for times, in shares of a sample's period. */
extern double atl_feature_rounding(const AtlFeature *feature);

/* Time of frame i in seconds, by the clock: start_time + i / frame rate. */
extern double atl_clock_time(const AtlFeature *feature, uint32_t frame);

/* Time of a frame in seconds; frame is less than frames. */
extern AtlStatus atl_feature_time(const AtlView *view, const AtlFeature *feature, uint32_t frame, double *time);

/*
 * Where a feature ends, in seconds: a period after its last frame; with times,
 * at the end of the timeline, or at its last frame if that is later.
 */
extern AtlStatus atl_feature_end_time(const AtlView *view, const AtlFeature *feature, double *time);

/*
 * First frame at or after t, and number of frames at or before t, both but for
 * rounding; frames when there is none after.
 */
extern AtlStatus atl_feature_first_frame(const AtlView *view, const AtlFeature *feature, double t, uint32_t *frame);
extern AtlStatus atl_feature_frames_reached(const AtlView *view, const AtlFeature *feature, double t,
											uint32_t *num);

/* The times as a feature of one dim, for a feature that has them. */
extern AtlStatus atl_feature_times(const AtlView *view, const AtlFeature *feature, AtlFeature *times);

#endif							/* ATL_IMAGE_CLOCK_H */
