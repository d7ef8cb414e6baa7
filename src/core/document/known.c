/*
 * known.c
 *		The members that a timeline document gives a meaning, and their kinds.
 */
#include "core/document/known.h"

#include "core/base/text.h"

#define NAME(name)	{name, sizeof(name) - 1}

static const AtlKnown of_document[] = {
	{ATL_M_DURATION, NAME("duration"), ATL_KIND_NUMBER, true,
	"duration is the length of the audio in seconds."},
	{ATL_M_SAMPLE_RATE, NAME("sampleRate"), ATL_KIND_NUMBER, true,
	"sampleRate is a number in Hz, for example 44100."},
	{ATL_M_START_TIME, NAME("startTime"), ATL_KIND_NUMBER, false,
	"startTime is where the timeline begins, a number of seconds: 0, or less for a count-in."},
	{ATL_M_EVENTS, NAME("events"), ATL_KIND_ARRAY, false,
	"events is an array of objects, each with timestamp and type."},
	{ATL_M_MARKERS, NAME("markers"), ATL_KIND_ARRAY, false,
	"markers is an array of objects, each with timestamp and type."},
	{ATL_M_FEATURES, NAME("features"), ATL_KIND_OBJECT, false,
	"features is an object that holds each feature under its name."},
	{ATL_M_METADATA, NAME("metadata"), ATL_KIND_OBJECT, false,
	"Put it in an object, under a name."},
};

static const AtlKnown of_event[] = {
	{ATL_M_TIMESTAMP, NAME("timestamp"), ATL_KIND_NUMBER, true,
	"timestamp is a number of seconds."},
	{ATL_M_TYPE, NAME("type"), ATL_KIND_STRING, true,
	"type is the name of a kind of event, for example \"onset\"."},
	{ATL_M_DURATION, NAME("duration"), ATL_KIND_NUMBER, false,
	"duration is a number of seconds; leave it out where there is none."},
	{ATL_M_CONFIDENCE, NAME("confidence"), ATL_KIND_NUMBER, false,
	"confidence is a number from 0 to 1; leave it out where there is none."},
	{ATL_M_DATA, NAME("data"), ATL_KIND_OBJECT, false,
	"Put it in an object, as {\"value\": ...}."},
};

static const AtlKnown of_marker[] = {
	{ATL_M_TIMESTAMP, NAME("timestamp"), ATL_KIND_NUMBER, true,
	"timestamp is a number of seconds."},
	{ATL_M_TYPE, NAME("type"), ATL_KIND_STRING, true,
	"type is the name of a kind of marker, for example \"beat\"."},
	{ATL_M_CONFIDENCE, NAME("confidence"), ATL_KIND_NUMBER, false,
	"confidence is a number from 0 to 1; leave it out where there is none."},
	{ATL_M_VALUE, NAME("value"), ATL_KIND_STRING | ATL_KIND_NUMBER, false,
	"Keep anything but a string or a number under another name."},
};

static const AtlKnown of_feature[] = {
	{ATL_M_HOP, NAME("hop"), ATL_KIND_NUMBER, false,
	"hop is the number of samples between frames."},
	{ATL_M_FRAME_RATE, NAME("frameRate"), ATL_KIND_NUMBER, false,
	"frameRate is the number of frames per second."},
	{ATL_M_TIMES, NAME("times"), ATL_KIND_ARRAY, false,
	"times is an array with the time of each frame in seconds."},
	{ATL_M_START_TIME, NAME("startTime"), ATL_KIND_NUMBER, false,
	"startTime is the time of the first frame, a number of seconds."},
	{ATL_M_DIMS, NAME("dims"), ATL_KIND_NUMBER, false,
	"dims is the count of numbers in each frame."},
	{ATL_M_UNIT, NAME("unit"), ATL_KIND_STRING, false,
	"unit is a text, for example \"Hz\"."},
	{ATL_M_KIND, NAME("kind"), ATL_KIND_STRING, false,
	"kind is a text, for example \"peaks\"."},
	{ATL_M_ENCODING, NAME("encoding"), ATL_KIND_STRING, false,
	"Encodings are f32, f64, u8, i8, u16 and i16."},
	{ATL_M_RANGE, NAME("range"), ATL_KIND_ARRAY, false,
	"range is [min, max]: what the lowest and the highest code stand for."},
	{ATL_M_MAX_ERROR, NAME("maxError"), ATL_KIND_NUMBER, false,
	"maxError is a number in the unit of the values."},
	{ATL_M_VALUES, NAME("values"), ATL_KIND_ARRAY, false,
	"values is an array with one element for each frame: a number or an array of numbers."},
	{ATL_M_BASE64, NAME("base64"), ATL_KIND_STRING, false,
	"base64 is a text; numbers stand in values."},
};

#define MEMBERS(members)	((AtlKnownMembers) {members, sizeof(members) / sizeof(members[0])})

AtlKnownMembers
atl_known_members(AtlState state)
{
	switch (state)
	{
		case ATL_AT_TOP:
			return MEMBERS(of_document);
		case ATL_AT_EVENT:
			return MEMBERS(of_event);
		case ATL_AT_MARKER:
			return MEMBERS(of_marker);
		default:
			return MEMBERS(of_feature);
	}
}

const AtlKnown *
atl_known_by_name(AtlState state, AtlText name)
{
	AtlKnownMembers known = atl_known_members(state);

	for (size_t i = 0; i < known.num; i++)
		if (atl_text_compare(known.members[i].name, name) == 0)
			return &known.members[i];
	return NULL;
}

const AtlKnown *
atl_known_member(AtlState state, AtlMember member)
{
	AtlKnownMembers known = atl_known_members(state);

	for (size_t i = 0; i < known.num; i++)
		if (known.members[i].member == member)
			return &known.members[i];
	return NULL;
}

int
atl_kind_bit(AtlTokenKind kind)
{
	switch (kind)
	{
		case ATL_OBJECT_START:
			return ATL_KIND_OBJECT;
		case ATL_ARRAY_START:
			return ATL_KIND_ARRAY;
		case ATL_STRING:
			return ATL_KIND_STRING;
		case ATL_NUMBER:
		case ATL_DOUBLE:
			return ATL_KIND_NUMBER;
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

const char *
atl_wanted_kind(int kinds)
{
	switch (kinds)
	{
		case ATL_KIND_OBJECT:
			return "an object";
		case ATL_KIND_ARRAY:
			return "an array";
		case ATL_KIND_STRING:
			return "a string";
		case ATL_KIND_NUMBER:
			return "a number";
		default:
			return "a string or a number";
	}
}
