/*
 * harness.c
 *		Checks, TAP and random numbers for the tests of the core.
 */
#include "harness.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* More failures of one test than this are only counted. */
#define MAX_SHOWN	5

static int	failures;			/* of the test that runs */
static char context[512];
static uint64_t random_state;

void
unit_context(const char *format, ...)
{
	va_list		args;

	va_start(args, format);
	vsnprintf(context, sizeof(context), format, args);
	va_end(args);
}

/* Whether one more failed check is to be explained; starts the line. */
static bool
begin_failure(const char *file, int line)
{
	const char *slash = strrchr(file, '/');

	if (failures++ >= MAX_SHOWN)
		return false;
	printf("# %s:%d: ", slash == NULL ? file : slash + 1, line);
	if (context[0] != '\0')
		printf("[%s] ", context);
	return true;
}

bool
unit_check(bool condition, const char *file, int line, const char *what)
{
	if (!condition && begin_failure(file, line))
		printf("not true: %s\n", what);
	return condition;
}

bool
unit_check_int(int64_t got, int64_t wanted, const char *file, int line, const char *what)
{
	if (got != wanted && begin_failure(file, line))
		printf("%s is %lld, not %lld\n", what, (long long) got, (long long) wanted);
	return got == wanted;
}

/* Equal to the last bit: -0 is not 0, and a NaN is itself. */
bool
unit_check_bits(double got, double wanted, const char *file, int line, const char *what)
{
	bool		same = memcmp(&got, &wanted, sizeof(got)) == 0;

	if (!same && begin_failure(file, line))
		printf("%s is %a (%.17g), not %a (%.17g)\n", what, got, got, wanted, wanted);
	return same;
}

/* How far two strings are the same. */
static size_t
common_start(const char *got, size_t size, const char *wanted)
{
	size_t		i = 0;

	while (i < size && wanted[i] != '\0' && got[i] == wanted[i])
		i++;
	return i;
}

bool
unit_check_string(const void *got, size_t size, const char *wanted,
				  const char *file, int line, const char *what)
{
	size_t		same = common_start(got, size, wanted);
	size_t		from = same > 40 ? same - 40 : 0;

	if (same == size && wanted[same] == '\0')
		return true;
	if (begin_failure(file, line))
		printf("%s is ...%.*s..., not ...%.100s..., from byte %zu\n", what,
			   (int) (size - from < 100 ? size - from : 100), size == 0 ? "" : (const char *) got + from,
			   wanted + from, same);
	return false;
}

uint64_t
unit_random(void)
{
	uint64_t	z = (random_state += UINT64_C(0x9E3779B97F4A7C15)); /* splitmix64 */

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

uint32_t
unit_random_below(uint32_t limit)
{
	return (uint32_t) (unit_random() % limit);
}

double
unit_random_double(double low, double high)
{
	return low + (high - low) * ((double) (unit_random() >> 11) / (double) (UINT64_C(1) << 53));
}

static bool
run_test(const UnitTest *test, int number)
{
	failures = 0;
	context[0] = '\0';
	random_state = 1;
	test->run();
	if (failures > MAX_SHOWN)
		printf("# and %d more\n", failures - MAX_SHOWN);
	printf("%s %d - %s\n", failures == 0 ? "ok" : "not ok", number, test->name);
	fflush(stdout);
	return failures == 0;
}

int
unit_run(const UnitTest *const *lists, size_t num_lists)
{
	int			planned = 0;
	int			number = 0;
	int			failed = 0;

	for (size_t i = 0; i < num_lists; i++)
		for (const UnitTest *test = lists[i]; test->name != NULL; test++)
			planned++;
	printf("1..%d\n", planned);
	for (size_t i = 0; i < num_lists; i++)
		for (const UnitTest *test = lists[i]; test->name != NULL; test++)
			failed += run_test(test, ++number) ? 0 : 1;
	return failed;
}
