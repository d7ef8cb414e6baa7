/*
 * atl_build.c
 *		Tokens to members: the shape of a timeline document.
 *
 * A small state machine.  The place says which object or array of the document
 * the next token belongs to; values that the type does not know are captured
 * as fragments, wherever they stand.
 */
#include "atl_builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "atl_bytes.h"

/* Kinds of JSON value, as a set. */
#define OBJECT	0x01
#define ARRAY	0x02
#define STRING	0x04
#define NUMBER	0x08

typedef struct MemberRule
{
	AtlMember	member;
	AtlPlace	place;			/* of the object that has it */
	const char *name;
	int			kinds;
	bool		required;
} MemberRule;

static const MemberRule rules[] = {
	{ATL_M_DURATION, ATL_AT_TOP, "duration", NUMBER, true},
	{ATL_M_SAMPLE_RATE, ATL_AT_TOP, "sampleRate", NUMBER, true},
	{ATL_M_EVENTS, ATL_AT_TOP, "events", ARRAY, false},
	{ATL_M_MARKERS, ATL_AT_TOP, "markers", ARRAY, false},
	{ATL_M_FEATURES, ATL_AT_TOP, "features", OBJECT, false},
	{ATL_M_METADATA, ATL_AT_TOP, "metadata", OBJECT, false},

	{ATL_M_TIMESTAMP, ATL_AT_EVENT, "timestamp", NUMBER, true},
	{ATL_M_TYPE, ATL_AT_EVENT, "type", STRING, true},
	{ATL_M_DURATION, ATL_AT_EVENT, "duration", NUMBER, false},
	{ATL_M_CONFIDENCE, ATL_AT_EVENT, "confidence", NUMBER, false},
	{ATL_M_DATA, ATL_AT_EVENT, "data", OBJECT, false},

	{ATL_M_TIMESTAMP, ATL_AT_MARKER, "timestamp", NUMBER, true},
	{ATL_M_TYPE, ATL_AT_MARKER, "type", STRING, true},
	{ATL_M_CONFIDENCE, ATL_AT_MARKER, "confidence", NUMBER, false},
	{ATL_M_VALUE, ATL_AT_MARKER, "value", STRING | NUMBER, false},

	{ATL_M_HOP, ATL_AT_FEATURE, "hop", NUMBER, false},
	{ATL_M_FRAME_RATE, ATL_AT_FEATURE, "frameRate", NUMBER, false},
	{ATL_M_START_TIME, ATL_AT_FEATURE, "startTime", NUMBER, false},
	{ATL_M_DIMS, ATL_AT_FEATURE, "dims", NUMBER, false},
	{ATL_M_UNIT, ATL_AT_FEATURE, "unit", STRING, false},
	{ATL_M_KIND, ATL_AT_FEATURE, "kind", STRING, false},
	{ATL_M_ENCODING, ATL_AT_FEATURE, "encoding", STRING, false},
	{ATL_M_RANGE, ATL_AT_FEATURE, "range", ARRAY, false},
	{ATL_M_MAX_ERROR, ATL_AT_FEATURE, "maxError", NUMBER, false},
	{ATL_M_VALUES, ATL_AT_FEATURE, "values", ARRAY, false},
	{ATL_M_BASE64, ATL_AT_FEATURE, "base64", STRING, false},
};

/* A draft item is larger than its stored form, which is what is limited. */
#define MAX_DRAFT_ITEMS	((size_t) ATL_MAX_IMAGE * 4)

#define NUM_RULES	(sizeof(rules) / sizeof(rules[0]))

static const MemberRule *
find_rule_by_name(AtlPlace place, AtlText name)
{
	for (size_t i = 0; i < NUM_RULES; i++)
		if (rules[i].place == place && strlen(rules[i].name) == name.size &&
			memcmp(rules[i].name, name.text, name.size) == 0)
			return &rules[i];
	return NULL;
}

static const MemberRule *
find_rule(AtlPlace place, AtlMember member)
{
	for (size_t i = 0; i < NUM_RULES; i++)
		if (rules[i].place == place && rules[i].member == member)
			return &rules[i];
	return NULL;
}

