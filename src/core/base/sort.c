/*
 * sort.c
 *		Merge sort, stable, with room for half of the records.
 */
#include "core/base/sort.h"

#include "core/base/work.h"

/* So few records are sorted by insertion, without more memory. */
#define FEW		8

/* The work of a comparison; comparisons of long texts poll by themselves. */
#define WORK_OF_ORDER	50

typedef struct Sort
{
	AtlWork		work;
	size_t		width;
	AtlOrder	order;
	const void *context;
	uint8_t    *left;			/* room for the first half */
} Sort;

static int
compare(Sort *sort, const uint8_t *a, const uint8_t *b)
{
	atl_work(&sort->work, WORK_OF_ORDER);
	return sort->order(a, b, sort->context);
}

static void
insert_all(Sort *sort, uint8_t *records, size_t num)
{
	size_t		width = sort->width;

	for (size_t i = 1; i < num; i++)
	{
		uint8_t    *record = records + i * width;
		uint8_t    *to = record;
		uint8_t		hand[ATL_SORT_WIDTH];

		while (to > records && compare(sort, to - width, record) > 0)
			to -= width;
		if (to == record)
			continue;
		memcpy(hand, record, width);
		memmove(to + width, to, (size_t) (record - to));
		memcpy(to, hand, width);
	}
}

/* Merge two sorted halves, in place: the first one moves out of the way. */
static void
merge(Sort *sort, uint8_t *records, size_t num_left, size_t num)
{
	size_t		width = sort->width;
	const uint8_t *left = sort->left;
	const uint8_t *left_end = left + num_left * width;
	const uint8_t *right = records + num_left * width;
	const uint8_t *right_end = records + num * width;

	atl_copy(sort->work.host, sort->left, records, num_left * width);
	while (left < left_end && right < right_end)
	{
		const uint8_t **from = compare(sort, left, right) <= 0 ? &left : &right;

		memcpy(records, *from, width);
		*from += width;
		records += width;
	}
	atl_copy(sort->work.host, records, left, (size_t) (left_end - left));
}

/* The depth of recursion is the logarithm of num. */
static void
sort_part(Sort *sort, uint8_t *records, size_t num)
{
	size_t		half = num / 2;
	uint8_t    *right = records + half * sort->width;

	if (num <= FEW)
	{
		insert_all(sort, records, num);
		return;
	}
	sort_part(sort, records, half);
	sort_part(sort, right, num - half);
	if (compare(sort, right - sort->width, right) > 0)
		merge(sort, records, half, num);
}

AtlStatus
atl_sort(const AtlHost *host, void *records, size_t num, size_t width, AtlOrder order, const void *context)
{
	Sort		sort = {.work = {.host = host}, .width = width, .order = order, .context = context};

	if (num < 2)
		return ATL_OK;
	if (num > FEW)
	{
		sort.left = host->resize(host->context, NULL, num / 2 * width);
		if (sort.left == NULL)
			return ATL_NO_MEMORY;
	}
	sort_part(&sort, records, num);
	if (num > FEW)
		host->resize(host->context, sort.left, 0);
	return ATL_OK;
}
