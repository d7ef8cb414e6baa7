# Long work can be cancelled, and much work does not pile up memory.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use List::Util qw(max);
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_cluster('cancel');
my $dir = PostgreSQL::Test::Utils::tempdir();

# A cancel takes effect within so many milliseconds, wherever it finds a statement and whatever
# document somebody made to be slow.  Each case is a statement that is run again and again; another session
# cancels it after 0.05 to 0.7 s, and what counts is the time from pg_cancel_backend to the error.
# The machine may be busy: what a cancel of pg_sleep takes comes on top.  Documents have a hundred
# megabytes or less, since the kernel takes its time to take back more.
my $limit = 50;
my @delays = (0.05, 0.2, 0.35, 0.5, 0.7);

$node->safe_psql(
	'postgres', q{
	CREATE EXTENSION dblink;

	-- The input of text, without the copy that the server makes of a text on its way to an input
	-- function.
	CREATE FUNCTION timeline(text) RETURNS audio_timeline STRICT
	AS '$libdir/audio_cache', 'audio_timeline_from_json' LANGUAGE C;

	-- A document around members, and many parts from 1 to n, in which {} stands for the number.
	CREATE FUNCTION document(members text, duration float8 DEFAULT 3600) RETURNS text LANGUAGE sql AS $$
		SELECT '{"duration":' || duration || ',"sampleRate":44100,' || members || '}' $$;
	CREATE FUNCTION parts(n integer, part text, down boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
		SELECT string_agg(replace(part, '{}', (CASE WHEN down THEN n - i ELSE i END)::text), ',')
		FROM generate_series(1, n) AS i $$;

	CREATE TABLE stored (name text, tl audio_timeline);
	CREATE TABLE received (LIKE stored);
});

# Text of the documents, as SQL.
my %text = (
	sleep => q{''},
	reversed => q{document('"events":[' || parts(1500000, '{"timestamp":0.{},"type":"a"}', true) || ']')},
	types => q{document('"events":[' || parts(1500000, '{"timestamp":1,"type":"t{}"}') || ']')},
	labels => q{document('"markers":[{"timestamp":2,"type":"t7"},' || parts(1500000, '{"timestamp":1,"type":"t{}0"}') || ']')},
	duplicates => q{document('"events":[' || repeat('{"timestamp":1,"type":"a"},', 800000) || '{"timestamp":1,"type":"b"}]')},
	notes => q{document('"events":[' || parts(2000000, '{"timestamp":1,"type":"a","duration":{}}', true) || ']', 1e9)},
	features => q{document('"features":{' || parts(500000, '"f{}":{"hop":1,"values":[1]}') || '}')},
	base64 => q{document('"features":{"f":{"hop":1,"encoding":"u8","base64":"' || repeat('AAECAwQFBgcICQoL', 5000000) || '"}}')},
	string => q{document('"text":"' || repeat('0123456789', 10000000) || '"')},
	escapes => q{document('"text":"' || repeat('\u00e9\n', 10000000) || '"')},
	spaces => q{document('"text":' || repeat(' ', 950000000) || '1')},
	keys => q{document('"metadata":{' || parts(2000000, '"k{}":1', true) || '}')},
	long_keys => q{document('"metadata":{' || (SELECT string_agg('"' || repeat('key', 3000000) || i || '":1', ',')
		FROM generate_series(10, 20) AS i) || '}')},
	members => q{document('"events":[{"timestamp":1,"type":"a","data":{' || parts(3000000, '"k{}":{}') || '}}]')},
	numbers => q{document('"features":{"f":{"hop":1,"values":[' || repeat('0.125,', 15000000) || '0.1]}}')},
	frames => q{document('"features":{"f":{"hop":1,"values":[' || repeat('[1,2,null],', 7000000) || '[0,0,0.1]]}}')},
	ragged => q{document('"features":{"f":{"hop":1,"values":[[1],' || repeat('[1,2],', 700000) || '[1]]}}')},
	wide => q{document('"features":{"f":{"hop":1,"values":[' || repeat('[' || repeat('1,', 65534) || '1],', 150) || 'null]}}')},
	digits => q{document('"metadata":{"x":[' || repeat(repeat('7', 131000) || ',', 700) || '0]}')},
	nested => q{document('"x":[' || repeat(repeat('[', 80) || repeat(']', 80) || ',', 250000) || '0]')},
	long_numbers => q{document('"events":[' || repeat('{"timestamp":0.' || repeat('1234567890', 40000)
		|| ',"type":"a"},', 1000) || '{"timestamp":0,"type":"a"}]')},
);

# What is tried: a document, a title, and a statement, which goes on and on.  It has the document in
# two variables, as text and as jsonb, or reads the stored value.  (What is input is assigned:
# for a query the planner would copy the variable, which takes as long as that is.)
my @cases = (
	[ 'sleep', 'pg_sleep', 'SELECT pg_sleep(5)' ],
	[ 'reversed', 'input of events in reverse', 'ignored := timeline(document) IS NULL' ],
	[ 'types', 'input of many types', 'ignored := timeline(document) IS NULL' ],
	[ 'types', 'event_types', 'SELECT array_length(event_types(tl), 1) FROM stored, generate_series(1, 20)' ],
	[ 'types', 'a walk for many types', 'SELECT events_between(tl, 0, 1, event_types(tl)) FROM stored, generate_series(1, 20)' ],
	[ 'labels', 'what holds, of many types', 'SELECT count(*) FROM stored, generate_series(1, 4), markers_at(tl, 1)' ],
	[ 'labels', 'what holds, of a type that begins later', q{SELECT markers_at(tl, 1, 't7') FROM stored, generate_series(1, 20000)} ],
	[ 'duplicates', 'warnings', 'SELECT count(*) FROM generate_series(1, 4), audio_timeline_errors(document_jsonb)' ],
	[ 'notes', 'from jsonb', 'ignored := document_jsonb::audio_timeline IS NULL' ],
	[ 'notes', 'a walk in which nothing passes', 'SELECT events_between(tl, 0, 1e9, NULL, 2) FROM stored, generate_series(1, 20)' ],
	[ 'notes', 'a walk for a type that is not there', q{SELECT events_between(tl, 0, 1e9, '{b}') FROM stored, generate_series(1, 2000000)} ],
	[ 'notes', 'all events', 'SELECT count(*) FROM stored, generate_series(1, 4), events(tl)' ],
	[ 'notes', 'hash', 'SELECT audio_timeline_hash(tl) FROM stored, generate_series(1, 20)' ],
	[ 'features', 'input of many features', 'ignored := timeline(document) IS NULL' ],
	[ 'features', 'feature_names', 'SELECT array_length(feature_names(tl), 1) FROM stored, generate_series(1, 30)' ],
	[ 'features', 'features', 'SELECT count(*) FROM stored, generate_series(1, 50), features(tl)' ],
	[ 'features', 'values_at', 'SELECT count(*) FROM stored, generate_series(1, 20), values_at(tl, 0)' ],
	[ 'features', 'sample_frames', 'SELECT sample_frames_bytes(tl, 30, 0, 200) FROM stored, generate_series(1, 20)' ],
	[ 'base64', 'input of base64', 'ignored := timeline(document) IS NULL' ],
	[ 'base64', 'output of base64', 'SELECT count(tl::json) FROM stored, generate_series(1, 40)' ],
	[ 'base64', 'send', 'SELECT length(audio_timeline_send(tl)) FROM stored, generate_series(1, 400)' ],
	[ 'base64', 'encode_features', q{SELECT encode_features(tl, 'lossless') FROM stored, generate_series(1, 5)} ],
	[ 'base64', 'receive', "COPY received FROM '$dir/base64' WITH (FORMAT binary)" ],
	[ 'string', 'input of a long string', 'ignored := timeline(document) IS NULL' ],
	[ 'string', 'comparison', 'SELECT a.tl = b.tl FROM stored a, stored b, generate_series(1, 60)' ],
	[ 'escapes', 'input of escapes', 'ignored := timeline(document) IS NULL' ],
	[ 'spaces', 'input of spaces', 'ignored := timeline(document) IS NULL' ],
	[ 'keys', 'input of keys in reverse', 'ignored := timeline(document) IS NULL' ],
	[ 'long_keys', 'input of long keys', 'ignored := timeline(document) IS NULL' ],
	[ 'members', 'input of many members', 'ignored := timeline(document) IS NULL' ],
	[ 'numbers', 'input of numbers', 'ignored := timeline(document) IS NULL' ],
	[ 'numbers', 'an overview of many buckets', q{SELECT count(*) FROM stored, generate_series(1, 4), overview(tl, 'f', 4000000)} ],
	[ 'numbers', 'frames as rows', q{SELECT count(*) FROM stored, generate_series(1, 4), feature_frames(tl, 'f')} ],
	[ 'frames', 'input of frames', 'ignored := timeline(document) IS NULL' ],
	[ 'ragged', 'problems', 'SELECT count(*) FROM generate_series(1, 12), audio_timeline_errors(document_jsonb)' ],
	[ 'ragged', 'repair', q{SELECT errors FROM generate_series(1, 12), audio_timeline_repair(document_jsonb, 'drop')} ],
	[ 'frames', 'repair of a document in a string', q{SELECT errors FROM audio_timeline_repair(to_jsonb(document), 'unwrap')} ],
	[ 'wide', 'input of wide frames', 'ignored := timeline(document) IS NULL' ],
	[ 'wide', 'an overview of many dims', q{SELECT count(*) FROM stored, generate_series(1, 4), overview(tl, 'f', 100)} ],
	[ 'digits', 'input of numbers of many digits', 'ignored := timeline(document) IS NULL' ],
	[ 'nested', 'input of nesting', 'ignored := timeline(document) IS NULL' ],
	[ 'long_numbers', 'input of long numbers', 'ignored := timeline(document) IS NULL' ],
);

my $connect = q{SELECT dblink_connect('other', format('host=%s port=%s dbname=postgres',
	current_setting('unix_socket_directories'), current_setting('port')))};

# PL/pgSQL that runs a statement and has it cancelled, and says how many milliseconds after the
# cancel it was back.  What took too long is tried twice more, for the
# machine may have been busy: the median counts.
sub try_to_cancel
{
	my ($number, $statement, $delay) = @_;

	$statement =~ s/^SELECT/PERFORM/;
	$statement = "LOOP $statement; END LOOP";
	return qq{
		took := '{}';
		FOR try IN 1 .. 3 LOOP
			ended := NULL;
			PERFORM dblink_send_query('other', format(
				'SELECT pg_sleep($delay), clock_timestamp(), pg_cancel_backend(%s)', pg_backend_pid()));
			BEGIN
				$statement;
			EXCEPTION WHEN query_canceled THEN
				ended := clock_timestamp();
			END;
			SELECT at INTO sent FROM dblink_get_result('other') AS r(slept text, at timestamptz, cancelled boolean);
			PERFORM * FROM dblink_get_result('other') AS r(slept text, at timestamptz, cancelled boolean);
			took := took || (extract(epoch FROM ended - sent) * 1000)::float8;
			EXIT WHEN took[try] <= $limit;
		END LOOP;
		RAISE NOTICE 'took: $number %', (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY t) FROM unnest(took) AS t);
	};
}

