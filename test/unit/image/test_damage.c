/*
 * test_damage.c
 *		Images that are not what the writer wrote.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "golden.h"
#include "read_all.h"
#include "tests.h"

/* Larger documents would only take longer. */
#define MAX_IMAGE	2000

static bool
printed_same(UnitHost *host, const UnitImage *a, const UnitImage *b)
{
	AtlView		views[2];
	AtlBuffer	texts[2];
	bool		same;

	for (int i = 0; i < 2; i++)
	{
		const UnitImage *image = i == 0 ? a : b;

		atl_buffer_init(&texts[i], &host->host);
		CHECK_INT(atl_view_open(&views[i], atl_memory_source(image->bytes, image->size)), ATL_OK);
		CHECK_INT(atl_print(&views[i], &texts[i]), ATL_OK);
	}
	same = texts[0].size == texts[1].size && memcmp(texts[0].bytes, texts[1].bytes, texts[0].size) == 0;
	atl_buffer_free(&texts[0]);
	atl_buffer_free(&texts[1]);
	return same;
}

/*
 * A changed image is refused, or it is the very image of another document: a
 * byte of a name or number may have become another name or number.
 */
static bool
check_changed(UnitHost *host, const UnitImage *changed, const UnitImage *original)
{
	AtlStatus	validated;

	unit_read_all(host, changed->bytes, changed->size, &validated);
	CHECK_INT(host->blocks, 0);
	if (validated != ATL_OK)
		return true;
	CHECK(unit_prints_itself(host, changed->bytes, changed->size));
	CHECK(!printed_same(host, changed, original));
	return false;
}

static void
change_each_byte(const UnitImage *original, uint32_t *refused, uint32_t *tried)
{
	UnitHost	host;
	UnitImage	changed = {malloc(original->size), original->size};

	unit_host_init(&host);
	memcpy(changed.bytes, original->bytes, original->size);
	for (uint32_t at = 0; at < original->size; at++)
	{
		uint8_t		before = original->bytes[at];
		uint8_t		values[] = {before ^ 0x01, before ^ 0x80, (uint8_t) unit_random()};

		for (size_t i = 0; i < sizeof(values); i++)
		{
			if (values[i] == before)
				continue;
			unit_context("byte %u: %02x for %02x", (unsigned) at, values[i], before);
			changed.bytes[at] = values[i];
			*refused += check_changed(&host, &changed, original);
			++*tried;
		}
		changed.bytes[at] = before;
	}
	unit_image_free(&changed);
}

static void
test_each_byte(void)
{
	const char *document;
	uint32_t	refused = 0;
	uint32_t	tried = 0;

	for (size_t i = 0; (document = unit_golden_document(i)) != NULL; i++)
	{
		UnitHost	host;
		UnitImage	image;

		unit_host_init(&host);
		image = unit_golden_image(&host, document);
		if (image.size > 0 && image.size <= MAX_IMAGE)
			change_each_byte(&image, &refused, &tried);
		unit_image_free(&image);
	}
	unit_context("%u of %u refused", (unsigned) refused, (unsigned) tried);
	CHECK(tried > 5000 && refused > tried / 2);
}

/*
 * Where nothing but the format itself stands: header (but for duration,
 * sample rate and which members are there), section table, and the index.
 */
static void
test_structure(void)
{
	static const char json[] =
		"{\"duration\":5,\"sampleRate\":44100,\"events\":[{\"timestamp\":1,\"type\":\"a\"},{\"timestamp\":2,\"type\":\"b\",\"duration\":1}]}";
	UnitTimeline timeline;
	UnitImage	changed;
	AtlSpan		index;

	if (!CHECK(unit_open(&timeline, json, strlen(json))))
		return;
	index = timeline.view.sections[ATL_EVENT_INDEX];
	changed.size = timeline.image.size;
	changed.bytes = malloc(changed.size);
	for (uint32_t at = 0; at < index.offset + index.size; at++)
	{
		bool		format = at < 8 || (at >= 21 && at < ATL_HEADER_SIZE + 4 * ATL_SECTION_ENTRY_SIZE) || at >= index.offset;

		for (int bit = 0; bit < 8 && format; bit++)
		{
			unit_context("byte %u, bit %d", (unsigned) at, bit);
			memcpy(changed.bytes, timeline.image.bytes, changed.size);
			changed.bytes[at] ^= (uint8_t) (1 << bit);
			CHECK(check_changed(&timeline.host, &changed, &timeline.image));
		}
	}
	unit_image_free(&changed);
	unit_close(&timeline);
}

