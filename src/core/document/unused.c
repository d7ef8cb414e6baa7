/*
 * unused.c
 *		Members that a document has, and that the type does not use, though
 *		they most likely mean one that it does.
 *
 * Unknown members are kept, so a misspelt one is silent: "Events" or "start"
 * would never be looked at.  The validator warns of such members; and where a
 * required member is missing, the error's hint names the one that is there.
 */
#include "core/document/alias.h"
#include "core/document/builder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/work.h"

/*
 * Hints of errors
 */

/* Whether a member of the current object may mean a member that is missing. */
static bool
may_mean(AtlState state, AtlText key, AtlMember missing, const char **more)
{
	AtlAliases	aliases = atl_aliases_at(state);
	char		spelling[ATL_SPELLING_SIZE];
	const AtlKnown *known;
	const AtlAlias *alias;

	atl_spell(key, spelling);
	known = atl_known_misspelt(state, spelling);
	*more = NULL;
	if (spelling[0] == '\0' || atl_known_by_name(state, key) != NULL)
		return false;
	if (known != NULL)
		return known->member == missing;
	for (alias = atl_alias_find(aliases, spelling);
		 alias != NULL && alias < aliases.aliases + aliases.num && strcmp(alias->spelling, spelling) == 0; alias++)
		if (alias->meant == missing)
		{
			*more = alias->more;
			return true;
		}
	return false;
}

bool
atl_unused_hint(AtlBuilder *builder, AtlMember missing)
{
	const AtlKnown *known = atl_known_member(builder->state, missing);
	AtlFragmentMember member = {0};
	AtlWork		work = {.host = builder->host};
	const char *more;

	while (atl_fragment_next(atl_build_attributes(builder), NULL, &member))
	{
		atl_work(&work, 300);
		if (!may_mean(builder->state, member.key, missing, &more))
			continue;
		atl_hint(builder, "It has \"%.*s\": perhaps that is the %s%s.", (int) member.key.size, member.key.text,
				 known->name.text, more == NULL ? "" : more);
		return true;
	}
	return false;
}

/* Whether an object has a member that only a document must have. */
static bool
holds_document(const AtlFragment *fragment, const AtlFragmentMember *object, AtlWork *work)
{
	AtlFragmentMember member = {0};

	while (object->kind == ATL_OBJECT_START && atl_fragment_next(fragment, object, &member))
	{
		const AtlKnown *known = atl_known_by_name(ATL_AT_TOP, member.key);

		atl_work(work, 100);
		if (known != NULL && known->required)
			return true;
	}
	return false;
}

bool
atl_wrapper_hint(AtlBuilder *builder)
{
	AtlFragmentMember member = {0};
	AtlWork		work = {.host = builder->host};

	while (atl_fragment_next(&builder->top_attributes, NULL, &member))
		if (member.key.size < ATL_SPELLING_SIZE && holds_document(&builder->top_attributes, &member, &work))
		{
			atl_hint(builder, "The document is wrapped in another object: give its member \"%.*s\" alone.",
					 (int) member.key.size, member.key.text);
			return true;
		}
	return false;
}


/*
 * Warnings
 */

/*
 * Records of unused members that are kept: each member is looked for in all of
 * them.  A document has some ten; only one made for it has hundreds.
 */
#define MAX_RECORDS		256

/*
 * Unused members of one spelling at one place: the first, and how many.  The
 * document's sample rate may come after its features, so rates are compared
 * when all is known; until then each number on each clock has a record.
 */
typedef struct Unused
{
	AtlState	state;
	const char *meant;			/* name, or NULL if more is a sentence */
	const char *more;
	AtlCondition condition;
	char		spelling[ATL_SPELLING_SIZE];
	char		path[ATL_PATH_SIZE];
	uint32_t	count;
	double		number;			/* its value, to be compared with */
	double		clock;			/* of its feature, in samples or per second */
	bool		hop;			/* clock is hop */
	bool		rate;			/* to be compared */
} Unused;

