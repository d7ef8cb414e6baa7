/*
 * number_print.c
 *		Doubles to the shortest decimals that read back as the same.
 *
 * R. Giulietti's algorithm ("The Schubfach way to render doubles", 2021) for
 * what series are made of: whole numbers, and normal doubles that are printed
 * without an exponent.  The host's format_double gives the same digits for
 * these, and prints all other doubles.
 */
#include "core/base/number.h"

#include "core/base/bytes.h"
#include "core/base/powers.h"

#define MANTISSA_BITS	52
#define EXPONENT_BIAS	1075	/* of a whole mantissa */

/* Numbers from here on are printed with an exponent. */
#define MAX_WHOLE		1e15

#ifdef __SIZEOF_INT128__

typedef unsigned __int128 Chars;

/*
 * The digits of a decimal as characters, without zeros in front.  The digits
 * stay in registers until their final place is known: loading bytes that were
 * just stored in other widths takes longer than all the rest.
 */
typedef struct Digits
{
	Chars		chars;			/* the first 16, the first one lowest; then
								 * zeros */
	char		last;			/* the 17th */
	int			size;
	int			zeros;			/* at the end */
} Digits;

/* The 8 digits of a number, one a byte, the first one lowest: halves, quarters, all. */
static inline uint64_t
split_digits(uint32_t number)
{
	uint64_t	fours = number / 10000 | (uint64_t) (number % 10000) << 32;
	uint64_t	hundreds = (fours * 10486) >> 20 & UINT64_C(0x0000007F0000007F);
	uint64_t	pairs = hundreds | (fours - hundreds * 100) << 16;
	uint64_t	tens = (pairs * 103) >> 10 & UINT64_C(0x000F000F000F000F);

	return tens | (pairs - tens * 10) << 8;
}

/* The digits of a number that is not 0 and has at most 17 of them. */
static inline Digits
make_digits(uint64_t number)
{
	uint64_t	first = number / UINT64_C(10000000000000000);
	uint64_t	middle = split_digits((uint32_t) (number / 100000000 % 100000000));
	uint64_t	end = split_digits((uint32_t) (number % 100000000));
	Digits		digits = {.chars = (Chars) end << 64 | middle, .last = '0', .size = 17};

	if (end != 0)
		digits.zeros = __builtin_clzll(end) / 8;
	else
		digits.zeros = middle != 0 ? 8 + __builtin_clzll(middle) / 8 : 16;
	if (first != 0)
	{
		digits.chars = digits.chars << 8 | first;
		digits.last = (char) ('0' + (end >> 56));
	}
	else
	{
		int			leading = middle != 0 ? __builtin_ctzll(middle) / 8 : 8 + __builtin_ctzll(end) / 8;

		digits.chars >>= 8 * leading;
		digits.size = 16 - leading;
	}
	digits.chars |= (Chars) UINT64_C(0x3030303030303030) << 64 | UINT64_C(0x3030303030303030);
	return digits;
}

static inline void
store_chars(char *text, Chars chars)
{
	atl_store_u64((uint8_t *) text, (uint64_t) chars);
	atl_store_u64((uint8_t *) text + 8, (uint64_t) (chars >> 64));
}

/* Store all digits; always writes 17 characters. */
static inline void
store_digits(char *text, const Digits *digits)
{
	store_chars(text, digits->chars);
	text[16] = digits->last;
}

static inline int
print_whole(uint64_t number, char *text)
{
	Digits		digits = make_digits(number);

	store_digits(text, &digits);
	return digits.size;
}

/* Store the digits, with a point behind the first 1 to 15 of them. */
static inline void
store_with_point(char *text, const Digits *digits, int point)
{
	uint64_t	low = (uint64_t) digits->chars;
	uint64_t	before;

	if (point < 8)
	{
		before = (UINT64_C(1) << (8 * point)) - 1;
		atl_store_u64((uint8_t *) text, (low & before) | (uint64_t) '.' << (8 * point) | (low & ~before) << 8);
		store_chars(text + 8, digits->chars >> 56);
		text[17] = digits->last;
		return;
	}
	store_digits(text + 1, digits);
	for (int i = 0; i < point; i++)
		text[i] = (char) (digits->chars >> (8 * i));
	text[point] = '.';
}