/* Every prefix is refused: as it is, and when its header claims to be whole. */
static void
check_prefix(const UnitImage *image, uint32_t size)
{
	UnitHost	host;
	UnitImage	prefix = {malloc(size == 0 ? 1 : size), size};
	AtlStatus	validated;

	unit_host_init(&host);
	if (size > 0)
		memcpy(prefix.bytes, image->bytes, size);
	CHECK(unit_read_all(&host, prefix.bytes, size, &validated) != ATL_OK);
	if (size >= 8)
	{
		atl_store_u32(prefix.bytes + 4, size);
		unit_read_all(&host, prefix.bytes, size, &validated);
		CHECK(validated != ATL_OK);
	}
	unit_image_free(&prefix);
}

static void
test_prefixes(void)
{
	const char *document;

	for (size_t i = 0; (document = unit_golden_document(i)) != NULL; i++)
	{
		UnitHost	host;
		UnitImage	image;

		unit_host_init(&host);
		image = unit_golden_image(&host, document);
		for (uint32_t size = 0; size < image.size; size++)
			check_prefix(&image, size);
		unit_image_free(&image);
	}
}

/* Bytes behind the end are refused too, and so is an image of no bytes. */
static void
test_longer(void)
{
	UnitHost	host;
	UnitImage	image;
	AtlStatus	validated;
	uint8_t    *longer;

	unit_host_init(&host);
	image = unit_golden_image(&host, unit_golden_document(0));
	longer = calloc(1, image.size + 8);
	memcpy(longer, image.bytes, image.size);
	CHECK_INT(unit_read_all(&host, longer, image.size + 8, &validated), ATL_DAMAGED);
	atl_store_u32(longer + 4, image.size + 8);
	unit_read_all(&host, longer, image.size + 8, &validated);
	CHECK_INT(validated, ATL_DAMAGED);
	CHECK_INT(unit_read_all(&host, longer, 0, &validated), ATL_DAMAGED);
	free(longer);
	unit_image_free(&image);
}

typedef struct Change
{
	uint32_t	offset;
	uint8_t		value;
	AtlStatus	status;			/* of opening, or of the feature or walk */
} Change;

/* What a later version writes is told from damage. */
static void
test_versions(void)
{
	static const Change changes[] = {
		{0, 'B', ATL_DAMAGED}, {1, 'U', ATL_DAMAGED}, {2, 2, ATL_UNSUPPORTED}, {2, 0, ATL_UNSUPPORTED},
		{3, 1, ATL_UNSUPPORTED}, {3, 0x80, ATL_UNSUPPORTED}, {4, 1, ATL_DAMAGED}, {15, 0xC0, ATL_DAMAGED},
		{15, 0x7F, ATL_OK}, {19, 0x80, ATL_DAMAGED}, {20, 16, ATL_DAMAGED}, {40, 1, ATL_DAMAGED}, {47, 1, ATL_DAMAGED},
	};
	static const struct
	{
		double		time;
		AtlStatus	status;
	}			starts[] = {{0, ATL_OK}, {-1e9, ATL_OK}, {5e-324, ATL_DAMAGED}, {-INFINITY, ATL_DAMAGED}, {NAN, ATL_DAMAGED}};
	UnitHost	host;
	UnitImage	image;
	AtlView		view;

	unit_host_init(&host);
	image = unit_golden_image(&host, unit_golden_document(0));
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
	{
		uint8_t		before = image.bytes[changes[i].offset];

		unit_context("byte %u is %u", (unsigned) changes[i].offset, changes[i].value);
		image.bytes[changes[i].offset] = changes[i].value;
		CHECK_INT(atl_view_open(&view, atl_memory_source(image.bytes, image.size)), changes[i].status);
		image.bytes[changes[i].offset] = before;
	}
	image.bytes[20] |= ATL_HAS_START;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
	{
		unit_context("start time %g", starts[i].time);
		atl_store_f64(image.bytes + 40, starts[i].time);
		CHECK_INT(atl_view_open(&view, atl_memory_source(image.bytes, image.size)), starts[i].status);
	}
	atl_store_f64(image.bytes + 40, 0);
	/* No time: infinite, NaN, negative. */
	atl_store_u64(image.bytes + 8, UINT64_C(0x7FF0000000000000));
	CHECK_INT(atl_view_open(&view, atl_memory_source(image.bytes, image.size)), ATL_DAMAGED);
	atl_store_u64(image.bytes + 8, ATL_NAN_NUMBER_64);
	CHECK_INT(atl_view_open(&view, atl_memory_source(image.bytes, image.size)), ATL_DAMAGED);
	unit_image_free(&image);
}

