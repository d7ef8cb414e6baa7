# What a call site keeps of the values it reads does not grow with the number of calls or of values.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $values = 2000;
my $node = new_cluster('opened');

# Value k is k + t at t.  The large ones do not fit into the smallest work_mem together.
$node->safe_psql(
	'postgres', qq{
	CREATE TABLE opened (id integer, v audio_timeline);
	CREATE TABLE large (id integer, v audio_timeline);
	CREATE FUNCTION make_timeline(k integer, padding integer) RETURNS audio_timeline LANGUAGE sql AS \$\$
		SELECT jsonb_build_object('duration', 100, 'sampleRate', 1000, 'metadata', jsonb_build_object('p', repeat('x', padding)),
			'features', jsonb_build_object('f', jsonb_build_object('frameRate', 1, 'values', (SELECT jsonb_agg(k + i) FROM generate_series(0, 99) i))))::audio_timeline
	\$\$;
	INSERT INTO opened SELECT k, make_timeline(k, 9000) FROM generate_series(1, $values) k;
	INSERT INTO large SELECT k, make_timeline(k, 400000) FROM generate_series(1, 7) k;
	CREATE TABLE turns AS SELECT generate_series(1, 2000) AS g;
	VACUUM ANALYZE opened, large, turns;
});

# The memory of queries in the session, in kB, before and after most of the rows of a cursor.
sub memory
{
	my ($settings, $query, $first, $rest) = @_;
	my $sum = q{SELECT sum(total_bytes) / 1024 FROM pg_backend_memory_contexts WHERE name = 'ExecutorState';};
	my @lines = split(
		/\n/,
		$node->safe_psql(
			'postgres', qq{
			$settings
			SET max_parallel_workers_per_gather = 0;
			BEGIN;
			DECLARE c NO SCROLL CURSOR FOR $query;
			$sum
			MOVE FORWARD $first IN c;
			$sum
			MOVE FORWARD $rest IN c;
			$sum
			FETCH 1 FROM c;
			COMMIT;}));

	note("$query: @lines");
	return @lines;
}

# Rows with all values by turns, so that nothing is kept for the next call.
my $by_turns = 'FROM turns, LATERAL (SELECT * FROM opened OFFSET 0 * g) o';
my ($before, $early, $late, $answer) =
  memory('', "SELECT id, value_at(v, 'f', g % 100) - g % 100 $by_turns", 10000, 300000);
my ($id, $value) = split(/\|/, $answer);

is($value, $id, 'the answer after 310,000 calls');
cmp_ok($early - $before, '<', 1024, 'the first 10,000 calls take less than 1 MB');
cmp_ok($late - $early, '<', 64, '300,000 calls more take no more');

($before, $early, $late, $answer) =
  memory('', "SELECT id, (SELECT f.frames FROM feature(v, 'f') f) $by_turns", 10000, 50000);
# The server itself keeps a description of the columns for each call (of json_each, too).
cmp_ok($late - $early, '<', 50000, 'calls of a function that returns rows keep less than 1 kB');

# Within work_mem everything is kept: 7 values by turns, of which 4 have a place.
my $large = 'FROM turns, LATERAL (SELECT * FROM large OFFSET 0 * g) o';
my $text = "SELECT id, length(metadata(v)::text) $large";

($before, $early, $late, $answer) = memory("SET work_mem = '8MB';", $text, 100, 3000);
cmp_ok($early - $before, '>', 1400, 'large values are kept');
cmp_ok($early - $before, '<', 8 * 1024, 'within work_mem');
cmp_ok($late - $early, '<', 512, 'and no more of them later');

# The two that were used last may be there, whatever their size.
($before, $early, $late, $answer) = memory("SET work_mem = '64kB';", $text, 100, 3000);
cmp_ok($early - $before, '<', 1024, 'a small work_mem is minded');
cmp_ok($late - $early, '<', 512, 'all the time');

# An expression of PL/pgSQL lives as long as the transaction.
my $grown = $node->safe_psql(
	'postgres', q{
	CREATE FUNCTION loop() RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		r record;
		wrong integer := 0;
		early bigint;
	BEGIN
		FOR i IN 1..20 LOOP
			FOR r IN SELECT * FROM opened LOOP
				wrong := wrong + (value_at(r.v, 'f', 5 * i - 1) <> r.id + 5 * i - 1)::integer;
			END LOOP;
			IF i = 2 THEN
				SELECT sum(total_bytes) INTO early FROM pg_backend_memory_contexts;
			END IF;
		END LOOP;
		RETURN format('%s %s', wrong, (SELECT (sum(total_bytes) - early) / 1024 FROM pg_backend_memory_contexts));
	END $$;
	SELECT loop();});
my ($wrong, $more) = split(/ /, $grown);
is($wrong, 0, '40,000 calls in a loop of PL/pgSQL');
cmp_ok($more, '<', 256, 'in the same memory');

done_testing();
