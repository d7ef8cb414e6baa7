/*
 * operators.c
 *		Comparison and hash, over the logical value.
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "miscadmin.h"

#include "pg/sql/sql.h"

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
compare_parts(const AtlHost *host, const AtlPart *a, const AtlPart *b)
{
	int			order = 0;

	if (a->num_numbers != b->num_numbers)
		return a->num_numbers < b->num_numbers ? -1 : 1;
	for (uint32_t i = 0; i < a->num_numbers && order == 0; i++)
		order = compare_numbers(a->numbers[i], b->numbers[i]);
	return order != 0 ? order : atl_text_compare_long(host, a->text, b->text);
}

static int
compare_views(const AtlView *a, const AtlView *b)
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
		order = compare_parts(&host, &left_part, &right_part);
	}
	atl_logical_end(left);
	atl_logical_end(right);
	pfree(left);
	pfree(right);
	return order;
}

/* Detoasted copies do not pile up over a sort or a hash join. */
static void
close_source(TimelineSource *source, Datum datum)
{
	if ((Pointer) source->value != DatumGetPointer(datum))
		pfree(source->value);
}

static int
compare(FunctionCallInfo fcinfo)
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
		order = compare_views(&views[0], &views[1]);
	close_source(&sources[0], a);
	close_source(&sources[1], b);
	return order;
}

Datum
audio_timeline_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) == 0);
}

Datum
audio_timeline_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) != 0);
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

/* A long text goes in stretches, each hash the seed of the next one. */
static uint64
hash_text(AtlText text, uint64 seed)
{
	const unsigned char *bytes = (const unsigned char *) text.text;
	uint32		done = 0;

	for (; text.size - done > ATL_STRETCH; done += ATL_STRETCH)
	{
		CHECK_FOR_INTERRUPTS();
		seed = hash_bytes_extended(bytes + done, ATL_STRETCH, seed);
	}
	return hash_bytes_extended(bytes + done, text.size - done, seed);
}

/* Each part's hash is the seed of the next one. */
static uint64
hash_datum(Datum datum, uint64 seed)
{
	AtlLogical *logical = palloc(sizeof(AtlLogical));
	AtlHost		host = timeline_host();
	TimelineSource source;
	AtlView		view;
	AtlPart		part;
	bool		found = true;

	timeline_open(NULL, datum, TIMELINE_WHOLE, &source, &view);
	timeline_check(atl_logical_begin(logical, &view, &host));
	while (found)
	{
		CHECK_FOR_INTERRUPTS();
		timeline_check(atl_logical_next(logical, &part, &found));
		if (found && part.num_numbers > 0)
			seed = hash_bytes_extended((const unsigned char *) part.numbers,
									   part.num_numbers * sizeof(double), seed);
		else if (found)
			seed = hash_text(part.text, seed);
	}
	close_source(&source, datum);
	atl_logical_end(logical);
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
