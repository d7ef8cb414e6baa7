/*
 * operations.c
 *		The six cache operations, on a table of the application.
 *
 * Each runs one SQL statement as the caller, so that privileges and row-level
 * security hold as for any statement of theirs.  The statement is built from
 * names of the catalogs; every object in it is qualified, operators too,
 * because search_path is the caller's.  Values are always parameters.  A
 * parameter is cast to the type of its column, never the column to the type of
 * the parameter, so that indexes can be used.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "pg/cache/plan.h"
#include "pg/cache/table.h"
#include "pg/sql/sql.h"

/* One call: the arguments by column, and the statement built from them. */
typedef struct CacheCall
{
	CacheTable	table;
	NullableDatum given[CACHE_COLUMNS]; /* null: not given */
	Oid			given_types[CACHE_COLUMNS];

	StringInfoData sql;
	int			nparams;
	Oid			types[CACHE_COLUMNS];
	Datum		values[CACHE_COLUMNS];
} CacheCall;

/* What is read of a row. */
#define ROW_STEM		1
#define ROW_VERSION		2
#define ROW_DOCUMENT	3
#define ROW_COLUMNS \
	"c.stem_type::pg_catalog.text, c.analysis_version::pg_catalog.text, c.event_data"

/* Bytes of a stem or version that a message shows; keys have no limit. */
#define MAX_SHOWN	100

/* The newest row first; the last column makes the choice certain. */
#define NEWEST_FIRST \
	"c.created_at DESC NULLS LAST, c.updated_at DESC NULLS LAST, " \
	"c.analysis_version DESC NULLS LAST"


/* Find the type in the function's schema: the extension is relocatable. */
static Oid
timeline_type(FunctionCallInfo fcinfo)
{
	Oid			schema = get_func_namespace(fcinfo->flinfo->fn_oid);
	Oid			type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
									   CStringGetDatum("audio_timeline"),
									   ObjectIdGetDatum(schema));

	if (!OidIsValid(type))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("type audio_timeline is not in the schema of function %s",
						get_func_name(fcinfo->flinfo->fn_oid)),
				 errhint("Move the extension as a whole, with ALTER EXTENSION audio_cache SET SCHEMA.")));
	return type;
}

/* Start a call; its memory is in SPI's context, which end_call frees. */
static void
begin_call(CacheCall *call, FunctionCallInfo fcinfo, NullableDatum cache, LOCKMODE lockmode)
{
	Oid			relid = cache.isnull ? InvalidOid : DatumGetObjectId(cache.value);
	int			i;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	call->table = cache_table_describe(relid, timeline_type(fcinfo), lockmode);
	call->nparams = 0;
	initStringInfo(&call->sql);
	for (i = 0; i < CACHE_COLUMNS; i++)
		call->given[i].isnull = true;
}

static void
end_call(void)
{
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
}

static void
give(CacheCall *call, CacheColumnId column, Oid type, NullableDatum argument)
{
	call->given[column] = argument;
	call->given_types[column] = type;
}

/* Take the key: arguments 0 and 1 are file and stem; version follows user. */
static void
give_key(CacheCall *call, FunctionCallInfo fcinfo, Oid id_type, int user_argument)
{
	give(call, CACHE_FILE_METADATA_ID, id_type, fcinfo->args[0]);
	give(call, CACHE_STEM_TYPE, TEXTOID, fcinfo->args[1]);
	give(call, CACHE_USER_ID, id_type, fcinfo->args[user_argument]);
	give(call, CACHE_ANALYSIS_VERSION, TEXTOID, fcinfo->args[user_argument + 1]);
}

/* Run a SELECT, or an INSERT ... ON CONFLICT. */
static CacheResult
run(CacheCall *call)
{
	return cache_plan_run(call->sql.data, call->nparams, call->types, call->values);
}

