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
SELECT * FROM feature((SELECT v FROM timelines), NULL);

-- frames whose time is in the half-open window
SELECT start_time, end_time, s.* FROM timelines, (VALUES (0::float8, 10::float8), (0, 0.5), (0.5, 0.5), (0.5, 1.5), (0.1, 0.4), (2, 20), (2.1, 20), (-5, 0), ('-Infinity', 'Infinity')) AS w(start_time, end_time),
	feature_slice(v, 'rms', start_time, end_time) AS s;
SELECT * FROM feature_slice((SELECT v FROM timelines), 'mfcc', 0.5, 2);
SELECT * FROM feature_slice((SELECT v FROM timelines), 'late', 1.2, 9);
SELECT * FROM feature_slice((SELECT v FROM timelines), 'rms', 2, 1);
SELECT * FROM feature_slice((SELECT v FROM timelines), 'rms', 'NaN', 1);
-- by default, and where a bound is NULL, the window is open
SELECT * FROM feature_slice((SELECT v FROM timelines), 'rms');
SELECT * FROM feature_slice((SELECT v FROM timelines), 'rms', NULL, 1);
SELECT * FROM feature_slice((SELECT v FROM timelines), 'rms', end_time => NULL, start_time => 1);
SELECT * FROM feature_slice((SELECT v FROM timelines), NULL);
SELECT * FROM feature_slice(NULL, 'rms');

-- a row for each frame
SELECT * FROM feature_frames((SELECT v FROM timelines), 'rms');
SELECT * FROM feature_frames((SELECT v FROM timelines), 'mfcc', 0.5);
SELECT * FROM feature_frames((SELECT v FROM timelines), 'late', end_time => 2);
SELECT * FROM feature_frames((SELECT v FROM timelines), 'codes', 0.5, 1.5);
SELECT * FROM feature_frames((SELECT v FROM timelines), 'empty');
SELECT * FROM feature_frames((SELECT v FROM timelines), 'rms', 0.1, 0.4);
SELECT * FROM feature_frames((SELECT v FROM timelines), 'rms', 2, 1);
SELECT * FROM feature_frames((SELECT v FROM timelines), 'rms', 0, 'NaN');
SELECT * FROM feature_frames((SELECT v FROM timelines), NULL);
SELECT * FROM feature_frames(NULL, 'rms');

-- a value at an instant
SELECT t, value_at(v, 'rms', t) AS step, value_at(v, 'rms', t, 'linear') AS linear, value_at(v, 'rms', t, 'nearest') AS nearest,
	value_at(v, 'late', t) AS late, value_at(v, 'late', t, 'linear') AS late_linear, value_at(v, 'late', t, 'nearest') AS late_nearest,
	value_at(v, 'codes', t) AS codes, value_at(v, 'empty', t) AS empty
	FROM timelines, (VALUES (0::float8), (0.25), (0.4999), (0.5), (0.75), (1), (1.25), (1.5), (1.75), (2), (3), (10), (10.1), (-0.1), ('NaN'), (NULL)) AS instants(t);
SELECT value_at(v, 'mfcc', 0, dim => 1) AS first, value_at(v, 'mfcc', 0.5, 'linear', 2) AS missing, value_at(v, 'mfcc', 0.25, 'linear', 3) AS between,
	value_at(v, NULL, 0) AS null_name, value_at(NULL, 'rms', 0) AS null_timeline, value_at(v, 'rms', 0, NULL) AS null_interpolation FROM timelines;
SELECT value_at(v, 'mfcc', 0) FROM timelines;
SELECT value_at(v, 'mfcc', 0, dim => 4) FROM timelines;
SELECT value_at(v, 'mfcc', 0, dim => 0) FROM timelines;
SELECT value_at(v, 'mfcc', 99) FROM timelines;
SELECT value_at(v, 'rms', 0, dim => 2) FROM timelines;
SELECT value_at(v, 'rms', 0, 'cubic') FROM timelines;

