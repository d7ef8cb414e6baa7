/*
 * bounds.c
 *		Times against the bounds of the timeline, and confidences.
 *
 * Rounding is no error: durations are printed with few digits, times come from
 * subtractions, and probabilities are sums.  What is off by more gets a hint
 * that fits how far off it is.
 */
#include "core/document/builder.h"

#include <math.h>

#include "core/base/work.h"

/* A time off by this much, or by this share of the duration, is a near miss. */
#define NEAR_SECONDS	0.1
#define NEAR_SHARE		0.01

/* The same for a confidence. */
#define NEAR_CONFIDENCE	0.05

/* Times of 44100 Hz taken for 48000 go as far as this past the duration. */
#define OTHER_RATE		1.1

/* Forgive one sample of this rate if the document's is not known. */
#define USUAL_RATE		8000

/* What the times of a document are checked against. */
typedef struct Bounds
{
	AtlBuilder *builder;
	double		start;			/* where the timeline begins */
	double		end;			/* its duration; infinite if not known */
	double		sample_rate;	/* USUAL_RATE if not known */
	double		one_sample;		/* in seconds: what is forgiven */
	double		latest;			/* of all timestamps; NaN until it is needed */
	AtlWork		work;
} Bounds;

bool
atl_sample_rate_is_valid(double rate)
{
	return rate >= 1 && rate <= INT32_MAX && rate == floor(rate);
}

double
atl_bounds_start(const AtlBuilder *builder)
{
	bool		given = (builder->top_seen & ATL_BIT(ATL_M_START_TIME)) != 0;

	return given && builder->draft.start_time <= 0 ? builder->draft.start_time : 0;
}

static Bounds
find_bounds(AtlBuilder *builder)
{
	double		duration = builder->draft.duration;
	double		rate = builder->draft.sample_rate;
	Bounds		bounds = {
		.builder = builder,
		.start = atl_bounds_start(builder),
		.end = duration >= 0 ? duration : INFINITY,
		.sample_rate = atl_sample_rate_is_valid(rate) ? rate : USUAL_RATE,
		.latest = NAN,
		.work = {.host = builder->host}
	};

	bounds.one_sample = 1 / bounds.sample_rate;
	return bounds;
}

/* The latest of the timestamps: it tells the unit of all of them. */
static double
latest_in(Bounds *bounds, const AtlBuffer *items)
{
	size_t		num = items->size / sizeof(AtlDraftItem);
	double		latest = -INFINITY;

	for (size_t i = 0; i < num; i++)
	{
		atl_work(&bounds->work, 5);
		latest = fmax(latest, ((const AtlDraftItem *) items->bytes)[i].timestamp);
	}
	return latest;
}

static double
latest_time(Bounds *bounds)
{
	if (!isnan(bounds->latest))
		return bounds->latest;
	bounds->latest = -INFINITY;
	for (int track = 0; track < 2; track++)
	{
		bounds->latest = fmax(bounds->latest, latest_in(bounds, &bounds->builder->draft.tracks[track].items));
		bounds->latest = fmax(bounds->latest, latest_in(bounds, &bounds->builder->arrivals[track].refused));
	}
	return bounds->latest;
}

static bool
is_near_miss(const Bounds *bounds, double off)
{
	return off <= fmax(NEAR_SECONDS, isfinite(bounds->end) ? bounds->end * NEAR_SHARE : 0);
}

bool
atl_bounds_is_far(double latest, double duration)
{
	return latest >= 20 * duration || (latest >= 1000 && latest >= 3 * duration);
}

/*
 * The hint of a time past the duration.  A unit is suspected only if it brings
 * all timestamps into the duration, and if they are far past it.
 */
static void
hint_past(Bounds *bounds, double time)
{
	AtlBuilder *builder = bounds->builder;
	double		latest = latest_time(bounds);
	bool		unit = atl_bounds_is_far(latest, bounds->end);

	if (is_near_miss(bounds, time - bounds->end))
		atl_hint(builder, "It is %.3g s past the end: clamp it to the duration, or give the true duration.",
				 time - bounds->end);
	else if (unit && latest / 1000 <= bounds->end)
		atl_hint(builder, "Times are in seconds; these look like milliseconds: divide by 1000.");
	else if (unit && bounds->sample_rate > 1000 && latest / bounds->sample_rate <= bounds->end)
		atl_hint(builder, "Times are in seconds; these look like samples: divide by the sampleRate %.0f.",
				 bounds->sample_rate);
	else if (unit && latest / 1e6 <= bounds->end)
		atl_hint(builder, "Times are in seconds; these look like microseconds (divide by 1000000) or ticks of 100 ns (divide by 10000000).");
	else if (unit && latest / 1e9 <= bounds->end)
		atl_hint(builder, "Times are in seconds; these look like nanoseconds (divide by 1000000000) or ticks of 100 ns (divide by 10000000).");
	else if (latest <= bounds->end * OTHER_RATE)
		atl_hint(builder, "The last time is %.3g %% past the end: give the true duration, or check with which sample rate times were computed.",
				 (latest / bounds->end - 1) * 100);
	else
		atl_hint(builder, "Timestamps and duration are in seconds: check the unit, or give the true duration.");
}

