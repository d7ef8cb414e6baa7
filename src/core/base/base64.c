/*
 * base64.c
 *		Base64 (RFC 4648, section 4).
 *
 * Only the canonical form is read, padded, without white space and with zero
 * trailing bits, so that encoding the bytes gives the same text again.
 */
#include "core/base/base64.h"

#include <string.h>

#include "core/base/work.h"

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

AtlStatus
atl_base64_append(AtlBuffer *out, const uint8_t *bytes, uint32_t size)
{
	AtlWork		work = {.host = out->host};
	uint8_t    *to;

	ATL_TRY(atl_buffer_reserve(out, ((uint64_t) size + 2) / 3 * 4));
	if (size == 0)
		return ATL_OK;
	to = out->bytes + out->size;
	for (uint32_t i = 0; i < size; i += 3)
	{
		uint32_t	left = size - i;
		uint32_t	group;

		atl_work(&work, 4);
		group = (uint32_t) bytes[i] << 16 |
			(left > 1 ? (uint32_t) bytes[i + 1] << 8 : 0) |
			(left > 2 ? bytes[i + 2] : 0);

		*to++ = digits[group >> 18];
		*to++ = digits[group >> 12 & 63];
		*to++ = left > 1 ? digits[group >> 6 & 63] : '=';
		*to++ = left > 2 ? digits[group & 63] : '=';
	}
	out->size = to - out->bytes;
	return ATL_OK;
}

/* The value of each character; 64 for a character that is no digit. */
static void
fill_values(uint8_t *values)
{
	memset(values, 64, 256);
	for (uint8_t i = 0; i < 64; i++)
		values[(uint8_t) digits[i]] = i;
}

AtlStatus
atl_base64_decode(AtlBuffer *out, AtlText text)
{
	const uint8_t *s = (const uint8_t *) text.text;
	uint8_t		values[256];
	uint32_t	padding = 0;
	AtlWork		work = {.host = out->host};

	ATL_TRY(atl_buffer_reserve(out, (uint64_t) text.size / 4 * 3));
	if (text.size % 4 != 0)
		return ATL_INVALID;
	while (padding < 2 && padding < text.size && s[text.size - 1 - padding] == '=')
		padding++;

	fill_values(values);
	for (uint32_t i = 0; i < text.size; i += 4)
	{
		uint32_t	digits_here = i + 4 == text.size ? 4 - padding : 4;
		uint32_t	group = 0;

		atl_work(&work, 4);
		for (uint32_t j = 0; j < 4; j++)
		{
			uint8_t		value = j < digits_here ? values[s[i + j]] : 0;

			if (value == 64)
				return ATL_INVALID;
			group = group << 6 | value;
		}
		if ((group & ((UINT32_C(1) << (8 * (4 - digits_here))) - 1)) != 0)
			return ATL_INVALID;
		for (uint32_t j = 0; j + 1 < digits_here; j++)
			out->bytes[out->size++] = (uint8_t) (group >> (16 - 8 * j));
	}
	return ATL_OK;
}

static AtlBase64Fault
fault_of_character(char c)
{
	switch (c)
	{
		case ' ':
		case '\t':
		case '\r':
		case '\n':
			return ATL_BASE64_SPACE;
		case '-':
		case '_':
			return ATL_BASE64_URL;
		case '=':
			return ATL_BASE64_INNER_PADDING;
		default:
			return ATL_BASE64_CHARACTER;
	}
}

AtlBase64Fault
atl_base64_fault(const AtlHost *host, AtlText text, uint32_t *at)
{
	uint8_t		values[256];
	uint32_t	end = text.size;
	AtlWork		work = {.host = host};

	*at = 0;
	if (text.size >= 5 && memcmp(text.text, "data:", 5) == 0)
		return ATL_BASE64_DATA_URL;
	while (end > 0 && text.size - end < 2 && text.text[end - 1] == '=')
		end--;
	fill_values(values);
	for (; *at < end && values[(uint8_t) text.text[*at]] != 64; (*at)++)
		atl_work(&work, 2);
	if (*at < end)
		return fault_of_character(text.text[*at]);
	if (end % 4 == 1)
		return ATL_BASE64_CUT;
	if (text.size % 4 != 0)
		return ATL_BASE64_PADDING;
	*at = end == 0 ? 0 : end - 1;
	return ATL_BASE64_BITS;
}
