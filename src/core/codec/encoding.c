/*
 * encoding.c
 *		Numbers in their stored encodings.
 */
#include "core/codec/encoding.h"

#include <float.h>
#include <math.h>

#include "core/base/bytes.h"

typedef struct EncodingEntry
{
	const char *name;
	uint32_t	width;
	double		lowest;			/* integer encodings */
	double		highest;
} EncodingEntry;

static const EncodingEntry encodings[ATL_ENCODINGS] = {
	[ATL_F32] = {"f32", 4, 0, 0},
	[ATL_F64] = {"f64", 8, 0, 0},
	[ATL_U8] = {"u8", 1, 0, UINT8_MAX},
	[ATL_I8] = {"i8", 1, INT8_MIN, INT8_MAX},
	[ATL_U16] = {"u16", 2, 0, UINT16_MAX},
	[ATL_I16] = {"i16", 2, INT16_MIN, INT16_MAX},
};

const char *
atl_encoding_name(AtlEncoding encoding)
{
	return encodings[encoding].name;
}

uint32_t
atl_encoding_width(AtlEncoding encoding)
{
	return encodings[encoding].width;
}

bool
atl_encoding_is_integer(AtlEncoding encoding)
{
	return encodings[encoding].highest > 0;
}

AtlEncoding
atl_encoding_by_name(AtlText name)
{
	for (int i = 1; i < ATL_ENCODINGS; i++)
		if (strlen(encodings[i].name) == name.size &&
			memcmp(encodings[i].name, name.text, name.size) == 0)
			return (AtlEncoding) i;
	return (AtlEncoding) 0;
}

uint64_t
atl_word_missing(AtlEncoding encoding)
{
	if (encoding == ATL_F64)
		return ATL_NAN_NUMBER_64;
	return encoding == ATL_F32 ? ATL_NAN_NUMBER_32 : UINT64_MAX - 1;
}

uint64_t
atl_word_missing_frame(AtlEncoding encoding)
{
	return atl_word_missing(encoding) + 1;
}

bool
atl_range_is_codable(AtlEncoding encoding, double min, double max)
{
	const EncodingEntry *entry = &encodings[encoding];
	double		codes = entry->highest - entry->lowest;
	double		step = (max - min) / codes;
	double		magnitude = fmax(fabs(min), fabs(max));

	return isfinite((max - min) * codes) && step >= 16 * DBL_EPSILON * magnitude && step >= 16 * DBL_MIN;
}

static double
code_to_number(AtlScale scale, double code)
{
	const EncodingEntry *entry = &encodings[scale.encoding];

	if (!scale.ranged)
		return code;
	return scale.min + (code - entry->lowest) * (scale.max - scale.min) / (entry->highest - entry->lowest);
}

static double
number_to_code(AtlScale scale, double number)
{
	const EncodingEntry *entry = &encodings[scale.encoding];
	double		code;

	if (!scale.ranged)
		return number;
	if (number <= scale.min)
		return entry->lowest;
	if (number >= scale.max)
		return entry->highest;
	code = (number - scale.min) / ((scale.max - scale.min) / (entry->highest - entry->lowest));
	return fmin(entry->lowest + floor(code + 0.5), entry->highest);
}

bool
atl_series_can_encode(AtlScale scale, double number)
{
	const EncodingEntry *entry = &encodings[scale.encoding];

	if (scale.encoding == ATL_F64 || scale.ranged)
		return true;
	if (scale.encoding == ATL_F32)
		return isfinite((float) number);
	return number >= entry->lowest && number <= entry->highest && number == floor(number);
}

static int
word_to_code(AtlEncoding encoding, uint64_t word)
{
	if (encoding == ATL_I8)
		return (int8_t) word;
	return encoding == ATL_I16 ? (int16_t) word : (int) word;
}

static int
load_code(AtlEncoding encoding, const uint8_t *bytes)
{
	return word_to_code(encoding, atl_encoding_width(encoding) == 1 ? bytes[0] : atl_load_u16(bytes));
}

double
atl_series_encode(AtlScale scale, double number, uint8_t *bytes)
{
	int			code;

	if (scale.encoding == ATL_F64)
	{
		atl_store_f64(bytes, number);
		return number;
	}
	if (scale.encoding == ATL_F32)
	{
		float		rounded = (float) number;

		/*
		 * A small negative number becomes 0, not -0, which JSON cannot tell
		 * apart.
		 */
		if (rounded == 0)
			rounded = 0;
		atl_store_u32(bytes, atl_f32_bits(rounded));
		return rounded;
	}
	code = (int) number_to_code(scale, number);
	if (atl_encoding_width(scale.encoding) == 1)
		bytes[0] = (uint8_t) code;
	else
		atl_store_u16(bytes, (uint16_t) code);
	return code_to_number(scale, code);
}

