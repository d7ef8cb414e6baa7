/*
 * test_number.c
 *		Decimals to doubles and back: what is read at once is what strtod gives,
 *		what is printed at once is what the server prints.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/number.h"
#include "support.h"
#include "tests.h"

#define ROUNDS	400000

static uint32_t numbers_read;
static uint32_t numbers_exact;

/* Read a number that stands in a block of its own; the end that is found, or -1. */
static int
read_alone(const char *text, size_t size, double *value, bool *exact)
{
	char	   *copy = malloc(size + (size == 0));
	const char *end;
	int			result;

	memcpy(copy, text, size);
	end = atl_number_read(copy, copy + size, value, exact);
	result = end == NULL ? -1 : (int) (end - copy);
	free(copy);
	return result;
}

static void
check_number(const char *text)
{
	size_t		size = strlen(text);
	bool		exact;
	double		value;

	unit_context("%s", text);
	CHECK_INT(read_alone(text, size, &value, &exact), size);
	numbers_read++;
	if (!exact)
		return;
	numbers_exact++;
	CHECK_BITS(value, strtod(text, NULL));
}

static void
test_known(void)
{
	static const char *const numbers[] = {
		"0", "-0", "0.0", "-0.0e5", "0e999999999999", "1", "-1", "0.1", "0.3", "1e22", "1e23", "8.5e22", "123456789",
		"12345678", "1234567890123456789", "12345678901234567890", "0.1234567890123456789012345", "1e0", "1E+2", "1e-2",
		"9007199254740991", "9007199254740992", "9007199254740993", "9007199254740993.0", "9007199254740994",
		"9007199254740995", "9007199254740992.99999999999999999999", "9007199254740993.00000000000000000001",
		"6929495644600919.5", "3.7455744005952583e15", "2.2250738585072011e-308", "2.2250738585072014e-308",
		"4.9e-324", "2e-324", "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e308", "1e309",
		"1e-342", "9999999999999999999e-342", "1e-400", "0.000001e-340", "179769313486231580793e289",
		"7.2057594037927933e16", "72057594037927933", "72057594037927937", "1.00000000000000011102230246251565404236316680908203125",
		"1.00000000000000011102230246251565404236316680908203124", "1.00000000000000011102230246251565404236316680908203126",
		"9223372036854775807", "18446744073709551615", "18446744073709551616", "99999999999999999999", "0.00000000000000000001",
		"100000000000000000000000000000000000000000", "0.30000000000000004", "5e-324", "1.448997445238699", "8.98846567431158e307",
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		check_number(numbers[i]);
}

static void
test_grammar(void)
{
	static const struct
	{
		const char *text;
		int			end;
	}			cases[] = {
		{"", -1}, {"-", -1}, {"+1", -1}, {".5", -1}, {"1.", -1}, {"1.e5", -1}, {"1e", -1}, {"1e+", -1}, {"1e-x", -1},
		{"x", -1}, {"--1", -1}, {"NaN", -1}, {"-Infinity", -1}, {"1.5,", 3}, {"01", 1}, {"-01", 2}, {"1.5e3]", 5},
		{"1.5.5", 3}, {"12345678,12345678", 8}, {"0.12345678x12345678", 10}, {"1e5e5", 3}, {"1 2", 1}, {"0x10", 1},
		{"0.1234567:", 9}, {"0.1234567/", 9},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		double		value;
		bool		exact;

		unit_context("\"%s\"", cases[i].text);
		CHECK_INT(read_alone(cases[i].text, strlen(cases[i].text), &value, &exact), cases[i].end);
	}
}

/* A random double of any magnitude, not normal ones among them. */
static double
any_double(void)
{
	double		number = atl_bits_f64(unit_random());

	return isfinite(number) ? number : 0.5;
}

/* As JSON comes: the shortest decimals of doubles, and with more digits than those. */
static void
test_doubles(void)
{
	for (int i = 0; i < ROUNDS; i++)
	{
		char		text[64];

		snprintf(text, sizeof(text), "%.*g", 15 + (int) unit_random_below(8), any_double());
		check_number(text);
		snprintf(text, sizeof(text), "%.*f", 1 + (int) unit_random_below(22), unit_random_double(-1000, 1000));
		check_number(text);
	}
}

/* Any digits and any exponent. */
static void
test_decimals(void)
{
	for (int i = 0; i < ROUNDS; i++)
	{
		char		text[64];

		snprintf(text, sizeof(text), "%llu.%llue%d", (unsigned long long) unit_random() >> unit_random_below(64),
				 (unsigned long long) unit_random() >> unit_random_below(64), (int) unit_random_below(700) - 350);
		check_number(text);
	}
}

/* Halfway between two doubles, and a little beside it. */
static void
test_halfway(void)
{
	for (int i = 0; i < ROUNDS / 4; i++)
	{
		double		number = fabs(ldexp(1 + unit_random_double(0, 1), (int) unit_random_below(140) - 70));
		long double half = ((long double) number + (long double) nextafter(number, DBL_MAX)) / 2;
		char		text[128];
		size_t		size;

		size = (size_t) snprintf(text, sizeof(text), "%.*Lf", 17 + (int) unit_random_below(55), half);
		check_number(text);
		text[size - 1] ^= 1;
		check_number(text);
		snprintf(text, sizeof(text), "%.*Le", 16 + (int) unit_random_below(6), half);
		check_number(text);
	}
}

/* What is left to strtod is rare, or reading is not fast. */
static void
test_how_many(void)
{
	numbers_read = numbers_exact = 0;
	for (int i = 0; i < ROUNDS; i++)
	{
		char		text[64];

		snprintf(text, sizeof(text), "%.*g", 1 + (int) unit_random_below(19), unit_random_double(-1e6, 1e6));
		check_number(text);
	}
	CHECK(numbers_exact >= numbers_read - numbers_read / 10000);
}

/* So is any float32, with the digits of a double or with its own: the table of powers reaches as far. */
static void
test_floats(void)
{
	numbers_read = numbers_exact = 0;
	for (int i = 0; i < ROUNDS; i++)
	{
		uint32_t	bits = (uint32_t) unit_random();
		float		number;
		char		text[64];

		memcpy(&number, &bits, sizeof(number));
		snprintf(text, sizeof(text), "%.*g", unit_random_below(2) == 0 ? 9 : 17, isfinite(number) ? number : FLT_TRUE_MIN);
		check_number(text);
	}
	CHECK(numbers_exact >= numbers_read - numbers_read / 10000);
}

/* Print into a block of just the room that is asked for; whether it was done. */
static bool
check_print(const UnitHost *host, double number)
{
	char	   *text = malloc(ATL_NUMBER_ROOM);
	char		wanted[ATL_DOUBLE_SIZE + 1];
	int			size = atl_number_print(number, text);

	if (size > 0)
	{
		wanted[host->host.format_double(number, wanted)] = '\0';
		unit_context("%s", wanted);
		CHECK_STRING(text, (size_t) size, wanted);
	}
	free(text);
	return size > 0;
}

static void
test_print_known(void)
{
	static const double printed[] = {
		0, 1, -1, 7, 10, 100, 99, 123456789, 12345678, 100000000, 999999999999999, -999999999999999, 562949953421312, 1.5, -1.5, 0.1, 0.3,
		0.30000000000000004, 1.1, 100.25, -0.0001, 0.0001, 0.00012345678901234567, 0.00099999999999999994, 12345678.90625, 1234567.5,
		99999999.5, 123456789012345.7, 99999999999999.984, 1.0000000000000002, 0.99999999999999989, 0.1f, 0.7f, 441.66796875,
		5.5, 9007199254740.9921875, 0.33333333333333331,
	};
	static const double left[] = {
		-0.0, 1e15, -1e15, 1e22, 0.5, 0.25, 0.0000999, 1e-5, 5e-324, DBL_MIN, DBL_MAX, 1e300, 1.5e-300, 2251799813685248.5,
	};
	UnitHost	host;

	unit_host_init(&host);
	for (size_t i = 0; i < sizeof(printed) / sizeof(printed[0]); i++)
		CHECK(check_print(&host, printed[i]));
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		CHECK(!check_print(&host, left[i]));
}

/* Of any magnitude, as f32, of few digits, whole. */
static void
test_print(void)
{
	UnitHost	host;

	unit_host_init(&host);
	for (int i = 0; i < ROUNDS; i++)
	{
		static const double powers[] = {1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 3, 7};

		check_print(&host, any_double());
		check_print(&host, ldexp(unit_random_double(1, 2), (int) unit_random_below(66) - 15));
		check_print(&host, (float) ldexp(unit_random_double(-2, 2), (int) unit_random_below(30) - 15));
		check_print(&host, unit_random_below(100000000) / powers[unit_random_below(10)]);
		check_print(&host, (double) (unit_random() >> unit_random_below(64)));
		check_print(&host, ldexp((double) (unit_random() >> (11 + unit_random_below(40)) | 1), -(int) unit_random_below(60)));
	}
}

const UnitTest unit_number_tests[] = {
	{"number: known cases", test_known},
	{"number: what a number is and where it ends", test_grammar},
	{"number: decimals of doubles", test_doubles},
	{"number: any decimals", test_decimals},
	{"number: halfway between doubles", test_halfway},
	{"number: hardly any is left to strtod", test_how_many},
	{"number: of float32 hardly any, of any magnitude", test_floats},
	{"number: doubles that are printed at once, and that are not", test_print_known},
	{"number: printed as by the server", test_print},
	UNIT_END
};
