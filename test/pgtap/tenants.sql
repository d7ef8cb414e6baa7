-- Two tenants and one key. Where the unique key starts with the user, both have their row and
-- neither learns of the other's; where it does not (the reference table), nobody gets another's data.
\ir include/setup.sql

-- The recommended table: the user is the one who asks, and comes first in the key.
SET LOCAL ROLE project_admin;
CREATE TABLE tenant_cache (
	user_id uuid NOT NULL DEFAULT auth.uid(),
	file_metadata_id uuid NOT NULL,
	stem_type text NOT NULL,
	analysis_version text NOT NULL DEFAULT '1.0',
	event_data audio_timeline NOT NULL,
	created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (user_id, file_metadata_id, stem_type, analysis_version)
);
ALTER TABLE tenant_cache ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON tenant_cache TO authenticated USING (user_id = (SELECT auth.uid()));
RESET ROLE;

-- fill: a template with ids and tables in it.
CREATE FUNCTION kit.fill(template text, cache text) RETURNS text LANGUAGE sql AS $$
	SELECT replace(replace(replace(replace(template,
		'{song}', 'uuid ''00000000-0000-4000-8000-0000000000f1'''),
		'{ann}', '''00000000-0000-4000-8000-0000000000aa'''),
		'{bob}', '''00000000-0000-4000-8000-0000000000bb'''),
		'{cache}', quote_literal(cache))
$$;
-- try: what a statement answers and changes, undone. keep: the same, to stay.
CREATE FUNCTION kit.try(who text, template text, cache text DEFAULT 'public.tenant_cache') RETURNS text LANGUAGE sql AS $$
	SELECT kit.attempt(who, kit.fill(template, cache), cache::regclass)
