/*
 * batch.c
 *		Long work on a feature, batch by batch.
 *
 * A source keeps all bytes it has read, so each batch of frames has a source
 * of its own: what work on many frames takes does not grow with them.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "pg/sql/sql.h"

/* A batch has about so many bytes, and no more frames and numbers than these. */
#define BATCH_BYTES		(4 * 1024 * 1024)
#define BATCH_FRAMES	16384
#define BATCH_NUMBERS	(2 * 1024 * 1024)

uint32_t
timeline_batch_limit(const AtlFeature *feature, uint32_t dims, uint32_t first)
{
	uint32_t	frame_size = feature->data_size / Max(feature->frames, 1) + 1;
	uint32_t	frames = Min(Max(BATCH_BYTES / frame_size, 1), Min(BATCH_FRAMES, BATCH_NUMBERS / dims));

	/* No block lies in two batches, or it would be read twice. */
	if (frames > feature->block_frames)
		frames -= frames % feature->block_frames;
	return (first / frames + 1) * frames;
}

void
timeline_batch_begin(TimelineBatch *batch, Datum datum, const TimelineSource *source, const AtlView *view)
{
	CHECK_FOR_INTERRUPTS();
	memset(batch, 0, sizeof(*batch));
	batch->context = AllocSetContextCreate(CurrentMemoryContext, "audio_timeline batch", ALLOCSET_DEFAULT_SIZES);
	batch->outer = MemoryContextSwitchTo(batch->context);
	if (source->head == NULL)
		timeline_open(NULL, datum, TIMELINE_HEAD, &batch->source, &batch->view);
	else
		batch->view = *view;
}

void
timeline_batch_end(TimelineBatch *batch)
{
	timeline_close(&batch->source);
	MemoryContextSwitchTo(batch->outer);
	MemoryContextDelete(batch->context);
}
