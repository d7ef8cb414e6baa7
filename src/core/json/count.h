/*
 * count.h
 *		Tokens to the size of their JSON text: a sink that prints nothing.
 */
#ifndef ATL_JSON_COUNT_H
#define ATL_JSON_COUNT_H

#include "core/base/status.h"
#include "core/json/token.h"

typedef struct AtlJsonCounter
{
	const AtlHost *host;
	uint64_t	size;			/* bytes that atl_json_writer would write */
	uint64_t	backslashes;	/* among these bytes */
	uint64_t	limit;			/* of size + backslashes: else ATL_TOO_LARGE */
	bool		comma;			/* due before the next key or element */
} AtlJsonCounter;

extern AtlSink atl_json_counter(AtlJsonCounter *counter, const AtlHost *host, uint64_t limit);

#endif							/* ATL_JSON_COUNT_H */
