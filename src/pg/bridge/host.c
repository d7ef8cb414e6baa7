/*
 * host.c
 *		The server as the core's host: memory, Ryu, interrupts, text.
 */
#include "postgres.h"

#include <math.h>

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

AtlHost
timeline_host(void)
{
	AtlHost		host = {
		.resize = host_resize,
		.format_double = double_to_shortest_decimal_bufn,
		.poll = host_poll,
		.context = CurrentMemoryContext
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
	return cstring_to_text_with_len(value.text, value.size);
}

Datum
timeline_number_to_sql(double number, bool *null)
{
	*null = isnan(number);
	return Float8GetDatum(number);
}
