/*
 * numbers.c
 *		The numbers of a feature in its encoding, once all its members are known.
 */
#include "core/document/builder.h"

#include <float.h>
#include <math.h>

#include "core/base/base64.h"
#include "core/base/bytes.h"
#include "core/codec/bucket.h"

/* The bitmap of missing numbers lies behind the codes in the series buffer. */
static AtlStatus
add_bitmap(AtlBuilder *builder, uint32_t num)
{
	AtlStatus	status;

	status = atl_buffer_append_zeros(&builder->encoded.bytes, atl_align8(builder->encoded.bytes.size) - builder->encoded.bytes.size);
	builder->encoded.bitmap = (uint32_t) builder->encoded.bytes.size;
	builder->encoded.bitmap_size = (num + 7) / 8;
	return status != ATL_OK ? status : atl_buffer_append_zeros(&builder->encoded.bytes, builder->encoded.bitmap_size);
}

/* A missing number; only where frames are arrays can a whole frame be null. */
static AtlStatus
encode_missing(AtlBuilder *builder, AtlScale scale, uint32_t i, uint32_t num, double number)
{
	bool		frame = (builder->feature.entry.flags & ATL_FEATURE_NESTED) != 0 && atl_f64_bits(number) == ATL_NAN_FRAME_64;
	uint32_t	width = atl_encoding_width(scale.encoding);
	AtlStatus	status = ATL_OK;
	uint8_t    *bytes;

	if (atl_encoding_is_integer(scale.encoding) && builder->encoded.bitmap_size == 0)
		status = add_bitmap(builder, num);
	if (status != ATL_OK)
		return status;
	bytes = builder->encoded.bytes.bytes + (size_t) i * width;
	if (scale.encoding == ATL_F32)
		atl_store_u32(bytes, frame ? ATL_NAN_FRAME_32 : ATL_NAN_NUMBER_32);
	else if (scale.encoding == ATL_F64)
		atl_store_u64(bytes, frame ? ATL_NAN_FRAME_64 : ATL_NAN_NUMBER_64);
	else
	{
		bytes[0] = frame;
		builder->encoded.bytes.bytes[builder->encoded.bitmap + i / 8] |= 1 << (i % 8);
	}
	return ATL_OK;
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
		atl_path_number(builder, i / entry->dims, i % entry->dims, path);
	else
		atl_path_frame(builder, i, path);
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
	AtlStatus	status = ATL_OK;

	if (scale.ranged)
		*error = fmax(*error, atl_series_encode_ranged(scale, numbers, n, bytes));
	for (uint32_t k = 0; k < n && status == ATL_OK; k++)
		if (isnan(numbers[k]))
			status = encode_missing(builder, scale, i + k, num, numbers[k]);
		else if (!scale.ranged)
			status = encode_number(builder, scale, i + k, numbers[k], error);
		else if (numbers[k] < scale.min || numbers[k] > scale.max)
			feature->clipped = true;
	return status;
}

AtlStatus
atl_numbers_encode(AtlBuilder *builder, AtlRun run)
{
	AtlFeature *entry = &builder->feature.entry;
	uint32_t	width = atl_encoding_width(run.scale.encoding);
	uint64_t	size = (uint64_t) run.num * atl_encoding_width(entry->encoding);
	double		numbers[ATL_PIECE_NUMBERS];
	double		error = 0;
	AtlStatus	status;

	if (size > ATL_MAX_IMAGE)
		return ATL_TOO_LARGE;
	builder->encoded.size = (uint32_t) size;
	status = atl_buffer_append_zeros(&builder->encoded.bytes, builder->encoded.size);
	for (uint32_t i = 0; i < run.num && status == ATL_OK; i += ATL_PIECE_NUMBERS)
	{
		uint32_t	n = run.num - i < ATL_PIECE_NUMBERS ? run.num - i : ATL_PIECE_NUMBERS;

		atl_poll(builder->host);
		atl_series_decode(run.scale, run.bytes + (size_t) i * width, run.bitmap, i, n, numbers);
		status = encode_part(builder, i, run.num, numbers, n, &error);
	}

	/* Errors of an earlier encoding and of this one add up. */
	entry->max_error = fmin(entry->max_error + error, DBL_MAX);
	if (error > 0)
		atl_feature_add_member(builder, ATL_M_MAX_ERROR, ATL_FEATURE_ERROR);
	return status;
}

