-- What is refused, and what is said: SQLSTATE, message, detail, hint.

-- The error of a document through the text door, and whether jsonb's says the
-- same (or the document is no jsonb either).
CREATE FUNCTION refusal(document text, OUT code text, OUT message text, OUT detail text, OUT hint text, OUT jsonb_door text)
LANGUAGE plpgsql AS $$
DECLARE
	j jsonb;
	other text;
BEGIN
	BEGIN
		PERFORM document::audio_timeline;
		message := 'ACCEPTED';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	END;
	BEGIN
		j := document::jsonb;
	EXCEPTION WHEN OTHERS THEN
		jsonb_door := 'not jsonb';
		RETURN;
	END;
	BEGIN
		PERFORM j::audio_timeline;
		jsonb_door := 'ACCEPTED';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS other = PG_EXCEPTION_DETAIL;
		jsonb_door := CASE WHEN other = detail THEN 'same' ELSE other END;
	END;
END $$;

CREATE TABLE invalid (id integer GENERATED ALWAYS AS IDENTITY, document text);

-- not JSON
INSERT INTO invalid (document) VALUES
	(''), ('{'), ('nonsense'), ('{"duration": 5, "sampleRate": 1,}'), ('{"duration": NaN, "sampleRate": 1}'),
	('{"duration": 5 "sampleRate": 1}'), ('{"duration": 05, "sampleRate": 1}'), ('{"duration": 5, "sampleRate": 1} x'),
	('{"duration": 5, "sampleRate": 1, "a": "\u0000"}'), ('{"duration": 5, "sampleRate": 1, "a": "\ud800"}'),
	('{"duration": 5, "sampleRate": 1, "a": "\x"}'), ('{duration: 5}');

-- the document
INSERT INTO invalid (document) VALUES
	('null'), ('true'), ('5'), ('[]'), ('"{\"duration\": 5, \"sampleRate\": 1}"'), ('{}'),
	('{"sampleRate": 1}'), ('{"duration": 5}'), ('{"duration": null, "sampleRate": 1}'), ('{"duration": "5", "sampleRate": 1}'),
	('{"duration": -1, "sampleRate": 1}'), ('{"duration": 1e999, "sampleRate": 1}'), ('{"duration": [5], "sampleRate": 1}'),
	('{"duration": 5, "sampleRate": null}'), ('{"duration": 5, "sampleRate": 0}'), ('{"duration": 5, "sampleRate": -44100}'),
	('{"duration": 5, "sampleRate": 44100.5}'), ('{"duration": 5, "sampleRate": 44.1}'), ('{"duration": 5, "sampleRate": 1e10}'), ('{"duration": 5, "sampleRate": "44.1k"}'),
	('{"duration": 5, "sampleRate": 1, "events": {}}'), ('{"duration": 5, "sampleRate": 1, "markers": 1}'),
	('{"duration": 5, "sampleRate": 1, "features": []}'), ('{"duration": 5, "sampleRate": 1, "metadata": "x"}'),
	('{"duration": 5, "sampleRate": 1, "a": 1e131072}'), ('{"duration": 5, "sampleRate": 1, "a": [{"b": 1e-16384}]}');

-- events
INSERT INTO invalid (document) SELECT format('{"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 1, "type": "x"}, %s]}', e) FROM (VALUES
	('null'), ('7'), ('"x"'), ('[1, "x"]'), ('{}'), ('{"timestamp": 1}'), ('{"type": "x"}'), ('{"timestamp": null, "type": "x"}'),
	('{"timestamp": "1", "type": "x"}'), ('{"timestamp": 1, "type": null}'), ('{"timestamp": 1, "type": 3}'), ('{"timestamp": 1, "type": ""}'),
	('{"timestamp": -0.5, "type": "x"}'), ('{"timestamp": 1e400, "type": "x"}'), ('{"timestamp": 7.25, "type": "x"}'),
	('{"timestamp": 5.00003, "type": "x"}'), ('{"timestamp": 4500, "type": "x"}'), ('{"timestamp": 202860, "type": "x"}'), ('{"timestamp": 4500000, "type": "x"}'),
	('{"timestamp": -0.0232, "type": "x"}'), ('{"timestamp": -1, "type": "x"}'),
	('{"timestamp": 1, "type": "x", "duration": -1}'), ('{"timestamp": 1, "type": "x", "duration": "long"}'), ('{"timestamp": 1, "type": "x", "duration": 1e309}'),
	('{"timestamp": 1, "type": "x", "duration": -0.015}'), ('{"timestamp": 3.5, "type": "x", "duration": -2.25}'),
	('{"timestamp": 1, "type": "x", "confidence": 1.5}'), ('{"timestamp": 1, "type": "x", "confidence": -0.1}'), ('{"timestamp": 1, "type": "x", "confidence": "high"}'),
	('{"timestamp": 1, "type": "x", "confidence": 1e999}'), ('{"timestamp": 1, "type": "x", "confidence": 1.00001}'), ('{"timestamp": 1, "type": "x", "confidence": 87}'),
	('{"timestamp": 1, "type": "x", "confidence": 127}'), ('{"timestamp": 1, "type": "x", "confidence": 255}'), ('{"timestamp": 1, "type": "x", "confidence": -1}'),
	('{"timestamp": 1, "type": "x", "data": []}'), ('{"timestamp": 1, "type": "x", "data": 5}'), ('{"timestamp": 1, "type": "x", "data": {"a": 1e200000}}')
) AS events(e);

