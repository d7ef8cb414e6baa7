/*
 * work.c
 *		Copy, clear and compare many bytes in stretches, with polls between.
 */
#include "core/base/work.h"

static size_t
next_stretch(const AtlHost *host, size_t left)
{
	atl_poll(host);
	return left < ATL_STRETCH ? left : ATL_STRETCH;
}

void
atl_copy_long(const AtlHost *host, void *to, const void *from, size_t size)
{
	for (size_t done = 0, n; done < size; done += n)
	{
		n = next_stretch(host, size - done);
		memcpy((char *) to + done, (const char *) from + done, n);
	}
}

void
atl_zero_long(const AtlHost *host, void *to, size_t size)
{
	for (size_t done = 0, n; done < size; done += n)
	{
		n = next_stretch(host, size - done);
		memset((char *) to + done, 0, n);
	}
}

int
atl_compare_long(const AtlHost *host, const void *a, const void *b, size_t size)
{
	int			order = 0;

	for (size_t done = 0, n; done < size && order == 0; done += n)
	{
		n = next_stretch(host, size - done);
		order = memcmp((const char *) a + done, (const char *) b + done, n);
	}
	return order;
}
