/*
 * piece.h
 *		Pieces: up to ATL_PIECE_NUMBERS numbers of one series, coded.
 *
 * A piece codes words; a word is the bits of an encoded number, zero-extended.
 * Decoding gives back all words bit for bit.  The bytes of a piece are
 * described in core/format.h.
 */
#ifndef ATL_CODEC_PIECE_H
#define ATL_CODEC_PIECE_H

#include "core/base/status.h"
#include "core/base/bytes.h"
#include "core/codec/encoding.h"
#include "core/codec/pack.h"
#include "core/format.h"

/* The largest size of a piece: stored as it is, with both bitmaps. */
#define ATL_PIECE_MAX_SIZE \
	(ATL_PIECE_HEADER_SIZE + ATL_PIECE_NUMBERS / 4 + ATL_PIECE_NUMBERS * 8)

/*
 * Code n words (1 to ATL_PIECE_NUMBERS) with the codec that gives the smallest
 * piece.  out has room for ATL_PIECE_MAX_SIZE bytes; returns the size.
 */
extern uint32_t atl_piece_encode(AtlEncoding encoding, const uint64_t *words, uint32_t n, uint8_t *out);

/*
 * Decode words [first, first + count) of a piece of n words and of size bytes.
 * words has room for atl_pack_padded(n); word first goes to words[0].
 * Decoding a single word is cheap, unless the piece is coded by deltas.
 */
extern AtlStatus atl_piece_decode(AtlEncoding encoding, const uint8_t *bytes, uint32_t size, uint32_t n,
								  uint32_t first, uint32_t count, uint64_t *words);

/*
 * Decode word i alone, for a caller that will read more words of the piece.
 * For a piece of deltas, kept (room for ATL_PIECE_NUMBERS) holds the first
 * *num_kept words, so reading words in order costs as much as decoding the
 * piece once.
 */
extern AtlStatus atl_piece_decode_one(AtlEncoding encoding, const uint8_t *bytes, uint32_t size, uint32_t n,
									  uint32_t i, uint64_t *kept, uint32_t *num_kept, uint64_t *word);

/* The word that a whole number of an ATL_PIECE_SCALED piece stands for. */
extern uint64_t atl_piece_scaled(AtlEncoding encoding, uint32_t scale, int64_t number);

static inline uint64_t
atl_piece_mask(uint32_t bits)
{
	return UINT64_MAX >> (64 - bits);
}

/*
 * Convert words of the given bits to keys (whole numbers that lie close
 * together), and back.  Inline, so that constant keys need no switch in loops.
 */
static inline uint64_t
atl_piece_key(uint32_t keys, uint32_t bits, uint64_t word)
{
	uint64_t	sign = UINT64_C(1) << (bits - 1);

	switch (keys)
	{
		case ATL_KEYS_SIGNED:
			return word ^ sign;
		case ATL_KEYS_ORDERED:
			return ((word & sign) != 0 ? ~word : word | sign) & atl_piece_mask(bits);
		case ATL_KEYS_FOLDED:
			return (word << 1 | word >> (bits - 1)) & atl_piece_mask(bits);
		default:
			return word;
	}
}

static inline uint64_t
atl_piece_word(uint32_t keys, uint32_t bits, uint64_t key)
{
	uint64_t	sign = UINT64_C(1) << (bits - 1);

	switch (keys)
	{
		case ATL_KEYS_SIGNED:
			return key ^ sign;
		case ATL_KEYS_ORDERED:
			return ((key & sign) != 0 ? key & ~sign : ~key) & atl_piece_mask(bits);
		case ATL_KEYS_FOLDED:
			return (key >> 1 | key << (bits - 1)) & atl_piece_mask(bits);
		default:
			return key;
	}
}

#endif							/* ATL_CODEC_PIECE_H */
