-- Policies and row-level security itself change between two calls of saved plans, however the
-- plans are made: the next call follows.
\ir include/setup.sql

-- Who gets what, through a read and a list; both have a plan of their own.
CREATE FUNCTION kit.get() RETURNS text LANGUAGE sql AS $$
	SELECT kit.everyone($q$SELECT format('%s/%s', duration(get_cached_events(uuid '00000000-0000-4000-8000-0000000000f1', 'drums')),
		(SELECT count(*) FROM get_all_cached_events_for_file('00000000-0000-4000-8000-0000000000f1')))$q$)
$$;
CREATE FUNCTION kit.put() RETURNS text LANGUAGE sql AS $$
	SELECT kit.everyone($q$SELECT update_cached_events('00000000-0000-4000-8000-0000000000f1', 'drums', kit.timeline(9),
		'00000000-0000-4000-8000-0000000000aa')$q$)
$$;
CREATE FUNCTION kit.remove() RETURNS text LANGUAGE sql AS $$
	SELECT kit.everyone($q$SELECT delete_cached_events('00000000-0000-4000-8000-0000000000f1', 'bass')$q$)
$$;
\set usual '\'admin ann ed link service vera: 2/3, anon bob nobody: /0\''
\set put_usual '\'admin ann service: +ann/song/drums/1.0=9 -ann/song/drums/1.0=1, anon bob ed link nobody vera: 42501 new row violates row-level security policy\''
\set remove_usual '\'admin ann service: 1 -ann/song/bass/1.0=3, anon bob ed link nobody vera: 0\''

SELECT plan(40);

SELECT is(kit.get(), :usual, 'reading, to begin with');
SELECT is(kit.put(), :put_usual, 'writing, to begin with');
SELECT is(kit.remove(), :remove_usual, 'deleting, to begin with');
SELECT kit.plans() AS plans_before \gset

-- permissive policies come, change and go
CREATE POLICY everyone ON audio_event_cache FOR SELECT USING (true);
SELECT is(kit.get(), 'admin ann anon bob ed link nobody service vera: 2/3', 'a policy opens all rows to read');
SELECT is(kit.remove(), :remove_usual, 'it is not one for deleting');
ALTER POLICY everyone ON audio_event_cache USING (analysis_version = '1.0');
SELECT is(kit.get(), 'admin ann ed link service vera: 2/3, anon bob nobody: 1/2', 'it is altered: some rows only');
ALTER POLICY everyone ON audio_event_cache TO anon;
SELECT is(kit.get(), 'admin ann ed link service vera: 2/3, anon: 1/2, bob nobody: /0', 'it is altered: for anon only');
ALTER POLICY everyone ON audio_event_cache RENAME TO no_name;
DROP POLICY no_name ON audio_event_cache;
SELECT is(kit.get(), :usual, 'it is dropped');

CREATE POLICY writers ON audio_event_cache TO authenticated USING (true) WITH CHECK (true);
SELECT is(kit.put(), 'admin ann bob ed nobody service vera: +ann/song/drums/1.0=9 -ann/song/drums/1.0=1, '
	|| 'anon link: 42501 new row violates row-level security policy', 'a policy lets all users write');
SELECT is(kit.remove(), 'admin ann bob ed nobody service vera: 1 -ann/song/bass/1.0=3, anon link: 0', 'and delete');
ALTER POLICY writers ON audio_event_cache WITH CHECK (event_data ->> 'duration' <> '9');
SELECT is(kit.put(), :put_usual, 'it is altered: its check looks at what is written');
DROP POLICY writers ON audio_event_cache;
SELECT is(kit.put(), :put_usual, 'it is dropped');
SELECT is(kit.remove(), :remove_usual, 'for deleting too');

-- restrictive policies take away
CREATE POLICY no_drums ON audio_event_cache AS RESTRICTIVE FOR SELECT USING (stem_type <> 'drums');
SELECT is(kit.get(), 'admin service: 2/3, ann ed link vera: /1, anon bob nobody: /0', 'a restrictive policy hides the drums');
ALTER POLICY no_drums ON audio_event_cache TO anon;
SELECT is(kit.get(), 'admin ann ed service vera: 2/3, anon bob nobody: /0, link: /1', 'it is altered: from anon only');
DROP POLICY no_drums ON audio_event_cache;
SELECT is(kit.get(), :usual, 'it is dropped');
DROP POLICY shared ON audio_event_cache;
SELECT is(kit.get(), 'admin ann service: 2/3, anon bob ed link nobody vera: /0', 'the policy that shares is dropped');

