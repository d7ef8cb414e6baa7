/*
 * test_work.c
 *		Long work: what is moved is right, and polls come often enough.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/base64.h"
#include "core/base/text.h"
#include "core/json/canonical.h"
#include "core/json/members.h"
#include "support.h"
#include "tests.h"

#define LARGE	(20 * (size_t) ATL_STRETCH + 17)

static void
test_counting(void)
{
	UnitHost	host;
	AtlWork		work = {0};

	unit_host_init(&host);
	work.host = &host.host;
	for (uint32_t i = 0; i < 10 * ATL_STRETCH; i += 64)
		atl_work(&work, 64);
	CHECK_INT(host.polls, 10);
	atl_work(&work, UINT64_MAX / 2);
	CHECK_INT(host.polls, 11);
	atl_work(&work, ATL_STRETCH - 1);
	CHECK_INT(host.polls, 11);
}

static void
test_bytes(void)
{
	UnitHost	host;
	uint8_t    *a = malloc(LARGE);
	uint8_t    *b = malloc(LARGE);

	unit_host_init(&host);
	for (size_t i = 0; i < LARGE; i++)
		a[i] = (uint8_t) (i * 31 + i / 977);
	atl_copy(&host.host, b, a, LARGE);
	CHECK(memcmp(a, b, LARGE) == 0);
	CHECK(host.polls >= 20);
	host.polls = 0;
	CHECK_INT(atl_compare(&host.host, a, b, LARGE), 0);
	CHECK(host.polls >= 20);
	b[LARGE - 1]++;
	CHECK(atl_compare(&host.host, a, b, LARGE) < 0);
	CHECK(atl_compare(&host.host, b, a, LARGE) > 0);
	CHECK_INT(atl_compare(&host.host, b, a, LARGE - 1), 0);
	host.polls = 0;
	atl_zero(&host.host, b, LARGE - 1);
	CHECK(b[0] == 0 && b[LARGE - 2] == 0 && b[LARGE - 1] != 0);
	CHECK(memcmp(b, b + 1, LARGE - 2) == 0);
	CHECK(host.polls >= 20);
	host.polls = 0;
	atl_copy(&host.host, b, a, 1000);
	atl_zero(&host.host, b, 0);
	CHECK_INT(host.polls, 0);
	free(a);
	free(b);
}

/* What goes over a long text says the same of it wherever a stretch ends, and polls. */
static void
test_texts(void)
{
	UnitHost	host;
	char	   *text = malloc(LARGE);
	AtlBuffer	out;

	unit_host_init(&host);
	atl_buffer_init(&out, &host.host);
	memset(text, 'x', LARGE);
	for (int shift = -3; shift <= 3; shift++)
	{
		AtlText		string = {text, (uint32_t) LARGE};
		size_t		at = (size_t) ((int) ATL_STRETCH * 3 + shift);

		unit_context("%d", shift);
		memcpy(text + at, "\xF0\x9F\x8E\xB5", 4);
		host.polls = 0;
		CHECK(atl_text_is_utf8(&host.host, string));
		CHECK(host.polls >= 19);
		host.polls = 0;
		CHECK(atl_json_is_plain(&host.host, string));
		CHECK(host.polls >= 19);
		text[at + 2] = '"';
		CHECK(!atl_text_is_utf8(&host.host, string));
		CHECK(!atl_json_is_plain(&host.host, string));
		out.size = 0;
		CHECK_INT(atl_json_append_string(&out, string), ATL_OK);
		CHECK_INT(out.size, LARGE + 3);
		CHECK(memcmp(out.bytes + 1 + at + 1, "\x9F\\\"\xB5", 4) == 0);
		memset(text + at, 'x', 4);
	}
	atl_buffer_free(&out);
	free(text);
}

static void
test_base64(void)
{
	UnitHost	host;
	AtlBuffer	in;
	AtlBuffer	text;
	AtlBuffer	out;

	unit_host_init(&host);
	atl_buffer_init(&in, &host.host);
	atl_buffer_init(&text, &host.host);
	atl_buffer_init(&out, &host.host);
	CHECK_INT(atl_buffer_append_zeros(&in, LARGE), ATL_OK);
	for (size_t i = 0; i < LARGE; i++)
		in.bytes[i] = (uint8_t) (i * 7);
	host.polls = 0;
	CHECK_INT(atl_base64_append(&text, in.bytes, (uint32_t) in.size), ATL_OK);
	CHECK(host.polls >= 20);
	host.polls = 0;
	CHECK_INT(atl_base64_decode(&out, (AtlText) {(char *) text.bytes, (uint32_t) text.size}), ATL_OK);
	CHECK(host.polls >= 20);
	CHECK(out.size == in.size && memcmp(out.bytes, in.bytes, in.size) == 0);
	atl_buffer_free(&in);
	atl_buffer_free(&text);
	atl_buffer_free(&out);
}

/* Escapes, quotes and brackets around the end of a stretch. */
static void
test_members(void)
{
	UnitHost	host;
	AtlBuffer	json;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	for (int shift = -4; shift <= 4; shift++)
	{
		AtlMemberScan scan;
		AtlJsonMember member;
		bool		found;

		unit_context("%d", shift);
		json.size = 0;
		unit_append(&json, "{\"a\":\"");
		while (json.size < (size_t) ((int) ATL_STRETCH + 4 + shift))
			unit_append(&json, "y");
		unit_append(&json, "\\\"\\\\\",\"b\":[\"]\",{\"c\":\"");
		while (json.size < 3 * (size_t) ATL_STRETCH)
			unit_append(&json, "0123456789012345678901234567890123456789");
		unit_append(&json, "\"}],\"c\":");
		while (json.size < 6 * (size_t) ATL_STRETCH)
			unit_append(&json, "0123456789012345678901234567890123456789");
		unit_append(&json, "}");
		host.polls = 0;
		CHECK_INT(atl_members_begin(&scan, &host.host, (AtlText) {(char *) json.bytes, (uint32_t) json.size}), ATL_OK);
		for (char key = 'a'; key <= 'c'; key++)
		{
			CHECK_INT(atl_members_next(&scan, &member, &found), ATL_OK);
			if (CHECK(found))
				CHECK(member.key.size == 1 && member.key.text[0] == key);
		}
		CHECK_INT(atl_members_next(&scan, &member, &found), ATL_OK);
		CHECK(!found);
		CHECK(host.polls >= 4);
	}
	atl_buffer_free(&json);
}

const UnitTest unit_work_tests[] = {
	{"work: polls after each stretch", test_counting},
	{"work: bytes that are copied, compared, cleared", test_bytes},
	{"work: long texts", test_texts},
	{"work: long base64", test_base64},
	{"work: long members", test_members},
	UNIT_END
};
