/*
 * pack.h
 *		Whole numbers of equal width, packed bit by bit.
 *
 * Numbers are dealt out to 8 lanes, number i to lane i mod 8, and each lane is
 * a separate stream of 64-bit words; the words of the lanes alternate.  So
 * eight numbers in a row are shifted by the same amount, which a compiler
 * turns into vector instructions of the target processor, and the place of any
 * single number is still found by a multiplication.
 */
#ifndef ATL_CODEC_PACK_H
#define ATL_CODEC_PACK_H

#include <stddef.h>
#include <stdint.h>

#define ATL_PACK_LANES	8

/* n, rounded up to a multiple of ATL_PACK_LANES. */
static inline uint32_t
atl_pack_padded(uint32_t n)
{
	return (n + ATL_PACK_LANES - 1) / ATL_PACK_LANES * ATL_PACK_LANES;
}

/* Bytes that n packed numbers of 0 to 64 bits take. */
static inline uint32_t
atl_packed_size(uint32_t n, uint32_t bits)
{
	uint32_t	rows = atl_pack_padded(n) / ATL_PACK_LANES;

	return (rows * bits + 63) / 64 * ATL_PACK_LANES * (uint32_t) sizeof(uint64_t);
}

/* Pack n numbers, each of which fits; out holds atl_packed_size bytes of zero. */
extern void atl_pack(const uint64_t *numbers, uint32_t n, uint32_t bits, uint8_t *out);

/*
 * Unpack n numbers from number first on, which is a multiple of the lanes;
 * numbers has room for atl_pack_padded(n).
 */
extern void atl_unpack(const uint8_t *in, uint32_t first, uint32_t n, uint32_t bits, uint64_t *numbers);

/* Unpack number i alone. */
extern uint64_t atl_unpack_one(const uint8_t *in, uint32_t bits, uint32_t i);

#endif							/* ATL_CODEC_PACK_H */
