# Beside a hosted database: what doc/upgrading.md says of a jsonb table there and a copy of it here.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use DocPages;
use PostgreSQL::Test::Cluster;
use Test::More;

my $page = slurp(project_root() . '/doc/upgrading.md');
my ($at_service) = $page =~ /^```sql hosted\n(.*?)^```\n/ms;
my ($copy, $query) = $page =~ /^```sql own\n(.*?)^```\n/msg;

# The service has no extension: nothing but jsonb.
my $hosted = PostgreSQL::Test::Cluster->new('hosted');

$hosted->init(allows_streaming => 'logical', extra => [ '--encoding=UTF8', '--no-locale' ]);
$hosted->start;
$hosted->safe_psql('postgres', $at_service);
$hosted->safe_psql(
	'postgres', q{
	INSERT INTO audio_event_cache VALUES
		('before', 'drums', '{"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 1, "type": "onset"}]}'),
		('wrong', 'drums', '{"duration": 5}');
});

my $own = PostgreSQL::Test::Cluster->new('own');
my $connection = $hosted->connstr . ' dbname=postgres';

$own->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$own->start;
like($copy, qr/CONNECTION 'host=/, 'the page has a subscription');
$own->safe_psql('postgres', $copy =~ s/CONNECTION '.*?'/CONNECTION '$connection'/r);
$own->wait_for_subscription_sync($hosted, 'timelines');
is($own->safe_psql('postgres', $query), "before|1\nwrong|", 'rows that were there');

$hosted->safe_psql(
	'postgres', q{
	INSERT INTO audio_event_cache VALUES ('later', 'drums', '{"duration": 5, "sampleRate": 44100}'), ('not', 'drums', '[]');
	UPDATE audio_event_cache SET event_data = '{"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 1, "type": "onset"},
		{"timestamp": 2, "type": "onset"}]}' WHERE file_metadata_id = 'before';
	DELETE FROM audio_event_cache WHERE file_metadata_id = 'wrong';
});
$hosted->wait_for_catchup('timelines');
is($own->safe_psql('postgres', $query), "before|2\nlater|0\nnot|", 'rows that came, changed and went');
is( $own->safe_psql('postgres', 'SELECT count(*) FROM audio_event_cache WHERE timeline::jsonb <> event_data'),
	'0',
	'each timeline is its document');

done_testing();
