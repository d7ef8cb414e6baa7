/*
 * atl_build_feature.c
 *		Features: clocks, values, encodings.
 *
 * Values come in before or after the members that say how to store them, so
 * they are gathered first, as f32 for as long as nothing is lost by that, and
 * encoded when the feature's object ends.
 */
#include "atl_builder.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "atl_bytes.h"

/* A few bytes of text can stand for a gigabyte of nulls: how often to poll. */
#define POLL_INTERVAL	65536

static AtlText
feature_name(const AtlBuilder *builder)
{
	return atl_span_text(builder, builder->feature.name);
}

/* Report a problem of a member of the feature in hand. */
#define feature_problem(builder, code, member, ...) \
	atl_problem(builder, code, \
				atl_path_feature(feature_name(builder), member, (char[ATL_PATH_SIZE]) {0}), \
				__VA_ARGS__)

/* The path of a frame of "values", or of one number in a frame. */
static const char *
frame_path(const AtlBuilder *builder, uint32_t frame, char *path)
{
	size_t		used;

	atl_path_feature(feature_name(builder), "values", path);
	used = strlen(path);
	snprintf(path + used, ATL_PATH_SIZE - used, "[%u]", frame);
	return path;
}

static const char *
number_path(const AtlBuilder *builder, uint32_t frame, uint32_t number, char *path)
{
	size_t		used;

	frame_path(builder, frame, path);
	used = strlen(path);
	snprintf(path + used, ATL_PATH_SIZE - used, "[%u]", number);
	return path;
}

static bool
seen(const AtlBuilder *builder, AtlMember member)
{
	return (builder->seen & ATL_BIT(member)) != 0;
}


/*
 * Values
 */

/* Forget the values, keep the memory. */
static void
reset_values(AtlBuilder *builder)
{
	AtlBuffer	numbers = builder->values.numbers;

	numbers.size = 0;
	memset(&builder->values, 0, sizeof(builder->values));
	builder->values.numbers = numbers;
}

static uint32_t
num_numbers(const AtlDraftValues *values)
{
	return (uint32_t) (values->numbers.size / (values->wide ? sizeof(double) : sizeof(float)));
}

/* The gathered numbers as an encoded series. */
static AtlScale
values_scale(const AtlDraftValues *values)
{
	AtlScale	scale = {.encoding = values->wide ? ATL_F64 : ATL_F32};

	return scale;
}

/* Go from f32 to f64. */
static AtlStatus
widen(AtlBuilder *builder)
{
	AtlDraftValues *values = &builder->values;
	uint32_t	num = num_numbers(values);
	AtlStatus	status = atl_buffer_append_zeros(&values->numbers, values->numbers.size);
	uint8_t    *bytes = values->numbers.bytes;

	if (status != ATL_OK)
		return status;
	/* In place, from the end: number i moves from 4i to 8i. */
	for (uint32_t i = num; i-- > 0;)
	{
		double		number;

		atl_series_decode(values_scale(values), bytes + (size_t) i * 4, NULL, 0, 1, &number);
		atl_store_f64(bytes + (size_t) i * 8, number);
	}
	values->wide = true;
	return ATL_OK;
}

static AtlStatus
add_number(AtlBuilder *builder, double number)
{
	AtlDraftValues *values = &builder->values;
	uint8_t		bytes[8];
	AtlStatus	status = ATL_OK;

	if (!values->wide && (double) (float) number != number)
		status = widen(builder);
	if (status != ATL_OK)
		return status;
	atl_series_encode(values_scale(values), number, bytes);
	return atl_buffer_append(&values->numbers, bytes, values->wide ? 8 : 4);
}

/* Add missing numbers: of the kind that stands for a null number or frame. */
static AtlStatus
add_missing(AtlBuilder *builder, bool frame, uint32_t count)
{
	AtlDraftValues *values = &builder->values;
	size_t		width = values->wide ? 8 : 4;
	AtlStatus	status = atl_buffer_reserve(&values->numbers, count * width);

	for (uint32_t i = 0; i < count && status == ATL_OK; i++)
	{
		uint8_t    *bytes = values->numbers.bytes + values->numbers.size;

		if (i % POLL_INTERVAL == 0)
			builder->host->poll(builder->host->context);
		if (values->wide)
			atl_store_u64(bytes, frame ? ATL_NAN_FRAME_64 : ATL_NAN_NUMBER_64);
		else
			atl_store_u32(bytes, frame ? ATL_NAN_FRAME_32 : ATL_NAN_NUMBER_32);
		values->numbers.size += width;
	}
	return status;
}

