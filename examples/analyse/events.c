/*
 * events.c
 *		The points in time: onsets and notes (events), beats and tempo changes
 *		(markers).
 */
#include <math.h>
#include <stdlib.h>

#include "analyse.h"

/* aubio settles on a note's pitch as the median of six hops from its onset. */
#define NOTE_MEDIAN_HOPS	6
/* Its notes need onsets 30 ms apart; the same here makes both agree. */
#define MIN_ONSET_MS		30
/* A tempo has changed when it differs by so much for so many beats. */
#define TEMPO_TOLERANCE		0.04
#define TEMPO_BEATS			4

struct AnEvents
{
	unsigned	hop;
	uint64_t	step;			/* hops so far */
	aubio_onset_t *onset;
	aubio_notes_t *notes;
	aubio_tempo_t *tempo;
	fvec_t	   *found;			/* up to three numbers from a detector */
	AnPoints	list;
	AnPoints	markers;

	float		strength;		/* of the hop before this one */
	uint64_t	last_onset;
	uint64_t	last_onset_step;
	bool		note_open;
	AnPoint		note;
	uint64_t	last_beat;
	unsigned	n_beats;
	double		bpm;			/* as last announced */
	unsigned	n_different;	/* beats in a row at another tempo */
	uint64_t	different_since;
};

AnEvents *
an_events_new(int sample_rate, unsigned hop)
{
	AnEvents   *events = an_calloc(1, sizeof(AnEvents));

	events->hop = hop;
	events->onset = new_aubio_onset("default", 2 * hop, hop, sample_rate);
	events->notes = new_aubio_notes("default", 2 * hop, hop, sample_rate);
	events->tempo = new_aubio_tempo("default", 2 * hop, hop, sample_rate);
	events->found = new_fvec(3);
	if (!events->onset || !events->notes || !events->tempo || !events->found)
		an_fail("libaubio cannot analyse %d Hz in hops of %u", sample_rate, hop);
	aubio_onset_set_minioi_ms(events->onset, MIN_ONSET_MS);
	aubio_notes_set_minioi_ms(events->notes, MIN_ONSET_MS);
	return events;
}

static void
add_point(AnPoints *list, AnPoint point)
{
	list->points = an_grow(list->points, &list->capacity, list->count + 1,
						   sizeof(AnPoint));
	point.order = list->count;
	list->points[list->count++] = point;
}

/* ---- events ---- */

/* A peak is seen one hop late, so its height is the strength before this one. */
static void
push_onset(AnEvents *events, const fvec_t *hop)
{
	aubio_onset_do(events->onset, hop, events->found);
	if (events->found->data[0] > 0)
	{
		events->last_onset = aubio_onset_get_last(events->onset);
		events->last_onset_step = events->step;
		add_point(&events->list, (AnPoint)
				  {
					  .kind = AN_ONSET,
					  .start = events->last_onset,
					  .confidence = NAN,
					  .value = fmaxf(events->strength, 0)
				  });
	}
	events->strength = aubio_onset_get_thresholded_descriptor(events->onset);
}

static void
close_note(AnEvents *events, uint64_t end)
{
	if (!events->note_open)
		return;
	events->note_open = false;
	events->note.end = end;
	if (end > events->note.start)
		add_point(&events->list, events->note);
}

static void
open_note(AnEvents *events, float midi, float velocity)
{
	events->note_open = true;
	events->note = (AnPoint)
		{
			.kind = AN_NOTE,
			.start = events->last_onset,
			.confidence = NAN,
			.value = midi,
			.velocity = (int) fmaxf(0, fminf(127, velocity))
		};
}

/* A note told of now began with the last onset, which also ended the one before. */
static void
push_note(AnEvents *events, const fvec_t *hop)
{
	const float *found = events->found->data;
	bool		at_onset;

	aubio_notes_do(events->notes, hop, events->found);
	at_onset = events->step == events->last_onset_step + NOTE_MEDIAN_HOPS - 1;
	if (found[2] != 0)
		close_note(events, at_onset ? events->last_onset : events->step * events->hop);
	if (found[0] != 0)
		open_note(events, found[0], found[1]);
}

/* ---- markers ---- */

static void
add_tempo_change(AnEvents *events, uint64_t at, double bpm, double confidence)
{
	events->bpm = bpm;
	events->n_different = 0;
	add_point(&events->markers, (AnPoint)
			  {
				  .kind = AN_TEMPO_CHANGE,
				  .start = at,
				  .confidence = confidence,
				  .value = round(bpm * 100) / 100
			  });
}

