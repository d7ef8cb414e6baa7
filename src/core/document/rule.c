/*
 * rule.c
 *		Encodings chosen outside of the document: by the type modifier of a
 *		column, or by a function.
 *
 * The rule comes after the members: a feature is encoded as its members say,
 * measured, and then, if the rule changes the encoding, decoded and encoded
 * again.  The bytes are therefore the same for a text and a stored timeline,
 * and a feature that obeys the rule keeps every bit.
 */
#include "core/document/builder.h"

#include <float.h>
#include <math.h>

#include "core/base/count.h"
#include "core/base/text.h"

/* Whether a rule names a feature; the names of the rule are sorted. */
static bool
is_named(const AtlEncodingRule *rule, AtlText name)
{
	uint32_t	low = 0;
	uint32_t	high = rule->num_features;

	if (rule->features == NULL)
		return true;
	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;
		int			order = atl_text_compare(rule->features[middle], name);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool
atl_rule_changes(const AtlEncodingRule *rule, AtlText name, AtlEncoding encoding)
{
	bool		other = rule->encoding == 0 ? atl_encoding_is_integer(encoding) :
		atl_encoding_width(encoding) > atl_encoding_width(rule->encoding);

	return other && is_named(rule, name);
}

/*
 * Set the range for an integer encoding to [min, max] of the numbers, so that
 * none is clipped.  Numbers that are all equal, or nearly, get a wider range
 * that still begins at min: the lowest code decodes to exactly min.
 * False if the numbers are too far apart for equal steps of a double.
 */
static bool
choose_range(AtlFeature *entry)
{
	double		codes = ldexp(1, 8 * (int) atl_encoding_width(entry->encoding)) - 1;
	double		width = entry->max - entry->min;
	double		magnitude = fmax(fabs(entry->min), fabs(entry->max));

	/* Without numbers (NaN) any range will do.  -0 becomes 0, as in jsonb. */
	entry->range_min = isnan(width) ? 0 : entry->min + 0.0;
	entry->range_max = isnan(width) ? 1 : entry->max + 0.0;
	if (atl_range_is_codable(entry->encoding, entry->range_min, entry->range_max))
		return true;
	width = fmax(width == 0 ? 1 : width, codes * 32 * fmax(DBL_EPSILON * magnitude, DBL_MIN));
	entry->range_max = entry->range_min + width;
	return atl_range_is_codable(entry->encoding, entry->range_min, entry->range_max);
}

static AtlStatus
set_range(AtlBuilder *builder)
{
	AtlFeature *entry = &builder->feature.entry;
	AtlText		name = atl_kept_text(builder, builder->feature.name);
	bool		base64 = (entry->flags & ATL_FEATURE_BASE64) != 0;
	char		path[ATL_PATH_SIZE];

	atl_feature_add_member(builder, ATL_M_RANGE, ATL_FEATURE_RANGE);
	if (choose_range(entry))
		return ATL_OK;
	return atl_problem(builder, ATL_PROBLEM_NOT_ENCODABLE,
					   atl_path_feature(name, base64 ? "base64" : "values", path),
					   "has numbers too far apart for encoding %s.", atl_encoding_name(entry->encoding));
}

/* Whether all numbers are exactly float32. */
static bool
fits_f32(const AtlBuilder *builder, AtlNumbers from)
{
	uint32_t	width = atl_encoding_width(from.scale.encoding);
	double		numbers[ATL_PIECE_NUMBERS];

	for (uint32_t i = 0; i < from.num; i += ATL_PIECE_NUMBERS)
	{
		uint32_t	n = atl_min(from.num - i, ATL_PIECE_NUMBERS);

		atl_poll(builder->host);
		atl_series_decode(from.scale, from.bytes + (size_t) i * width, from.bitmap, i, n, numbers);
		for (uint32_t k = 0; k < n; k++)
			if (!isnan(numbers[k]) && numbers[k] != (float) numbers[k])
				return false;
	}
	return true;
}

/*
 * Replace base64 by values: base64 needs an encoding, and integer codes in
 * base64 cannot show a missing number.
 */
static void
leave_base64(AtlBuilder *builder)
{
	AtlFeature *entry = &builder->feature.entry;

	if ((entry->flags & ATL_FEATURE_BASE64) == 0)
		return;
	entry->flags &= ~ATL_FEATURE_BASE64;
	atl_feature_add_member(builder, ATL_M_VALUES, entry->dims > 1 ? ATL_FEATURE_NESTED : 0);
}

/* Set the members of a feature that loses its encoding. */
static void
set_lossless(AtlBuilder *builder, AtlNumbers from)
{
	AtlFeature *entry = &builder->feature.entry;

	entry->encoding = fits_f32(builder, from) ? ATL_F32 : ATL_F64;
	entry->flags &= ~(ATL_FEATURE_ENCODING | ATL_FEATURE_RANGE);
	entry->range_min = entry->range_max = 0;
}

/* Set the members of a feature that gets the rule's encoding. */
static AtlStatus
set_encoding(AtlBuilder *builder)
{
	AtlFeature *entry = &builder->feature.entry;

	entry->encoding = builder->rule->encoding;
	atl_feature_add_member(builder, ATL_M_ENCODING, ATL_FEATURE_ENCODING);
	return atl_encoding_is_integer(entry->encoding) ? set_range(builder) : ATL_OK;
}

/*
 * Move the encoded numbers to the buffer of the gathered values, which is free
 * once the values are encoded.
 */
static AtlNumbers
take_numbers(AtlBuilder *builder)
{
	AtlNumbers	numbers = atl_numbers_encoded(builder);
	AtlBuffer	encoded = builder->encoded.bytes;

	builder->encoded.bytes = builder->values.numbers;
	builder->encoded.bytes.size = 0;
	builder->values.numbers = encoded;
	builder->encoded.bitmap_size = 0;
	return numbers;
}

AtlStatus
atl_feature_follow_rule(AtlBuilder *builder, bool *changed)
{
	AtlFeature *entry = &builder->feature.entry;
	AtlText		name = atl_kept_text(builder, builder->feature.name);
	AtlStatus	status = ATL_OK;
	AtlNumbers	numbers;

	*changed = builder->rule != NULL && atl_rule_changes(builder->rule, name, entry->encoding);
	if (!*changed)
		return ATL_OK;
	numbers = take_numbers(builder);
	if (builder->rule->encoding == 0)
		set_lossless(builder, numbers);
	else
		status = set_encoding(builder);
	if (status == ATL_OK && !atl_build_object_is_bad(builder))
		status = atl_numbers_encode(builder, numbers);
	if (builder->rule->encoding == 0 || (atl_encoding_is_integer(entry->encoding) && entry->missing > 0))
		leave_base64(builder);
	return status;
}
