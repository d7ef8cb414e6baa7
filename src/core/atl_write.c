/*
 * atl_write.c
 *		From a checked document to its image.
 *
 * The one writer: equal documents get equal bytes.  finish sorts and lays out,
 * write fills in; both only ever see what the rules have let through.
 */
#include "atl_builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "atl_bytes.h"

/*
 * Checks that need the whole document
 */

static AtlStatus
check_track(AtlBuilder *builder, AtlTrack track)
{
	AtlDraftTrack *draft = &builder->tracks[track];
	char		path[ATL_PATH_SIZE];
	char		shown[2][ATL_DOUBLE_SIZE];
	AtlStatus	status = ATL_OK;

	for (uint32_t i = 0; i < atl_draft_items(draft) && status == ATL_OK; i++)
	{
		const AtlDraftItem *item = atl_draft_item(draft, i);

		if (item->timestamp > builder->duration)
			status = atl_problem(builder, ATL_CODE_PAST_DURATION,
								 atl_path_item(track, item->number, "timestamp", path),
								 "is %s, past the duration %s.",
								 atl_show_number(builder, item->timestamp, shown[0]),
								 atl_show_number(builder, builder->duration, shown[1]));
	}
	return status;
}

static AtlStatus
check_document(AtlBuilder *builder)
{
	AtlStatus	status = ATL_OK;

	if (builder->place != ATL_AT_END)
		return atl_problem(builder, ATL_CODE_KIND, "", "The document is not complete.");
	if ((builder->top_seen & ATL_BIT(ATL_M_DURATION)) != 0 && isfinite(builder->duration))
		status = check_track(builder, ATL_EVENTS);
	if (status == ATL_OK && (builder->top_seen & ATL_BIT(ATL_M_DURATION)) != 0 &&
		isfinite(builder->duration))
		status = check_track(builder, ATL_MARKERS);
	if (status == ATL_OK && atl_build_num_problems(builder) > 0)
		status = ATL_INVALID;
	return status;
}


/*
 * Order
 */

static int
compare_items(const void *a, const void *b)
{
	const AtlDraftItem *left = a;
	const AtlDraftItem *right = b;

	if (left->timestamp != right->timestamp)
		return left->timestamp < right->timestamp ? -1 : 1;
	return left->number < right->number ? -1 : left->number > right->number;
}

/* A type or feature to be sorted by name. */
typedef struct Named
{
	AtlText		name;
	uint32_t	number;
} Named;

static int
compare_named(const void *a, const void *b)
{
	const Named *left = a;
	const Named *right = b;
	int			order = atl_text_compare(left->name, right->name);

	if (order == 0)
		order = left->number < right->number ? -1 : 1;
	return order;
}

static AtlStatus
add_named(AtlBuilder *builder, AtlSpan name, uint32_t number)
{
	Named		named = {atl_span_text(builder, name), number};

	return atl_buffer_append(&builder->scratch, &named, sizeof(named));
}

static uint32_t
sort_named(AtlBuilder *builder)
{
	size_t		num = builder->scratch.size / sizeof(Named);

	if (num > 0)
		qsort(builder->scratch.bytes, num, sizeof(Named), compare_named);
	return (uint32_t) num;
}

/* Count the items of each type, and give types in use their rank by key. */
static AtlStatus
rank_types(AtlBuilder *builder, AtlDraftTrack *track)
{
	uint32_t	num = (uint32_t) (track->types.size / sizeof(AtlDraftType));
	AtlStatus	status = ATL_OK;

	for (uint32_t i = 0; i < atl_draft_items(track); i++)
		atl_draft_type(track, atl_draft_item(track, i)->type)->items++;

	builder->scratch.size = 0;
	for (uint32_t i = 0; i < num && status == ATL_OK; i++)
		if (atl_draft_type(track, i)->items > 0)
			status = add_named(builder, atl_draft_type(track, i)->name, i);
	if (status != ATL_OK)
		return status;
	track->types_used = sort_named(builder);
	for (uint32_t i = 0; i < track->types_used; i++)
	{
		AtlDraftType *type = atl_draft_type(track, ((Named *) builder->scratch.bytes)[i].number);

		type->rank = i;
		track->names_size += type->name.size;
	}
	return ATL_OK;
}

