/*
 * plan.c
 *		The saved plans of a session.
 *
 * A plan is found again by everything it embeds: the text of the statement
 * and the types of its parameters.  Role, policies and catalogs are not part
 * of that: the server looks at them before each run, and plans anew when one
 * has changed.  No row, no id and no timeline is kept here.
 *
 * A plan is run in the order of the server's own statements: first lock all
 * relations, then take the snapshot, then read rows.  With the snapshot before
 * the locks, a table that is rewritten in between would look empty.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "common/hashfn.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "executor/tstoreReceiver.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "tcop/pquery.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "pg/bridge/compat.h"
#include "pg/cache/plan.h"

/* Far more than the statements of one application; a plan takes some 20 kB. */
#define MAX_PLANS	128

typedef struct SavedPlan
{
	dlist_node	node;
	SPIPlanPtr	plan;
	int			executing;		/* runs under way; may nest */
	uint32		hash;
	char	   *sql;
	int			nparams;
	Oid			types[FLEXIBLE_ARRAY_MEMBER];
} SavedPlan;

/* The most recently used first. */
static dlist_head plans = DLIST_STATIC_INIT(plans);
static int	num_plans = 0;

static uint32
hash_statement(const char *sql, int nparams, const Oid *types)
{
	uint32		hash = hash_bytes((const unsigned char *) sql, strlen(sql));

	return hash_combine(hash, hash_bytes((const unsigned char *) types,
										 nparams * sizeof(Oid)));
}

static bool
plan_matches(const SavedPlan *saved, uint32 hash, const char *sql, int nparams, const Oid *types)
{
	return saved->hash == hash && saved->nparams == nparams &&
		memcmp(saved->types, types, nparams * sizeof(Oid)) == 0 &&
		strcmp(saved->sql, sql) == 0;
}

static SavedPlan *
find_plan(uint32 hash, const char *sql, int nparams, const Oid *types)
{
	dlist_iter	iter;

	dlist_foreach(iter, &plans)
	{
		SavedPlan  *saved = dlist_container(SavedPlan, node, iter.cur);

		if (plan_matches(saved, hash, sql, nparams, types))
		{
			dlist_move_head(&plans, &saved->node);
			return saved;
		}
	}
	return NULL;
}

static void
drop_plan(SavedPlan *saved)
{
	dlist_delete(&saved->node);
	num_plans--;
	SPI_freeplan(saved->plan);
	pfree(saved->sql);
	pfree(saved);
}

/*
 * Makes room from the end of the list.  A plan that runs further up the stack
 * (a policy or a trigger may call us again) must stay where it is.
 */
static void
drop_unused_plans(void)
{
	dlist_node *node = dlist_is_empty(&plans) ? NULL : dlist_tail_node(&plans);

	while (node != NULL && num_plans >= MAX_PLANS)
	{
		SavedPlan  *saved = dlist_container(SavedPlan, node, node);

		node = dlist_has_prev(&plans, node) ? dlist_prev_node(&plans, node) : NULL;
		if (saved->executing == 0)
			drop_plan(saved);
	}
}

static SavedPlan *
allocate_plan(uint32 hash, const char *sql, int nparams, const Oid *types)
{
	SavedPlan  *saved = MemoryContextAlloc(TopMemoryContext,
										   offsetof(SavedPlan, types) + nparams * sizeof(Oid));

	saved->sql = MemoryContextStrdup(TopMemoryContext, sql);
	saved->hash = hash;
	saved->executing = 0;
	saved->nparams = nparams;
	memcpy(saved->types, types, nparams * sizeof(Oid));
	return saved;
}

