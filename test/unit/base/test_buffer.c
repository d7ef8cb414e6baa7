/*
 * test_buffer.c
 *		Buffers: growth, limits, a resize that fails.
 */
#include <string.h>

#include "support.h"
#include "tests.h"

static void
test_growth(void)
{
	UnitHost	host;
	AtlBuffer	buffer;
	size_t		total = 0;

	unit_host_init(&host);
	atl_buffer_init(&buffer, &host.host);
	for (uint32_t size = 0; size < 700; size++)
	{
		uint8_t		piece[700];

		for (uint32_t i = 0; i < size; i++)
			piece[i] = (uint8_t) ((total + i) * 7);
		CHECK_INT(atl_buffer_append(&buffer, piece, size), ATL_OK);
		total += size;
		CHECK_INT(buffer.size, total);
	}
	CHECK(buffer.capacity >= buffer.size);
	for (size_t i = 0; i < total; i++)
		if (!CHECK_INT(buffer.bytes[i], (uint8_t) (i * 7)))
			break;
	atl_buffer_free(&buffer);
	CHECK_INT(host.blocks, 0);
	CHECK(buffer.bytes == NULL && buffer.size == 0 && buffer.capacity == 0);
	atl_buffer_free(&buffer);
}

static void
test_zeros(void)
{
	UnitHost	host;
	AtlBuffer	buffer;

	unit_host_init(&host);
	atl_buffer_init(&buffer, &host.host);
	CHECK_INT(atl_buffer_append_zeros(&buffer, 0), ATL_OK);
	CHECK(buffer.bytes == NULL);
	CHECK_INT(atl_buffer_append(&buffer, "ab", 2), ATL_OK);
	memset(buffer.bytes + 2, 0xFF, buffer.capacity - 2);
	CHECK_INT(atl_buffer_append_zeros(&buffer, 3), ATL_OK);
	CHECK_INT(buffer.size, 5);
	CHECK(memcmp(buffer.bytes, "ab\0\0\0", 5) == 0);
	atl_buffer_free(&buffer);
}

static void
test_reserve(void)
{
	UnitHost	host;
	AtlBuffer	buffer;
	size_t		calls;

	unit_host_init(&host);
	atl_buffer_init(&buffer, &host.host);
	CHECK_INT(atl_buffer_reserve(&buffer, 5000), ATL_OK);
	CHECK(buffer.capacity >= 5000);
	CHECK_INT(buffer.size, 0);
	calls = host.calls;
	CHECK_INT(atl_buffer_append_zeros(&buffer, 5000), ATL_OK);
	CHECK_INT(host.calls, calls);
	atl_buffer_free(&buffer);
}

/* A host that notes the size it was asked for and has nothing to give. */
static size_t asked;

static void *
refuse(void *context, void *memory, size_t size)
{
	asked = size;
	return NULL;
}

static void
test_limit(void)
{
	AtlHost		host = {.resize = refuse};
	AtlBuffer	buffer;

	atl_buffer_init(&buffer, &host);
	asked = 0;
	CHECK_INT(atl_buffer_reserve(&buffer, (size_t) ATL_MAX_IMAGE + 1), ATL_TOO_LARGE);
	CHECK_INT(atl_buffer_reserve(&buffer, SIZE_MAX), ATL_TOO_LARGE);
	CHECK_INT(asked, 0);
	CHECK_INT(atl_buffer_reserve(&buffer, ATL_MAX_IMAGE), ATL_NO_MEMORY);
	CHECK_INT(asked, ATL_MAX_IMAGE);
	CHECK_INT(atl_buffer_reserve(&buffer, ATL_MAX_IMAGE / 4 * 3), ATL_NO_MEMORY);
	CHECK_INT(asked, ATL_MAX_IMAGE);
	CHECK(buffer.bytes == NULL && buffer.capacity == 0);
}

