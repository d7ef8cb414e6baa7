/*
 * stretch.c
 *		How long the core works between two polls, on documents made to be slow.
 *
 * The core is compiled with a call in each basic block (-fsanitize-coverage=
 * trace-pc), and a byte that libc moves counts as one.  So the longest stretch
 * without a poll is a number, the same in every run, and no clock is asked.  A
 * block takes about a nanosecond.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/json/write.h"
#include "support.h"

/* What a stretch may be: a few milliseconds, and less than a byte of a document each. */
#define LIMIT	4000000

/* Documents are about so large: a loop over the bytes of one is over the limit. */
#define SIZE	(6 << 20)

static uint64_t blocks;			/* since the last poll */
static uint64_t longest;
static const char *phase;
static const char *longest_phase;

/* The counted copy of the core calls these, see counted.h. */
extern void __sanitizer_cov_trace_pc(void);
extern void unit_count_bytes(size_t bytes);

void
__sanitizer_cov_trace_pc(void)
{
	blocks++;
}

void
unit_count_bytes(size_t bytes)
{
	blocks += bytes;
}

static void
end_stretch(void)
{
	if (blocks > longest)
	{
		longest = blocks;
		longest_phase = phase;
	}
	blocks = 0;
}

static void
poll(void *context)
{
	end_stretch();
}

static void
begin_phase(const char *name)
{
	end_stretch();
	phase = name;
}


/*
 * What is done with a document
 */

static void
lint(const AtlHost *host, AtlText json)
{
	AtlBuilder *builder = atl_build_begin(host, true);
	AtlJsonStop stop;
	AtlStatus	status;
	uint32_t	size;

	begin_phase("collecting");
	status = atl_json_read_to_stop(atl_build_sink(builder), host, json, &stop);
	if (status == ATL_OK)
		atl_build_finish(builder, &size);
	begin_phase("explaining");
	if (status == ATL_DAMAGED)
		atl_build_not_json(builder, json, stop);
	begin_phase("lint");
	atl_build_lint(builder);
	begin_phase("problems");
	for (size_t i = 0; i < atl_build_num_problems(builder) && i < 1000; i++)
	{
		AtlProblem	problem;

		poll(NULL);
		atl_build_problem(builder, i, &problem);
	}
	atl_build_free(builder);
	begin_phase("");
}

/* One round of repairs, and the list of changes. */
static void
repair(const AtlHost *host, AtlText json)
{
	AtlRepairer *repairer = atl_repair_begin(host, ATL_REPAIR_BIT(ATL_REPAIRS) - 1);
	AtlBuilder *builder = atl_build_begin(host, true);
	AtlJsonWriter writer;
	AtlBuffer	out;
	AtlSink		sink;
	uint32_t	size;
	size_t		edits;

	atl_buffer_init(&out, host);
	sink = atl_json_writer(&writer, &out);
	atl_build_keep_all(builder);
	begin_phase("finding all problems");
	if (atl_json_read(atl_build_sink(builder), host, json) == ATL_OK)
		atl_build_finish(builder, &size);
	begin_phase("planning repairs");
	atl_repair_plan(repairer, builder, &edits);
	begin_phase("repairing");
	atl_json_read(atl_repair_sink(repairer, &sink), host, json);
	begin_phase("listing changes");
	atl_repair_changes(repairer, &out);
	begin_phase("");
	atl_buffer_free(&out);
	atl_build_free(builder);
	atl_repair_free(repairer);
	begin_phase("");
}

static bool
build(const AtlHost *host, AtlText json, const AtlEncodingRule *rule, UnitImage *image)
{
	AtlBuilder *builder = atl_build_begin(host, false);
	AtlStatus	status;

	atl_build_set_rule(builder, rule);
	begin_phase(rule == NULL ? "reading" : "reading by a rule");
	status = atl_json_read(atl_build_sink(builder), host, json);
	begin_phase("laying out");
	if (status == ATL_OK)
		status = atl_build_finish(builder, &image->size);
	image->bytes = NULL;
	if (status == ATL_OK)
	{
		image->bytes = malloc(image->size);
		begin_phase("writing");
		atl_build_write(builder, image->bytes);
	}
	begin_phase("");
	atl_build_free(builder);
	begin_phase("");
	return status == ATL_OK;
}

static void
print(const AtlHost *host, const AtlView *view)
{
	AtlBuffer	out;

	begin_phase("printing");
	atl_buffer_init(&out, host);
	atl_print(view, &out);
	begin_phase("");
	atl_buffer_free(&out);
}

