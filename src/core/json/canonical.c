/*
 * canonical.c
 *		Canonical text of JSON scalars.
 *
 * "Canonical" follows jsonb, so that JSON comes back the way jsonb would have
 * given it: keys by length and bytes, numbers as numeric prints them, strings
 * with the fewest escapes.  Only the spaces are left out.
 */
#include "core/json/canonical.h"

#include <string.h>

#include "core/base/work.h"
#include "core/json/token.h"

/* Limits of Postgres' numeric: digits before and after the point. */
#define MAX_INTEGER_DIGITS	131072
#define MAX_FRACTION_DIGITS	16383

/* Exponents past this are out of those limits however long the digits are. */
#define MAX_EXPONENT		2000000000

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

/* A number in JSON's grammar, taken apart. */
typedef struct Decimal
{
	bool		negative;
	bool		has_exponent;
	const char *integer;
	int64_t		integer_size;
	const char *fraction;
	int64_t		fraction_size;
	int64_t		exponent;
} Decimal;

static int64_t
count_digits(const char *s, const char *end)
{
	const char *start = s;

	while (s < end && *s >= '0' && *s <= '9')
		s++;
	return s - start;
}

static const char *
take_exponent(const char *s, const char *end, int64_t *exponent)
{
	bool		negative = s < end && *s == '-';

	*exponent = 0;
	if (s < end && (*s == '-' || *s == '+'))
		s++;
	if (count_digits(s, end) == 0)
		return NULL;
	for (; s < end && *s >= '0' && *s <= '9'; s++)
		if (*exponent < MAX_EXPONENT)
			*exponent = *exponent * 10 + (*s - '0');
	if (negative)
		*exponent = -*exponent;
	return s;
}

/* Take a number apart; false when it is not in JSON's grammar. */
static bool
take_number(AtlText number, Decimal *decimal)
{
	const char *s = number.text;
	const char *end = s + number.size;

	memset(decimal, 0, sizeof(*decimal));
	decimal->negative = s < end && *s == '-';
	if (decimal->negative)
		s++;
	decimal->integer = s;
	decimal->integer_size = count_digits(s, end);
	if (decimal->integer_size == 0 || (*s == '0' && decimal->integer_size > 1))
		return false;
	s += decimal->integer_size;
	if (s < end && *s == '.')
	{
		decimal->fraction = s + 1;
		decimal->fraction_size = count_digits(s + 1, end);
		if (decimal->fraction_size == 0)
			return false;
		s += 1 + decimal->fraction_size;
	}
	if (s < end && (*s == 'e' || *s == 'E'))
	{
		decimal->has_exponent = true;
		s = take_exponent(s + 1, end, &decimal->exponent);
	}
	return s == end;
}

/* Digit i of integer and fraction together; zeros on either side. */
static char
digit_at(const Decimal *decimal, int64_t i)
{
	if (i < 0 || i >= decimal->integer_size + decimal->fraction_size)
		return '0';
	if (i < decimal->integer_size)
		return decimal->integer[i];
	return decimal->fraction[i - decimal->integer_size];
}

static bool
decimal_is_zero(const Decimal *decimal)
{
	for (int64_t i = 0; i < decimal->integer_size + decimal->fraction_size; i++)
		if (digit_at(decimal, i) != '0')
			return false;
	return true;
}

/* Append digits [first, first + count); at least one zero for none. */
static AtlStatus
append_digits(AtlBuffer *out, const Decimal *decimal, int64_t first, int64_t count)
{
	AtlStatus	status = atl_buffer_reserve(out, count);

	if (status == ATL_OK)
		for (int64_t i = 0; i < count; i++)
			out->bytes[out->size++] = digit_at(decimal, first + i);
	return status;
}

/* Whether a number is as it should be: most are, having no exponent. */
static bool
is_canonical(const Decimal *decimal)
{
	return !decimal->has_exponent && decimal->integer_size <= MAX_INTEGER_DIGITS &&
		decimal->fraction_size <= MAX_FRACTION_DIGITS && (!decimal->negative || !decimal_is_zero(decimal));
}

AtlStatus
atl_json_append_number(AtlBuffer *out, AtlText number)
{
	Decimal		decimal;
	int64_t		point;			/* digits before the point */
	int64_t		first = 0;		/* first digit that is not a leading zero */
	int64_t		scale;
	bool		zero;
	AtlStatus	status = ATL_OK;

	if (number.size > ATL_MAX_NUMBER || !take_number(number, &decimal))
		return ATL_INVALID;
	if (is_canonical(&decimal))
		return atl_buffer_append(out, number.text, number.size);

	zero = decimal_is_zero(&decimal);
	point = zero ? 1 : decimal.integer_size + decimal.exponent;
	scale = decimal.fraction_size - decimal.exponent;
	if (scale < 0)
		scale = 0;
	while (!zero && first < point && digit_at(&decimal, first) == '0')
		first++;
	if (point - first > MAX_INTEGER_DIGITS || scale > MAX_FRACTION_DIGITS)
		return ATL_INVALID;

	if (decimal.negative && !zero)
		status = atl_buffer_append(out, "-", 1);
	if (status == ATL_OK && (zero || first >= point))
		status = atl_buffer_append(out, "0", 1);
	else if (status == ATL_OK)
		status = append_digits(out, &decimal, first, point - first);
	if (status == ATL_OK && scale > 0)
		status = atl_buffer_append(out, ".", 1);
	if (status == ATL_OK && zero)
		for (int64_t i = 0; i < scale && status == ATL_OK; i++)
			status = atl_buffer_append(out, "0", 1);
	else if (status == ATL_OK)
		status = append_digits(out, &decimal, point, scale);
	return status;
}
