/*
 * operators.c
 *		Comparison and hash, over the logical value.
 *
 * JSON inside a timeline is compared as jsonb compares: 1.0 equals 1.  Equal
 * bytes are the fast path.  Where bytes differ, comparable text
 * (core/json/canonical.h) tells whether the values differ, at any size and in
 * memory of that size; the hash is taken over comparable text, too.  Only the
 * order of two different values is found by jsonb's own comparison.
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/base/text.h"
#include "core/json/canonical.h"
#include "pg/sql/sql.h"

/*
 * Parts whose comparable text is longer, or nested deeper, sort after all
 * others, by length and bytes.  Building a jsonb cannot be cancelled; and the
 * limits of jsonb, of size and of stack, must not make a comparison fail: an
 * error would also reveal a row that a policy hides.
 */
#define MAX_JSONB_ORDER		262144
#define MAX_JSONB_DEPTH		100

PG_FUNCTION_INFO_V1(audio_timeline_eq);
PG_FUNCTION_INFO_V1(audio_timeline_ne);
PG_FUNCTION_INFO_V1(audio_timeline_lt);
PG_FUNCTION_INFO_V1(audio_timeline_le);
PG_FUNCTION_INFO_V1(audio_timeline_gt);
PG_FUNCTION_INFO_V1(audio_timeline_ge);
PG_FUNCTION_INFO_V1(audio_timeline_cmp);
PG_FUNCTION_INFO_V1(audio_timeline_hash);
PG_FUNCTION_INFO_V1(audio_timeline_hash_extended);

/* Order of numbers: a missing one is last, the kinds of missing by their bits. */
static int
compare_numbers(double a, double b)
{
	if (isnan(a) && isnan(b))
		return memcmp(&a, &b, sizeof(a));
	if (isnan(a) || isnan(b))
		return isnan(a) ? 1 : -1;
	return a < b ? -1 : a > b;
}

static int
compare_number_parts(const AtlPart *a, const AtlPart *b)
{
	int			order = 0;

	if (a->num_numbers != b->num_numbers)
		return a->num_numbers < b->num_numbers ? -1 : 1;
	for (uint32_t i = 0; i < a->num_numbers && order == 0; i++)
		order = compare_numbers(a->numbers[i], b->numbers[i]);
	return order;
}

/* A sink that only counts how deep it is. */
static AtlStatus
count_depth(void *context, const AtlToken *token)
{
	uint32_t   *depth = context;

	if (token->kind == ATL_OBJECT_START || token->kind == ATL_ARRAY_START)
		*depth += 1;
	else if (token->kind == ATL_OBJECT_END || token->kind == ATL_ARRAY_END)
		*depth -= 1;
	return *depth > MAX_JSONB_DEPTH ? ATL_TOO_LARGE : ATL_OK;
}

/* Whether jsonb can order a part: JSON, not empty, within the limits above. */
static bool
has_jsonb_order(const AtlHost *host, AtlText json)
{
	uint32_t	depth = 0;
	AtlSink		sink = {.context = &depth, .push = count_depth, .form = atl_as_text};

	return json.size > 0 && json.size <= MAX_JSONB_ORDER && atl_json_read_value(&sink, host, json) == ATL_OK;
}

static int
order_by_jsonb(AtlText a, AtlText b)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "audio_timeline order",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(context);
	Jsonb	   *left = timeline_json_to_sql(a);
	Jsonb	   *right = timeline_json_to_sql(b);
	int			order = compareJsonbContainers(&left->root, &right->root);

	MemoryContextSwitchTo(outer);
	MemoryContextDelete(context);
	return order;
}

/* Order of two different parts: absent parts first, too large parts last. */
static int
order_json(const AtlHost *host, AtlText a, AtlText b)
{
	bool		left = has_jsonb_order(host, a);
	bool		right = has_jsonb_order(host, b);

	if (left && right)
		return order_by_jsonb(a, b);
	if (left != right && a.size > 0 && b.size > 0)
		return left ? -1 : 1;
	return atl_text_compare_long(host, a, b);
}

static AtlText
comparable_text(AtlBuffer *buffer, AtlText json)
{
	AtlText		text;

	timeline_check(atl_json_append_comparable(buffer, json));
	text.text = (const char *) atl_buffer_at(buffer, 0);
	text.size = buffer->size;
	return text;
}

static int
compare_json_parts(const AtlPart *a, const AtlPart *b, const AtlHost *host, bool ordered)
{
	AtlBuffer	buffers[2];
	AtlText		left;
	AtlText		right;
	int			order = atl_text_compare_long(host, a->text, b->text);

	if (order == 0)
		return 0;
	atl_buffer_init(&buffers[0], host);
	atl_buffer_init(&buffers[1], host);
	left = comparable_text(&buffers[0], a->text);
	right = comparable_text(&buffers[1], b->text);
	order = atl_text_compare_long(host, left, right);
	if (order != 0 && ordered)
		order = order_json(host, left, right);
	atl_buffer_free(&buffers[0]);
	atl_buffer_free(&buffers[1]);
	return order;
}

