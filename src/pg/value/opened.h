/*
 * opened.h
 *		Stored values that a call site has open.
 *
 * They are kept in fn_extra, which belongs to one place in one running query:
 * the executor makes it with the expression and drops it with the query.  So a
 * value is kept for those who read it again and again, nobody else finds it,
 * and nothing needs to be invalidated: a TOAST value never changes, and what an
 * UPDATE, a rollback or a rewrite puts in its place has another key.  The
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
	bool		ready;			/* view is that of the value */
	AtlView		view;			/* but for the source's context */
	TimelineExtents extents;
	TimelinePlace place;
	AtlMemo		memo;
} TimelineOpened;

/*
 * What the call site has of the value behind a TOAST pointer, perhaps nothing
 * yet.  Without a call site it is for this call alone.
 */
extern TimelineOpened *timeline_opened_get(FmgrInfo *call_site, const ToastPointer *key);

#endif							/* PG_VALUE_OPENED_H */
