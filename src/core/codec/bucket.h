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

/* Add numbers; missing ones are NaN. */
extern void atl_bucket_add(AtlBucket *bucket, const double *numbers, uint32_t n);

/* Add what another bucket has. */
extern void atl_bucket_merge(AtlBucket *bucket, const AtlBucket *other);

/* NaN if there are no numbers, or if their sum is past every double. */
extern double atl_bucket_mean(const AtlBucket *bucket);

#endif							/* ATL_CODEC_BUCKET_H */