/* Prepares before it keeps anything: preparing may fail, and leaks nothing. */
static SavedPlan *
make_plan(uint32 hash, const char *sql, int nparams, const Oid *types)
{
	SPIPlanPtr	plan = SPI_prepare(sql, nparams, unconstify(Oid *, types));
	SavedPlan  *saved;

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	drop_unused_plans();
	saved = allocate_plan(hash, sql, nparams, types);
	if (SPI_keepplan(plan) != 0)
		elog(ERROR, "SPI_keepplan failed");
	saved->plan = plan;
	dlist_push_head(&plans, &saved->node);
	num_plans++;
	return saved;
}

static SavedPlan *
saved_plan(const char *sql, int nparams, const Oid *types)
{
	uint32		hash = hash_statement(sql, nparams, types);
	SavedPlan  *saved = find_plan(hash, sql, nparams, types);

	return saved != NULL ? saved : make_plan(hash, sql, nparams, types);
}

uint64
cache_plan_execute(const char *sql, int nparams, const Oid *types, Datum *values)
{
	SavedPlan  *saved = saved_plan(sql, nparams, types);
	int			result;

	saved->executing++;
	PG_TRY();
	{
		result = SPI_execute_plan(saved->plan, values, NULL, false, 0);
	}
	PG_FINALLY();
	{
		saved->executing--;
	}
	PG_END_TRY();

	if (result < 0)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
	return SPI_processed;
}


/*
 * Whether a transaction that the snapshot does not see has changed a relation:
 * its storage, as ALTER TABLE and TRUNCATE do, or what it stands for, as a new
 * definition of a view does.  Each of these writes a new row of pg_class.  What
 * the caller's own transaction changes is left to the snapshot.
 */
static bool
relation_changed_since(Oid relid, Snapshot snapshot)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	TransactionId xmin;

	if (!HeapTupleIsValid(tuple))
		return false;
	xmin = HeapTupleHeaderGetXmin(tuple->t_data);
	ReleaseSysCache(tuple);
	return TransactionIdIsNormal(xmin) && !TransactionIdIsCurrentTransactionId(xmin) &&
		XidInMVCCSnapshot(xmin, snapshot);
}

static bool
any_changed_since(const List *relids, Snapshot snapshot)
{
	ListCell   *cell;

	foreach(cell, relids)
	{
		if (relation_changed_since(lfirst_oid(cell), snapshot))
			return true;
	}
	return false;
}

/*
 * A read uses the snapshot of the caller's statement.  That snapshot is older
 * than the locks; if a relation has changed since, its rows may be of a later
 * transaction, or missing, and a newer snapshot is pushed.  The newer snapshot
 * still does not show the caller's own statement's writes.  Under REPEATABLE
 * READ there is no newer snapshot, as for a plain SELECT.
 */
static void
push_snapshot_to_read(const PlannedStmt *stmt)
{
	Snapshot	snapshot = GetActiveSnapshot();

	if (IsolationUsesXactSnapshot() || !any_changed_since(stmt->relationOids, snapshot))
		PushActiveSnapshot(snapshot);
	else
	{
		PushCopiedSnapshot(GetTransactionSnapshot());
		GetActiveSnapshot()->curcid = snapshot->curcid;
	}
}

/* Push a snapshot as SPI does for a statement that writes. */
static void
push_snapshot_to_write(void)
{
	EnsurePortalSnapshotExists();
	PushActiveSnapshot(GetTransactionSnapshot());
	CommandCounterIncrement();
	UpdateActiveSnapshotCommandId();
}

static ParamListInfo
make_parameters(int nparams, const Oid *types, const Datum *values)
{
	ParamListInfo params = makeParamList(nparams);
	int			i;

	for (i = 0; i < nparams; i++)
	{
		params->params[i].value = values[i];
		params->params[i].isnull = false;
		params->params[i].pflags = PARAM_FLAG_CONST;
		params->params[i].ptype = types[i];
	}
	return params;
}

/*
 * Runs a statement under the active snapshot.  Refused rows are nfiltered1 of
 * the top node: in EXPLAIN the rows removed by the conflict filter.
 */
