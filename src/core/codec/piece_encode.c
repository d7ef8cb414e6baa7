/*
 * piece_encode.c
 *		Coding words as pieces, with the codec of the smallest size.
 *
 * Each codec makes a plan with the size of the piece; the plan of the smallest
 * size is carried out.  A plan depends on the words alone, so equal
 * words give equal bytes.
 */
#include "core/codec/piece.h"

#include <math.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/codec/encoding.h"

/* Upper bits that narrow_window() counts numbers by; fewer for small n. */
#define WINDOW_BITS		8
#define WINDOW_SLOTS	(1 << WINDOW_BITS)

/* At most one number in 8 is an exception, or reading would be slow. */
#define EXCEPTIONS_SHARE	8

/* Doubles hold whole numbers exactly up to here. */
#define EXACT_INTEGER	9007199254740992.0

/* Numbers sampled to choose the decimal scale. */
#define SAMPLES		8

typedef struct Words
{
	AtlEncoding encoding;
	uint32_t	n;
	uint32_t	width;			/* of a word, in bytes */
	uint32_t	bits;
	uint8_t		flags;
	uint64_t	words[ATL_PIECE_NUMBERS];	/* missing ones filled */
	uint8_t		missing[2][ATL_PIECE_NUMBERS / 8];
} Words;

/* The range of values that holds most of the numbers. */
typedef struct Window
{
	uint64_t	base;
	uint32_t	shift;			/* low bits that all numbers share with base */
	uint32_t	bits;			/* of (number - base) >> shift, in the window */
	uint32_t	exceptions;		/* numbers outside */
} Window;

typedef struct Plan
{
	AtlPieceCodec codec;
	uint32_t	parameter;
	Window		window;
	uint32_t	size;			/* UINT32_MAX: cannot be done */
} Plan;

/* Note missing numbers in bitmaps; replace each by the number before. */
static void
set_missing_apart(Words *in)
{
	uint64_t	missing[2] = {atl_word_missing(in->encoding), atl_word_missing_frame(in->encoding)};
	uint32_t	first = 0;
	uint64_t	filler;

	while (first < in->n && (in->words[first] == missing[0] || in->words[first] == missing[1]))
		first++;
	filler = first < in->n ? in->words[first] : 0;
	for (uint32_t i = 0; i < in->n; i++)
	{
		int			kind = in->words[i] == missing[1];

		if (in->words[i] != missing[kind])
		{
			filler = in->words[i];
			continue;
		}
		in->flags |= kind == 0 ? ATL_PIECE_FLAG_MISSING : ATL_PIECE_FLAG_FRAMES;
		in->missing[kind][i / 8] |= 1 << (i % 8);
		in->words[i] = filler;
	}
}

static uint32_t
bitmaps_size(const Words *in)
{
	uint32_t	count = (in->flags & ATL_PIECE_FLAG_MISSING) + (in->flags >> 1 & 1);

	return count * ((in->n + 7) / 8);
}


/*
 * Windows
 */

static uint32_t
window_size(const Words *in, const Window *window)
{
	return atl_packed_size(in->n, window->bits) + window->exceptions * (2 + in->width);
}

static void
count_slots(const uint64_t *numbers, uint32_t n, const Window *window, uint32_t slot_bits, uint32_t *slots,
			uint32_t num_slots)
{
	memset(slots, 0, num_slots * sizeof(*slots));
	for (uint32_t i = 0; i < n; i++)
		slots[((numbers[i] - window->base) >> window->shift) >> slot_bits]++;
}

/* First slot of the run of length slots that has most numbers. */
static uint32_t
fullest_run(const uint32_t *slots, uint32_t num_slots, uint32_t length, uint32_t *inside)
{
	uint32_t	sum = 0;
	uint32_t	best = 0;

	*inside = 0;
	for (uint32_t i = 0; i < num_slots; i++)
	{
		sum += slots[i];
		sum -= i >= length ? slots[i - length] : 0;
		if (i + 1 >= length && sum > *inside)
		{
			*inside = sum;
			best = i + 1 - length;
		}
	}
	return best;
}

/*
 * Try windows of a half, a quarter, ... of the whole one, and give the
 * smallest in bytes: narrower windows save bits, but make more exceptions.
 */
