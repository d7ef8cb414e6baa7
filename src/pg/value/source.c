/*
 * source.c
 *		Values as sources of bytes: stored values in pieces, others whole.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "miscadmin.h"

#include "pg/bridge/bridge.h"
#include "pg/value/extents.h"
#include "pg/value/opened.h"
#include "pg/value/source.h"
#include "pg/value/toast.h"

/* Pieces so few chunks apart are read together: it is faster than to seek. */
#define READ_THROUGH	2

/* Chunks [first, end) of a value. */
typedef struct Run
{
	uint32		first;
	uint32		end;
} Run;

static Run
make_run(uint32 offset, uint32 size)
{
	Run			run = {
		.first = offset / TOAST_CHUNK_SIZE,
		.end = (offset + size - 1) / TOAST_CHUNK_SIZE + 1
	};

	return run;
}

static void
read_chunks(TimelineSource *source, uint32 chunk, uint32 n, uint8 *bytes)
{
	if (source->toast == NULL)
	{
		MemoryContext outer = MemoryContextSwitchTo(source->context);

		source->toast = timeline_toast_open(source->value, &source->opened->place);
		MemoryContextSwitchTo(outer);
	}
	timeline_toast_read(source->toast, chunk, n, bytes);
}

void
timeline_close_toast(TimelineSource *source)
{
	timeline_toast_close(source->toast);
	source->toast = NULL;
}

/* Copy a chunk that has been read. */
static void
copy_chunk(const TimelineExtent *from, uint32 chunk, TimelineExtent *to)
{
	uint32		offset = chunk * TOAST_CHUNK_SIZE;
	uint32		end = Min(from->offset + from->size, to->offset + to->size);

	memcpy(to->bytes + (offset - to->offset), from->bytes + (offset - from->offset),
		   Min(TOAST_CHUNK_SIZE, end - offset));
}

/* Make the extent of a run: copy chunks already in memory, read the others. */
static TimelineExtent *
read_run(TimelineSource *source, Run run)
{
	TimelineExtents *extents = &source->opened->extents;
	uint32		offset = run.first * TOAST_CHUNK_SIZE;
	uint32		end = Min(run.end * TOAST_CHUNK_SIZE, source->opened->size);
	TimelineExtent *extent = timeline_extents_make(extents, offset, end - offset);
	uint32		missing = 0;	/* chunks to read, just before this chunk */

	for (uint32 chunk = run.first; chunk <= run.end; chunk++)
	{
		const TimelineExtent *other = chunk < run.end ? timeline_extents_find(extents, chunk) : NULL;

		if (chunk < run.end && other == NULL)
		{
			missing++;
			continue;
		}
		if (missing > 0)
			read_chunks(source, chunk - missing, missing,
						extent->bytes + (chunk - missing - run.first) * TOAST_CHUNK_SIZE);
		missing = 0;
		if (other != NULL)
			copy_chunk(other, chunk, extent);
	}
	timeline_extents_add(extents, extent);
	return extent;
}

static const uint8_t *
source_fetch(void *context, uint32_t offset, uint32_t size)
{
	TimelineSource *source = context;
	const uint8_t *bytes = timeline_extents_bytes(&source->opened->extents, offset, size);
	TimelineExtent *extent;

	if (bytes != NULL)
		return bytes;
	extent = read_run(source, make_run(offset, size));
	return extent->bytes + (offset - extent->offset);
}

/* Read a run, unless one extent has the whole run. */
static void
prefetch_run(TimelineSource *source, Run run)
{
	const TimelineExtent *extent = timeline_extents_find(&source->opened->extents, run.first);
	uint32		end = Min(run.end * TOAST_CHUNK_SIZE, source->opened->size);

	if (extent == NULL || extent->offset + extent->size < end)
	{
		read_run(source, run);
		source->prefetched += end - run.first * TOAST_CHUNK_SIZE;
	}
}

/*
 * Read runs in the order of the ranges, neighbours together.  Ranges of a
 * damaged value may overlap: do not prefetch more bytes than the value has.
 */
