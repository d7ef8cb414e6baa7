# Property test: equality, hash and order are those of jsonb, for documents of a small alphabet in many spellings.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $seed = $ENV{AUDIO_CACHE_SEED} // 20240229;
my $count = $ENV{AUDIO_CACHE_TIMELINES} // 600;

srand($seed);
note("seed $seed, $count documents, each with each (AUDIO_CACHE_SEED, AUDIO_CACHE_TIMELINES)");

my $node = new_cluster('equality');
my $dir = PostgreSQL::Test::Utils::tempdir();

# Documents

# Each line is one number.
my @numbers = (
	[qw(1 1.0 1.00 10e-1 100e-2 0.1e1)],
	[qw(0 -0 0.0 0e5 0e-20 0e-40 0.00e-16381)],
	[qw(1.5 1.50 15e-1)],
	[qw(10 1e1 10.0)],
	[qw(-1 -1.0 -10e-1)],
	[qw(1e40 10e39 0.1e41), '1' . '0' x 40, '1' . '0' x 40 . '.0'],
	[qw(1e-40 10e-41 100e-42), '0.' . '0' x 39 . '1'],
	[qw(1e131071 10e131070)]);
my @scalars = ('""', '"a"', '"A"', '"b"', '"aa"', '"1"', '"1.0"', '"\\"1.0"', '"\\u00e9"', "\"\xc3\xa9\"", 'true', 'false', 'null');

sub pick
{
	return $_[ int(rand(@_)) ];
}

sub object
{
	my ($depth) = @_;
	my @keys = grep { rand() < 0.4 } 'a', 'b', 'aa', '1.0';

	@keys = reverse(@keys) if rand() < 0.5;
	return '{' . join(', ', map { "\"$_\": " . value($depth - 1) } @keys) . '}';
}

sub value
{
	my ($depth) = @_;
	my $kind = rand();

	return pick(@{ pick(@numbers) }) if $kind < 0.5;
	return pick(@scalars) if $kind < 0.65 || $depth == 0;
	return object($depth) if $kind < 0.85;
	return '[' . join(',', map { value($depth - 1) } 1 .. int(rand(3))) . ']';
}

# One place for JSON each, and all that is around it in a spelling of its own.
my %places = (
	metadata => sub { '"metadata": ' . object(2) },
	attribute => sub { '"unknown": ' . value(2) },
	data => sub { '"events": [{"timestamp": ' . pick(qw(1 1.0)) . ', "type": "a", "data": ' . object(2) . '}]' },
	member => sub { '"events": [{"timestamp": 1, "type": "a", "m": ' . value(2) . '}]' },
	absent => sub { '"events": [{"timestamp": 1, "type": "a"' . pick('', ', "data": null', ', "data": {}', ', "m": null') . '}]' },
	marker => sub { '"markers": [{"timestamp": 1, "type": "beat", "value": ' . pick(pick(@{ pick(@numbers) }), '"a"', '"1"') . '}]' },
	feature => sub { '"features": {"f": {"hop": 1, "values": [1], "m": ' . value(1) . '}}' },
	# Members that many items have are columns.
	columns => sub {
		my $class = pick(@numbers[ 0 .. 4 ]);
		'"events": [' . join(',', map { "{\"timestamp\": $_, \"type\": \"a\", \"m\": " . pick(@$class) . '}' } 1 .. 9) . ']';
	});

my @lines = map {
	my $place = (sort(keys(%places)))[ $_ % keys(%places) ];
	my @members = ('"duration": ' . pick(qw(10 10.0 1e1)), '"sampleRate": 44100', $places{$place}->());

	join("\t", $_, $place, copy_field('{' . join(', ', @members[ rand() < 0.5 ? (0, 1, 2) : (2, 1, 0) ]) . '}')) . "\n"
} 1 .. $count;
my $path = write_file("$dir/documents", join('', @lines));

