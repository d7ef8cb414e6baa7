/*
 * count.h
 *		Included before every file of the core: what moves bytes is counted, too.
 */
#ifndef STRETCH_COUNT_H
#define STRETCH_COUNT_H

#include <stddef.h>
#include <string.h>

extern void stretch_count(size_t bytes);

#define memcpy(to, from, size)	(stretch_count(size), memcpy(to, from, size))
#define memmove(to, from, size)	(stretch_count(size), memmove(to, from, size))
#define memset(to, byte, size)	(stretch_count(size), memset(to, byte, size))
#define memcmp(a, b, size)		(stretch_count(size), memcmp(a, b, size))

#endif							/* STRETCH_COUNT_H */
