# Long work can be cancelled, and much work does not pile up memory.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $node = new_cluster('cancel');
my $dir = PostgreSQL::Test::Utils::tempdir();

# How long after the timeout an answer may take.
my $patience = 2;

# Millions of numbers; close to a million unsorted events.
my $numbers = q{'{"duration":3600,"sampleRate":44100,"features":{"f":{"frameRate":1000,"values":['
	|| repeat('0.123456789,-1e-7,null,', 1500000) || '0]}}}'};
my $events = q{'{"duration":3600,"sampleRate":44100,"events":['
	|| repeat('{"timestamp":7,"type":"onset","data":{"midi":60,"z":[1,2,3]}},{"timestamp":3.5,"type":"note","x":null},', 400000)
	|| '{"timestamp":0,"type":"a"}]}'};

$node->safe_psql(
	'postgres', qq{
	CREATE TABLE texts (name text, t text);
	INSERT INTO texts VALUES ('numbers', $numbers), ('events', $events);
	CREATE TABLE timelines (name text, tl audio_timeline);
	INSERT INTO timelines SELECT name, t::audio_timeline FROM texts;
	CREATE TABLE documents AS SELECT name, tl::json AS j, tl::jsonb AS b FROM timelines;
	COPY timelines TO '$dir/binary' WITH (FORMAT binary);
	CREATE TABLE received (LIKE timelines);
});

# The statement takes longer than the timeout, and ends soon after it.
sub is_cancelled
{
	my ($name, $statement, $timeout) = @_;
	my $began = time();

	like(
		sql_error($node, "SET statement_timeout = '${timeout}ms'; $statement"),
		qr/57014: canceling statement due to statement timeout/,
		"$name is cancelled");

	my $took = time() - $began;

	note(sprintf('%s: %.2f s for a timeout of %.2f s', $name, $took, $timeout / 1000));
	cmp_ok($took, '<', $timeout / 1000 + $patience, "$name: soon");
	return;
}

foreach my $name ('numbers', 'events')
{
	is_cancelled("input of $name",
		"SELECT FROM texts WHERE name = '$name' AND t::audio_timeline IS NULL", 150);
	is_cancelled("from json, $name",
		"SELECT FROM documents WHERE name = '$name' AND j::audio_timeline IS NULL", 150);
	is_cancelled("from jsonb, $name",
		"SELECT FROM documents WHERE name = '$name' AND b::audio_timeline IS NULL", 150);
	is_cancelled("output of $name",
		"SELECT FROM timelines WHERE name = '$name' AND length(tl::text) = 0", 150);
	is_cancelled("to jsonb, $name",
		"SELECT FROM timelines WHERE name = '$name' AND tl::jsonb IS NULL", 150);
}

# Few bytes of JSON, many numbers of timeline.
is_cancelled(
	'input of null frames',
	q{SELECT ('{"duration":1,"sampleRate":1,"features":{"f":{"hop":1,"dims":32,"encoding":"u8","values":['
		|| repeat('null,', 6000000) || 'null]}}}')::audio_timeline IS NULL}, 150);
is_cancelled('recv', "COPY received FROM '$dir/binary' WITH (FORMAT binary)", 300);
is_cancelled('problems of a document',
	q{SELECT FROM documents, audio_timeline_errors(b) WHERE name = 'events'}, 150);
is_cancelled('rows of events',
	q{SELECT count(*) FROM timelines, events(tl) WHERE name = 'events'}, 150);
is_cancelled(
	'comparison',
	q{SELECT FROM timelines, generate_series(1, 1000) g
		WHERE name = 'events' AND audio_timeline_hash_extended(tl, g) = audio_timeline_hash_extended(tl, g + 1)},
	150);
is($node->safe_psql('postgres', 'SELECT count(*) FROM received'), 0, 'nothing of it was kept');

# Memory

