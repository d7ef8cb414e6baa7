/*
 * pack.c
 *		Whole numbers of equal width, packed bit by bit.
 *
 * Binding the lanes together by rows is the idea of Lemire and Boytsov,
 * "Decoding billions of integers per second through vectorization" (2015).
 */
#include "core/codec/pack.h"

#include "core/base/bytes.h"

static uint64_t
low_bits(uint32_t bits)
{
	return bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

void
atl_pack(const uint64_t *numbers, uint32_t n, uint32_t bits, uint8_t *out)
{
	for (uint32_t i = 0; i < n; i++)
	{
		uint32_t	bit = i / ATL_PACK_LANES * bits;
		uint32_t	shift = bit % 64;
		uint8_t    *word = out + ((size_t) bit / 64 * ATL_PACK_LANES + i % ATL_PACK_LANES) * 8;

		if (bits == 0)
			return;
		atl_store_u64(word, atl_load_u64(word) | numbers[i] << shift);
		if (shift + bits > 64)
			atl_store_u64(word + ATL_PACK_LANES * 8, numbers[i] >> (64 - shift));
	}
}

/* One number of each lane, all within one word. */
static void
unpack_row(const uint8_t *words, uint32_t shift, uint64_t mask, uint64_t *numbers)
{
	for (int lane = 0; lane < ATL_PACK_LANES; lane++)
		numbers[lane] = atl_load_u64(words + lane * 8) >> shift & mask;
}

/* One number of each lane, from two words; shift is not 0. */
static void
unpack_split_row(const uint8_t *words, uint32_t shift, uint64_t mask, uint64_t *numbers)
{
	for (int lane = 0; lane < ATL_PACK_LANES; lane++)
		numbers[lane] = (atl_load_u64(words + lane * 8) >> shift |
						 atl_load_u64(words + (lane + ATL_PACK_LANES) * 8) << (64 - shift)) & mask;
}

void
atl_unpack(const uint8_t *in, uint32_t first, uint32_t n, uint32_t bits, uint64_t *numbers)
{
	uint64_t	mask = low_bits(bits);
	uint32_t	first_row = first / ATL_PACK_LANES;
	uint32_t	rows = atl_pack_padded(n) / ATL_PACK_LANES;

	if (bits == 0)
	{
		memset(numbers, 0, (size_t) rows * ATL_PACK_LANES * sizeof(*numbers));
		return;
	}
	for (uint32_t row = first_row; row < first_row + rows; row++, numbers += ATL_PACK_LANES)
	{
		uint32_t	shift = row * bits % 64;
		const uint8_t *words = in + (size_t) (row * bits / 64) * ATL_PACK_LANES * 8;

		if (shift + bits <= 64)
			unpack_row(words, shift, mask, numbers);
		else
			unpack_split_row(words, shift, mask, numbers);
	}
}

uint64_t
atl_unpack_one(const uint8_t *in, uint32_t bits, uint32_t i)
{
	uint32_t	bit = i / ATL_PACK_LANES * bits;
	uint32_t	shift = bit % 64;
	const uint8_t *word = in + ((size_t) bit / 64 * ATL_PACK_LANES + i % ATL_PACK_LANES) * 8;
	uint64_t	number;

	if (bits == 0)
		return 0;
	number = atl_load_u64(word) >> shift;
	if (shift + bits > 64)
		number |= atl_load_u64(word + ATL_PACK_LANES * 8) << (64 - shift);
	return number & low_bits(bits);
}
