/*
 * shapes.h
 *		Documents of any size, each of a shape that could cost more than its
 *		size: what a document may say, many times.
 *
 * A shape appends a whole document, of at least so many bytes and not much
 * more, unless its smallest part is larger.
 */
#ifndef SHAPES_H
#define SHAPES_H

#include "support.h"

typedef void (*UnitShape) (AtlBuffer *out, size_t size);

/* What becomes of a shape: STORED; REFUSED, as invalid; ANY, stored or too large. */
typedef enum UnitOutcome
{
	STORED,
	REFUSED,
	ANY
} UnitOutcome;

/* shapes_item.c: events and markers */
#define UNIT_ITEM_SHAPES(SHAPE) \
	SHAPE(one_type, STORED, "events of one type") \
	SHAPE(many_types, STORED, "a type for each event") \
	SHAPE(long_types, STORED, "long types that begin alike") \
	SHAPE(colliding_types, STORED, "types that meet in a hash table") \
	SHAPE(colliding_texts, STORED, "strings that meet in a hash table") \
	SHAPE(unused_types, STORED, "types that no event is left with") \
	SHAPE(backwards, STORED, "events in reverse order") \
	SHAPE(long_times, STORED, "times of 17 digits") \
	SHAPE(huge_times, STORED, "times with an exponent") \
	SHAPE(event_nulls, STORED, "null for each optional member of events") \
	SHAPE(empty_data, STORED, "empty objects as data") \
	SHAPE(shared_members, STORED, "data with the same members") \
	SHAPE(shared_texts, STORED, "data with long strings, all different") \
	SHAPE(escaped_keys, STORED, "attributes with keys that need escapes") \
	SHAPE(distinct_keys, STORED, "an attribute of its own for each event") \
	SHAPE(long_keys, STORED, "attributes with long keys") \
	SHAPE(many_attributes, STORED, "many attributes on each event") \
	SHAPE(one_large_event, STORED, "one event with all attributes") \
	SHAPE(deep_attributes, STORED, "deep attributes") \
	SHAPE(equal_masks, STORED, "attributes on every second event") \
	SHAPE(different_masks, STORED, "attributes on different events") \
	SHAPE(rare_attributes, STORED, "many attributes on a few events") \
	SHAPE(mixed_members, STORED, "one member with values of all kinds") \
	SHAPE(data_exponents, STORED, "1e131071 in data") \
	SHAPE(data_fractions, STORED, "1e-16383 in data") \
	SHAPE(attribute_exponents, STORED, "1e131071 in attributes") \
	SHAPE(repeated_events, STORED, "events given many times") \
	SHAPE(repeated_type, STORED, "the type of one event given many times") \
	SHAPE(repeated_data, STORED, "the data of one event given many times") \
	SHAPE(repeated_attribute, STORED, "an attribute of one event given many times") \
	SHAPE(marker_strings, STORED, "markers with strings") \
	SHAPE(marker_numbers, STORED, "markers with numbers") \
	SHAPE(marker_types, STORED, "a type for each marker") \
	SHAPE(marker_exponents, STORED, "1e131071 as value of markers") \
	SHAPE(missing_members, REFUSED, "events without members") \
	SHAPE(not_objects, REFUSED, "markers that are numbers")

/* shapes_json.c: what is kept as JSON */
#define UNIT_JSON_SHAPES(SHAPE) \
	SHAPE(short_numbers, STORED, "short numbers in metadata") \
	SHAPE(long_numbers, STORED, "numbers of many digits in metadata") \
	SHAPE(empty_arrays, STORED, "empty arrays in metadata") \
	SHAPE(empty_objects, STORED, "empty objects in metadata") \
	SHAPE(empty_strings, STORED, "empty strings in metadata") \
	SHAPE(small_objects, STORED, "small objects in metadata") \
	SHAPE(deep_arrays, STORED, "arrays as deep as may be") \
	SHAPE(deep_objects, STORED, "objects as deep as may be") \
	SHAPE(keys_backwards, STORED, "keys in reverse order") \
	SHAPE(repeated_keys, STORED, "one key many times") \
	SHAPE(repeated_metadata, STORED, "metadata given many times") \
	SHAPE(unknown_members, STORED, "unknown members of the document") \
	SHAPE(repeated_unknown, STORED, "an unknown member given many times") \
	SHAPE(control_escapes, STORED, "escapes of control characters") \
	SHAPE(letter_escapes, STORED, "escapes of letters and of surrogate pairs") \
	SHAPE(white_space, STORED, "mostly white space") \
	SHAPE(exponents, STORED, "1e131071 in metadata") \
	SHAPE(fractions, STORED, "1e-16383 in metadata") \
	SHAPE(zero_exponents, STORED, "0e-16383 in metadata") \
	SHAPE(half_exponents, STORED, "1.5e100000 in metadata") \
	SHAPE(nested_exponents, STORED, "1e131071 deep in metadata") \
	SHAPE(top_exponents, STORED, "1e131071 in unknown members of the document")

