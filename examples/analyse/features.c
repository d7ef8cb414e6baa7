/*
 * features.c
 *		The dense series: 10 single features, 13 MFCCs, 12 pitch classes and
 *		the waveform's peaks, one frame per hop.
 *
 * Frame i describes a buffer of samples centred on sample i * hop (zeros before
 * the start and after the end).  Peaks alone describe the hop itself.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse.h"

#define N_MFCC			13
#define N_FILTERS		40
#define N_CHROMA		12

/* A pitch outside these is an echo of the rhythm or of the cymbals. */
#define MIN_PITCH_HZ	50
#define MAX_PITCH_HZ	2000
#define MIN_PITCH_CONFIDENCE 0.6

/* Pitch classes are told apart from G3 (bins narrower than a semitone) to B7. */
#define CHROMA_FROM_MIDI 55
#define CHROMA_TO_MIDI	107

typedef enum FeatureId
{
	RMS, ZCR, LOUDNESS, PITCH, CENTROID, SPREAD, ROLLOFF, FLUX, FLATNESS, HFC,
	MFCC, CHROMA, WAVEFORM, N_FEATURES
} FeatureId;

struct AnFeatures
{
	int			sample_rate;
	unsigned	hop;
	bool		doubles;		/* do not round to float32 */
	AnSeries	series[N_FEATURES];
	fvec_t	   *buffer;			/* two hops of samples */
	aubio_pvoc_t *short_fft;	/* over two hops: spectral shape */
	aubio_pvoc_t *long_fft;		/* over eight hops: pitch classes */
	cvec_t	   *spectrum;
	cvec_t	   *long_spectrum;
	aubio_specdesc_t *rolloff;
	aubio_filterbank_t *filterbank;
	aubio_pitch_t *pitch;
	double	   *norm_before;	/* magnitudes of the frame before */
	unsigned	filters;
	double	   *dct;			/* N_MFCC rows of "filters" */
	fvec_t	   *scalar;
	signed char *pitch_class;	/* of each long bin, -1 for none */
};

static const AnSeries templates[N_FEATURES] = {
	[RMS] = {.name = "rms", .unit = "linear", .dims = 1},
	[ZCR] = {.name = "zcr", .unit = "crossings/sample", .dims = 1},
	[LOUDNESS] = {.name = "loudness", .unit = "dBFS", .dims = 1},
	[PITCH] = {.name = "pitch", .unit = "Hz", .dims = 1},
	[CENTROID] = {.name = "spectralCentroid", .unit = "Hz", .dims = 1},
	[SPREAD] = {.name = "spectralSpread", .unit = "Hz", .dims = 1},
	[ROLLOFF] = {.name = "spectralRolloff", .unit = "Hz", .dims = 1},
	[FLUX] = {.name = "spectralFlux", .unit = "magnitude", .dims = 1},
	[FLATNESS] = {.name = "spectralFlatness", .unit = "ratio", .dims = 1},
	[HFC] = {.name = "hfc", .unit = "magnitude", .dims = 1},
	[MFCC] = {.name = "mfcc", .unit = "log10 energy", .dims = N_MFCC},
	[CHROMA] = {.name = "chroma", .unit = "share of maximum", .dims = N_CHROMA},
	[WAVEFORM] = {.name = "waveform", .unit = "1/128 of full scale", .kind = "peaks",
	.encoding = "i8", .dims = 2},
};

/* ---- set-up ---- */

static void
init_series(AnFeatures *features)
{
	memcpy(features->series, templates, sizeof(templates));
	for (int i = 0; i < N_FEATURES; i++)
		features->series[i].buffer = 2 * features->hop;
	features->series[PITCH].buffer = 4 * features->hop;
	features->series[CHROMA].buffer = 8 * features->hop;
	features->series[WAVEFORM].buffer = features->hop;
	for (int i = 0; i < N_FEATURES; i++)
	{
		unsigned	half = features->series[i].buffer / 2;

		if (half > features->hop)
			features->series[i].latency = half / features->hop - 1;
	}
}

