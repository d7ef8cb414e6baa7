/*
 * text.h
 *		Text in UTF-8: order and well-formedness.
 */
#ifndef ATL_BASE_TEXT_H
#define ATL_BASE_TEXT_H

#include "core/base/work.h"

/* Order of key: shorter first, then bytewise.  <0, 0, >0. */
static inline int
atl_text_compare(AtlText a, AtlText b)
{
	if (a.size != b.size)
		return a.size < b.size ? -1 : 1;
	return a.size == 0 ? 0 : memcmp(a.text, b.text, a.size);
}

/* As atl_text_compare, for texts of any length: polls in long ones. */
static inline int
atl_text_compare_long(const AtlHost *host, AtlText a, AtlText b)
{
	if (a.size != b.size || a.size <= ATL_STRETCH)
		return atl_text_compare(a, b);
	return atl_compare_long(host, a.text, b.text, a.size);
}

/* Whether text is well-formed UTF-8 without U+0000. */
extern bool atl_text_is_utf8(const AtlHost *host, AtlText text);

#endif							/* ATL_BASE_TEXT_H */
