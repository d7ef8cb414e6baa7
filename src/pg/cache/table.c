/*
 * table.c
 *		Checks a relation as a cache: its columns, their types, its unique key.
 *
 * Nothing is kept between calls; the catalog caches of the server are fast
 * enough, and always right.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/bitmapset.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "parser/parse_relation.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteHandler.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "pg/cache/table.h"

/* Limit of views on views: a cycle of views can exist, and fails when run. */
#define MAX_VIEW_DEPTH	32

typedef enum ColumnKind
{
	COLUMN_ID,
	COLUMN_TEXT,
	COLUMN_DATA,
	COLUMN_TIME
} ColumnKind;

typedef struct ColumnSpec
{
	const char *name;
	ColumnKind	kind;
} ColumnSpec;

static const ColumnSpec column_specs[CACHE_COLUMNS] = {
	[CACHE_FILE_METADATA_ID] = {"file_metadata_id", COLUMN_ID},
	[CACHE_STEM_TYPE] = {"stem_type", COLUMN_TEXT},
	[CACHE_USER_ID] = {"user_id", COLUMN_ID},
	[CACHE_ANALYSIS_VERSION] = {"analysis_version", COLUMN_TEXT},
	[CACHE_EVENT_DATA] = {"event_data", COLUMN_DATA},
	[CACHE_CREATED_AT] = {"created_at", COLUMN_TIME},
	[CACHE_UPDATED_AT] = {"updated_at", COLUMN_TIME}
};

static const char *const kind_types[] = {
	[COLUMN_ID] = "uuid, text or character varying",
	[COLUMN_TEXT] = "text or character varying",
	[COLUMN_DATA] = "audio_timeline, jsonb or json",
	[COLUMN_TIME] = "timestamp with or without time zone"
};

static bool
type_fits(ColumnKind kind, Oid type, Oid timeline_type)
{
	bool		is_text = type == TEXTOID || type == VARCHAROID;

	switch (kind)
	{
		case COLUMN_ID:
			return is_text || type == UUIDOID;
		case COLUMN_TEXT:
			return is_text;
		case COLUMN_DATA:
			return type == timeline_type || type == JSONBOID || type == JSONOID;
		case COLUMN_TIME:
			return type == TIMESTAMPTZOID || type == TIMESTAMPOID;
	}
	return false;
}

static void
missing_column(Relation rel, const char *column)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("cache \"%s\" has no column \"%s\"",
					RelationGetRelationName(rel), column),
			 errhint("A cache has the columns file_metadata_id, stem_type, event_data, "
					 "analysis_version, user_id, created_at and updated_at.")));
}

static void
wrong_column_type(Relation rel, const ColumnSpec *spec, Oid type)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("column \"%s\" of cache \"%s\" has type %s",
					spec->name, RelationGetRelationName(rel), format_type_be(type)),
			 errhint("Its type must be %s.", kind_types[spec->kind])));
}

static CacheColumn
describe_column(Relation rel, const ColumnSpec *spec, Oid timeline_type)
{
	CacheColumn column;
	Oid			declared;

	column.name = spec->name;
	column.attnum = get_attnum(RelationGetRelid(rel), spec->name);
	if (column.attnum == InvalidAttrNumber)
		missing_column(rel, spec->name);

	declared = TupleDescAttr(RelationGetDescr(rel), column.attnum - 1)->atttypid;
	column.type = getBaseType(declared);
	if (!type_fits(spec->kind, column.type, timeline_type))
		wrong_column_type(rel, spec, declared);
	return column;
}

/*
 * Lock the relation that has the name of relid, as a statement with that name
 * does: during the wait for the lock, another session may put a new table in
 * the place of the old one.  If no relation has the name any more, relid
 * itself is locked.
 */
