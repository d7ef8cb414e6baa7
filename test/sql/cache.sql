-- The six cache operations, on every shape of table they take.
-- Row-level security as applications use it is tested in test/pgtap.
CREATE SCHEMA cache_test;
SET search_path = cache_test, public;
SET timezone = 'UTC';
SET datestyle = 'ISO';

-- volatility and safety: what reads is STABLE and PARALLEL RESTRICTED; none is STRICT, none changes the user
SELECT proname, count(*), provolatile, proparallel, proisstrict, prosecdef
	FROM pg_proc WHERE proname ~ 'cached|^cache_events$' AND pronamespace = 'public'::regnamespace
	GROUP BY proname, provolatile, proparallel, proisstrict, prosecdef ORDER BY proname;

CREATE TABLE uuid_jsonb (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	user_id uuid,
	file_metadata_id uuid NOT NULL,
	stem_type text NOT NULL,
	event_data jsonb NOT NULL,
	analysis_version text NOT NULL DEFAULT '1.0',
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	UNIQUE (file_metadata_id, stem_type, analysis_version)
);
CREATE TABLE uuid_json (LIKE uuid_jsonb INCLUDING ALL);
ALTER TABLE uuid_json ALTER event_data TYPE json;
CREATE TABLE uuid_typed (LIKE uuid_jsonb INCLUDING ALL);
ALTER TABLE uuid_typed ALTER event_data TYPE audio_timeline USING event_data::audio_timeline;

CREATE TABLE text_jsonb (LIKE uuid_jsonb INCLUDING ALL);
ALTER TABLE text_jsonb ALTER file_metadata_id TYPE text, ALTER user_id TYPE varchar(40),
	ALTER stem_type TYPE varchar(40), ALTER created_at TYPE timestamp;
CREATE TABLE text_typed (LIKE text_jsonb INCLUDING ALL);
ALTER TABLE text_typed ALTER event_data TYPE audio_timeline USING event_data::audio_timeline;

CREATE DOMAIN file_key AS uuid;
CREATE DOMAIN timeline_document AS jsonb CHECK (jsonb_typeof(VALUE) = 'object');
CREATE TABLE "Domain's cache" (LIKE uuid_jsonb INCLUDING ALL);
ALTER TABLE "Domain's cache" ALTER file_metadata_id TYPE file_key, ALTER event_data TYPE timeline_document;

CREATE TABLE partitioned (LIKE uuid_typed INCLUDING DEFAULTS) PARTITION BY HASH (user_id);
ALTER TABLE partitioned ADD PRIMARY KEY (user_id, file_metadata_id, stem_type, analysis_version);
CREATE TABLE partition_0 PARTITION OF partitioned FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE partition_1 PARTITION OF partitioned FOR VALUES WITH (MODULUS 2, REMAINDER 1);

-- a view on a view on a table whose columns have other names and another order
CREATE TABLE below_view (
	document audio_timeline NOT NULL, dropped int, version text NOT NULL DEFAULT '1.0', part text NOT NULL,
	file uuid NOT NULL, owner uuid, made timestamptz DEFAULT now(), changed timestamptz DEFAULT now(),
	UNIQUE (part, version, file));
ALTER TABLE below_view DROP dropped;
CREATE VIEW lower_view WITH (security_invoker) AS
	SELECT file AS the_file, part, document, version, owner, made, changed FROM below_view;
CREATE VIEW upper_view WITH (security_invoker) AS
	SELECT owner AS user_id, the_file AS file_metadata_id, part AS stem_type, document AS event_data,
		version AS analysis_version, made AS created_at, changed AS updated_at FROM lower_view;

-- One tour through all operations, the same for every table: the ids tell uuid from text.
CREATE FUNCTION tour(cache regclass, file anyelement, owner anyelement, stranger anyelement)
	RETURNS TABLE (step text, answer text) LANGUAGE plpgsql AS $$
DECLARE
	first_take jsonb := '{"events":[{"timestamp":0,"type":"onset","amplitude":0.8},{"timestamp":1.5,"type":"onset","amplitude":0.6},{"timestamp":3.2,"type":"onset","amplitude":0.9}],"duration":5.0,"sampleRate":44100}';
	second_take jsonb := '{"duration": 6, "sampleRate": 48000, "anyOtherKey": [null, "kept"]}';
