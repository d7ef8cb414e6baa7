/*
 * test_feature.c
 *		Values at a time and slices, against a naive reading of the rules.
 */
#include <math.h>
#include <string.h>

#include "core/base/bytes.h"
#include "random_document.h"
#include "tests.h"

#define MAX_FRAMES	1500
#define MAX_DIMS	5

/* A feature as it was made, and open. */
typedef struct Made
{
	uint32_t	frames;
	uint32_t	dims;
	bool		missing[MAX_FRAMES];	/* null in place of the whole frame */
	double		numbers[MAX_FRAMES][MAX_DIMS];	/* NaN: null */
	double		times[MAX_FRAMES + 1];	/* of frames, and the end */
	double		rounding;		/* of times, in seconds */
	double		duration;
	UnitTimeline timeline;
	AtlFeature	feature;
} Made;

static const char *const encodings[] = {
	"", "\"encoding\":\"f32\",", "\"encoding\":\"f64\",", "\"encoding\":\"u8\",", "\"encoding\":\"i8\",",
	"\"encoding\":\"u16\",", "\"encoding\":\"i16\","
};

static void
append_frame(AtlBuffer *json, Made *made, uint32_t i)
{
	made->missing[i] = i > 0 && unit_random_below(6) == 0;
	unit_append(json, i > 0 ? "," : "");
	if (made->missing[i])
	{
		unit_append(json, "null");
		return;
	}
	for (uint32_t d = 0; d < made->dims; d++)
	{
		made->numbers[i][d] = unit_random_below(8) == 0 ? NAN : unit_random_below(128);
		unit_append(json, d == 0 ? "[" : ",");
		if (isnan(made->numbers[i][d]))
			unit_append(json, "null");
		else
			unit_append_number(json, made->numbers[i][d]);
	}
	unit_append(json, "]");
}

/*
 * Times that are exact, so that lookups hit frames and the middle between two:
 * by a clock, or of the frames' own.
 */
static void
append_clock(AtlBuffer *json, Made *made)
{
	double		start = floor(unit_random_double(0, 8)) / 4;
	double		period = 0.25 * (1 + unit_random_below(3));
	double		rate = 1u << unit_random_below(5);
	uint32_t	kind = unit_random_below(3);

	for (uint32_t i = 0; i <= made->frames; i++)
		made->times[i] = kind == 0 ? start + i * period : kind == 1 ? start + i / rate :
			i == 0 ? start : made->times[i - 1] + unit_random_below(8) / 8.0;
	if (kind < 2 && start > 0)
		unit_append(json, "\"startTime\":%g,", start);
	if (kind == 0)
		unit_append(json, "\"hop\":%g,", period * 100);
	else if (kind == 1)
		unit_append(json, "\"frameRate\":%g,", rate);
	else
	{
		unit_append(json, "\"times\":[");
		for (uint32_t i = 0; i < made->frames; i++)
			unit_append(json, "%s%.17g", i > 0 ? "," : "", made->times[i]);
		unit_append(json, "],");
		made->times[made->frames] = fmax(made->duration, made->frames > 0 ? made->times[made->frames - 1] + 1.5 * 1e-8 : 0);
	}
	made->rounding = kind == 0 ? period * 1e-6 : kind == 1 ? 1e-6 / rate : 1e-6 / 100;
}

static bool
make(Made *made, const char *encoding)
{
	UnitHost	host;
	AtlBuffer	json;
	bool		good;

	memset(made, 0, sizeof(*made));
	made->frames = unit_random_below(6) == 0 ? unit_random_below(4) : unit_random_below(MAX_FRAMES);
	made->dims = 1 + unit_random_below(MAX_DIMS);
	made->duration = floor(unit_random_double(1, 30));
	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	unit_append(&json, "{\"duration\":%g,\"sampleRate\":100,\"features\":{\"f\":{%s\"dims\":%u,", made->duration, encoding, (unsigned) made->dims);
	append_clock(&json, made);
	unit_append(&json, "\"values\":[");
	for (uint32_t i = 0; i < made->frames; i++)
		append_frame(&json, made, i);
	unit_append(&json, "]}}}");
	good = CHECK(unit_open(&made->timeline, (char *) json.bytes, json.size)) &&
		CHECK_INT(atl_feature_get(&made->timeline.view, 0, &made->feature), ATL_OK);
	atl_buffer_free(&json);
	return good;
}