/* Codes of a later writer, where a reader meets them. */
static void
test_codes(void)
{
	static const char json[] =
		"{\"duration\":5,\"sampleRate\":1,\"events\":[{\"timestamp\":1,\"type\":\"a\"}],\"features\":{\"f\":{\"hop\":1,\"values\":[1,2]}}}";
	static const Change changes[] = {
		{40, 0, ATL_UNSUPPORTED}, {40, ATL_ENCODINGS, ATL_UNSUPPORTED}, {41, 0, ATL_UNSUPPORTED}, {41, 2, ATL_DAMAGED}, {41, 3, ATL_UNSUPPORTED}, {43, 0x80, ATL_UNSUPPORTED},
		{34, 1, ATL_DAMAGED}, {36, 0, ATL_DAMAGED}, {36, 2, ATL_DAMAGED}, {112, 1, ATL_DAMAGED}, {116, 0, ATL_DAMAGED},
		{116, 2, ATL_DAMAGED}, {120, 1, ATL_DAMAGED}, {132, 1, ATL_DAMAGED},
		{55, 0xBF, ATL_DAMAGED}, {63, 0xC0, ATL_DAMAGED}, {0, 99, ATL_DAMAGED},
	};

	/*
	 * Items, masks, columns, layout; then the first column, and the id of the
	 * second.
	 */
	static const Change blocks[] = {
		{4, 2, ATL_DAMAGED}, {5, 1, ATL_DAMAGED}, {5, 255, ATL_DAMAGED}, {6, 0, ATL_DAMAGED}, {6, 3, ATL_DAMAGED},
		{6, ATL_MAX_COLUMNS + 1, ATL_DAMAGED}, {7, 1, ATL_UNSUPPORTED}, {9, ATL_COLUMN_CODECS, ATL_UNSUPPORTED},
		{8, ATL_COLUMN_MEMBER, ATL_DAMAGED}, {10, 1, ATL_DAMAGED}, {11, 65, ATL_DAMAGED},
		{12, ATL_MAX_EXPONENT + 1, ATL_DAMAGED}, {13, 0x80, ATL_DAMAGED},
	};
	UnitTimeline timeline;

	if (!CHECK(unit_open(&timeline, json, strlen(json))))
		return;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
	{
		uint8_t    *at = timeline.image.bytes + timeline.view.sections[ATL_FEATURE_ENTRIES].offset + changes[i].offset;
		uint8_t		before = *at;
		AtlFeature	feature;

		unit_context("feature entry, byte %u is %u", (unsigned) changes[i].offset, changes[i].value);
		*at = changes[i].value;
		/* A sample, which is a second here, before the start is rounding. */
		if (changes[i].offset == 63)
			at[-1] = 0xF0;
		CHECK_INT(atl_feature_get(&timeline.view, 0, &feature), changes[i].status);
		*at = before;
		if (changes[i].offset == 63)
			at[-1] = 0;
	}
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
	{
		uint8_t    *at = timeline.image.bytes + timeline.view.sections[ATL_EVENT_BLOCKS].offset + blocks[i].offset;
		uint8_t		before = *at;
		AtlWalk		walk;
		AtlItem		item;
		bool		found;

		unit_context("block, byte %u is %u", (unsigned) blocks[i].offset, blocks[i].value);
		*at = blocks[i].value;
		CHECK_INT(atl_walk_begin(&walk, &timeline.view, ATL_EVENTS, atl_filter_all(), NULL), ATL_OK);
		CHECK_INT(atl_walk_next(&walk, &item, &found), blocks[i].status);
		*at = before;
	}
	unit_close(&timeline);
}

