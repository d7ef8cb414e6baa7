/*
 * atl_print.c
 *		From an image to JSON text.
 *
 * Compact, members in the order of the documentation, unknown ones last.  What
 * the image holds as JSON text is passed through as it is; it is canonical.
 */
#include "atl.h"

#include <math.h>
#include <string.h>

#include "atl_bytes.h"
#include "atl_json.h"
#include "atl_series.h"

/* An object being printed: whether a comma is due. */
typedef struct Printer
{
	const AtlView *view;
	AtlBuffer  *out;
	bool		comma;
} Printer;

static AtlStatus
print_bytes(Printer *printer, const char *text)
{
	return atl_buffer_append(printer->out, text, strlen(text));
}

static AtlStatus
print_number(Printer *printer, double number)
{
	AtlBuffer  *out = printer->out;
	AtlStatus	status;

	/* A damaged image may hold anything; what we print must be JSON. */
	if (!isfinite(number))
		return ATL_DAMAGED;
	status = atl_buffer_reserve(out, ATL_DOUBLE_SIZE);
	if (status == ATL_OK)
		out->size += out->host->format_double(number, (char *) out->bytes + out->size);
	return status;
}

/* The start of a member: comma, key, colon. */
static AtlStatus
print_key(Printer *printer, const char *key)
{
	AtlStatus	status = print_bytes(printer, printer->comma ? ",\"" : "\"");

	printer->comma = true;
	if (status == ATL_OK)
		status = print_bytes(printer, key);
	return status != ATL_OK ? status : print_bytes(printer, "\":");
}

static AtlStatus
print_number_member(Printer *printer, const char *key, double number)
{
	AtlStatus	status = print_key(printer, key);

	return status != ATL_OK ? status : print_number(printer, number);
}

static AtlStatus
print_string_member(Printer *printer, const char *key, AtlText string)
{
	AtlStatus	status = print_key(printer, key);

	return status != ATL_OK ? status : atl_json_append_string(printer->out, string);
}

/* A member that is kept as JSON text, if it is there. */
static AtlStatus
print_json_member(Printer *printer, const char *key, AtlText json)
{
	AtlStatus	status;

	if (json.size == 0)
		return ATL_OK;
	status = print_key(printer, key);
	return status != ATL_OK ? status : atl_buffer_append(printer->out, json.text, json.size);
}

/* The members of an attributes object, without its braces; then the end. */
static AtlStatus
print_attributes(Printer *printer, AtlText attributes)
{
	AtlStatus	status = ATL_OK;

	if (attributes.size > 2)
	{
		status = print_bytes(printer, printer->comma ? "," : "");
		if (status == ATL_OK)
			status = atl_buffer_append(printer->out, attributes.text + 1, attributes.size - 2);
	}
	return status != ATL_OK ? status : print_bytes(printer, "}");
}

static AtlStatus
print_item(Printer *printer, AtlTrack track, const AtlItem *item)
{
	AtlText		type;
	uint32_t	items;
	AtlStatus	status = print_bytes(printer, "{");

	printer->comma = false;
	if (status == ATL_OK)
		status = print_number_member(printer, "timestamp", item->timestamp);
	if (status == ATL_OK)
		status = atl_track_type(printer->view, track, item->type, &type, &items);
	if (status == ATL_OK)
		status = print_string_member(printer, "type", type);
	if (status == ATL_OK && !isnan(item->duration))
		status = print_number_member(printer, "duration", item->duration);
	if (status == ATL_OK && !isnan(item->confidence))
		status = print_number_member(printer, "confidence", item->confidence);
	if (status == ATL_OK)
		status = print_json_member(printer, track == ATL_EVENTS ? "data" : "value", item->payload);
	return status != ATL_OK ? status : print_attributes(printer, item->attributes);
}

