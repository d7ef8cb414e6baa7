/*
 * source.h
 *		A value, opened.
 *
 * A value that is stored out of line and not compressed is read in pieces: its
 * head, as many bytes as asked for, and then the ranges that the core fetches.
 * Bytes that have been read are kept with the call site, so that the next call
 * on the same value does not read them again (opened.h).  Any other value is
 * detoasted whole.
 *
 * A source is closed before its function returns.  Fetched bytes stay readable
 * until the source is closed; after an error the server cleans up.  A function
 * that opens two timelines reads them after it has opened both.
 */
#ifndef PG_VALUE_SOURCE_H
#define PG_VALUE_SOURCE_H

#include "fmgr.h"

#include "core/image/view.h"
#include "pg/bridge/compat.h"

typedef struct TimelineSource
{
	struct varlena *value;		/* the TOAST pointer, or the plain value */
	const uint8_t *head;		/* the plain value's bytes, else NULL */
	uint32_t	head_size;
	uint32_t	prefetched;		/* bytes, in this call */
	MemoryContext context;		/* of the call */
	struct TimelineOpened *opened;
	struct TimelineToast *toast;	/* its chunks, while they are read */
} TimelineSource;

/*
 * Bytes of the head to read: the first chunk, for accessors that only need the
 * header; for lookups the chunks that hold the small sections of most
 * timelines, of up to 45 features.  One more chunk in the same scan costs a
 * fifth of a scan for that chunk alone.
 */
#define TIMELINE_HEADER		(1 * TOAST_CHUNK_SIZE)
#define TIMELINE_HEAD		(4 * TOAST_CHUNK_SIZE)
#define TIMELINE_WHOLE		0

/* call_site is the fcinfo->flinfo of the calling function. */
extern void timeline_open(FmgrInfo *call_site, Datum datum, uint32_t head,
						  TimelineSource *source, AtlView *view);

/* The whole value in memory of the caller's, with a full header and not looked at. */
extern struct varlena *timeline_plain_copy(Datum datum);
extern void timeline_close_toast(TimelineSource *source);

static inline void
timeline_close(TimelineSource *source)
{
	if (source->toast != NULL)
		timeline_close_toast(source);
}

#endif							/* PG_VALUE_SOURCE_H */
