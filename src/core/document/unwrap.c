/*
 * unwrap.c
 *		JSON text inside a string: documents that were encoded twice.
 */
#include "core/document/builder.h"

#include <string.h>

#include "core/base/work.h"
#include "core/json/read.h"

/* The value in a string; if the value is a string again, what that holds. */
typedef struct Inner
{
	AtlFragment value;
	AtlBuffer	string;
	AtlTokenKind kind;
} Inner;

static AtlStatus
push_inner(void *context, const AtlToken *token)
{
	Inner	   *inner = context;

	if (atl_fragment_is_empty(&inner->value))
	{
		inner->kind = token->kind;
		if (token->kind == ATL_STRING)
			ATL_TRY(atl_buffer_append(&inner->string, token->text.text, token->text.size));
	}
	return atl_fragment_push(&inner->value, *token);
}

/* Whether text may be JSON of a kind worth reading: most strings are words. */
static bool
may_be_json(AtlText text)
{
	uint32_t	i = 0;

	while (i < text.size && i < ATL_STRETCH && strchr(" \t\r\n", text.text[i]) != NULL)
		i++;
	return i < text.size && strchr("{[\"-0123456789", text.text[i]) != NULL;
}

static AtlStatus
read_inner(const AtlHost *host, AtlText text, Inner *inner)
{
	const AtlSink sink = {inner, push_inner, NULL, atl_as_text};

	atl_fragment_reset(&inner->value);
	inner->string.size = 0;
	return may_be_json(text) ? atl_json_read(&sink, host, text) : ATL_INVALID;
}

/* Each level of strings needs more escapes than the one inside: they are few. */
static AtlStatus
unwrap(const AtlHost *host, AtlText text, uint8_t kinds, Inner *inner, AtlBuffer *outer)
{
	ATL_TRY(read_inner(host, text, inner));
	while (inner->kind == ATL_STRING && (kinds & ATL_KIND_STRING) == 0)
	{
		AtlBuffer	spare = *outer;

		*outer = inner->string;
		inner->string = spare;
		text.text = (const char *) atl_buffer_at(outer, 0);
		text.size = (uint32_t) outer->size;
		ATL_TRY(read_inner(host, text, inner));
	}
	return (atl_kind_bit(inner->kind) & kinds) != 0 ? ATL_OK : ATL_INVALID;
}

AtlStatus
atl_unwrap_string(const AtlHost *host, AtlText text, uint8_t kinds, AtlBuffer *json)
{
	Inner		inner;
	AtlBuffer	outer;
	AtlStatus	status;

	atl_fragment_init(&inner.value, host);
	atl_buffer_init(&inner.string, host);
	atl_buffer_init(&outer, host);
	status = unwrap(host, text, kinds, &inner, &outer);
	if (status == ATL_OK && json != NULL)
		status = atl_fragment_print(&inner.value, json);
	atl_fragment_free(&inner.value);
	atl_buffer_free(&inner.string);
	atl_buffer_free(&outer);
	return status == ATL_OK || status == ATL_NO_MEMORY ? status : ATL_INVALID;
}