static AtlStatus
add_token_number(AtlBuilder *builder, AtlToken token)
{
	AtlDraftValues *values = &builder->values;
	char		path[ATL_PATH_SIZE];
	double		number;
	AtlStatus	status = atl_build_number(builder, token, &number);

	if (status != ATL_OK || isfinite(number))
		return status != ATL_OK ? status : add_number(builder, number);
	if (builder->place == ATL_AT_FRAME)
		number_path(builder, values->frames, values->in_frame, path);
	else
		frame_path(builder, values->frames, path);
	return atl_problem(builder, ATL_CODE_NOT_FINITE, path, "is not a finite number.");
}

/* A null frame: what shape it has may not be known yet. */
static AtlStatus
add_null_frame(AtlBuilder *builder)
{
	AtlDraftValues *values = &builder->values;

	values->frames++;
	if (values->flat)
		return add_missing(builder, false, 1);
	if (values->nested)
		return add_missing(builder, true, values->dims);
	values->leading_nulls++;
	return ATL_OK;
}

static AtlStatus
add_flat_number(AtlBuilder *builder, AtlToken token)
{
	AtlDraftValues *values = &builder->values;
	char		path[ATL_PATH_SIZE];
	AtlStatus	status = ATL_OK;

	if (values->nested)
		return atl_problem(builder, ATL_CODE_RAGGED, frame_path(builder, values->frames++, path),
						   "is a number, must be an array of length %u.", values->dims);
	if (!values->flat)
	{
		values->flat = true;
		status = add_missing(builder, false, values->leading_nulls);
	}
	if (status == ATL_OK)
		status = add_token_number(builder, token);
	values->frames++;
	return status;
}

static AtlStatus
begin_frame(AtlBuilder *builder, AtlToken token)
{
	AtlDraftValues *values = &builder->values;
	char		path[ATL_PATH_SIZE];
	AtlStatus	status;

	if (values->flat)
	{
		status = atl_problem(builder, ATL_CODE_RAGGED, frame_path(builder, values->frames++, path),
							 "is an array, must be a number.");
		return status != ATL_OK ? status : atl_build_skip(builder, token);
	}
	values->in_frame = 0;
	builder->place = ATL_AT_FRAME;
	return ATL_OK;
}

/* The first array has told the dims: now null frames before it have a shape. */
static AtlStatus
set_shape(AtlBuilder *builder)
{
	AtlDraftValues *values = &builder->values;
	size_t		width = values->wide ? 8 : 4;
	size_t		row = values->numbers.size;
	size_t		nulls;
	AtlStatus	status;

	values->nested = true;
	values->dims = values->in_frame;
	if (values->leading_nulls == 0)
		return ATL_OK;
	nulls = (size_t) values->leading_nulls * values->dims * width;
	status = atl_buffer_reserve(&values->numbers, nulls);
	if (status != ATL_OK)
		return status;
	memmove(values->numbers.bytes + nulls, values->numbers.bytes, row);
	values->numbers.size = 0;
	status = add_missing(builder, true, values->leading_nulls * values->dims);
	values->numbers.size += row;
	return status;
}

static AtlStatus
end_frame(AtlBuilder *builder)
{
	AtlDraftValues *values = &builder->values;
	uint32_t	frame = values->frames++;
	char		path[ATL_PATH_SIZE];

	builder->place = ATL_AT_VALUES;
	if (values->nested && values->in_frame == values->dims)
		return ATL_OK;
	if (values->nested)
		return atl_problem(builder, ATL_CODE_RAGGED, frame_path(builder, frame, path),
						   "has length %u, must be %u as in the frames before.",
						   values->in_frame, values->dims);
	if (values->in_frame == 0 || values->in_frame > ATL_MAX_DIMS)
		return atl_problem(builder, ATL_CODE_DIMS, frame_path(builder, frame, path),
						   "has length %u, must be from 1 to %u.", values->in_frame, ATL_MAX_DIMS);
	return set_shape(builder);
}

