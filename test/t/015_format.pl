# doc/format.md says what an image is: a reader written from that page alone finds in the server's images
# what the server put there, and the bytes that the page shows are those of the server.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;
use TimelineGenerator;

plan(skip_all => 'node is not installed') if system('node --version >/dev/null 2>&1') != 0;

my $seed = $ENV{AUDIO_CACHE_SEED} // 23;
my $documents = $ENV{AUDIO_CACHE_DOCUMENTS} // 150;
my $root = project_root();
my $page = slurp_file("$root/doc/format.md");
my $node = new_cluster('format');
my $random = TimelineGenerator->new($seed);
my $dir = PostgreSQL::Test::Utils::tempdir();

note("seed $seed, $documents documents (AUDIO_CACHE_SEED, AUDIO_CACHE_DOCUMENTS)");

# What the documents are made of that random ones rarely have: series for every codec, and long tracks.
$node->safe_psql('postgres', <<'END');
CREATE TABLE documents (id integer GENERATED ALWAYS AS IDENTITY, name text, timeline audio_timeline);
CREATE FUNCTION noise(i integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
	SELECT ('x' || left(md5(i::text), 4))::bit(16)::integer
$$;
-- A document of one feature, whose frame i is an expression.
CREATE FUNCTION add_series(name text, frames integer, members jsonb, frame text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	numbers jsonb;
BEGIN
	EXECUTE format('SELECT coalesce(jsonb_agg(%s ORDER BY i), ''[]'') FROM generate_series(0, %s) AS i', frame, frames - 1) INTO numbers;
	INSERT INTO documents (name, timeline) VALUES (name, jsonb_build_object('duration', 60, 'sampleRate', 44100,
		'features', jsonb_build_object('f', '{"hop": 512}' || members || jsonb_build_object('values', numbers)))::audio_timeline);
END $$;

SELECT add_series(name, 700, members, frame) FROM (VALUES
	('raw u8', '{"encoding": "u8"}'::jsonb, 'noise(i) % 256'),
	('raw f64', '{}', 'sin(i + 1) * 10.0::float8 ^ (noise(i) % 600 - 300)'),
	('constant', '{}', '0.5'),
	('missing', '{}', 'null::jsonb'),
	('missing frames', '{"dims": 2, "encoding": "i16"}', 'null::jsonb'),
	('plain u8', '{"encoding": "u8"}', 'CASE i % 50 WHEN 7 THEN 255 ELSE 90 + noise(i) % 10 END'),
	('plain u16', '{"encoding": "u16", "range": [-1, 1]}', 'sin(noise(i)) / 10'),
	('signed i8', '{"encoding": "i8"}', 'noise(i) % 20 * 2 - 20'),
	('ordered f32', '{"encoding": "f32"}', 'CASE i % 50 WHEN 7 THEN 1e-20 ELSE 1.5 + sin(noise(i)) / 3 END'),
	('ordered f64', '{}', '1.5 + sin(noise(i)) / 3'),
	('folded f32', '{"encoding": "f32"}', 'sin(noise(i))'),
	('folded f64', '{}', 'sin(noise(i))'),
	('shifted f64', '{"encoding": "f64"}', '(sin(i + 1) * 2.0::float8 ^ (noise(i) % 100 - 50))::float4'),
	('delta u16', '{"encoding": "u16"}', 'CASE WHEN i % 300 < 5 THEN 0 ELSE i % 300 * 200 + noise(i) % 8 END'),
	('delta i16', '{"encoding": "i16", "range": [-1, 1]}', 'i / 600.0 - 0.5 + noise(i) % 8 / 10000.0'),
	('delta f32', '{"encoding": "f32"}', 'sin(i / 40.0)'),
	('delta f64', '{}', 'sqrt(1000 + i) + noise(i) / 1e14'),
	('decimal f32', '{"encoding": "f32"}', 'noise(i) % 1000 / 100.0 - 5'),
	('decimal f64', '{}', 'CASE i % 50 WHEN 7 THEN 1 / 3.0 ELSE noise(i) / 1000.0 - 10 END'),
	('binary f32', '{}', 'noise(i) / 1024.0 - 10'),
	('binary f64', '{"encoding": "f64"}', 'noise(i) / 1024.0 - 10'),
	('holes f32', '{"dims": 2, "encoding": "f32"}', 'CASE WHEN i % 7 > 0 THEN jsonb_build_array(nullif(i % 5, 0), sin(i)) END'),
	('holes u16', '{"dims": 2, "encoding": "u16"}', 'CASE WHEN i % 7 > 0 THEN jsonb_build_array(nullif(i % 5, 0), noise(i)) END'))
	AS v (name, members, frame);

-- Wide: of few and of many dims, coded and plain, with missing numbers and frames.
SELECT add_series(format('wide %s %s', dims, name), greatest(3, 2500 / dims), members,
	replace(frame, 'numbers', format('(SELECT jsonb_agg(%s) FROM generate_series(1, %s) AS d)', number, dims)))
	FROM (VALUES (33), (128), (600), (1025), (6144)) AS w (dims),
		(VALUES ('noise', '{"encoding": "i8"}'::jsonb, 'noise(i * 7000 + d) % 256 - 128', 'numbers'),
			('smooth', '{"encoding": "f32"}', 'sin(d / 40.0)', 'numbers'),
			('decimals', '{}', 'noise(i * 7000 + d) % 1000 / 100.0', 'numbers'),
			('holes', '{"encoding": "u16"}', 'nullif(noise(i * 7000 + d), 4)', 'CASE WHEN i % 3 <> 1 THEN numbers END'),
			('holes in noise', '{"encoding": "u8"}', 'CASE WHEN d % 5 > 0 THEN noise(i * 7000 + d) % 256 END', 'CASE WHEN i % 3 <> 1 THEN numbers END'),
			('holes in floats', '{}', 'CASE WHEN d % 5 > 0 THEN noise(i * 7000 + d) / 7.0 END', 'CASE WHEN i > 0 THEN numbers END'),
			('nothing', '{}', '0', 'CASE WHEN i = 0 THEN numbers END')) AS v (name, members, number, frame);

-- Bytes that are any: NaNs of both kinds and of others.
INSERT INTO documents (name, timeline)
SELECT format('base64 of %s dims', dims), jsonb_build_object('duration', 60, 'sampleRate', 44100, 'features', jsonb_build_object('f',
	'{"frameRate": 1, "encoding": "f32"}' || jsonb_build_object('dims', dims, 'base64', (SELECT replace(encode(string_agg(
		CASE WHEN i / dims % 4 = 1 OR noise(i) % 9 = 0 THEN '\x0100c07f' WHEN noise(i) % 9 = 1 THEN '\x0000c07f'
			WHEN noise(i) % 9 = 2 THEN '\x010080ff' ELSE int4send(noise(i)) END::bytea, '' ORDER BY i), 'base64'), E'\n', '')
		FROM generate_series(0, dims * 40 - 1) AS i))))::audio_timeline
FROM (VALUES (1), (3), (33), (600), (1025)) AS v (dims);

-- Tracks of several blocks, with times of every kind, members that many items share, and types past 32.
INSERT INTO documents (name, timeline)
SELECT format('track of %s', n), jsonb_build_object('duration', 9000, 'sampleRate', 44100,
	'events', (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
			'timestamp', CASE n % 4 WHEN 0 THEN i / 44100.0::float8 WHEN 1 THEN i * 0.01 WHEN 2 THEN sqrt(i) ELSE i END,
			'type', CASE i % 3 WHEN 0 THEN 'onset' WHEN 1 THEN 'note' ELSE 'type ' || noise(i) % 40 END,
			'duration', CASE i % 3 WHEN 1 THEN noise(i) / 10000.0 END, 'confidence', CASE WHEN i % 2 = 0 THEN noise(i) % 100 / 100.0 END,
			'amplitude', to_jsonb(CASE WHEN i % 60 = 5 THEN NULL ELSE (noise(i) % 1000)::numeric / 1000 END),
			'gain', CASE WHEN i % 5 = 0 THEN '"loud"'::jsonb ELSE to_jsonb(round(noise(i) / 7.0, 2)) END,
			'ratio', CASE WHEN i % 9 = 0 THEN 1 / (i + 1.0::float8) END, 'in samples', noise(i) / 44100.0::float8,
			'huge', sin(i) * 1e40::float8, 'tiny', sin(i) * 1e-40::float8,
			'data', CASE i % 3 WHEN 1 THEN jsonb_build_object('midi', 30 + noise(i) % 60, 'hand', CASE i % 2 WHEN 0 THEN 'left' ELSE 'right' END,
				'odd ' || noise(i) % 9, jsonb_build_array(i)) WHEN 0 THEN '{}' END)) ORDER BY i) FROM generate_series(1, n) AS i),
	'markers', (SELECT jsonb_agg(jsonb_build_object('timestamp', i, 'type', 'bar', 'value', CASE WHEN i % 4 = 0 THEN '"end"'::jsonb ELSE to_jsonb(i) END)
		ORDER BY i) FROM generate_series(1, n / 8 + 1) AS i))::audio_timeline