static Relation
lock_by_name(Oid relid, LOCKMODE lockmode)
{
	char	   *name = get_rel_name(relid);
	char	   *schema = name == NULL ? NULL : get_namespace_name(get_rel_namespace(relid));
	Oid			named = schema == NULL ? InvalidOid :
		RangeVarGetRelid(makeRangeVar(schema, name, -1), lockmode, true);

	return OidIsValid(named) ? relation_open(named, NoLock) : try_relation_open(relid, lockmode);
}

static Relation
open_cache(Oid relid, LOCKMODE lockmode)
{
	Relation	rel = OidIsValid(relid) ? lock_by_name(relid, lockmode) : NULL;

	if (rel == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("audio_timeline cache does not exist"),
				 errhint("Create the table public.audio_event_cache, or pass "
						 "another table as \"cache\".")));
	return rel;
}

static void
check_relkind(Relation rel)
{
	switch (rel->rd_rel->relkind)
	{
		case RELKIND_RELATION:
		case RELKIND_PARTITIONED_TABLE:
		case RELKIND_VIEW:
			return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("\"%s\" cannot serve as a cache", RelationGetRelationName(rel)),
			 errhint("A cache is a table, a partitioned table or a view.")));
}

CacheTable
cache_table_describe(Oid relid, Oid timeline_type, LOCKMODE lockmode)
{
	Relation	rel = open_cache(relid, lockmode);
	CacheTable	table;
	int			i;

	check_relkind(rel);
	table.relid = RelationGetRelid(rel);
	table.timeline_type = timeline_type;
	table.name = pstrdup(RelationGetRelationName(rel));
	table.sql_name = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(rel)),
												table.name);
	for (i = 0; i < CACHE_COLUMNS; i++)
		table.columns[i] = describe_column(rel, &column_specs[i], timeline_type);

	relation_close(rel, NoLock);
	return table;
}


/* The attribute of the relation below behind a view's attribute, if any. */
static AttrNumber
attribute_below(Query *query, int rtindex, AttrNumber attnum)
{
	TargetEntry *entry = get_tle_by_resno(query->targetList, attnum);
	Var		   *var;

	if (entry == NULL || !IsA(entry->expr, Var))
		return InvalidAttrNumber;
	var = (Var *) entry->expr;
	return var->varno == rtindex && var->varattno > 0 ? var->varattno : InvalidAttrNumber;
}

/* Whether a view has rules for INSERT, which may run several statements. */
static bool
has_insert_rule(Relation view)
{
	int			i;

	for (i = 0; i < view->rd_rules->numLocks; i++)
		if (view->rd_rules->rules[i]->event == CMD_INSERT)
			return true;
	return false;
}

/*
 * Replace a view, and its attributes, by the relation it selects from.  False
 * if an INSERT ... ON CONFLICT cannot pass through the view.
 */
static bool
step_below(Relation view, Oid *relid, AttrNumber *attnums)
{
	Query	   *query = get_view_query(view);
	int			rtindex;
	int			i;

	if (view_query_is_auto_updatable(query, true) != NULL)
		return false;
	if (view->trigdesc != NULL && view->trigdesc->trig_insert_instead_row)
		return false;
	if (has_insert_rule(view))
		return false;
	rtindex = linitial_node(RangeTblRef, query->jointree->fromlist)->rtindex;
	*relid = rt_fetch(rtindex, query->rtable)->relid;
	for (i = 0; i < CACHE_COLUMNS; i++)
		if (attnums[i] != InvalidAttrNumber)
			attnums[i] = attribute_below(query, rtindex, attnums[i]);
	return true;
}

/*
 * The table whose indexes count: the cache, or the table below its views, or
 * NULL.  *user is the role whose rights and policies hold for that table.
 */
static Relation
open_base(const CacheTable *table, AttrNumber *attnums, Oid *user)
{
	Oid			relid = table->relid;
	int			depth;
	int			i;

	for (i = 0; i < CACHE_COLUMNS; i++)
		attnums[i] = table->columns[i].attnum;
	*user = GetUserId();

	for (depth = 0; depth < MAX_VIEW_DEPTH; depth++)
	{
		Relation	rel = relation_open(relid, RowExclusiveLock);
		bool		followed;

		if (rel->rd_rel->relkind != RELKIND_VIEW)
			return rel;
		followed = step_below(rel, &relid, attnums);
		*user = RelationHasSecurityInvoker(rel) ? GetUserId() : rel->rd_rel->relowner;
		relation_close(rel, NoLock);
		if (!followed)
			break;
	}
	return NULL;
}

