-- Callers whom no policy binds, on a key without the user: the owner of the table, a member of the
-- owner, a role with BYPASSRLS, a superuser, and anyone through a view or a function of the owner.
-- Nobody's row is replaced under another name, whether that name is an argument, a default or a
-- trigger's. Policies alone decide where they bind and no user is named.
\ir include/setup.sql

-- "app" owns tables as an application's own role does: policies do not bind it, and it has no
-- other privilege. "member" has all its rights by membership.
CREATE ROLE app NOBYPASSRLS;
CREATE ROLE member INHERIT NOBYPASSRLS IN ROLE app;
GRANT USAGE ON SCHEMA public, extensions, auth TO app;
INSERT INTO kit.people VALUES
	('app', NULL, 'app', NULL),
	('member', NULL, 'member', NULL),
	('tester', NULL, 'none', NULL);
ALTER TABLE audio_event_cache OWNER TO app;
ALTER TABLE event_cache_json OWNER TO app;
ALTER TABLE event_cache_typed OWNER TO app;
ALTER TABLE event_cache_text OWNER TO app;
ALTER TABLE event_cache_below OWNER TO app;
GRANT SELECT ON file_metadata, project_collaborators, projects, project_shares, event_cache_view TO app;
-- a key without the user over partitions
CREATE TABLE event_cache_by_file (LIKE event_cache_typed INCLUDING DEFAULTS) PARTITION BY HASH (file_metadata_id);
ALTER TABLE event_cache_by_file ADD UNIQUE (file_metadata_id, stem_type, analysis_version), OWNER TO app;
CREATE TABLE by_file_leaf_0 PARTITION OF event_cache_by_file FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE by_file_leaf_1 PARTITION OF event_cache_by_file FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO event_cache_by_file SELECT * FROM event_cache_typed;
-- views: of the owner, of the owner on top of one of the caller, and the other way round
CREATE VIEW definer_view AS SELECT * FROM event_cache_below;
CREATE VIEW definer_of_invoker AS SELECT * FROM event_cache_view;
CREATE VIEW invoker_of_definer WITH (security_invoker) AS SELECT * FROM definer_view;
ALTER VIEW event_cache_view OWNER TO app;
ALTER VIEW definer_view OWNER TO app;
ALTER VIEW definer_of_invoker OWNER TO app;
ALTER VIEW invoker_of_definer OWNER TO app;
GRANT ALL ON event_cache_by_file, event_cache_view, definer_view, definer_of_invoker, invoker_of_definer TO authenticated, service_role, project_admin;
GRANT ALL ON audio_event_cache, event_cache_json, event_cache_typed, event_cache_text, event_cache_below TO authenticated, service_role, project_admin;

CREATE TABLE kit.caches (name text, holds_rows regclass);
INSERT INTO kit.caches VALUES
	('audio_event_cache', 'audio_event_cache'),
	('event_cache_json', 'event_cache_json'),
	('event_cache_typed', 'event_cache_typed'),
	('event_cache_text', 'event_cache_text'),
	('event_cache_by_file', 'event_cache_by_file'),
	('event_cache_view', 'event_cache_below'),
	('definer_view', 'event_cache_below'),
	('definer_of_invoker', 'event_cache_below'),
	('invoker_of_definer', 'event_cache_below');

-- unbound: the answers of all whom no policy binds, the same answers together. Rows are ann's.
CREATE FUNCTION kit.unbound(call text, cache text, rows regclass) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(DISTINCT replace(answer, '_cache"', ''), ', ') FROM unnest('{admin,service,app,member,tester}'::text[]) who,
		kit.attempt(who, replace(replace(replace(replace(call, '{song}', quote_literal('00000000-0000-4000-8000-0000000000f1')),
			'{ann}', quote_literal('00000000-0000-4000-8000-0000000000aa')), '{bob}', quote_literal('00000000-0000-4000-8000-0000000000bb')), '{cache}', quote_literal(cache)), rows) answer
$$;
\set another '\'23505 cache has a timeline of another user under this key\''

CREATE TABLE kit.calls (call text, answer text);
INSERT INTO kit.calls VALUES
	($$SELECT update_cached_events({song}, 'drums', kit.timeline(9), {bob}, cache => {cache})$$, :another),
	($$SELECT update_cached_events({song}, 'drums', kit.timeline(9), {bob}, '2.0', {cache})$$, :another),
	($$SELECT update_cached_events({song}, 'drums', kit.timeline(9), {ann}, '2.0', {cache})$$, '+ann/song/drums/2.0=9 -ann/song/drums/2.0=2'),
	($$SELECT update_cached_events({song}, 'vocals', kit.timeline(9), {bob}, '1.0', {cache})$$, '+bob/song/vocals/1.0=9'),
	($$SELECT update_cached_events({song}, 'drums', kit.timeline(9), cache => {cache})$$, '23502 null value in column "user_id" violates not-null constraint'),
	($$SELECT cache_events({song}, 'drums', kit.timeline(9), {bob}, '1.0', {cache})$$, '23505 duplicate key value violates unique'),
	($$SELECT get_cached_events({song}, 'drums', {bob}, cache => {cache})$$, 'NULL'),
	($$SELECT duration(get_cached_events({song}, 'drums', {ann}, cache => {cache}))$$, '2'),
	($$SELECT is_cached({song}, 'drums', {bob}, cache => {cache})$$, 'false'),
	($$SELECT count(*) FROM get_all_cached_events_for_file({song}, {bob}, {cache})$$, '0'),
	($$SELECT delete_cached_events({song}, user_id => {bob}, cache => {cache})$$, '0'),
	($$SELECT delete_cached_events({song}, 'bass', {ann}, cache => {cache})$$, '1 -ann/song/bass/1.0=3');

