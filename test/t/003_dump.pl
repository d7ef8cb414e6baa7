# pg_dump and pg_restore: every value comes back, and is stored as before.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use TimelineGenerator;

my $node = PostgreSQL::Test::Cluster->new('dump');
my $dir = PostgreSQL::Test::Utils::tempdir();
my $sample = sample_json();

# Generated timelines, small ones and some that fill many TOAST chunks.
sub copy_lines
{
	my $generator = TimelineGenerator->new(3);
	my @lines;

	foreach my $id (1 .. 10000)
	{
		my ($document) = $generator->document($id % 10 == 0);

		push(@lines, join("\t", $id, $id % 2 ? 'alice' : 'bob', copy_field($document)) . "\n");
	}
	return join('', @lines);
}

# Everything that must be the same in the copy.
my @questions = (
	[
		'every value',
		q{SELECT count(*), md5(string_agg(md5(audio_timeline_send(tl)), '' ORDER BY id)) FROM app.timelines}
	],
	[ 'every text', q{SELECT md5(string_agg(tl::text, '' ORDER BY id)) FROM app.timelines} ],
	[
		'the generated column',
		q{SELECT sum(seconds), bool_and(seconds = duration(tl)) FROM app.timelines}
	],
	[
		'storage of the column',
		q{SELECT attstorage FROM pg_attribute WHERE attrelid = 'app.timelines'::regclass AND attname = 'tl'}
	],
	[
		'stored sizes: nothing is compressed',
		q{SELECT sum(pg_column_size(tl)), bool_and(pg_column_size(tl) >= octet_length(audio_timeline_send(tl))) FROM app.timelines}
	],
	[
		'definitions of indexes',
		q{SELECT string_agg(indexdef, ';' ORDER BY indexname) FROM pg_indexes WHERE schemaname = 'app'}
	],
	[
		'definitions of constraints',
		q{SELECT string_agg(pg_get_constraintdef(oid), ';' ORDER BY conname) FROM pg_constraint WHERE conrelid = 'app.timelines'::regclass}
	],
	[
		'columns with a type modifier',
		q{SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'app.encoded'::regclass AND attnum > 0}
	],
	[
		'every value of theirs',
		q{SELECT count(*), md5(string_agg(md5(audio_timeline_send(codes) || audio_timeline_send(rounded) || audio_timeline_send(exact)), '' ORDER BY id)) FROM app.encoded}
	],
	[
		'policies',
		q{SELECT relrowsecurity, relforcerowsecurity, (SELECT string_agg(policyname || qual, ';') FROM pg_policies) FROM pg_class WHERE oid = 'app.timelines'::regclass}
	],
	[
		'rows of a user',
		q{SET ROLE alice; SELECT count(*), sum(num_events(tl)) FROM app.timelines}
	],
	[
		'search by the expression index',
		q{SET enable_seqscan = off; SELECT count(*) FROM app.timelines WHERE num_events(tl) = 3}
	],
	[
		'the extension',
		q{SELECT extversion, n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'audio_cache'}
	]);

sub answer
{
	my ($database, $question) = @_;

	return $node->safe_psql($database, "SET search_path = public, extensions; $question");
}

sub check_copy
{
	my ($database, $how) = @_;

	foreach my $question (@questions)
	{
		my ($name, $sql) = @$question;

		is(answer($database, $sql), answer('source', $sql), "$how: $name");
	}
	is( answer(
			$database,
			"SELECT attstorage FROM pg_attribute WHERE attrelid = 'app.timelines'::regclass AND attname = 'tl'"
		),
		'e',
		"$how: storage is external");
	is( answer(
			$database,
			"SELECT tl = '$sample' AND tl::jsonb = '$sample' FROM app.timelines WHERE id = 0"),
		't',
		"$how: the sample timeline");
	like(
		answer(
			$database,
			'SET enable_seqscan = off; EXPLAIN SELECT FROM app.timelines WHERE num_events(tl) = 3'),
		qr/timelines_num_events/,
		"$how: the expression index is used");
	like(
		sql_error(
			$node,
			q{INSERT INTO app.timelines (id, owner, tl) VALUES (-1, 'alice', '{"duration": 7201, "sampleRate": 1}')},
			$database),
		qr/23514.*timelines_tl_check/,
		"$how: the check constraint holds");
	return;
}