static Window
narrow_window(const Words *in, const uint64_t *numbers, Window whole)
{
	uint32_t	slots[WINDOW_SLOTS];
	uint32_t	most_bits = atl_bit_length(in->n) < WINDOW_BITS ? atl_bit_length(in->n) : WINDOW_BITS;
	uint32_t	slot_bits = whole.bits > most_bits ? whole.bits - most_bits : 0;
	uint32_t	slots_used = 1u << (whole.bits - slot_bits);
	Window		best = whole;

	count_slots(numbers, in->n, &whole, slot_bits, slots, slots_used);
	for (uint32_t halvings = 1; slots_used >> halvings > 0; halvings++)
	{
		uint32_t	inside;
		uint32_t	first = fullest_run(slots, slots_used, slots_used >> halvings, &inside);
		Window		window = {
			.base = whole.base + ((uint64_t) first << slot_bits << whole.shift),
			.shift = whole.shift,
			.bits = whole.bits - halvings,
			.exceptions = in->n - inside
		};

		if (window.exceptions > in->n / EXCEPTIONS_SHARE)
			break;
		if (window_size(in, &window) < window_size(in, &best))
			best = window;
	}
	return best;
}

static Window
find_window(const Words *in, const uint64_t *numbers)
{
	uint64_t	least = numbers[0];
	uint64_t	most = numbers[0];
	uint64_t	different = 0;
	Window		window = {0};

	for (uint32_t i = 1; i < in->n; i++)
	{
		least = numbers[i] < least ? numbers[i] : least;
		most = numbers[i] > most ? numbers[i] : most;
	}
	for (uint32_t i = 0; i < in->n; i++)
		different |= numbers[i] - least;
	window.base = least;
	window.shift = different == 0 ? 0 : (uint32_t) __builtin_ctzll(different);
	window.bits = atl_bit_length((most - least) >> window.shift);
	/* With so few numbers no exception is allowed. */
	return window.bits == 0 || in->n < EXCEPTIONS_SHARE ? window : narrow_window(in, numbers, window);
}

static bool
is_inside(const Window *window, uint64_t number)
{
	uint64_t	distance = number - window->base;

	return number >= window->base && atl_bit_length(distance >> window->shift) <= window->bits;
}


/*
 * Plans
 */

static void
make_keys(const Words *in, uint32_t keys, uint64_t *numbers)
{
	if (keys == ATL_KEYS_ORDERED)
		for (uint32_t i = 0; i < in->n; i++)
			numbers[i] = atl_piece_key(ATL_KEYS_ORDERED, in->bits, in->words[i]);
	else
		for (uint32_t i = 0; i < in->n; i++)
			numbers[i] = atl_piece_key(keys, in->bits, in->words[i]);
}

/*
 * Make differences of neighbouring keys, biased by 2^63 to order as unsigned
 * numbers.  The first number repeats the second.
 */
static void
make_deltas(const Words *in, uint32_t keys, uint64_t *numbers)
{
	uint64_t	before = atl_piece_key(keys, in->bits, in->words[0]);

	for (uint32_t i = 1; i < in->n; i++)
	{
		uint64_t	key = atl_piece_key(keys, in->bits, in->words[i]);

		numbers[i] = (key - before) ^ UINT64_C(1) << 63;
		before = key;
	}
	numbers[0] = in->n > 1 ? numbers[1] : 0;
}

static Plan
plan_raw(const Words *in)
{
	Plan		plan = {.codec = ATL_PIECE_RAW, .size = in->n * in->width};

	return plan;
}

static Plan
plan_constant(const Words *in)
{
	Plan		plan = {.codec = ATL_PIECE_CONSTANT, .size = in->width};

	for (uint32_t i = 1; i < in->n; i++)
		if (in->words[i] != in->words[0])
			plan.size = UINT32_MAX;
	return plan;
}

/* Make the numbers that a windowed codec packs: keys, or their deltas. */
static void
make_numbers(const Words *in, AtlPieceCodec codec, uint32_t keys, uint64_t *numbers)
{
	if (codec == ATL_PIECE_PACKED)
		make_keys(in, keys, numbers);
	else
		make_deltas(in, keys, numbers);
}