BEGIN
	step := 'miss'; answer := get_cached_events(file, 'drums', cache => tour.cache)::text; RETURN NEXT;
	step := 'is_cached'; answer := is_cached(file, 'drums', cache => tour.cache); RETURN NEXT;
	PERFORM cache_events(file, 'drums', first_take::audio_timeline, owner, cache => tour.cache);
	step := 'is_cached'; answer := is_cached(file, 'drums', cache => tour.cache); RETURN NEXT;
	step := 'get: as put'; answer := get_cached_events(file, 'drums', cache => tour.cache)::jsonb = first_take; RETURN NEXT;
	step := 'get, as its user'; answer := get_cached_events(file, 'drums', owner, '1.0', tour.cache) IS NOT NULL; RETURN NEXT;
	step := 'get, as a stranger'; answer := get_cached_events(file, 'drums', stranger, cache => tour.cache) IS NOT NULL; RETURN NEXT;
	step := 'get, other version'; answer := get_cached_events(file, 'drums', NULL, '2', tour.cache) IS NOT NULL; RETURN NEXT;
	step := 'is_cached, other stem'; answer := is_cached(file, 'bass', cache => tour.cache); RETURN NEXT;
	PERFORM update_cached_events(file, 'drums', second_take::audio_timeline, owner, cache => tour.cache);
	PERFORM update_cached_events(file, 'drums', first_take::audio_timeline, owner, '2', tour.cache);
	PERFORM update_cached_events(file, 'bass', second_take::audio_timeline, owner, '2', tour.cache);
	FOR step, answer IN SELECT format('all: %s %s: as put', stem_type, a.analysis_version),
		timeline::jsonb = CASE format('%s %s', stem_type, a.analysis_version) WHEN 'drums 2' THEN first_take ELSE second_take END
		FROM get_all_cached_events_for_file(file, cache => tour.cache) a
	LOOP
		RETURN NEXT;
	END LOOP;
	step := 'all, as a stranger'; answer := count(*) FROM get_all_cached_events_for_file(file, stranger, tour.cache); RETURN NEXT;
	step := 'delete, as a stranger'; answer := delete_cached_events(file, user_id => stranger, cache => tour.cache); RETURN NEXT;
	step := 'delete, one version'; answer := delete_cached_events(file, 'drums', owner, '2', tour.cache); RETURN NEXT;
	step := 'delete, one stem'; answer := delete_cached_events(file, 'drums', cache => tour.cache); RETURN NEXT;
	step := 'delete, the rest'; answer := delete_cached_events(file, cache => tour.cache); RETURN NEXT;
	step := 'delete, nothing left'; answer := delete_cached_events(file, cache => tour.cache); RETURN NEXT;
END $$;

SELECT * FROM tour('uuid_jsonb', uuid '00000000-0000-0000-0000-00000000000f', uuid '00000000-0000-0000-0000-00000000000a', uuid '00000000-0000-0000-0000-00000000000b');

-- Every other table gives the same answers, whether ids are passed as uuid or as text.
CREATE TABLE answers AS
	SELECT row_number() OVER () AS place, t.* FROM tour('uuid_jsonb', uuid '00000000-0000-0000-0000-00000000000f', uuid '00000000-0000-0000-0000-00000000000a', uuid '00000000-0000-0000-0000-00000000000b') t;
CREATE FUNCTION tour_differs(cache regclass, file anyelement, owner anyelement, stranger anyelement) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FILTER (WHERE a.answer IS DISTINCT FROM t.answer OR a.step IS DISTINCT FROM t.step)
	FROM answers a FULL JOIN ROWS FROM (tour(tour_differs.cache, file, owner, stranger)) WITH ORDINALITY AS t(step, answer, place) USING (place) $$;

SELECT cache, tour_differs(cache, uuid '00000000-0000-0000-0000-00000000000f', uuid '00000000-0000-0000-0000-00000000000a', uuid '00000000-0000-0000-0000-00000000000b') AS by_uuid,
	tour_differs(cache, text '00000000-0000-0000-0000-00000000000f', text '00000000-0000-0000-0000-00000000000a', text '00000000-0000-0000-0000-00000000000b') AS by_text
	FROM unnest('{uuid_json,uuid_typed,text_jsonb,text_typed,"\"Domain''s cache\"",partitioned,upper_view}'::regclass[]) AS cache;
SELECT cache, tour_differs(cache, text 'song 1', text 'ann', text 'bob') AS by_text
	FROM unnest('{text_jsonb,text_typed}'::regclass[]) AS cache;

-- a row of the partitioned table is in a leaf, and an unadorned literal takes the text overload
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'piano', '{"duration": 1, "sampleRate": 8000}', '00000000-0000-0000-0000-00000000000a', cache => 'partitioned');
SELECT tableoid::regclass IN ('partition_0', 'partition_1') AS in_leaf, duration(event_data) FROM partitioned;

-- a value too large for its page, through every type of column
CREATE TABLE large AS SELECT jsonb_build_object('duration', 60, 'sampleRate', 8000, 'metadata',
	jsonb_build_object('noise', jsonb_agg(md5(n::text)))) AS document FROM generate_series(1, 10000) n;
SELECT cache, update_cached_events(uuid '00000000-0000-0000-0000-00000000000c', 'large', document::audio_timeline, uuid '00000000-0000-0000-0000-00000000000a', cache => cache)::text AS put
	FROM large, unnest('{uuid_jsonb,uuid_json,uuid_typed,upper_view}'::regclass[]) AS cache;
SELECT cache, get_cached_events(uuid '00000000-0000-0000-0000-00000000000c', 'large', cache => cache)::jsonb = document AS same,
	(SELECT timeline::jsonb FROM get_all_cached_events_for_file(uuid '00000000-0000-0000-0000-00000000000c', cache => cache)) = document AS same_in_all
	FROM large, unnest('{uuid_jsonb,uuid_json,uuid_typed,upper_view}'::regclass[]) AS cache;
SELECT cache, delete_cached_events(uuid '00000000-0000-0000-0000-00000000000c', cache => cache)
	FROM unnest('{uuid_jsonb,uuid_json,uuid_typed,upper_view}'::regclass[]) AS cache;

-- a list that does not fit in memory
CREATE TABLE long_list (LIKE uuid_jsonb INCLUDING ALL);
INSERT INTO long_list (file_metadata_id, stem_type, event_data) SELECT '00000000-0000-0000-0000-00000000000c', n::text, jsonb_build_object('duration', n, 'sampleRate', 1, 'metadata', jsonb_build_object('m', repeat(md5(n::text), 20))) FROM generate_series(1, 500) n;
SET work_mem = '64kB';
SELECT count(*), sum(duration(timeline)), bool_and(duration(timeline) = stem_type::integer) FROM get_all_cached_events_for_file('00000000-0000-0000-0000-00000000000c', cache => 'long_list');
RESET work_mem;