/* shapes_feature.c: features */
#define UNIT_FEATURE_SHAPES(SHAPE) \
	SHAPE(no_frames, STORED, "features without frames") \
	SHAPE(one_frame, STORED, "features of one frame") \
	SHAPE(different_clocks, STORED, "a clock for each feature") \
	SHAPE(different_starts, STORED, "a start for each feature") \
	SHAPE(one_long, STORED, "one long feature and many short ones") \
	SHAPE(one_long_base64, STORED, "one long feature in base64 and many short ones") \
	SHAPE(all_lengths, STORED, "features of 1, 2, 3, ... frames") \
	SHAPE(all_blocks, STORED, "features of 1, 2, 3, ... blocks") \
	SHAPE(wide_without_frames, STORED, "65535 dims and no frames") \
	SHAPE(wide_without_bytes, STORED, "65535 dims and base64 without bytes") \
	SHAPE(long_and_wide, STORED, "a long feature among wide ones without frames") \
	SHAPE(nulls_65535, ANY, "null frames of 65535 dims") \
	SHAPE(nulls_512, ANY, "null frames of 512 dims") \
	SHAPE(nulls_33, ANY, "null frames of 33 dims") \
	SHAPE(nulls_32, ANY, "null frames of 32 dims") \
	SHAPE(nulls_1, STORED, "null frames of 1 dim") \
	SHAPE(leading_nulls, ANY, "null frames before one of 33 numbers") \
	SHAPE(nulls_and_wide, ANY, "null frames before one of many numbers") \
	SHAPE(wide_and_nulls, ANY, "null frames behind one of many numbers") \
	SHAPE(every_second_null, ANY, "null frames between frames of 33 numbers") \
	SHAPE(null_numbers, STORED, "frames of nulls") \
	SHAPE(one_wide_frame, STORED, "one wide frame") \
	SHAPE(wide_f64, STORED, "one wide frame as f64") \
	SHAPE(two_wide_frames, STORED, "two wide frames that differ") \
	SHAPE(many_wide_frames, STORED, "frames of 768 numbers") \
	SHAPE(wide_base64, STORED, "two wide frames in base64") \
	SHAPE(wide_outliers, STORED, "eight wide frames, nearly all zero") \
	SHAPE(short_outliers, STORED, "features of eight numbers, nearly all zero") \
	SHAPE(short_values, STORED, "values of one digit") \
	SHAPE(short_f64, STORED, "values of one digit as f64") \
	SHAPE(f32_values, STORED, "values that are f32") \
	SHAPE(f64_values, STORED, "values that are f64") \
	SHAPE(late_f64, STORED, "one value that is f64 behind many that are f32") \
	SHAPE(digits_values, STORED, "values of 17 digits") \
	SHAPE(long_values, STORED, "values of very many digits") \
	SHAPE(small_values, STORED, "values that nearly vanish") \
	SHAPE(exponent_values, STORED, "values with an exponent") \
	SHAPE(u8_values, STORED, "codes of 8 bits that print long") \
	SHAPE(u16_values, STORED, "codes of 16 bits with a range") \
	SHAPE(base64_noise, STORED, "noise in base64") \
	SHAPE(base64_zeros, STORED, "zeros in base64") \
	SHAPE(many_base64, STORED, "small features in base64") \
	SHAPE(constant_values, STORED, "constant values") \
	SHAPE(long_names, STORED, "features with long names and units") \
	SHAPE(feature_attributes, STORED, "features with attributes") \
	SHAPE(feature_exponents, STORED, "1e131071 in attributes of features") \
	SHAPE(feature_nulls, STORED, "null for each optional member of features") \
	SHAPE(repeated_features, STORED, "features given many times") \
	SHAPE(unused_rates, STORED, "features with a rate that is not used, and events with a score") \
	SHAPE(repeated_feature, STORED, "one feature given many times") \
	SHAPE(repeated_values, STORED, "the values of one feature given many times") \
	SHAPE(spaced_values, STORED, "values with white space between") \
	SHAPE(object_values, REFUSED, "values that are objects, under a long name") \
	SHAPE(ragged_values, REFUSED, "frames without numbers") \
	SHAPE(long_range, REFUSED, "a range of many numbers")

#define UNIT_SHAPES(SHAPE) \
	UNIT_ITEM_SHAPES(SHAPE) UNIT_JSON_SHAPES(SHAPE) UNIT_FEATURE_SHAPES(SHAPE)

#define UNIT_SHAPE_DECLARE(name, outcome, title)	extern void unit_shape_##name(AtlBuffer *out, size_t size);
UNIT_SHAPES(UNIT_SHAPE_DECLARE)

/* The start of a document, up to the value of a member. */
extern void unit_shape_begin(AtlBuffer *out, const char *member);

/* A comma, unless this is the first of its container. */
extern void unit_shape_next(AtlBuffer *out);

/* The same text again and again, with commas between, until there are size bytes; then the end. */
extern void unit_shape_repeat(AtlBuffer *out, size_t size, const char *text, const char *end);

#endif							/* SHAPES_H */
