/*
 * test_json.c
 *		Canonical JSON scalars, numbers and strings; and comparable text.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json/canonical.h"
#include "support.h"
#include "tests.h"

/* Append a number that stands in a block of its own. */
static AtlStatus
number(AtlBuffer *out, const char *text, size_t size)
{
	char	   *copy = malloc(size + (size == 0));
	AtlText		input = {copy, (uint32_t) size};
	AtlStatus	status;

	memcpy(copy, text, size);
	out->size = 0;
	status = atl_json_append_number(out, input);
	free(copy);
	return status;
}

static void
test_numbers(void)
{
	static const char *const numbers[][2] = {
		{"0", "0"}, {"-0", "0"}, {"-0.0", "0.0"}, {"0.00", "0.00"}, {"0e10", "0"}, {"0e-3", "0.000"},
		{"0.0e1", "0"}, {"0.000e2", "0.0"}, {"-0e-2", "0.00"}, {"0e999999999", "0"}, {"0E+5", "0"},
		{"1", "1"}, {"-1", "-1"}, {"10", "10"}, {"1.0", "1.0"}, {"1.50", "1.50"},
		{"1e5", "100000"}, {"1.50e1", "15.0"}, {"1E-3", "0.001"}, {"1.5e+2", "150"}, {"1.5e2", "150"},
		{"12.5e-1", "1.25"}, {"100e-2", "1.00"}, {"100e-5", "0.00100"}, {"0.00100e2", "0.100"},
		{"0.001e3", "1"}, {"0.0012e3", "1.2"}, {"0.0012e2", "0.12"}, {"-2.5E-4", "-0.00025"},
		{"123456789012345678901234567890.5", "123456789012345678901234567890.5"},
		{"1e-20", "0.00000000000000000001"}, {"9.99e2", "999"}, {"1e0", "1"}, {"1e-0", "1"},
		{"1.10e00001", "11.0"},
		/* 32 zeros of padding, and one more */
		{"1e32", "100000000000000000000000000000000"}, {"1e33", "1e33"}, {"-12e33", "-12e33"}, {"120e32", "12e33"},
		{"0.0012e36", "1200000000000000000000000000000000"}, {"0.0012e37", "12e33"},
		{"1000000000000000000000000000000000", "1e33"}, {"1000000000000000000000000000000000.0", "1000000000000000000000000000000000.0"},
		{"1e-33", "0.000000000000000000000000000000001"}, {"1e-34", "1e-34"}, {"-12e-35", "-12e-35"},
		{"0.0000000000000000000000000000000001", "1e-34"}, {"1.00e-40", "100e-42"}, {"100e-42", "100e-42"},
		{"0.0010e-40", "10e-44"}, {"1.5e-16382", "15e-16383"}, {"0e-32", "0.00000000000000000000000000000000"},
		{"0e-33", "0e-33"}, {"-0.0e-32", "0e-33"}, {"0.00e-16381", "0e-16383"}, {"0e-16383", "0e-16383"},
		{"1e131071", "1e131071"}, {"0.10e131072", "1e131071"},
	};
	UnitHost	host;
	AtlBuffer	out;

	unit_host_init(&host);
	atl_buffer_init(&out, &host.host);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
	{
		unit_context("%s", numbers[i][0]);
		CHECK_INT(number(&out, numbers[i][0], strlen(numbers[i][0])), ATL_OK);
		CHECK_STRING(out.bytes, out.size, numbers[i][1]);
	}
	atl_buffer_free(&out);
}

static void
test_not_numbers(void)
{
	static const char *const refused[] = {
		"", "-", "+1", "01", "-01", "00", "1.", ".5", "-.5", "1.e5", "1e", "1e+", "1e-", "1ee5", "1x", " 1", "1 ",
		"0x1", "--1", "1.2.3", "1e5.0", "NaN", "Infinity", "-Infinity", "1,0", "e5", "1e5e5",
	};
	UnitHost	host;
	AtlBuffer	out;

	unit_host_init(&host);
	atl_buffer_init(&out, &host.host);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
	{
		unit_context("\"%s\"", refused[i]);
		CHECK_INT(number(&out, refused[i], strlen(refused[i])), ATL_INVALID);
	}
	atl_buffer_free(&out);
}