static int
kind_bit(AtlTokenKind kind)
{
	switch (kind)
	{
		case ATL_OBJECT_START:
			return OBJECT;
		case ATL_ARRAY_START:
			return ARRAY;
		case ATL_STRING:
			return STRING;
		case ATL_NUMBER:
		case ATL_DOUBLE:
			return NUMBER;
		default:
			return 0;
	}
}

const char *
atl_token_kind_name(AtlTokenKind kind)
{
	switch (kind)
	{
		case ATL_OBJECT_START:
			return "an object";
		case ATL_ARRAY_START:
			return "an array";
		case ATL_STRING:
			return "a string";
		case ATL_NUMBER:
		case ATL_DOUBLE:
			return "a number";
		case ATL_NULL:
			return "null";
		default:
			return "a boolean";
	}
}

static const char *
wanted_kind_name(int kinds)
{
	switch (kinds)
	{
		case OBJECT:
			return "an object";
		case ARRAY:
			return "an array";
		case STRING:
			return "a string";
		case NUMBER:
			return "a number";
		default:
			return "a string or a number";
	}
}

static bool
is_container(AtlTokenKind kind)
{
	return kind == ATL_OBJECT_START || kind == ATL_ARRAY_START;
}

/* Pass over the value that this token starts. */
AtlStatus
atl_build_skip(AtlBuilder *builder, AtlToken token)
{
	if (is_container(token.kind))
		builder->skip = 1;
	return ATL_OK;
}

AtlStatus
atl_build_keep(AtlBuilder *builder, AtlText text, AtlSpan *span)
{
	span->offset = (uint32_t) builder->text.size;
	span->size = text.size;
	return atl_buffer_append(&builder->text, text.text, text.size);
}

/* The double nearest to a decimal; infinite when it is out of range. */
static AtlStatus
parse_number(AtlBuilder *builder, AtlText number, double *value)
{
	char		local[64];
	char	   *digits = local;
	AtlStatus	status = ATL_OK;

	if (number.size >= sizeof(local))
	{
		builder->scratch.size = 0;
		status = atl_buffer_reserve(&builder->scratch, (size_t) number.size + 1);
		digits = (char *) builder->scratch.bytes;
	}
	if (status != ATL_OK)
		return status;
	memcpy(digits, number.text, number.size);
	digits[number.size] = '\0';
	*value = strtod(digits, NULL);
	return ATL_OK;
}

/* The number of a token.  -0 is 0, as in jsonb. */
AtlStatus
atl_build_number(AtlBuilder *builder, AtlToken token, double *value)
{
	AtlStatus	status = ATL_OK;

	if (token.kind == ATL_DOUBLE)
		*value = token.number;
	else
		status = parse_number(builder, token.text, value);
	if (status == ATL_OK && *value == 0)
		*value = 0;
	return status;
}


/*
 * Tracks
 */

static AtlTrack
track_in_hand(const AtlBuilder *builder)
{
	return builder->place == ATL_AT_EVENT || builder->place == ATL_AT_EVENTS ? ATL_EVENTS : ATL_MARKERS;
}

static uint64_t
hash_text(AtlText text)
{
	uint64_t	hash = UINT64_C(0xcbf29ce484222325);	/* FNV-1a */

	for (uint32_t i = 0; i < text.size; i++)
		hash = (hash ^ (uint8_t) text.text[i]) * UINT64_C(0x100000001b3);
	return hash ^ hash >> 29;
}

/* The slot of a type in the hash table: its own, or an empty one. */
static uint32_t *
find_slot(const AtlBuilder *builder, const AtlDraftTrack *track, AtlText name)
{
	uint32_t   *table = (uint32_t *) track->table.bytes;
	size_t		mask = track->table.size / sizeof(uint32_t) - 1;
	size_t		i = hash_text(name) & mask;

	while (table[i] != 0)
	{
		const AtlDraftType *type = atl_draft_type(track, table[i] - 1);

		if (atl_text_compare(atl_span_text(builder, type->name), name) == 0)
			break;
		i = (i + 1) & mask;
	}
	return &table[i];
}

