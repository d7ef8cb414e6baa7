/*
 * atl_number.h
 *		Decimal numbers of JSON text to doubles, and back.
 */
#ifndef ATL_NUMBER_H
#define ATL_NUMBER_H

#include <stdbool.h>
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

/*
 * Read the number that text starts with; returns where it ends, or NULL when
 * there is no number in JSON's grammar.  *exact says whether *value is the
 * nearest double, as strtod gives it: hardly ever the digits leave that open,
 * and then strtod must be asked.
 */
extern const char *atl_number_read(const char *text, const char *end, double *value, bool *exact);

/*
 * Write a double as the host's format_double does (atl_shortest.c), and return
 * the length: 0 when it is one that the host must write.  text has ATL_NUMBER_ROOM.
 */
extern int	atl_number_print(double value, char *text);

#define ATL_NUMBER_ROOM	40		/* more than ATL_DOUBLE_SIZE, and a comma */

#endif							/* ATL_NUMBER_H */
