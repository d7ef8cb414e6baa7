/*
 * shape.c
 *		Tokens to members: the shape of a timeline document.
 *
 * A small state machine.  The state says which object or array of the document
 * the next token belongs to.  Values of unknown members are captured as
 * fragments, in any object.
 */
#include "core/document/builder.h"

#include <math.h>
#include <string.h>


/*
 * Members of any object
 */

static AtlStatus
add_attribute_key(AtlBuilder *builder, AtlText key)
{
	AtlFragment *fragment = atl_build_attributes(builder);
	AtlToken	start = {.kind = ATL_OBJECT_START};
	AtlToken	token = {.kind = ATL_KEY, .text = key};

	if (atl_fragment_is_empty(fragment))
		ATL_TRY(atl_fragment_push(fragment, start));
	return atl_fragment_push(fragment, token);
}

/*
 * Close the attributes of the current object.  Known members given as null are
 * kept there, as a null member differs from an absent one.
 */
static AtlStatus
end_attributes(AtlBuilder *builder, AtlSpan *span)
{
	AtlFragment *fragment = atl_build_attributes(builder);
	AtlToken	null = {.kind = ATL_NULL};
	AtlToken	end = {.kind = ATL_OBJECT_END};
	AtlKnownMembers known = atl_known_members(builder->state);

	span->size = 0;
	for (size_t i = 0; builder->nulls != 0 && i < known.num; i++)
	{
		if ((builder->nulls & ATL_BIT(known.members[i].member)) == 0)
			continue;
		ATL_TRY(add_attribute_key(builder, known.members[i].name));
		ATL_TRY(atl_fragment_push(fragment, null));
	}
	if (atl_fragment_is_empty(fragment))
		return ATL_OK;
	ATL_TRY(atl_fragment_push(fragment, end));
	return atl_build_keep_json(builder, fragment, span);
}

/* Report the required members that the current object lacks. */
static AtlStatus
check_required(AtlBuilder *builder)
{
	AtlKnownMembers known = atl_known_members(builder->state);
	char		path[ATL_PATH_SIZE];

	for (size_t i = 0; i < known.num; i++)
	{
		const AtlKnown *rule = &known.members[i];

		if (!rule->required || (builder->seen & ATL_BIT(rule->member)) != 0)
			continue;
		if ((builder->state != ATL_AT_TOP || !atl_wrapper_hint(builder)) && !atl_unused_hint(builder, rule->member))
			atl_hint(builder, "%s", rule->meaning);
		ATL_TRY(atl_problem(builder, ATL_PROBLEM_MISSING,
							atl_path_member(builder, rule->name.text, path), "is missing."));
	}
	return ATL_OK;
}

/*
 * Keep an item or feature that has a problem, so that its times are checked
 * too, unless there are too many problems to list them.
 */
static AtlStatus
set_aside(AtlBuilder *builder, AtlBuffer *refused, const void *object, size_t size)
{
	return atl_problems_are_full(builder) ? ATL_OK : atl_buffer_append(refused, object, size);
}

static AtlStatus
end_item(AtlBuilder *builder)
{
	AtlDraftTrack *track = &builder->draft.tracks[atl_track_in_hand(builder)];
	uint32_t	items = atl_draft_items(track);
	AtlStatus	status = check_required(builder);

	if (status == ATL_OK)
		status = end_attributes(builder, &builder->item.attributes);
	if (status == ATL_OK)
		status = atl_remedy_place_item(builder, atl_track_in_hand(builder));
	if (status == ATL_OK && atl_build_object_is_bad(builder))
		status = set_aside(builder, &builder->arrivals[atl_track_in_hand(builder)].refused, &builder->item,
						   sizeof(builder->item));
	else if (status == ATL_OK)
		status = atl_unused_note(builder);
	if (status == ATL_OK && !atl_build_object_is_bad(builder))
	{
		if (items > 0 && atl_draft_item(track, items - 1)->timestamp > builder->item.timestamp)
			track->sorted = false;
		status = atl_buffer_append(&track->items, &builder->item, sizeof(builder->item));
	}
	builder->state = atl_track_in_hand(builder) == ATL_EVENTS ? ATL_AT_EVENTS : ATL_AT_MARKERS;
	return status;
}

