/*
 * bucket.c
 *		Minimum, maximum and mean of numbers.
 */
#include "core/codec/bucket.h"

#include <math.h>

#include "core/base/bytes.h"
#include "core/format.h"

void
atl_bucket_begin(AtlBucket *bucket)
{
	bucket->count = 0;
	bucket->min = bucket->max = atl_bits_f64(ATL_NAN_NUMBER_64);
	bucket->sum = 0;
}

void
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

/* Comparisons with a missing number are false, so it changes neither bound. */
void
atl_bucket_add(AtlBucket *bucket, const double *numbers, uint32_t n)
{
	AtlBucket	batch = {.min = INFINITY, .max = -INFINITY};

	for (uint32_t i = 0; i < n; i++)
	{
		bool		there = !isnan(numbers[i]);

		batch.min = numbers[i] < batch.min ? numbers[i] : batch.min;
		batch.max = numbers[i] > batch.max ? numbers[i] : batch.max;
		batch.sum += there ? numbers[i] : 0;
		batch.count += there;
	}
	atl_bucket_merge(bucket, &batch);
}

double
atl_bucket_mean(const AtlBucket *bucket)
{
	double		mean = bucket->sum / bucket->count;

	/* One NaN, on every processor. */
	return isfinite(mean) ? mean : atl_bits_f64(ATL_NAN_NUMBER_64);
}
