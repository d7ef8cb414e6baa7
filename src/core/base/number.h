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
 * nearest double, as strtod gives it.  If not, which is rare, the caller must
 * use strtod.
 */
extern const char *atl_number_read(const char *text, const char *end, double *value, bool *exact);

/*
 * Write a double as the host's format_double does (number_print.c), and return
 * the length, or 0 if the host must write it.  text has ATL_NUMBER_ROOM bytes.
 */
extern int	atl_number_print(double value, char *text);

#define ATL_NUMBER_ROOM	40		/* more than ATL_DOUBLE_SIZE, and a comma */

#endif							/* ATL_BASE_NUMBER_H */
