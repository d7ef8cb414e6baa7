/*
 * test_piece.c
 *		Packing and pieces: every codec gives back each word bit for bit.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/codec/piece.h"
#include "support.h"
#include "tests.h"

#define ROUNDS	400

static void
test_pack(void)
{
	for (uint32_t bits = 0; bits <= 64; bits++)
		for (uint32_t n = 1; n <= ATL_PIECE_NUMBERS; n = n * 2 + unit_random_below(3))
		{
			uint64_t	numbers[ATL_PIECE_NUMBERS];
			uint64_t	unpacked[ATL_PIECE_NUMBERS];
			uint32_t	size = atl_packed_size(n, bits);
			uint8_t    *bytes = calloc(1, size == 0 ? 1 : size);

			for (uint32_t i = 0; i < n; i++)
				numbers[i] = bits == 0 ? 0 : unit_random() >> (64 - bits);
			unit_context("%u numbers of %u bits", n, bits);
			atl_pack(numbers, n, bits, bytes);
			atl_unpack(bytes, 0, n, bits, unpacked);
			CHECK(memcmp(numbers, unpacked, n * sizeof(*numbers)) == 0);
			atl_unpack(bytes, n / 16 * 8, n - n / 16 * 8, bits, unpacked);
			CHECK(memcmp(numbers + n / 16 * 8, unpacked, (n - n / 16 * 8) * sizeof(*numbers)) == 0);
			for (uint32_t i = 0; i < n; i++)
				CHECK(atl_unpack_one(bytes, bits, i) == numbers[i]);
			free(bytes);
		}
}

/* Words alone, by one who comes back: mostly onwards, now and then back. */
static void
check_one_by_one(AtlEncoding encoding, const uint8_t *bytes, uint32_t size, const uint64_t *words, uint32_t n)
{
	uint64_t	kept[ATL_PIECE_NUMBERS];
	uint32_t	num_kept = 0;
	uint32_t	i = 0;

	while (i < n)
	{
		uint64_t	word;

		CHECK_INT(atl_piece_decode_one(encoding, bytes, size, n, i, kept, &num_kept, &word), ATL_OK);
		CHECK(word == words[i]);
		i = unit_random_below(5) == 0 ? i / 2 + 1 : i + 1 + unit_random_below(60);
	}
	CHECK_INT(atl_piece_decode_one(encoding, bytes, size, n, n, kept, &num_kept, kept), ATL_DAMAGED);
}

/* Code, decode whole and in parts from a block of exactly its size; the codec. */
static int
round_trip(AtlEncoding encoding, const uint64_t *words, uint32_t n)
{
	uint8_t		out[ATL_PIECE_MAX_SIZE];
	uint64_t	decoded[ATL_PIECE_NUMBERS];
	uint32_t	size = atl_piece_encode(encoding, words, n, out);
	uint8_t    *bytes = malloc(size);
	int			codec = out[0];

	memcpy(bytes, out, size);
	CHECK(size <= ATL_PIECE_HEADER_SIZE + n * atl_encoding_width(encoding) + 2 * ((n + 7) / 8));
	CHECK_INT(atl_piece_decode(encoding, bytes, size, n, 0, n, decoded), ATL_OK);
	CHECK(memcmp(words, decoded, n * sizeof(*words)) == 0);
	for (int part = 0; part < 8; part++)
	{
		uint32_t	first = unit_random_below(n);
		uint32_t	count = part < 4 ? 1 : 1 + unit_random_below(n - first);

		CHECK_INT(atl_piece_decode(encoding, bytes, size, n, first, count, decoded), ATL_OK);
		CHECK(memcmp(words + first, decoded, count * sizeof(*words)) == 0);
	}
	check_one_by_one(encoding, bytes, size, words, n);
	for (uint32_t cut = 0; cut < size; cut++)
		CHECK(atl_piece_decode(encoding, bytes, cut, n, 0, n, decoded) != ATL_OK);
	free(bytes);
	return codec;
}

static uint64_t
word_of(AtlEncoding encoding, double number)
{
	switch (encoding)
	{
		case ATL_F64:
			return atl_f64_bits(number);
		case ATL_F32:
			return atl_f32_bits((float) number);
		case ATL_U8:
		case ATL_I8:
			return (uint8_t) (int) number;
		default:
			return (uint16_t) (int) number;
	}
}

