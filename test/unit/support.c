/*
 * support.c
 *		What the core needs around it in tests.
 */
#include "postgres_fe.h"

#include "common/shortest_dec.h"
#include "mb/pg_wchar.h"

#include "pg/bridge/compat.h"
#include "pg/bridge/json_text.h"
#include "support.h"


/*
 * Memory
 */

/* Before each block, its size; the size of the union keeps it aligned. */
typedef union BlockHead
{
	size_t		size;
	max_align_t align;
} BlockHead;

static void
release(UnitHost *host, BlockHead *head)
{
	if (head == NULL)
		return;
	host->blocks--;
	host->bytes -= head->size;
	free(head);
}

static void *
host_resize(void *context, void *memory, size_t size)
{
	UnitHost   *host = context;
	BlockHead  *old = memory == NULL ? NULL : (BlockHead *) memory - 1;
	size_t		old_size = old == NULL ? 0 : old->size;
	BlockHead  *head;

	if (size == 0)
	{
		release(host, old);
		return NULL;
	}
	if (++host->calls == host->fail_at || host->bytes + size > host->limit)
		return NULL;
	head = malloc(sizeof(BlockHead) + size);
	if (head == NULL)
		return NULL;
	head->size = size;
	if (old != NULL)
		memcpy(head + 1, old + 1, old_size < size ? old_size : size);
	release(host, old);
	host->blocks++;
	host->bytes += size;
	return head + 1;
}

static void
host_poll(void *context)
{
	((UnitHost *) context)->polls++;
}

void
unit_host_init(UnitHost *host)
{
	memset(host, 0, sizeof(*host));
	host->host.resize = host_resize;
	host->host.format_double = double_to_shortest_decimal_bufn;
	host->host.poll = host_poll;
	host->host.context = host;
	host->limit = SIZE_MAX;
	host->host.seeds[0] = UINT64_C(0x0706050403020100);
	host->host.seeds[1] = UINT64_C(0x0F0E0D0C0B0A0908);
}

void
unit_append(AtlBuffer *buffer, const char *format, ...)
{
	char		text[1024];
	va_list		args;
	int			size;

	va_start(args, format);
	size = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (size < 0 || (size_t) size >= sizeof(text) ||
		atl_buffer_append(buffer, text, (size_t) size) != ATL_OK)
		abort();
}


/*
 * Text to image
 */

AtlBuilder *
unit_builder_from_text(UnitHost *host, const char *json, size_t size, bool collect, AtlStatus *status)
{
	AtlText		text = {json, (uint32_t) size};
	AtlBuilder *builder;

	*status = ATL_DAMAGED;
	if (!atl_text_is_utf8(&host->host, text))
		return NULL;
	builder = atl_build_begin(&host->host, collect);
	*status = ATL_NO_MEMORY;
	if (builder == NULL)
		return NULL;
	atl_build_set_rule(builder, host->rule);
	*status = atl_json_read(atl_build_sink(builder), &host->host, text);
	if (*status == ATL_OK || *status == ATL_NO_MEMORY)
		return builder;
	atl_build_free(builder);
	return unit_builder_by_server(host, json, size, collect, status);
}

AtlBuilder *
unit_builder_by_server(UnitHost *host, const char *json, size_t size, bool collect, AtlStatus *status)
{
	AtlBuilder *builder = atl_build_begin(&host->host, collect);
	JsonLexContext *lex;
	JsonParseErrorType result;

	*status = ATL_NO_MEMORY;
	if (builder == NULL)
		return NULL;
	atl_build_set_rule(builder, host->rule);
	lex = make_json_lexer((char *) (uintptr_t) json, (int) size);
	result = json_text_push(lex, atl_build_sink(builder), status);
	unit_parser_free();
	if (result == JSON_SUCCESS)
		return builder;
	atl_build_free(builder);
	*status = ATL_DAMAGED;
	return NULL;
}

