/*
 * feature.c
 *		Features: their members, and the checks when a feature ends.
 */
#include "core/document/builder.h"

#include <math.h>
#include <string.h>

AtlStatus
atl_feature_begin(AtlBuilder *builder, AtlText name)
{
	memset(&builder->feature, 0, sizeof(builder->feature));
	memset(&builder->given, 0, sizeof(builder->given));
	builder->feature.entry.dims = 1;
	atl_build_begin_object(builder);
	atl_values_begin(builder);
	return atl_build_keep(builder, name, &builder->feature.name);
}

/* The encoding that a name of another language or library means, or NULL. */
static const char *
meant_encoding(AtlText name)
{
	static const char *const names[][2] = {
		{"float32", "f32"}, {"Float32", "f32"}, {"float", "f32"}, {"Float32Array", "f32"}, {"F32", "f32"}, {"<f4", "f32"}, {"f4", "f32"},
		{"float64", "f64"}, {"Float64", "f64"}, {"double", "f64"}, {"Float64Array", "f64"}, {"F64", "f64"}, {"<f8", "f64"}, {"f8", "f64"},
		{"uint8", "u8"}, {"byte", "u8"}, {"Uint8Array", "u8"}, {"U8", "u8"}, {"|u1", "u8"}, {"int8", "i8"}, {"Int8Array", "i8"}, {"s8", "i8"},
		{"uint16", "u16"}, {"Uint16Array", "u16"}, {"U16", "u16"}, {"<u2", "u16"}, {"int16", "i16"}, {"Int16Array", "i16"}, {"s16", "i16"}, {"<i2", "i16"},
		{"pcm16", "i16"}, {"s16le", "i16"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i][0]) == name.size && memcmp(names[i][0], name.text, name.size) == 0)
			return names[i][1];
	return NULL;
}

static AtlStatus
set_encoding(AtlBuilder *builder, AtlText name)
{
	const char *meant = meant_encoding(name);

	builder->feature.entry.encoding = atl_encoding_by_name(name);
	if (builder->feature.entry.encoding != 0)
		return ATL_OK;
	if (meant != NULL)
		atl_hint(builder, "Perhaps you mean \"%s\".", meant);
	else if (name.size == 0 || (name.size == 6 && memcmp(name.text, "base64", 6) == 0))
		atl_hint(builder, "encoding tells how numbers are stored: f32, f64, u8, i8, u16 or i16; leave it out beside values.");
	return atl_feature_problem(builder, ATL_PROBLEM_ENCODING, "encoding", "is not a known encoding.");
}

static void
hint_at_hop(AtlBuilder *builder, double hop)
{
	if (hop > 0 && hop < 1)
		atl_hint(builder, "hop is in samples; for %g s between frames give frameRate %g.", hop, 1 / hop);
	else if (hop > 1 && hop <= INT32_MAX)
		atl_hint(builder, "Give frameRate in place of hop: sampleRate / %.17g.", hop);
}

static AtlStatus
set_hop(AtlBuilder *builder, double hop)
{
	if (hop >= 1 && hop <= INT32_MAX && hop == floor(hop))
		return ATL_OK;
	hint_at_hop(builder, hop);
	return atl_feature_problem(builder, ATL_PROBLEM_HOP, "hop", "must be a positive integer up to %d.", INT32_MAX);
}

static AtlStatus
set_frame_rate(AtlBuilder *builder, double rate)
{
	if (rate > 0 && isfinite(rate) && isfinite(1 / rate))
		return ATL_OK;
	return atl_feature_problem(builder, ATL_PROBLEM_FRAME_RATE, "frameRate", "must be a positive finite number.");
}

static AtlStatus
set_dims(AtlBuilder *builder, double dims)
{
	if (dims >= 1 && dims <= ATL_MAX_DIMS && dims == floor(dims))
	{
		builder->feature.entry.dims = (uint32_t) dims;
		return ATL_OK;
	}
	return atl_feature_problem(builder, ATL_PROBLEM_DIMS, "dims", "must be an integer from 1 to %u.", ATL_MAX_DIMS);
}

static AtlStatus
set_max_error(AtlBuilder *builder, double error)
{
	builder->feature.entry.max_error = error;
	if (error >= 0 && isfinite(error))
		return ATL_OK;
	return atl_feature_problem(builder, ATL_PROBLEM_MAX_ERROR, "maxError", "must be a finite number, not negative.");
}

/*
 * Keep hop and frameRate apart until the feature ends: a document may give
 * both members, one of the two as null.
 */
static AtlStatus
number_member(AtlBuilder *builder, AtlToken token)
{
	double		number = 0;

	ATL_TRY(atl_build_number(builder, token, &number));
	switch (builder->member)
	{
		case ATL_M_HOP:
			builder->given.hop = number;
			return set_hop(builder, number);
		case ATL_M_FRAME_RATE:
			builder->given.frame_rate = number;
			return set_frame_rate(builder, number);
		case ATL_M_START_TIME:
			builder->feature.entry.start_time = number;
			builder->feature.start_token = builder->where.now;
			return atl_build_check_finite(builder, "startTime", number);
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
			builder->given.range_count = 0;
			builder->state = ATL_AT_RANGE;
			return ATL_OK;
		case ATL_M_TIMES:
			builder->times.size = 0;
			builder->feature.start_token = builder->where.now;
			builder->state = ATL_AT_TIMES;
			return ATL_OK;
		case ATL_M_VALUES:
			atl_values_begin(builder);
			builder->state = ATL_AT_VALUES;
			return ATL_OK;
		default:
			return number_member(builder, token);
	}
}

