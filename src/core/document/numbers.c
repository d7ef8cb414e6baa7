/*
 * numbers.c
 *		Encode the numbers of a feature when all its members are known.
 */
#include "core/document/builder.h"

#include <float.h>
#include <math.h>

#include "core/base/base64.h"
#include "core/base/bytes.h"
#include "core/base/count.h"
#include "core/codec/bucket.h"

/* Append an empty bitmap of missing numbers, 8-byte aligned, to the codes. */
static AtlStatus
add_bitmap(AtlBuilder *builder, uint32_t num)
{
	AtlStatus	status;

	status = atl_buffer_append_zeros(&builder->encoded.bytes, atl_align8(builder->encoded.bytes.size) - builder->encoded.bytes.size);
	builder->encoded.bitmap = (uint32_t) builder->encoded.bytes.size;
	builder->encoded.bitmap_size = (num + 7) / 8;
	return status != ATL_OK ? status : atl_buffer_append_zeros(&builder->encoded.bytes, builder->encoded.bitmap_size);
}

static AtlStatus
encode_missing(AtlBuilder *builder, AtlScale scale, uint32_t i, uint32_t num)
{
	AtlEncoded *encoded = &builder->encoded;

	if (scale.encoding == ATL_F32)
		atl_store_u32(encoded->bytes.bytes + (size_t) i * sizeof(float), ATL_NAN_NUMBER_32);
	else if (scale.encoding == ATL_F64)
		atl_store_u64(encoded->bytes.bytes + (size_t) i * sizeof(double), ATL_NAN_NUMBER_64);
	else
	{
		if (encoded->bitmap_size == 0)
			ATL_TRY(add_bitmap(builder, num));
		encoded->bytes.bytes[encoded->bitmap + i / 8] |= (uint8_t) (1 << (i % 8));
	}
	return ATL_OK;
}

/* The index of the i-th frame that is not null; both count from 0. */
static uint32_t
frame_of(const AtlValues *values, uint32_t i)
{
	const AtlNulls *nulls = (const AtlNulls *) values->nulls.bytes;
	uint32_t	low = 0;
	uint32_t	high = (uint32_t) (values->nulls.size / sizeof(AtlNulls));

	/* Count the runs of nulls with at most i frames, not null, before them. */
	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;

		if (nulls[middle].first - nulls[middle].before <= i)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? i : i + nulls[low - 1].before + (nulls[low - 1].end - nulls[low - 1].first);
}

static AtlStatus
refuse_number(AtlBuilder *builder, uint32_t i, double number)
{
	const AtlFeature *entry = &builder->feature.entry;
	bool		base64 = (entry->flags & ATL_FEATURE_BASE64) != 0;
	char		path[ATL_PATH_SIZE];
	char		shown[ATL_DOUBLE_SIZE];

	if (base64)
		atl_path_feature(atl_kept_text(builder, builder->feature.name), "base64", path);
	else if ((entry->flags & ATL_FEATURE_NESTED) != 0)
		atl_path_number(builder, frame_of(&builder->values, i / entry->dims), i % entry->dims, path);
	else
		atl_path_frame(builder, i, path);
	if (atl_encoding_is_integer(entry->encoding) && number != floor(number))
		atl_hint(builder, "Encoding %s holds integers: give the range that fractions are scaled to, as [-1, 1], or leave encoding out.",
				 atl_encoding_name(entry->encoding));
	return atl_problem(builder, ATL_PROBLEM_NOT_ENCODABLE, path, "%s %s, which encoding %s cannot hold.",
					   base64 ? "holds" : "is", atl_show_number(builder, number, shown),
					   atl_encoding_name(entry->encoding));
}

static AtlStatus
encode_number(AtlBuilder *builder, AtlScale scale, uint32_t i, double number, double *error)
{
	uint32_t	width = atl_encoding_width(scale.encoding);
	uint8_t    *bytes = builder->encoded.bytes.bytes + (size_t) i * width;

	if (!atl_series_can_encode(scale, number))
		return refuse_number(builder, i, number);
	*error = fmax(*error, fabs(number - atl_series_encode(scale, number, bytes)));
	return ATL_OK;
}

