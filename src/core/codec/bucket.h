/*
 * bucket.h
 *		Minimum, maximum and mean of numbers.
 *
 * What an entry says of a feature, a node of its span and an overview of a
 * window are all added up here.  A sum of doubles depends on the order of its
 * terms: numbers added in one call are summed up first, in their order, and
 * then added to the sum.  So equal calls give equal bits.
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

/* Add what another bucket has.  Inline, for an overview does it for each bucket. */
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
 * Add numbers; missing ones are NaN.  Comparisons with a NaN are false, so it
 * changes neither bound.
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

/* NaN if there are no numbers, or if their sum is past every double. */
extern double atl_bucket_mean(const AtlBucket *bucket);

#endif							/* ATL_CODEC_BUCKET_H */
