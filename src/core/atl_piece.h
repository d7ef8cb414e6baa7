/*
 * atl_piece.h
 *		Pieces: up to ATL_PIECE_NUMBERS numbers of one series, coded.
 *
 * A piece is made of words: a number in its encoding, as bits, zero-extended.
 * What goes in comes out bit for bit, whatever the words are.  The bytes are
 * described in atl_format.h.
 */
#ifndef ATL_PIECE_H
#define ATL_PIECE_H

#include "atl.h"
#include "atl_bytes.h"
#include "atl_pack.h"

/* The largest size of a piece: stored as it is, with both bitmaps. */
#define ATL_PIECE_MAX_SIZE \
	(ATL_PIECE_HEADER_SIZE + ATL_PIECE_NUMBERS / 4 + ATL_PIECE_NUMBERS * 8)

/*
 * The words that stand for the two kinds of null: the NaNs of a float
 * encoding, and two words that no code has in an integer encoding.
 */
extern uint64_t atl_word_missing(AtlEncoding encoding);
extern uint64_t atl_word_missing_frame(AtlEncoding encoding);

/*
 * Code n words (1 to ATL_PIECE_NUMBERS) in the smallest way there is, into out
 * with room for ATL_PIECE_MAX_SIZE; returns the size.
 */
extern uint32_t atl_piece_encode(AtlEncoding encoding, const uint64_t *words, uint32_t n, uint8_t *out);

/*
 * Decode words [first, first + count) of a piece of n in exactly these bytes.
 * words has room for atl_pack_padded(n) of them, and gets those asked for at
 * its start.  One word costs little, unless the piece is coded by deltas.
 */
extern AtlStatus atl_piece_decode(AtlEncoding encoding, const uint8_t *bytes, uint32_t size, uint32_t n,
								  uint32_t first, uint32_t count, uint64_t *words);

/*
 * What both sides share (atl_piece.c): how words become keys, whole numbers
 * that lie close together, and back; and what a scaled number is.
 */
extern uint64_t atl_piece_key(uint32_t keys, uint32_t bits, uint64_t word);
extern uint64_t atl_piece_word(uint32_t keys, uint32_t bits, uint64_t key);
extern uint64_t atl_piece_scaled(AtlEncoding encoding, uint32_t scale, int64_t number);

static inline uint64_t
atl_piece_mask(uint32_t bits)
{
	return UINT64_MAX >> (64 - bits);
}

#endif							/* ATL_PIECE_H */
