/*
 * plan.h
 *		Saved plans: SQL that is prepared once per session.
 */
#ifndef PG_CACHE_PLAN_H
#define PG_CACHE_PLAN_H

#include "executor/tuptable.h"
#include "utils/tuplestore.h"

/* Result of a statement; cache_result_next reads the rows. */
typedef struct CacheResult
{
	uint64		processed;
	uint64		refused;		/* rows that the WHERE of ON CONFLICT DO
								 * UPDATE left alone */
	Tuplestorestate *rows;
	TupleTableSlot *slot;
} CacheResult;

/*
 * Called within SPI; no parameter is null.  cache_plan_run is for a SELECT,
 * which sees what the caller's statement sees, and for INSERT ... ON CONFLICT.
 * cache_plan_execute is for a plain INSERT or DELETE; returns the row count.
 */
extern CacheResult cache_plan_run(const char *sql, int nparams, const Oid *types, Datum *values);
extern uint64 cache_plan_execute(const char *sql, int nparams, const Oid *types, Datum *values);

/* The next row in the slot, TOAST pointers as they are; false after the last. */
extern bool cache_result_next(CacheResult *result);
extern void cache_result_end(CacheResult *result);

#endif							/* PG_CACHE_PLAN_H */