/* Number d of a frame as reading it must give it. */
static void
check_number(const Made *made, uint32_t frame, uint32_t d, double got)
{
	if (made->missing[frame])
		CHECK_BITS(got, atl_bits_f64(ATL_NAN_FRAME_64));
	else if (isnan(made->numbers[frame][d]))
		CHECK_BITS(got, atl_bits_f64(ATL_NAN_NUMBER_64));
	else
		CHECK_BITS(got, made->numbers[frame][d]);
}

static void
check_slices(Made *made)
{
	double		numbers[MAX_FRAMES * MAX_DIMS];

	for (int i = 0; i < 30; i++)
	{
		uint32_t	first = unit_random_below(made->frames + 1);
		uint32_t	count = unit_random_below(made->frames - first + 1);

		CHECK_INT(atl_feature_read(&made->timeline.view, &made->feature, first, count, numbers), ATL_OK);
		for (uint32_t n = 0; n < count * made->dims; n++)
			check_number(made, first + n / made->dims, n % made->dims, numbers[n]);
	}
	CHECK_INT(atl_feature_read(&made->timeline.view, &made->feature, made->frames, 1, numbers), ATL_DAMAGED);
	CHECK_INT(atl_feature_read(&made->timeline.view, &made->feature, made->frames + 1, 0, numbers), ATL_DAMAGED);
	CHECK_INT(atl_feature_read(&made->timeline.view, &made->feature, 1, UINT32_MAX, numbers), ATL_DAMAGED);
}

static void
test_slices(void)
{
	static Made made;

	for (size_t e = 0; e < sizeof(encodings) / sizeof(encodings[0]); e++)
		for (int i = 0; i < 12; i++)
		{
			unit_context("%s %d", encodings[e], i);
			if (!make(&made, encodings[e]))
				return;
			check_slices(&made);
			unit_close(&made.timeline);
		}
}

/* What the documentation says of a value at t. */
typedef struct Answer
{
	bool		found;
	double		numbers[MAX_DIMS];
} Answer;

static double
number_of(const Made *made, uint32_t frame, uint32_t d)
{
	return made->missing[frame] ? NAN : made->numbers[frame][d];
}

static void
answer_frame(const Made *made, int64_t frame, Answer *answer)
{
	answer->found = frame >= 0;
	for (uint32_t d = 0; frame >= 0 && d < made->dims; d++)
		answer->numbers[d] = number_of(made, (uint32_t) frame, d);
}

static void
answer_at(const Made *made, double t, AtlInterpolation how, Answer *answer)
{
	uint32_t	reached = 0;	/* frames at or before t */
	double		sample = 1.0 / made->timeline.view.sample_rate;
	double		left;
	double		right;

	memset(answer, 0, sizeof(*answer));
	if (!(t >= -sample && (t <= made->duration + sample || t < made->times[made->frames])))
		return;
	while (reached < made->frames && made->times[reached] <= t + made->rounding)
		reached++;
	if (how == ATL_NEAREST && reached < made->frames &&
		(reached == 0 || made->times[reached] - t < t - made->times[reached - 1]))
		reached++;
	answer_frame(made, (int64_t) reached - 1, answer);
	if (how != ATL_LINEAR || reached == 0 || reached >= made->frames)
		return;
	left = made->times[reached - 1];
	right = made->times[reached];
	for (uint32_t d = 0; t > left + made->rounding && d < made->dims; d++)
		answer->numbers[d] += (number_of(made, reached, d) - answer->numbers[d]) * ((t - left) / (right - left));
}

static void
check_at(const Made *made, double t, AtlInterpolation how)
{
	Answer		wanted;
	double		numbers[2 * MAX_DIMS];
	bool		found;

	unit_context("at %.17g, interpolation %d", t, (int) how);
	answer_at(made, t, how, &wanted);
	CHECK_INT(atl_feature_at(&made->timeline.view, &made->feature, 0, made->feature.dims, t, how, numbers, &found), ATL_OK);
	if (!CHECK(found == wanted.found) || !found)
		return;
	for (uint32_t d = 0; d < made->dims; d++)
		CHECK(isnan(wanted.numbers[d]) ? isnan(numbers[d]) : fabs(numbers[d] - wanted.numbers[d]) <= 1e-12 * 128);
}