-- the newest version: by created_at, then updated_at, then the version itself; a null date is oldest
CREATE TABLE versions (LIKE uuid_jsonb INCLUDING ALL);
ALTER TABLE versions ALTER created_at DROP NOT NULL;
INSERT INTO versions (file_metadata_id, stem_type, event_data, analysis_version, created_at, updated_at)
	SELECT '00000000-0000-0000-0000-000000000001', stem, format('{"duration": %s, "sampleRate": 1}', place)::jsonb, version, created, updated
	FROM (VALUES
		('a', 1, '9', timestamptz '2024-01-01', timestamptz '2025-01-01'),
		('a', 2, '1', '2024-02-01', '2024-02-01'),
		('a', 3, '5', NULL, '2025-01-01'),
		('b', 4, '2', '2024-01-01', '2024-01-01'),
		('b', 5, '1', '2024-01-01', '2024-01-02'),
		('c', 6, '1', '2024-01-01', '2024-01-01'),
		('c', 7, '2', '2024-01-01', '2024-01-01')) v(stem, place, version, created, updated);
SELECT stem, duration(get_cached_events('00000000-0000-0000-0000-000000000001', stem, cache => 'versions')) AS newest
	FROM unnest('{a,b,c}'::text[]) AS stem;

-- NULL arguments: reads miss, writes say what is missing
SELECT get_cached_events(NULL::uuid, 'a', cache => 'versions') IS NULL AS file, get_cached_events(uuid '00000000-0000-0000-0000-000000000001', NULL, cache => 'versions') IS NULL AS stem,
	is_cached(NULL::uuid, 'a', cache => 'versions') AS file, is_cached(uuid '00000000-0000-0000-0000-000000000001', NULL, cache => 'versions') AS stem,
	delete_cached_events(NULL::text, cache => 'versions') AS deleted;
SELECT count(*) FROM get_all_cached_events_for_file(NULL::text, cache => 'versions');
SELECT cache_events(NULL::uuid, 'a', '{"duration": 1, "sampleRate": 1}', cache => 'versions');
SELECT cache_events(uuid '00000000-0000-0000-0000-000000000001', NULL, '{"duration": 1, "sampleRate": 1}', cache => 'versions');
SELECT cache_events(uuid '00000000-0000-0000-0000-000000000001', 'a', NULL, cache => 'versions');
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', NULL, cache => 'versions');

-- a row without data, where a table allows one: it is there, and holds no timeline
ALTER TABLE versions ALTER event_data DROP NOT NULL;
INSERT INTO versions (file_metadata_id, stem_type) VALUES ('00000000-0000-0000-0000-000000000002', 'a');
SELECT is_cached('00000000-0000-0000-0000-000000000002', 'a', cache => 'versions'),
	get_cached_events('00000000-0000-0000-0000-000000000002', 'a', cache => 'versions');
SELECT * FROM get_all_cached_events_for_file('00000000-0000-0000-0000-000000000002', cache => 'versions');

-- an upsert moves updated_at, and leaves created_at and user_id
INSERT INTO uuid_typed VALUES (DEFAULT, '00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-000000000001', 'a', '{"duration": 1, "sampleRate": 1}', '1.0', '2024-01-01', '2024-01-01');
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 2, "sampleRate": 1}', '00000000-0000-0000-0000-00000000000a', cache => 'uuid_typed');
SELECT user_id, created_at, updated_at > '2024-01-01' AS updated, duration(event_data) FROM uuid_typed;

