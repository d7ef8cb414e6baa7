/*
 * main.c
 *		Memory, work and size stay in proportion to the document, whatever it
 *		says.
 *
 * A program of its own, for its copy of the core counts what it does: see
 * meter.h.  Each shape of document is made in sizes that double, and goes
 * through every door.  With an argument, what each took is printed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json/write.h"

#include "meter.h"
#include "shapes.h"
#include "tests.h"

/*
 * Sizes of text, in bytes: they double.  Two are between others, for there
 * buffers that double may be half empty.
 */
#define NUM_SIZES		9

static const size_t sizes[NUM_SIZES] = {
	4 << 10, 8 << 10, 16 << 10, 32 << 10, 48 << 10, 64 << 10, 128 << 10, 192 << 10, 256 << 10
};

/* Growth is measured from this size on, eight times up to the last. */
#define GROWTH_FROM		3

/* What a byte of text takes may grow so much: for sorting, n log n. */
#define MAX_GROWTH		1.35

/* A job is stopped when it takes so much more than is allowed. */
#define STOP_AT			8

typedef enum Door
{
	BUILD,						/* text to image */
	PRINT,						/* image to text */
	VALIDATE,					/* what comes in as bytes */
	COLLECT,					/* all problems and warnings of a text */
	REPAIR,						/* as much of a text as can be */
	NUM_DOORS
} Door;

typedef enum Quantity
{
	MEMORY,						/* the most that is held at once, in bytes */
	OUTPUT,						/* image or printed text, in bytes */
	WORK,						/* see meter.h */
	NUM_QUANTITIES
} Quantity;

/*
 * What a document of so many bytes of text may take: per_byte * text + floor.
 * So little that it is a constant part does not count for growth.  Ordinary
 * documents take work of 20 to 60 for each byte.
 */
typedef struct Limit
{
	const char *name;
	double		per_byte;
	double		floor;
	double		constant;
} Limit;

static const Limit limits[NUM_QUANTITIES] = {
	{"memory", 64, 1024 * 1024, 64 * 1024},
	{"output", 16, 64 * 1024, 4 * 1024},
	{"work", 160, 1024 * 1024, 64 * 1024},
};

/* A document on its way through the doors. */
typedef struct Document
{
	AtlText		text;
	uint8_t    *image;			/* from malloc; NULL before it is built */
	uint32_t	image_size;
	size_t		output;			/* of the last door */
} Document;

static AtlStatus
build(const AtlHost *host, void *context)
{
	Document   *document = context;
	AtlBuilder *builder = atl_build_begin(host, false);
	uint8_t    *image = NULL;
	uint32_t	size;
	AtlStatus	status;

	if (builder == NULL)
		return ATL_NO_MEMORY;
	status = atl_json_read(atl_build_sink(builder), host, document->text);
	if (status == ATL_OK)
		status = atl_build_finish(builder, &size);
	if (status == ATL_OK)
	{
		document->output = size;
		image = host->resize(host->context, NULL, size);
		status = image == NULL ? ATL_NO_MEMORY : ATL_OK;
	}
	if (status == ATL_OK)
	{
		atl_build_write(builder, image);
		document->image = malloc(size);
		if (document->image == NULL)
			abort();
		memcpy(document->image, image, size);
		document->image_size = size;
		host->resize(host->context, image, 0);
	}
	atl_build_free(builder);
	return status;
}

static AtlStatus
print(const AtlHost *host, void *context)
{
	Document   *document = context;
	AtlBuffer	out;
	AtlView		view;
	AtlStatus	status = atl_view_open(&view, atl_memory_source(document->image, document->image_size));

	atl_buffer_init(&out, host);
	if (status == ATL_OK)
		status = atl_print(&view, &out);
	document->output = out.size;
	atl_buffer_free(&out);
	return status;
}

static AtlStatus
validate(const AtlHost *host, void *context)
{
	Document   *document = context;
	AtlProblem	problem;
	uint32_t	depth;
	AtlView		view;
	AtlStatus	status = atl_view_open(&view, atl_memory_source(document->image, document->image_size));

	return status != ATL_OK ? status : atl_validate(&view, document->image, host, &problem, &depth);
}

static AtlStatus
collect(const AtlHost *host, void *context)
{
	Document   *document = context;
	AtlBuilder *builder = atl_build_begin(host, true);
	uint32_t	size;
	AtlStatus	status;

	if (builder == NULL)
		return ATL_NO_MEMORY;
	status = atl_json_read(atl_build_sink(builder), host, document->text);
	if (status == ATL_OK)
		status = atl_build_finish(builder, &size);
	if (status == ATL_OK || status == ATL_INVALID)
		status = atl_build_lint(builder);
	atl_build_free(builder);
	return status;
}

