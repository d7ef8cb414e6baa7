/*
 * image.c
 *		From a draft to its image: order, layout, header.
 */
#include "core/writer/draft.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/sort.h"
#include "core/base/text.h"
#include "core/writer/writer.h"

/*
 * Order
 */

/* By time; items of equal time stay in the order of the document. */
static int
compare_items(const void *a, const void *b, const void *context)
{
	const AtlDraftItem *left = a;
	const AtlDraftItem *right = b;

	return (left->timestamp > right->timestamp) - (left->timestamp < right->timestamp);
}

/* A type or feature to be sorted by name. */
typedef struct Named
{
	AtlText		name;
	uint32_t	number;
} Named;

static int
compare_named(const void *a, const void *b, const void *host)
{
	return atl_text_compare_long(host, ((const Named *) a)->name, ((const Named *) b)->name);
}

static AtlStatus
add_named(AtlDraft *draft, AtlSpan name, uint32_t number)
{
	Named		named = {atl_draft_text(draft, name), number};

	return atl_buffer_append(&draft->scratch, &named, sizeof(named));
}

static AtlStatus
sort_named(AtlDraft *draft, uint32_t *num)
{
	*num = (uint32_t) (draft->scratch.size / sizeof(Named));
	return atl_sort(draft->host, draft->scratch.bytes, *num, sizeof(Named), compare_named, draft->host);
}

/* Count the items of each type, and give types in use their rank by key. */
static AtlStatus
rank_types(AtlDraft *draft, AtlDraftTrack *track)
{
	uint32_t	num = atl_draft_types(track);
	AtlWork		work = {.host = draft->host};

	for (uint32_t i = 0; i < atl_draft_items(track); i++)
	{
		atl_work(&work, 5);
		atl_draft_type(track, atl_draft_item(track, i)->type)->items++;
	}

	draft->scratch.size = 0;
	for (uint32_t i = 0; i < num; i++)
	{
		atl_work(&work, 10);
		if (atl_draft_type(track, i)->items > 0)
			ATL_TRY(add_named(draft, atl_draft_type(track, i)->name, i));
	}
	ATL_TRY(sort_named(draft, &track->types_used));
	for (uint32_t i = 0; i < track->types_used; i++)
	{
		AtlDraftType *type = atl_draft_type(track, ((Named *) draft->scratch.bytes)[i].number);

		atl_work(&work, 5);
		type->rank = i;
		track->names_size += type->name.size;
	}
	return ATL_OK;
}

static AtlStatus
order_track(AtlDraft *draft, AtlDraftTrack *track)
{
	if (!track->sorted)
		ATL_TRY(atl_sort(draft->host, track->items.bytes, atl_draft_items(track), sizeof(AtlDraftItem),
						 compare_items, NULL));
	ATL_TRY(rank_types(draft, track));
	return atl_write_blocks(draft, track);
}

/* Sort the features by name; of features with the same name take the last. */
static AtlStatus
collect_features(AtlDraft *draft, AtlBuffer *ordered)
{
	uint32_t	num = atl_draft_features(draft);
	AtlWork		work = {.host = draft->host};

	draft->scratch.size = 0;
	for (uint32_t i = 0; i < num; i++)
	{
		atl_work(&work, 10);
		ATL_TRY(add_named(draft, atl_draft_feature(draft, i)->name, i));
	}
	ATL_TRY(sort_named(draft, &num));
	for (uint32_t i = 0; i < num; i++)
	{
		const Named *named = (Named *) draft->scratch.bytes + i;

		atl_work(&work, 50);
		if (i + 1 < num && compare_named(&named[0], &named[1], draft->host) == 0)
			continue;
		ATL_TRY(atl_buffer_append(ordered, atl_draft_feature(draft, named->number),
								  sizeof(AtlDraftFeature)));
	}
	return ATL_OK;
}

/* Put the times of features behind the features, in their order. */
static AtlStatus
append_times(AtlDraft *draft, AtlBuffer *ordered)
{
	AtlWork		work = {.host = draft->host};

	draft->named_features = (uint32_t) (ordered->size / sizeof(AtlDraftFeature));
	for (uint32_t i = 0; i < draft->named_features; i++)
	{
		AtlDraftFeature *feature = (AtlDraftFeature *) ordered->bytes + i;
		uint32_t	times = feature->times;

		atl_work(&work, 20);
		if (times == 0)
			continue;
		feature->entry.times = (uint32_t) (ordered->size / sizeof(AtlDraftFeature)) + 1;
		ATL_TRY(atl_buffer_append(ordered, (AtlDraftFeature *) draft->times.bytes + (times - 1), sizeof(AtlDraftFeature)));
	}
	return ATL_OK;
}

static AtlStatus
order_features(AtlDraft *draft)
{
	AtlBuffer	ordered;
	AtlStatus	status;

	atl_buffer_init(&ordered, draft->host);
	status = collect_features(draft, &ordered);
	if (status == ATL_OK)
		status = append_times(draft, &ordered);
	atl_buffer_free(&draft->features);
	draft->features = ordered;
	return status;
}


/*
 * Layout
 */