/* Attributes come last: encoding may set a member that was given as null. */
static AtlStatus
end_feature(AtlBuilder *builder)
{
	AtlStatus	status = atl_feature_end(builder);

	atl_remedy_settle_feature(builder);
	if (status == ATL_OK)
		status = end_attributes(builder, &builder->feature.attributes);
	if (status == ATL_OK && !atl_build_object_is_bad(builder))
		status = atl_unused_note(builder);
	builder->state = ATL_AT_FEATURES;
	if (status != ATL_OK)
		return status;
	if (atl_build_object_is_bad(builder))
		return set_aside(builder, &builder->refused_features, &builder->feature, sizeof(builder->feature));
	return atl_buffer_append(&builder->draft.features, &builder->feature, sizeof(builder->feature));
}

static AtlStatus
check_duration(AtlBuilder *builder)
{
	char		shown[ATL_DOUBLE_SIZE];

	if (!(builder->draft.duration < 0) || isinf(builder->draft.duration))
		return atl_build_check_finite(builder, "duration", builder->draft.duration);
	atl_hint(builder, "duration is the length of the audio in seconds.");
	return atl_problem(builder, ATL_PROBLEM_NEGATIVE_TIME, "duration", "is %s, must not be negative.",
					   atl_show_number(builder, builder->draft.duration, shown));
}

/* Sample rates from 8 to 768 kHz are in use. */
static void
hint_at_rate(AtlBuilder *builder, double rate)
{
	if (rate >= 8 && rate < 768 && rate != floor(rate))
		atl_hint(builder, "sampleRate is in Hz: if %g is in kHz, multiply by 1000.", rate);
	else if (rate >= 1 && rate <= INT32_MAX)
		atl_hint(builder, "Round sampleRate to %.0f; a feature with a clock of its own can have frameRate.", rate);
}

static AtlStatus
check_sample_rate(AtlBuilder *builder)
{
	if (atl_sample_rate_is_valid(builder->draft.sample_rate))
		return ATL_OK;
	hint_at_rate(builder, builder->draft.sample_rate);
	return atl_problem(builder, ATL_PROBLEM_SAMPLE_RATE, "sampleRate",
					   "must be a positive integer up to %d.", INT32_MAX);
}

static AtlStatus
check_start_time(AtlBuilder *builder)
{
	double		time = builder->draft.start_time;
	char		shown[ATL_DOUBLE_SIZE];

	if (time <= 0 && isfinite(time))
		return ATL_OK;
	if (!isfinite(time))
		return atl_build_check_finite(builder, "startTime", time);
	return atl_problem(builder, ATL_PROBLEM_START_TIME, "startTime", "is %s, must not be positive.",
					   atl_show_number(builder, time, shown));
}

static AtlStatus
top_member(AtlBuilder *builder, AtlToken token)
{
	switch (builder->member)
	{
		case ATL_M_DURATION:
			ATL_TRY(atl_build_number(builder, token, &builder->draft.duration));
			return check_duration(builder);
		case ATL_M_SAMPLE_RATE:
			ATL_TRY(atl_build_number(builder, token, &builder->draft.sample_rate));
			return check_sample_rate(builder);
		case ATL_M_START_TIME:
			ATL_TRY(atl_build_number(builder, token, &builder->draft.start_time));
			return check_start_time(builder);
		case ATL_M_EVENTS:
			atl_track_begin(builder, ATL_EVENTS, ATL_AT_EVENTS);
			return ATL_OK;
		case ATL_M_MARKERS:
			atl_track_begin(builder, ATL_MARKERS, ATL_AT_MARKERS);
			return ATL_OK;
		case ATL_M_FEATURES:
			builder->draft.features.size = 0;
			builder->refused_features.size = 0;
			builder->state = ATL_AT_FEATURES;
			return ATL_OK;
		default:
			return atl_build_capture_value(builder, token);
	}
}

