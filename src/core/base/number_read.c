/*
 * number_read.c
 *		Decimal numbers of JSON text to the nearest double.
 *
 * The algorithm of Eisel and Lemire (D. Lemire, "Number parsing at a gigabyte
 * per second", 2021): the leading 19 digits times a power of five of 128 bits
 * settle nearly every number in one or two multiplications.  What they do not
 * settle, and doubles that are not normal, is left to strtod.
 */
#include "core/base/number.h"

#include "core/base/bytes.h"
#include "core/base/powers.h"

/* Digits that 64 bits always hold. */
#define MAX_DIGITS		19

/* Exponents past this are past every double, however many digits there are. */
#define MAX_EXPONENT	INT32_MAX

#define MANTISSA_BITS	52

/* A number in JSON's grammar, taken apart. */
typedef struct Decimal
{
	bool		negative;
	bool		truncated;		/* there are more digits than these */
	uint64_t	digits;
	int64_t		exponent;		/* of ten */
} Decimal;

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether all of 8 characters are digits: their high halves are 3, and stay so with 6 added. */
static inline bool
are_digits(uint64_t chars)
{
	return ((chars & UINT64_C(0xF0F0F0F0F0F0F0F0)) |
			((chars + UINT64_C(0x0606060606060606)) & UINT64_C(0xF0F0F0F0F0F0F0F0)) >> 4) ==
		UINT64_C(0x3333333333333333);
}

/* The number of 8 digits, the first one in the low byte: pairs, fours, all. */
static inline uint64_t
eight_digits(uint64_t chars)
{
	chars -= UINT64_C(0x3030303030303030);
	chars = chars * 10 + (chars >> 8);
	return ((chars & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064) +
			(chars >> 16 & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001)) >> 32;
}

/* Append digits to *number, which wraps around when there are too many. */
static inline const char *
read_digits(const char *s, const char *end, uint64_t *number)
{
	while (end - s >= 8)
	{
		uint64_t	chars = atl_load_u64((const uint8_t *) s);

		if (!are_digits(chars))
			break;
		*number = *number * 100000000 + eight_digits(chars);
		s += 8;
	}
	for (; s < end && is_digit(*s); s++)
		*number = *number * 10 + (uint64_t) (*s - '0');
	return s;
}

/* An exponent, from behind its letter; NULL when it has no digits. */
static const char *
read_exponent(const char *s, const char *end, int64_t *exponent)
{
	bool		negative = s < end && *s == '-';
	int64_t		number = 0;

	if (s < end && (*s == '-' || *s == '+'))
		s++;
	if (s >= end || !is_digit(*s))
		return NULL;
	for (; s < end && is_digit(*s); s++)
		if (number < MAX_EXPONENT)
			number = number * 10 + (*s - '0');
	*exponent += negative ? -number : number;
	return s;
}

/*
 * More than MAX_DIGITS digits in [s, end), with or without a point: take the
 * leading ones, for digits has wrapped around.  Zeros in front do not count.
 */
static void
read_leading_digits(const char *s, const char *end, Decimal *decimal)
{
	int			taken = 0;

	decimal->digits = 0;
	for (; s < end; s++)
	{
		if (*s == '.')
			continue;
		if (taken == MAX_DIGITS)
		{
			decimal->truncated = true;
			decimal->exponent++;
			continue;
		}
		decimal->digits = decimal->digits * 10 + (uint64_t) (*s - '0');
		taken += decimal->digits != 0;
	}
}

