/*
 * print.c
 *		Print an image as JSON text.
 */
#include "core/whole/whole.h"

#include "core/json/write.h"

AtlStatus
atl_print(const AtlView *view, AtlBuffer *out)
{
	AtlJsonWriter writer;
	AtlSink		sink = atl_json_writer(&writer, out);

	return atl_push_tokens(view, out->host, &sink);
}
