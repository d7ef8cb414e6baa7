# Limits: depth, counts, size, encoding of the database.  A clear error, never a crash.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_cluster('limits');

# A timeline with metadata nested so deep, as an SQL expression.
sub deep
{
	my ($levels) = @_;

	return
	  "('{\"duration\":1,\"sampleRate\":1,\"metadata\":{\"a\":' || repeat('[', $levels) || repeat(']', $levels) || '}}')";
}

sub is_error
{
	my ($error, $sql, $name, $database) = @_;

	return like(sql_error($node, $sql, $database), $error, $name);
}

# Depth

my $too_deep = qr/54001: stack depth limit exceeded/;

foreach my $type (qw(audio_timeline json jsonb))
{
	is_error(
		$too_deep,
		"SELECT length((" . deep(100000) . "::$type)::audio_timeline::text)",
		"100,000 levels by way of $type");
}
foreach my $type (qw(audio_timeline json jsonb))
{
	sql_true(
		$node,
		'SELECT t::audio_timeline::text::jsonb = t::jsonb FROM (SELECT '
		  . deep(1000)
		  . "::${type}::text) s (t)",
		"1,000 levels by way of $type");
}

# A document that was valid where the stack was deeper.
$node->safe_psql(
	'postgres', "
	SET max_stack_depth = '6MB';
	CREATE TABLE deep (t text, j json, b jsonb, tl audio_timeline);
	INSERT INTO deep (t) SELECT @{[ deep(8000) ]};
	UPDATE deep SET j = t::json, b = t::jsonb, tl = t::audio_timeline");
foreach my $expression (
	't::audio_timeline', 'j::audio_timeline',
	'tl::jsonb', 'metadata(tl)',
	'audio_timeline_is_valid(t::jsonb)')
{
	is_error(
		$too_deep,
		"SET max_stack_depth = '200kB'; SELECT $expression IS NULL FROM deep",
		"$expression with little stack");
}
foreach my $expression (
	'b::audio_timeline = tl',
	'audio_timeline_is_valid(b)',
	'num_events(tl) = 0',
	'tl::text::json IS NOT NULL')
{
	sql_true(
		$node,
		"SET max_stack_depth = '6MB'; SELECT $expression FROM deep",
		"$expression with enough of it");
}

# Counts

my $many_events = q{
	SELECT (format('{"duration": 3600, "sampleRate": 44100, "events": [%s]}',
		string_agg(format('{"timestamp": %s, "type": "t%s", "i": %s}', (i::bigint * 7919 % 300000) / 100.0, i % 1000, i), ',')))::audio_timeline AS tl
	FROM generate_series(1, 300000) i};

$node->safe_psql('postgres', "CREATE TABLE many AS $many_events");
is( $node->safe_psql(
		'postgres',
		q{SELECT num_events(tl), num_events(tl, 't7'), cardinality(event_types(tl)) FROM many}),
	'300000|300|1000',
	'300,000 events of 1,000 types');
is( $node->safe_psql(
		'postgres', q{
		SELECT count(*), count(DISTINCT attributes->>'i'), bool_and(ordered) FROM (
			SELECT attributes, lag("timestamp", 1, 0) OVER () <= "timestamp" AS ordered FROM many, events(tl)) s}
	),
	'300000|300000|t',
	'they come back in time order');
sql_true(
	$node,
	q{SELECT tl::text::audio_timeline = tl AND tl::jsonb::audio_timeline = tl FROM many},
	'by way of text and of jsonb');
sql_true(
	$node, q{
		SELECT count(*) > 0 AND count(*) = (SELECT count(*) FROM many, events(tl) WHERE "timestamp" >= 1000 AND "timestamp" < 1001)
		FROM many, events_between(tl, 1000, 1001)},
	'a window in them');
sql_true(
	$node, q{
		SELECT cardinality(feature_names(tl)) = 5000 AND value_at(tl, 'f4321', 0) = 4321
		FROM (SELECT format('{"duration": 1, "sampleRate": 1, "features": {%s}}',
				string_agg(format('"f%s": {"hop": 1, "values": [%s]}', i, i), ','))::audio_timeline
			FROM generate_series(1, 5000) i) s (tl)},
	'5,000 features');
sql_true(
	$node, q{
		SELECT tl::text::audio_timeline = tl AND w.dims = 65535 AND w."values"[131070] = 65535
			AND s."values"[65535] = 65535 AND w."values"[1] IS NULL
		FROM (SELECT format('{"duration": 2, "sampleRate": 1, "features": {"f": {"hop": 1, "values": [null, [%s]]}}}',
				string_agg(i::text, ','))::audio_timeline
			FROM generate_series(1, 65535) i) d (tl), feature(tl, 'f') w, feature_slice(tl, 'f', 1, 2) s},
	'65,535 dims');

# Size: a null frame of 65,535 numbers is a few bytes, as JSON and stored; but there is a limit to how many
# numbers a feature may have.

my $too_large = qr/54000: audio_timeline is too large.*DETAIL:.*HINT:/s;

sub wide
{
	my ($frames, $type) = @_;

	return '(' . sprintf(
		q{'{"duration":1,"sampleRate":1,"features":{"f":{"hop":1,"dims":65535,"values":['
		|| repeat('null,', %d) || 'null]}}}'}, $frames - 1) . ")::$type";
}

foreach my $type (qw(text json jsonb))
{
	is_error(
		$too_large,
		'SELECT (' . wide(40000, $type) . ')::audio_timeline IS NULL',
		"more than 2^31 numbers by way of $type");
}
is( $node->safe_psql(
		'postgres', 'SELECT severity, code FROM audio_timeline_errors(' . wide(40000, 'jsonb') . ')'
	),
	'error|too_large',
	'audio_timeline_errors says so');
is($node->safe_psql('postgres', 'SELECT audio_timeline_is_valid(' . wide(40000, 'jsonb') . ')'),
	'f', 'audio_timeline_is_valid says so');
sql_true(
	$node,
	'SELECT tl::text::audio_timeline = tl AND num_frames(tl, \'f\') = 32000 AND pg_column_size(tl) < 200000 FROM (SELECT '
	  . wide(32000, 'audio_timeline')
	  . ') s (tl)',
	'less is stored');
is_error(
	qr/54000|54001|22P02|22023/,
	q{SELECT ('{"duration":1,"sampleRate":1,"type":' || repeat('9', 200000) || '}')::audio_timeline},
	'a number with 200,000 digits');
sql_true(
	$node, q{SELECT t::audio_timeline::jsonb = t::jsonb
	FROM (SELECT '{"duration":1,"sampleRate":1,"n":' || repeat('9', 100000) || '.' || repeat('7', 16000) || '}') s (t)},
	'a number with 100,000 digits');
is_error(
	qr/22\w{3}: /,
	q{SELECT '{"duration":1,"sampleRate":1,"n":1e999999999999}'::audio_timeline},
	'a number with an exponent past all limits');

# What has no text form under 1 GB could not be dumped: it is refused at every door. 57 million codes of a
# byte are 76 MB of base64, and 20 characters each as values.

my $folder = $node->basedir;
my $no_text = qr/54000: audio_timeline is too large.*DETAIL:  Its JSON text takes more than 1000000000 bytes/s;

$node->safe_psql(
	'postgres', q{
	CREATE TABLE large AS SELECT ('{"duration":1,"sampleRate":1,"features":{"f":{"hop":1,"encoding":"u8","range":[0,0.7],"base64":"'
		|| repeat('ZZZZ', 19000000) || '"}}}')::audio_timeline AS tl});
sql_true($node, 'SELECT length(tl::text) BETWEEN 76000000 AND 77000000 FROM large', '76 MB of base64 are stored');
is_error($no_text, q{SELECT encode_features(tl, 'lossless') IS NULL FROM large}, 'encode_features is refused');
is_error($no_text, q{UPDATE large SET tl = encode_features(tl, 'lossless')}, 'and in a table');

# The same image with its numbers as values, which a client may send: the flag is bit 5 of byte 42 of the entry.
$node->safe_psql(
	'postgres', qq{
	COPY (SELECT set_byte(image, entry + 42, get_byte(image, entry + 42) & ~32)
		FROM (SELECT audio_timeline_send(tl) FROM large) s (image),
		LATERAL (SELECT get_byte(image, 52) + 256 * get_byte(image, 53)) e (entry))
	TO '$folder/values.copy' (FORMAT binary)});
is_error($no_text, "COPY large FROM '$folder/values.copy' (FORMAT binary)", 'binary COPY is refused');

# Short text can print as longer text: 1e15 as 1000000000000000.
is_error(
	$no_text, q{
	SELECT ('{"duration":1,"sampleRate":1,"features":{"f":{"hop":1,"values":[' || repeat('1e14,', 66666666) || '0]}}}')::audio_timeline IS NULL},
	'text that prints longer than it is');
# What jsonb has no room for is no less a timeline: in all, and in one array.

my $no_jsonb =
  qr/54000: audio_timeline is too large for jsonb\n.*DETAIL:.*256 MB.*HINT:.*json or text/s;

# A document with so many frames, all missing, as an SQL expression.
sub missing_frames
{
	my ($frames) = @_;

	return sprintf(
		q!('{"duration":1,"sampleRate":1,"features":{"f":{"frameRate":1e9,"values":[' || repeat('null,', %d) || 'null]}}}')::audio_timeline!,
		$frames - 1);
}

is_error(
	$no_jsonb,
	q{SELECT ('{"duration":1,"sampleRate":1,"a":["' || repeat('a', 140000000) || '","' || repeat('b', 140000000) || '"]}')::audio_timeline::jsonb IS NULL},
	'more than 256 MB as jsonb');
is_error(
	$no_jsonb,
	'SELECT ' . missing_frames(16777217) . '::jsonb IS NULL',
	'an array of more elements than the server can put together');
sql_true($node, 'SELECT ' . missing_frames(16777216) . '::jsonb IS NOT NULL',
	'an array of as many as it can');

# Encoding of the database

# CREATE EXTENSION says it, and its hint is a statement that works.
foreach my $encoding ('LATIN1', 'SQL_ASCII')
{
	my $database = lc($encoding);
	my $refused =
	  qr/0A000: audio_timeline needs a database in UTF8.*The encoding of this database is $encoding.*HINT:/s;

	$node->safe_psql('postgres',
		"CREATE DATABASE $database ENCODING '$encoding' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
	);
	is_error($refused, 'CREATE EXTENSION audio_cache', "$encoding: the extension", $database);
	$node->safe_psql($database,
		q{CREATE FUNCTION is_valid(jsonb) RETURNS boolean AS '$libdir/audio_cache', 'audio_timeline_is_valid' LANGUAGE C});
	is_error($refused, q{SELECT is_valid('{}')}, "$encoding: a function of the library", $database);
}

my ($status, $out, $told) = $node->psql('sql_ascii', 'CREATE EXTENSION audio_cache');
my ($statement) = $told =~ /HINT:.*?(CREATE DATABASE (?:\S+ )+'C')\./;

$node->safe_psql('sql_ascii', $statement);
$node->safe_psql('music', 'CREATE EXTENSION audio_cache');
is($node->safe_psql('music', q{SELECT duration('{"duration": 1, "sampleRate": 1}')}),
	'1', 'what the hint says works');

no_crash($node, 'no crash');

done_testing();
