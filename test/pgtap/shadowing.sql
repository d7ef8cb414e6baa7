-- Objects with the names that the extension uses, put in front of the real ones: by somebody else
-- in a schema of the search path, by the user in the session's temporary schema.
\ir include/setup.sql

-- The statements under test name everything in full: their own names are not the question here.
SELECT
	$$SELECT pg_catalog.concat_ws('/',
		extensions.duration(extensions.get_cached_events('00000000-0000-4000-8000-0000000000f1'::pg_catalog.uuid, 'drums')),
		extensions.is_cached('00000000-0000-4000-8000-0000000000f1'::pg_catalog.text, 'drums'::pg_catalog.text),
		(SELECT pg_catalog.count(*) FROM extensions.get_all_cached_events_for_file('00000000-0000-4000-8000-0000000000f1'::pg_catalog.uuid)))$$ AS get,
	$$SELECT extensions.update_cached_events('00000000-0000-4000-8000-0000000000f1'::pg_catalog.uuid, 'drums',
		'{"duration": 9, "sampleRate": 1}'::extensions.audio_timeline, '00000000-0000-4000-8000-0000000000aa'::pg_catalog.uuid, '1.0',
		'public.audio_event_cache'::pg_catalog.regclass)$$ AS put,
	$$SELECT extensions.delete_cached_events('00000000-0000-4000-8000-0000000000f1'::pg_catalog.uuid, 'bass')$$ AS remove
\gset
\set get_usual '\'admin ann ed link service vera: 2/t/3, anon bob nobody: f/0\''
\set put_usual '\'admin ann service: +ann/song/drums/1.0=9 -ann/song/drums/1.0=1, anon bob ed link nobody vera: 42501 new row violates row-level security policy\''
\set remove_usual '\'admin ann service: 1 -ann/song/bass/1.0=3, anon bob ed link nobody vera: 0\''

