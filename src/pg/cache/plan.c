/*
 * plan.c
 *		The saved plans of a session.
 *
 * A plan is found again by everything it embeds: the text of the statement
 * and the types of its parameters.  Role, policies and catalogs are not part
 * of that: the server looks at them before each run, and plans anew when one
 * has changed.  No row, no id and no timeline is kept here.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "executor/spi.h"
#include "lib/ilist.h"
#include "utils/memutils.h"

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

/* Prepares first: it is the step that can fail, and leaves nothing behind then. */
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

void
cache_plan_execute(const char *sql, int nparams, const Oid *types, Datum *values, bool read_only)
{
	uint32		hash = hash_statement(sql, nparams, types);
	SavedPlan  *saved = find_plan(hash, sql, nparams, types);
	int			result;

	if (saved == NULL)
		saved = make_plan(hash, sql, nparams, types);

	saved->executing++;
	PG_TRY();
	{
		result = SPI_execute_plan(saved->plan, values, NULL, read_only, 0);
	}
	PG_FINALLY();
	{
		saved->executing--;
	}
	PG_END_TRY();

	if (result < 0)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
}
