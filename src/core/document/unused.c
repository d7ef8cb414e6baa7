/*
 * unused.c
 *		Members that a document has, and that the type does not use, though
 *		they most likely mean one that it does.
 *
 * Unknown members are kept, so a misspelt one is silent: "Events" or "start"
 * would never be looked at.  The validator warns of such members; and where a
 * required member is missing, the error's hint names the one that is there.
 */
#include "core/document/builder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/work.h"

/* Spellings are compared without case, space, "_" and "-", up to this size. */
#define MAX_SPELLING	32

/* Names shorter than this are too short to guess by one letter. */
#define MIN_GUESS		5

/* What has to be so for an unused member to be worth a warning. */
typedef enum Condition
{
	IF_ABSENT,					/* the member that is meant is not there */
	IF_OTHER_RATE,				/* the number is a rate, and not the feature's */
	IF_OTHER_HOP,				/* samples between frames, likewise */
	IF_OTHER_HOP_MS,
	IF_OTHER_SAMPLE_RATE,		/* not the document's, and the clock is hop */
	IF_OTHER_DIMS,				/* frames have another count of numbers */
	IF_CODES					/* the values are codes without range */
} Condition;

/*
 * A spelling in use elsewhere, in sorted order within its place.  more is put
 * behind the name of the member that is meant; a sentence stands by itself.
 */
typedef struct Alias
{
	const char *spelling;
	AtlMember	meant;
	Condition	condition;
	const char *more;
} Alias;

#define MS			", in seconds: divide by 1000"
#define SAMPLES		", in seconds: divide by sampleRate"
#define END			", the end minus the start"
#define AS_EVENTS	", an array of objects with timestamp and type"
#define AN_INSTANT	"A marker is an instant: for what lasts use an event with duration."
#define RATE		"A feature's hop counts samples of the document's sampleRate: for another clock give frameRate."
#define HOP_MS		", 1000 divided by it"
#define AS_RANGE	", an array [min, max]"

static const Alias of_document[] = {
	{"annotations", ATL_M_EVENTS, IF_ABSENT, AS_EVENTS},
	{"audioduration", ATL_M_DURATION, IF_ABSENT, NULL},
	{"bars", ATL_M_MARKERS, IF_ABSENT, AS_EVENTS},
	{"beats", ATL_M_MARKERS, IF_ABSENT, AS_EVENTS},
	{"cuepoints", ATL_M_MARKERS, IF_ABSENT, AS_EVENTS},
	{"cues", ATL_M_MARKERS, IF_ABSENT, AS_EVENTS},
	{"curves", ATL_M_FEATURES, IF_ABSENT, NULL},
	{"descriptors", ATL_M_FEATURES, IF_ABSENT, NULL},
	{"downbeats", ATL_M_MARKERS, IF_ABSENT, AS_EVENTS},
	{"dur", ATL_M_DURATION, IF_ABSENT, NULL},
	{"durationinseconds", ATL_M_DURATION, IF_ABSENT, NULL},
	{"durationms", ATL_M_DURATION, IF_ABSENT, MS},
	{"durations", ATL_M_DURATION, IF_ABSENT, NULL},
	{"durationsec", ATL_M_DURATION, IF_ABSENT, NULL},
	{"durationseconds", ATL_M_DURATION, IF_ABSENT, NULL},
	{"freq", ATL_M_SAMPLE_RATE, IF_ABSENT, NULL},
	{"frequency", ATL_M_SAMPLE_RATE, IF_ABSENT, NULL},
	{"fs", ATL_M_SAMPLE_RATE, IF_ABSENT, NULL},
	{"length", ATL_M_DURATION, IF_ABSENT, NULL},
	{"lengthms", ATL_M_DURATION, IF_ABSENT, MS},
	{"lengthseconds", ATL_M_DURATION, IF_ABSENT, NULL},
	{"notes", ATL_M_EVENTS, IF_ABSENT, AS_EVENTS},
	{"numsamples", ATL_M_DURATION, IF_ABSENT, SAMPLES},
	{"onsets", ATL_M_EVENTS, IF_ABSENT, AS_EVENTS},
	{"rate", ATL_M_SAMPLE_RATE, IF_ABSENT, NULL},
	{"samples", ATL_M_DURATION, IF_ABSENT, SAMPLES},
	{"samplingfrequency", ATL_M_SAMPLE_RATE, IF_ABSENT, NULL},
	{"samplingrate", ATL_M_SAMPLE_RATE, IF_ABSENT, NULL},
	{"seconds", ATL_M_DURATION, IF_ABSENT, NULL},
	{"sections", ATL_M_MARKERS, IF_ABSENT, AS_EVENTS},
	{"segments", ATL_M_EVENTS, IF_ABSENT, AS_EVENTS},
	{"series", ATL_M_FEATURES, IF_ABSENT, NULL},
	{"sr", ATL_M_SAMPLE_RATE, IF_ABSENT, NULL},
	{"totalduration", ATL_M_DURATION, IF_ABSENT, NULL},
	{"transients", ATL_M_EVENTS, IF_ABSENT, AS_EVENTS},
	{"words", ATL_M_EVENTS, IF_ABSENT, AS_EVENTS},
};

