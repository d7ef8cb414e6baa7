/*
 * powers.h
 *		The powers of five that decimals are read and printed with.
 */
#ifndef ATL_BASE_POWERS_H
#define ATL_BASE_POWERS_H

#include <stdint.h>

/* The 128 leading bits of a power of five. */
typedef struct AtlPower
{
	uint64_t	high;
	uint64_t	low;
} AtlPower;

/* Powers of ten outside of these make a double of 19 digits 0 or infinite. */
#define ATL_POWER_MIN	(-342)
#define ATL_POWER_MAX	308

extern const AtlPower atl_powers[ATL_POWER_MAX - ATL_POWER_MIN + 1];

#endif							/* ATL_BASE_POWERS_H */
