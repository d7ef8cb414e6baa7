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
 * Append a JSON number: as jsonb's numeric prints it, the digits after the
 * point kept and no minus before zero, if that takes at most 32 zeros to pad
 * it; else as an integer and an exponent that keep value and digits after the
 * point.  1e40 is 1 and 40 zeros; an integer has none of its own before an
 * exponent.  100e-42 has 42 digits after the point, 1e-40 has 40; zero is 0e-40.
 * ATL_INVALID past the limits of numeric, which keep this short: nothing polls
 * here.
 */
extern AtlStatus atl_json_append_number(AtlBuffer *out, AtlText number);

/*
 * Append canonical text with what jsonb does not look at when it compares left
 * out: zeros at the end of fractions.  Two values are equal as jsonb exactly if
 * these bytes are.
 */
extern AtlStatus atl_json_append_comparable(AtlBuffer *out, AtlText json);

#endif							/* ATL_JSON_CANONICAL_H */
