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

/* The rule that a text which is not canonical base64 breaks first. */
typedef enum AtlBase64Fault
{
	ATL_BASE64_DATA_URL,		/* it begins with data: */
	ATL_BASE64_SPACE,
	ATL_BASE64_URL,				/* a digit of the alphabet for URLs */
	ATL_BASE64_CHARACTER,		/* another character that is no digit */
	ATL_BASE64_INNER_PADDING,
	ATL_BASE64_PADDING,			/* not padded to groups of four */
	ATL_BASE64_CUT,				/* one digit alone makes no byte */
	ATL_BASE64_BITS				/* bits behind the last byte */
} AtlBase64Fault;

/* *at: the byte where it is broken. */
extern AtlBase64Fault atl_base64_fault(const AtlHost *host, AtlText text, uint32_t *at);

#endif							/* ATL_BASE_BASE64_H */
