-- What the catalogs say of the extension: how its functions are marked, that everything has a
-- comment, and that nothing is there that the platform would not accept.
\ir include/setup.sql

CREATE VIEW kit.members AS
	SELECT classid, objid FROM pg_depend
	WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
		AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'audio_cache');
CREATE VIEW kit.functions AS
	SELECT p.*, p.oid::regprocedure::text AS signature, obj_description(p.oid, 'pg_proc') LIKE 'internal: %' AS internal FROM pg_proc p
	JOIN kit.members m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid;
-- The functions that work on a table: those with an argument that names one.
CREATE VIEW kit.on_tables AS
	SELECT *, proname IN ('get_cached_events', 'get_all_cached_events_for_file', 'is_cached') AS reads_only
	FROM kit.functions WHERE 'regclass'::regtype = ANY (proargtypes::oid[]);

SELECT plan(30);

-- how functions are marked
SELECT is((SELECT string_agg(DISTINCT proname, ' ' ORDER BY proname) FROM kit.on_tables),
	'cache_events delete_cached_events get_all_cached_events_for_file get_cached_events is_cached update_cached_events',
	'the six operations, and only they, take a table');
SELECT is((SELECT count(*) FROM kit.on_tables), 12::bigint, 'each of them has two overloads');
SELECT is_empty($$SELECT signature FROM kit.functions WHERE prosecdef$$, 'no function changes the user');
SELECT is_empty($$SELECT signature, proconfig FROM kit.functions WHERE proconfig IS NOT NULL$$,
	'no function sets search_path or anything else');
SELECT is_empty($$SELECT signature FROM kit.functions JOIN pg_language l ON l.oid = prolang WHERE lanname <> 'c'$$,
	'every function is in C: no body of SQL text that a search_path could bend');
SELECT is_empty($$SELECT signature, probin FROM kit.functions WHERE probin <> '$libdir/audio_cache'$$,
	'every function is in the library audio_cache, wherever it is installed');
SELECT is_empty($$SELECT signature FROM kit.on_tables
	WHERE reads_only AND (provolatile, proparallel) <> ('s', 'r')$$, 'what reads a table is STABLE and PARALLEL RESTRICTED');
SELECT is_empty($$SELECT signature FROM kit.on_tables
	WHERE NOT reads_only AND (provolatile, proparallel) <> ('v', 'u')$$, 'what writes is VOLATILE and PARALLEL UNSAFE');
SELECT is_empty($$SELECT signature FROM kit.functions
	WHERE oid NOT IN (SELECT oid FROM kit.on_tables) AND (provolatile, proparallel) <> ('i', 's')$$,
	'everything else is IMMUTABLE and PARALLEL SAFE');
SELECT is_empty($$SELECT signature FROM kit.functions f
	WHERE 'audio_timeline'::regtype = ANY (proargtypes::oid[]) AND NOT proisstrict AND pronargdefaults = 0
	AND NOT EXISTS (SELECT FROM kit.functions o WHERE o.proname = f.proname AND o.proargnames = f.proargnames AND o.oid <> f.oid AND o.pronargdefaults > 0)$$,
	'only functions with an optional argument, and their overloads, are not STRICT');
SELECT is_empty($$SELECT signature FROM kit.functions WHERE NOT internal AND pronargs > 0 AND proargnames IS NULL$$,
	'arguments that users write have names');
SELECT is_empty($$SELECT signature FROM kit.functions WHERE proleakproof AND signature !~
	'^(duration|start_time|sample_rate|num_events|num_markers|event_types|marker_types|feature_names)\(audio_timeline(,text(\[\])?)?\)$'
	AND proname !~ '^audio_timeline_(eq|ne|lt|le|gt|ge|cmp|hash|hash_extended)$'$$,
	'only the functions known to be total are LEAKPROOF');
SELECT is_empty($$SELECT f FROM unnest('{duration,start_time,sample_rate,num_events,num_markers,event_types,marker_types,
	feature_names}'::name[]) f WHERE f NOT IN (SELECT proname FROM kit.functions WHERE proleakproof)$$,
	'the accessors that an index or a policy may use are LEAKPROOF');
SELECT is_empty($$SELECT signature FROM kit.functions
	WHERE proretset AND (prorettype <> 'record'::regtype OR NOT 't' = ANY (proargmodes))$$,
	'functions that return rows say RETURNS TABLE');
SELECT is_empty($$SELECT signature, t::regtype FROM kit.functions, unnest(proallargtypes, proargmodes) u (t, m)
	WHERE m = 't' AND t NOT IN (SELECT oid FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace)
	AND NOT (proname = 'get_all_cached_events_for_file' AND t = 'audio_timeline'::regtype)$$,
	'their columns have built-in types');