/* Run a plain INSERT or DELETE; returns the number of rows. */
static uint64
execute(CacheCall *call)
{
	return cache_plan_execute(call->sql.data, call->nparams, call->types, call->values);
}


/* Add a parameter, with its cast, for the value given for a column. */
static void
add_parameter(CacheCall *call, CacheColumnId column)
{
	call->types[call->nparams] = call->given_types[column];
	call->values[call->nparams] = call->given[column].value;
	call->nparams++;
	appendStringInfo(&call->sql, "$%d", call->nparams);

	/* event_data is given in the type of its column already */
	if (column != CACHE_EVENT_DATA)
		appendStringInfoString(&call->sql, call->table.columns[column].type == UUIDOID ?
							   "::pg_catalog.uuid" : "::pg_catalog.text");
}

/* Add WHERE for all given columns; the file id is always one of them. */
static void
add_conditions(CacheCall *call)
{
	int			i;

	Assert(!call->given[CACHE_FILE_METADATA_ID].isnull);
	for (i = 0; i < CACHE_COLUMNS; i++)
	{
		if (call->given[i].isnull)
			continue;
		appendStringInfo(&call->sql, " %s c.%s OPERATOR(pg_catalog.=) ",
						 call->nparams == 0 ? "WHERE" : "AND", call->table.columns[i].name);
		add_parameter(call, i);
	}
}

/* A column with nothing given is left out: its default applies. */
static void
add_insert(CacheCall *call)
{
	const char *separator = "";
	int			i;

	appendStringInfo(&call->sql, "INSERT INTO %s AS c (", call->table.sql_name);
	for (i = 0; i < CACHE_COLUMNS; i++)
	{
		if (call->given[i].isnull)
			continue;
		appendStringInfo(&call->sql, "%s%s", separator, call->table.columns[i].name);
		separator = ", ";
	}
	appendStringInfoString(&call->sql, ") VALUES (");
	for (i = 0; i < CACHE_COLUMNS; i++)
	{
		if (call->given[i].isnull)
			continue;
		appendStringInfoString(&call->sql, call->nparams == 0 ? "" : ", ");
		add_parameter(call, i);
	}
	appendStringInfoChar(&call->sql, ')');
}

/*
 * A key without user_id finds the row of whichever user inserted a row first.
 * The user_id of the row to be inserted says for whom the caller acts: from
 * the argument, a default such as auth.uid(), or a trigger.  Another user's
 * row is not updated, unless no user is named and policies decide which rows
 * the caller may change, or there is no user column at all.
 */
static void
add_same_user(CacheCall *call, const CacheKey *key)
{
	bool		named = !call->given[CACHE_USER_ID].isnull;

	if (key->with_user || (!named && key->policies_bind))
		return;
	appendStringInfo(&call->sql, " WHERE c.user_id OPERATOR(pg_catalog.=) excluded.user_id%s",
					 named ? "" : " OR excluded.user_id IS NULL");
}

/* Add ON CONFLICT: a single statement, so concurrent calls cannot race. */
static void
add_on_conflict(CacheCall *call, const CacheKey *key)
{
	appendStringInfo(&call->sql,
					 " ON CONFLICT (file_metadata_id, stem_type, analysis_version%s)"
					 " DO UPDATE SET event_data = excluded.event_data,"
					 " updated_at = CURRENT_TIMESTAMP",
					 key->with_user ? ", user_id" : "");
	add_same_user(call, key);
	if (key->may_be_null)
		appendStringInfo(&call->sql, " RETURNING c.analysis_version IS NULL%s",
						 key->with_user ? " OR c.user_id IS NULL" : "");
}


/* Add a part of a row's key to its description; a long one is cut. */
static void
describe_key(StringInfo description, const char *name, NullableDatum key)
{
	char	   *shown;
	int			size;
	int			cut;

	if (key.isnull)
		return;
	shown = TextDatumGetCString(key.value);
	size = strlen(shown);
	cut = pg_mbcliplen(shown, size, MAX_SHOWN);
	appendStringInfo(description, ", %s \"%.*s%s\"", name, cut, shown, cut < size ? "..." : "");
}