static void
validate(const AtlHost *host, const AtlView *view, const UnitImage *image)
{
	AtlProblem	problem;
	uint32_t	depth;

	begin_phase("validating");
	if (atl_validate(view, image->bytes, host, &problem, &depth) != ATL_OK)
		abort();
	begin_phase("");
}

/* Walks in which nothing passes, though the index cannot tell. */
static void
walk(const AtlHost *host, const AtlView *view, AtlTrack track)
{
	static const uint32_t none[] = {32000000, 64000000};
	AtlWalk		walk;
	AtlItem		item;
	AtlBuffer	text;
	AtlFilter	filter = atl_filter_all();
	bool		found = true;

	atl_buffer_init(&text, host);
	filter.types = none;
	filter.num_types = 2;
	begin_phase("a walk in which no type passes");
	if (atl_walk_begin(&walk, view, track, filter, &text) == ATL_OK)
		atl_walk_next(&walk, &item, &found);
	filter = atl_filter_all();
	filter.min_confidence = 2;
	begin_phase("a walk in which no confidence passes");
	if (atl_walk_begin(&walk, view, track, filter, &text) == ATL_OK)
		atl_walk_next(&walk, &item, &found);
	filter.types = none;
	begin_phase("the next one of a type");
	atl_item_after(view, track, filter, 0, false, &text, &item, &found);
	begin_phase("the one before of a type");
	atl_item_before(view, track, filter, INFINITY, &text, &item, &found);
	begin_phase("a walk over all");
	filter = atl_filter_all();
	found = true;
	if (atl_walk_begin(&walk, view, track, filter, &text) == ATL_OK)
		while (found && atl_walk_next(&walk, &item, &found) == ATL_OK)
			poll(NULL);
	atl_buffer_free(&text);
	begin_phase("");
}

static void
compare(const AtlHost *host, const AtlView *view)
{
	AtlLogical *logical = malloc(sizeof(AtlLogical));
	AtlPart		part;
	bool		found = true;

	begin_phase("the logical value");
	if (atl_logical_begin(logical, view, host) == ATL_OK)
		while (found && atl_logical_next(logical, &part, &found) == ATL_OK)
			poll(NULL);
	atl_logical_end(logical);
	free(logical);
	begin_phase("");
}

#define BUCKETS	300000

static void
overview(const AtlView *view, const AtlFeature *feature, uint32_t grain)
{
	AtlBucket  *buckets = calloc(BUCKETS, sizeof(AtlBucket));
	uint32_t   *bounds = malloc((BUCKETS + 1) * sizeof(uint32_t));

	for (uint32_t i = 0; i <= BUCKETS; i++)
		bounds[i] = (uint32_t) ((uint64_t) feature->frames * i / BUCKETS) / grain * grain;
	begin_phase(grain == 1 ? "an overview" : "a coarse overview");
	atl_feature_overview(view, feature, &(AtlOverview) {0, 1, false, grain > 1, bounds, BUCKETS, buckets});
	begin_phase("");
	free(buckets);
	free(bounds);
}

static void
read_feature(const AtlHost *host, const AtlView *view, const AtlFeature *feature)
{
	double	   *numbers = malloc(sizeof(double) * ((size_t) feature->frames * feature->dims + 1));
	AtlBucket	bucket;
	AtlBuffer	bytes;

	begin_phase("all numbers");
	atl_feature_read(view, feature, 0, feature->frames, numbers);
	free(numbers);
	begin_phase("a reduction");
	atl_bucket_begin(&bucket);
	atl_feature_reduce(view, feature, 0, 1, feature->frames > 0, feature->frames, &bucket);
	overview(view, feature, 1);
	overview(view, feature, ATL_SUMMARY_FRAMES);
	begin_phase("all bytes");
	atl_buffer_init(&bytes, host);
	atl_feature_bytes(view, feature, &bytes);
	atl_buffer_free(&bytes);
	begin_phase("");
}

static void
prefetch(const AtlView *view)
{
	AtlFeature *features = malloc(sizeof(AtlFeature) * (view->num_features + 1));
	AtlRead    *reads = malloc(sizeof(AtlRead) * (view->num_features + 1));

	for (uint32_t i = 0; i < view->num_features; i++)
	{
		AtlRead		read = {&features[i], 0, 1, 0, 1};

		begin_phase("");
		atl_feature_get(view, i, &features[i]);
		read.count = features[i].frames > 0;
		read.num = features[i].dims;
		reads[i] = read;
	}
	begin_phase("saying what will be read");
	atl_features_prefetch(view, reads, view->num_features);
	free(features);
	free(reads);
	begin_phase("");
}

