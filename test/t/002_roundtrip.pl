# Property test: generated timelines come back equal through every door.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use PostgreSQL::Test::Utils;
use Test::More;
use TimelineGenerator;

my $seed = $ENV{AUDIO_CACHE_SEED} // 20240229;
my $count = $ENV{AUDIO_CACHE_TIMELINES} // 10000;
my $cached = $ENV{AUDIO_CACHE_CACHED} // $count;

note("seed $seed, $count timelines $cached of them through the cache (AUDIO_CACHE_SEED, AUDIO_CACHE_TIMELINES, AUDIO_CACHE_CACHED)");

my $node = new_cluster('roundtrip');
my $dir = PostgreSQL::Test::Utils::tempdir();

# Every twentieth document has lossy features: it cannot be equal to itself.
sub generate
{
	my $generator = TimelineGenerator->new($seed);
	my @lines;

	foreach my $id (1 .. $count)
	{
		my $lossy = $id % 20 == 0;
		my ($given, $expected) = $generator->document($lossy);

		push(@lines,
			join("\t", $id, $lossy ? 't' : 'f', copy_field($given), copy_field($expected)) . "\n");
	}
	return write_file("$dir/documents", join('', @lines));
}

# One test: no row fulfils the condition.  The first few that do are shown.
sub none
{
	my ($condition, $name, $from) = @_;
	my @rows = sql_rows($node,
		"SELECT id FROM @{[ $from // 'timelines' ]} WHERE $condition ORDER BY id LIMIT 5");

	is(scalar(@rows), 0, $name) or show_documents(@rows);
	return;
}

sub show_documents
{
	my @ids = @_;

	foreach my $id (@ids)
	{
		diag(
			"document $id: "
			  . $node->safe_psql(
				'postgres', "SELECT left(given, 2000) FROM documents WHERE id = $id"));
	}
	return;
}

my $path = generate();

$node->safe_psql(
	'postgres', qq{
	CREATE TABLE documents (id integer PRIMARY KEY, lossy boolean, given text, expected text);
	COPY documents FROM '$path';
	CREATE TABLE timelines AS
		SELECT id, lossy, given, expected, given::audio_timeline AS tl FROM documents;
	ALTER TABLE timelines ADD PRIMARY KEY (id);
	ANALYZE timelines;
});
is($node->safe_psql('postgres', 'SELECT count(*) FROM timelines'),
	$count, "$count timelines are stored");

# Are they what this test is about?

my @kinds = (
	[ q{$.events[*].data ? (@ != null)}, 'data' ],
	[ q{$.markers[*].value ? (@ != null)}, 'marker values' ],
	[ q{$.features.*.values[*] ? (@ == null)}, 'null frames' ],
	[ q{$.features.*.values[*][*] ? (@ == null)}, 'null numbers' ],
	[ q{$.features.*.base64 ? (@ != null)}, 'base64' ],
	[ q{$.features.*.range ? (@ != null)}, 'ranges' ],
	[ q{$.features.*.encoding ? (@ == "i16")}, 'integer encodings' ],
	[ q{$.events ? (@ == null)}, 'members given as null' ]);

foreach my $kind (@kinds)
{
	my ($query, $name) = @$kind;
	my $n = $node->safe_psql('postgres',
		"SELECT count(*) FROM timelines WHERE given::jsonb \@? '$query'");

	cmp_ok($n, '>=', $count / 200, "there are timelines with $name");
}

# JSON out

none(q{NOT lossy AND tl::jsonb <> expected::jsonb}, 'as jsonb it is the document, in time order');
none(q{((tl::jsonb)->'metadata')::text IS DISTINCT FROM (expected::jsonb->'metadata')::text},
	'numbers in metadata keep their digits');
none(
	q{jsonb_path_query_array(tl::jsonb, '$.events[*].data')::text IS DISTINCT FROM
		jsonb_path_query_array(expected::jsonb, '$.events[*].data')::text},
	'numbers in data keep their digits');
none(
	q{jsonb_path_query_array(tl::jsonb, '$.markers[*].value')::text IS DISTINCT FROM
		jsonb_path_query_array(expected::jsonb, '$.markers[*].value')::text},
	'marker values keep their digits');
