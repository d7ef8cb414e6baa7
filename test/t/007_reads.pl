# A lookup touches as many buffers in an hour of audio as in a song, and few.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use JSON::PP;
use MIME::Base64;
use POSIX ();
use PostgreSQL::Test::Utils;
use Test::More;

# 35 features at 86 frames a second; events and markers in proportion.
my $features = 35;
my $frame_rate = 86;
my %minutes = (song => 4, hour => 60);
my $events_per_minute = 500;

# Of a wide feature, at fewer frames a second.
my $wide_dims = 700;
my $wide_rate = 2;

# A chunk costs one page of the TOAST table, or two where it crosses their border, beside the way
# down the index.
my $most_difference = 3;
my $most_buffers = 30;

my $node = new_cluster('reads');
my $dir = PostgreSQL::Test::Utils::tempdir();

# Frame i of feature k, a number that looks random: nothing that a codec could make small.
sub number
{
	my ($i, $k) = @_;
	my $number = sin($i * 12.9898 + $k) * 43758.5453;

	return $number - POSIX::floor($number);
}

# All of a feature, as base64 of f32.
sub series
{
	my ($frames, $k) = @_;

	return encode_base64(pack('f<*', map { number($_, $k) } 0 .. $frames - 1), '');
}

# Event i is at i * 0.12 s; now and then one that lasts for a minute.
sub event
{
	my ($i) = @_;

	return sprintf(
		'{"timestamp":%.2f,"type":"%s","confidence":0.%d,"duration":%s,"data":{"midi":%d}}',
		$i * 60 / $events_per_minute,
		(qw(onset note chord kick))[ $i % 4 ],
		$i % 9 + 1,
		$i % 1000 == 0 ? '60' : '0.25',
		$i % 128);
}

# A feature of many dims.
sub wide
{
	my ($minutes) = @_;
	my $numbers = $minutes * 60 * $wide_rate * $wide_dims;

	return sprintf('"wide":{"frameRate":%d,"unit":"linear","dims":%d,"encoding":"f32","base64":"%s"}',
		$wide_rate, $wide_dims, series($numbers, 0));
}

sub document
{
	my ($minutes) = @_;
	my $frames = $minutes * 60 * $frame_rate;

	# Three different series are enough: what they hold does not matter here.
	my @series = map { series($frames, $_) } 0 .. 2;
	my @features = map {
		sprintf('"feature_%02d":{"frameRate":%d,"unit":"linear","encoding":"f32","base64":"%s"}',
			$_, $frame_rate, $series[ $_ % 3 ])
	} 0 .. $features - 1;

	return sprintf(
		'{"duration":%d,"sampleRate":44100,"events":[%s],"markers":[%s],"features":{%s}}',
		$minutes * 60,
		join(',', map { event($_) } 0 .. $minutes * $events_per_minute - 1),
		join(',',
			map { sprintf('{"timestamp":%.1f,"type":"beat","confidence":1}', $_ / 2) }
			  0 .. $minutes * 120 - 1),
		join(',', @features, wide($minutes)));
}

my %lookups = (
	'value_at' => q{SELECT value_at(tl, 'feature_17', %1$s) FROM timelines WHERE name = '%2$s'},
	'value_at, linear' =>
	  q{SELECT value_at(tl, 'feature_17', %1$s, 'linear') FROM timelines WHERE name = '%2$s'},
	'values_at, 3 features' =>
	  q{SELECT v.* FROM timelines, values_at(tl, %1$s, '{feature_01,feature_17,feature_34}') v WHERE name = '%2$s'},
	'feature_stats, 5 s' =>
	  q{SELECT s.* FROM timelines, feature_stats(tl, 'feature_17', %1$s, %1$s + 5) s WHERE name = '%2$s'},
	'feature_slice, 5 s' =>
	  q{SELECT s.* FROM timelines, feature_slice(tl, 'feature_17', %1$s, %1$s + 5) s WHERE name = '%2$s'},
	'value_at, one of many dims' =>
	  q{SELECT value_at(tl, 'wide', %1$s, dim => 350) FROM timelines WHERE name = '%2$s'},
	'values_at, many dims' =>
	  q{SELECT v.* FROM timelines, values_at(tl, %1$s, '{wide}') v WHERE name = '%2$s'},
	'events_between, 5 s' =>
	  q{SELECT e.* FROM timelines, events_between(tl, %1$s, %1$s + 5) e WHERE name = '%2$s'},
	'events_between, 5 s, a type' =>
	  q{SELECT e.* FROM timelines, events_between(tl, %1$s, %1$s + 5, '{note}') e WHERE name = '%2$s'},
	'events_at' => q{SELECT e.* FROM timelines, events_at(tl, %1$s) e WHERE name = '%2$s'},
	'next_event' => q{SELECT e.* FROM timelines, next_event(tl, %1$s) e WHERE name = '%2$s'},
	'previous_event' =>
	  q{SELECT e.* FROM timelines, previous_event(tl, %1$s) e WHERE name = '%2$s'},
	'nearest_event' => q{SELECT e.* FROM timelines, nearest_event(tl, %1$s) e WHERE name = '%2$s'},
	'events_at, a type' =>
	  q{SELECT e.* FROM timelines, events_at(tl, %1$s, 'note') e WHERE name = '%2$s'},
	'markers_at' => q{SELECT m.* FROM timelines, markers_at(tl, %1$s) m WHERE name = '%2$s'},
	'next_marker' => q{SELECT m.* FROM timelines, next_marker(tl, %1$s) m WHERE name = '%2$s'},
	'previous_marker' =>
	  q{SELECT m.* FROM timelines, previous_marker(tl, %1$s) m WHERE name = '%2$s'},
	'nearest_marker' =>
	  q{SELECT m.* FROM timelines, nearest_marker(tl, %1$s) m WHERE name = '%2$s'},
	'markers_between, 5 s' =>
	  q{SELECT m.* FROM timelines, markers_between(tl, %1$s, %1$s + 5) m WHERE name = '%2$s'},
	'duration' => q{SELECT duration(tl) FROM timelines WHERE name = '%2$s'},
	'num_events' => q{SELECT num_events(tl) FROM timelines WHERE name = '%2$s'},
	'a member of the header' => q{SELECT tl ->> 'duration' FROM timelines WHERE name = '%2$s'},
	'summary' => q{SELECT summary(tl) FROM timelines WHERE name = '%2$s'},
	'num_events of a type' => q{SELECT num_events(tl, 'note') FROM timelines WHERE name = '%2$s'},
	'feature_names' => q{SELECT feature_names(tl) FROM timelines WHERE name = '%2$s'},
	'num_frames' => q{SELECT num_frames(tl, 'feature_17') FROM timelines WHERE name = '%2$s'});

