/*
 * text.c
 *		Text in UTF-8: well-formedness.
 */
#include "core/base/text.h"

#include <string.h>

/*
 * Length of the well-formed UTF-8 sequence at s, or 0.  The ranges are those
 * of the Unicode Standard, table 3-7: no overlong forms, no surrogates,
 * nothing past U+10FFFF.
 */
static uint32_t
utf8_sequence(const uint8_t *s, uint32_t available)
{
	uint8_t		low = 0x80;
	uint8_t		high = 0xBF;
	uint32_t	length;

	if (s[0] < 0x80)
		return s[0] != 0;
	if (s[0] < 0xC2 || s[0] > 0xF4)
		return 0;
	length = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
	if (available < length)
		return 0;

	if (s[0] == 0xE0)
		low = 0xA0;
	else if (s[0] == 0xED)
		high = 0x9F;
	else if (s[0] == 0xF0)
		low = 0x90;
	else if (s[0] == 0xF4)
		high = 0x8F;
	if (s[1] < low || s[1] > high)
		return 0;
	for (uint32_t i = 2; i < length; i++)
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	return length;
}

bool
atl_text_is_utf8(const AtlHost *host, AtlText text)
{
	const uint8_t *s = (const uint8_t *) text.text;
	uint32_t	i = 0;
	uint32_t	stop = text.size < ATL_STRETCH ? text.size : ATL_STRETCH;

	for (;;)
	{
		while (i < stop)
		{
			uint32_t	length = utf8_sequence(s + i, text.size - i);

			if (length == 0)
				return false;
			i += length;
		}
		if (i >= text.size)
			return true;
		atl_poll(host);
		stop = text.size - i < ATL_STRETCH ? text.size : i + ATL_STRETCH;
	}
}
