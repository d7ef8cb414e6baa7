/*
 * random_document.h
 *		Random timelines, in the very text that the core prints for them.
 */
#ifndef RANDOM_DOCUMENT_H
#define RANDOM_DOCUMENT_H

#include "support.h"

/* Append a document of a few events, markers and features. */
extern void unit_random_document(AtlBuffer *out);

/* Append the shortest decimal of a number. */
extern void unit_append_number(AtlBuffer *out, double number);

#endif							/* RANDOM_DOCUMENT_H */
