/*
 * atl_rebuild.c
 *		From an image back into a builder, as if its text were read.
 *
 * What comes out of the builder has met every rule of a document, whatever the
 * image held.
 */
#include "atl.h"

#include "atl_json.h"
#include "atl_series.h"

typedef struct Rebuild
{
	AtlBuilder *builder;
	const AtlHost *host;
	AtlBuffer	base64;
} Rebuild;

/* Bytes become the base64 that they came from. */
static AtlStatus
push_base64(Rebuild *rebuild, AtlText bytes)
{
	AtlToken	token = {.kind = ATL_STRING};
	AtlStatus	status;

	rebuild->base64.size = 0;
	status = atl_base64_append(&rebuild->base64, (const uint8_t *) bytes.text, bytes.size);
	token.text.text = (const char *) atl_buffer_at(&rebuild->base64, 0);
	token.text.size = (uint32_t) rebuild->base64.size;
	return status != ATL_OK ? status : atl_build_push(rebuild->builder, token);
}

static AtlStatus
push_token(void *context, AtlToken token)
{
	Rebuild    *rebuild = context;

	switch (token.kind)
	{
		case ATL_JSON:
			return atl_scan_value(rebuild->builder, rebuild->host, token.text);
		case ATL_MEMBERS:
			return atl_scan_members(rebuild->builder, rebuild->host, token.text);
		case ATL_BYTES:
			return push_base64(rebuild, token.text);
		case ATL_KEY:
		case ATL_STRING:
			if (!atl_text_is_utf8(token.text))
				return ATL_DAMAGED;
			break;
		default:
			break;
	}
	return atl_build_push(rebuild->builder, token);
}

AtlStatus
atl_rebuild(const AtlView *view, const AtlHost *host, AtlBuilder *builder)
{
	Rebuild		rebuild = {.builder = builder, .host = host};
	AtlSink		sink = {push_token, &rebuild};
	AtlStatus	status;

	atl_buffer_init(&rebuild.base64, host);
	status = atl_push_tokens(view, host, sink);
	atl_buffer_free(&rebuild.base64);
	return status;
}
