/*
 * fuzz_image.c
 *		Fuzz target: the bytes of an image, as recv takes them, and as they
 *		would be read if they stood in a table.
 */
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	UnitHost	host;

	fuzz_host(&host);
	fuzz_image(&host, data, (uint32_t) size);
	fuzz_demand(host.blocks == 0, "frees all memory");
	return 0;
}
