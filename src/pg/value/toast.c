/*
 * toast.c
 *		Chunks of a value that is stored out of line, uncompressed.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/genam.h"
#include "access/relscan.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/toast_internals.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "pg/bridge/compat.h"
#include "pg/value/toast.h"

/* Attributes of a TOAST table, and of its index. */
#define TOAST_VALUE		1
#define TOAST_SEQUENCE	2
#define TOAST_DATA		3

#define NUM_KEYS		3

/* Guesses that may fail before no more are made for a value. */
#define MAX_MISSES		2

struct TimelineToast
{
	struct varlena *value;
	ToastPointer pointer;
	uint32		size;			/* of the value as stored */
	MemoryContext context;
	Relation	relation;
	TimelinePlace *place;
	TupleTableSlot *slot;		/* NULL: the server reads the chunks */
	SnapshotData snapshot_data;
	Snapshot	snapshot;

	/* Opened when a chunk is looked up in the index. */
	Relation   *indexes;
	int			num_indexes;
	IndexScanDesc scan;

	/* Opened when a chunk is looked for at its guessed place. */
	IndexFetchTableData *fetch;
	BlockNumber num_blocks;		/* of the table */
};

bool
timeline_toast_pointer(struct varlena *value, ToastPointer *pointer)
{
	if (!VARATT_IS_EXTERNAL(value) || VARTAG_EXTERNAL(value) != TOAST_POINTER_TAG)
		return false;
	VARATT_EXTERNAL_GET_POINTER(*pointer, value);

	/* va_extinfo also has bits for the compression method: none may be set. */
	return pointer->va_rawsize > VARHDRSZ && pointer->va_extinfo == (uint32) pointer->va_rawsize - VARHDRSZ;
}

/*
 * Whether this file can read a TOAST table.  Another access method may cut
 * values in another way, another server version may have wider value ids.
 */
static bool
is_known_form(Relation relation)
{
	return relation->rd_tableam->relation_fetch_toast_slice == heap_fetch_toast_slice &&
		TupleDescAttr(RelationGetDescr(relation), TOAST_VALUE - 1)->atttypid == OIDOID;
}

TimelineToast *
timeline_toast_open(struct varlena *value, TimelinePlace *place)
{
	TimelineToast *toast = palloc0(sizeof(TimelineToast));

	if (!timeline_toast_pointer(value, &toast->pointer))
		elog(ERROR, "chunks of this value cannot be read");
	toast->value = value;
	toast->size = toast->pointer.va_extinfo;
	toast->context = CurrentMemoryContext;
	toast->place = place;
	toast->relation = table_open(toast->pointer.va_toastrelid, AccessShareLock);
	if (is_known_form(toast->relation))
	{
		toast->slot = table_slot_create(toast->relation, NULL);
		toast->snapshot = toast_snapshot(&toast->snapshot_data);
	}
	return toast;
}

static void
open_scan(TimelineToast *toast)
{
	int			valid = toast_open_indexes(toast->relation, AccessShareLock, &toast->indexes, &toast->num_indexes);

	toast->scan = begin_index_scan(toast->relation, toast->indexes[valid], toast->snapshot, NUM_KEYS);
}

/* The table cannot become shorter as long as it is open. */
static void
open_fetch(TimelineToast *toast)
{
	toast->fetch = begin_index_fetch(toast->relation);
	toast->num_blocks = RelationGetNumberOfBlocks(toast->relation);
}

void
timeline_toast_close(TimelineToast *toast)
{
	if (toast->scan != NULL)
	{
		index_endscan(toast->scan);
		toast_close_indexes(toast->indexes, toast->num_indexes, AccessShareLock);
	}
	if (toast->fetch != NULL)
		table_index_fetch_end(toast->fetch);
	if (toast->slot != NULL)
		ExecDropSingleTupleTableSlot(toast->slot);
	table_close(toast->relation, AccessShareLock);
	pfree(toast);
}

