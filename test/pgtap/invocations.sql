-- However a call is wrapped, it runs as whoever the server says it runs as at that moment: views of
-- both kinds, functions of both kinds, policies, triggers, cursors, parallel mode.
\ir include/setup.sql

\set usual '\'admin ann ed link service vera: 2, anon bob nobody: NULL\''
\set everything '\'admin ann anon bob ed link nobody service vera: 2\''

SET LOCAL ROLE project_admin;
-- views
CREATE VIEW definer_view AS SELECT * FROM audio_event_cache;
CREATE VIEW invoker_of_definer WITH (security_invoker) AS SELECT * FROM definer_view;
CREATE VIEW definer_of_invoker AS SELECT * FROM event_cache_view;
CREATE VIEW calling_view AS SELECT duration(get_cached_events(uuid '00000000-0000-4000-8000-0000000000f1', 'drums'));
CREATE MATERIALIZED VIEW copied AS SELECT * FROM audio_event_cache;
-- functions that make the same call
DO $$
DECLARE
	call text := 'SELECT duration(get_cached_events(uuid ''00000000-0000-4000-8000-0000000000f1'', ''drums''))';
BEGIN
	EXECUTE format('CREATE FUNCTION by_caller() RETURNS float8 LANGUAGE sql STABLE AS %L', call);
	EXECUTE format('CREATE FUNCTION by_caller_not_inlined() RETURNS float8 LANGUAGE sql STABLE SET search_path = extensions AS %L', call);
	EXECUTE format('CREATE FUNCTION by_caller_atomic() RETURNS float8 LANGUAGE sql STABLE BEGIN ATOMIC %s; END', call);
	EXECUTE format('CREATE FUNCTION by_caller_plpgsql() RETURNS float8 LANGUAGE plpgsql STABLE AS %L', 'BEGIN RETURN (' || call || '); END');
	EXECUTE format('CREATE FUNCTION by_owner() RETURNS float8 LANGUAGE sql STABLE SECURITY DEFINER AS %L', call);
	EXECUTE format('CREATE FUNCTION by_authenticated() RETURNS float8 LANGUAGE sql STABLE SECURITY DEFINER AS %L', call);
END $$;
RESET ROLE;
ALTER FUNCTION by_authenticated() OWNER TO authenticated;

-- get: everyone's read through a relation.
CREATE FUNCTION kit.get(cache text) RETURNS text LANGUAGE sql AS $$
	SELECT kit.everyone(format('SELECT duration(get_cached_events(uuid ''00000000-0000-4000-8000-0000000000f1'', ''drums'', cache => %L))', cache))
$$;

SELECT plan(35);

-- views as a cache
SELECT is(kit.get('event_cache_view'), :usual, 'a security_invoker view: as the caller');
SELECT is(kit.get('definer_view'), :everything, 'a view without it: as its owner, like any query on such a view');
SELECT is(kit.get('invoker_of_definer'), :everything, 'nor does one on top of it help');
SELECT is(kit.get('definer_of_invoker'), :usual, 'a security_invoker view below one without it: as the caller');
SELECT kit.plans() AS plans_before \gset
ALTER VIEW definer_view SET (security_invoker);
SELECT is(kit.get('definer_view'), :usual, 'the view is made security_invoker: the next call follows');
SELECT is(kit.get('invoker_of_definer'), :usual, 'and so does the one on top');
ALTER VIEW definer_view RESET (security_invoker);
SELECT is(kit.get('definer_view'), :everything, 'and back');
ALTER VIEW event_cache_view RESET (security_invoker);
SELECT is(kit.get('event_cache_view'), :everything, 'the other view loses it');
ALTER VIEW event_cache_view SET (security_invoker = true, security_barrier = true);
SELECT is(kit.get('event_cache_view'), :usual, 'and gets it again');
SELECT is(kit.plans(), :plans_before::bigint, 'all that with the same plans');
SELECT is(kit.everyone('SELECT is_cached(''f'', ''drums'', cache => ''copied'')'),
	'admin ann anon bob ed link nobody service vera: 42809 "copied" cannot serve as a cache', 'a materialised view: no cache, for no one');

