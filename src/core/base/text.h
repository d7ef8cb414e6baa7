/*
 * text.h
 *		Text in UTF-8: order and well-formedness.
 */
#ifndef ATL_BASE_TEXT_H
#define ATL_BASE_TEXT_H

#include "core/base/status.h"

/* Order of key: shorter first, then bytewise.  <0, 0, >0. */
extern int	atl_text_compare(AtlText a, AtlText b);

/* Whether text is well-formed UTF-8 without U+0000. */
extern bool atl_text_is_utf8(AtlText text);

#endif							/* ATL_BASE_TEXT_H */
