/*
 * test_sort.c
 *		The sort: order, stability, how much it compares, and memory that runs out.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/sort.h"
#include "core/base/work.h"
#include "support.h"
#include "tests.h"

typedef struct Record
{
	uint32_t	key;
	uint32_t	number;			/* where it came from */
	uint8_t		more[ATL_SORT_WIDTH - 8];
} Record;

static size_t comparisons;

static int
compare(const void *a, const void *b, const void *context)
{
	uint32_t	left;
	uint32_t	right;

	comparisons++;
	memcpy(&left, a, sizeof(left));
	memcpy(&right, b, sizeof(right));
	CHECK(context == &comparisons);
	return left < right ? -1 : left > right;
}

typedef enum Shape
{
	RANDOM,
	FEW_KEYS,
	EQUAL,
	SORTED,
	REVERSED,
	ORGAN_PIPE,					/* up, then down */
	SAW,						/* many runs that rise */
	NEARLY,						/* sorted, but for the last */
	SHAPES
} Shape;

static uint32_t
make_key(Shape shape, uint32_t i, uint32_t num)
{
	switch (shape)
	{
		case RANDOM:
			return (uint32_t) unit_random();
		case FEW_KEYS:
			return unit_random_below(3);
		case EQUAL:
			return 7;
		case SORTED:
			return i;
		case REVERSED:
			return num - i;
		case ORGAN_PIPE:
			return i < num / 2 ? i : num - i;
		case SAW:
			return i % 17;
		default:
			return i == num - 1 ? 0 : i + 1;
	}
}

/* So many comparisons are enough for any order: n log2 n. */
static size_t
enough(size_t num)
{
	size_t		depth = 1;

	while ((size_t) 1 << depth < num)
		depth++;
	return num * depth + 64;
}

static void
sort_records(UnitHost *host, Shape shape, uint32_t num, size_t width)
{
	uint8_t    *records = malloc(num * width + 1);
	uint64_t	sum = 0;

	for (uint32_t i = 0; i < num; i++)
	{
		Record		record = {make_key(shape, i, num), i, {0}};

		memset(record.more, (int) i, sizeof(record.more));
		memcpy(records + i * width, &record, width);
		sum += record.key;
	}
	comparisons = 0;
	CHECK_INT(atl_sort(&host->host, records, num, width, compare, &comparisons), ATL_OK);
	CHECK(comparisons <= enough(num));
	if (shape == SORTED || shape == EQUAL)
		CHECK(comparisons <= 2 * (size_t) num);
	for (uint32_t i = 0; i < num; i++)
	{
		Record		record;
		Record		before;

		memcpy(&record, records + i * width, width);
		sum -= record.key;
		for (size_t k = 0; k < width - 8; k++)
			if (!CHECK_INT(record.more[k], (uint8_t) record.number))
				break;
		if (i == 0)
			continue;
		memcpy(&before, records + (i - 1) * width, width);
		if (!CHECK(before.key < record.key || (before.key == record.key && before.number < record.number)))
			break;
	}
	CHECK_INT(sum, 0);
	CHECK_INT(host->blocks, 0);
	free(records);
}

static void
test_shapes(void)
{
	static const uint32_t sizes[] = {0, 1, 2, 3, 7, 8, 9, 10, 15, 16, 17, 31, 33, 64, 100, 127, 1000, 4097, 30000};
	static const size_t widths[] = {8, 12, 24, 32, 48, ATL_SORT_WIDTH};
	UnitHost	host;

	unit_host_init(&host);
	CHECK_INT(atl_sort(&host.host, NULL, 0, 8, compare, &comparisons), ATL_OK);
	for (int shape = 0; shape < SHAPES; shape++)
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
			for (size_t w = 0; w < sizeof(widths) / sizeof(widths[0]); w++)
			{
				unit_context("shape %d, %u of %u bytes", shape, sizes[i], (unsigned) widths[w]);
				sort_records(&host, shape, sizes[i], widths[w]);
			}
}

static void
test_polls(void)
{
	UnitHost	host;

	unit_host_init(&host);
	sort_records(&host, RANDOM, 300000, 24);
	CHECK(host.polls >= comparisons / 8192);
}

/* Without memory the records are all there, if not in order. */
static void
test_memory(void)
{
	UnitHost	host;
	uint32_t	records[100];
	uint64_t	sum = 0;

	unit_host_init(&host);
	host.fail_at = 1;
	for (uint32_t i = 0; i < 100; i++)
		records[i] = 100 - i;
	CHECK_INT(atl_sort(&host.host, records, 8, sizeof(uint32_t), compare, &comparisons), ATL_OK);
	CHECK_INT(host.calls, 0);
	CHECK_INT(atl_sort(&host.host, records, 100, sizeof(uint32_t), compare, &comparisons), ATL_NO_MEMORY);
	for (uint32_t i = 0; i < 100; i++)
		sum += records[i];
	CHECK_INT(sum, 5050);
	CHECK_INT(host.blocks, 0);
}

const UnitTest unit_sort_tests[] = {
	{"sort: shapes, sizes and widths; stable, n log n", test_shapes},
	{"sort: polls", test_polls},
	{"sort: memory that runs out", test_memory},
	UNIT_END
};
