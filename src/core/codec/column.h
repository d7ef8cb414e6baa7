/*
 * column.h
 *		Columns of a block: values as integers with a line through them.
 *
 *	column_decode.c		reading: any value without the ones before it
 *	column_encode.c		writing: the line and the width that fit
 */
#ifndef ATL_CODEC_COLUMN_H
#define ATL_CODEC_COLUMN_H

#include "core/base/buffer.h"
#include "core/base/bytes.h"
#include "core/format.h"

/* A set of the items of a block. */
typedef struct AtlMask
{
	uint64_t	bits[ATL_BLOCK_ITEMS / 64];
} AtlMask;

static inline bool
atl_mask_has(const AtlMask *mask, uint32_t item)
{
	return (mask->bits[item / 64] >> item % 64 & 1) != 0;
}

static inline void
atl_mask_add(AtlMask *mask, uint32_t item)
{
	mask->bits[item / 64] |= UINT64_C(1) << item % 64;
}

/*
 * Reading
 */

/* One column of a block, opened: where its values are and how they are coded. */
typedef struct AtlColumn
{
	uint8_t		id;
	uint8_t		codec;
	uint8_t		width;			/* bits */
	uint8_t		exponent;
	uint32_t	values;
	const uint8_t *mask;		/* NULL: all items */
	uint32_t	before;			/* number of values in items 0 to 63 */
	uint32_t	num_texts;
	uint64_t	base;
	uint64_t	stride;
	uint64_t	slope;
	const uint8_t *bits;
	const uint8_t *limit;		/* end of readable bytes */
	const uint8_t *ends;		/* of the texts */
	const char *texts;
} AtlColumn;

/* Open the column at *at, and advance *at past the column. */
extern AtlStatus atl_column_open(AtlColumn *column, const uint8_t **at, const uint8_t *end,
								 uint32_t items, const uint8_t *masks, uint32_t num_masks);

static inline uint32_t
atl_count_bits(uint64_t bits)
{
	bits -= bits >> 1 & UINT64_C(0x5555555555555555);
	bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
	bits = (bits + (bits >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	return (uint32_t) (bits * UINT64_C(0x0101010101010101) >> 56);
}

/* Whether an item has a value; *value is the index in the column. */
static inline bool
atl_column_find(const AtlColumn *column, uint32_t item, uint32_t *value)
{
	uint64_t	bits;
	uint32_t	bit = item % 64;

	*value = item;
	if (column->mask == NULL)
		return true;
	bits = atl_load_u64(column->mask + (item < 64 ? 0 : 8));
	*value = (item < 64 ? 0 : column->before) + atl_count_bits(bits & ((UINT64_C(1) << bit) - 1));
	return (bits >> bit & 1) != 0;
}

/* The bits of a value: loads eight bytes, and a ninth if needed. */
static inline uint64_t
atl_column_bits(const AtlColumn *column, uint32_t value)
{
	uint64_t	bit = (uint64_t) value * column->width;
	const uint8_t *at = column->bits + bit / 8;
	uint32_t	shift = bit % 8;
	uint8_t		local[9] = {0};
	uint64_t	bits;

	if (column->width == 0)
		return 0;
	if (column->limit - at < 9)
	{
		memcpy(local, at, (size_t) (column->limit - at));
		at = local;
	}
	bits = atl_load_u64(at) >> shift;
	if (shift + column->width > 64)
		bits |= (uint64_t) at[8] << (64 - shift);
	return bits & (UINT64_MAX >> (64 - column->width));
}

/* Decode a value.  Computes modulo 2^64, as in core/format.h. */
static inline int64_t
atl_column_integer(const AtlColumn *column, uint32_t value)
{
	uint64_t	line = (uint64_t) ((int64_t) (value * column->slope) >> 8);

	return (int64_t) (column->base + column->stride * (atl_column_bits(column, value) + line));
}

extern double atl_column_number(const AtlColumn *column, uint32_t value, double sample_rate);

/* Append a value as canonical JSON text. */
extern AtlStatus atl_column_append(const AtlColumn *column, uint32_t value, double sample_rate,
								   AtlBuffer *out);

/* Append the shortest decimal of a finite double, as canonical JSON. */
extern AtlStatus atl_append_double(AtlBuffer *out, double number);

/* Convert doubles to integers of ATL_CODEC_DOUBLE, and back. */
static inline int64_t
atl_double_to_integer(double number)
{
	uint64_t	bits = atl_f64_bits(number);

	return (int64_t) (bits >> 63 == 0 ? bits : 0 - (bits & (UINT64_MAX >> 1)));
}

static inline double
atl_integer_to_double(int64_t integer)
{
	uint64_t	bits = (uint64_t) integer;

	return atl_bits_f64(bits >> 63 == 0 ? bits : (0 - bits) | UINT64_C(1) << 63);
}

/*
 * Writing
 */

/* A column to be written: integers, and the items that have them. */
typedef struct AtlDraftColumn
{
	AtlColumnCodec codec;
	uint8_t		exponent;
	uint8_t		width;			/* atl_column_fit sets this up to size */
	uint64_t	base;
	uint64_t	stride;
	uint64_t	slope;
	uint32_t	size;			/* in bytes, without texts */
	uint32_t	num;
	AtlMask		mask;
	int64_t		integers[ATL_BLOCK_ITEMS];	/* after atl_column_fit: their
											 * bits */
} AtlDraftColumn;

extern void atl_column_begin(AtlDraftColumn *coded, AtlColumnCodec codec, uint8_t exponent);

static inline void
atl_column_add(AtlDraftColumn *coded, uint32_t item, int64_t integer)
{
	coded->integers[coded->num++] = integer;
	atl_mask_add(&coded->mask, item);
}

/* Find line, width and size of a column with at least one value. */
extern void atl_column_fit(AtlDraftColumn *coded);

/* Append the column; texts is for ATL_CODEC_TEXT, otherwise NULL. */
extern AtlStatus atl_column_write(const AtlDraftColumn *coded, uint8_t id, uint8_t mask,
								  const AtlBuffer *texts, AtlBuffer *out);

#endif							/* ATL_CODEC_COLUMN_H */
