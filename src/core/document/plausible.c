/*
 * plausible.c
 *		Warnings about numbers that are allowed, and most likely wrong.
 *
 * Each needs evidence beyond the number itself, so that a mix of ten hours, or
 * a control signal of 512 frames a second, is not suspected.
 */
#include "core/document/builder.h"

#include <float.h>
#include <math.h>

#include "core/base/work.h"
#include "core/image/clock.h"

/* A duration is near another if it is this share of it, or 1 s, away. */
#define NEAR_SHARE		0.05

/* No song is so long: 60000 milliseconds are a minute, as seconds 17 hours. */
#define VERY_LONG		60000

/* Fewer items or frames are no evidence: one frame may stand for all. */
#define MIN_ITEMS		2
#define MIN_FRAMES		4

/* A matrix is suspected only if it is this many times wider than long. */
#define WIDE_MATRIX		4

static bool
is_near(double duration, double wanted)
{
	return fabs(duration - wanted) <= fmax(1, wanted * NEAR_SHARE);
}

/* Whether sample rate and duration, to which all is compared, are valid. */
static bool
is_measured(const AtlBuilder *builder)
{
	return atl_sample_rate_is_valid(builder->draft.sample_rate) && builder->draft.duration >= 0;
}

#define warn_feature(builder, feature, code, member, ...) \
	atl_problem(builder, code, \
				atl_path_feature(atl_kept_text(builder, (feature)->name), member, (char[ATL_PATH_SIZE]) {0}), \
				__VA_ARGS__)


/*
 * The document
 */

static AtlStatus
warn_sample_rate(AtlBuilder *builder)
{
	static const struct
	{
		double		khz;
		double		hz;
	}			rates[] = {
		{8, 8000}, {11, 11025}, {12, 12000}, {16, 16000}, {22, 22050}, {24, 24000}, {32, 32000}, {44, 44100}, {48, 48000},
		{88, 88200}, {96, 96000}, {176, 176400}, {192, 192000}, {384, 384000},
	};

	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
		if (builder->draft.sample_rate == rates[i].khz)
		{
			atl_hint(builder, "sampleRate is in Hz: if %g is in kHz, give %.0f.", rates[i].khz, rates[i].hz);
			return atl_problem(builder, ATL_WARN_SAMPLE_RATE, "sampleRate", "is %g, less than any recording has.", rates[i].khz);
		}
	return ATL_OK;
}

/* What the items of a document say about its unit of time. */
typedef struct Times
{
	uint32_t	num;
	double		latest;			/* end of an item */
	bool		whole;			/* all times are integers */
} Times;

static void
add_times(AtlBuilder *builder, AtlTrack track, Times *times)
{
	const AtlDraftTrack *draft = &builder->draft.tracks[track];
	AtlWork		work = {.host = builder->host};

	for (uint32_t i = 0; i < atl_draft_items(draft); i++)
	{
		const AtlDraftItem *item = atl_draft_item(draft, i);

		atl_work(&work, 10);
		times->num++;
		times->latest = fmax(times->latest, item->timestamp + (item->duration > 0 ? item->duration : 0));
		times->whole = times->whole && item->timestamp == floor(item->timestamp);
	}
}

double
atl_plausible_end(const AtlBuilder *builder, const AtlDraftFeature *feature)
{
	const AtlDraftFeature *times = atl_draft_times(&builder->draft, feature);
	AtlFeature	entry = feature->entry;

	if (times != NULL)
		return times->entry.max;
	entry.sample_rate = builder->draft.sample_rate;
	return atl_clock_time(&entry, entry.frames);
}

/* Whether a feature ends near a time, or ends in the last half of the timeline. */
static void
weigh_features(const AtlBuilder *builder, bool *near_thousandth, bool *long_one)
{
	double		duration = builder->draft.duration;

	*near_thousandth = *long_one = false;
	for (uint32_t i = 0; i < atl_draft_features(&builder->draft); i++)
	{
		const AtlDraftFeature *feature = atl_draft_feature(&builder->draft, i);
		double		end;

		if (atl_draft_is_times(feature))
			continue;
		end = atl_plausible_end(builder, feature);
		*near_thousandth |= feature->entry.frames >= MIN_FRAMES &&
			fabs(end - duration / 1000) <= duration / 1000 * NEAR_SHARE;
		*long_one |= end > duration / 2;
	}
}

/*
 * Milliseconds: a feature that ends at a thousandth of the duration; or a very
 * long duration without such a feature, and items that all end before a
 * thousandth of it, but not long before, or whose times are all integers.
 * Recordings of whole hours may well have such times.
 */
static AtlStatus
warn_milliseconds(AtlBuilder *builder)
{
	double		duration = builder->draft.duration;
	Times		times = {0, 0, true};
	bool		near_thousandth;
	bool		long_one;
	bool		long_before;
	char		shown[ATL_DOUBLE_SIZE];

	if (duration < 1000)
		return ATL_OK;
	weigh_features(builder, &near_thousandth, &long_one);
	add_times(builder, ATL_EVENTS, &times);
	add_times(builder, ATL_MARKERS, &times);
	long_before = times.latest < duration / 2000;
	if (long_one || (!near_thousandth && (duration < VERY_LONG || times.num < MIN_ITEMS || long_before)))
		return ATL_OK;
	if (!near_thousandth && times.latest > duration / 1000 + 1 && (!times.whole || fmod(duration, 3600) == 0))
		return ATL_OK;
	if (times.latest > duration / 1000 + 1)
		atl_hint(builder, "If times are in milliseconds, divide all of them by 1000.");
	else
		atl_hint(builder, "If it is in milliseconds, divide it by 1000.");
	return atl_problem(builder, ATL_WARN_MILLISECONDS, "duration", "is %s, which is %.1f hours.",
					   atl_show_number(builder, duration, shown), duration / 3600);
}