SELECT is_empty($$SELECT signature FROM kit.functions, unnest(coalesce(proallargtypes, proargtypes || prorettype)) t
	WHERE t = 'bigint'::regtype AND proname <> 'audio_timeline_hash_extended'$$, 'no bigint, which JavaScript cannot hold');
SELECT is_empty($$SELECT signature FROM kit.functions WHERE NOT has_function_privilege('anon', oid, 'EXECUTE')$$,
	'everyone may call every function: rights are those on the table');

-- comments
SELECT is_empty($$SELECT signature FROM kit.functions WHERE coalesce(obj_description(oid, 'pg_proc'), '') = ''$$,
	'every function has a comment');
SELECT is_empty($$SELECT pg_describe_object(classid, objid, 0) FROM kit.members
	WHERE coalesce(obj_description(objid, classid::regclass::text::name), '') = ''$$,
	'every type, cast, operator and operator class, too');
SELECT ok(coalesce(obj_description(oid, 'pg_extension'), '') <> '', 'so has the extension')
	FROM pg_extension WHERE extname = 'audio_cache';
SELECT is((SELECT string_agg(DISTINCT classid::regclass::text, ' ' ORDER BY classid::regclass::text) FROM kit.members),
	'pg_cast pg_opclass pg_operator pg_opfamily pg_proc pg_type',
	'it has objects of all these kinds and of no others: no table, view, trigger, role or policy');

-- the platform's conditions
SELECT is((SELECT extowner::regrole::text FROM pg_extension WHERE extname = 'audio_cache'), 'project_admin',
	'a user who is no superuser has installed it');
SELECT is((SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'audio_cache'), 'extensions',
	'in the schema extensions');
SELECT is_empty($$SELECT pg_describe_object(classid, objid, 0) FROM kit.members, pg_identify_object(classid, objid, 0) i
	WHERE i.schema <> 'extensions'$$, 'where all its objects are');
SELECT ok(extrelocatable AND extconfig IS NULL, 'it can be moved, and brings no data')
	FROM pg_extension WHERE extname = 'audio_cache';
SELECT ok(trusted AND requires IS NULL, 'it is trusted and needs no other extension')
	FROM pg_available_extension_versions WHERE name = 'audio_cache' AND installed;
SELECT is_empty($$SELECT name FROM pg_settings WHERE name LIKE 'audio%'$$, 'it has no settings');

-- IMMUTABLE functions read no table. Reading takes a lock that is held until the transaction ends.
CREATE FUNCTION kit.locks_of(call text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	held bigint := count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation >= 16384;
BEGIN
	EXECUTE call;
	RETURN (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation >= 16384) - held;
END $$;
CREATE FUNCTION kit.with_feature() RETURNS audio_timeline LANGUAGE sql IMMUTABLE AS $$
	SELECT '{"duration": 60, "sampleRate": 44100, "features": {"rms": {"frameRate": 1, "values": [1, 2]}}}'::audio_timeline
$$;
-- A call of each that takes a timeline, with its required arguments.
CREATE TABLE kit.calls AS
	SELECT format('SELECT extensions.%I(%s)', proname, string_agg(CASE t::regtype::text
			WHEN 'audio_timeline' THEN 'kit.with_feature()'
			WHEN 'text[]' THEN '''{rms}''::text[]'
			WHEN 'jsonpath' THEN '''$''::jsonpath'
			WHEN 'text' THEN CASE proargnames[n] WHEN 'encoding' THEN '''u8''::text' ELSE '''rms''::text' END
			ELSE '1::' || t::regtype END, ', ' ORDER BY n)) AS call
	FROM kit.functions, unnest(proargtypes) WITH ORDINALITY u (t, n)
	WHERE provolatile = 'i' AND proargtypes[0] = 'audio_timeline'::regtype AND n <= pronargs - pronargdefaults
	GROUP BY kit.functions.oid, proname;
CREATE TABLE kit.unread (LIKE audio_event_cache);
SELECT ok((SELECT count(*) FROM kit.calls) >= 30, 'many IMMUTABLE functions take a timeline');
SELECT is_empty('SELECT call, kit.locks_of(call) FROM kit.calls WHERE kit.locks_of(call) <> 0', 'none of them locks a table');
SELECT is(kit.locks_of($$SELECT is_cached(gen_random_uuid(), 'drums', cache => 'kit.unread')$$), 1::bigint, 'while reading one does');

SELECT * FROM finish();
ROLLBACK;