static void
check_times(const Made *made)
{
	double		outside[] = {-1, -5e-324, INFINITY, -INFINITY, NAN, made->times[made->frames]};

	for (int how = ATL_STEP; how <= ATL_NEAREST; how++)
	{
		for (int i = 0; i < 40; i++)
			check_at(made, unit_random_double(-1, made->duration + 2), (AtlInterpolation) how);
		for (int i = 0; i < 80 && made->frames > 1; i++)
		{
			uint32_t	frame = unit_random_below(made->frames - 1);
			double		left = made->times[frame];
			double		right = made->times[frame + 1];

			check_at(made, left, (AtlInterpolation) how);
			check_at(made, (left + right) / 2, (AtlInterpolation) how);
			check_at(made, nextafter(left, -1), (AtlInterpolation) how);
		}
		for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
			check_at(made, outside[i], (AtlInterpolation) how);
		check_at(made, 0, (AtlInterpolation) how);
		check_at(made, made->duration, (AtlInterpolation) how);
		check_at(made, nextafter(made->duration, INFINITY), (AtlInterpolation) how);
	}
}

static void
test_values_at(void)
{
	static Made made;

	for (int i = 0; i < 120; i++)
	{
		if (!make(&made, encodings[unit_random_below(7)]))
			return;
		check_times(&made);
		unit_close(&made.timeline);
	}
}

/* Features by name, and what each tells of itself. */
static void
test_find(void)
{
	static const char json[] =
		"{\"duration\":1,\"sampleRate\":8,\"features\":{\"mfcc\":{\"hop\":2,\"dims\":2,\"values\":[[1,2],[3,4]],\"x\":1},"
		"\"a\":{\"frameRate\":4,\"startTime\":0.5,\"unit\":\"dB\",\"kind\":\"k\",\"encoding\":\"u8\",\"range\":[0,1],\"values\":[1]},"
		"\"\":{\"hop\":1,\"values\":[]}}}";
	static const char *const names[] = {"", "a", "mfcc"};
	UnitTimeline timeline;
	AtlFeature	feature;
	bool		found;

	if (!CHECK(unit_open(&timeline, json, strlen(json))))
		return;
	for (uint32_t i = 0; i < 3; i++)
	{
		AtlText		name = {names[i], (uint32_t) strlen(names[i])};

		CHECK_INT(atl_feature_find(&timeline.view, name, &found, &feature), ATL_OK);
		CHECK(found);
		CHECK_STRING(feature.name.text, feature.name.size, names[i]);
		CHECK_INT(atl_feature_get(&timeline.view, i, &feature), ATL_OK);
		CHECK_STRING(feature.name.text, feature.name.size, names[i]);
		name.text = "abba";
		name.size = i + 1;
		CHECK_INT(atl_feature_find(&timeline.view, name, &found, &feature), ATL_OK);
		CHECK(found == (i == 0));
	}
	CHECK_INT(atl_feature_get(&timeline.view, 2, &feature), ATL_OK);
	CHECK_INT(feature.frames, 2);
	CHECK_INT(feature.dims, 2);
	CHECK_STRING(feature.attributes.text, feature.attributes.size, "{\"x\":1}");
	CHECK_INT(atl_feature_get(&timeline.view, 1, &feature), ATL_OK);
	CHECK_STRING(feature.unit.text, feature.unit.size, "dB");
	CHECK_STRING(feature.kind.text, feature.kind.size, "k");
	CHECK_BITS(feature.start_time, 0.5);
	CHECK_BITS(feature.range_max, 1);
	CHECK_INT(feature.encoding, ATL_U8);
	CHECK(atl_feature_get(&timeline.view, 3, &feature) != ATL_OK);
	unit_close(&timeline);
}

const UnitTest unit_feature_tests[] = {
	{"feature: slices of every encoding", test_slices},
	{"feature: values at a time against the rules", test_values_at},
	{"feature: by name, and its members", test_find},
	UNIT_END
};
