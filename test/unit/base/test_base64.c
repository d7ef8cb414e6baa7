/*
 * test_base64.c
 *		Base64: both ways, and only the canonical form.
 */
#include <stdlib.h>
#include <string.h>

#include "core/codec/encoding.h"
#include "core/base/base64.h"
#include "support.h"
#include "tests.h"

static AtlStatus
decode(UnitHost *host, const char *text, size_t size, AtlBuffer *out)
{
	/* A block of its own, so that reading past its end is noticed. */
	char	   *copy = malloc(size == 0 ? 1 : size);
	AtlText		input = {copy, (uint32_t) size};
	AtlStatus	status;

	if (size > 0)
		memcpy(copy, text, size);
	atl_buffer_init(out, &host->host);
	status = atl_base64_decode(out, input);
	free(copy);
	return status;
}

static void
test_vectors(void)
{
	static const char *const vectors[][2] = {	/* RFC 4648, section 10 */
		{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
		{"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
		{"\xFB\xFF", "+/8="},
	};
	UnitHost	host;

	unit_host_init(&host);
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
	{
		AtlBuffer	text;
		AtlBuffer	bytes;

		unit_context("%s", vectors[i][1]);
		atl_buffer_init(&text, &host.host);
		CHECK_INT(atl_base64_append(&text, (const uint8_t *) vectors[i][0], (uint32_t) strlen(vectors[i][0])), ATL_OK);
		CHECK_STRING(text.bytes, text.size, vectors[i][1]);
		CHECK_INT(decode(&host, vectors[i][1], strlen(vectors[i][1]), &bytes), ATL_OK);
		CHECK_STRING(bytes.bytes, bytes.size, vectors[i][0]);
		atl_buffer_free(&text);
		atl_buffer_free(&bytes);
	}
}

static void
test_round_trip(void)
{
	UnitHost	host;
	uint8_t		bytes[300];

	unit_host_init(&host);
	for (uint32_t size = 0; size <= sizeof(bytes); size++)
	{
		AtlBuffer	text;
		AtlBuffer	back;

		for (uint32_t i = 0; i < size; i++)
			bytes[i] = (uint8_t) unit_random();
		atl_buffer_init(&text, &host.host);
		CHECK_INT(atl_base64_append(&text, bytes, size), ATL_OK);
		CHECK_INT(text.size, (size + 2) / 3 * 4);
		CHECK_INT(decode(&host, (const char *) text.bytes, text.size, &back), ATL_OK);
		CHECK(back.size == size && (size == 0 || memcmp(back.bytes, bytes, size) == 0));
		atl_buffer_free(&text);
		atl_buffer_free(&back);
	}
	CHECK_INT(host.blocks, 0);
}

static void
test_refused(void)
{
	static const char *const refused[] = {
		"A", "AA", "AAA", "AAAAA", "Zg=", "Zg", "====", "A===", "=AAA", "A=AA", "AA=A", "AA==AAAA",
		"Zh==", "Zm9=", "Zg==\n", "Zg= =", " Zg=", "Zm9-", "Zm9_", "Zm9\xFF", "Zm9*", "Zm8=Zm8=",
	};
	UnitHost	host;

	unit_host_init(&host);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
	{
		AtlBuffer	out;

		unit_context("%s", refused[i]);
		CHECK_INT(decode(&host, refused[i], strlen(refused[i]), &out), ATL_INVALID);
		atl_buffer_free(&out);
	}
}

/* Every byte in every place of a group: what decodes encodes to itself. */
static void
test_one_text_per_value(void)
{
	UnitHost	host;
	int			accepted = 0;

	unit_host_init(&host);
	for (int place = 0; place < 12; place++)
		for (int byte = 0; byte < 256; byte++)
		{
			char		text[13] = "AQIDAQI=AQ==";
			AtlBuffer	out;
			AtlBuffer	back;
			uint32_t	group = (uint32_t) place / 4 * 4;

			text[place] = (char) byte;
			if (decode(&host, text + group, 4, &out) == ATL_OK)
			{
				accepted++;
				atl_buffer_init(&back, &host.host);
				CHECK_INT(atl_base64_append(&back, out.bytes, (uint32_t) out.size), ATL_OK);
				CHECK(back.size == 4 && memcmp(back.bytes, text + group, 4) == 0);
				atl_buffer_free(&back);
			}
			atl_buffer_free(&out);
		}

	/*
	 * Whole group: any digit, and the last may be padding.  One padded place:
	 * one digit in four before it, or a second one.  Two: one in sixteen.
	 */
	CHECK_INT(accepted, (64 + 64 + 64 + 65) + (64 + 64 + 17 + 65) + (64 + 4 + 17 + 1));
}

const UnitTest unit_base64_tests[] = {
	{"base64: the vectors of RFC 4648", test_vectors},
	{"base64: round trips", test_round_trip},
	{"base64: other forms are refused", test_refused},
	{"base64: one text for each value", test_one_text_per_value},
	UNIT_END
};