-- A row of another user under a key without the user: it is not read, deleted or replaced for a user who is named.
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 3, "sampleRate": 1}', '00000000-0000-0000-0000-00000000000b', cache => 'uuid_typed');
SELECT user_id, duration(event_data) FROM uuid_typed;
CREATE FUNCTION attempt(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	EXECUTE statement INTO answer;
	RETURN coalesce(answer, 'NULL');
EXCEPTION WHEN unique_violation THEN
	RETURN SQLSTATE || regexp_replace(SQLERRM, ' "[^"]*"', '');
END $$;
-- others: "drums" is ann's, "bass" is nobody's; then what each operation answers, with the ids in the given type.
CREATE FUNCTION others(cache regclass, id_type regtype) RETURNS TABLE (step text, answer text) LANGUAGE plpgsql AS $$
DECLARE
	document text := $j$'{"duration": %s, "sampleRate": 1}'$j$;
	template text;
BEGIN
	FOR step, template IN VALUES
		('put, for ann', 'cache_events({file}, {drums}, {1}, {ann}, cache => {cache})'),
		('get, for bob', 'get_cached_events({file}, {drums}, {bob}, cache => {cache})'),
		('get the version, for bob', 'get_cached_events({file}, {drums}, {bob}, ''1.0'', {cache})'),
		('is_cached, for bob', 'is_cached({file}, {drums}, {bob}, cache => {cache})'),
		('all, for bob', '(SELECT count(*) FROM get_all_cached_events_for_file({file}, {bob}, {cache}))'),
		('delete, for bob', 'delete_cached_events({file}, {drums}, {bob}, cache => {cache})'),
		('delete all, for bob', 'delete_cached_events({file}, user_id => {bob}, cache => {cache})'),
		('put, for bob', 'cache_events({file}, {drums}, {2}, {bob}, cache => {cache})'),
		('upsert, for bob', 'update_cached_events({file}, {drums}, {3}, {bob}, cache => {cache})'),
		('upsert the version, for bob', 'update_cached_events({file}, {drums}, {4}, {bob}, ''1.0'', {cache})'),
		('get', 'duration(get_cached_events({file}, {drums}, cache => {cache}))'),
		('upsert, for ann', 'update_cached_events({file}, {drums}, {5}, {ann}, cache => {cache})'),
		('get, for ann', 'duration(get_cached_events({file}, {drums}, {ann}, cache => {cache}))'),
		('upsert, for no one', 'update_cached_events({file}, {drums}, {6}, cache => {cache})'),
		('get, for ann', 'duration(get_cached_events({file}, {drums}, {ann}, cache => {cache}))'),
		('put nobody''s', 'cache_events({file}, {bass}, {1}, cache => {cache})'),
		('get nobody''s, for bob', 'get_cached_events({file}, {bass}, {bob}, cache => {cache})'),
		('is_cached nobody''s, for bob', 'is_cached({file}, {bass}, {bob}, cache => {cache})'),
		('delete nobody''s, for bob', 'delete_cached_events({file}, {bass}, {bob}, cache => {cache})'),
		('upsert nobody''s, for bob', 'update_cached_events({file}, {bass}, {2}, {bob}, cache => {cache})'),
		('upsert nobody''s, for no one', 'update_cached_events({file}, {bass}, {3}, cache => {cache})'),
		('get nobody''s', 'duration(get_cached_events({file}, {bass}, cache => {cache}))'),
		('all', '(SELECT string_agg(stem_type || duration(timeline), '' '') FROM get_all_cached_events_for_file({file}, cache => {cache}))'),
		('delete all, for ann', 'delete_cached_events({file}, user_id => {ann}, cache => {cache})'),
		('delete all', 'delete_cached_events({file}, cache => {cache})')
	LOOP
		template := replace(template, '{file}', format('%s %L', id_type, '00000000-0000-0000-0000-00000000000f'));
		template := replace(template, '{ann}', format('%s %L', id_type, '00000000-0000-0000-0000-00000000000a'));
		template := replace(template, '{bob}', format('%s %L', id_type, '00000000-0000-0000-0000-00000000000b'));
		template := replace(replace(template, '{drums}', '''drums'''), '{bass}', '''bass''');
		template := replace(regexp_replace(template, '{(\d)}', replace(document, '%s', '\1')), '{cache}', quote_literal(others.cache));
		answer := attempt('SELECT ' || template);
		RETURN NEXT;
	END LOOP;
END $$;
CREATE TABLE by_file (LIKE text_typed INCLUDING DEFAULTS) PARTITION BY HASH (file_metadata_id);
ALTER TABLE by_file ADD UNIQUE (file_metadata_id, stem_type, analysis_version);
CREATE TABLE by_file_0 PARTITION OF by_file FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE by_file_1 PARTITION OF by_file FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE VIEW definer_view AS SELECT * FROM upper_view;
SELECT * FROM others('uuid_jsonb', 'uuid');
CREATE TABLE other_answers AS SELECT row_number() OVER () AS place, o.* FROM others('uuid_jsonb', 'uuid') o;
SELECT cache, id_type, count(*) FILTER (WHERE a IS DISTINCT FROM o) AS differs
	FROM unnest('{uuid_jsonb,uuid_json,text_jsonb,text_typed,"\"Domain''s cache\"",by_file,upper_view,definer_view}'::regclass[]) AS cache, unnest('{uuid,text}'::regtype[]) AS id_type,
		LATERAL (SELECT row_number() OVER () AS place, o.* FROM others(cache, id_type) o) o FULL JOIN other_answers a USING (place)
	GROUP BY cache, id_type ORDER BY cache::text, id_type;

-- an insert of what is there
SELECT cache_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 3, "sampleRate": 1}', cache => 'uuid_typed');

-- columns that are not given take their defaults
ALTER TABLE uuid_typed ALTER user_id SET DEFAULT '00000000-0000-0000-0000-00000000000d', ALTER analysis_version SET DEFAULT '7';
SELECT cache_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 4, "sampleRate": 1}', cache => 'uuid_typed');
SELECT user_id, analysis_version, duration(event_data) FROM uuid_typed ORDER BY analysis_version;

-- A default speaks for the caller as well, where no policy does: the row of another stays. Without one, any row may be replaced.
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 5, "sampleRate": 1}', cache => 'uuid_typed');
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 5, "sampleRate": 1}', analysis_version => '1.0', cache => 'uuid_typed');
SELECT user_id, analysis_version, duration(event_data) FROM uuid_typed ORDER BY analysis_version;

-- So does a trigger. One that lets nothing be written is no error.
CREATE TABLE triggered (LIKE uuid_typed INCLUDING ALL);
CREATE FUNCTION set_user() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.user_id := current_setting('cache_test.me'); RETURN NEW; END $$;
CREATE TRIGGER a_set_user BEFORE INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION set_user();
SET cache_test.me = '00000000-0000-0000-0000-00000000000a';
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 1, "sampleRate": 1}', '00000000-0000-0000-0000-00000000000b', cache => 'triggered');
SET cache_test.me = '00000000-0000-0000-0000-00000000000b';
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 2, "sampleRate": 1}', '00000000-0000-0000-0000-00000000000a', cache => 'triggered');
SET cache_test.me = '00000000-0000-0000-0000-00000000000a';
CREATE FUNCTION do_nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER do_nothing BEFORE UPDATE ON triggered FOR EACH ROW EXECUTE FUNCTION do_nothing();
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 3, "sampleRate": 1}', '00000000-0000-0000-0000-00000000000a', cache => 'triggered');
CREATE TRIGGER do_nothing_at_all BEFORE INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION do_nothing();
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 4, "sampleRate": 1}', '00000000-0000-0000-0000-00000000000b', cache => 'triggered');
SELECT user_id, duration(event_data) FROM triggered;

