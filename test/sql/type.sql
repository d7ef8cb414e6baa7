-- The text form, and that nothing is lost on the way through the type.

-- whether a document comes back equal as jsonb, through each door
CREATE FUNCTION lossless(document text) RETURNS boolean LANGUAGE sql AS $$
	SELECT document::audio_timeline::jsonb = document::jsonb
		AND document::jsonb::audio_timeline::jsonb = document::jsonb
		AND document::json::audio_timeline::jsonb = document::jsonb
		AND document::audio_timeline::text::audio_timeline::text = document::audio_timeline::text
		AND document::jsonb::audio_timeline = document::audio_timeline
$$;

-- the smallest one, and the example of the documentation
SELECT '{"duration": 0, "sampleRate": 1}'::audio_timeline;
SELECT $${"events":[{"timestamp":0,"type":"onset","amplitude":0.8},{"timestamp":1.5,"type":"onset","amplitude":0.6},
	{"timestamp":3.2,"type":"onset","amplitude":0.9}],"duration":5.0,"sampleRate":44100}$$::audio_timeline;

SELECT lossless(document), document FROM (VALUES
	($${"duration": 0, "sampleRate": 1}$$),
	($${"duration": 1e-7, "sampleRate": 2147483647}$$),
	($${"duration": 5, "sampleRate": 44100.0, "events": [], "markers": [], "features": {}, "metadata": {}}$$),
	($${"duration": 5, "sampleRate": 44100, "events": null, "markers": null, "features": null, "metadata": null}$$),
	($${"duration": 5, "sampleRate": 44100, "anyOtherKey": "kept", "a": null, "b": [1, [2, {"c": {}}], []], "": 0}$$),
	($${"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 5, "type": "x", "duration": 0, "confidence": 0, "data": {}}]}$$),
	($${"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 1, "type": "x", "duration": null, "confidence": null, "data": null, "extra": null}]}$$),
	($${"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 1, "type": "x", "data": {"n": 12345678901234567890.123456789, "s": "\u00e9\n\"\\\/", "t": true, "f": false}, "amplitude": 0.8}]}$$),
	($${"duration": 5, "sampleRate": 44100, "markers": [{"timestamp": 1, "type": "bar", "confidence": 1, "value": 1}, {"timestamp": 2, "type": "section", "value": "chorus", "color": [1, 2]}, {"timestamp": 3, "type": "beat", "value": null}]}$$),
	($${"duration": 5, "sampleRate": 44100, "features": {"rms": {"hop": 512, "unit": "linear", "values": [0.01, 0.02, null]}}}$$),
	($${"duration": 5, "sampleRate": 44100, "features": {"mfcc": {"hop": 512, "dims": 3, "values": [[1, 2, 3], [1.5, null, -2], null]}}}$$),
	($${"duration": 5, "sampleRate": 44100, "features": {"flat": {"hop": 512, "dims": 3, "values": [1, 2, 3, null, 5, 6, null, null, null]}, "peaks": {"hop": 512, "kind": "peaks", "dims": 2, "encoding": "i8", "values": [null, 63, -66, 64]}, "one": {"hop": 512, "dims": 1, "values": [1, 2]}, "none": {"hop": 512, "dims": 2, "values": [null, null, null]}, "empty": {"hop": 512, "dims": 2, "values": []}}}$$),
	($${"duration": 5, "sampleRate": 44100, "features": {"x": {"frameRate": 59.94, "startTime": 0.5, "values": [], "note": "none"}, "": {"hop": 1, "values": [1]}}}$$),
	($${"duration": 5, "sampleRate": 44100, "features": {"bass": {"frameRate": 60, "startTime": 0, "encoding": "u8", "range": [0, 0.43], "base64": "AAEC"}}}$$),
	($${"duration": 5, "sampleRate": 44100, "features": {"waveform": {"kind": "peaks", "hop": 512, "dims": 2, "encoding": "i8", "values": [[-65, 63], [-128, 127], null, [null, 1]]}}}$$),
	($${"duration": 5, "sampleRate": 44100, "features": {"a": {"hop": 512, "frameRate": null, "values": [1], "base64": null, "dims": null, "unit": null, "kind": null, "encoding": null, "range": null, "maxError": null, "startTime": null}}}$$),
	($${"duration": 5, "sampleRate": 44100, "features": {"a": {"hop": 512, "values": [[1], [null], null, [2]]}, "b": {"hop": 512, "values": [null, null]}, "c": {"hop": 512, "dims": 2, "values": [null, null]}, "d": {"hop": 512, "values": [null, [1, 2]]}}}$$),
	($${"duration": 5, "sampleRate": 44100, "features": {"a": {"hop": 512, "encoding": "f32", "values": [0.5, 0.10000000149011612]}, "b": {"hop": 512, "encoding": "f64", "values": [0.1, 1e300, 5e-324]}, "c": {"hop": 512, "encoding": "u16", "values": [0, 65535, null]}, "d": {"hop": 512, "encoding": "i16", "values": [-32768, 32767]}}}$$),
	($${"duration": 5, "sampleRate": 44100, "features": {"a": {"hop": 512, "encoding": "f32", "base64": "AACAPwAAwH8BAMB/"}, "b": {"hop": 512, "encoding": "i16", "dims": 2, "base64": ""}, "c": {"hop": 512, "encoding": "f64", "base64": "AAAAAAAA8D8="}}}$$)
) AS documents(document);

-- flat values with dims are frames like nested ones, but another document; what feature() gives comes in
SELECT f.name, f.frames, f.dims, f.missing, value_at(v, 'f', 0, dim => 2) AS second FROM (SELECT '{"duration": 1, "sampleRate": 2, "features": {"f": {"frameRate": 2, "dims": 2, "values": [1, 2, null, 4]}}}'::audio_timeline) AS q(v), features(v) f;
SELECT a = b AS equal, a::jsonb = b::jsonb AS same, (SELECT s."values" FROM feature(a, 'f') s) = (SELECT s."values" FROM feature(b, 'f') s) AS numbers FROM (SELECT
	'{"duration": 1, "sampleRate": 2, "features": {"f": {"frameRate": 2, "dims": 2, "values": [1, 2, 3, 4]}}}'::audio_timeline, '{"duration": 1, "sampleRate": 2, "features": {"f": {"frameRate": 2, "dims": 2, "values": [[1, 2], [3, 4]]}}}'::audio_timeline) AS q(a, b);
SELECT again, (SELECT s FROM feature(again, 'chroma') s) = (SELECT s FROM feature(v, 'chroma') s) AS same FROM (
	SELECT v, jsonb_build_object('duration', 1, 'sampleRate', 44100, 'features', jsonb_build_object('chroma', jsonb_build_object('frameRate', f.frame_rate, 'dims', f.dims, 'values', to_jsonb(f."values"))))::audio_timeline AS again
	FROM (SELECT '{"duration": 1, "sampleRate": 44100, "features": {"chroma": {"frameRate": 4, "values": [[1, 2, 3], [4, null, 6]]}}}'::audio_timeline) AS q(v), feature(v, 'chroma') f) AS r;
SELECT encode_features('{"duration": 1, "sampleRate": 2, "features": {"f": {"frameRate": 2, "dims": 2, "values": [1, 2, null, 1.5]}}}', 'u8');

-- absent is not null
SELECT '{"duration": 5, "sampleRate": 1, "events": [{"timestamp": 1, "type": "x"}, {"timestamp": 2, "type": "x", "confidence": null}]}'::audio_timeline;

-- time order, stable for equal times; the document's own order otherwise
SELECT '{"duration": 5, "sampleRate": 1, "events": [{"timestamp": 2, "type": "b", "n": 1}, {"timestamp": 1, "type": "a", "n": 2},
	{"timestamp": 2, "type": "a", "n": 3}, {"timestamp": 1, "type": "b", "n": 4}]}'::audio_timeline;

