/*
 * analyse.c
 *		Command line: analyse a recording, print its AudioTimeline as JSON.
 */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse.h"

typedef struct Options
{
	const char *path;
	const char *stem;
	unsigned	hop;
	int			repeat;
	double		max_seconds;
	bool		events_only;
	bool		doubles;
} Options;

static const char usage[] =
	"Usage: analyse FILE [OPTION]... > timeline.json\n"
	"Analyse a recording (MP3, Ogg, FLAC, WAV, ...) and print one AudioTimeline\n"
	"JSON document: onsets, notes, beats, tempo changes and 13 dense features.\n"
	"\n"
	"  --stem NAME      stem that the recording holds (default master)\n"
	"  --hop N          samples between frames: 64, 128, ... 4096 (default 512)\n"
	"  --repeat N       analyse the recording N times in a row\n"
	"  --seconds S      stop after S seconds\n"
	"  --events-only    no dense features\n"
	"  --doubles        do not round feature values to float32\n"
	"  --help           show this and exit\n";

static long
parse_integer(const char *option, const char *text, long least, long most)
{
	char	   *end;
	long		number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno || end == text || *end || number < least || number > most)
		an_fail("--%s takes a whole number from %ld to %ld, not \"%s\"",
				option, least, most, text);
	return number;
}

static unsigned
parse_hop(const char *text)
{
	long		hop = parse_integer("hop", text, 64, 4096);

	if (hop & (hop - 1))
		an_fail("--hop takes a power of two, not %ld", hop);
	return (unsigned) hop;
}

static double
parse_seconds(const char *text)
{
	char	   *end;
	double		seconds = strtod(text, &end);

	if (end == text || *end || !isfinite(seconds) || seconds <= 0)
		an_fail("--seconds takes a positive number, not \"%s\"", text);
	return seconds;
}

static void
show_usage(void)
{
	fputs(usage, stdout);
	exit(fflush(stdout) == 0 ? 0 : 1);
}

static void
set_option(Options *options, int letter, const char *argument)
{
	switch (letter)
	{
		case 's':
			options->stem = argument;
			break;
		case 'p':
			options->hop = parse_hop(argument);
			break;
		case 'r':
			options->repeat = (int) parse_integer("repeat", argument, 1, 100000);
			break;
		case 't':
			options->max_seconds = parse_seconds(argument);
			break;
		case 'e':
			options->events_only = true;
			break;
		case 'd':
			options->doubles = true;
			break;
		case 'h':
			show_usage();
			break;
		default:				/* getopt has said what is wrong */
			an_fail("see analyse --help");
	}
}

static Options
parse_options(int argc, char **argv)
{
	static const struct option known[] = {
		{"stem", required_argument, NULL, 's'},
		{"hop", required_argument, NULL, 'p'},
		{"repeat", required_argument, NULL, 'r'},
		{"seconds", required_argument, NULL, 't'},
		{"events-only", no_argument, NULL, 'e'},
		{"doubles", no_argument, NULL, 'd'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0}
	};
	Options		options = {.stem = "master", .hop = 512, .repeat = 1, .max_seconds = INFINITY};
	int			letter;

	while ((letter = getopt_long(argc, argv, "h", known, NULL)) != -1)
		set_option(&options, letter, optarg);
	if (optind != argc - 1)
		an_fail("give one file to analyse; see analyse --help");
	options.path = argv[optind];
	return options;
}

/* Everything heard so far goes to both listeners, then some silence. */
static void
listen(AnAudio *audio, AnEvents *events, AnFeatures *features, unsigned hop_size)
{
	fvec_t	   *hop = new_fvec(hop_size);
	size_t		frames = 0;
	int			silent_hops = 0;

	if (hop == NULL)
		an_fail("out of memory");
	while (silent_hops < AN_FLUSH_HOPS)
	{
		unsigned	real_samples = an_audio_read(audio, hop);

		if (real_samples > 0)
			frames++;
		else
			silent_hops++;
		an_events_push(events, hop);
		if (features)
			an_features_push(features, hop, real_samples);
	}
	if (frames == 0)
		an_fail("\"%s\" holds no audio", audio->path);
	an_events_finish(events, audio->samples);
	if (features)
		an_features_finish(features, frames);
	del_fvec(hop);
}

static void
write_all(const AnTimeline *timeline)
{
	an_write_timeline(stdout, timeline);
	if (fflush(stdout) != 0 || ferror(stdout))
		an_fail("cannot write the timeline: %s", strerror(errno));
}

int
main(int argc, char **argv)
{
	Options		options = parse_options(argc, argv);
	AnAudio    *audio = an_audio_open(options.path, options.hop, options.repeat,
									  options.max_seconds);
	AnEvents   *events = an_events_new(audio->sample_rate, options.hop);
	AnFeatures *features = NULL;

	if (!options.events_only)
		features = an_features_new(audio->sample_rate, options.hop, options.doubles);
	listen(audio, events, features, options.hop);
	write_all(&(AnTimeline)
			  {
				  .audio = audio, .events = events, .features = features,
				  .stem = options.stem, .hop = options.hop, .repeat = options.repeat
			  });
	if (features)
		an_features_free(features);
	an_events_free(events);
	an_audio_close(audio);
	aubio_cleanup();
	return 0;
}
