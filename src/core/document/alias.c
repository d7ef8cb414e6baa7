/*
 * alias.c
 *		Other spellings of the members of a document.
 *
 * Names that other tools and languages have for what a member says, sorted for
 * each kind of object; and known members written a little otherwise.
 */
#include "core/document/alias.h"

#include <string.h>

/* Names shorter than this are too short to guess by one letter. */
#define MIN_GUESS		5

#define MS			", in seconds: divide by 1000"
#define SAMPLES		", in seconds: divide by sampleRate"
#define END			", the end minus the start"
#define AS_EVENTS	", an array of objects with timestamp and type"
#define AN_INSTANT	"A marker is an instant: for what lasts use an event with duration."
#define RATE		"A feature's hop counts samples of the document's sampleRate: for another clock give frameRate."
#define HOP_MS		", 1000 divided by it"
#define AS_RANGE	", an array [min, max]"

static const AtlAlias of_document[] = {
	{"annotations", ATL_M_EVENTS, ATL_IF_ABSENT, AS_EVENTS},
	{"audioduration", ATL_M_DURATION, ATL_IF_ABSENT, NULL},
	{"bars", ATL_M_MARKERS, ATL_IF_ABSENT, AS_EVENTS},
	{"beats", ATL_M_MARKERS, ATL_IF_ABSENT, AS_EVENTS},
	{"cuepoints", ATL_M_MARKERS, ATL_IF_ABSENT, AS_EVENTS},
	{"cues", ATL_M_MARKERS, ATL_IF_ABSENT, AS_EVENTS},
	{"curves", ATL_M_FEATURES, ATL_IF_ABSENT, NULL},
	{"descriptors", ATL_M_FEATURES, ATL_IF_ABSENT, NULL},
	{"downbeats", ATL_M_MARKERS, ATL_IF_ABSENT, AS_EVENTS},
	{"dur", ATL_M_DURATION, ATL_IF_ABSENT, NULL},
	{"durationinseconds", ATL_M_DURATION, ATL_IF_ABSENT, NULL},
	{"durationms", ATL_M_DURATION, ATL_IF_ABSENT, MS},
	{"durations", ATL_M_DURATION, ATL_IF_ABSENT, NULL},
	{"durationsec", ATL_M_DURATION, ATL_IF_ABSENT, NULL},
	{"durationseconds", ATL_M_DURATION, ATL_IF_ABSENT, NULL},
	{"freq", ATL_M_SAMPLE_RATE, ATL_IF_ABSENT, NULL},
	{"frequency", ATL_M_SAMPLE_RATE, ATL_IF_ABSENT, NULL},
	{"fs", ATL_M_SAMPLE_RATE, ATL_IF_ABSENT, NULL},
	{"length", ATL_M_DURATION, ATL_IF_ABSENT, NULL},
	{"lengthms", ATL_M_DURATION, ATL_IF_ABSENT, MS},
	{"lengthseconds", ATL_M_DURATION, ATL_IF_ABSENT, NULL},
	{"notes", ATL_M_EVENTS, ATL_IF_ABSENT, AS_EVENTS},
	{"numsamples", ATL_M_DURATION, ATL_IF_ABSENT, SAMPLES},
	{"onsets", ATL_M_EVENTS, ATL_IF_ABSENT, AS_EVENTS},
	{"rate", ATL_M_SAMPLE_RATE, ATL_IF_ABSENT, NULL},
	{"samples", ATL_M_DURATION, ATL_IF_ABSENT, SAMPLES},
	{"samplingfrequency", ATL_M_SAMPLE_RATE, ATL_IF_ABSENT, NULL},
	{"samplingrate", ATL_M_SAMPLE_RATE, ATL_IF_ABSENT, NULL},
	{"seconds", ATL_M_DURATION, ATL_IF_ABSENT, NULL},
	{"sections", ATL_M_MARKERS, ATL_IF_ABSENT, AS_EVENTS},
	{"segments", ATL_M_EVENTS, ATL_IF_ABSENT, AS_EVENTS},
	{"series", ATL_M_FEATURES, ATL_IF_ABSENT, NULL},
	{"sr", ATL_M_SAMPLE_RATE, ATL_IF_ABSENT, NULL},
	{"totalduration", ATL_M_DURATION, ATL_IF_ABSENT, NULL},
	{"transients", ATL_M_EVENTS, ATL_IF_ABSENT, AS_EVENTS},
	{"words", ATL_M_EVENTS, ATL_IF_ABSENT, AS_EVENTS},
};