/* Error context callback: name the row that is converted, as COPY names a line. */
static void
add_row_to_error(void *description)
{
	errcontext("%s", (const char *) description);
}

/* Name a row in all errors until forget_row; a null is left out. */
static void
name_row(ErrorContextCallback *callback, const CacheCall *call, NullableDatum stem, NullableDatum version)
{
	StringInfoData description;

	initStringInfo(&description);
	appendStringInfo(&description, "cache \"%s\"", call->table.name);
	describe_key(&description, "stem", stem);
	describe_key(&description, "analysis version", version);
	callback->callback = add_row_to_error;
	callback->arg = description.data;
	callback->previous = error_context_stack;
	error_context_stack = callback;
}

static void
forget_row(const ErrorContextCallback *callback)
{
	error_context_stack = callback->previous;
}

static NullableDatum
column_of_row(TupleTableSlot *row, int column)
{
	NullableDatum result;

	result.value = slot_getattr(row, column, &result.isnull);
	return result;
}

/* A document of a jsonb or json column as a timeline; NULL if it is refused quietly. */
static struct varlena *
convert_document(Oid type, Datum document, TimelineRefusal *refusal)
{
	if (type == JSONBOID)
		return timeline_from_jsonb(DatumGetJsonbP(document), NULL, refusal);
	if (type == JSONOID)
		return timeline_from_json(DatumGetTextPP(document), NULL, refusal);
	elog(ERROR, "unexpected type %u of column event_data", type);
}

/*
 * The timeline of a row that was read; null, too, if its document is refused
 * quietly.  An audio_timeline is not detoasted: only the TOAST pointer is
 * copied, and a lookup reads slices of the value through that pointer.
 */
static NullableDatum
timeline_of_row(const CacheCall *call, TupleTableSlot *row, TimelineRefusal *refusal)
{
	NullableDatum timeline = column_of_row(row, ROW_DOCUMENT);
	Oid			type = getBaseType(TupleDescAttr(row->tts_tupleDescriptor, ROW_DOCUMENT - 1)->atttypid);
	ErrorContextCallback callback;

	if (timeline.isnull || type == call->table.timeline_type)
		return timeline;
	name_row(&callback, call, column_of_row(row, ROW_STEM), column_of_row(row, ROW_VERSION));
	timeline.value = PointerGetDatum(convert_document(type, timeline.value, refusal));
	timeline.isnull = timeline.value == (Datum) 0;
	forget_row(&callback);
	return timeline;
}

static void
require(NullableDatum argument, const char *name)
{
	if (argument.isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name)));
}

/* The document of the row that is to be written. */
static Datum
document_to_write(const CacheCall *call, PGFunction convert, Datum timeline)
{
	ErrorContextCallback callback;
	Datum		document;

	name_row(&callback, call, call->given[CACHE_STEM_TYPE], call->given[CACHE_ANALYSIS_VERSION]);
	document = DirectFunctionCall1(convert, timeline);
	forget_row(&callback);
	return document;
}

/* The timeline to write, in the type of the column that takes it. */
static void
give_timeline(CacheCall *call, NullableDatum timeline)
{
	Oid			type = call->table.columns[CACHE_EVENT_DATA].type;

	if (type == JSONBOID)
		timeline.value = document_to_write(call, audio_timeline_to_jsonb, timeline.value);
	else if (type == JSONOID)
		timeline.value = document_to_write(call, audio_timeline_to_json, timeline.value);
	give(call, CACHE_EVENT_DATA, type, timeline);
}

