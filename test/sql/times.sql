-- Features on no regular clock: each frame has its time.

CREATE TABLE contours (v audio_timeline);
INSERT INTO contours VALUES ('{"duration": 4, "sampleRate": 44100, "features": {
    "f0": {"unit": "Hz", "times": [0.25, 0.31, 1.9, 3.7], "values": [110, 220, null, 440]},
    "pair": {"dims": 2, "times": [0, 0, 5], "values": [[1, 2], [3, 4], [5, 6]]},
    "none": {"times": [], "values": []},
    "regular": {"frameRate": 1, "values": [1, 2, 3]}}}');

-- back as it came
SELECT v FROM contours;
SELECT v::jsonb = (v::text)::jsonb AS jsonb, v = (v::text)::audio_timeline AS text FROM contours;
SELECT f.name, f.frames, f.dims, f.frame_rate, f.start_time, f.min, f.max, f.missing FROM contours, features(v) AS f;
SELECT frame_rate(v, 'f0'), num_frames(v, 'f0'), frame_rate(v, 'regular') FROM contours;

-- at an instant: the last frame at or before it; of equal times the last
SELECT t, value_at(v, 'f0', t) AS step, value_at(v, 'f0', t, 'linear') AS linear, value_at(v, 'f0', t, 'nearest') AS nearest,
    value_at(v, 'pair', t, dim => 1) AS pair
FROM contours, unnest('{-1,0,0.2,0.25,0.28,0.3,0.31,1.8,1.9,2.5,3.7,4,4.5,5,5.1}'::float8[]) AS t;
SELECT t, a.* FROM contours, unnest('{0.28,4.5}'::float8[]) AS t, values_at(v, t, interpolation => 'linear') AS a;
SELECT s.* FROM contours, sample_frames(v, 2, 0, 9, '{f0,regular}') AS s;

-- windows
SELECT s.* FROM contours, feature(v, 'f0') AS s;
SELECT s.* FROM contours, feature(v, 'none') AS s;
SELECT w, s.first_frame, s.first_time, s.frames, s."values", s.times
FROM contours, unnest('{0,0.25,0.26,1.9,3.8}'::float8[]) AS w, feature_slice(v, 'f0', w, 3.7) AS s WHERE w <= 3.7;
SELECT s.* FROM contours, feature_slice(v, 'f0', 3.8, 9) AS s;

-- reduced: a bucket has the frames whose times are in it
SELECT o.bucket, o.bucket_start, o.bucket_end, o.frames, o.min, o.max, o.mean FROM contours, overview(v, 'f0', 4, 0, 4) AS o;
SELECT o.bucket_start, o.bucket_end, o.frames FROM contours, overview(v, 'f0', 2) AS o;
SELECT o.bucket_start, o.bucket_end, o.frames FROM contours, overview(v, 'pair', 2, dim => 1) AS o;
SELECT o.bucket_start, o.bucket_end, o.frames FROM contours, overview(v, 'none', 2) AS o;
SELECT s.* FROM contours, feature_stats(v, 'f0', 0.3, 3) AS s;
SELECT s.* FROM contours, feature_stats(v, 'f0') AS s;

-- times stay exact in any encoding of the numbers
SELECT encode_features(v, 'u8', '{f0}') FROM contours;

-- equality, order and hash see times
SELECT a = b AS equal, audio_timeline_hash(a) = audio_timeline_hash(b) AS same_hash, a < b AS less
FROM (VALUES ('{"duration": 4, "sampleRate": 1, "features": {"f": {"times": [0, 1], "values": [1, 2]}}}'::audio_timeline,
              '{"duration": 4, "sampleRate": 1, "features": {"f": {"values": [1, 2], "times": [0.0, 1.0]}}}'::audio_timeline),
             ('{"duration": 4, "sampleRate": 1, "features": {"f": {"times": [0, 1], "values": [1, 2]}}}',
              '{"duration": 4, "sampleRate": 1, "features": {"f": {"times": [0, 1.5], "values": [1, 2]}}}'),
             ('{"duration": 4, "sampleRate": 1, "features": {"f": {"times": [0, 1], "values": [1, 2]}}}',
              '{"duration": 4, "sampleRate": 1, "features": {"f": {"frameRate": 1, "values": [1, 2]}}}')) AS pairs (a, b);

