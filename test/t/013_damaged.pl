# Damaged stored values, as after a disk error: an error or an answer, never a crash or a hang.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use PostgreSQL::Test::Utils;
use Test::More;
use TimelineGenerator;

my $seed = $ENV{AUDIO_CACHE_SEED} // 12;
my $rows = 900;
my $node = new_cluster('damaged');
my $dir = PostgreSQL::Test::Utils::tempdir();
my $random = TimelineGenerator->new($seed);

note("seed $seed (AUDIO_CACHE_SEED)");

# Places of the chunks in the pages of a TOAST table: [value, sequence, offset, size].  A tuple is
# value and sequence in four bytes each, then the chunk behind a varlena header.
sub find_chunks
{
	my ($pages) = @_;
	my @chunks;

	for (my $page = 0; $page < length($pages); $page += 8192)
	{
		my $lower = unpack('S', substr($pages, $page + 12, 2));

		for (my $line = 24; $line < $lower; $line += 4)
		{
			my $pointer = unpack('L', substr($pages, $page + $line, 4));
			my $tuple = $page + ($pointer & 0x7fff);

			next if ($pointer >> 15 & 3) != 1;
			push(@chunks, [ read_chunk($pages, $tuple + ord(substr($pages, $tuple + 22, 1))) ]);
		}
	}
	return @chunks;
}

sub read_chunk
{
	my ($pages, $at) = @_;
	my ($value, $sequence) = unpack('LL', substr($pages, $at, 8));
	my $short = ord(substr($pages, $at + 8, 1));

	return ($value, $sequence, $at + 9, ($short >> 1) - 1) if $short & 1;
	return ($value, $sequence, $at + 12, (unpack('L', substr($pages, $at + 8, 4)) >> 2) - 4);
}

# One damage inside a chunk.
sub damage
{
	my ($pages, $offset, $size) = @_;
	my $kind = $random->below(4);
	my $i = $random->below($size);

	if ($kind == 0)
	{
		substr($$pages, $offset + $i, 1) =
		  chr(ord(substr($$pages, $offset + $i, 1)) ^ (1 << $random->below(8)));
	}
	elsif ($kind == 1 && $size >= 8)
	{
		substr($$pages, $offset + 4 * $random->below($size / 4), 4) =
		  pack('V', $random->pick(0, 1, 0xffffffff, 0x7fffffff, 0x80000000, $random->below(30000)));
	}
	elsif ($kind == 2 && $size >= 8)
	{
		substr($$pages, $offset + 8 * $random->below($size / 8), 8) =
		  pack('d<', $random->pick(0, -1, 1e308, 9**9**9, -sin(9**9**9)));
	}
	else
	{
		my $n = 1 + $random->below($size - $i > 60 ? 60 : $size - $i);

		substr($$pages, $offset + $i, $n) = join('', map { chr($random->below(256)) } 1 .. $n);
	}
	return;
}

