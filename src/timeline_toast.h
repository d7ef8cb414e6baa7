/*
 * timeline_toast.h
 *		Chunks of a value that is stored out of line, uncompressed.
 *
 * The server's own detoast_attr_slice opens the TOAST table, its index and a
 * scan for each slice.  A lookup needs three slices, each found by the one
 * before it; here they share one scan.
 */
#ifndef TIMELINE_TOAST_H
#define TIMELINE_TOAST_H

#include "access/heaptoast.h"

typedef struct TimelineToast TimelineToast;

/*
 * Open the table behind a TOAST pointer.  What is opened belongs to the current
 * resource owner: it must be closed before the call into the extension ends.
 * Memory comes from the context that is current here.
 */
extern TimelineToast *timeline_toast_open(struct varlena *value);
extern void timeline_toast_close(TimelineToast *toast);

/* Read n chunks, the first of them number chunk; the value must have them. */
extern void timeline_toast_read(TimelineToast *toast, uint32 chunk, uint32 n, uint8 *bytes);

#endif							/* TIMELINE_TOAST_H */
