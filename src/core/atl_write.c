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
	if (!track->sorted)
		qsort(track->items.bytes, atl_draft_items(track), sizeof(AtlDraftItem), compare_items);
	return rank_types(builder, track);
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

/* The size of block b, and of the texts in it. */
typedef struct BlockShape
{
	uint32_t	first;			/* item */
	uint32_t	items;
	uint8_t		columns;
	uint64_t	payloads_size;
	uint64_t	attributes_size;
	uint64_t	size;
} BlockShape;

static BlockShape
block_shape(const AtlDraftTrack *track, uint32_t b)
{
	BlockShape	shape = {.first = b * ATL_BLOCK_ITEMS};
	uint32_t	left = atl_draft_items(track) - shape.first;

	shape.items = left < ATL_BLOCK_ITEMS ? left : ATL_BLOCK_ITEMS;
	for (uint32_t i = 0; i < shape.items; i++)
	{
		const AtlDraftItem *item = atl_draft_item(track, shape.first + i);

		shape.columns |= (isnan(item->duration) ? 0 : ATL_COLUMN_DURATION) |
			(isnan(item->confidence) ? 0 : ATL_COLUMN_CONFIDENCE) |
			(item->payload.size == 0 ? 0 : ATL_COLUMN_PAYLOAD) |
			(item->attributes.size == 0 ? 0 : ATL_COLUMN_ATTRIBUTES);
		shape.payloads_size += item->payload.size;
		shape.attributes_size += item->attributes.size;
	}
	shape.size = ATL_BLOCK_HEADER_SIZE + (uint64_t) shape.items *
		(12 + ((shape.columns & ATL_COLUMN_DURATION) != 0 ? 8 : 0) +
		 ((shape.columns & ATL_COLUMN_CONFIDENCE) != 0 ? 8 : 0) +
		 ((shape.columns & ATL_COLUMN_PAYLOAD) != 0 ? 4 : 0) +
		 ((shape.columns & ATL_COLUMN_ATTRIBUTES) != 0 ? 4 : 0));
	shape.size = atl_align8(shape.size + shape.payloads_size + shape.attributes_size);
	return shape;
}

static uint64_t
types_size(const AtlDraftTrack *track)
{
	if (track->types_used == 0)
		return 0;
	return ATL_TYPES_HEADER_SIZE + (uint64_t) track->types_used * ATL_TYPE_ENTRY_SIZE + track->names_size;
}

static uint64_t
blocks_size(const AtlDraftTrack *track)
{
	uint32_t	num = atl_index_shape(atl_draft_items(track)).num_blocks;
	uint64_t	size = 0;

	for (uint32_t b = 0; b < num; b++)
		size += block_shape(track, b).size;
	return size;
}

static uint64_t
feature_text_size(const AtlBuilder *builder)
{
	uint64_t	size = 0;

	for (uint32_t i = 0; i < atl_draft_features(builder); i++)
	{
		const AtlDraftFeature *feature = atl_draft_feature(builder, i);

		size += (uint64_t) feature->name.size + feature->unit.size + feature->kind.size +
			feature->attributes.size;
	}
	return size;
}

static uint64_t
feature_data_size(const AtlBuilder *builder)
{
	uint64_t	size = 0;

	for (uint32_t i = 0; i < atl_draft_features(builder); i++)
	{
		const AtlDraftFeature *feature = atl_draft_feature(builder, i);

		size += atl_align8(feature->data_size) + atl_align8(feature->bitmap_size);
	}
	return size;
}