-- with_path: everyone's answers to a statement under a search path; the tests' own calls have theirs.
CREATE FUNCTION kit.with_path(path text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answers text;
BEGIN
	SELECT string_agg(people || ': ' || answer, ', ' ORDER BY people) INTO answers FROM (
		SELECT string_agg(name, ' ' ORDER BY name), answer
		FROM (SELECT name, kit.attempt(name, format('SELECT kit.run_with_path(%L, %L)', path, statement)) FROM kit.people) a (name, answer)
		GROUP BY answer) g (people, answer);
	RETURN answers;
END $$;
CREATE FUNCTION kit.run_with_path(path text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	before text := pg_catalog.current_setting('search_path');
	answer text;
BEGIN
	PERFORM pg_catalog.set_config('search_path', path, true);
	EXECUTE statement INTO answer;
	PERFORM pg_catalog.set_config('search_path', before, true);
	RETURN answer;
END $$;

-- hostile: what a stranger may have put into a schema of the search path. Whoever runs one of the
-- functions notices.
CREATE SCHEMA hostile;
GRANT USAGE ON SCHEMA hostile TO PUBLIC;
CREATE TABLE hostile.audio_event_cache (LIKE audio_event_cache INCLUDING ALL);
CREATE TABLE hostile.file_metadata (LIKE file_metadata INCLUDING ALL);
CREATE TABLE hostile.project_collaborators (LIKE project_collaborators INCLUDING ALL);
GRANT ALL ON ALL TABLES IN SCHEMA hostile TO PUBLIC;
INSERT INTO hostile.file_metadata SELECT * FROM file_metadata;
INSERT INTO hostile.audio_event_cache (user_id, file_metadata_id, stem_type, event_data) VALUES (:bob, :song, 'drums', '{"duration": 666, "sampleRate": 1}');
DO $$
DECLARE
	type_name text;
	operator text;
BEGIN
	FOREACH type_name IN ARRAY '{uuid,text,jsonb,json,timestamp,timestamptz,integer,boolean,extensions.audio_timeline}'::text[] LOOP
		EXECUTE format('CREATE FUNCTION hostile.compare(%1$s, %1$s) RETURNS boolean LANGUAGE plpgsql AS $f$ BEGIN RAISE ''hostile''; END $f$', type_name);
		FOREACH operator IN ARRAY '{=,<>,<,<=,>,>=}'::text[] LOOP
			EXECUTE format('CREATE OPERATOR hostile.%1$s (FUNCTION = hostile.compare, LEFTARG = %2$s, RIGHTARG = %2$s)', operator, type_name);
		END LOOP;
	END LOOP;
	FOREACH type_name IN ARRAY '{uuid,text,jsonb,json,regclass,audio_timeline,bool,int4,float8,timestamp,timestamptz}'::text[] LOOP
		EXECUTE format('CREATE DOMAIN hostile.%I AS pg_catalog.bytea', type_name);
	END LOOP;
END $$;
CREATE FUNCTION hostile.to_regclass(pg_catalog.text) RETURNS pg_catalog.regclass LANGUAGE plpgsql AS $$ BEGIN RAISE 'hostile'; END $$;
CREATE FUNCTION hostile.uid() RETURNS pg_catalog.uuid LANGUAGE plpgsql AS $$ BEGIN RAISE 'hostile'; END $$;
CREATE FUNCTION hostile.now() RETURNS pg_catalog.timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE 'hostile'; END $$;
CREATE FUNCTION hostile.audio_timeline_from_jsonb(pg_catalog.jsonb) RETURNS extensions.audio_timeline LANGUAGE plpgsql AS $$ BEGIN RAISE 'hostile'; END $$;
CREATE FUNCTION hostile.audio_timeline_to_jsonb(extensions.audio_timeline) RETURNS pg_catalog.jsonb LANGUAGE plpgsql AS $$ BEGIN RAISE 'hostile'; END $$;

CREATE TABLE kit.paths AS
	SELECT path FROM unnest(ARRAY['public, extensions', '""', 'pg_temp', 'no_such_schema',
		'hostile, pg_catalog, public, extensions', 'pg_temp, hostile, public, extensions, pg_catalog']) path;

SELECT plan(29);

-- any search path: the same answers
SELECT is(kit.with_path(path, :'get'), :get_usual, 'reading, search_path = ' || path) FROM kit.paths;
SELECT is(kit.with_path(path, :'put'), :put_usual, 'writing, search_path = ' || path) FROM kit.paths;
SELECT is(kit.with_path(path, :'remove'), :remove_usual, 'deleting, search_path = ' || path) FROM kit.paths;
SELECT is(kit.attempt('ann', $$SELECT kit.run_with_path('hostile, pg_catalog', $q$SELECT 'a'::pg_catalog.text = 'b'::pg_catalog.text$q$)$$),
	'P0001 hostile', 'the hostile operators are there: SQL that does not qualify its own runs into them');
SELECT is(kit.attempt('ann', $$SELECT kit.run_with_path('hostile, pg_catalog', 'SELECT extensions.duration(event_data::extensions.audio_timeline) FROM audio_event_cache')$$),
	'666', 'and so are the hostile tables');

-- The same as temporary objects, which anybody may make in a session that others use later. The
-- tests themselves look there last.
SET LOCAL search_path = public, extensions, pg_temp;
GRANT TEMPORARY ON DATABASE :"DBNAME" TO PUBLIC;
SELECT kit.be('bob') \g /dev/null
CREATE TEMPORARY TABLE audio_event_cache (LIKE public.audio_event_cache INCLUDING ALL);
INSERT INTO pg_temp.audio_event_cache (user_id, file_metadata_id, stem_type, event_data)
	VALUES (:bob, :song, 'drums', '{"duration": 777, "sampleRate": 1}');
GRANT ALL ON pg_temp.audio_event_cache TO PUBLIC;
CREATE TEMPORARY VIEW file_metadata AS SELECT :song::uuid AS id, :bob::uuid AS user_id, NULL::uuid AS project_id;
GRANT ALL ON pg_temp.file_metadata TO PUBLIC;
CREATE TEMPORARY TABLE project_collaborators (project_id uuid, user_id uuid, role text);
CREATE DOMAIN pg_temp.uuid AS bytea;
CREATE DOMAIN pg_temp.text AS bytea;
CREATE DOMAIN pg_temp.audio_timeline AS bytea;
CREATE FUNCTION pg_temp.get_cached_events(pg_catalog.uuid, pg_catalog.text) RETURNS float8 LANGUAGE sql AS 'SELECT 777::float8';
CREATE OPERATOR pg_temp.= (FUNCTION = pg_catalog.uuid_ne, LEFTARG = pg_catalog.uuid, RIGHTARG = pg_catalog.uuid);
SELECT kit.be_tester() \g /dev/null
SELECT is(kit.with_path(path, :'get'), :get_usual, 'temporary objects: reading, search_path = ' || path) FROM kit.paths;
SELECT is(kit.with_path('pg_temp, public, extensions', :'put'), :put_usual, 'temporary objects: writing');
SELECT is(kit.with_path('pg_temp, public, extensions', :'remove'), :remove_usual, 'temporary objects: deleting');
SELECT is(kit.attempt('ann', $$SELECT kit.run_with_path('public, extensions', 'SELECT event_data ->> ''duration'' FROM audio_event_cache')$$), '777', 'the temporary table is there: it hides the real one from SQL that does not qualify');

SELECT * FROM finish();
ROLLBACK;
