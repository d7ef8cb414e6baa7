-- Whatever stands in the claims, nobody gets more than those claims are worth: missing, empty and
-- partial claims see nothing, broken ones are an error, and the next request is not affected.
\ir include/setup.sql

-- ask: the answer of a statement with a role and claims as given, undone.
CREATE FUNCTION kit.ask(role_name text, claims text, legacy text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	PERFORM set_config('request.jwt.claims', claims, true), set_config('request.jwt.claim.sub', legacy, true),
		set_config('role', role_name, true);
	EXECUTE statement INTO answer;
	RAISE EXCEPTION USING ERRCODE = 'KT000', MESSAGE = coalesce(answer, 'NULL');
EXCEPTION
	WHEN SQLSTATE 'KT000' THEN RETURN SQLERRM;
	WHEN OTHERS THEN RETURN kit.refusal(SQLSTATE, SQLERRM);
END $$;

CREATE TABLE kit.operations (place integer, template text);
INSERT INTO kit.operations VALUES
	(1, $$SELECT duration(get_cached_events({song}, 'drums'))$$),
	(2, $$SELECT is_cached({song}, 'drums')$$),
	(3, $$SELECT count(*) FROM get_all_cached_events_for_file({song})$$),
	(4, $$SELECT cache_events({song}, 'vocals', kit.timeline(9), {ann})$$),
	(5, $$SELECT update_cached_events({song}, 'drums', kit.timeline(9), {ann})$$),
	(6, $$SELECT delete_cached_events({song})$$);

-- answers: what the six operations say, in one line; the same error in all of them is said once.
CREATE FUNCTION kit.answers(role_name text, claims text, legacy text DEFAULT '') RETURNS text LANGUAGE sql AS $$
	WITH a AS (SELECT place, kit.ask(role_name, claims, legacy, replace(replace(template,
			'{song}', quote_literal((SELECT id FROM public.file_metadata WHERE file_name = 'song'))),
			'{ann}', quote_literal((SELECT id FROM kit.people WHERE name = 'ann')))) AS answer
		FROM kit.operations)
	SELECT CASE WHEN count(DISTINCT answer) = 1 THEN 'all: ' || min(answer)
		ELSE string_agg(replace(answer, '42501 new row violates row-level security policy', 'refused'), ', ' ORDER BY place) END FROM a
$$;

\set ann_claims '\'{"sub": "00000000-0000-4000-8000-0000000000aa", "role": "authenticated"}\''
\set bob_claims '\'{"sub": "00000000-0000-4000-8000-0000000000bb", "role": "authenticated"}\''
\set as_ann '\'2, true, 3, , , 3\''
\set as_nobody '\'NULL, false, 0, refused, refused, 0\''

SELECT plan(43);

SELECT is(kit.answers('authenticated', :ann_claims), :as_ann, 'ann');
SELECT is(kit.answers('authenticated', :bob_claims), :as_nobody, 'another user');
SELECT is(kit.answers('authenticated', NULL), :as_nobody, 'no claims');

-- claims without a user
SELECT is(kit.answers('authenticated', claims), :as_nobody, 'claims that name nobody: ' || quote_literal(claims))
	FROM unnest(ARRAY['', '{}', '[]', 'null', '0', '"text"', '{"sub": null}', '{"SUB": "x"}', '{"role": "authenticated"}',
		'{"user": {"sub": "00000000-0000-4000-8000-0000000000aa"}}', '["sub", "00000000-0000-4000-8000-0000000000aa"]']) claims;

-- claims that cannot be read
SELECT is(kit.answers('authenticated', claims), 'all: 22P02 invalid input syntax for type json', 'claims that are no JSON: ' || quote_literal(claims))
	FROM unnest(ARRAY['{', 'ann', ' ', '{"sub": 00000000-0000-4000-8000-0000000000aa}', '{} {}']) claims;
SELECT is(kit.answers('authenticated', format('{"sub": %s}', sub)), format('all: 22P02 invalid input syntax for type uuid: "%s"', sub::jsonb #>> '{}'),
		'a subject that is no uuid: ' || sub)
	FROM unnest(ARRAY['""', '"ann"', '7', '{}', '"'' OR true --"', '"00000000-0000-4000-8000-0000000000aa0"']) sub;
SELECT is(kit.answers('authenticated', :ann_claims), :as_ann, 'ann, after all that');
SELECT is(kit.answers('authenticated', ''), :as_nobody, 'nobody, after ann');

-- spellings of the same user
SELECT is(kit.answers('authenticated', upper(:ann_claims)), :as_nobody, 'the name of a member is case-sensitive');
SELECT is(kit.answers('authenticated', replace(:ann_claims, '-0000000000aa', '-0000000000AA')), :as_ann, 'the uuid is not');
SELECT is(kit.answers('authenticated', '{"sub": "00000000-0000-4000-8000-0000000000aa", "sub": "00000000-0000-4000-8000-0000000000bb"}'),
	:as_nobody, 'the last of two subjects counts');

-- the older setting
SELECT is(kit.answers('authenticated', '', '00000000-0000-4000-8000-0000000000aa'), :as_ann, 'the older setting alone');
SELECT is(kit.answers('authenticated', :ann_claims, '00000000-0000-4000-8000-0000000000bb'), :as_nobody, 'the older setting goes first');
SELECT is(kit.answers('authenticated', :ann_claims, 'ann'), 'all: 22P02 invalid input syntax for type uuid: "ann"', 'also if it cannot be read');

-- the role of the database counts, not the one in the claims
SELECT is(kit.answers('authenticated', '{"role": "service_role"}'), :as_nobody, 'a claim is no role');
SELECT is(kit.answers('anon', :ann_claims), :as_nobody, 'anon with the claims of ann');
SELECT is(kit.answers('service_role', :bob_claims), :as_ann, 'service_role, whatever the claims');
SELECT is(kit.answers('service_role', '{'), :as_ann, 'even broken ones: its policies are not asked');

-- a share needs its own header, and that breaks alone
SELECT is(kit.attempt('link', format($$SELECT set_config('request.headers', %L, true) IS NULL OR is_cached(%L, 'drums')$$, header, :song)), answer,
		'share token ' || coalesce(header, 'missing'))
	FROM (VALUES ('{"x-share-token": "token of ann"}', 'true'), ('{"x-share-token": "token of bob"}', 'false'),
		('', 'false'), ('{}', 'false'), ('{"x-share-token": null}', 'false'),
		('{', '22P02 invalid input syntax for type json')) v (header, answer);

SELECT * FROM finish();
ROLLBACK;