/* What both writing operations start with: an INSERT of a full row. */
static void
begin_put(CacheCall *call, FunctionCallInfo fcinfo, Oid id_type)
{
	require(fcinfo->args[0], "file_metadata_id");
	require(fcinfo->args[1], "stem_type");
	require(fcinfo->args[2], "timeline");
	begin_call(call, fcinfo, fcinfo->args[5], RowExclusiveLock);
	give_key(call, fcinfo, id_type, 3);
	give_timeline(call, fcinfo->args[2]);
	add_insert(call);
}

/*
 * Refuse a null in the key: each such upsert would add another row.  A default
 * or a trigger may fill the key, so the key of the written row is checked.
 */
static void
check_key_of_row(CacheCall *call, CacheResult *result)
{
	bool		isnull;

	if (cache_result_next(result) && DatumGetBool(slot_getattr(result->slot, 1, &isnull)))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the key of cache \"%s\" must not be null", call->table.name),
				 errhint("Pass user_id and analysis_version, or give their columns a default.")));
}

/* The error tells nothing about another user's row but that it exists. */
static void
check_not_refused(CacheCall *call, const CacheResult *result)
{
	if (result->refused > 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNIQUE_VIOLATION),
				 errmsg("cache \"%s\" has a timeline of another user under this key",
						call->table.name),
				 errdetail("The key (file_metadata_id, stem_type, analysis_version) has no user_id in it."),
				 errhint("Let the unique key start with user_id.")));
}


static Datum
get_cached_events(FunctionCallInfo fcinfo, Oid id_type)
{
	CacheCall	call;
	CacheResult result;
	NullableDatum timeline = {.isnull = true};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();

	begin_call(&call, fcinfo, fcinfo->args[4], AccessShareLock);
	give_key(&call, fcinfo, id_type, 2);
	appendStringInfo(&call.sql, "SELECT " ROW_COLUMNS " FROM %s AS c", call.table.sql_name);
	add_conditions(&call);
	appendStringInfoString(&call.sql, " ORDER BY " NEWEST_FIRST " LIMIT 1");
	result = run(&call);
	if (cache_result_next(&result))
		timeline = timeline_of_row(&call, result.slot, NULL);
	if (!timeline.isnull)
		timeline.value = SPI_datumTransfer(timeline.value, false, -1);
	cache_result_end(&result);
	end_call();

	if (timeline.isnull)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(timeline.value);
}

static Datum
cache_events(FunctionCallInfo fcinfo, Oid id_type)
{
	CacheCall	call;

	begin_put(&call, fcinfo, id_type);
	execute(&call);
	end_call();
	PG_RETURN_VOID();
}

static Datum
update_cached_events(FunctionCallInfo fcinfo, Oid id_type)
{
	CacheCall	call;
	CacheKey	key;
	CacheResult result;

	begin_put(&call, fcinfo, id_type);
	key = cache_table_key(&call.table);
	add_on_conflict(&call, &key);
	result = run(&call);
	check_not_refused(&call, &result);
	if (key.may_be_null)
		check_key_of_row(&call, &result);
	cache_result_end(&result);
	end_call();
	PG_RETURN_VOID();
}

static Datum
delete_cached_events(FunctionCallInfo fcinfo, Oid id_type)
{
	CacheCall	call;
	uint64		deleted;

	if (PG_ARGISNULL(0))
		PG_RETURN_INT32(0);

	begin_call(&call, fcinfo, fcinfo->args[4], RowExclusiveLock);
	give_key(&call, fcinfo, id_type, 2);
	appendStringInfo(&call.sql, "DELETE FROM %s AS c", call.table.sql_name);
	add_conditions(&call);
	deleted = execute(&call);
	end_call();

	if (deleted > PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("number of deleted timelines is out of range")));
	PG_RETURN_INT32((int32) deleted);
}

