/*
 * number.h
 *		Decimal numbers of JSON text to doubles, and back.
 */
#ifndef ATL_BASE_NUMBER_H
#define ATL_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Read the number that text starts with; returns where it ends, or NULL when
 * there is no number in JSON's grammar.  *exact says whether *value is the
 * nearest double, as strtod gives it: hardly ever the digits leave that open,
 * and then strtod must be asked.
 */
extern const char *atl_number_read(const char *text, const char *end, double *value, bool *exact);

/*
 * Write a double as the host's format_double does (number_print.c), and return
 * the length: 0 when it is one that the host must write.  text has ATL_NUMBER_ROOM.
 */
extern int	atl_number_print(double value, char *text);

#define ATL_NUMBER_ROOM	40		/* more than ATL_DOUBLE_SIZE, and a comma */

#endif							/* ATL_BASE_NUMBER_H */
