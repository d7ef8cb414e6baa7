# Numbers that are kept as JSON: the same as jsonb's to the digit through every door, and no larger than they are written.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $seed = $ENV{AUDIO_CACHE_SEED} // 20240229;
my $count = $ENV{AUDIO_CACHE_NUMBERS} // 5000;

srand($seed);
note("seed $seed, $count numbers (AUDIO_CACHE_SEED, AUDIO_CACHE_NUMBERS)");

my $node = new_cluster('decimals');
my $dir = PostgreSQL::Test::Utils::tempdir();

# Numbers of all sizes and spellings, those of numeric's limits among them

sub digits
{
	my ($n) = @_;

	return join('', map { rand() < 0.5 ? 0 : int(rand(10)) } 1 .. $n);
}

sub random_number
{
	my $reach = (10, 45, 400, 16000)[ int(rand(4)) ];
	my $number = rand() < 0.3 ? '0' : (1 + int(rand(9))) . digits(int(rand(rand() < 0.2 ? 60 : 5)));

	$number = "-$number" if rand() < 0.3;
	$number .= '.' . digits(1 + int(rand(rand() < 0.2 ? 60 : 5))) if rand() < 0.4;
	$number .= 'e' . (int(rand(2 * $reach)) - $reach) if rand() < 0.7;
	return $number;
}

my @numbers = (
	qw(0 -0 -0.0 0e-32 0e-33 0e-16383 1e32 1e33 1e-33 1e-34 1e131071 -9.99e131071 1e-16383 1.00e-40 100e-42 12e-16383),
	'1' . '0' x 131071, '9' x 131072, '0.' . '0' x 16382 . '1', '1' . '0' x 131071 . '.' . '0' x 16383,
	map { random_number() } 1 .. $count);
my $path = write_file("$dir/numbers", join('', map { "$numbers[$_]\t$_\n" } 0 .. $#numbers));

$node->safe_psql(
	'postgres', qq{
	CREATE TABLE numbers (number text, id integer);
	COPY numbers FROM '$path';
	CREATE TABLE documents AS SELECT id, number,
		format('{"duration": 9, "sampleRate": 1, "events": [%s, %s, {"timestamp": 5, "type": "a", "data": {"d": [%s, {"e": %s}]}}], '
			'"markers": [{"timestamp": 0, "type": "bar", "value": %s}], "metadata": {"m": %s, "n": [[%s]]}, "unknown": %s, '
			'"features": {"f": {"hop": 1, "values": [], "x": %s}}}',
			event, event, number, number, number, number, number, number, number) AS given
	FROM numbers, format('{"timestamp": 1, "type": "a", "x": %s, "data": {"c": %s}}', number, number) AS event
	WHERE id < 20 OR length(number) < 1000;
	CREATE TABLE timelines AS SELECT id, given, given::audio_timeline AS v, given::jsonb AS j FROM documents;
	COPY (SELECT id, v FROM timelines) TO '$dir/binary' WITH (FORMAT binary);
	CREATE TABLE received (id integer, v audio_timeline);
	COPY received FROM '$dir/binary' WITH (FORMAT binary);
});

sub none
{
	my ($condition, $name, $from) = @_;
	my @rows = sql_rows($node, 'SELECT left(number, 100) FROM ' . ($from // 'timelines JOIN numbers USING (id)') . " WHERE $condition LIMIT 5");

	is(scalar(@rows), 0, $name) or diag(join("\n", @rows));
	return;
}

is($node->safe_psql('postgres', 'SELECT count(*) FROM received'), scalar(@numbers), 'all are there');
none('v::jsonb <> j', 'as jsonb each is its document');
none('v::jsonb::text <> j::text', 'to the digit');
none(q{(v::jsonb #>> '{metadata,m}') IS DISTINCT FROM number::numeric::text}, 'the number is numeric\'s');
none(q{(SELECT data ->> 'c' FROM events(v) LIMIT 1) IS DISTINCT FROM number::numeric::text}, 'in data of a lookup');
none(q{(SELECT attributes ->> 'x' FROM events(v) LIMIT 1) IS DISTINCT FROM number::numeric::text}, 'in attributes of a lookup');
none(q{(SELECT value #>> '{}' FROM markers(v)) IS DISTINCT FROM number::numeric::text}, 'in the value of a marker');
none(q{(metadata(v) ->> 'm') IS DISTINCT FROM number::numeric::text}, 'in metadata');
foreach my $form ('v::text', 'given::json', 'given::jsonb', 'v::json', 'v::jsonb', 'jsonb_pretty(j)')
{
	none("audio_timeline_send(($form)::audio_timeline) <> audio_timeline_send(v)", "equal bytes by way of $form");
}
none('audio_timeline_send(r.v) <> audio_timeline_send(t.v)', 'and by binary COPY', 'received r JOIN timelines t USING (id) JOIN numbers USING (id)');

# Stored size: at most 16 times the text, and 64 kB

my %places = (
	'metadata' => q{'"metadata": {"a": [%s]}'},
	'an unknown member' => q{'"a": [%s]'},
	'data' => q{'"events": [{"timestamp": 1, "type": "a", "data": {"a": [%s]}}]'},
	'an attribute' => q{'"events": [{"timestamp": 1, "type": "a", "a": [%s]}]'},
	'a feature' => q{'"features": {"f": {"hop": 1, "values": [], "a": [%s]}}'});
my %shapes = (
	'1e131071' => 200, '-1e131071' => 200, '1e-16383' => 1000, '0e-16383' => 1000, '1.00e-16000' => 1000, '1e32' => 5000, '1e-33' => 5000, '0e-32' => 5000);

foreach my $place (sort(keys(%places)))
{
	foreach my $number (sort(keys(%shapes)))
	{
		my $n = $shapes{$number};

		sql_true(
			$node, "
			WITH texts AS (SELECT format('{\"duration\": 9, \"sampleRate\": 1, ' || $places{$place} || '}',
				(SELECT string_agg('$number', ',') FROM generate_series(1, $n))) AS t)
			SELECT pg_column_size(t::audio_timeline) <= 16 * length(t) + 65536 AND length(t::audio_timeline::text) <= 16 * length(t) + 65536
				AND pg_column_size(t::jsonb::audio_timeline) = pg_column_size(t::audio_timeline) FROM texts",
			"$n times $number in $place");
	}
}
foreach my $number (sort(keys(%shapes)))
{
	sql_true(
		$node, "
		WITH texts AS (SELECT format('{\"duration\": 9999, \"sampleRate\": 1, \"markers\": [%s]}',
			(SELECT string_agg(format('{\"timestamp\": %s, \"type\": \"bar\", \"value\": $number}', i), ',') FROM generate_series(1, 500) i)) AS t)
		SELECT pg_column_size(t::audio_timeline) <= 16 * length(t) + 65536 AND t::audio_timeline::jsonb::text = t::jsonb::text FROM texts",
		"500 markers whose value is $number");
}

no_crash($node, 'no crash');
done_testing();