/* One row of the listing; stem and version are text already. */
static void
put_listed_row(const CacheCall *call, ReturnSetInfo *listing, TupleTableSlot *row, bool invalid_ok)
{
	TimelineRefusal refusal = {.quietly = invalid_ok};
	NullableDatum stem = column_of_row(row, ROW_STEM);
	NullableDatum version = column_of_row(row, ROW_VERSION);
	NullableDatum timeline = timeline_of_row(call, row, &refusal);
	bool		refused = refusal.explanation != NULL;
	Datum		error = refused ? CStringGetTextDatum(refusal.explanation) : (Datum) 0;
	Datum		values[] = {stem.value, version.value, timeline.value, error};
	bool		nulls[] = {stem.isnull, version.isnull, timeline.isnull, !refused};

	tuplestore_putvalues(listing->setResult, listing->setDesc, values, nulls);
}

/* Memory is freed after each row, for converting a row may take megabytes. */
static void
put_listed_rows(const CacheCall *call, ReturnSetInfo *listing, CacheResult *result, bool invalid_ok)
{
	MemoryContext per_row = AllocSetContextCreate(CurrentMemoryContext, "cache row",
												  ALLOCSET_DEFAULT_SIZES);

	while (cache_result_next(result))
	{
		MemoryContext before = MemoryContextSwitchTo(per_row);

		CHECK_FOR_INTERRUPTS();
		put_listed_row(call, listing, result->slot, invalid_ok);
		MemoryContextSwitchTo(before);
		MemoryContextReset(per_row);
	}
}

static Datum
get_all_cached_events_for_file(FunctionCallInfo fcinfo, Oid id_type)
{
	bool		invalid_ok = !PG_ARGISNULL(3) && PG_GETARG_BOOL(3);
	CacheCall	call;
	CacheResult result;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(0))
		return (Datum) 0;

	begin_call(&call, fcinfo, fcinfo->args[2], AccessShareLock);
	give(&call, CACHE_FILE_METADATA_ID, id_type, fcinfo->args[0]);
	give(&call, CACHE_USER_ID, id_type, fcinfo->args[1]);
	appendStringInfo(&call.sql, "SELECT " ROW_COLUMNS " FROM %s AS c", call.table.sql_name);
	add_conditions(&call);
	appendStringInfoString(&call.sql, " ORDER BY c.stem_type, c.analysis_version, " NEWEST_FIRST);
	result = run(&call);
	put_listed_rows(&call, (ReturnSetInfo *) fcinfo->resultinfo, &result, invalid_ok);
	cache_result_end(&result);
	end_call();
	return (Datum) 0;
}

/* event_data is not in the statement, so no SELECT right on it is needed. */
static Datum
is_cached(FunctionCallInfo fcinfo, Oid id_type)
{
	CacheCall	call;
	CacheResult result;
	bool		found;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_BOOL(false);

	begin_call(&call, fcinfo, fcinfo->args[4], AccessShareLock);
	give_key(&call, fcinfo, id_type, 2);
	appendStringInfo(&call.sql, "SELECT 1 FROM %s AS c", call.table.sql_name);
	add_conditions(&call);
	appendStringInfoString(&call.sql, " LIMIT 1");
	result = run(&call);
	found = result.processed > 0;
	cache_result_end(&result);
	end_call();
	PG_RETURN_BOOL(found);
}


/* Two entries for each operation: they differ in the type of the ids alone. */
#define CACHE_OPERATION(operation, suffix, id_type) \
	PG_FUNCTION_INFO_V1(operation##_##suffix); \
	Datum operation##_##suffix(PG_FUNCTION_ARGS) { return operation(fcinfo, id_type); } \
	extern int	no_such_variable

#define CACHE_OPERATIONS(operation) \
	CACHE_OPERATION(operation, uuid, UUIDOID); \
	CACHE_OPERATION(operation, text, TEXTOID)

CACHE_OPERATIONS(get_cached_events);
CACHE_OPERATIONS(cache_events);
CACHE_OPERATIONS(update_cached_events);
CACHE_OPERATIONS(delete_cached_events);
CACHE_OPERATIONS(get_all_cached_events_for_file);
CACHE_OPERATIONS(is_cached);