/* C is pitch class 0, A4 is 440 Hz, a bin belongs to its nearest semitone. */
static signed char *
map_pitch_classes(const AnFeatures *features, unsigned bins)
{
	signed char *classes = an_calloc(bins, 1);
	double		bin_width = (double) features->sample_rate / (8 * features->hop);

	classes[0] = -1;
	for (unsigned bin = 1; bin < bins; bin++)
	{
		double		midi = round(69 + 12 * log2(bin * bin_width / 440));

		classes[bin] = -1;
		if (midi >= CHROMA_FROM_MIDI && midi <= CHROMA_TO_MIDI)
			classes[bin] = (signed char) ((int) midi % N_CHROMA);
	}
	return classes;
}

/* aubio's 40 Slaney filters reach 6.9 kHz: below 16 kHz it takes mel filters. */
static aubio_filterbank_t *
new_filterbank(AnFeatures *features)
{
	aubio_filterbank_t *bank;
	unsigned	rate = (unsigned) features->sample_rate;

	features->filters = rate >= 16000 ? N_FILTERS : 26;
	bank = new_aubio_filterbank(features->filters, 2 * features->hop);
	if (bank == NULL)
		return NULL;
	if (features->filters == N_FILTERS)
		aubio_filterbank_set_mel_coeffs_slaney(bank, rate);
	else
		aubio_filterbank_set_mel_coeffs(bank, rate, 0, rate / 2.0f);
	return bank;
}

/* The orthonormal DCT-II, of which the first coefficients are the MFCCs. */
static double *
new_dct(unsigned size)
{
	double	   *dct = an_calloc((size_t) N_MFCC * size, sizeof(double));

	for (unsigned row = 0; row < N_MFCC; row++)
		for (unsigned i = 0; i < size; i++)
			dct[row * size + i] = sqrt((row == 0 ? 1.0 : 2.0) / size) *
				cos(row * (i + 0.5) * M_PI / size);
	return dct;
}

static void
init_detectors(AnFeatures *features)
{
	unsigned	hop = features->hop;

	features->short_fft = new_aubio_pvoc(2 * hop, hop);
	features->long_fft = new_aubio_pvoc(8 * hop, hop);
	features->rolloff = new_aubio_specdesc("rolloff", 2 * hop);
	features->filterbank = new_filterbank(features);
	features->pitch = new_aubio_pitch("yinfast", 4 * hop, hop, features->sample_rate);
	if (!features->short_fft || !features->long_fft || !features->rolloff ||
		!features->filterbank || !features->pitch)
		an_fail("libaubio cannot analyse %d Hz in hops of %u", features->sample_rate, hop);
	aubio_pitch_set_unit(features->pitch, "Hz");
}

static void
init_vectors(AnFeatures *features)
{
	features->buffer = new_fvec(2 * features->hop);
	features->spectrum = new_cvec(2 * features->hop);
	features->long_spectrum = new_cvec(8 * features->hop);
	features->scalar = new_fvec(1);
	if (!features->buffer || !features->spectrum || !features->long_spectrum ||
		!features->scalar)
		an_fail("out of memory");
	features->norm_before = an_calloc(features->spectrum->length, sizeof(double));
	features->dct = new_dct(features->filters);
}

AnFeatures *
an_features_new(int sample_rate, unsigned hop, bool doubles)
{
	AnFeatures *features = an_calloc(1, sizeof(AnFeatures));

	features->sample_rate = sample_rate;
	features->hop = hop;
	features->doubles = doubles;
	init_series(features);
	init_detectors(features);
	init_vectors(features);
	features->pitch_class = map_pitch_classes(features, features->long_spectrum->length);
	return features;
}

/* ---- one hop ---- */

static void
push_frame(AnFeatures *features, FeatureId id, double *frame)
{
	AnSeries   *series = &features->series[id];

	for (unsigned i = 0; i < series->dims && !features->doubles; i++)
		frame[i] = (float) frame[i];
	an_series_push(series, frame);
}

static void
push(AnFeatures *features, FeatureId id, double value)
{
	push_frame(features, id, &value);
}

static void
slide_buffer(AnFeatures *features, const fvec_t *hop)
{
	float	   *data = features->buffer->data;

	memmove(data, data + features->hop, features->hop * sizeof(float));
	memcpy(data + features->hop, hop->data, features->hop * sizeof(float));
}

