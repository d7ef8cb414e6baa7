/*
 * builder.c
 *		The builder as a sink, and its memory.
 */
#include "core/document/builder.h"

#include <math.h>
#include <string.h>

/* Report a number that jsonb could not hold: ATL_INVALID without a problem. */
static AtlStatus
bad_number(AtlBuilder *builder)
{
	char		path[ATL_PATH_SIZE];

	return atl_problem(builder, ATL_PROBLEM_NUMBER, atl_path_member(builder, "", path),
					   "%shas a number past the limits of type numeric.",
					   builder->state == ATL_AT_TOP ? "The document " : "");
}

static AtlStatus
push_token(void *context, const AtlToken *token)
{
	AtlBuilder *builder = context;
	size_t		problems = builder->num_problems;
	AtlStatus	status;

	builder->where.token = token;
	builder->where.now = builder->where.next++;
	if (builder->skip > 0)
		status = atl_build_push_skipped(builder, *token);
	else if (builder->capture != NULL)
		status = atl_build_push_captured(builder, *token);
	else
		status = atl_shape_push(builder, *token);

	if (status == ATL_INVALID && problems == builder->num_problems)
		status = bad_number(builder);
	return atl_status_problem(builder, status);
}

static AtlStatus
push_numbers(void *context, const double *numbers, uint32_t n)
{
	AtlBuilder *builder = context;

	builder->where.token = NULL;
	builder->where.now = builder->where.next;
	builder->where.next += n;
	return atl_status_problem(builder, builder->state == ATL_AT_TIMES ?
							  atl_times_numbers_push(builder, numbers, n) :
							  atl_values_numbers_push(builder, numbers, n));
}

static AtlNumberForm
number_form(void *context)
{
	const uint32_t numbers = ATL_BIT(ATL_M_DURATION) | ATL_BIT(ATL_M_SAMPLE_RATE) |
		ATL_BIT(ATL_M_TIMESTAMP) | ATL_BIT(ATL_M_CONFIDENCE) | ATL_BIT(ATL_M_HOP) |
		ATL_BIT(ATL_M_FRAME_RATE) | ATL_BIT(ATL_M_START_TIME) | ATL_BIT(ATL_M_DIMS) |
		ATL_BIT(ATL_M_MAX_ERROR);
	const AtlBuilder *builder = context;

	if (builder->capture != NULL)
		return ATL_AS_TEXT;
	switch (builder->state)
	{
		case ATL_AT_TOP:
		case ATL_AT_EVENT:
		case ATL_AT_MARKER:
		case ATL_AT_FEATURE:
			return (numbers & ATL_BIT(builder->member)) != 0 ? ATL_AS_DOUBLE : ATL_AS_TEXT;
		case ATL_AT_VALUES:
		case ATL_AT_FRAME:
		case ATL_AT_TIMES:
			return builder->skip == 0 ? ATL_AS_NUMBERS : ATL_AS_DOUBLE;
		default:
			return ATL_AS_DOUBLE;	/* an element of numbers, or a token to
									 * refuse */
	}
}

AtlBuilder *
atl_build_begin(const AtlHost *host, bool collect)
{
	AtlBuilder *builder = host->resize(host->context, NULL, sizeof(AtlBuilder));
	const AtlSink sink = {builder, push_token, push_numbers, number_form};

	if (builder == NULL)
		return NULL;
	memset(builder, 0, sizeof(*builder));
	builder->host = host;
	builder->sink = sink;
	builder->collect = collect;
	atl_draft_init(&builder->draft, host);
	builder->draft.duration = builder->draft.sample_rate = NAN;
	atl_buffer_init(&builder->problems, host);
	atl_buffer_init(&builder->problem_text, host);
	atl_buffer_init(&builder->arrivals[ATL_EVENTS].table, host);
	atl_buffer_init(&builder->arrivals[ATL_MARKERS].table, host);
	atl_buffer_init(&builder->arrivals[ATL_EVENTS].places, host);
	atl_buffer_init(&builder->arrivals[ATL_MARKERS].places, host);
	atl_buffer_init(&builder->arrivals[ATL_EVENTS].refused, host);
	atl_buffer_init(&builder->arrivals[ATL_MARKERS].refused, host);
	atl_buffer_init(&builder->refused_features, host);
	atl_buffer_init(&builder->unused, host);
	atl_buffer_init(&builder->values.numbers, host);
	atl_buffer_init(&builder->values.nulls, host);
	atl_buffer_init(&builder->times, host);
	atl_buffer_init(&builder->base64, host);
	atl_buffer_init(&builder->encoded.bytes, host);
	atl_fragment_init(&builder->top_attributes, host);
	atl_fragment_init(&builder->object_attributes, host);
	atl_fragment_init(&builder->value, host);
	return builder;
}

void
atl_build_keep_all(AtlBuilder *builder)
{
	builder->keep_all = true;
}

const AtlSink *
atl_build_sink(const AtlBuilder *builder)
{
	return &builder->sink;
}

void
atl_build_set_rule(AtlBuilder *builder, const AtlEncodingRule *rule)
{
	builder->rule = rule;
}

void
atl_build_free(AtlBuilder *builder)
{
	atl_draft_free(&builder->draft);
	atl_buffer_free(&builder->problems);
	atl_buffer_free(&builder->problem_text);
	atl_buffer_free(&builder->arrivals[ATL_EVENTS].table);
	atl_buffer_free(&builder->arrivals[ATL_MARKERS].table);
	atl_buffer_free(&builder->arrivals[ATL_EVENTS].places);
	atl_buffer_free(&builder->arrivals[ATL_MARKERS].places);
	atl_buffer_free(&builder->arrivals[ATL_EVENTS].refused);
	atl_buffer_free(&builder->arrivals[ATL_MARKERS].refused);
	atl_buffer_free(&builder->refused_features);
	atl_buffer_free(&builder->unused);
	atl_buffer_free(&builder->values.numbers);
	atl_buffer_free(&builder->values.nulls);
	atl_buffer_free(&builder->times);
	atl_buffer_free(&builder->base64);
	atl_buffer_free(&builder->encoded.bytes);
	atl_fragment_free(&builder->top_attributes);
	atl_fragment_free(&builder->object_attributes);
	atl_fragment_free(&builder->value);
	builder->host->resize(builder->host->context, builder, 0);
}

uint32_t
atl_build_depth(const AtlBuilder *builder)
{
	return builder->max_depth;
}