static AtlStatus
print_track(Printer *printer, AtlTrack track, const char *key)
{
	AtlWalk		walk;
	AtlItem		item;
	bool		found = true;
	bool		first = true;
	AtlStatus	status = print_key(printer, key);

	if (status == ATL_OK)
		status = print_bytes(printer, "[");
	if (status == ATL_OK)
		status = atl_walk_begin(&walk, printer->view, track, atl_filter_all());
	while (status == ATL_OK && found)
	{
		status = atl_walk_next(&walk, &item, &found);
		if (status != ATL_OK || !found)
			break;
		printer->out->host->poll(printer->out->host->context);
		if (!first)
			status = print_bytes(printer, ",");
		if (status == ATL_OK)
			status = print_item(printer, track, &item);
		first = false;
	}
	printer->comma = true;
	return status != ATL_OK ? status : print_bytes(printer, "]");
}

static AtlStatus
print_value(Printer *printer, double number)
{
	return isnan(number) ? print_bytes(printer, "null") : print_number(printer, number);
}

/* One frame of dims numbers: an array of them, or null for all at once. */
static AtlStatus
print_frame(Printer *printer, const double *numbers, uint32_t dims)
{
	AtlStatus	status;

	if (atl_f64_bits(numbers[0]) == ATL_NAN_FRAME_64)
		return print_bytes(printer, "null");
	status = print_bytes(printer, "[");
	for (uint32_t d = 0; d < dims && status == ATL_OK; d++)
	{
		if (d > 0)
			status = print_bytes(printer, ",");
		if (status == ATL_OK)
			status = print_value(printer, numbers[d]);
	}
	return status != ATL_OK ? status : print_bytes(printer, "]");
}

static AtlStatus
print_frames(Printer *printer, const AtlFeature *feature, AtlBuffer *numbers)
{
	uint32_t	batch = ATL_PART_NUMBERS / feature->dims + 1;
	bool		nested = (feature->flags & ATL_FEATURE_NESTED) != 0;
	AtlStatus	status = atl_buffer_reserve(numbers, (size_t) batch * feature->dims * sizeof(double));

	for (uint32_t first = 0; first < feature->frames && status == ATL_OK; first += batch)
	{
		uint32_t	n = feature->frames - first < batch ? feature->frames - first : batch;
		const double *values = (const double *) numbers->bytes;

		numbers->host->poll(numbers->host->context);
		status = atl_feature_read(printer->view, feature, first, n, (double *) numbers->bytes);
		for (uint32_t i = 0; i < n && status == ATL_OK; i++)
		{
			if (first + i > 0)
				status = print_bytes(printer, ",");
			if (status == ATL_OK && nested)
				status = print_frame(printer, values + (size_t) i * feature->dims, feature->dims);
			else if (status == ATL_OK)
				status = print_value(printer, values[i]);
		}
	}
	return status;
}

static AtlStatus
print_values(Printer *printer, const AtlFeature *feature)
{
	AtlBuffer	numbers;
	AtlStatus	status = print_key(printer, "values");

	if ((feature->flags & ATL_FEATURE_NESTED) == 0 && feature->dims != 1)
		return ATL_DAMAGED;
	if (status == ATL_OK)
		status = print_bytes(printer, "[");
	atl_buffer_init(&numbers, printer->out->host);
	if (status == ATL_OK)
		status = print_frames(printer, feature, &numbers);
	atl_buffer_free(&numbers);
	return status != ATL_OK ? status : print_bytes(printer, "]");
}

static AtlStatus
print_base64(Printer *printer, const AtlFeature *feature)
{
	const uint8_t *bytes;
	AtlStatus	status = atl_feature_bytes(printer->view, feature, &bytes);

	if (status == ATL_OK)
		status = print_key(printer, "base64");
	if (status == ATL_OK)
		status = print_bytes(printer, "\"");
	if (status == ATL_OK)
		status = atl_base64_append(printer->out, bytes, feature->data_size);
	return status != ATL_OK ? status : print_bytes(printer, "\"");
}

static AtlStatus
print_range(Printer *printer, const AtlFeature *feature)
{
	AtlStatus	status = print_key(printer, "range");

	if (status == ATL_OK)
		status = print_bytes(printer, "[");
	if (status == ATL_OK)
		status = print_number(printer, feature->range_min);
	if (status == ATL_OK)
		status = print_bytes(printer, ",");
	if (status == ATL_OK)
		status = print_number(printer, feature->range_max);
	return status != ATL_OK ? status : print_bytes(printer, "]");
}