AtlStatus
atl_feature_frame_push(AtlBuilder *builder, AtlToken token)
{
	AtlDraftValues *values = &builder->values;
	char		path[ATL_PATH_SIZE];
	AtlStatus	status;

	switch (token.kind)
	{
		case ATL_ARRAY_END:
			return end_frame(builder);
		case ATL_NUMBER:
		case ATL_DOUBLE:
			status = add_token_number(builder, token);
			break;
		case ATL_NULL:
			status = add_missing(builder, false, 1);
			break;
		default:
			status = atl_problem(builder, ATL_CODE_KIND,
								 number_path(builder, values->frames, values->in_frame, path),
								 "is %s, must be a number or null.", atl_token_kind_name(token.kind));
			if (status == ATL_OK)
				status = atl_build_skip(builder, token);
	}
	values->in_frame++;
	return status;
}

AtlStatus
atl_feature_values_push(AtlBuilder *builder, AtlToken token)
{
	AtlDraftValues *values = &builder->values;
	char		path[ATL_PATH_SIZE];
	AtlStatus	status;

	switch (token.kind)
	{
		case ATL_ARRAY_END:
			builder->place = ATL_AT_FEATURE;
			return ATL_OK;
		case ATL_NUMBER:
		case ATL_DOUBLE:
			return add_flat_number(builder, token);
		case ATL_NULL:
			return add_null_frame(builder);
		case ATL_ARRAY_START:
			return begin_frame(builder, token);
		default:
			status = atl_problem(builder, ATL_CODE_KIND, frame_path(builder, values->frames++, path),
								 "is %s, must be a number, an array of numbers or null.",
								 atl_token_kind_name(token.kind));
			return status != ATL_OK ? status : atl_build_skip(builder, token);
	}
}

/* Finite numbers or NaN to bytes; adding 0 makes 0 of -0. */
static void
store_f64s(const double *numbers, uint32_t n, uint8_t *to)
{
	for (uint32_t i = 0; i < n; i++, to += 8)
		atl_store_u64(to, isnan(numbers[i]) ? ATL_NAN_NUMBER_64 : atl_f64_bits(numbers[i] + 0.0));
}

static void
store_f32s(const double *numbers, uint32_t n, uint8_t *to)
{
	for (uint32_t i = 0; i < n; i++, to += 4)
		atl_store_u32(to, isnan(numbers[i]) ? ATL_NAN_NUMBER_32 : atl_f32_bits((float) (numbers[i] + 0.0)));
}

/* Many numbers at once, all finite or NaN for a missing one. */
static AtlStatus
add_numbers(AtlBuilder *builder, const double *numbers, uint32_t n)
{
	AtlDraftValues *values = &builder->values;
	bool		wide = values->wide;
	AtlStatus	status = ATL_OK;

	if (n == 0)
		return ATL_OK;
	for (uint32_t i = 0; i < n && !wide; i++)
		wide = (double) (float) numbers[i] != numbers[i] && !isnan(numbers[i]);
	if (wide && !values->wide)
		status = widen(builder);
	if (status == ATL_OK)
		status = atl_buffer_reserve(&values->numbers, (size_t) n * (wide ? 8 : 4));
	if (status != ATL_OK)
		return status;
	(wide ? store_f64s : store_f32s) (numbers, n, values->numbers.bytes + values->numbers.size);
	values->numbers.size += (size_t) n * (wide ? 8 : 4);
	return ATL_OK;
}

/* The same as a token. */
static AtlStatus
push_one(AtlBuilder *builder, double number)
{
	AtlToken	token = {.kind = isnan(number) ? ATL_NULL : ATL_DOUBLE, .number = number};

	return atl_feature_values_push(builder, token);
}

AtlStatus
atl_feature_numbers_push(AtlBuilder *builder, const double *numbers, uint32_t n)
{
	AtlDraftValues *values = &builder->values;
	AtlStatus	status = ATL_OK;

	if (builder->place == ATL_AT_FRAME)
	{
		values->in_frame += n;
		return add_numbers(builder, numbers, n);
	}
	/* Until the values are known to be flat each element is looked at. */
	for (; n > 0 && !values->flat && status == ATL_OK; numbers++, n--)
		status = push_one(builder, *numbers);
	if (status != ATL_OK || n == 0)
		return status;
	values->frames += n;
	return add_numbers(builder, numbers, n);
}

