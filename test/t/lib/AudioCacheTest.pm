# What the TAP tests share: a cluster with the extension, the sample timeline, small functions.

package AudioCacheTest;

use strict;
use warnings FATAL => 'all';

use Exporter 'import';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(
  project_root
  sample_json
  new_cluster
  write_file
  copy_field
  sql_rows
  sql_true
  sql_error
  no_crash
);

# The checkout that this file is in: test/t/lib is three folders down.
sub project_root
{
	my $file = __FILE__;

	$file =~ s{/?test/t/lib/[^/]+$}{} or die "cannot find the project above $file";
	return $file eq '' ? '.' : $file;
}

sub sample_json
{
	return
		'{"events":[{"timestamp":0,"type":"onset","amplitude":0.8},'
	  . '{"timestamp":1.5,"type":"onset","amplitude":0.6},'
	  . '{"timestamp":3.2,"type":"onset","amplitude":0.9}],'
	  . '"duration":5.0,"sampleRate":44100}';
}

# A new node, started, with the extension in database postgres.  Background
# work is off: it would add noise to what the tests count.
sub new_cluster
{
	my ($name, %init) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);

	$node->init(extra => [ '--encoding=UTF8', '--no-locale' ], %init);
	$node->append_conf('postgresql.conf', "autovacuum = off\njit = off");
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION audio_cache');
	return $node;
}

# Bytes to a file; the server runs as our user and can read it.
sub write_file
{
	my ($path, $bytes) = @_;

	open(my $file, '>:raw', $path) or die "cannot write $path: $!";
	print $file $bytes;
	close($file) or die "cannot write $path: $!";
	return $path;
}

# A field of COPY's text format.
sub copy_field
{
	my ($text) = @_;
	my %escapes = ("\\" => '\\\\', "\n" => '\n', "\r" => '\r', "\t" => '\t');

	$text =~ s/([\\\n\r\t])/$escapes{$1}/g;
	return $text;
}

# Rows of a query as a list of lines.
sub sql_rows
{
	my ($node, $sql, $database) = @_;

	return split(/\n/, $node->safe_psql($database // 'postgres', $sql));
}

# One test: the query gives "t".
sub sql_true
{
	my ($node, $sql, $name, $database) = @_;

	return is($node->safe_psql($database // 'postgres', $sql), 't', $name);
}

# What psql says of an error, SQLSTATE and all; '' if there was none.
sub sql_error
{
	my ($node, $sql, $database) = @_;
	my ($status, $stdout, $stderr) =
	  $node->psql($database // 'postgres', "\\set VERBOSITY verbose\n$sql");

	return $status == 0 ? '' : $stderr;
}

# One test: no server process was killed by a signal or failed an assertion.
sub no_crash
{
	my ($node, $name) = @_;
	my $log = slurp_file($node->logfile);

	return ok($log !~ /terminated by signal|TRAP: |PANIC: /, $name);
}

1;