/* Keep the hash table at most half full. */
static AtlStatus
grow_table(AtlBuilder *builder, AtlDraftTrack *track)
{
	uint32_t	num = (uint32_t) (track->types.size / sizeof(AtlDraftType));
	size_t		size = track->table.size;
	AtlStatus	status;

	if ((size_t) num * 2 * sizeof(uint32_t) < size)
		return ATL_OK;
	size = size == 0 ? 64 * sizeof(uint32_t) : size * 2;
	track->table.size = 0;
	status = atl_buffer_append_zeros(&track->table, size);
	for (uint32_t i = 0; i < num && status == ATL_OK; i++)
		*find_slot(builder, track, atl_span_text(builder, atl_draft_type(track, i)->name)) = i + 1;
	return status;
}

static AtlStatus
intern_type(AtlBuilder *builder, AtlDraftTrack *track, AtlText name, uint32_t *type)
{
	AtlStatus	status = grow_table(builder, track);
	AtlDraftType draft = {{0, 0}, 0, 0};
	uint32_t   *slot;

	if (status != ATL_OK)
		return status;
	slot = find_slot(builder, track, name);
	if (*slot == 0)
	{
		uint32_t	number = (uint32_t) (track->types.size / sizeof(AtlDraftType)) + 1;

		status = atl_build_keep(builder, name, &draft.name);
		if (status == ATL_OK)
			status = atl_buffer_append(&track->types, &draft, sizeof(draft));
		if (status != ATL_OK)
			return status;
		*slot = number;
	}
	*type = *slot - 1;
	return ATL_OK;
}

/* Start afresh for an item or feature. */
void
atl_build_begin_object(AtlBuilder *builder)
{
	builder->seen = builder->nulls = 0;
	builder->object_problems = atl_build_num_problems(builder);
	atl_fragment_reset(&builder->object_attributes);
}

static void
begin_item(AtlBuilder *builder, AtlPlace place)
{
	AtlDraftTrack *track = &builder->tracks[track_in_hand(builder)];

	memset(&builder->item, 0, sizeof(builder->item));
	builder->item.duration = builder->item.confidence = NAN;
	builder->item.number = track->count++;
	builder->place = place;
	atl_build_begin_object(builder);
}

/* A time in seconds: finite and not negative. */
static AtlStatus
check_time(AtlBuilder *builder, const char *member, double time)
{
	char		path[ATL_PATH_SIZE];
	char		shown[ATL_DOUBLE_SIZE];

	atl_path_member(builder, member, path);
	if (!isfinite(time))
		return atl_problem(builder, ATL_CODE_NOT_FINITE, path, "is not a finite number.");
	if (time < 0)
		return atl_problem(builder, ATL_CODE_NEGATIVE_TIME, path, "is %s, must not be negative.",
						   atl_show_number(builder, time, shown));
	return ATL_OK;
}

static AtlStatus
check_confidence(AtlBuilder *builder, double confidence)
{
	char		path[ATL_PATH_SIZE];
	char		shown[ATL_DOUBLE_SIZE];

	if (confidence >= 0 && confidence <= 1)
		return ATL_OK;
	atl_path_member(builder, "confidence", path);
	if (!isfinite(confidence))
		return atl_problem(builder, ATL_CODE_NOT_FINITE, path, "is not a finite number.");
	return atl_problem(builder, ATL_CODE_CONFIDENCE, path, "is %s, must be from 0 to 1.",
					   atl_show_number(builder, confidence, shown));
}

static AtlStatus
set_type(AtlBuilder *builder, AtlText name)
{
	char		path[ATL_PATH_SIZE];

	if (name.size == 0)
		return atl_problem(builder, ATL_CODE_EMPTY_TYPE,
						   atl_path_member(builder, "type", path), "is empty.");
	return intern_type(builder, &builder->tracks[track_in_hand(builder)], name,
					   &builder->item.type);
}

/* Capture the value that starts with this token, for a member of this place. */
static AtlStatus
capture(AtlBuilder *builder, AtlFragment *fragment, AtlToken token)
{
	AtlStatus	status = atl_fragment_push(fragment, token);

	if (is_container(token.kind))
	{
		builder->capture = fragment;
		builder->capture_depth = 1;
	}
	return status;
}