/* One round of repairs: *document becomes what it is edited to. */
static AtlStatus
repair_round(const AtlHost *host, AtlRepairer *repairer, AtlBuffer *document, bool *done)
{
	AtlText		text = {(const char *) document->bytes, (uint32_t) document->size};
	AtlBuilder *builder = atl_build_begin(host, true);
	AtlJsonWriter writer;
	AtlBuffer	edited;
	AtlSink		sink;
	uint32_t	size;
	size_t		edits = 0;
	AtlStatus	status;

	if (builder == NULL)
		return ATL_NO_MEMORY;
	atl_build_keep_all(builder);
	status = atl_json_read(atl_build_sink(builder), host, text);
	if (status == ATL_OK)
		status = atl_build_finish(builder, &size);
	if (status == ATL_INVALID)
		status = atl_repair_plan(repairer, builder, &edits);
	atl_build_free(builder);
	*done = edits == 0;
	if (status != ATL_OK || *done)
		return status;
	atl_buffer_init(&edited, host);
	sink = atl_json_writer(&writer, &edited);
	status = atl_json_read(atl_repair_sink(repairer, &sink), host, text);
	atl_buffer_free(document);
	*document = edited;
	return status;
}

static AtlStatus
repair(const AtlHost *host, void *context)
{
	Document   *document = context;
	AtlRepairer *repairer = atl_repair_begin(host, ATL_REPAIR_BIT(ATL_REPAIRS) - 1);
	AtlBuffer	mended;
	bool		done = false;
	AtlStatus	status;

	if (repairer == NULL)
		return ATL_NO_MEMORY;
	atl_buffer_init(&mended, host);
	status = atl_buffer_append(&mended, document->text.text, document->text.size);
	for (int round = 0; status == ATL_OK && !done && round < ATL_REPAIR_ROUNDS; round++)
		status = repair_round(host, repairer, &mended, &done);
	document->output = mended.size;
	atl_buffer_free(&mended);
	atl_repair_free(repairer);
	return status;
}

/* What a door may take, in limits. */
static const struct
{
	const char *name;
	UnitJob		job;
	double		share;
}			doors[NUM_DOORS] = {
	{"building", build, 1},
	{"printing", print, 1},
	{"validating", validate, 1},
	{"collecting problems", collect, 1},
	{"repairing", repair, 4},
};

/* What a shape took at one door. */
typedef struct Costs
{
	uint32_t	num;			/* sizes that were tried */
	double		text[NUM_SIZES];
	double		taken[NUM_QUANTITIES][NUM_SIZES];
} Costs;

static double
allowed(Door door, Quantity quantity, double text)
{
	return doors[door].share * (limits[quantity].per_byte * text + limits[quantity].floor);
}

/*
 * Go through one door; false when there is no going on.  What a door takes is
 * noted also if it was stopped, or asked for memory that it did not get.
 */
static bool
pass(Door door, Document *document, Costs *costs, AtlStatus *status)
{
	double		text = document->text.size;
	uint32_t	i = costs->num++;
	UnitMeter	meter;
	bool		done;
	size_t		left;

	document->output = 0;
	unit_meter_init(&meter, (size_t) (STOP_AT * allowed(door, MEMORY, text)));
	done = unit_meter_run(&meter, (uint64_t) (STOP_AT * allowed(door, WORK, text)), doors[door].job, document, status);
	left = unit_meter_free(&meter);
	if (CHECK(done))
		CHECK_INT(left, 0);
	costs->text[i] = text;
	costs->taken[MEMORY][i] = (double) meter.peak;
	costs->taken[OUTPUT][i] = (double) document->output;
	costs->taken[WORK][i] = (double) meter.work;
	return done && CHECK(*status != ATL_NO_MEMORY);
}

/* Whether a text was taken, or refused, as it should be. */
static bool
came_out(UnitOutcome outcome, AtlStatus status)
{
	if (outcome == REFUSED)
		return status == ATL_INVALID;
	return status == ATL_OK || (outcome == ANY && status == ATL_TOO_LARGE);
}

