/*
 * compat.h
 *		What differs between server versions.
 *
 * The development version is 15; code for newer versions is here and nowhere
 * else.  A thing that a version renamed has one name of our own here.
 */
#ifndef PG_BRIDGE_COMPAT_H
#define PG_BRIDGE_COMPAT_H

#ifndef FRONTEND
#include "access/heaptoast.h"
#include "common/jsonapi.h"
#include "mb/pg_wchar.h"
#include "utils/jsonb.h"
#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#endif
#endif

/* Soft errors came with 16; before, an error is an error. */
#if PG_VERSION_NUM < 160000
#define ereturn(context, value, ...) \
	do { \
		(void) (context); \
		ereport(ERROR, __VA_ARGS__); \
		return value; \
	} while (0)
#endif

/* Since 16 the actions of the JSON parser return a result. */
#if PG_VERSION_NUM >= 160000
#define JSON_ACTION				static JsonParseErrorType
#define JSON_ACTION_RETURN		return JSON_SUCCESS
#else
#define JSON_ACTION				static void
#define JSON_ACTION_RETURN		return
#endif

/* Since 17 the lexer may be the caller's own, and knows how to free itself. */
#if PG_VERSION_NUM >= 170000
#define make_json_lexer(json, length) \
	makeJsonLexContextCstringLen(NULL, json, length, PG_UTF8, true)
#define free_json_lexer(lex)	freeJsonLexContext(lex)
#else
#define make_json_lexer(json, length) \
	makeJsonLexContextCstringLen(json, length, PG_UTF8, true)
#define free_json_lexer(lex) \
	(pfree((lex)->strval->data), pfree((lex)->strval), pfree(lex))
#endif

/* What the parser has to say of text that is not JSON: softly since 16. */
#if PG_VERSION_NUM >= 160000
#define report_json_error(result, lex, escontext)	json_errsave_error(result, lex, escontext)
#else
#define report_json_error(result, lex, escontext)	((void) (escontext), json_ereport_error(result, lex))
#endif

#ifndef FRONTEND

/* A soft error runs no context callbacks: set its hint, which may be NULL. */
#if PG_VERSION_NUM >= 160000
static inline void
set_soft_hint(Node *escontext, const char *hint)
{
	ErrorSaveContext *context = (ErrorSaveContext *) escontext;

	if (SOFT_ERROR_OCCURRED(escontext) && context->details_wanted && hint != NULL)
		context->error_data->hint = pstrdup(hint);
}
#else
#define set_soft_hint(escontext, hint)	((void) (escontext), (void) (hint))
#endif

/* A jsonb in the making: since 19 the server's own struct has the result too. */
#if PG_VERSION_NUM >= 190000
#define push_jsonb_value(state, token, value)		pushJsonbValue(state, token, value)
#else
typedef struct JsonbInState
{
	JsonbValue *result;
	JsonbParseState *parseState;
} JsonbInState;

#define push_jsonb_value(state, token, value) \
	((state)->result = pushJsonbValue(&(state)->parseState, token, value))
#endif

/*
 * A TOAST pointer whose value id is an Oid, and the chunk size of its value.
 * Since 20 their names say Oid, because wider value ids may be added.
 */
#if PG_VERSION_NUM >= 200000
typedef varatt_external_oid ToastPointer;
#define TOAST_POINTER_TAG		VARTAG_ONDISK_OID
#define TOAST_CHUNK_SIZE		TOAST_OID_MAX_CHUNK_SIZE
#else
typedef struct varatt_external ToastPointer;
#define TOAST_POINTER_TAG		VARTAG_ONDISK
#define TOAST_CHUNK_SIZE		TOAST_MAX_CHUNK_SIZE
#endif

/*
 * The snapshot that chunks are read under; storage is a SnapshotData that
 * lives as long as the snapshot is used.  Since 18 the server provides it.
 */
#if PG_VERSION_NUM >= 180000
#define toast_snapshot(storage)	((void) (storage), get_toast_snapshot())
#else
#define toast_snapshot(storage)	(init_toast_snapshot(storage), (storage))
#endif

/* Index scans take instrumentation since 18; scans and fetches flags, 19. */
#if PG_VERSION_NUM >= 190000
#define begin_index_scan(table, index, snapshot, keys) \
	index_beginscan(table, index, snapshot, NULL, keys, 0, SO_NONE)
#define begin_index_fetch(table)	table_index_fetch_begin(table, SO_NONE)
#elif PG_VERSION_NUM >= 180000
#define begin_index_scan(table, index, snapshot, keys) \
	index_beginscan(table, index, snapshot, NULL, keys, 0)
#define begin_index_fetch(table)	table_index_fetch_begin(table)
#else
#define begin_index_scan(table, index, snapshot, keys) \
	index_beginscan(table, index, snapshot, keys, 0)
#define begin_index_fetch(table)	table_index_fetch_begin(table)
#endif

/* The session's local transaction id: inside a struct of PGPROC since 17. */
#if PG_VERSION_NUM >= 170000
#define MY_LOCAL_TRANSACTION	(MyProc->vxid.lxid)
#else
#define MY_LOCAL_TRANSACTION	(MyProc->lxid)
#endif

/* Run a query to its end; before 18 ExecutorRun also takes execute_once. */
#if PG_VERSION_NUM >= 180000
#define run_executor(query)	ExecutorRun(query, ForwardScanDirection, 0)
#else
#define run_executor(query)	ExecutorRun(query, ForwardScanDirection, 0, true)
#endif

#endif							/* FRONTEND */

#endif							/* PG_BRIDGE_COMPAT_H */