/* Series that look like something, one shape per codec and more. */
static double
shape_number(int shape, uint32_t i, double base)
{
	switch (shape)
	{
		case 0:
			return base;		/* constant */
		case 1:
			return unit_random_double(60, 64);	/* close together */
		case 2:
			return unit_random_double(-30, 30); /* around zero */
		case 3:
			return floor(unit_random_double(0, 100000)) / 100;	/* decimals */
		case 4:
			return (double) unit_random_below(127) / 64;	/* binary places */
		case 5:
			return 40 + 30 * sin(i * 0.01); /* slow */
		case 6:
			return unit_random_below(50) == 0 ? 1e-9 : unit_random_double(50, 60);	/* outliers */
		default:
			return (double) unit_random_below(100);
	}
}

static void
test_shapes(void)
{
	bool		used[ATL_PIECE_CODECS] = {false};

	for (int encoding = ATL_F32; encoding < ATL_ENCODINGS; encoding++)
		for (int shape = 0; shape < 8; shape++)
			for (int round = 0; round < 20; round++)
			{
				uint64_t	words[ATL_PIECE_NUMBERS];
				uint32_t	n = round == 0 ? ATL_PIECE_NUMBERS : 1 + unit_random_below(ATL_PIECE_NUMBERS);

				for (uint32_t i = 0; i < n; i++)
					words[i] = word_of((AtlEncoding) encoding, shape_number(shape, i, 0.7));
				unit_context("encoding %d, shape %d, %u numbers", encoding, shape, n);
				used[round_trip((AtlEncoding) encoding, words, n)] = true;

				/* The same with missing numbers, few or nearly all. */
				for (uint32_t i = 0; i < n; i++)
					if (unit_random_below(10) < (round % 2 == 0 ? 1 : 9))
						words[i] = atl_word_missing((AtlEncoding) encoding) + (round % 4 < 2 ? 0 : unit_random_below(2));
				used[round_trip((AtlEncoding) encoding, words, n)] = true;
			}
	for (int codec = 0; codec < ATL_PIECE_CODECS; codec++)
	{
		unit_context("codec %d", codec);
		CHECK(used[codec] || codec == ATL_PIECE_ALL_MISSING);
	}
}

/* Any bits at all: NaNs with payloads, both zeros, denormals, infinities. */
static void
test_hard_words(void)
{
	static const uint64_t hard[] = {
		0, UINT64_C(0x8000000000000000), 1, UINT64_C(0x800FFFFFFFFFFFFF), UINT64_C(0x7FF0000000000000),
		UINT64_C(0xFFF0000000000000), UINT64_C(0x7FF8000000000000), UINT64_C(0x7FF8000000000001),
		UINT64_C(0xFFF8000000000002), UINT64_C(0x7FF0000000000001), UINT64_C(0x7FEFFFFFFFFFFFFF), UINT64_MAX,
		UINT64_C(0x80000000), UINT64_C(0x7F800000), UINT64_C(0xFF800000), UINT64_C(0x7FC00000),
		UINT64_C(0x7FC00001), UINT64_C(0xFFC00002), UINT64_C(0x7F800001), UINT64_C(0x7F7FFFFF), UINT64_C(0xFFFFFFFF),
	};

	for (int encoding = ATL_F32; encoding < ATL_ENCODINGS; encoding++)
		for (int round = 0; round < ROUNDS; round++)
		{
			uint32_t	bits = atl_encoding_width((AtlEncoding) encoding) * 8;
			uint32_t	n = 1 + unit_random_below(ATL_PIECE_NUMBERS);
			uint64_t	words[ATL_PIECE_NUMBERS];

			for (uint32_t i = 0; i < n; i++)
			{
				words[i] = round % 3 == 0 ? unit_random() : hard[unit_random_below(sizeof(hard) / sizeof(hard[0]))];
				if (round % 3 == 1 && unit_random_below(4) > 0)
					words[i] = words[i] >> 60 | UINT64_C(0x3FF0000000000000);
				words[i] &= atl_piece_mask(bits);
			}
			unit_context("encoding %d, round %d, %u words", encoding, round, n);
			round_trip((AtlEncoding) encoding, words, n);
		}
}