static void
push_level(AnFeatures *features)
{
	double		sum = 0;
	double		rms;

	for (unsigned i = 0; i < features->buffer->length; i++)
		sum += (double) features->buffer->data[i] * features->buffer->data[i];
	rms = sqrt(sum / features->buffer->length);
	push(features, RMS, rms);
	push(features, LOUDNESS, 20 * log10(rms));	/* silence: -inf, missing */
	push(features, ZCR, aubio_zero_crossing_rate(features->buffer));
}

/* 8-bit peaks as audiowaveform writes them: 16-bit samples cut to a byte. */
static double
peak_byte(float sample)
{
	return truncf(fmaxf(-128, fminf(127, sample * 128))) + 0.0f;
}

static void
push_peaks(AnFeatures *features, const fvec_t *hop, unsigned real_samples)
{
	float		low = hop->data[0];
	float		high = hop->data[0];

	for (unsigned i = 1; i < real_samples; i++)
	{
		low = fminf(low, hop->data[i]);
		high = fmaxf(high, hop->data[i]);
	}
	push_frame(features, WAVEFORM, (double[]) {peak_byte(low), peak_byte(high)});
}

/* Geometric over arithmetic mean of the power spectrum, as in librosa. */
static double
flatness(const cvec_t *spectrum)
{
	double		log_sum = 0;
	double		sum = 0;

	for (unsigned bin = 0; bin < spectrum->length; bin++)
	{
		double		power = (double) spectrum->norm[bin] * spectrum->norm[bin];

		power = fmax(power, 1e-10);
		log_sum += log(power);
		sum += power;
	}
	return exp(log_sum / spectrum->length) / (sum / spectrum->length);
}

static bool
is_silent(const cvec_t *spectrum)
{
	for (unsigned bin = 0; bin < spectrum->length; bin++)
		if (spectrum->norm[bin] > 0)
			return false;
	return true;
}

static double
centroid_bin(const cvec_t *spectrum)
{
	double		weighted = 0;
	double		sum = 0;

	for (unsigned bin = 0; bin < spectrum->length; bin++)
	{
		weighted += bin * (double) spectrum->norm[bin];
		sum += spectrum->norm[bin];
	}
	return weighted / sum;
}

static double
spread_bins(const cvec_t *spectrum, double centroid)
{
	double		weighted = 0;
	double		sum = 0;

	for (unsigned bin = 0; bin < spectrum->length; bin++)
	{
		weighted += (bin - centroid) * (bin - centroid) * spectrum->norm[bin];
		sum += spectrum->norm[bin];
	}
	return sqrt(weighted / sum);
}

static double
high_frequency_content(const cvec_t *spectrum)
{
	double		sum = 0;

	for (unsigned bin = 0; bin < spectrum->length; bin++)
		sum += (bin + 1) * (double) spectrum->norm[bin];
	return sum;
}

static double
flux(AnFeatures *features)
{
	const cvec_t *spectrum = features->spectrum;
	double		sum = 0;

	for (unsigned bin = 0; bin < spectrum->length; bin++)
	{
		sum += fmax(0, spectrum->norm[bin] - features->norm_before[bin]);
		features->norm_before[bin] = spectrum->norm[bin];
	}
	return sum;
}

static double
rolloff_bin(AnFeatures *features)
{
	aubio_specdesc_do(features->rolloff, features->spectrum, features->scalar);
	return features->scalar->data[0];
}

/* The shape of nothing is not zero but missing. */
static void
push_shape(AnFeatures *features)
{
	const cvec_t *spectrum = features->spectrum;
	double		bin_width = (double) features->sample_rate / (2 * features->hop);
	bool		silent = is_silent(spectrum);
	double		nyquist = features->sample_rate / 2.0;
	double		centroid = centroid_bin(spectrum);

	push(features, CENTROID, silent ? NAN : bin_width * centroid);
	push(features, SPREAD, silent ? NAN : bin_width * spread_bins(spectrum, centroid));
	push(features, ROLLOFF,
		 silent ? NAN : fmin(nyquist, bin_width * rolloff_bin(features)));
	push(features, FLATNESS, silent ? NAN : flatness(spectrum));
	push(features, FLUX, flux(features));
	push(features, HFC, high_frequency_content(spectrum));
}

