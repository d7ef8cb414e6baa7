/*
 * bucket.h
 *		Minimum, maximum and mean of numbers.
 *
 * Used for feature entries, nodes of summaries, and overviews.  A sum of
 * doubles depends on the order of the terms: the numbers of one call are
 * summed in order, and that sum is added to the bucket.  So equal calls give
 * equal bits.
 */
#ifndef ATL_CODEC_BUCKET_H
#define ATL_CODEC_BUCKET_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct AtlBucket
{
	uint32_t	count;			/* numbers that are not missing */
	double		min;			/* NaN if there are none */
	double		max;
	double		sum;
} AtlBucket;

extern void atl_bucket_begin(AtlBucket *bucket);

/* Add another bucket.  Inline, because overviews call this per bucket. */
static inline void
atl_bucket_merge(AtlBucket *bucket, const AtlBucket *other)
{
	if (other->count == 0)
		return;
	if (bucket->count == 0 || other->min < bucket->min)
		bucket->min = other->min;
	if (bucket->count == 0 || other->max > bucket->max)
		bucket->max = other->max;
	bucket->sum += other->sum;
	bucket->count += other->count;
}

/*
 * Add numbers; missing numbers are NaN.  Comparisons with NaN are false, so a
 * NaN changes neither bound.
 */
static inline void
atl_bucket_add(AtlBucket *bucket, const double *numbers, uint32_t n)
{
	double		min = INFINITY;
	double		max = -INFINITY;
	double		sum = 0;
	uint32_t	count = 0;

	for (uint32_t i = 0; i < n; i++)
	{
		bool		there = !isnan(numbers[i]);

		min = numbers[i] < min ? numbers[i] : min;
		max = numbers[i] > max ? numbers[i] : max;
		sum += there ? numbers[i] : 0;
		count += there;
	}
	atl_bucket_merge(bucket, &(AtlBucket) {count, min, max, sum});
}

/* The mean; NaN if there are no numbers, or if the sum overflows. */
extern double atl_bucket_mean(const AtlBucket *bucket);

#endif							/* ATL_CODEC_BUCKET_H */