-- Views that write by a trigger or by rules: the server has no ON CONFLICT for them. The other operations go by the user as anywhere.
CREATE VIEW by_trigger AS SELECT owner AS user_id, file AS file_metadata_id, part AS stem_type, document AS event_data,
		version AS analysis_version, made AS created_at, changed AS updated_at FROM below_view;
CREATE VIEW by_rule AS SELECT user_id, file_metadata_id, stem_type, event_data, analysis_version, created_at, updated_at FROM by_trigger;
CREATE FUNCTION write_below() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		DELETE FROM cache_test.below_view WHERE part = OLD.stem_type AND version = OLD.analysis_version AND file = OLD.file_metadata_id;
		RETURN OLD;
	END IF;
	INSERT INTO cache_test.below_view (document, version, part, file, owner) VALUES (NEW.event_data, coalesce(NEW.analysis_version, '1.0'), NEW.stem_type, NEW.file_metadata_id, NEW.user_id);
	RETURN NEW;
END $$;
CREATE TRIGGER write_below INSTEAD OF INSERT OR DELETE ON by_trigger FOR EACH ROW EXECUTE FUNCTION write_below();
CREATE RULE put AS ON INSERT TO by_rule DO INSTEAD INSERT INTO below_view (document, version, part, file, owner) VALUES (NEW.event_data, coalesce(NEW.analysis_version, '1.0'), NEW.stem_type, NEW.file_metadata_id, NEW.user_id);
CREATE RULE remove AS ON DELETE TO by_rule DO INSTEAD DELETE FROM below_view WHERE part = OLD.stem_type AND version = OLD.analysis_version AND file = OLD.file_metadata_id;
SELECT cache, cache_events(uuid '00000000-0000-0000-0000-000000000001', cache::text, '{"duration": 1, "sampleRate": 1}', uuid '00000000-0000-0000-0000-00000000000a', cache => cache) FROM unnest('{by_trigger,by_rule}'::regclass[]) AS cache;
SELECT cache, is_cached(uuid '00000000-0000-0000-0000-000000000001', cache::text, u.id, cache => cache) AS is_cached, get_cached_events(uuid '00000000-0000-0000-0000-000000000001', cache::text, u.id, cache => cache) IS NOT NULL AS got,
		(SELECT count(*) FROM get_all_cached_events_for_file(uuid '00000000-0000-0000-0000-000000000001', u.id, cache)) AS listed
	FROM unnest('{by_trigger,by_rule}'::regclass[]) AS cache, (VALUES (uuid '00000000-0000-0000-0000-00000000000a'), ('00000000-0000-0000-0000-00000000000b')) AS u (id) ORDER BY cache::text, u.id;
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'by_trigger', '{"duration": 2, "sampleRate": 1}', '00000000-0000-0000-0000-00000000000b', cache => 'by_trigger');
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'by_rule', '{"duration": 2, "sampleRate": 1}', '00000000-0000-0000-0000-00000000000b', cache => 'by_rule');
SELECT cache, delete_cached_events(uuid '00000000-0000-0000-0000-000000000001', cache::text, u.id, cache => cache) AS deleted
	FROM unnest('{by_trigger,by_rule}'::regclass[]) AS cache, (VALUES (uuid '00000000-0000-0000-0000-00000000000b'), ('00000000-0000-0000-0000-00000000000a')) AS u (id) ORDER BY cache::text, u.id DESC;
SELECT count(*) FROM below_view WHERE file = '00000000-0000-0000-0000-000000000001';

-- a read sees what its statement saw at the start: not what the same statement writes
SELECT cache_events('00000000-0000-0000-0000-000000000001', 'b', '{"duration": 1, "sampleRate": 1}', cache => 'uuid_typed'),
	is_cached('00000000-0000-0000-0000-000000000001', 'b', cache => 'uuid_typed'), delete_cached_events('00000000-0000-0000-0000-000000000001', 'b', cache => 'uuid_typed') AS deleted;

-- stored data that is no timeline; an id that is no uuid
INSERT INTO uuid_jsonb (file_metadata_id, stem_type, event_data) VALUES ('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 1}');
\set VERBOSITY terse
SELECT get_cached_events('00000000-0000-0000-0000-000000000001', 'a', cache => 'uuid_jsonb');
SELECT * FROM get_all_cached_events_for_file('00000000-0000-0000-0000-000000000001', cache => 'uuid_jsonb');
\set VERBOSITY default
SELECT is_cached('no uuid', 'a', cache => 'uuid_jsonb');

-- no such cache
SELECT get_cached_events('f', 'a');
SELECT is_cached(uuid '00000000-0000-0000-0000-000000000001', 'a', cache => NULL);
SELECT delete_cached_events('f', cache => 1::oid::regclass);
SELECT * FROM get_all_cached_events_for_file('f', cache => 'pg_class_oid_index');
CREATE MATERIALIZED VIEW matview AS SELECT * FROM uuid_jsonb;
SELECT cache_events('f', 'a', '{"duration": 1, "sampleRate": 1}', cache => 'matview');

