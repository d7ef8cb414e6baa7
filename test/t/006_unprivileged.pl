# Who installs it: a database owner without privileges, in hostile surroundings; moving, dropping.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use AudioCacheTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('unprivileged');
my $sample = sample_json();
my $file = '00000000-0000-0000-0000-000000000001';

$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
$node->start;
$node->safe_psql(
	'postgres', q{
	CREATE ROLE tenant LOGIN;
	CREATE ROLE stranger LOGIN;
});

sub new_database
{
	my ($name) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $name OWNER tenant");
	return;
}

# As the owner of the database; gives what psql prints.
sub as_tenant
{
	my ($database, $sql) = @_;

	return $node->safe_psql($database, $sql, extra_params => [ '-U', 'tenant' ]);
}

# What is in the catalogs beyond a fresh database, by catalog.
sub user_objects
{
	my ($database) = @_;
	my @catalogs = qw(pg_proc pg_type pg_operator pg_opclass pg_opfamily pg_cast pg_amop pg_amproc
	  pg_class pg_extension pg_namespace);

	return $node->safe_psql($database,
		join(' UNION ALL ', map { "SELECT '$_', count(*) FROM $_ WHERE oid >= 16384" } @catalogs)
		  . q{ UNION ALL SELECT 'pg_depend', count(*) FROM pg_depend WHERE objid >= 16384 OR refobjid >= 16384}
		  . q{ UNION ALL SELECT 'pg_description', count(*) FROM pg_description WHERE objoid >= 16384}
		  . q{ UNION ALL SELECT 'pg_init_privs', count(*) FROM pg_init_privs WHERE objoid >= 16384}
	);
}

# A database owner may create it, use it, and drop it without a trace.

new_database('plain');
my $before = user_objects('plain');

as_tenant('plain', 'CREATE EXTENSION audio_cache');
is( as_tenant(
		'plain',
		q{SELECT r.rolname, current_setting('is_superuser') FROM pg_extension e JOIN pg_roles r ON r.oid = extowner WHERE extname = 'audio_cache'}
	),
	'tenant|off',
	'a database owner who is no superuser creates the extension');
is( $node->safe_psql(
		'plain', q{
		SELECT count(*) FROM pg_proc p WHERE oid >= 16384 AND (prosecdef OR proconfig IS NOT NULL)}),
	0,
	'no function runs with the rights of its owner');
is( as_tenant(
		'plain', qq{
		CREATE TABLE t (tl audio_timeline);
		INSERT INTO t VALUES ('$sample');
		SELECT count(*) FROM t, events_between(tl, 1, 5)}),
	2,
	'the owner uses it');
is( $node->safe_psql('plain', "SELECT num_events('$sample')", extra_params => [ '-U', 'stranger' ]),
	3,
	'so does everybody else');
like(
	sql_error($node, 'SET ROLE stranger; DROP EXTENSION audio_cache', 'plain'),
	qr/42501: must be owner/,
	'a stranger does not drop it');
like(
	sql_error($node, 'SET ROLE tenant; DROP EXTENSION audio_cache', 'plain'),
	qr/2BP01: cannot drop extension/,
	'nor is it dropped while a table uses it');
as_tenant('plain', 'DROP TABLE t; DROP EXTENSION audio_cache');
is(user_objects('plain'), $before, 'DROP EXTENSION leaves nothing');

like(
	sql_error($node, 'SET ROLE stranger; CREATE EXTENSION audio_cache', 'plain'),
	qr/42501: permission denied/,
	'a stranger does not create it');

# Objects that wait for the script, in the schema it is installed into and in the search_path.