/* A decimal: digits * 10^exponent. */
typedef struct Shortest
{
	uint64_t	digits;
	int			exponent;
} Shortest;

/* The high 64 bits of a product; the lowest is also set if any low bit is. */
static inline uint64_t
multiply_to_odd(uint64_t power, uint64_t number)
{
	Chars		product = (Chars) power * number;

	return (uint64_t) (product >> 64) | ((uint64_t) product != 0);
}

/*
 * The shortest decimal that reads as mantissa * 2^exponent: it lies between
 * the middles to both neighbours, which are equally far away.  Of several
 * decimals the nearest, of two nearest the even one.  It may end in zeros.
 *
 * The exponent is from -75 to -1.  The powers of five are exact for these in
 * their high 64 bits; and the middles, which have more binary places than any
 * candidate, are never candidates themselves.
 */
static inline Shortest
find_shortest(uint64_t mantissa, int exponent)
{
	/* floor(exponent * log10(2)), and the binary exponent of 10^-k. */
	int			k = (exponent * 1262611) >> 22;
	int			shift = exponent + ((-k * 1741647) >> 19) + 1;
	uint64_t	power = atl_powers[-k - ATL_POWER_MIN].high;
	uint64_t	value = multiply_to_odd(power, (mantissa * 4) << shift);
	uint64_t	lower = multiply_to_odd(power, (mantissa * 4 - 2) << shift);
	uint64_t	upper = multiply_to_odd(power, (mantissa * 4 + 2) << shift);
	uint64_t	digits = value / 4;
	uint64_t	tens = digits / 10;
	bool		below = lower < 40 * tens;
	bool		above = 40 * tens + 40 < upper;
	uint64_t	middle;

	/* All these are quarters of units. */
	if (below != above)
		return (Shortest) {tens + above, k + 1};
	below = lower < 4 * digits;
	above = 4 * digits + 4 < upper;
	if (below != above)
		return (Shortest) {digits + above, k};
	middle = 4 * digits + 2;
	return (Shortest) {digits + (value > middle || (value == middle && (digits & 1) != 0)), k};
}

/* Print a fraction from 0.0001 on, with no exponent; returns 0 for others. */
static inline int
print_fraction(Shortest shortest, char *text)
{
	Digits		digits = make_digits(shortest.digits);
	int			point = digits.size + shortest.exponent;
	int			size = digits.size - digits.zeros;

	if (point <= -4 || point > 15 || point >= size)
		return 0;
	if (point > 0)
	{
		store_with_point(text, &digits, point);
		return size + 1;
	}
	atl_store_u64((uint8_t *) text, UINT64_C(0x3030303030302E30));
	store_digits(text + 2 - point, &digits);
	return size + 2 - point;
}

static inline int
print_normal(uint64_t bits, char *text)
{
	uint64_t	mantissa = bits & ((UINT64_C(1) << MANTISSA_BITS) - 1);
	int			exponent = (int) (bits >> MANTISSA_BITS & 0x7FF);

	/* No powers of two (nearer to the double below), no tiny or whole ones. */
	if (mantissa == 0 || exponent < EXPONENT_BIAS - 75 || exponent >= EXPONENT_BIAS)
		return 0;
	mantissa |= UINT64_C(1) << MANTISSA_BITS;
	return print_fraction(find_shortest(mantissa, exponent - EXPONENT_BIAS), text);
}

int
atl_number_print(double value, char *text)
{
	uint64_t	bits = atl_f64_bits(value);
	int			sign = (int) (bits >> 63);
	double		size = sign ? -value : value;
	int			written;

	text[0] = '-';
	if (size >= 1 && size < MAX_WHOLE && size == (double) (int64_t) size)
		written = print_whole((uint64_t) size, text + sign);
	else if (bits == 0)
	{
		text[0] = '0';
		written = 1;
	}
	else
		written = print_normal(bits, text + sign);
	return written == 0 ? 0 : written + sign;
}

#else

int
atl_number_print(double value, char *text)
{
	return 0;
}

#endif