/* A value that is kept as JSON: it may be complete at once. */
static AtlStatus
keep_value(AtlBuilder *builder, AtlFragment *fragment, AtlSpan *span)
{
	AtlStatus	status;

	span->offset = (uint32_t) builder->text.size;
	status = atl_fragment_print(fragment, &builder->text);
	span->size = (uint32_t) builder->text.size - span->offset;
	return status;
}

static AtlStatus
end_value(AtlBuilder *builder)
{
	if (builder->place == ATL_AT_TOP)
		return keep_value(builder, &builder->value, &builder->metadata);
	return keep_value(builder, &builder->value, &builder->item.payload);
}

static AtlStatus
capture_value(AtlBuilder *builder, AtlToken token)
{
	AtlStatus	status;

	atl_fragment_reset(&builder->value);
	status = capture(builder, &builder->value, token);
	if (status == ATL_OK && builder->capture == NULL)
		status = end_value(builder);
	return status;
}

static AtlStatus
item_member(AtlBuilder *builder, AtlToken token)
{
	AtlDraftItem *item = &builder->item;
	double		number = 0;
	AtlStatus	status = ATL_OK;

	if (builder->member == ATL_M_DATA || builder->member == ATL_M_VALUE)
		return capture_value(builder, token);
	if (builder->member == ATL_M_TYPE)
		return set_type(builder, token.text);

	status = atl_build_number(builder, token, &number);
	if (status != ATL_OK)
		return status;
	switch (builder->member)
	{
		case ATL_M_TIMESTAMP:
			item->timestamp = number;
			return check_time(builder, "timestamp", number);
		case ATL_M_DURATION:
			item->duration = number;
			return check_time(builder, "duration", number);
		default:
			item->confidence = number;
			return check_confidence(builder, number);
	}
}


/*
 * Members of any object
 */

/* Attributes of the object at the current place. */
static AtlFragment *
attributes_fragment(AtlBuilder *builder)
{
	return builder->place == ATL_AT_TOP ? &builder->top_attributes : &builder->object_attributes;
}

static AtlStatus
add_attribute_key(AtlBuilder *builder, AtlText key)
{
	AtlFragment *fragment = attributes_fragment(builder);
	AtlToken	start = {.kind = ATL_OBJECT_START};
	AtlToken	token = {.kind = ATL_KEY, .text = key};
	AtlStatus	status = ATL_OK;

	if (atl_fragment_is_empty(fragment))
		status = atl_fragment_push(fragment, start);
	return status != ATL_OK ? status : atl_fragment_push(fragment, token);
}

/*
 * Close the attributes of the object at the current place: with the known
 * members that were given as null, for absent is not null.
 */
static AtlStatus
end_attributes(AtlBuilder *builder, AtlSpan *span)
{
	AtlFragment *fragment = attributes_fragment(builder);
	AtlToken	null = {.kind = ATL_NULL};
	AtlToken	end = {.kind = ATL_OBJECT_END};
	AtlStatus	status = ATL_OK;

	for (size_t i = 0; i < NUM_RULES && status == ATL_OK; i++)
	{
		AtlText		key = {rules[i].name, (uint32_t) strlen(rules[i].name)};

		if (rules[i].place != builder->place || (builder->nulls & ATL_BIT(rules[i].member)) == 0)
			continue;
		status = add_attribute_key(builder, key);
		if (status == ATL_OK)
			status = atl_fragment_push(fragment, null);
	}
	span->size = 0;
	if (status != ATL_OK || atl_fragment_is_empty(fragment))
		return status;
	status = atl_fragment_push(fragment, end);
	return status != ATL_OK ? status : keep_value(builder, fragment, span);
}

/* Whether every required member of the object at the current place is there. */
static AtlStatus
check_required(AtlBuilder *builder, bool *complete)
{
	char		path[ATL_PATH_SIZE];
	AtlStatus	status = ATL_OK;

	*complete = true;
	for (size_t i = 0; i < NUM_RULES && status == ATL_OK; i++)
	{
		if (rules[i].place != builder->place || !rules[i].required ||
			(builder->seen & ATL_BIT(rules[i].member)) != 0)
			continue;
		*complete = false;
		status = atl_problem(builder, ATL_CODE_MISSING,
							 atl_path_member(builder, rules[i].name, path), "is missing.");
	}
	return status;
}

