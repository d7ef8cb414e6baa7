/*
 * canonical.c
 *		Canonical text of JSON scalars.
 *
 * "Canonical" follows jsonb, so that JSON comes back the way jsonb would have
 * given it: keys by length and bytes, numbers as numeric prints them, strings
 * with the fewest escapes.  Only spaces are left out, and the padding zeros of
 * very large or small numbers: 1e131071 does not take 131,072 bytes here.
 */
#include "core/json/canonical.h"

#include <stdio.h>
#include <string.h>

#include "core/base/decimal.h"
#include "core/base/work.h"
#include "core/json/token.h"

/* Limits of Postgres' numeric: digits before and after the point. */
#define MAX_INTEGER_DIGITS	131072
#define MAX_FRACTION_DIGITS	16383

/* A number padded with more zeros than this is written with an exponent. */
#define MAX_PADDING			32

static const char hex_digits[] = "0123456789abcdef";

static AtlStatus
append_escape(AtlBuffer *out, uint8_t c)
{
	static const char from[] = "\"\\\b\f\n\r\t";
	static const char to[] = "\"\\bfnrt";
	const char *found = strchr(from, c);
	char		escape[6] = {'\\', 'u', '0', '0', hex_digits[c >> 4], hex_digits[c & 15]};

	if (found == NULL)
		return atl_buffer_append(out, escape, 6);
	escape[1] = to[found - from];
	return atl_buffer_append(out, escape, 2);
}

static inline bool
is_plain(uint8_t c)
{
	return c >= 0x20 && c != '"' && c != '\\';
}

/* The first character that needs an escape, or end. */
static const char *
skip_plain(const AtlHost *host, const char *s, const char *end)
{
	const char *stop = atl_stretch_end(s, end);

	for (;;)
	{
		while (s < stop && is_plain((uint8_t) *s))
			s++;
		if (s < stop || s == end)
			return s;
		atl_poll(host);
		stop = atl_stretch_end(s, end);
	}
}

bool
atl_json_is_plain(const AtlHost *host, AtlText string)
{
	return skip_plain(host, string.text, string.text + string.size) == string.text + string.size;
}

AtlStatus
atl_json_append_string(AtlBuffer *out, AtlText string)
{
	const char *s = string.text;
	const char *end = s + string.size;
	AtlWork		work = {.host = out->host};

	ATL_TRY(atl_buffer_append(out, "\"", 1));
	for (;;)
	{
		const char *start = s;

		s = skip_plain(out->host, s, end);
		ATL_TRY(atl_buffer_append(out, start, (size_t) (s - start)));
		if (s == end)
			break;
		atl_work(&work, 20);
		ATL_TRY(append_escape(out, (uint8_t) *s++));
	}
	return atl_buffer_append(out, "\"", 1);
}

/*
 * A number without its zeros in front: size digits, from the one numbered start
 * on, as one integer times 10^exponent.  Zero has no digits.
 */
typedef struct Number
{
	AtlDecimal	decimal;
	int64_t		start;
	int64_t		size;
	int64_t		exponent;
} Number;

/* Digit i of the digits as written, the point not counted. */
static inline char
digit_at(const AtlDecimal *decimal, int64_t i)
{
	return decimal->first[i + (i >= decimal->point - decimal->first)];
}

static Number
find_digits(AtlDecimal decimal)
{
	Number		number = {decimal, 0, 0, decimal.exponent};

	number.size = decimal.point - decimal.first + atl_decimal_fraction(&decimal);
	while (number.size > 0 && digit_at(&decimal, number.start) == '0')
	{
		number.start++;
		number.size--;
	}
	return number;
}

/* Leave out zeros at the end, as many as there are or up to a limit. */
static void
strip_zeros(Number *number, int64_t limit)
{
	while (limit > 0 && number->size > 0 && digit_at(&number->decimal, number->start + number->size - 1) == '0')
	{
		number->size--;
		number->exponent++;
		limit--;
	}
}

/* Append digits [from, from + count) of the number. */
static AtlStatus
append_digits(AtlBuffer *out, const Number *number, int64_t from, int64_t count)
{
	const char *point = number->decimal.point;
	const char *s = number->decimal.first + number->start + from;
	int64_t		before = s >= point ? 0 : point - s < count ? point - s : count;

	ATL_TRY(atl_buffer_append(out, s, (size_t) before));
	if (before == count)
		return ATL_OK;
	return atl_buffer_append(out, s + before + 1, (size_t) (count - before));
}

static AtlStatus
append_padding(AtlBuffer *out, int64_t count)
{
	static const char zeros[MAX_PADDING + 1] = "00000000000000000000000000000000";

	return atl_buffer_append(out, zeros, (size_t) count);
}