/* Random bytes behind a good header and section table. */
static void
test_noise(void)
{
	UnitHost	host;
	UnitImage	image;
	UnitImage	noise;

	unit_host_init(&host);
	image = unit_golden_image(&host, unit_golden_document(1));
	noise.size = image.size;
	noise.bytes = malloc(noise.size);
	for (int round = 0; round < 2000; round++)
	{
		uint32_t	sections = atl_load_u32(image.bytes + 36);
		uint32_t	start = ATL_HEADER_SIZE + sections * ATL_SECTION_ENTRY_SIZE;

		unit_context("round %d", round);
		memcpy(noise.bytes, image.bytes, image.size);
		for (uint32_t i = start + unit_random_below(image.size - start), n = unit_random_below(40); n > 0 && i < image.size; i++, n--)
			noise.bytes[i] = (uint8_t) unit_random();
		if (memcmp(noise.bytes, image.bytes, image.size) != 0)
			check_changed(&host, &noise, &image);
	}
	unit_image_free(&noise);
	unit_image_free(&image);
}

/* An infinity, which no text can bring, in a piece whose words lie open. */
static void
test_infinity(void)
{
	static const char json[] =
		"{\"duration\":5,\"sampleRate\":1,\"features\":{\"f\":{\"hop\":1,\"values\":[1.1754943508222875e-38,-3.4028234663852886e38,0.5]}}}";
	UnitTimeline timeline;
	uint8_t    *piece;
	AtlProblem	problem;
	uint32_t	depth;

	if (!CHECK(unit_open(&timeline, json, strlen(json))))
		return;
	piece = timeline.image.bytes + timeline.view.sections[ATL_FEATURE_DATA].offset;
	CHECK_INT(piece[0], ATL_PIECE_RAW);
	CHECK_INT(atl_validate(&timeline.view, timeline.image.bytes, &timeline.host.host, &problem, &depth), ATL_OK);
	atl_store_u32(piece + ATL_PIECE_HEADER_SIZE + 4, UINT32_C(0x7F800000));
	CHECK_INT(atl_validate(&timeline.view, timeline.image.bytes, &timeline.host.host, &problem, &depth), ATL_INVALID);
	CHECK_INT(problem.code, ATL_PROBLEM_NOT_FINITE);
	CHECK_STRING(problem.path, strlen(problem.path), "features.f.values[1]");
	unit_close(&timeline);
}

/* A node of the times' summary begins where the first one below it does. */
static void
test_rising_nodes(void)
{
	UnitHost	host;
	AtlBuffer	json;
	UnitTimeline timeline;
	AtlFeature	feature;
	AtlFeature	times;
	uint8_t    *node;
	uint32_t	frame;

	unit_host_init(&host);
	atl_buffer_init(&json, &host.host);
	unit_append(&json, "{\"duration\":2000,\"sampleRate\":1,\"features\":{\"f\":{\"times\":[0");
	for (int i = 1; i < 2000; i++)
		unit_append(&json, ",%d", i);
	unit_append(&json, "],\"values\":[0");
	for (int i = 1; i < 2000; i++)
		unit_append(&json, ",%d", i);
	unit_append(&json, "]}}}");
	if (CHECK(unit_open(&timeline, (const char *) json.bytes, json.size)) &&
		CHECK_INT(atl_feature_get(&timeline.view, 0, &feature), ATL_OK) &&
		CHECK_INT(atl_feature_times(&timeline.view, &feature, &times), ATL_OK))
	{
		CHECK_INT(atl_feature_first_frame(&timeline.view, &feature, 1500, &frame), ATL_OK);
		CHECK_INT(frame, 1500);

		/*
		 * Minimum, maximum and mean of 128 frames each: the node of frame
		 * 1024.
		 */
		node = timeline.image.bytes + timeline.view.sections[ATL_FEATURE_SUMMARY].offset + times.summary + 8 * 24;
		CHECK(atl_load_f64(node) == 1024);
		atl_store_f64(node, 1600);
		CHECK_INT(atl_feature_first_frame(&timeline.view, &feature, 1500, &frame), ATL_DAMAGED);
		CHECK_INT(atl_feature_first_frame(&timeline.view, &feature, 500, &frame), ATL_OK);
	}
	unit_close(&timeline);
	atl_buffer_free(&json);
}

const UnitTest unit_damage_tests[] = {
	{"damage: an infinite number among stored ones is refused by the rules", test_infinity},
	{"damage: each byte changed", test_each_byte},
	{"damage: each bit of header, table and index", test_structure},
	{"damage: each prefix", test_prefixes},
	{"damage: bytes behind the end", test_longer},
	{"damage: other versions", test_versions},
	{"damage: codes of a later writer", test_codes},
	{"damage: runs of noise", test_noise},
	{"damage: a summary of times that does not rise", test_rising_nodes},
	UNIT_END
};