-- a key given twice: the last counts, null or not, as in jsonb
SELECT document::audio_timeline::jsonb = document::jsonb AS same, document::audio_timeline FROM (VALUES
	('{"duration": 1, "duration": 2, "sampleRate": 1, "sampleRate": 2}'),
	('{"duration": 5, "sampleRate": 1, "events": [{"timestamp": 1, "type": "a"}], "events": [{"timestamp": 2, "type": "b"}]}'),
	('{"duration": 5, "sampleRate": 1, "events": [{"timestamp": 1, "type": "a"}], "events": null}'),
	('{"duration": 5, "sampleRate": 1, "events": [{"timestamp": 1, "timestamp": 2, "type": "a", "type": "b", "x": 1, "x": 2, "confidence": 1, "confidence": null, "data": null, "data": {"a": 1, "a": 2}}]}'),
	('{"duration": 5, "sampleRate": 1, "features": {"a": {"hop": 1, "values": [1]}, "b": {"hop": 2, "values": [2]}, "a": {"hop": 3, "values": [3]}}}'),
	('{"duration": 5, "sampleRate": 1, "features": {"a": {"hop": 1, "values": [[1, 2]], "values": [3], "unit": "x", "unit": null}}}'),
	('{"duration": 5, "sampleRate": 1, "metadata": {"a": 1}, "metadata": null, "k": 1, "k": {"b": 1, "aa": 2, "b": 3}}')
) AS documents(document);

