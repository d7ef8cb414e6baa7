/*
 * value.c
 *		Single values: numbers, texts, and values kept as JSON.
 */
#include "core/document/builder.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/number.h"

/* Digits that decide the nearest double; characters from which to shorten. */
#define MAX_DIGITS	800
#define LONG_NUMBER	1000

bool
atl_token_opens(AtlTokenKind kind)
{
	return kind == ATL_OBJECT_START || kind == ATL_ARRAY_START;
}

/* Skip the value that this token starts. */
AtlStatus
atl_build_skip(AtlBuilder *builder, AtlToken token)
{
	if (atl_token_opens(token.kind))
		builder->skip = 1;
	return ATL_OK;
}

AtlStatus
atl_build_keep(AtlBuilder *builder, AtlText text, AtlSpan *span)
{
	span->offset = (uint32_t) builder->draft.text.size;
	span->size = text.size;
	return atl_buffer_append(&builder->draft.text, text.text, text.size);
}

/*
 * Shorten a long JSON number to a decimal with the same nearest double, as
 * strtod takes time quadratic in the digits.  The midpoint of two doubles has
 * at most 768 digits; digits after these only tell whether the number is past
 * the midpoint, and a last digit 1 in their place tells the same.
 */
static void
shorten(AtlText number, char *to)
{
	const char *s = number.text;
	const char *end = s + number.size;
	int64_t		exponent = 0;
	int64_t		given = 0;
	int			kept = 0;
	bool		point = false;
	bool		rest = false;

	if (*s == '-')
		*to++ = *s++;
	for (; s < end && *s != 'e' && *s != 'E'; s++)
	{
		if (*s == '.')
			point = true;
		else if (kept < MAX_DIGITS)
		{
			if (kept > 0 || *s != '0')
				to[kept++] = *s;
			exponent -= point;
		}
		else
		{
			rest |= *s != '0';
			exponent += !point;
		}
	}
	if (s < end)
	{
		bool		negative = s[1] == '-';

		for (s += 1 + (s[1] == '-' || s[1] == '+'); s < end; s++)
			if (given < INT32_MAX)
				given = given * 10 + (*s - '0');
		exponent += negative ? -given : given;
	}
	if (kept == 0)
		to[kept++] = '0';
	snprintf(to + kept, LONG_NUMBER - MAX_DIGITS - 1, "%de%" PRId64, rest, exponent - 1);
}

AtlStatus
atl_read_number(AtlText number, double *value)
{
	const char *end = number.text + number.size;
	char		digits[LONG_NUMBER];
	bool		exact;

	if (number.size > ATL_MAX_NUMBER)
		return ATL_INVALID;
	if (atl_number_read(number.text, end, value, &exact) == end && exact)
		return ATL_OK;

	if (number.size >= LONG_NUMBER)
		shorten(number, digits);
	else
	{
		memcpy(digits, number.text, number.size);
		digits[number.size] = '\0';
	}
	*value = strtod(digits, NULL);
	return ATL_OK;
}

/* The number of a token.  -0 is 0, as in jsonb. */
AtlStatus
atl_build_number(AtlBuilder *builder, AtlToken token, double *value)
{
	if (token.kind == ATL_DOUBLE)
		*value = token.number;
	else
		ATL_TRY(atl_read_number(token.text, value));
	if (*value == 0)
		*value = 0;
	return ATL_OK;
}

/* Forget members and attributes of the last item or feature. */
void
atl_build_begin_object(AtlBuilder *builder)
{
	builder->seen = builder->nulls = 0;
	builder->object_problems = builder->num_problems;
	atl_fragment_reset(&builder->object_attributes);
}

AtlStatus
atl_build_check_finite(AtlBuilder *builder, const char *member, double number)
{
	char		path[ATL_PATH_SIZE];

	if (isfinite(number))
		return ATL_OK;
	return atl_problem(builder, ATL_PROBLEM_NOT_FINITE, atl_path_member(builder, member, path),
					   "is not a finite number.");
}

/* Capture the value that starts with this token in a fragment. */
AtlStatus
atl_build_capture(AtlBuilder *builder, AtlFragment *fragment, AtlToken token)
{
	AtlStatus	status = atl_fragment_push(fragment, token);

	if (atl_token_opens(token.kind))
	{
		builder->capture = fragment;
		builder->capture_depth = 1;
	}
	return status;
}

/* Append the text of a complete value to the draft; set *span to the text. */
AtlStatus
atl_build_keep_json(AtlBuilder *builder, AtlFragment *fragment, AtlSpan *span)
{
	AtlStatus	status;

	if (builder->collect && fragment->repeated > 0)
		atl_repeated_in_fragment(builder, fragment);
	span->offset = (uint32_t) builder->draft.text.size;
	status = atl_fragment_print(fragment, &builder->draft.text);
	span->size = (uint32_t) builder->draft.text.size - span->offset;
	return status;
}

static AtlStatus
end_value(AtlBuilder *builder)
{
	if (builder->state == ATL_AT_TOP)
		return atl_build_keep_json(builder, &builder->value, &builder->draft.metadata);
	return atl_build_keep_json(builder, &builder->value, &builder->item.payload);
}

/* Capture data, value or metadata; a scalar is complete at once. */
AtlStatus
atl_build_capture_value(AtlBuilder *builder, AtlToken token)
{
	atl_fragment_reset(&builder->value);
	ATL_TRY(atl_build_capture(builder, &builder->value, token));
	return builder->capture == NULL ? end_value(builder) : ATL_OK;
}

/* The change of depth by a token: +1, -1 or 0. */
static int
depth_change(AtlTokenKind kind)
{
	if (atl_token_opens(kind))
		return 1;
	return kind == ATL_OBJECT_END || kind == ATL_ARRAY_END ? -1 : 0;
}

AtlStatus
atl_build_push_skipped(AtlBuilder *builder, AtlToken token)
{
	AtlStatus	status = builder->object_wanted == NULL ? ATL_OK : atl_kind_problem_of_object(builder, token);

	atl_remedy_watch(builder, &token);
	builder->skip += depth_change(token.kind);
	return status;
}

AtlStatus
atl_build_push_captured(AtlBuilder *builder, AtlToken token)
{
	AtlFragment *fragment = builder->capture;
	AtlStatus	status = atl_fragment_push(fragment, token);

	builder->capture_depth += depth_change(token.kind);
	if (builder->capture_depth > builder->max_depth)
		builder->max_depth = builder->capture_depth;
	if (builder->capture_depth > 0)
		return status;
	builder->capture = NULL;
	if (status == ATL_OK && fragment == &builder->value)
		status = end_value(builder);
	return status;
}
