-- Every operation, by everyone, on every form of the cache, with uuid and with text ids: what is
-- answered, and what is changed. Each attempt starts from the same rows (include/data.sql).
\ir include/setup.sql

CREATE TABLE kit.operations (name text PRIMARY KEY, template text);
INSERT INTO kit.operations VALUES
	('get', $$SELECT duration(get_cached_events({song}, 'drums', cache => {cache}))$$),
	('get version', $$SELECT duration(get_cached_events({song}, 'drums', NULL, '1.0', {cache}))$$),
	('get own', $$SELECT duration(get_cached_events({song}, 'drums', {me}, cache => {cache}))$$),
	('get unshared', $$SELECT duration(get_cached_events({secret}, 'drums', cache => {cache}))$$),
	('get absent', $$SELECT duration(get_cached_events({song}, 'vocals', cache => {cache}))$$),
	('exists', $$SELECT is_cached({song}, 'drums', cache => {cache})$$),
	('exists unshared', $$SELECT is_cached({secret}, 'drums', {ann}, '1.0', {cache})$$),
	('list', $$SELECT string_agg(format('%s/%s=%s', stem_type, analysis_version, duration(timeline)), ' ')
		FROM get_all_cached_events_for_file({song}, cache => {cache})$$),
	('put new', $$SELECT cache_events({song}, 'vocals', kit.timeline(9), {me}, cache => {cache})$$),
	('put taken', $$SELECT cache_events({song}, 'drums', kit.timeline(9), {me}, '1.0', {cache})$$),
	('put as ann', $$SELECT cache_events({song}, 'vocals', kit.timeline(9), {ann}, '1.0', {cache})$$),
	('upsert new', $$SELECT update_cached_events({song}, 'vocals', kit.timeline(9), {me}, cache => {cache})$$),
	('upsert taken', $$SELECT update_cached_events({song}, 'drums', kit.timeline(9), {me}, '1.0', {cache})$$),
	('upsert as bob', $$SELECT update_cached_events({song}, 'drums', kit.timeline(9), {bob}, '1.0', {cache})$$),
	('get as bob', $$SELECT duration(get_cached_events({song}, 'drums', {bob}, cache => {cache}))$$),
	('exists as bob', $$SELECT is_cached({song}, 'drums', {bob}, '1.0', {cache})$$),
	('list as bob', $$SELECT count(*) FROM get_all_cached_events_for_file({song}, {bob}, {cache})$$),
	('put as bob', $$SELECT cache_events({song}, 'drums', kit.timeline(9), {bob}, '1.0', {cache})$$),
	('delete as bob', $$SELECT delete_cached_events({song}, user_id => {bob}, cache => {cache})$$),
	('upsert as ann', $$SELECT update_cached_events({song}, 'drums', kit.timeline(9), {ann}, '1.0', {cache})$$),
	('delete', $$SELECT delete_cached_events({song}, 'drums', cache => {cache})$$),
	('delete version', $$SELECT delete_cached_events({song}, 'drums', {ann}, '2.0', {cache})$$),
	('delete all', $$SELECT delete_cached_events({song}, cache => {cache})$$),
	('delete unshared', $$SELECT delete_cached_events({secret}, cache => {cache})$$);

-- by_user: holds only where the unique key starts with the user, or only where it does not.
CREATE TABLE kit.expected (operation text, people text, answer text, by_user boolean);
INSERT INTO kit.expected VALUES
	('get', 'ann vera ed link service admin', '2'),
	('get', 'bob nobody anon', 'NULL'),
	('get version', 'ann vera ed link service admin', '1'),
	('get version', 'bob nobody anon', 'NULL'),
	('get own', 'ann link service admin', '2'),
	('get own', 'bob vera ed nobody anon', 'NULL'),
	('get unshared', 'ann service admin', '4'),
	('get unshared', 'bob vera ed link nobody anon', 'NULL'),
	('get absent', 'ann bob vera ed link nobody anon service admin', 'NULL'),
	('exists', 'ann vera ed link service admin', 'true'),
	('exists', 'bob nobody anon', 'false'),
	('exists unshared', 'ann service admin', 'true'),
	('exists unshared', 'bob vera ed link nobody anon', 'false'),
	('list', 'ann vera ed link service admin', 'bass/1.0=3 drums/1.0=1 drums/2.0=2'),
	('list', 'bob nobody anon', 'NULL'),
	('put new', 'ann', '+ann/song/vocals/1.0=9'),
	('put new', 'bob', '+bob/song/vocals/1.0=9'),
	('put new', 'vera', '+vera/song/vocals/1.0=9'),
	('put new', 'ed', '+ed/song/vocals/1.0=9'),
	('put new', 'link nobody anon', 'row-level security'),
	('put new', 'service admin', 'null user'),
	('put taken', 'ann', 'duplicate key'),
	('put taken', 'link nobody anon', 'row-level security'),
	('put taken', 'service admin', 'null user'),
	('put as ann', 'ann service admin', '+ann/song/vocals/1.0=9'),
	('put as ann', 'bob vera ed link nobody anon', 'row-level security'),
	('upsert new', 'ann', '+ann/song/vocals/1.0=9'),
	('upsert new', 'bob', '+bob/song/vocals/1.0=9'),
	('upsert new', 'vera', '+vera/song/vocals/1.0=9'),
	('upsert new', 'ed', '+ed/song/vocals/1.0=9'),
	('upsert new', 'link nobody anon', 'row-level security'),
	('upsert new', 'service admin', 'null user'),
	('upsert taken', 'ann', '+ann/song/drums/1.0=9 -ann/song/drums/1.0=1'),
	('upsert taken', 'link nobody anon', 'row-level security'),
	('upsert taken', 'service admin', 'null user'),
	('upsert as ann', 'ann service admin', '+ann/song/drums/1.0=9 -ann/song/drums/1.0=1'),
	('upsert as ann', 'bob vera ed link nobody anon', 'row-level security'),
	('upsert as bob', 'ann vera ed link nobody anon', 'row-level security'),
	('get as bob', 'ann bob vera ed link nobody anon service admin', 'NULL'),
	('exists as bob', 'ann bob vera ed link nobody anon service admin', 'false'),
	('list as bob', 'ann bob vera ed link nobody anon service admin', '0'),
	('put as bob', 'ann vera ed link nobody anon', 'row-level security'),
	('delete as bob', 'ann bob vera ed link nobody anon service admin', '0'),
	('delete', 'ann service admin', '2 -ann/song/drums/1.0=1 -ann/song/drums/2.0=2'),
	('delete', 'bob vera ed link nobody anon', '0'),
	('delete version', 'ann service admin', '1 -ann/song/drums/2.0=2'),
	('delete version', 'bob vera ed link nobody anon', '0'),
	('delete all', 'ann service admin', '3 -ann/song/bass/1.0=3 -ann/song/drums/1.0=1 -ann/song/drums/2.0=2'),
	('delete all', 'bob vera ed link nobody anon', '0'),
	('delete unshared', 'ann service admin', '1 -ann/secret/drums/1.0=4'),
	('delete unshared', 'bob vera ed link nobody anon', '0');
