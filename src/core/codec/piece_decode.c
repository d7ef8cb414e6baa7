/*
 * piece_decode.c
 *		Decoding pieces to words.
 */
#include "core/codec/piece.h"

#include "core/base/bytes.h"
#include "core/codec/encoding.h"

/* An open piece. */
typedef struct Piece
{
	AtlEncoding encoding;
	AtlPieceCodec codec;
	uint32_t	n;
	uint32_t	width;			/* of a word, in bytes */
	uint32_t	bits;			/* of a packed number */
	uint32_t	parameter;
	uint32_t	exceptions;
	const uint8_t *missing;		/* bitmaps, or NULL */
	const uint8_t *missing_frames;
	const uint8_t *fields;		/* fixed fields of the codec */
	const uint8_t *packed;
	const uint8_t *positions;
	const uint8_t *values;		/* of the exceptions */
} Piece;

uint64_t
atl_piece_scaled(AtlEncoding encoding, uint32_t scale, int64_t number)
{
	double		scaled;

	if (scale < ATL_SCALE_BINARY)
		scaled = (double) number / (double) atl_power_of_ten(scale);
	else
		scaled = (double) number * atl_power_of_two((int) ATL_SCALE_BINARY - (int) scale);
	return encoding == ATL_F64 ? atl_f64_bits(scaled) : atl_f32_bits((float) scaled);
}

/* Load a word of 1, 2, 4 or 8 bytes. */
static uint64_t
load_word(const uint8_t *bytes, uint32_t width)
{
	switch (width)
	{
		case 1:
			return bytes[0];
		case 2:
			return atl_load_u16(bytes);
		case 4:
			return atl_load_u32(bytes);
		default:
			return atl_load_u64(bytes);
	}
}

static uint32_t
fields_size(AtlPieceCodec codec, uint32_t width)
{
	switch (codec)
	{
		case ATL_PIECE_CONSTANT:
		case ATL_PIECE_PACKED:
			return width;
		case ATL_PIECE_DELTA:
			return 2 * width;
		case ATL_PIECE_SCALED:
			return 8;
		default:
			return 0;
	}
}

static uint32_t
packed_size(const Piece *piece)
{
	if (piece->codec == ATL_PIECE_RAW)
		return piece->n * piece->width;
	return piece->codec < ATL_PIECE_PACKED ? 0 : atl_packed_size(piece->n, piece->bits);
}

/* Check the header fields on which decoding relies. */
static bool
is_sound(const Piece *piece, uint32_t flags)
{
	bool		is_float = piece->encoding == ATL_F32 || piece->encoding == ATL_F64;
	uint32_t	keys = piece->parameter & 3;

	if ((flags & ~ATL_PIECE_FLAGS) != 0 || piece->exceptions > piece->n || piece->bits > 64)
		return false;
	if (piece->codec < ATL_PIECE_PACKED)
		return piece->bits == 0 && piece->exceptions == 0 && piece->parameter <= (piece->codec == ATL_PIECE_ALL_MISSING);
	if (piece->codec == ATL_PIECE_SCALED)
		return is_float && (piece->parameter <= ATL_SCALE_MAX_DECIMAL || piece->parameter >= ATL_SCALE_BINARY);
	return is_float == (keys >= ATL_KEYS_ORDERED);
}

static const uint8_t *
take(const uint8_t **at, uint32_t size)
{
	const uint8_t *taken = *at;

	*at += size;
	return taken;
}

