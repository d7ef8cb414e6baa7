/*
 * test_clock.c
 *		The clock of a feature: frame numbers and times agree to the last bit.
 */
#include <math.h>

#include "core/atl.h"
#include "tests.h"

static AtlFeature
hop_clock(double hop, double sample_rate, double start_time, uint32_t frames)
{
	AtlFeature	feature = {.frames = frames, .dims = 1, .flags = ATL_FEATURE_HOP, .clock = hop,
	.start_time = start_time, .sample_rate = sample_rate};

	return feature;
}

static AtlFeature
rate_clock(double rate, double start_time, uint32_t frames)
{
	AtlFeature	feature = {.frames = frames, .dims = 1, .clock = rate, .start_time = start_time, .sample_rate = 44100};

	return feature;
}

/* The formula, once more. */
static double
naive_time(const AtlFeature *feature, uint32_t frame)
{
	if ((feature->flags & ATL_FEATURE_HOP) != 0)
		return feature->start_time + (double) frame * feature->clock / feature->sample_rate;
	return feature->start_time + (double) frame / feature->clock;
}

static void
test_times(void)
{
	AtlFeature	hop = hop_clock(512, 44100, 0.25, 1000);
	AtlFeature	rate = rate_clock(60, 0, 1000);

	CHECK_BITS(atl_clock_time(&hop, 0), 0.25);
	CHECK_BITS(atl_clock_time(&hop, 441), 0.25 + 441 * 512 / 44100.0);
	CHECK_BITS(atl_clock_time(&rate, 600), 10);
	CHECK_BITS(atl_clock_time(&rate, 1), 1.0 / 60);
	CHECK_BITS(atl_feature_rate(&hop), 44100.0 / 512);
	CHECK_BITS(atl_feature_rate(&rate), 60);
}

/* A regular clock needs no view. */
static uint32_t
first_frame(const AtlFeature *feature, double t)
{
	uint32_t	frame = UINT32_MAX;

	CHECK_INT(atl_feature_first_frame(NULL, feature, t, &frame), ATL_OK);
	return frame;
}

static uint32_t
frames_reached(const AtlFeature *feature, double t)
{
	uint32_t	num = UINT32_MAX;

	CHECK_INT(atl_feature_frames_reached(NULL, feature, t, &num), ATL_OK);
	return num;
}

/* A millionth of a frame's period, in seconds. */
static double
rounding(const AtlFeature *feature)
{
	if ((feature->flags & ATL_FEATURE_HOP) != 0)
		return 1e-6 / (feature->sample_rate / feature->clock);
	return 1e-6 / feature->clock;
}

/* Are the frames before number those whose time is < t? */
static bool
are_before(const AtlFeature *feature, uint32_t number, double t)
{
	return (number == feature->frames || naive_time(feature, number) >= t) &&
		(number == 0 || naive_time(feature, number - 1) < t);
}

/* Frames begin at t - rounding, and are reached up to t + rounding. */
static void
check_at(const AtlFeature *feature, double t)
{
	CHECK(are_before(feature, first_frame(feature, t), t - rounding(feature)));
	CHECK(are_before(feature, frames_reached(feature, t), nextafter(t + rounding(feature), INFINITY)));
}

static void
check_around(const AtlFeature *feature, uint32_t frame)
{
	double		t = naive_time(feature, frame);

	CHECK_BITS(atl_clock_time(feature, frame), t);
	check_at(feature, t);
	check_at(feature, nextafter(t, -INFINITY));
	check_at(feature, nextafter(t, INFINITY));
	check_at(feature, t - 2 * rounding(feature));
	check_at(feature, t + 2 * rounding(feature));
}