AtlStatus
atl_feature_range_push(AtlBuilder *builder, AtlToken token)
{
	AtlDraftFeature *feature = &builder->feature;
	double		number = NAN;
	AtlStatus	status = ATL_OK;

	if (token.kind != ATL_ARRAY_END)
	{
		if (token.kind == ATL_NUMBER || token.kind == ATL_DOUBLE)
			status = atl_build_number(builder, token, &number);
		else
			status = atl_build_skip(builder, token);
		if (feature->range_count < 2)
			feature->range[feature->range_count] = number;
		feature->range_count++;
		return status;
	}

	builder->place = ATL_AT_FEATURE;
	if (feature->range_count == 2 && isfinite(feature->range[0]) &&
		isfinite(feature->range[1]) && feature->range[0] < feature->range[1])
		return ATL_OK;
	return feature_problem(builder, ATL_CODE_RANGE, "range",
						   "must be two finite numbers, the smaller first.");
}


/*
 * Members
 */

AtlStatus
atl_feature_begin(AtlBuilder *builder, AtlText name)
{
	memset(&builder->feature, 0, sizeof(builder->feature));
	builder->feature.number = builder->features_count++;
	builder->feature.entry.dims = 1;
	atl_build_begin_object(builder);
	reset_values(builder);
	return atl_build_keep(builder, name, &builder->feature.name);
}

static AtlStatus
set_encoding(AtlBuilder *builder, AtlText name)
{
	builder->feature.entry.encoding = atl_encoding_by_name(name);
	if (builder->feature.entry.encoding != 0)
		return ATL_OK;
	return feature_problem(builder, ATL_CODE_ENCODING, "encoding", "is not a known encoding.");
}

static AtlStatus
set_start_time(AtlBuilder *builder, double time)
{
	char		shown[ATL_DOUBLE_SIZE];

	builder->feature.entry.start_time = time;
	if (!isfinite(time))
		return feature_problem(builder, ATL_CODE_NOT_FINITE, "startTime", "is not a finite number.");
	if (time < 0)
		return feature_problem(builder, ATL_CODE_NEGATIVE_TIME, "startTime",
							   "is %s, must not be negative.", atl_show_number(builder, time, shown));
	return ATL_OK;
}

static AtlStatus
set_hop(AtlBuilder *builder, double hop)
{
	if (hop >= 1 && hop <= INT32_MAX && hop == floor(hop))
		return ATL_OK;
	return feature_problem(builder, ATL_CODE_HOP, "hop", "must be a positive integer up to %d.", INT32_MAX);
}

static AtlStatus
set_frame_rate(AtlBuilder *builder, double rate)
{
	if (rate > 0 && isfinite(rate) && isfinite(1 / rate))
		return ATL_OK;
	return feature_problem(builder, ATL_CODE_FRAME_RATE, "frameRate", "must be a positive finite number.");
}

static AtlStatus
set_dims(AtlBuilder *builder, double dims)
{
	if (dims >= 1 && dims <= ATL_MAX_DIMS && dims == floor(dims))
	{
		builder->feature.entry.dims = (uint32_t) dims;
		return ATL_OK;
	}
	return feature_problem(builder, ATL_CODE_DIMS, "dims", "must be an integer from 1 to %u.", ATL_MAX_DIMS);
}

static AtlStatus
set_max_error(AtlBuilder *builder, double error)
{
	builder->feature.entry.max_error = error;
	if (error >= 0 && isfinite(error))
		return ATL_OK;
	return feature_problem(builder, ATL_CODE_MAX_ERROR, "maxError", "must be a finite number, not negative.");
}

/*
 * hop and frameRate are kept apart until the end: both may be given, one of
 * them as null.
 */
static AtlStatus
number_member(AtlBuilder *builder, AtlToken token)
{
	double		number = 0;
	AtlStatus	status = atl_build_number(builder, token, &number);

	if (status != ATL_OK)
		return status;
	switch (builder->member)
	{
		case ATL_M_HOP:
			builder->feature.hop = number;
			return set_hop(builder, number);
		case ATL_M_FRAME_RATE:
			builder->feature.frame_rate = number;
			return set_frame_rate(builder, number);
		case ATL_M_START_TIME:
			return set_start_time(builder, number);
		case ATL_M_DIMS:
			return set_dims(builder, number);
		default:
			return set_max_error(builder, number);
	}
}

