/*
 * values.c
 *		Gather the numbers of "values".
 *
 * "values" may come before the members that say how to encode the numbers, so
 * the numbers are gathered first, as f32 while f32 holds all of them exactly.
 */
#include "core/document/builder.h"

#include <math.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/work.h"

/* Missing numbers between two polls: millions can be added at once. */
#define POLL_INTERVAL	65536

/* Forget the values, keep the memory. */
void
atl_values_begin(AtlBuilder *builder)
{
	AtlBuffer	numbers = builder->values.numbers;
	AtlBuffer	nulls = builder->values.nulls;

	numbers.size = 0;
	nulls.size = 0;
	memset(&builder->values, 0, sizeof(builder->values));
	builder->values.numbers = numbers;
	builder->values.nulls = nulls;
}

static uint32_t
num_numbers(const AtlValues *values)
{
	return (uint32_t) (values->numbers.size / (values->wide ? sizeof(double) : sizeof(float)));
}

static AtlScale
values_scale(const AtlValues *values)
{
	AtlScale	scale = {.encoding = values->wide ? ATL_F64 : ATL_F32};

	return scale;
}

/* Convert the gathered numbers from f32 to f64. */
static AtlStatus
widen(AtlBuilder *builder)
{
	AtlValues  *values = &builder->values;
	uint32_t	num = num_numbers(values);
	uint8_t    *bytes;
	AtlWork		work = {.host = builder->host};

	ATL_TRY(atl_buffer_append_zeros(&values->numbers, values->numbers.size));
	bytes = values->numbers.bytes;
	/* In place, from the end: number i moves from 4i to 8i. */
	for (uint32_t i = num; i-- > 0;)
	{
		double		number;

		atl_work(&work, 5);
		atl_series_decode(values_scale(values), bytes + (size_t) i * 4, NULL, 0, 1, &number);
		atl_store_f64(bytes + (size_t) i * 8, number);
	}
	values->wide = true;
	return ATL_OK;
}

static AtlStatus
add_number(AtlBuilder *builder, double number)
{
	AtlValues  *values = &builder->values;
	uint8_t		bytes[8];

	if (!values->wide && (double) (float) number != number)
		ATL_TRY(widen(builder));
	atl_series_encode(values_scale(values), number, bytes);
	return atl_buffer_append(&values->numbers, bytes, values->wide ? 8 : 4);
}

static AtlStatus
add_missing(AtlBuilder *builder, uint32_t count)
{
	AtlValues  *values = &builder->values;
	size_t		width = values->wide ? 8 : 4;

	ATL_TRY(atl_buffer_reserve(&values->numbers, (uint64_t) count * width));
	for (uint32_t i = 0; i < count; i++)
	{
		uint8_t    *bytes = values->numbers.bytes + values->numbers.size;

		if (i % POLL_INTERVAL == 0)
			atl_poll(builder->host);
		if (values->wide)
			atl_store_u64(bytes, ATL_NAN_NUMBER_64);
		else
			atl_store_u32(bytes, ATL_NAN_NUMBER_32);
		values->numbers.size += width;
	}
	return ATL_OK;
}

static AtlStatus
add_token_number(AtlBuilder *builder, AtlToken token)
{
	AtlValues  *values = &builder->values;
	char		path[ATL_PATH_SIZE];
	double		number;

	ATL_TRY(atl_build_number(builder, token, &number));
	if (isfinite(number))
		return add_number(builder, number);
	if (builder->state == ATL_AT_FRAME)
		atl_path_number(builder, values->frames, values->in_frame, path);
	else
		atl_path_frame(builder, values->frames, path);
	atl_hint(builder, "Numbers are doubles, up to 1.8e308 in size; null stands for a missing one.");
	return atl_problem(builder, ATL_PROBLEM_NOT_FINITE, path, "is not a finite number.");
}

/* The count of null frames so far. */
static uint32_t
count_nulls(const AtlValues *values)
{
	const AtlNulls *last;

	if (values->nulls.size == 0)
		return 0;
	last = (const AtlNulls *) (values->nulls.bytes + values->nulls.size) - 1;
	return last->before + (last->end - last->first);
}