-- columns that are missing or of another type
CREATE TABLE incomplete AS SELECT file_metadata_id, stem_type, event_data, user_id, created_at, updated_at FROM uuid_jsonb;
SELECT get_cached_events('f', 'a', cache => 'incomplete');
CREATE TABLE mistyped (LIKE uuid_jsonb);
ALTER TABLE mistyped ALTER updated_at TYPE date;
SELECT update_cached_events('f', 'a', '{"duration": 1, "sampleRate": 1}', cache => 'mistyped');
ALTER TABLE mistyped ALTER event_data TYPE bytea USING NULL;
SELECT is_cached('f', 'a', cache => 'mistyped');
ALTER TABLE mistyped ALTER stem_type TYPE name;
SELECT is_cached('f', 'a', cache => 'mistyped');
ALTER TABLE mistyped ALTER file_metadata_id TYPE bigint USING 1;
SELECT is_cached('f', 'a', cache => 'mistyped');

-- unique keys that an upsert cannot go by, and one that it can
CREATE TABLE keyless (LIKE uuid_jsonb INCLUDING DEFAULTS);
CREATE UNIQUE INDEX ON keyless (file_metadata_id, stem_type, analysis_version) WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX ON keyless (file_metadata_id, stem_type, lower(analysis_version));
CREATE UNIQUE INDEX ON keyless (file_metadata_id, stem_type);
CREATE UNIQUE INDEX ON keyless (file_metadata_id, stem_type, analysis_version, id);
CREATE INDEX ON keyless (file_metadata_id, stem_type, analysis_version);
ALTER TABLE keyless ADD UNIQUE (file_metadata_id, stem_type, analysis_version, user_id) DEFERRABLE;
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 1, "sampleRate": 1}', cache => 'keyless');
CREATE UNIQUE INDEX ON keyless (analysis_version, file_metadata_id, stem_type) INCLUDE (user_id);
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 1, "sampleRate": 1}', cache => 'keyless');
SELECT count(*) FROM keyless;
CREATE VIEW joined AS SELECT DISTINCT * FROM uuid_jsonb;
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 1, "sampleRate": 1}', cache => 'joined');
CREATE VIEW cycle AS SELECT * FROM uuid_jsonb;
CREATE VIEW cycle_below AS SELECT * FROM cycle;
CREATE OR REPLACE VIEW cycle AS SELECT * FROM cycle_below;
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 1, "sampleRate": 1}', cache => 'cycle');

-- a key with the user in it: each user has a row; a user who is not known would get a new one each time
CREATE TABLE by_user (LIKE uuid_typed INCLUDING DEFAULTS);
ALTER TABLE by_user ALTER user_id DROP DEFAULT;
CREATE UNIQUE INDEX by_user_key ON by_user (user_id, file_metadata_id, stem_type, analysis_version);
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', format('{"duration": %s, "sampleRate": 1}', n)::audio_timeline, format('00000000-0000-0000-0000-00000000000%s', n % 2), cache => 'by_user')
	FROM generate_series(1, 4) n;
SELECT user_id, duration(event_data) FROM by_user ORDER BY user_id;
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 1, "sampleRate": 1}', cache => 'by_user');
DROP INDEX by_user_key;
CREATE UNIQUE INDEX ON by_user (user_id, file_metadata_id, stem_type, analysis_version) NULLS NOT DISTINCT;
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 5, "sampleRate": 1}', cache => 'by_user') FROM generate_series(1, 2);
SELECT user_id, duration(event_data) FROM by_user ORDER BY user_id;

-- both keys: the one with the user is taken, the other one still holds
CREATE TABLE two_keys (LIKE uuid_typed INCLUDING ALL);
CREATE UNIQUE INDEX ON two_keys (user_id, file_metadata_id, stem_type, analysis_version);
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 1, "sampleRate": 1}', '00000000-0000-0000-0000-00000000000a', cache => 'two_keys') FROM generate_series(1, 2);
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 1, "sampleRate": 1}', '00000000-0000-0000-0000-00000000000b', cache => 'two_keys');

-- the cache that is meant when none is named
CREATE TABLE public.audio_event_cache (LIKE uuid_jsonb INCLUDING ALL);
SELECT cache_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 1, "sampleRate": 1}');
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 2, "sampleRate": 1}');
SELECT is_cached('00000000-0000-0000-0000-000000000001', 'a'), duration(get_cached_events('00000000-0000-0000-0000-000000000001', 'a'));
SELECT stem_type, analysis_version, duration(timeline) FROM get_all_cached_events_for_file('00000000-0000-0000-0000-000000000001');

-- objects of the caller that shadow ours, first in the search path: the right row, and no call of them
CREATE SCHEMA hostile;
CREATE TABLE hostile.calls (what text);
CREATE FUNCTION hostile.always(uuid, uuid) RETURNS boolean LANGUAGE sql AS $$ INSERT INTO hostile.calls VALUES ('uuid = uuid'); SELECT true $$;
CREATE FUNCTION hostile.always(text, text) RETURNS boolean LANGUAGE sql AS $$ INSERT INTO hostile.calls VALUES ('text = text'); SELECT true $$;
CREATE OPERATOR hostile.= (FUNCTION = hostile.always, LEFTARG = uuid, RIGHTARG = uuid);
CREATE OPERATOR hostile.= (FUNCTION = hostile.always, LEFTARG = text, RIGHTARG = text);
CREATE DOMAIN hostile.uuid AS bytea;
CREATE DOMAIN hostile.text AS bytea;
CREATE DOMAIN hostile.audio_timeline AS bytea;
CREATE TEMPORARY TABLE audio_event_cache (LIKE uuid_jsonb INCLUDING ALL);
INSERT INTO audio_event_cache (file_metadata_id, stem_type, event_data) VALUES ('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 99, "sampleRate": 1}');
SET search_path = hostile, pg_temp, pg_catalog, public;
SELECT public.duration(public.get_cached_events('00000000-0000-0000-0000-000000000001', 'a')), public.is_cached('00000000-0000-0000-0000-00000000000e', 'a') AS other_file,
	public.is_cached(pg_catalog.uuid '00000000-0000-0000-0000-000000000001', 'b') AS other_stem;