# A lookup at so many seconds.
sub lookup
{
	my ($name, $timeline, $seconds) = @_;

	return sprintf($lookups{$name}, $seconds, $timeline);
}

# Buffers that a query touches, once the session's catalog caches are warm.
sub buffers
{
	my (@queries) = @_;
	my $sql = join('',
		map { "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, FORMAT JSON) $_;\n" } @queries);
	my $output = $node->safe_psql('postgres', "SET enable_seqscan = off; $sql $sql");
	my @plans = map { $_->[0]{Plan} } JSON::PP->new->incr_parse($output);

	# The first half warmed up.
	splice(@plans, 0, @queries);
	return map { $_->{'Shared Hit Blocks'} + $_->{'Shared Read Blocks'} } @plans;
}

my $order = 0;

$node->safe_psql('postgres',
	'CREATE TABLE timelines (id integer, name text PRIMARY KEY, tl audio_timeline)');
foreach my $name (sort { $minutes{$a} <=> $minutes{$b} } keys %minutes)
{
	write_file("$dir/$name", $order++ . "\t$name\t" . document($minutes{$name}) . "\n");
	$node->safe_psql('postgres', "COPY timelines FROM '$dir/$name'");
}
$node->safe_psql('postgres', 'VACUUM ANALYZE timelines; CHECKPOINT');

foreach my $name (sort keys %minutes)
{
	is( $node->safe_psql(
			'postgres', qq{
			SELECT duration(tl), num_events(tl), num_frames(tl, 'feature_17'), cardinality(feature_names(tl))
			FROM timelines WHERE name = '$name'}),
		join('|',
			$minutes{$name} * 60,
			$minutes{$name} * $events_per_minute,
			$minutes{$name} * 60 * $frame_rate,
			$features + 1),
		"$name: the timeline that was meant");
	note(
		"$name: ",
		$node->safe_psql(
			'postgres', "SELECT pg_column_size(tl) FROM timelines WHERE name = '$name'"),
		' bytes');
}
is( $node->safe_psql(
		'postgres',
		q{SELECT bool_and(abs(value_at(tl, 'feature_17', t) - (number - floor(number))) < 1e-6)
		FROM timelines, generate_series(0.001, 239, 1.7) t, sin(floor(t * 86)::float8 * 12.9898::float8 + 2) s, LATERAL (SELECT s * 43758.5453 AS number) n}),
	't',
	'the values are right');

# Several places: where an event, a block or a chunk ends must not decide.  What is around
# them is alike in both, because the long events come every 120 s.
my @song_times = (3, 60.5, 83.1, 130.2, 226.6);
my @hour_times = map { $song_times[$_] + 120 * (0, 7, 15, 22, 28)[$_] } 0 .. $#song_times;

foreach my $name (sort keys %lookups)
{
	my @song = buffers(map { lookup($name, 'song', $_) } @song_times);
	my @hour = buffers(map { lookup($name, 'hour', $_) } @hour_times);
	my ($song_most) = sort { $b <=> $a } @song;
	my ($hour_most) = sort { $b <=> $a } @hour;
	my @differences = sort { $b <=> $a } map { abs($song[$_] - $hour[$_]) } 0 .. $#song_times;

	note(sprintf('%-28s song: %-16s hour: %s', $name, "@song", "@hour"));
	cmp_ok($differences[0], '<=', $most_difference, "$name: the same for an hour as for a song");
	cmp_ok($hour_most, '<=', $most_buffers, "$name: few");
}

# What the whole value costs, so that the counts above are known to count.
my ($whole) =
  buffers(q{SELECT octet_length(audio_timeline_send(tl)) FROM timelines WHERE name = 'hour'});

note("the whole hour: $whole");
cmp_ok($whole, '>', 2000, 'reading the whole value is counted');

done_testing();