/* Add a null frame: a missing number if frames are numbers, else to nulls. */
static AtlStatus
add_null_frame(AtlBuilder *builder)
{
	AtlValues  *values = &builder->values;
	uint32_t	frame = values->frames++;
	AtlNulls	nulls = {frame, frame + 1, count_nulls(values)};
	AtlNulls   *last;

	if (values->flat)
		return add_missing(builder, 1);
	if (nulls.before > 0)
	{
		last = (AtlNulls *) (values->nulls.bytes + values->nulls.size) - 1;
		if (last->end == frame)
		{
			last->end++;
			return ATL_OK;
		}
	}
	return atl_buffer_append(&values->nulls, &nulls, sizeof(nulls));
}

/* Frames are numbers: turn the null frames so far into missing numbers. */
static AtlStatus
set_flat(AtlBuilder *builder)
{
	AtlValues  *values = &builder->values;
	uint32_t	nulls = count_nulls(values);

	values->flat = true;
	values->nulls.size = 0;
	return add_missing(builder, nulls);
}

static AtlStatus
add_flat_number(AtlBuilder *builder, AtlToken token)
{
	AtlValues  *values = &builder->values;
	char		path[ATL_PATH_SIZE];
	AtlStatus	status = ATL_OK;

	if (values->nested)
		return atl_problem(builder, ATL_PROBLEM_RAGGED, atl_path_frame(builder, values->frames++, path),
						   "is a number, must be an array of length %u.", values->dims);
	if (!values->flat)
		status = set_flat(builder);
	if (status == ATL_OK)
		status = add_token_number(builder, token);
	values->frames++;
	return status;
}

static AtlStatus
begin_frame(AtlBuilder *builder, AtlToken token)
{
	AtlValues  *values = &builder->values;
	char		path[ATL_PATH_SIZE];

	if (values->flat)
	{
		ATL_TRY(atl_problem(builder, ATL_PROBLEM_RAGGED, atl_path_frame(builder, values->frames++, path),
							"is an array, must be a number."));
		return atl_build_skip(builder, token);
	}
	values->in_frame = 0;
	builder->where.frame = builder->where.now;
	builder->state = ATL_AT_FRAME;
	return ATL_OK;
}

static AtlStatus
end_frame(AtlBuilder *builder)
{
	AtlValues  *values = &builder->values;
	uint32_t	frame = values->frames++;
	char		path[ATL_PATH_SIZE];

	builder->state = ATL_AT_VALUES;
	if (values->nested && values->in_frame == values->dims)
		return ATL_OK;
	if (values->nested)
		return atl_problem(builder, ATL_PROBLEM_RAGGED, atl_path_frame(builder, frame, path),
						   "has length %u, must be %u as in the frames before.",
						   values->in_frame, values->dims);
	if (values->in_frame == 0)
		atl_hint(builder, "Write null for a frame that is missing.");
	if (values->in_frame > ATL_MAX_DIMS)
		atl_hint(builder, "values has an array for each frame: if this one is a series over time, transpose the matrix, in numpy with values.T.");
	if (values->in_frame == 0 || values->in_frame > ATL_MAX_DIMS)
		return atl_problem(builder, ATL_PROBLEM_DIMS, atl_path_frame(builder, frame, path),
						   "has length %u, must be from 1 to %u.", values->in_frame, ATL_MAX_DIMS);
	values->nested = true;
	values->dims = values->in_frame;
	return ATL_OK;
}

AtlStatus
atl_values_frame_push(AtlBuilder *builder, AtlToken token)
{
	AtlValues  *values = &builder->values;
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
			status = add_missing(builder, 1);
			break;
		default:
			atl_kind_hint_in_values(builder, token);
			status = atl_kind_problem(builder, atl_path_number(builder, values->frames, values->in_frame, path),
									  "a number or null", token);
	}
	values->in_frame++;
	return status;
}

AtlStatus
atl_values_push(AtlBuilder *builder, AtlToken token)
{
	AtlValues  *values = &builder->values;
	char		path[ATL_PATH_SIZE];

	switch (token.kind)
	{
		case ATL_ARRAY_END:
			builder->state = ATL_AT_FEATURE;
			return ATL_OK;
		case ATL_NUMBER:
		case ATL_DOUBLE:
			return add_flat_number(builder, token);
		case ATL_NULL:
			return add_null_frame(builder);
		case ATL_ARRAY_START:
			return begin_frame(builder, token);
		default:
			atl_kind_hint_in_values(builder, token);
			return atl_kind_problem(builder, atl_path_frame(builder, values->frames++, path),
									"a number, an array of numbers or null", token);
	}
}

