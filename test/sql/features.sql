-- Lookups of feature values.

CREATE TABLE timelines (id integer, v audio_timeline);
INSERT INTO timelines VALUES (1, '{"duration": 10, "sampleRate": 1000,
	"features": {
		"rms": {"hop": 500, "unit": "linear", "values": [1, 2, null, 4, 5]},
		"late": {"frameRate": 2, "startTime": 1, "values": [10, 20, 30]},
		"mfcc": {"hop": 500, "dims": 3, "values": [[1, 2, 3], [4, null, 6], null, [7, 8, 9]]},
		"empty": {"hop": 500, "values": []},
		"codes": {"hop": 500, "encoding": "u8", "range": [0, 255], "values": [0, 100, null, 255]}}}');

SELECT * FROM feature((SELECT v FROM timelines), 'rms');
SELECT * FROM feature((SELECT v FROM timelines), 'mfcc');
SELECT * FROM feature((SELECT v FROM timelines), 'empty');
SELECT * FROM feature((SELECT v FROM timelines), 'codes');
SELECT * FROM feature((SELECT v FROM timelines), 'nothing');
SELECT * FROM feature((SELECT v FROM timelines), NULL);

-- frames whose time is in the half-open window
SELECT start_time, end_time, s.* FROM timelines, (VALUES (0::float8, 10::float8), (0, 0.5), (0.5, 0.5), (0.5, 1.5), (0.1, 0.4), (2, 20), (2.1, 20), (-5, 0), ('-Infinity', 'Infinity')) AS w(start_time, end_time),
	feature_slice(v, 'rms', start_time, end_time) AS s;
SELECT * FROM feature_slice((SELECT v FROM timelines), 'mfcc', 0.5, 2);
SELECT * FROM feature_slice((SELECT v FROM timelines), 'late', 1.2, 9);
SELECT * FROM feature_slice((SELECT v FROM timelines), 'rms', 2, 1);
SELECT * FROM feature_slice((SELECT v FROM timelines), 'rms', 'NaN', 1);
SELECT * FROM feature_slice((SELECT v FROM timelines), 'rms', NULL, 1);

-- a value at an instant
SELECT t, value_at(v, 'rms', t) AS step, value_at(v, 'rms', t, 'linear') AS linear, value_at(v, 'rms', t, 'nearest') AS nearest,
	value_at(v, 'late', t) AS late, value_at(v, 'late', t, 'linear') AS late_linear, value_at(v, 'late', t, 'nearest') AS late_nearest,
	value_at(v, 'codes', t) AS codes, value_at(v, 'empty', t) AS empty
	FROM timelines, (VALUES (0::float8), (0.25), (0.4999), (0.5), (0.75), (1), (1.25), (1.5), (1.75), (2), (3), (10), (10.1), (-0.1), ('NaN'), (NULL)) AS instants(t);
SELECT value_at(v, 'mfcc', 0, dim => 1) AS first, value_at(v, 'mfcc', 0.5, 'linear', 2) AS missing, value_at(v, 'mfcc', 0.25, 'linear', 3) AS between,
	value_at(v, 'nothing', 0) AS nothing, value_at(v, NULL, 0) AS null_name, value_at(NULL, 'rms', 0) AS null_timeline, value_at(v, 'rms', 0, NULL) AS null_interpolation FROM timelines;
SELECT value_at(v, 'mfcc', 0) FROM timelines;
SELECT value_at(v, 'mfcc', 0, dim => 4) FROM timelines;
SELECT value_at(v, 'mfcc', 0, dim => 0) FROM timelines;
SELECT value_at(v, 'mfcc', 99) FROM timelines;
SELECT value_at(v, 'rms', 0, 'cubic') FROM timelines;

SELECT * FROM values_at((SELECT v FROM timelines), 0.5);
SELECT * FROM values_at((SELECT v FROM timelines), 0.25, interpolation => 'linear');
SELECT * FROM values_at((SELECT v FROM timelines), 0, '{mfcc,nothing,rms,NULL}');
SELECT count(*) FROM timelines, values_at(v, 10.5);
SELECT count(*) FROM timelines, values_at(v, NULL);

-- times are computed, never accumulated, and agree with lookups to the last bit
INSERT INTO timelines SELECT 2, jsonb_build_object('duration', 3600, 'sampleRate', 44100, 'features', jsonb_build_object(
	'hops', jsonb_build_object('hop', 512, 'values', (SELECT jsonb_agg(i) FROM generate_series(0, 9999) i)),
	'rate', jsonb_build_object('frameRate', 59.94, 'startTime', 0.1, 'values', (SELECT jsonb_agg(i) FROM generate_series(0, 9999) i))));
SELECT count(*) AS wrong FROM timelines, generate_series(0, 9999) i
	WHERE id = 2 AND (value_at(v, 'hops', i * 512::float8 / 44100) <> i OR value_at(v, 'rate', 0.1 + i / 59.94::float8) <> i);
SELECT first_frame, first_time, frame_rate, frames, dims, "values"[1], "values"[frames] FROM timelines, feature_slice(v, 'hops', 60, 65) WHERE id = 2;

-- accessors
SELECT duration(v), sample_rate(v), metadata(v), num_events(v), num_markers(v), event_types(v), marker_types(v), feature_names(v) FROM timelines WHERE id = 1;
SELECT * FROM features((SELECT v FROM timelines WHERE id = 1));
SELECT num_frames(v, 'mfcc'), frame_rate(v, 'mfcc'), frame_rate(v, 'late'), num_frames(v, 'nothing'), frame_rate(v, 'nothing') FROM timelines WHERE id = 1;
SELECT * FROM storage((SELECT v FROM timelines WHERE id = 1));
SELECT duration(v), metadata(v), num_events(v), num_events(v, 'a'), num_events(v, 'z'), num_markers(v, 'beat'), event_types(v), marker_types(v) FROM (SELECT
	'{"duration": 1.5, "sampleRate": 8000, "metadata": {"analyzer": "x", "n": 1.50}, "events": [{"timestamp": 0, "type": "b"}, {"timestamp": 0, "type": "aa"}, {"timestamp": 1, "type": "a"}, {"timestamp": 1, "type": "a"}],
	"markers": [{"timestamp": 0, "type": "beat"}]}'::audio_timeline) AS q(v);
SELECT duration(NULL), num_events(NULL), num_events(NULL, 'a'), feature_names(NULL);

-- every encoding is read back as it was given
SELECT e, f."values" FROM (VALUES ('u8', '[0, 255, 7]'), ('i8', '[-128, 127, null]'), ('u16', '[0, 65535, 7]'), ('i16', '[-32768, 32767, null]'), ('f32', '[0.5, null, 3e38]'), ('f64', '[0.1, null, 1e308]')) AS c(e, numbers),
	feature(format('{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "encoding": "%s", "values": %s}}}', e, numbers)::audio_timeline, 'x') AS f;
SELECT "values" FROM feature('{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "encoding": "i16", "range": [-1, 1], "dims": 2, "base64": "AIAAAP9/AAA="}}}'::audio_timeline, 'x');

DROP TABLE timelines;