static void
check_clock(const AtlFeature *feature)
{
	double		end = naive_time(feature, feature->frames);

	for (int i = 0; i < 40; i++)
		check_around(feature, unit_random_below(feature->frames));
	check_around(feature, 0);
	check_around(feature, feature->frames - 1);
	for (int i = 0; i < 20; i++)
		check_at(feature, unit_random_double(feature->start_time, end));
	CHECK_INT(first_frame(feature, -INFINITY), 0);
	CHECK_INT(first_frame(feature, -1), 0);
	CHECK_INT(first_frame(feature, INFINITY), feature->frames);
}

static void
test_random_clocks(void)
{
	static const double rates[] = {8000, 22050, 44100, 48000, 96000, 44056, 1, 2147483647};

	for (int i = 0; i < 2000; i++)
	{
		double		start = unit_random_below(2) == 0 ? 0 : unit_random_double(0, 1000);
		uint32_t	frames = 1 + unit_random_below(unit_random_below(2) == 0 ? 10 : 2000000);
		AtlFeature	hop = hop_clock(1 + unit_random_below(5000), rates[unit_random_below(8)], start, frames);
		AtlFeature	rate = rate_clock(exp(unit_random_double(-5, 8)), start, frames);

		unit_context("hop %.17g, rate %.17g, start %.17g", hop.clock, hop.sample_rate, start);
		check_clock(&hop);
		unit_context("frame rate %.17g, start %.17g", rate.clock, start);
		check_clock(&rate);
	}
}

/* Frames so close, or so far along, that several have one time. */
static void
test_crowded_clocks(void)
{
	AtlFeature	clocks[] = {
		hop_clock(1, 2147483647, 1e9, 5000), hop_clock(1, 48000, 1e12, 5000), rate_clock(1e300, 1, 1000),
		rate_clock(1e-300, 0, 1000), rate_clock(1e17, 1e3, 5000), rate_clock(3e-308, 0, 1000),
	};

	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++)
	{
		unit_context("clock %d", (int) i);
		for (uint32_t frame = 0; frame < 1000; frame += 7)
			if (isfinite(naive_time(&clocks[i], frame)))
				check_around(&clocks[i], frame);
	}
}

/* However a client computes the time of a frame, it gets that frame. */
static void
test_own_times(void)
{
	AtlFeature	clocks[] = {hop_clock(1601, 48000, 0, 20000), hop_clock(512, 22050, 0, 20000), rate_clock(100, 0, 20000)};

	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++)
	{
		double		rate = atl_feature_rate(&clocks[i]);

		unit_context("clock %d", (int) i);
		for (uint32_t frame = 0; frame < clocks[i].frames; frame++)
		{
			double		times[] = {frame / rate, frame * (1 / rate), naive_time(&clocks[i], frame)};

			for (size_t k = 0; k < sizeof(times) / sizeof(times[0]); k++)
			{
				CHECK_INT(first_frame(&clocks[i], times[k]), frame);
				CHECK_INT(frames_reached(&clocks[i], times[k]), frame + 1);
			}
		}
	}
}

/* Without frames there is no first one, and what is no time finds none early. */
static void
test_no_frames(void)
{
	AtlFeature	none = hop_clock(512, 44100, 0, 0);
	AtlFeature	some = hop_clock(512, 44100, 0, 10);

	CHECK_INT(first_frame(&none, 0), 0);
	CHECK_INT(first_frame(&none, 5), 0);
	CHECK(first_frame(&some, NAN) <= 10);
	CHECK(frames_reached(&some, NAN) <= 10);
	CHECK_INT(frames_reached(&none, 5), 0);
	CHECK_INT(frames_reached(&some, -INFINITY), 0);
	CHECK_INT(frames_reached(&some, INFINITY), 10);
}

const UnitTest unit_clock_tests[] = {
	{"clock: times by the formula", test_times},
	{"clock: a frame's own time, computed in any way", test_own_times},
	{"clock: frames agree with times for random clocks", test_random_clocks},
	{"clock: several frames at one time", test_crowded_clocks},
	{"clock: no frames", test_no_frames},
	UNIT_END
};