/* The members of a feature that describe its numbers. */
static AtlStatus
print_description(Printer *printer, const AtlFeature *feature)
{
	AtlText		encoding = {atl_encoding_name(feature->encoding), 0};
	uint32_t	flags = feature->flags;
	AtlStatus	status;

	encoding.size = (uint32_t) strlen(encoding.text);
	status = print_number_member(printer, (flags & ATL_FEATURE_HOP) != 0 ? "hop" : "frameRate", feature->clock);
	if (status == ATL_OK && (flags & ATL_FEATURE_START) != 0)
		status = print_number_member(printer, "startTime", feature->start_time);
	if (status == ATL_OK && (flags & ATL_FEATURE_DIMS) != 0)
		status = print_number_member(printer, "dims", feature->dims);
	if (status == ATL_OK && (flags & ATL_FEATURE_UNIT) != 0)
		status = print_string_member(printer, "unit", feature->unit);
	if (status == ATL_OK && (flags & ATL_FEATURE_KIND) != 0)
		status = print_string_member(printer, "kind", feature->kind);
	if (status == ATL_OK && (flags & ATL_FEATURE_ENCODING) != 0)
		status = print_string_member(printer, "encoding", encoding);
	if (status == ATL_OK && (flags & ATL_FEATURE_RANGE) != 0)
		status = print_range(printer, feature);
	if (status == ATL_OK && (flags & ATL_FEATURE_ERROR) != 0)
		status = print_number_member(printer, "maxError", feature->max_error);
	return status;
}

static AtlStatus
print_feature(Printer *printer, const AtlFeature *feature)
{
	AtlStatus	status = print_bytes(printer, "{");

	printer->comma = false;
	if (status == ATL_OK)
		status = print_description(printer, feature);
	if (status == ATL_OK && (feature->flags & ATL_FEATURE_BASE64) != 0)
		status = print_base64(printer, feature);
	else if (status == ATL_OK)
		status = print_values(printer, feature);
	return status != ATL_OK ? status : print_attributes(printer, feature->attributes);
}

static AtlStatus
print_features(Printer *printer)
{
	AtlFeature	feature;
	AtlStatus	status = print_key(printer, "features");

	if (status == ATL_OK)
		status = print_bytes(printer, "{");
	for (uint32_t i = 0; i < printer->view->num_features && status == ATL_OK; i++)
	{
		status = atl_feature_get(printer->view, i, &feature);
		if (status == ATL_OK && i > 0)
			status = print_bytes(printer, ",");
		if (status == ATL_OK)
			status = atl_json_append_string(printer->out, feature.name);
		if (status == ATL_OK)
			status = print_bytes(printer, ":");
		if (status == ATL_OK)
			status = print_feature(printer, &feature);
	}
	printer->comma = true;
	return status != ATL_OK ? status : print_bytes(printer, "}");
}

AtlStatus
atl_print(const AtlView *view, AtlBuffer *out)
{
	Printer		printer = {view, out, false};
	AtlText		metadata = {NULL, 0};
	AtlText		attributes = {NULL, 0};
	AtlStatus	status = print_bytes(&printer, "{");

	if (status == ATL_OK)
		status = print_number_member(&printer, "duration", view->duration);
	if (status == ATL_OK)
		status = print_number_member(&printer, "sampleRate", view->sample_rate);
	if (status == ATL_OK && (view->present & ATL_HAS_EVENTS) != 0)
		status = print_track(&printer, ATL_EVENTS, "events");
	if (status == ATL_OK && (view->present & ATL_HAS_MARKERS) != 0)
		status = print_track(&printer, ATL_MARKERS, "markers");
	if (status == ATL_OK && (view->present & ATL_HAS_FEATURES) != 0)
		status = print_features(&printer);
	if (status == ATL_OK)
		status = atl_view_text(view, ATL_METADATA, &metadata);
	if (status == ATL_OK)
		status = print_json_member(&printer, "metadata", metadata);
	if (status == ATL_OK)
		status = atl_view_text(view, ATL_ATTRIBUTES, &attributes);
	return status != ATL_OK ? status : print_attributes(&printer, attributes);
}