/* The hint of a time before the start; -1 is a usual word for "not known". */
static void
hint_before(const Bounds *bounds, double time)
{
	AtlBuilder *builder = bounds->builder;
	double		off = bounds->start - time;

	if (is_near_miss(bounds, off))
		atl_hint(builder, "It is %.3g s before the start: clamp it to %g, or give the document %s startTime.",
				 off, bounds->start, bounds->start < 0 ? "an earlier" : "a");
	else if (time == -1)
		atl_hint(builder, "If -1 stands for a time that is not known, leave the item out; for a count-in, give the document a startTime.");
	else if (bounds->start < 0)
		atl_hint(builder, "The document's startTime is where its timeline begins: give an earlier one.");
	else
		atl_hint(builder, "Times are seconds from the start of the audio; for a count-in, give the document a startTime.");
}

/* The hint of an event that ends before it starts. */
static void
hint_negative(const Bounds *bounds, const AtlDraftItem *item)
{
	AtlBuilder *builder = bounds->builder;
	double		end = item->timestamp + item->duration;

	if (-item->duration <= NEAR_SECONDS)
		atl_hint(builder, "The event ends %.3g s before it starts: give 0, or leave duration out.", -item->duration);
	else if (item->duration == -1)
		atl_hint(builder, "If -1 stands for a duration that is not known, leave it out.");
	else if (end >= bounds->start)
		atl_hint(builder, "Start and end look swapped: the event would start at %.10g and last %.10g s.",
				 end, -item->duration);
	else
		atl_hint(builder, "duration is the length of the event in seconds.");
}

static AtlStatus
report_before(const Bounds *bounds, const char *path, double time)
{
	AtlBuilder *builder = bounds->builder;
	char		shown[2][ATL_DOUBLE_SIZE];

	hint_before(bounds, time);
	if (bounds->start == 0)
		return atl_problem(builder, ATL_PROBLEM_NEGATIVE_TIME, path, "is %s, must not be negative.",
						   atl_show_number(builder, time, shown[0]));
	return atl_problem(builder, ATL_PROBLEM_NEGATIVE_TIME, path, "is %s, before the startTime %s.",
					   atl_show_number(builder, time, shown[0]),
					   atl_show_number(builder, bounds->start, shown[1]));
}

/* Report what is wrong with the times of an item; NaN is a time not given. */
static AtlStatus
check_item(Bounds *bounds, AtlTrack track, const AtlDraftItem *item)
{
	AtlBuilder *builder = bounds->builder;
	bool		before = item->timestamp < bounds->start - bounds->one_sample;
	bool		past = item->timestamp > bounds->end + bounds->one_sample;
	bool		negative = item->duration < -bounds->one_sample;
	char		path[ATL_PATH_SIZE];
	char		shown[2][ATL_DOUBLE_SIZE];

	atl_work(&bounds->work, before || past || negative ? 1000 : 5);
	if (before || past)
		atl_remedy_at_item(builder, track, item->number, ATL_M_TIMESTAMP);
	if (before && isfinite(item->timestamp))
		ATL_TRY(report_before(bounds, atl_path_item(track, item->number, "timestamp", path), item->timestamp));
	if (past && isfinite(item->timestamp))
	{
		hint_past(bounds, item->timestamp);
		ATL_TRY(atl_problem(builder, ATL_PROBLEM_PAST_DURATION,
							atl_path_item(track, item->number, "timestamp", path), "is %s, past the duration %s.",
							atl_show_number(builder, item->timestamp, shown[0]),
							atl_show_number(builder, bounds->end, shown[1])));
	}
	if (negative && isfinite(item->duration))
	{
		atl_remedy_at_item(builder, track, item->number, ATL_M_DURATION);
		hint_negative(bounds, item);
		ATL_TRY(atl_problem(builder, ATL_PROBLEM_NEGATIVE_TIME,
							atl_path_item(track, item->number, "duration", path), "is %s, must not be negative.",
							atl_show_number(builder, item->duration, shown[0])));
	}
	return ATL_OK;
}

