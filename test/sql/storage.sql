-- Lookups answer alike however the value is stored: in the row, out of line in
-- slices, compressed, or fresh from an expression.

CREATE TABLE stored (way text, v audio_timeline);
CREATE TABLE compressed (way text, v audio_timeline);
CREATE TABLE inline (way text, v audio_timeline);
ALTER TABLE compressed ALTER v SET STORAGE extended;
ALTER TABLE compressed ALTER v SET COMPRESSION pglz;
ALTER TABLE inline ALTER v SET STORAGE plain;

CREATE FUNCTION make_timeline(n integer) RETURNS audio_timeline LANGUAGE sql AS $$
	SELECT jsonb_build_object('duration', 100, 'sampleRate', 44100,
		'events', (SELECT jsonb_agg(jsonb_build_object('timestamp', i * 100.0 / n, 'type', 'e' || i % 7, 'confidence', (i % 10) / 10.0, 'data', jsonb_build_object('i', i))) FROM generate_series(0, n) i),
		'features', jsonb_build_object('x', jsonb_build_object('frameRate', n / 100.0, 'values', (SELECT jsonb_agg(CASE WHEN i % 13 <> 0 THEN i / 8.0 END) FROM generate_series(0, n) i)),
			'c', jsonb_build_object('frameRate', n / 100.0, 'encoding', 'u8', 'dims', 2, 'values', (SELECT jsonb_agg(jsonb_build_array(i % 256, CASE WHEN i % 5 <> 0 THEN 255 - i % 256 END)) FROM generate_series(0, n) i))))::audio_timeline
$$;
INSERT INTO stored VALUES ('external', make_timeline(9000));
INSERT INTO compressed VALUES ('compressed', make_timeline(9000));
INSERT INTO inline VALUES ('inline', make_timeline(40));

SELECT pg_column_compression(v), pg_column_size(v) > 12000 AS large FROM stored;
SELECT pg_column_compression(v), pg_column_size(v) > 12000 AS large FROM compressed;
SELECT pg_column_compression(v), pg_column_size(v) < 8000 AS in_row FROM inline;

CREATE FUNCTION lookups(v audio_timeline) RETURNS text LANGUAGE sql AS $$
	SELECT jsonb_build_array(duration(v), num_events(v), num_events(v, 'e3'), event_types(v), feature_names(v),
		(SELECT jsonb_agg(f) FROM features(v) f),
		(SELECT jsonb_agg(e) FROM events_between(v, 33.3, 36) e), (SELECT jsonb_agg(e) FROM events_at(v, 50) e),
		(SELECT jsonb_agg(e) FROM next_event(v, 77, 'e1') e), (SELECT jsonb_agg(e) FROM previous_event(v, 77, 'e1') e), (SELECT jsonb_agg(e) FROM nearest_event(v, 12.34) e),
		value_at(v, 'x', 61.7), value_at(v, 'x', 61.7, 'linear'), value_at(v, 'c', 61.7, dim => 2),
		(SELECT jsonb_agg(s) FROM feature_slice(v, 'x', 10, 11) s), (SELECT jsonb_agg(s) FROM feature_slice(v, 'c', 99, 200) s), (SELECT jsonb_agg(x) FROM values_at(v, 5.5) x))::text
$$;
SELECT lookups(stored.v) = lookups(compressed.v) AS compressed_same, lookups(stored.v) = lookups(make_timeline(9000)) AS fresh_same, length(lookups(stored.v)) > 1000 AS something FROM stored, compressed;
SELECT lookups(v) = lookups(make_timeline(40)) AS inline_same FROM inline;
SELECT s.v = c.v AS equal, audio_timeline_send(s.v) = audio_timeline_send(c.v) AS same_bytes FROM stored s, compressed c;

-- smaller than a short varlena header's limit, in arrays, composites and domains
CREATE DOMAIN short_timeline AS audio_timeline CHECK (duration(VALUE) < 10);
SELECT duration(v), row_to_json(q) FROM (SELECT '{"duration": 3, "sampleRate": 8000}'::short_timeline AS v) q;
SELECT '{"duration": 30, "sampleRate": 8000}'::short_timeline;
SELECT duration(a[2]), array_to_json(a) FROM (SELECT ARRAY['{"duration": 1, "sampleRate": 1}', '{"duration": 2, "sampleRate": 1}']::audio_timeline[] AS a) q;
SELECT (stored).way, num_events((stored).v) FROM stored;

-- an update of another column keeps the stored value
UPDATE stored SET way = 'renamed';
SELECT lookups(stored.v) = lookups(compressed.v) AS same FROM stored, compressed;

-- A TOAST table in a form that this library does not know, as a later server may have: ids of another type. The server
-- reads the pieces then, which gives the same answers and takes more buffers.
CREATE FUNCTION lookup_buffers() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	FOR i IN 1..2 LOOP
		EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT JSON) SELECT lookups(v) FROM stored' INTO plan;
	END LOOP;
	RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::int + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::int;
END $$;
CREATE FUNCTION set_id_type(type regtype) RETURNS void LANGUAGE sql AS $$
	UPDATE pg_attribute SET atttypid = type FROM pg_class AS c
		WHERE c.oid = 'stored'::regclass AND attrelid = c.reltoastrelid AND attname = 'chunk_id'
$$;
CREATE TABLE known AS SELECT lookups(v) AS answers, lookup_buffers() AS buffers FROM stored;
SET allow_system_table_mods = on;
SELECT set_id_type('integer');
SELECT lookups(v) = answers AS same, lookup_buffers() > buffers AS more_buffers FROM stored, known;
SELECT v = (SELECT c.v FROM compressed c) AS equal FROM stored;
SELECT set_id_type('oid');
RESET allow_system_table_mods;
SELECT lookups(v) = answers AS same, lookup_buffers() = buffers AS same_buffers FROM stored, known;

DROP TABLE stored, compressed, inline, known;
DROP DOMAIN short_timeline;
DROP FUNCTION make_timeline, lookups, lookup_buffers, set_id_type;
