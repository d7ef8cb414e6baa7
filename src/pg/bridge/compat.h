/*
 * compat.h
 *		What differs between server versions.
 *
 * The development version is 15; newer ones are prepared for here and nowhere
 * else.
 */
#ifndef PG_BRIDGE_COMPAT_H
#define PG_BRIDGE_COMPAT_H

#if PG_VERSION_NUM >= 160000 && !defined(FRONTEND)
#include "nodes/miscnodes.h"
#include "varatt.h"
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

/*
 * The snapshot that chunks are read under; storage is a SnapshotData that
 * lives as long as it is used.  Since 18 the server has one.
 */
#if PG_VERSION_NUM >= 180000
#define toast_snapshot(storage)	((void) (storage), get_toast_snapshot())
#else
#define toast_snapshot(storage)	(init_toast_snapshot(storage), (storage))
#endif

/* Since 18 a scan may count itself. */
#if PG_VERSION_NUM >= 180000
#define begin_index_scan(table, index, snapshot, keys) \
	index_beginscan(table, index, snapshot, NULL, keys, 0)
#else
#define begin_index_scan(table, index, snapshot, keys) \
	index_beginscan(table, index, snapshot, keys, 0)
#endif

/* The number of this session's transaction moved into a struct with 17. */
#if PG_VERSION_NUM >= 170000
#define MY_LOCAL_TRANSACTION	(MyProc->vxid.lxid)
#else
#define MY_LOCAL_TRANSACTION	(MyProc->lxid)
#endif

/* All rows, in one go; until 18 that it is one go has to be said. */
#if PG_VERSION_NUM >= 180000
#define run_executor(query)	ExecutorRun(query, ForwardScanDirection, 0)
#else
#define run_executor(query)	ExecutorRun(query, ForwardScanDirection, 0, true)
#endif

#endif							/* PG_BRIDGE_COMPAT_H */
