/*
 * column_decode.c
 *		Reading a column of a block: any value without the ones before it.
 */
#include "core/codec/column.h"

#include <math.h>
#include <string.h>

#include "core/json/canonical.h"

/* Bytes of a varint that holds 64 bits. */
#define VARINT_SIZE	10

static bool
take_varint(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
	*value = 0;
	for (uint32_t i = 0; i < VARINT_SIZE && *at < end; i++)
	{
		uint8_t		byte = *(*at)++;

		*value |= (uint64_t) (byte & 0x7F) << 7 * i;
		if (byte < 0x80)
			return true;
	}
	return false;
}

static uint64_t
undo_zigzag(uint64_t value)
{
	return value >> 1 ^ (0 - (value & 1));
}

static AtlStatus
open_mask(AtlColumn *column, uint8_t number, uint32_t items, const uint8_t *masks, uint32_t num_masks)
{
	column->mask = NULL;
	column->values = items;
	if (number == 0)
		return ATL_OK;
	if (number > num_masks)
		return ATL_DAMAGED;
	column->mask = masks + (size_t) (number - 1) * ATL_MASK_SIZE;
	column->before = atl_count_bits(atl_load_u64(column->mask));
	column->values = column->before + atl_count_bits(atl_load_u64(column->mask + 8));
	return ATL_OK;
}

static AtlStatus
open_texts(AtlColumn *column, const uint8_t **at, const uint8_t *end)
{
	uint32_t	before = 0;

	if (*at >= end)
		return ATL_DAMAGED;
	column->num_texts = *(*at)++;
	if ((size_t) (end - *at) < column->num_texts * sizeof(uint16_t))
		return ATL_DAMAGED;
	column->ends = *at;
	*at += column->num_texts * sizeof(uint16_t);
	for (uint32_t i = 0; i < column->num_texts; i++)
	{
		uint32_t	text_end = atl_load_u16(column->ends + i * sizeof(uint16_t));

		if (text_end < before || text_end - before > ATL_COLUMN_TEXT)
			return ATL_DAMAGED;
		before = text_end;
	}
	if ((size_t) (end - *at) < before)
		return ATL_DAMAGED;
	column->texts = (const char *) *at;
	*at += before;
	return ATL_OK;
}

AtlStatus
atl_column_open(AtlColumn *column, const uint8_t **at, const uint8_t *end, uint32_t items,
				const uint8_t *masks, uint32_t num_masks)
{
	size_t		size;

	if (end - *at < 5)
		return ATL_DAMAGED;
	column->id = (*at)[0];
	column->codec = (*at)[1];
	column->width = (*at)[3];
	if (column->codec >= ATL_COLUMN_CODECS)
		return ATL_UNSUPPORTED;
	ATL_TRY(open_mask(column, (*at)[2], items, masks, num_masks));
	*at += 4;
	column->exponent = 0;
	if (column->codec == ATL_CODEC_DECIMAL || column->codec == ATL_CODEC_FIXED)
		column->exponent = *(*at)++;
	if (column->width > 64 || column->exponent > ATL_MAX_EXPONENT ||
		!take_varint(at, end, &column->base) || !take_varint(at, end, &column->stride) ||
		!take_varint(at, end, &column->slope))
		return ATL_DAMAGED;
	column->base = undo_zigzag(column->base);
	column->slope = undo_zigzag(column->slope);
	column->num_texts = 0;
	if (column->codec == ATL_CODEC_TEXT)
		ATL_TRY(open_texts(column, at, end));

	size = ((size_t) column->values * column->width + 7) / 8;
	if ((size_t) (end - *at) < size)
		return ATL_DAMAGED;
	column->bits = *at;
	column->limit = end;
	*at += size;
	return ATL_OK;
}

double
atl_column_number(const AtlColumn *column, uint32_t value, double sample_rate)
{
	int64_t		integer = atl_column_integer(column, value);

	switch (column->codec)
	{
		case ATL_CODEC_SAMPLES:
			return (double) integer / sample_rate;
		case ATL_CODEC_DOUBLE:
			return atl_integer_to_double(integer);
		default:
			return (double) integer / (double) atl_power_of_ten(column->exponent);
	}
}

/*
 * Text
 */

/* Append integer / 10^exponent; fixed keeps zeros at the end. */
static AtlStatus
append_decimal(AtlBuffer *out, int64_t integer, uint32_t exponent, bool fixed)
{
	uint64_t	digits = integer < 0 ? 0 - (uint64_t) integer : (uint64_t) integer;
	char		text[32];
	char	   *end = text + sizeof(text);
	char	   *at = end;

	while (!fixed && exponent > 0 && digits % 10 == 0)
	{
		digits /= 10;
		exponent--;
	}
	for (uint32_t i = 0; i < exponent; i++, digits /= 10)
		*--at = (char) ('0' + digits % 10);
	if (exponent > 0)
		*--at = '.';
	do
		*--at = (char) ('0' + digits % 10);
	while ((digits /= 10) > 0);
	if (integer < 0)
		*--at = '-';
	return atl_buffer_append(out, at, (size_t) (end - at));
}

AtlStatus
atl_append_double(AtlBuffer *out, double number)
{
	char		text[ATL_DOUBLE_SIZE];
	AtlText		decimal = {text, 0};

	/* A damaged image may hold any bits, but the output must be JSON. */
	if (!isfinite(number))
		return ATL_DAMAGED;
	decimal.size = (uint32_t) out->host->format_double(number, text);
	if (memchr(text, 'e', decimal.size) == NULL)
		return atl_buffer_append(out, text, decimal.size);
	return atl_json_append_number(out, decimal);
}

static AtlStatus
append_text(const AtlColumn *column, uint64_t number, AtlBuffer *out)
{
	uint32_t	start;
	uint32_t	end;

	if (number >= column->num_texts)
		return ATL_DAMAGED;
	start = number == 0 ? 0 : atl_load_u16(column->ends + (number - 1) * sizeof(uint16_t));
	end = atl_load_u16(column->ends + number * sizeof(uint16_t));
	return atl_buffer_append(out, column->texts + start, end - start);
}

AtlStatus
atl_column_append(const AtlColumn *column, uint32_t value, double sample_rate, AtlBuffer *out)
{
	int64_t		integer = atl_column_integer(column, value);

	switch (column->codec)
	{
		case ATL_CODEC_TEXT:
			return append_text(column, (uint64_t) integer, out);
		case ATL_CODEC_SAMPLES:
		case ATL_CODEC_DOUBLE:
			return atl_append_double(out, atl_column_number(column, value, sample_rate));
		default:
			return append_decimal(out, integer, column->exponent, column->codec == ATL_CODEC_FIXED);
	}
}