static Plan
plan_windowed(const Words *in, AtlPieceCodec codec, uint32_t keys)
{
	uint64_t	numbers[ATL_PIECE_NUMBERS];
	uint32_t	fields = codec == ATL_PIECE_PACKED ? 1 : 2;
	Plan		plan = {.codec = codec};

	make_numbers(in, codec, keys, numbers);
	plan.window = find_window(in, numbers);
	plan.parameter = keys | plan.window.shift << 2;
	plan.size = fields * in->width + window_size(in, &plan.window);
	return plan;
}

static double
number_of(const Words *in, uint32_t i)
{
	return in->encoding == ATL_F64 ? atl_bits_f64(in->words[i]) : atl_bits_f32((uint32_t) in->words[i]);
}

/* The whole number that scales to number i, if there is one. */
static bool
unscale(const Words *in, uint32_t scale, uint32_t i, int64_t *whole)
{
	double		number = number_of(in, i);
	double		scaled;

	if (scale < ATL_SCALE_BINARY)
		scaled = nearbyint(number * (double) atl_power_of_ten(scale));
	else
		scaled = number * atl_power_of_two((int) scale - ATL_SCALE_BINARY);
	if (!(fabs(scaled) <= EXACT_INTEGER))
		return false;
	*whole = (int64_t) scaled;
	return atl_piece_scaled(in->encoding, scale, *whole) == in->words[i];
}

/* Make biased whole numbers (exceptions repeat the last); count exceptions. */
static uint32_t
make_wholes(const Words *in, uint32_t scale, uint64_t *numbers)
{
	uint32_t	exceptions = 0;
	int64_t		last = 0;
	bool		found = false;

	for (uint32_t i = 0; i < in->n && exceptions <= in->n / EXCEPTIONS_SHARE; i++)
	{
		int64_t		whole;

		if (unscale(in, scale, i, &whole))
		{
			/* Exceptions before the first whole number repeat that number. */
			for (uint32_t j = 0; j < i && !found; j++)
				numbers[j] = (uint64_t) whole ^ UINT64_C(1) << 63;
			found = true;
			last = whole;
		}
		else
			exceptions++;
		numbers[i] = (uint64_t) last ^ UINT64_C(1) << 63;
	}
	return exceptions;
}

static Plan
plan_scaled(const Words *in, uint32_t scale)
{
	uint64_t	numbers[ATL_PIECE_NUMBERS];
	Plan		plan = {.codec = ATL_PIECE_SCALED, .parameter = scale, .size = UINT32_MAX};
	uint32_t	exceptions = make_wholes(in, scale, numbers);

	if (exceptions > in->n / EXCEPTIONS_SHARE)
		return plan;

	/* Inexact numbers are exceptions already: do not narrow the window. */
	for (uint32_t i = 0; i < in->n; i++)
		if (i == 0 || numbers[i] < plan.window.base)
			plan.window.base = numbers[i];
	for (uint32_t i = 0; i < in->n; i++)
		if (atl_bit_length(numbers[i] - plan.window.base) > plan.window.bits)
			plan.window.bits = atl_bit_length(numbers[i] - plan.window.base);
	plan.window.exceptions = exceptions;
	plan.size = 8 + window_size(in, &plan.window);
	return plan;
}

/* Decimals that suffice for most samples; above the maximum: none do. */
static uint32_t
sample_decimals(const Words *in)
{
	uint32_t	decimals = 0;
	uint32_t	failures = 0;

	for (uint32_t s = 0; s < SAMPLES && failures <= SAMPLES / 4; s++)
	{
		uint32_t	i = (uint32_t) ((uint64_t) s * in->n / SAMPLES);
		uint32_t	scale = 0;
		int64_t		whole;

		while (scale <= ATL_SCALE_MAX_DECIMAL && !unscale(in, scale, i, &whole))
			scale++;
		if (scale > ATL_SCALE_MAX_DECIMAL)
			failures++;
		else if (scale > decimals)
			decimals = scale;
	}
	return failures > SAMPLES / 4 ? ATL_SCALE_MAX_DECIMAL + 1 : decimals;
}

/* Binary places of a finite number behind the point; 0 if whole. */
static uint32_t
binary_places(double number)
{
	uint64_t	bits = atl_f64_bits(number);
	uint64_t	mantissa = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
	int			exponent = (int) (bits >> 52 & 0x7FF) - 1023 - 52 + __builtin_ctzll(mantissa);

	return number == 0 || exponent >= 0 ? 0 : (uint32_t) -exponent;
}

