/*
 * sample.c
 *		The numbers of a feature at an instant, or at a sequence of instants.
 */
#include "core/image/feature.h"

#include <math.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/count.h"

/* Frame to read at t, or -1; for ATL_LINEAR the left of the two frames. */
static int64_t
frame_at(const AtlFeature *feature, double t, AtlInterpolation interpolation)
{
	int64_t		after = atl_feature_first_frame(feature, nextafter(t, INFINITY));
	int64_t		before = after - 1;

	if (interpolation != ATL_NEAREST || after == feature->frames)
		return before;
	if (before < 0)
		return after;
	return t - atl_feature_time(feature, (uint32_t) before) <=
		atl_feature_time(feature, (uint32_t) after) - t ? before : after;
}

/* Interpolate at t; pair has the num numbers of frame, then of frame + 1. */
static void
interpolate(const AtlFeature *feature, uint32_t frame, double t, uint32_t num, const double *pair, double *numbers)
{
	double		left = atl_feature_time(feature, frame);
	double		right = atl_feature_time(feature, frame + 1);
	double		share = (t - left) / (right - left);

	for (uint32_t d = 0; d < num; d++)
		numbers[d] = pair[d] + (pair[num + d] - pair[d]) * share;
}

uint32_t
atl_feature_frames_at(const AtlView *view, const AtlFeature *feature, double t, AtlInterpolation interpolation,
					  uint32_t *first)
{
	int64_t		frame = frame_at(feature, t, interpolation);

	if (!(t >= 0 && t <= view->duration && frame >= 0 && feature->frames > 0))
		return 0;
	*first = (uint32_t) frame;
	return interpolation == ATL_LINEAR && frame + 1 < feature->frames &&
		atl_feature_time(feature, *first) < t ? 2 : 1;
}

AtlStatus
atl_feature_at(const AtlView *view, const AtlFeature *feature, uint32_t dim, uint32_t num,
			   double t, AtlInterpolation interpolation, double *numbers, bool *found)
{
	uint32_t	first = 0;
	uint32_t	count = atl_feature_frames_at(view, feature, t, interpolation, &first);

	*found = count > 0;
	if (!*found)
		return ATL_OK;
	ATL_TRY(atl_feature_read_dims(view, feature, dim, num, first, count, numbers));
	if (count == 2)
		interpolate(feature, first, t, num, numbers, numbers);
	return ATL_OK;
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
	uint32_t	first = 0;
	uint32_t	count = atl_feature_frames_at(sampler->view, feature, t, interpolation, &first);
	const double *frame;

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
	if (count == 2)
		interpolate(feature, first, t, feature->dims, frame, numbers);
	return ATL_OK;
}
