/*
 * count.h
 *		Arithmetic of counts.
 */
#ifndef ATL_BASE_COUNT_H
#define ATL_BASE_COUNT_H

#include <stdint.h>

static inline uint32_t
atl_min(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* How many parts of this size hold n; the last may be smaller. */
static inline uint32_t
atl_divide_up(uint64_t n, uint64_t size)
{
	return (uint32_t) ((n + (size - 1)) / size);
}

#endif							/* ATL_BASE_COUNT_H */
