/*
 * pgcompat.h
 *		What differs between server versions.
 *
 * The development version is 15; newer ones are prepared for here and nowhere
 * else.
 */
#ifndef PGCOMPAT_H
#define PGCOMPAT_H

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

#endif							/* PGCOMPAT_H */
