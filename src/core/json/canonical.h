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
 * Append a JSON number: as jsonb's numeric prints it, with the digits after
 * the point kept and no minus before zero, if at most 32 zeros pad it.  Else
 * append an integer and an exponent that keep the value and the count of
 * digits after the point: 10^40 is always 1e40, but 100e-42 and 1e-40 differ,
 * with 42 and 40 digits after the point, and zero may be 0e-40.  ATL_INVALID
 * past the limits of numeric, which keep the work short: nothing polls here.
 */
extern AtlStatus atl_json_append_number(AtlBuffer *out, AtlText number);

/*
 * Append canonical text without the zeros at the end of fractions, which jsonb
 * ignores when it compares.  Two values are equal as jsonb exactly if their
 * comparable texts have equal bytes.
 */
extern AtlStatus atl_json_append_comparable(AtlBuffer *out, AtlText json);

#endif							/* ATL_JSON_CANONICAL_H */