static AtlStatus
known_member(AtlBuilder *builder, AtlToken token)
{
	if (builder->state == ATL_AT_TOP)
		return top_member(builder, token);
	if (builder->state == ATL_AT_FEATURE)
		return atl_feature_member(builder, token);
	return atl_item_member(builder, token);
}

/* Drop the earlier value of a member that is given again, as null. */
static void
forget_member(AtlBuilder *builder)
{
	switch (builder->member)
	{
		case ATL_M_DURATION:
			builder->item.duration = NAN;
			break;
		case ATL_M_CONFIDENCE:
			builder->item.confidence = NAN;
			break;
		case ATL_M_DATA:
		case ATL_M_VALUE:
			builder->item.payload.size = 0;
			break;
		case ATL_M_METADATA:
			builder->draft.metadata.size = 0;
			break;
		case ATL_M_EVENTS:
		case ATL_M_MARKERS:
			builder->draft.tracks[builder->member == ATL_M_EVENTS ? ATL_EVENTS : ATL_MARKERS].items.size = 0;
			break;
		case ATL_M_FEATURES:
			builder->draft.features.size = 0;
			break;
		default:
			break;				/* features check seen when they end */
	}
}

/* Push the first token of the value of the member named by the last key. */
static AtlStatus
push_member(AtlBuilder *builder, AtlToken token)
{
	const AtlKnown *rule = atl_known_member(builder->state, builder->member);
	char		path[ATL_PATH_SIZE];

	if (rule == NULL)
		return atl_build_capture(builder, atl_build_attributes(builder), token);

	if (builder->collect)
		atl_repeated_member(builder, rule);
	builder->seen &= ~ATL_BIT(builder->member);
	builder->nulls &= ~ATL_BIT(builder->member);
	if (token.kind == ATL_NULL && !rule->required)
	{
		forget_member(builder);
		builder->nulls |= ATL_BIT(builder->member);
		return ATL_OK;
	}
	builder->seen |= ATL_BIT(builder->member);
	builder->where.members[builder->member] = builder->where.now;
	builder->where.kinds = (uint8_t) rule->kinds;
	builder->where.required = rule->required;
	if ((atl_kind_bit(token.kind) & rule->kinds) != 0)
		return known_member(builder, token);

	atl_kind_hint(builder, rule, token);
	return atl_kind_problem(builder, atl_path_member(builder, rule->name.text, path), atl_wanted_kind(rule->kinds), token);
}

static AtlStatus
push_key(AtlBuilder *builder, AtlText key)
{
	const AtlKnown *rule = atl_known_by_name(builder->state, key);

	builder->member = rule == NULL ? ATL_M_UNKNOWN : rule->member;
	return rule == NULL ? add_attribute_key(builder, key) : ATL_OK;
}


/*
 * States
 */

/* Report a document or an array element that is not an object, and skip it. */
static AtlStatus
not_an_object(AtlBuilder *builder, AtlToken token)
{
	AtlTrack	track = atl_track_in_hand(builder);
	char		path[ATL_PATH_SIZE];

	if (builder->state != ATL_AT_START)
	{
		atl_path_item(track, builder->arrivals[track].count++, "", path);
		atl_kind_hint_of_object(builder, token, track == ATL_EVENTS ? "Each event is an object with timestamp and type." :
								"Each marker is an object with timestamp and type.");
		return atl_kind_problem(builder, path, "an object", token);
	}
	builder->state = ATL_AT_END;
	atl_kind_hint_of_document(builder, token);
	ATL_TRY(atl_problem(builder, ATL_PROBLEM_KIND, "", "The document is %s, must be an object.",
						atl_token_kind_name(token.kind)));
	return atl_build_skip(builder, token);
}

static AtlStatus
push_start(AtlBuilder *builder, AtlToken token)
{
	if (token.kind != ATL_OBJECT_START)
		return not_an_object(builder, token);
	builder->state = ATL_AT_TOP;
	return ATL_OK;
}

