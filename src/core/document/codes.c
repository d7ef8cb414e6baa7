/*
 * codes.c
 *		The name and the usual hint of each problem code, and the names of repairs.
 *
 * The names are part of the SQL surface (audio_timeline_errors and _repair): new
 * names are added, and existing names never change.
 */
#include "core/document/builder.h"

#include "core/base/text.h"

typedef struct CodeEntry
{
	const char *name;
	const char *hint;
} CodeEntry;

static const CodeEntry codes[ATL_PROBLEM_CODES] = {
	[ATL_PROBLEM_NONE] = {"none", NULL},
	[ATL_PROBLEM_KIND] = {"wrong_kind", NULL},
	[ATL_PROBLEM_MISSING] = {"missing_member", "A timeline needs duration (seconds) and sampleRate (Hz); an event or marker needs timestamp (seconds) and type."},
	[ATL_PROBLEM_NOT_FINITE] = {"not_finite", "Numbers are doubles: up to 1.8e308 in size."},
	[ATL_PROBLEM_NEGATIVE_TIME] = {"negative_time", "Times are seconds from the start of the audio."},
	[ATL_PROBLEM_PAST_DURATION] = {"past_duration", "Timestamps and duration are in seconds; check the unit, or the duration."},
	[ATL_PROBLEM_CONFIDENCE] = {"confidence_range", "Divide a percentage by 100."},
	[ATL_PROBLEM_EMPTY_TYPE] = {"empty_type", "type is the name of a kind of event or marker, for example \"onset\" or \"beat\"."},
	[ATL_PROBLEM_SAMPLE_RATE] = {"bad_sample_rate", "sampleRate is in Hz, for example 44100."},
	[ATL_PROBLEM_START_TIME] = {"bad_start_time", "startTime is where the timeline begins, in seconds: 0, or less for a count-in."},
	[ATL_PROBLEM_HOP] = {"bad_hop", "hop is the distance between frames in samples; for a rate in Hz use frameRate."},
	[ATL_PROBLEM_FRAME_RATE] = {"bad_frame_rate", "frameRate is in frames per second."},
	[ATL_PROBLEM_CLOCK] = {"bad_clock", "Give one of hop (samples), frameRate (Hz) and times (seconds); startTime goes with hop and frameRate."},
	[ATL_PROBLEM_TIMES] = {"bad_times", "times has the time of each frame in seconds, in order."},
	[ATL_PROBLEM_DIMS] = {"bad_dims", "dims is the count of numbers in each frame."},
	[ATL_PROBLEM_VALUES] = {"bad_values", "Give one of values (an array) and base64 (with encoding)."},
	[ATL_PROBLEM_RAGGED] = {"ragged_values", "Every frame has the same count of numbers; use null for a missing frame."},
	[ATL_PROBLEM_ENCODING] = {"bad_encoding", "Encodings are f32, f64, u8, i8, u16 and i16."},
	[ATL_PROBLEM_RANGE] = {"bad_range", "range is [min, max]: what the lowest and the highest code stand for."},
	[ATL_PROBLEM_NOT_ENCODABLE] = {"not_encodable", "Choose a wider encoding, give a range to scale to, or leave encoding out."},
	[ATL_PROBLEM_BASE64] = {"bad_base64", "base64 is RFC 4648 text, padded, without white space, of little-endian numbers, frame after frame."},
	[ATL_PROBLEM_MAX_ERROR] = {"bad_max_error", "maxError is the greatest error of a lossy encoding, in the unit of the values; leave it out where it is not known."},
	[ATL_PROBLEM_NUMBER] = {"bad_number", "Keep a number of so many digits as a string."},
	[ATL_PROBLEM_TOO_LARGE] = {"too_large", "Keep the recording in several timelines, or choose a smaller encoding."},
	[ATL_PROBLEM_NOT_JSON] = {"not_json", NULL},
	[ATL_PROBLEM_NUL] = {"null_character", NULL},
	[ATL_WARN_MARKER_TYPE] = {"unknown_marker_type", "Check the spelling; other types are kept all the same."},
	[ATL_WARN_CONSTANT] = {"constant_series", "Check the analysis: often the input was silent or cut."},
	[ATL_WARN_ZERO] = {"all_zero_series", "Check the analysis: often the input was silent or cut."},
	[ATL_WARN_MISSING] = {"missing_ratio", "That is fine for a pitch track; else check the analysis."},
	[ATL_WARN_LENGTH] = {"length_mismatch", "Check hop or frameRate, sampleRate and duration."},
	[ATL_WARN_UNIT] = {"missing_unit", "Give the feature a unit, for example \"Hz\" or \"dB\"."},
	[ATL_WARN_RANGE] = {"out_of_range", "Widen range to hold all values."},
	[ATL_WARN_DUPLICATE] = {"duplicate_event", "Remove one of the two."},
	[ATL_WARN_UNUSED] = {"unused_member", NULL},
	[ATL_WARN_REPEATED] = {"duplicate_key", "The last one counts: give the others names of their own, or leave them out."},
	[ATL_WARN_SAMPLE_RATE] = {"low_sample_rate", "sampleRate is in Hz, for example 44100."},
	[ATL_WARN_MILLISECONDS] = {"likely_milliseconds", "duration is the length of the audio in seconds."},
	[ATL_WARN_LONG_EVENT] = {"long_event", "duration is the length of the event in seconds."},
	[ATL_WARN_TRANSPOSED] = {"transposed_values", "values has an array for each frame: transpose the matrix, in numpy with values.T."},
	[ATL_WARN_LATE_START] = {"late_start", "startTime is the time of the first frame in seconds."},
	[ATL_WARN_FRAME_RATE] = {"high_frame_rate", "frameRate is in frames per second."},
	[ATL_WARN_PEAKS] = {"unpaired_peaks", "A frame of peaks is min and max: give dims 2, or leave kind out."},
	[ATL_WARN_MORE] = {"more_problems", "Mend the kinds of problem that are listed, and ask again."},
};

const char *
atl_problem_name(AtlProblemCode code)
{
	return codes[code].name;
}

const char *
atl_usual_hint(AtlProblemCode code)
{
	return codes[code].hint;
}

static const char *const repairs[ATL_REPAIRS] = {
	[ATL_REPAIR_UNWRAP] = "unwrap",
	[ATL_REPAIR_SORT] = "sort",
	[ATL_REPAIR_SCALE] = "scale",
	[ATL_REPAIR_CLAMP] = "clamp",
	[ATL_REPAIR_NULLIFY] = "nullify",
	[ATL_REPAIR_DROP] = "drop",
};

const char *
atl_repair_name(AtlRepair repair)
{
	return repairs[repair];
}

bool
atl_repair_by_name(AtlText name, AtlRepair *repair)
{
	for (*repair = 0; *repair < ATL_REPAIRS; (*repair)++)
	{
		const char *known = repairs[*repair];
		AtlText		text = {known, (uint32_t) strlen(known)};

		if (atl_text_compare(text, name) == 0)
			return true;
	}
	return false;
}