/* What a filter lets through, as its logarithm; aubio's own floor for nothing. */
static double
log_energy(const cvec_t *spectrum, const smpl_t *filter)
{
	double		energy = 0;

	for (unsigned bin = 0; bin < spectrum->length; bin++)
		energy += (double) spectrum->norm[bin] * filter[bin];
	return log10(fmax(energy, 2e-42));
}

static void
push_mfcc(AnFeatures *features)
{
	const fmat_t *filters = aubio_filterbank_get_coeffs(features->filterbank);
	double		frame[N_MFCC] = {0};

	for (unsigned i = 0; i < features->filters; i++)
	{
		double		energy = log_energy(features->spectrum, filters->data[i]);

		for (unsigned row = 0; row < N_MFCC; row++)
			frame[row] += features->dct[row * features->filters + i] * energy;
	}
	push_frame(features, MFCC, frame);
}

static void
push_chroma(AnFeatures *features, const fvec_t *hop)
{
	const cvec_t *spectrum = features->long_spectrum;
	double		energy[N_CHROMA] = {0};
	double		maximum = 0;
	double		frame[N_CHROMA] = {0};

	aubio_pvoc_do(features->long_fft, hop, features->long_spectrum);
	for (unsigned bin = 0; bin < spectrum->length; bin++)
		if (features->pitch_class[bin] >= 0)
			energy[features->pitch_class[bin]] +=
				(double) spectrum->norm[bin] * spectrum->norm[bin];
	for (int i = 0; i < N_CHROMA; i++)
		maximum = fmax(maximum, energy[i]);
	for (int i = 0; i < N_CHROMA && maximum > 0; i++)
		frame[i] = energy[i] / maximum;
	push_frame(features, CHROMA, frame);
}

static void
push_pitch(AnFeatures *features, const fvec_t *hop)
{
	float		hertz;
	bool		voiced;

	aubio_pitch_do(features->pitch, hop, features->scalar);
	hertz = features->scalar->data[0];
	voiced = hertz >= MIN_PITCH_HZ && hertz <= MAX_PITCH_HZ &&
		aubio_pitch_get_confidence(features->pitch) >= MIN_PITCH_CONFIDENCE;
	push(features, PITCH, voiced ? hertz : NAN);
}

void
an_features_push(AnFeatures *features, fvec_t *hop, unsigned real_samples)
{
	slide_buffer(features, hop);
	aubio_pvoc_do(features->short_fft, hop, features->spectrum);
	if (real_samples > 0)
		push_peaks(features, hop, real_samples);
	push_level(features);
	push_shape(features);
	push_mfcc(features);
	push_chroma(features, hop);
	push_pitch(features, hop);
}

/* What the hops of silence after the end added is no part of the recording. */
void
an_features_finish(AnFeatures *features, size_t frames)
{
	for (int i = 0; i < N_FEATURES; i++)
	{
		if (features->series[i].frames < frames)
			an_fail("feature \"%s\" has %zu frames instead of %zu",
					features->series[i].name, features->series[i].frames, frames);
		features->series[i].frames = frames;
	}
}

size_t
an_features_count(const AnFeatures *features)
{
	(void) features;
	return N_FEATURES;
}

const AnSeries *
an_features_get(const AnFeatures *features, size_t i)
{
	return &features->series[i];
}

void
an_features_free(AnFeatures *features)
{
	for (int i = 0; i < N_FEATURES; i++)
		an_series_free(&features->series[i]);
	del_aubio_pvoc(features->short_fft);
	del_aubio_pvoc(features->long_fft);
	del_aubio_specdesc(features->rolloff);
	del_aubio_filterbank(features->filterbank);
	del_aubio_pitch(features->pitch);
	del_fvec(features->buffer);
	del_cvec(features->spectrum);
	del_cvec(features->long_spectrum);
	del_fvec(features->scalar);
	free(features->norm_before);
	free(features->dct);
	free(features->pitch_class);
	free(features);
}
