-- Where a timeline begins and ends, and which frame an instant takes.

-- times and confidences that are out of bounds by rounding are kept, and count as at the bound
CREATE TABLE rounded (v audio_timeline);
INSERT INTO rounded VALUES ('{"duration": 7.3, "sampleRate": 44100, "events": [
    {"timestamp": -5.551115123125783e-17, "type": "start", "confidence": -0.0000001},
    {"timestamp": 3, "type": "short", "duration": -0.00001},
    {"timestamp": 7.300000000000001, "type": "end", "confidence": 1.0000001}],
    "markers": [{"timestamp": -0.00002, "type": "bar"}, {"timestamp": 7.30002, "type": "bar"}]}');
SELECT v FROM rounded;
SELECT e."timestamp", e.type, e.duration, e.confidence FROM rounded, events_between(v, 0, 7.3) AS e;
SELECT e.type FROM rounded, events_between(v, 7.3, 'Infinity') AS e;
SELECT e.type FROM rounded, events_between(v, 7.3000000000000005, 8) AS e;
SELECT e.type FROM rounded, events_between(v, -1, 0) AS e;
SELECT e.type FROM rounded, events_between(v, -1, 9, min_confidence => 0) AS e;
SELECT e.type FROM rounded, events_between(v, -1, 9, min_confidence => 1) AS e;
SELECT t, e.type FROM rounded, unnest('{0,3,7.3}'::float8[]) AS t, events_at(v, t) AS e;
SELECT t, n.type AS next, p.type AS previous, o.type AS nearest
FROM rounded, unnest('{-1,0,7.3,9}'::float8[]) AS t
    LEFT JOIN LATERAL next_event(v, t) AS n ON true
    LEFT JOIN LATERAL previous_event(v, t) AS p ON true
    LEFT JOIN LATERAL nearest_event(v, t) AS o ON true;
SELECT m."timestamp" FROM rounded, markers_between(v, 0, 7.3) AS m;
SELECT t, m."timestamp" AS holds FROM rounded, unnest('{-0.1,-0.00002,0,7.2999999,7.3,7.30002,7.4}'::float8[]) AS t, markers_at(v, t) AS m;
SELECT t, e.type FROM rounded, unnest('{-0.00002,7.30002,7.31}'::float8[]) AS t, events_at(v, t) AS e;

-- a timeline may begin before the audio
CREATE TABLE count_in (v audio_timeline);
INSERT INTO count_in VALUES ('{"duration": 10, "sampleRate": 44100, "startTime": -1,
    "events": [{"timestamp": -0.9, "type": "count"}, {"timestamp": -0.5, "type": "tail", "duration": 1}],
    "markers": [{"timestamp": -0.939, "type": "beat", "value": 1}, {"timestamp": 0.084, "type": "beat", "value": 2}],
    "features": {"flux": {"hop": 512, "startTime": -0.0232, "values": [0, 1, 2]},
                 "f0": {"times": [-1, 0.5], "values": [3, 4]}}}');
SELECT v FROM count_in;
SELECT start_time(v), duration(v), start_time('{"duration": 1, "sampleRate": 1}') AS by_default FROM count_in;
SELECT e.type FROM count_in, events_between(v, -1, 0) AS e;
SELECT e.type FROM count_in, events_at(v, -0.9) AS e;
SELECT n.type FROM count_in, next_event(v, -5) AS n;
SELECT m.value FROM count_in, markers_between(v, -2, 0) AS m;
SELECT t, m.value FROM count_in, unnest('{-2,-1,-0.9,0,1}'::float8[]) AS t, markers_at(v, t) AS m;
SELECT t, value_at(v, 'flux', t) AS flux, value_at(v, 'flux', t, 'nearest') AS nearest, value_at(v, 'f0', t) AS f0
FROM count_in, unnest('{-1.5,-1,-0.0232,-0.01,0,10,11}'::float8[]) AS t;
SELECT s.* FROM count_in, sample_frames(v, 50, -52, 4, '{f0,flux}', 'nearest') AS s;
SELECT '{"duration": 1, "sampleRate": 1, "startTime": null}'::audio_timeline, '{"duration": 1, "sampleRate": 1, "startTime": 0}'::audio_timeline;
SELECT '{"duration": 10, "sampleRate": 44100, "startTime": 0.5}'::audio_timeline;
SELECT '{"duration": 10, "sampleRate": 44100, "startTime": "0"}'::audio_timeline;
SELECT '{"duration": 10, "sampleRate": 44100, "startTime": -1e400}'::audio_timeline;
SELECT '{"duration": 10, "sampleRate": 44100, "startTime": -1, "markers": [{"timestamp": -1.5, "type": "beat"}]}'::audio_timeline;
SELECT '{"duration": 10, "sampleRate": 44100, "startTime": -1, "features": {"f": {"hop": 1, "startTime": -2, "values": []}}}'::audio_timeline;

