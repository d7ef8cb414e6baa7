/*
 * fuzz.h
 *		What the fuzz targets share.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "read_all.h"

#define FUZZ_MAX_TEXT	8192

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A host that hands out memory up to a limit, far past what inputs need. */
extern void fuzz_host(UnitHost *host);

/* End the run, with the name of the promise that was broken. */
extern void fuzz_demand(bool condition, const char *promise);

/* Bytes that claim to be an image: read them, and hold validation to its word. */
extern void fuzz_image(UnitHost *host, const uint8_t *bytes, uint32_t size);

#endif							/* FUZZ_H */