static void
ignore_ranges(void *context, const AtlSpan *ranges, uint32_t n)
{
}

static void
read_image(const AtlHost *host, const UnitImage *image)
{
	AtlSource	source = atl_memory_source(image->bytes, image->size);
	AtlView		view;

	source.prefetch = ignore_ranges;
	source.poll = poll;
	if (atl_view_open(&view, source) != ATL_OK)
		abort();
	print(host, &view);
	validate(host, &view, image);
	walk(host, &view, ATL_EVENTS);
	walk(host, &view, ATL_MARKERS);
	compare(host, &view);
	prefetch(&view);
	for (uint32_t i = 0; i < view.num_features && i < 3; i++)
	{
		AtlFeature	feature;

		if (atl_feature_get(&view, i, &feature) == ATL_OK)
			read_feature(host, &view, &feature);
	}
}


/*
 * Documents: each appends the members of one that are slow
 */

static void
many(AtlBuffer *json, const char *item)
{
	size_t		start = json->size;

	for (unsigned i = 0; json->size - start < SIZE; i++)
		unit_append(json, item, i == 0 ? "" : ",", i, i);
}

static void
repeat(AtlBuffer *json, const char *text, size_t size)
{
	size_t		length = strlen(text);

	for (size_t i = 0; i + length <= size; i += length)
		if (atl_buffer_append(json, text, length) != ATL_OK)
			abort();
}

static void
events(AtlBuffer *json, const char *event)
{
	unit_append(json, ",\"events\":[");
	many(json, event);
	unit_append(json, "]");
}

static void
sorted_events(AtlBuffer *json)
{
	events(json, "%s{\"timestamp\":0.%09u,\"type\":\"a\"}");
}

static void
reversed_events(AtlBuffer *json)
{
	unit_append(json, ",\"events\":[{\"timestamp\":0,\"type\":\"a\"}");
	for (unsigned i = 300000; i > 0; i--)
		unit_append(json, ",{\"timestamp\":0.%06u,\"type\":\"a\"}", i);
	unit_append(json, "]");
}

static void
equal_events(AtlBuffer *json)
{
	events(json, "%s{\"timestamp\":1,\"type\":\"a\",\"data\":{\"x\":%u}}");
}

static void
late_events(AtlBuffer *json)
{
	events(json, "%s{\"timestamp\":7%u,\"type\":\"a\"}");
}

static void
types(AtlBuffer *json)
{
	events(json, "%s{\"timestamp\":1,\"type\":\"t%u\"}");
}

static void
long_types(AtlBuffer *json)
{
	unit_append(json, ",\"events\":[");
	for (int i = 0; i < 10; i++)
	{
		unit_append(json, "%s{\"timestamp\":1,\"type\":\"", i == 0 ? "" : ",");
		repeat(json, "a", SIZE / 2);
		unit_append(json, "%d\"}", 9 - i);
	}
	unit_append(json, "]");
}

static void
markers(AtlBuffer *json)
{
	unit_append(json, ",\"markers\":[");
	many(json, "%s{\"timestamp\":1,\"type\":\"beat\",\"confidence\":1,\"value\":%u}");
	unit_append(json, "]");
}

static void
unknown_markers(AtlBuffer *json)
{
	unit_append(json, ",\"markers\":[");
	many(json, "%s{\"timestamp\":1,\"type\":\"x\",\"value\":%u}");
	unit_append(json, "]");
}

static void
large_items(AtlBuffer *json)
{
	unit_append(json, ",\"events\":[");
	for (int i = 0; i < 3; i++)
	{
		unit_append(json, "%s{\"timestamp\":1,\"type\":\"a\",\"data\":{", i == 0 ? "" : ",");
		many(json, "%s\"k%u\":%u");
		unit_append(json, "},\"text\":\"");
		repeat(json, "words ", SIZE);
		unit_append(json, "\"}");
	}
	unit_append(json, "]");
}

static void
features(AtlBuffer *json)
{
	unit_append(json, ",\"features\":{");
	many(json, "%s\"f%u\":{\"hop\":1,\"values\":[%u]}");
	unit_append(json, "}");
}

static void
clocks(AtlBuffer *json)
{
	unit_append(json, ",\"features\":{");
	many(json, "%s\"f%u\":{\"hop\":1,\"startTime\":%u,\"values\":[1]}");
	unit_append(json, "}");
}