static void
test_exponent_limits(void)
{
	static const struct
	{
		const char *text;
		AtlStatus	status;
		size_t		size;		/* when it is accepted */
	}			limits[] = {
		{"1e131071", ATL_OK, 8}, {"1e131072", ATL_INVALID, 0},
		{"9.9e131071", ATL_OK, 9}, {"99e131070", ATL_OK, 9}, {"99e131071", ATL_INVALID, 0},
		{"0.001e131074", ATL_OK, 8}, {"0.001e131075", ATL_INVALID, 0},
		{"1e-16383", ATL_OK, 8}, {"1e-16384", ATL_INVALID, 0}, {"-1.5e-16382", ATL_OK, 10},
		{"1.5e-16383", ATL_INVALID, 0}, {"0e-16383", ATL_OK, 8}, {"0e-16384", ATL_INVALID, 0},
		{"1e2000000000", ATL_INVALID, 0}, {"1e-2000000000", ATL_INVALID, 0},
		{"1e99999999999999999999999999", ATL_INVALID, 0}, {"1e-99999999999999999999999999", ATL_INVALID, 0},
		{"0e99999999999999999999999999", ATL_OK, 1}, {"0e-99999999999999999999999999", ATL_INVALID, 0},
	};
	UnitHost	host;
	AtlBuffer	out;

	unit_host_init(&host);
	atl_buffer_init(&out, &host.host);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
	{
		unit_context("%s", limits[i].text);
		CHECK_INT(number(&out, limits[i].text, strlen(limits[i].text)), limits[i].status);
		if (limits[i].status == ATL_OK)
			CHECK_INT(out.size, limits[i].size);
	}
	atl_buffer_free(&out);
}

/* Digits written out, one too many and just as many. */
static void
test_digit_limits(void)
{
	size_t		room = 131072 + 16383 + 4;
	char	   *text = malloc(room);
	UnitHost	host;
	AtlBuffer	out;

	memset(text, '7', room);
	unit_host_init(&host);
	atl_buffer_init(&out, &host.host);
	CHECK_INT(number(&out, text, 131072), ATL_OK);
	CHECK_INT(out.size, 131072);
	CHECK_INT(number(&out, text, 131073), ATL_INVALID);
	text[131072] = '.';
	CHECK_INT(number(&out, text, 131073 + 16383), ATL_OK);
	CHECK(out.size == 131073 + 16383 && memcmp(out.bytes, text, out.size) == 0);
	CHECK_INT(number(&out, text, 131073 + 16384), ATL_INVALID);
	atl_buffer_free(&out);
	free(text);
	CHECK_INT(host.blocks, 0);
}

/* A random number in JSON's grammar. */
static size_t
random_number(char *text)
{
	static const uint32_t exponents[] = {8, 41, 91, 701};
	uint32_t	exponent = exponents[unit_random_below(4)];
	char	   *at = text;

	at += sprintf(at, "%s%u", unit_random_below(2) == 0 ? "-" : "", unit_random_below(unit_random_below(2) == 0 ? 3 : 100000));
	if (unit_random_below(3) == 0 && at[-1] != '0')
		at += sprintf(at, "%0*u", 1 + (int) unit_random_below(40), unit_random_below(2) == 0 ? 0 : unit_random_below(1000));
	if (unit_random_below(2) == 0)
		at += sprintf(at, ".%0*u", 1 + (int) unit_random_below(unit_random_below(2) == 0 ? 9 : 50),
					  unit_random_below(2) == 0 ? 0 : unit_random_below(1000));
	if (unit_random_below(2) == 0)
		at += sprintf(at, "%c%+d", "eE"[unit_random_below(2)], (int) unit_random_below(exponent) - (int) exponent / 2);
	return (size_t) (at - text);
}

