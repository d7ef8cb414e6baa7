/*
 * mend.c
 *		Numbers that are mended: in another unit, or infinite in base64.
 */
#include "core/document/repairer.h"

#include <math.h>
#include <stdio.h>

#include "core/base/base64.h"
#include "core/base/bytes.h"
#include "core/base/decimal.h"
#include "core/base/work.h"
#include "core/codec/encoding.h"
#include "core/json/canonical.h"

AtlStatus
atl_mend_scale(AtlText number, int places, AtlBuffer *digits, AtlBuffer *to)
{
	AtlDecimal	decimal;
	AtlText		shifted;
	char		exponent[32];

	if (!atl_decimal_take(number, &decimal) || decimal.digits == 0)
		return ATL_INVALID;
	digits->size = 0;
	if (decimal.negative)
		ATL_TRY(atl_buffer_append(digits, "-", 1));
	ATL_TRY(atl_buffer_append(digits, decimal.first, decimal.point - decimal.first));
	if (decimal.point < decimal.last)
		ATL_TRY(atl_buffer_append(digits, decimal.point + 1, decimal.last - decimal.point - 1));
	for (; digits->size > 1 && digits->bytes[digits->size - 1] == '0'; digits->size--)
		decimal.exponent++;
	snprintf(exponent, sizeof(exponent), "e%lld", (long long) decimal.exponent - places);
	ATL_TRY(atl_buffer_append(digits, exponent, strlen(exponent)));
	shifted.text = (const char *) digits->bytes;
	shifted.size = (uint32_t) digits->size;
	to->size = 0;
	return atl_json_append_number(to, shifted);
}

static bool
is_infinite(const uint8_t *bytes, uint32_t width)
{
	return isinf(width == sizeof(float) ? atl_bits_f32(atl_load_u32(bytes)) : atl_load_f64(bytes));
}

AtlStatus
atl_mend_base64(AtlText base64, uint32_t width, AtlBuffer *numbers, AtlBuffer *to)
{
	AtlWork		work = {.host = numbers->host};

	numbers->size = to->size = 0;
	ATL_TRY(atl_base64_decode(numbers, base64));
	for (uint8_t *at = numbers->bytes; at + width <= numbers->bytes + numbers->size; at += width)
	{
		atl_work(&work, 5);
		if (!is_infinite(at, width))
			continue;
		if (width == sizeof(float))
			atl_store_u32(at, ATL_NAN_NUMBER_32);
		else
			atl_store_u64(at, ATL_NAN_NUMBER_64);
	}
	return atl_base64_append(to, numbers->bytes, (uint32_t) numbers->size);
}
