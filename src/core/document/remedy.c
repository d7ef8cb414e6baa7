/*
 * remedy.c
 *		What can be done about a problem, and where in the document.
 *
 * A remedy is found while the token with the problem is in hand.  The table
 * says which repairs treat a kind of problem; the place takes back those that
 * would not do there: a required member cannot be null, and what holds it goes
 * in its stead.
 */
#include "core/document/builder.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/work.h"

#define UNWRAP	ATL_REPAIR_BIT(ATL_REPAIR_UNWRAP)
#define SORT	ATL_REPAIR_BIT(ATL_REPAIR_SORT)
#define SCALE	ATL_REPAIR_BIT(ATL_REPAIR_SCALE)
#define CLAMP	ATL_REPAIR_BIT(ATL_REPAIR_CLAMP)
#define NULLIFY		ATL_REPAIR_BIT(ATL_REPAIR_NULLIFY)
#define DROP	ATL_REPAIR_BIT(ATL_REPAIR_DROP)

/*
 * Which repairs treat a problem.  None treats a duration, a sample rate or a
 * document that is too large: only the user knows what it should be.
 */
static const uint8_t treatments[ATL_PROBLEM_CODES] = {
	[ATL_PROBLEM_KIND] = UNWRAP | NULLIFY | DROP,
	[ATL_PROBLEM_MISSING] = DROP,
	[ATL_PROBLEM_NOT_FINITE] = NULLIFY | DROP,
	[ATL_PROBLEM_NEGATIVE_TIME] = CLAMP | NULLIFY | DROP,
	[ATL_PROBLEM_PAST_DURATION] = SCALE | CLAMP | DROP,
	[ATL_PROBLEM_CONFIDENCE] = SCALE | CLAMP | NULLIFY | DROP,
	[ATL_PROBLEM_EMPTY_TYPE] = DROP,
	[ATL_PROBLEM_START_TIME] = CLAMP | NULLIFY | DROP,
	[ATL_PROBLEM_HOP] = NULLIFY | DROP,
	[ATL_PROBLEM_FRAME_RATE] = NULLIFY | DROP,
	[ATL_PROBLEM_CLOCK] = NULLIFY | DROP,
	[ATL_PROBLEM_TIMES] = SORT | DROP,
	[ATL_PROBLEM_DIMS] = NULLIFY | DROP,
	[ATL_PROBLEM_VALUES] = NULLIFY | DROP,
	[ATL_PROBLEM_RAGGED] = NULLIFY | DROP,
	[ATL_PROBLEM_ENCODING] = NULLIFY | DROP,
	[ATL_PROBLEM_RANGE] = NULLIFY | DROP,
	[ATL_PROBLEM_NOT_ENCODABLE] = NULLIFY | DROP,
	[ATL_PROBLEM_BASE64] = DROP,
	[ATL_PROBLEM_MAX_ERROR] = NULLIFY | DROP,
};

/* The greatest number may pass the bound by rounding. */
#define ROUNDING	1.001


/*
 * Evidence that the numbers of a track are in a smaller unit.
 */

static void
count_number(AtlEvidence *evidence, double number, double bound)
{
	if (evidence->count == 0)
		evidence->greatest = number;
	evidence->count++;
	evidence->over += number > bound;
	evidence->greatest = fmax(evidence->greatest, number);
}

/*
 * More than half of the numbers are over the bound, and all would fit.  A list
 * in seconds with some late times is not like this: scaling it would put all
 * its times to the front.
 */
static bool
in_smaller_unit(const AtlEvidence *evidence, double bound, double units)
{
	return evidence->over > evidence->count / 2 && evidence->greatest <= units * bound * ROUNDING;
}

static bool
in_milliseconds(const AtlBuilder *builder, AtlTrack track)
{
	const AtlEvidence *times = &builder->arrivals[track].times;
	double		duration = builder->draft.duration;

	return atl_bounds_is_far(times->greatest, duration) && in_smaller_unit(times, duration, 1000);
}

/* A percentage is likely to be more than 2. */
static bool
in_percent(const AtlBuilder *builder, AtlTrack track)
{
	const AtlEvidence *confidences = &builder->arrivals[track].confidences;

	return confidences->greatest > 2 && in_smaller_unit(confidences, 1, 100);
}

void
atl_remedy_count_confidence(AtlBuilder *builder, double confidence)
{
	count_number(&builder->arrivals[atl_track_in_hand(builder)].confidences, confidence, 1);
}

