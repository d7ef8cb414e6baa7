/*
 * work.h
 *		Long work in stretches, with a poll between two of them.
 *
 * Whoever cancels must not wait for the length of a document.  A loop whose
 * length a document decides counts its work, and what counts it polls after
 * each stretch:
 *
 *		AtlWork		work = {.host = host};
 *
 *		for (i = 0; i < n; i++)
 *		{
 *			atl_work(&work, 20);
 *			...
 *		}
 *
 * A unit of work is about a nanosecond: one byte that is looked at, or a few
 * that are moved.  Bytes by the hundred million are moved by atl_copy and its
 * like, for the same reason.
 */
#ifndef ATL_BASE_WORK_H
#define ATL_BASE_WORK_H

#include <string.h>

#include "core/base/status.h"

/* Between two polls: less than a tenth of a millisecond, if all is well counted. */
#define ATL_STRETCH		(UINT32_C(1) << 16)

typedef struct AtlWork
{
	const AtlHost *host;
	uint64_t	done;			/* since the last poll */
} AtlWork;

static inline void
atl_work(AtlWork *work, uint64_t amount)
{
	work->done += amount;
	if (work->done >= ATL_STRETCH)
	{
		work->done = 0;
		atl_poll(work->host);
	}
}

/* memcpy, memset to zero, and memcmp, whatever the size. */
extern void atl_copy_long(const AtlHost *host, void *to, const void *from, size_t size);
extern void atl_zero_long(const AtlHost *host, void *to, size_t size);
extern int	atl_compare_long(const AtlHost *host, const void *a, const void *b, size_t size);

static inline void
atl_copy(const AtlHost *host, void *to, const void *from, size_t size)
{
	if (size <= ATL_STRETCH)
		memcpy(to, from, size);
	else
		atl_copy_long(host, to, from, size);
}

static inline void
atl_zero(const AtlHost *host, void *to, size_t size)
{
	if (size <= ATL_STRETCH)
		memset(to, 0, size);
	else
		atl_zero_long(host, to, size);
}

static inline int
atl_compare(const AtlHost *host, const void *a, const void *b, size_t size)
{
	return size <= ATL_STRETCH ? memcmp(a, b, size) : atl_compare_long(host, a, b, size);
}

/*
 * Where to stop first on the way from s to end: at most a stretch further.
 * Who gets there and is not at the end polls, and goes on.
 */
static inline const char *
atl_stretch_end(const char *s, const char *end)
{
	return (size_t) (end - s) <= ATL_STRETCH ? end : s + ATL_STRETCH;
}

#endif							/* ATL_BASE_WORK_H */
