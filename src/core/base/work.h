/*
 * work.h
 *		Long work in stretches, with a poll between two stretches.
 *
 * Cancelling must not wait until a whole document is done.  A loop whose
 * length depends on a document counts its work with atl_work, which polls
 * after each stretch:
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
 * that are moved.  Memory of any size is copied by atl_copy, cleared by
 * atl_zero and compared by atl_compare, for the same reason.
 */
#ifndef ATL_BASE_WORK_H
#define ATL_BASE_WORK_H

#include <string.h>

#include "core/base/status.h"

/* Work between two polls: less than 0.1 milliseconds, if well counted. */
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
 * The first stop on the way from s to end: at most a stretch further.  If the
 * stop is not the end, the caller polls there, and goes on.
 */
static inline const char *
atl_stretch_end(const char *s, const char *end)
{
	return (size_t) (end - s) <= ATL_STRETCH ? end : s + ATL_STRETCH;
}

#endif							/* ATL_BASE_WORK_H */
