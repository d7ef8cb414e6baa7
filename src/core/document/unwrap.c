/*
 * unwrap.c
 *		JSON text inside a string: documents that were encoded twice.
 */
#include "core/document/builder.h"

#include <string.h>

#include "core/base/work.h"
#include "core/json/canonical.h"
#include "core/json/read.h"

/* A sink that takes JSON as jsonb would, and keeps only what it begins with. */
typedef struct Check
{
	AtlTokenKind kind;
	bool		begun;
	AtlBuffer  *scalar;			/* text of the value, if a string or number */
	AtlBuffer	number;			/* each number in turn */
} Check;

static AtlStatus
push_check(void *context, const AtlToken *token)
{
	Check	   *check = context;

	if (!check->begun)
	{
		check->begun = true;
		check->kind = token->kind;
		if (token->kind == ATL_STRING || token->kind == ATL_NUMBER)
			ATL_TRY(atl_buffer_append(check->scalar, token->text.text, token->text.size));
	}
	check->number.size = 0;
	return token->kind == ATL_NUMBER ? atl_json_append_number(&check->number, token->text) : ATL_OK;
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

/* Check text as JSON; a scalar's own text goes to a buffer. */
static AtlStatus
read_value(const AtlHost *host, AtlText text, AtlTokenKind *kind, AtlBuffer *scalar)
{
	Check		check = {.kind = ATL_NULL, .scalar = scalar};
	const AtlSink sink = {&check, push_check, NULL, atl_as_text};
	AtlStatus	status;

	scalar->size = 0;
	if (!may_be_json(text))
		return ATL_INVALID;
	atl_buffer_init(&check.number, host);
	status = atl_json_read(&sink, host, text);
	atl_buffer_free(&check.number);
	*kind = check.kind;
	return status;
}

/* Each level of strings needs more escapes than the one inside: they are few. */
static AtlStatus
unwrap(AtlUnwrapped *value, const AtlHost *host, uint8_t kinds)
{
	ATL_TRY(read_value(host, value->text, &value->kind, &value->inner));
	while (value->kind == ATL_STRING && (kinds & ATL_KIND_STRING) == 0)
	{
		AtlBuffer	spare = value->outer;

		value->outer = value->inner;
		value->inner = spare;
		value->text = atl_buffer_text(&value->outer);
		ATL_TRY(read_value(host, value->text, &value->kind, &value->inner));
	}
	if ((atl_kind_bit(value->kind) & kinds) == 0)
		return ATL_INVALID;
	if (value->kind == ATL_NUMBER)
		value->text = atl_buffer_text(&value->inner);
	return ATL_OK;
}

AtlStatus
atl_unwrap_string(AtlUnwrapped *value, const AtlHost *host, AtlText string, uint8_t kinds)
{
	AtlStatus	status;

	value->text = string;
	atl_buffer_init(&value->inner, host);
	atl_buffer_init(&value->outer, host);
	status = unwrap(value, host, kinds);
	return status == ATL_OK || status == ATL_NO_MEMORY ? status : ATL_INVALID;
}

void
atl_unwrapped_free(AtlUnwrapped *value)
{
	atl_buffer_free(&value->inner);
	atl_buffer_free(&value->outer);
}