static uint64_t
section_size(const AtlBuilder *builder, AtlSectionKind kind)
{
	const AtlDraftTrack *events = &builder->tracks[ATL_EVENTS];
	const AtlDraftTrack *markers = &builder->tracks[ATL_MARKERS];

	switch (kind)
	{
		case ATL_EVENT_TYPES:
			return types_size(events);
		case ATL_MARKER_TYPES:
			return types_size(markers);
		case ATL_FEATURE_ENTRIES:
			return (uint64_t) atl_draft_features(builder) * ATL_FEATURE_ENTRY_SIZE;
		case ATL_FEATURE_TEXT:
			return feature_text_size(builder);
		case ATL_EVENT_INDEX:
			return atl_index_shape(atl_draft_items(events)).index_size;
		case ATL_MARKER_INDEX:
			return atl_index_shape(atl_draft_items(markers)).index_size;
		case ATL_METADATA:
			return builder->metadata.size;
		case ATL_ATTRIBUTES:
			return builder->attributes.size;
		case ATL_EVENT_BLOCKS:
			return blocks_size(events);
		case ATL_MARKER_BLOCKS:
			return blocks_size(markers);
		case ATL_EVENT_LEAVES:
			return atl_index_shape(atl_draft_items(events)).leaves_size;
		case ATL_MARKER_LEAVES:
			return atl_index_shape(atl_draft_items(markers)).leaves_size;
		default:
			return feature_data_size(builder);
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
		atl_store_u32(entry, kind);
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

static uint8_t *
write_text(const AtlBuilder *builder, AtlSpan span, uint8_t *to)
{
	if (span.size > 0)
		memcpy(to, builder->text.bytes + span.offset, span.size);
	return to + span.size;
}

/*
 * The names in order of rank.  Ranks are a permutation of the types in use, so
 * each entry's end is found by writing sizes first and adding them up.
 */
static void
write_types(const AtlBuilder *builder, const AtlDraftTrack *track, uint8_t *to)
{
	uint32_t	num = (uint32_t) (track->types.size / sizeof(AtlDraftType));
	uint8_t    *entries = to + ATL_TYPES_HEADER_SIZE;
	uint8_t    *names = entries + (size_t) track->types_used * ATL_TYPE_ENTRY_SIZE;
	uint32_t	end = 0;

	if (track->types_used == 0)
		return;
	atl_store_u32(to, track->types_used);
	for (uint32_t i = 0; i < num; i++)
	{
		const AtlDraftType *type = atl_draft_type(track, i);

		if (type->items == 0)
			continue;
		atl_store_u32(entries + (size_t) type->rank * ATL_TYPE_ENTRY_SIZE, type->name.size);
		atl_store_u32(entries + (size_t) type->rank * ATL_TYPE_ENTRY_SIZE + 4, type->items);
	}
	for (uint32_t rank = 0; rank < track->types_used; rank++)
	{
		end += atl_load_u32(entries + (size_t) rank * ATL_TYPE_ENTRY_SIZE);
		atl_store_u32(entries + (size_t) rank * ATL_TYPE_ENTRY_SIZE, end);
	}
	for (uint32_t i = 0; i < num; i++)
	{
		const AtlDraftType *type = atl_draft_type(track, i);

		if (type->items == 0)
			continue;
		end = atl_load_u32(entries + (size_t) type->rank * ATL_TYPE_ENTRY_SIZE);
		write_text(builder, type->name, names + end - type->name.size);
	}
}

/* One f64 column, if the block has it: offset of the double in the item. */
static uint8_t *
write_f64_column(const AtlDraftTrack *track, const BlockShape *shape, size_t offset, uint8_t *to)
{
	for (uint32_t i = 0; i < shape->items; i++)
	{
		double		value;

		memcpy(&value, (const uint8_t *) atl_draft_item(track, shape->first + i) + offset, sizeof(value));
		if (isnan(value))
			value = atl_bits_f64(ATL_NAN_NUMBER_64);
		atl_store_f64(to, value);
		to += sizeof(double);
	}
	return to;
}

/* The ends of one text column: offset of the span in the item. */
static uint8_t *
write_ends(const AtlDraftTrack *track, const BlockShape *shape, size_t offset, uint8_t *to)
{
	uint32_t	end = 0;

	for (uint32_t i = 0; i < shape->items; i++)
	{
		AtlSpan		span;

		memcpy(&span, (const uint8_t *) atl_draft_item(track, shape->first + i) + offset, sizeof(span));
		end += span.size;
		atl_store_u32(to, end);
		to += sizeof(uint32_t);
	}
	return to;
}

static void
write_block(const AtlBuilder *builder, const AtlDraftTrack *track, const BlockShape *shape, uint8_t *to)
{
	atl_store_u32(to, (uint32_t) shape->size);
	atl_store_u16(to + 4, (uint16_t) shape->items);
	to[6] = shape->columns;
	to[7] = ATL_CODEC_RAW;
	to += ATL_BLOCK_HEADER_SIZE;

	to = write_f64_column(track, shape, offsetof(AtlDraftItem, timestamp), to);
	if ((shape->columns & ATL_COLUMN_DURATION) != 0)
		to = write_f64_column(track, shape, offsetof(AtlDraftItem, duration), to);
	if ((shape->columns & ATL_COLUMN_CONFIDENCE) != 0)
		to = write_f64_column(track, shape, offsetof(AtlDraftItem, confidence), to);
	for (uint32_t i = 0; i < shape->items; i++, to += sizeof(uint32_t))
		atl_store_u32(to, atl_draft_type(track, atl_draft_item(track, shape->first + i)->type)->rank);
	if ((shape->columns & ATL_COLUMN_PAYLOAD) != 0)
		to = write_ends(track, shape, offsetof(AtlDraftItem, payload), to);
	if ((shape->columns & ATL_COLUMN_ATTRIBUTES) != 0)
		to = write_ends(track, shape, offsetof(AtlDraftItem, attributes), to);
	for (uint32_t i = 0; i < shape->items; i++)
		to = write_text(builder, atl_draft_item(track, shape->first + i)->payload, to);
	for (uint32_t i = 0; i < shape->items; i++)
		to = write_text(builder, atl_draft_item(track, shape->first + i)->attributes, to);
}

static void
store_index_entry(uint8_t *to, double first, double end, uint32_t types, uint32_t offset)
{
	atl_store_f64(to, first);
	atl_store_f64(to + 8, end);
	atl_store_u32(to + 16, types);
	atl_store_u32(to + 20, offset);
}

static void
write_block_entry(const AtlDraftTrack *track, const BlockShape *shape, uint32_t offset, uint8_t *to)
{
	double		end = 0;
	uint32_t	types = 0;

	for (uint32_t i = 0; i < shape->items; i++)
	{
		const AtlDraftItem *draft = atl_draft_item(track, shape->first + i);
		AtlItem		item = {.timestamp = draft->timestamp, .duration = draft->duration};

		end = fmax(end, atl_item_end(&item));
		types |= UINT32_C(1) << (atl_draft_type(track, draft->type)->rank % 32);
	}
	store_index_entry(to, atl_draft_item(track, shape->first)->timestamp, end, types, offset);
}

/* An entry over the entries of the level below. */
static void
write_parent_entry(const uint8_t *below, uint32_t entries, uint8_t *to)
{
	double		end = 0;
	uint32_t	types = 0;

	for (uint32_t i = 0; i < entries; i++)
	{
		end = fmax(end, atl_load_f64(below + (size_t) i * ATL_INDEX_ENTRY_SIZE + 8));
		types |= atl_load_u32(below + (size_t) i * ATL_INDEX_ENTRY_SIZE + 16);
	}
	store_index_entry(to, atl_load_f64(below), end, types, 0);
}

/* The levels above the lowest one, each from the one below it. */
static void
write_index(const AtlIndexShape *shape, const uint8_t *leaves, uint8_t *index)
{
	const uint8_t *below = leaves;

	for (int level = 1; level < shape->num_levels; level++)
	{
		uint8_t    *to = index + shape->offset[level];

		for (uint32_t i = 0; i < shape->entries[level]; i++)
		{
			uint32_t	first = i * ATL_INDEX_FANOUT;
			uint32_t	left = shape->entries[level - 1] - first;

			write_parent_entry(below + (size_t) first * ATL_INDEX_ENTRY_SIZE,
							   left < ATL_INDEX_FANOUT ? left : ATL_INDEX_FANOUT,
							   to + (size_t) i * ATL_INDEX_ENTRY_SIZE);
		}
		below = to;
	}
}

static void
write_track(const AtlBuilder *builder, const AtlDraftTrack *track, uint8_t *index, uint8_t *leaves,
			uint8_t *blocks)
{
	AtlIndexShape shape = atl_index_shape(atl_draft_items(track));
	uint32_t	offset = 0;

	for (uint32_t b = 0; b < shape.num_blocks; b++)
	{
		BlockShape	block = block_shape(track, b);

		write_block(builder, track, &block, blocks + offset);
		write_block_entry(track, &block, offset, leaves + (size_t) b * ATL_INDEX_ENTRY_SIZE);
		offset += (uint32_t) block.size;
	}
	write_index(&shape, leaves, index);
}

/* A text of an entry: its place in the text section, and the text there. */
static uint32_t
write_entry_text(const AtlBuilder *builder, AtlSpan span, uint8_t *entry, uint8_t *texts, uint32_t offset)
{
	atl_store_u32(entry, span.size == 0 ? 0 : offset);
	atl_store_u32(entry + 4, span.size);
	write_text(builder, span, texts + offset);
	return offset + span.size;
}

static void
write_entry(const AtlFeature *feature, uint8_t *to)
{
	atl_store_u32(to + 32, feature->frames);
	atl_store_u32(to + 36, feature->dims);
	to[40] = (uint8_t) feature->encoding;
	to[41] = ATL_LAYOUT_RUN;
	atl_store_u16(to + 42, (uint16_t) feature->flags);
	atl_store_u32(to + 44, feature->missing);
	atl_store_f64(to + 48, feature->clock);
	atl_store_f64(to + 56, feature->start_time);
	atl_store_f64(to + 64, feature->range_min);
	atl_store_f64(to + 72, feature->range_max);
	atl_store_f64(to + 80, feature->max_error);
	atl_store_f64(to + 88, feature->min);
	atl_store_f64(to + 96, feature->max);
	atl_store_f64(to + 104, feature->mean);
}

static void
write_features(const AtlBuilder *builder, uint8_t *entries, uint8_t *texts, uint8_t *data)
{
	uint32_t	text_offset = 0;
	uint32_t	data_offset = 0;

	for (uint32_t i = 0; i < atl_draft_features(builder); i++)
	{
		const AtlDraftFeature *feature = atl_draft_feature(builder, i);
		uint8_t    *entry = entries + (size_t) i * ATL_FEATURE_ENTRY_SIZE;

		text_offset = write_entry_text(builder, feature->name, entry, texts, text_offset);
		text_offset = write_entry_text(builder, feature->unit, entry + 8, texts, text_offset);
		text_offset = write_entry_text(builder, feature->kind, entry + 16, texts, text_offset);
		text_offset = write_entry_text(builder, feature->attributes, entry + 24, texts, text_offset);
		write_entry(&feature->entry, entry);

		atl_store_u32(entry + 112, data_offset);
		atl_store_u32(entry + 116, feature->data_size);
		if (feature->data_size > 0)
			memcpy(data + data_offset, builder->series.bytes + feature->data, feature->data_size);
		data_offset += (uint32_t) atl_align8(feature->data_size);
		if (feature->bitmap_size == 0)
			continue;
		atl_store_u32(entry + 120, data_offset);
		memcpy(data + data_offset, builder->series.bytes + feature->bitmap, feature->bitmap_size);
		data_offset += (uint32_t) atl_align8(feature->bitmap_size);
	}
}

void
atl_build_write(AtlBuilder *builder, uint8_t *image)
{
	const uint32_t *offset = builder->section_offset;

	memset(image, 0, builder->image_size);
	write_header(builder, image);
	write_types(builder, &builder->tracks[ATL_EVENTS], image + offset[ATL_EVENT_TYPES]);
	write_types(builder, &builder->tracks[ATL_MARKERS], image + offset[ATL_MARKER_TYPES]);
	write_features(builder, image + offset[ATL_FEATURE_ENTRIES], image + offset[ATL_FEATURE_TEXT],
				   image + offset[ATL_FEATURE_DATA]);
	write_track(builder, &builder->tracks[ATL_EVENTS], image + offset[ATL_EVENT_INDEX],
				image + offset[ATL_EVENT_LEAVES], image + offset[ATL_EVENT_BLOCKS]);
	write_track(builder, &builder->tracks[ATL_MARKERS], image + offset[ATL_MARKER_INDEX],
				image + offset[ATL_MARKER_LEAVES], image + offset[ATL_MARKER_BLOCKS]);
	write_text(builder, builder->metadata, image + offset[ATL_METADATA]);
	write_text(builder, builder->attributes, image + offset[ATL_ATTRIBUTES]);
}
