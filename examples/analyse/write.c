/*
 * write.c
 *		Writes the whole analysis as one AudioTimeline JSON document.
 */
#include <math.h>
#include <string.h>

#include "analyse.h"

static void
key(FILE *out, const char *name)
{
	an_json_string(out, name);
	fputc(':', out);
}

static void
number_member(FILE *out, const char *name, double number)
{
	fputc(',', out);
	key(out, name);
	an_json_number(out, number);
}

static void
string_member(FILE *out, const char *name, const char *text)
{
	fputc(',', out);
	key(out, name);
	an_json_string(out, text);
}

/* ---- events and markers ---- */

static const char *
type_name(AnPointKind kind)
{
	static const char *const names[] = {
		[AN_ONSET] = "onset",[AN_NOTE] = "note",
		[AN_BEAT] = "beat",[AN_TEMPO_CHANGE] = "tempo_change"
	};

	return names[kind];
}

static void
write_details(FILE *out, const AnPoint *point, double sample_rate)
{
	switch (point->kind)
	{
		case AN_ONSET:
			fputs(",\"data\":{\"strength\":", out);
			an_json_number(out, point->value);
			fputc('}', out);
			break;
		case AN_NOTE:
			number_member(out, "duration", (point->end - point->start) / sample_rate);
			fputs(",\"data\":{\"midi\":", out);
			an_json_number(out, point->value);
			number_member(out, "velocity", point->velocity);
			fputc('}', out);
			break;
		case AN_BEAT:
		case AN_TEMPO_CHANGE:
			number_member(out, "value", point->value);
			break;
	}
}

static void
write_point(FILE *out, const AnPoint *point, double sample_rate)
{
	fputc('{', out);
	key(out, "timestamp");
	an_json_number(out, point->start / sample_rate);
	string_member(out, "type", type_name(point->kind));
	if (!isnan(point->confidence))
		number_member(out, "confidence", point->confidence);
	write_details(out, point, sample_rate);
	fputc('}', out);
}

static void
write_points(FILE *out, const char *name, const AnPoints *list, double sample_rate)
{
	fputs(",\n", out);
	key(out, name);
	fputc('[', out);
	for (size_t i = 0; i < list->count; i++)
	{
		fputs(i > 0 ? ",\n" : "\n", out);
		write_point(out, &list->points[i], sample_rate);
	}
	fputc(']', out);
}

/* ---- features ---- */

static void
write_frame(FILE *out, const double *frame, unsigned dims)
{
	if (dims > 1)
		fputc('[', out);
	for (unsigned i = 0; i < dims; i++)
	{
		if (i > 0)
			fputc(',', out);
		an_json_number(out, frame[i]);
	}
	if (dims > 1)
		fputc(']', out);
}

static void
write_feature(FILE *out, const AnSeries *series, unsigned hop)
{
	key(out, series->name);
	fputc('{', out);
	key(out, "hop");
	an_json_number(out, hop);
	string_member(out, "unit", series->unit);
	number_member(out, "bufferSize", series->buffer);
	if (series->kind)
		string_member(out, "kind", series->kind);
	if (series->encoding)
		string_member(out, "encoding", series->encoding);
	if (series->dims > 1)
		number_member(out, "dims", series->dims);
	fputs(",\"values\":[", out);
	for (size_t i = 0; i < series->frames; i++)
	{
		if (i > 0)
			fputc(',', out);
		write_frame(out, series->values + i * series->dims, series->dims);
	}
	fputs("]}", out);
}

static void
write_features(FILE *out, const AnFeatures *features, unsigned hop)
{
	fputs(",\n\"features\":{", out);
	for (size_t i = 0; i < an_features_count(features); i++)
	{
		fputs(i > 0 ? ",\n" : "\n", out);
		write_feature(out, an_features_get(features, i), hop);
	}
	fputc('}', out);
}

/* ---- the document ---- */

static void
write_metadata(FILE *out, const AnTimeline *timeline)
{
	const char *slash = strrchr(timeline->audio->path, '/');

	fputs(",\n\"metadata\":{", out);
	key(out, "analyzer");
	an_json_string(out, "aubio " AUBIO_VERSION);
	string_member(out, "source", slash ? slash + 1 : timeline->audio->path);
	string_member(out, "format", timeline->audio->format);
	string_member(out, "stem", timeline->stem);
	number_member(out, "channels", timeline->audio->channels);
	number_member(out, "hop", timeline->hop);
	number_member(out, "repeat", timeline->repeat);
	fputc('}', out);
}

void
an_write_timeline(FILE *out, const AnTimeline *timeline)
{
	double		sample_rate = timeline->audio->sample_rate;

	fputc('{', out);
	key(out, "duration");
	an_json_number(out, timeline->audio->samples / sample_rate);
	number_member(out, "sampleRate", sample_rate);
	write_metadata(out, timeline);
	write_points(out, "events", an_events_list(timeline->events), sample_rate);
	write_points(out, "markers", an_events_markers(timeline->events), sample_rate);
	if (timeline->features)
		write_features(out, timeline->features, timeline->hop);
	fputs("}\n", out);
}