SELECT * FROM values_at((SELECT v FROM timelines), 0.5);
SELECT * FROM values_at((SELECT v FROM timelines), 0.25, interpolation => 'linear');
SELECT * FROM values_at((SELECT v FROM timelines), 0, '{mfcc,rms,NULL,mfcc}');
SELECT * FROM values_at((SELECT v FROM timelines), 0, '{}');
SELECT * FROM values_at((SELECT v FROM timelines), 0, '{mfcc,rmz}');
SELECT * FROM values_at((SELECT v FROM timelines), 0, '{mfcc,rmz,rms}', missing_ok => true);
SELECT count(*) FROM timelines, values_at(v, 10.5);
SELECT count(*) FROM timelines, values_at(v, NULL);

-- times are computed, never accumulated, and agree with lookups to the last bit
INSERT INTO timelines SELECT 2, jsonb_build_object('duration', 3600, 'sampleRate', 44100, 'features', jsonb_build_object(
	'hops', jsonb_build_object('hop', 512, 'values', (SELECT jsonb_agg(i) FROM generate_series(0, 9999) i)),
	'rate', jsonb_build_object('frameRate', 59.94, 'startTime', 0.1, 'values', (SELECT jsonb_agg(i) FROM generate_series(0, 9999) i))));
SELECT count(*) AS wrong FROM timelines, generate_series(0, 9999) i
	WHERE id = 2 AND (value_at(v, 'hops', i * 512::float8 / 44100) <> i OR value_at(v, 'rate', 0.1 + i / 59.94::float8) <> i);
SELECT first_frame, first_time, frame_rate, frames, dims, "values"[1], "values"[frames] FROM timelines, feature_slice(v, 'hops', 60, 65) WHERE id = 2;

-- frames as rows are the numbers of the slice, over many blocks and batches
CREATE TABLE long_series AS SELECT jsonb_build_object('duration', 600, 'sampleRate', 44100, 'features', jsonb_build_object(
	'narrow', jsonb_build_object('frameRate', 100, 'startTime', 0.1, 'dims', 2, 'values', (SELECT jsonb_agg(CASE WHEN i % 7 <> 3 THEN jsonb_build_array(i, nullif(i % 11, 5)) END) FROM generate_series(0, 39999) i)),
	'wide', jsonb_build_object('frameRate', 100, 'dims', 40, 'values', (SELECT jsonb_agg(CASE WHEN i % 17 = 3 THEN to_jsonb(array_fill(i, ARRAY[40])) END) FROM generate_series(0, 16999) i))))::audio_timeline AS v;
SELECT f.name, first, length, r.frames, r.first_frame, in_order, in_time, r.numbers = s."values" AS same FROM long_series,
	(VALUES ('narrow', NULL::float8, NULL::float8), ('narrow', 5.11, 0.3), ('narrow', 5.11, 20), ('narrow', 163.7, 5.2), ('wide', NULL, NULL), ('wide', 160.005, 7)) AS f(name, first, length),
	LATERAL feature_slice(v, f.name, first, first + length) AS s,
	LATERAL (SELECT count(DISTINCT frame) AS frames, min(frame) AS first_frame, bool_and(frame = s.first_frame + n - 1) AS in_order,
		bool_and("time" = (CASE f.name WHEN 'narrow' THEN 0.1 ELSE 0 END)::float8 + frame / 100::float8) AS in_time, array_agg(number) AS numbers
		FROM feature_frames(v, f.name, first, first + length) WITH ORDINALITY AS r(frame, "time", "values", n), unnest("values") AS number) AS r
	ORDER BY f.name, first NULLS FIRST, length;
DROP TABLE long_series;

-- accessors
SELECT duration(v), sample_rate(v), metadata(v), num_events(v), num_markers(v), event_types(v), marker_types(v), feature_names(v) FROM timelines WHERE id = 1;
SELECT * FROM features((SELECT v FROM timelines WHERE id = 1));
SELECT num_frames(v, 'mfcc'), frame_rate(v, 'mfcc'), frame_rate(v, 'late'), num_frames(v, NULL), frame_rate(NULL, 'rms') FROM timelines WHERE id = 1;
SELECT * FROM storage((SELECT v FROM timelines WHERE id = 1));
SELECT duration(v), metadata(v), num_events(v), num_events(v, 'a'), num_events(v, 'z'), num_markers(v, 'beat'), event_types(v), marker_types(v) FROM (SELECT
	'{"duration": 1.5, "sampleRate": 8000, "metadata": {"analyzer": "x", "n": 1.50}, "events": [{"timestamp": 0, "type": "b"}, {"timestamp": 0, "type": "aa"}, {"timestamp": 1, "type": "a"}, {"timestamp": 1, "type": "a"}],
	"markers": [{"timestamp": 0, "type": "beat"}]}'::audio_timeline) AS q(v);