static bool
is_given(const AtlBuilder *builder, AtlMember member)
{
	if (member == ATL_M_VALUES && atl_build_seen(builder, ATL_M_BASE64))
		return true;
	return member != ATL_M_UNKNOWN && atl_build_seen(builder, member);
}

static bool
is_other(double number, double known)
{
	return isfinite(number) && isfinite(known) && fabs(number - known) > 0.01 * known;
}

/* Whether a member is given, or its absence is an error already. */
static bool
is_settled(const AtlBuilder *builder, AtlMember member)
{
	const AtlKnown *known = atl_known_member(builder->state, member);

	return is_given(builder, member) || (known != NULL && known->required);
}

/* Whether a member makes a difference that can be told at once. */
static bool
matters(const AtlBuilder *builder, const AtlAlias *alias, double number)
{
	const AtlFeature *entry = &builder->feature.entry;

	switch (alias->condition)
	{
		case ATL_IF_ABSENT:
			return !is_settled(builder, alias->meant) &&
				(alias->meant != ATL_M_ENCODING || atl_build_seen(builder, ATL_M_BASE64));
		case ATL_IF_OTHER_DIMS:
			return is_other(number, entry->dims);
		case ATL_IF_CODES:
			return atl_encoding_is_integer(entry->encoding) && !atl_build_seen(builder, ATL_M_RANGE);
		default:
			return isfinite(number);
	}
}

/* The same, once the sample rate is known. */
static bool
rate_matters(const Unused *unused, double sample_rate)
{
	double		rate = unused->hop ? sample_rate / unused->clock : unused->clock;

	switch (unused->condition)
	{
		case ATL_IF_OTHER_RATE:
			return is_other(unused->number, rate);
		case ATL_IF_OTHER_HOP:
			return is_other(sample_rate / unused->number, rate);
		case ATL_IF_OTHER_HOP_MS:
			return is_other(1000 / unused->number, rate);
		default:
			return unused->hop && is_other(unused->number, sample_rate);
	}
}

/* The number of a member that a fragment holds; NaN for anything else. */
static double
number_of(const AtlFragmentMember *member)
{
	char		digits[64];

	if (member->kind != ATL_NUMBER || member->text.size >= sizeof(digits))
		return NAN;
	memcpy(digits, member->text.text, member->text.size);
	digits[member->text.size] = '\0';
	return strtod(digits, NULL);
}

/* Whether an unused member says the same as an earlier one. */
static bool
is_same(const Unused *unused, const Unused *earlier)
{
	return unused->state == earlier->state && unused->rate == earlier->rate &&
		(!unused->rate || (unused->number == earlier->number && unused->clock == earlier->clock && unused->hop == earlier->hop)) &&
		strcmp(unused->spelling, earlier->spelling) == 0;
}

/* Count unused members with the earlier ones of their kind, if there are any. */
static bool
count_in(Unused *records, size_t num, const Unused *unused)
{
	for (size_t i = 0; i < num; i++)
		if (is_same(unused, &records[i]))
		{
			records[i].count += unused->count;
			return true;
		}
	return false;
}

static AtlStatus
note(AtlBuilder *builder, const AtlFragmentMember *member, Unused *unused)
{
	Unused	   *known = (Unused *) builder->unused.bytes;
	size_t		num = builder->unused.size / sizeof(Unused);
	char		name[ATL_SPELLING_SIZE];

	unused->count = 1;
	unused->number = number_of(member);
	unused->clock = builder->feature.entry.clock;
	unused->hop = atl_build_seen(builder, ATL_M_HOP);
	unused->rate = unused->condition >= ATL_IF_OTHER_RATE && unused->condition <= ATL_IF_OTHER_SAMPLE_RATE;
	if (count_in(known, num, unused) || num >= MAX_RECORDS)
		return ATL_OK;
	snprintf(name, ATL_SPELLING_SIZE, "%.*s", (int) member->key.size, member->key.text);
	atl_path_member(builder, name, unused->path);
	return atl_buffer_append(&builder->unused, unused, sizeof(*unused));
}