AtlStatus
atl_feature_member(AtlBuilder *builder, AtlToken token)
{
	AtlDraftFeature *feature = &builder->feature;

	switch (builder->member)
	{
		case ATL_M_UNIT:
			return atl_build_keep(builder, token.text, &feature->unit);
		case ATL_M_KIND:
			return atl_build_keep(builder, token.text, &feature->kind);
		case ATL_M_BASE64:
			builder->base64.size = 0;
			return atl_buffer_append(&builder->base64, token.text.text, token.text.size);
		case ATL_M_ENCODING:
			return set_encoding(builder, token.text);
		case ATL_M_RANGE:
			feature->range_count = 0;
			builder->place = ATL_AT_RANGE;
			return ATL_OK;
		case ATL_M_VALUES:
			reset_values(builder);
			builder->place = ATL_AT_VALUES;
			return ATL_OK;
		default:
			return number_member(builder, token);
	}
}


/*
 * The end of a feature: all its members are known.
 */

static AtlStatus
check_clock(AtlBuilder *builder)
{
	AtlFeature *entry = &builder->feature.entry;
	bool		hop = seen(builder, ATL_M_HOP);

	entry->clock = hop ? builder->feature.hop : builder->feature.frame_rate;
	if (hop == seen(builder, ATL_M_FRAME_RATE))
		return feature_problem(builder, ATL_CODE_CLOCK, "",
							   hop ? "has both hop and frameRate." : "has neither hop nor frameRate.");
	return ATL_OK;
}

static AtlStatus
check_values(AtlBuilder *builder)
{
	bool		base64 = seen(builder, ATL_M_BASE64);

	if (base64 == seen(builder, ATL_M_VALUES))
		return feature_problem(builder, ATL_CODE_VALUES, "",
							   base64 ? "has both values and base64." : "has neither values nor base64.");
	if (base64 && !seen(builder, ATL_M_ENCODING))
		return feature_problem(builder, ATL_CODE_ENCODING, "encoding", "is missing beside base64.");
	return ATL_OK;
}

static AtlStatus
check_range(AtlBuilder *builder)
{
	const AtlFeature *entry = &builder->feature.entry;

	if (!seen(builder, ATL_M_RANGE) || !atl_encoding_is_integer(entry->encoding) ||
		atl_range_is_codable(entry->encoding, entry->range_min, entry->range_max))
		return ATL_OK;
	return feature_problem(builder, ATL_CODE_RANGE, "range",
						   "is too narrow or too wide for encoding %s.",
						   atl_encoding_name(entry->encoding));
}

static void
set_flags(AtlBuilder *builder)
{
	static const struct
	{
		AtlMember	member;
		uint32_t	flag;
	}			flags[] = {
		{ATL_M_HOP, ATL_FEATURE_HOP},
		{ATL_M_START_TIME, ATL_FEATURE_START},
		{ATL_M_DIMS, ATL_FEATURE_DIMS},
		{ATL_M_ENCODING, ATL_FEATURE_ENCODING},
		{ATL_M_BASE64, ATL_FEATURE_BASE64},
		{ATL_M_RANGE, ATL_FEATURE_RANGE},
		{ATL_M_UNIT, ATL_FEATURE_UNIT},
		{ATL_M_KIND, ATL_FEATURE_KIND},
		{ATL_M_MAX_ERROR, ATL_FEATURE_ERROR},
	};
	AtlFeature *entry = &builder->feature.entry;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (seen(builder, flags[i].member))
			entry->flags |= flags[i].flag;
	if (!seen(builder, ATL_M_START_TIME))
		entry->start_time = 0;
	if (!seen(builder, ATL_M_DIMS))
		entry->dims = 1;
	if (!seen(builder, ATL_M_MAX_ERROR))
		entry->max_error = 0;
	if (!seen(builder, ATL_M_UNIT))
		builder->feature.unit.size = 0;
	if (!seen(builder, ATL_M_KIND))
		builder->feature.kind.size = 0;
	if (!seen(builder, ATL_M_ENCODING))
		entry->encoding = builder->values.wide ? ATL_F64 : ATL_F32;
	if (seen(builder, ATL_M_RANGE))
	{
		entry->range_min = builder->feature.range[0];
		entry->range_max = builder->feature.range[1];
	}
}