/* Count the timestamps of items, some of which may not be given. */
static void
count_times(AtlBuilder *builder, AtlTrack track, const AtlBuffer *items)
{
	size_t		n = items->size / sizeof(AtlDraftItem);
	AtlWork		work = {.host = builder->host};

	for (size_t i = 0; i < n; i++)
	{
		double		time = ((const AtlDraftItem *) items->bytes)[i].timestamp;

		atl_work(&work, 5);
		if (!isnan(time))
			count_number(&builder->arrivals[track].times, time, builder->draft.duration);
	}
}


/*
 * What the place allows
 */

AtlStatus
atl_remedy_place_item(AtlBuilder *builder, AtlTrack track)
{
	const uint32_t *members = builder->where.members;
	const AtlItemPlace place = {builder->where.object, members[ATL_M_TIMESTAMP], members[ATL_M_DURATION]};
	AtlBuffer  *places = &builder->arrivals[track].places;
	size_t		before = builder->item.number * sizeof(place);

	if (!builder->collect)
		return ATL_OK;
	/* Elements that are no objects have no times, but count. */
	ATL_TRY(atl_buffer_append_zeros(places, before - places->size));
	return atl_buffer_append(places, &place, sizeof(place));
}

void
atl_remedy_at_item(AtlBuilder *builder, AtlTrack track, uint32_t number, AtlMember member)
{
	AtlArrival *arrival = &builder->arrivals[track];
	const AtlItemPlace *place;

	if (!builder->collect)
		return;
	place = (const AtlItemPlace *) arrival->places.bytes + number;
	if (arrival->times.count == 0)
	{
		count_times(builder, track, &builder->draft.tracks[track].items);
		count_times(builder, track, &arrival->refused);
	}
	builder->where.track = track;
	builder->where.member = member;
	builder->where.object = place->object;
	builder->where.members[ATL_M_TIMESTAMP] = place->timestamp;
	builder->where.members[ATL_M_DURATION] = place->duration;
}

void
atl_remedy_at_feature(AtlBuilder *builder, const AtlDraftFeature *feature)
{
	builder->where.member = feature->times != 0 ? ATL_M_TIMES : ATL_M_START_TIME;
	builder->where.object = feature->token;
	builder->where.members[builder->where.member] = feature->start_token;
}

/* The value of the token in hand, and itself to drop. */
static void
at_value(const AtlBuilder *builder, AtlRemedy *remedy)
{
	remedy->value = remedy->drop = builder->where.now;
}

/* A member; a required one goes with all of its object. */
static void
at_member(const AtlBuilder *builder, AtlMember member, AtlRemedy *remedy)
{
	remedy->member = (uint8_t) member;
	remedy->value = remedy->drop = builder->where.members[member];
}

static void
at_required(const AtlBuilder *builder, AtlMember member, AtlRemedy *remedy)
{
	at_member(builder, member, remedy);
	remedy->repairs &= ~NULLIFY;
	remedy->drop = builder->where.object;
}

/* A time of an item, or the startTime or the first times of a feature. */
static void
at_time(const AtlBuilder *builder, AtlProblemCode code, AtlRemedy *remedy)
{
	AtlMember	member = builder->where.member;

	if (member == ATL_M_TIMESTAMP || member == ATL_M_TIMES)
		at_required(builder, member, remedy);
	else
		at_member(builder, member, remedy);
	remedy->track = (uint8_t) builder->where.track;
	remedy->clamp = code == ATL_PROBLEM_PAST_DURATION ? ATL_CLAMP_DURATION :
		member == ATL_M_DURATION ? ATL_CLAMP_ZERO : ATL_CLAMP_START;
	if (code == ATL_PROBLEM_PAST_DURATION &&
		!in_milliseconds(builder, builder->where.track))
		remedy->repairs &= ~SCALE;
}

/* The document has ended: its times, or itself. */
static void
after_document(const AtlBuilder *builder, AtlProblemCode code, AtlRemedy *remedy)
{
	if (code == ATL_PROBLEM_PAST_DURATION || code == ATL_PROBLEM_NEGATIVE_TIME)
	{
		at_time(builder, code, remedy);
		return;
	}
	at_value(builder, remedy);
	remedy->repairs &= UNWRAP;
	remedy->kinds = ATL_KIND_OBJECT;
}