my $traps = q{
	CREATE FUNCTION boom() RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE 'captured'; END$$;
	CREATE FUNCTION to_regclass(text) RETURNS regclass LANGUAGE sql AS $$SELECT boom()::int::oid::regclass$$;
	CREATE FUNCTION trap(text, text) RETURNS boolean LANGUAGE sql AS $$SELECT boom()$$;
	CREATE FUNCTION trap(uuid, uuid) RETURNS boolean LANGUAGE sql AS $$SELECT boom()$$;
	CREATE OPERATOR = (FUNCTION = trap, LEFTARG = text, RIGHTARG = text);
	CREATE OPERATOR = (FUNCTION = trap, LEFTARG = uuid, RIGHTARG = uuid);
	CREATE DOMAIN text AS pg_catalog.text CHECK (boom());
	CREATE DOMAIN uuid AS pg_catalog.uuid CHECK (boom());
	CREATE DOMAIN json AS pg_catalog.json CHECK (boom());
	CREATE DOMAIN jsonb AS pg_catalog.jsonb CHECK (boom());
	CREATE DOMAIN regclass AS pg_catalog.regclass CHECK (boom());
};

new_database('hostile');
as_tenant(
	'hostile', qq{
	CREATE SCHEMA evil;
	SET search_path = evil;
	$traps
	SET search_path = evil, pg_catalog;
	CREATE EXTENSION audio_cache SCHEMA evil;
});
is( $node->safe_psql(
		'hostile', q{
		SELECT count(DISTINCT p.oid) > 50, string_agg(DISTINCT t::regtype::text, ',')
			FILTER (WHERE typ.typnamespace <> 'pg_catalog'::regnamespace)
		FROM pg_extension e JOIN pg_depend d ON d.refobjid = e.oid AND deptype = 'e'
			JOIN pg_proc p ON p.oid = d.objid AND d.classid = 'pg_proc'::regclass,
			unnest(proargtypes::oid[] || proallargtypes || prorettype) t JOIN pg_type typ ON typ.oid = t
			LEFT JOIN pg_type el ON el.oid = typ.typelem
		WHERE extname = 'audio_cache'}),
	't|evil.audio_timeline',
	'types in signatures are those of pg_catalog');
is( $node->safe_psql(
		'hostile', q{
		SELECT DISTINCT substring(pg_get_function_arguments(oid) FROM 'cache [^,]*')
		FROM pg_proc WHERE pronamespace = 'evil'::regnamespace AND 'cache' = ANY (proargnames)}),
	q{cache regclass DEFAULT to_regclass('public.audio_event_cache'::text)},
	'defaults of arguments are those of pg_catalog');
is( $node->safe_psql(
		'hostile', q{
		SELECT string_agg(casttarget::pg_catalog.regtype::pg_catalog.text || castsource::pg_catalog.regtype, ',' ORDER BY c.oid)
		FROM pg_cast c WHERE oid >= 16384}),
	'evil.audio_timelineevil.audio_timeline,evil.audio_timelinejson,evil.audio_timelinejsonb,jsonevil.audio_timeline,jsonbevil.audio_timeline',
	'casts are between the right types');

# The traps are sprung by whoever lets them be found first ...

like(
	sql_error(
		$node,
		q{SET search_path = evil, pg_catalog; SELECT 'a'::pg_catalog.text = 'b'::pg_catalog.text},
		'hostile'),
	qr/captured/,
	'the traps work');

# ... but not by the functions of the extension.

$node->safe_psql(
	'hostile', q{
	CREATE TABLE public.audio_event_cache (
		id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id text, file_metadata_id text NOT NULL,
		stem_type text NOT NULL, event_data jsonb NOT NULL, analysis_version text NOT NULL DEFAULT '1.0',
		created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
		UNIQUE (file_metadata_id, stem_type, analysis_version));
	GRANT ALL ON public.audio_event_cache TO tenant;
	GRANT ALL ON SCHEMA public TO tenant;
});
is( as_tenant(
		'hostile', qq{
		SET search_path = evil, pg_catalog;
		SELECT cache_events('f'::pg_catalog.text, 'drums', '$sample', 'u');
		SELECT update_cached_events('f'::pg_catalog.text, 'drums', '$sample', 'u');
		SELECT num_events(get_cached_events('f'::pg_catalog.text, 'drums', 'u', '1.0'));
		SELECT is_cached('f'::pg_catalog.text, 'drums', 'u', '1.0');
		SELECT pg_catalog.count(*) FROM get_all_cached_events_for_file('f'::pg_catalog.text, 'u');
		SELECT num_events(timeline), event_types(timeline) FROM (
			SELECT ('$sample'::pg_catalog.jsonb)::audio_timeline) s (timeline);
		SELECT delete_cached_events('f'::pg_catalog.text, 'drums', 'u', '1.0');
	}),
	"\n\n3\nt\n1\n3|{onset}\n1",
	'the functions find what they mean in a hostile search_path');