/* Save the members seen at the top while a track or the features are read. */
static void
leave_top(AtlBuilder *builder)
{
	builder->top_seen = builder->seen;
	builder->top_nulls = builder->nulls;
}

static void
return_to_top(AtlBuilder *builder)
{
	builder->state = ATL_AT_TOP;
	builder->seen = builder->top_seen;
	builder->nulls = builder->top_nulls;
}

/* Free the buffers of numbers: series are stored, the image needs room. */
static void
free_numbers(AtlBuilder *builder)
{
	atl_buffer_free(&builder->values.numbers);
	atl_buffer_free(&builder->values.nulls);
	atl_buffer_free(&builder->times);
	atl_buffer_free(&builder->base64);
	atl_buffer_free(&builder->encoded.bytes);
}

static AtlStatus
end_top(AtlBuilder *builder)
{
	AtlStatus	status = check_required(builder);

	if (status == ATL_OK)
		status = end_attributes(builder, &builder->draft.attributes);
	if (status == ATL_OK)
		status = atl_unused_note(builder);
	leave_top(builder);
	free_numbers(builder);
	builder->state = ATL_AT_END;
	return status;
}

static AtlStatus
push_object(AtlBuilder *builder, AtlToken token)
{
	AtlState	state = builder->state;
	AtlStatus	status;

	if (token.kind == ATL_KEY)
		return push_key(builder, token.text);
	if (token.kind != ATL_OBJECT_END)
	{
		status = push_member(builder, token);
		if (state == ATL_AT_TOP && builder->state != ATL_AT_TOP)
			leave_top(builder);
		return status;
	}
	if (state == ATL_AT_TOP)
		return end_top(builder);
	if (state != ATL_AT_FEATURE)
		return end_item(builder);
	return end_feature(builder);
}

static AtlStatus
push_track(AtlBuilder *builder, AtlToken token)
{
	if (token.kind == ATL_ARRAY_END)
		return_to_top(builder);
	else if (token.kind == ATL_OBJECT_START)
		atl_item_begin(builder, builder->state == ATL_AT_EVENTS ? ATL_AT_EVENT : ATL_AT_MARKER);
	else
		return not_an_object(builder, token);
	return ATL_OK;
}

static AtlStatus
push_features(AtlBuilder *builder, AtlToken token)
{
	char		path[ATL_PATH_SIZE];

	if (token.kind == ATL_OBJECT_END)
	{
		return_to_top(builder);
		return ATL_OK;
	}
	if (token.kind == ATL_KEY)
		return atl_feature_begin(builder, token.text);
	if (token.kind == ATL_OBJECT_START)
	{
		builder->where.object = builder->feature.token = builder->where.now;
		builder->state = ATL_AT_FEATURE;
		return ATL_OK;
	}
	atl_path_feature(atl_kept_text(builder, builder->feature.name), "", path);
	atl_kind_hint_of_object(builder, token, token.kind == ATL_ARRAY_START ? "Give the array as values, beside hop or frameRate." :
							"A feature is an object with hop or frameRate, and values or base64.");
	return atl_kind_problem(builder, path, "an object", token);
}

AtlStatus
atl_shape_push(AtlBuilder *builder, AtlToken token)
{
	switch (builder->state)
	{
		case ATL_AT_START:
			return push_start(builder, token);
		case ATL_AT_TOP:
		case ATL_AT_EVENT:
		case ATL_AT_MARKER:
		case ATL_AT_FEATURE:
			return push_object(builder, token);
		case ATL_AT_EVENTS:
		case ATL_AT_MARKERS:
			return push_track(builder, token);
		case ATL_AT_FEATURES:
			return push_features(builder, token);
		case ATL_AT_RANGE:
			return atl_feature_range_push(builder, token);
		case ATL_AT_VALUES:
			return atl_values_push(builder, token);
		case ATL_AT_FRAME:
			return atl_values_frame_push(builder, token);
		case ATL_AT_TIMES:
			return atl_times_push(builder, token);
		default:
			return ATL_OK;
	}
}
