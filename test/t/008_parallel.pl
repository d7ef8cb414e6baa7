# Parallel workers give what one process gives; the cache functions, which run in the leader, see what
# their user may see.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use PostgreSQL::Test::Utils;
use Test::More;
use TimelineGenerator;

my $node = new_cluster('parallel');
my $dir = PostgreSQL::Test::Utils::tempdir();
my $files = 400;

my $serial = 'SET max_parallel_workers_per_gather = 0;';
my $parallel = q{
	SET max_parallel_workers_per_gather = 2;
	SET min_parallel_table_scan_size = 0;
	SET parallel_setup_cost = 0;
	SET parallel_tuple_cost = 0;
	SET parallel_leader_participation = off;
};

# The name of the setting that puts any plan into a worker.
my $forced = $node->safe_psql('postgres',
	q{SELECT name FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query') ORDER BY name LIMIT 1}
);

sub workers_launched
{
	my ($settings, $sql) = @_;
	my $plan = $node->safe_psql('postgres',
		"$settings EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) $sql");

	return $plan =~ /Workers Launched: (\d+)/ ? $1 : 0;
}

sub same_in_parallel
{
	my ($name, $sql) = @_;
	my $expected = $node->safe_psql('postgres', "$serial $sql");

	isnt($expected, '', "$name: there is an answer");
	is($node->safe_psql('postgres', "$parallel $sql"), $expected, "$name: workers give the same");
	is(workers_launched($serial, $sql), 0, "$name: not from workers before");
	cmp_ok(workers_launched($parallel, $sql), '>', 0, "$name: but now");
	return;
}

my $generator = TimelineGenerator->new(8);

write_file("$dir/timelines",
	join('', map { "$_\t" . copy_field(($generator->document)[0]) . "\n" } 1 .. $files));
$node->safe_psql(
	'postgres', qq{
	CREATE TABLE timelines (id integer, tl audio_timeline);
	COPY timelines FROM '$dir/timelines';
	INSERT INTO timelines
		SELECT 10000 + k, format('{"duration": 60, "sampleRate": 44100, "features": {"rms": {"frameRate": 60, "values": [%s]}}}',
			string_agg((i * k / 7.0)::text, ','))::audio_timeline
		FROM generate_series(1, 3600) i, generate_series(1, 50) k GROUP BY k;
	ANALYZE timelines;
});

same_in_parallel('accessors',
	'SELECT count(*), sum(duration(tl)), sum(num_events(tl)), sum(sample_rate(tl)::bigint), sum(cardinality(event_types(tl))) FROM timelines'
);
# As numeric, because a sum of doubles depends on its order.
same_in_parallel('value_at',
	q{SELECT sum(value_at(tl, 'rms', 30, missing_ok => true)::numeric),
		sum(value_at(tl, 'rms', 29.99, 'linear', missing_ok => true)::numeric) FROM timelines}
);
same_in_parallel('values_at',
	q{SELECT count(*), count(v."values"), md5(string_agg(v::text, ',' ORDER BY id, v::text)) FROM timelines, values_at(tl, 0) v}
);
same_in_parallel(
	'values out',
	q{SELECT sum(hashtext(tl::text)::bigint), sum(hashtext(tl::jsonb::text)::bigint),
		sum(hashtext(audio_timeline_send(tl)::text)::bigint) FROM timelines}
);
same_in_parallel(
	'values in',
	q{SELECT sum(audio_timeline_hash(tl::text::audio_timeline)::bigint), bool_and(tl::jsonb::audio_timeline = tl) FROM timelines}
);
same_in_parallel(
	'rows of events',
	q{SELECT count(*), sum(e."timestamp"), sum(hashtext(e.type)::bigint) FROM timelines, events_between(tl, 1, 500) e}
);
same_in_parallel(
	'rows of features',
	q{SELECT count(*), sum(f.frames), sum(hashtext(f::text)::bigint) FROM timelines, features(tl) f}
);
same_in_parallel('comparison',
	q{SELECT count(DISTINCT a.tl) FROM (SELECT tl FROM timelines WHERE tl >= tl) a});

# The cache under row-level security: each user has every second file.

$node->safe_psql(
	'postgres', q{
	CREATE ROLE alice;
	CREATE ROLE bob;
	CREATE TABLE audio_event_cache (
		id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id text, file_metadata_id text NOT NULL,
		stem_type text NOT NULL, event_data audio_timeline NOT NULL, analysis_version text NOT NULL DEFAULT '1.0',
		created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
		UNIQUE (file_metadata_id, stem_type, analysis_version));
	SELECT count(cache_events(id::text, 'drums', tl, CASE WHEN id % 2 = 0 THEN 'alice' ELSE 'bob' END)) FROM timelines;
	ALTER TABLE audio_event_cache ENABLE ROW LEVEL SECURITY;
	CREATE POLICY own ON audio_event_cache USING (user_id = current_user);
	GRANT SELECT ON audio_event_cache, timelines TO alice, bob;
	ANALYZE audio_event_cache;
});

foreach my $user ('alice', 'bob')
{
	my $lookup = q{
		SELECT count(*), count(got), count(*) FILTER (WHERE got = tl), count(*) FILTER (WHERE cached), sum(listed)
		FROM (SELECT tl, get_cached_events(id::text, 'drums') AS got, is_cached(id::text, 'drums') AS cached,
				(SELECT count(*) FROM get_all_cached_events_for_file(id::text)) AS listed
			FROM timelines OFFSET 0) s};
	my $half = $node->safe_psql('postgres',
		"SELECT count(*) FROM audio_event_cache WHERE user_id = '$user'");
	my $all = $files + 50;

	cmp_ok($half, '>', 200, "$user has files");
	is( $node->safe_psql('postgres', "SET ROLE $user; $serial $lookup"),
		"$all|$half|$half|$half|$half",
		"$user sees no other's, without workers");
	is( $node->safe_psql('postgres', "SET ROLE $user; $parallel $lookup"),
		"$all|$half|$half|$half|$half",
		"$user sees no other's, above workers");
	cmp_ok(workers_launched("SET ROLE $user; $parallel", $lookup),
		'>', 0, "$user: there were workers");

	# A whole statement that a worker could have run, but for the cache function.
	my $one = q{SELECT count(get_cached_events(f::text, 'drums')) FROM generate_series(1, 400) f};

	is($node->safe_psql('postgres', "SET ROLE $user; SET $forced = on; $one"),
		200, "$user, in parallel mode");
	is(workers_launched("SET ROLE $user; SET $forced = on;", $one), 0, "$user: no worker runs it");
}

# Writing is not for workers.

my $write = q{SELECT update_cached_events(id::text, 'bass', tl, 'alice') FROM timelines};

is(workers_launched($parallel, $write), 0, 'writing happens in no worker');
is( $node->safe_psql(
		'postgres', q{SELECT count(*) FROM audio_event_cache WHERE stem_type = 'bass'}),
	$files + 50,
	'and it happens');

no_crash($node, 'no crash');

done_testing();
