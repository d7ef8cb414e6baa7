/*
 * fuzz.c
 *		What the fuzz targets share.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#define MEMORY_LIMIT	(64 * 1024 * 1024)

void
fuzz_host(UnitHost *host)
{
	unit_host_init(host);
	host->limit = MEMORY_LIMIT;
}

void
fuzz_demand(bool condition, const char *promise)
{
	if (condition)
		return;
	fprintf(stderr, "broken promise: %s\n", promise);
	abort();
}

void
fuzz_image(UnitHost *host, const uint8_t *bytes, uint32_t size)
{
	AtlStatus	validated;

	unit_read_all(host, bytes, size, &validated);
	if (validated == ATL_OK)
		fuzz_demand(unit_prints_itself(host, bytes, size), "prints itself");
}