/* Encode n numbers, of which the first is number i of num in the series. */
static AtlStatus
encode_part(AtlBuilder *builder, uint32_t i, uint32_t num, const double *numbers, uint32_t n, double *error)
{
	AtlDraftFeature *feature = &builder->feature;
	AtlScale	scale = atl_feature_scale(&feature->entry);
	uint8_t    *bytes = builder->encoded.bytes.bytes + (size_t) i * atl_encoding_width(scale.encoding);

	if (scale.ranged)
		*error = fmax(*error, atl_series_encode_ranged(scale, numbers, n, bytes));
	for (uint32_t k = 0; k < n; k++)
		if (isnan(numbers[k]))
			ATL_TRY(encode_missing(builder, scale, i + k, num));
		else if (!scale.ranged)
			ATL_TRY(encode_number(builder, scale, i + k, numbers[k], error));
		else if (numbers[k] < scale.min || numbers[k] > scale.max)
			feature->clipped = true;
	return ATL_OK;
}

AtlStatus
atl_numbers_encode(AtlBuilder *builder, AtlNumbers from)
{
	AtlFeature *entry = &builder->feature.entry;
	uint32_t	width = atl_encoding_width(from.scale.encoding);
	uint64_t	size = (uint64_t) from.num * atl_encoding_width(entry->encoding);
	double		numbers[ATL_PIECE_NUMBERS];
	double		error = 0;
	AtlStatus	status;

	if (size > ATL_MAX_IMAGE)
		return ATL_TOO_LARGE;
	builder->encoded.size = (uint32_t) size;
	status = atl_buffer_append_zeros(&builder->encoded.bytes, builder->encoded.size);
	for (uint32_t i = 0; i < from.num && status == ATL_OK; i += ATL_PIECE_NUMBERS)
	{
		uint32_t	n = atl_min(from.num - i, ATL_PIECE_NUMBERS);

		atl_poll(builder->host);
		atl_series_decode(from.scale, from.bytes + (size_t) i * width, from.bitmap, i, n, numbers);
		status = encode_part(builder, i, from.num, numbers, n, &error);
	}

	/* The error of this encoding adds to the error of an earlier encoding. */
	entry->max_error = fmin(entry->max_error + error, DBL_MAX);
	if (error > 0)
		atl_feature_add_member(builder, ATL_M_MAX_ERROR, ATL_FEATURE_ERROR);
	return status;
}

/* Encode the gathered values; swap buffers if already in the encoding. */
static AtlStatus
encode_values(AtlBuilder *builder)
{
	AtlNumbers	numbers = atl_values_numbers(&builder->values);
	AtlBuffer	spare = builder->encoded.bytes;

	if (builder->feature.entry.encoding != numbers.scale.encoding)
		return atl_numbers_encode(builder, numbers);
	builder->encoded.bytes = builder->values.numbers;
	builder->encoded.size = (uint32_t) builder->encoded.bytes.size;
	builder->values.numbers = spare;
	return ATL_OK;
}

static AtlStatus
refuse_base64(AtlBuilder *builder, AtlText text)
{
	static const char *const hints[] = {
		[ATL_BASE64_DATA_URL] = "Give only what follows the comma of the data: URL.",
		[ATL_BASE64_SPACE] = "Remove spaces and line breaks from the base64 text.",
		[ATL_BASE64_URL] = "It has the alphabet for URLs: write + for - and / for _, and pad it with = to a multiple of four characters.",
		[ATL_BASE64_CHARACTER] = "The digits of base64 are A-Z, a-z, 0-9, + and /.",
		[ATL_BASE64_INNER_PADDING] = "= stands at the end only: encode all numbers as one text.",
		[ATL_BASE64_PADDING] = "Pad it with = to a multiple of four characters.",
		[ATL_BASE64_CUT] = "A single digit is left over: the text was cut off.",
		[ATL_BASE64_BITS] = "The last digit has bits that no byte uses: the text was cut off or changed.",
	};
	uint32_t	at;

	atl_hint(builder, "%s", hints[atl_base64_fault(builder->host, text, &at)]);
	return atl_feature_problem(builder, ATL_PROBLEM_BASE64, "base64", "is not base64, from character %u on.", at + 1);
}

