/*
 * column_encode.c
 *		Writing a column of a block: the line and the width that fit it.
 */
#include "core/codec/column.h"

#include <string.h>

/* Largest range to try a line for; its products stay far below 64 bits. */
#define MAX_LINE	(UINT64_C(1) << 40)

/* A line must save more bits than this: about the size of a slope. */
#define LINE_COST	24

void
atl_column_begin(AtlDraftColumn *column, AtlColumnCodec codec, uint8_t exponent)
{
	memset(column, 0, offsetof(AtlDraftColumn, integers));
	column->codec = codec;
	column->exponent = exponent;
}

static uint64_t
zigzag(uint64_t value)
{
	return value << 1 ^ (0 - (value >> 63));
}

static uint32_t
varint_size(uint64_t value)
{
	uint32_t	size = 1;

	while (value >= 0x80)
	{
		value >>= 7;
		size++;
	}
	return size;
}

static uint8_t *
put_varint(uint8_t *to, uint64_t value)
{
	while (value >= 0x80)
	{
		*to++ = (uint8_t) (value | 0x80);
		value >>= 7;
	}
	*to++ = (uint8_t) value;
	return to;
}

static uint64_t
greatest_divisor(uint64_t a, uint64_t b)
{
	while (b != 0)
	{
		uint64_t	rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* Common divisor of all distances from least; 1 if all values are equal. */
static uint64_t
common_divisor(const AtlDraftColumn *column, uint64_t least)
{
	uint64_t	divisor = 0;

	for (uint32_t i = 0; i < column->num && divisor != 1; i++)
		divisor = greatest_divisor((uint64_t) column->integers[i] - least, divisor);
	return divisor == 0 ? 1 : divisor;
}

static int64_t
line_at(uint64_t slope, uint32_t i)
{
	return (int64_t) (i * slope) >> 8;
}

/* Try the line from first to last value; integers are in strides. */
static void
fit_line(AtlDraftColumn *column)
{
	int64_t		rise = column->integers[column->num - 1] - column->integers[0];
	uint64_t	slope = (uint64_t) (rise * 256 / (int64_t) (column->num - 1));
	int64_t		low = INT64_MAX;
	int64_t		high = INT64_MIN;
	uint32_t	width;

	for (uint32_t i = 0; i < column->num; i++)
	{
		int64_t		above = column->integers[i] - line_at(slope, i);

		low = above < low ? above : low;
		high = above > high ? above : high;
	}
	width = atl_bit_length((uint64_t) (high - low));
	if (width >= column->width || (column->width - width) * column->num <= LINE_COST)
		return;
	for (uint32_t i = 0; i < column->num; i++)
		column->integers[i] -= line_at(slope, i) + low;
	column->width = (uint8_t) width;
	column->slope = slope;
	column->base += column->stride * (uint64_t) low;
}

void
atl_column_fit(AtlDraftColumn *column)
{
	int64_t		least = INT64_MAX;
	int64_t		greatest = INT64_MIN;
	uint64_t	most;

	for (uint32_t i = 0; i < column->num; i++)
	{
		least = column->integers[i] < least ? column->integers[i] : least;
		greatest = column->integers[i] > greatest ? column->integers[i] : greatest;
	}
	column->base = (uint64_t) least;
	column->stride = common_divisor(column, column->base);
	for (uint32_t i = 0; i < column->num; i++)
	{
		uint64_t	distance = (uint64_t) column->integers[i] - column->base;

		column->integers[i] = (int64_t) (column->stride == 1 ? distance : distance / column->stride);
	}
	most = ((uint64_t) greatest - column->base) / column->stride;
	column->width = (uint8_t) atl_bit_length(most);
	if (column->num >= 3 && most > 0 && most <= MAX_LINE)
		fit_line(column);
	column->size = 4 + (column->codec == ATL_CODEC_DECIMAL || column->codec == ATL_CODEC_FIXED) +
		varint_size(zigzag(column->base)) + varint_size(column->stride) + varint_size(zigzag(column->slope)) +
		(column->num * column->width + 7) / 8;
}

/* Pack into zeroed bytes; needs eight bytes more than the bits take. */
static void
put_bits(const AtlDraftColumn *column, uint8_t *to)
{
	for (uint32_t i = 0; i < column->num; i++)
	{
		uint64_t	bit = (uint64_t) i * column->width;
		uint64_t	bits = (uint64_t) column->integers[i];
		uint8_t    *at = to + bit / 8;
		uint32_t	shift = bit % 8;

		atl_store_u64(at, atl_load_u64(at) | bits << shift);
		if (shift + column->width > 64)
			at[8] |= (uint8_t) (bits >> (64 - shift));
	}
}

AtlStatus
atl_column_write(const AtlDraftColumn *column, uint8_t id, uint8_t mask, const AtlBuffer *texts, AtlBuffer *out)
{
	uint32_t	size = column->size + (texts == NULL ? 0 : (uint32_t) texts->size);
	uint8_t    *to;

	ATL_TRY(atl_buffer_append_zeros(out, (size_t) size + 8));
	out->size -= 8;
	to = out->bytes + out->size - size;
	*to++ = id;
	*to++ = (uint8_t) column->codec;
	*to++ = mask;
	*to++ = column->width;
	if (column->codec == ATL_CODEC_DECIMAL || column->codec == ATL_CODEC_FIXED)
		*to++ = column->exponent;
	to = put_varint(to, zigzag(column->base));
	to = put_varint(to, column->stride);
	to = put_varint(to, zigzag(column->slope));
	if (texts != NULL)
	{
		memcpy(to, texts->bytes, texts->size);
		to += texts->size;
	}
	if (column->width > 0)
		put_bits(column, to);
	return ATL_OK;
}