static int
compare_parts(const AtlPart *a, const AtlPart *b, const AtlHost *host, bool ordered)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->kind == ATL_NUMBERS_PART)
		return compare_number_parts(a, b);
	if (a->kind == ATL_JSON_PART)
		return compare_json_parts(a, b, host, ordered);
	return atl_text_compare(a->text, b->text);
}

/* Less than, equal to or greater than 0; not ordered: which of the two it is may be wrong. */
static int
compare_views(const AtlView *a, const AtlView *b, bool ordered)
{
	AtlLogical *left = palloc(sizeof(AtlLogical));
	AtlLogical *right = palloc(sizeof(AtlLogical));
	AtlHost		host = timeline_host();
	AtlPart		left_part;
	AtlPart		right_part;
	bool		left_found = true;
	bool		right_found = true;
	int			order = 0;

	timeline_check(atl_logical_begin(left, a, &host));
	timeline_check(atl_logical_begin(right, b, &host));
	while (order == 0 && left_found && right_found)
	{
		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_logical_next(left, &left_part, &left_found));
		timeline_check(atl_logical_next(right, &right_part, &right_found));
		order = compare_parts(&left_part, &right_part, &host, ordered);
	}
	atl_logical_end(left);
	atl_logical_end(right);
	pfree(left);
	pfree(right);
	return order;
}

/* Free a detoasted copy: a sort or a hash join would collect such copies. */
static void
close_source(TimelineSource *source, Datum datum)
{
	if ((Pointer) source->value != DatumGetPointer(datum))
		pfree(source->value);
}

static int
compare_sources(FunctionCallInfo fcinfo, bool ordered)
{
	Datum		a = PG_GETARG_DATUM(0);
	Datum		b = PG_GETARG_DATUM(1);
	TimelineSource sources[2];
	AtlView		views[2];
	AtlHost		host = timeline_host();
	int			order = 0;

	timeline_open(NULL, a, TIMELINE_WHOLE, &sources[0], &views[0]);
	timeline_open(NULL, b, TIMELINE_WHOLE, &sources[1], &views[1]);
	if (sources[0].head_size != sources[1].head_size ||
		atl_compare(&host, sources[0].head, sources[1].head, sources[0].head_size) != 0)
		order = compare_views(&views[0], &views[1], ordered);
	close_source(&sources[0], a);
	close_source(&sources[1], b);
	return order;
}

static bool
timelines_equal(FunctionCallInfo fcinfo)
{
	return compare_sources(fcinfo, false) == 0;
}

static int
compare(FunctionCallInfo fcinfo)
{
	return compare_sources(fcinfo, true);
}

Datum
audio_timeline_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(timelines_equal(fcinfo));
}

Datum
audio_timeline_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!timelines_equal(fcinfo));
}

Datum
audio_timeline_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) < 0);
}

Datum
audio_timeline_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) <= 0);
}

Datum
audio_timeline_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) > 0);
}

Datum
audio_timeline_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) >= 0);
}

Datum
audio_timeline_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare(fcinfo));
}

static uint64
hash_text(AtlText text, uint64 seed)
{
	for (; text.size > ATL_STRETCH; text.text += ATL_STRETCH, text.size -= ATL_STRETCH)
	{
		CHECK_FOR_INTERRUPTS();
		seed = hash_bytes_extended((const unsigned char *) text.text, ATL_STRETCH, seed);
	}
	return hash_bytes_extended((const unsigned char *) text.text, text.size, seed);
}

static uint64
hash_part(const AtlPart *part, AtlBuffer *comparable, uint64 seed)
{
	if (part->kind == ATL_NUMBERS_PART)
		return hash_bytes_extended((const unsigned char *) part->numbers,
								   part->num_numbers * sizeof(double), seed);
	if (part->kind == ATL_PLAIN_PART)
		return hash_text(part->text, seed);
	comparable->size = 0;
	return hash_text(comparable_text(comparable, part->text), seed);
}

/* Each part's hash is the seed of the next one. */
static uint64
hash_datum(Datum datum, uint64 seed)
{
	AtlLogical *logical = palloc(sizeof(AtlLogical));
	AtlHost		host = timeline_host();
	AtlBuffer	comparable;
	TimelineSource source;
	AtlView		view;
	AtlPart		part;
	bool		found = true;

	timeline_open(NULL, datum, TIMELINE_WHOLE, &source, &view);
	atl_buffer_init(&comparable, &host);
	timeline_check(atl_logical_begin(logical, &view, &host));
	while (found)
	{
		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_logical_next(logical, &part, &found));
		if (found)
			seed = hash_part(&part, &comparable, seed);
	}
	close_source(&source, datum);
	atl_logical_end(logical);
	atl_buffer_free(&comparable);
	pfree(logical);
	return seed;
}

Datum
audio_timeline_hash(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32((int32) hash_datum(PG_GETARG_DATUM(0), 0));
}

Datum
audio_timeline_hash_extended(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) hash_datum(PG_GETARG_DATUM(0), PG_GETARG_INT64(1)));
}