INSERT INTO kit.expected VALUES
	('put taken', 'bob vera ed', 'duplicate key', false),
	('put taken', 'bob', '+bob/song/drums/1.0=9', true),
	('put taken', 'vera', '+vera/song/drums/1.0=9', true),
	('put taken', 'ed', '+ed/song/drums/1.0=9', true),
	('upsert taken', 'ed', 'another user', false),
	('upsert taken', 'bob vera', 'row-level security (USING expression)', false),
	('upsert as bob', 'service admin', 'another user', false),
	('upsert as bob', 'bob', 'row-level security (USING expression)', false),
	('upsert as bob', 'bob service admin', '+bob/song/drums/1.0=9', true),
	('put as bob', 'bob service admin', 'duplicate key', false),
	('put as bob', 'bob service admin', '+bob/song/drums/1.0=9', true),
	('upsert taken', 'bob', '+bob/song/drums/1.0=9', true),
	('upsert taken', 'vera', '+vera/song/drums/1.0=9', true),
	('upsert taken', 'ed', '+ed/song/drums/1.0=9', true);
UPDATE kit.expected SET answer = CASE answer
	WHEN 'null user' THEN '23502 null value in column "user_id" violates not-null constraint'
	WHEN 'another user' THEN '23505 cache has a timeline of another user under this key'
	WHEN 'duplicate key' THEN '23505 duplicate key value violates unique'
	ELSE regexp_replace(answer, '^row-level security', '42501 new row violates row-level security policy') END;

CREATE TABLE kit.caches (name text, holds_rows regclass, by_user boolean);
INSERT INTO kit.caches VALUES
	('audio_event_cache', 'audio_event_cache', false),
	('event_cache_json', 'event_cache_json', false),
	('event_cache_typed', 'event_cache_typed', false),
	('event_cache_text', 'event_cache_text', false),
	('event_cache_view', 'event_cache_below', false),
	('event_cache_partitioned', 'event_cache_partitioned', true);

-- statement: a template with the values of one case in it; the id type picks the overload.
CREATE FUNCTION kit.statement(template text, me uuid, id_type text, cache text) RETURNS text LANGUAGE sql AS $$
	SELECT replace(replace(replace(replace(replace(replace(template,
		'{song}', quote_literal((SELECT id FROM public.file_metadata WHERE file_name = 'song')) || id_type),
		'{secret}', quote_literal((SELECT id FROM public.file_metadata WHERE file_name = 'secret')) || id_type),
		'{ann}', quote_literal((SELECT id FROM kit.people WHERE name = 'ann')) || id_type),
		'{bob}', quote_literal((SELECT id FROM kit.people WHERE name = 'bob')) || id_type),
		'{me}', quote_nullable(me) || id_type),
		'{cache}', quote_literal(cache))
$$;

SELECT plan((SELECT count(*)::integer FROM kit.operations) * 6 * 2);

-- One test for each operation, cache and type of ids: everyone's answer.
SELECT is(
	string_agg(format('%s: %s', who.name,
		kit.attempt(who.name, kit.statement(o.template, who.id, t.id_type, c.name), c.holds_rows)), E'\n' ORDER BY who.name),
	string_agg(format('%s: %s', who.name, e.answer), E'\n' ORDER BY who.name),
	format('%s, %s ids: %s', c.name, substr(t.id_type, 3), o.name))
FROM kit.caches c, unnest('{::uuid,::text}'::text[]) t (id_type), kit.operations o, kit.people who
	LEFT JOIN LATERAL (SELECT e.answer FROM kit.expected e
		WHERE e.operation = o.name AND who.name = ANY (string_to_array(e.people, ' '))
			AND c.by_user = coalesce(e.by_user, c.by_user)) e ON true
GROUP BY c.name, c.holds_rows, t.id_type, o.name
ORDER BY c.name, t.id_type, o.name;

SELECT * FROM finish();
ROLLBACK;
