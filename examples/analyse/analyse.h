/*
 * analyse.h
 *		The parts of the example analyser: audio in, events and features
 *		along the way, one AudioTimeline JSON document out.
 *
 * Positions are kept in samples and become seconds only when written, so no
 * time is ever a sum of rounded times.
 */
#ifndef ANALYSE_H
#define ANALYSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <aubio/aubio.h>
#include <sndfile.h>

/*
 * The end of a recording is heard late by the slowest detectors (an onset is
 * known after 4.3 hops, its note 5 hops later), so that many hops of silence
 * follow the recording.
 */
#define AN_FLUSH_HOPS	10

/* ---- util.c: what may fail ends the program, before any output ---- */

extern void an_fail(const char *format, ...)
			__attribute__((format(printf, 1, 2), noreturn));
extern void *an_calloc(size_t count, size_t size);
extern void *an_grow(void *array, size_t *capacity, size_t needed, size_t size);

/* ---- audio.c: a recording as hops of mono samples ---- */

typedef struct AnAudio
{
	const char *path;
	SNDFILE    *file;
	char		format[64];		/* name of the container, for metadata */
	int			channels;
	int			sample_rate;
	int			passes_left;	/* how often the file is read once more */
	uint64_t	limit;			/* stop after so many samples; 0: no limit */
	uint64_t	samples;		/* handed out so far */
	float	   *interleaved;	/* one hop of all channels */
} AnAudio;

extern AnAudio *an_audio_open(const char *path, unsigned hop, int repeat,
							  double max_seconds);
extern unsigned an_audio_read(AnAudio *audio, fvec_t *hop);
extern void an_audio_close(AnAudio *audio);

/* ---- series.c: a feature as it grows ---- */

typedef struct AnSeries
{
	const char *name;
	const char *unit;
	const char *kind;			/* NULL: plain values */
	const char *encoding;		/* NULL: floating point */
	unsigned	dims;
	unsigned	buffer;			/* samples behind one frame */
	unsigned	latency;		/* hops until a frame's samples are in */
	uint64_t	pushed;
	size_t		frames;
	size_t		capacity;		/* of values, in numbers */
	double	   *values;			/* NaN: missing */
} AnSeries;

extern void an_series_push(AnSeries *series, const double *frame);
extern void an_series_free(AnSeries *series);

/* ---- features.c: the dense series ---- */

typedef struct AnFeatures AnFeatures;

extern AnFeatures *an_features_new(int sample_rate, unsigned hop,
								   bool doubles);
extern void an_features_push(AnFeatures *features, fvec_t *hop,
							 unsigned real_samples);
extern void an_features_finish(AnFeatures *features, size_t frames);
extern size_t an_features_count(const AnFeatures *features);
extern const AnSeries *an_features_get(const AnFeatures *features, size_t i);
extern void an_features_free(AnFeatures *features);

/* ---- events.c: onsets, notes, beats and tempo changes ---- */

typedef enum AnPointKind
{
	AN_ONSET,					/* in the order of writing at one time */
	AN_NOTE,
	AN_TEMPO_CHANGE,
	AN_BEAT
} AnPointKind;

typedef struct AnPoint
{
	AnPointKind kind;
	uint64_t	start;			/* samples */
	uint64_t	end;			/* samples; notes only */
	double		confidence;		/* 0..1; NaN: none */
	double		value;			/* strength, MIDI note, beat number, bpm */
	int			velocity;		/* notes only */
	size_t		order;			/* found as the n-th, for a stable sort */
} AnPoint;

typedef struct AnPoints
{
	AnPoint    *points;
	size_t		count;
	size_t		capacity;
} AnPoints;

typedef struct AnEvents AnEvents;

extern AnEvents *an_events_new(int sample_rate, unsigned hop);
extern void an_events_push(AnEvents *events, const fvec_t *hop);
extern void an_events_finish(AnEvents *events, uint64_t samples);
extern const AnPoints *an_events_list(const AnEvents *events);
extern const AnPoints *an_events_markers(const AnEvents *events);
extern void an_events_free(AnEvents *events);

/* ---- json.c ---- */

extern void an_json_string(FILE *out, const char *text);
extern void an_json_number(FILE *out, double number);

/* ---- write.c: the document ---- */

typedef struct AnTimeline
{
	const AnAudio *audio;
	const AnEvents *events;
	const AnFeatures *features; /* NULL: events only */
	const char *stem;
	unsigned	hop;
	int			repeat;
} AnTimeline;

extern void an_write_timeline(FILE *out, const AnTimeline *timeline);

#endif							/* ANALYSE_H */
