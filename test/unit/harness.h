/*
 * harness.h
 *		A test is a function that checks; the harness counts and prints TAP.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct UnitTest
{
	const char *name;
	void		(*run) (void);
} UnitTest;

/* The end of a list of tests. */
#define UNIT_END	{NULL, NULL}

/* Run lists of tests, each ended by UNIT_END; returns how many failed. */
extern int	unit_run(const UnitTest *const *lists, size_t num_lists);

/* A failed check fails the test that runs; the test goes on. */
#define CHECK(condition) \
	unit_check((condition), __FILE__, __LINE__, #condition)
#define CHECK_INT(got, wanted) \
	unit_check_int((int64_t) (got), (int64_t) (wanted), __FILE__, __LINE__, #got)
#define CHECK_BITS(got, wanted) \
	unit_check_bits((got), (wanted), __FILE__, __LINE__, #got)
#define CHECK_STRING(got, size, wanted) \
	unit_check_string((got), (size), (wanted), __FILE__, __LINE__, #got)

extern bool unit_check(bool condition, const char *file, int line, const char *what);
extern bool unit_check_int(int64_t got, int64_t wanted, const char *file, int line, const char *what);
extern bool unit_check_bits(double got, double wanted, const char *file, int line, const char *what);
extern bool unit_check_string(const void *got, size_t size, const char *wanted,
							  const char *file, int line, const char *what);

/* What is being checked, for the message of a failed check. */
extern void unit_context(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Random numbers, the same in every run: each test starts them anew. */
extern uint64_t unit_random(void);
extern uint32_t unit_random_below(uint32_t limit);
extern double unit_random_double(double low, double high);

#endif							/* HARNESS_H */
