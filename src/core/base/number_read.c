/*
 * number_read.c
 *		Decimal numbers of JSON text to the nearest double.
 *
 * The algorithm of Eisel and Lemire (D. Lemire, "Number parsing at a gigabyte
 * per second", 2021): the leading 19 digits times a power of five of 128 bits
 * settle nearly every number in one or two multiplications.  Numbers that stay
 * open, powers that the table does not have (powers.h), and doubles that are
 * not normal are left to strtod.
 */
#include "core/base/number.h"

#include "core/base/decimal.h"
#include "core/base/powers.h"

#define MANTISSA_BITS	52

#ifdef __SIZEOF_INT128__

typedef unsigned __int128 Product;

/* The leading bits of digits, shifted to the top, times a power of five. */
static inline Product
multiply(uint64_t digits, AtlPower power)
{
	Product		product = (Product) digits * power.high;

	/* The bits below the kept bits are all ones: power.low may carry. */
	if ((product >> 64 & 0x1FF) == 0x1FF)
		product += (Product) digits * power.low >> 64;
	return product;
}

/*
 * Set *value to the double nearest to digits * 10^exponent; false if the
 * product leaves the nearest open, or if it is not a normal double.
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

	/* Halfway between two doubles (small powers only): take the even one. */
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
decimal_to_double(const AtlDecimal *decimal, double *value)
{
	int64_t		exponent = decimal->exponent + decimal->dropped;
	double		above;

	if (exponent == 0 && decimal->digits >> (MANTISSA_BITS + 1) == 0 && decimal->dropped == 0)
	{
		*value = (double) decimal->digits;
		return true;
	}
	if (decimal->digits == 0)
	{
		*value = 0;
		return true;
	}
	if (!nearest_double(decimal->digits, exponent, value))
		return false;
	/* Dropped digits add less than 1: exact if digits + 1 gives the same. */
	return decimal->dropped == 0 ||
		(nearest_double(decimal->digits + 1, exponent, &above) && above == *value);
}

const char *
atl_number_read(const char *text, const char *end, double *value, bool *exact)
{
	AtlDecimal	decimal;

	text = atl_decimal_read(text, end, &decimal);
	if (text == NULL)
		return NULL;
	*exact = decimal_to_double(&decimal, value);
	if (*exact && decimal.negative)
		*value = -*value;
	return text;
}