static AtlStatus
order_track(AtlBuilder *builder, AtlDraftTrack *track)
{
	AtlStatus	status;

	if (!track->sorted)
		qsort(track->items.bytes, atl_draft_items(track), sizeof(AtlDraftItem), compare_items);
	status = rank_types(builder, track);
	return status != ATL_OK ? status : atl_write_blocks(builder, track);
}

/* Sort the features by name; of those with one name the last counts. */
static AtlStatus
order_features(AtlBuilder *builder)
{
	uint32_t	num = atl_draft_features(builder);
	AtlBuffer	ordered;
	AtlStatus	status = ATL_OK;

	atl_buffer_init(&ordered, builder->host);
	builder->scratch.size = 0;
	for (uint32_t i = 0; i < num && status == ATL_OK; i++)
		status = add_named(builder, atl_draft_feature(builder, i)->name, i);
	if (status == ATL_OK)
		num = sort_named(builder);
	for (uint32_t i = 0; i < num && status == ATL_OK; i++)
	{
		const Named *named = (Named *) builder->scratch.bytes + i;

		if (i + 1 < num && atl_text_compare(named[0].name, named[1].name) == 0)
			continue;
		status = atl_buffer_append(&ordered, atl_draft_feature(builder, named->number),
								   sizeof(AtlDraftFeature));
	}
	atl_buffer_free(&builder->features);
	builder->features = ordered;
	return status;
}


/*
 * Layout
 */

static uint64_t
section_size(const AtlBuilder *builder, AtlSectionKind kind)
{
	const AtlDraftTrack *events = &builder->tracks[ATL_EVENTS];
	const AtlDraftTrack *markers = &builder->tracks[ATL_MARKERS];

	switch (kind)
	{
		case ATL_EVENT_TYPES:
			return atl_write_types_size(events);
		case ATL_MARKER_TYPES:
			return atl_write_types_size(markers);
		case ATL_FEATURE_ENTRIES:
			return (uint64_t) atl_draft_features(builder) * ATL_FEATURE_ENTRY_SIZE;
		case ATL_FEATURE_TEXT:
			return atl_write_feature_text_size(builder);
		case ATL_EVENT_INDEX:
			return atl_index_shape(atl_draft_items(events)).index_size;
		case ATL_MARKER_INDEX:
			return atl_index_shape(atl_draft_items(markers)).index_size;
		case ATL_METADATA:
			return builder->metadata.size;
		case ATL_ATTRIBUTES:
			return builder->attributes.size;
		case ATL_EVENT_BLOCKS:
			return events->blocks.size;
		case ATL_MARKER_BLOCKS:
			return markers->blocks.size;
		case ATL_EVENT_LEAVES:
			return atl_index_shape(atl_draft_items(events)).leaves_size;
		case ATL_MARKER_LEAVES:
			return atl_index_shape(atl_draft_items(markers)).leaves_size;
		case ATL_FEATURE_DATA:
			return atl_write_series_size(builder);
		case ATL_FEATURE_DIRECTORY:
			return atl_write_directory_size(builder);
		default:
			return atl_write_summary_size(builder);
	}
}

/* Where each section will stand; sizes of empty ones stay 0. */
static AtlStatus
lay_out(AtlBuilder *builder)
{
	uint64_t	offset = ATL_HEADER_SIZE;
	uint64_t	sizes[ATL_SECTION_KINDS] = {0};

	for (int kind = 1; kind < ATL_SECTION_KINDS; kind++)
	{
		sizes[kind] = section_size(builder, kind);
		offset += sizes[kind] > 0 ? ATL_SECTION_ENTRY_SIZE : 0;
	}
	for (int kind = 1; kind < ATL_SECTION_KINDS; kind++)
	{
		if (offset + sizes[kind] > ATL_MAX_IMAGE)
			return ATL_TOO_LARGE;
		builder->section_offset[kind] = (uint32_t) offset;
		builder->section_size[kind] = (uint32_t) sizes[kind];
		offset = atl_align8(offset + sizes[kind]);
	}
	builder->image_size = (uint32_t) offset;
	return offset > ATL_MAX_IMAGE ? ATL_TOO_LARGE : ATL_OK;
}

