/*
 * hash.c
 *		SipHash-1-3.
 */
#include "core/base/hash.h"

#include "core/base/bytes.h"
#include "core/base/work.h"

typedef struct State
{
	uint64_t	v[4];
} State;

static inline uint64_t
rotate(uint64_t word, int bits)
{
	return word << bits | word >> (64 - bits);
}

static inline void
mix(State *state)
{
	uint64_t   *v = state->v;

	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

static inline void
add_word(State *state, uint64_t word)
{
	state->v[3] ^= word;
	mix(state);
	state->v[0] ^= word;
}

uint64_t
atl_hash(const AtlHost *host, AtlText text)
{
	const uint8_t *bytes = (const uint8_t *) text.text;
	uint64_t	last = (uint64_t) text.size << 56;
	uint32_t	i = 0;
	AtlWork		work = {.host = host};
	State		state = {{
			host->seeds[0] ^ UINT64_C(0x736f6d6570736575),
			host->seeds[1] ^ UINT64_C(0x646f72616e646f6d),
			host->seeds[0] ^ UINT64_C(0x6c7967656e657261),
			host->seeds[1] ^ UINT64_C(0x7465646279746573)
	}};

	for (; text.size - i >= 8; i += 8)
	{
		add_word(&state, atl_load_u64(bytes + i));
		atl_work(&work, 4);
	}
	for (int shift = 0; i < text.size; i++, shift += 8)
		last |= (uint64_t) bytes[i] << shift;
	add_word(&state, last);
	state.v[2] ^= 0xFF;
	for (int round = 0; round < 3; round++)
		mix(&state);
	return state.v[0] ^ state.v[1] ^ state.v[2] ^ state.v[3];
}