static void
begin_values(AtlBuffer *json, const char *members)
{
	unit_append(json, ",\"features\":{\"f\":{\"frameRate\":1000%s,\"values\":[", members);
}

static void
numbers(AtlBuffer *json)
{
	begin_values(json, "");
	repeat(json, "0.125,", SIZE);
	unit_append(json, "0.1,1]}}");
}

static void
decimals(AtlBuffer *json)
{
	begin_values(json, ",\"encoding\":\"u16\",\"range\":[0,1]");
	many(json, "%s0.%06u");
	unit_append(json, ",null]}}");
}

static void
nulls(AtlBuffer *json)
{
	begin_values(json, "");
	repeat(json, "null,", SIZE);
	unit_append(json, "null]}}");
}

static void
null_frames(AtlBuffer *json)
{
	begin_values(json, ",\"dims\":65535");
	repeat(json, "null,", 200);
	unit_append(json, "null]}}");
}

static void
frames(AtlBuffer *json)
{
	begin_values(json, "");
	many(json, "%s[%u,%u,1]");
	unit_append(json, "]}}");
}

static void
wide_frames(AtlBuffer *json)
{
	begin_values(json, "");
	for (int i = 0; i < 40; i++)
	{
		unit_append(json, "%s[", i == 0 ? "" : ",");
		repeat(json, i % 2 == 0 ? "1," : "2,", 2 * 65534);
		unit_append(json, "%d]", i);
	}
	unit_append(json, "]}}");
}

static void
ragged_frames(AtlBuffer *json)
{
	unit_append(json, ",\"features\":{\"");
	repeat(json, "name", SIZE / 100);
	unit_append(json, "\":{\"hop\":1,\"values\":[[1]");
	repeat(json, ",[1,2]", SIZE / 100);
	unit_append(json, "]}}");
}

static void
base64(AtlBuffer *json)
{
	unit_append(json, ",\"features\":{\"f\":{\"hop\":1,\"encoding\":\"u8\",\"base64\":\"");
	repeat(json, "AAECAwQFBgcICQoL", 2 * SIZE);
	unit_append(json, "\"}}");
}

static void
metadata(AtlBuffer *json)
{
	unit_append(json, ",\"metadata\":{\"a\":[");
	many(json, "%s[{},%u,{\"x\":%u}]");
	unit_append(json, "]}");
}

static void
unsorted_keys(AtlBuffer *json)
{
	unit_append(json, ",\"metadata\":{");
	for (unsigned i = 400000; i > 0; i--)
		unit_append(json, "\"k%06u\":1,", i);
	unit_append(json, "\"k\":1}");
}

static void
long_keys(AtlBuffer *json)
{
	unit_append(json, ",\"metadata\":{");
	for (int i = 0; i < 10; i++)
	{
		unit_append(json, "%s\"", i == 0 ? "" : ",");
		repeat(json, "key", SIZE / 2);
		unit_append(json, "%d\":1", 9 - i);
	}
	unit_append(json, "}");
}

static void
attributes(AtlBuffer *json)
{
	repeat(json, ",\"key\":\"value\"", SIZE);
}

static void
wrapped(AtlBuffer *json)
{
	unit_append(json, ",\"events\":\"[");
	many(json, "%s%u%u");
	unit_append(json, "]\"");
}

static void
falling_times(AtlBuffer *json)
{
	unit_append(json, ",\"features\":{\"f\":{\"times\":[");
	many(json, "%s%u,-%u");
	unit_append(json, "],\"values\":[");
	many(json, "%s-%u,%u");
	unit_append(json, "]}}");
}

static void
long_string(AtlBuffer *json)
{
	unit_append(json, ",\"text\":\"");
	repeat(json, "long \xC3\xA9 ", 2 * SIZE);
	unit_append(json, "\"");
}

static void
escapes(AtlBuffer *json)
{
	unit_append(json, ",\"text\":\"");
	repeat(json, "\\u00e9\\n\\u0001", 2 * SIZE);
	unit_append(json, "\"");
}

static void
spaces(AtlBuffer *json)
{
	repeat(json, " \n\t\r", 2 * SIZE);
}

/* Two shapes that are not JSON. */
static void
spaces_before_fault(AtlBuffer *json)
{
	unit_append(json, ",\"x\":");
	repeat(json, " \n\t\r", 2 * SIZE);
	unit_append(json, "x");
}