SELECT plan((SELECT count(*)::integer FROM kit.caches, kit.calls) + 41);

SELECT is(kit.unbound(call, name, holds_rows), answer, format('%s: %s', name, call)) FROM kit.caches, kit.calls ORDER BY name, call;

-- the error tells nothing of the row that is there
SELECT kit.be('service') \g /dev/null
SELECT throws_ok($$SELECT update_cached_events('00000000-0000-4000-8000-0000000000f1', 'drums', kit.timeline(9), '00000000-0000-4000-8000-0000000000bb')$$,
	'23505', 'cache "audio_event_cache" has a timeline of another user under this key', 'its message') AS t \gset
SELECT kit.be_tester() \g /dev/null
SELECT :'t'::text;
CREATE FUNCTION kit.details() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	PERFORM update_cached_events('00000000-0000-4000-8000-0000000000f1', 'drums', kit.timeline(9), '00000000-0000-4000-8000-0000000000bb');
	RETURN 'replaced';
EXCEPTION WHEN unique_violation THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN detail || ' ' || hint;
END $$;
SELECT is(kit.details(), 'The key (file_metadata_id, stem_type, analysis_version) has no user_id in it. Let the unique key start with user_id.', 'its detail and hint');

-- A default says for whom the caller acts. Callers with the claims of a user whom no policy binds: a
-- server that passes the claims on, and a function of the owner.
ALTER TABLE audio_event_cache ALTER user_id SET DEFAULT auth.uid();
ALTER TABLE event_cache_below ALTER user_id SET DEFAULT auth.uid();
CREATE FUNCTION by_owner(seconds numeric) RETURNS void LANGUAGE sql SECURITY DEFINER AS $$ SELECT update_cached_events('00000000-0000-4000-8000-0000000000f1', 'drums', kit.timeline(seconds), analysis_version => '1.0') $$;
ALTER FUNCTION by_owner(numeric) OWNER TO app;
GRANT EXECUTE ON FUNCTION by_owner(numeric) TO authenticated;
-- with_claims: a query with the claims of somebody, whoever asks.
CREATE FUNCTION kit.with_claims(who text, statement text) RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT CASE WHEN set_config(''request.jwt.claims'', %L, true) <> '''' THEN (%s) END', json_build_object('sub', id), statement) FROM kit.people WHERE name = who
$$;
SELECT is(kit.attempt(caller, replace(kit.with_claims(who, $$SELECT update_cached_events('00000000-0000-4000-8000-0000000000f1', 'drums', kit.timeline(9), analysis_version => '1.0', cache => '{cache}')$$), '{cache}', cache), rows),
		CASE who WHEN 'ann' THEN '+ann/song/drums/1.0=9 -ann/song/drums/1.0=1' ELSE :another END, format('%s with the claims of %s, %s', caller, who, cache))
	FROM unnest('{app,member,service,admin}'::text[]) caller, unnest('{ann,bob}'::text[]) who, (VALUES ('audio_event_cache', 'audio_event_cache'::regclass), ('definer_view', 'event_cache_below'), ('event_cache_view', 'event_cache_below')) c (cache, rows);
SELECT is(kit.attempt('ann', 'SELECT by_owner(9)'), 'NULL +ann/song/drums/1.0=9 -ann/song/drums/1.0=1', 'a function of the owner, called by ann');
SELECT is(kit.attempt('bob', 'SELECT by_owner(9)'), :another, 'called by bob');
SELECT is(kit.attempt('ed', 'SELECT by_owner(9)'), :another, 'called by ed: an editor, but the owner does not go by policies');
SELECT is(kit.attempt(who, 'SELECT update_cached_events(''00000000-0000-4000-8000-0000000000f1'', ''drums'', kit.timeline(9), analysis_version => ''1.0'', cache => ''definer_view'')', 'event_cache_below'), answer, who || ', through a view of the owner')
	FROM (VALUES ('ann', '+ann/song/drums/1.0=9 -ann/song/drums/1.0=1'), ('bob', :another), ('ed', :another)) v (who, answer);

-- Where policies bind, they alone decide if no user is named: an editor may, a stranger may not.
SELECT is(kit.attempt(who, format('SELECT update_cached_events(''00000000-0000-4000-8000-0000000000f1'', ''drums'', kit.timeline(9), analysis_version => ''1.0'', cache => %L)', cache), rows), answer, format('%s, %s', who, cache))
	FROM (VALUES ('ann', '+ann/song/drums/1.0=9 -ann/song/drums/1.0=1'), ('ed', '+ann/song/drums/1.0=9 -ann/song/drums/1.0=1'),
			('bob', '42501 new row violates row-level security policy (USING expression)'), ('vera', '42501 new row violates row-level security policy (USING expression)')) v (who, answer),
		(VALUES ('audio_event_cache', 'audio_event_cache'::regclass), ('event_cache_view', 'event_cache_below')) c (cache, rows);
ALTER TABLE audio_event_cache FORCE ROW LEVEL SECURITY;
SELECT is(kit.attempt('app', kit.with_claims('bob', $$SELECT update_cached_events('00000000-0000-4000-8000-0000000000f1', 'drums', kit.timeline(9), analysis_version => '1.0')$$)),
	'42501 new row violates row-level security policy', 'an owner whom policies bind by force');

SELECT * FROM finish();
ROLLBACK;