static AtlStatus
end_item(AtlBuilder *builder)
{
	AtlDraftTrack *track = &builder->tracks[track_in_hand(builder)];
	uint32_t	items = atl_draft_items(track);
	bool		complete;
	AtlStatus	status = check_required(builder, &complete);

	if (status == ATL_OK)
		status = end_attributes(builder, &builder->item.attributes);
	if (status == ATL_OK && complete && builder->object_problems == atl_build_num_problems(builder))
	{
		if (items > 0 && atl_draft_item(track, items - 1)->timestamp > builder->item.timestamp)
			track->sorted = false;
		status = atl_buffer_append(&track->items, &builder->item, sizeof(builder->item));
	}
	builder->place = track_in_hand(builder) == ATL_EVENTS ? ATL_AT_EVENTS : ATL_AT_MARKERS;
	return status;
}

static void
begin_track(AtlBuilder *builder, AtlTrack track, AtlPlace place)
{
	builder->tracks[track].items.size = 0;
	builder->tracks[track].count = 0;
	builder->tracks[track].sorted = true;
	builder->place = place;
}

static AtlStatus
check_sample_rate(AtlBuilder *builder)
{
	double		rate = builder->sample_rate;

	if (rate >= 1 && rate <= INT32_MAX && rate == floor(rate))
		return ATL_OK;
	return atl_problem(builder, ATL_CODE_SAMPLE_RATE, "sampleRate",
					   "must be a positive integer up to %d.", INT32_MAX);
}

static AtlStatus
top_member(AtlBuilder *builder, AtlToken token)
{
	AtlStatus	status;

	switch (builder->member)
	{
		case ATL_M_DURATION:
			status = atl_build_number(builder, token, &builder->duration);
			return status != ATL_OK ? status : check_time(builder, "duration", builder->duration);
		case ATL_M_SAMPLE_RATE:
			status = atl_build_number(builder, token, &builder->sample_rate);
			return status != ATL_OK ? status : check_sample_rate(builder);
		case ATL_M_EVENTS:
			begin_track(builder, ATL_EVENTS, ATL_AT_EVENTS);
			return ATL_OK;
		case ATL_M_MARKERS:
			begin_track(builder, ATL_MARKERS, ATL_AT_MARKERS);
			return ATL_OK;
		case ATL_M_FEATURES:
			builder->features.size = builder->features_count = 0;
			builder->place = ATL_AT_FEATURES;
			return ATL_OK;
		default:
			return capture_value(builder, token);
	}
}

static AtlStatus
known_member(AtlBuilder *builder, AtlToken token)
{
	if (builder->place == ATL_AT_TOP)
		return top_member(builder, token);
	if (builder->place == ATL_AT_FEATURE)
		return atl_feature_member(builder, token);
	return item_member(builder, token);
}

/* What a value given as null leaves behind of an earlier one. */
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
			builder->metadata.size = 0;
			break;
		case ATL_M_EVENTS:
		case ATL_M_MARKERS:
			builder->tracks[builder->member == ATL_M_EVENTS ? ATL_EVENTS : ATL_MARKERS].items.size = 0;
			break;
		case ATL_M_FEATURES:
			builder->features.size = 0;
			break;
		default:
			break;				/* features look at what was seen */
	}
}

/* The value of the member that the last key named. */
static AtlStatus
push_member(AtlBuilder *builder, AtlToken token)
{
	const MemberRule *rule = find_rule(builder->place, builder->member);
	char		path[ATL_PATH_SIZE];
	AtlStatus	status;

	if (rule == NULL)
		return capture(builder, attributes_fragment(builder), token);

	builder->seen &= ~ATL_BIT(builder->member);
	builder->nulls &= ~ATL_BIT(builder->member);
	if (token.kind == ATL_NULL && !rule->required)
	{
		forget_member(builder);
		builder->nulls |= ATL_BIT(builder->member);
		return ATL_OK;
	}
	builder->seen |= ATL_BIT(builder->member);
	if ((kind_bit(token.kind) & rule->kinds) != 0)
		return known_member(builder, token);

	status = atl_problem(builder, ATL_CODE_KIND, atl_path_member(builder, rule->name, path),
						 "is %s, must be %s.", atl_token_kind_name(token.kind),
						 wanted_kind_name(rule->kinds));
	return status != ATL_OK ? status : atl_build_skip(builder, token);
}

