# The documentation says what is so: its SQL runs and gives the output shown, its JavaScript reads
# real bytes, its links lead somewhere, and no function and no code is left out.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = project_root();
my $readme = slurp_file("$root/README.md");
my $reference = slurp_file("$root/doc/reference.md");

# What the examples expect of the world around them: Supabase's roles and auth.uid().
my $platform = <<'END';
CREATE SCHEMA auth;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
	SELECT (nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;
END

# Blanks at the ends of lines, and empty lines around, do not count.
sub tidy
{
	my ($text) = @_;

	$text =~ s/[ \t]+$//mg;
	$text =~ s/^\n+//;
	$text =~ s/\n+$//;
	return $text;
}

# The SQL blocks of a page, each with the output that is shown right below it, or undef.
sub sql_blocks
{
	my ($page) = @_;
	my @blocks;

	while ($page =~ /^```sql\n(.*?)^```\n(?:^```text\n(.*?)^```\n)?/msg)
	{
		push(@blocks, { sql => $1, output => $2 });
	}
	return @blocks;
}

# The text of a page below a heading, up to the next one of its level.
sub section
{
	my ($page, $heading) = @_;

	return $page =~ /^\Q$heading\E\n(.*?)(?=^## |\z)/ms ? $1 : '';
}

# What a person sees in psql, or gets with -c: rows in columns, errors with their place.
sub run_psql
{
	my ($node, $database, $sql) = @_;
	my @command = ('psql', '-X', '-q', '-d', $node->connstr($database), '-c', $sql);
	my ($stdout, $stderr) = run_command(\@command);

	return (tidy("$stdout\n$stderr"), $stderr);
}

# One test for each block of a page, in order, in a database of its own.
sub check_page
{
	my ($node, $name, $page) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, $platform);
	foreach my $block (sql_blocks($page))
	{
		my ($title) = $block->{sql} =~ /^(.{1,60})/;
		my ($output, $errors) = run_psql($node, $name, $block->{sql});

		if (defined $block->{output})
		{
			is($output, tidy($block->{output}), "$name: $title");
		}
		else
		{
			is($errors, '', "$name: $title");
		}
	}
	return;
}

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

$node->safe_psql('postgres', 'CREATE ROLE authenticated NOLOGIN');
is(scalar(sql_blocks(section($readme, '## A tour'))), 5, 'README: the tour has five statements');
cmp_ok(scalar(grep { defined $_->{output} } sql_blocks($readme)),
	'>=', 4, 'README: outputs are shown');
check_page($node, 'readme', $readme);
cmp_ok(scalar(grep { defined $_->{output} } sql_blocks($reference)),
	'>=', 15, 'reference: outputs are shown');
check_page($node, 'reference', $reference);

# Functions, codes

my @functions = sql_rows($node,
	q{SELECT DISTINCT proname FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
		JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
		WHERE d.deptype = 'e' AND extname = 'audio_cache' ORDER BY proname});

cmp_ok(scalar(@functions), '>=', 50, 'the extension has functions');
is_deeply([ grep { $reference !~ /`\Q$_\E[(`]/ } @functions ],
	[], 'reference: every function of the extension is named');

my @arguments = sql_rows($node,
	q{SELECT DISTINCT name FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
		JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
		CROSS JOIN unnest(proargnames) AS name
		WHERE d.deptype = 'e' AND extname = 'audio_cache' ORDER BY name});

cmp_ok(scalar(@arguments), '>=', 30, 'the functions have named arguments and columns');
is_deeply([ grep { $reference !~ /`(?:[^`\n]*\W)?\Q$_\E(?:\W[^`\n]*)?`/ } @arguments ],
	[], 'reference: every argument and column of a function is named');