FROM (VALUES (1), (128), (129), (1002), (8503)) AS v (n);
END

# Random documents, lossy ones among them, and those whose bytes are kept for ever.
write_file("$dir/random",
	join('', map { "random\t" . copy_field(($random->document($_ % 8 == 0))[0]) . "\n" } 1 .. $documents));
write_file("$dir/golden",
	join('', map { "golden\t" . copy_field(slurp_file($_)) . "\n" } sort glob("$root/test/golden/*.json")));
$node->safe_psql('postgres', "COPY documents (name, timeline) FROM '$dir/$_'") foreach qw(random golden);

# The documents of some images, as the reader finds them; and what it has met.
sub read_images
{
	my (@images) = @_;

	write_file("$dir/images", join('', map { "$_\n" } @images));
	my ($stdout, $stderr) = run_command([ 'node', "$root/test/t/lib/read_image.js", "$dir/images" ]);

	is($stderr, '', 'the reader makes no errors');
	my @lines = split(/\n/, $stdout);
	my $met = pop(@lines);

	return ($met, @lines);
}

my @names = sql_rows($node, 'SELECT name FROM documents ORDER BY id');
my ($met, @read) = read_images(
	sql_rows($node, q{SELECT encode(audio_timeline_send(timeline), 'hex') FROM documents ORDER BY id}));

