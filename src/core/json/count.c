/*
 * count.c
 *		Tokens to the size of their JSON text.
 *
 * This file counts what write.c writes, so change both together; a test
 * compares them on random documents.
 */
#include "core/json/count.h"

#include <math.h>
#include <string.h>

#include "core/base/number.h"
#include "core/base/work.h"

/* Numbers between two polls. */
#define POLL_INTERVAL	4096

static AtlStatus
add(AtlJsonCounter *counter, uint64_t size, uint64_t backslashes)
{
	counter->size += size;
	counter->backslashes += backslashes;
	return counter->size + counter->backslashes > counter->limit ? ATL_TOO_LARGE : ATL_OK;
}

/* A string, with its quotes and as few escapes as there can be. */
static AtlStatus
add_string(AtlJsonCounter *counter, AtlText string)
{
	uint64_t	size = (uint64_t) string.size + 2;
	uint64_t	backslashes = 0;
	AtlWork		work = {.host = counter->host};

	for (uint32_t i = 0; i < string.size; i++)
	{
		uint8_t		c = (uint8_t) string.text[i];

		atl_work(&work, 1);
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		backslashes += c == '\\' ? 2 : 1;
		size += c >= 0x20 || (c >= '\b' && c <= '\r' && c != '\v') ? 1 : 5;
	}
	return add(counter, size, backslashes);
}

/* Text that is JSON already. */
static AtlStatus
add_json(AtlJsonCounter *counter, AtlText json)
{
	uint64_t	backslashes = 0;
	AtlWork		work = {.host = counter->host};

	for (uint32_t i = 0; i < json.size; i++)
	{
		atl_work(&work, 1);
		backslashes += json.text[i] == '\\';
	}
	return add(counter, json.size, backslashes);
}

static AtlStatus
add_number(AtlJsonCounter *counter, double number)
{
	char		text[ATL_NUMBER_ROOM];
	int			size;

	if (isinf(number))
		return ATL_DAMAGED;
	if (isnan(number))
		return add(counter, strlen("null"), 0);
	size = atl_number_print(number, text);
	return add(counter, (uint64_t) (size > 0 ? size : counter->host->format_double(number, text)), 0);
}

/* A key, or a value that is not a container. */
static AtlStatus
count_text(AtlJsonCounter *counter, const AtlToken *token)
{
	AtlText		inside;

	counter->size += counter->comma;
	counter->comma = true;
	switch (token->kind)
	{
		case ATL_KEY:
			counter->comma = false;
			counter->size++;
			return add_string(counter, token->text);
		case ATL_NAME:
			counter->comma = false;
			return add(counter, token->text.size, 0);
		case ATL_STRING:
			return add_string(counter, token->text);
		case ATL_DOUBLE:
			return add_number(counter, token->number);
		case ATL_MEMBERS:
			inside.text = token->text.text + 1;
			inside.size = token->text.size - 2;
			return add_json(counter, inside);
		case ATL_BYTES:
			return add(counter, 2 + ((uint64_t) token->text.size + 2) / 3 * 4, 0);
		case ATL_NUMBER:
			return add(counter, token->text.size, 0);
		case ATL_JSON:
			return add_json(counter, token->text);
		case ATL_FALSE:
			return add(counter, strlen("false"), 0);
		default:
			return add(counter, strlen("null"), 0);
	}
}

static AtlStatus
count_token(void *context, const AtlToken *token)
{
	AtlJsonCounter *counter = context;

	switch (token->kind)
	{
		case ATL_OBJECT_START:
		case ATL_ARRAY_START:
			counter->size += 1 + counter->comma;
			counter->comma = false;
			return ATL_OK;
		case ATL_OBJECT_END:
		case ATL_ARRAY_END:
			counter->comma = true;
			return add(counter, 1, 0);
		default:
			return count_text(counter, token);
	}
}

static AtlStatus
count_numbers(void *context, const double *numbers, uint32_t n)
{
	AtlJsonCounter *counter = context;

	for (uint32_t i = 0; i < n; i++)
	{
		if (i % POLL_INTERVAL == 0)
			atl_poll(counter->host);
		counter->size += counter->comma;
		counter->comma = true;
		ATL_TRY(add_number(counter, numbers[i]));
	}
	return ATL_OK;
}

AtlSink
atl_json_counter(AtlJsonCounter *counter, const AtlHost *host, uint64_t limit)
{
	AtlSink		sink = {counter, count_token, count_numbers, atl_as_numbers};

	memset(counter, 0, sizeof(*counter));
	counter->host = host;
	counter->limit = limit;
	return sink;
}