static const Alias of_event[] = {
	{"at", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"begin", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"category", ATL_M_TYPE, IF_ABSENT, NULL},
	{"certainty", ATL_M_CONFIDENCE, IF_ABSENT, NULL},
	{"class", ATL_M_TYPE, IF_ABSENT, NULL},
	{"conf", ATL_M_CONFIDENCE, IF_ABSENT, NULL},
	{"dur", ATL_M_DURATION, IF_ABSENT, NULL},
	{"durationms", ATL_M_DURATION, IF_ABSENT, MS},
	{"durationsec", ATL_M_DURATION, IF_ABSENT, NULL},
	{"end", ATL_M_DURATION, IF_ABSENT, END},
	{"endtime", ATL_M_DURATION, IF_ABSENT, END},
	{"eventtype", ATL_M_TYPE, IF_ABSENT, NULL},
	{"kind", ATL_M_TYPE, IF_ABSENT, NULL},
	{"label", ATL_M_TYPE, IF_ABSENT, NULL},
	{"length", ATL_M_DURATION, IF_ABSENT, NULL},
	{"likelihood", ATL_M_CONFIDENCE, IF_ABSENT, NULL},
	{"ms", ATL_M_TIMESTAMP, IF_ABSENT, MS},
	{"name", ATL_M_TYPE, IF_ABSENT, NULL},
	{"offset", ATL_M_DURATION, IF_ABSENT, END},
	{"offsettime", ATL_M_DURATION, IF_ABSENT, END},
	{"onset", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"onsettime", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"pos", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"position", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"prob", ATL_M_CONFIDENCE, IF_ABSENT, NULL},
	{"probability", ATL_M_CONFIDENCE, IF_ABSENT, NULL},
	{"sample", ATL_M_TIMESTAMP, IF_ABSENT, SAMPLES},
	{"score", ATL_M_CONFIDENCE, IF_ABSENT, NULL},
	{"sec", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"seconds", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"start", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"startms", ATL_M_TIMESTAMP, IF_ABSENT, MS},
	{"starttime", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"stop", ATL_M_DURATION, IF_ABSENT, END},
	{"t", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"tag", ATL_M_TYPE, IF_ABSENT, NULL},
	{"time", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"timecode", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"timems", ATL_M_TIMESTAMP, IF_ABSENT, MS},
	{"timesec", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"timestampms", ATL_M_TIMESTAMP, IF_ABSENT, MS},
	{"ts", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
};

static const Alias of_marker[] = {
	{"at", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"begin", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"certainty", ATL_M_CONFIDENCE, IF_ABSENT, NULL},
	{"conf", ATL_M_CONFIDENCE, IF_ABSENT, NULL},
	{"dur", ATL_M_UNKNOWN, IF_ABSENT, AN_INSTANT},
	{"duration", ATL_M_UNKNOWN, IF_ABSENT, AN_INSTANT},
	{"end", ATL_M_UNKNOWN, IF_ABSENT, AN_INSTANT},
	{"endtime", ATL_M_UNKNOWN, IF_ABSENT, AN_INSTANT},
	{"kind", ATL_M_TYPE, IF_ABSENT, NULL},
	{"label", ATL_M_TYPE, IF_ABSENT, NULL},
	{"label", ATL_M_VALUE, IF_ABSENT, NULL},
	{"markertype", ATL_M_TYPE, IF_ABSENT, NULL},
	{"name", ATL_M_TYPE, IF_ABSENT, NULL},
	{"name", ATL_M_VALUE, IF_ABSENT, NULL},
	{"position", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"prob", ATL_M_CONFIDENCE, IF_ABSENT, NULL},
	{"probability", ATL_M_CONFIDENCE, IF_ABSENT, NULL},
	{"score", ATL_M_CONFIDENCE, IF_ABSENT, NULL},
	{"seconds", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"start", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"starttime", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"t", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"text", ATL_M_VALUE, IF_ABSENT, NULL},
	{"time", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
	{"timems", ATL_M_TIMESTAMP, IF_ABSENT, MS},
	{"timestampms", ATL_M_TIMESTAMP, IF_ABSENT, MS},
	{"ts", ATL_M_TIMESTAMP, IF_ABSENT, NULL},
};

static const Alias of_feature[] = {
	{"bins", ATL_M_DIMS, IF_OTHER_DIMS, NULL},
	{"channels", ATL_M_DIMS, IF_OTHER_DIMS, NULL},
	{"data", ATL_M_VALUES, IF_ABSENT, NULL},
	{"datatype", ATL_M_ENCODING, IF_ABSENT, NULL},
	{"delay", ATL_M_START_TIME, IF_ABSENT, NULL},
	{"dim", ATL_M_DIMS, IF_OTHER_DIMS, NULL},
	{"dimensions", ATL_M_DIMS, IF_OTHER_DIMS, NULL},
	{"dtype", ATL_M_ENCODING, IF_ABSENT, NULL},
	{"format", ATL_M_ENCODING, IF_ABSENT, NULL},
	{"fps", ATL_M_FRAME_RATE, IF_OTHER_RATE, NULL},
	{"framehop", ATL_M_HOP, IF_OTHER_HOP, NULL},
	{"framerate", ATL_M_FRAME_RATE, IF_OTHER_RATE, NULL},
	{"framespersecond", ATL_M_FRAME_RATE, IF_OTHER_RATE, NULL},
	{"framestep", ATL_M_HOP, IF_OTHER_HOP, NULL},
	{"frametimes", ATL_M_TIMES, IF_ABSENT, NULL},
	{"fs", ATL_M_UNKNOWN, IF_OTHER_SAMPLE_RATE, RATE},
	{"hoplength", ATL_M_HOP, IF_OTHER_HOP, NULL},
	{"hopms", ATL_M_FRAME_RATE, IF_OTHER_HOP_MS, HOP_MS},
	{"hops", ATL_M_HOP, IF_OTHER_HOP, NULL},
	{"hopsamples", ATL_M_HOP, IF_OTHER_HOP, NULL},
	{"hopsize", ATL_M_HOP, IF_OTHER_HOP, NULL},
	{"max", ATL_M_RANGE, IF_CODES, AS_RANGE},
	{"min", ATL_M_RANGE, IF_CODES, AS_RANGE},
	{"numbers", ATL_M_VALUES, IF_ABSENT, NULL},
	{"offset", ATL_M_START_TIME, IF_ABSENT, NULL},
	{"rate", ATL_M_FRAME_RATE, IF_OTHER_RATE, NULL},
	{"samplerate", ATL_M_UNKNOWN, IF_OTHER_SAMPLE_RATE, RATE},
	{"samples", ATL_M_VALUES, IF_ABSENT, NULL},
	{"samplesperpixel", ATL_M_HOP, IF_OTHER_HOP, NULL},
	{"series", ATL_M_VALUES, IF_ABSENT, NULL},
	{"sr", ATL_M_UNKNOWN, IF_OTHER_SAMPLE_RATE, RATE},
	{"start", ATL_M_START_TIME, IF_ABSENT, NULL},
	{"step", ATL_M_HOP, IF_OTHER_HOP, NULL},
	{"stepms", ATL_M_FRAME_RATE, IF_OTHER_HOP_MS, HOP_MS},
	{"stepsize", ATL_M_HOP, IF_OTHER_HOP, NULL},
	{"stride", ATL_M_HOP, IF_OTHER_HOP, NULL},
	{"t0", ATL_M_START_TIME, IF_ABSENT, NULL},
	{"timestamps", ATL_M_TIMES, IF_ABSENT, NULL},
	{"units", ATL_M_UNIT, IF_ABSENT, NULL},
	{"value", ATL_M_VALUES, IF_ABSENT, NULL},
};

typedef struct Aliases
{
	const Alias *aliases;
	size_t		num;
} Aliases;

#define ALIASES(aliases)	((Aliases) {aliases, sizeof(aliases) / sizeof(aliases[0])})

static Aliases
aliases_at(AtlState state)
{
	switch (state)
	{
		case ATL_AT_TOP:
			return ALIASES(of_document);
		case ATL_AT_EVENT:
			return ALIASES(of_event);
		case ATL_AT_MARKER:
			return ALIASES(of_marker);
		default:
			return ALIASES(of_feature);
	}
}

/* The comparable spelling of a key; "" if the key is too long. */
static void
spell(AtlText key, char *spelling)
{
	size_t		size = 0;

	for (uint32_t i = 0; i < key.size && key.size < MAX_SPELLING; i++)
	{
		char		c = key.text[i];

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (c != '_' && c != '-' && c != ' ')
			spelling[size++] = c;
	}
	spelling[size] = '\0';
}

/* Whether two spellings are one letter apart: one more, another, or swapped. */
static bool
is_near(const char *a, const char *b)
{
	size_t		size_a = strlen(a);
	size_t		size_b = strlen(b);

	while (*a != '\0' && *a == *b)
	{
		a++;
		b++;
	}
	if (size_a == size_b)
		return strcmp(a + (*a != '\0'), b + (*b != '\0')) == 0 ||
			(a[0] != '\0' && a[1] == b[0] && a[0] == b[1] && strcmp(a + 2, b + 2) == 0);
	if (size_a + 1 == size_b)
		return strcmp(a, b + 1) == 0;
	return size_a == size_b + 1 && strcmp(a + 1, b) == 0;
}

/* The first alias of a spelling, or NULL; others may follow it. */
static const Alias *
find_alias(Aliases aliases, const char *spelling)
{
	size_t		low = 0;
	size_t		high = aliases.num;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (strcmp(aliases.aliases[middle].spelling, spelling) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < aliases.num && strcmp(aliases.aliases[low].spelling, spelling) == 0 ? &aliases.aliases[low] : NULL;
}

/* The known member that a spelling is another spelling of, or NULL. */
static const AtlKnown *
find_misspelt(AtlState state, const char *spelling)
{
	AtlKnownMembers known = atl_known_members(state);
	const AtlKnown *near = NULL;

	for (size_t i = 0; i < known.num; i++)
	{
		char		name[MAX_SPELLING];

		spell(known.members[i].name, name);
		if (strcmp(name, spelling) == 0)
			return &known.members[i];
		if (strlen(name) >= MIN_GUESS && strlen(spelling) >= MIN_GUESS && is_near(name, spelling))
			near = &known.members[i];
	}
	return near;
}


/*
 * Hints of errors
 */

/* Whether a member of the current object may mean a member that is missing. */
static bool
may_mean(AtlState state, AtlText key, AtlMember missing, const char **more)
{
	Aliases		aliases = aliases_at(state);
	char		spelling[MAX_SPELLING];
	const AtlKnown *known;
	const Alias *alias;

	spell(key, spelling);
	known = find_misspelt(state, spelling);
	*more = NULL;
	if (spelling[0] == '\0' || atl_known_by_name(state, key) != NULL)
		return false;
	if (known != NULL)
		return known->member == missing;
	for (alias = find_alias(aliases, spelling);
		 alias != NULL && alias < aliases.aliases + aliases.num && strcmp(alias->spelling, spelling) == 0; alias++)
		if (alias->meant == missing)
		{
			*more = alias->more;
			return true;
		}
	return false;
}

static AtlFragment *
unknown_members(AtlBuilder *builder)
{
	return builder->state == ATL_AT_TOP ? &builder->top_attributes : &builder->object_attributes;
}

bool
atl_unused_hint(AtlBuilder *builder, AtlMember missing)
{
	const AtlKnown *known = atl_known_member(builder->state, missing);
	AtlFragmentMember member = {0};
	AtlWork		work = {.host = builder->host};
	const char *more;

	while (atl_fragment_next(unknown_members(builder), NULL, &member))
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
		if (member.key.size < MAX_SPELLING && holds_document(&builder->top_attributes, &member, &work))
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
 * Unused members of one spelling at one place: the first, and how many.  The
 * document's sample rate may come after its features, so rates are compared
 * when all is known; until then each is a record of its own, with count 0.
 */
typedef struct Unused
{
	AtlState	state;
	const char *meant;			/* name, or NULL if more is a sentence */
	const char *more;
	Condition	condition;
	char		spelling[MAX_SPELLING];
	char		path[ATL_PATH_SIZE];
	uint32_t	count;
	double		number;			/* its value, to be compared with */
	double		clock;			/* of its feature, in samples or per second */
	bool		hop;			/* clock is hop */
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
matters(const AtlBuilder *builder, const Alias *alias, double number)
{
	const AtlFeature *entry = &builder->feature.entry;

	switch (alias->condition)
	{
		case IF_ABSENT:
			return !is_settled(builder, alias->meant) &&
				(alias->meant != ATL_M_ENCODING || atl_build_seen(builder, ATL_M_BASE64));
		case IF_OTHER_DIMS:
			return is_other(number, entry->dims);
		case IF_CODES:
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
		case IF_OTHER_RATE:
			return is_other(unused->number, rate);
		case IF_OTHER_HOP:
			return is_other(sample_rate / unused->number, rate);
		case IF_OTHER_HOP_MS:
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

/* Count an unused member with the earlier ones of its kind, if there are any. */
static bool
count_in(Unused *records, size_t num, const Unused *unused)
{
	for (size_t i = 0; i < num; i++)
		if (records[i].count > 0 && records[i].state == unused->state && strcmp(records[i].spelling, unused->spelling) == 0)
		{
			records[i].count++;
			return true;
		}
	return false;
}

static AtlStatus
note(AtlBuilder *builder, const AtlFragmentMember *member, Unused *unused)
{
	Unused	   *known = (Unused *) builder->unused.bytes;
	size_t		num = builder->unused.size / sizeof(Unused);
	bool		later = unused->condition >= IF_OTHER_RATE && unused->condition <= IF_OTHER_SAMPLE_RATE;
	char		name[MAX_SPELLING];

	if (!later && count_in(known, num, unused))
		return ATL_OK;
	unused->state = builder->state;
	unused->count = !later;
	unused->number = number_of(member);
	unused->clock = builder->feature.entry.clock;
	unused->hop = atl_build_seen(builder, ATL_M_HOP);
	snprintf(name, MAX_SPELLING, "%.*s", (int) member->key.size, member->key.text);
	atl_path_member(builder, name, unused->path);
	return atl_buffer_append(&builder->unused, unused, sizeof(*unused));
}

static AtlStatus
note_alias(AtlBuilder *builder, const AtlFragmentMember *member, const Alias *alias, Unused *unused)
{
	const AtlKnown *known = atl_known_member(builder->state, alias->meant);

	unused->meant = known == NULL ? NULL : known->name.text;
	unused->more = alias->more;
	unused->condition = alias->condition;
	return note(builder, member, unused);
}

/* Whether the value of a member could be that of the one an alias means. */
static bool
has_kind(const AtlBuilder *builder, const AtlFragmentMember *member, const Alias *alias)
{
	const AtlKnown *known = atl_known_member(builder->state, alias->meant);

	return known == NULL || alias->condition == IF_CODES || (atl_kind_bit(member->kind) & known->kinds) != 0;
}

static AtlStatus
note_member(AtlBuilder *builder, const AtlFragmentMember *member)
{
	Aliases		aliases = aliases_at(builder->state);
	Unused		unused = {.state = builder->state};
	const AtlKnown *known;
	const Alias *alias;

	spell(member->key, unused.spelling);
	if (unused.spelling[0] == '\0' || member->kind == ATL_NULL || atl_known_by_name(builder->state, member->key) != NULL)
		return ATL_OK;
	alias = find_alias(aliases, unused.spelling);
	if (alias == NULL)
	{
		known = find_misspelt(builder->state, unused.spelling);
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
	while (atl_fragment_next(unknown_members(builder), NULL, &member))
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

		atl_work(&work, 1000);
		if (unused.count == 0)
		{
			if (!rate_matters(&unused, builder->draft.sample_rate) || count_in(records, kept, &unused))
				continue;
			unused.count = 1;
		}
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