static void
in_top(const AtlBuilder *builder, AtlProblemCode code, AtlRemedy *remedy)
{
	at_member(builder, builder->member, remedy);
	remedy->kinds = builder->where.kinds;
	if (builder->where.required || code == ATL_PROBLEM_MISSING)
		remedy->repairs &= UNWRAP;
}

static void
in_item(const AtlBuilder *builder, AtlProblemCode code, AtlRemedy *remedy)
{
	remedy->kinds = builder->where.kinds;
	remedy->track = (uint8_t) atl_track_in_hand(builder);
	remedy->clamp = builder->item.confidence > 1 ? ATL_CLAMP_ONE : ATL_CLAMP_ZERO;
	if (code == ATL_PROBLEM_MISSING || builder->where.required)
		at_required(builder, builder->member, remedy);
	else
		at_member(builder, builder->member, remedy);
}

/* A number or a frame of "values": it can be null, or the feature goes. */
static void
in_values(const AtlBuilder *builder, AtlRemedy *remedy)
{
	const AtlToken *token = builder->where.token;

	at_value(builder, remedy);
	if (token != NULL && token->kind == ATL_ARRAY_END)
		remedy->value = builder->where.frame;
	remedy->drop = builder->where.object;
	remedy->kinds = builder->values.nested && builder->state == ATL_AT_VALUES ? ATL_KIND_ARRAY : ATL_KIND_NUMBER;
	if (builder->state == ATL_AT_VALUES && !builder->values.flat)
		remedy->kinds |= ATL_KIND_ARRAY;
}

/* A time of a frame: it cannot be null.  Only falling times can be sorted. */
static void
in_times(const AtlBuilder *builder, AtlProblemCode code, AtlRemedy *remedy)
{
	at_value(builder, remedy);
	if (code == ATL_PROBLEM_TIMES)
		at_member(builder, ATL_M_TIMES, remedy);
	remedy->member = ATL_M_TIMES;
	remedy->repairs &= ~NULLIFY;
	remedy->drop = builder->where.object;
	remedy->kinds = ATL_KIND_NUMBER;
}

/* The member of a feature that a problem is about; unknown: all of it. */
static AtlMember
feature_member(const AtlBuilder *builder, AtlProblemCode code)
{
	switch (code)
	{
		case ATL_PROBLEM_DIMS:
			return ATL_M_DIMS;
		case ATL_PROBLEM_ENCODING:
		case ATL_PROBLEM_NOT_ENCODABLE:
			return ATL_M_ENCODING;	/* numbers that can stay as they are */
		case ATL_PROBLEM_RANGE:
			return ATL_M_RANGE;
		case ATL_PROBLEM_CLOCK:
		case ATL_PROBLEM_VALUES:
		case ATL_PROBLEM_TIMES:
		case ATL_PROBLEM_BASE64:
			return ATL_M_UNKNOWN;
		default:
			return builder->where.token == NULL || builder->where.token->kind == ATL_OBJECT_END ? ATL_M_UNKNOWN : builder->member;
	}
}

static void
in_feature(const AtlBuilder *builder, AtlProblemCode code, AtlRemedy *remedy)
{
	AtlMember	member = feature_member(builder, code);

	remedy->repairs &= ~SORT;
	if (member == ATL_M_UNKNOWN)
		at_required(builder, member, remedy);
	else
		at_member(builder, member, remedy);
	remedy->kinds = builder->where.kinds;
	remedy->clamp = ATL_CLAMP_ZERO;
}

static void
find_place(const AtlBuilder *builder, AtlProblemCode code, AtlRemedy *remedy)
{
	switch (builder->state)
	{
		case ATL_AT_START:
		case ATL_AT_END:
			after_document(builder, code, remedy);
			break;
		case ATL_AT_TOP:
			in_top(builder, code, remedy);
			break;
		case ATL_AT_EVENT:
		case ATL_AT_MARKER:
			in_item(builder, code, remedy);
			break;
		case ATL_AT_FEATURE:
		case ATL_AT_RANGE:
			in_feature(builder, code, remedy);
			break;
		case ATL_AT_TIMES:
			in_times(builder, code, remedy);
			break;
		case ATL_AT_VALUES:
		case ATL_AT_FRAME:
			in_values(builder, remedy);
			break;
		default:				/* an element or feature that is no object */
			at_value(builder, remedy);
			remedy->repairs &= ~NULLIFY;
			remedy->kinds = ATL_KIND_OBJECT;
			break;
	}
}

