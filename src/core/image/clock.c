/*
 * clock.c
 *		From frames to times and back.
 */
#include "core/image/clock.h"

#include <math.h>

#include "core/base/count.h"
#include "core/image/summary.h"

double
atl_feature_rate(const AtlFeature *feature)
{
	if (atl_feature_has_times(feature))
		return NAN;
	if ((feature->flags & ATL_FEATURE_HOP) != 0)
		return feature->sample_rate / feature->clock;
	return feature->clock;
}

double
atl_feature_rounding(const AtlFeature *feature)
{
	return ATL_FRAME_ROUNDING / (atl_feature_has_times(feature) ? feature->sample_rate : atl_feature_rate(feature));
}


/*
 * Regular clocks
 */

double
atl_clock_time(const AtlFeature *feature, uint32_t frame)
{
	if ((feature->flags & ATL_FEATURE_HOP) != 0)
		return feature->start_time + frame * feature->clock / feature->sample_rate;
	return feature->start_time + frame / feature->clock;
}

/*
 * The number of frames before t, to the last bit.  A guess by division is
 * nearly always right; atl_clock_time() decides.
 */
static uint32_t
frames_by_clock(const AtlFeature *feature, double t)
{
	double		guess = ceil((t - feature->start_time) * atl_feature_rate(feature));
	uint32_t	low = 0;
	uint32_t	high = feature->frames;

	if (guess > 0 && guess < feature->frames &&
		atl_clock_time(feature, (uint32_t) guess) >= t &&
		atl_clock_time(feature, (uint32_t) guess - 1) < t)
		return (uint32_t) guess;
	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;

		if (atl_clock_time(feature, middle) < t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}


/*
 * Times
 */

/* How many blocks begin before t: what to do without a summary. */
static AtlStatus
blocks_before(const AtlView *view, const AtlFeature *times, double t, uint32_t *num)
{
	uint32_t	high = atl_divide_up(times->frames, times->block_frames);

	*num = 0;
	while (*num < high)
	{
		uint32_t	middle = *num + (high - *num) / 2;
		double		first;

		ATL_TRY(atl_feature_read_dim(view, times, 0, middle * times->block_frames, 1, &first));
		if (first < t)
			*num = middle + 1;
		else
			high = middle;
	}
	return ATL_OK;
}

/* The number of frames before t: a stretch of frames, then frames in it. */
static AtlStatus
frames_by_times(const AtlView *view, const AtlFeature *feature, double t, uint32_t *num)
{
	AtlFeature	times;
	uint32_t	stretch = ATL_SUMMARY_FRAMES;
	bool		known;
	double		numbers[ATL_PIECE_NUMBERS];
	uint32_t	first;
	uint32_t	n;

	ATL_TRY(atl_feature_times(view, feature, &times));
	ATL_TRY(atl_rising_nodes_below(view, &times, t, &known, num));
	if (!known)
	{
		stretch = times.block_frames;
		ATL_TRY(blocks_before(view, &times, t, num));
	}
	if (*num == 0)
		return ATL_OK;
	first = (*num - 1) * stretch;
	n = atl_min(times.frames - first, stretch);
	ATL_TRY(atl_feature_read_dim(view, &times, 0, first, n, numbers));
	for (*num = first; *num < first + n && numbers[*num - first] < t; (*num)++)
		;
	return ATL_OK;
}


/*
 * Either
 */

static AtlStatus
frames_before(const AtlView *view, const AtlFeature *feature, double t, uint32_t *num)
{
	if (atl_feature_has_times(feature))
		return frames_by_times(view, feature, t, num);
	*num = frames_by_clock(feature, t);
	return ATL_OK;
}

AtlStatus
atl_feature_time(const AtlView *view, const AtlFeature *feature, uint32_t frame, double *time)
{
	AtlFeature	times;

	if (!atl_feature_has_times(feature))
	{
		*time = atl_clock_time(feature, frame);
		return ATL_OK;
	}
	ATL_TRY(atl_feature_times(view, feature, &times));
	return atl_feature_read_dim(view, &times, 0, frame, 1, time);
}

AtlStatus
atl_feature_end_time(const AtlView *view, const AtlFeature *feature, double *time)
{
	if (!atl_feature_has_times(feature))
		*time = atl_clock_time(feature, feature->frames);
	else if (feature->frames == 0)
		*time = view->duration;
	else
	{
		ATL_TRY(atl_feature_time(view, feature, feature->frames - 1, time));
		*time = fmax(view->duration, *time);
	}
	return ATL_OK;
}

AtlStatus
atl_feature_first_frame(const AtlView *view, const AtlFeature *feature, double t, uint32_t *frame)
{
	return frames_before(view, feature, t - atl_feature_rounding(feature), frame);
}

AtlStatus
atl_feature_frames_reached(const AtlView *view, const AtlFeature *feature, double t, uint32_t *num)
{
	return frames_before(view, feature, nextafter(t + atl_feature_rounding(feature), INFINITY), num);
}
