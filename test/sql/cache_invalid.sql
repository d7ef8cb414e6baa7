-- Rows of a jsonb or json cache whose document is no timeline: errors name the row; invalid_ok lists it beside good ones.
CREATE SCHEMA cache_invalid;
SET search_path = cache_invalid, public;
\pset null (null)
\set file '\'00000000-0000-0000-0000-00000000000f\''

CREATE TABLE in_jsonb (
	user_id uuid,
	file_metadata_id uuid NOT NULL,
	stem_type text,
	event_data jsonb,
	analysis_version text DEFAULT '1.0',
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	UNIQUE (file_metadata_id, stem_type, analysis_version)
);
INSERT INTO in_jsonb (file_metadata_id, stem_type, analysis_version, event_data) VALUES
	(:file, 'bass', '1.0', '{"duration": 5, "sampleRate": 44100}'),
	(:file, 'drums', '1.0', '"{\"duration\": 5, \"sampleRate\": 44100}"'),
	(:file, 'drums', '2.0', '{"duration": 6, "sampleRate": 44100}'),
	(:file, 'other', '1.0', '{"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 1, "type": "onset"}, {"timestamp": 7.25, "type": "onset"}]}'),
	(:file, 'piano', '1.0', NULL),
	(:file, 'piano', '2.0', '{"duration": 5}'),
	(:file, 'vocals', '1.0', '[]'),
	(:file, 'vocals', '2.0', '{"duration": 7, "sampleRate": 44100}');

CREATE TABLE in_json (LIKE in_jsonb INCLUDING ALL);
ALTER TABLE in_json ALTER event_data TYPE json;
INSERT INTO in_json SELECT * FROM in_jsonb;
CREATE TABLE in_text_ids (LIKE in_jsonb INCLUDING ALL);
ALTER TABLE in_text_ids ALTER file_metadata_id TYPE text, ALTER user_id TYPE varchar(40), ALTER stem_type TYPE varchar(40), ALTER analysis_version TYPE varchar(40);
INSERT INTO in_text_ids SELECT * FROM in_jsonb;
CREATE DOMAIN document AS jsonb;
CREATE TABLE "In a ""domain""" (LIKE in_jsonb INCLUDING ALL);
ALTER TABLE "In a ""domain""" ALTER event_data TYPE document;
INSERT INTO "In a ""domain""" SELECT * FROM in_jsonb;
CREATE VIEW in_view WITH (security_invoker) AS SELECT * FROM in_jsonb;
CREATE TABLE only_good (LIKE in_jsonb INCLUDING ALL);
INSERT INTO only_good SELECT * FROM in_jsonb WHERE event_data IS NULL OR audio_timeline_is_valid(event_data);
CREATE TABLE typed (LIKE in_jsonb INCLUDING ALL);
ALTER TABLE typed ALTER event_data TYPE audio_timeline USING event_data::audio_timeline;
INSERT INTO typed SELECT * FROM only_good;

-- the error names stem and version, whichever the call asked for
SELECT * FROM get_all_cached_events_for_file(uuid :file, cache => 'in_jsonb');
SELECT * FROM get_all_cached_events_for_file(text :file, cache => 'in_json');
SELECT * FROM get_all_cached_events_for_file(uuid :file, cache => 'in_text_ids', invalid_ok => false);
SELECT * FROM get_all_cached_events_for_file(text :file, cache => '"In a ""domain"""', invalid_ok => NULL);
SELECT get_cached_events(uuid :file, 'other', cache => 'in_jsonb');
SELECT get_cached_events(text :file, 'piano', cache => 'in_json');
SELECT get_cached_events(text :file, 'drums', NULL, '1.0', 'in_view');
SELECT get_cached_events(uuid :file, 'drums', NULL, '1.0', 'in_json');
SELECT duration(get_cached_events(uuid :file, 'drums', cache => 'in_jsonb'));

-- with invalid_ok the good rows come, and the bad ones with what is wrong
SELECT * FROM get_all_cached_events_for_file(uuid :file, cache => 'in_jsonb', invalid_ok => true);
CREATE TABLE listed AS SELECT * FROM get_all_cached_events_for_file(uuid :file, cache => 'in_jsonb', invalid_ok => true);
-- from every type of column, with ids of either type
CREATE FUNCTION differences(cache regclass, file anyelement) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM (
		(TABLE listed EXCEPT ALL SELECT * FROM get_all_cached_events_for_file(file, cache => differences.cache, invalid_ok => true))
		UNION ALL
		(SELECT * FROM get_all_cached_events_for_file(file, cache => differences.cache, invalid_ok => true) EXCEPT ALL TABLE listed)) d $$;
