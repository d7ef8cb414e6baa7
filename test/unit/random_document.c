/*
 * random_document.c
 *		Random timelines, in the very text that the core prints for them.
 *
 * Written from the description of the text form, with none of the core's code
 * but its buffer: what it makes is the oracle for building and printing.
 */
#include "random_document.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static bool
chance(uint32_t in_ten)
{
	return unit_random_below(10) < in_ten;
}

void
unit_append_number(AtlBuffer *out, double number)
{
	char		text[ATL_DOUBLE_SIZE];
	int			size = out->host->format_double(number, text);

	unit_append(out, "%.*s", size, text);
}

static void
append_member_number(AtlBuffer *out, const char *key, double number)
{
	unit_append(out, ",\"%s\":", key);
	unit_append_number(out, number);
}

/* Canonical JSON of any kind. */
static void
append_json(AtlBuffer *out, int depth)
{
	static const char *const scalars[] = {
		"null", "true", "false", "0", "-1", "0.50", "1000000000000000000000.5", "-0.001", "\"\"", "\"a b\"",
		"\"\\\"\\\\/\\n\\u0001\"", "\"\xC3\xA9\xF0\x9F\x98\x80\"", "12345678901234567890",
		"1e40", "-7e131071", "100e-42", "0e-16383"
	};
	static const char *const keys[] = {"", "a", "b", "\\\"\\\"", "zz", "\xC3\xA9", "abc", "\\\\key"};
	bool		first = true;

	if (depth == 0 || chance(4))
	{
		unit_append(out, "%s", scalars[unit_random_below(sizeof(scalars) / sizeof(scalars[0]))]);
		return;
	}
	if (chance(5))
	{
		unit_append(out, "[");
		for (uint32_t n = unit_random_below(4); n > 0; n--)
		{
			append_json(out, depth - 1);
			unit_append(out, n > 1 ? "," : "");
		}
		unit_append(out, "]");
		return;
	}
	unit_append(out, "{");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (chance(3))
		{
			unit_append(out, "%s\"%s\":", first ? "" : ",", keys[i]);
			append_json(out, depth - 1);
			first = false;
		}
	unit_append(out, "}");
}

/* Like {"a":...}: what stands where an object must. */
static void
append_object(AtlBuffer *out)
{
	unit_append(out, "{\"k\":");
	append_json(out, 2);
	unit_append(out, "}");
}

/* An unknown member: shorter keys come first, so a number can order them. */
static void
append_unknown(AtlBuffer *out, const char *key)
{
	if (!chance(2))
		return;
	unit_append(out, ",\"%s\":", key);
	append_json(out, 2);
}

/* A known member that is not there may be there as null. */
static void
append_null(AtlBuffer *out, const char *key, bool present)
{
	if (!present && chance(2))
		unit_append(out, ",\"%s\":null", key);
}

/* Of the document in the making: its sample rate, and how its items look. */
static uint32_t sample_rate;
static uint32_t times;
static uint32_t members[6];

static double
random_time(double duration)
{
	double		time = unit_random_double(0, duration);

	if (times < 3 ? chance(3) : times == 3)
		time = floor(time);
	else if (times < 3 ? chance(3) : times == 4)
		time = (float) time;
	else if (times == 5)
		time = floor(time * sample_rate / 512) * 512 / sample_rate;
	else if (times == 6)
		time = floor(time * 1000) / 1000;
	return time > duration ? duration : time;
}

