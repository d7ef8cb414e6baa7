-- No error text holds what is in a row that the user may not see, nor what is in a timeline. All
-- parts of an error count: message, detail, hint, context and the names that travel with it. So does
-- the column error of a list with invalid_ok.
\ir include/setup.sql

-- Rows of ann with secrets in them wherever there is room: in the stem, in the version, in the data.
SELECT $${"duration": 4711, "sampleRate": 44100, "SECRETkey": "SECRETvalue", "metadata": {"SECRETmeta": 123454321},
	"events": [{"timestamp": 1.23454321, "type": "SECRETtype", "data": {"SECRETdata": "SECRETtext"}}]}$$ AS payload \gset
INSERT INTO audio_event_cache (user_id, file_metadata_id, stem_type, analysis_version, event_data) VALUES
	(:ann, :secret, 'SECRETstem', 'SECRETversion', :'payload'),
	(:ann, :song, 'SECRETshared', 'SECRETversion', :'payload'),
	(:ann, :secret, 'broken', 'SECRETversion', jsonb_set(:'payload', '{duration}', '"SECRETduration"')),
	(:ann, :song, 'broken', 'SECRETversion', jsonb_set(:'payload', '{events,0,timestamp}', '98765.4321'));
INSERT INTO event_cache_typed SELECT * FROM audio_event_cache WHERE stem_type LIKE 'SECRET%';
INSERT INTO event_cache_json SELECT * FROM audio_event_cache WHERE user_id = :ann AND analysis_version = 'SECRETversion';
INSERT INTO event_cache_text SELECT * FROM audio_event_cache WHERE stem_type LIKE 'SECRET%';
INSERT INTO event_cache_below SELECT * FROM audio_event_cache WHERE stem_type LIKE 'SECRET%';
INSERT INTO event_cache_partitioned SELECT * FROM audio_event_cache WHERE stem_type LIKE 'SECRET%';

-- A table has constraints; their errors show the failing row unless the server holds it back.
ALTER TABLE audio_event_cache ADD CHECK (analysis_version <> 'forbidden'), ADD CHECK (length(stem_type) < 40);
ALTER TABLE event_cache_typed ADD CHECK (analysis_version <> 'forbidden'), ADD CHECK (length(stem_type) < 40);

