-- Habits of real data, a section each: what people's programs write, and what they are told.
-- Other tests go through all that can be wrong; this one has the documents that came, with the whole answer.

-- The text that a document comes back as; or all that is said of why it does not.
CREATE FUNCTION answer(document text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	RETURN document::audio_timeline;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' / ', message, detail, nullif(hint, ''));
END $$;
-- A document of 10 s at 22050 Hz with these members.
CREATE FUNCTION song(members text) RETURNS text LANGUAGE sql AS $$ SELECT format('{"duration": 10, "sampleRate": 22050, %s}', members) $$;
CREATE FUNCTION feature_of(members text) RETURNS text LANGUAGE sql AS $$ SELECT song(format('"features": {"f": {"unit": "u", %s}}', members)) $$;
-- The pages that a query reads once it is warm.
CREATE FUNCTION pages(query text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	FOR i IN 1..2 LOOP
		EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT JSON) ' || query INTO plan;
	END LOOP;
	RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::int + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::int;
END $$;
\pset format unaligned
\pset tuples_only on

\echo '== NaN and infinity, bare as Python and C write them, and quoted'
SELECT answer(feature_of('"hop": 512, "values": [3.5, NaN, 4]'));
SELECT answer(feature_of('"hop": 512, "values": [-6.5, -Infinity]'));
SELECT answer(feature_of('"hop": 512, "values": [-6.5, -nan(ind)]'));
SELECT answer(feature_of('"hop": 512, "values": [-6.5, "-inf", "nan"]'));
SELECT answer(song('"events": [{"timestamp": 1, "type": "onset", "confidence": nan}]'));
SELECT answer(song('"metadata": {"gain": Infinity}'));
-- one among thousands has its place
SELECT e.path, e.message, e.hint FROM audio_timeline_errors(feature_of('"hop": 512, "values": [' || (SELECT string_agg(CASE i WHEN 2345 THEN 'NaN' ELSE i::text END, ',') FROM generate_series(0, 3000) i) || ']')) e;
-- in base64 a NaN is a number that is missing
SELECT s.* FROM feature_stats(feature_of('"hop": 512, "encoding": "f32", "base64": "AADAfwAAAEA="')::audio_timeline, 'f') s;
SELECT answer(feature_of('"hop": 512, "encoding": "f32", "base64": "AACAfwAAAEA="'));
-- quoted ones can be repaired
SELECT r.* FROM audio_timeline_repair(feature_of('"hop": 512, "values": [-6.5, "-inf", "nan"]')::jsonb, 'nullify') r;

\echo '== Times a little past the end: a duration with fewer digits, a frame that is centred'
SELECT answer(song('"events": [{"timestamp": 10.000000000000002, "type": "onset"}]'));
SELECT answer(song('"markers": [{"timestamp": 10.00081, "type": "beat"}]'));
SELECT answer(song('"events": [{"timestamp": 10.0066, "type": "onset", "duration": 0.05}]'));
SELECT r.* FROM audio_timeline_repair(song('"markers": [{"timestamp": 10.00081, "type": "beat"}]')::jsonb, 'clamp') r;
-- beats of another sample rate: 48000 in place of 44100
SELECT e.code, count(*), min(e.message), min(e.hint), min(e.repair) FROM audio_timeline_errors(song('"markers": [' || (SELECT string_agg(format('{"timestamp": %s, "type": "beat"}', i * 0.5 * 48000 / 44100), ',') FROM generate_series(0, 20) i) || ']')) e GROUP BY e.code;
-- to end past the duration is no error
SELECT e.* FROM events_between(song('"events": [{"timestamp": 9.5, "type": "speech", "duration": 2}]')::audio_timeline, 9.8, 20) e;

\echo '== Frames that reach past the duration, and a player that does'
CREATE TABLE reaches AS SELECT ('{"duration": 1.984, "sampleRate": 16000, "features": {"f": {"hop": 400, "unit": "dB", "values": [' || (SELECT string_agg(i::text, ',') FROM generate_series(0, 80) i) || ']}}}')::audio_timeline AS v;
SELECT s.* FROM reaches, feature_slice(v, 'f', 1.96, 3) s;
SELECT t, value_at(v, 'f', t), value_at(v, 'f', t, 'nearest'), value_at(v, 'f', t, 'linear') FROM reaches, unnest('{1.97, 1.984, 1.99, 2, 2.01, 2.03}'::float8[]) t;
SELECT s.* FROM reaches, sample_frames(v, 30, 58, 3) s;
SELECT o.* FROM reaches, overview(v, 'f', 2) o;
SELECT count(*) FROM reaches, audio_timeline_errors(v::jsonb);
DROP TABLE reaches;