static uint32
num_chunks(const TimelineToast *toast)
{
	return (toast->size - 1) / TOAST_CHUNK_SIZE + 1;
}

static uint32
chunk_size(const TimelineToast *toast, uint32 chunk)
{
	return Min(TOAST_CHUNK_SIZE, toast->size - chunk * TOAST_CHUNK_SIZE);
}

/* Copy the chunk in the slot to bytes; another chunk is an error. */
static void
take_chunk(TimelineToast *toast, uint32 chunk, uint8 *bytes)
{
	bool		null;
	uint32		sequence = DatumGetInt32(slot_getattr(toast->slot, TOAST_SEQUENCE, &null));
	struct varlena *data = (struct varlena *) DatumGetPointer(slot_getattr(toast->slot, TOAST_DATA, &null));
	uint32		expected = chunk_size(toast, chunk);

	if (sequence != chunk)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg_internal("unexpected chunk number %u (expected %u) for toast value %u in %s",
								 sequence, chunk, toast->pointer.va_valueid, RelationGetRelationName(toast->relation))));
	if (null || VARATT_IS_EXTERNAL(data) || VARATT_IS_COMPRESSED(data))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg_internal("found toasted toast chunk for toast value %u in %s",
								 toast->pointer.va_valueid, RelationGetRelationName(toast->relation))));
	if (VARSIZE_ANY_EXHDR(data) != expected)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg_internal("unexpected chunk size %u (expected %u) in chunk %u of %u for toast value %u in %s",
								 (uint32) VARSIZE_ANY_EXHDR(data), expected, chunk, num_chunks(toast),
								 toast->pointer.va_valueid, RelationGetRelationName(toast->relation))));
	memcpy(bytes, VARDATA_ANY(data), expected);
}

/* The transaction that wrote the chunk in the slot, frozen or not. */
static TransactionId
chunk_xmin(TimelineToast *toast)
{
	bool		null;

	return DatumGetTransactionId(slot_getsysattr(toast->slot, MinTransactionIdAttributeNumber, &null));
}

/* Remember a chunk's place; prefer a page's first tuple, to count from. */
static void
learn_place(TimelineToast *toast, uint32 chunk)
{
	TimelinePlace *place = toast->place;
	const ItemPointerData *tid = &toast->slot->tts_tid;

	if (place->offset != 0 && ItemPointerGetOffsetNumber(tid) != FirstOffsetNumber)
		return;
	place->chunk = chunk;
	place->block = ItemPointerGetBlockNumber(tid);
	place->offset = ItemPointerGetOffsetNumber(tid);
	place->xmin = chunk_xmin(toast);
}

/* Guess a chunk's place, if chunks lie in a sequence; false if impossible. */
static bool
guess_place(const TimelineToast *toast, uint32 chunk, ItemPointerData *tid)
{
	const TimelinePlace *place = toast->place;
	int64		tuple = (int64) place->block * EXTERN_TUPLES_PER_PAGE + (place->offset - 1) +
		((int64) chunk - place->chunk);

	if (tuple < 0 || tuple / EXTERN_TUPLES_PER_PAGE >= toast->num_blocks)
		return false;
	ItemPointerSet(tid, tuple / EXTERN_TUPLES_PER_PAGE, tuple % EXTERN_TUPLES_PER_PAGE + 1);
	return true;
}

/*
 * Fetch the tuple at tid into the slot; true if it is the chunk.  A tuple
 * stored there after the place was learned is not: even with the same value
 * id, after four billion others, its xmin is that of another transaction.
 */
static bool
fetch_guess(TimelineToast *toast, uint32 chunk, ItemPointerData *tid)
{
	bool		call_again = false;
	bool		null;

	return table_index_fetch_tuple(toast->fetch, tid, toast->snapshot, toast->slot, &call_again, NULL) &&
		DatumGetObjectId(slot_getattr(toast->slot, TOAST_VALUE, &null)) == toast->pointer.va_valueid &&
		DatumGetInt32(slot_getattr(toast->slot, TOAST_SEQUENCE, &null)) == chunk &&
		chunk_xmin(toast) == toast->place->xmin;
}