static AtlStatus
append_exponent(AtlBuffer *out, int64_t exponent)
{
	char		text[16];

	return atl_buffer_append(out, text, (size_t) snprintf(text, sizeof(text), "e%d", (int) exponent));
}

/* An integer that is not 0: the zeros at its end, written or not, are padding. */
static AtlStatus
append_integer(AtlBuffer *out, Number number)
{
	strip_zeros(&number, INT64_MAX);
	ATL_TRY(append_digits(out, &number, 0, number.size));
	if (number.exponent > MAX_PADDING)
		return append_exponent(out, number.exponent);
	return append_padding(out, number.exponent);
}

/* Append a number with scale digits after the point, padded in front. */
static AtlStatus
append_fraction(AtlBuffer *out, const Number *number, int64_t scale)
{
	int64_t		whole = number->size - scale;

	if (whole > 0)
	{
		ATL_TRY(append_digits(out, number, 0, whole));
		ATL_TRY(atl_buffer_append(out, ".", 1));
		return append_digits(out, number, whole, scale);
	}
	if (whole >= -MAX_PADDING)
	{
		ATL_TRY(atl_buffer_append(out, "0.", 2));
		ATL_TRY(append_padding(out, -whole));
		return append_digits(out, number, 0, number->size);
	}
	if (number->size == 0)
		ATL_TRY(atl_buffer_append(out, "0", 1));
	ATL_TRY(append_digits(out, number, 0, number->size));
	return append_exponent(out, -scale);
}

static AtlStatus
append_number(AtlBuffer *out, const Number *number)
{
	int64_t		scale = number->exponent < 0 ? -number->exponent : 0;

	if (scale > MAX_FRACTION_DIGITS ||
		(number->size > 0 && number->size + number->exponent > MAX_INTEGER_DIGITS))
		return ATL_INVALID;
	if (number->decimal.negative && number->size > 0)
		ATL_TRY(atl_buffer_append(out, "-", 1));
	if (scale > 0)
		return append_fraction(out, number, scale);
	return number->size == 0 ? atl_buffer_append(out, "0", 1) : append_integer(out, *number);
}

/* Whether text is canonical, as most numbers are: short, without exponent. */
static inline bool
is_canonical(AtlText text, const AtlDecimal *decimal)
{
	return decimal->last == text.text + text.size && decimal->last - decimal->first <= MAX_PADDING &&
		(!decimal->negative || decimal->digits != 0);
}

AtlStatus
atl_json_append_number(AtlBuffer *out, AtlText text)
{
	AtlDecimal	decimal;
	Number		number;

	if (text.size > ATL_MAX_NUMBER || !atl_decimal_take(text, &decimal))
		return ATL_INVALID;
	if (is_canonical(text, &decimal))
		return atl_buffer_append(out, text.text, text.size);
	number = find_digits(decimal);
	return append_number(out, &number);
}

/* Append a number without the zeros at the end of its fraction. */
static AtlStatus
append_shortest(AtlBuffer *out, const AtlDecimal *decimal)
{
	Number		number = find_digits(*decimal);

	if (number.size == 0)
		number.exponent = 0;
	strip_zeros(&number, -number.exponent);
	return append_number(out, &number);
}

/* Skip a string, from its first character on, and its closing quote. */
static const char *
skip_string(const AtlHost *host, const char *s, const char *end)
{
	const char *polled = s;

	while (s < end && *s != '"')
	{
		s += *s == '\\' && end - s > 1 ? 2 : 1;
		if (s - polled < ATL_STRETCH)
			continue;
		atl_poll(host);
		polled = s;
	}
	return s < end ? s + 1 : end;
}

AtlStatus
atl_json_append_comparable(AtlBuffer *out, AtlText json)
{
	const char *s = json.text;
	const char *end = s + json.size;
	const char *copied = s;		/* all before this is in out */
	AtlDecimal	decimal;

	/* Comparable text is never longer than canonical text. */
	ATL_TRY(atl_buffer_reserve(out, json.size));
	while (s < end)
	{
		bool		begins = *s == '-' || atl_is_digit(*s);
		const char *behind = begins ? atl_decimal_read(s, end, &decimal) : NULL;

		/* A damaged image may have a sign alone. */
		if (behind == NULL)
		{
			s = *s == '"' ? skip_string(out->host, s + 1, end) : s + 1;
			continue;
		}
		atl_poll(out->host);
		if (decimal.exponent < 0)
		{
			ATL_TRY(atl_buffer_append(out, copied, (size_t) (s - copied)));
			ATL_TRY(append_shortest(out, &decimal));
			copied = behind;
		}
		s = behind;
	}
	return atl_buffer_append(out, copied, (size_t) (end - copied));
}