/* Encode the gathered values as asked for. */
static AtlStatus
encode_values(AtlBuilder *builder)
{
	const AtlBuffer *numbers = &builder->values.numbers;
	AtlRun		run = atl_values_run(&builder->values);

	if (builder->feature.entry.encoding != run.scale.encoding)
		return atl_numbers_encode(builder, run);
	builder->encoded.size = (uint32_t) numbers->size;
	return atl_buffer_append(&builder->encoded.bytes, numbers->bytes, numbers->size);
}

static AtlStatus
decode_base64(AtlBuilder *builder)
{
	AtlFeature *entry = &builder->feature.entry;
	uint32_t	frame_size = entry->dims * atl_encoding_width(entry->encoding);
	AtlText		text = {(const char *) atl_buffer_at(&builder->base64, 0), (uint32_t) builder->base64.size};
	AtlStatus	status = atl_base64_decode(&builder->encoded.bytes, text);

	if (status == ATL_INVALID)
		return atl_feature_problem(builder, ATL_PROBLEM_BASE64, "base64", "is not base64.");
	if (status != ATL_OK)
		return status;
	builder->encoded.size = (uint32_t) builder->encoded.bytes.size;
	if (builder->encoded.size % frame_size != 0)
		return atl_feature_problem(builder, ATL_PROBLEM_BASE64, "base64",
							   "holds %u bytes, must be a multiple of %u (dims %u, encoding %s).",
							   builder->encoded.size, frame_size, entry->dims, atl_encoding_name(entry->encoding));
	entry->frames = builder->encoded.size / frame_size;
	return ATL_OK;
}

/* Statistics; and the check for infinity, which only base64 can bring. */
AtlStatus
atl_numbers_measure(AtlBuilder *builder)
{
	AtlFeature *entry = &builder->feature.entry;
	uint32_t	width = atl_encoding_width(entry->encoding);
	uint32_t	num = builder->encoded.size / width;
	const uint8_t *bitmap = builder->encoded.bitmap_size == 0 ? NULL : builder->encoded.bytes.bytes + builder->encoded.bitmap;
	double		numbers[ATL_PIECE_NUMBERS];
	AtlBucket	all;

	atl_bucket_begin(&all);
	for (uint32_t i = 0; i < num; i += ATL_PIECE_NUMBERS)
	{
		uint32_t	n = num - i < ATL_PIECE_NUMBERS ? num - i : ATL_PIECE_NUMBERS;

		atl_poll(builder->host);
		atl_series_decode(atl_feature_scale(entry), builder->encoded.bytes.bytes + (size_t) i * width,
						  bitmap, i, n, numbers);
		atl_bucket_add(&all, numbers, n);
	}
	entry->min = all.min;
	entry->max = all.max;
	entry->mean = atl_bucket_mean(&all);
	entry->missing = num - all.count;
	if (isinf(entry->min) || isinf(entry->max))
		return atl_feature_problem(builder, ATL_PROBLEM_NOT_FINITE, "base64", "holds an infinite number.");
	return ATL_OK;
}

/* The numbers of a feature whose other members are right. */
AtlStatus
atl_numbers_store(AtlBuilder *builder)
{
	AtlStatus	status;

	builder->encoded.bytes.size = 0;
	builder->encoded.bitmap_size = 0;
	if (atl_build_seen(builder, ATL_M_BASE64))
		return decode_base64(builder);
	status = atl_values_settle(builder);
	if (status == ATL_OK && !atl_build_object_is_bad(builder))
		status = encode_values(builder);
	return status;
}

/* The encoded numbers. */
AtlRun
atl_numbers_run(const AtlBuilder *builder)
{
	const AtlEncoded *encoded = &builder->encoded;
	AtlEncoding encoding = builder->feature.entry.encoding;
	AtlRun		run = {
		.scale = atl_feature_scale(&builder->feature.entry),
		.bytes = atl_buffer_at(&encoded->bytes, 0),
		.bitmap = encoded->bitmap_size == 0 ? NULL : atl_buffer_at(&encoded->bytes, encoded->bitmap),
		.num = encoded->size / atl_encoding_width(encoding)
	};

	return run;
}