/* The attributes of the wanted key; NULL if the table does not have them all. */
static Bitmapset *
wanted_key(const AttrNumber *attnums, bool with_user)
{
	static const CacheColumnId columns[] = {
		CACHE_FILE_METADATA_ID, CACHE_STEM_TYPE, CACHE_ANALYSIS_VERSION, CACHE_USER_ID
	};
	int			count = with_user ? 4 : 3;
	Bitmapset  *key = NULL;
	int			i;

	for (i = 0; i < count; i++)
	{
		if (attnums[columns[i]] == InvalidAttrNumber)
			return NULL;
		key = bms_add_member(key, attnums[columns[i]]);
	}
	return key;
}

/* The rules of ON CONFLICT: unique at once, over all rows, by plain columns. */
static bool
can_arbitrate(Relation index)
{
	Form_pg_index form = index->rd_index;

	return form->indisunique && form->indimmediate && form->indisvalid &&
		heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL) &&
		heap_attisnull(index->rd_indextuple, Anum_pg_index_indexprs, NULL);
}

static Bitmapset *
index_key(Relation index)
{
	Bitmapset  *key = NULL;
	int			i;

	for (i = 0; i < index->rd_index->indnkeyatts; i++)
		key = bms_add_member(key, index->rd_index->indkey.values[i]);
	return key;
}

static bool
key_may_be_null(Relation base, Relation index)
{
	int			i;

	if (index->rd_index->indnullsnotdistinct)
		return false;
	for (i = 0; i < index->rd_index->indnkeyatts; i++)
	{
		AttrNumber	attnum = index->rd_index->indkey.values[i];

		if (!TupleDescAttr(RelationGetDescr(base), attnum - 1)->attnotnull)
			return true;
	}
	return false;
}

static bool
find_key(Relation base, const Bitmapset *wanted, CacheKey *key)
{
	List	   *indexes = RelationGetIndexList(base);
	ListCell   *cell;
	bool		found = false;

	foreach(cell, indexes)
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);

		if (can_arbitrate(index) && bms_equal(index_key(index), wanted))
		{
			found = true;
			key->may_be_null = key_may_be_null(base, index);
		}
		index_close(index, NoLock);
		if (found)
			break;
	}
	list_free(indexes);
	return found;
}

/* With the user first: only such a key keeps one user's rows apart from another's. */
static bool
choose_key(Relation base, const AttrNumber *attnums, CacheKey *key)
{
	Bitmapset  *wanted;
	int			with_user;

	for (with_user = 1; with_user >= 0; with_user--)
	{
		wanted = wanted_key(attnums, with_user == 1);
		key->with_user = with_user == 1;
		if (wanted != NULL && find_key(base, wanted, key))
			return true;
	}
	return false;
}

CacheKey
cache_table_key(const CacheTable *table)
{
	AttrNumber	attnums[CACHE_COLUMNS];
	Oid			user;
	Relation	base = open_base(table, attnums, &user);
	CacheKey	key;

	if (base == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
				 errmsg("cache \"%s\" has no unique key to update by", table->name),
				 errdetail("The view is not a plain view of one table."),
				 errhint("Pass the table below the view as \"cache\".")));
	if (!choose_key(base, attnums, &key))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
				 errmsg("cache \"%s\" has no unique key to update by", table->name),
				 errhint("Create a unique index on (user_id, file_metadata_id, stem_type, "
						 "analysis_version), or on the last three of these.")));
	key.policies_bind = check_enable_rls(RelationGetRelid(base), user, true) == RLS_ENABLED;
	relation_close(base, NoLock);
	return key;
}
