/*
 * sort.h
 *		The sort of the core.
 *
 * libc's qsort cannot be left in the middle: what a comparison would jump out
 * of may hold memory.  This one holds nothing but the host's memory, polls,
 * and takes n log n comparisons at most, whatever the records; about n when
 * they are in order already.
 */
#ifndef ATL_BASE_SORT_H
#define ATL_BASE_SORT_H

#include "core/base/status.h"

/* <0, 0, >0; context is that of the sort. */
typedef int (*AtlOrder) (const void *a, const void *b, const void *context);

/* Records are at most so many bytes. */
#define ATL_SORT_WIDTH	64

/*
 * Sort num records of width bytes.  Those that compare equal keep their order.
 * ATL_NO_MEMORY leaves all of them, in some order.
 */
extern AtlStatus atl_sort(const AtlHost *host, void *records, size_t num, size_t width,
						  AtlOrder order, const void *context);

#endif							/* ATL_BASE_SORT_H */