AtlStatus
atl_feature_range_push(AtlBuilder *builder, AtlToken token)
{
	AtlGiven   *given = &builder->given;
	double		number = NAN;
	AtlStatus	status = ATL_OK;

	if (token.kind != ATL_ARRAY_END)
	{
		if (token.kind == ATL_NUMBER || token.kind == ATL_DOUBLE)
			status = atl_build_number(builder, token, &number);
		else
			status = atl_build_skip(builder, token);
		if (given->range_count < 2)
			given->range[given->range_count] = number;
		given->range_count++;
		return status;
	}

	builder->state = ATL_AT_FEATURE;
	if (given->range_count == 2 && isfinite(given->range[0]) &&
		isfinite(given->range[1]) && given->range[0] < given->range[1])
		return ATL_OK;
	return atl_feature_problem(builder, ATL_PROBLEM_RANGE, "range",
							   "must be two finite numbers, the smaller first.");
}


/*
 * The end of a feature: all its members are known.
 */

static AtlStatus
check_clock(AtlBuilder *builder)
{
	AtlFeature *entry = &builder->feature.entry;
	bool		hop = atl_build_seen(builder, ATL_M_HOP);
	bool		rate = atl_build_seen(builder, ATL_M_FRAME_RATE);
	bool		times = atl_build_seen(builder, ATL_M_TIMES);

	entry->clock = hop ? builder->given.hop : rate ? builder->given.frame_rate : 0;
	if (!hop && !rate && !times && !atl_unused_hint(builder, ATL_M_HOP))
		atl_unused_hint(builder, ATL_M_FRAME_RATE);
	if (hop + rate + times != 1)
		return atl_feature_problem(builder, ATL_PROBLEM_CLOCK, "",
								   hop && rate ? "has both hop and frameRate." :
								   hop && times ? "has both hop and times." :
								   rate && times ? "has both frameRate and times." :
								   "has none of hop, frameRate and times.");
	if (times && atl_build_seen(builder, ATL_M_START_TIME))
		return atl_feature_problem(builder, ATL_PROBLEM_CLOCK, "", "has both times and startTime.");
	return ATL_OK;
}

static AtlStatus
check_values(AtlBuilder *builder)
{
	bool		base64 = atl_build_seen(builder, ATL_M_BASE64);

	if (!base64 && !atl_build_seen(builder, ATL_M_VALUES))
		atl_unused_hint(builder, ATL_M_VALUES);
	if (base64 == atl_build_seen(builder, ATL_M_VALUES))
		return atl_feature_problem(builder, ATL_PROBLEM_VALUES, "",
								   base64 ? "has both values and base64." : "has neither values nor base64.");
	if (base64 && !atl_build_seen(builder, ATL_M_ENCODING))
		atl_unused_hint(builder, ATL_M_ENCODING);
	if (base64 && !atl_build_seen(builder, ATL_M_ENCODING))
		return atl_feature_problem(builder, ATL_PROBLEM_ENCODING, "encoding", "is missing beside base64.");
	return ATL_OK;
}

static AtlStatus
check_range(AtlBuilder *builder)
{
	const AtlFeature *entry = &builder->feature.entry;

	if (!atl_build_seen(builder, ATL_M_RANGE) || !atl_encoding_is_integer(entry->encoding) ||
		atl_range_is_codable(entry->encoding, entry->range_min, entry->range_max))
		return ATL_OK;
	return atl_feature_problem(builder, ATL_PROBLEM_RANGE, "range",
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
		{ATL_M_TIMES, ATL_FEATURE_TIMES},
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
		if (atl_build_seen(builder, flags[i].member))
			entry->flags |= flags[i].flag;
	if (!atl_build_seen(builder, ATL_M_START_TIME))
		entry->start_time = 0;
	if (!atl_build_seen(builder, ATL_M_DIMS))
		entry->dims = 1;
	if (!atl_build_seen(builder, ATL_M_MAX_ERROR))
		entry->max_error = 0;
	if (!atl_build_seen(builder, ATL_M_UNIT))
		builder->feature.unit.size = 0;
	if (!atl_build_seen(builder, ATL_M_KIND))
		builder->feature.kind.size = 0;
	if (!atl_build_seen(builder, ATL_M_ENCODING))
		entry->encoding = builder->values.wide ? ATL_F64 : ATL_F32;
	if (atl_build_seen(builder, ATL_M_RANGE))
	{
		entry->range_min = builder->given.range[0];
		entry->range_max = builder->given.range[1];
	}
}

/* Apply the rule to the encoded numbers; measure again if they changed. */
static AtlStatus
follow_rule(AtlBuilder *builder)
{
	bool		changed;

	ATL_TRY(atl_feature_follow_rule(builder, &changed));
	if (changed && !atl_build_object_is_bad(builder))
		return atl_numbers_measure(builder);
	return ATL_OK;
}

static AtlStatus
add_series(AtlBuilder *builder)
{
	AtlNumbers	numbers = atl_numbers_encoded(builder);

	return atl_draft_add_series(&builder->draft, &builder->feature, &numbers);
}

AtlStatus
atl_feature_end(AtlBuilder *builder)
{
	ATL_TRY(check_clock(builder));
	ATL_TRY(check_values(builder));
	if (atl_build_object_is_bad(builder))
		return ATL_OK;

	set_flags(builder);
	ATL_TRY(check_range(builder));
	if (!atl_build_object_is_bad(builder))
		ATL_TRY(atl_numbers_store(builder));
	if (!atl_build_object_is_bad(builder))
		ATL_TRY(atl_numbers_measure(builder));
	if (!atl_build_object_is_bad(builder))
		ATL_TRY(follow_rule(builder));
	if (!atl_build_object_is_bad(builder) && atl_build_seen(builder, ATL_M_TIMES))
		ATL_TRY(atl_times_store(builder));
	if (!atl_build_object_is_bad(builder))
		ATL_TRY(add_series(builder));
	return ATL_OK;
}
