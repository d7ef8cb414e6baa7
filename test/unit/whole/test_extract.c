/*
 * test_extract.c
 *		One member of a document, or one feature, without the rest.
 */
#include <string.h>

#include "core/json/members.h"
#include "core/json/write.h"
#include "random_document.h"
#include "tests.h"

#define ROUNDS	1000

/* A document, its own text, and where extracts are printed. */
typedef struct Case
{
	UnitTimeline timeline;
	AtlBuffer	whole;
	AtlBuffer	part;
} Case;

static void
check_printed(Case *it, const AtlExtract *extract, AtlText value)
{
	AtlJsonWriter writer;
	AtlSink		sink = atl_json_writer(&writer, &it->part);

	it->part.size = 0;
	CHECK_INT(atl_extract_push(&it->timeline.view, &it->timeline.host.host, extract, &sink), ATL_OK);
	CHECK(it->part.size == value.size && memcmp(it->part.bytes, value.text, value.size) == 0);
}

static AtlExtractKind
find(Case *it, AtlText key, AtlExtract *extract)
{
	CHECK_INT(atl_extract_find(&it->timeline.view, &it->timeline.host.host, key, extract), ATL_OK);
	return extract->kind;
}

/* Each feature by its name; features is their text. */
static void
check_features(Case *it, AtlText features)
{
	AtlMemberScan scan;
	AtlJsonMember member;
	AtlExtract	extract;
	bool		found = true;

	CHECK_INT(atl_members_begin(&scan, &it->timeline.host.host, features), ATL_OK);
	while (found && CHECK_INT(atl_members_next(&scan, &member, &found), ATL_OK) && found)
	{
		if (member.escaped)
			continue;
		CHECK_INT(atl_extract_find_feature(&it->timeline.view, member.key, &extract), ATL_OK);
		if (CHECK_INT(extract.kind, ATL_EXTRACT_FEATURE))
			check_printed(it, &extract, member.value);
	}
	CHECK_INT(atl_extract_find_feature(&it->timeline.view, (AtlText) {"no such", 7}, &extract), ATL_OK);
	CHECK_INT(extract.kind, ATL_EXTRACT_NONE);
}

/* Each member of the printed text is found by its key, and prints as it stands there. */
static void
check_document(const char *json, size_t size)
{
	Case		it;
	AtlMemberScan scan;
	AtlJsonMember member;
	AtlExtract	extract;
	bool		found = true;

	if (!CHECK(unit_open(&it.timeline, json, size)))
		return;
	atl_buffer_init(&it.whole, &it.timeline.host.host);
	atl_buffer_init(&it.part, &it.timeline.host.host);
	CHECK_INT(atl_print(&it.timeline.view, &it.whole), ATL_OK);
	CHECK_INT(atl_members_begin(&scan, &it.timeline.host.host,
								(AtlText) {(char *) it.whole.bytes, (uint32_t) it.whole.size}), ATL_OK);
	while (found && CHECK_INT(atl_members_next(&scan, &member, &found), ATL_OK) && found)
	{
		if (member.escaped || !CHECK(find(&it, member.key, &extract) != ATL_EXTRACT_NONE))
			continue;
		check_printed(&it, &extract, member.value);
		if (extract.kind == ATL_EXTRACT_FEATURES)
			check_features(&it, member.value);
	}
	CHECK_INT(find(&it, (AtlText) {"no such", 7}, &extract), ATL_EXTRACT_NONE);
	atl_buffer_free(&it.part);
	atl_buffer_free(&it.whole);
	unit_close(&it.timeline);
}

static void
test_random(void)
{
	for (int round = 0; round < ROUNDS; round++)
	{
		UnitHost	host;
		AtlBuffer	json;

		unit_host_init(&host);
		atl_buffer_init(&json, &host.host);
		unit_random_document(&json);
		unit_context("round %d", round);
		check_document((const char *) json.bytes, json.size);
		atl_buffer_free(&json);
	}
}

/* Keys that must be escaped, keys that are parts of others, and members given as null. */
static void
test_keys(void)
{
	static const char json[] = "{\"duration\":1,\"sampleRate\":1,\"events\":null,\"features\":null,\"metadata\":null,"
		"\"a\\\"b\\n\":1,\"a\":[2],\"ab\":\"3\"}";
	static const struct
	{
		AtlText		key;
		AtlText		value;
	}			members[] = {
		{{"a\"b\n", 4}, {"1", 1}},
		{{"a", 1}, {"[2]", 3}},
		{{"ab", 2}, {"\"3\"", 3}},
		{{"events", 6}, {"null", 4}},
		{{"features", 8}, {"null", 4}},
		{{"metadata", 8}, {"null", 4}},
	};
	Case		it;
	AtlExtract	extract;

	if (!CHECK(unit_open(&it.timeline, json, sizeof(json) - 1)))
		return;
	atl_buffer_init(&it.part, &it.timeline.host.host);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (CHECK_INT(find(&it, members[i].key, &extract), ATL_EXTRACT_JSON))
			check_printed(&it, &extract, members[i].value);
	CHECK_INT(find(&it, (AtlText) {"markers", 7}, &extract), ATL_EXTRACT_NONE);
	CHECK_INT(find(&it, (AtlText) {"abc", 3}, &extract), ATL_EXTRACT_NONE);
	CHECK_INT(find(&it, (AtlText) {"a\\\"b\\n", 6}, &extract), ATL_EXTRACT_NONE);
	atl_buffer_free(&it.part);
	unit_close(&it.timeline);
}

const UnitTest unit_extract_tests[] = {
	{"extract: members of random documents", test_random},
	{"extract: keys with escapes, and null", test_keys},
	UNIT_END
};