$node->safe_psql(
	'postgres', qq{
	CREATE TABLE documents (id integer PRIMARY KEY, place text, given text);
	COPY documents FROM '$path';
	CREATE TABLE timelines AS SELECT id, place, given::audio_timeline AS v, given::jsonb AS j FROM documents;
	CREATE FUNCTION part(jsonb) RETURNS jsonb RETURN coalesce(\$1->'metadata', \$1->'unknown', \$1\#>'{events,0,data}',
		\$1\#>'{events,0,m}', \$1\#>'{markers,0,value}', \$1\#>'{features,f,m}');
	CREATE TABLE pairs AS
		SELECT a.v AS a, b.v AS b, audio_timeline_cmp(a.v, b.v) AS cmp, a.j = b.j AS equal
		FROM timelines a, timelines b;
	ANALYZE;
});

# none(CONDITION, NAME): no pair fulfils the condition; two that do are shown.
sub none
{
	my ($condition, $name) = @_;
	my @rows = sql_rows($node, "SELECT a::text || '   ' || b::text FROM pairs WHERE $condition LIMIT 2");

	is(scalar(@rows), 0, $name) or diag(join("\n", @rows));
	return;
}

sql_true($node, 'SELECT count(*) > 2 * ' . $count . ' FROM pairs WHERE equal AND a::text <> b::text', 'there are equal pairs, spelled differently');
sql_true($node, "SELECT bool_and(v::jsonb = j AND part(v::jsonb)::text IS NOT DISTINCT FROM part(j)::text) FROM timelines",
	'as jsonb each is its document, to the digit');
none('(a = b) <> equal', 'a = b where jsonb has it');
none('(a <> b) = equal', 'a <> b where jsonb has it');
none('(cmp = 0) <> equal', 'the order agrees with =');
none('equal AND audio_timeline_hash(a) <> audio_timeline_hash(b)', 'equal values have equal hashes');
none('equal AND audio_timeline_hash_extended(a, 7) <> audio_timeline_hash_extended(b, 7)', 'and equal seeded hashes');
none('(a < b) <> (cmp < 0) OR (a <= b) <> (cmp <= 0) OR (a > b) <> (cmp > 0) OR (a >= b) <> (cmp >= 0)', 'the operators agree');
sql_true($node, q{
	WITH parts AS (
		SELECT place, v, part(j)
		FROM timelines WHERE place IN ('metadata', 'data', 'marker'))
	SELECT count(*) > 1000 AND bool_and(sign(audio_timeline_cmp(a.v, b.v)) = sign(jsonb_cmp(a.part, b.part)))
	FROM parts a JOIN parts b USING (place)
}, 'where two differ in one JSON value, the order is that of jsonb');

# One row of all: whoever stands before another there is not greater.
sql_true($node, q{
	WITH ordered AS (SELECT v, row_number() OVER (ORDER BY v) AS n FROM timelines)
	SELECT bool_and(audio_timeline_cmp(a.v, b.v) <= 0 AND audio_timeline_cmp(b.v, a.v) >= 0) FROM ordered a JOIN ordered b ON a.n < b.n
}, 'the order is transitive');

# Sort, hash and index find the same values.

my $distinct = $node->safe_psql('postgres', 'SELECT count(DISTINCT j) FROM timelines');

foreach my $way ('enable_hashagg = off', 'enable_sort = off')
{
	is($node->safe_psql('postgres', "SET $way; SELECT count(*) FROM (SELECT DISTINCT v FROM timelines) s"), $distinct, "DISTINCT, $way");
	is($node->safe_psql('postgres', "SET $way; SELECT count(*) FROM (SELECT v FROM timelines GROUP BY v) s"), $distinct, "GROUP BY, $way");
}

my $equal = $node->safe_psql('postgres', 'SELECT count(*) FROM pairs WHERE equal');

$node->safe_psql('postgres', 'CREATE INDEX timelines_hash ON timelines USING hash (v)');
foreach my $join ('hashjoin', 'mergejoin', 'nestloop')
{
	my $off = join('; ', map { "SET enable_$_ = off" } grep { $_ ne $join } 'hashjoin', 'mergejoin', 'nestloop');
	my $plan = $node->safe_psql('postgres', "$off; EXPLAIN (COSTS OFF) SELECT FROM timelines a JOIN timelines b ON a.v = b.v");

	like($plan, { hashjoin => qr/Hash Join/, mergejoin => qr/Merge Join/, nestloop => qr/Nested Loop/ }->{$join}, "a $join");
	is($node->safe_psql('postgres', "$off; SELECT count(*) FROM timelines a JOIN timelines b ON a.v = b.v"), $equal, "finds all pairs: $join");
}
foreach my $method ('hash', 'btree')
{
	$node->safe_psql('postgres', "DROP INDEX timelines_hash; CREATE INDEX timelines_hash ON timelines USING $method (v)");
	is( $node->safe_psql(
			'postgres', "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
			SELECT count(*) FROM documents d, timelines t WHERE t.v = d.given::audio_timeline"),
		$equal, "an index finds all: $method");
}

# Past the size and depth up to which jsonb is asked for an order

sub long
{
	my ($number) = @_;

	return qq[format('{"duration":1,"sampleRate":1,"metadata":{"a":%s,"b":"%s"}}', '$number', repeat('x', 300000))::audio_timeline];
}

sub deep
{
	my ($number) = @_;

	return qq[format('{"duration":1,"sampleRate":1,"metadata":{"a":%s%s%s}}', repeat('[', 500), '$number', repeat(']', 500))::audio_timeline];
}

my $short = q['{"duration":1,"sampleRate":1,"metadata":{"a":1,"b":2,"c":3,"d":4}}'::audio_timeline];

foreach my $make (\&long, \&deep)
{
	my $which = $make == \&long ? 'long' : 'deep';

	sql_true(
		$node,
		'SELECT a = b AND audio_timeline_hash(a) = audio_timeline_hash(b) AND audio_timeline_cmp(a, b) = 0 FROM (SELECT '
		  . $make->('1.0') . ' AS a, ' . $make->('10e-1') . ' AS b) s',
		"$which values are equal as jsonb");
	sql_true(
		$node,
		'SELECT a <> b AND audio_timeline_cmp(a, b) * audio_timeline_cmp(b, a) < 0 FROM (SELECT '
		  . $make->('1.0') . ' AS a, ' . $make->('1.5') . ' AS b) s',
		'or differ, with an order');
	sql_true($node, 'SELECT ' . $make->('1') . " > $short AND $short < " . $make->('1'), 'and stand behind others');
}

# The operators are leakproof: no stack is too small for them.
$node->safe_psql(
	'postgres', "
	SET max_stack_depth = '6MB';
	CREATE TABLE deepest AS SELECT replace(v::text, '1]', i || ']')::audio_timeline AS v
	FROM (SELECT format('{\"duration\":1,\"sampleRate\":1,\"metadata\":{\"a\":%s1%s}}', repeat('[', 8000), repeat(']', 8000)) AS v) s,
		generate_series(1, 2) AS i");
is($node->safe_psql('postgres', "SET max_stack_depth = '100kB'; SELECT count(*) FROM deepest a JOIN deepest b ON a.v < b.v"),
	1, 'values are in order that are deeper than the stack');

no_crash($node, 'no crash');
done_testing();