/* One odd beat is no new tempo: it has to last.  The first beats are guesses. */
static void
follow_tempo(AnEvents *events, uint64_t beat, double confidence)
{
	double		bpm = aubio_tempo_get_bpm(events->tempo);

	if (!(bpm > 0) || confidence == 0)
		return;
	if (events->bpm == 0)
		add_tempo_change(events, beat, bpm, confidence);
	else if (fabs(bpm / events->bpm - 1) <= TEMPO_TOLERANCE)
		events->n_different = 0;
	else
	{
		if (events->n_different++ == 0)
			events->different_since = beat;
		if (events->n_different >= TEMPO_BEATS)
			add_tempo_change(events, events->different_since, bpm, confidence);
	}
}

static void
push_beat(AnEvents *events, const fvec_t *hop)
{
	uint64_t	beat;
	double		confidence;

	aubio_tempo_do(events->tempo, hop, events->found);
	if (events->found->data[0] == 0)
		return;
	beat = aubio_tempo_get_last(events->tempo);
	if (events->n_beats > 0 && beat <= events->last_beat)
		return;
	confidence = aubio_tempo_get_confidence(events->tempo);
	confidence = isfinite(confidence) ? fmax(0, fmin(1, confidence)) : 0;
	follow_tempo(events, beat, confidence);
	events->last_beat = beat;
	add_point(&events->markers, (AnPoint)
			  {
				  .kind = AN_BEAT,
				  .start = beat,
				  .confidence = confidence,
				  .value = ++events->n_beats
			  });
}

void
an_events_push(AnEvents *events, const fvec_t *hop)
{
	push_onset(events, hop);
	push_note(events, hop);
	push_beat(events, hop);
	events->step++;
}

/* ---- at the end ---- */

static int
compare_doubles(const void *a, const void *b)
{
	double		left = *(const double *) a;
	double		right = *(const double *) b;

	return (left > right) - (left < right);
}

static double
median_strength(const AnPoints *list)
{
	double	   *strengths = an_calloc(list->count + 1, sizeof(double));
	size_t		n = 0;
	double		median;

	for (size_t i = 0; i < list->count; i++)
		if (list->points[i].kind == AN_ONSET)
			strengths[n++] = list->points[i].value;
	qsort(strengths, n, sizeof(double), compare_doubles);
	median = strengths[n / 2];
	free(strengths);
	return median;
}

/*
 * aubio gives an onset a strength without an upper bound.  Against the median
 * of the recording it becomes a confidence: 0.5 for the middling onset.
 */
static void
set_onset_confidence(AnPoints *list)
{
	double		median = median_strength(list);

	for (size_t i = 0; i < list->count; i++)
	{
		AnPoint    *point = &list->points[i];

		if (point->kind == AN_ONSET && point->value + median > 0)
			point->confidence = point->value / (point->value + median);
	}
}

static int
compare_points(const void *a, const void *b)
{
	const AnPoint *left = a;
	const AnPoint *right = b;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	return (left->order > right->order) - (left->order < right->order);
}

/* Nothing lies past the end, though the detectors heard silence after it. */
static void
drop_past_end(AnPoints *list, uint64_t samples)
{
	size_t		kept = 0;

	for (size_t i = 0; i < list->count; i++)
	{
		AnPoint		point = list->points[i];

		if (point.start >= samples)
			continue;
		if (point.end > samples)
			point.end = samples;
		list->points[kept++] = point;
	}
	list->count = kept;
}

static void
finish_list(AnPoints *list, uint64_t samples)
{
	if (list->count == 0)
		return;
	drop_past_end(list, samples);
	qsort(list->points, list->count, sizeof(AnPoint), compare_points);
}

void
an_events_finish(AnEvents *events, uint64_t samples)
{
	close_note(events, samples);
	finish_list(&events->list, samples);
	finish_list(&events->markers, samples);
	set_onset_confidence(&events->list);
}

const AnPoints *
an_events_list(const AnEvents *events)
{
	return &events->list;
}

const AnPoints *
an_events_markers(const AnEvents *events)
{
	return &events->markers;
}

void
an_events_free(AnEvents *events)
{
	del_aubio_onset(events->onset);
	del_aubio_notes(events->notes);
	del_aubio_tempo(events->tempo);
	del_fvec(events->found);
	free(events->list.points);
	free(events->markers.points);
	free(events);
}