static CacheResult
run_statement(PlannedStmt *stmt, const char *sql, ParamListInfo params)
{
	CacheResult result;
	DestReceiver *dest = CreateTuplestoreDestReceiver();
	QueryDesc  *query = CreateQueryDesc(stmt, sql, GetActiveSnapshot(), InvalidSnapshot, dest,
										params, NULL, stmt->commandType == CMD_SELECT ? 0 : INSTRUMENT_ROWS);

	result.rows = tuplestore_begin_heap(false, false, work_mem);
	SetTuplestoreDestReceiverParams(dest, result.rows, CurrentMemoryContext, false, NULL, NULL);
	ExecutorStart(query, 0);
	run_executor(query);
	ExecutorFinish(query);
	result.processed = query->estate->es_processed;
	result.refused = query->planstate->instrument == NULL ? 0 :
		(uint64) query->planstate->instrument->nfiltered1;
	result.slot = MakeSingleTupleTableSlot(CreateTupleDescCopy(query->tupDesc), &TTSOpsMinimalTuple);
	ExecutorEnd(query);
	FreeQueryDesc(query);
	dest->rDestroy(dest);
	return result;
}

/* Run a plan; all its relations are locked by now. */
static CacheResult
run_planned(PlannedStmt *stmt, const char *sql, ParamListInfo params)
{
	bool		reads = stmt->commandType == CMD_SELECT;
	CacheResult result;

	if (reads)
		push_snapshot_to_read(stmt);
	else
		push_snapshot_to_write();
	result = run_statement(stmt, sql, params);
	PopActiveSnapshot();
	if (!reads)
		CommandCounterIncrement();
	return result;
}

static CacheResult
empty_result(void)
{
	CacheResult result = {.processed = 0};

	result.rows = tuplestore_begin_heap(false, false, work_mem);
	result.slot = MakeSingleTupleTableSlot(CreateTemplateTupleDesc(0), &TTSOpsMinimalTuple);
	return result;
}

/*
 * A rule DO INSTEAD NOTHING leaves no statement to run.  The server refuses
 * rules that give several statements; for views cache_table_key does.
 */
static CacheResult
run_plan(SavedPlan *saved, ParamListInfo params)
{
	CachedPlanSource *source = linitial(SPI_plan_get_plan_sources(saved->plan));
	CachedPlan *plan = GetCachedPlan(source, params, CurrentResourceOwner, NULL);
	CacheResult result;

	if (list_length(plan->stmt_list) > 1)
		elog(ERROR, "unexpected number of statements in \"%s\"", saved->sql);
	if (plan->stmt_list == NIL)
		result = empty_result();
	else
		result = run_planned(linitial_node(PlannedStmt, plan->stmt_list), saved->sql, params);
	ReleaseCachedPlan(plan, CurrentResourceOwner);
	return result;
}

/* Error context callback: name the statement, as SPI does. */
static void
add_statement_to_error(void *sql)
{
	errcontext("SQL statement \"%s\"", (const char *) sql);
}

CacheResult
cache_plan_run(const char *sql, int nparams, const Oid *types, Datum *values)
{
	SavedPlan  *saved = saved_plan(sql, nparams, types);
	ParamListInfo params = make_parameters(nparams, types, values);
	ErrorContextCallback callback = {error_context_stack, add_statement_to_error, saved->sql};
	CacheResult result;

	saved->executing++;
	PG_TRY();
	{
		error_context_stack = &callback;
		result = run_plan(saved, params);
		error_context_stack = callback.previous;
	}
	PG_FINALLY();
	{
		saved->executing--;
	}
	PG_END_TRY();
	return result;
}

bool
cache_result_next(CacheResult *result)
{
	return tuplestore_gettupleslot(result->rows, true, false, result->slot);
}

void
cache_result_end(CacheResult *result)
{
	ExecDropSingleTupleTableSlot(result->slot);
	tuplestore_end(result->rows);
}