/* Store finite numbers or NaN as bytes; adding 0 turns -0 into 0. */
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

/* Add n numbers at once, each finite, or NaN if missing. */
static AtlStatus
add_numbers(AtlBuilder *builder, const double *numbers, uint32_t n)
{
	AtlValues  *values = &builder->values;
	bool		wide = values->wide;

	if (n == 0)
		return ATL_OK;
	for (uint32_t i = 0; i < n && !wide; i++)
		wide = (double) (float) numbers[i] != numbers[i] && !isnan(numbers[i]);
	if (wide && !values->wide)
		ATL_TRY(widen(builder));
	ATL_TRY(atl_buffer_reserve(&values->numbers, (uint64_t) n * (wide ? 8 : 4)));
	(wide ? store_f64s : store_f32s) (numbers, n, values->numbers.bytes + values->numbers.size);
	values->numbers.size += (size_t) n * (wide ? 8 : 4);
	return ATL_OK;
}

/* Push one number, or NaN for null, as a token. */
static AtlStatus
push_one(AtlBuilder *builder, double number)
{
	AtlToken	token = {.kind = isnan(number) ? ATL_NULL : ATL_DOUBLE, .number = number};

	return atl_values_push(builder, token);
}

AtlStatus
atl_values_numbers_push(AtlBuilder *builder, const double *numbers, uint32_t n)
{
	AtlValues  *values = &builder->values;

	if (builder->state == ATL_AT_FRAME)
	{
		values->in_frame += n;
		return add_numbers(builder, numbers, n);
	}
	/* Push elements as tokens until one shows that frames are numbers. */
	for (; n > 0 && !values->flat; numbers++, n--, builder->where.now++)
		ATL_TRY(push_one(builder, *numbers));
	if (n == 0)
		return ATL_OK;
	values->frames += n;
	return add_numbers(builder, numbers, n);
}

static AtlStatus
check_size(AtlBuilder *builder)
{
	const AtlFeature *entry = &builder->feature.entry;

	if (entry->frames <= ATL_MAX_NUMBERS / entry->dims)
		return ATL_OK;
	return atl_feature_problem(builder, ATL_PROBLEM_TOO_LARGE, "values",
							   "has %u frames of %u numbers, more than %u altogether.",
							   entry->frames, entry->dims, ATL_MAX_NUMBERS);
}

/* One list holds the numbers of all frames, as feature() gives them. */
static AtlStatus
settle_flat(AtlBuilder *builder)
{
	AtlFeature *entry = &builder->feature.entry;
	uint32_t	numbers = builder->values.frames;

	entry->frames = numbers / entry->dims;
	if (numbers % entry->dims == 0)
		return check_size(builder);
	atl_hint(builder, "In a flat list of values, dims numbers make a frame: check dims, or whether the list was cut off.");
	return atl_feature_problem(builder, ATL_PROBLEM_DIMS, "dims", "is %u, but values has %u numbers, not a multiple of it.",
							   entry->dims, numbers);
}

AtlStatus
atl_values_settle(AtlBuilder *builder)
{
	AtlValues  *values = &builder->values;
	AtlFeature *entry = &builder->feature.entry;
	uint32_t	dims = values->nested ? values->dims : 1;

	entry->frames = values->frames;
	if (!values->nested && !values->flat)
	{
		/* Only nulls, or nothing: any dims will do. */
		values->nested = entry->dims > 1;
		if (!values->nested)
			ATL_TRY(set_flat(builder));
	}
	else if (values->flat && atl_build_seen(builder, ATL_M_DIMS) && entry->dims > 1)
		return settle_flat(builder);
	else if (atl_build_seen(builder, ATL_M_DIMS) && entry->dims != dims)
		return atl_feature_problem(builder, ATL_PROBLEM_DIMS, "dims",
								   "is %u, but values has frames of %u.", entry->dims, dims);
	else
		entry->dims = dims;
	if (values->nested)
		entry->flags |= ATL_FEATURE_NESTED;
	return check_size(builder);
}

AtlNumbers
atl_values_numbers(const AtlValues *values)
{
	AtlNumbers	numbers = {
		.scale = values_scale(values),
		.bytes = atl_buffer_at(&values->numbers, 0),
		.num = num_numbers(values),
		.nulls = (const AtlNulls *) values->nulls.bytes,
		.num_nulls = (uint32_t) (values->nulls.size / sizeof(AtlNulls))
	};

	return numbers;
}