is(scalar(@read), scalar(@names), 'each image is read');
cmp_ok(scalar(@names), '>=', $documents + 60, 'there are many');
is_deeply([ grep { /^refused/ } @read ], [], 'none is refused');

# One writer gives equal documents equal bytes: so the text has everything that the image has.
write_file(
	"$dir/read",
	join('',
		map { ($_ + 1) . "\t" . copy_field($read[$_]) . "\n" }
		grep { $read[$_] !~ /^refused/ } 0 .. $#read));
$node->safe_psql(
	'postgres', qq{
	CREATE TABLE read (id integer, timeline audio_timeline);
	COPY read FROM '$dir/read'});
is( $node->safe_psql(
		'postgres', q{
		SELECT string_agg(format('%s (%s)', name, id), ', ' ORDER BY id) FROM documents d LEFT JOIN read r USING (id)
		WHERE audio_timeline_send(d.timeline) IS DISTINCT FROM audio_timeline_send(r.timeline)}),
	'',
	'what is read gives the same image again');
is( $node->safe_psql(
		'postgres', q{
		SELECT string_agg(format('%s (%s)', name, id), ', ' ORDER BY id) FROM documents d JOIN read r USING (id)
		WHERE d.timeline::jsonb <> r.timeline::jsonb}),
	'',
	'and the same JSON');
is( join("\n", sort split(/,/, $met)),
	join("\n", sort(
		(map { "piece codec $_" } 0 .. 5), (map { "keys $_" } 0 .. 3), 'exceptions',
		(map { "bitmap $_" } 0 .. 1), (map { "wide form $_" } 0 .. 2), 'wide bitmap 16', 'wide bitmap 32',
		(map { "column codec $_" } 0 .. 5), 'mask', 'two columns of one id',
		(map { "place $_" } 0 .. 2), 'times')),
	'every way to store something was met');

# The bytes on the page: each block of them belongs to the document before it. Where they begin with the first
# byte of an image, all of them are there.

my ($json, %bytes, %shown);

# The lines of a block that do not have the bytes of an image, as "offset  bytes  what they are".
sub wrong_lines
{
	my ($image, $block) = @_;
	my @wrong;

	foreach my $line (split(/\n/, $block))
	{
		my ($offset, $bytes) = $line =~ /^ *([0-9a-f]{4})  ((?:[0-9a-f]{2} )*[0-9a-f]{2})  +\S/;
		my $size = defined $bytes ? (length($bytes) + 1) / 3 : 0;

		push(@wrong, $line)
		  if $size == 0 || substr($bytes{$image}, 2 * hex($offset), 2 * $size) ne $bytes =~ s/ //gr;
		$shown{$image}{ hex($offset) + $_ } = 1 foreach 0 .. $size - 1;
	}
	return \@wrong;
}

while ($page =~ /^ *```(json|hex)\n(.*?)^ *```\n/msg)
{
	my ($kind, $block) = ($1, $2);

	if ($kind eq 'json')
	{
		$json = $block;
		$bytes{$json} =
		  $node->safe_psql('postgres', "SELECT encode(audio_timeline_send('$json'), 'hex')");
	}
	else
	{
		is_deeply(wrong_lines($json, $block),
			[], 'the page has the bytes of the server: ' . (split(/\n/, $block))[0]);
	}
}
my @whole = grep { $shown{$_}{0} } sort keys %shown;

is(scalar(@whole), 2, 'two images are shown whole');
is(scalar(keys %{ $shown{$_} }), length($bytes{$_}) / 2, 'no byte is left out') foreach @whole;
cmp_ok(scalar(keys %bytes), '>=', 3, 'and a part of another');

done_testing();