/* What a member that items share may be: of one kind mostly. */
static void
append_shared(AtlBuffer *out, uint32_t kind)
{
	static const char *const words[] = {"\"kick\"", "\"snare\"", "null", "true", "[1,{\"a\":\"]}\"}]", "\"\\\"}\"", "{}"};

	switch (chance(1) ? unit_random_below(14) : kind)
	{
		case 0:
			unit_append(out, "%u", unit_random_below(128));
			return;
		case 1:
			unit_append(out, "-%u.%02u", unit_random_below(3), 1 + unit_random_below(99));
			return;
		case 2:
			unit_append_number(out, floor(unit_random_double(0, 1) * 1000) / 1000 + 0.25);
			return;
		case 3:
			unit_append_number(out, (float) unit_random_double(0.01, 1000));
			return;
		case 4:
			unit_append_number(out, unit_random_double(-1000, -0.01));
			return;
		case 5:
			unit_append_number(out, (double) unit_random_below(1000000) / sample_rate + 1);
			return;
		case 6:
			unit_append(out, "%s", words[unit_random_below(sizeof(words) / sizeof(words[0]))]);
			return;
		case 7:
			unit_append(out, "\"id%llu\"", (unsigned long long) unit_random());
			return;
		case 8:
			unit_append(out, "0.000000000000000000000000012%u", 1 + unit_random_below(9));
			return;
		case 9:
			unit_append(out, "%u%0*u", 1 + unit_random_below(9), (int) (1 + unit_random_below(30)), 0);
			return;
		case 10:
			unit_append(out, "%ue-%u", unit_random_below(2000), 40 + unit_random_below(400));
			return;
		case 11:
			unit_append(out, "%ue%u", 1 + unit_random_below(9), 33 + unit_random_below(400));
			return;
		default:
			append_json(out, 2);
	}
}

/* Member i of those shared, unless this document, or this item, has it not. */
static bool
has_shared(uint32_t i)
{
	return members[i] < 14 && !(members[i] % 2 == 0 && chance(3));
}

static void
append_shared_member(AtlBuffer *out, const char *key, uint32_t i)
{
	if (!has_shared(i))
		return;
	unit_append(out, ",\"%s\":", key);
	append_shared(out, members[i]);
}

static void
append_data(AtlBuffer *out)
{
	static const char *const keys[] = {"k", "hz", "midi"};
	bool		first = true;

	unit_append(out, "{");
	/* One byte, but longer as it is written. */
	if (chance(1))
	{
		unit_append(out, "\"\\n\":");
		append_json(out, 1);
		first = false;
	}
	for (uint32_t i = 0; i < 3; i++)
		if (has_shared(i))
		{
			unit_append(out, "%s\"%s\":", first ? "" : ",", keys[i]);
			append_shared(out, members[i]);
			first = false;
		}
	if (chance(1))
	{
		unit_append(out, "%s\"%s\":", first ? "" : ",", chance(5) ? "rarely" : "rare\\\\");
		append_json(out, 1);
	}
	unit_append(out, "}");
}

static int
compare_doubles(const void *a, const void *b)
{
	double		left = *(const double *) a;
	double		right = *(const double *) b;

	return left < right ? -1 : left > right;
}

static void
append_event(AtlBuffer *out, double timestamp)
{
	bool		duration = chance(3);
	bool		confidence = chance(3);
	bool		data = chance(3);

	unit_append(out, "{\"timestamp\":");
	unit_append_number(out, timestamp);
	unit_append(out, ",\"type\":\"t%u\"", unit_random_below(chance(5) ? 3 : 60));
	if (duration)
		append_member_number(out, "duration", chance(2) ? 0 : unit_random_double(0, 100));
	if (confidence)
		append_member_number(out, "confidence", unit_random_double(0, 1));
	if (data)
	{
		unit_append(out, ",\"data\":");
		append_data(out);
	}
	append_unknown(out, "");
	append_unknown(out, "b");
	append_shared_member(out, "pan", 3);
	append_null(out, "data", data);
	append_unknown(out, "note");
	append_shared_member(out, "pitch", 4);
	append_null(out, "duration", duration);
	append_shared_member(out, "amplitude", 5);
	append_null(out, "confidence", confidence);
	unit_append(out, "}");
}

static void
append_marker(AtlBuffer *out, double timestamp)
{
	bool		confidence = chance(5);
	bool		value = chance(7);

	unit_append(out, "{\"timestamp\":");
	unit_append_number(out, timestamp);
	unit_append(out, ",\"type\":\"%s\"", chance(5) ? "beat" : "b\xC3\xA9\\\"at");
	if (confidence)
		append_member_number(out, "confidence", chance(5));
	if (value)
		unit_append(out, ",\"value\":%s", chance(5) ? "\"verse\"" : chance(5) ? "12.50" : "7");
	append_unknown(out, "data");
	append_null(out, "value", value);
	append_unknown(out, "duration");
	append_null(out, "confidence", confidence);
	unit_append(out, "}");
}