my $rules = slurp_file("$root/src/core/atl_rules.c");
my @errors = sort($rules =~ /\[ATL_CODE_(?!NONE)\w+\] = \{"(\w+)"/g);
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
	missing_member => '{"duration": 1}',
	not_finite => '{"duration": 1e999, "sampleRate": 1}',
	negative_time => '{"duration": -1, "sampleRate": 1}',
	past_duration => '{"duration": 1, "sampleRate": 1, "events": [{"timestamp": 2, "type": "x"}]}',
	confidence_range =>
	  '{"duration": 1, "sampleRate": 1, "events": [{"timestamp": 1, "type": "x", "confidence": 2}]}',
	empty_type => '{"duration": 1, "sampleRate": 1, "events": [{"timestamp": 1, "type": ""}]}',
	bad_sample_rate => '{"duration": 1, "sampleRate": 0}',
	bad_number => '{"duration": 1, "sampleRate": 1, "a": 1e200000}',
	map {
		my ($code, $feature) = @$_;

		$code => qq({"duration": 1, "sampleRate": 1, "features": {"f": {$feature}}})
	  } (
		[ bad_hop => '"hop": 0, "values": []' ],
		[ bad_frame_rate => '"frameRate": 0, "values": []' ],
		[ bad_clock => '"values": []' ],
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
	my ($state) = $error =~ /ERROR:  (\w{5}): invalid audio_timeline/;
	my ($shown) = $of_document =~ /^\| `$code` \| (\w{5}) \|/m;

	is($state, $shown, "reference: SQLSTATE of $code");
}

# The JavaScript, on real bytes

my ($javascript) = $reference =~ /^```js\n(.*?)^```\n/ms;

like($javascript, qr/function readFeature/, 'reference: there is an example in JavaScript');
SKIP:
{
	my $timeline = "SELECT timeline FROM song WHERE name = 'demo'";
	my $script = $PostgreSQL::Test::Utils::tmp_check . '/image.js';
	my $image = $node->safe_psql('reference', "SELECT encode(audio_timeline_send(($timeline)), 'hex')");

	skip('node is not installed: the JavaScript example is not run', 3)
	  if system('node --version >/dev/null 2>&1') != 0;

	# A Buffer that starts at an odd address, as those of drivers may.
	write_file($script, $javascript . <<'END');
const bytes = Buffer.from('00' + process.argv[2], 'hex').subarray(1);
const read = readFeature(bytes, process.argv[3]);
console.log(JSON.stringify(read && { ...read, type: read.values.constructor.name,
  values: Array.from(read.values, (value) => (Number.isNaN(value) ? null : value)) }));
END
	my ($mfcc) = run_command([ 'node', $script, $image, 'mfcc' ]);
	my ($loud) = run_command([ 'node', $script, $image, 'loud' ]);
	my ($none) = run_command([ 'node', $script, $image, 'nothing' ]);
	my $expected = $node->safe_psql('reference',
		qq{SELECT json_build_object('frames', frames, 'dims', dims, 'startTime', first_time, 'frameRate', frame_rate,
			'range', NULL, 'type', 'Float32Array', 'values', "values") FROM feature(($timeline), 'mfcc')});

	is_deeply(decode_json($mfcc), decode_json($expected), 'JavaScript: a feature in f32, as SQL gives it');
	is_deeply(
		decode_json($loud),
		decode_json('{"frames": 3, "dims": 1, "startTime": 1, "frameRate": 2, "range": [0, 1],
			"type": "Uint8Array", "values": [0, 128, 255]}'),
		'JavaScript: a feature in u8 with a range');
	is($none, 'null', 'JavaScript: a feature that is not there');
}

# The pages as a whole

cmp_ok(scalar(split(/\n/, $readme)), '<', 200, 'README: below 200 lines');
foreach my $file (qw(README.md CHANGELOG.md doc/reference.md doc/format.md examples/analyse/README.md))
{
	is_deeply(broken_links($file), [], "$file: links");
}
like(
	slurp_file("$root/CHANGELOG.md"),
	qr/^## \[\Q@{[ $node->safe_psql('postgres', 'SELECT audio_cache_version()') ]}\E\]/m,
	'CHANGELOG: an entry for this version');

done_testing();