-- many frames: every frame found at its own time, and between
CREATE TABLE long_contours AS
SELECT (format('{"duration": 6000, "sampleRate": 44100, "features": {"f": {"times": [%s], "values": [%s]}}}',
    string_agg((i + (i % 7) / 10.0)::text, ',' ORDER BY i), string_agg(i::text, ',' ORDER BY i)))::audio_timeline AS v
FROM generate_series(0, 4999) AS i;
SELECT count(*) FILTER (WHERE value_at(v, 'f', i + (i % 7) / 10.0) <> i) AS wrong,
    count(*) FILTER (WHERE value_at(v, 'f', i + 0.95) <> i) AS wrong_between
FROM long_contours, generate_series(0, 4999) AS i;
SELECT count(*) FILTER (WHERE s."values"[1] <> frame) AS wrong
FROM long_contours, sample_frames(v, 1, 0, 5000) AS s WHERE frame % 7 = 0;
SELECT count(*) FILTER (WHERE o.frames <> 10) AS wrong, min(o.min), max(o.max) FROM long_contours, overview(v, 'f', 500, 0, 5000) AS o;
SELECT o.* FROM long_contours, overview(v, 'f', 3, 0, 5000) AS o;

-- a lookup reads a node of the summary per level and a piece: an hour costs a few buffers more than four minutes
CREATE TABLE lengths AS
SELECT seconds, format('{"duration": %s, "sampleRate": 44100, "features": {"f": {"times": [%s], "values": [%s]}}}', seconds,
    string_agg((i / 125.0 + i % 5 / 1000.0)::text, ',' ORDER BY i), string_agg(sin(i)::float4::text, ',' ORDER BY i))::audio_timeline AS v
FROM unnest('{240,3600}'::integer[]) AS seconds, generate_series(0, seconds * 125) AS i GROUP BY seconds;
VACUUM ANALYZE lengths;
CREATE FUNCTION buffers(expression text, of_seconds integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    FOR i IN 1..2 LOOP
        EXECUTE format('EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT %s FROM lengths WHERE seconds = %s', expression, of_seconds) INTO plan;
    END LOOP;
    RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::integer + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::integer;
END $$;
SELECT expression, max(buffers(format(expression, t), 240)) <= 12 AS song, max(buffers(format(expression, t * 15), 3600)) <= 16 AS hour
FROM unnest('{"value_at(v, ''f'', %1$s)","value_at(v, ''f'', %1$s, ''nearest'')","feature_slice(v, ''f'', %1$s, %1$s + 1)"}'::text[]) AS expression,
    unnest('{33,61.7,120,183.3,230}'::float8[]) AS t GROUP BY expression ORDER BY expression;
DROP TABLE lengths;
DROP FUNCTION buffers;

-- documents that are refused
SELECT '{"duration": 4, "sampleRate": 1, "features": {"f": {"times": [0, 2, 1], "values": [1, 2, 3]}}}'::audio_timeline;
SELECT '{"duration": 4, "sampleRate": 1, "features": {"f": {"times": [0, 2], "values": [1, 2, 3]}}}'::audio_timeline;
SELECT '{"duration": 4, "sampleRate": 1, "features": {"f": {"times": [0, 2], "hop": 1, "values": [1, 2]}}}'::audio_timeline;
SELECT '{"duration": 4, "sampleRate": 1, "features": {"f": {"times": [0, 2], "startTime": 1, "values": [1, 2]}}}'::audio_timeline;
SELECT '{"duration": 4, "sampleRate": 1, "features": {"f": {"times": [-2, 2], "values": [1, 2]}}}'::audio_timeline;
SELECT '{"duration": 4, "sampleRate": 1, "features": {"f": {"times": [0, "2"], "values": [1, 2]}}}'::audio_timeline;
SELECT '{"duration": 4, "sampleRate": 1, "features": {"f": {"times": [0, null], "values": [1, 2]}}}'::audio_timeline;
SELECT '{"duration": 4, "sampleRate": 1, "features": {"f": {"times": {"0": 1}, "values": [1]}}}'::audio_timeline;
SELECT * FROM audio_timeline_errors('{"duration": 4, "sampleRate": 1, "features": {"f": {"unit": "Hz",
    "times": [0, 3, 2, 1, null], "values": [1, 2, 3, 4, 5]}}}');

DROP TABLE contours, long_contours;