static uint64_t
section_size(const AtlDraft *draft, AtlSectionKind kind)
{
	const AtlDraftTrack *events = &draft->tracks[ATL_EVENTS];
	const AtlDraftTrack *markers = &draft->tracks[ATL_MARKERS];

	switch (kind)
	{
		case ATL_EVENT_TYPES:
			return atl_write_types_size(events);
		case ATL_MARKER_TYPES:
			return atl_write_types_size(markers);
		case ATL_FEATURE_ENTRIES:
			return (uint64_t) atl_draft_features(draft) * ATL_FEATURE_ENTRY_SIZE;
		case ATL_FEATURE_TEXT:
			return atl_write_feature_text_size(draft);
		case ATL_EVENT_INDEX:
			return atl_index_shape(atl_draft_items(events)).index_size;
		case ATL_MARKER_INDEX:
			return atl_index_shape(atl_draft_items(markers)).index_size;
		case ATL_METADATA:
			return draft->metadata.size;
		case ATL_ATTRIBUTES:
			return draft->attributes.size;
		case ATL_EVENT_BLOCKS:
			return events->blocks.size;
		case ATL_MARKER_BLOCKS:
			return markers->blocks.size;
		case ATL_EVENT_LEAVES:
			return atl_index_shape(atl_draft_items(events)).leaves_size;
		case ATL_MARKER_LEAVES:
			return atl_index_shape(atl_draft_items(markers)).leaves_size;
		case ATL_FEATURE_DATA:
			return atl_write_series_size(draft);
		case ATL_FEATURE_DIRECTORY:
			return atl_write_directory_size(draft);
		default:
			return atl_write_summary_size(draft);
	}
}

/* Place each section in the image; empty sections get no section entry. */
static AtlStatus
lay_out(AtlDraft *draft)
{
	uint64_t	offset = ATL_HEADER_SIZE;
	uint64_t	sizes[ATL_SECTION_KINDS] = {0};

	for (int kind = 1; kind < ATL_SECTION_KINDS; kind++)
	{
		sizes[kind] = section_size(draft, kind);
		offset += sizes[kind] > 0 ? ATL_SECTION_ENTRY_SIZE : 0;
	}
	for (int kind = 1; kind < ATL_SECTION_KINDS; kind++)
	{
		if (offset + sizes[kind] > ATL_MAX_IMAGE)
			return ATL_TOO_LARGE;
		draft->sections[kind].offset = (uint32_t) offset;
		draft->sections[kind].size = (uint32_t) sizes[kind];
		offset = atl_align8(offset + sizes[kind]);
	}
	draft->image_size = (uint32_t) offset;
	return offset > ATL_MAX_IMAGE ? ATL_TOO_LARGE : ATL_OK;
}

AtlStatus
atl_draft_lay_out(AtlDraft *draft)
{
	ATL_TRY(order_track(draft, &draft->tracks[ATL_EVENTS]));
	ATL_TRY(order_track(draft, &draft->tracks[ATL_MARKERS]));
	ATL_TRY(order_features(draft));
	ATL_TRY(atl_group_features(draft));
	return lay_out(draft);
}


/*
 * Writing
 */

static void
write_header(const AtlDraft *draft, uint8_t *image)
{
	uint32_t	sections = 0;

	for (int kind = 1; kind < ATL_SECTION_KINDS; kind++)
	{
		uint8_t    *entry = image + ATL_HEADER_SIZE + (size_t) sections * ATL_SECTION_ENTRY_SIZE;

		if (draft->sections[kind].size == 0)
			continue;
		atl_store_u32(entry, (uint32_t) kind | (kind == ATL_FEATURE_SUMMARY ? ATL_SECTION_OPTIONAL : 0));
		atl_store_u32(entry + 4, draft->sections[kind].offset);
		atl_store_u32(entry + 8, draft->sections[kind].size);
		sections++;
	}
	image[0] = ATL_MAGIC_0;
	image[1] = ATL_MAGIC_1;
	image[2] = ATL_VERSION;
	atl_store_u32(image + 4, draft->image_size);
	atl_store_f64(image + 8, draft->duration);
	atl_store_u32(image + 16, (uint32_t) draft->sample_rate);
	atl_store_u32(image + 20, draft->present);
	atl_store_u32(image + 24, atl_draft_items(&draft->tracks[ATL_EVENTS]));
	atl_store_u32(image + 28, atl_draft_items(&draft->tracks[ATL_MARKERS]));
	atl_store_u32(image + 32, draft->named_features);
	atl_store_u32(image + 36, sections);
	atl_store_f64(image + 40, draft->start_time);
}

void
atl_draft_write(const AtlDraft *draft, uint8_t *image)
{
	uint8_t    *at[ATL_SECTION_KINDS];

	for (int kind = 1; kind < ATL_SECTION_KINDS; kind++)
		at[kind] = image + draft->sections[kind].offset;
	atl_zero(draft->host, image, draft->image_size);
	write_header(draft, image);
	atl_write_types(draft, &draft->tracks[ATL_EVENTS], at[ATL_EVENT_TYPES]);
	atl_write_types(draft, &draft->tracks[ATL_MARKERS], at[ATL_MARKER_TYPES]);
	atl_write_features(draft, at[ATL_FEATURE_ENTRIES], at[ATL_FEATURE_TEXT],
					   at[ATL_FEATURE_SUMMARY]);
	atl_write_series(draft, at[ATL_FEATURE_DIRECTORY], at[ATL_FEATURE_DATA]);
	atl_write_track(&draft->tracks[ATL_EVENTS], at[ATL_EVENT_INDEX],
					at[ATL_EVENT_LEAVES], at[ATL_EVENT_BLOCKS]);
	atl_write_track(&draft->tracks[ATL_MARKERS], at[ATL_MARKER_INDEX],
					at[ATL_MARKER_LEAVES], at[ATL_MARKER_BLOCKS]);
	atl_write_text(draft, draft->metadata, at[ATL_METADATA]);
	atl_write_text(draft, draft->attributes, at[ATL_ATTRIBUTES]);
}
