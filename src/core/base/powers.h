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

/*
 * What ordinary numbers need: any float32, down to the least of them with all
 * the 17 digits that a double of it has (1.4012984643248171e-45 is so many units
 * of 10^-61), and what is written with a point.  Doubles go on to 10^-342 and
 * 10^308, but hardly ever occur there; the host's reader takes them.
 */
#define ATL_POWER_MIN	(-64)
#define ATL_POWER_MAX	38

extern const AtlPower atl_powers[ATL_POWER_MAX - ATL_POWER_MIN + 1];

#endif							/* ATL_BASE_POWERS_H */
