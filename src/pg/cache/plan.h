/*
 * plan.h
 *		Saved plans: SQL that is prepared once per session.
 */
#ifndef PG_CACHE_PLAN_H
#define PG_CACHE_PLAN_H

/*
 * Runs a statement within SPI; the answer is in SPI_processed and
 * SPI_tuptable.  No parameter is null.
 */
extern void cache_plan_execute(const char *sql, int nparams, const Oid *types,
							   Datum *values, bool read_only);

#endif							/* PG_CACHE_PLAN_H */
