/*
 * shapes_item.c
 *		Shapes of events and markers.
 */
#include <string.h>

#include "shapes.h"

/* Letters in what is long. */
#define LONG	500

/* So many attributes on one event, or different masks in a track. */
#define MANY	32

/* Letters and digits that names are made of, 6 bits to each. */
static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

#define NAME_DIGITS	6

/*
 * Tables that names are to meet in, as large as one for all types of a text, and
 * for the texts of a column; and in how many neighbouring slots of them.
 */
#define TYPE_SLOTS	65536
#define TYPE_RUN	64
#define TEXT_SLOTS	256
#define TEXT_RUN	2

static void
begin_events(AtlBuffer *out)
{
	unit_shape_begin(out, "\"events\":[");
}

static void
end_events(AtlBuffer *out)
{
	unit_append(out, "]}");
}

/* An event up to its optional members. */
static void
begin_event(AtlBuffer *out, uint32_t i)
{
	unit_shape_next(out);
	unit_append(out, "{\"timestamp\":%u,\"type\":\"a\"", i);
}

/* Events that are the same but for their time. */
static void
events_with(AtlBuffer *out, size_t size, const char *members)
{
	begin_events(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		unit_append(out, "%s}", members);
	}
	end_events(out);
}

static void
append_letters(AtlBuffer *out, uint32_t count)
{
	for (uint32_t i = 0; i < count; i += 50)
		unit_append(out, "abcdefghijklmnopqrstuvwxyabcdefghijklmnopqrstuvwxy");
}

void
unit_shape_one_type(AtlBuffer *out, size_t size)
{
	events_with(out, size, "");
}

void
unit_shape_many_types(AtlBuffer *out, size_t size)
{
	begin_events(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		unit_shape_next(out);
		unit_append(out, "{\"timestamp\":0,\"type\":\"%u\"}", i * 7919 % 1000003);
	}
	end_events(out);
}

void
unit_shape_long_types(AtlBuffer *out, size_t size)
{
	begin_events(out);
	for (uint32_t i = 100000; out->size < size; i++)
	{
		unit_shape_next(out);
		unit_append(out, "{\"timestamp\":0,\"type\":\"");
		append_letters(out, LONG);
		unit_append(out, "%u\"}", i);
	}
	end_events(out);
}

static void
make_name(uint32_t number, char *name)
{
	for (int i = 0; i < NAME_DIGITS; i++, number /= 64)
		name[i] = digits[number % 64];
	name[NAME_DIGITS] = '\0';
}

/* FNV-1a of 64 bits with its high bits folded in, as types were once hashed. */
static uint64_t
hash_type(const char *name)
{
	uint64_t	hash = UINT64_C(0xcbf29ce484222325);

	for (; *name != '\0'; name++)
		hash = (hash ^ (uint8_t) *name) * UINT64_C(0x100000001b3);
	return hash ^ hash >> 29;
}

/* FNV-1a of 32 bits, of a string with its quotes, as the texts of a column are hashed. */
static uint64_t
hash_string(const char *string)
{
	uint32_t	hash = (2166136261u ^ '"') * 16777619u;

	for (; *string != '\0'; string++)
		hash = (hash ^ (uint8_t) *string) * 16777619u;
	hash = (hash ^ '"') * 16777619u;
	return hash ^ hash >> 15;
}

/*
 * The next name whose hash is among the first of so many slots: in a table of
 * that size, or smaller, all such names are in one run, and each new one is
 * compared with those before.  Anyone can search for them while the hash is
 * known.  A hash with a seed that the document's author does not know scatters
 * them: then colliding_types is no worse than many_types.
 */
static void
next_name(uint32_t *number, uint64_t (*hash) (const char *), uint32_t slots, uint32_t run, char *name)
{
	do
		make_name((*number)++, name);
	while (hash(name) % slots >= run);
}

void
unit_shape_colliding_types(AtlBuffer *out, size_t size)
{
	uint32_t	number = 0;
	char		name[NAME_DIGITS + 1];

	begin_events(out);
	while (out->size < size)
	{
		next_name(&number, hash_type, TYPE_SLOTS, TYPE_RUN, name);
		unit_shape_next(out);
		unit_append(out, "{\"timestamp\":0,\"type\":\"%s\"}", name);
	}
	end_events(out);
}