\echo '== Members that are left out, null, or named as another tool does'
SELECT e.severity, e.code, e.message, e.hint, e.repair FROM audio_timeline_errors(song('"events": [{"type": "tatum"}, {"timestamp": null, "type": "tatum"}, {"truncated": true}, {"start": 1, "type": "tatum"}, {"time": 1, "label": "tatum"}], "markers": [{"start": 0}]')) e;
SELECT answer('{"duration": 10, "sample_rate": 22050}');
SELECT answer('{"length": 10, "sr": 22050}');
SELECT answer(feature_of('"hop_length": 512, "values": [1]'));
SELECT e.code, e.message, e.hint FROM audio_timeline_errors(song('"Events": [{"timestamp": 99}], "beats": [1, 2], "feature": {}')) e;

\echo '== Words of a recogniser: without times, out of order, with numbers that were float32'
SELECT answer(song('"events": [{"timestamp": 1.5, "type": "word", "data": {"word": "at"}}, {"type": "word", "data": {"word": "7.30"}}]'));
SELECT e.* FROM events(song('"events": [{"timestamp": 3.4, "type": "word", "data": {"w": "d"}}, {"timestamp": 2.9, "type": "word"}, {"timestamp": 3.1, "type": "word", "data": {"w": "b"}}, {"timestamp": 3.1, "type": "word", "data": {"w": "c"}}]')::audio_timeline) e;
SELECT answer(song('"events": [{"timestamp": 9.5, "type": "segment", "duration": -6.25}]'));
SELECT answer(song('"events": [{"timestamp": 1, "type": "word", "data": "hello"}]'));
SELECT answer(song('"events": [{"timestamp": 1, "type": "word", "data": [503, 22]}]'));
SELECT answer(song('"events": [{"timestamp": 0.5399999999999991, "type": "w", "duration": 4.820000171661377, "words": [{"start": 1, "p": 0.5}]}]'));
SELECT e.message, e.hint FROM audio_timeline_errors(song('"events": [{"timestamp": 1, "type": "w", "end": 1.5, "probability": 0.5}]')) e;

\echo '== Labels that end before they start, have no length, or come twice'
SELECT answer(song('"events": [{"timestamp": 9.9, "type": "silence", "duration": -0.015}]'));
SELECT answer(song('"events": [{"timestamp": 9, "type": "note", "duration": -0.0}, {"timestamp": -0.0, "type": "note", "duration": -1e-17}]'));
SELECT e.code, e.message, e.hint, e.repair FROM audio_timeline_errors(song('"events": [{"timestamp": 10.012, "type": "silence", "duration": -0.015}, {"timestamp": 1, "type": "note", "duration": 0}, {"timestamp": 1, "type": "note", "duration": 0}]')) e;
SELECT r.* FROM audio_timeline_repair(song('"events": [{"timestamp": 10.012, "type": "silence", "duration": -0.015}]')::jsonb, 'clamp') r;

\echo '== Before zero: count-ins, centred frames, a subtraction'
SELECT answer(song('"markers": [{"timestamp": -0.939, "type": "beat", "value": 1}, {"timestamp": 0.084, "type": "beat", "value": 2}]'));
SELECT answer(song('"startTime": -1, "markers": [{"timestamp": -0.939, "type": "beat", "value": 1}, {"timestamp": 0.084, "type": "beat", "value": 2}]'));
SELECT answer(feature_of('"hop": 512, "startTime": -0.0232, "values": [0, 1]'));
SELECT answer(song('"events": [{"timestamp": -5.5e-17, "type": "onset"}]'));
SELECT answer(song('"events": [{"timestamp": -0.0007, "type": "onset"}]'));
SELECT answer(song('"events": [{"timestamp": -1, "type": "onset"}]'));

\echo '== Hops and rates that are no integers, and a hop that is called a rate'
SELECT answer(feature_of('"hop": 220.5, "values": [1]'));
SELECT answer(feature_of('"hop": 1114.5578231292517, "values": [1]'));
SELECT answer('{"duration": 10, "sampleRate": 44055.944}');
SELECT answer('{"duration": 10, "sampleRate": "44100"}');
SELECT e.code, e.message, e.hint FROM audio_timeline_errors('{"duration": 0.2, "sampleRate": 44100, "features": {"f": {"frameRate": 2048, "unit": "u", "values": [1, 2, 3, 4]}}}') e;
-- a rate that is no integer does not drift: the last frames of ten hours
SELECT num_frames(v, 'f'), s.first_frame, s.first_time, s.frames FROM (SELECT ('{"duration": 36000, "sampleRate": 48000, "features": {"f": {"frameRate": 33.333333333333336, "encoding": "u8", "base64": "' || translate(encode(decode(repeat('00', 1200001), 'hex'), 'base64'), E'\n', '') || '"}}}')::audio_timeline AS v) d, feature_slice(v, 'f', 35999.97, 36001) s;