-- row-level security is switched off and on
ALTER TABLE audio_event_cache DISABLE ROW LEVEL SECURITY;
SELECT is(kit.get(), 'admin ann anon bob ed link nobody service vera: 2/3', 'it is disabled: everyone reads');
SELECT is(kit.put(), 'admin ann anon bob ed link nobody service vera: +ann/song/drums/1.0=9 -ann/song/drums/1.0=1', 'and writes');
SELECT is(kit.remove(), 'admin ann anon bob ed link nobody service vera: 1 -ann/song/bass/1.0=3', 'and deletes');
ALTER TABLE audio_event_cache ENABLE ROW LEVEL SECURITY;
SELECT is(kit.get(), 'admin ann service: 2/3, anon bob ed link nobody vera: /0', 'it is enabled: as before');
SELECT is(kit.put(), :put_usual, 'for writing too');
SELECT is(kit.remove(), :remove_usual, 'and for deleting');
ALTER TABLE file_metadata DISABLE ROW LEVEL SECURITY;
CREATE POLICY shared ON audio_event_cache FOR SELECT TO anon, authenticated
	USING (EXISTS (SELECT FROM public.file_metadata f WHERE f.id = file_metadata_id));
SELECT is(kit.get(), 'admin ann anon bob ed link nobody service vera: 2/3', 'it is disabled on a table that a policy reads');
ALTER TABLE file_metadata ENABLE ROW LEVEL SECURITY;
SELECT is(kit.get(), :usual, 'and enabled there');

-- the owner: bound only if it is forced, and then only without BYPASSRLS
ALTER TABLE audio_event_cache FORCE ROW LEVEL SECURITY;
SELECT is(kit.get(), :usual, 'forced: an owner with BYPASSRLS still sees everything');
CREATE ROLE plain_owner;
GRANT USAGE ON SCHEMA extensions, auth TO plain_owner;
GRANT SELECT ON file_metadata, project_collaborators, project_shares TO plain_owner;
ALTER TABLE audio_event_cache OWNER TO plain_owner;
GRANT ALL ON audio_event_cache TO project_admin;
INSERT INTO kit.people VALUES ('owner', NULL, 'plain_owner', NULL);
SELECT is(kit.get(), 'admin ann ed link service vera: 2/3, anon bob nobody owner: /0', 'forced: another owner sees nothing');
SELECT matches(kit.put(), 'owner[^,:]*: 42501 new row violates row-level security policy', 'and writes nothing');
ALTER TABLE audio_event_cache NO FORCE ROW LEVEL SECURITY;
SELECT is(kit.get(), 'admin ann ed link owner service vera: 2/3, anon bob nobody: /0', 'not forced: that owner sees everything');
SELECT is(kit.remove(), 'admin ann owner service: 1 -ann/song/bass/1.0=3, anon bob ed link nobody vera: 0', 'and deletes it');
ALTER TABLE audio_event_cache OWNER TO project_admin;
DELETE FROM kit.people WHERE name = 'owner';
SELECT is(kit.get(), :usual, 'the former owner is back');
SELECT is(kit.plans(), :plans_before::bigint, 'all that with the same plans');

-- plans that are made once for all, or anew for each call
SET LOCAL plan_cache_mode = force_generic_plan;
SELECT is(kit.get(), :usual, 'force_generic_plan: reading');
SELECT is(kit.put(), :put_usual, 'force_generic_plan: writing');
SELECT is(kit.remove(), :remove_usual, 'force_generic_plan: deleting');
SET LOCAL plan_cache_mode = force_custom_plan;
SELECT is(kit.get(), :usual, 'force_custom_plan: reading');
SELECT is(kit.put(), :put_usual, 'force_custom_plan: writing');
SELECT is(kit.remove(), :remove_usual, 'force_custom_plan: deleting');
DROP POLICY own ON audio_event_cache;
SELECT is(kit.get(), 'admin ann ed link service vera: 2/3, anon bob nobody: /0', 'a plan for one call: a policy is dropped');
SET LOCAL plan_cache_mode = force_generic_plan;
DROP POLICY shared ON audio_event_cache;
SELECT is(kit.get(), 'admin service: 2/3, ann anon bob ed link nobody vera: /0', 'a plan for all calls: the other one is dropped');

SELECT * FROM finish();
ROLLBACK;
