/*
 * toast.h
 *		Chunks of a value that is stored out of line, uncompressed.
 *
 * The server's own detoast_attr_slice opens the TOAST table, its index and a
 * scan for each slice, and goes down the index for each.  A lookup needs three
 * slices, each found by the one before it; here the slices share the
 * open relations and scan, and mostly only the first slice uses the index.
 */
#ifndef PG_VALUE_TOAST_H
#define PG_VALUE_TOAST_H

#include "storage/block.h"
#include "storage/off.h"

#include "pg/bridge/compat.h"

/*
 * The place of one chunk of a value, and the number of wrong guesses from it.
 * A value is written in one go, so its chunks nearly always lie one after the
 * other, and one place gives all others.  All zero: nothing is known.
 *
 * On 1,000 songs and 1,000 hours, each value read once, this makes value_at take
 * 0.65 and 0.75 of the time, events_between 0.98 and 0.92, and halves the
 * buffers.  Where chunks lie scattered, in a table of many updates, it costs
 * nothing that can be measured.
 */
typedef struct TimelinePlace
{
	BlockNumber block;
	OffsetNumber offset;		/* 0: unknown */
	uint16		misses;
	uint32		chunk;
	TransactionId xmin;			/* raw, the same for all chunks */
} TimelinePlace;

typedef struct TimelineToast TimelineToast;

/*
 * Whether chunks of a value can be read here: the value is stored out of line,
 * with a ToastPointer, and not compressed.  Then *pointer is its TOAST
 * pointer.  Any other value must be detoasted by the server.
 */
extern bool timeline_toast_pointer(struct varlena *value, ToastPointer *pointer);

/*
 * Open the TOAST table of such a value.  The open table belongs to the current
 * resource owner: close it before the call into the extension ends.  Memory
 * comes from the current context.  place is the place of this value.
 */
extern TimelineToast *timeline_toast_open(struct varlena *value, TimelinePlace *place);
extern void timeline_toast_close(TimelineToast *toast);

/* Read n chunks, the first of them number chunk; the value must have them. */
extern void timeline_toast_read(TimelineToast *toast, uint32 chunk, uint32 n, uint8 *bytes);

#endif							/* PG_VALUE_TOAST_H */