/*
 * Whether the token in hand wraps a value of a kind that its place takes.  Of
 * an object or array only the tokens that follow will tell.
 */
static AtlStatus
check_unwrap(AtlBuilder *builder, AtlRemedy *remedy)
{
	const AtlToken *token = builder->where.token;
	AtlStatus	status = ATL_INVALID;
	bool		document = builder->state == ATL_AT_END;

	if (token != NULL && token->kind == ATL_STRING)
	{
		AtlUnwrapped value;

		status = atl_unwrap_string(&value, builder->host, token->text, remedy->kinds);
		atl_unwrapped_free(&value);
	}
	else if (token != NULL && token->kind == (document ? ATL_ARRAY_START : ATL_OBJECT_START) &&
			 (document || (remedy->kinds & ATL_KIND_ARRAY) != 0))
	{
		builder->watch.problem = builder->problems.size / sizeof(AtlDraftProblem) + 1;
		builder->watch.count = 0;
		status = ATL_OK;
	}
	if (status == ATL_INVALID)
		remedy->repairs &= ~UNWRAP;
	return status == ATL_INVALID ? ATL_OK : status;
}

AtlStatus
atl_remedy_find(AtlBuilder *builder, AtlProblemCode code, AtlRemedy *remedy)
{
	memset(remedy, 0, sizeof(*remedy));
	if (!builder->collect)
		return ATL_OK;
	remedy->repairs = treatments[code];
	if (remedy->repairs != 0)
		find_place(builder, code, remedy);
	return (remedy->repairs & UNWRAP) != 0 ? check_unwrap(builder, remedy) : ATL_OK;
}


/*
 * What is known only later
 */

/* Whether a key is the decimal of a number. */
static bool
is_index(AtlText key, uint32_t number)
{
	char		digits[16];

	return (uint32_t) snprintf(digits, sizeof(digits), "%u", number) == key.size &&
		memcmp(digits, key.text, key.size) == 0;
}

/*
 * A token of a value that is skipped.  An object unwraps to an array if its
 * keys are 0, 1, 2, ...: a typed array that JSON.stringify took for an object.
 * An array unwraps to a document if that is all it holds.
 */
void
atl_remedy_watch(AtlBuilder *builder, const AtlToken *token)
{
	AtlWatch   *watch = &builder->watch;
	AtlDraftProblem *problem;
	bool		good = true;

	if (watch->problem == 0 || builder->skip != 1)
		return;
	problem = (AtlDraftProblem *) builder->problems.bytes + (watch->problem - 1);
	if (token->kind == ATL_KEY)
		good = is_index(token->text, watch->count++);
	else if (builder->state == ATL_AT_END && token->kind == ATL_ARRAY_END)
		good = watch->count == 1;
	else if (builder->state == ATL_AT_END)
		good = watch->count++ == 0 && token->kind == ATL_OBJECT_START;
	else if (builder->state == ATL_AT_VALUES && token->kind == ATL_OBJECT_END)
		good = watch->count > 0;	/* a frame has numbers */
	if (!good)
		problem->remedy.repairs &= ~UNWRAP;
	if (!good || token->kind == ATL_ARRAY_END || token->kind == ATL_OBJECT_END)
		watch->problem = 0;
}

/*
 * Members of a feature that stand for each other: one of them is needed, and
 * only one may be given.
 */
#define CLOCKS	(ATL_BIT(ATL_M_HOP) | ATL_BIT(ATL_M_FRAME_RATE) | ATL_BIT(ATL_M_TIMES))
#define NUMBERS	(ATL_BIT(ATL_M_VALUES) | ATL_BIT(ATL_M_BASE64))

/* What is known at the end of a feature that has problems. */
typedef struct Feature
{
	uint32_t	given;			/* members: all, and those with problems */
	uint32_t	bad;
	bool		unsortable;		/* times are not all numbers, or not those of
								 * the values that follow */
	bool		mostly_ragged;
} Feature;

/* Whether the feature has a good member of a set, leaving out one. */
static bool
has_other(const Feature *feature, uint32_t set, AtlMember member)
{
	return (feature->given & ~feature->bad & set & ~ATL_BIT(member)) != 0;
}