static AtlStatus
note_alias(AtlBuilder *builder, const AtlFragmentMember *member, const AtlAlias *alias, Unused *unused)
{
	const AtlKnown *known = atl_known_member(builder->state, alias->meant);

	unused->meant = known == NULL ? NULL : known->name.text;
	unused->more = alias->more;
	unused->condition = alias->condition;
	return note(builder, member, unused);
}

/* Whether the value of a member could be that of the one an alias means. */
static bool
has_kind(const AtlBuilder *builder, const AtlFragmentMember *member, const AtlAlias *alias)
{
	const AtlKnown *known = atl_known_member(builder->state, alias->meant);

	return known == NULL || alias->condition == ATL_IF_CODES || (atl_kind_bit(member->kind) & known->kinds) != 0;
}

static AtlStatus
note_member(AtlBuilder *builder, const AtlFragmentMember *member)
{
	AtlAliases	aliases = atl_aliases_at(builder->state);
	Unused		unused = {.state = builder->state};
	const AtlKnown *known;
	const AtlAlias *alias;

	atl_spell(member->key, unused.spelling);
	if (unused.spelling[0] == '\0' || member->kind == ATL_NULL || atl_known_by_name(builder->state, member->key) != NULL)
		return ATL_OK;
	alias = atl_alias_find(aliases, unused.spelling);
	if (alias == NULL)
	{
		known = atl_known_misspelt(builder->state, unused.spelling);
		if (known == NULL || is_settled(builder, known->member))
			return ATL_OK;
		unused.meant = known->name.text;
		return note(builder, member, &unused);
	}
	for (; alias < aliases.aliases + aliases.num && strcmp(alias->spelling, unused.spelling) == 0; alias++)
		if (has_kind(builder, member, alias) && matters(builder, alias, number_of(member)))
			return note_alias(builder, member, alias, &unused);
	return ATL_OK;
}

AtlStatus
atl_unused_note(AtlBuilder *builder)
{
	AtlFragmentMember member = {0};
	AtlWork		work = {.host = builder->host};

	if (!builder->collect)
		return ATL_OK;
	while (atl_fragment_next(atl_build_attributes(builder), NULL, &member))
	{
		atl_work(&work, 300);
		ATL_TRY(note_member(builder, &member));
	}
	return ATL_OK;
}

static const char *
place_name(AtlState state)
{
	return state == ATL_AT_EVENT ? "events" : state == ATL_AT_MARKER ? "markers" : "features";
}

/*
 * Keep of the rates those that are others, counted with the earlier ones of
 * their spelling.  Returns how many records are left; they are few.
 */
static size_t
settle_rates(AtlBuilder *builder)
{
	Unused	   *records = (Unused *) builder->unused.bytes;
	size_t		num = builder->unused.size / sizeof(Unused);
	size_t		kept = 0;
	AtlWork		work = {.host = builder->host};

	for (size_t i = 0; i < num; i++)
	{
		Unused		unused = records[i];

		atl_work(&work, 10000);
		if (unused.rate && !rate_matters(&unused, builder->draft.sample_rate))
			continue;
		unused.rate = false;
		if (!count_in(records, kept, &unused))
			records[kept++] = unused;
	}
	return kept;
}

AtlStatus
atl_unused_warn(AtlBuilder *builder)
{
	size_t		num = settle_rates(builder);
	const Unused *unused = (const Unused *) atl_buffer_at(&builder->unused, 0);
	const Unused *end = unused + num;

	for (; unused < end; unused++)
	{
		if (unused->meant == NULL)
			atl_hint(builder, "%s", unused->more);
		else
			atl_hint(builder, "Perhaps you mean \"%s\"%s.", unused->meant, unused->more == NULL ? "" : unused->more);
		if (unused->count == 1)
			ATL_TRY(atl_problem(builder, ATL_WARN_UNUSED, unused->path, "is not used."));
		else
			ATL_TRY(atl_problem(builder, ATL_WARN_UNUSED, unused->path, "is not used (the first of %u in %s).",
								unused->count, place_name(unused->state)));
	}
	return ATL_OK;
}
