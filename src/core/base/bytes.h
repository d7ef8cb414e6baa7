/*
 * bytes.h
 *		Little-endian loads and stores at any alignment.
 *
 * On a little-endian machine each of these is one instruction.  A slice of a
 * TOASTed value starts anywhere, so nothing may assume alignment.
 */
#ifndef ATL_BASE_BYTES_H
#define ATL_BASE_BYTES_H

#include <stdint.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define ATL_LE16(x) __builtin_bswap16(x)
#define ATL_LE32(x) __builtin_bswap32(x)
#define ATL_LE64(x) __builtin_bswap64(x)
#else
#define ATL_LE16(x) (x)
#define ATL_LE32(x) (x)
#define ATL_LE64(x) (x)
#endif

static inline uint16_t
atl_load_u16(const uint8_t *bytes)
{
	uint16_t	value;

	memcpy(&value, bytes, sizeof(value));
	return ATL_LE16(value);
}

static inline uint32_t
atl_load_u32(const uint8_t *bytes)
{
	uint32_t	value;

	memcpy(&value, bytes, sizeof(value));
	return ATL_LE32(value);
}

static inline uint64_t
atl_load_u64(const uint8_t *bytes)
{
	uint64_t	value;

	memcpy(&value, bytes, sizeof(value));
	return ATL_LE64(value);
}

static inline void
atl_store_u16(uint8_t *bytes, uint16_t value)
{
	value = ATL_LE16(value);
	memcpy(bytes, &value, sizeof(value));
}

static inline void
atl_store_u32(uint8_t *bytes, uint32_t value)
{
	value = ATL_LE32(value);
	memcpy(bytes, &value, sizeof(value));
}

static inline void
atl_store_u64(uint8_t *bytes, uint64_t value)
{
	value = ATL_LE64(value);
	memcpy(bytes, &value, sizeof(value));
}

/* Floats move as bits, so that a NaN keeps its payload. */

static inline uint64_t
atl_f64_bits(double value)
{
	uint64_t	bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static inline double
atl_bits_f64(uint64_t bits)
{
	double		value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline float
atl_bits_f32(uint32_t bits)
{
	float		value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline uint32_t
atl_f32_bits(float value)
{
	uint32_t	bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static inline double
atl_load_f64(const uint8_t *bytes)
{
	return atl_bits_f64(atl_load_u64(bytes));
}

static inline void
atl_store_f64(uint8_t *bytes, double value)
{
	atl_store_u64(bytes, atl_f64_bits(value));
}

/* 2^exponent, made from its bits; exponent is from -1022 to 1023. */
static inline double
atl_power_of_two(int exponent)
{
	return atl_bits_f64((uint64_t) (1023 + exponent) << 52);
}

/* 10^exponent, also exact as a double; exponent is from 0 to 18. */
static inline int64_t
atl_power_of_ten(uint32_t exponent)
{
	static const int64_t powers[] = {
		INT64_C(1), INT64_C(10), INT64_C(100), INT64_C(1000), INT64_C(10000), INT64_C(100000),
		INT64_C(1000000), INT64_C(10000000), INT64_C(100000000), INT64_C(1000000000),
		INT64_C(10000000000), INT64_C(100000000000), INT64_C(1000000000000),
		INT64_C(10000000000000), INT64_C(100000000000000), INT64_C(1000000000000000),
		INT64_C(10000000000000000), INT64_C(100000000000000000), INT64_C(1000000000000000000)
	};

	return powers[exponent];
}

/* Store the low width bytes of a word; returns the address behind them. */
static inline uint8_t *
atl_store_word(uint8_t *bytes, uint32_t width, uint64_t word)
{
	uint8_t		all[8];

	atl_store_u64(all, word);
	memcpy(bytes, all, width);
	return bytes + width;
}

/* Bits that a number needs; 0 for 0. */
static inline uint32_t
atl_bit_length(uint64_t number)
{
	return number == 0 ? 0 : 64 - (uint32_t) __builtin_clzll(number);
}

/* Round up to the next multiple of 8. */
static inline uint64_t
atl_align8(uint64_t size)
{
	return (size + 7) & ~UINT64_C(7);
}

#endif							/* ATL_BASE_BYTES_H */
