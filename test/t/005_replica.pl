# Replicas: a standby answers as its primary does; logical replication brings equal bytes.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use TimelineGenerator;

my $primary = new_cluster('primary', allows_streaming => 'logical');
my $dir = PostgreSQL::Test::Utils::tempdir();
my $file = '00000000-0000-0000-0000-000000000001';

sub copy_lines
{
	my $generator = TimelineGenerator->new(5);

	return join('', map { "$_\t" . copy_field(($generator->document)[0]) . "\n" } 1 .. 300);
}

write_file("$dir/timelines", copy_lines());
$primary->backup('base');

my $standby = PostgreSQL::Test::Cluster->new('standby');

$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;

# Written after the backup: it reaches the standby by WAL alone.
$primary->safe_psql(
	'postgres', qq{
	CREATE TABLE timelines (id integer PRIMARY KEY, tl audio_timeline);
	COPY timelines FROM '$dir/timelines';
	INSERT INTO timelines
		SELECT 1000, format('{"duration": 3600, "sampleRate": 44100, "events": [%s],
				"features": {"rms": {"frameRate": 60, "values": [%s]}}}',
			string_agg(format('{"timestamp": %s, "type": "onset", "n": %s}', i / 100.0, i), ','),
			string_agg((i / 3.0)::text, ','))::audio_timeline
		FROM generate_series(1, 100000) i;
	CREATE INDEX ON timelines (num_events(tl));
	CREATE TABLE audio_event_cache (
		id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, file_metadata_id uuid NOT NULL,
		stem_type text NOT NULL, event_data audio_timeline NOT NULL,
		analysis_version text NOT NULL DEFAULT '1.0', created_at timestamptz DEFAULT now(),
		updated_at timestamptz DEFAULT now(), UNIQUE (file_metadata_id, stem_type, analysis_version));
	SELECT cache_events('$file', 'drums', tl) FROM timelines WHERE id = 1000;
});
$primary->wait_for_catchup($standby);

my @questions = (
	[
		'every value',
		q{SELECT count(*), md5(string_agg(md5(audio_timeline_send(tl)), '' ORDER BY id)) FROM timelines}
	],
	[ 'every text', q{SELECT md5(string_agg(tl::text, '' ORDER BY id)) FROM timelines} ],
	[
		'value_at',
		q{SELECT string_agg(value_at(tl, 'rms', t)::text, ',') FROM timelines, generate_series(0, 1500, 100) t WHERE id = 1000}
	],
	[
		'events_between',
		q{SELECT count(*), sum((attributes->>'n')::int) FROM timelines, events_between(tl, 500, 505) WHERE id = 1000}
	],
	[
		'feature_slice',
		q{SELECT frames, md5("values"::text) FROM timelines, feature_slice(tl, 'rms', 500, 505) WHERE id = 1000}
	],
	[
		'features',
		q{SELECT md5(string_agg(f::text, ',' ORDER BY id)) FROM timelines, features(tl) f}
	],
	[
		'search by index',
		q{SET enable_seqscan = off; SELECT count(*), sum(duration(tl)) FROM timelines WHERE num_events(tl) = 2}
	],
	[
		'get_cached_events',
		qq{SELECT md5(audio_timeline_send(get_cached_events('$file'::uuid, 'drums')))}
	],
	[
		'value_at of a cached value',
		qq{SELECT value_at(get_cached_events('$file'::uuid, 'drums'), 'rms', 100)}
	],
	[ 'get_cached_events: a miss', qq{SELECT get_cached_events('$file'::uuid, 'bass') IS NULL} ],
	[ 'is_cached', qq{SELECT is_cached('$file'::uuid, 'drums'), is_cached('$file'::uuid, 'bass')} ],
	[
		'get_all_cached_events_for_file',
		qq{SELECT stem_type, num_events(timeline) FROM get_all_cached_events_for_file('$file'::uuid)}
	]);

foreach my $question (@questions)
{
	my ($name, $sql) = @$question;
	my $answer = $primary->safe_psql('postgres', $sql);

	isnt($answer, '', "primary: $name");
	is($standby->safe_psql('postgres', $sql), $answer, "standby: $name");
}

my @writes = (
	qq{cache_events('$file'::uuid, 'bass', '{"duration": 1, "sampleRate": 1}')},
	qq{update_cached_events('$file'::uuid, 'drums', '{"duration": 1, "sampleRate": 1}')},
	qq{delete_cached_events('$file'::uuid)});

foreach my $write (@writes)
{
	my ($name) = $write =~ /^(\w+)/;

	like(
		sql_error($standby, "SELECT $write"),
		qr/25006: cannot execute \w+ in a read-only transaction/,
		"standby: $name is refused");
}
is( $standby->safe_psql(
		'postgres',
		"SELECT count(*), is_cached('$file'::uuid, 'drums') FROM audio_event_cache GROUP BY 2"),
	'1|t',
	'standby: nothing has changed');

# Logical replication in binary, into a second database of the primary.

$primary->safe_psql(
	'postgres', qq{
	CREATE DATABASE subscriber;
	CREATE PUBLICATION timelines FOR TABLE timelines;
	SELECT pg_create_logical_replication_slot('timelines', 'pgoutput');
});
$primary->safe_psql(
	'subscriber', qq{
	CREATE EXTENSION audio_cache;
	CREATE TABLE timelines (id integer PRIMARY KEY, tl audio_timeline);
	CREATE SUBSCRIPTION timelines CONNECTION '@{[ $primary->connstr ]} dbname=postgres' PUBLICATION timelines
		WITH (binary = true, create_slot = false, copy_data = false, slot_name = 'timelines');
});
$primary->safe_psql('postgres', 'INSERT INTO timelines SELECT -id, tl FROM timelines');
$primary->wait_for_catchup('timelines');
is( $primary->safe_psql(
		'subscriber',
		"SELECT count(*), md5(string_agg(md5(audio_timeline_send(tl)), '' ORDER BY id)) FROM timelines"
	),
	$primary->safe_psql(
		'postgres',
		"SELECT count(*), md5(string_agg(md5(audio_timeline_send(tl)), '' ORDER BY id)) FROM timelines WHERE id < 0"
	),
	'logical replication in binary: equal bytes');
$primary->safe_psql('subscriber', 'DROP SUBSCRIPTION timelines');

no_crash($standby, 'no crash of the standby');
no_crash($primary, 'no crash of the primary');

done_testing();
