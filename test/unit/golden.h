/*
 * golden.h
 *		Files of test/golden: documents, and the bytes of their images.
 */
#ifndef GOLDEN_H
#define GOLDEN_H

#include "support.h"

/* The documents, in order of name; NULL past the last. */
extern const char *unit_golden_document(size_t i);

/* A whole file from malloc, terminated; NULL when it cannot be read. */
extern char *unit_file_read(const char *path, size_t *size);

/* The .hex beside a document's .json, into a buffer of 1024. */
extern const char *unit_golden_hex_path(const char *document, char *path);

/* Read or write the bytes of a .hex file; false when that fails. */
extern bool unit_hex_read(const char *path, UnitImage *image);
extern bool unit_hex_write(const char *path, const UnitImage *image);

/* The image of a golden document; fails the running test if there is none. */
extern UnitImage unit_golden_image(UnitHost *host, const char *document);

#endif							/* GOLDEN_H */