static AtlStatus
decode_base64(AtlBuilder *builder)
{
	AtlFeature *entry = &builder->feature.entry;
	uint32_t	frame_size = entry->dims * atl_encoding_width(entry->encoding);
	AtlText		text = {(const char *) atl_buffer_at(&builder->base64, 0), (uint32_t) builder->base64.size};
	AtlStatus	status = atl_base64_decode(&builder->encoded.bytes, text);

	atl_values_begin(builder);
	if (status == ATL_INVALID)
		return refuse_base64(builder, text);
	ATL_TRY(status);
	builder->encoded.size = (uint32_t) builder->encoded.bytes.size;
	if (builder->encoded.size % frame_size != 0)
		atl_hint(builder, "A frame takes dims times the bytes of a number: check dims and encoding; or the text was cut off.");
	if (builder->encoded.size % frame_size != 0)
		return atl_feature_problem(builder, ATL_PROBLEM_BASE64, "base64",
								   "holds %u bytes, must be a multiple of %u (dims %u, encoding %s).",
								   builder->encoded.size, frame_size, entry->dims, atl_encoding_name(entry->encoding));
	entry->frames = builder->encoded.size / frame_size;
	return ATL_OK;
}

/* Compute the statistics; refuse infinity, which only base64 can hold. */
AtlStatus
atl_numbers_measure(AtlBuilder *builder)
{
	AtlFeature *entry = &builder->feature.entry;
	uint32_t	width = atl_encoding_width(entry->encoding);
	AtlNumbers	encoded = atl_numbers_encoded(builder);
	double		numbers[ATL_PIECE_NUMBERS];
	AtlBucket	all;

	atl_bucket_begin(&all);
	for (uint32_t i = 0; i < encoded.num; i += ATL_PIECE_NUMBERS)
	{
		uint32_t	n = atl_min(encoded.num - i, ATL_PIECE_NUMBERS);

		atl_poll(builder->host);
		atl_series_decode(encoded.scale, encoded.bytes + (size_t) i * width, encoded.bitmap, i, n, numbers);
		atl_bucket_add(&all, numbers, n);
	}
	entry->min = all.min;
	entry->max = all.max;
	entry->mean = atl_bucket_mean(&all);
	entry->missing = entry->frames * entry->dims - all.count;
	if (isinf(entry->min) || isinf(entry->max))
		atl_hint(builder, "Encode NaN for a number that is missing; there is no infinity.");
	if (isinf(entry->min) || isinf(entry->max))
		return atl_feature_problem(builder, ATL_PROBLEM_NOT_FINITE, "base64", "holds an infinite number.");
	return ATL_OK;
}

/* Encode the numbers of a feature whose other members are valid. */
AtlStatus
atl_numbers_store(AtlBuilder *builder)
{
	builder->encoded.bytes.size = 0;
	builder->encoded.bitmap_size = 0;
	if (atl_build_seen(builder, ATL_M_BASE64))
		return decode_base64(builder);
	ATL_TRY(atl_values_settle(builder));
	return atl_build_object_is_bad(builder) ? ATL_OK : encode_values(builder);
}

/* The encoded numbers, with the null frames of the gathered values. */
AtlNumbers
atl_numbers_encoded(const AtlBuilder *builder)
{
	const AtlEncoded *encoded = &builder->encoded;
	AtlNumbers	numbers = atl_values_numbers(&builder->values);

	numbers.scale = atl_feature_scale(&builder->feature.entry);
	numbers.bytes = atl_buffer_at(&encoded->bytes, 0);
	numbers.bitmap = encoded->bitmap_size == 0 ? NULL : atl_buffer_at(&encoded->bytes, encoded->bitmap);
	numbers.num = encoded->size / atl_encoding_width(numbers.scale.encoding);
	return numbers;
}