/*
 * Read chunks [first, end) from their guessed places, up to the first wrong
 * guess.  The index would touch two or three more pages for each read.
 * Returns the first chunk that was not read.
 */
static uint32
guess_chunks(TimelineToast *toast, uint32 first, uint32 end, uint8 *bytes)
{
	ItemPointerData tid;
	uint32		chunk;

	if (toast->place->offset == 0 || toast->place->misses >= MAX_MISSES)
		return first;
	if (toast->fetch == NULL)
		open_fetch(toast);
	for (chunk = first; chunk < end && guess_place(toast, chunk, &tid); chunk++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!fetch_guess(toast, chunk, &tid))
		{
			toast->place->misses++;
			toast->place->offset = 0;
			break;
		}
		take_chunk(toast, chunk, bytes);
		bytes += TOAST_CHUNK_SIZE;
	}
	ExecClearTuple(toast->slot);
	table_index_fetch_reset(toast->fetch);
	return chunk;
}

/* Chunks [first, end), in order; the index is on value and sequence. */
static void
scan_chunks(TimelineToast *toast, uint32 first, uint32 end, uint8 *bytes)
{
	ScanKeyData keys[NUM_KEYS];

	if (toast->scan == NULL)
		open_scan(toast);

	ScanKeyInit(&keys[0], TOAST_VALUE, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(toast->pointer.va_valueid));
	ScanKeyInit(&keys[1], TOAST_SEQUENCE, BTGreaterEqualStrategyNumber, F_INT4GE, Int32GetDatum(first));
	ScanKeyInit(&keys[2], TOAST_SEQUENCE, BTLessEqualStrategyNumber, F_INT4LE, Int32GetDatum(end - 1));
	index_rescan(toast->scan, keys, NUM_KEYS, NULL, 0);
	for (uint32 chunk = first; chunk < end; chunk++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!index_getnext_slot(toast->scan, ForwardScanDirection, toast->slot))
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg_internal("missing chunk number %u for toast value %u in %s",
									 chunk, toast->pointer.va_valueid, RelationGetRelationName(toast->relation))));
		take_chunk(toast, chunk, bytes);
		learn_place(toast, chunk);
		bytes += TOAST_CHUNK_SIZE;
	}
	ExecClearTuple(toast->slot);
}

/* Read n chunks by the server's own slices, for every form of TOAST table. */
static void
read_slice(TimelineToast *toast, uint32 chunk, uint32 n, uint8 *bytes)
{
	uint32		offset = chunk * TOAST_CHUNK_SIZE;
	uint32		size = Min(n * TOAST_CHUNK_SIZE, toast->size - offset);
	struct varlena *slice = detoast_attr_slice(toast->value, offset, size);

	if (VARSIZE_ANY_EXHDR(slice) != size)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg_internal("unexpected size %u (expected %u) of a slice of toast value %u in %s",
								 (uint32) VARSIZE_ANY_EXHDR(slice), size,
								 toast->pointer.va_valueid, RelationGetRelationName(toast->relation))));
	memcpy(bytes, VARDATA_ANY(slice), size);
	pfree(slice);
}

void
timeline_toast_read(TimelineToast *toast, uint32 chunk, uint32 n, uint8 *bytes)
{
	/* The scan keeps some of what it allocates while it runs. */
	MemoryContext outer = MemoryContextSwitchTo(toast->context);

	Assert(n > 0 && chunk + n <= num_chunks(toast));
	if (toast->slot == NULL)
		read_slice(toast, chunk, n, bytes);
	else
	{
		uint32		next = guess_chunks(toast, chunk, chunk + n, bytes);

		if (next < chunk + n)
			scan_chunks(toast, next, chunk + n, bytes + (next - chunk) * TOAST_CHUNK_SIZE);
	}
	MemoryContextSwitchTo(outer);
}