/* All doors for one size; costs of a door that was stopped stay as they are. */
static void
measure(UnitShape shape, UnitOutcome outcome, size_t size, bool *open, Costs *costs)
{
	UnitHost	host;
	AtlBuffer	text;
	Document	document = {.image = NULL};
	AtlStatus	status;

	unit_host_init(&host);
	atl_buffer_init(&text, &host.host);
	shape(&text, size);
	document.text.text = (const char *) text.bytes;
	document.text.size = (uint32_t) text.size;

	unit_context("%u bytes of text", document.text.size);
	for (int door = 0; door < NUM_DOORS; door++)
	{
		bool		needs_image = door == PRINT || door == VALIDATE;

		if (!open[door] || (needs_image && document.image == NULL))
			continue;
		open[door] = pass(door, &document, &costs[door], &status);
		if (door == BUILD && open[door])
			CHECK(came_out(outcome, status));
		else if (needs_image && open[door])
			CHECK_INT(status, ATL_OK);
	}
	free(document.image);
	atl_buffer_free(&text);
}

/* No size takes more than it may: of those that do, the worst is told. */
static void
check_size(Door door, Quantity quantity, const Costs *costs)
{
	double		worst = 0;
	uint32_t	at = 0;

	for (uint32_t i = 0; i < costs->num; i++)
	{
		double		share = costs->taken[quantity][i] / allowed(door, quantity, costs->text[i]);

		if (share <= worst)
			continue;
		worst = share;
		at = i;
	}
	unit_context("%s: %.0f bytes of text take %s %.0f, %.1f times what they may", doors[door].name,
				 costs->text[at], limits[quantity].name, costs->taken[quantity][at], worst);
	CHECK(worst <= 1);
}

/* How much more a byte of the largest text takes than one of a smaller text. */
static double
growth(Quantity quantity, const Costs *costs)
{
	const double *taken = costs->taken[quantity];
	double		last = taken[NUM_SIZES - 1] + limits[quantity].constant;
	double		first = taken[GROWTH_FROM] + limits[quantity].constant;

	if (costs->num < NUM_SIZES)
		return 1;
	return last / first / (costs->text[NUM_SIZES - 1] / costs->text[GROWTH_FROM]);
}

static void
check_growth(Door door, Quantity quantity, const Costs *costs)
{
	unit_context("%s: from %.0f to %.0f bytes of text, %s grows from %.0f to %.0f, %.2f times as fast",
				 doors[door].name, costs->text[GROWTH_FROM], costs->text[NUM_SIZES - 1], limits[quantity].name,
				 costs->taken[quantity][GROWTH_FROM], costs->taken[quantity][NUM_SIZES - 1],
				 growth(quantity, costs));
	CHECK(growth(quantity, costs) <= MAX_GROWTH);
}

/* Whether to print what was measured. */
static bool show;

static void
show_costs(const Costs *costs)
{
	/* A byte of the largest text that was tried. */
	for (int door = 0; door < NUM_DOORS; door++)
	{
		const Costs *of = &costs[door];

		if (of->num == 0)
			continue;
		printf("# %-20s", doors[door].name);
		for (int quantity = 0; quantity < NUM_QUANTITIES; quantity++)
			printf("  %s %8.1f /byte, x %5.2f", limits[quantity].name,
				   of->taken[quantity][of->num - 1] / of->text[of->num - 1], growth(quantity, of));
		printf("%s\n", of->num < NUM_SIZES ? "  stopped" : "");
	}
}

static void
check_shape(UnitShape shape, UnitOutcome outcome)
{
	Costs		costs[NUM_DOORS];
	bool		open[NUM_DOORS] = {true, true, true, true, true};

	memset(costs, 0, sizeof(costs));
	for (int i = 0; i < NUM_SIZES; i++)
		measure(shape, outcome, sizes[i], open, costs);
	for (int door = 0; door < NUM_DOORS; door++)
		for (int quantity = 0; quantity < NUM_QUANTITIES; quantity++)
		{
			check_size(door, quantity, &costs[door]);
			check_growth(door, quantity, &costs[door]);
		}
	if (show)
		show_costs(costs);
}

#define TEST_OF_SHAPE(name, outcome, title) \
	static void test_##name(void) { check_shape(unit_shape_##name, outcome); }
UNIT_SHAPES(TEST_OF_SHAPE)

#define ENTRY_OF_SHAPE(name, outcome, title)	{"proportion: " title, test_##name},

static const UnitTest proportion_tests[] = {
	UNIT_SHAPES(ENTRY_OF_SHAPE)
	UNIT_END
};

int
main(int argc, char **argv)
{
	static const UnitTest *const lists[] = {proportion_tests};

	show = argc > 1;
	return unit_run(lists, 1) == 0 ? 0 : 1;
}