$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->start;
write_file("$dir/timelines", copy_lines());
$node->safe_psql('postgres', 'CREATE DATABASE source; CREATE ROLE alice; CREATE ROLE bob');
$node->safe_psql(
	'source', qq{
	CREATE SCHEMA extensions;
	CREATE EXTENSION audio_cache SCHEMA extensions;
	CREATE SCHEMA app;
	GRANT USAGE ON SCHEMA app, extensions TO alice, bob;
	SET search_path = public, extensions;
	CREATE TABLE app.timelines (
		id integer PRIMARY KEY,
		owner name NOT NULL,
		tl audio_timeline NOT NULL CHECK (duration(tl) <= 7200),
		seconds float8 GENERATED ALWAYS AS (duration(tl)) STORED);
	CREATE INDEX timelines_num_events ON app.timelines (num_events(tl));
	ALTER TABLE app.timelines ENABLE ROW LEVEL SECURITY;
	CREATE POLICY own ON app.timelines USING (owner = current_user AND duration(tl) >= 0);
	GRANT SELECT ON app.timelines TO alice, bob;
	COPY app.timelines (id, owner, tl) FROM '$dir/timelines';
	INSERT INTO app.timelines VALUES (0, 'alice', '$sample');
	INSERT INTO app.timelines (id, owner, tl)
		SELECT 20000, 'bob', format('{"duration": 3600, "sampleRate": 44100, "features": {"rms": {"hop": 512, "values": [%s]}}}',
			string_agg(sin(i)::text, ','))::audio_timeline
		FROM generate_series(1, 150000) i;
	ANALYZE app.timelines;
	CREATE TABLE app.encoded (
		id integer PRIMARY KEY,
		codes audio_timeline(u8),
		rounded audio_timeline(f32),
		exact audio_timeline(lossless));
	INSERT INTO app.encoded SELECT id, tl, tl, tl FROM app.timelines
		WHERE id % 10 < 2 AND NOT EXISTS (SELECT FROM features(tl) AS f WHERE f.max > 1e38 OR f.min < -1e38);
});
is( answer(
		'source',
		q{SELECT string_agg(DISTINCT f.encoding, ',') FROM app.encoded, features(codes) AS f}),
	'i8,u8',
	'features are in codes');
is( answer(
		'source',
		q{SELECT bool_or(max_error > 0) FROM app.encoded, features(rounded) AS f}),
	't',
	'numbers have been rounded');
cmp_ok($node->safe_psql('source', 'SELECT max(pg_column_size(tl)) FROM app.timelines'),
	'>', 800000, 'there is a large value');

is(answer('source', "SET ROLE alice; SELECT count(*) FROM app.timelines"),
	5001, 'a user sees half of them');

$node->command_ok([ 'pg_dump', '-Fc', '-f', "$dir/custom", $node->connstr('source') ],
	'pg_dump in custom format');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok(
	[ 'pg_restore', '--exit-on-error', '-d', $node->connstr('restored'), "$dir/custom" ],
	'pg_restore');
check_copy('restored', 'custom format');

$node->command_ok([ 'pg_dump', '--inserts', '-f', "$dir/plain", $node->connstr('source') ],
	'pg_dump as INSERTs');
$node->safe_psql('postgres', 'CREATE DATABASE replayed');
$node->command_ok(
	[ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dir/plain", $node->connstr('replayed') ],
	'psql');
check_copy('replayed', 'plain format');

done_testing();
