/*
 * decimal.h
 *		A number of JSON text, taken apart.
 *
 * All who read a number, as a double, as numeric's text or as an integer with
 * a scale, begin here, and so agree on what a number is and where it ends.
 * The functions are inline: they are called millions of times, and the
 * compiler leaves out fields that a caller does not use.
 */
#ifndef ATL_BASE_DECIMAL_H
#define ATL_BASE_DECIMAL_H

#include "core/base/bytes.h"
#include "core/base/status.h"

/* Digits that 64 bits always hold. */
#define ATL_DECIMAL_DIGITS	19

/* Exponents past this are past every limit, however many digits there are. */
#define ATL_DECIMAL_EXPONENT	INT32_MAX

/*
 * The value is all written digits, read as one integer, times 10^exponent.
 * The field digits has at most the first 19, zeros in front not counted.
 */
typedef struct AtlDecimal
{
	bool		negative;
	uint64_t	digits;			/* the leading digits, as a number */
	int64_t		dropped;		/* number of digits behind the leading ones */
	int64_t		exponent;
	const char *first;			/* the digits as written: [first, last) */
	const char *point;			/* the point between them, or last */
	const char *last;			/* end of the digits; an exponent may follow */
} AtlDecimal;

/* Digits behind the point, as written. */
static inline int64_t
atl_decimal_fraction(const AtlDecimal *decimal)
{
	return decimal->point == decimal->last ? 0 : decimal->last - decimal->point - 1;
}

static inline bool
atl_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether 8 characters are digits: high half 3, and still 3 with 6 added. */
static inline bool
atl_are_digits(uint64_t chars)
{
	return ((chars & UINT64_C(0xF0F0F0F0F0F0F0F0)) |
			((chars + UINT64_C(0x0606060606060606)) & UINT64_C(0xF0F0F0F0F0F0F0F0)) >> 4) ==
		UINT64_C(0x3333333333333333);
}

/* The number of 8 digits, the first one in the low byte: pairs, fours, all. */
static inline uint64_t
atl_eight_digits(uint64_t chars)
{
	chars -= UINT64_C(0x3030303030303030);
	chars = chars * 10 + (chars >> 8);
	return ((chars & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064) +
			(chars >> 16 & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001)) >> 32;
}

/* Append digits to *number, which wraps around when there are too many. */
static inline const char *
atl_read_digits(const char *s, const char *end, uint64_t *number)
{
	while (end - s >= 8)
	{
		uint64_t	chars = atl_load_u64((const uint8_t *) s);

		if (!atl_are_digits(chars))
			break;
		*number = *number * 100000000 + atl_eight_digits(chars);
		s += 8;
	}
	for (; s < end && atl_is_digit(*s); s++)
		*number = *number * 10 + (uint64_t) (*s - '0');
	return s;
}

/* Add the exponent at s, behind its letter; NULL when it has no digits. */
static inline const char *
atl_read_exponent(const char *s, const char *end, int64_t *exponent)
{
	bool		negative = s < end && *s == '-';
	int64_t		number = 0;

	if (s < end && (*s == '-' || *s == '+'))
		s++;
	if (s >= end || !atl_is_digit(*s))
		return NULL;
	for (; s < end && atl_is_digit(*s); s++)
		if (number < ATL_DECIMAL_EXPONENT)
			number = number * 10 + (*s - '0');
	*exponent += negative ? -number : number;
	return s;
}

/*
 * The first 19 digits of [s, end) as a number; a point and zeros in front do
 * not count.  The number of further digits is added to *dropped.
 */
static inline uint64_t
atl_leading_digits(const char *s, const char *end, int64_t *dropped)
{
	uint64_t	digits = 0;
	int			taken = 0;

	for (; s < end; s++)
	{
		if (*s == '.')
			continue;
		if (taken == ATL_DECIMAL_DIGITS)
		{
			*dropped += 1;
			continue;
		}
		digits = digits * 10 + (uint64_t) (*s - '0');
		taken += digits != 0;
	}
	return digits;
}

/* Take apart the number that starts at s; returns its end, or NULL if none. */
static inline const char *
atl_decimal_read(const char *s, const char *end, AtlDecimal *decimal)
{
	const char *first;
	const char *point;
	const char *last;
	uint64_t	digits = 0;
	int64_t		dropped = 0;
	int64_t		exponent = 0;

	decimal->negative = s < end && *s == '-';
	s += decimal->negative;
	first = s;
	if (s >= end || !atl_is_digit(*s))
		return NULL;
	/* The integer part is mostly short; if it begins with 0, it is 0. */
	if (*s == '0')
		s++;
	else
		for (; s < end && atl_is_digit(*s); s++)
			digits = digits * 10 + (uint64_t) (*s - '0');
	point = s;
	if (s < end && *s == '.')
	{
		s = atl_read_digits(s + 1, end, &digits);
		exponent = point + 1 - s;
		if (exponent == 0)
			return NULL;
	}
	last = s;
	if (last - first > ATL_DECIMAL_DIGITS)
		digits = atl_leading_digits(first, last, &dropped);
	if (s < end && (*s == 'e' || *s == 'E'))
		s = atl_read_exponent(s + 1, end, &exponent);
	decimal->digits = digits;
	decimal->dropped = dropped;
	decimal->exponent = exponent;
	decimal->first = first;
	decimal->point = point;
	decimal->last = last;
	return s;
}

/* Take apart a text that is one number; false if it is not. */
static inline bool
atl_decimal_take(AtlText text, AtlDecimal *decimal)
{
	const char *end = atl_decimal_read(text.text, text.text + text.size, decimal);

	return end != NULL && end == text.text + text.size;
}

/* Whether text has no exponent, and all digits are in decimal->digits. */
static inline bool
atl_decimal_is_plain(AtlText text, const AtlDecimal *decimal)
{
	return decimal->last == text.text + text.size && decimal->dropped == 0;
}

#endif							/* ATL_BASE_DECIMAL_H */