/*
 * What numeric prints, worked out the slow way: the digits in a row of zeros,
 * where the point goes, and how many digits stand behind it.
 */
static void
numeric_text(const char *number, char *text)
{
	enum
	{
		MIDDLE = 600
	};
	char		row[2 * MIDDLE];
	const char *s = number + (*number == '-');
	int			at = MIDDLE - (int) strcspn(s, ".eE");
	int			first = at;
	int			scale = 0;
	int			exponent = 0;
	bool		fraction = false;
	bool		zero = true;

	memset(row, '0', sizeof(row));
	for (; *s != '\0' && *s != 'e' && *s != 'E'; s++)
		if (*s == '.')
			fraction = true;
		else
		{
			row[at++] = *s;
			zero = zero && *s == '0';
			scale += fraction;
		}
	if (*s != '\0')
		exponent = atoi(s + 1);
	scale = scale - exponent > 0 ? scale - exponent : 0;
	while (first < MIDDLE + exponent - 1 && row[first] == '0')
		first++;
	if (zero || first > MIDDLE + exponent - 1)
		first = MIDDLE + exponent - 1;
	text += sprintf(text, "%s%.*s", *number == '-' && !zero ? "-" : "", MIDDLE + exponent - first, row + first);
	if (scale > 0)
		sprintf(text, ".%.*s", scale, row + MIDDLE + exponent);
}

/* How many zeros a plain number has that an exponent can stand for. */
static size_t
count_padding(const char *plain)
{
	const char *point = strchr(plain, '.');
	size_t		size = strlen(plain);
	size_t		zeros = 0;

	plain += *plain == '-';
	if (point == NULL)
		while (size > 0 && strcmp(plain, "0") != 0 && plain[strlen(plain) - 1 - zeros] == '0')
			zeros++;
	else if (plain[0] == '0')
		zeros = strspn(point + 1, "0");
	return zeros;
}

/*
 * Canonical text has the value and the digits of numeric's, is the same for
 * both, and stays what it is; there is an exponent exactly where there would
 * be more than 32 zeros.
 */
static void
test_random_numbers(void)
{
	UnitHost	host;
	AtlBuffer	out;
	AtlBuffer	again;
	int			written = 0;

	unit_host_init(&host);
	atl_buffer_init(&out, &host.host);
	atl_buffer_init(&again, &host.host);
	for (int i = 0; i < 50000; i++)
	{
		char		text[160];
		char		plain[1024];
		char		canonical[1024] = "";
		char		same[1024];
		size_t		size = random_number(text);

		unit_context("%s", text);
		CHECK_INT(number(&out, text, size), ATL_OK);
		memcpy(canonical, out.bytes, out.size);
		numeric_text(text, plain);
		numeric_text(canonical, same);
		CHECK_STRING(same, strlen(same), plain);
		CHECK((strchr(canonical, 'e') != NULL) == (count_padding(plain) > 32));
		if (strchr(canonical, 'e') == NULL)
			CHECK_STRING(canonical, strlen(canonical), plain);
		else
			written++;
		CHECK_INT(number(&again, canonical, strlen(canonical)), ATL_OK);
		CHECK_STRING(again.bytes, again.size, canonical);
		CHECK_INT(number(&again, plain, strlen(plain)), ATL_OK);
		CHECK_STRING(again.bytes, again.size, canonical);
	}
	CHECK(written > 5000);
	atl_buffer_free(&out);
	atl_buffer_free(&again);
}

