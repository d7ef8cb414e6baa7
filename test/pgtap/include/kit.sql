-- Tools of the tests: who there is, being one of them, trying a statement as one of them.
CREATE SCHEMA kit;
GRANT USAGE ON SCHEMA kit TO PUBLIC;

-- Everyone who asks. "link" has no account but the token of ann's share; "nobody" is a user whose
-- request came without claims; "admin" owns the tables.
CREATE TABLE kit.people (name text PRIMARY KEY, id uuid UNIQUE, role_name text NOT NULL, token text);
INSERT INTO kit.people VALUES
	('ann', '00000000-0000-4000-8000-0000000000aa', 'authenticated', NULL),
	('bob', '00000000-0000-4000-8000-0000000000bb', 'authenticated', NULL),
	('vera', '00000000-0000-4000-8000-0000000000cc', 'authenticated', NULL),
	('ed', '00000000-0000-4000-8000-0000000000dd', 'authenticated', NULL),
	('nobody', NULL, 'authenticated', NULL),
	('anon', NULL, 'anon', NULL),
	('link', NULL, 'anon', 'token of ann'),
	('service', NULL, 'service_role', NULL),
	('admin', NULL, 'project_admin', NULL);
GRANT SELECT ON kit.people TO PUBLIC;

-- be: take a role and claims until the transaction or savepoint ends, as PostgREST does.
CREATE FUNCTION kit.be(who text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	person kit.people;
BEGIN
	SELECT * INTO STRICT person FROM kit.people WHERE name = who;
	PERFORM pg_catalog.set_config('request.jwt.claims', CASE who WHEN 'nobody' THEN '' ELSE
			pg_catalog.json_strip_nulls(pg_catalog.json_build_object('sub', person.id, 'role', person.role_name))::pg_catalog.text END, true),
		pg_catalog.set_config('request.headers',
			pg_catalog.json_strip_nulls(pg_catalog.json_build_object('x-share-token', person.token))::pg_catalog.text, true),
		pg_catalog.set_config('role', person.role_name, true);
END $$;

-- be_tester: the tests' own superuser again, without claims.
CREATE FUNCTION kit.be_tester() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_catalog.set_config('role', 'none', true),
		pg_catalog.set_config('request.jwt.claims', '', true),
		pg_catalog.set_config('request.headers', '', true);
END $$;

-- contents: the rows of a cache as they are, as user/file/stem/version=duration.
CREATE FUNCTION kit.contents(cache regclass) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format($query$
		SELECT format('%%s/%%s/%%s/%%s=%%s', p.name, f.file_name, c.stem_type, c.analysis_version,
			c.event_data::text::jsonb ->> 'duration')
		FROM %s c LEFT JOIN kit.people p ON p.id::text = c.user_id::text
			LEFT JOIN public.file_metadata f ON f.id::text = c.file_metadata_id::text$query$, cache);
END $$;

-- changes: what has gone and what has come, in one line; empty if nothing.
CREATE FUNCTION kit.changes(before text[], after text[]) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(line, ' ' ORDER BY line), '') FROM (
		SELECT '-' || b FROM unnest(before) b WHERE b <> ALL (after)
		UNION ALL SELECT '+' || a FROM unnest(after) a WHERE a <> ALL (before)) l (line)
$$;

-- refusal: an error as tests compare it; the name of the table, the constraint or the cache is left out.
CREATE FUNCTION kit.refusal(state text, message text) RETURNS text LANGUAGE sql AS $$
	SELECT state || ' ' || regexp_replace(message,
		' for table ".*|(?: of relation| for relation| constraint|(?<=^cache)) "[^"]*"', '')
$$;

-- attempt: the answer of a statement as somebody and what it changed in a cache, or the error.
-- All of it is undone, so that attempts are independent of each other.
CREATE FUNCTION kit.attempt(who text, statement text, cache regclass DEFAULT 'public.audio_event_cache')
	RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	before text[] := ARRAY(SELECT kit.contents(cache));
	answer text;
BEGIN
	PERFORM kit.be(who);
	EXECUTE statement INTO answer;
	PERFORM kit.be_tester();
	answer := concat_ws(' ', coalesce(nullif(answer, ''), CASE WHEN answer IS NULL THEN 'NULL' END),
		nullif(kit.changes(before, ARRAY(SELECT kit.contents(cache))), ''));
	RAISE EXCEPTION USING ERRCODE = 'KT000', MESSAGE = answer;
EXCEPTION
	WHEN SQLSTATE 'KT000' THEN RETURN SQLERRM;
	WHEN OTHERS THEN RETURN kit.refusal(SQLSTATE, SQLERRM);
END $$;

-- everyone: the answers of all to a statement, in one line, the same answers together.
CREATE FUNCTION kit.everyone(statement text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(people || ': ' || answer, ', ' ORDER BY people) FROM (
		SELECT string_agg(name, ' ' ORDER BY name), answer
		FROM (SELECT name, kit.attempt(name, statement) FROM kit.people) a (name, answer)
		GROUP BY answer) g (people, answer)
$$;

-- value_as: the answer of a query as somebody who stays that only for the query; errors pass.
CREATE FUNCTION kit.value_as(who text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	PERFORM kit.be(who);
	EXECUTE query INTO answer;
	PERFORM kit.be_tester();
	RETURN answer;
END $$;

-- timeline: a small one that its duration tells from others.
CREATE FUNCTION kit.timeline(seconds numeric) RETURNS audio_timeline LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_build_object('duration', seconds, 'sampleRate', 44100)::audio_timeline
$$;

-- plans: how many plans of statements on caches this session keeps.
CREATE FUNCTION kit.plans() RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM pg_backend_memory_contexts
	WHERE name = 'CachedPlanSource' AND ident ~ '^(SELECT|INSERT|DELETE) .* AS c( |$)'
$$;