-- a call inside a view, and inside functions
SELECT is(kit.everyone('SELECT * FROM calling_view'), :usual, 'a call inside a view of the owner: as the caller');
SELECT is(kit.everyone(format('SELECT %I()', f)), :usual, f || ': as the caller')
	FROM unnest('{by_caller,by_caller_not_inlined,by_caller_atomic,by_caller_plpgsql}'::text[]) f;
SELECT is(kit.everyone('SELECT by_owner()'), :everything, 'a SECURITY DEFINER function of the owner: as the owner');
SELECT is(kit.everyone('SELECT by_authenticated()'), 'admin anon bob nobody service: NULL, ann ed link vera: 2',
	'one of a role that policies bind: as that role, with the claims of the caller');
SELECT is(kit.attempt('bob', query), answer, 'side by side in one statement: ' || query) FROM (VALUES
	('SELECT concat_ws('' '', by_owner(), coalesce(by_caller(), -1), by_owner(), coalesce(by_caller(), -1))', '2 -1 2 -1'),
	('SELECT string_agg(concat(CASE n % 2 WHEN 0 THEN by_owner() ELSE by_caller() END, ''.''), '''') FROM generate_series(1, 6) n', '.2..2..2.'),
	('SELECT concat(a, b) FROM (SELECT by_owner()) o (a), (SELECT by_caller()) c (b)', '2')) v (query, answer);

-- a policy that asks another cache
SET LOCAL ROLE project_admin;
CREATE POLICY by_other_cache ON event_cache_json FOR SELECT USING (is_cached(file_metadata_id, stem_type, cache => 'public.audio_event_cache'));
DROP POLICY own ON event_cache_json;
DROP POLICY shared ON event_cache_json;
RESET ROLE;
SELECT is(kit.get('event_cache_json'), :usual, 'a policy that calls is_cached on another cache: as the caller');
ALTER POLICY by_other_cache ON event_cache_json USING (is_cached(file_metadata_id, stem_type, cache => 'public.event_cache_json'));
SELECT is(kit.attempt('ann', 'SELECT is_cached(''00000000-0000-4000-8000-0000000000f1'', ''drums'', cache => ''event_cache_json'')'),
	'54001 stack depth limit exceeded', 'a policy that asks its own table: an error, not a crash');

-- a trigger that forwards to another cache
CREATE FUNCTION public.forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM update_cached_events(NEW.file_metadata_id, NEW.stem_type, NEW.event_data::audio_timeline, NEW.user_id, cache => 'public.event_cache_typed');
	RETURN NEW;
END $$;
CREATE TRIGGER forward BEFORE INSERT ON audio_event_cache FOR EACH ROW EXECUTE FUNCTION public.forward();
SELECT is(kit.attempt('bob', $$SELECT cache_events('00000000-0000-4000-8000-0000000000f3', 'new', kit.timeline(9), auth.uid()::text)$$, 'event_cache_typed'),
	'+bob/tune/new/1.0=9', 'a trigger that puts into another cache: as the caller');
SELECT is(kit.attempt('nobody', $$SELECT cache_events('00000000-0000-4000-8000-0000000000f3', 'new', kit.timeline(9), auth.uid()::text)$$),
	'42501 new row violates row-level security policy', 'who is refused there as elsewhere');
SELECT is(kit.attempt('vera', $$SELECT cache_events('00000000-0000-4000-8000-0000000000f1', 'bass', kit.timeline(9), auth.uid()::text)$$),
	'42501 new row violates row-level security policy (USING expression)', 'and then the whole call is');
DROP TRIGGER forward ON audio_event_cache;
CREATE FUNCTION public.log_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO audit_logs (user_id, action) VALUES ((SELECT auth.uid()), TG_OP || ' ' || coalesce(NEW.stem_type, OLD.stem_type));
	RETURN NULL;
END $$;
ALTER TABLE audio_event_cache ALTER user_id SET DEFAULT auth.uid();
CREATE TRIGGER log_write AFTER INSERT OR UPDATE OR DELETE ON audio_event_cache FOR EACH ROW EXECUTE FUNCTION public.log_write();
SELECT kit.value_as('bob', $$SELECT cache_events('00000000-0000-4000-8000-0000000000f3', 'bass', kit.timeline(1), auth.uid()::text)$$),
	kit.value_as('bob', $$SELECT update_cached_events('00000000-0000-4000-8000-0000000000f3', 'bass', kit.timeline(2), auth.uid()::text)$$),
	kit.value_as('ed', $$SELECT update_cached_events('00000000-0000-4000-8000-0000000000f1', 'bass', kit.timeline(3))$$),
	kit.value_as('ann', $$SELECT delete_cached_events('00000000-0000-4000-8000-0000000000f2', 'drums')$$) \g /dev/null
SELECT is(kit.everyone('SELECT string_agg(action, '', '' ORDER BY id) FROM audit_logs WHERE action <> ''upload'''),
	'admin service: INSERT bass, UPDATE bass, UPDATE bass, DELETE drums, ann: DELETE drums, anon link nobody vera: NULL, bob: INSERT bass, UPDATE bass, ed: UPDATE bass',
	'a trigger that writes a log: each write is logged as that of its caller');
