/*
 * write.c
 *		Tokens to JSON text, compact.
 */
#include "core/json/write.h"

#include <math.h>

#include "core/base/base64.h"
#include "core/base/number.h"
#include "core/base/work.h"
#include "core/json/canonical.h"

/* Numbers that room is made for at once. */
#define NUMBERS_AT_ONCE	32

/*
 * Room is made before a token, for all its characters; put and put_text then
 * append without a check.
 */
static inline void
put(AtlBuffer *out, char c)
{
	out->bytes[out->size++] = (uint8_t) c;
}

static inline void
put_text(AtlBuffer *out, const char *text, size_t size)
{
	atl_copy(out->host, out->bytes + out->size, text, size);
	out->size += size;
}

static inline AtlStatus
put_number(AtlBuffer *out, double number)
{
	char	   *to = (char *) out->bytes + out->size;
	int			size;

	/* A damaged image may hold anything; what we print must be JSON. */
	if (isinf(number))
		return ATL_DAMAGED;
	if (isnan(number))
	{
		put_text(out, "null", 4);
		return ATL_OK;
	}
	size = atl_number_print(number, to);
	out->size += size > 0 ? size : out->host->format_double(number, to);
	return ATL_OK;
}

/* Write a string; a string that needs escapes makes more room. */
static AtlStatus
write_string(AtlBuffer *out, AtlText string)
{
	if (!atl_json_is_plain(out->host, string))
		return atl_json_append_string(out, string);
	put(out, '"');
	put_text(out, string.text, string.size);
	put(out, '"');
	return ATL_OK;
}

/* The value behind a key needs no comma. */
static AtlStatus
write_key(AtlJsonWriter *writer, AtlText key)
{
	writer->comma = false;
	ATL_TRY(write_string(writer->out, key));
	return atl_buffer_append(writer->out, ":", 1);
}

/* Bytes as a string in base64. */
static AtlStatus
write_base64(AtlBuffer *out, AtlText bytes)
{
	put(out, '"');
	ATL_TRY(atl_base64_append(out, (const uint8_t *) bytes.text, bytes.size));
	return atl_buffer_append(out, "\"", 1);
}

static void
put_close(AtlJsonWriter *writer, AtlTokenKind kind)
{
	put(writer->out, kind == ATL_OBJECT_END ? '}' : ']');
	writer->comma = true;
}

static void
put_open(AtlJsonWriter *writer, AtlTokenKind kind)
{
	if (writer->comma)
		put(writer->out, ',');
	put(writer->out, kind == ATL_OBJECT_START ? '{' : '[');
	writer->comma = false;
}

/* A key, or a value that is not a container. */
static AtlStatus
write_text(AtlJsonWriter *writer, const AtlToken *token)
{
	AtlBuffer  *out = writer->out;

	if (writer->comma)
		put(out, ',');
	writer->comma = true;
	switch (token->kind)
	{
		case ATL_KEY:
			return write_key(writer, token->text);
		case ATL_NAME:
			put_text(out, token->text.text, token->text.size);
			writer->comma = false;
			return ATL_OK;
		case ATL_STRING:
			return write_string(out, token->text);
		case ATL_DOUBLE:
			return put_number(out, token->number);
		case ATL_MEMBERS:
			put_text(out, token->text.text + 1, token->text.size - 2);
			return ATL_OK;
		case ATL_BYTES:
			return write_base64(out, token->text);
		case ATL_NUMBER:
		case ATL_JSON:
			put_text(out, token->text.text, token->text.size);
			return ATL_OK;
		case ATL_TRUE:
			put_text(out, "true", 4);
			return ATL_OK;
		case ATL_FALSE:
			put_text(out, "false", 5);
			return ATL_OK;
		default:
			put_text(out, "null", 4);
			return ATL_OK;
	}
}

static AtlStatus
write_token(void *context, const AtlToken *token)
{
	AtlJsonWriter *writer = context;

	ATL_TRY(atl_buffer_reserve(writer->out, (uint64_t) token->text.size + ATL_NUMBER_ROOM));
	if (token->kind == ATL_OBJECT_END || token->kind == ATL_ARRAY_END)
		put_close(writer, token->kind);
	else if (token->kind == ATL_OBJECT_START || token->kind == ATL_ARRAY_START)
		put_open(writer, token->kind);
	else
		ATL_TRY(write_text(writer, token));
	return ATL_OK;
}

/* Elements of an array, with room made for a few at a time. */
static AtlStatus
write_numbers(void *context, const double *numbers, uint32_t n)
{
	AtlJsonWriter *writer = context;
	AtlBuffer  *out = writer->out;
	AtlWork		work = {.host = out->host};

	for (uint32_t i = 0; i < n; i++)
	{
		if (i % NUMBERS_AT_ONCE == 0)
		{
			atl_work(&work, 100 * NUMBERS_AT_ONCE);
			ATL_TRY(atl_buffer_reserve(out, NUMBERS_AT_ONCE * ATL_NUMBER_ROOM));
		}
		if (writer->comma)
			put(out, ',');
		writer->comma = true;
		ATL_TRY(put_number(out, numbers[i]));
	}
	return ATL_OK;
}

AtlSink
atl_json_writer(AtlJsonWriter *writer, AtlBuffer *out)
{
	AtlSink		sink = {writer, write_token, write_numbers, atl_as_numbers};

	writer->out = out;
	writer->comma = false;
	return sink;
}