/* Check the items of a track, those that have problems already among them. */
static AtlStatus
check_track(Bounds *bounds, AtlTrack track)
{
	const AtlDraftTrack *draft = &bounds->builder->draft.tracks[track];
	const AtlBuffer *refused = &bounds->builder->arrivals[track].refused;
	const AtlDraftItem *bad = (const AtlDraftItem *) atl_buffer_at(refused, 0);
	const AtlDraftItem *end = bad + refused->size / sizeof(AtlDraftItem);

	for (uint32_t i = 0; i < atl_draft_items(draft); i++)
	{
		const AtlDraftItem *item = atl_draft_item(draft, i);

		for (; bad < end && bad->number < item->number; bad++)
			ATL_TRY(check_item(bounds, track, bad));
		ATL_TRY(check_item(bounds, track, item));
	}
	for (; bad < end; bad++)
		ATL_TRY(check_item(bounds, track, bad));
	return ATL_OK;
}

static AtlStatus
check_features(Bounds *bounds, const AtlBuffer *features)
{
	size_t		num = features->size / sizeof(AtlDraftFeature);
	char		path[ATL_PATH_SIZE];

	for (size_t i = 0; i < num; i++)
	{
		const AtlDraftFeature *feature = (const AtlDraftFeature *) features->bytes + i;
		const AtlDraftFeature *times = atl_draft_times(&bounds->builder->draft, feature);
		double		start = times == NULL ? feature->entry.start_time : times->entry.min;
		AtlText		name = atl_kept_text(bounds->builder, feature->name);

		atl_work(&bounds->work, 10);
		atl_remedy_at_feature(bounds->builder, feature);
		if (start < bounds->start - bounds->one_sample && isfinite(start))
			ATL_TRY(report_before(bounds, atl_path_feature(name, times == NULL ? "startTime" : "times", path), start));
	}
	return ATL_OK;
}

AtlStatus
atl_bounds_check(AtlBuilder *builder)
{
	Bounds		bounds = find_bounds(builder);

	ATL_TRY(check_track(&bounds, ATL_EVENTS));
	ATL_TRY(check_track(&bounds, ATL_MARKERS));
	ATL_TRY(check_features(&bounds, &builder->draft.features));
	return check_features(&bounds, &builder->refused_features);
}

/* The hint of a confidence outside of [0, 1]: which scale it may have. */
static void
hint_confidence(AtlBuilder *builder, double confidence)
{
	if (confidence >= -NEAR_CONFIDENCE && confidence <= 1 + NEAR_CONFIDENCE)
		atl_hint(builder, "Clamp it to %d.", confidence > 1);
	else if (confidence == -1)
		atl_hint(builder, "If -1 stands for a confidence that is not known, leave it out.");
	else if (confidence < 0)
		atl_hint(builder, "If it is the logarithm of a probability, give exp() of it.");
	else if (confidence <= 100)
		atl_hint(builder, "It looks like a percentage: divide by 100.");
	else if (confidence <= 127)
		atl_hint(builder, "It looks like a scale from 0 to 127, as MIDI velocities have: divide by 127.");
	else if (confidence <= 255)
		atl_hint(builder, "It looks like a scale from 0 to 255: divide by 255.");
	else
		atl_hint(builder, "Scale it to 0 to 1, or keep it under another name.");
}

AtlStatus
atl_bounds_check_confidence(AtlBuilder *builder, double confidence)
{
	char		path[ATL_PATH_SIZE];
	char		shown[ATL_DOUBLE_SIZE];

	atl_remedy_count_confidence(builder, confidence);
	if (confidence >= -ATL_CONFIDENCE_ROUNDING && confidence <= 1 + ATL_CONFIDENCE_ROUNDING)
		return ATL_OK;
	ATL_TRY(atl_build_check_finite(builder, "confidence", confidence));
	if (!isfinite(confidence))
		return ATL_OK;
	hint_confidence(builder, confidence);
	return atl_problem(builder, ATL_PROBLEM_CONFIDENCE, atl_path_member(builder, "confidence", path),
					   "is %s, must be from 0 to 1.", atl_show_number(builder, confidence, shown));
}