-- frames that reach past the duration hold, as long as they last
CREATE TABLE padded AS SELECT ('{"duration": 41.984, "sampleRate": 16000, "features": {
    "long": {"hop": 400, "values": [' || string_agg(i::text, ',' ORDER BY i) || ']},
    "short": {"frameRate": 1, "values": [7]}}}')::audio_timeline AS v FROM generate_series(0, 1680) AS i;
SELECT t, value_at(v, 'long', t) AS step, value_at(v, 'long', t, 'nearest') AS nearest, value_at(v, 'long', t, 'linear') AS linear,
    value_at(v, 'short', t) AS short
FROM padded, unnest('{41.95,41.984,41.98401,42,42.0249,42.025,43}'::float8[]) AS t;
SELECT a.* FROM padded, values_at(v, 41.99) AS a;
SELECT s.* FROM padded, sample_frames(v, 30, 1258, 5, '{long,short}') AS s;

-- a frame's own time takes that frame, however it was computed
CREATE TABLE clocks AS SELECT ('{"duration": 700, "sampleRate": 48000, "features": {
    "h": {"hop": 1601, "values": [' || n.list || ']}, "r": {"frameRate": 100, "values": [' || n.list || ']}}}')::audio_timeline AS v
FROM (SELECT string_agg(i::text, ',' ORDER BY i) AS list FROM generate_series(0, 19999) AS i) AS n;
SELECT way, count(*) AS asked, count(*) FILTER (WHERE got <> i) AS wrong
FROM (SELECT 'i * hop / rate' AS way, i, value_at(v, 'h', i * 1601.0::float8 / 48000) AS got FROM clocks, generate_series(0, 19999) AS i
    UNION ALL SELECT 'i * (hop / rate)', i, value_at(v, 'h', i * (1601.0::float8 / 48000)) FROM clocks, generate_series(0, 19999) AS i
    UNION ALL SELECT 'i / (rate / hop)', i, value_at(v, 'h', i / (48000.0::float8 / 1601)) FROM clocks, generate_series(0, 19999) AS i
    UNION ALL SELECT 'i * 0.01', i, value_at(v, 'r', i * 0.01::float8) FROM clocks, generate_series(0, 19999) AS i
    UNION ALL SELECT 'linear', i, value_at(v, 'r', i * 0.01::float8, 'linear') FROM clocks, generate_series(0, 19999) AS i
    UNION ALL SELECT 'sample_frames', frame, "values"[1] FROM clocks, sample_frames(v, 48000.0::float8 / 1601, 0, 20000, '{h}')
    UNION ALL SELECT 'first_time', i, s."values"[1] FROM clocks, generate_series(0, 19999, 97) AS i,
        feature_slice(v, 'h', i * (1601.0::float8 / 48000), i * (1601.0::float8 / 48000) + 0.001) AS s) AS asked
GROUP BY way ORDER BY way COLLATE "C";
-- a window of one second has 100 frames, wherever it begins
SELECT count(*) FILTER (WHERE s.frames <> 100) AS wrong, count(*) AS asked
FROM clocks, generate_series(0, 19000, 7) AS k, feature_slice(v, 'r', k * 0.01::float8, (k + 100) * 0.01::float8) AS s;
SELECT count(*) FILTER (WHERE s.frames <> 100) AS wrong FROM clocks, overview(v, 'r', 200, 0, 200) AS s;

DROP TABLE rounded, count_in, padded, clocks;
