/*
 * opened.h
 *		Stored values that a call site has open.
 *
 * They are kept in fn_extra, which belongs to one place in one running query:
 * the executor makes it with the expression and drops it with the query.  So a
 * value is kept for a query that reads it again and again, no other query
 * finds it, and nothing needs to be invalidated: a TOAST value never changes,
 * and an UPDATE, a rollback or a rewrite gives a value with another key.  The
 * server gives a key again only when its counter has gone through four billion
 * others; where fn_extra outlives a statement, as in PL/pgSQL and in domains,
 * a value is good for the transaction that read it.
 *
 * A caller hands over the TOAST pointer, from a row that it was allowed to see.
 * A value is never found without it, so row-level security is not concerned.
 */
#ifndef PG_VALUE_OPENED_H
#define PG_VALUE_OPENED_H

#include "fmgr.h"
#include "storage/lock.h"

#include "core/atl.h"
#include "pg/value/extents.h"
#include "pg/value/toast.h"

typedef struct TimelineOpened
{
	ToastPointer key;
	LocalTransactionId transaction;
	uint32		size;			/* of the value */
	bool		ready;			/* view has been opened on the value */
	AtlView		view;			/* valid but for its source's context */
	TimelineExtents extents;
	TimelinePlace place;
	AtlMemo		memo;
} TimelineOpened;

/*
 * The opened value of a TOAST pointer at a call site, perhaps with no bytes
 * read yet.  Without a call site the opened value is for this call alone.
 */
extern TimelineOpened *timeline_opened_get(FmgrInfo *call_site, const ToastPointer *key);

#endif							/* PG_VALUE_OPENED_H */