/* Comparable text: equal exactly for equal values. */
static void
test_comparable(void)
{
	static const char *const texts[][2] = {
		{"1", "1"}, {"1.0", "1"}, {"1.50", "1.5"}, {"0.00", "0"}, {"-1.000", "-1"}, {"100", "100"}, {"100.0", "100"}, {"0e-16383", "0"},
		{"100e-42", "1e-40"}, {"10e-34", "0.000000000000000000000000000000001"}, {"1e40", "1e40"}, {"12.05", "12.05"},
		{"1000000000000000000000000000000000.0", "1e33"}, {"\"1.0\"", "\"1.0\""}, {"\"a\\\"1.0\"", "\"a\\\"1.0\""},
		{"[1.0,-2.50,\"3.0\",true,null]", "[1,-2.5,\"3.0\",true,null]"}, {"{\"1.0\":1.0,\"b\":[{}]}", "{\"1.0\":1,\"b\":[{}]}"},
		{"", ""}, {"\"\\\\\"", "\"\\\\\""},
		/* of damaged images */
		{"-", "-"}, {"-,1.0", "-,1"}, {"007.0", "007"}, {"1.", "1."}, {"1e", "1e"}, {"\"1.0", "\"1.0"}, {"\"\\", "\"\\"},
	};
	UnitHost	host;
	AtlBuffer	out;

	unit_host_init(&host);
	atl_buffer_init(&out, &host.host);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
	{
		size_t		size = strlen(texts[i][0]);
		char	   *copy = malloc(size + (size == 0));
		AtlText		text = {copy, (uint32_t) size};

		memcpy(copy, texts[i][0], size);
		unit_context("%s", texts[i][0]);
		out.size = 0;
		CHECK_INT(atl_json_append_comparable(&out, text), ATL_OK);
		CHECK_STRING(out.bytes, out.size, texts[i][1]);
		free(copy);
	}
	atl_buffer_free(&out);
	CHECK_INT(host.blocks, 0);
}

static void
check_string(AtlBuffer *out, const char *string, uint32_t size, const char *wanted)
{
	AtlText		text = {string, size};

	unit_context("%s", wanted);
	out->size = 0;
	CHECK_INT(atl_json_append_string(out, text), ATL_OK);
	CHECK_STRING(out->bytes, out->size, wanted);
}

static void
test_strings(void)
{
	UnitHost	host;
	AtlBuffer	out;

	unit_host_init(&host);
	atl_buffer_init(&out, &host.host);
	check_string(&out, "", 0, "\"\"");
	check_string(&out, "plain", 5, "\"plain\"");
	check_string(&out, "a\"b\\c/d", 7, "\"a\\\"b\\\\c/d\"");
	check_string(&out, "\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"");
	check_string(&out, "\x01\x0B\x1F\x7F", 4, "\"\\u0001\\u000b\\u001f\x7F\"");
	check_string(&out, "\xC3\xA9\xF0\x9F\x98\x80<>&", 9, "\"\xC3\xA9\xF0\x9F\x98\x80<>&\"");
	check_string(&out, "\"", 1, "\"\\\"\"");
	atl_buffer_free(&out);
	CHECK_INT(host.blocks, 0);
}

/* Exactly the bytes below 0x20, the quote and the backslash are escaped. */
static void
test_every_byte(void)
{
	UnitHost	host;
	AtlBuffer	out;

	unit_host_init(&host);
	atl_buffer_init(&out, &host.host);
	for (int byte = 1; byte < 256; byte++)
	{
		char		c = (char) byte;
		AtlText		text = {&c, 1};
		bool		escaped = byte < 0x20 || c == '"' || c == '\\';

		unit_context("%d", byte);
		out.size = 0;
		CHECK_INT(atl_json_append_string(&out, text), ATL_OK);
		CHECK((out.size == 3) == !escaped);
		CHECK(escaped ? out.bytes[1] == '\\' : out.bytes[1] == (uint8_t) byte);
	}
	atl_buffer_free(&out);
}

const UnitTest unit_json_tests[] = {
	{"json: canonical numbers", test_numbers},
	{"json: what is no number", test_not_numbers},
	{"json: limits of numeric, by exponent", test_exponent_limits},
	{"json: limits of numeric, by digits", test_digit_limits},
	{"json: random numbers are numeric's", test_random_numbers},
	{"json: comparable text", test_comparable},
	{"json: strings", test_strings},
	{"json: every byte in a string", test_every_byte},
	UNIT_END
};
