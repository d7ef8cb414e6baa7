# The SQL of the pages, as printed, in the cluster that README's installation made.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/../t/lib";

use DocPages;
use Test::More;

my $pages = sql_pages("$FindBin::RealBin/../..");

foreach my $name (sort keys %$pages)
{
	check_page('postgres', $name, $name, slurp($pages->{$name}));
}
done_testing();
