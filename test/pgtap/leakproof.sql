-- Accessors are LEAKPROOF, so that an index on one serves a user under row-level security too; a
-- function that is not can neither use its index nor see another's row.
\ir include/setup.sql

SET LOCAL ROLE project_admin;
CREATE TABLE library (
	id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	user_id uuid NOT NULL,
	event_data audio_timeline NOT NULL
);
ALTER TABLE library ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON library TO authenticated USING (user_id = (SELECT auth.uid()));
-- The same accessor, not marked LEAKPROOF.
CREATE FUNCTION plain_duration(audio_timeline) RETURNS float8 LANGUAGE plpgsql IMMUTABLE STRICT AS 'BEGIN RETURN duration($1); END';
CREATE INDEX library_duration ON library (duration(event_data));
CREATE INDEX library_plain_duration ON library (plain_duration(event_data));
CREATE INDEX library_sample_rate ON library (sample_rate(event_data));
CREATE INDEX library_onsets ON library (num_events(event_data, 'onset'));
CREATE INDEX library_kinds ON library (num_events(event_data, ARRAY['onset', 'type 12']));
CREATE INDEX library_events ON library (num_events(event_data));
CREATE INDEX library_markers ON library (num_markers(event_data));
CREATE INDEX library_type ON library (((event_types(event_data))[2]));
CREATE INDEX library_marker_type ON library (((marker_types(event_data))[1]));
CREATE INDEX library_feature ON library (((feature_names(event_data))[1]));
CREATE INDEX library_value ON library USING hash (event_data);
RESET ROLE;

-- 2000 timelines, every third one ann's; number n lasts n seconds.
INSERT INTO library (user_id, event_data)
	SELECT CASE n % 3 WHEN 0 THEN :ann::uuid ELSE :bob::uuid END,
		jsonb_build_object('duration', n, 'sampleRate', 8000 + n, 'events',
			(SELECT jsonb_agg(jsonb_build_object('timestamp', i / 1000.0, 'type', CASE i WHEN 0 THEN 'type ' || n ELSE 'onset' END)) FROM generate_series(0, n) i WHERE n <= 30 OR i <= 1),
			'markers', CASE WHEN n = 6 THEN '[{"timestamp": 1, "type": "beat"}]'::jsonb ELSE '[]' END,
			'features', CASE WHEN n = 6 THEN '{"rms": {"hop": 512, "values": [0.5]}}'::jsonb ELSE '{}' END)::audio_timeline
	FROM generate_series(1, 2000) n;
ANALYZE library;

-- plan_of: the plan of a query as somebody.
CREATE FUNCTION kit.plan_of(who text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	plan text := '';
BEGIN
	PERFORM kit.be(who);
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		plan := plan || line || E'\n';
	END LOOP;
	PERFORM kit.be_tester();
	RETURN plan;
END $$;

-- A query by each accessor: the index that serves it, and the rows that ann and bob find.
CREATE TABLE kit.queries (condition text, index_name text, ann text, bob text);
INSERT INTO kit.queries VALUES
	('duration(event_data) = 30', 'library_duration', '30', 'NULL'),
	('duration(event_data) BETWEEN 29 AND 32', 'library_duration', '30', '29 31 32'),
	('sample_rate(event_data) = 8031', 'library_sample_rate', 'NULL', '31'),
	('num_events(event_data, ''onset'') = 12', 'library_onsets', '12', 'NULL'),
	('num_events(event_data, ARRAY[''onset'', ''type 12'']) = 13', 'library_kinds', '12', '13'),
	('num_events(event_data) = 12', 'library_events', 'NULL', '11'),
	('num_markers(event_data) = 1', 'library_markers', '6', 'NULL'),
	('(event_types(event_data))[2] = ''type 7''', 'library_type', 'NULL', '7'),
	('(marker_types(event_data))[1] = ''beat''', 'library_marker_type', '6', 'NULL'),
	('(feature_names(event_data))[1] = ''rms''', 'library_feature', '6', 'NULL'),
	('event_data = (SELECT event_data FROM kit.sample)', 'library_value', '6', 'NULL');
CREATE TABLE kit.sample AS SELECT event_data FROM library WHERE id = 6;
GRANT SELECT ON kit.sample TO PUBLIC;
CREATE VIEW kit.asked AS SELECT *, format('SELECT string_agg(id::text, '' '' ORDER BY id) FROM library WHERE %s', condition) AS query FROM kit.queries;

SELECT plan(49);

SELECT matches(kit.plan_of('ann', query), index_name, 'the index serves ann: ' || condition) FROM kit.asked;
SELECT is(kit.attempt('ann', query), ann, 'what ann finds: ' || condition) FROM kit.asked;
SELECT is(kit.attempt('bob', query), bob, 'what bob finds: ' || condition) FROM kit.asked;
SELECT is(kit.attempt('anon', query), 'NULL', 'what anon finds: ' || condition) FROM kit.asked;

-- the same without LEAKPROOF
SELECT doesnt_match(kit.plan_of('ann', 'SELECT count(*) FROM library WHERE plain_duration(event_data) = 30'), 'library_plain_duration',
	'an index on a function that is not LEAKPROOF does not serve ann');
SELECT matches(kit.plan_of('service', 'SELECT count(*) FROM library WHERE plain_duration(event_data) = 30'), 'library_plain_duration',
	'though it would serve one whom no policy binds');

-- A function of bob's that tells what it gets to see, cheaper than anything else in the condition.
CREATE FUNCTION public.spy(audio_timeline) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$
BEGIN
	PERFORM set_config('spy.seen', current_setting('spy.seen', true) || ' ' || duration($1), true);
	RETURN true;
END $$;
-- spied: how many rows it saw, and how many of those were not bob's.
CREATE FUNCTION kit.spied(condition text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('spy.seen', '', true);
	PERFORM kit.value_as('bob', 'SELECT count(*) FROM public.library WHERE ' || condition);
	RETURN (SELECT format('%s, not his: %s', count(*), count(*) FILTER (WHERE seen::integer % 3 = 0))
		FROM regexp_split_to_table(trim(current_setting('spy.seen')), ' ') seen WHERE seen <> '');
END $$;
GRANT EXECUTE ON FUNCTION public.spy(audio_timeline) TO PUBLIC;
SELECT is(kit.spied(condition), seen, 'a spy in the condition: ' || condition) FROM (VALUES
	('spy(event_data)', '1334, not his: 0'),
	('spy(event_data) AND duration(event_data) BETWEEN 29 AND 32', '3, not his: 0'),
	('spy(event_data) AND spy(event_data)', '2668, not his: 0')) v (condition, seen);

SELECT * FROM finish();
ROLLBACK;