\echo '== Values of another shape: an array for a number, an object, sections that last'
SELECT answer(song('"markers": [{"timestamp": 0, "type": "tempo_change", "value": [120.5]}]'));
SELECT answer(song('"markers": [{"timestamp": 0, "type": "beat", "value": {"position": 1}}]'));
SELECT answer(song('"markers": [{"timestamp": 0, "type": "bar", "value": true}]'));
SELECT answer(song('"markers": [{"timestamp": 0, "type": "key_change", "value": null, "data": {"tonic": "A"}}]'));
SELECT e.message, e.hint FROM audio_timeline_errors(song('"markers": [{"timestamp": 1, "type": "section", "value": "chorus", "duration": 4.5}]')) e;
SELECT m.* FROM markers_at(song('"markers": [{"timestamp": 1, "type": "section", "value": "chorus", "duration": 4.5}]')::audio_timeline, 2) m;
SELECT answer(feature_of('"hop": 512, "values": [{"total": 20.3, "specific": {"0": 0.8}}]'));

\echo '== Encoded twice, wrapped, or never encoded'
SELECT answer('"{\"duration\": 5, \"sampleRate\": 44100}"');
SELECT to_jsonb('{"duration": 5, "sampleRate": 44100}'::text)::audio_timeline;
SELECT to_json('{"duration": 5, "sampleRate": 44100}'::text)::audio_timeline;
PREPARE as_driver AS SELECT $1::audio_timeline;
EXECUTE as_driver('"{\"duration\": 5, \"sampleRate\": 44100}"');
DEALLOCATE as_driver;
SELECT (to_jsonb('{"duration": 5, "sampleRate": 44100}'::text) #>> '{}')::audio_timeline;
SELECT r.* FROM audio_timeline_repair(to_jsonb('{"duration": 5, "sampleRate": 44100, "events": "[{\"timestamp\": 1, \"type\": \"onset\"}]"}'::text), 'unwrap') r;
SELECT answer(d) FROM unnest(ARRAY['[{"duration": 5, "sampleRate": 44100}]', '{"data": {"duration": 5, "sampleRate": 44100}, "error": null}', '', 'null', 'undefined', '[object Object]',
	song('"events": "[{\"timestamp\": 1}]"'), song('"events": {"0": {"timestamp": 1}}'), song('"features": [{"name": "rms"}]'), song('"features": {"f": "{\"hop\": 1}"}'),
	feature_of('"hop": 512, "values": "[1, 2]"'), feature_of('"hop": 512, "values": {"0": 0.5, "1": 0.25}')]) d;
-- text operators have no place on a timeline; those of jsonb that read have
SELECT '{"duration": 5, "sampleRate": 44100}'::audio_timeline LIKE '%44100%';
SELECT '{"duration": 5, "sampleRate": 44100}'::audio_timeline ->> 'duration', '{"duration": 5, "sampleRate": 44100}'::audio_timeline = '{"sampleRate": 44100.0, "duration": 5e0}';

\echo '== What lies at the very end, and pages of a view'
CREATE TABLE ends AS SELECT song('"events": [{"timestamp": 0, "type": "cue"}, {"timestamp": 10, "type": "last"}, {"timestamp": 8, "type": "seg", "duration": 2.0006}], "markers": [{"timestamp": 10, "type": "section"}]')::audio_timeline AS v;
SELECT asked, types FROM ends, LATERAL (VALUES
	('from 0 to the duration', (SELECT array_agg(e.type) FROM events_between(v, 0, duration(v)) e)), ('from 0', (SELECT array_agg(e.type) FROM events_between(v, 0) e)),
	('at the duration', (SELECT array_agg(e.type) FROM events_at(v, 10) e)), ('next', (SELECT array_agg(e.type) FROM next_event(v, 9) e)), ('previous', (SELECT array_agg(e.type) FROM previous_event(v, 99) e)),
	('nearest', (SELECT array_agg(e.type) FROM nearest_event(v, 11) e)), ('markers from 0', (SELECT array_agg(m.type) FROM markers_between(v, 0) m)), ('marker nearest', (SELECT array_agg(m.type) FROM nearest_marker(v, 11) m))) AS a(asked, types);
SELECT e.type, count(*) FROM ends, generate_series(0, 2) i, events_between(v, i * 5, i * 5 + 5) e GROUP BY 1 ORDER BY 1;
SELECT count(*) AS once FROM ends, generate_series(0, 124) i, markers_between(v, i * 0.1::float8, (i + 1) * 0.1::float8) m;
DROP TABLE ends;

\echo '== Ten hours of words, and spans that last to the end of them'
CREATE TABLE hours (name text PRIMARY KEY, v audio_timeline);
INSERT INTO hours SELECT 'words', ('{"duration": 36000, "sampleRate": 16000, "events": [' || string_agg(format('{"timestamp": %s, "type": "word", "duration": 0.25, "confidence": %s, "data": {"word": "%s", "speaker": "S%s"}}', i * 1.5, (hashint4(i) & 1023) / 1024.0, substr(md5(i::text), 1, 12), i / 500 % 3), ',' ORDER BY i) || ']}')::audio_timeline FROM generate_series(0, 23999) i;
INSERT INTO hours SELECT 'spans', ('{"duration": 36000, "sampleRate": 16000, "events": [' || string_agg(format('{"timestamp": %s, "type": "%s", "duration": %s}', i * 1.5, k, d), ',' ORDER BY i) || ']}')::audio_timeline
	FROM generate_series(0, 23999) i, LATERAL (VALUES (CASE WHEN i % 1000 = 0 THEN 'span' ELSE 'word' END, CASE WHEN i % 1000 = 0 THEN 36000 - i * 1.5 ELSE 0.25 END)) AS e(k, d);
VACUUM ANALYZE hours;
SELECT c.name, call, pages(format('SELECT e.* FROM hours, %s e WHERE name = %L', call, c.name)) < most AS few_pages FROM (VALUES
	('words', 'events_between(v, 35336.5, 35341.5)', 15), ('words', 'events_at(v, 35336.1)', 15), ('words', 'next_event(v, 18000)', 15), ('words', 'nearest_event(v, 18000, ''laughter'')', 15),
	('spans', 'events_at(v, 35336.1)', 40), ('spans', 'events_at(v, 35336.1, ''word'')', 40)) AS c(name, call, most);
SELECT e."timestamp", e.duration, e.data FROM hours, events_between(v, 35336.5, 35341.5) e WHERE name = 'words';
SELECT e.type, count(*), max(e."timestamp") FROM hours, events_at(v, 35337.1) e WHERE name = 'spans' GROUP BY 1 ORDER BY 1;
SELECT e.type, e."timestamp" FROM hours, events_at(v, 35337.1, 'word') e WHERE name = 'spans';
SELECT count(*) FROM hours, events(v) e WHERE name = 'words' AND e.data ->> 'word' LIKE 'c0%' AND e.data ->> 'speaker' = 'S1';
SELECT count(*), sum(n) FROM (SELECT count(*) AS n FROM hours, generate_series(3000, 3099) i, events_between(v, i * 5, i * 5 + 5) e WHERE name = 'words' GROUP BY i) AS windows;
SELECT pages('SELECT length(v::text) FROM hours WHERE name = ''words''') > 40 AS whole_value_grows;

\echo '== Spectrograms of more than a thousand bins'
INSERT INTO hours SELECT 'bins', ('{"duration": 5, "sampleRate": 44100, "features": {"f": {"frameRate": 80, "unit": "dB", "dims": 1025, "encoding": "f32", "base64": "' || translate(encode(decode(string_agg(substr(md5(i::text), 1, 6) || '3f', ''), 'hex'), 'base64'), E'\n', '') || '"}}}')::audio_timeline FROM generate_series(1, 400 * 1025) i;
SELECT pg_column_size(v) < 400 * 1025 * 4 * 1.02 AS no_larger FROM hours WHERE name = 'bins';
SELECT call, pages(format('SELECT x.* FROM hours, %s x WHERE hours.name = ''bins''', call)) < most AS few_pages FROM (VALUES
	('value_at(v, ''f'', 3, dim => 1000)', 15), ('values_at(v, 3)', 15), ('feature_slice(v, ''f'', 3, 3.1)', 25), ('feature_frames(v, ''f'', 3, 3.1)', 25), ('features(v)', 12), ('sample_frames_bytes(v, 30, 90, 3)', 30)) AS c(call, most);
SELECT pages('SELECT o.* FROM hours, overview(v, ''f'', 4) o WHERE name = ''bins''') <= pages('SELECT o.* FROM hours, overview(v, ''f'', 4, dim => 7) o WHERE name = ''bins''') AS all_bins_in_one_pass;
SELECT pages('SELECT f.frames FROM hours, feature(v, ''f'') f WHERE name = ''bins''') > 150 AS whole_value_is_large;

\echo '== Characters that text cannot hold, and those that look alike'
SELECT answer(song('"metadata": {"artist": "Somebody\u0000"}'));
SELECT answer(song('"events": [{"timestamp": 1, "type": "caption", "data": {"text": "nice \ud83d"}}]'));
SELECT answer(song(E'"metadata": {"t": "a\tb"}'));
SELECT e.code, e.path, e.message, e.hint FROM audio_timeline_errors(song('"events": [' || (SELECT string_agg(format('{"timestamp": 1, "type": "word", "data": {"w": "%s%s"}}', i, CASE i WHEN 1500 THEN '\u0000' END), ',') FROM generate_series(0, 2000) i) || ']')) e WHERE e.severity = 'error';
SELECT document::audio_timeline::jsonb = document::jsonb FROM song('"events": [{"timestamp": 1, "type": "\ud83d\udc4d\u200d", "data": {"t": "K\u0332\u0027 \u202e \uffff \u0001\u007f\t\n\"\\\/ \ud834\udd1e"}}], "features": {"\ud83c\udfb5": {"hop": 1, "values": [1]}}') AS document;
SELECT array_length(event_types(song('"events": [{"timestamp": 1, "type": "caf\u00e9"}, {"timestamp": 1, "type": "cafe\u0301"}]')::audio_timeline), 1);
SELECT answer(convert_from('\x7b2274223a2022636166e9227d', 'UTF8'));

\echo '== Files from elsewhere: a byte-order mark, line ends, lines of JSON, base64 of other kinds'
SELECT answer(U&'\FEFF' || song('"events": []'));
SELECT answer(E'\r\n{\r\n\t"duration": 2,\r\n\t"sampleRate": 16000\r\n}\r\n');
SELECT answer(d) FROM unnest(ARRAY['{"duration": 2, "sampleRate": 16000,}', E'{"duration": 2, "sampleRate": 16000}\n{"duration": 3, "sampleRate": 16000}', '{"duration": 2, "sampleRate": 16000 // Hz', '{''duration'': 2}', '{"duration": 2, "loop": False}', '{duration: 2}', '{"duration": 2, "sampleR']) d;
SELECT answer(feature_of('"hop": 512, "encoding": ' || b)) FROM unnest(ARRAY['"u8", "base64": "AAEC\nAwQF"', '"u8", "base64": "-_8A"', '"u8", "base64": "AAECAw"', '"u8", "base64": "data:application/octet-stream;base64,AAEC"', '"f32", "base64": "AAECAwQF"', '"float32", "base64": "AACAPw=="', '"", "values": [1]']) b;
-- the lines that encode() breaks base64 into; and the hint followed
SELECT answer(feature_of('"hop": 512, "encoding": "u8", "base64": "' || encode(decode(repeat('01', 70), 'hex'), 'base64') || '"'));
SELECT num_frames(feature_of('"hop": 512, "encoding": "u8", "base64": "' || translate(encode(decode(repeat('01', 70), 'hex'), 'base64'), E'\n', '') || '"')::audio_timeline, 'f');

\echo '== The time of a frame, as clients compute it'
CREATE TABLE clocks AS SELECT ('{"duration": 300, "sampleRate": 22050, "features": {"i": {"hop": 512, "values": [' || (SELECT string_agg(i::text, ',') FROM generate_series(0, 12000) i) || ']}, "r": {"frameRate": 100, "values": [' || (SELECT string_agg(i::text, ',') FROM generate_series(0, 29000) i) || ']}}}')::audio_timeline AS v;
SELECT way, count(*) FILTER (WHERE value <> i) AS wrong FROM clocks, generate_series(0, 10000) i, LATERAL (VALUES
	('i * hop / rate', value_at(v, 'i', i * 512.0::float8 / 22050)), ('i * (hop / rate)', value_at(v, 'i', i * (512.0::float8 / 22050))), ('i * 0.01', value_at(v, 'r', i * 0.01::float8)), ('i / 100', value_at(v, 'r', i / 100.0::float8)),
	('float32, nearest', value_at(v, 'i', (i * 512.0::float8 / 22050)::real::float8, 'nearest')), ('six digits, nearest', value_at(v, 'i', round(i * 512.0 / 22050, 6)::float8, 'nearest'))) AS w(way, value) GROUP BY way ORDER BY way COLLATE "C";
SELECT min(s.frames), max(s.frames) FROM clocks, generate_series(0, 20000, 7) k, feature_slice(v, 'r', k * 0.01::float8, (k + 100) * 0.01::float8) s;
SELECT count(*) FILTER (WHERE s."values"[1] <> s.frame * 4) AS wrong FROM clocks, sample_frames(v, 25, 0, 7000, 'r') s;
SELECT count(*) FILTER (WHERE s."values"[1] <> s.frame::bigint * 22050 / (30 * 512)) AS wrong FROM clocks, sample_frames(v, 30, 0, 8000, 'i') s;
DROP TABLE clocks;

\echo '== Lines of JSON through COPY: its text format takes the backslashes, csv without quotes takes none'
CREATE TABLE lines (v audio_timeline);
\copy lines from stdin
{"duration": 3, "sampleRate": 16000, "events": [{"timestamp": 1, "type": "word", "data": {"word": "so \"big\""}}]}
\.
\copy lines from stdin
{"duration": 3, "sampleRate": 16000, "events": [{"timestamp": 1, "type": "word", "data": {"word": "caf\u00e9"}}]}
\.
\copy lines from stdin with (format csv, quote E'\x01', delimiter E'\x02')
{"duration": 3, "sampleRate": 16000, "events": [{"timestamp": 1, "type": "word", "data": {"word": "caf\u00e9, so \"big\"\n\\"}}]}
\.
SELECT e.data FROM lines, events(v) e;
DROP TABLE lines;

\echo '== Much besides: deep metadata, a picture in it, thousands of features and types'
SELECT length(song('"metadata": {"a": ' || repeat('[', 500) || repeat(']', 500) || '}')::audio_timeline::text);
SELECT split_part(answer(song('"metadata": {"a": ' || repeat('[', 100000) || repeat(']', 100000) || '}')), ' / ', 1);
SELECT split_part(answer(repeat('[', 1000000)), ' / ', 1);
INSERT INTO hours SELECT 'picture', ('{"duration": 100, "sampleRate": 44100, "metadata": {"cover": "' || repeat('iVBORw0KGgoAAAANSUhEUg', 100000) || '"}, "events": [{"timestamp": 5, "type": "onset"}], "features": {"f": {"frameRate": 20, "values": [' || string_agg(i::text, ',') || ']}}}')::audio_timeline FROM generate_series(1, 2000) i;
INSERT INTO hours SELECT 'features', song('"features": {' || string_agg(format('"f%s": {"hop": 512, "values": [%s]}', i, i), ',') || '}')::audio_timeline FROM generate_series(1, 5000) i;
INSERT INTO hours SELECT 'types', ('{"duration": 5000, "sampleRate": 44100, "events": [' || string_agg(format('{"timestamp": %s, "type": "t%s"}', i, i), ',') || ']}')::audio_timeline FROM generate_series(1, 5000) i;
SELECT c.name, call, pages(format('SELECT x.* FROM hours, %s x WHERE hours.name = %L', call, c.name)) < most AS few_pages FROM (VALUES
	('picture', 'value_at(v, ''f'', 50)', 15), ('picture', 'events_between(v, 0, 10)', 15), ('picture', 'features(v)', 12), ('picture', 'summary(v)', 12),
	('features', 'value_at(v, ''f4999'', 0)', 40), ('types', 'next_event(v, 3, ''t4000'')', 25)) AS c(name, call, most);
SELECT value_at(v, 'f4999', 0) FROM hours WHERE name = 'features';
SELECT value_at(v, 'f5001', 0) FROM hours WHERE name = 'features';
SELECT answer(song(format('"features": {"%s": {"hop": 0, "values": [1]}}', repeat('n', 1000))));

\echo '== Series on no clock'
SELECT answer(feature_of('"frameRate": 1, "times": [0, 0.31, 1.9], "values": [110, 220, 330]'));
SELECT t, value_at(v, 'f', t) FROM CAST(feature_of('"times": [0, 0.31, 1.9], "values": [110, 220, 330]') AS audio_timeline) v, unnest('{0.3, 0.31, 1.8, 9}'::float8[]) t;
SELECT answer(feature_of('"values": [110, 220, 330]'));
SELECT e.code, e.message, e.hint FROM audio_timeline_errors(song('"features": {"a": {"frameRate": 0.1, "unit": "u", "start_time": 2, "values": [1]}, "b": {"hop": 220500, "unit": "u", "offset": 0.5, "sr": 44100, "values": [1, 2]}}')) e;

\echo '== One key for two things'
SELECT e.code, e.message, e.hint FROM audio_timeline_errors('{"duration": 10, "sampleRate": 22050, "events": [{"timestamp": 1, "type": "a"}], "events": [], "features": {"f": {"hop": 220500, "unit": "u", "values": [1]}, "f": {"hop": 220500, "unit": "u", "values": [2]}}}') e;
SELECT answer('{"duration": -1, "duration": 2, "sampleRate": 16000}');
SELECT answer(song('"events": [{"timestamp": 1, "timestamp": 1.5, "type": "a", "type": "b", "x": {"a": 1, "a": 2}}]'));
SELECT f.name, f.mean FROM features(song('"features": {"rms": {"hop": 512, "values": [1]}, "RMS": {"hop": 512, "values": [2]}, "rms ": {"hop": 512, "values": [3]}, "": {"hop": 512, "values": [4]}}')::audio_timeline) f;
SELECT value_at(song('"features": {"rms": {"hop": 512, "values": [1]}, "RMS": {"hop": 512, "values": [2]}}')::audio_timeline, 'Rms', 0);
SELECT answer(feature_of('"hop": null, "frameRate": 10, "values": null, "base64": null'));

\echo '== Numbers in all their forms'
SELECT answer('{"duration": 10.0, "sampleRate": 44100.0, "features": {"f": {"hop": 5.12e2, "dims": 1.0, "values": [1.0, 2, 3e0, -0.0, 1E-7, 1e-400, 4.9e-324]}}}');
SELECT answer(song('"events": [{"timestamp": 1, "type": "x", "id": 9007199254740993, "big": 1e400, "frac": 0.10000000000000000000000000000000000001}]'));
SELECT answer(d) FROM unnest(ARRAY['{"duration": 1e400, "sampleRate": 44100}', feature_of('"hop": 1, "values": [1, 1e400]'), song('"metadata": {"n": 1e200000}'), '{"duration": .5, "sampleRate": 44100}', '{"duration": 1., "sampleRate": 44100}',
	'{"duration": "30.024000", "sampleRate": 44100}', '{"duration": "N/A", "sampleRate": 44100}', song('"events": [{"timestamp": "1.5", "type": "x"}]'), song('"events": [{"timestamp": "00:00:01.500", "type": "x"}]')]) d;

\echo '== Times in milliseconds, samples and ticks; rates in kHz'
SELECT e.code, e.message, e.hint FROM unnest(ARRAY['{"duration": 240000, "sampleRate": 44100, "events": [{"timestamp": 1234, "type": "onset"}, {"timestamp": 238000, "type": "onset"}]}',
	'{"duration": 240000, "sampleRate": 44100, "events": [{"timestamp": 1.234, "type": "onset"}, {"timestamp": 238.5, "type": "onset"}]}', '{"duration": 240, "sampleRate": 44100, "events": [{"timestamp": 1.2, "type": "note", "duration": 480}]}',
	'{"duration": 240, "sampleRate": 44100, "features": {"f": {"frameRate": 100, "startTime": 23220, "unit": "Hz", "values": [1, 2, 3]}}}', '{"duration": 240, "sampleRate": 44}']) d, audio_timeline_errors(d) e;
SELECT answer(d) FROM unnest(ARRAY['{"duration": 240, "sampleRate": 44100, "events": [{"timestamp": 1234, "type": "onset"}, {"timestamp": 238000, "type": "onset"}]}', '{"duration": 240, "sampleRate": 44100, "events": [{"timestamp": 9000000, "type": "onset"}]}',
	'{"duration": 240, "sampleRate": 44100, "events": [{"timestamp": 63000000, "type": "word"}]}', '{"duration": 240, "sampleRate": 44.1}']) d;
SELECT r.* FROM audio_timeline_repair('{"duration": 240, "sampleRate": 44100, "events": [{"timestamp": 1234, "type": "onset"}, {"timestamp": 238000, "type": "onset"}]}', 'scale') r;

\echo '== Matrices with dims first, or flat'
SELECT e.code, e.message, e.hint FROM audio_timeline_errors('{"duration": 30, "sampleRate": 44100, "features": {"f": {"hop": 512, "unit": "dB", "values": [' || (SELECT string_agg('[' || (SELECT string_agg((i % 7 + d)::text, ',') FROM generate_series(1, 2584) i) || ']', ',') FROM generate_series(1, 13) d) || ']}}}') e;
SELECT answer(feature_of('"hop": 512, "values": [[' || repeat('0,', 69999) || '0]]'));
SELECT f.frames, f.dims FROM unnest(ARRAY['"values": [[1], [2], [3]]', '"dims": 3, "values": [1, 2, 3, 4, 5, 6]', '"kind": "peaks", "dims": 2, "encoding": "i8", "values": [-65, 63, -66, 64]']) m, features(feature_of('"hop": 512, ' || m)::audio_timeline) f;

\echo '== Nothing there: no duration, no sample rate, no events, no frames'
SELECT answer(d) FROM unnest(ARRAY['{"duration": null, "sampleRate": 44100}', '{"sampleRate": 44100}', '{"duration": 12, "events": []}', '{"duration": 12, "sampleRate": null}', '{"duration": 0, "sampleRate": 44100, "events": [{"timestamp": 1.5, "type": "x"}]}',
	feature_of('"hop": 80, "values": [[], []]'), feature_of('"hop": 80, "values": [[1], 2]'), feature_of('"hop": 80, "values": [[[1, 2]]]')]) d;
CREATE TABLE empty AS SELECT '{"duration": 3, "sampleRate": 8000, "events": [], "markers": null, "features": {"none": {"hop": 80, "values": []}, "wide": {"hop": 80, "dims": 2, "values": []}, "null": {"hop": 80, "values": [null, null]}, "nulls": {"hop": 80, "dims": 2, "values": [null, [null, null]]}, "one": {"hop": 80, "values": [7]}, "b": {"hop": 80, "encoding": "u8", "base64": ""}}}'::audio_timeline AS v;
SELECT v FROM empty;
SELECT f.name, f.frames, f.dims, value_at(v, f.name, 1, dim => 1), s.frames, (SELECT count(*) FROM overview(v, f.name, 3, dim => 1)), feature_stats(v, f.name) FROM empty, features(v) f, feature_slice(v, f.name, 0, 9) s;
SELECT (SELECT count(*) FROM events(v)), (SELECT count(*) FROM next_event(v, 0)), (SELECT count(*) FROM nearest_marker(v, 0)), event_types(v), num_markers(v), summary(v) FROM empty;
SELECT s.* FROM empty, sample_frames(v, 2, 0, 2) s;
SELECT o.* FROM empty, overview(v, 'none', 2) o;
DROP TABLE empty;

\echo '== Peaks of a waveform: flat, without dims, as fractions; and what feature() gives, fed back'
SELECT answer(feature_of('"hop": 256, "kind": "peaks", "dims": 2, "encoding": "i8", "values": [-65, 63, -66, 64, -40, 41]'));
SELECT e.code, e.message, e.hint FROM audio_timeline_errors('{"duration": 0.03, "sampleRate": 44100, "features": {"f": {"unit": "u", "hop": 256, "kind": "peaks", "encoding": "i8", "values": [-65, 63, -66, 64, -40, 41]}}}') e;
SELECT answer(feature_of('"hop": 256, "kind": "peaks", "encoding": "i8", "values": [[-0.86, 0.99]]'));
SELECT jsonb_build_object('duration', 10, 'sampleRate', 22050, 'features', jsonb_build_object('f', jsonb_build_object('frameRate', f.frame_rate, 'dims', f.dims, 'values', f."values")))::audio_timeline FROM feature(feature_of('"frameRate": 10, "values": [[1, 2, 3], [4, 5, 6]]')::audio_timeline, 'f') f;
SELECT f.frames / f.frame_rate AS seconds FROM features(feature_of('"hop": 735, "kind": "peaks", "dims": 2, "encoding": "i8", "base64": "' || repeat('f4B/', 100) || '"')::audio_timeline) f;

\echo '== Rows of a jsonb cache: one that was encoded twice hides no good one'
CREATE TABLE audio_event_cache (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL, file_metadata_id uuid NOT NULL, stem_type text NOT NULL, event_data jsonb NOT NULL, analysis_version text NOT NULL DEFAULT '1.0',
	created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), UNIQUE (file_metadata_id, stem_type, analysis_version));