static const AtlAlias of_event[] = {
	{"at", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"begin", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"category", ATL_M_TYPE, ATL_IF_ABSENT, NULL},
	{"certainty", ATL_M_CONFIDENCE, ATL_IF_ABSENT, NULL},
	{"class", ATL_M_TYPE, ATL_IF_ABSENT, NULL},
	{"conf", ATL_M_CONFIDENCE, ATL_IF_ABSENT, NULL},
	{"dur", ATL_M_DURATION, ATL_IF_ABSENT, NULL},
	{"durationms", ATL_M_DURATION, ATL_IF_ABSENT, MS},
	{"durationsec", ATL_M_DURATION, ATL_IF_ABSENT, NULL},
	{"end", ATL_M_DURATION, ATL_IF_ABSENT, END},
	{"endtime", ATL_M_DURATION, ATL_IF_ABSENT, END},
	{"eventtype", ATL_M_TYPE, ATL_IF_ABSENT, NULL},
	{"kind", ATL_M_TYPE, ATL_IF_ABSENT, NULL},
	{"label", ATL_M_TYPE, ATL_IF_ABSENT, NULL},
	{"length", ATL_M_DURATION, ATL_IF_ABSENT, NULL},
	{"likelihood", ATL_M_CONFIDENCE, ATL_IF_ABSENT, NULL},
	{"ms", ATL_M_TIMESTAMP, ATL_IF_ABSENT, MS},
	{"name", ATL_M_TYPE, ATL_IF_ABSENT, NULL},
	{"offset", ATL_M_DURATION, ATL_IF_ABSENT, END},
	{"offsettime", ATL_M_DURATION, ATL_IF_ABSENT, END},
	{"onset", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"onsettime", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"pos", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"position", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"prob", ATL_M_CONFIDENCE, ATL_IF_ABSENT, NULL},
	{"probability", ATL_M_CONFIDENCE, ATL_IF_ABSENT, NULL},
	{"sample", ATL_M_TIMESTAMP, ATL_IF_ABSENT, SAMPLES},
	{"score", ATL_M_CONFIDENCE, ATL_IF_ABSENT, NULL},
	{"sec", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"seconds", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"start", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"startms", ATL_M_TIMESTAMP, ATL_IF_ABSENT, MS},
	{"starttime", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"stop", ATL_M_DURATION, ATL_IF_ABSENT, END},
	{"t", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"tag", ATL_M_TYPE, ATL_IF_ABSENT, NULL},
	{"time", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"timecode", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"timems", ATL_M_TIMESTAMP, ATL_IF_ABSENT, MS},
	{"timesec", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"timestampms", ATL_M_TIMESTAMP, ATL_IF_ABSENT, MS},
	{"ts", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
};

static const AtlAlias of_marker[] = {
	{"at", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"begin", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"certainty", ATL_M_CONFIDENCE, ATL_IF_ABSENT, NULL},
	{"conf", ATL_M_CONFIDENCE, ATL_IF_ABSENT, NULL},
	{"dur", ATL_M_UNKNOWN, ATL_IF_ABSENT, AN_INSTANT},
	{"duration", ATL_M_UNKNOWN, ATL_IF_ABSENT, AN_INSTANT},
	{"end", ATL_M_UNKNOWN, ATL_IF_ABSENT, AN_INSTANT},
	{"endtime", ATL_M_UNKNOWN, ATL_IF_ABSENT, AN_INSTANT},
	{"kind", ATL_M_TYPE, ATL_IF_ABSENT, NULL},
	{"label", ATL_M_TYPE, ATL_IF_ABSENT, NULL},
	{"label", ATL_M_VALUE, ATL_IF_ABSENT, NULL},
	{"markertype", ATL_M_TYPE, ATL_IF_ABSENT, NULL},
	{"name", ATL_M_TYPE, ATL_IF_ABSENT, NULL},
	{"name", ATL_M_VALUE, ATL_IF_ABSENT, NULL},
	{"position", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"prob", ATL_M_CONFIDENCE, ATL_IF_ABSENT, NULL},
	{"probability", ATL_M_CONFIDENCE, ATL_IF_ABSENT, NULL},
	{"score", ATL_M_CONFIDENCE, ATL_IF_ABSENT, NULL},
	{"seconds", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"start", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"starttime", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"t", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"text", ATL_M_VALUE, ATL_IF_ABSENT, NULL},
	{"time", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
	{"timems", ATL_M_TIMESTAMP, ATL_IF_ABSENT, MS},
	{"timestampms", ATL_M_TIMESTAMP, ATL_IF_ABSENT, MS},
	{"ts", ATL_M_TIMESTAMP, ATL_IF_ABSENT, NULL},
};

static const AtlAlias of_feature[] = {
	{"bins", ATL_M_DIMS, ATL_IF_OTHER_DIMS, NULL},
	{"channels", ATL_M_DIMS, ATL_IF_OTHER_DIMS, NULL},
	{"data", ATL_M_VALUES, ATL_IF_ABSENT, NULL},
	{"datatype", ATL_M_ENCODING, ATL_IF_ABSENT, NULL},
	{"delay", ATL_M_START_TIME, ATL_IF_ABSENT, NULL},
	{"dim", ATL_M_DIMS, ATL_IF_OTHER_DIMS, NULL},
	{"dimensions", ATL_M_DIMS, ATL_IF_OTHER_DIMS, NULL},
	{"dtype", ATL_M_ENCODING, ATL_IF_ABSENT, NULL},
	{"format", ATL_M_ENCODING, ATL_IF_ABSENT, NULL},
	{"fps", ATL_M_FRAME_RATE, ATL_IF_OTHER_RATE, NULL},
	{"framehop", ATL_M_HOP, ATL_IF_OTHER_HOP, NULL},
	{"framerate", ATL_M_FRAME_RATE, ATL_IF_OTHER_RATE, NULL},
	{"framespersecond", ATL_M_FRAME_RATE, ATL_IF_OTHER_RATE, NULL},
	{"framestep", ATL_M_HOP, ATL_IF_OTHER_HOP, NULL},
	{"frametimes", ATL_M_TIMES, ATL_IF_ABSENT, NULL},
	{"fs", ATL_M_UNKNOWN, ATL_IF_OTHER_SAMPLE_RATE, RATE},
	{"hoplength", ATL_M_HOP, ATL_IF_OTHER_HOP, NULL},
	{"hopms", ATL_M_FRAME_RATE, ATL_IF_OTHER_HOP_MS, HOP_MS},
	{"hops", ATL_M_HOP, ATL_IF_OTHER_HOP, NULL},
	{"hopsamples", ATL_M_HOP, ATL_IF_OTHER_HOP, NULL},
	{"hopsize", ATL_M_HOP, ATL_IF_OTHER_HOP, NULL},
	{"max", ATL_M_RANGE, ATL_IF_CODES, AS_RANGE},
	{"min", ATL_M_RANGE, ATL_IF_CODES, AS_RANGE},
	{"numbers", ATL_M_VALUES, ATL_IF_ABSENT, NULL},
	{"offset", ATL_M_START_TIME, ATL_IF_ABSENT, NULL},
	{"rate", ATL_M_FRAME_RATE, ATL_IF_OTHER_RATE, NULL},
	{"samplerate", ATL_M_UNKNOWN, ATL_IF_OTHER_SAMPLE_RATE, RATE},
	{"samples", ATL_M_VALUES, ATL_IF_ABSENT, NULL},
	{"samplesperpixel", ATL_M_HOP, ATL_IF_OTHER_HOP, NULL},
	{"series", ATL_M_VALUES, ATL_IF_ABSENT, NULL},
	{"sr", ATL_M_UNKNOWN, ATL_IF_OTHER_SAMPLE_RATE, RATE},
	{"start", ATL_M_START_TIME, ATL_IF_ABSENT, NULL},
	{"step", ATL_M_HOP, ATL_IF_OTHER_HOP, NULL},
	{"stepms", ATL_M_FRAME_RATE, ATL_IF_OTHER_HOP_MS, HOP_MS},
	{"stepsize", ATL_M_HOP, ATL_IF_OTHER_HOP, NULL},
	{"stride", ATL_M_HOP, ATL_IF_OTHER_HOP, NULL},
	{"t0", ATL_M_START_TIME, ATL_IF_ABSENT, NULL},
	{"timestamps", ATL_M_TIMES, ATL_IF_ABSENT, NULL},
	{"units", ATL_M_UNIT, ATL_IF_ABSENT, NULL},
	{"value", ATL_M_VALUES, ATL_IF_ABSENT, NULL},
};

#define ALIASES(aliases)	((AtlAliases) {aliases, sizeof(aliases) / sizeof(aliases[0])})

AtlAliases
atl_aliases_at(AtlState state)
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

void
atl_spell(AtlText key, char *spelling)
{
	size_t		size = 0;

	for (uint32_t i = 0; i < key.size && key.size < ATL_SPELLING_SIZE; i++)
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

const AtlAlias *
atl_alias_find(AtlAliases aliases, const char *spelling)
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

const AtlKnown *
atl_known_misspelt(AtlState state, const char *spelling)
{
	AtlKnownMembers known = atl_known_members(state);
	const AtlKnown *near = NULL;

	for (size_t i = 0; i < known.num; i++)
	{
		char		name[ATL_SPELLING_SIZE];

		atl_spell(known.members[i].name, name);
		if (strcmp(name, spelling) == 0)
			return &known.members[i];
		if (strlen(name) >= MIN_GUESS && strlen(spelling) >= MIN_GUESS && is_near(name, spelling))
			near = &known.members[i];
	}
	return near;
}