/* Events that are longer than the document: the first, and how many. */
static AtlStatus
warn_long_events(AtlBuilder *builder)
{
	const AtlDraftTrack *track = &builder->draft.tracks[ATL_EVENTS];
	const AtlDraftItem *first = NULL;
	double		duration = builder->draft.duration;
	uint32_t	num = 0;
	char		path[ATL_PATH_SIZE];
	char		shown[2][ATL_DOUBLE_SIZE];
	AtlWork		work = {.host = builder->host};

	for (uint32_t i = 0; i < atl_draft_items(track); i++)
	{
		const AtlDraftItem *item = atl_draft_item(track, i);

		atl_work(&work, 5);
		if (!(item->duration > duration + 1 / builder->draft.sample_rate))
			continue;
		if (num++ == 0)
			first = item;
	}
	if (num == 0)
		return ATL_OK;
	if (first->duration / 1000 <= duration)
		atl_hint(builder, "If it is in milliseconds, divide it by 1000; if it is the end of the event, take the start from it.");
	atl_path_item(ATL_EVENTS, first->number, "duration", path);
	atl_show_number(builder, first->duration, shown[0]);
	atl_show_number(builder, duration, shown[1]);
	if (num == 1)
		return atl_problem(builder, ATL_WARN_LONG_EVENT, path, "is %s, longer than the duration %s of all.", shown[0], shown[1]);
	return atl_problem(builder, ATL_WARN_LONG_EVENT, path, "is %s, longer than the duration %s of all (the first of %u such events).",
					   shown[0], shown[1], num);
}


/*
 * Features
 */

static AtlStatus
warn_late_start(AtlBuilder *builder, const AtlDraftFeature *feature)
{
	double		start = feature->entry.start_time;
	double		duration = builder->draft.duration;
	char		shown[2][ATL_DOUBLE_SIZE];

	if (start <= duration + 1 / builder->draft.sample_rate)
		return ATL_OK;
	if (start / 1000 <= duration)
		atl_hint(builder, "startTime is in seconds: if it is in milliseconds, divide it by 1000.");
	else if (start / builder->draft.sample_rate <= duration)
		atl_hint(builder, "startTime is in seconds: if it is in samples, divide it by sampleRate.");
	return warn_feature(builder, feature, ATL_WARN_LATE_START, "startTime", "is %s, past the duration %s.",
						atl_show_number(builder, start, shown[0]), atl_show_number(builder, duration, shown[1]));
}

/* A frame rate that is a power of two, and fits the duration better as hop. */
static AtlStatus
warn_frame_rate(AtlBuilder *builder, const AtlDraftFeature *feature)
{
	const AtlFeature *entry = &feature->entry;
	double		duration = builder->draft.duration;
	double		rate = entry->clock;
	double		as_hop = entry->start_time + entry->frames * rate / builder->draft.sample_rate;
	int			exponent;

	if ((entry->flags & ATL_FEATURE_HOP) != 0 || entry->frames == 0 || rate < 256 || frexp(rate, &exponent) != 0.5)
		return ATL_OK;
	if (fabs(as_hop - duration) >= fabs(atl_plausible_end(builder, feature) - duration))
		return ATL_OK;
	atl_hint(builder, "frameRate is in frames per second: if there are %g samples between frames, give hop %g.", rate, rate);
	return warn_feature(builder, feature, ATL_WARN_FRAME_RATE, "frameRate", "is %g, which looks like a number of samples.", rate);
}

bool
atl_plausible_transposed(const AtlBuilder *builder, const AtlDraftFeature *feature)
{
	AtlFeature	entry = feature->entry;
	double		duration = builder->draft.duration;

	entry.sample_rate = builder->draft.sample_rate;
	return feature->times == 0 && entry.dims / WIDE_MATRIX >= entry.frames && entry.frames > 0 &&
		!is_near(atl_clock_time(&entry, entry.frames), duration) && is_near(atl_clock_time(&entry, entry.dims), duration);
}

AtlStatus
atl_plausible_warn_feature(AtlBuilder *builder, const AtlDraftFeature *feature)
{
	const AtlFeature *entry = &feature->entry;

	if (!is_measured(builder))
		return ATL_OK;
	if (atl_plausible_transposed(builder, feature))
		ATL_TRY(warn_feature(builder, feature, ATL_WARN_TRANSPOSED, "values",
							 "has %u frames of %u numbers, but %u frames would end at the duration.",
							 entry->frames, entry->dims, entry->dims));
	ATL_TRY(warn_late_start(builder, feature));
	return warn_frame_rate(builder, feature);
}

AtlStatus
atl_plausible_warn(AtlBuilder *builder)
{
	if (!is_measured(builder))
		return ATL_OK;
	ATL_TRY(warn_sample_rate(builder));
	ATL_TRY(warn_milliseconds(builder));
	return warn_long_events(builder);
}
