/*
 * table.h
 *		Describes a relation that serves as a cache, from the catalogs.
 */
#ifndef PG_CACHE_TABLE_H
#define PG_CACHE_TABLE_H

#include "access/attnum.h"
#include "storage/lockdefs.h"

typedef enum CacheColumnId
{
	CACHE_FILE_METADATA_ID,
	CACHE_STEM_TYPE,
	CACHE_USER_ID,
	CACHE_ANALYSIS_VERSION,
	CACHE_EVENT_DATA,
	CACHE_CREATED_AT,
	CACHE_UPDATED_AT
} CacheColumnId;

#define CACHE_COLUMNS	(CACHE_UPDATED_AT + 1)

typedef struct CacheColumn
{
	const char *name;
	AttrNumber	attnum;
	Oid			type;			/* base type, below any domain */
} CacheColumn;

typedef struct CacheTable
{
	Oid			relid;
	Oid			timeline_type;
	const char *name;			/* for messages */
	const char *sql_name;		/* qualified and quoted */
	CacheColumn columns[CACHE_COLUMNS];
} CacheTable;

/* The unique key that an upsert goes by: file, stem and version, and maybe user. */
typedef struct CacheKey
{
	bool		with_user;
	bool		may_be_null;	/* with a null key every upsert adds a row */
	bool		policies_bind;	/* row-level security holds for the caller */
} CacheKey;

/*
 * Both raise an error that says what is wrong.  The relation stays locked
 * until the transaction ends, so that name and columns stay true;
 * cache_table_key also locks the relations below a view, as a write will.
 */
extern CacheTable cache_table_describe(Oid relid, Oid timeline_type, LOCKMODE lockmode);
extern CacheKey cache_table_key(const CacheTable *table);

#endif							/* PG_CACHE_TABLE_H */
