/*
 * fuzz_piece.c
 *		Fuzz target: pieces of series, both ways.
 *
 * The first byte says which encoding, the second whether the rest are words
 * to be coded or the bytes of a piece, the third and fourth how many numbers.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/codec/piece.h"

#define HEAD	4

/* Words come back bit for bit, together and alone. */
static void
both_ways(AtlEncoding encoding, const uint8_t *bytes, uint32_t n)
{
	uint32_t	width = atl_encoding_width(encoding);
	uint64_t	words[ATL_PIECE_NUMBERS];
	uint64_t	decoded[ATL_PIECE_NUMBERS];
	uint8_t		out[ATL_PIECE_MAX_SIZE];
	uint32_t	size;

	for (uint32_t i = 0; i < n; i++)
	{
		uint8_t		word[8] = {0};

		memcpy(word, bytes + (size_t) i * width, width);
		words[i] = atl_load_u64(word);
	}
	size = atl_piece_encode(encoding, words, n, out);
	fuzz_demand(size <= ATL_PIECE_MAX_SIZE, "a piece has a largest size");
	fuzz_demand(atl_piece_decode(encoding, out, size, n, 0, n, decoded) == ATL_OK &&
				memcmp(words, decoded, n * sizeof(*words)) == 0, "words come back");
	for (uint32_t i = 0; i < n; i += 1 + n / 8)
		fuzz_demand(atl_piece_decode(encoding, out, size, n, i, 1, decoded) == ATL_OK && decoded[0] == words[i],
					"a word comes back alone");
}

/* Any bytes are decoded or refused; a word alone is the one among all. */
static void
decode(AtlEncoding encoding, const uint8_t *data, uint32_t size, uint32_t n)
{
	uint8_t    *bytes = malloc(size == 0 ? 1 : size);
	uint64_t	words[ATL_PIECE_NUMBERS];
	uint64_t	word[ATL_PIECE_NUMBERS];

	if (size > 0)
		memcpy(bytes, data, size);
	if (atl_piece_decode(encoding, bytes, size, n, 0, n, words) == ATL_OK)
		for (uint32_t i = 0; i < n; i += 1 + n / 8)
			fuzz_demand(atl_piece_decode(encoding, bytes, size, n, i, 1, word) == ATL_OK && word[0] == words[i],
						"a word alone is the one among all");
	free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AtlEncoding encoding;
	uint32_t	n;

	if (size < HEAD || size > FUZZ_MAX_TEXT)
		return 0;
	encoding = (AtlEncoding) (1 + data[0] % (ATL_ENCODINGS - 1));
	n = 1 + atl_load_u16(data + 2) % ATL_PIECE_NUMBERS;
	if (data[1] % 2 == 0)
		decode(encoding, data + HEAD, (uint32_t) (size - HEAD), n);
	else if ((size - HEAD) / atl_encoding_width(encoding) > 0)
	{
		uint32_t	given = (uint32_t) ((size - HEAD) / atl_encoding_width(encoding));

		both_ways(encoding, data + HEAD, given < n ? given : n);
	}
	return 0;
}
