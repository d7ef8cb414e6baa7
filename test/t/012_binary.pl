# Binary input that is not what send gives: refused with an error, or a good value; never a crash.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use PostgreSQL::Test::Utils;
use Test::More;
use TimelineGenerator;

my $seed = $ENV{AUDIO_CACHE_SEED} // 11;
my $mutations = $ENV{AUDIO_CACHE_MUTATIONS} // 4000;
my $node = new_cluster('binary');
my $dir = PostgreSQL::Test::Utils::tempdir();
my $random = TimelineGenerator->new($seed);

note("seed $seed, $mutations mutations (AUDIO_CACHE_SEED, AUDIO_CACHE_MUTATIONS)");

# A file of COPY's binary format with one row: an integer and these bytes.
sub copy_file
{
	my ($id, $image) = @_;

	return
		"PGCOPY\n\xff\r\n\0"
	  . pack('NN', 0, 0)
	  . pack('nNN', 2, 4, $id)
	  . pack('N', length($image))
	  . $image
	  . pack('n', 0xffff);
}

sub random_bytes
{
	my ($n) = @_;

	return join('', map { chr($random->below(256)) } 1 .. $n);
}

# Each changes an image in its own way.
my @mutators = (
	sub { substr($_[0], 0, $random->below(length($_[0]))) },
	sub {
		my ($image) = @_;

		foreach (0 .. $random->below(3))
		{
			my $i = $random->below(length($image));

			substr($image, $i, 1) = chr(ord(substr($image, $i, 1)) ^ (1 << $random->below(8)));
		}
		return $image;
	},
	# A 32-bit field: most of what is in the header and in the directories.
	sub {
		my ($image) = @_;
		my $i = 4 * $random->below(length($image) / 4);
		my $old = unpack('V', substr($image, $i, 4));

		substr($image, $i, 4) = pack(
			'V',
			$random->pick(
				0, 1, 0xffffffff, 0x7fffffff, 0x80000000, 0x3ffffff8,
				$old + 1, $old - 1, $old + 8, $old * 2) & 0xffffffff);
		return $image;
	},
	# The same in the first bytes, which say where everything is.
	sub {
		my ($image) = @_;
		my $most = length($image) < 300 ? length($image) : 300;

		substr($image, 4 * $random->below($most / 4), 4) =
		  pack('V',
			$random->pick(0, 1, 0xffffffff, 0x3ffffff8, $random->below(length($image) * 2)));
		return $image;
	},
	# A 64-bit field: numbers.
	sub {
		my ($image) = @_;

		substr($image, 8 * $random->below(length($image) / 8), 8) =
		  pack('d<', $random->pick(0, -0.0, -1, 1e308, 9**9**9, -9**9**9, -sin(9**9**9), 0.5, 7));
		return $image;
	},
	sub {
		my ($image) = @_;
		my $i = $random->below(length($image));
		my $n = 1 + $random->below(40);

		$n = length($image) - $i if $n > length($image) - $i;
		substr($image, $i, $n) = random_bytes($n);
		return $image;
	},
	# Bytes that come or go.
	sub {
		my ($image) = @_;

		substr($image, $random->below(length($image)), $random->pick(0, 1, 8)) =
		  random_bytes($random->pick(0, 1, 8));
		return $image;
	},
	sub { $_[0] . "\0" x $random->pick(1, 8, 16) },
	# Something else in the JSON texts.
	sub {
		my ($image) = @_;
		my @places;

		push(@places, pos($image)) while $image =~ /[\[{"0-9a-z:,]/g;
		substr($image, $places[ $random->below(scalar(@places)) ] - 1, 1) = $random->pick(
			'[', ']', '{', '}', '"', ',', ':', ' ', '0', '9',
			'-', 'e', '.', 'n', 't', "\\", "\0", "\x80", "\xff");
		return $image;
	},
	# Two words change places.
	sub {
		my ($image) = @_;
		my ($i, $k) = map { 8 * $random->below(length($image) / 8) } 1 .. 2;
		my $word = substr($image, $i, 8);

		substr($image, $i, 8) = substr($image, $k, 8);
		substr($image, $k, 8) = $word;
		return $image;
	},
	sub {
		"AT\x01\0" . pack('V', 48 + $random->below(100)) . random_bytes(40 + $random->below(200));
	},
	sub { random_bytes($random->below(200)) });

sub read_images
{
	my @images = map { pack('H*', $_) } sql_rows($node,
		q{SELECT encode(audio_timeline_send(tl), 'hex') FROM originals WHERE octet_length(audio_timeline_send(tl)) < 6000 ORDER BY id}
	);

	return @images;
}

# Read the files 1 to n, each on its own; what is refused is noted.
sub receive
{
	my ($n) = @_;

	return $node->safe_psql(
		'postgres', qq{
		TRUNCATE received, refused;
		SET statement_timeout = '60s';
		DO \$\$
		BEGIN
			FOR i IN 1 .. $n LOOP
				BEGIN
					EXECUTE format('COPY received FROM %L WITH (FORMAT binary)', '$dir/' || i);
				EXCEPTION WHEN OTHERS THEN
					INSERT INTO refused VALUES (i, SQLSTATE, SQLERRM);
				END;
			END LOOP;
		END\$\$;
		SELECT (SELECT count(*) FROM received), (SELECT count(*) FROM refused);
	});
}

# One test: no accepted value is other than what its own text gives.
sub no_impostors
{
	my ($name) = @_;
	my ($status, $stdout, $stderr) = $node->psql(
		'postgres', q{
		SELECT count(*) FROM received WHERE tl <> tl::text::audio_timeline
			OR audio_timeline_send(tl) <> audio_timeline_send(tl::text::audio_timeline)
			OR audio_timeline_send(tl) <> audio_timeline_send(tl::jsonb::audio_timeline)});

	return is($stdout . $stderr, 0, $name);
}

write_file("$dir/documents",
	join('', map { "$_\t" . copy_field(($random->document($_ % 10 == 0))[0]) . "\n" } 1 .. 200));
$node->safe_psql(
	'postgres', qq{
	CREATE TABLE originals (id integer, tl audio_timeline);
	COPY originals FROM '$dir/documents';
	CREATE TABLE received (id integer, tl audio_timeline);
	CREATE TABLE refused (id integer, state text, message text);
});
my @images = read_images();

cmp_ok(scalar(@images), '>', 150, 'there are images to start from');

# As they are

write_file("$dir/" . ($_ + 1), copy_file($_, $images[$_])) foreach 0 .. $#images;
is(receive(scalar(@images)), scalar(@images) . '|0', 'unchanged images are accepted');
no_impostors('and are what they were');

# Changed

my $changed = 0;

foreach my $i (1 .. $mutations)
{
	my $image = $images[ $random->below(scalar(@images)) ];
	my $mutant = $mutators[ $i % @mutators ]->($image);
	my $file = copy_file($i, $mutant);

	$changed++ if $mutant ne $image;

	# Some files end too early, too.
	$file = substr($file, 0, $random->below(length($file))) if $i % 50 == 0;
	write_file("$dir/$i", $file);
}
my ($accepted, $refused) = split(/\|/, receive($mutations));

note("$changed of $mutations differ from an image; $accepted accepted, $refused refused");
note($_)
  foreach sql_rows($node,
	'SELECT count(*), state, min(message) FROM refused GROUP BY 2 ORDER BY 1 DESC');
cmp_ok($accepted, '>', 20, 'some are good values');
cmp_ok($refused, '>', $mutations / 2, 'most are refused');
is( $node->safe_psql(
		'postgres', q{
		SELECT string_agg(DISTINCT state || ' ' || message, '; ') FROM refused
		WHERE state NOT IN ('22P02', '22P03', '22P04', '22023', '54000', '0A000')}),
	'',
	'they are refused as what they are');
no_impostors('what was accepted is what its own text gives');
is( $node->safe_psql(
		'postgres', q{
		SELECT count(*) FROM received, LATERAL (
			SELECT count(*) FROM events(tl)) e, LATERAL (SELECT count(*) FROM features(tl)) f,
			LATERAL (SELECT count(*) FROM values_at(tl, 0)) v, LATERAL (SELECT count(*) FROM storage(tl)) s,
			LATERAL (SELECT audio_timeline_hash(tl), metadata(tl)) h}),
	$accepted,
	'and can be read in every way');

# JSON that is deeper than the text form could be: the bytes of a string become brackets.

foreach my $levels (1000, 100000)
{
	my $image = pack(
		'H*',
		$node->safe_psql(
			'postgres', qq{
		SELECT encode(audio_timeline_send((
			'{"duration":1,"sampleRate":1,"metadata":{"a":"' || repeat('x', 2 * $levels - 2) || '"}}')::audio_timeline), 'hex')}
		));

	my $brackets = ('[' x $levels) . (']' x $levels);

	ok($image =~ s/"x+"/$brackets/, "$levels levels: an image");
	write_file("$dir/1", copy_file(1, $image));
	is(receive(1), $levels <= 1000 ? '1|0' : '0|1', "$levels levels: accepted or refused");
	is( $node->safe_psql('postgres', q{SELECT string_agg(state, ',') FROM refused}),
		$levels <= 1000 ? '' : '54001',
		"$levels levels: as too deep");
	no_impostors("$levels levels: what was accepted can be read");
}

no_crash($node, 'no crash');

done_testing();
