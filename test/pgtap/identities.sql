-- One session serves everyone, as a pooled connection does: thousands of requests in random order,
-- each with its own role and claims, through the same saved plans. What each may see is computed
-- by a second way that knows nothing of policies.
\ir include/setup.sql

-- More rows than in data.sql: each user has some for each file, in each cache; the duration tells
-- them apart. The key without the user is given up so that several users can have the same.
SELECT setseed(0.5) \g /dev/null
DROP INDEX idx_audio_event_cache_unique;
DELETE FROM audio_event_cache;
INSERT INTO audio_event_cache (user_id, file_metadata_id, stem_type, analysis_version, event_data, created_at)
	SELECT p.id, f.id, s, v, kit.timeline(row_number() OVER (ORDER BY p.name, f.file_name, s, v))::jsonb,
		timestamp '2024-01-01' + random() * interval '1 year'
	FROM kit.people p, file_metadata f, unnest('{drums,bass,vocals}'::text[]) s, unnest('{1.0,2.0}'::text[]) v
	WHERE p.id IS NOT NULL AND random() < 0.7;
DELETE FROM event_cache_partitioned;
INSERT INTO event_cache_partitioned SELECT * FROM audio_event_cache;

-- What everyone may see, by hand: own rows, and those of files that are theirs or shared with them.
CREATE FUNCTION kit.may_see(who text, owner text, file text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE who
		WHEN 'service' THEN true
		WHEN 'ann' THEN owner = 'ann' OR file IN ('song', 'secret')
		WHEN 'bob' THEN owner = 'bob' OR file = 'tune'
		WHEN 'vera' THEN owner = 'vera' OR file = 'song'
		WHEN 'ed' THEN owner = 'ed' OR file = 'song'
		WHEN 'link' THEN file = 'song'
		ELSE false END
$$;
CREATE VIEW kit.truth AS
	SELECT p.name AS owner, f.file_name AS file, c.stem_type AS stem, c.analysis_version AS version,
		c.created_at, c.updated_at, (c.event_data ->> 'duration')::float8 AS duration
	FROM public.audio_event_cache c JOIN kit.people p ON p.id = c.user_id JOIN public.file_metadata f ON f.id = c.file_metadata_id;

-- wanted: the answer to a reading request, from the rows as they are.
CREATE FUNCTION kit.wanted(operation text, who text, in_file text, in_stem text, of_user text, in_version text)
	RETURNS text LANGUAGE sql AS $$
	WITH seen AS (
		SELECT * FROM kit.truth t WHERE kit.may_see(who, owner, file) AND file = in_file
			AND (of_user IS NULL OR owner = of_user)
			AND (operation = 'list' OR stem = in_stem AND (in_version IS NULL OR version = in_version)))
	SELECT CASE operation
		WHEN 'list' THEN (SELECT string_agg(duration::text, ' ' ORDER BY duration) FROM seen)
		WHEN 'exists' THEN (SELECT count(*) > 0 FROM seen)::text
		ELSE (SELECT duration::text FROM seen ORDER BY created_at DESC, updated_at DESC, version DESC LIMIT 1) END
$$;

-- request: what a request of that kind answers to whoever is asking now.
CREATE FUNCTION kit.request(operation text, file uuid, stem text, of_user uuid, version text, as_text boolean, cache regclass)
	RETURNS text LANGUAGE sql AS $$
	SELECT CASE operation || as_text
		WHEN 'getfalse' THEN duration(get_cached_events(file, stem, of_user, version, cache))::text
		WHEN 'gettrue' THEN duration(get_cached_events(file::text, stem, of_user::text, version, cache))::text
		WHEN 'existsfalse' THEN is_cached(file, stem, of_user, version, cache)::text
		WHEN 'existstrue' THEN is_cached(file::text, stem, of_user::text, version, cache)::text
		WHEN 'listfalse' THEN (SELECT string_agg(duration(timeline)::text, ' ' ORDER BY duration(timeline))
			FROM get_all_cached_events_for_file(file, of_user, cache))
		WHEN 'listtrue' THEN (SELECT string_agg(duration(timeline)::text, ' ' ORDER BY duration(timeline))
			FROM get_all_cached_events_for_file(file::text, of_user::text, cache)) END
$$;

-- one_of: a random element.
CREATE FUNCTION kit.one_of(variadic choices text[]) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT choices[1 + floor(random() * cardinality(choices))::integer]
$$;

CREATE TABLE kit.requests (
	n integer, who text, operation text, file text, stem text, of_user text, version text, cache text,
	as_text boolean, answer text, wanted text);

-- read: random reading requests, each as somebody else.
CREATE FUNCTION kit.read(first integer, last integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	r kit.requests;
	file_id uuid;
	user_id uuid;
BEGIN
	FOR i IN first .. last LOOP
		r := ROW (i, kit.one_of('ann', 'bob', 'vera', 'ed', 'nobody', 'anon', 'link', 'service'), kit.one_of('get', 'get', 'exists', 'list'),
			kit.one_of('song', 'secret', 'tune'), kit.one_of('drums', 'bass', 'vocals', 'other'),
			kit.one_of(NULL, NULL, 'ann', 'bob', 'vera', 'ed'), kit.one_of(NULL, '1.0', '2.0', '3.0'),
			kit.one_of('public.audio_event_cache', 'public.event_cache_partitioned'), random() < 0.5, NULL, NULL);
		SELECT id INTO file_id FROM file_metadata WHERE file_name = r.file;
		SELECT id INTO user_id FROM kit.people WHERE name = r.of_user;
		r.wanted := kit.wanted(r.operation, r.who, r.file, r.stem, r.of_user, r.version);
		PERFORM kit.be(r.who);
		r.answer := kit.request(r.operation, file_id, r.stem, user_id, r.version, r.as_text, r.cache::regclass);
		PERFORM kit.be_tester();
		INSERT INTO kit.requests VALUES (r.*);
	END LOOP;
END $$;

-- Writing, where the key starts with the user: a model of the rows that knows no policies.
CREATE TABLE kit.model AS SELECT owner, file, stem, version, duration FROM kit.truth;
CREATE TABLE kit.writes (n integer, who text, operation text, file text, stem text, of_user text, version text,
	answer text, wanted text, differences text);

-- model_write: what a writing request is to answer; the model follows it.
CREATE FUNCTION kit.model_write(w kit.writes) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hits bigint := count(*) FROM kit.model m WHERE (m.owner, m.file, m.stem, m.version) = (w.of_user, w.file, w.stem, w.version);
	deleted bigint;
BEGIN
	IF w.operation = 'delete' THEN
		DELETE FROM kit.model m WHERE (w.who = 'service' OR m.owner = w.who) AND m.file = w.file AND m.stem = w.stem
			AND m.owner = coalesce(w.of_user, m.owner) AND m.version = coalesce(w.version, m.version);
		GET DIAGNOSTICS deleted = ROW_COUNT;
		RETURN deleted;
	ELSIF w.who <> 'service' AND w.who IS DISTINCT FROM w.of_user THEN
		RETURN '42501';
	ELSIF w.of_user IS NULL THEN
		RETURN '23502';
	ELSIF hits > 0 AND w.operation = 'put' THEN
		RETURN '23505';
	END IF;
	DELETE FROM kit.model m WHERE (m.owner, m.file, m.stem, m.version) = (w.of_user, w.file, w.stem, w.version);
	INSERT INTO kit.model VALUES (w.of_user, w.file, w.stem, w.version, 1000 + w.n);
	RETURN '';
END $$;

-- try_write: the same request to the cache, as whoever is asking now.
CREATE FUNCTION kit.try_write(w kit.writes, file uuid, of_user uuid) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	IF w.operation = 'delete' THEN
		RETURN delete_cached_events(file, w.stem, of_user, w.version, 'public.event_cache_partitioned');
	ELSIF w.operation = 'put' THEN
		PERFORM cache_events(file, w.stem, kit.timeline(1000 + w.n), of_user, w.version, 'public.event_cache_partitioned');
	ELSE
		PERFORM update_cached_events(file, w.stem, kit.timeline(1000 + w.n), of_user, w.version, 'public.event_cache_partitioned');
	END IF;
	RETURN '';
EXCEPTION WHEN insufficient_privilege OR unique_violation OR not_null_violation THEN
	RETURN SQLSTATE;
END $$;

-- write: random writing requests, each as somebody else; the rows are compared after each.
CREATE FUNCTION kit.write(how_many integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	w kit.writes;
	file_id uuid;
	user_id uuid;
BEGIN
	FOR i IN 1 .. how_many LOOP
		w := ROW (i, kit.one_of('ann', 'bob', 'vera', 'ed', 'nobody', 'anon', 'link', 'service'), kit.one_of('put', 'upsert', 'upsert', 'delete'),
			kit.one_of('song', 'secret', 'tune'), kit.one_of('drums', 'bass'), NULL, kit.one_of('1.0', '2.0'), NULL, NULL, NULL);
		w.of_user := kit.one_of(NULL, 'ann', 'bob', w.who, w.who, w.who);
		IF NOT EXISTS (SELECT FROM kit.people WHERE name = w.of_user AND id IS NOT NULL) THEN
			w.of_user := NULL;
		END IF;
		w.wanted := kit.model_write(w);
		SELECT id INTO file_id FROM file_metadata WHERE file_name = w.file;
		SELECT id INTO user_id FROM kit.people WHERE name = w.of_user;
		PERFORM kit.be(w.who);
		w.answer := kit.try_write(w, file_id, user_id);
		PERFORM kit.be_tester();
		w.differences := kit.changes(ARRAY(SELECT kit.contents('public.event_cache_partitioned')),
			ARRAY(SELECT format('%s/%s/%s/%s=%s', owner, file, stem, version, duration) FROM kit.model));
		INSERT INTO kit.writes VALUES (w.*);
	END LOOP;
END $$;

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA kit TO PUBLIC;

SELECT plan(12);

-- a first round makes the plans, the second one must find them all
SELECT setseed(0.1), kit.read(1, 1500) \g /dev/null
SELECT kit.plans() AS plans_before \gset
SELECT setseed(0.2), kit.read(1501, 7500) \g /dev/null
SELECT is(kit.plans(), :plans_before::bigint, format('%s plans are saved, and no new one in 6000 requests', kit.plans()));
SELECT ok(kit.plans() BETWEEN 20 AND 64, 'they are those of the operations and their optional arguments');
SELECT is((SELECT count(*) FROM kit.requests), 7500::bigint, 'all requests were answered');
SELECT is_empty('SELECT * FROM kit.requests WHERE answer IS DISTINCT FROM wanted LIMIT 5', 'each with what its user may see');

-- the requests were such that a mistake would have shown
SELECT ok(count(*) > 5000, 'the user changed from one request to the next')
	FROM (SELECT who, lag(who) OVER (ORDER BY n) FROM kit.requests WHERE n > 1500) r (who, before) WHERE who <> before;
SELECT is((SELECT count(DISTINCT (who, operation, file, cache, as_text)) FROM kit.requests), (8 * 3 * 3 * 2 * 2)::bigint,
	'everyone asked for everything');
SELECT ok(count(*) > 1000, 'in many cases the answer depends on who asks') FROM kit.requests
	WHERE wanted IS DISTINCT FROM kit.wanted(operation, 'service', file, stem, of_user, version);
SELECT ok(count(*) > 1000, 'in many cases there is something to answer') FROM kit.requests
	WHERE who <> 'service' AND wanted IS NOT NULL AND wanted <> 'false';

-- and the same for writing
SELECT kit.write(1500) \g /dev/null
SELECT is_empty('SELECT * FROM kit.writes WHERE answer IS DISTINCT FROM wanted LIMIT 5', 'every write is answered as its user deserves');
SELECT is_empty($$SELECT * FROM kit.writes WHERE differences <> '' LIMIT 5$$, 'and has changed the rows that it should, no other');
SELECT is((SELECT string_agg(DISTINCT operation || wanted, ' ' ORDER BY operation || wanted) FROM kit.writes WHERE operation <> 'delete'),
	'put put23502 put23505 put42501 upsert upsert23502 upsert42501', 'with every outcome there can be');
SELECT ok(count(*) > 50, 'and many deletes that found something') FROM kit.writes WHERE operation = 'delete' AND wanted <> '0';

SELECT * FROM finish();
ROLLBACK;
