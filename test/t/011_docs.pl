# The documentation says what is so: its SQL runs and gives the output shown, its JavaScript reads
# real bytes, its links lead somewhere, and no function and no code is left out.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use DocPages;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = project_root();
my $readme = slurp_file("$root/README.md");
my $reference = slurp_file("$root/doc/reference.md");

# The anchors of a page, as they are made from its headings.
sub anchors
{
	my ($page) = @_;
	my %anchors;

	foreach my $heading ($page =~ /^#+ (.*)$/mg)
	{
		my $anchor = lc($heading);

		$anchor =~ s/[^a-z0-9 _-]//g;
		$anchor =~ s/ /-/g;
		$anchors{$anchor} = 1;
	}
	return \%anchors;
}

# Links of a file to places in this project that are not there.
sub broken_links
{
	my ($file) = @_;
	my $page = slurp_file("$root/$file") =~ s/^```.*?^```\n//msgr;
	my ($folder) = $file =~ m{^(.*/)};
	my @broken;

	foreach my $link ($page =~ /\]\(([^)]+)\)/g)
	{
		next if $link =~ m{^https?://};
		my ($path, $anchor) = $link =~ /^([^#]*)(?:#(.*))?$/;
		my $target = $path eq '' ? "$root/$file" : "$root/" . ($folder // '') . $path;

		push(@broken, $link)
		  if !-e $target || (defined $anchor && !anchors(slurp_file($target))->{$anchor});
	}
	return \@broken;
}

# Names in the first column of the tables in a part of the reference.
sub first_column
{
	my ($part) = @_;

	return sort($part =~ /^\| `(\w+)` \|/mg);
}

# The SQL

my $node = new_cluster('docs');

my %shown = (cookbook => 30, music => 5, reference => 15, upgrading => 2);
my $pages = sql_pages($root);

foreach my $name (sort keys %$pages)
{
	my $page = slurp($pages->{$name});

	cmp_ok(scalar(grep { defined $_->{output} } sql_blocks($page)),
		'>=', $shown{$name}, "$name: outputs are shown");
	check_page($node->connstr('postgres'), $node->connstr($name), $name, $page);
}

# Each task of the cookbook is a heading, a sentence, SQL, and what it prints.
my @tasks = slurp("$root/doc/cookbook.md") =~ /^### (.*?)(?=^##|\z)/msg;

cmp_ok(scalar(@tasks), '>=', 30, 'cookbook: tasks');
is_deeply([ grep { !/\A[^\n]+\n\n[\w`].*?^```sql\n.*?^```text\n/ms } @tasks ], [], 'cookbook: each says it, does it, shows it');

# Functions, codes

my @functions = sql_rows($node,
	q{SELECT DISTINCT proname FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
		JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
		WHERE d.deptype = 'e' AND extname = 'audio_cache' ORDER BY proname});

cmp_ok(scalar(@functions), '>=', 50, 'the extension has functions');
is_deeply([ grep { $reference !~ /`\Q$_\E[(`]/ } @functions ],
	[], 'reference: every function of the extension is named');

# Those that are not for the server alone, by their comments.
my ($head) = $reference =~ /\A(.*?)^## /ms;
my @called = sql_rows($node,
	q{SELECT DISTINCT proname FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
		JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
		WHERE d.deptype = 'e' AND extname = 'audio_cache' AND obj_description(p.oid, 'pg_proc') NOT LIKE 'internal%'
		ORDER BY proname});

cmp_ok(scalar(@called), '>=', 40, 'the extension has functions to call');
is_deeply([ grep { $head !~ /^\|.*`\Q$_\E\(/m } @called ],
	[], 'reference: every one of them is in the table at its head');

my @arguments = sql_rows($node,
	q{SELECT DISTINCT name FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
		JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
		CROSS JOIN unnest(proargnames) AS name
		WHERE d.deptype = 'e' AND extname = 'audio_cache' ORDER BY name});

cmp_ok(scalar(@arguments), '>=', 30, 'the functions have named arguments and columns');
is_deeply([ grep { $reference !~ /`(?:[^`\n]*\W)?\Q$_\E(?:\W[^`\n]*)?`/ } @arguments ],
	[], 'reference: every argument and column of a function is named');

my $rules = slurp_file("$root/src/core/document/codes.c");
my @errors = sort($rules =~ /\[ATL_PROBLEM_(?!NONE)\w+\] = \{"(\w+)"/g);
my @warnings = sort($rules =~ /\[ATL_WARN_\w+\] = \{"(\w+)"/g);
my ($of_document, $of_warnings) =
  $reference =~ /^### Errors of a document\n(.*?)^### Warnings\n(.*?)^### /ms;

cmp_ok(scalar(@errors), '>=', 20, 'the source has error codes');
cmp_ok(scalar(@warnings), '>=', 8, 'the source has warning codes');
is_deeply([ first_column($of_document) ], \@errors, 'reference: the codes of errors');
is_deeply([ first_column($of_warnings) ], \@warnings, 'reference: the codes of warnings');

# SQLSTATEs: one document for each code that a short text can bring

my %documents = (
	wrong_kind => '[]',
	not_json => '{"duration": 1,}',
	null_character => '{"duration": 1, "sampleRate": 1, "a": "\u0000"}',
	missing_member => '{"duration": 1}',
	not_finite => '{"duration": 1e999, "sampleRate": 1}',
	negative_time => '{"duration": -1, "sampleRate": 1}',
	past_duration => '{"duration": 1, "sampleRate": 1, "events": [{"timestamp": 3, "type": "x"}]}',
	confidence_range =>
	  '{"duration": 1, "sampleRate": 1, "events": [{"timestamp": 1, "type": "x", "confidence": 2}]}',
	empty_type => '{"duration": 1, "sampleRate": 1, "events": [{"timestamp": 1, "type": ""}]}',
	bad_sample_rate => '{"duration": 1, "sampleRate": 0}',
	bad_start_time => '{"duration": 1, "sampleRate": 1, "startTime": 1}',
	bad_number => '{"duration": 1, "sampleRate": 1, "a": 1e200000}',
	map {
		my ($code, $feature) = @$_;

		$code => qq({"duration": 1, "sampleRate": 1, "features": {"f": {$feature}}})
	  } (
		[ bad_hop => '"hop": 0, "values": []' ],
		[ bad_frame_rate => '"frameRate": 0, "values": []' ],
		[ bad_clock => '"values": []' ],
		[ bad_times => '"times": [1, 0], "values": [1, 2]' ],
		[ bad_dims => '"hop": 1, "dims": 0, "values": []' ],
		[ bad_values => '"hop": 1' ],
		[ ragged_values => '"hop": 1, "values": [[1], [1, 2]]' ],
		[ bad_encoding => '"hop": 1, "encoding": "u7", "values": []' ],
		[ bad_range => '"hop": 1, "range": [1, 0], "values": []' ],
		[ not_encodable => '"hop": 1, "encoding": "u8", "values": [256]' ],
		[ bad_base64 => '"hop": 1, "encoding": "u8", "base64": "A"' ],
		[ bad_max_error => '"hop": 1, "maxError": -1, "values": []' ]));

is_deeply([ sort(keys %documents, 'too_large') ],
	\@errors, 'there is a document for every code but too_large');
foreach my $code (sort keys %documents)
{
	my $error = sql_error($node, "SELECT '$documents{$code}'::audio_timeline");
	my ($state) = $error =~ /ERROR:  (\w{5}): (?:invalid audio_timeline|invalid input syntax for type json|unsupported Unicode escape sequence)/;
	my ($shown) = $of_document =~ /^\| `$code` \| (\w{5}) \|/m;

	is($state, $shown, "reference: SQLSTATE of $code");
}

# The JavaScript, on real bytes

# A timeline whose features take every codec, each in the encodings that lead another way, in
# blocks that are full and one that is not.
my $codecs = <<'END';
CREATE FUNCTION noise(i integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
	SELECT ('x' || left(md5(i::text), 4))::bit(16)::integer
$$;
CREATE TABLE codecs AS
SELECT jsonb_build_object('duration', 60, 'sampleRate', 44100,
	'features', jsonb_object_agg(name, members || jsonb_build_object('values', numbers)))::audio_timeline AS timeline
FROM (
	SELECT name, members, coalesce(jsonb_agg(number ORDER BY i) FILTER (WHERE i < frames), '[]') AS numbers
	FROM generate_series(0, 1091) AS i, LATERAL (VALUES
		('raw u8', 1092, '{"hop": 512, "encoding": "u8"}'::jsonb, to_jsonb(noise(i) % 256)),
		('raw f64', 1092, '{"hop": 512}', to_jsonb(sin(i + 1) * 10.0::float8 ^ (noise(i) % 600 - 300))),
		('constant', 1092, '{"hop": 512}', '0.5'),
		('missing', 1092, '{"hop": 512}', 'null'),
		('missing frames', 1092, '{"hop": 512, "dims": 2, "encoding": "i16"}', 'null'),
		('plain u8', 1092, '{"hop": 512, "encoding": "u8"}',
			to_jsonb(CASE i % 50 WHEN 7 THEN 255 ELSE 90 + noise(i) % 10 END)),
		('plain u16', 1092, '{"frameRate": 40, "encoding": "u16", "range": [-1, 1]}', to_jsonb(sin(noise(i)) / 10)),
		('signed i8', 1092, '{"hop": 512, "encoding": "i8"}', to_jsonb(noise(i) % 20 * 2 - 20)),
		('ordered f32', 1092, '{"hop": 512, "encoding": "f32"}',
			to_jsonb(CASE i % 50 WHEN 7 THEN 1e-20 ELSE 1.5 + sin(noise(i)) / 3 END)),
		('ordered f64', 1092, '{"hop": 512}', to_jsonb(1.5 + sin(noise(i)) / 3)),
		('folded f32', 1092, '{"hop": 512, "encoding": "f32"}', to_jsonb(sin(noise(i)))),
		('folded f64', 1092, '{"hop": 512}', to_jsonb(sin(noise(i)))),
		('shifted f64', 1092, '{"hop": 512, "encoding": "f64"}',
			to_jsonb((sin(i + 1) * 2.0::float8 ^ (noise(i) % 100 - 50))::float4)),
		('delta u16', 1092, '{"hop": 512, "encoding": "u16"}',
			to_jsonb(CASE WHEN i % 300 < 5 THEN 0 ELSE i % 300 * 200 + noise(i) % 8 END)),
		('delta i16', 1092, '{"hop": 512, "encoding": "i16", "range": [-1, 1]}',
			to_jsonb(i / 600.0 - 0.9 + noise(i) % 8 / 10000.0)),
		('delta f32', 1092, '{"hop": 512, "encoding": "f32"}', to_jsonb(sin(i / 40.0))),
		('delta f64', 1092, '{"hop": 512}', to_jsonb(sqrt(1000 + i) + noise(i) / 1e14)),
		('decimal f32', 1092, '{"hop": 512, "encoding": "f32"}', to_jsonb(noise(i) % 1000 / 100.0 - 5)),
		('decimal f64', 1092, '{"hop": 512}', to_jsonb(CASE i % 50 WHEN 7 THEN 1 / 3.0 ELSE noise(i) / 1000.0 - 10 END)),
		('binary f32', 1092, '{"hop": 512}', to_jsonb(noise(i) / 1024.0 - 10)),
		('binary f64', 1092, '{"hop": 512, "encoding": "f64"}', to_jsonb(noise(i) / 1024.0 - 10)),
		('holes f32', 1092, '{"frameRate": 40, "startTime": 1.5, "dims": 2, "encoding": "f32"}',
			CASE WHEN i % 7 > 0 THEN jsonb_build_array(nullif(i % 5, 0), sin(i)) END),
		('holes u16', 1092, '{"hop": 512, "encoding": "u16", "dims": 2}',
			CASE WHEN i % 7 > 0 THEN jsonb_build_array(nullif(i % 5, 0), noise(i)) END),
		('short', 200, '{"hop": 512}', to_jsonb(i)),
		('without frames', 0, '{"hop": 512}', '0'),
		('wide', 1092, '{"hop": 512, "encoding": "i8"}',
			(SELECT jsonb_agg(noise(i + d) % 100) FROM generate_series(1, 40) AS d)),
		('wide holes', 90, '{"hop": 512, "encoding": "u8"}', CASE WHEN i % 7 > 0 THEN
			(SELECT jsonb_agg(nullif(noise(i + 40 * d) % 256, i % 5)) FROM generate_series(1, 33) AS d) END),
		('wide null', 10, '{"hop": 512, "encoding": "f32"}', CASE i % 3 WHEN 0 THEN
			(SELECT jsonb_agg(sin(noise(i) + d)) FROM generate_series(1, 600) AS d) END))
		AS v (name, frames, members, number)
	GROUP BY name, frames, members) AS features;
END

# What that is to cover: codecs with what in them is decoded in another way.
my @kinds = (
	'raw', 'constant', 'missing',
	(map { ("$_ plain", "$_ signed", "$_ ordered") } qw(packed delta)),
	'packed folded', 'packed shifted', 'scaled decimal', 'scaled binary',
	(map { "$_ with exceptions" } qw(packed delta scaled)),
	'bitmap of numbers', 'bitmap of frames',
	(map { "wide $_" } qw(plain coded null), 'with null frames', 'with missing numbers'));

# Reads features of an image (files with its hexadecimal form, and with names) and prints them as
# JSON, numbers as the bytes of a double, with the kinds of pieces that were met.
my $read_all = <<'END';
const fs = require('fs');
const [hex, names] = process.argv.slice(2).map((name) => fs.readFileSync(name, 'utf8'));
const limits = {
  Uint8Array: [0, 255], Int8Array: [-128, 127], Uint16Array: [0, 65535], Int16Array: [-32768, 32767],
};
const kinds = new Set(), read = readPiece, readFrames = readWide;

readWide = (view, at, ...rest) => {
  kinds.add(`wide ${['plain', 'coded', 'null'][view.getUint8(at) & 15]}`);
  if (view.getUint8(at) & 16) kinds.add('wide with null frames');
  if (view.getUint8(at) & 32) kinds.add('wide with missing numbers');
  return readFrames(view, at, ...rest);
};

readPiece = (view, at, ...rest) => {
  const codec = ['raw', 'constant', 'missing', 'packed', 'delta', 'scaled'][view.getUint8(at)];
  const flags = view.getUint8(at + 1), parameter = view.getUint8(at + 3);
  const keys = ['plain', 'signed', 'ordered', 'folded'][parameter & 3];
  if (['packed', 'delta'].includes(codec)) kinds.add(`${codec} ${keys}`);
  else kinds.add(codec === 'scaled' ? `scaled ${parameter < 32 ? 'decimal' : 'binary'}` : codec);
  if (codec === 'packed' && parameter >> 2) kinds.add('packed shifted');
  if (view.getUint16(at + 4, true)) kinds.add(`${codec} with exceptions`);
  if (flags & 1) kinds.add('bitmap of numbers');
  if (flags & 2) kinds.add('bitmap of frames');
  return read(view, at, ...rest);
};

// A Buffer that starts at an odd address, as those of drivers may.
const bytes = Buffer.from('00' + hex, 'hex').subarray(1);
const features = names.split('\n').map((name) => {
  const feature = readFeature(bytes, name);
  if (feature === null) return null;
  const type = feature.values.constructor.name, [lowest, highest] = limits[type] ?? [];
  const [min, max] = feature.range ?? [];
  const toNumber = (value) => min === undefined || lowest === undefined ? value
    : min + (value - lowest) * (max - min) / (highest - lowest);
  const values = Array.from(feature.values, (value, i) => {
    const double = Buffer.alloc(8);
    double.writeDoubleBE(toNumber(value));
    return feature.missing[i] ? null : double.toString('hex');
  });
  return { ...feature, type, values, missing: Array.from(feature.missing) };
});
console.log(JSON.stringify({ features, kinds: [...kinds].sort() }));
END

# Run the JavaScript of a page, after it some more, on texts that it finds in files.
sub run_javascript
{
	my ($script, @texts) = @_;
	my $path = $PostgreSQL::Test::Utils::tmp_check . '/docs_javascript';
	my @files = map { "$path.$_" } 0 .. $#texts;

	write_file("$path.js", $script);
	write_file($files[$_], $texts[$_]) foreach 0 .. $#texts;
	my ($stdout, $stderr) = run_command([ 'node', "$path.js", @files ]);
	is($stderr, '', 'JavaScript: no errors');
	return decode_json($stdout);
}

my ($example) = section($reference, '## Binary form') =~ /^```js\n(.*?)^```\n/ms;
my ($samples) = section($reference, '## Features') =~ /^```js\n(.*?)^```\n/ms;

like($example, qr/function readFeature/, 'reference: there is an example that reads an image');
like($samples, qr/new Float32Array/, 'reference: there is an example that reads samples');
SKIP:
{
	my $timeline = "(SELECT timeline FROM song WHERE name = 'demo')";
	my $image = "SELECT encode(audio_timeline_send(timeline), 'hex') FROM";
	my $numbers = q{array_to_json(ARRAY(SELECT encode(float8send(v), 'hex')
		FROM unnest("values") WITH ORDINALITY AS u(v, i) ORDER BY i))};

	skip('node is not installed: the JavaScript examples are not run', 10)
	  if system('node --version >/dev/null 2>&1') != 0;

	# Of the reference's own timeline: shape, clock, type
	my $demo = run_javascript(
		$example . $read_all,
		$node->safe_psql('reference', "$image song WHERE name = 'demo'"),
		"mfcc\nloud\nnothing");
	my $mfcc = $node->safe_psql('reference',
		qq{SELECT json_build_object('frames', frames, 'dims', dims, 'startTime', first_time, 'frameRate', frame_rate,
			'range', NULL, 'type', 'Float32Array', 'values', $numbers, 'missing', '[0, 0, 0, 0, 0, 1]'::json)
			FROM feature($timeline, 'mfcc')});
	my $loud = $node->safe_psql('reference',
		qq{SELECT json_build_object('frames', 3, 'dims', 1, 'startTime', 1, 'frameRate', 2,
			'range', '[0, 1]'::json, 'type', 'Uint8Array', 'values', $numbers, 'missing', '[0, 0, 0]'::json)
			FROM feature($timeline, 'loud')});

	is_deeply($demo->{features}[0], decode_json($mfcc), 'JavaScript: a feature in f32');
	is_deeply($demo->{features}[1], decode_json($loud), 'JavaScript: a feature in u8 with a range');
	is($demo->{features}[2], undef, 'JavaScript: a feature that is not there');

	# Every codec
	$node->safe_psql('reference', $codecs);
	my @names =
	  sql_rows($node, 'SELECT unnest(feature_names(timeline)) FROM codecs', 'reference');
	my $read = run_javascript(
		$example . $read_all,
		$node->safe_psql('reference', "$image codecs"),
		join("\n", @names));
	my $expected = decode_json(
		$node->safe_psql('reference',
			qq{SELECT json_object_agg(f.name, $numbers) FROM codecs, features(timeline) AS f, feature(timeline, f.name)}));
	my %values = map { $names[$_] => $read->{features}[$_]{values} } 0 .. $#names;

	is(scalar(@names), 28, 'JavaScript: features of all sorts are there');
	is_deeply($read->{kinds}, [ sort @kinds ], 'JavaScript: every codec occurs');
	is_deeply([ grep { encode_json($values{$_}) ne encode_json($expected->{$_}) } @names ],
		[], 'JavaScript: all numbers are those that SQL gives, to the bit');

	# Samples
	my $sampled = run_javascript(
		'const bytes = Buffer.from("00" + require("fs").readFileSync(process.argv[2], "utf8"), "hex").subarray(1);'
		  . "\n$samples"
		  . 'console.log(JSON.stringify(Array.from(numbers, (n) => (Number.isNaN(n) ? null : n))));',
		$node->safe_psql('reference', "SELECT encode(sample_frames_bytes($timeline, 4, 0, 5), 'hex')"));

	is_deeply(
		$sampled,
		decode_json(
			$node->safe_psql(
				'reference', qq{SELECT json_agg(v::float4 ORDER BY frame, i)
				FROM sample_frames($timeline, 4, 0, 5), unnest("values") WITH ORDINALITY AS u(v, i)})),
		'JavaScript: samples as SQL gives them');
}

# The pages as a whole

cmp_ok(scalar(split(/\n/, $readme)), '<', 200, 'README: below 200 lines');
foreach my $script (qw(demo test bench))
{
	my ($help) = run_command([ "$root/script/$script", '--help' ]);
	my ($time) = $help =~ /Takes\s+(about(?:\s+[a-z]+)+)/;
	my ($row) = $readme =~ /^(\| `script\/$script`.*)/m;

	like($row, qr/; @{[ $time =~ s{\s+}{ }gr ]} \|/, "README: $script takes as long as its --help says");
}
foreach my $file (map { s{^\Q$root\E/}{}r } glob("$root/*.md $root/doc/*.md $root/src/*.md $root/examples/*/*.md"))
{
	is_deeply(broken_links($file), [], "$file: links");
}

# The page about the source names files by the end of their path; those of a future importer are an example.
my @paths = split(/\n/, (run_command([ 'find', $root, '-type', 'f' ]))[0]);
my @named = grep { !/exchange|labels/ } slurp_file("$root/src/README.md") =~ m{`([\w./]+\.(?:[ch]|pl|sql|out|map|md))`}g;

cmp_ok(scalar(@named), '>=', 30, 'src/README.md: names files');
is_deeply([ grep { my $name = $_; !grep { m{/\Q$name\E$} } @paths } @named ],
	[], 'src/README.md: they are there');
like(
	slurp_file("$root/CHANGELOG.md"),
	qr/^## \[\Q@{[ $node->safe_psql('postgres', 'SELECT audio_cache_version()') ]}\E\]/m,
	'CHANGELOG: an entry for this version');

done_testing();