static AtlStatus
write_image(AtlBuilder *builder, UnitImage *image)
{
	AtlStatus	status = atl_build_finish(builder, &image->size);

	if (status != ATL_OK)
		return status;
	image->bytes = malloc(image->size);
	if (image->bytes == NULL)
		return ATL_NO_MEMORY;
	/* The writer must fill in every byte by itself. */
	memset(image->bytes, 0xA5, image->size);
	atl_build_write(builder, image->bytes);
	return ATL_OK;
}

AtlStatus
unit_image_from_text(UnitHost *host, const char *json, size_t size, UnitImage *image,
					 AtlProblem *problem)
{
	AtlStatus	status;
	AtlBuilder *builder;

	memset(image, 0, sizeof(*image));
	if (problem != NULL)
		memset(problem, 0, sizeof(*problem));
	builder = unit_builder_from_text(host, json, size, false, &status);
	if (builder == NULL)
		return status;
	if (status == ATL_OK)
		status = write_image(builder, image);
	if (problem != NULL && atl_build_num_problems(builder) > 0)
		atl_build_problem(builder, 0, problem);
	atl_build_free(builder);
	return status;
}

AtlStatus
unit_image_again(UnitHost *host, const AtlView *view, UnitImage *image)
{
	AtlBuilder *builder = atl_build_begin(&host->host, false);
	AtlStatus	status;

	memset(image, 0, sizeof(*image));
	if (builder == NULL)
		return ATL_NO_MEMORY;
	atl_build_set_rule(builder, host->rule);
	status = atl_rebuild(view, &host->host, builder);
	if (status == ATL_OK)
		status = write_image(builder, image);
	atl_build_free(builder);
	return status;
}

void
unit_image_free(UnitImage *image)
{
	free(image->bytes);
	memset(image, 0, sizeof(*image));
}


/*
 * Sources
 */

struct UnitPiece
{
	UnitPiece  *next;
	uint8_t    *bytes;
};

static const uint8_t *
source_fetch(void *context, uint32_t offset, uint32_t size)
{
	UnitSource *source = context;
	UnitPiece  *piece = malloc(sizeof(UnitPiece));

	/* The core's promise: it asks for nothing outside. */
	if (piece == NULL || offset > source->size || size > source->size - offset)
		abort();
	piece->bytes = malloc(size == 0 ? 1 : size);
	if (piece->bytes == NULL)
		abort();
	if (size > 0)
		memcpy(piece->bytes, source->bytes + offset, size);
	piece->next = source->pieces;
	source->pieces = piece;
	source->fetches++;
	source->fetched += size;
	if (size > source->largest)
		source->largest = size;
	return piece->bytes;
}

static void
source_prefetch(void *context, const AtlSpan *ranges, uint32_t n)
{
	UnitSource *source = context;

	for (uint32_t i = 0; i < n; i++)
	{
		if (ranges[i].offset > source->size || ranges[i].size > source->size - ranges[i].offset)
			abort();
		source->prefetched += ranges[i].size;
	}
	source->prefetches += n;
}

static void
source_poll(void *context)
{
	((UnitSource *) context)->polls++;
}

AtlSource
unit_source(UnitSource *source, const uint8_t *bytes, uint32_t size)
{
	AtlSource	result = {source_fetch, source, size, source_prefetch, source_poll};

	memset(source, 0, sizeof(*source));
	source->bytes = bytes;
	source->size = size;
	return result;
}

void
unit_source_release(UnitSource *source)
{
	while (source->pieces != NULL)
	{
		UnitPiece  *piece = source->pieces;

		source->pieces = piece->next;
		free(piece->bytes);
		free(piece);
	}
}

bool
unit_open(UnitTimeline *timeline, const char *json, size_t size)
{
	AtlSource	source;

	unit_host_init(&timeline->host);
	if (unit_image_from_text(&timeline->host, json, size, &timeline->image, NULL) != ATL_OK)
		return false;
	source = unit_source(&timeline->source, timeline->image.bytes, timeline->image.size);
	if (atl_view_open(&timeline->view, source) == ATL_OK)
		return true;
	unit_close(timeline);
	return false;
}

void
unit_close(UnitTimeline *timeline)
{
	unit_source_release(&timeline->source);
	unit_image_free(&timeline->image);
}