# Run the cases of a document in one session, with all delays; times by case.  The document is
# made in memory, for what the server does to read a text from a table is not what is tried here.
sub cancel_times
{
	my ($name, @statements) = @_;
	my $all = join(' ', map { $_->[2] } @statements);
	my $body = '';
	my @times = map { [] } @statements;

	if ($all =~ /FROM stored/)
	{
		$node->safe_psql('postgres',
			"TRUNCATE stored; INSERT INTO stored SELECT '$name', ($text{$name})::audio_timeline"
			  . ($name eq 'string' ? q<; INSERT INTO stored SELECT name, (left(tl::text, -2) || '!"}')::audio_timeline FROM stored> : ''));
		$node->safe_psql('postgres', "COPY stored TO '$dir/$name' WITH (FORMAT binary)") if $all =~ /COPY/;
	}
	foreach my $i (0 .. $#statements)
	{
		$body .= try_to_cancel($i, $statements[$i]->[2], $_) foreach @delays;
	}
	my ($status, $stdout, $stderr) = $node->psql('postgres', "$connect; DO \$do\$ DECLARE "
		  . 'document text' . ($all =~ /document/ ? " := $text{$name}" : '')
		  . '; document_jsonb jsonb' . ($all =~ /document_jsonb/ ? ' := document::jsonb' : '')
		  . "; ignored boolean; took float8[]; sent timestamptz; ended timestamptz; BEGIN $body END\$do\$");

	note($stderr) if $status != 0;
	push(@{ $times[$1] }, $2) while $stderr =~ /took: (\d+) (\S+)/g;
	return @times;
}

my $baseline = 0;
my %seen;

foreach my $name (grep { !$seen{$_}++ } map { $_->[0] } @cases)
{
	my @of_document = grep { $_->[0] eq $name } @cases;
	my @times = cancel_times($name, @of_document);

	foreach my $case (@of_document)
	{
		my $title = $case->[1];
		my @took = @{ shift(@times) };

		is(scalar(@took), scalar(@delays), "$title: is cancelled each time");
		next if !@took;
		my $longest = max(@took);

		note(sprintf('%s: %s ms', $title, join(', ', @took)));
		cmp_ok($longest, '<=', $baseline + $limit, "$title: at once");
		$baseline = $longest if $name eq 'sleep';
	}
}
is($node->safe_psql('postgres', 'SELECT count(*) FROM received'), 0, 'nothing was kept of what was received');
$node->safe_psql('postgres', 'DROP TABLE stored, received');

# statement_timeout comes the same way.
like(
	sql_error(
		$node,
		"SET statement_timeout = '200ms'; SELECT ($text{reversed})::audio_timeline IS NULL"),
	qr/57014: canceling statement due to statement timeout/,
	'a statement times out');

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
