/*
 * test_hash.c
 *		The hash: known values, keys, and names that were made to collide.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "golden.h"
#include "tests.h"

/* Bytes 0, 1, 2, ... under the key 0, 1, ..., 15, which unit_host_init gives: computed apart. */
static void
test_known(void)
{
	static const struct
	{
		uint32_t	size;
		uint64_t	hash;
	}			known[] = {
		{0, UINT64_C(0xabac0158050fc4dc)},
		{1, UINT64_C(0xc9f49bf37d57ca93)},
		{7, UINT64_C(0xd3927d989bb11140)},
		{8, UINT64_C(0x369095118d299a8e)},
		{15, UINT64_C(0xd320d86d2a519956)},
		{63, UINT64_C(0x9d199062b7bbb3a8)},
	};
	UnitHost	host;
	char		bytes[64];

	unit_host_init(&host);
	for (int i = 0; i < 64; i++)
		bytes[i] = (char) i;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
	{
		unit_context("%u bytes", (unsigned) known[i].size);
		CHECK(atl_hash(&host.host, (AtlText) {bytes, known[i].size}) == known[i].hash);
	}
}

/* FNV-1a as tables of types once used it. */
static uint64_t
fnv(const char *name)
{
	uint64_t	hash = UINT64_C(0xcbf29ce484222325);

	for (; *name != '\0'; name++)
		hash = (hash ^ (uint8_t) *name) * UINT64_C(0x100000001b3);
	return hash ^ hash >> 29;
}

#define NAME_SIZE	16

/* Names that all stand in one of 256 places of any smaller table under FNV-1a, or any names. */
static char *
make_names(uint32_t num, bool colliding)
{
	char	   *names = malloc((size_t) num * NAME_SIZE);
	uint64_t	number = 0;

	for (uint32_t i = 0; i < num; number++)
	{
		char	   *name = names + (size_t) i * NAME_SIZE;

		snprintf(name, NAME_SIZE, "%llx", (unsigned long long) number);
		i += !colliding || (fnv(name) & 0xFF) == 0x5A;
	}
	return names;
}

static size_t
document(AtlBuffer *json, const char *names, uint32_t num)
{
	json->size = 0;
	unit_append(json, "{\"duration\":1,\"sampleRate\":1,\"events\":[");
	for (uint32_t i = 0; i < num; i++)
		unit_append(json, "%s{\"timestamp\":0,\"type\":\"%s\"}", i == 0 ? "" : ",", names + (size_t) i * NAME_SIZE);
	unit_append(json, "]}");
	return json->size;
}

/*
 * How many bytes of names the table compares cannot be seen from here; but the
 * places that the names want can: none may be wanted by many.
 */
static void
test_spread(void)
{
	enum
	{
		NUM = 4096
	};
	char	   *names = make_names(NUM, true);
	UnitHost	host;

	unit_host_init(&host);
	for (int key = 0; key < 20; key++)
	{
		uint32_t	places[2 * NUM] = {0};
		uint32_t	most = 0;

		host.host.seeds[0] = unit_random();
		host.host.seeds[1] = unit_random();
		for (uint32_t i = 0; i < NUM; i++)
		{
			const char *name = names + (size_t) i * NAME_SIZE;
			uint32_t   *place = &places[atl_hash(&host.host, (AtlText) {name, (uint32_t) strlen(name)}) % (2 * NUM)];

			if (++*place > most)
				most = *place;
		}
		unit_context("key %d", key);
		CHECK(most <= 12);
	}
	free(names);
}

/* Many types go in and come out, and the stored bytes do not depend on the key. */
static void
many_types(uint32_t num, bool colliding)
{
	char	   *names = make_names(num, colliding);
	UnitHost	host;
	AtlBuffer	json;
	UnitImage	images[2];
	AtlView		view;
	uint32_t	types;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	document(&json, names, num);
	for (int i = 0; i < 2; i++)
	{
		CHECK_INT(unit_image_from_text(&host, (char *) json.bytes, json.size, &images[i], NULL), ATL_OK);
		host.host.seeds[0] = unit_random();
		host.host.seeds[1] = unit_random();
	}
	CHECK(images[0].size == images[1].size && memcmp(images[0].bytes, images[1].bytes, images[0].size) == 0);
	CHECK_INT(atl_view_open(&view, atl_memory_source(images[0].bytes, images[0].size)), ATL_OK);
	CHECK_INT(atl_track_num_types(&view, ATL_EVENTS, &types), ATL_OK);
	CHECK_INT(types, num);
	unit_image_free(&images[0]);
	unit_image_free(&images[1]);
	atl_buffer_free(&json);
	free(names);
}

static void
test_types(void)
{
	many_types(32768, true);
	many_types(200000, false);
}

/* The golden documents, under other keys: the same images. */
static void
test_images(void)
{
	const char *name;

	for (size_t i = 0; (name = unit_golden_document(i)) != NULL; i++)
	{
		size_t		size;
		char	   *json = unit_file_read(name, &size);
		UnitImage	first = {0};

		unit_context("%s", name);
		for (int key = 0; json != NULL && key < 3; key++)
		{
			UnitHost	host;
			UnitImage	image;

			unit_host_init(&host);
			if (key > 0)
				host.host.seeds[0] = host.host.seeds[1] = unit_random();
			CHECK_INT(unit_image_from_text(&host, json, size, &image, NULL), ATL_OK);
			if (key == 0)
				first = image;
			else
			{
				CHECK(image.size == first.size && memcmp(image.bytes, first.bytes, image.size) == 0);
				unit_image_free(&image);
			}
		}
		unit_image_free(&first);
		free(json);
	}
}

const UnitTest unit_hash_tests[] = {
	{"hash: SipHash-1-3", test_known},
	{"hash: names that collide under FNV-1a spread under any key", test_spread},
	{"hash: 200,000 types, and 32,768 that collide under FNV-1a", test_types},
	{"hash: the key changes no image", test_images},
	UNIT_END
};