SELECT duration(NULL), num_events(NULL), num_events(NULL, 'a'), feature_names(NULL);

-- every encoding is read back as it was given
SELECT e, f."values" FROM (VALUES ('u8', '[0, 255, 7]'), ('i8', '[-128, 127, null]'), ('u16', '[0, 65535, 7]'), ('i16', '[-32768, 32767, null]'), ('f32', '[0.5, null, 3e38]'), ('f64', '[0.1, null, 1e308]')) AS c(e, numbers),
	feature(format('{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "encoding": "%s", "values": %s}}}', e, numbers)::audio_timeline, 'x') AS f;
SELECT "values" FROM feature('{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "encoding": "i16", "range": [-1, 1], "dims": 2, "base64": "AIAAAP9/AAA="}}}'::audio_timeline, 'x');

-- a feature that does not exist: one error, and nothing where that is allowed
CREATE FUNCTION attempt(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	hint text;
BEGIN
	EXECUTE format('SELECT string_agg(coalesce(r::text, ''NULL''), '' '') FROM timelines, %s AS r WHERE id = 1', call) INTO result;
	RETURN coalesce(result, 'no rows');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, hint);
END $$;
CREATE TEMP TABLE calls AS SELECT call || '(v, ' || replace(arguments, 'rmz', '%1$s') AS call FROM (VALUES ('num_frames', '''rmz'''), ('frame_rate', '''rmz'''), ('feature', '''rmz'''), ('feature_slice', '''rmz'''), ('feature_frames', '''rmz'''),
	('value_at', '''rmz'', 0'), ('values_at', '0, ''rmz'''), ('values_at', '20, ''{rmz}'''), ('values_at', '0, ARRAY[''rmz'']'), ('overview', '''rmz'', 2'), ('feature_stats', '''rmz'''),
	('sample_frames', '1, 0, 1, ''rmz'''), ('sample_frames', '1, 0, 0, ARRAY[''rmz'']'), ('sample_frames_bytes', '1, 0, 1, ''rmz'''), ('sample_frames_bytes', '1, 0, 1, ARRAY[''rmz'']'),
	('encode_features', '''u8'', ''rmz'''), ('encode_features', '''u8'', ARRAY[''rmz'']')) AS c(call, arguments);
SELECT attempt(format(call || ')', 'rmz')) AS error, count(*) FROM calls GROUP BY 1;
SELECT format(call || ')', 'rmz') AS call, replace(attempt(format(call || ', missing_ok => true)', 'rmz')), attempt('audio_timeline_to_json(v)'), 'the timeline') AS missing_ok, attempt(format(call || ', missing_ok => NULL)', 'rms')) AS missing_ok_null FROM calls;
-- every function that takes the name of a feature obeys
SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
	WHERE proargnames[1] = 'timeline' AND proargnames[1 : pronargs] && '{feature,features}' AND (proargnames[pronargs] <> 'missing_ok' OR proname NOT IN (SELECT split_part(call, '(', 1) FROM calls));
-- the hint: what was meant, and what there is
SELECT name, attempt(format('num_frames(v, %L)', name)) FROM unnest('{RMS,rsm,mfccs,lat,code,loats,xyz,x,"",rms_energy}'::text[]) AS name;
SELECT num_frames('{"duration": 1, "sampleRate": 1}', 'rms');
SELECT num_frames('{"duration": 1, "sampleRate": 1, "features": {"only": {"hop": 1, "values": []}}}', 'rms');
SELECT num_frames(jsonb_build_object('duration', 1, 'sampleRate', 1, 'features', (SELECT jsonb_object_agg('f' || i, '{"hop": 1, "values": []}'::jsonb) FROM generate_series(1, 25) i))::audio_timeline, 'f26');
SELECT num_frames(jsonb_build_object('duration', 1, 'sampleRate', 1, 'features', jsonb_build_object(repeat('ä', 100), '{"hop": 1, "values": []}'::jsonb))::audio_timeline, repeat('ä', 70));

DROP TABLE timelines, calls;
DROP FUNCTION attempt;
