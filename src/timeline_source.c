/*
 * timeline_source.c
 *		Values as sources of bytes: slices of TOASTed ones, whole others.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/heaptoast.h"
#include "audio_timeline.h"

/* A piece that lies in one of the recent slices, or NULL. */
static const uint8_t *
find_slice(const TimelineSource *source, uint32_t offset, uint32_t size)
{
	for (uint32_t i = 0; i < Min(source->num_slices, TIMELINE_SLICES); i++)
	{
		const TimelineSlice *slice = &source->slices[i];

		if (offset >= slice->offset && (uint64) offset + size <= (uint64) slice->offset + slice->size)
			return slice->bytes + (offset - slice->offset);
	}
	return NULL;
}

static const uint8_t *
source_fetch(void *context, uint32_t offset, uint32_t size)
{
	TimelineSource *source = context;
	TimelineSlice *slice;
	const uint8_t *bytes;
	struct varlena *piece;

	if ((uint64) offset + size <= source->head_size)
		return source->head + offset;
	Assert(source->sliced);
	bytes = find_slice(source, offset, size);
	if (bytes != NULL)
		return bytes;

	piece = detoast_attr_slice(source->value, offset, size);
	if (VARSIZE_ANY_EXHDR(piece) != size)
		timeline_check(ATL_DAMAGED);
	slice = &source->slices[source->num_slices++ % TIMELINE_SLICES];
	slice->bytes = (const uint8_t *) VARDATA_ANY(piece);
	slice->offset = offset;
	slice->size = size;
	return slice->bytes;
}

/* Whether pieces of the value can be read: on disk, and not compressed. */
static bool
can_slice(struct varlena *value, uint32_t *size)
{
	struct varatt_external pointer;

	if (!VARATT_IS_EXTERNAL_ONDISK(value))
		return false;
	VARATT_EXTERNAL_GET_POINTER(pointer, value);
	*size = VARATT_EXTERNAL_GET_EXTSIZE(pointer);
	return !VARATT_EXTERNAL_IS_COMPRESSED(pointer);
}

void
timeline_open(Datum datum, uint32_t head, TimelineSource *source, AtlView *view)
{
	AtlSource	core = {source_fetch, source, 0};
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);

	source->num_slices = 0;
	source->sliced = head != TIMELINE_WHOLE && can_slice(value, &core.size) && core.size > head;
	if (source->sliced)
	{
		struct varlena *slice = detoast_attr_slice(value, 0, head);

		source->value = value;
		source->head = (const uint8_t *) VARDATA_ANY(slice);
		source->head_size = VARSIZE_ANY_EXHDR(slice);
	}
	else
	{
		source->value = pg_detoast_datum_packed(value);
		source->head = (const uint8_t *) VARDATA_ANY(source->value);
		source->head_size = core.size = VARSIZE_ANY_EXHDR(source->value);
	}
	timeline_check(atl_view_open(view, core));
}