-- numbers the type understands are doubles; others keep the text of numeric
SELECT '{"duration": 5.00, "sampleRate": 4.41e4, "events": [{"timestamp": 1.0000000000000000001, "type": "x", "data": {"a": 1.10, "b": 1e3, "c": 1.50e1, "d": -0.0, "e": 1E-5, "f": 100000000000000000000000001}}]}'::audio_timeline;
SELECT '{"duration": -0, "sampleRate": 1, "features": {"x": {"hop": 1, "values": [-0, -0.0, 1e22, 123456789012345680000, 1e-5, 0.3]}}}'::audio_timeline;

-- what is lossy is what the document asks for; the error made is kept
SELECT '{"duration": 5, "sampleRate": 1, "features": {"x": {"hop": 1, "encoding": "f32", "values": [0.1, 0.2]}}}'::audio_timeline;
SELECT '{"duration": 5, "sampleRate": 1, "features": {"x": {"hop": 1, "encoding": "u8", "range": [0, 2], "values": [0, 0.5, 2, null, 3]}}}'::audio_timeline;
SELECT v = v::text::audio_timeline AS stable, v FROM (
	SELECT '{"duration": 5, "sampleRate": 1, "features": {"x": {"hop": 1, "encoding": "i8", "range": [-1, 1], "values": [-1, -0.5, 0.1, 1]}}}'::audio_timeline) AS q(v);

-- casts: assignment from json and jsonb, explicit to them, none implicit
CREATE TABLE timelines (id integer, v audio_timeline);
INSERT INTO timelines SELECT 1, '{"duration": 1, "sampleRate": 1}'::jsonb;
INSERT INTO timelines SELECT 2, '{"duration": 2, "sampleRate": 1}'::json;
SELECT id, v::json, v::jsonb FROM timelines ORDER BY id;
SELECT castsource::regtype, casttarget::regtype, castcontext FROM pg_cast
	WHERE 'audio_timeline'::regtype IN (castsource, casttarget) ORDER BY 1, 2;
SELECT jsonb_object_keys(v) FROM timelines;

-- an object, not a string, where rows become JSON
SELECT row_to_json(timelines) FROM timelines ORDER BY id;
SELECT json_agg(v ORDER BY id) FROM timelines;
SELECT to_jsonb(v), jsonb_build_object('v', v) FROM timelines WHERE id = 1;
SELECT * FROM json_to_record('{"v": {"duration": 3, "sampleRate": 1}}') AS r(v audio_timeline);

-- NULL
SELECT NULL::audio_timeline IS NULL AS is_null, NULL::jsonb::audio_timeline IS NULL AS cast_is_null;

-- binary form: what send gives is what recv takes
SELECT substring(audio_timeline_send(v) FOR 8) FROM timelines WHERE id = 1;
CREATE TABLE copied (id integer, v audio_timeline);
DO $$ BEGIN
	EXECUTE format('COPY timelines TO %L (FORMAT binary)', current_setting('data_directory') || '/timelines.copy');
	EXECUTE format('COPY copied FROM %L (FORMAT binary)', current_setting('data_directory') || '/timelines.copy');
END $$;
SELECT count(*), bool_and(audio_timeline_send(a.v) = audio_timeline_send(b.v)) FROM timelines a JOIN copied b USING (id);

-- storage: external, never compressed
SELECT typstorage, typalign, typlen, typcategory FROM pg_type WHERE oid = 'audio_timeline'::regtype;
SELECT format_type('audio_timeline'::regtype, NULL);
CREATE TABLE modified (v audio_timeline(3));

DROP TABLE timelines, copied;
DROP FUNCTION lossless;
