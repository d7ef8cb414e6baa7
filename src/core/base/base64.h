/*
 * base64.h
 *		Base64 (RFC 4648, section 4), canonical: padded, no white space.
 */
#ifndef ATL_BASE_BASE64_H
#define ATL_BASE_BASE64_H

#include "core/base/buffer.h"

extern AtlStatus atl_base64_append(AtlBuffer *out, const uint8_t *bytes, uint32_t size);

/* Append the bytes of a text; ATL_INVALID if it is not canonical base64. */
extern AtlStatus atl_base64_decode(AtlBuffer *out, AtlText text);

#endif							/* ATL_BASE_BASE64_H */