static AtlStatus
push_key(AtlBuilder *builder, AtlText key)
{
	const MemberRule *rule = find_rule_by_name(builder->place, key);

	builder->member = rule == NULL ? ATL_M_UNKNOWN : rule->member;
	return rule == NULL ? add_attribute_key(builder, key) : ATL_OK;
}


/*
 * Places
 */

/* The document itself, or an element of an array, that must be an object. */
static AtlStatus
not_an_object(AtlBuilder *builder, AtlToken token)
{
	AtlTrack	track = track_in_hand(builder);
	char		path[ATL_PATH_SIZE];
	AtlStatus	status;

	if (builder->place == ATL_AT_START)
	{
		builder->place = ATL_AT_END;
		status = atl_problem(builder, ATL_CODE_KIND, "", "The document is %s, must be an object.",
							 atl_token_kind_name(token.kind));
	}
	else
		status = atl_problem(builder, ATL_CODE_KIND,
							 atl_path_item(track, builder->tracks[track].count++, "", path),
							 "is %s, must be an object.", atl_token_kind_name(token.kind));
	return status != ATL_OK ? status : atl_build_skip(builder, token);
}

static AtlStatus
push_start(AtlBuilder *builder, AtlToken token)
{
	if (token.kind != ATL_OBJECT_START)
		return not_an_object(builder, token);
	builder->place = ATL_AT_TOP;
	return ATL_OK;
}

/* Remember what the document had while its parts are read. */
static void
leave_top(AtlBuilder *builder)
{
	builder->top_seen = builder->seen;
	builder->top_nulls = builder->nulls;
}

static void
return_to_top(AtlBuilder *builder)
{
	builder->place = ATL_AT_TOP;
	builder->seen = builder->top_seen;
	builder->nulls = builder->top_nulls;
}

static AtlStatus
end_top(AtlBuilder *builder)
{
	bool		complete;
	AtlStatus	status = check_required(builder, &complete);

	if (status == ATL_OK)
		status = end_attributes(builder, &builder->attributes);
	leave_top(builder);
	builder->place = ATL_AT_END;
	return status;
}

static AtlStatus
push_object(AtlBuilder *builder, AtlToken token)
{
	AtlPlace	place = builder->place;
	AtlStatus	status;

	if (token.kind == ATL_KEY)
		return push_key(builder, token.text);
	if (token.kind != ATL_OBJECT_END)
	{
		status = push_member(builder, token);
		if (place == ATL_AT_TOP && builder->place != ATL_AT_TOP)
			leave_top(builder);
		return status;
	}
	if (place == ATL_AT_TOP)
		return end_top(builder);
	if (place != ATL_AT_FEATURE)
		return end_item(builder);

	status = end_attributes(builder, &builder->feature.attributes);
	return status != ATL_OK ? status : atl_feature_end(builder);
}

static AtlStatus
push_track(AtlBuilder *builder, AtlToken token)
{
	if (token.kind == ATL_ARRAY_END)
		return_to_top(builder);
	else if (token.kind == ATL_OBJECT_START)
		begin_item(builder, builder->place == ATL_AT_EVENTS ? ATL_AT_EVENT : ATL_AT_MARKER);
	else
		return not_an_object(builder, token);
	return ATL_OK;
}

static AtlStatus
push_features(AtlBuilder *builder, AtlToken token)
{
	char		path[ATL_PATH_SIZE];
	AtlStatus	status;

	if (token.kind == ATL_OBJECT_END)
	{
		return_to_top(builder);
		return ATL_OK;
	}
	if (token.kind == ATL_KEY)
		return atl_feature_begin(builder, token.text);
	if (token.kind == ATL_OBJECT_START)
	{
		builder->place = ATL_AT_FEATURE;
		return ATL_OK;
	}
	status = atl_problem(builder, ATL_CODE_KIND,
						 atl_path_feature(atl_span_text(builder, builder->feature.name), "", path),
						 "is %s, must be an object.", atl_token_kind_name(token.kind));
	return status != ATL_OK ? status : atl_build_skip(builder, token);
}