/* Take a number apart; returns its end, or NULL. */
static inline const char *
read_decimal(const char *s, const char *end, Decimal *decimal)
{
	const char *start;
	const char *point;

	*decimal = (Decimal) {0};
	if (s < end && *s == '-')
	{
		decimal->negative = true;
		s++;
	}
	start = s;
	if (s >= end || !is_digit(*s))
		return NULL;
	if (*s == '0')
		s++;
	else
		for (; s < end && is_digit(*s); s++)
			decimal->digits = decimal->digits * 10 + (uint64_t) (*s - '0');
	if (s < end && *s == '.')
	{
		point = s++;
		s = read_digits(s, end, &decimal->digits);
		decimal->exponent = point + 1 - s;
		if (decimal->exponent == 0)
			return NULL;
	}
	if (s - start > MAX_DIGITS)
		read_leading_digits(start, s, decimal);
	if (s < end && (*s == 'e' || *s == 'E'))
		s = read_exponent(s + 1, end, &decimal->exponent);
	return s;
}

#ifdef __SIZEOF_INT128__

typedef unsigned __int128 Product;

/* The leading bits of digits, shifted to the top, times a power of five. */
static inline Product
multiply(uint64_t digits, AtlPower power)
{
	Product		product = (Product) digits * power.high;

	/* Bits below those kept are all ones: what comes from further below may carry into them. */
	if ((product >> 64 & 0x1FF) == 0x1FF)
		product += (Product) digits * power.low >> 64;
	return product;
}

/*
 * The double nearest to digits * 10^exponent, if the product tells which that
 * is and it is a normal one.
 */
static inline bool
nearest_double(uint64_t digits, int64_t exponent, double *value)
{
	int			shift = __builtin_clzll(digits);
	Product		product;
	uint64_t	high;
	uint64_t	low;
	uint64_t	mantissa;
	int			top;
	int			binary;

	if (exponent < ATL_POWER_MIN || exponent > ATL_POWER_MAX)
		return false;
	product = multiply(digits << shift, atl_powers[exponent - ATL_POWER_MIN]);
	high = (uint64_t) (product >> 64);
	low = (uint64_t) product;
	if (low == UINT64_MAX)
		return false;

	/* 54 bits: one more than a double has, to round by. */
	top = (int) (high >> 63);
	mantissa = high >> (top + 9);
	/* log2(10) is 217706 / 2^16, closely enough for all exponents here. */
	binary = (int) ((exponent * 217706) >> 16) + 63 + top - shift + 1023;
	if (binary <= 0)
		return false;

	/* Halfway between two doubles is only possible for small powers; then the even one. */
	if (low <= 1 && exponent >= -4 && exponent <= 23 && (mantissa & 3) == 1 &&
		mantissa << (top + 9) == high)
		mantissa &= ~UINT64_C(1);
	mantissa = (mantissa + (mantissa & 1)) >> 1;
	if (mantissa >> (MANTISSA_BITS + 1) != 0)
	{
		mantissa >>= 1;
		binary++;
	}
	if (binary >= 0x7FF)
		return false;
	*value = atl_bits_f64((uint64_t) binary << MANTISSA_BITS |
						  (mantissa & ((UINT64_C(1) << MANTISSA_BITS) - 1)));
	return true;
}

#else

static inline bool
nearest_double(uint64_t digits, int64_t exponent, double *value)
{
	return false;
}

#endif

static inline bool
decimal_to_double(const Decimal *decimal, double *value)
{
	double		above;

	if (decimal->exponent == 0 && decimal->digits >> (MANTISSA_BITS + 1) == 0 && !decimal->truncated)
	{
		*value = (double) decimal->digits;
		return true;
	}
	if (decimal->digits == 0)
	{
		*value = 0;
		return true;
	}
	if (!nearest_double(decimal->digits, decimal->exponent, value))
		return false;
	/* The digits left out are less than one: if that makes no difference, they do not. */
	return !decimal->truncated ||
		(nearest_double(decimal->digits + 1, decimal->exponent, &above) && above == *value);
}

const char *
atl_number_read(const char *text, const char *end, double *value, bool *exact)
{
	Decimal		decimal;

	text = read_decimal(text, end, &decimal);
	if (text == NULL)
		return NULL;
	*exact = decimal_to_double(&decimal, value);
	if (*exact && decimal.negative)
		*value = -*value;
	return text;
}
