/*
 * host.c
 *		The server as the core's host: memory, Ryu, interrupts, text.
 */
#include "postgres.h"

#include <math.h>

#include "common/pg_prng.h"
#include "common/shortest_dec.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/bridge/bridge.h"

/* Buffers double, so a large one may pass 1 GB on its way: allow huge. */
static void *
host_resize(void *context, void *memory, size_t size)
{
	if (size == 0)
	{
		if (memory != NULL)
			pfree(memory);
		return NULL;
	}
	if (memory == NULL)
		return MemoryContextAllocHuge((MemoryContext) context, size);
	return repalloc_huge(memory, size);
}

static void
host_poll(void *context)
{
	CHECK_FOR_INTERRUPTS();
}

/*
 * The key of the core's hash tables, drawn once in a backend.  Without strong
 * random numbers the server's own generator, seeded at its start, must do.
 */
static const uint64 *
hash_seeds(void)
{
	static uint64 seeds[2];
	static bool drawn = false;

	if (!drawn && !pg_strong_random(seeds, sizeof(seeds)))
	{
		seeds[0] = pg_prng_uint64(&pg_global_prng_state);
		seeds[1] = pg_prng_uint64(&pg_global_prng_state);
	}
	drawn = true;
	return seeds;
}

AtlHost
timeline_host(void)
{
	const uint64 *seeds = hash_seeds();
	AtlHost		host = {
		.resize = host_resize,
		.format_double = double_to_shortest_decimal_bufn,
		.poll = host_poll,
		.context = CurrentMemoryContext,
		.seeds = {seeds[0], seeds[1]}
	};

	return host;
}

void *
timeline_alloc_array(Size n, Size size)
{
	if (n > MaxAllocHugeSize / size)
		timeline_check(ATL_NO_MEMORY);
	return MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * size);
}

AtlText
timeline_text(text *value)
{
	AtlText		result = {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};

	return result;
}

text *
timeline_text_to_sql(AtlText value)
{
	text	   *result = palloc((Size) value.size + VARHDRSZ);

	SET_VARSIZE(result, (Size) value.size + VARHDRSZ);
	timeline_copy(VARDATA(result), value.text, value.size);
	return result;
}

void
timeline_copy_long(void *to, const void *from, Size size)
{
	AtlHost		host = timeline_host();

	atl_copy(&host, to, from, size);
}

Datum
timeline_number_to_sql(double number, bool *null)
{
	*null = isnan(number);
	return Float8GetDatum(number);
}
