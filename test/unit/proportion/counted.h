/*
 * counted.h
 *		Included before everything in the copy of the core whose work is counted.
 *
 * The compiler has each basic block call a hook, but it does not see into the
 * C library: one call may move a gigabyte.  So the functions that do are given
 * names of our own, which count the bytes; so is qsort, which takes memory that
 * it does not ask the host for.
 */
#ifndef COUNTED_H
#define COUNTED_H

#include <stdlib.h>
#include <string.h>

extern void *unit_memcpy(void *to, const void *from, size_t size);
extern void *unit_memmove(void *to, const void *from, size_t size);
extern void *unit_memset(void *to, int byte, size_t size);
extern int	unit_memcmp(const void *a, const void *b, size_t size);
extern void *unit_memchr(const void *bytes, int byte, size_t size);
extern void unit_qsort(void *bytes, size_t num, size_t size, int (*compare) (const void *, const void *));

#define memcpy	unit_memcpy
#define memmove	unit_memmove
#define memset	unit_memset
#define memcmp	unit_memcmp
#define memchr	unit_memchr
#define qsort	unit_qsort

#endif							/* COUNTED_H */