SELECT public.update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 3, "sampleRate": 1}');
SELECT public.delete_cached_events('00000000-0000-0000-0000-000000000002', 'a');
SELECT public.duration(timeline) FROM public.get_all_cached_events_for_file('00000000-0000-0000-0000-000000000001');
SET search_path = '';
SELECT public.duration(public.get_cached_events('00000000-0000-0000-0000-000000000001', 'a'));
SET search_path = cache_test, public;
SELECT count(*) AS hostile_calls FROM hostile.calls;
DROP SCHEMA hostile CASCADE;
DROP TABLE pg_temp.audio_event_cache;

-- plans follow the tables: retyped, renamed, replaced, moved to another schema
SELECT duration(get_cached_events('00000000-0000-0000-0000-000000000001', 'a'));
ALTER TABLE public.audio_event_cache ALTER event_data TYPE audio_timeline USING event_data::audio_timeline;
SELECT duration(get_cached_events('00000000-0000-0000-0000-000000000001', 'a'));
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 4, "sampleRate": 1}');
ALTER TABLE public.audio_event_cache ALTER file_metadata_id TYPE text;
SELECT duration(get_cached_events('00000000-0000-0000-0000-000000000001', 'a'));
ALTER TABLE public.audio_event_cache RENAME TO former_cache;
CREATE TABLE public.audio_event_cache (LIKE uuid_jsonb INCLUDING ALL);
SELECT is_cached('00000000-0000-0000-0000-000000000001', 'a') AS in_new, duration(get_cached_events('00000000-0000-0000-0000-000000000001', 'a', cache => 'public.former_cache')) AS in_former;
SELECT cache_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 5, "sampleRate": 1}');
SELECT duration(get_cached_events('00000000-0000-0000-0000-000000000001', 'a')) AS in_new, duration(get_cached_events('00000000-0000-0000-0000-000000000001', 'a', cache => 'public.former_cache')) AS in_former;
ALTER TABLE public.audio_event_cache DROP COLUMN user_id;
SELECT get_cached_events('00000000-0000-0000-0000-000000000001', 'a');
DROP TABLE public.audio_event_cache;
SELECT get_cached_events('00000000-0000-0000-0000-000000000001', 'a');
CREATE SCHEMA moving;
CREATE TABLE moving.cache (LIKE uuid_typed INCLUDING ALL);
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 6, "sampleRate": 1}', cache => 'moving.cache');
SELECT duration(get_cached_events('00000000-0000-0000-0000-000000000001', 'a', cache => 'moving.cache'));
ALTER SCHEMA moving RENAME TO moved;
CREATE SCHEMA moving;
CREATE TABLE moving.cache (LIKE uuid_typed INCLUDING ALL);
SELECT is_cached('00000000-0000-0000-0000-000000000001', 'a', cache => 'moving.cache') AS in_moving, is_cached('00000000-0000-0000-0000-000000000001', 'a', cache => 'moved.cache') AS in_moved;

-- the extension itself moves; its type is found where its functions are
CREATE SCHEMA elsewhere;
ALTER EXTENSION audio_cache SET SCHEMA elsewhere;
SELECT elsewhere.duration(elsewhere.get_cached_events('00000000-0000-0000-0000-000000000001', 'a', cache => 'moved.cache'));
ALTER EXTENSION audio_cache SET SCHEMA public;
SELECT duration(get_cached_events('00000000-0000-0000-0000-000000000001', 'a', cache => 'moved.cache'));
DROP SCHEMA elsewhere;

-- read-only transactions read, and do not write
BEGIN READ ONLY;
SELECT is_cached('00000000-0000-0000-0000-000000000001', 'a', cache => 'uuid_typed');
SELECT update_cached_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 1, "sampleRate": 1}', cache => 'uuid_typed');
ROLLBACK;

