/*
 * canonical.h
 *		Canonical JSON text: the form of everything that the format does not
 *		know and keeps as it is.
 */
#ifndef ATL_JSON_CANONICAL_H
#define ATL_JSON_CANONICAL_H

#include "core/base/buffer.h"

/* Whether a string needs no escapes. */
extern bool atl_json_is_plain(const AtlHost *host, AtlText string);

/* Append a string, quoted and escaped as jsonb prints it. */
extern AtlStatus atl_json_append_string(AtlBuffer *out, AtlText string);

/*
 * Append a JSON number as jsonb's numeric prints it: no exponent, the digits
 * after the point kept, no minus before zero.  ATL_INVALID past the limits of
 * numeric, which keeps this short: nothing polls here.
 */
extern AtlStatus atl_json_append_number(AtlBuffer *out, AtlText number);

#endif							/* ATL_JSON_CANONICAL_H */