/* Same results as atl_series_encode, without a call per number. */
double
atl_series_encode_ranged(AtlScale scale, const double *numbers, uint32_t n, uint8_t *bytes)
{
	double		lowest = encodings[scale.encoding].lowest;
	double		codes = encodings[scale.encoding].highest - lowest;
	double		span = scale.max - scale.min;
	double		step = span / codes;
	uint32_t	width = atl_encoding_width(scale.encoding);
	double		error = 0;

	for (uint32_t i = 0; i < n; i++, bytes += width)
	{
		double		steps = (numbers[i] - scale.min) / step;
		int			code;
		double		made;

		if (isnan(steps))
			continue;
		steps = steps > 0 ? steps : 0;
		code = (int) ((steps < codes ? steps : codes) + 0.5);
		made = fabs(numbers[i] - (scale.min + code * span / codes));
		error = made > error ? made : error;
		code += (int) lowest;
		bytes[0] = (uint8_t) code;
		if (width > 1)
			bytes[1] = (uint8_t) (code >> 8);
	}
	return error;
}

/* The two kinds of null keep their meaning across widths. */
static double
widen_f32(uint32_t bits)
{
	return bits == ATL_NAN_FRAME_32 ? atl_bits_f64(ATL_NAN_FRAME_64) : atl_bits_f32(bits);
}

static void
decode_f32(const uint8_t *bytes, uint32_t n, double *numbers)
{
	for (uint32_t i = 0; i < n; i++)
		numbers[i] = widen_f32(atl_load_u32(bytes + i * sizeof(float)));
}

static void
decode_codes(AtlScale scale, const uint8_t *bytes, const uint8_t *bitmap,
			 uint32_t first_bit, uint32_t n, double *numbers)
{
	uint32_t	width = atl_encoding_width(scale.encoding);

	for (uint32_t i = 0; i < n; i++)
	{
		uint32_t	bit = first_bit + i;

		if (bitmap != NULL && (bitmap[bit / 8] >> (bit % 8) & 1) != 0)
			numbers[i] = atl_bits_f64(ATL_NAN_NUMBER_64);
		else
			numbers[i] = code_to_number(scale, load_code(scale.encoding, bytes + i * width));
	}
}

void
atl_series_decode(AtlScale scale, const uint8_t *bytes, const uint8_t *bitmap,
				  uint32_t first_bit, uint32_t n, double *numbers)
{
	if (scale.encoding == ATL_F32)
		decode_f32(bytes, n, numbers);
	else if (scale.encoding == ATL_F64)
		for (uint32_t i = 0; i < n; i++)
			numbers[i] = atl_load_f64(bytes + i * sizeof(double));
	else
		decode_codes(scale, bytes, bitmap, first_bit, n, numbers);
}

static double
code_word_to_number(AtlScale scale, uint64_t word)
{
	if (word == atl_word_missing(scale.encoding))
		return atl_bits_f64(ATL_NAN_NUMBER_64);
	if (word == atl_word_missing_frame(scale.encoding))
		return atl_bits_f64(ATL_NAN_FRAME_64);
	return code_to_number(scale, word_to_code(scale.encoding, word));
}

/* Each loop has a constant width. */
void
atl_load_words(const uint8_t *bytes, uint32_t width, uint32_t stride, uint32_t n, uint64_t *words)
{
	size_t		step = (size_t) width * stride;

	switch (width)
	{
		case 1:
			for (uint32_t i = 0; i < n; i++)
				words[i] = bytes[i * step];
			break;
		case 2:
			for (uint32_t i = 0; i < n; i++)
				words[i] = atl_load_u16(bytes + i * step);
			break;
		case 4:
			for (uint32_t i = 0; i < n; i++)
				words[i] = atl_load_u32(bytes + i * step);
			break;
		default:
			for (uint32_t i = 0; i < n; i++)
				words[i] = atl_load_u64(bytes + i * step);
	}
}

void
atl_series_numbers(AtlScale scale, const uint64_t *words, uint32_t n, uint32_t stride, double *numbers)
{
	if (scale.encoding == ATL_F32 && stride == 1)
		for (uint32_t i = 0; i < n; i++)
			numbers[i] = widen_f32((uint32_t) words[i]);
	else if (scale.encoding == ATL_F32)
		for (uint32_t i = 0; i < n; i++)
			numbers[(size_t) i * stride] = widen_f32((uint32_t) words[i]);
	else if (scale.encoding == ATL_F64)
		for (uint32_t i = 0; i < n; i++)
			numbers[(size_t) i * stride] = atl_bits_f64(words[i]);
	else
		for (uint32_t i = 0; i < n; i++)
			numbers[(size_t) i * stride] = code_word_to_number(scale, words[i]);
}
