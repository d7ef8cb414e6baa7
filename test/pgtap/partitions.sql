-- A cache in pieces: hash partitions, inheritance. Policies are those of the table that is named; its
-- parts are out of reach; parts that come and go are followed by the saved plans.
\ir include/setup.sql

CREATE FUNCTION kit.get(cache text DEFAULT 'event_cache_partitioned') RETURNS text LANGUAGE sql AS $$
	SELECT kit.everyone(format($q$SELECT concat_ws('/', duration(get_cached_events(uuid '00000000-0000-4000-8000-0000000000f1', 'drums', cache => %1$L)),
		is_cached(uuid '00000000-0000-4000-8000-0000000000f1', 'drums', cache => %1$L),
		(SELECT count(*) FROM get_all_cached_events_for_file(uuid '00000000-0000-4000-8000-0000000000f1', cache => %1$L)))$q$, cache))
$$;
-- leaf_of: the partition that holds the rows of a user.
CREATE FUNCTION kit.leaf_of(who text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(DISTINCT c.tableoid::regclass::text, ', ') FROM public.event_cache_partitioned c JOIN kit.people p ON p.id = c.user_id WHERE p.name = who
$$;
\set usual '\'admin ann ed link service vera: 2/t/3, anon bob nobody: f/0\''

SELECT plan(25);

SELECT is(kit.get(), :usual, 'through the parent: as anywhere');
SELECT matches(kit.leaf_of('ann'), '^event_cache_leaf_[01]$', 'the rows of ann are in one leaf');
SELECT kit.plans() AS plans_before \gset

-- leaves
SELECT is(kit.attempt(who, format(statement, kit.leaf_of('ann'))), '42501 permission denied for table ' || kit.leaf_of('ann'),
		format('%s, a leaf as a cache: %s', who, split_part(statement, '(', 1)))
	FROM unnest('{ann,bob,anon,service}'::text[]) who, (VALUES
		('SELECT is_cached(uuid ''00000000-0000-4000-8000-0000000000f1'', ''drums'', cache => %L)'),
		('SELECT delete_cached_events(uuid ''00000000-0000-4000-8000-0000000000f1'', cache => %L)'),
		('SELECT update_cached_events(uuid ''00000000-0000-4000-8000-0000000000f1'', ''drums'', kit.timeline(9),
			''00000000-0000-4000-8000-0000000000aa'', cache => %L)')) v (statement);
SELECT is(kit.attempt('ann', format('SELECT count(*) FROM event_cache_partitioned WHERE tableoid = %L::regclass', kit.leaf_of('ann'))), '4', 'the parent lets ann read from it');

-- a leaf is taken off, changed and put back
SELECT kit.leaf_of('ann') AS leaf, substr(kit.leaf_of('ann'), 18) AS remainder \gset
ALTER TABLE event_cache_partitioned DETACH PARTITION :leaf;
SELECT is(kit.get(), 'admin ann anon bob ed link nobody service vera: f/0', 'the leaf with her rows is detached');
SELECT matches(kit.attempt('ann', 'SELECT update_cached_events(uuid ''00000000-0000-4000-8000-0000000000f1'', ''drums'', kit.timeline(9),
		''00000000-0000-4000-8000-0000000000aa'', cache => ''event_cache_partitioned'')', 'event_cache_partitioned'),
	'^23514 no partition found for row', 'there is no place for a row of ann');
DELETE FROM :leaf WHERE analysis_version = '2.0';
ALTER TABLE event_cache_partitioned ATTACH PARTITION :leaf FOR VALUES WITH (MODULUS 2, REMAINDER :remainder);
SELECT is(kit.get(), 'admin ann ed link service vera: 1/t/2, anon bob nobody: f/0', 'it is attached again, with a row less');
ALTER TABLE :leaf ENABLE ROW LEVEL SECURITY;
SELECT is(kit.get(), 'admin ann ed link service vera: 1/t/2, anon bob nobody: f/0', 'policies of a leaf, here none, do not count through the parent');
GRANT SELECT ON :leaf TO authenticated;
SELECT is(kit.attempt('ann', format('SELECT is_cached(uuid ''00000000-0000-4000-8000-0000000000f1'', ''drums'', cache => %L)', :'leaf')), 'false', 'they do if it is named itself');
ALTER TABLE event_cache_partitioned DISABLE ROW LEVEL SECURITY;
SELECT is(kit.get(), 'admin ann anon bob ed link nobody service vera: 1/t/2', 'row-level security of the parent is disabled: everyone reads');
ALTER TABLE event_cache_partitioned ENABLE ROW LEVEL SECURITY;
SELECT is(kit.get(), 'admin ann ed link service vera: 1/t/2, anon bob nobody: f/0', 'and enabled');
SELECT is(kit.plans() - :plans_before, 4::bigint, 'with the same plans: the new ones are of other statements');

-- an inheritance child: read through its parent under the parent's policies
SET LOCAL ROLE project_admin;
CREATE TABLE archive () INHERITS (event_cache_typed);
RESET ROLE;
REVOKE ALL ON archive FROM anon, authenticated, service_role;
INSERT INTO archive SELECT * FROM event_cache_typed WHERE stem_type = 'drums' AND file_metadata_id = :song;
UPDATE archive SET analysis_version = '3.0', event_data = kit.timeline(30), created_at = now() WHERE analysis_version = '2.0';
SELECT is(kit.get('event_cache_typed'), 'admin ann ed link service vera: 30/t/5, anon bob nobody: f/0', 'rows of a child come with the parent''s');
SELECT is(kit.attempt('bob', 'SELECT is_cached(uuid ''00000000-0000-4000-8000-0000000000f1'', ''drums'', cache => ''archive'')'), '42501 permission denied for table archive', 'the child itself is out of reach');

SELECT * FROM finish();
ROLLBACK;