/* So many members that an event is little else. */
void
unit_shape_colliding_texts(AtlBuffer *out, size_t size)
{
	uint32_t	number = 0;
	char		name[NAME_DIGITS + 1];

	begin_events(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		for (uint32_t k = 0; k < MANY; k++)
		{
			next_name(&number, hash_string, TEXT_SLOTS, TEXT_RUN, name);
			unit_append(out, ",\"%u\":\"%s\"", k, name);
		}
		unit_append(out, "}");
	}
	end_events(out);
}

void
unit_shape_unused_types(AtlBuffer *out, size_t size)
{
	begin_events(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		unit_append(out, ",\"type\":\"%u\",\"type\":\"b\"}", i);
	}
	end_events(out);
}

void
unit_shape_backwards(AtlBuffer *out, size_t size)
{
	begin_events(out);
	for (uint32_t i = 999999; out->size < size; i--)
	{
		begin_event(out, i);
		unit_append(out, "}");
	}
	end_events(out);
}

void
unit_shape_long_times(AtlBuffer *out, size_t size)
{
	begin_events(out);
	for (uint32_t i = 1; out->size < size; i++)
	{
		unit_shape_next(out);
		unit_append(out, "{\"timestamp\":%.17g,\"type\":\"a\",\"duration\":%.17g,\"confidence\":%.17g}",
					i / 7.0, 1 / (7.0 * i), 1 / (1.0 + i));
	}
	end_events(out);
}

void
unit_shape_huge_times(AtlBuffer *out, size_t size)
{
	events_with(out, size, ",\"duration\":1e308");
}

void
unit_shape_event_nulls(AtlBuffer *out, size_t size)
{
	events_with(out, size, ",\"duration\":null,\"confidence\":null,\"data\":null");
}

void
unit_shape_empty_data(AtlBuffer *out, size_t size)
{
	events_with(out, size, ",\"data\":{}");
}

void
unit_shape_shared_members(AtlBuffer *out, size_t size)
{
	begin_events(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		unit_append(out, ",\"data\":{\"midi\":%u,\"name\":\"C%u\",\"gain\":0.%u,\"on\":true}}", i % 128, i % 9, i);
	}
	end_events(out);
}

void
unit_shape_shared_texts(AtlBuffer *out, size_t size)
{
	begin_events(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		unit_append(out, ",\"data\":{\"name\":\"");
		append_letters(out, 200);
		unit_append(out, "%u\"}}", i);
	}
	end_events(out);
}

void
unit_shape_escaped_keys(AtlBuffer *out, size_t size)
{
	events_with(out, size, ",\"\\u0001\":0,\"\\\"\":0,\"\\u00e9\":0");
}

void
unit_shape_distinct_keys(AtlBuffer *out, size_t size)
{
	begin_events(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		unit_append(out, ",\"k%u\":0}", i);
	}
	end_events(out);
}

void
unit_shape_long_keys(AtlBuffer *out, size_t size)
{
	begin_events(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		unit_append(out, ",\"");
		append_letters(out, LONG);
		unit_append(out, "%u\":0}", i % 10);
	}
	end_events(out);
}

void
unit_shape_many_attributes(AtlBuffer *out, size_t size)
{
	begin_events(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		for (uint32_t k = 0; k < 3 * MANY; k++)
			unit_append(out, ",\"%u\":%u", k, i % (k + 1));
		unit_append(out, "}");
	}
	end_events(out);
}

void
unit_shape_one_large_event(AtlBuffer *out, size_t size)
{
	begin_events(out);
	begin_event(out, 0);
	for (uint32_t i = 0; out->size < size; i++)
		unit_append(out, ",\"%u\":0", i);
	unit_append(out, "}");
	end_events(out);
}

void
unit_shape_deep_attributes(AtlBuffer *out, size_t size)
{
	begin_events(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		unit_append(out, ",\"a\":");
		for (int k = 0; k < MANY; k++)
			unit_append(out, "{\"a\":[");
		for (int k = 0; k < MANY; k++)
			unit_append(out, "]}");
		unit_append(out, "}");
	}
	end_events(out);
}

void
unit_shape_equal_masks(AtlBuffer *out, size_t size)
{
	begin_events(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		unit_append(out, "%s}", i % 2 == 0 ? "" : ",\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6");
	}
	end_events(out);
}

