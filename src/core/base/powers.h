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
 * The powers that ordinary numbers need: any float32 printed as a double, with
 * 17 digits (the least, 1.4012984643248171e-45, counts units of 10^-61), and
 * numbers written with a point.  Doubles with powers down to 10^-342 and up to
 * 10^308 hardly ever occur; the host's reader takes these.
 */
#define ATL_POWER_MIN	(-64)
#define ATL_POWER_MAX	38

extern const AtlPower atl_powers[ATL_POWER_MAX - ATL_POWER_MIN + 1];

#endif							/* ATL_BASE_POWERS_H */