# Names that the script wants to create are taken.

foreach my $taken (
	[
		'a function',
		'CREATE FUNCTION taken.duration(timeline text) RETURNS float8 LANGUAGE sql RETURN 1', 0
	],
	[ 'a type', 'CREATE TYPE taken.audio_timeline AS (x integer)', '42710' ],
	[
		'a function with the same arguments',
		'CREATE FUNCTION taken.audio_cache_version() RETURNS text LANGUAGE sql RETURN 1', '42723'
	])
{
	my ($what, $create, $state) = @$taken;
	my $error = sql_error(
		$node,
		"SET ROLE tenant; BEGIN; CREATE SCHEMA taken; $create; CREATE EXTENSION audio_cache SCHEMA taken CASCADE; ROLLBACK;",
		'plain');

	like($error, $state ? qr/$state: / : qr/^$/, "$what that was there before");
}

# ALTER EXTENSION SET SCHEMA: what is in use goes on working.

new_database('moving');
as_tenant(
	'moving', qq{
	CREATE SCHEMA before;
	CREATE SCHEMA after;
	CREATE EXTENSION audio_cache SCHEMA before;
	SET search_path = before;
	CREATE TABLE public.audio_event_cache (
		id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, file_metadata_id uuid NOT NULL,
		stem_type text NOT NULL, event_data audio_timeline NOT NULL, analysis_version text NOT NULL DEFAULT '1.0',
		created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
		seconds float8 GENERATED ALWAYS AS (duration(event_data)) STORED,
		UNIQUE (file_metadata_id, stem_type, analysis_version));
	CREATE INDEX ON public.audio_event_cache (num_events(event_data));
	CREATE VIEW public.lengths AS SELECT duration(event_data), value_at(event_data, 'rms', 1, missing_ok => true) FROM public.audio_event_cache;
	SELECT cache_events('$file'::uuid, 'drums', '$sample');
});

# Before and after in one session: its plans and catalog caches are old then.
is( $node->safe_psql(
		'moving', qq{
		SELECT before.num_events(before.get_cached_events('$file'::uuid, 'drums'));
		ALTER EXTENSION audio_cache SET SCHEMA after;
		SELECT after.num_events(after.get_cached_events('$file'::uuid, 'drums'));
		SELECT after.update_cached_events('$file'::uuid, 'drums', after.get_cached_events('$file'::uuid, 'drums'));
		SELECT after.cache_events('$file'::uuid, 'bass', ('$sample'::jsonb)::after.audio_timeline);
		SELECT count(*) FROM after.get_all_cached_events_for_file('$file'::uuid);
	}),
	"3\n3\n\n\n2",
	'cache functions in a session that saw the move');
is( as_tenant(
		'moving', qq{
		SELECT duration, value_at IS NULL FROM lengths LIMIT 1;
		SELECT json_typeof(row_to_json(c)->'event_data') FROM audio_event_cache c LIMIT 1;
		SELECT event_data::jsonb = '$sample' FROM audio_event_cache LIMIT 1;
		SELECT after.is_cached('$file'::uuid, 'bass');
		SELECT after.delete_cached_events('$file'::uuid);
	}),
	"5|t\nobject\nt\nt\n2",
	'views, casts and cache functions in a new session');
is( $node->safe_psql(
		'moving', q{SELECT count(*) FROM pg_proc WHERE pronamespace = 'before'::regnamespace}),
	0,
	'nothing stays behind');
as_tenant('moving',
	'DROP TABLE audio_event_cache CASCADE; DROP SCHEMA before; DROP EXTENSION audio_cache; DROP SCHEMA after'
);
is(user_objects('moving'), $before, 'and it can be dropped as a whole');

no_crash($node, 'no crash');

done_testing();
