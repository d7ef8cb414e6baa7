/*
 * timeline_toast.c
 *		Chunks of a value that is stored out of line, uncompressed.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/genam.h"
#include "access/relscan.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/toast_internals.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "pgcompat.h"
#include "timeline_toast.h"

/* Attributes of a TOAST table, and of its index. */
#define TOAST_VALUE		1
#define TOAST_SEQUENCE	2
#define TOAST_DATA		3

#define NUM_KEYS		3

struct TimelineToast
{
	struct varlena *value;
	struct varatt_external pointer;
	uint32		size;			/* of the value as stored */
	MemoryContext context;
	Relation	relation;
	Relation   *indexes;
	int			num_indexes;
	IndexScanDesc scan;			/* NULL: the chunks are not the heap's */
	TupleTableSlot *slot;
	SnapshotData snapshot;
};

TimelineToast *
timeline_toast_open(struct varlena *value)
{
	TimelineToast *toast = palloc0(sizeof(TimelineToast));
	int			valid;

	toast->value = value;
	VARATT_EXTERNAL_GET_POINTER(toast->pointer, value);
	Assert(!VARATT_EXTERNAL_IS_COMPRESSED(toast->pointer));
	toast->size = VARATT_EXTERNAL_GET_EXTSIZE(toast->pointer);
	toast->context = CurrentMemoryContext;
	toast->relation = table_open(toast->pointer.va_toastrelid, AccessShareLock);

	/* Another table access method may cut values in another way. */
	if (toast->relation->rd_tableam->relation_fetch_toast_slice != heap_fetch_toast_slice)
		return toast;
	valid = toast_open_indexes(toast->relation, AccessShareLock, &toast->indexes, &toast->num_indexes);
	toast->slot = table_slot_create(toast->relation, NULL);
	toast->scan = begin_index_scan(toast->relation, toast->indexes[valid], toast_snapshot(&toast->snapshot), NUM_KEYS);
	return toast;
}

void
timeline_toast_close(TimelineToast *toast)
{
	if (toast->scan != NULL)
	{
		index_endscan(toast->scan);
		ExecDropSingleTupleTableSlot(toast->slot);
		toast_close_indexes(toast->indexes, toast->num_indexes, AccessShareLock);
	}
	table_close(toast->relation, AccessShareLock);
	pfree(toast);
}

static uint32
num_chunks(const TimelineToast *toast)
{
	return (toast->size - 1) / TOAST_MAX_CHUNK_SIZE + 1;
}

static uint32
chunk_size(const TimelineToast *toast, uint32 chunk)
{
	return Min(TOAST_MAX_CHUNK_SIZE, toast->size - chunk * TOAST_MAX_CHUNK_SIZE);
}

/* Take the chunk in the slot, if it is the one that is due. */
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

/* Chunks [first, end), in order; the index is on value and sequence. */
static void
scan_chunks(TimelineToast *toast, uint32 first, uint32 end, uint8 *bytes)
{
	ScanKeyData keys[NUM_KEYS];

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
		bytes += TOAST_MAX_CHUNK_SIZE;
	}
	ExecClearTuple(toast->slot);
}

/* The same through the table's access method. */
static void
read_slice(TimelineToast *toast, uint32 chunk, uint32 n, uint8 *bytes)
{
	uint32		offset = chunk * TOAST_MAX_CHUNK_SIZE;
	uint32		size = Min(n * TOAST_MAX_CHUNK_SIZE, toast->size - offset);
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
	if (toast->scan != NULL)
		scan_chunks(toast, chunk, chunk + n, bytes);
	else
		read_slice(toast, chunk, n, bytes);
	MemoryContextSwitchTo(outer);
}