-- whole_error: everything that a client gets to see of an error; empty if there is none.
CREATE FUNCTION kit.whole_error(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text; message text; detail text; hint text; context text;
	in_schema text; in_table text; in_column text; rule text; of_type text;
BEGIN
	PERFORM kit.be(who);
	EXECUTE statement;
	RAISE EXCEPTION USING ERRCODE = 'KT000';
EXCEPTION
	WHEN SQLSTATE 'KT000' THEN RETURN '';
	WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT,
			context = PG_EXCEPTION_CONTEXT, in_schema = SCHEMA_NAME, in_table = TABLE_NAME, in_column = COLUMN_NAME,
			rule = CONSTRAINT_NAME, of_type = PG_DATATYPE_NAME;
		-- The last lines of the context are this function and the statement itself, which its sender knows.
		RETURN concat_ws(E'\n', state, message, detail, hint, regexp_replace(replace(context, statement, 'STATEMENT'), '\nPL/pgSQL function kit\.whole_error.*', ''), in_schema, in_table, in_column, rule, of_type);
END $$;

-- All operations with whatever bob, or anyone, may come up with: files, stems, versions and users in
-- every combination, with a payload of their own that must not come back either.
CREATE TABLE kit.statements AS
	SELECT format(template, cache, f.id, stem, version, people.id,
		'{"duration": 1, "sampleRate": 8000, "PRIVATEkey": "PRIVATEvalue"}') AS statement
	FROM unnest('{audio_event_cache,event_cache_json,event_cache_typed,event_cache_text,event_cache_view,event_cache_partitioned}'::text[]) cache,
		(SELECT id FROM file_metadata) f (id),
		unnest('{SECRETstem,SECRETshared,broken,drums,nothing,a stem with a name that is longer than it may be}'::text[]) stem,
		unnest('{SECRETversion,1.0,forbidden}'::text[]) version,
		(SELECT id FROM kit.people WHERE name IN ('ann', 'bob')) people,
		(VALUES ('SELECT get_cached_events(%2$L, %3$L, %5$L, %4$L, %1$L)'), ('SELECT get_cached_events(%2$L::uuid, %3$L, cache => %1$L)'),
			('SELECT is_cached(%2$L, %3$L, %5$L, %4$L, %1$L)'), ('SELECT * FROM get_all_cached_events_for_file(%2$L, cache => %1$L)'),
			('SELECT * FROM get_all_cached_events_for_file(%2$L, cache => %1$L, invalid_ok => true)'),
			('SELECT delete_cached_events(%2$L, %3$L, %5$L, %4$L, %1$L)'),
			('SELECT cache_events(%2$L, %3$L, %6$L, %5$L, %4$L, %1$L)'), ('SELECT cache_events(%2$L, %3$L, %6$L, NULL, %4$L, %1$L)'),
			('SELECT update_cached_events(%2$L, %3$L, %6$L, %5$L, %4$L, %1$L)')) t (template);
-- The line that names the row of a broken document is looked at by itself.
\set row_line '\'\ncache "(?:audio_event_cache|event_cache_json)", stem "broken", analysis version "SECRETversion"\''
CREATE TABLE kit.errors AS
	SELECT who, statement, regexp_replace(error, :row_line, '') AS error, error ~ :row_line AS names_row
	FROM (SELECT DISTINCT statement FROM kit.statements) s, unnest('{ann,bob,vera,anon}'::text[]) who, kit.whole_error(who, statement) error;

SELECT plan(30);

-- what came back
SELECT ok(count(*) > 10000, 'many statements were tried') FROM kit.errors;
SELECT ok(count(*) > 4000, 'many of them failed') FROM kit.errors WHERE error <> '';
SELECT is((SELECT string_agg(DISTINCT left(error, 5), ' ' ORDER BY left(error, 5)) FROM kit.errors WHERE who = person AND error <> ''),
		states, person || ' meets all errors there are for ' || person)
	FROM (VALUES ('ann', '22023 22P02 23505 23514 42501'), ('bob', '23505 23514 42501'), ('vera', '22023 42501'), ('anon', '42501')) v (person, states);
SELECT is_empty($$SELECT who, statement, error FROM kit.errors WHERE error ~ 'SECRET|PRIVATE' LIMIT 5$$,
	'no error shows a text of a stored timeline, of a key, or of what was to be stored');
SELECT is_empty($$SELECT who, statement, error FROM kit.errors WHERE error ~ '00000000-0000-4000-8000-' LIMIT 5$$, 'nor an id of a user or a file');
SELECT is_empty($$SELECT who, statement, error FROM kit.errors WHERE error ~ '4711|2345432|98765' AND who IN ('bob', 'anon') LIMIT 5$$,
	'nor, to those who may not read it, a number');
SELECT is_empty($$SELECT who, statement, error FROM kit.errors WHERE error ~ '^22' AND who IN ('bob', 'anon') LIMIT 5$$,
	'who may not read a broken timeline does not learn that it is broken');
SELECT is_empty($$SELECT who, statement, error FROM kit.errors WHERE names_row <> (error ~ '^22') LIMIT 5$$,
	'an error of a broken timeline, and no other, names the row');
SELECT is_empty($$SELECT who, statement, error FROM kit.errors WHERE names_row AND who IN ('bob', 'anon') LIMIT 5$$,
	'only to those who may read the row');
SELECT is_empty($$SELECT who, statement, error FROM kit.errors WHERE error ~ '^22' AND statement LIKE '%invalid_ok%' LIMIT 5$$,
	'with invalid_ok a broken timeline is no error');

-- With invalid_ok everyone gets the rows that the policies let through, good and bad, and no word of others.
SELECT is(kit.everyone(format($$SELECT format('%%s good, %%s', count(timeline), string_agg(format('%%s %%s: %%s', stem_type, analysis_version, error), ' ') FILTER (WHERE error IS NOT NULL))
			FROM get_all_cached_events_for_file(%L::%s, cache => %L, invalid_ok => true)$$, file, id_type, cache)),
		answers, format('%s, %s ids: the list of %s', cache, id_type, name))
	FROM unnest('{audio_event_cache,event_cache_json}'::text[]) cache, unnest('{uuid,text}'::text[]) id_type, (VALUES
		('a shared file', :song, 'admin ann ed link service vera: 4 good, broken SECRETversion: events[0].timestamp is 98765.4321, past the duration 4711. '
			|| 'Times are in seconds; these look like milliseconds: divide by 1000., anon bob nobody: 0 good, '),
		('a file of ann', :secret, 'admin ann service: 2 good, broken SECRETversion: duration is a string, must be a number. duration is the length of the audio in seconds., anon bob ed link nobody vera: 0 good, '),
		('a file of bob', :tune, 'admin bob service: 1 good, , ann anon ed link nobody vera: 0 good, ')) f (name, file, answers)
	WHERE name <> 'a file of bob' OR (id_type, cache) = ('uuid', 'audio_event_cache');

-- What is wrong with a stored document is told to those who may read it, in the type's own words.
SELECT is(kit.whole_error('ann', format('SELECT get_cached_events(%L, ''broken'')', :secret)),
	E'22P02\ninvalid audio_timeline\nduration is a string, must be a number.\nduration is the length of the audio in seconds.\n'
	|| E'cache "audio_event_cache", stem "broken", analysis version "SECRETversion"\nSQL statement "STATEMENT"\n\n\n\n\n', 'ann is told what is wrong with hers');

-- A wrong table: what is wrong and what to do, nothing else.
SELECT is(kit.whole_error('ann', 'SELECT is_cached(''f'', ''drums'', cache => ''audio_analysis_cache'')'),
	E'42703\ncache "audio_analysis_cache" has no column "event_data"\n\nA cache has the columns file_metadata_id, stem_type, event_data, '
	|| E'analysis_version, user_id, created_at and updated_at.\nSQL statement "STATEMENT"\n\n\n\n\n', 'a table that is no cache');
SELECT matches(kit.whole_error('ann', 'SELECT is_cached(''f'', ''drums'', cache => NULL)'), '^42P01\naudio_timeline cache does not exist\n\nCreate the table', 'no table');

-- Functions of the type in a condition see only rows that the policies let through: an error on a
-- row of ann, or none, must not depend on what she has stored.
SELECT is(kit.attempt('bob', 'SELECT count(*) FROM audio_event_cache WHERE event_data::audio_timeline IS NOT NULL'), '1', 'a cast that fails on rows of ann');
SELECT is(kit.attempt('ann', 'SELECT count(*) FROM audio_event_cache WHERE event_data::audio_timeline IS NOT NULL'), '22P02 invalid audio_timeline', 'fails for ann');
SELECT is(kit.attempt('nobody', 'SELECT count(*) FROM event_cache_typed WHERE value_at(event_data, ''rms'', 0, ''guess'') IS NULL'), '0', 'an argument that is refused');
SELECT matches(kit.attempt('ann', 'SELECT count(*) FROM event_cache_typed WHERE value_at(event_data, ''rms'', 0, ''guess'') IS NULL'), '^22023 ', 'is refused where there is a row');
SELECT is(kit.attempt('bob', 'SELECT count(*) FROM event_cache_typed JOIN events_between(event_data, 0, 100) e ON true'), '0', 'no event of ann''s comes out of a join');

SELECT * FROM finish();
ROLLBACK;
