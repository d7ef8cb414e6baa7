# pg_upgrade, to a new cluster of the same server: what is stored stays byte for byte, with its indexes.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use TimelineGenerator;

my $old = new_cluster('old');
my $new = PostgreSQL::Test::Cluster->new('new');
my $dir = PostgreSQL::Test::Utils::tempdir();
my $generator = TimelineGenerator->new(18);

write_file("$dir/timelines",
	join('', map { "$_\t" . copy_field(($generator->document)[0]) . "\n" } 1 .. 100));
$old->safe_psql(
	'postgres', qq{
	CREATE TABLE timelines (id integer PRIMARY KEY, tl audio_timeline,
		events integer GENERATED ALWAYS AS (num_events(tl)) STORED);
	COPY timelines (id, tl) FROM '$dir/timelines';
	INSERT INTO timelines
		SELECT 1000, format('{"duration": 3600, "sampleRate": 44100, "features": {"rms": {"frameRate": 60, "values": [%s]}}}',
			string_agg((i / 3.0)::text, ','))::audio_timeline
		FROM generate_series(1, 100000) AS i;
	CREATE INDEX ON timelines USING hash (tl);
	CREATE TABLE small (tl audio_timeline(u8));
	INSERT INTO small SELECT tl FROM timelines WHERE id = 1000;
});

my @questions = (
	'SELECT count(*), sum(events), md5(string_agg(md5(audio_timeline_send(tl)), \'\' ORDER BY id)) FROM timelines',
	'SELECT md5(audio_timeline_send(tl)) FROM small',
	'SELECT value_at(tl, \'rms\', 500) FROM timelines WHERE id = 1000',
	'SET enable_seqscan = off; SELECT count(*) FROM timelines WHERE tl = (SELECT tl FROM timelines WHERE id = 1000)',
	'SELECT extversion FROM pg_extension WHERE extname = \'audio_cache\'');
my @before = map { $old->safe_psql('postgres', $_) } @questions;

$old->stop;
$new->init(extra => [ '--encoding=UTF8', '--no-locale' ]);

my $programs = $new->config_data('--bindir');

chdir($dir) or die "cannot enter $dir: $!";
command_ok(
	[
		'pg_upgrade', '--no-sync', '-b', $programs, '-B', $programs, '-p', $old->port, '-P', $new->port,
		'-d', $old->data_dir, '-D', $new->data_dir, '-s', $new->host
	],
	'pg_upgrade');
$new->start;
is($new->safe_psql('postgres', $questions[$_]), $before[$_], "after it: $questions[$_]") foreach 0 .. $#questions;
like($before[0], qr/^101\|/, 'there were timelines');
$new->safe_psql('postgres', 'CREATE TABLE later AS SELECT tl FROM timelines');
is($new->safe_psql('postgres', 'SELECT count(*) FROM later, timelines WHERE later.tl = timelines.tl AND id = 1000'),
	'1',
	'and it goes on');

done_testing();