DROP TRIGGER log_write ON audio_event_cache;

-- a condition, a DO block, a prepared statement, a cursor
SELECT is(kit.everyone('SELECT count(*) FROM generate_series(1, 3) WHERE is_cached(uuid ''00000000-0000-4000-8000-0000000000f1'', ''drums'')'),
	'admin ann ed link service vera: 3, anon bob nobody: 0', 'in a condition');
PREPARE ask AS SELECT count(*) FROM get_all_cached_events_for_file($1::uuid);
SELECT is(kit.everyone('EXECUTE ask(''00000000-0000-4000-8000-0000000000f1'')'), 'admin ann ed link service vera: 3, anon bob nobody: 0', 'a prepared statement');
SET LOCAL plan_cache_mode = force_generic_plan;
SELECT is(kit.everyone('EXECUTE ask(''00000000-0000-4000-8000-0000000000f1'')'), 'admin ann ed link service vera: 3, anon bob nobody: 0', 'one with a generic plan');
RESET plan_cache_mode;

-- A cursor is read by whoever reads it: the call happens at the first FETCH.
SELECT kit.be('ann') \g /dev/null
DECLARE opened CURSOR FOR SELECT stem_type, duration(timeline) FROM get_all_cached_events_for_file(uuid '00000000-0000-4000-8000-0000000000f1');
SELECT kit.be('bob') \g /dev/null
DECLARE opened_by_bob CURSOR FOR SELECT stem_type, duration(timeline) FROM get_all_cached_events_for_file(uuid '00000000-0000-4000-8000-0000000000f1');
SELECT kit.be_tester() \g /dev/null
CREATE FUNCTION kit.fetched(who text, cursor refcursor) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	stem text;
	seconds float8;
	rows text := '';
BEGIN
	PERFORM kit.be(who);
	LOOP
		FETCH cursor INTO stem, seconds;
		EXIT WHEN NOT FOUND;
		rows := rows || stem || ' ';
	END LOOP;
	PERFORM kit.be_tester();
	RETURN rows;
END $$;
SELECT is(kit.fetched('bob', 'opened'), '', 'a cursor that ann opened gives bob nothing');
SELECT is(kit.fetched('ann', 'opened_by_bob'), 'bass drums drums ', 'one that bob opened gives ann hers');

-- no parallel worker runs a call, also where the server would have one run everything; the setting was renamed in 16
SELECT set_config(name, 'on', true) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query') \g /dev/null
SELECT is(kit.value_as('ann', 'EXPLAIN (COSTS OFF) SELECT is_cached(uuid ''00000000-0000-4000-8000-0000000000f1'', ''drums'')'), 'Result', 'no worker runs the call');
SELECT is(kit.get('audio_event_cache'), :usual, 'in parallel mode');
SELECT is(kit.everyone('SELECT count(*) FROM get_all_cached_events_for_file(uuid ''00000000-0000-4000-8000-0000000000f1'')'),
	'admin ann ed link service vera: 3, anon bob nobody: 0', 'rows in parallel mode');
SELECT set_config(name, 'off', true) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query') \g /dev/null

SELECT * FROM finish();
ROLLBACK;
