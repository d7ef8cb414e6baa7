-- A timeline in one short line, and in messages that quote it.

-- the size, which depends on the stored form, has a test of its own
CREATE FUNCTION one_line(timeline audio_timeline) RETURNS text LANGUAGE sql AS $$ SELECT regexp_replace(summary(timeline), '; \d+ (bytes|kB)$', '; ...') $$;
SELECT one_line('{"duration": 8, "sampleRate": 44100,
	"events": [{"timestamp": 0, "type": "onset"}, {"timestamp": 1, "type": "note"}, {"timestamp": 2, "type": "onset"}],
	"markers": [{"timestamp": 0, "type": "beat"}],
	"features": {"rms": {"frameRate": 2, "values": [1, 2, 3]}, "mfcc": {"hop": 512, "dims": 2, "values": [[1, 2]]}}}');
SELECT one_line('{"duration": 9, "startTime": -0.5, "sampleRate": 8000, "features": {"f0": {"times": [0, 1], "values": [3, 4]}}}');
SELECT one_line('{"duration": 0, "sampleRate": 1}'), one_line('{"duration": 0.123456789, "sampleRate": 1, "events": [], "markers": null, "features": {}}'), summary(NULL);
SELECT summary(v) LIKE '%; ' || pg_size_pretty((SELECT sum(bytes) FROM storage(v))) AS stored_bytes FROM (VALUES ('{"duration": 0, "sampleRate": 1}'::audio_timeline),
	(jsonb_build_object('duration', 0, 'sampleRate', 1, 'metadata', jsonb_build_object('x', repeat('x', 50000)))::audio_timeline)) AS timelines(v);

-- lists are cut where their room ends
SELECT one_line(jsonb_build_object('duration', 14400.25, 'sampleRate', 48000,
	'events', (SELECT jsonb_agg(jsonb_build_object('timestamp', i, 'type', (ARRAY['onset', 'note', 'chord', 'silence', 'transient'])[1 + i % 5])) FROM generate_series(1, 9999) i),
	'markers', (SELECT jsonb_agg(jsonb_build_object('timestamp', i, 'type', (ARRAY['beat', 'bar', 'section', 'key_change'])[1 + i % 4])) FROM generate_series(1, 9999) i),
	'features', (SELECT jsonb_object_agg('band' || f, '{"hop": 512, "dims": 12, "values": []}'::jsonb) FROM generate_series(1, 35) f))::audio_timeline);

-- whatever the document, the line stays a short line: long names, control characters, extreme numbers, many types
SELECT line, length(line), octet_length(line) <= 250 AS short FROM (SELECT one_line(jsonb_build_object('duration', 1.23456789e300, 'sampleRate', 2147483647,
	'events', (SELECT jsonb_agg(jsonb_build_object('timestamp', i, 'type', repeat(E'\u00e4\n', i))) FROM generate_series(1, 1000) i),
	'markers', (SELECT jsonb_agg(jsonb_build_object('timestamp', i, 'type', repeat(E'\u20ac', 50) || i)) FROM generate_series(1, 1000) i),
	'features', (SELECT jsonb_object_agg(E'tab\t' || repeat('x', i), '{"frameRate": 1.23456789e-200, "dims": 65535, "values": [null]}'::jsonb) FROM generate_series(19, 1000) i))::audio_timeline) AS line) AS made;
DROP FUNCTION one_line;

-- a message that quotes a refused row shows the beginning of its timeline only
CREATE TABLE refused (v audio_timeline, n integer NOT NULL CHECK (n > 0));
INSERT INTO refused SELECT jsonb_build_object('duration', 1, 'sampleRate', 1, 'metadata', jsonb_build_object('x', repeat('x', 100000))), 0;
INSERT INTO refused SELECT jsonb_build_object('duration', 1, 'sampleRate', 1, 'metadata', jsonb_build_object('x', repeat('x', 100000))), NULL;
DROP TABLE refused;