static void
bare_word(AtlBuffer *json)
{
	unit_append(json, ",");
	repeat(json, "word", 2 * SIZE);
}

static void
spaces_in_string(AtlBuffer *json)
{
	unit_append(json, ",\"events\":\"");
	repeat(json, " ", 2 * SIZE);
	unit_append(json, "\"");
}

static void
long_number_in_string(AtlBuffer *json)
{
	unit_append(json, ",\"startTime\":\"");
	repeat(json, "1234567890", SIZE);
	unit_append(json, "\"");
}

static void
exponents(AtlBuffer *json)
{
	unit_append(json, ",\"metadata\":{\"x\":[0");
	repeat(json, ",1e131071", 900);
	unit_append(json, "]}");
}

static void
long_number(AtlBuffer *json)
{
	unit_append(json, ",\"x\":");
	repeat(json, "1234567890", SIZE);
}

static void
long_time(AtlBuffer *json)
{
	unit_append(json, ",\"events\":[{\"type\":\"a\",\"timestamp\":0.");
	repeat(json, "1234567890", SIZE);
	unit_append(json, "}]");
}

static void
deep(AtlBuffer *json)
{
	unit_append(json, ",\"x\":[0");
	for (int i = 0; i < SIZE / 160; i++)
	{
		unit_append(json, ",");
		repeat(json, "[", 80);
		repeat(json, "]", 80);
	}
	unit_append(json, "]");
}

typedef struct Shape
{
	const char *name;
	void		(*make) (AtlBuffer *json);
} Shape;

static const Shape shapes[] = {
	{"events in order", sorted_events},
	{"events in reverse", reversed_events},
	{"events at one time", equal_events},
	{"events past the duration", late_events},
	{"many types", types},
	{"long types", long_types},
	{"markers", markers},
	{"markers of unknown types", unknown_markers},
	{"items of megabytes", large_items},
	{"many features", features},
	{"many clocks", clocks},
	{"numbers that widen at the end", numbers},
	{"decimals as u16", decimals},
	{"nulls", nulls},
	{"null frames", null_frames},
	{"frames", frames},
	{"wide frames", wide_frames},
	{"ragged frames of a long name", ragged_frames},
	{"times that fall", falling_times},
	{"a list in a string", wrapped},
	{"base64", base64},
	{"metadata", metadata},
	{"keys in reverse", unsorted_keys},
	{"long keys", long_keys},
	{"repeated attributes", attributes},
	{"a long string", long_string},
	{"escapes", escapes},
	{"spaces", spaces},
	{"spaces where JSON ends", spaces_before_fault},
	{"a word without quotes", bare_word},
	{"spaces in a string", spaces_in_string},
	{"a long number in a string", long_number_in_string},
	{"exponents", exponents},
	{"a long number", long_number},
	{"a long time", long_time},
	{"nesting", deep},
};

#define NUM_SHAPES	(sizeof(shapes) / sizeof(shapes[0]))

static void
try_shape(const Shape *shape)
{
	UnitHost	unit;
	const AtlHost *host = &unit.host;
	AtlEncodingRule rule = {.encoding = ATL_U8};
	AtlBuffer	json;
	AtlText		text;
	UnitImage	image;

	unit_host_init(&unit);
	unit.host.poll = poll;
	atl_buffer_init(&json, host);
	unit_append(&json, "{\"duration\":1,\"sampleRate\":1");
	shape->make(&json);
	unit_append(&json, "}");
	text = (AtlText) {(const char *) json.bytes, (uint32_t) json.size};
	blocks = longest = 0;
	longest_phase = phase = "";
	lint(host, text);
	repair(host, text);
	if (build(host, text, &rule, &image))
		free(image.bytes);
	if (build(host, text, NULL, &image))
	{
		read_image(host, &image);
		free(image.bytes);
	}
	atl_buffer_free(&json);
}

int
main(void)
{
	int			failed = 0;

	printf("1..%d\n", (int) NUM_SHAPES);
	for (size_t i = 0; i < NUM_SHAPES; i++)
	{
		bool		good;

		try_shape(&shapes[i]);
		good = longest <= LIMIT;
		failed += !good;
		printf("%s %d - stretch: %s: at most %llu blocks between two polls, %s\n", good ? "ok" : "not ok", (int) i + 1,
			   shapes[i].name, (unsigned long long) longest, longest_phase);
		fflush(stdout);
	}
	return failed == 0 ? 0 : 1;
}
