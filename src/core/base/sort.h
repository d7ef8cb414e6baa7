/*
 * sort.h
 *		The sort of the core.
 *
 * libc's qsort may hold memory, so a comparison must not jump out of qsort.
 * This sort holds nothing but the host's memory, polls, and takes n log n
 * comparisons at most, whatever the records; about n when the records are in
 * order already.
 */
#ifndef ATL_BASE_SORT_H
#define ATL_BASE_SORT_H

#include "core/base/status.h"

/* Returns <0, 0 or >0; context is the argument of atl_sort. */
typedef int (*AtlOrder) (const void *a, const void *b, const void *context);

/* Records are at most so many bytes. */
#define ATL_SORT_WIDTH	64

/*
 * Sort num records of width bytes; equal records keep their order.  After
 * ATL_NO_MEMORY all records are still there, in some order.
 */
extern AtlStatus atl_sort(const AtlHost *host, void *records, size_t num, size_t width,
						  AtlOrder order, const void *context);

#endif							/* ATL_BASE_SORT_H */
