/*
 * feature.c
 *		Features into an image: entries, texts, summaries.
 */
#include "core/writer/writer.h"

#include <string.h>

#include "core/base/bytes.h"

uint64_t
atl_write_feature_text_size(const AtlDraft *draft)
{
	AtlWork		work = {.host = draft->host};
	uint64_t	size = 0;

	for (uint32_t i = 0; i < atl_draft_features(draft); i++)
	{
		const AtlDraftFeature *feature = atl_draft_feature(draft, i);

		atl_work(&work, 10);
		size += (uint64_t) feature->name.size + feature->unit.size + feature->kind.size +
			feature->attributes.size;
	}
	return size;
}

/* Write a text at offset, and its span in entry; returns the text's end. */
static uint32_t
write_entry_text(const AtlDraft *draft, AtlSpan span, uint8_t *entry, uint8_t *texts, uint32_t offset)
{
	atl_store_u32(entry, span.size == 0 ? 0 : offset);
	atl_store_u32(entry + 4, span.size);
	atl_write_text(draft, span, texts + offset);
	return offset + span.size;
}

static void
write_entry(const AtlFeature *feature, uint8_t *to)
{
	atl_store_u32(to + 32, feature->frames);
	atl_store_u32(to + 36, feature->dims);
	to[40] = (uint8_t) feature->encoding;
	to[41] = feature->dims <= ATL_NARROW_DIMS ? ATL_LAYOUT_SERIES : ATL_LAYOUT_FRAMES;
	atl_store_u16(to + 42, (uint16_t) feature->flags);
	atl_store_u32(to + 44, feature->data_size);
	atl_store_f64(to + 48, feature->clock);
	atl_store_f64(to + 56, feature->start_time);
	atl_store_f64(to + 64, feature->range_min);
	atl_store_f64(to + 72, feature->range_max);
	atl_store_f64(to + 80, feature->max_error);
	atl_store_f64(to + 88, feature->min);
	atl_store_f64(to + 96, feature->max);
	atl_store_f64(to + 104, feature->mean);
	atl_store_u32(to + 112, feature->directory);
	atl_store_u32(to + 116, feature->group_pieces);
	atl_store_u32(to + 120, feature->first_piece);
	atl_store_u32(to + 128, feature->missing);
	atl_store_u32(to + 132, feature->times);
}

void
atl_write_features(const AtlDraft *draft, uint8_t *entries, uint8_t *texts, uint8_t *summary)
{
	uint32_t	text_offset = 0;
	uint32_t	summary_offset = 0;
	AtlWork		work = {.host = draft->host};

	for (uint32_t i = 0; i < atl_draft_features(draft); i++)
	{
		const AtlDraftFeature *feature = atl_draft_feature(draft, i);
		uint8_t    *entry = entries + (size_t) i * ATL_FEATURE_ENTRY_SIZE;

		atl_work(&work, 100 + (uint64_t) feature->name.size + feature->attributes.size + feature->summary_size);
		text_offset = write_entry_text(draft, feature->name, entry, texts, text_offset);
		text_offset = write_entry_text(draft, feature->unit, entry + 8, texts, text_offset);
		text_offset = write_entry_text(draft, feature->kind, entry + 16, texts, text_offset);
		text_offset = write_entry_text(draft, feature->attributes, entry + 24, texts, text_offset);
		write_entry(&feature->entry, entry);
		if (feature->summary_size == 0)
			continue;
		atl_store_u32(entry + 124, summary_offset);
		atl_copy(draft->host, summary + summary_offset, draft->summary.bytes + feature->summary, feature->summary_size);
		summary_offset += feature->summary_size;
	}
}