# Bytes that the session holds in memory contexts, and the most it ever held in memory: that
# shows what piles up during one statement.
my $memory = q{SELECT sum(total_bytes) FROM pg_backend_memory_contexts};
my $peak =
  q{SELECT substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s+(\d+)')::int8 * 1024};

# One session: a first round to warm up, then many, and what they added.
sub does_not_grow
{
	my ($name, $first, $many) = @_;
	my ($before, $peak_before, $after, $peak_after) = sql_rows($node,
			"\\o /dev/null\n$first; $memory; $peak;\n\\o\n$memory; $peak;\n"
		  . "\\o /dev/null\n$many;\n\\o\n$memory; $peak;");

	note(
		sprintf(
			'%s: %d kB more in contexts, %d kB more at the peak',
			$name,
			($after - $before) / 1024,
			($peak_after - $peak_before) / 1024));
	cmp_ok($after - $before, '<', 256 * 1024, "$name: memory contexts do not grow");

	# A set-returning function keeps its row descriptor until the statement ends, as those of the
	# server do: some hundred bytes a call.
	cmp_ok($peak_after - $peak_before, '<', 16 * 1024 * 1024, "$name: the process has not grown");
	return;
}

$node->safe_psql(
	'postgres', q{
	CREATE TABLE small (id integer PRIMARY KEY, tl audio_timeline);
	INSERT INTO small
		SELECT k, format('{"duration": 600, "sampleRate": 44100, "events": [%s], "features": {"f": {"frameRate": 10, "values": [%s]}}}',
			string_agg(format('{"timestamp": %s, "type": "onset", "data": {"i": %s}}', i / 10.0, i), ','),
			string_agg((i * k)::text, ','))::audio_timeline
		FROM generate_series(0, 5999) i, generate_series(1, 2) k GROUP BY k;
	CREATE TABLE audio_event_cache (
		id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id text, file_metadata_id text NOT NULL,
		stem_type text NOT NULL, event_data audio_timeline NOT NULL, analysis_version text NOT NULL DEFAULT '1.0',
		created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
		UNIQUE (file_metadata_id, stem_type, analysis_version));
	INSERT INTO audio_event_cache (file_metadata_id, stem_type, event_data) SELECT id::text, 'drums', tl FROM small;
});

# A loop of statements that each make one call.
sub loop
{
	my ($times, $expression) = @_;

	return
	  "DO \$\$DECLARE v text; BEGIN FOR i IN 1 .. $times LOOP v := (SELECT $expression); END LOOP; END\$\$";
}

my $value_at =
  q{SELECT sum(value_at(tl, 'f', g / 200.0)) FROM small, generate_series(1, %d) g WHERE id = 1};
my $window =
  q{SELECT count(*) FROM generate_series(1, %d) g, small, events_between(tl, g %% 590, g %% 590 + 5) WHERE id = 1};
my $compare =
  q{SELECT count(*) FROM small a, small b, generate_series(1, %d) g WHERE a.tl <> b.tl AND audio_timeline_hash(a.tl) <> g};
my $round = q{SELECT count(*) FROM small, generate_series(1, %d) g
	WHERE (tl::text || repeat(' ', g %% 2))::audio_timeline IS NOT NULL AND tl::jsonb::audio_timeline IS NOT NULL};

does_not_grow('100,000 value_at in a query', sprintf($value_at, 100), sprintf($value_at, 100000));
does_not_grow(
	'100,000 statements with value_at',
	loop(100, q{value_at(tl, 'f', 300) FROM small WHERE id = 1}),
	loop(100000, q{value_at(tl, 'f', 300) FROM small WHERE id = 1}));
does_not_grow('10,000 windows', sprintf($window, 10), sprintf($window, 10000));
does_not_grow('comparisons', sprintf($compare, 1), sprintf($compare, 200));
does_not_grow('values in and out', sprintf($round, 1), sprintf($round, 40));
does_not_grow(
	'10,000 cache lookups',
	loop(100, q{value_at(get_cached_events('1'::text, 'drums'), 'f', 300)}),
	loop(10000, q{value_at(get_cached_events('1'::text, 'drums'), 'f', 300)}));

no_crash($node, 'no crash');

done_testing();