void
unit_shape_different_masks(AtlBuffer *out, size_t size)
{
	begin_events(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		for (uint32_t k = 0; k < MANY; k++)
			if ((i * UINT32_C(2654435761) >> k & 1) != 0 || i % (k + 2) == 0)
				unit_append(out, ",\"%u\":0", k);
		unit_append(out, "}");
	}
	end_events(out);
}

/* Just enough to be shared members, of two columns each in every block. */
void
unit_shape_rare_attributes(AtlBuffer *out, size_t size)
{
	begin_events(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		for (uint32_t k = 0; k < MANY && i % 16 == 0; k++)
			unit_append(out, ",\"%u\":%s", k, (i / 16 + k) % 2 == 0 ? "0" : "\"a\"");
		unit_append(out, "}");
	}
	end_events(out);
}

void
unit_shape_mixed_members(AtlBuffer *out, size_t size)
{
	static const char *const values[] = {"1", "0.50", "\"a\"", "1.23456789012345678", "[1,2]", "null", "-0.1e-5"};

	begin_events(out);
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		unit_append(out, ",\"data\":{\"a\":%s,\"b\":%s}}", values[i % 7], values[i % 5]);
	}
	end_events(out);
}

void
unit_shape_data_exponents(AtlBuffer *out, size_t size)
{
	events_with(out, size, ",\"data\":{\"a\":1e131071}");
}

void
unit_shape_data_fractions(AtlBuffer *out, size_t size)
{
	events_with(out, size, ",\"data\":{\"a\":1e-16383}");
}

void
unit_shape_attribute_exponents(AtlBuffer *out, size_t size)
{
	events_with(out, size, ",\"a\":[1e131071,1e131071]");
}

void
unit_shape_repeated_events(AtlBuffer *out, size_t size)
{
	unit_shape_begin(out, "\"metadata\":{}");
	unit_shape_repeat(out, size, "\"events\":[{\"timestamp\":0,\"type\":\"a\",\"b\":1}]", "}");
}

void
unit_shape_repeated_type(AtlBuffer *out, size_t size)
{
	begin_events(out);
	begin_event(out, 0);
	for (uint32_t i = 0; out->size < size; i++)
		unit_append(out, ",\"type\":\"%u\"", i);
	unit_append(out, "}");
	end_events(out);
}

void
unit_shape_repeated_data(AtlBuffer *out, size_t size)
{
	begin_events(out);
	begin_event(out, 0);
	unit_shape_repeat(out, size, "\"data\":{\"a\":[1,2,3]}", "}");
	end_events(out);
}

void
unit_shape_repeated_attribute(AtlBuffer *out, size_t size)
{
	begin_events(out);
	begin_event(out, 0);
	unit_shape_repeat(out, size, "\"a\":0", "}");
	end_events(out);
}

/* Markers that are the same but for their time. */
static void
markers_with(AtlBuffer *out, size_t size, const char *members)
{
	unit_shape_begin(out, "\"markers\":[");
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		unit_append(out, "%s}", members);
	}
	end_events(out);
}

void
unit_shape_marker_strings(AtlBuffer *out, size_t size)
{
	unit_shape_begin(out, "\"markers\":[");
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		unit_append(out, ",\"value\":\"verse %u\"}", i);
	}
	end_events(out);
}

void
unit_shape_marker_numbers(AtlBuffer *out, size_t size)
{
	unit_shape_begin(out, "\"markers\":[");
	for (uint32_t i = 0; out->size < size; i++)
	{
		begin_event(out, i);
		unit_append(out, ",\"value\":%u.%u}", i, i % 100);
	}
	end_events(out);
}

void
unit_shape_marker_types(AtlBuffer *out, size_t size)
{
	unit_shape_begin(out, "\"markers\":[");
	for (uint32_t i = 0; out->size < size; i++)
	{
		unit_shape_next(out);
		unit_append(out, "{\"timestamp\":0,\"type\":\"%u\"}", i);
	}
	end_events(out);
}

void
unit_shape_marker_exponents(AtlBuffer *out, size_t size)
{
	markers_with(out, size, ",\"value\":1e131071");
}

void
unit_shape_missing_members(AtlBuffer *out, size_t size)
{
	begin_events(out);
	unit_shape_repeat(out, size, "{}", "]}");
}

void
unit_shape_not_objects(AtlBuffer *out, size_t size)
{
	unit_shape_begin(out, "\"markers\":[");
	unit_shape_repeat(out, size, "0", "]}");
}