/* Whether the feature can do without a member that has a problem. */
static bool
is_spare(const Feature *feature, AtlMember member)
{
	switch (member)
	{
		case ATL_M_HOP:
		case ATL_M_FRAME_RATE:
		case ATL_M_TIMES:
			return has_other(feature, CLOCKS, member);
		case ATL_M_VALUES:
		case ATL_M_BASE64:
			return has_other(feature, NUMBERS, member);
		case ATL_M_DIMS:
		case ATL_M_ENCODING:
		case ATL_M_RANGE:
			/* base64 cannot be read without these */
			return (feature->given & ATL_BIT(ATL_M_BASE64)) == 0;
		default:
			return member != ATL_M_UNKNOWN;
	}
}

/*
 * Of members that exclude each other the one that is bad, if another is good;
 * else unknown.  startTime is of no use beside times.
 */
static AtlMember
bad_of_pair(const Feature *feature, AtlProblemCode code)
{
	uint32_t	set = code == ATL_PROBLEM_CLOCK ? CLOCKS : code == ATL_PROBLEM_VALUES ? NUMBERS : 0;

	if (set == CLOCKS && (feature->given & CLOCKS) == ATL_BIT(ATL_M_TIMES))
		return (feature->given & ATL_BIT(ATL_M_START_TIME)) != 0 ? ATL_M_START_TIME : ATL_M_UNKNOWN;
	for (AtlMember member = 0; member < ATL_M_COUNT; member++)
		if ((feature->bad & set & ATL_BIT(member)) != 0 && is_spare(feature, member))
			return member;
	return ATL_M_UNKNOWN;
}

static void
settle(const AtlBuilder *builder, const Feature *feature, AtlDraftProblem *problem)
{
	AtlRemedy  *remedy = &problem->remedy;
	AtlMember	member = bad_of_pair(feature, problem->code);

	if (member != ATL_M_UNKNOWN)
	{
		at_member(builder, member, remedy);
		remedy->repairs = NULLIFY | DROP;
	}
	if (problem->code == ATL_PROBLEM_RAGGED && feature->mostly_ragged)
		remedy->repairs &= ~NULLIFY;
	if (feature->unsortable)
		remedy->repairs &= ~SORT;
	remedy->behind = builder->where.members[ATL_M_TIMES] > builder->where.members[ATL_M_VALUES];
	if (remedy->drop == builder->where.object || is_spare(feature, remedy->member))
		return;
	remedy->repairs &= ~NULLIFY;
	remedy->drop = builder->where.object;
}

static bool
is_sortable(const AtlBuilder *builder)
{
	return (builder->seen & NUMBERS) == ATL_BIT(ATL_M_VALUES) &&
		builder->values.frames == builder->times.size / sizeof(double);
}

/*
 * At the end of a feature: members that it cannot do without are not to be
 * null, and the feature goes in their stead.  If most frames are unlike the
 * first one, nobody knows which are right.
 */
void
atl_remedy_settle_feature(AtlBuilder *builder)
{
	size_t		n = builder->problems.size / sizeof(AtlDraftProblem);
	AtlDraftProblem *problems = (AtlDraftProblem *) builder->problems.bytes;
	Feature		feature = {.given = builder->seen, .unsortable = !is_sortable(builder)};
	AtlWork		work = {.host = builder->host};
	uint32_t	ragged = 0;

	if (!builder->collect)
		return;
	for (size_t i = builder->object_problems; i < n; i++)
	{
		atl_work(&work, 2);
		feature.bad |= ATL_BIT(problems[i].remedy.member) & ~ATL_BIT(ATL_M_UNKNOWN);
		feature.unsortable |= problems[i].remedy.member == ATL_M_TIMES && problems[i].code != ATL_PROBLEM_TIMES;
		ragged += problems[i].code == ATL_PROBLEM_RAGGED;
	}
	feature.mostly_ragged = ragged > builder->values.frames / 2;
	for (size_t i = builder->object_problems; i < n; i++)
	{
		atl_work(&work, 2);
		settle(builder, &feature, &problems[i]);
	}
}

uint32_t
atl_remedy_repairs(const AtlBuilder *builder, const AtlDraftProblem *problem)
{
	uint32_t	repairs = problem->remedy.repairs;

	if (problem->code == ATL_PROBLEM_CONFIDENCE && !in_percent(builder, problem->remedy.track))
		repairs &= ~SCALE;
	return repairs;
}

AtlRepair
atl_remedy_gentlest(uint32_t repairs)
{
	AtlRepair	repair = 0;

	while (repair < ATL_REPAIRS && (repairs & ATL_REPAIR_BIT(repair)) == 0)
		repair++;
	return repair;
}