static void
append_items(AtlBuffer *out, const char *key, double duration, void (*append) (AtlBuffer *out, double timestamp))
{
	double		at[300];
	uint32_t	num = unit_random_below(chance(1) ? 300 : 8);

	times = unit_random_below(8);
	for (uint32_t i = 0; i < 6; i++)
		members[i] = unit_random_below(18);
	for (uint32_t i = 0; i < num; i++)
		at[i] = random_time(duration);
	qsort(at, num, sizeof(double), compare_doubles);
	unit_append(out, ",\"%s\":[", key);
	for (uint32_t i = 0; i < num; i++)
	{
		unit_append(out, i > 0 ? "," : "");
		append(out, at[i]);
	}
	unit_append(out, "]");
}

/* How the numbers of a feature are made: each can hold what it makes. */
typedef struct Numbers
{
	const char *encoding;		/* NULL: not given */
	double		lowest;			/* integer encodings */
	double		highest;
	bool		ranged;
	double		min;
	double		max;
} Numbers;

static Numbers
random_numbers(void)
{
	static const Numbers kinds[] = {
		{NULL, 0, 0, false, 0, 0}, {"f32", 0, 0, false, 0, 0}, {"f64", 0, 0, false, 0, 0},
		{"u8", 0, 255, false, 0, 0}, {"i8", -128, 127, false, 0, 0},
		{"u16", 0, 65535, false, 0, 0}, {"i16", -32768, 32767, false, 0, 0},
	};
	Numbers		numbers = kinds[unit_random_below(7)];

	numbers.ranged = chance(4);
	numbers.min = unit_random_double(-100, 1);
	numbers.max = numbers.min + unit_random_double(0.001, 1000);
	return numbers;
}

static double
random_number(const Numbers *numbers)
{
	double		code = numbers->lowest + unit_random_below((uint32_t) (numbers->highest - numbers->lowest) + 1);

	if (numbers->highest > 0 && numbers->ranged)
		return numbers->min + (code - numbers->lowest) * (numbers->max - numbers->min) / (numbers->highest - numbers->lowest);
	if (numbers->highest > 0)
		return code;
	if (numbers->encoding != NULL && strcmp(numbers->encoding, "f32") == 0)
		return (float) unit_random_double(-2, 2);
	return chance(1) ? 5e-324 : chance(5) ? unit_random_double(-1e9, 1e9) : unit_random_below(100);
}

static void
append_frame(AtlBuffer *out, const Numbers *numbers, uint32_t dims, bool nested, bool may_be_null)
{
	if (may_be_null && chance(1))
	{
		unit_append(out, "null");
		return;
	}
	unit_append(out, nested ? "[" : "");
	for (uint32_t d = 0; d < dims; d++)
	{
		unit_append(out, d > 0 ? "," : "");
		if (nested && chance(1))
			unit_append(out, "null");
		else
			unit_append_number(out, random_number(numbers));
	}
	unit_append(out, nested ? "]" : "");
}

static void
append_values(AtlBuffer *out, const Numbers *numbers, uint32_t frames, uint32_t dims, bool nested)
{
	unit_append(out, ",\"values\":[");
	/* A flat list has the numbers of all frames. */
	if (!nested)
	{
		frames *= dims;
		dims = 1;
	}
	for (uint32_t i = 0; i < frames; i++)
	{
		unit_append(out, i > 0 ? "," : "");
		/* One frame must tell the shape. */
		append_frame(out, numbers, dims, nested, i != frames / 2);
	}
	unit_append(out, "]");
}

/* Times of frames, which never fall; some are equal. */
static void
append_times(AtlBuffer *out, uint32_t frames)
{
	double		time = unit_random_double(0, 2);

	unit_append(out, ",\"times\":[");
	for (uint32_t i = 0; i < frames; i++)
	{
		unit_append(out, i > 0 ? "," : "");
		unit_append_number(out, time);
		time += chance(1) ? 0 : chance(5) ? 0.25 : unit_random_double(0, 3);
	}
	unit_append(out, "]");
}

