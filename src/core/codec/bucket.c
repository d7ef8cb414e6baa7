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

double
atl_bucket_mean(const AtlBucket *bucket)
{
	double		mean = bucket->sum / bucket->count;

	/* Give the same NaN on every processor. */
	return isfinite(mean) ? mean : atl_bits_f64(ATL_NAN_NUMBER_64);
}
