/*
 * write.h
 *		Tokens to JSON text, compact: a sink that prints.
 */
#ifndef ATL_JSON_WRITE_H
#define ATL_JSON_WRITE_H

#include "core/base/buffer.h"
#include "core/json/token.h"

typedef struct AtlJsonWriter
{
	AtlBuffer  *out;
	bool		comma;			/* due before the next key or element */
} AtlJsonWriter;

/* A sink that appends the JSON text to out. */
extern AtlSink atl_json_writer(AtlJsonWriter *writer, AtlBuffer *out);

#endif							/* ATL_JSON_WRITE_H */