/* Open a piece; the size must agree with the header. */
static AtlStatus
open_piece(AtlEncoding encoding, const uint8_t *bytes, uint32_t size, uint32_t n, Piece *piece)
{
	const uint8_t *at = bytes + ATL_PIECE_HEADER_SIZE;
	uint32_t	bitmap = (n + 7) / 8;
	uint64_t	expected;

	if (size < ATL_PIECE_HEADER_SIZE || n == 0 || n > ATL_PIECE_NUMBERS)
		return ATL_DAMAGED;
	if (bytes[0] >= ATL_PIECE_CODECS)
		return ATL_UNSUPPORTED;
	piece->encoding = encoding;
	piece->codec = (AtlPieceCodec) bytes[0];
	piece->n = n;
	piece->width = atl_encoding_width(encoding);
	piece->bits = bytes[2];
	piece->parameter = bytes[3];
	piece->exceptions = atl_load_u16(bytes + 4);
	if (!is_sound(piece, bytes[1]))
		return ATL_DAMAGED;

	expected = ATL_PIECE_HEADER_SIZE +
		((bytes[1] & ATL_PIECE_FLAG_MISSING) != 0 ? bitmap : 0) +
		((bytes[1] & ATL_PIECE_FLAG_FRAMES) != 0 ? bitmap : 0) +
		fields_size(piece->codec, piece->width) + packed_size(piece) +
		(uint64_t) piece->exceptions * (2 + piece->width);
	if (size != expected)
		return ATL_DAMAGED;
	piece->missing = (bytes[1] & ATL_PIECE_FLAG_MISSING) != 0 ? take(&at, bitmap) : NULL;
	piece->missing_frames = (bytes[1] & ATL_PIECE_FLAG_FRAMES) != 0 ? take(&at, bitmap) : NULL;
	piece->fields = take(&at, fields_size(piece->codec, piece->width));
	piece->packed = take(&at, packed_size(piece));
	piece->positions = take(&at, piece->exceptions * 2);
	piece->values = at;
	return ATL_OK;
}

/* Unpack numbers [first, first + count) to the start of words. */
static void
unpack(const Piece *piece, uint32_t first, uint32_t count, uint64_t *words)
{
	uint32_t	before = first % ATL_PACK_LANES;

	if (count == 1)
		words[0] = atl_unpack_one(piece->packed, piece->bits, first);
	else
	{
		atl_unpack(piece->packed, first - before, before + count, piece->bits, words);
		if (before > 0)
			memmove(words, words + before, count * sizeof(*words));
	}
}

/* Overwrite words with exceptions; words[0] is word first of the piece. */
static AtlStatus
patch(const Piece *piece, uint32_t first, uint32_t count, uint64_t *words)
{
	for (uint32_t i = 0; i < piece->exceptions; i++)
	{
		uint32_t	position = atl_load_u16(piece->positions + i * 2);

		if (position >= piece->n)
			return ATL_DAMAGED;
		if (position >= first && position - first < count)
			words[position - first] = load_word(piece->values + i * piece->width, piece->width);
	}
	return ATL_OK;
}

static void
mark_missing(const uint8_t *bitmap, uint64_t word, uint32_t first, uint32_t count, uint64_t *words)
{
	for (uint32_t i = 0; i < count; i++)
		if (bitmap != NULL && (bitmap[(first + i) / 8] >> ((first + i) % 8) & 1) != 0)
			words[i] = word;
}

static void
fill(uint64_t word, uint32_t count, uint64_t *words)
{
	for (uint32_t i = 0; i < count; i++)
		words[i] = word;
}

/* One loop per kind of keys, so that the compiler can vectorise each. */
static void
keys_to_words(const Piece *piece, uint32_t count, uint64_t *words)
{
	uint32_t	bits = piece->width * 8;

	switch (piece->parameter & 3)
	{
		case ATL_KEYS_SIGNED:
			for (uint32_t i = 0; i < count; i++)
				words[i] = atl_piece_word(ATL_KEYS_SIGNED, bits, words[i]);
			break;
		case ATL_KEYS_ORDERED:
			for (uint32_t i = 0; i < count; i++)
				words[i] = atl_piece_word(ATL_KEYS_ORDERED, bits, words[i]);
			break;
		case ATL_KEYS_FOLDED:
			for (uint32_t i = 0; i < count; i++)
				words[i] = atl_piece_word(ATL_KEYS_FOLDED, bits, words[i]);
			break;
		default:
			break;
	}
}

static AtlStatus
decode_packed(const Piece *piece, uint32_t first, uint32_t count, uint64_t *words)
{
	uint64_t	base = load_word(piece->fields, piece->width);
	uint64_t	mask = atl_piece_mask(piece->width * 8);
	uint32_t	shift = piece->parameter >> 2;
	AtlStatus	status;

	unpack(piece, first, count, words);
	for (uint32_t i = 0; i < count; i++)
		words[i] = (base + (words[i] << shift)) & mask;
	status = patch(piece, first, count, words);
	keys_to_words(piece, count, words);
	return status;
}

/*
 * Decode words [from, end) of a piece of deltas; words has words [0, from).  A
 * key is the first key plus all steps up to the key.  Sums may exceed the
 * width of a word until the mask at the end.
 */