AtlStatus
atl_build_finish(AtlBuilder *builder, uint32_t *size)
{
	AtlStatus	status = check_document(builder);

	if (status == ATL_OK)
		status = order_track(builder, &builder->tracks[ATL_EVENTS]);
	if (status == ATL_OK)
		status = order_track(builder, &builder->tracks[ATL_MARKERS]);
	if (status == ATL_OK)
		status = order_features(builder);
	if (status == ATL_OK)
		status = atl_write_group_features(builder);
	if (status == ATL_OK)
		status = lay_out(builder);
	*size = builder->image_size;
	return atl_status_problem(builder, status);
}


/*
 * Writing
 */

static uint32_t
members_present(const AtlBuilder *builder)
{
	return ((builder->top_seen & ATL_BIT(ATL_M_EVENTS)) != 0 ? ATL_HAS_EVENTS : 0) |
		((builder->top_seen & ATL_BIT(ATL_M_MARKERS)) != 0 ? ATL_HAS_MARKERS : 0) |
		((builder->top_seen & ATL_BIT(ATL_M_FEATURES)) != 0 ? ATL_HAS_FEATURES : 0);
}

static void
write_header(const AtlBuilder *builder, uint8_t *image)
{
	uint32_t	sections = 0;

	for (int kind = 1; kind < ATL_SECTION_KINDS; kind++)
	{
		uint8_t    *entry = image + ATL_HEADER_SIZE + (size_t) sections * ATL_SECTION_ENTRY_SIZE;

		if (builder->section_size[kind] == 0)
			continue;
		atl_store_u32(entry, (uint32_t) kind | (kind == ATL_FEATURE_SUMMARY ? ATL_SECTION_OPTIONAL : 0));
		atl_store_u32(entry + 4, builder->section_offset[kind]);
		atl_store_u32(entry + 8, builder->section_size[kind]);
		sections++;
	}
	image[0] = ATL_MAGIC_0;
	image[1] = ATL_MAGIC_1;
	image[2] = ATL_VERSION;
	atl_store_u32(image + 4, builder->image_size);
	atl_store_f64(image + 8, builder->duration);
	atl_store_u32(image + 16, (uint32_t) builder->sample_rate);
	atl_store_u32(image + 20, members_present(builder));
	atl_store_u32(image + 24, atl_draft_items(&builder->tracks[ATL_EVENTS]));
	atl_store_u32(image + 28, atl_draft_items(&builder->tracks[ATL_MARKERS]));
	atl_store_u32(image + 32, atl_draft_features(builder));
	atl_store_u32(image + 36, sections);
}

void
atl_build_write(AtlBuilder *builder, uint8_t *image)
{
	const uint32_t *offset = builder->section_offset;

	memset(image, 0, builder->image_size);
	write_header(builder, image);
	atl_write_types(builder, &builder->tracks[ATL_EVENTS], image + offset[ATL_EVENT_TYPES]);
	atl_write_types(builder, &builder->tracks[ATL_MARKERS], image + offset[ATL_MARKER_TYPES]);
	atl_write_features(builder, image + offset[ATL_FEATURE_ENTRIES], image + offset[ATL_FEATURE_TEXT],
					   image + offset[ATL_FEATURE_SUMMARY]);
	atl_write_series(builder, image + offset[ATL_FEATURE_DIRECTORY], image + offset[ATL_FEATURE_DATA]);
	atl_write_track(&builder->tracks[ATL_EVENTS], image + offset[ATL_EVENT_INDEX],
				image + offset[ATL_EVENT_LEAVES], image + offset[ATL_EVENT_BLOCKS]);
	atl_write_track(&builder->tracks[ATL_MARKERS], image + offset[ATL_MARKER_INDEX],
				image + offset[ATL_MARKER_LEAVES], image + offset[ATL_MARKER_BLOCKS]);
	atl_write_text(builder, builder->metadata, image + offset[ATL_METADATA]);
	atl_write_text(builder, builder->attributes, image + offset[ATL_ATTRIBUTES]);
}