static AtlStatus
push_to_place(AtlBuilder *builder, AtlToken token)
{
	switch (builder->place)
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
			return atl_feature_values_push(builder, token);
		case ATL_AT_FRAME:
			return atl_feature_frame_push(builder, token);
		default:
			return ATL_OK;
	}
}

/* +1, -1 or 0: what a token does to the depth of the value it is in. */
static int
depth_change(AtlTokenKind kind)
{
	if (is_container(kind))
		return 1;
	return kind == ATL_OBJECT_END || kind == ATL_ARRAY_END ? -1 : 0;
}

static AtlStatus
push_captured(AtlBuilder *builder, AtlToken token)
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

/* ATL_INVALID from a fragment: a number that jsonb could not hold. */
static AtlStatus
bad_number(AtlBuilder *builder)
{
	char		path[ATL_PATH_SIZE];

	return atl_problem(builder, ATL_CODE_NUMBER, atl_path_member(builder, "", path),
					   "%shas a number past the limits of type numeric.",
					   builder->place == ATL_AT_TOP ? "The document " : "");
}

AtlStatus
atl_build_push(AtlBuilder *builder, AtlToken token)
{
	size_t		problems = atl_build_num_problems(builder);
	AtlStatus	status;

	if (builder->skip > 0)
	{
		builder->skip += depth_change(token.kind);
		return ATL_OK;
	}
	if (builder->capture != NULL)
		status = push_captured(builder, token);
	else
		status = push_to_place(builder, token);

	if (status == ATL_INVALID && problems == atl_build_num_problems(builder))
		status = bad_number(builder);
	return atl_status_problem(builder, status);
}


/*
 * Beginning and end
 */

static void
init_buffers(AtlBuilder *builder, const AtlHost *host)
{
	atl_buffer_init(&builder->problems, host);
	atl_buffer_init(&builder->problem_text, host);
	for (int i = 0; i < 2; i++)
	{
		atl_buffer_init(&builder->tracks[i].items, host);
		builder->tracks[i].items.limit = MAX_DRAFT_ITEMS;
		atl_buffer_init(&builder->tracks[i].types, host);
		atl_buffer_init(&builder->tracks[i].table, host);
		builder->tracks[i].sorted = true;
	}
	atl_buffer_init(&builder->features, host);
	atl_buffer_init(&builder->values.numbers, host);
	atl_fragment_init(&builder->top_attributes, host);
	atl_fragment_init(&builder->object_attributes, host);
	atl_fragment_init(&builder->value, host);
	atl_buffer_init(&builder->text, host);
	atl_buffer_init(&builder->series, host);
	atl_buffer_init(&builder->scratch, host);
}

AtlBuilder *
atl_build_begin(const AtlHost *host, bool collect)
{
	AtlBuilder *builder = host->resize(host->context, NULL, sizeof(AtlBuilder));

	if (builder == NULL)
		return NULL;
	memset(builder, 0, sizeof(*builder));
	builder->host = host;
	builder->collect = collect;
	init_buffers(builder, host);
	return builder;
}

void
atl_build_free(AtlBuilder *builder)
{
	atl_buffer_free(&builder->problems);
	atl_buffer_free(&builder->problem_text);
	for (int i = 0; i < 2; i++)
	{
		atl_buffer_free(&builder->tracks[i].items);
		atl_buffer_free(&builder->tracks[i].types);
		atl_buffer_free(&builder->tracks[i].table);
	}
	atl_buffer_free(&builder->features);
	atl_buffer_free(&builder->values.numbers);
	atl_fragment_free(&builder->top_attributes);
	atl_fragment_free(&builder->object_attributes);
	atl_fragment_free(&builder->value);
	atl_buffer_free(&builder->text);
	atl_buffer_free(&builder->series);
	atl_buffer_free(&builder->scratch);
	builder->host->resize(builder->host->context, builder, 0);
}

uint32_t
atl_build_depth(const AtlBuilder *builder)
{
	return builder->max_depth;
}
