# The SQL that the pages of the documentation print, each block with the output that is shown below it;
# run as a reader runs it. Uses nothing but Perl and psql: test/fresh has no more.

package DocPages;

use strict;
use warnings FATAL => 'all';

use Exporter 'import';
use File::Temp;
use Test::More;

our @EXPORT = qw(sql_pages slurp sql_blocks section check_page);

# The pages with SQL: name of a database for each, and its file.  README names its own.
sub sql_pages
{
	my ($root) = @_;

	return { music => "$root/README.md", map { $_ => "$root/doc/$_.md" } qw(cookbook reference upgrading) };
}

# What the examples expect of the world around them: Supabase's roles and auth.uid().
my $role = 'CREATE ROLE authenticated NOLOGIN';
my $platform = <<'END';
CREATE SCHEMA auth;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
	SELECT (nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;
END

sub slurp
{
	my ($path) = @_;

	open(my $file, '<', $path) or die "$path: $!";
	local $/ = undef;
	return <$file> // '';
}

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

# Where the SQL of the pages looks for files.
my $files = '/srv/audio';

# The files that a page shows, in blocks with a name, as a folder that is there as long as the result.
sub files_of
{
	my ($page) = @_;
	my $folder = File::Temp->newdir;

	while ($page =~ m{^```\w+ $files/([\w.]+)\n(.*?)^```\n}msg)
	{
		open(my $file, '>', "$folder/$1") or die "$folder/$1: $!";
		print $file $2;
		close($file) or die "$folder/$1: $!";
	}
	return $folder;
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
	my ($connection, $sql) = @_;
	my $errors = File::Temp->new;

	open(my $psql, '-|', 'sh', '-c', 'exec psql "$@" 2>"$0"',
		"$errors", '-X', '-q', '-d', $connection, '-c', $sql) or die "psql: $!";
	my $output = do { local $/ = undef; <$psql> }
	  // '';
	close($psql);
	my $problems = slurp("$errors");
	return (tidy("$output\n$problems"), $problems);
}

# A database for a page, unless the reader has been told to make it.
sub make_database
{
	my ($postgres, $name) = @_;
	my ($found) = run_psql($postgres, "SELECT 'there' FROM pg_database WHERE datname = '$name'");

	is((run_psql($postgres, "CREATE DATABASE $name TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"))[1],
		'', "$name: a database")
	  if $found !~ /there$/m;
	return;
}

# One test for each block of a page, in order, in a database of that name. Connections are for psql:
# to database postgres, and to that one.
sub check_page
{
	my ($postgres, $connection, $name, $page) = @_;
	my $folder = files_of($page);

	run_psql($postgres, $role);
	make_database($postgres, $name);
	is((run_psql($connection, $platform))[1], '', "$name: the world around it");
	foreach my $block (sql_blocks($page))
	{
		my ($title) = $block->{sql} =~ /^(.{1,60})/;
		my ($output, $errors) = run_psql($connection, $block->{sql} =~ s/\Q$files\E/$folder/gr);

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

1;