static AtlStatus
continue_delta(const Piece *piece, uint32_t from, uint32_t end, uint64_t *words)
{
	uint32_t	bits = piece->width * 8;
	uint64_t	base = load_word(piece->fields + piece->width, piece->width);
	uint64_t	mask = atl_piece_mask(bits);
	uint32_t	shift = piece->parameter >> 2;
	uint32_t	n = end - from;
	uint64_t	steps[ATL_PIECE_NUMBERS];
	uint64_t	key;
	AtlStatus	status;

	unpack(piece, from, n, steps);
	for (uint32_t i = 0; i < n; i++)
		steps[i] = base + (steps[i] << shift);
	status = patch(piece, from, n, steps);
	if (from == 0)
	{
		key = load_word(piece->fields, piece->width);
		steps[0] = 0;
	}
	else
		key = atl_piece_key(piece->parameter & 3, bits, words[from - 1]);
	for (uint32_t i = 0; i < n; i++)
		steps[i] = key += steps[i];
	for (uint32_t i = 0; i < n; i++)
		words[from + i] = steps[i] & mask;
	keys_to_words(piece, n, words + from);
	return status;
}

static AtlStatus
decode_delta(const Piece *piece, uint32_t first, uint32_t count, uint64_t *words)
{
	AtlStatus	status = continue_delta(piece, 0, first + count, words);

	if (first > 0)
		memmove(words, words + first, count * sizeof(*words));
	return status;
}

static AtlStatus
decode_scaled(const Piece *piece, uint32_t first, uint32_t count, uint64_t *words)
{
	uint64_t	base = atl_load_u64(piece->fields);

	unpack(piece, first, count, words);
	for (uint32_t i = 0; i < count; i++)
		words[i] = atl_piece_scaled(piece->encoding, piece->parameter, (int64_t) (base + words[i]));
	return patch(piece, first, count, words);
}

AtlStatus
atl_piece_decode(AtlEncoding encoding, const uint8_t *bytes, uint32_t size, uint32_t n,
				 uint32_t first, uint32_t count, uint64_t *words)
{
	Piece		piece;
	AtlStatus	status = ATL_OK;

	ATL_TRY(open_piece(encoding, bytes, size, n, &piece));
	if (count == 0 || first >= n || count > n - first)
		return ATL_DAMAGED;
	switch (piece.codec)
	{
		case ATL_PIECE_RAW:
			for (uint32_t i = 0; i < count; i++)
				words[i] = load_word(piece.packed + (size_t) (first + i) * piece.width, piece.width);
			break;
		case ATL_PIECE_CONSTANT:
			fill(load_word(piece.fields, piece.width), count, words);
			break;
		case ATL_PIECE_ALL_MISSING:
			fill(piece.parameter == 0 ? atl_word_missing(encoding) : atl_word_missing_frame(encoding),
				 count, words);
			break;
		case ATL_PIECE_PACKED:
			status = decode_packed(&piece, first, count, words);
			break;
		case ATL_PIECE_DELTA:
			status = decode_delta(&piece, first, count, words);
			break;
		default:
			status = decode_scaled(&piece, first, count, words);
	}
	mark_missing(piece.missing, atl_word_missing(encoding), first, count, words);
	mark_missing(piece.missing_frames, atl_word_missing_frame(encoding), first, count, words);
	return status;
}

AtlStatus
atl_piece_decode_one(AtlEncoding encoding, const uint8_t *bytes, uint32_t size, uint32_t n,
					 uint32_t i, uint64_t *kept, uint32_t *num_kept, uint64_t *word)
{
	Piece		piece;
	AtlStatus	status = ATL_OK;
	uint64_t	decoded[ATL_PACK_LANES];

	ATL_TRY(open_piece(encoding, bytes, size, n, &piece));
	if (piece.codec != ATL_PIECE_DELTA)
	{
		status = atl_piece_decode(encoding, bytes, size, n, i, 1, decoded);
		*word = decoded[0];
		return status;
	}
	if (i >= n)
		return ATL_DAMAGED;
	if (i >= *num_kept)
	{
		status = continue_delta(&piece, *num_kept, i + 1, kept);
		*num_kept = status == ATL_OK ? i + 1 : 0;
	}
	*word = kept[i];
	mark_missing(piece.missing, atl_word_missing(encoding), i, 1, word);
	mark_missing(piece.missing_frames, atl_word_missing_frame(encoding), i, 1, word);
	return status;
}