/* Settle the shape of the values, against dims if that was given. */
static AtlStatus
settle_shape(AtlBuilder *builder)
{
	AtlDraftValues *values = &builder->values;
	AtlFeature *entry = &builder->feature.entry;
	uint32_t	dims = values->nested ? values->dims : 1;
	AtlStatus	status = ATL_OK;

	entry->frames = values->frames;
	if (!values->nested && !values->flat)
	{
		/* Only nulls, or nothing: any dims will do. */
		values->nested = entry->dims > 1;
		status = atl_buffer_reserve(&values->numbers, (size_t) values->leading_nulls * entry->dims * sizeof(float));
		if (status == ATL_OK)
			status = add_missing(builder, values->nested, values->leading_nulls * entry->dims);
	}
	else if (seen(builder, ATL_M_DIMS) && entry->dims != dims)
		return feature_problem(builder, ATL_CODE_DIMS, "dims",
							   "is %u, but values has frames of %u.", entry->dims, dims);
	else
		entry->dims = dims;
	if (values->nested)
		entry->flags |= ATL_FEATURE_NESTED;
	return status;
}

/* The bitmap of missing numbers lies behind the codes in the series buffer. */
static AtlStatus
add_bitmap(AtlBuilder *builder, uint32_t num)
{
	AtlDraftFeature *feature = &builder->feature;
	AtlStatus	status;

	status = atl_buffer_append_zeros(&builder->series, atl_align8(builder->series.size) - builder->series.size);
	feature->bitmap = (uint32_t) builder->series.size;
	feature->bitmap_size = (num + 7) / 8;
	return status != ATL_OK ? status : atl_buffer_append_zeros(&builder->series, feature->bitmap_size);
}

