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
	bool		comma;			/* one is due before the next key or element */
} AtlJsonWriter;

/* The text goes to the end of out. */
extern AtlSink atl_json_writer(AtlJsonWriter *writer, AtlBuffer *out);

#endif							/* ATL_JSON_WRITE_H */