INSERT INTO audio_event_cache (user_id, file_metadata_id, stem_type, event_data) SELECT '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-00000000000a', stem, document FROM (VALUES
	('drums', to_jsonb('{"duration": 5, "sampleRate": 44100}'::text)), ('bass', '{"duration": 5, "sampleRate": 44100}'), ('vocals', '{"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 5.0000000001, "type": "onset"}]}')) AS rows(stem, document);
SELECT get_cached_events('00000000-0000-4000-8000-00000000000a', 'drums');
SELECT * FROM get_all_cached_events_for_file('00000000-0000-4000-8000-00000000000a');
SELECT * FROM get_all_cached_events_for_file('00000000-0000-4000-8000-00000000000a', invalid_ok => true);
DROP TABLE audio_event_cache;

\echo '== Tools that group, sort and count by every column, and that index it'
ANALYZE hours;
SELECT avg_width, n_distinct, most_common_vals IS NULL AS no_values_kept, histogram_bounds IS NULL AS no_bounds_kept FROM pg_stats WHERE tablename = 'hours' AND attname = 'v';
SELECT count(*) FROM (SELECT v FROM hours GROUP BY v ORDER BY v LIMIT 5000) AS page;
SELECT count(DISTINCT v) FROM hours;
SELECT array_agg(a.name ORDER BY a.name) FROM hours a JOIN hours b ON a.v = b.v WHERE a.name <> b.name;
CREATE INDEX ON hours USING hash (v);
CREATE INDEX ON hours ((duration(v)));
\set VERBOSITY sqlstate
CREATE INDEX ON hours (v);
\set VERBOSITY default

\pset tuples_only off
\pset format aligned
DROP TABLE hours;
DROP FUNCTION answer, song, feature_of, pages;