$$;
CREATE FUNCTION kit.keep(who text, template text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	before text[] := ARRAY(SELECT kit.contents('public.tenant_cache'));
BEGIN
	PERFORM kit.value_as(who, kit.fill(template, 'public.tenant_cache'));
	RETURN kit.changes(before, ARRAY(SELECT kit.contents('public.tenant_cache')));
END $$;
\set refused '\'42501 new row violates row-level security policy\''

SELECT plan(41);

-- one key, two tenants, the user by default
SELECT is(kit.keep('ann', $$SELECT cache_events({song}, 'drums', kit.timeline(1), cache => {cache})$$), '+ann/song/drums/1.0=1', 'ann puts');
SELECT is(kit.keep('bob', $$SELECT cache_events({song}, 'drums', kit.timeline(2), cache => {cache})$$), '+bob/song/drums/1.0=2', 'bob puts under the same key');
SELECT is(kit.keep('ann', $$SELECT update_cached_events({song}, 'drums', kit.timeline(3), cache => {cache})$$),
	'+ann/song/drums/1.0=3 -ann/song/drums/1.0=1', 'ann replaces hers');
SELECT is(kit.keep('bob', $$SELECT update_cached_events({song}, 'drums', kit.timeline(4), NULL, '1.0', {cache})$$),
	'+bob/song/drums/1.0=4 -bob/song/drums/1.0=2', 'bob replaces his, the user given as NULL');
SELECT is(kit.keep('bob', $$SELECT update_cached_events({song}, 'drums', kit.timeline(5), {bob}, '2.0', {cache})$$), '+bob/song/drums/2.0=5',
	'bob adds a version, the user given');
SELECT is(kit.try('ann', $$SELECT duration(get_cached_events({song}, 'drums', cache => {cache}))$$), '3', 'ann gets hers');
SELECT is(kit.try('bob', $$SELECT duration(get_cached_events({song}, 'drums', NULL, '1.0', {cache}))$$), '4', 'bob gets his');
SELECT is(kit.try('vera', $$SELECT duration(get_cached_events({song}, 'drums', cache => {cache}))$$), 'NULL', 'a third user gets nothing');
SELECT is(kit.try('service', $$SELECT duration(get_cached_events({song}, 'drums', {ann}, cache => {cache}))$$), '3', 'service_role gets the one of the user it names');
SELECT is(kit.try('service', $$SELECT duration(get_cached_events({song}, 'drums', cache => {cache}))$$), '5', 'or the newest');
SELECT is(kit.try(who, $$SELECT count(*) FROM get_all_cached_events_for_file({song}, cache => {cache})$$), count, who || ' lists own rows only')
	FROM (VALUES ('ann', '1'), ('bob', '2'), ('vera', '0'), ('service', '3')) v (who, count);

-- nobody to default to
SELECT is(kit.try(who, $$SELECT cache_events({song}, 'piano', kit.timeline(9), cache => {cache})$$), :refused, who || ': no user, no row')
	FROM unnest('{nobody,anon,link}'::text[]) who;
SELECT is(kit.try('service', $$SELECT update_cached_events({song}, 'drums', kit.timeline(9), cache => {cache})$$),
	'23502 null value in column "user_id" violates not-null constraint', 'service_role must say for whom');
SELECT is(kit.try('service', $$SELECT update_cached_events({song}, 'drums', kit.timeline(9), {ann}, cache => {cache})$$),
	'+ann/song/drums/1.0=9 -ann/song/drums/1.0=3', 'and if it does it replaces that row');
ALTER TABLE tenant_cache DROP CONSTRAINT tenant_cache_pkey, ALTER user_id DROP NOT NULL,
	ADD UNIQUE (user_id, file_metadata_id, stem_type, analysis_version);
SELECT is(kit.try('service', $$SELECT update_cached_events({song}, 'drums', kit.timeline(9), cache => {cache})$$),
	'22004 the key of cache "tenant_cache" must not be null', 'even where the column may be null: it would be a new row each time');

-- somebody else's id
SELECT is(kit.try('bob', statement), answer, 'bob with the id of ann: ' || statement)
	FROM (VALUES
		($$SELECT get_cached_events({song}, 'drums', {ann}, cache => {cache})$$, 'NULL'),
		($$SELECT is_cached({song}, 'drums', {ann}, cache => {cache})$$, 'false'),
		($$SELECT count(*) FROM get_all_cached_events_for_file({song}, {ann}, {cache})$$, '0'),
		($$SELECT delete_cached_events({song}, 'drums', {ann}, cache => {cache})$$, '0'),
		($$SELECT delete_cached_events({song}, user_id => {ann}, cache => {cache})$$, '0'),
		($$SELECT cache_events({song}, 'drums', kit.timeline(9), {ann}, cache => {cache})$$, :refused),
		($$SELECT cache_events({song}, 'piano', kit.timeline(9), {ann}, cache => {cache})$$, :refused),
		($$SELECT update_cached_events({song}, 'drums', kit.timeline(9), {ann}, cache => {cache})$$, :refused),
		($$SELECT update_cached_events({song}, 'piano', kit.timeline(9), {ann}, cache => {cache})$$, :refused)) v (statement, answer);
SELECT is(kit.try('bob', $$SELECT delete_cached_events({song}, cache => {cache})$$), '2 -bob/song/drums/1.0=4 -bob/song/drums/2.0=5', 'bob deletes all he can: his own');

-- What another has stored makes no difference: the same answer with and without a row of ann.
CREATE FUNCTION kit.bob_asks(stem text, cache text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(replace(kit.try('bob', replace(template, '{stem}', quote_literal(stem)), cache), stem, '{stem}'), E'\n' ORDER BY n)
	FROM (VALUES
		(1, 'SELECT get_cached_events({song}, {stem}, cache => {cache})'),
		(2, 'SELECT get_cached_events({song}, {stem}, {ann}, ''1.0'', {cache})'),
		(3, 'SELECT is_cached({song}, {stem}, cache => {cache})'),
		(4, 'SELECT count(*) FROM get_all_cached_events_for_file({song}, cache => {cache}) WHERE stem_type = {stem}'),
		(5, 'SELECT delete_cached_events({song}, {stem}, cache => {cache})'),
		(6, 'SELECT cache_events({song}, {stem}, kit.timeline(9), {ann}, cache => {cache})'),
		(7, 'SELECT update_cached_events({song}, {stem}, kit.timeline(9), {ann}, cache => {cache})'),
		(8, 'SELECT cache_events({song}, {stem}, kit.timeline(9), {bob}, cache => {cache})'),
		(9, 'SELECT update_cached_events({song}, {stem}, kit.timeline(9), {bob}, cache => {cache})')) v (n, template)
	WHERE cache IN ('public.tenant_cache', 'public.event_cache_partitioned') OR n < 8
$$;
SELECT kit.keep('ann', $$SELECT cache_events({song}, 'guitar', kit.timeline(8), cache => {cache})$$) \g /dev/null
SELECT is(kit.bob_asks('guitar', 'public.tenant_cache'), kit.bob_asks('kazoo', 'public.tenant_cache'), 'key with the user: bob cannot tell a row of ann from none');
SELECT is(kit.bob_asks('bass', cache), kit.bob_asks('kazoo', cache), cache || ': nor there, reading, deleting or in the name of ann')
	FROM unnest('{public.audio_event_cache,public.event_cache_typed,public.event_cache_json,public.event_cache_text,
		public.event_cache_partitioned}'::text[]) cache;

-- The reference table's key has no user in it: a write tells that the key is taken, and no more.
SELECT is(kit.try('bob', $$SELECT cache_events({song}, 'bass', kit.timeline(9), {bob}, cache => {cache})$$, 'public.audio_event_cache'),
	'23505 duplicate key value violates unique', 'key without the user: a put says that the key is taken');
SELECT is(kit.try('bob', $$SELECT update_cached_events({song}, 'bass', kit.timeline(9), {bob}, cache => {cache})$$, 'public.audio_event_cache'),
	'42501 new row violates row-level security policy (USING expression)', 'an upsert is refused');
SELECT is(kit.try('bob', $$SELECT cache_events({song}, 'piano', kit.timeline(9), {bob}, cache => {cache})$$, 'public.audio_event_cache'),
	'+bob/song/piano/1.0=9', 'and bob may take a free one, also of a file of ann');
SELECT kit.value_as('bob', kit.fill($$SELECT cache_events({song}, 'piano', kit.timeline(9), {bob}, cache => {cache})$$, 'public.audio_event_cache')) \g /dev/null
SELECT is(kit.try('ann', $$SELECT update_cached_events({song}, 'piano', kit.timeline(7), {ann}, cache => {cache})$$, 'public.audio_event_cache'),
	'42501 new row violates row-level security policy (USING expression)', 'which she then cannot have');
SELECT is(kit.try('ann', $$SELECT delete_cached_events({song}, 'piano', cache => {cache})$$, 'public.audio_event_cache'), '0', 'nor delete: it is his');

SELECT * FROM finish();
ROLLBACK;
