/*
 * sample.c
 *		The numbers of a feature at an instant, or at a sequence of instants.
 */
#include "core/image/clock.h"

#include <math.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/count.h"

/* Whether t is an instant of the timeline, or of a feature that reaches past it. */
static AtlStatus
is_inside(const AtlView *view, const AtlFeature *feature, double t, bool *inside)
{
	double		rounding = atl_view_rounding(view);
	double		end;

	*inside = t >= view->start_time - rounding && t <= view->duration + rounding;
	if (!(t > view->duration + rounding))
		return ATL_OK;
	ATL_TRY(atl_feature_end_time(view, feature, &end));
	*inside = atl_feature_has_times(feature) ? t <= end + atl_feature_rounding(feature) : t < end;
	return ATL_OK;
}

/* Whether t is nearer to frame than to the frame before. */
static AtlStatus
is_nearer(const AtlView *view, const AtlFeature *feature, double t, uint32_t frame, bool *nearer)
{
	double		before;
	double		after;

	ATL_TRY(atl_feature_time(view, feature, frame - 1, &before));
	ATL_TRY(atl_feature_time(view, feature, frame, &after));
	*nearer = after - t < t - before;
	return ATL_OK;
}

/* Whether t is past the frame's time, but for rounding. */
static AtlStatus
is_past(const AtlView *view, const AtlFeature *feature, double t, uint32_t frame, bool *past)
{
	double		time;

	ATL_TRY(atl_feature_time(view, feature, frame, &time));
	*past = time + atl_feature_rounding(feature) < t;
	return ATL_OK;
}

AtlStatus
atl_feature_frames_at(const AtlView *view, const AtlFeature *feature, double t, AtlInterpolation interpolation,
					  uint32_t *first, uint32_t *count)
{
	uint32_t	reached;
	bool		next = false;
	bool		inside;

	*count = 0;
	ATL_TRY(is_inside(view, feature, t, &inside));
	if (feature->frames == 0 || !inside)
		return ATL_OK;
	ATL_TRY(atl_feature_frames_reached(view, feature, t, &reached));
	if (reached == 0)
	{
		*first = 0;
		*count = interpolation == ATL_NEAREST ? 1 : 0;
		return ATL_OK;
	}
	if (interpolation == ATL_NEAREST && reached < feature->frames)
		ATL_TRY(is_nearer(view, feature, t, reached, &next));
	if (interpolation == ATL_LINEAR && reached < feature->frames)
		ATL_TRY(is_past(view, feature, t, reached - 1, &next));
	*first = interpolation == ATL_NEAREST && next ? reached : reached - 1;
	*count = interpolation == ATL_LINEAR && next ? 2 : 1;
	return ATL_OK;
}

/* Interpolate at t; pair has the num numbers of frame, then of frame + 1. */
static AtlStatus
interpolate(const AtlView *view, const AtlFeature *feature, uint32_t frame, double t, uint32_t num,
			const double *pair, double *numbers)
{
	double		left;
	double		right;

	ATL_TRY(atl_feature_time(view, feature, frame, &left));
	ATL_TRY(atl_feature_time(view, feature, frame + 1, &right));
	for (uint32_t d = 0; d < num; d++)
		numbers[d] = pair[d] + (pair[num + d] - pair[d]) * ((t - left) / (right - left));
	return ATL_OK;
}

AtlStatus
atl_feature_at(const AtlView *view, const AtlFeature *feature, uint32_t dim, uint32_t num,
			   double t, AtlInterpolation interpolation, double *numbers, bool *found)
{
	uint32_t	first;
	uint32_t	count;

	ATL_TRY(atl_feature_frames_at(view, feature, t, interpolation, &first, &count));
	*found = count > 0;
	if (!*found)
		return ATL_OK;
	ATL_TRY(atl_feature_read_dims(view, feature, dim, num, first, count, numbers));
	return count == 2 ? interpolate(view, feature, first, t, num, numbers, numbers) : ATL_OK;
}

uint32_t
atl_sampler_size(const AtlFeature *feature)
{
	return (feature->block_frames + 1) * feature->dims;
}

void
atl_sampler_begin(AtlSampler *sampler, const AtlView *view, const AtlFeature *feature, uint32_t end,
				  double *numbers)
{
	sampler->view = view;
	sampler->feature = feature;
	sampler->end = end;
	sampler->numbers = numbers;
	sampler->first = 0;
	sampler->count = 0;
}

/* Load frames [first, end) or more; frames already loaded are moved down. */
static AtlStatus
fill_sampler(AtlSampler *sampler, uint32_t first, uint32_t end)
{
	const AtlFeature *feature = sampler->feature;
	uint32_t	block_end = (first / feature->block_frames + 1) * feature->block_frames;
	uint32_t	kept = 0;

	if (end < block_end && end < sampler->end)
		end = atl_min(block_end, sampler->end);
	if (first >= sampler->first && first < sampler->first + sampler->count)
	{
		kept = sampler->first + sampler->count - first;
		memmove(sampler->numbers, sampler->numbers + (size_t) (first - sampler->first) * feature->dims,
				(size_t) kept * feature->dims * sizeof(double));
	}
	sampler->first = first;
	sampler->count = atl_min(end, feature->frames) - first;
	return atl_feature_read(sampler->view, feature, first + kept, sampler->count - kept,
							sampler->numbers + (size_t) kept * feature->dims);
}

AtlStatus
atl_sampler_at(AtlSampler *sampler, double t, AtlInterpolation interpolation, double *numbers)
{
	const AtlFeature *feature = sampler->feature;
	uint32_t	first;
	uint32_t	count;
	const double *frame;

	ATL_TRY(atl_feature_frames_at(sampler->view, feature, t, interpolation, &first, &count));
	if (count > 0 && (first < sampler->first || first + count > sampler->first + sampler->count))
		ATL_TRY(fill_sampler(sampler, first, first + count));
	if (count == 0)
	{
		for (uint32_t d = 0; d < feature->dims; d++)
			numbers[d] = atl_bits_f64(ATL_NAN_NUMBER_64);
		return ATL_OK;
	}
	frame = sampler->numbers + (size_t) (first - sampler->first) * feature->dims;
	memcpy(numbers, frame, feature->dims * sizeof(double));
	return count == 2 ? interpolate(sampler->view, feature, first, t, feature->dims, frame, numbers) : ATL_OK;
}