SELECT cache, differences(cache, uuid :file) AS by_uuid, differences(cache, text :file) AS by_text
	FROM unnest('{in_jsonb,in_json,in_text_ids,"\"In a \"\"domain\"\"\"",in_view}'::regclass[]) AS cache;
-- by place, for a user who is named, and for NULL
SELECT stem_type, error FROM get_all_cached_events_for_file(uuid :file, NULL, 'in_jsonb', true) WHERE error IS NOT NULL;
SELECT count(*) FROM get_all_cached_events_for_file(uuid :file, uuid '00000000-0000-0000-0000-00000000000a', 'in_jsonb', true);
SELECT count(*) FROM get_all_cached_events_for_file(NULL::uuid, cache => 'in_jsonb', invalid_ok => true);
-- error begins with what audio_timeline_errors says; a hint follows, if there is one
SELECT stem_type, analysis_version, message, starts_with(error, message) AS starts_with_it
	FROM get_all_cached_events_for_file(uuid :file, cache => 'in_jsonb', invalid_ok => true) JOIN in_jsonb USING (stem_type, analysis_version),
	LATERAL (SELECT message FROM audio_timeline_errors(event_data) LIMIT 1) first WHERE error IS NOT NULL;
-- where all are good it changes nothing
SELECT cache, invalid_ok, array_agg(format('%s %s %s %s', stem_type, analysis_version, duration(timeline), error)) AS rows
	FROM unnest('{only_good,typed}'::regclass[]) AS cache, unnest('{f,t,NULL}'::boolean[]) AS invalid_ok,
	get_all_cached_events_for_file(uuid :file, cache => cache, invalid_ok => invalid_ok) GROUP BY cache, invalid_ok ORDER BY cache, invalid_ok;

-- every row is bad, and there are more than fit in memory
CREATE TABLE only_bad (LIKE in_json INCLUDING ALL);
INSERT INTO only_bad (file_metadata_id, stem_type, event_data)
	SELECT :file, n::text, format('{"duration": 1, "sampleRate": 1000, "markers": [{"timestamp": %s, "type": "beat"}], "metadata": {"m": "%s"}}', n + 1, repeat('m', 5000))::json FROM generate_series(1, 500) n;
SET work_mem = '64kB';
SELECT count(*), count(timeline), bool_and(error ~ format('^markers\[0\]\.timestamp is %s, past the duration 1\. T.*\.$', stem_type::integer + 1)) AS exact
	FROM get_all_cached_events_for_file(uuid :file, cache => 'only_bad', invalid_ok => true);
RESET work_mem;

-- json text that the type json takes, and no timeline can hold
CREATE TABLE odd (LIKE in_json INCLUDING ALL);
INSERT INTO odd (file_metadata_id, stem_type, event_data) VALUES
	(:file, '1 NUL', '{"duration": 1, "sampleRate": 1, "metadata": {"a": "\u0000"}}'),
	(:file, '2 surrogate', '{"duration": 1, "sampleRate": 1, "metadata": {"a": "\ud800"}}'),
	(:file, '3 NUL in a bad document', '{"duration": -1, "sampleRate": 1, "a": "\u0000"}'),
	(:file, '4 number', '{"duration": 1, "sampleRate": 1, "metadata": {"a": 1e999999}}'),
	(:file, '5 infinite', '{"duration": 1e999, "sampleRate": 1}'),
	(:file, '6 string', E' \t\n\r"{}"'),
	(:file, '7 scalar', ' null'),
	(:file, '8 good', ' {"duration": 1, "sampleRate": 1}');
SELECT * FROM get_all_cached_events_for_file(uuid :file, cache => 'odd', invalid_ok => true);
SELECT get_cached_events(uuid :file, '1 NUL', cache => 'odd');
SELECT get_cached_events(uuid :file, '6 string', cache => 'odd');
SELECT (json ' "{}"')::audio_timeline;

-- the row is named whatever its key: a long one, one of many bytes, none
CREATE TABLE keys (LIKE in_jsonb INCLUDING DEFAULTS);
INSERT INTO keys (file_metadata_id, stem_type, analysis_version, event_data) VALUES
	('00000000-0000-0000-0000-000000000001', repeat('long', 26), '1.0', '5'),
	('00000000-0000-0000-0000-000000000002', 'x' || repeat('ä', 50), repeat('v', 100), '5'),
	('00000000-0000-0000-0000-000000000003', 'no version', NULL, '5'),
	('00000000-0000-0000-0000-000000000004', NULL, '1.0', '5'),
	('00000000-0000-0000-0000-000000000005', '', '', '5'),
	('00000000-0000-0000-0000-000000000006', '100% "drums" %s', '1.0', '5');
