/*
 * view.c
 *		Opening an image, and fetching pieces of sections.
 */
#include "core/image/view.h"

#include <math.h>
#include <string.h>

#include "core/base/bytes.h"

/* Ranges per call of a source's prefetch. */
#define PREFETCH_BATCH		64

static const uint8_t *
memory_fetch(void *context, uint32_t offset, uint32_t size)
{
	(void) size;
	return (const uint8_t *) context + offset;
}

AtlSource
atl_memory_source(const void *image, uint32_t size)
{
	AtlSource	source = {memory_fetch, (void *) (uintptr_t) image, size, NULL, NULL};

	return source;
}

/* Read the fixed fields, and check each field by itself. */
static AtlStatus
read_header(AtlView *view, const uint8_t *header)
{
	uint32_t	image_size = atl_load_u32(header + 4);

	if (header[0] != ATL_MAGIC_0 || header[1] != ATL_MAGIC_1)
		return ATL_DAMAGED;
	if (header[2] != ATL_VERSION || header[3] != 0)
		return ATL_UNSUPPORTED;
	view->duration = atl_load_f64(header + 8);
	view->sample_rate = atl_load_u32(header + 16);
	view->present = atl_load_u32(header + 20);
	view->num_events = atl_load_u32(header + 24);
	view->num_markers = atl_load_u32(header + 28);
	view->num_features = atl_load_u32(header + 32);
	view->start_time = atl_load_f64(header + 40);
	if (image_size != view->source.size || (view->present & ~ATL_HAS_ALL) != 0 ||
		((view->present & ATL_HAS_START) == 0 && atl_load_u64(header + 40) != 0))
		return ATL_DAMAGED;
	if (!(view->duration >= 0) || isinf(view->duration) ||
		!(view->start_time <= 0) || isinf(view->start_time) ||
		view->sample_rate == 0 || view->sample_rate > INT32_MAX)
		return ATL_DAMAGED;
	return ATL_OK;
}

/* Read a section; sections are ordered, disjoint, aligned, in the image. */
static AtlStatus
read_section(AtlView *view, const uint8_t *entry, uint32_t *last_kind, uint64_t *end)
{
	uint32_t	word = atl_load_u32(entry);
	uint32_t	kind = word & ~ATL_SECTION_OPTIONAL;
	uint32_t	offset = atl_load_u32(entry + 4);
	uint32_t	size = atl_load_u32(entry + 8);

	if (kind >= ATL_SECTION_KINDS && (word & ATL_SECTION_OPTIONAL) == 0)
		return ATL_UNSUPPORTED;
	if (kind <= *last_kind || offset < *end || offset % 8 != 0 || size == 0 ||
		(uint64_t) offset + size > view->source.size || atl_load_u32(entry + 12) != 0)
		return ATL_DAMAGED;
	*last_kind = kind;
	*end = (uint64_t) offset + size;
	if (kind < ATL_SECTION_KINDS)
	{
		view->sections[kind].offset = offset;
		view->sections[kind].size = size;
	}
	return ATL_OK;
}

/* An entry for each feature, and perhaps one for its times. */
static bool
entries_are_sound(const AtlView *view)
{
	uint32_t	size = view->sections[ATL_FEATURE_ENTRIES].size;
	uint64_t	entries = size / ATL_FEATURE_ENTRY_SIZE;

	return size % ATL_FEATURE_ENTRY_SIZE == 0 && entries >= view->num_features &&
		entries <= (uint64_t) view->num_features * 2;
}

AtlStatus
atl_view_open(AtlView *view, AtlSource source)
{
	const uint8_t *bytes;
	uint32_t	num;
	uint32_t	last_kind = 0;
	uint64_t	end;

	memset(view, 0, sizeof(*view));
	view->source = source;
	if (source.size < ATL_HEADER_SIZE || source.size > ATL_MAX_IMAGE)
		return ATL_DAMAGED;
	bytes = source.fetch(source.context, 0, ATL_HEADER_SIZE);
	ATL_TRY(read_header(view, bytes));

	num = atl_load_u32(bytes + 36);
	end = ATL_HEADER_SIZE + (uint64_t) num * ATL_SECTION_ENTRY_SIZE;
	if (num > ATL_MAX_SECTIONS || end > source.size)
		return ATL_DAMAGED;
	bytes = source.fetch(source.context, ATL_HEADER_SIZE, num * ATL_SECTION_ENTRY_SIZE);
	for (uint32_t i = 0; i < num; i++)
		ATL_TRY(read_section(view, bytes + (size_t) i * ATL_SECTION_ENTRY_SIZE, &last_kind, &end));
	return entries_are_sound(view) ? ATL_OK : ATL_DAMAGED;
}

static bool
is_inside(const AtlSpan *section, uint64_t offset, uint64_t size)
{
	return offset <= section->size && size <= section->size - offset;
}

AtlStatus
atl_view_fetch(const AtlView *view, AtlSectionKind kind, uint64_t offset, uint64_t size,
			   const uint8_t **bytes)
{
	const AtlSpan *section = &view->sections[kind];

	if (!is_inside(section, offset, size))
		return ATL_DAMAGED;
	if (size == 0)
		*bytes = (const uint8_t *) "";
	else
		*bytes = view->source.fetch(view->source.context,
									section->offset + (uint32_t) offset, (uint32_t) size);
	return ATL_OK;
}

AtlStatus
atl_view_prefetch(const AtlView *view, AtlSectionKind kind, const AtlSpan *ranges, uint32_t n)
{
	const AtlSpan *section = &view->sections[kind];
	AtlSpan		batch[PREFETCH_BATCH];
	uint32_t	num = 0;

	for (uint32_t i = 0; i < n; i++)
		if (!is_inside(section, ranges[i].offset, ranges[i].size))
			return ATL_DAMAGED;
	for (uint32_t i = 0; i < n && view->source.prefetch != NULL; i++)
	{
		batch[num].offset = section->offset + ranges[i].offset;
		batch[num++].size = ranges[i].size;
		if (num == PREFETCH_BATCH || i == n - 1)
		{
			view->source.prefetch(view->source.context, batch, num);
			num = 0;
		}
	}
	return ATL_OK;
}

AtlStatus
atl_view_text(const AtlView *view, AtlSectionKind kind, AtlText *text)
{
	const uint8_t *bytes;
	AtlStatus	status = atl_view_fetch(view, kind, 0, view->sections[kind].size, &bytes);

	text->text = (const char *) bytes;
	text->size = view->sections[kind].size;
	return status;
}
