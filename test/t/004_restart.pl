# Crash recovery: after an immediate shutdown every committed value is there.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use PostgreSQL::Test::Utils;
use Test::More;
use TimelineGenerator;

my $node = new_cluster('restart');
my $dir = PostgreSQL::Test::Utils::tempdir();
my $generator = TimelineGenerator->new(4);
my @lines = map { "$_\t" . copy_field(($generator->document)[0]) . "\n" } 1 .. 200;
my $digest = q{
	SELECT count(*), md5(string_agg(md5(audio_timeline_send(tl)), '' ORDER BY id)),
		md5(string_agg(md5(tl::text), '' ORDER BY id)) FROM timelines};

# A value in a thousand TOAST chunks, the number at 100 s being 100 * 86.
my $large = q{
	SELECT format('{"duration": 3600, "sampleRate": 44100, "features": {"rms": {"frameRate": 86, "values": [%s]}}}',
		string_agg(i::text, ','))::audio_timeline
	FROM generate_series(0, 499999) i};

write_file("$dir/timelines", join('', @lines));
$node->safe_psql(
	'postgres', qq{
	CREATE TABLE timelines (id integer PRIMARY KEY, tl audio_timeline);
	CREATE INDEX ON timelines (duration(tl));
	CHECKPOINT;
	COPY timelines FROM '$dir/timelines';
	INSERT INTO timelines SELECT 1000, ($large);
	UPDATE timelines SET tl = (tl::jsonb || '{"updated": true}')::audio_timeline WHERE id % 10 = 0 AND id < 1000;
	DELETE FROM timelines WHERE id % 50 = 1;
});
my $before = $node->safe_psql('postgres', $digest);

# Not committed: must not be there afterwards.
my $open = $node->background_psql('postgres');

$open->query_safe(q{BEGIN; UPDATE timelines SET tl = '{"duration": 1, "sampleRate": 1}'});
$node->stop('immediate');
eval { $open->quit };
my $log_start = -s $node->logfile;

$node->start;
like(slurp_file($node->logfile, $log_start), qr/redo starts at/, 'the server recovers');
is($node->safe_psql('postgres', $digest), $before, 'every committed value is there');
is( $node->safe_psql('postgres', q{SELECT value_at(tl, 'rms', 100) FROM timelines WHERE id = 1000}),
	8600,
	'a lookup in a large value');
is( $node->safe_psql(
		'postgres', q{
		SET enable_seqscan = off;
		SELECT count(*), bool_and(duration(tl) = 3600) FROM timelines WHERE duration(tl) = 3600}),
	'1|t',
	'a search by index');
is( $node->safe_psql(
		'postgres', q{SELECT count(*) FROM timelines WHERE (tl::jsonb)->'updated' = 'true'}),
	20,
	'updated values');
$node->safe_psql('postgres', 'INSERT INTO timelines SELECT -id, tl FROM timelines');
is( $node->safe_psql(
		'postgres',
		'SELECT count(*) FROM timelines a JOIN timelines b ON a.id = -b.id AND a.tl = b.tl'),
	2 * (split(/\|/, $before))[0],
	'and it goes on');

done_testing();
