/*
 * encoding.h
 *		Numbers in their stored encodings: the only code that turns numbers
 *		into bytes and back.
 */
#ifndef ATL_CODEC_ENCODING_H
#define ATL_CODEC_ENCODING_H

#include "core/base/status.h"
#include "core/format.h"

/*
 * Words for the two kinds of null: special NaNs in a float encoding, and two
 * words outside of all codes in an integer encoding.
 */
extern uint64_t atl_word_missing(AtlEncoding encoding);
extern uint64_t atl_word_missing_frame(AtlEncoding encoding);

/* The codes of an integer encoding, and how they map to numbers. */
typedef struct AtlScale
{
	AtlEncoding encoding;
	bool		ranged;			/* codes span [min, max] */
	double		min;
	double		max;
} AtlScale;

extern const char *atl_encoding_name(AtlEncoding encoding);
extern uint32_t atl_encoding_width(AtlEncoding encoding);
extern AtlEncoding atl_encoding_by_name(AtlText name);	/* 0: unknown */
extern bool atl_encoding_is_integer(AtlEncoding encoding);

/*
 * Bytes of a mean in a summary: 8 (double) where a float may lack precision or
 * range, otherwise 4.
 */
static inline uint32_t
atl_mean_width(AtlScale scale)
{
	return scale.encoding == ATL_F64 || scale.ranged ? 8 : 4;
}

/*
 * Whether a range gives every code a number of its own, far enough apart that
 * coding the number gives the code again.
 */
extern bool atl_range_is_codable(AtlEncoding encoding, double min, double max);

/*
 * Decode n numbers.  bitmap may be NULL; otherwise its bit first_bit + i says
 * that number i is missing.
 */
extern void atl_series_decode(AtlScale scale, const uint8_t *bytes, const uint8_t *bitmap,
							  uint32_t first_bit, uint32_t n, double *numbers);

/* Load n numbers of a width, every stride-th one, as words (core/codec/piece.h). */
extern void atl_load_words(const uint8_t *bytes, uint32_t width, uint32_t stride, uint32_t n,
						   uint64_t *words);

/* Decode n words (core/codec/piece.h) to numbers[0], numbers[stride], ... */
extern void atl_series_numbers(AtlScale scale, const uint64_t *words, uint32_t n,
							   uint32_t stride, double *numbers);

/*
 * Encode one number, which is not missing and passes atl_series_can_encode.
 * Returns the number that decoding gives.
 */
extern double atl_series_encode(AtlScale scale, double number, uint8_t *bytes);

/*
 * Encode n numbers with a range, skipping missing numbers.  Returns the
 * greatest absolute error.
 */
extern double atl_series_encode_ranged(AtlScale scale, const double *numbers, uint32_t n, uint8_t *bytes);

/* Whether an encoding without a range holds the number at all. */
extern bool atl_series_can_encode(AtlScale scale, double number);

#endif							/* ATL_CODEC_ENCODING_H */