-- Never in a parallel worker, which has no temporary tables; the setting has another name since 16.
CREATE TEMPORARY TABLE temporary_cache (LIKE uuid_typed INCLUDING ALL);
SELECT cache_events('00000000-0000-0000-0000-000000000001', 'a', '{"duration": 8, "sampleRate": 1}', cache => 'temporary_cache');
CREATE TABLE many_files AS SELECT uuid '00000000-0000-0000-0000-000000000001' AS file FROM generate_series(1, 1000);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT set_config(name, 'on', false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
EXPLAIN (COSTS OFF) SELECT count(*) FROM many_files WHERE md5(file::text) <> '';
EXPLAIN (COSTS OFF) SELECT count(*) FROM many_files WHERE is_cached(file, 'a', cache => 'temporary_cache');
SELECT count(*) FROM many_files WHERE is_cached(file, 'a', cache => 'temporary_cache');
SELECT duration(get_cached_events('00000000-0000-0000-0000-000000000001', 'a', cache => 'temporary_cache')), is_cached('00000000-0000-0000-0000-000000000001', 'a', cache => 'versions');
SELECT stem_type, analysis_version, duration(timeline) FROM get_all_cached_events_for_file('00000000-0000-0000-0000-000000000001', cache => 'temporary_cache');
SELECT set_config(name, 'off', false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');

-- A policy may set a parameter, which a worker may not do.
CREATE ROLE regress_cache_counter;
CREATE TABLE counted (LIKE uuid_typed INCLUDING ALL);
INSERT INTO counted SELECT * FROM temporary_cache;
CREATE FUNCTION count_row() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('cache_test.rows', (current_setting('cache_test.rows')::integer + 1)::text, false); RETURN true; END $$;
ALTER TABLE counted ENABLE ROW LEVEL SECURITY;
CREATE POLICY count_row ON counted USING (count_row());
GRANT USAGE ON SCHEMA cache_test TO regress_cache_counter;
GRANT SELECT ON counted, many_files TO regress_cache_counter;
SET cache_test.rows = 0;
SET ROLE regress_cache_counter;
SELECT count(*) FROM many_files WHERE is_cached(file, 'a', cache => 'counted');
SELECT count(*) FROM many_files WHERE duration(get_cached_events(file, 'a', cache => 'counted')) = 8;
SELECT count(*) FROM generate_series(1, 1000), get_all_cached_events_for_file('00000000-0000-0000-0000-000000000001', cache => 'counted');
SHOW cache_test.rows;
-- Where another part of the statement runs in workers, its leader may not do so either: a limit.
SELECT is_cached(file, 'a', cache => 'counted') FROM many_files WHERE md5(file::text) <> '';
RESET ROLE;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- Far more statements than plans are kept, all made by a policy while an outer plan runs.
DO $$ BEGIN
	FOR n IN 1 .. 200 LOOP
		EXECUTE format('CREATE TABLE many_%s (LIKE uuid_typed INCLUDING ALL)', n);
	END LOOP;
END $$;
CREATE ROLE regress_cache_reader;
GRANT USAGE ON SCHEMA cache_test TO regress_cache_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA cache_test TO regress_cache_reader;
CREATE FUNCTION in_any_of_many() RETURNS boolean STABLE LANGUAGE plpgsql AS $$
DECLARE
	found boolean := false;
BEGIN
	FOR n IN 1 .. 200 LOOP
		found := found OR is_cached('00000000-0000-0000-0000-000000000009', 'a', cache => ('cache_test.many_' || n)::regclass);
	END LOOP;
	RETURN found;
END $$;
ALTER TABLE versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_many ON versions USING (in_any_of_many());
SET ROLE regress_cache_reader;
SELECT is_cached('00000000-0000-0000-0000-000000000001', 'a', cache => 'versions');
RESET ROLE;
SELECT cache_events('00000000-0000-0000-0000-000000000009', 'a', '{"duration": 1, "sampleRate": 1}', cache => 'many_77');
SET ROLE regress_cache_reader;
SELECT is_cached('00000000-0000-0000-0000-000000000001', 'a', cache => 'versions');
SELECT duration(timeline) FROM get_all_cached_events_for_file('00000000-0000-0000-0000-000000000001', cache => 'versions');
RESET ROLE;
-- A plan that ended in an error can be dropped like any other: the bound holds after 200 of them.
DO $$ BEGIN
	FOR n IN 1 .. 200 LOOP
		BEGIN
			PERFORM cache_events('00000000-0000-0000-0000-000000000008', 'a', '{"duration": 1, "sampleRate": 1}', cache => ('cache_test.many_' || n)::regclass)
				FROM generate_series(1, 2);
			RAISE 'inserted twice';
		EXCEPTION WHEN unique_violation THEN
			NULL;
		END;
	END LOOP;
END $$;
SELECT count(*) BETWEEN 100 AND 128 AS bounded FROM pg_backend_memory_contexts
	WHERE name = 'CachedPlanSource' AND ident ~ '^(SELECT|INSERT|DELETE) .* AS c ';

-- a trigger may go round, and an error in it leaves nothing behind
CREATE FUNCTION forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM update_cached_events(NEW.file_metadata_id, NEW.stem_type, NEW.event_data, cache => 'cache_test.many_2');
	IF duration(NEW.event_data) > 100 THEN
		RAISE EXCEPTION 'too long';
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER forward BEFORE INSERT ON many_1 FOR EACH ROW EXECUTE FUNCTION forward();
SELECT update_cached_events('00000000-0000-0000-0000-000000000009', 'a', '{"duration": 2, "sampleRate": 1}', cache => 'many_1');
\set SHOW_CONTEXT never
SELECT update_cached_events('00000000-0000-0000-0000-000000000009', 'a', '{"duration": 200, "sampleRate": 1}', cache => 'many_1');
SELECT update_cached_events('00000000-0000-0000-0000-000000000009', 'a', '{"duration": 3, "sampleRate": 1}', cache => 'many_1');
SELECT duration(get_cached_events('00000000-0000-0000-0000-000000000009', 'a', cache => 'many_2'));

-- privileges are the caller's, and a refusal is an error, not a miss; to know of a row takes no right to its data
REVOKE ALL ON uuid_typed FROM regress_cache_reader;
SET ROLE regress_cache_reader;
SELECT is_cached('00000000-0000-0000-0000-000000000001', 'a', cache => 'uuid_typed');
SELECT delete_cached_events('00000000-0000-0000-0000-000000000001', cache => 'versions');
RESET ROLE;
GRANT SELECT (file_metadata_id, stem_type, analysis_version, user_id) ON uuid_typed TO regress_cache_reader;
SET ROLE regress_cache_reader;
SELECT is_cached('00000000-0000-0000-0000-000000000001', 'a', cache => 'uuid_typed');
SELECT get_cached_events('00000000-0000-0000-0000-000000000001', 'a', cache => 'uuid_typed');
RESET ROLE;
SELECT is_cached('00000000-0000-0000-0000-000000000001', 'a', cache => 'uuid_typed');

SET client_min_messages = warning;
DROP SCHEMA cache_test, moving, moved CASCADE;
DROP TABLE public.former_cache;
DROP ROLE regress_cache_reader, regress_cache_counter;
