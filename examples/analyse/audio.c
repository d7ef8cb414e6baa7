/*
 * audio.c
 *		Reads a recording hop by hop, whatever its length, and mixes it down
 *		to mono at its own sample rate.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse.h"

/* aubio counts samples in 32 bits; past that its positions would wrap. */
#define MAX_SAMPLES	((uint64_t) UINT32_MAX - 1024 * 1024)

static void
remember_format(AnAudio *audio, const SF_INFO *info)
{
	SF_FORMAT_INFO name;

	memset(&name, 0, sizeof(name));
	name.format = info->format & SF_FORMAT_TYPEMASK;
	if (sf_command(NULL, SFC_GET_FORMAT_INFO, &name, sizeof(name)) == 0 && name.name)
		snprintf(audio->format, sizeof(audio->format), "%s", name.name);
}

/* Each pass opens the file anew: not every format seeks to its exact start. */
static void
start_pass(AnAudio *audio)
{
	SF_INFO		info;

	memset(&info, 0, sizeof(info));
	audio->file = sf_open(audio->path, SFM_READ, &info);
	if (audio->file == NULL)
		an_fail("cannot read \"%s\": %s", audio->path, sf_strerror(NULL));
	audio->channels = info.channels;
	audio->sample_rate = info.samplerate;
	audio->passes_left--;
	remember_format(audio, &info);
}

AnAudio *
an_audio_open(const char *path, unsigned hop, int repeat, double max_seconds)
{
	AnAudio    *audio = an_calloc(1, sizeof(AnAudio));

	audio->path = path;
	audio->passes_left = repeat;
	start_pass(audio);
	audio->limit = MAX_SAMPLES + 1;
	if (max_seconds * audio->sample_rate < (double) MAX_SAMPLES)
		audio->limit = (uint64_t) llround(max_seconds * audio->sample_rate);
	audio->interleaved = an_calloc((size_t) hop * audio->channels, sizeof(float));
	return audio;
}

/* The mean of the channels; a sample that is not a number counts as silence. */
static float
mix_down(const float *frame, int channels)
{
	float		sum = 0;

	for (int channel = 0; channel < channels; channel++)
		if (isfinite(frame[channel]))
			sum += frame[channel];
	return sum / channels;
}

static unsigned
read_chunk(AnAudio *audio, float *mono, unsigned wanted)
{
	sf_count_t	got = sf_readf_float(audio->file, audio->interleaved, wanted);

	if (got < 0 || sf_error(audio->file) != SF_ERR_NO_ERROR)
		an_fail("cannot read \"%s\": %s", audio->path, sf_strerror(audio->file));
	for (sf_count_t i = 0; i < got; i++)
		mono[i] = mix_down(audio->interleaved + i * audio->channels, audio->channels);
	return (unsigned) got;
}

/* The end of one pass runs into the start of the next within the same hop. */
static bool
next_pass(AnAudio *audio)
{
	if (audio->passes_left <= 0 || audio->samples == 0)
		return false;
	sf_close(audio->file);
	start_pass(audio);
	return true;
}

/* Fill one hop, with zeros after the end; returns the count of real samples. */
unsigned
an_audio_read(AnAudio *audio, fvec_t *hop)
{
	unsigned	filled = 0;

	fvec_zeros(hop);
	while (filled < hop->length && audio->samples < audio->limit)
	{
		uint64_t	room = audio->limit - audio->samples;
		unsigned	wanted = hop->length - filled;
		unsigned	got;

		if (room < wanted)
			wanted = (unsigned) room;
		got = read_chunk(audio, hop->data + filled, wanted);
		filled += got;
		audio->samples += got;
		if (got == 0 && !next_pass(audio))
			break;
	}
	if (audio->samples > MAX_SAMPLES)
		an_fail("\"%s\" is longer than %.0f hours", audio->path,
				(double) MAX_SAMPLES / audio->sample_rate / 3600);
	return filled;
}

void
an_audio_close(AnAudio *audio)
{
	sf_close(audio->file);
	free(audio->interleaved);
	free(audio);
}
