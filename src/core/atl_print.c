/*
 * atl_print.c
 *		From an image to JSON text, compact.
 */
#include "atl.h"

#include <math.h>
#include <string.h>

#include "atl_bytes.h"
#include "atl_json.h"
#include "atl_number.h"
#include "atl_series.h"

/* Numbers that room is made for at once. */
#define NUMBERS_AT_ONCE	32

typedef struct Printer
{
	AtlBuffer  *out;
	bool		comma;			/* one is due before the next key or element */
} Printer;

/*
 * Room is made before a token, for all that it may take; then characters are
 * put without a look.
 */
static inline void
put(AtlBuffer *out, char c)
{
	out->bytes[out->size++] = (uint8_t) c;
}

static inline void
put_text(AtlBuffer *out, const char *text, size_t size)
{
	memcpy(out->bytes + out->size, text, size);
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

/* A string; one that needs escapes makes more room for itself. */
static AtlStatus
print_string(AtlBuffer *out, AtlText string)
{
	if (!atl_json_is_plain(string))
		return atl_json_append_string(out, string);
	put(out, '"');
	put_text(out, string.text, string.size);
	put(out, '"');
	return ATL_OK;
}

/* What comes behind a key needs no comma. */
static AtlStatus
print_key(Printer *printer, AtlText key)
{
	AtlStatus	status = print_string(printer->out, key);

	printer->comma = false;
	return status != ATL_OK ? status : atl_buffer_append(printer->out, ":", 1);
}

/* Bytes as a string in base64. */
static AtlStatus
print_base64(AtlBuffer *out, AtlText bytes)
{
	AtlStatus	status;

	put(out, '"');
	status = atl_base64_append(out, (const uint8_t *) bytes.text, bytes.size);
	return status != ATL_OK ? status : atl_buffer_append(out, "\"", 1);
}

static void
put_close(Printer *printer, AtlTokenKind kind)
{
	put(printer->out, kind == ATL_OBJECT_END ? '}' : ']');
	printer->comma = true;
}

static void
put_open(Printer *printer, AtlTokenKind kind)
{
	if (printer->comma)
		put(printer->out, ',');
	put(printer->out, kind == ATL_OBJECT_START ? '{' : '[');
	printer->comma = false;
}

/* A key, or a value that is not a container. */
static AtlStatus
print_text(Printer *printer, const AtlToken *token)
{
	AtlBuffer  *out = printer->out;

	if (printer->comma)
		put(out, ',');
	printer->comma = true;
	switch (token->kind)
	{
		case ATL_KEY:
			return print_key(printer, token->text);
		case ATL_NAME:
			put_text(out, token->text.text, token->text.size);
			printer->comma = false;
			return ATL_OK;
		case ATL_STRING:
			return print_string(out, token->text);
		case ATL_DOUBLE:
			return put_number(out, token->number);
		case ATL_JSON:
			put_text(out, token->text.text, token->text.size);
			return ATL_OK;
		case ATL_MEMBERS:
			put_text(out, token->text.text + 1, token->text.size - 2);
			return ATL_OK;
		case ATL_BYTES:
			return print_base64(out, token->text);
		default:
			put_text(out, "null", 4);
			return ATL_OK;
	}
}

static AtlStatus
print_token(void *context, const AtlToken *token)
{
	Printer    *printer = context;
	AtlStatus	status = atl_buffer_reserve(printer->out, (size_t) token->text.size + ATL_NUMBER_ROOM);

	if (status != ATL_OK)
		return status;
	if (token->kind == ATL_OBJECT_END || token->kind == ATL_ARRAY_END)
		put_close(printer, token->kind);
	else if (token->kind == ATL_OBJECT_START || token->kind == ATL_ARRAY_START)
		put_open(printer, token->kind);
	else
		status = print_text(printer, token);
	return status;
}

/* Elements of an array, with room made for a few at a time. */
static AtlStatus
print_numbers(Printer *printer, const double *numbers, uint32_t n)
{
	AtlBuffer  *out = printer->out;
	AtlStatus	status = ATL_OK;

	for (uint32_t i = 0; i < n && status == ATL_OK; i++)
	{
		if (i % NUMBERS_AT_ONCE == 0)
			status = atl_buffer_reserve(out, NUMBERS_AT_ONCE * ATL_NUMBER_ROOM);
		if (status != ATL_OK)
			break;
		if (printer->comma)
			put(out, ',');
		status = put_number(out, numbers[i]);
		printer->comma = true;
	}
	return status;
}

/* A frame that is an array, or null. */
static AtlStatus
print_frame(Printer *printer, const double *numbers, uint32_t dims)
{
	AtlToken	null = {.kind = ATL_NULL};
	AtlStatus	status;

	if (atl_f64_bits(numbers[0]) == ATL_NAN_FRAME_64)
		return print_token(printer, &null);
	status = atl_buffer_reserve(printer->out, ATL_NUMBER_ROOM);
	if (status != ATL_OK)
		return status;
	put_open(printer, ATL_ARRAY_START);
	status = print_numbers(printer, numbers, dims);
	if (status == ATL_OK)
		status = atl_buffer_append(printer->out, "]", 1);
	printer->comma = true;
	return status;
}

static AtlStatus
print_frames(void *context, const double *numbers, uint32_t frames, uint32_t dims, bool nested)
{
	AtlStatus	status = ATL_OK;

	if (!nested)
		return print_numbers(context, numbers, frames);
	for (uint32_t i = 0; i < frames && status == ATL_OK; i++, numbers += dims)
		status = print_frame(context, numbers, dims);
	return status;
}

AtlStatus
atl_print(const AtlView *view, AtlBuffer *out)
{
	Printer		printer = {out, false};
	AtlSink		sink = {print_token, print_frames, &printer};

	return atl_push_tokens(view, out->host, sink);
}