static void
source_prefetch(void *context, const AtlSpan *ranges, uint32_t n)
{
	TimelineSource *source = context;
	Run			run = {0, 0};

	for (uint32 i = 0; i < n && source->prefetched < source->opened->size; i++)
	{
		Run			next;

		if (ranges[i].size == 0)
			continue;
		next = make_run(ranges[i].offset, ranges[i].size);
		if (next.first >= run.first && next.first <= run.end + READ_THROUGH && run.end > 0)
		{
			run.end = Max(run.end, next.end);
			continue;
		}
		if (run.end > 0)
			prefetch_run(source, run);
		run = next;
	}
	if (run.end > 0 && source->prefetched < source->opened->size)
		prefetch_run(source, run);
}

/* Size in bytes above which the server's detoasting would delay a cancel. */
#define LONG_VALUE	(32 * 1024 * 1024)

static bool
is_long(struct varlena *value, ToastPointer *pointer)
{
	return timeline_toast_pointer(value, pointer) && VARATT_EXTERNAL_GET_EXTSIZE(*pointer) > LONG_VALUE;
}

/* Read a long value whole, chunk by chunk, with checks for interrupts. */
static struct varlena *
read_whole(struct varlena *value, const ToastPointer *pointer)
{
	uint32		size = VARATT_EXTERNAL_GET_EXTSIZE(*pointer);
	struct varlena *whole = palloc((Size) size + VARHDRSZ);
	TimelinePlace place = {0};
	TimelineToast *toast = timeline_toast_open(value, &place);

	SET_VARSIZE(whole, (Size) size + VARHDRSZ);
	timeline_toast_read(toast, 0, (size - 1) / TOAST_CHUNK_SIZE + 1, (uint8 *) VARDATA(whole));
	timeline_toast_close(toast);
	return whole;
}

struct varlena *
timeline_plain_copy(Datum datum)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);
	ToastPointer pointer;
	struct varlena *copy;

	if (is_long(value, &pointer))
		return read_whole(value, &pointer);
	if (VARATT_IS_EXTENDED(value))
		return pg_detoast_datum_copy(value);
	copy = palloc(VARSIZE(value));
	timeline_copy(copy, value, VARSIZE(value));
	return copy;
}

static void
source_poll(void *context)
{
	CHECK_FOR_INTERRUPTS();
}

static void
open_whole(struct varlena *value, TimelineSource *source, AtlView *view)
{
	ToastPointer pointer;
	AtlSource	core;

	source->value = is_long(value, &pointer) ? read_whole(value, &pointer) : pg_detoast_datum_packed(value);
	source->head = (const uint8_t *) VARDATA_ANY(source->value);
	source->head_size = VARSIZE_ANY_EXHDR(source->value);
	core = atl_memory_source(source->head, source->head_size);
	core.poll = source_poll;
	timeline_check(atl_view_open(view, core));
}

/* Open a value in pieces; its header and section table are checked once. */
static void
open_pieces(TimelineSource *source, uint32 head)
{
	TimelineOpened *opened = source->opened;
	AtlSource	core = {source_fetch, source, opened->size, source_prefetch, source_poll};

	if (timeline_extents_find(&opened->extents, 0) == NULL)
		read_run(source, make_run(0, Min(head, opened->size)));
	timeline_check(atl_view_open(&opened->view, core));
	opened->view.memo = &opened->memo;
	opened->memo.num_words = 0;
	opened->ready = true;
}

void
timeline_open(FmgrInfo *call_site, Datum datum, uint32_t head, TimelineSource *source, AtlView *view)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);
	ToastPointer pointer;

	memset(source, 0, sizeof(*source));
	if (head == TIMELINE_WHOLE || !timeline_toast_pointer(value, &pointer))
	{
		open_whole(value, source, view);
		return;
	}
	source->value = value;
	source->context = CurrentMemoryContext;
	source->opened = timeline_opened_get(call_site, &pointer);
	if (!source->opened->ready)
		open_pieces(source, head);
	*view = source->opened->view;
	view->source.context = source;
}