-- markers
INSERT INTO invalid (document) SELECT format('{"duration": 5, "sampleRate": 44100, "markers": [%s]}', m) FROM (VALUES
	('1'), ('{"type": "beat"}'), ('{"timestamp": 1}'), ('{"timestamp": 6, "type": "beat"}'), ('{"timestamp": -6, "type": "beat"}'),
	('{"timestamp": 1, "type": ""}'), ('{"timestamp": 1, "type": "beat", "confidence": 2}'), ('{"timestamp": 1, "type": "beat", "value": true}'),
	('{"timestamp": 1, "type": "beat", "value": {}}'), ('{"timestamp": 1, "type": "beat", "value": [1]}')
) AS markers(m);

-- features
INSERT INTO invalid (document) SELECT format('{"duration": 5, "sampleRate": 44100, "features": {"f": %s}}', f) FROM (VALUES
	('null'), ('[1, 2]'), ('{}'), ('{"hop": 512}'), ('{"values": [1]}'), ('{"hop": 512, "frameRate": 60, "values": [1]}'),
	('{"hop": null, "frameRate": null, "values": [1]}'), ('{"hop": 0, "values": [1]}'), ('{"hop": 220.5, "values": [1]}'), ('{"hop": 0.01, "values": [1]}'), ('{"hop": "512", "values": [1]}'),
	('{"hop": 3e9, "values": [1]}'), ('{"frameRate": 0, "values": [1]}'), ('{"frameRate": -60, "values": [1]}'), ('{"frameRate": 1e-310, "values": [1]}'),
	('{"hop": 512, "startTime": -1, "values": [1]}'), ('{"hop": 512, "startTime": 1e999, "values": [1]}'),
	('{"hop": 512, "dims": 0, "values": [1]}'), ('{"hop": 512, "dims": 1.5, "values": [1]}'), ('{"hop": 512, "dims": 70000, "values": []}'),
	('{"hop": 512, "dims": 2, "values": [1, 2]}'), ('{"hop": 512, "dims": 1, "values": [[1, 2]]}'), ('{"hop": 512, "dims": 13, "values": [null, [1, 2]]}'),
	('{"hop": 512, "unit": 5, "values": [1]}'), ('{"hop": 512, "kind": [], "values": [1]}'),
	('{"hop": 512, "values": {}}'), ('{"hop": 512, "values": "AAAA"}'), ('{"hop": 512, "values": [1, "2"]}'), ('{"hop": 512, "values": [1, true]}'), ('{"hop": 512, "values": [{}]}'),
	('{"hop": 512, "values": [1, 1e999]}'), ('{"hop": 512, "values": [[1, 2], [1e999, 1]]}'), ('{"hop": 512, "values": [1, [2]]}'), ('{"hop": 512, "values": [[1], 2]}'),
	('{"hop": 512, "values": [[1, 2], [3]]}'), ('{"hop": 512, "values": [[1, 2], [3, 4, 5]]}'), ('{"hop": 512, "values": [[]]}'), ('{"hop": 512, "values": [[1, "x"]]}'), ('{"hop": 512, "values": [[1, [2]]]}'),
	('{"hop": 512, "encoding": "u7", "values": [1]}'), ('{"hop": 512, "encoding": 8, "values": [1]}'),
	('{"hop": 512, "encoding": "u8", "values": [1, 256]}'), ('{"hop": 512, "encoding": "u8", "values": [-1]}'), ('{"hop": 512, "encoding": "i8", "dims": 2, "values": [[1, 0.5]]}'),
	('{"hop": 512, "encoding": "i16", "values": [32768]}'), ('{"hop": 512, "encoding": "f32", "values": [1e39]}'),
	('{"hop": 512, "range": 5, "values": [1]}'), ('{"hop": 512, "range": [0], "values": [1]}'), ('{"hop": 512, "range": [0, 1, 2], "values": [1]}'), ('{"hop": 512, "range": [1, 0], "values": [1]}'),
	('{"hop": 512, "range": [0, null], "values": [1]}'), ('{"hop": 512, "range": [0, 1e999], "values": [1]}'), ('{"hop": 512, "range": [1, 1], "values": [1]}'),
	('{"hop": 512, "range": [1, 1.0000000000000002], "encoding": "u8", "values": [1]}'), ('{"hop": 512, "range": [-1.7e308, 1.7e308], "encoding": "u8", "values": [1]}'),
	('{"hop": 512, "maxError": -1, "values": [1]}'), ('{"hop": 512, "maxError": "x", "values": [1]}'),
	('{"hop": 512, "values": [1], "base64": "AAAA", "encoding": "u8"}'), ('{"hop": 512, "base64": "AAAA"}'), ('{"hop": 512, "base64": 5, "encoding": "u8"}'),
	('{"hop": 512, "base64": "AAA", "encoding": "u8"}'), ('{"hop": 512, "base64": "AA=A", "encoding": "u8"}'), ('{"hop": 512, "base64": "AB==", "encoding": "u8"}'),
	('{"hop": 512, "base64": "A A=", "encoding": "u8"}'), ('{"hop": 512, "base64": "AAAA\n", "encoding": "u8"}'), ('{"hop": 512, "base64": "AA-_", "encoding": "u8"}'),
	('{"hop": 512, "base64": "AAAA", "encoding": "f32"}'), ('{"hop": 512, "base64": "AAAA", "encoding": "u8", "dims": 2}'),
	('{"hop": 512, "base64": "AACAfw==", "encoding": "f32"}'), ('{"hop": 512, "base64": "AAAAAAAA8P8=", "encoding": "f64"}')
) AS features(f);