/*
 * Binary places that suffice for all numbers; UINT32_MAX if some number is not
 * finite, or if a piece of scaled numbers would not be smaller than size.
 */
static uint32_t
count_places(const Words *in, uint32_t size)
{
	double		min = INFINITY;
	double		max = -INFINITY;
	uint32_t	places = 0;
	double		range;

	for (uint32_t i = 0; i < in->n; i++)
	{
		double		number = number_of(in, i);
		uint32_t	needed;

		if (!isfinite(number))
			return UINT32_MAX;
		needed = binary_places(number);
		places = needed > places ? needed : places;
		min = number < min ? number : min;
		max = number > max ? number : max;
	}
	if (places > UINT8_MAX - ATL_SCALE_BINARY)
		return UINT32_MAX;
	range = (max - min) * atl_power_of_two((int) places);
	return range <= EXACT_INTEGER && atl_packed_size(in->n, atl_bit_length((uint64_t) range)) < size ? places : UINT32_MAX;
}

/* Whether both signs occur; if not, folded keys gain nothing over ordered. */
static bool
has_both_signs(const Words *in)
{
	uint64_t	different = 0;

	for (uint32_t i = 1; i < in->n; i++)
		different |= in->words[i] ^ in->words[0];
	return different >> (in->bits - 1) != 0;
}

static void
keep_smaller(Plan *best, Plan plan)
{
	if (plan.size < best->size)
		*best = plan;
}

static Plan
make_plan(const Words *in)
{
	bool		is_float = in->encoding == ATL_F32 || in->encoding == ATL_F64;
	bool		is_signed = in->encoding == ATL_I8 || in->encoding == ATL_I16;
	uint32_t	keys = is_float ? ATL_KEYS_ORDERED : is_signed ? ATL_KEYS_SIGNED : ATL_KEYS_PLAIN;
	Plan		best = plan_raw(in);
	uint32_t	scale;

	keep_smaller(&best, plan_constant(in));
	/* Two raw words are no larger than the fixed fields of other codecs. */
	if (best.codec == ATL_PIECE_CONSTANT || in->n <= 2)
		return best;
	keep_smaller(&best, plan_windowed(in, ATL_PIECE_PACKED, keys));
	if (is_float && has_both_signs(in))
		keep_smaller(&best, plan_windowed(in, ATL_PIECE_PACKED, ATL_KEYS_FOLDED));
	keep_smaller(&best, plan_windowed(in, ATL_PIECE_DELTA, keys));
	if (!is_float)
		return best;
	scale = sample_decimals(in);
	if (scale <= ATL_SCALE_MAX_DECIMAL)
		keep_smaller(&best, plan_scaled(in, scale));
	scale = count_places(in, best.size);
	if (scale <= UINT8_MAX - ATL_SCALE_BINARY)
		keep_smaller(&best, plan_scaled(in, ATL_SCALE_BINARY + scale));
	return best;
}


/*
 * Writing
 */

static uint8_t *
write_fields(const Words *in, const Plan *plan, uint8_t *to)
{
	uint64_t	bias = UINT64_C(1) << 63;

	switch (plan->codec)
	{
		case ATL_PIECE_CONSTANT:
			return atl_store_word(to, in->width, in->words[0]);
		case ATL_PIECE_PACKED:
			return atl_store_word(to, in->width, plan->window.base);
		case ATL_PIECE_DELTA:
			to = atl_store_word(to, in->width, atl_piece_key(plan->parameter & 3, in->bits, in->words[0]));
			return atl_store_word(to, in->width, plan->window.base ^ bias);
		default:
			atl_store_u64(to, plan->window.base ^ bias);
			return to + 8;
	}
}

/* Write the positions of exceptions, then their values. */
static void
write_exceptions(const Words *in, const uint64_t *values, const bool *outside, uint8_t *to)
{
	for (uint32_t i = 0; i < in->n; i++)
	{
		if (!outside[i])
			continue;
		atl_store_u16(to, (uint16_t) i);
		to += 2;
	}
	for (uint32_t i = 0; i < in->n; i++)
		if (outside[i])
			to = atl_store_word(to, in->width, values[i]);
}