none(q{tl::json::text <> tl::text}, 'json is the text form');
none(q{tl::json::jsonb <> tl::jsonb}, 'json and jsonb agree');
none(
	q{row_to_json(timelines)->'tl' IS NULL OR json_typeof(row_to_json(timelines)->'tl') <> 'object'},
	'row_to_json shows an object');

# Back in: equal values, and equal bytes

foreach
  my $form ('tl::text', 'tl::json', 'tl::jsonb', 'given::json', 'given::jsonb', 'expected::text')
{
	none("($form)::audio_timeline <> tl", "$form: an equal value");
	none("audio_timeline_send(($form)::audio_timeline) <> audio_timeline_send(tl)",
		"$form: equal bytes");
}

# Lossy features: not further off than they say

none(
	q{NOT EXISTS (SELECT FROM jsonb_path_query(tl::jsonb, '$.features.*.maxError'))
		AND tl::jsonb <> expected::jsonb},
	'what differs has maxError');
cmp_ok(
	$node->safe_psql(
		'postgres',
		q{SELECT count(*) FROM timelines WHERE tl::jsonb @? '$.features.*.maxError ? (@ > 0)' AND lossy}
	),
	'>=',
	$count / 50,
	'there are lossy timelines');
is( $node->safe_psql(
		'postgres', q{
	SELECT count(*)
	FROM timelines, jsonb_each(nullif((tl::jsonb)->'features', 'null')) AS got (name, f),
		jsonb_path_query_array(f, '$.values[*][*]') AS stored,
		jsonb_path_query_array(expected::jsonb->'features'->name, '$.values[*][*]') AS asked,
		generate_series(0, jsonb_array_length(asked) - 1) AS i
	WHERE lossy AND f ? 'maxError' AND (f->>'maxError')::float8 > 0 AND
		abs((asked->>i)::float8 - (stored->>i)::float8) > (f->>'maxError')::float8 * (1 + 1e-9)
}),
	0,
	'no number is further off than maxError');

# Binary

$node->safe_psql(
	'postgres', qq{
	COPY timelines (id, tl) TO '$dir/binary' WITH (FORMAT binary);
	CREATE TABLE received (id integer PRIMARY KEY, tl audio_timeline);
	COPY received FROM '$dir/binary' WITH (FORMAT binary);
});
is($node->safe_psql('postgres', 'SELECT count(*) FROM received'), $count, 'binary COPY brings all');
none(
	'r.tl <> t.tl',
	'binary COPY: equal values',
	'(SELECT id, tl FROM received) r JOIN timelines t USING (id)');
none(
	'audio_timeline_send(r.tl) <> audio_timeline_send(t.tl)',
	'binary COPY: equal bytes',
	'(SELECT id, tl FROM received) r JOIN timelines t USING (id)');

# Comparison and hash

none(
	q{NOT (tl = tl::text::audio_timeline) OR tl <> tl::text::audio_timeline
		OR tl < tl::text::audio_timeline OR tl > tl::text::audio_timeline
		OR NOT tl <= tl::text::audio_timeline OR NOT tl >= tl::text::audio_timeline},
	'a value is equal to itself');
none(
	q{audio_timeline_hash(tl) <> audio_timeline_hash(tl::text::audio_timeline)
		OR audio_timeline_hash_extended(tl, 42) <> audio_timeline_hash_extended(tl::text::audio_timeline, 42)},
	'equal values have equal hashes');
sql_true(
	$node, q{
	WITH pairs AS (
		SELECT a.tl AS a, b.tl AS b
		FROM timelines a, timelines b
		WHERE b.id IN (a.id + 1, a.id + 7, a.id + 1000))
	SELECT count(*) > 1000 AND bool_and((a = b) = (a::jsonb = b::jsonb) AND (a <> b) = (a::jsonb <> b::jsonb)
		AND audio_timeline_cmp(a, b) = -audio_timeline_cmp(b, a)
		AND (a < b) = (audio_timeline_cmp(a, b) < 0) AND (a > b) = (audio_timeline_cmp(a, b) > 0)
		AND (a <= b) = (audio_timeline_cmp(a, b) <= 0) AND (a >= b) = (audio_timeline_cmp(a, b) >= 0))
	FROM pairs
}, 'values are equal exactly when they are as jsonb; the order is one');
sql_true(
	$node, q{
	SELECT bool_and(ordered) FROM (
		SELECT coalesce(lag(tl) OVER (ORDER BY tl) <= tl, true) AS ordered FROM timelines) s
}, 'a sort gives an ordered list');
my $distinct = $node->safe_psql('postgres', 'SELECT count(DISTINCT tl::text) FROM timelines');