SELECT * FROM get_all_cached_events_for_file('00000000-0000-0000-0000-000000000001', cache => 'keys');
SELECT * FROM get_all_cached_events_for_file('00000000-0000-0000-0000-000000000002', cache => 'keys');
SELECT * FROM get_all_cached_events_for_file('00000000-0000-0000-0000-000000000003', cache => 'keys');
SELECT * FROM get_all_cached_events_for_file('00000000-0000-0000-0000-000000000004', cache => 'keys');
SELECT * FROM get_all_cached_events_for_file('00000000-0000-0000-0000-000000000004', cache => 'keys', invalid_ok => true);
SELECT * FROM get_all_cached_events_for_file('00000000-0000-0000-0000-000000000005', cache => 'keys');
SELECT * FROM get_all_cached_events_for_file('00000000-0000-0000-0000-000000000006', cache => 'keys');

-- the row is forgotten with its document: a later error of the same statement does not name it
SELECT stem_type, 1 / (duration(timeline) - 5)::integer FROM get_all_cached_events_for_file(uuid :file, cache => 'only_good');
SELECT duration(get_cached_events(uuid :file, 'bass', cache => 'only_good')), is_cached('no uuid', 'bass', cache => 'only_good');
SELECT cache_events(uuid :file, 'bass', '{"duration": 1, "sampleRate": 1}', NULL, '1.0', 'only_good');

-- Errors that are not about the document are errors with invalid_ok, too.
SELECT * FROM get_all_cached_events_for_file(uuid :file, cache => NULL, invalid_ok => true);
SELECT * FROM get_all_cached_events_for_file('no uuid', cache => 'in_jsonb', invalid_ok => true);
CREATE VIEW casting AS SELECT user_id, file_metadata_id, stem_type, event_data::audio_timeline, analysis_version, created_at, updated_at FROM in_jsonb;
SELECT * FROM get_all_cached_events_for_file(uuid :file, cache => 'casting', invalid_ok => true);
CREATE ROLE cache_invalid_reader;
GRANT USAGE ON SCHEMA cache_invalid TO cache_invalid_reader;
GRANT SELECT (user_id, file_metadata_id, stem_type, analysis_version, created_at, updated_at) ON in_jsonb TO cache_invalid_reader;
SET ROLE cache_invalid_reader;
SELECT * FROM get_all_cached_events_for_file(uuid :file, cache => 'in_jsonb', invalid_ok => true);
RESET ROLE;
-- too deep to be converted here, though not where it was stored: on the way out, and on the way in
CREATE TABLE deep (LIKE in_json INCLUDING ALL);
SELECT format('{"duration": 1, "sampleRate": 1, "metadata": {"a": %s%s}}', repeat('[', 3000), repeat(']', 3000)) AS document \gset
CREATE TABLE deep_timeline AS SELECT :'document'::audio_timeline AS timeline;
INSERT INTO deep (file_metadata_id, stem_type, event_data) VALUES (:file, 'deep', :'document');
SET max_stack_depth = '200kB';
SELECT * FROM get_all_cached_events_for_file(uuid :file, cache => 'deep', invalid_ok => true);
SELECT get_cached_events(uuid :file, 'deep', cache => 'deep');
SELECT cache_events(uuid :file, 'new', timeline, NULL, '3.0', 'in_jsonb') FROM deep_timeline;
SELECT update_cached_events(uuid :file, 'new', timeline, cache => 'in_jsonb') FROM deep_timeline;
RESET max_stack_depth;

-- what an application does with it: repair the strings, and list again
UPDATE in_jsonb c SET event_data = (c.event_data #>> '{}')::jsonb
	FROM get_all_cached_events_for_file(uuid :file, cache => 'in_jsonb', invalid_ok => true) AS a
	WHERE c.file_metadata_id = :file AND (c.stem_type, c.analysis_version) = (a.stem_type, a.analysis_version)
	AND a.error IS NOT NULL AND jsonb_typeof(c.event_data) = 'string';
SELECT stem_type, analysis_version, duration(timeline), error FROM get_all_cached_events_for_file(uuid :file, cache => 'in_jsonb', invalid_ok => true);

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA cache_invalid CASCADE;
DROP ROLE cache_invalid_reader;