/* A missing number; only where frames are arrays can a whole frame be null. */
static AtlStatus
encode_missing(AtlBuilder *builder, AtlScale scale, uint32_t i, uint32_t num, double number)
{
	AtlDraftFeature *feature = &builder->feature;
	bool		frame = (feature->entry.flags & ATL_FEATURE_NESTED) != 0 && atl_f64_bits(number) == ATL_NAN_FRAME_64;
	uint32_t	width = atl_encoding_width(scale.encoding);
	AtlStatus	status = ATL_OK;
	uint8_t    *bytes;

	if (atl_encoding_is_integer(scale.encoding) && feature->bitmap_size == 0)
		status = add_bitmap(builder, num);
	if (status != ATL_OK)
		return status;
	bytes = builder->series.bytes + (size_t) i * width;
	if (scale.encoding == ATL_F32)
		atl_store_u32(bytes, frame ? ATL_NAN_FRAME_32 : ATL_NAN_NUMBER_32);
	else if (scale.encoding == ATL_F64)
		atl_store_u64(bytes, frame ? ATL_NAN_FRAME_64 : ATL_NAN_NUMBER_64);
	else
	{
		bytes[0] = frame;
		builder->series.bytes[feature->bitmap + i / 8] |= 1 << (i % 8);
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
		atl_path_feature(feature_name(builder), "base64", path);
	else if ((entry->flags & ATL_FEATURE_NESTED) != 0)
		number_path(builder, i / entry->dims, i % entry->dims, path);
	else
		frame_path(builder, i, path);
	return atl_problem(builder, ATL_CODE_NOT_ENCODABLE, path, "%s %s, which encoding %s cannot hold.",
					   base64 ? "holds" : "is", atl_show_number(builder, number, shown),
					   atl_encoding_name(entry->encoding));
}

static AtlStatus
encode_number(AtlBuilder *builder, AtlScale scale, uint32_t i, double number, double *error)
{
	uint32_t	width = atl_encoding_width(scale.encoding);
	uint8_t    *bytes = builder->series.bytes + (size_t) i * width;

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
	uint8_t    *bytes = builder->series.bytes + (size_t) i * atl_encoding_width(scale.encoding);
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
atl_feature_encode(AtlBuilder *builder, AtlRun run)
{
	AtlFeature *entry = &builder->feature.entry;
	uint32_t	width = atl_encoding_width(run.scale.encoding);
	uint64_t	size = (uint64_t) run.num * atl_encoding_width(entry->encoding);
	double		numbers[ATL_PART_NUMBERS];
	double		error = 0;
	AtlStatus	status;

	if (size > ATL_MAX_IMAGE)
		return ATL_TOO_LARGE;
	builder->feature.data_size = (uint32_t) size;
	status = atl_buffer_append_zeros(&builder->series, builder->feature.data_size);
	for (uint32_t i = 0; i < run.num && status == ATL_OK; i += ATL_PART_NUMBERS)
	{
		uint32_t	n = run.num - i < ATL_PART_NUMBERS ? run.num - i : ATL_PART_NUMBERS;

		builder->host->poll(builder->host->context);
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
	AtlRun		run = {values_scale(&builder->values), numbers->bytes, NULL, num_numbers(&builder->values)};

	if (builder->feature.entry.encoding != run.scale.encoding)
		return atl_feature_encode(builder, run);
	builder->feature.data_size = (uint32_t) numbers->size;
	return atl_buffer_append(&builder->series, numbers->bytes, numbers->size);
}

static AtlStatus
decode_base64(AtlBuilder *builder)
{
	AtlDraftFeature *feature = &builder->feature;
	AtlFeature *entry = &feature->entry;
	uint32_t	frame_size = entry->dims * atl_encoding_width(entry->encoding);
	AtlText		text = {(const char *) atl_buffer_at(&builder->base64, 0), (uint32_t) builder->base64.size};
	AtlStatus	status = atl_base64_decode(&builder->series, text);

	if (status == ATL_INVALID)
		return feature_problem(builder, ATL_CODE_BASE64, "base64", "is not base64.");
	if (status != ATL_OK)
		return status;
	feature->data_size = (uint32_t) builder->series.size;
	if (feature->data_size % frame_size != 0)
		return feature_problem(builder, ATL_CODE_BASE64, "base64",
							   "holds %u bytes, must be a multiple of %u (dims %u, encoding %s).",
							   feature->data_size, frame_size, entry->dims, atl_encoding_name(entry->encoding));
	entry->frames = feature->data_size / frame_size;
	return ATL_OK;
}

/* Statistics; and the check for infinity, which only base64 can bring. */
static AtlStatus
measure(AtlBuilder *builder)
{
	AtlDraftFeature *feature = &builder->feature;
	AtlFeature *entry = &feature->entry;
	uint32_t	width = atl_encoding_width(entry->encoding);
	uint32_t	num = feature->data_size / width;
	const uint8_t *bitmap = feature->bitmap_size == 0 ? NULL : builder->series.bytes + feature->bitmap;
	double		numbers[ATL_PART_NUMBERS];
	AtlStats	stats;

	atl_stats_begin(&stats);
	for (uint32_t i = 0; i < num; i += ATL_PART_NUMBERS)
	{
		uint32_t	n = num - i < ATL_PART_NUMBERS ? num - i : ATL_PART_NUMBERS;

		builder->host->poll(builder->host->context);
		atl_series_decode(atl_feature_scale(entry), builder->series.bytes + (size_t) i * width,
						  bitmap, i, n, numbers);
		atl_stats_add(&stats, numbers, n);
	}
	entry->min = atl_stats_min(&stats);
	entry->max = atl_stats_max(&stats);
	entry->mean = atl_stats_mean(&stats);
	entry->missing = stats.missing;
	if (isinf(entry->min) || isinf(entry->max))
		return feature_problem(builder, ATL_CODE_NOT_FINITE, "base64", "holds an infinite number.");
	return ATL_OK;
}

/* The numbers of a feature whose other members are right. */
static AtlStatus
store_numbers(AtlBuilder *builder)
{
	AtlStatus	status;

	builder->series.size = 0;
	if (seen(builder, ATL_M_BASE64))
		return decode_base64(builder);
	status = settle_shape(builder);
	if (status == ATL_OK && builder->object_problems == atl_build_num_problems(builder))
		status = encode_values(builder);
	return status;
}

static bool
has_problems(const AtlBuilder *builder)
{
	return builder->object_problems != atl_build_num_problems(builder);
}

/* A rule from outside looks at the numbers as they are, and may change them. */
static AtlStatus
follow_rule(AtlBuilder *builder)
{
	bool		changed;
	AtlStatus	status = atl_feature_follow_rule(builder, &changed);

	if (status == ATL_OK && changed && !has_problems(builder))
		status = measure(builder);
	return status;
}

AtlStatus
atl_feature_end(AtlBuilder *builder)
{
	AtlStatus	status = check_clock(builder);

	if (status == ATL_OK)
		status = check_values(builder);
	if (status != ATL_OK || has_problems(builder))
		return status;

	set_flags(builder);
	status = check_range(builder);
	if (status == ATL_OK && !has_problems(builder))
		status = store_numbers(builder);
	if (status == ATL_OK && !has_problems(builder))
		status = measure(builder);
	if (status == ATL_OK && !has_problems(builder))
		status = follow_rule(builder);
	if (status == ATL_OK && !has_problems(builder))
		status = atl_build_series(builder);
	return status;
}
