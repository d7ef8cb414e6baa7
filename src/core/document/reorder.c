/*
 * reorder.c
 *		Frames in the order of their times.
 */
#include "core/document/repairer.h"

#include "core/base/sort.h"
#include "core/base/work.h"
#include "core/document/builder.h"
#include "core/json/read.h"

/* A frame's time, and its place in the document. */
typedef struct Place
{
	double		time;
	uint32_t	i;
} Place;

void
atl_reorder_init(AtlReorder *reorder, const AtlHost *host)
{
	memset(reorder, 0, sizeof(*reorder));
	atl_buffer_init(&reorder->order, host);
	atl_buffer_init(&reorder->elements, host);
	atl_buffer_init(&reorder->json, host);
	reorder->sink = atl_json_writer(&reorder->writer, &reorder->json);
}

void
atl_reorder_free(AtlReorder *reorder)
{
	atl_buffer_free(&reorder->order);
	atl_buffer_free(&reorder->elements);
	atl_buffer_free(&reorder->json);
}

static void
begin_array(AtlReorder *reorder, bool values)
{
	reorder->elements.size = reorder->json.size = 0;
	reorder->depth = 1;
	reorder->values = values;
}

void
atl_reorder_times(AtlReorder *reorder, uint32_t group)
{
	reorder->group = group;
	begin_array(reorder, false);
}

void
atl_reorder_values(AtlReorder *reorder)
{
	begin_array(reorder, true);
}

static AtlText
element_at(const AtlReorder *reorder, uint32_t i)
{
	const AtlSpan *span = (const AtlSpan *) reorder->elements.bytes + i;
	AtlText		text = {(const char *) atl_buffer_at(&reorder->json, span->offset), span->size};

	return text;
}

/* By time; frames of one time stay as they are. */
static int
compare_places(const void *a, const void *b, const void *context)
{
	double		x = ((const Place *) a)->time;
	double		y = ((const Place *) b)->time;

	(void) context;
	return (x > y) - (x < y);
}

/* Find the order from the times that were taken: all are numbers. */
static AtlStatus
find_order(AtlReorder *reorder)
{
	uint32_t	n = (uint32_t) (reorder->elements.size / sizeof(AtlSpan));
	AtlWork		work = {.host = reorder->order.host};

	reorder->order.size = 0;
	for (uint32_t i = 0; i < n; i++)
	{
		Place		place = {.i = i};

		atl_work(&work, 50);
		ATL_TRY(atl_read_number(element_at(reorder, i), &place.time));
		ATL_TRY(atl_buffer_append(&reorder->order, &place, sizeof(place)));
	}
	return atl_sort(work.host, reorder->order.bytes, n, sizeof(Place), compare_places, NULL);
}

static AtlStatus
push_array(AtlReorder *reorder, const AtlSink *to)
{
	const Place *places = (const Place *) reorder->order.bytes;
	uint32_t	n = (uint32_t) (reorder->elements.size / sizeof(AtlSpan));
	uint32_t	group = reorder->values ? reorder->group : 1;
	AtlWork		work = {.host = reorder->order.host};

	ATL_TRY(atl_push_mark(to, ATL_ARRAY_START));
	for (uint32_t i = 0; i < n; i++)
	{
		uint32_t	element = places[i / group].i * group + i % group;

		atl_work(&work, 200);
		ATL_TRY(atl_json_read_value(to, reorder->order.host, element_at(reorder, element)));
	}
	return atl_push_mark(to, ATL_ARRAY_END);
}

/* Take a token of an element: the element begins or goes on. */
static AtlStatus
take(AtlReorder *reorder, const AtlToken *token)
{
	AtlSpan    *last;

	if (reorder->depth == 1)
	{
		AtlSpan		span = {(uint32_t) reorder->json.size, 0};

		reorder->writer.comma = false;
		ATL_TRY(atl_buffer_append(&reorder->elements, &span, sizeof(span)));
	}
	ATL_TRY(atl_push(&reorder->sink, *token));
	last = (AtlSpan *) (reorder->elements.bytes + reorder->elements.size) - 1;
	last->size = (uint32_t) reorder->json.size - last->offset;
	return ATL_OK;
}

AtlStatus
atl_reorder_push(AtlReorder *reorder, const AtlToken *token, const AtlSink *to)
{
	bool		closes = token->kind == ATL_ARRAY_END || token->kind == ATL_OBJECT_END;

	if (reorder->depth > 1 || !closes)
	{
		ATL_TRY(take(reorder, token));
		if (closes)
			reorder->depth--;
		else if (atl_token_opens(token->kind))
			reorder->depth++;
		return ATL_OK;
	}
	reorder->depth = 0;
	if (!reorder->values)
		ATL_TRY(find_order(reorder));
	return push_array(reorder, to);
}