/* Any bytes are u8; twelve of them without padding. */
static void
append_base64(AtlBuffer *out)
{
	unit_append(out, ",\"base64\":\"");
	for (uint32_t n = unit_random_below(5) * 4; n > 0; n--)
		unit_append(out, "%c", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[unit_random_below(64)]);
	unit_append(out, "\"");
}

static void
append_feature(AtlBuffer *out, const char *name)
{
	Numbers		numbers = random_numbers();
	bool		nested = chance(5);
	bool		flat = !nested && chance(3);
	uint32_t	dims = nested || flat ? 1 + unit_random_below(chance(1) ? 40 : 5) : 1;
	bool		unit = chance(5);
	bool		base64 = numbers.encoding != NULL && strcmp(numbers.encoding, "u8") == 0 && chance(5);
	uint32_t	frames = unit_random_below(chance(1) ? 1400 : 20);
	bool		has_times = !base64 && chance(3);
	size_t		first;

	unit_append(out, "\"%s\":{", name);
	first = out->size;
	if (!has_times && chance(5))
		unit_append(out, ",\"hop\":%u", 1 + unit_random_below(5000));
	else if (!has_times)
		append_member_number(out, "frameRate", unit_random_double(0.1, 1000));
	if (!has_times && chance(3))
		append_member_number(out, "startTime", unit_random_double(0, 3));
	if (!base64 && (flat || chance(4)))
		unit_append(out, ",\"dims\":%u", dims);
	if (unit)
		unit_append(out, ",\"unit\":\"%s\"", chance(5) ? "dB" : "");
	if (chance(2))
		unit_append(out, ",\"kind\":\"peaks\"");
	if (numbers.encoding != NULL)
		unit_append(out, ",\"encoding\":\"%s\"", numbers.encoding);
	if (numbers.ranged)
	{
		unit_append(out, ",\"range\":[");
		unit_append_number(out, numbers.min);
		unit_append(out, ",");
		unit_append_number(out, numbers.max);
		unit_append(out, "]");
	}
	if (chance(1))
		append_member_number(out, "maxError", 0.25);
	if (has_times)
		append_times(out, frames);
	if (base64)
		append_base64(out);
	else
		append_values(out, &numbers, frames, dims, nested);
	/* Whatever member is the first has no comma before it. */
	memmove(out->bytes + first, out->bytes + first + 1, out->size - first - 1);
	out->size--;
	append_unknown(out, "x");
	append_null(out, "unit", unit);
	append_unknown(out, "window");
	unit_append(out, "}");
}

static void
append_features(AtlBuffer *out)
{
	static const char *const names[] = {"", "f", "ab", "rms", "zcr", "chroma_x", "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9_"};
	bool		first = true;

	unit_append(out, ",\"features\":{");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (chance(3))
		{
			unit_append(out, first ? "" : ",");
			append_feature(out, names[i]);
			first = false;
		}
	unit_append(out, "}");
}

void
unit_random_document(AtlBuffer *out)
{
	double		duration = chance(1) ? 0 : unit_random_double(0, 600);
	bool		events = chance(7);
	bool		metadata = chance(3);

	unit_append(out, "{\"duration\":");
	unit_append_number(out, duration);
	sample_rate = chance(5) ? 44100 : 1 + unit_random_below(200000);
	unit_append(out, ",\"sampleRate\":%u", sample_rate);
	if (chance(3))
		append_member_number(out, "startTime", chance(5) ? 0 : -unit_random_double(0, 5));
	if (events)
		append_items(out, "events", duration, append_event);
	if (chance(5))
		append_items(out, "markers", duration, append_marker);
	if (chance(5))
		append_features(out);
	if (metadata)
	{
		unit_append(out, ",\"metadata\":");
		append_object(out);
	}
	append_unknown(out, "");
	append_unknown(out, "key");
	append_null(out, "events", events);
	append_unknown(out, "zzzzzz");
	append_null(out, "metadata", metadata);
	append_unknown(out, "timestamp");
	unit_append(out, "}");
}