-- paths with names that are no identifiers, and very long ones
INSERT INTO invalid (document) VALUES
	('{"duration": 5, "sampleRate": 1, "features": {"my feature": {"hop": 0, "values": [1]}}}'),
	('{"duration": 5, "sampleRate": 1, "features": {"": {"hop": 0, "values": [1]}}}'),
	(format('{"duration": 5, "sampleRate": 1, "features": {"%s": {"hop": 0, "values": [1]}}}', repeat('é', 300))),
	(format('{"duration": 5, "sampleRate": 1, "features": {"%s": {"hop": 0, "values": [1]}}}', repeat('x', 300)));

SELECT count(*) >= 80 AS enough FROM invalid;
\pset format unaligned
SELECT id, CASE WHEN length(document) > 200 THEN left(document, 60) || '...' ELSE document END AS document, r.*
	FROM invalid, refusal(document) r ORDER BY id;
\pset format aligned

-- as a person sees it
SELECT '{"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 7.25, "type": "onset"}]}'::audio_timeline;
SELECT '{"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 7.25, "type": }]}'::audio_timeline;
SELECT '"{\"duration\": 5, \"sampleRate\": 44100}"'::jsonb::audio_timeline;

-- rounding is no error: one sample for times, 1e-6 for confidences, whatever the order of the members
SELECT document::audio_timeline, document::jsonb::audio_timeline::jsonb = document::jsonb AS jsonb_door, audio_timeline_is_valid(document::jsonb) AS is_valid FROM (VALUES
	('{"events": [{"timestamp": -5.551115123125783e-17, "type": "x"}, {"timestamp": 7.300000000000001, "type": "x"}], "duration": 7.3, "sampleRate": 44100}'),
	('{"markers": [{"timestamp": -0.0000226, "type": "beat"}, {"timestamp": 5.0000226, "type": "beat"}], "sampleRate": 44100, "duration": 5}'),
	('{"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 1, "type": "x", "duration": -1e-17}, {"timestamp": 2, "type": "x", "duration": -0.00002}]}'),
	('{"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 1, "type": "x", "confidence": 1.0000009}, {"timestamp": 2, "type": "x", "confidence": -1e-6}]}'),
	('{"duration": 5, "sampleRate": 44100, "features": {"f": {"hop": 512, "startTime": -0.00001, "values": [1]}}}')
) AS documents(document);
-- and encoded anew
SELECT encode_features(v, 'u8') FROM (SELECT '{"duration": 5, "sampleRate": 44100, "events": [{"timestamp": -1e-17, "type": "x", "duration": -1e-17, "confidence": 1.0000001}, {"timestamp": 5.00002, "type": "x"}],
	"features": {"f": {"hop": 512, "startTime": -1e-17, "values": [1.5, 2]}}}'::audio_timeline) AS q(v);

-- is_valid agrees
SELECT count(*) AS disagree FROM invalid, refusal(document) r
	WHERE r.jsonb_door IS DISTINCT FROM 'not jsonb' AND audio_timeline_is_valid(document::jsonb) IS DISTINCT FROM (r.jsonb_door = 'ACCEPTED');
SELECT count(*) AS silent FROM invalid, refusal(document) r
	WHERE CASE WHEN r.jsonb_door IS DISTINCT FROM 'not jsonb'
		THEN NOT EXISTS (SELECT FROM audio_timeline_errors(document::jsonb) WHERE severity = 'error') END;

DROP TABLE invalid;
DROP FUNCTION refusal;
