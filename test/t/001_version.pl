# The version and the names of files and functions agree wherever they are written.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

my $root = project_root();
my $meta = JSON::PP->new->decode(slurp_file("$root/META.json"));
my $version = $meta->{version};

sub script_version
{
	my ($path) = @_;

	return $path =~ m{/audio_cache--([^/]+?)\.sql$} ? $1 : undef;
}

# Settings of a control file: name = value or name = 'value'.
sub read_control
{
	my ($path) = @_;
	my %control;

	foreach my $line (split(/\n/, slurp_file($path)))
	{
		$control{$1} = $2 if $line =~ /^(\w+)\s*=\s*'?(.*?)'?\s*$/;
	}
	return \%control;
}

# Symbols that CREATE FUNCTION statements name: in AS, or the function's own name.
sub functions_of_script
{
	my ($path) = @_;
	my %symbols;

	foreach my $statement (slurp_file($path) =~ /^CREATE FUNCTION (.*?;)$/msg)
	{
		my ($name) = $statement =~ /^(\w+)/;
		next unless $statement =~ /AS 'MODULE_PATHNAME'(?:, '(\w+)')?/;
		$symbols{ $1 // $name } = 1;
	}
	return \%symbols;
}

# META.json

like($version, qr/^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/, 'META.json has a version');
is($meta->{provides}{audio_cache}{version}, $version, 'META.json provides the same version');
foreach my $key (qw(file docfile))
{
	my $path = $meta->{provides}{audio_cache}{$key};

	ok(-s "$root/$path", "META.json: $key $path is there");
}
is( $meta->{provides}{audio_cache}{file},
	"sql/audio_cache--$version.sql",
	'META.json names the install script of its version');

# The control file

my $control = read_control("$root/audio_cache.control");

is($control->{default_version}, $version, 'control: default_version');
is($control->{relocatable}, 'true', 'control: relocatable');
is($control->{trusted}, 'true', 'control: trusted');
is($control->{module_pathname}, '$libdir/audio_cache', 'control: module_pathname');

# Scripts: one that installs the version; every update ends at a version that is there.

my @versions = map { script_version($_) } glob("$root/sql/*.sql");
my %installs = map { $_ => 1 } grep { defined && !/--/ } @versions;

is(scalar(grep { !defined } @versions), 0, 'every file in sql/ is a script of the extension');
ok($installs{$version}, "there is a script that installs $version");
foreach my $update (grep { defined && /--/ } @versions)
{
	my ($from, $to) = split(/--/, $update);

	ok($installs{$from}, "update $update: $from can be installed");
	ok($installs{$to}, "update $update: $to can be installed");
}

# The server

my $node = new_cluster('version');

is($node->safe_psql('postgres', 'SELECT audio_cache_version()'), $version,
	'version of the library');
is( $node->safe_psql(
		'postgres',
		"SELECT default_version, installed_version FROM pg_available_extensions WHERE name = 'audio_cache'"
	),
	"$version|$version",
	'pg_available_extensions');
is( $node->safe_psql(
		'postgres',
		"SELECT version, relocatable, trusted, superuser FROM pg_available_extension_versions"
		  . " WHERE name = 'audio_cache' AND version = '$version'"),
	"$version|t|t|t",
	'pg_available_extension_versions');
is( $node->safe_psql(
		'postgres', "SELECT obj_description(oid) FROM pg_extension WHERE extname = 'audio_cache'"),
	$control->{comment},
	'comment of the extension');

# Symbols of the library that the server loads

my $library = $node->safe_psql('postgres', "SELECT setting FROM pg_config WHERE name = 'PKGLIBDIR'")
  . '/audio_cache.so';
my ($nm) = run_command([ 'nm', '-D', '--defined-only', $library ]);
my %exported = map { (split)[2] => 1 } split(/\n/, $nm);
my %named;

foreach my $script (glob("$root/sql/audio_cache--*.sql"))
{
	%named = (%named, %{ functions_of_script($script) });
}

my @allowed = ('Pg_magic_func', '_PG_init', map { ($_, "pg_finfo_$_") } keys %named);
my %allowed = map { $_ => 1 } @allowed;

cmp_ok(scalar(keys %named), '>=', 40, 'the scripts name functions');
ok($exported{Pg_magic_func}, 'the library exports its magic block');
is_deeply([ grep { !$exported{$_} || !$exported{"pg_finfo_$_"} } sort keys %named ],
	[], 'the library exports every function that a script names');
is_deeply([ grep { !$allowed{$_} } sort keys %exported ], [], 'the library exports nothing else');

done_testing();