# What is asked of each value.
my @questions = (
	'tl::text',
	'tl::jsonb::text',
	'tl::json',
	'audio_timeline_send(tl)',
	'duration(tl)',
	'sample_rate(tl)',
	'metadata(tl)',
	'num_events(tl)',
	q{num_events(tl, 'onset')},
	q{num_markers(tl, 'beat')},
	'event_types(tl)',
	'marker_types(tl)',
	'feature_names(tl)',
	'(SELECT sum(f.bytes) FROM features(tl) f)',
	q{num_frames(tl, 'f1', true)},
	q{num_frames(tl, 'no feature')},
	q{frame_rate(tl, 'f2', true)},
	'(SELECT sum(s.bytes) FROM storage(tl) s)',
	'(SELECT count(e) FROM events(tl) e)',
	'(SELECT count(e) FROM events_between(tl, 0.25, 2) e)',
	q{(SELECT count(e) FROM events_between(tl, 0, 1e9, '{onset,note}', 0.5) e)},
	'(SELECT count(e) FROM events_at(tl, 0.5) e)',
	'(SELECT count(e) FROM next_event(tl, 0.25) e)',
	q{(SELECT count(e) FROM previous_event(tl, 0.75, 'note') e)},
	'(SELECT count(e) FROM nearest_event(tl, 0.6) e)',
	'(SELECT count(m) FROM markers(tl) m)',
	'(SELECT count(m) FROM markers_between(tl, 0, 5) m)',
	q{(SELECT count(f) FROM feature(tl, 'f1', true) f)},
	q{(SELECT count(f) FROM feature_slice(tl, 'f2', 0, 1, true) f)},
	q{(SELECT count(f) FROM feature_frames(tl, 'f1', missing_ok => true) f)},
	q{(SELECT count(f) FROM feature_frames(tl, 'big', 0.5, missing_ok => true) f)},
	q{(SELECT count(o) FROM overview(tl, 'f1', 2, missing_ok => true) o)},
	q{(SELECT count(o) FROM overview(tl, 'big', 3, equal_buckets => true, missing_ok => true) o)},
	q{value_at(tl, 'f1', 0, 'step', 1, true)},
	q{value_at(tl, 'f2', 0.1, 'linear', 1, true)},
	q{value_at(tl, 'big', 1, 'nearest', missing_ok => true)},
	'(SELECT count(m) FROM markers_at(tl, 5) m)',
	q{(SELECT count(m) FROM next_marker(tl, 1, 'beat') m)},
	'(SELECT count(m) FROM previous_marker(tl, 1e9) m)',
	'(SELECT count(m) FROM nearest_marker(tl, 7) m)',
	'summary(tl)',
	q{tl ->> 'duration'},
	q{(tl -> 'events')::text},
	q{(tl -> 'markers')::text},
	q{(tl -> 'features')::text},
	q{(tl #> '{features,f1,values,1}')::text},
	q{tl ->> 'padding'},
	q{tl ? 'padding'},
	q{tl @? '$.events[*].data'},
	'(SELECT count(v) FROM values_at(tl, 0.2) v)',
	'audio_timeline_hash(tl)',
	'audio_timeline_cmp(tl, other)',
	'audio_timeline_cmp(other, tl)');

# Long enough for several chunks, so that lookups read slices.
sub long_document
{
	my ($i) = @_;

	return sprintf(
		'{"duration":100,"sampleRate":44100,"events":[%s],"markers":[%s],"metadata":{"a":"%s"},'
		  . '"features":{"big":{"hop":512,"values":[%s]},"f1":{"frameRate":10,"encoding":"u8","dims":2,"values":[null,[1,null],[2,3]]}}}',
		join(
			',',
			map {
				sprintf(
					'{"timestamp":%.2f,"type":"%s","duration":%d,"data":{"i":%d,"id":"%s"}}',
					$_ / 8, (qw(onset note kick))[ $_ % 3 ],
					$_ % 7, $_, join('', map { sprintf('%x', $random->below(1 << 28)) } 1 .. 4))
			} 0 .. 400),
		join(',', map { sprintf('{"timestamp":%d,"type":"beat","value":%d}', $_, $_) } 0 .. 90),
		'x' x ($i % 50),
		join(',', map { $_ * $i } 0 .. 999));
}

# Every third is long; the rest has every kind of member, padded so that it is not stored inline.
sub document
{
	my ($i) = @_;

	my $padding = 'x' x (2000 + $random->below(500));
	my ($document) = $random->document(0);

	return long_document($i) if $i % 3 == 0;
	return $document =~ s/^\{/{"padding":"$padding",/r;
}

# JSON text that is kept as it came: where it stands in a document, and who hands it out as jsonb.
my %kept = (
	'metadata' => [ '"metadata":%s', 'metadata(tl)', q{tl -> 'metadata'} ],
	'attributes' => [ '"kept":%s', q{tl -> 'kept'} ],
	'data of an event' => [
		'"events":[{"timestamp":0,"type":"x","data":%s}]', 'array(SELECT e FROM events(tl) e)',
		'array(SELECT e FROM events_between(tl, 0, 1) e)', 'array(SELECT e FROM events_at(tl, 0) e)',
		'array(SELECT e FROM previous_event(tl, 1) e)'
	],
	'attributes of an event' =>
	  [ '"events":[{"timestamp":0,"type":"x","kept":%s}]', 'array(SELECT e FROM events(tl) e)' ],
	'attributes of a marker' => [
		'"markers":[{"timestamp":0,"type":"beat","kept":%s}]', 'array(SELECT m FROM markers(tl) m)',
		'array(SELECT m FROM markers_between(tl, 0, 1) m)',
		'array(SELECT m FROM markers_at(tl, 1) m)', 'array(SELECT m FROM next_marker(tl, -1) m)',
		q{tl -> 'markers'}
	],
	'attributes of a feature' =>
	  [ '"features":{"f":{"hop":1,"values":[1],"kept":%s}}', q{tl #> '{features,f}'} ]);

# What can become of it, all of one length.
my $secret = '"hidden",12345678';
my %damages = (
	'no JSON' => '"hidden";12345678',
	'a string without end' => '"hidden?,12345678',
	'a null character' => '"\u0000",12345678',
	'half of a character' => '"\ud800",12345678',
	'no UTF-8' => "\"hidde\xff\",12345678",
	'a number that is none' => '"hidden",01234567',
	'a number too large' => '"hidden",1e999999');

# One row for each of both, which is small enough to lie in the table itself.
my @kept;

foreach my $place (sort keys %kept)
{
	foreach my $damage (sort keys %damages)
	{
		my $id = @kept + 100;
		my ($form, @doors) = @{ $kept{$place} };

		push(
			@kept,
			{
				id => $id,
				name => "$place, $damage",
				document => '{"duration":1,"sampleRate":1,' . sprintf($form, "{\"s$id\":[$secret]}") . '}',
				damaged => $damages{$damage},
				doors => [ 'tl::jsonb', @doors ] });
	}
}

write_file("$dir/documents", join('', map { "$_\t" . copy_field(document($_)) . "\n" } 1 .. $rows));
write_file("$dir/kept", join('', map { "$_->{id}\t" . copy_field($_->{document}) . "\n" } @kept));
$node->safe_psql(
	'postgres', qq{
	CREATE TABLE damaged (id integer PRIMARY KEY, tl audio_timeline);
	COPY damaged FROM '$dir/documents';
	CREATE TABLE originals AS SELECT * FROM damaged;
	CREATE TABLE answers (id integer, question text, state text, message text);
	CREATE TABLE kept (id integer, tl audio_timeline);
	COPY kept FROM '$dir/kept';
	CHECKPOINT;
});
my $file =
  $node->data_dir . '/'
  . $node->safe_psql('postgres',
	q{SELECT pg_relation_filepath(reltoastrelid) FROM pg_class WHERE relname = 'damaged'});

my $kept_file =
  $node->data_dir . '/' . $node->safe_psql('postgres', q{SELECT pg_relation_filepath('kept')});

$node->stop;

my $kept_pages = slurp_file($kept_file);

foreach my $row (@kept)
{
	$kept_pages =~ s/("s$row->{id}":\[)\Q$secret\E/$1$row->{damaged}/
	  or die "$row->{name}: text not found";
}
write_file($kept_file, $kept_pages);

my $pages = slurp_file($file);
my @chunks = find_chunks($pages);
my %by_value;

push(@{ $by_value{ $_->[0] } }, $_) foreach @chunks;
cmp_ok(scalar(keys %by_value), '>', $rows * 0.9, 'almost all values are in the TOAST table');
cmp_ok(scalar(grep { @$_ > 4 } values %by_value),
	'>', $rows / 4, 'many in more chunks than a lookup reads at once');

# Most damage in the first chunk, where header and directories are.
foreach my $value (sort { $a <=> $b } keys %by_value)
{
	my @places = sort { $a->[1] <=> $b->[1] } @{ $by_value{$value} };
	my $place = $random->chance(60) ? $places[0] : $random->pick(@places);
	my $most = $random->chance(50) && $place->[3] > 300 ? 300 : $place->[3];

	damage(\$pages, $place->[2], $most) foreach 0 .. $random->below(2);
}
write_file($file, $pages);
$node->start;

# Ask everything of every value, each on its own.
my $ask = join(
	"\n",
	map {
		my $question = $_;
		my $quoted = $question =~ s/'/''/gr;

		qq{
		BEGIN
			PERFORM $question FROM damaged JOIN originals o (id, other) USING (id) WHERE id = i;
			INSERT INTO answers VALUES (i, '$quoted', '00000', '');
		EXCEPTION WHEN query_canceled THEN
			INSERT INTO answers VALUES (i, '$quoted', '57014', 'hang');
		WHEN OTHERS THEN
			INSERT INTO answers VALUES (i, '$quoted', SQLSTATE, SQLERRM);
		END;}
	} @questions);

$node->safe_psql(
	'postgres', qq{
	CREATE PROCEDURE ask(i integer) LANGUAGE plpgsql AS \$\$BEGIN $ask END\$\$;
	SET statement_timeout = '20s';
	SELECT format('CALL ask(%s)', g) FROM generate_series(1, $rows) g \\gexec
});
is( $node->safe_psql('postgres', 'SELECT count(*) FROM answers'),
	$rows * @questions,
	'every question has an answer');
note($_)
  foreach sql_rows($node,
	'SELECT count(*), state, min(message) FROM answers GROUP BY 2 ORDER BY 1 DESC');
is( $node->safe_psql(
		'postgres', q{
		SELECT string_agg(DISTINCT state || ' ' || message || ' by ' || question, '; ') FROM answers
		WHERE state NOT IN ('00000', 'XX001', '0A000', CASE WHEN question LIKE '%no feature%' THEN '42704' ELSE '' END)}),
	'',
	'damage is told as damage');
cmp_ok(
	$node->safe_psql('postgres', q{SELECT count(DISTINCT id) FROM answers WHERE state = 'XX001'}),
	'>', $rows / 3, 'much of it is noticed');
is( $node->safe_psql(
		'postgres', q{
		SELECT string_agg(question, '; ') FROM (
			SELECT question FROM answers GROUP BY 1 HAVING count(*) FILTER (WHERE state = 'XX001') = 0) s}),
	'audio_timeline_send(tl)',
	'by whatever looks into the value');

# Damaged JSON text is told as damage, in the words of all damage, and not a word of it is shown.
$node->safe_psql(
	'postgres', q{
	CREATE FUNCTION tell(i integer, question text) RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		message text; detail text; hint text; context text; state text;
	BEGIN
		EXECUTE format('SELECT %s FROM kept WHERE id = %s', question, i);
		RETURN 'an answer';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT,
			context = PG_EXCEPTION_CONTEXT, state = RETURNED_SQLSTATE;
		RETURN concat_ws('|', state, message, nullif(detail, ''), nullif(hint, ''), substring(context FROM 'JSON.*'));
	END $$});
foreach my $row (@kept)
{
	my @quoted = map { s/'/''/gr } @{ $row->{doors} };
	my @told =
	  sql_rows($node, join(' UNION ALL ', map { "SELECT tell($row->{id}, '$_')" } @quoted));

	is( join("\n", @told),
		join("\n", ('XX001|audio_timeline is damaged') x @{ $row->{doors} }),
		$row->{name});
}

# The table can be repaired.
sql_true(
	$node, q{
	UPDATE damaged d SET tl = o.tl FROM originals o WHERE o.id = d.id;
	SELECT bool_and(d.tl = o.tl) FROM damaged d JOIN originals o USING (id)},
	'and the rows can be written anew');

no_crash($node, 'no crash');

done_testing();