/* Write packed numbers, then exceptions; values holds the exceptions. */
static void
write_packed(const Words *in, const Plan *plan, uint64_t *numbers, const uint64_t *values,
			 const bool *outside, uint8_t *to)
{
	uint32_t	size = atl_packed_size(in->n, plan->window.bits);

	for (uint32_t i = 0; i < in->n; i++)
		numbers[i] = outside[i] ? 0 : (numbers[i] - plan->window.base) >> plan->window.shift;
	memset(to, 0, size);
	atl_pack(numbers, in->n, plan->window.bits, to);
	write_exceptions(in, values, outside, to + size);
}

static void
write_windowed(const Words *in, const Plan *plan, uint8_t *to)
{
	uint64_t	numbers[ATL_PIECE_NUMBERS];
	uint64_t	values[ATL_PIECE_NUMBERS];
	bool		outside[ATL_PIECE_NUMBERS];

	make_numbers(in, plan->codec, plan->parameter & 3, numbers);
	for (uint32_t i = 0; i < in->n; i++)
	{
		outside[i] = !is_inside(&plan->window, numbers[i]);
		values[i] = plan->codec == ATL_PIECE_PACKED ? numbers[i] : numbers[i] ^ UINT64_C(1) << 63;
	}
	write_packed(in, plan, numbers, values, outside, to);
}

static void
write_scaled(const Words *in, const Plan *plan, uint8_t *to)
{
	uint64_t	numbers[ATL_PIECE_NUMBERS];
	bool		outside[ATL_PIECE_NUMBERS];
	int64_t		whole;

	make_wholes(in, plan->parameter, numbers);
	for (uint32_t i = 0; i < in->n; i++)
		outside[i] = !unscale(in, plan->parameter, i, &whole);
	write_packed(in, plan, numbers, in->words, outside, to);
}

static void
write_plan(const Words *in, const Plan *plan, uint8_t *to)
{
	switch (plan->codec)
	{
		case ATL_PIECE_RAW:
			for (uint32_t i = 0; i < in->n; i++)
				to = atl_store_word(to, in->width, in->words[i]);
			break;
		case ATL_PIECE_CONSTANT:
			write_fields(in, plan, to);
			break;
		case ATL_PIECE_SCALED:
			write_scaled(in, plan, write_fields(in, plan, to));
			break;
		default:
			write_windowed(in, plan, write_fields(in, plan, to));
	}
}

static uint8_t *
write_bitmaps(const Words *in, uint8_t *to)
{
	uint32_t	size = (in->n + 7) / 8;

	for (int kind = 0; kind < 2; kind++)
	{
		if ((in->flags >> kind & 1) == 0)
			continue;
		memcpy(to, in->missing[kind], size);
		to += size;
	}
	return to;
}

/* Whether all words are the same kind of null. */
static bool
all_missing(AtlEncoding encoding, const uint64_t *words, uint32_t n)
{
	if (words[0] != atl_word_missing(encoding) && words[0] != atl_word_missing_frame(encoding))
		return false;
	for (uint32_t i = 1; i < n; i++)
		if (words[i] != words[0])
			return false;
	return true;
}

uint32_t
atl_piece_encode(AtlEncoding encoding, const uint64_t *words, uint32_t n, uint8_t *out)
{
	Words		in = {.encoding = encoding, .n = n, .width = atl_encoding_width(encoding)};
	Plan		plan;

	memset(out, 0, ATL_PIECE_HEADER_SIZE);
	if (all_missing(encoding, words, n))
	{
		out[0] = ATL_PIECE_ALL_MISSING;
		out[3] = words[0] == atl_word_missing_frame(encoding);
		return ATL_PIECE_HEADER_SIZE;
	}
	in.bits = in.width * 8;
	memcpy(in.words, words, n * sizeof(*words));
	set_missing_apart(&in);
	plan = make_plan(&in);
	out[0] = (uint8_t) plan.codec;
	out[1] = in.flags;
	out[2] = (uint8_t) plan.window.bits;
	out[3] = (uint8_t) plan.parameter;
	atl_store_u16(out + 4, (uint16_t) plan.window.exceptions);
	write_plan(&in, &plan, write_bitmaps(&in, out + ATL_PIECE_HEADER_SIZE));
	return ATL_PIECE_HEADER_SIZE + bitmaps_size(&in) + plan.size;
}
