/*
 * counted.h
 *		Included before everything in the copy of the core whose work is counted.
 *
 * The compiler has each basic block call a hook (-fsanitize-coverage=trace-pc),
 * but it does not see into the C library: one call may move a gigabyte.  So the
 * functions that do say how many bytes it will be.
 */
#ifndef COUNTED_H
#define COUNTED_H

#include <stddef.h>
#include <string.h>

/* What the program that counts has to define, besides the hook. */
extern void unit_count_bytes(size_t bytes);
extern void __sanitizer_cov_trace_pc(void);

#define memcpy(to, from, size)	(unit_count_bytes(size), memcpy(to, from, size))
#define memmove(to, from, size)	(unit_count_bytes(size), memmove(to, from, size))
#define memset(to, byte, size)	(unit_count_bytes(size), memset(to, byte, size))
#define memcmp(a, b, size)		(unit_count_bytes(size), memcmp(a, b, size))
#define memchr(s, byte, size)	(unit_count_bytes(size), memchr(s, byte, size))

#endif							/* COUNTED_H */
