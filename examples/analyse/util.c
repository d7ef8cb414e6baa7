/*
 * util.c
 *		Messages and memory: whatever fails here ends the program.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "analyse.h"

void
an_fail(const char *format, ...)
{
	va_list		args;

	fputs("analyse: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

void *
an_calloc(size_t count, size_t size)
{
	void	   *memory = calloc(count, size);

	if (memory == NULL)
		an_fail("out of memory");
	return memory;
}

/* Make room for "needed" items; doubling keeps the cost per item constant. */
void *
an_grow(void *array, size_t *capacity, size_t needed, size_t size)
{
	size_t		wanted = *capacity ? *capacity : 1024;

	if (needed <= *capacity)
		return array;
	while (wanted < needed)
		wanted *= 2;
	array = reallocarray(array, wanted, size);
	if (array == NULL)
		an_fail("out of memory");
	*capacity = wanted;
	return array;
}