is($node->safe_psql('postgres', 'SELECT count(DISTINCT tl) FROM timelines'),
	$distinct, 'DISTINCT by sorting');
is( $node->safe_psql(
		'postgres',
		'SET enable_sort = off; SELECT count(*) FROM (SELECT tl FROM timelines GROUP BY tl) s'),
	$distinct,
	'GROUP BY by hashing');

# The cache

# One operation on every timeline of the sample; $timeline is an expression.
sub call_for_sample
{
	my ($operation, $cache, $timeline) = @_;

	return $node->safe_psql(
		'postgres', qq{
		SELECT count($operation(file, 'drums', $timeline, NULL, '1.0', '$cache')) FROM sample;
	});
}

# Cached timelines that are not the expected ones.
sub wrong_cached
{
	my ($cache, $timeline) = @_;

	return $node->safe_psql(
		'postgres', qq{
		SELECT count(*) FROM sample WHERE
			get_cached_events(file, 'drums', cache => '$cache') IS DISTINCT FROM $timeline
			OR get_cached_events(file, 'drums', NULL, '1.0', '$cache')::jsonb <> ($timeline)::jsonb;
	});
}

$node->safe_psql(
	'postgres', qq{
	CREATE TABLE sample AS
		SELECT id, tl, lag(tl, 1, tl) OVER (ORDER BY id) AS other,
			md5(id::text)::uuid AS file
		FROM timelines WHERE id % greatest($count / $cached, 1) = 0;
	ANALYZE sample;
});

my $sampled = $node->safe_psql('postgres', 'SELECT count(*) FROM sample');

cmp_ok($sampled, '>=', $cached, "$sampled timelines go through the cache");

foreach my $type (qw(jsonb json audio_timeline))
{
	my $cache = "cache_of_$type";

	$node->safe_psql(
		'postgres', qq{
		CREATE TABLE $cache (
			id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
			user_id uuid,
			file_metadata_id uuid NOT NULL,
			stem_type text NOT NULL,
			event_data $type NOT NULL,
			analysis_version text NOT NULL DEFAULT '1.0',
			created_at timestamptz NOT NULL DEFAULT now(),
			updated_at timestamptz NOT NULL DEFAULT now(),
			UNIQUE (file_metadata_id, stem_type, analysis_version));
	});
	call_for_sample('cache_events', $cache, 'other');
	is(wrong_cached($cache, 'other'), 0, "$type: cache_events, get_cached_events");
	call_for_sample('update_cached_events', $cache, 'tl');
	is(wrong_cached($cache, 'tl'), 0, "$type: update_cached_events, get_cached_events");
	is( $node->safe_psql(
			'postgres', qq{
		SELECT count(*) FROM sample LEFT JOIN LATERAL
			get_all_cached_events_for_file(file, cache => '$cache') c ON true
		WHERE (c.stem_type, c.analysis_version) IS DISTINCT FROM ('drums', '1.0')
			OR c.timeline IS DISTINCT FROM tl OR c.timeline::jsonb <> tl::jsonb;
	}),
		0,
		"$type: get_all_cached_events_for_file");
	is( $node->safe_psql(
			'postgres', qq{
		SELECT count(*) FILTER (WHERE is_cached(file, 'drums', cache => '$cache')),
			count(*) FILTER (WHERE is_cached(file, 'bass', cache => '$cache')) FROM sample;
	}),
		"$sampled|0",
		"$type: is_cached");
	is( $node->safe_psql(
			'postgres', qq{
		SELECT count(*) FROM sample JOIN $cache ON file = file_metadata_id
		WHERE event_data::jsonb <> tl::jsonb;
	}),
		0,
		"$type: the column holds the document");
	is( $node->safe_psql(
			'postgres',
			"SELECT sum(delete_cached_events(file, 'drums', cache => '$cache')) FROM sample"),
		$sampled,
		"$type: delete_cached_events");
	is( $node->safe_psql(
			'postgres', qq{
		SELECT count(*) FROM sample WHERE is_cached(file, 'drums', cache => '$cache')
			OR get_cached_events(file, 'drums', cache => '$cache') IS NOT NULL;
	}),
		0,
		"$type: nothing is left");
}

no_crash($node, 'no crash');

done_testing();
