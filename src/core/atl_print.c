/*
 * atl_print.c
 *		From an image to JSON text, compact.
 */
#include "atl.h"

#include <math.h>
#include <string.h>

#include "atl_json.h"
#include "atl_series.h"

typedef struct Printer
{
	AtlBuffer  *out;
	bool		comma;			/* one is due before the next key or element */
} Printer;

static AtlStatus
print_word(Printer *printer, const char *word)
{
	return atl_buffer_append(printer->out, word, strlen(word));
}

static AtlStatus
print_number(Printer *printer, double number)
{
	AtlBuffer  *out = printer->out;
	AtlStatus	status;

	/* A damaged image may hold anything; what we print must be JSON. */
	if (!isfinite(number))
		return ATL_DAMAGED;
	status = atl_buffer_reserve(out, ATL_DOUBLE_SIZE);
	if (status == ATL_OK)
		out->size += out->host->format_double(number, (char *) out->bytes + out->size);
	return status;
}

/* What comes behind a key needs no comma. */
static AtlStatus
print_key(Printer *printer, AtlText key)
{
	AtlStatus	status = atl_json_append_string(printer->out, key);

	printer->comma = false;
	return status != ATL_OK ? status : print_word(printer, ":");
}

/* Bytes as a string in base64. */
static AtlStatus
print_base64(Printer *printer, AtlText bytes)
{
	AtlStatus	status = print_word(printer, "\"");

	if (status == ATL_OK)
		status = atl_base64_append(printer->out, (const uint8_t *) bytes.text, bytes.size);
	return status != ATL_OK ? status : print_word(printer, "\"");
}

static AtlStatus
print_close(Printer *printer, AtlTokenKind kind)
{
	printer->comma = true;
	return print_word(printer, kind == ATL_OBJECT_END ? "}" : "]");
}

static AtlStatus
print_open(Printer *printer, AtlTokenKind kind)
{
	printer->comma = false;
	return print_word(printer, kind == ATL_OBJECT_START ? "{" : "[");
}

/* A key, or a value that is not a container. */
static AtlStatus
print_text(Printer *printer, AtlToken token)
{
	printer->comma = true;
	switch (token.kind)
	{
		case ATL_KEY:
			return print_key(printer, token.text);
		case ATL_STRING:
			return atl_json_append_string(printer->out, token.text);
		case ATL_DOUBLE:
			return print_number(printer, token.number);
		case ATL_JSON:
			return atl_buffer_append(printer->out, token.text.text, token.text.size);
		case ATL_MEMBERS:
			return atl_buffer_append(printer->out, token.text.text + 1, token.text.size - 2);
		case ATL_BYTES:
			return print_base64(printer, token.text);
		default:
			return print_word(printer, "null");
	}
}

static AtlStatus
print_token(void *context, AtlToken token)
{
	Printer    *printer = context;
	AtlStatus	status = ATL_OK;

	if (token.kind == ATL_OBJECT_END || token.kind == ATL_ARRAY_END)
		return print_close(printer, token.kind);
	if (printer->comma)
		status = print_word(printer, ",");
	if (status != ATL_OK)
		return status;
	if (token.kind == ATL_OBJECT_START || token.kind == ATL_ARRAY_START)
		return print_open(printer, token.kind);
	return print_text(printer, token);
}

AtlStatus
atl_print(const AtlView *view, AtlBuffer *out)
{
	Printer		printer = {out, false};
	AtlSink		sink = {print_token, &printer};

	return atl_push_tokens(view, out->host, sink);
}