static void
test_all_missing(void)
{
	for (int encoding = ATL_F32; encoding < ATL_ENCODINGS; encoding++)
		for (int kind = 0; kind < 2; kind++)
		{
			uint64_t	words[ATL_PIECE_NUMBERS];

			for (int i = 0; i < ATL_PIECE_NUMBERS; i++)
				words[i] = atl_word_missing((AtlEncoding) encoding) + (uint64_t) kind;
			unit_context("encoding %d, kind %d", encoding, kind);
			CHECK_INT(round_trip((AtlEncoding) encoding, words, ATL_PIECE_NUMBERS), ATL_PIECE_ALL_MISSING);
		}
}

/* What the codecs are there for: sizes in bytes of 512 numbers. */
static void
test_sizes(void)
{
	static const struct
	{
		AtlEncoding encoding;
		int			shape;
		int			codec;
		uint32_t	size;
	}			cases[] = {
		{ATL_F32, 0, ATL_PIECE_CONSTANT, 10},
		{ATL_F32, 1, ATL_PIECE_PACKED, 10 + 64 * 20},
		{ATL_F64, 3, ATL_PIECE_SCALED, 14 + 64 * 17},
		{ATL_F32, 4, ATL_PIECE_SCALED, 14 + 64 * 7},
		{ATL_U8, 7, ATL_PIECE_PACKED, 7 + 64 * 7},
		{ATL_F32, 2, ATL_PIECE_PACKED, 10 + 64 * 27 + 2 * 6},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		uint64_t	words[ATL_PIECE_NUMBERS];
		uint8_t		out[ATL_PIECE_MAX_SIZE];

		for (uint32_t j = 0; j < ATL_PIECE_NUMBERS; j++)
			words[j] = word_of(cases[i].encoding, shape_number(cases[i].shape, j, 0.7));
		unit_context("case %zu", i);
		CHECK_INT(atl_piece_encode(cases[i].encoding, words, ATL_PIECE_NUMBERS, out), cases[i].size);
		CHECK_INT(out[0], cases[i].codec);
	}
}

/* Bytes that no writer made: an answer or an error, and nothing read outside. */
static void
test_noise(void)
{
	for (int round = 0; round < 50 * ROUNDS; round++)
	{
		AtlEncoding encoding = (AtlEncoding) (1 + unit_random_below(ATL_ENCODINGS - 1));
		uint64_t	words[ATL_PIECE_NUMBERS];
		uint64_t	decoded[ATL_PIECE_NUMBERS];
		uint8_t		out[ATL_PIECE_MAX_SIZE];
		uint32_t	n = 1 + unit_random_below(round % 2 == 0 ? 20 : ATL_PIECE_NUMBERS);
		uint32_t	size;
		uint8_t    *bytes;

		for (uint32_t i = 0; i < n; i++)
			words[i] = word_of(encoding, shape_number(round % 8, i, 3));
		size = atl_piece_encode(encoding, words, n, out);
		bytes = malloc(size);
		memcpy(bytes, out, size);
		for (uint32_t changes = 1 + unit_random_below(3); changes > 0; changes--)
			bytes[unit_random_below(round % 3 == 0 ? size : ATL_PIECE_HEADER_SIZE)] = (uint8_t) unit_random();
		atl_piece_decode(encoding, bytes, size, n, 0, n, decoded);
		atl_piece_decode(encoding, bytes, size, n, n - 1, 1, decoded);
		atl_piece_decode(encoding, bytes, size, n, n / 2, n - n / 2, decoded);
		free(bytes);
	}
}

const UnitTest unit_piece_tests[] = {
	{"piece: packed numbers of every width come back, together and alone", test_pack},
	{"piece: every codec gives back every shape, whole and in parts", test_shapes},
	{"piece: any bits come back, NaN payloads, zeros, denormals and infinities", test_hard_words},
	{"piece: nothing but missing numbers takes a header", test_all_missing},
	{"piece: each codec is chosen for what it is there for, with its size", test_sizes},
	{"piece: hostile bytes are decoded or refused", test_noise},
	UNIT_END
};