static void
test_limit_of_rest(void)
{
	UnitHost	host;
	AtlBuffer	buffer;

	unit_host_init(&host);
	host.limit = 1 << 20;
	atl_buffer_init(&buffer, &host.host);
	CHECK_INT(atl_buffer_append(&buffer, "12345678", 8), ATL_OK);
	CHECK_INT(atl_buffer_reserve(&buffer, ATL_MAX_IMAGE - 7), ATL_TOO_LARGE);
	CHECK_INT(atl_buffer_append_zeros(&buffer, ATL_MAX_IMAGE - 7), ATL_TOO_LARGE);
	CHECK_INT(atl_buffer_reserve(&buffer, ATL_MAX_IMAGE - 8), ATL_NO_MEMORY);
	CHECK_INT(atl_buffer_reserve(&buffer, SIZE_MAX), ATL_TOO_LARGE);
	CHECK_STRING(buffer.bytes, buffer.size, "12345678");
	CHECK_INT(atl_buffer_append(&buffer, "9", 1), ATL_OK);
	CHECK_STRING(buffer.bytes, buffer.size, "123456789");
	atl_buffer_free(&buffer);
	CHECK_INT(host.blocks, 0);
}

/* A buffer with a limit of its own keeps to that one. */
static void
test_own_limit(void)
{
	UnitHost	host;
	AtlBuffer	buffer;

	unit_host_init(&host);
	atl_buffer_init(&buffer, &host.host);
	buffer.limit = 1500;
	CHECK_INT(atl_buffer_append_zeros(&buffer, 1500), ATL_OK);
	CHECK_INT(buffer.capacity, 1500);
	CHECK_INT(atl_buffer_append(&buffer, "x", 1), ATL_TOO_LARGE);
	CHECK_INT(buffer.size, 1500);
	atl_buffer_free(&buffer);
}

/*
 * The growth of a buffer where size_t has 32 bits, and the limit is nearly all of
 * them: it must reach the limit, and neither wrap nor go on for ever.
 */
static void
test_capacity(void)
{
	const uint64_t limits[] = {1, 1000, 1500, ATL_MAX_IMAGE, (uint64_t) ATL_MAX_IMAGE * 4, UINT32_MAX, UINT64_MAX};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
	{
		uint64_t	limit = limits[i];
		uint64_t	capacity = 0;
		int			steps = 0;

		unit_context("limit %llu", (unsigned long long) limit);
		CHECK_INT(atl_buffer_capacity(0, limit, limit), limit);
		CHECK_INT(atl_buffer_capacity(limit, limit, limit), limit);
		CHECK_INT(atl_buffer_capacity(limit / 2 + 1, limit / 2 + 2, limit), limit);
		for (; capacity < limit && steps < 64; steps++)
		{
			uint64_t	next = atl_buffer_capacity(capacity, capacity + 1, limit);

			if (!CHECK(next > capacity && next <= limit))
				break;
			capacity = next;
		}
		CHECK_INT(capacity, limit);
	}
	unit_context("%s", "");
	CHECK_INT(atl_buffer_capacity(0, 1, ATL_MAX_IMAGE), 1024);
	CHECK_INT(atl_buffer_capacity(1024, 1025, ATL_MAX_IMAGE), 2048);
	CHECK_INT(atl_buffer_capacity(1024, 5000, ATL_MAX_IMAGE), 8192);
}

/* Sizes past 32 bits are refused, not cut. */
static void
test_wide_sizes(void)
{
	UnitHost	host;
	AtlBuffer	buffer;

	unit_host_init(&host);
	atl_buffer_init(&buffer, &host.host);
	CHECK_INT(atl_buffer_append(&buffer, "1", 1), ATL_OK);
	CHECK_INT(atl_buffer_reserve(&buffer, (UINT64_C(1) << 32) + 1), ATL_TOO_LARGE);
	CHECK_INT(atl_buffer_append_zeros(&buffer, (UINT64_C(1) << 32) + 1), ATL_TOO_LARGE);
	CHECK_INT(atl_buffer_append_zeros(&buffer, UINT64_MAX), ATL_TOO_LARGE);
	CHECK_STRING(buffer.bytes, buffer.size, "1");
	atl_buffer_free(&buffer);
}

const UnitTest unit_buffer_tests[] = {
	{"buffer: capacity grows to any limit, and does not wrap", test_capacity},
	{"buffer: sizes past 32 bits", test_wide_sizes},
	{"buffer: grows and keeps its bytes", test_growth},
	{"buffer: appends zeros", test_zeros},
	{"buffer: reserved room is used", test_reserve},
	{"buffer: never asks for more than an image", test_limit},
	{"buffer: a limit of its own", test_own_limit},
	{"buffer: a refusal leaves it as it was", test_limit_of_rest},
	UNIT_END
};
