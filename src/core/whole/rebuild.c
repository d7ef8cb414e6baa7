/*
 * rebuild.c
 *		Push an image into a builder, as if the text of the image were read.
 *
 * The image that the builder writes meets every rule of a document, whatever
 * the first image held.
 */
#include "core/whole/whole.h"

#include <math.h>

#include "core/base/base64.h"
#include "core/base/text.h"
#include "core/json/read.h"

typedef struct Rebuild
{
	const AtlSink *builder;
	const AtlHost *host;
	AtlBuffer	base64;
} Rebuild;

/* Push bytes as a base64 string. */
static AtlStatus
push_base64(Rebuild *rebuild, AtlText bytes)
{
	AtlToken	token = {.kind = ATL_STRING};

	rebuild->base64.size = 0;
	ATL_TRY(atl_base64_append(&rebuild->base64, (const uint8_t *) bytes.text, bytes.size));
	token.text.text = (const char *) atl_buffer_at(&rebuild->base64, 0);
	token.text.size = (uint32_t) rebuild->base64.size;
	return atl_push(rebuild->builder, token);
}

/* Push a known key, without its quotes and colon. */
static AtlStatus
push_name(Rebuild *rebuild, AtlText name)
{
	AtlToken	token = {.kind = ATL_KEY, .text = {name.text + 1, name.size - 3}};

	return atl_push(rebuild->builder, token);
}

static AtlStatus
push_token(void *context, const AtlToken *token)
{
	Rebuild    *rebuild = context;

	switch (token->kind)
	{
		case ATL_JSON:
			return atl_json_read_value(rebuild->builder, rebuild->host, token->text);
		case ATL_MEMBERS:
			return atl_json_read_members(rebuild->builder, rebuild->host, token->text);
		case ATL_BYTES:
			return push_base64(rebuild, token->text);
		case ATL_NAME:
			return push_name(rebuild, token->text);
		case ATL_KEY:
		case ATL_STRING:
			if (!atl_text_is_utf8(rebuild->host, token->text))
				return ATL_DAMAGED;
			break;
		default:
			break;
	}
	return atl_push(rebuild->builder, *token);
}

static bool
any_infinite(const double *numbers, uint32_t n)
{
	bool		infinite = false;

	for (uint32_t i = 0; i < n; i++)
		infinite |= isinf(numbers[i]) != 0;
	return infinite;
}

/* Push array elements; as single tokens if any is infinite, to be refused. */
static AtlStatus
push_numbers(void *context, const double *numbers, uint32_t n)
{
	const AtlSink *builder = ((Rebuild *) context)->builder;
	AtlToken	token = {.kind = ATL_DOUBLE};

	if (!any_infinite(numbers, n))
		return builder->push_numbers(builder->context, numbers, n);
	for (uint32_t i = 0; i < n; i++)
	{
		token.kind = isnan(numbers[i]) ? ATL_NULL : ATL_DOUBLE;
		token.number = numbers[i];
		ATL_TRY(atl_push(builder, token));
	}
	return ATL_OK;
}

AtlStatus
atl_rebuild(const AtlView *view, const AtlHost *host, AtlBuilder *builder)
{
	Rebuild		rebuild = {.builder = atl_build_sink(builder), .host = host};
	AtlSink		sink = {&rebuild, push_token, push_numbers, atl_as_numbers};
	AtlStatus	status;

	atl_buffer_init(&rebuild.base64, host);
	status = atl_push_tokens(view, host, &sink);
	atl_buffer_free(&rebuild.base64);
	return status;
}
