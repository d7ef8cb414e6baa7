-- What is refused, and what is said: SQLSTATE, message, detail, hint.

-- The error of a document through the text door; whether jsonb's says the same
-- (or the document is no jsonb either); and whether the validator's first row
-- does, of text and of jsonb.
CREATE FUNCTION refusal(document text, OUT code text, OUT message text, OUT detail text, OUT hint text, OUT jsonb_door text, OUT validator text)
LANGUAGE plpgsql AS $$
DECLARE
	j jsonb;
	other_detail text;
	other_hint text;
	row_of_text text[];
	row_of_jsonb text[];
BEGIN
	BEGIN
		PERFORM document::audio_timeline;
		message := 'ACCEPTED';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	END;
	row_of_text := (SELECT array[e.message, coalesce(e.hint, '')] FROM audio_timeline_errors(document) e LIMIT 1);
	validator := CASE WHEN row_of_text = array[detail, hint] THEN 'same' WHEN row_of_text[2] = hint THEN row_of_text[1] ELSE row_of_text::text END;
	BEGIN
		j := document::jsonb;
	EXCEPTION WHEN OTHERS THEN
		jsonb_door := 'not jsonb';
		RETURN;
	END;
	row_of_jsonb := (SELECT array[e.message, coalesce(e.hint, '')] FROM audio_timeline_errors(j) e LIMIT 1);
	IF row_of_jsonb IS DISTINCT FROM row_of_text THEN
		validator := concat(validator, ' but of jsonb ', row_of_jsonb);
	END IF;
	BEGIN
		PERFORM j::audio_timeline;
		jsonb_door := 'ACCEPTED';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS other_detail = PG_EXCEPTION_DETAIL, other_hint = PG_EXCEPTION_HINT;
		jsonb_door := CASE WHEN (other_detail, other_hint) = (detail, hint) THEN 'same' ELSE concat(other_detail, ' ', other_hint) END;
	END;
END $$;

CREATE TABLE invalid (id integer GENERATED ALWAYS AS IDENTITY, document text);

-- not JSON
INSERT INTO invalid (document) VALUES
	(''), ('{'), ('nonsense'), ('{"duration": 5, "sampleRate": 1,}'), ('{"duration": NaN, "sampleRate": 1}'),
	('{"duration": 5 "sampleRate": 1}'), ('{"duration": 05, "sampleRate": 1}'), ('{"duration": 5, "sampleRate": 1} x'),
	('{"duration": 5, "sampleRate": 1, "a": "\u0000"}'), ('{"duration": 5, "sampleRate": 1, "a": "\ud800"}'),
	('{"duration": 5, "sampleRate": 1, "a": "\x"}'), ('{duration: 5}'),
	(U&'\FEFF{"duration": 5, "sampleRate": 1}'), ('undefined'), ('[object Object]'), ('<html>'), ('{"duration": 5, "sampleRate": 44'), ('{"duration": 5, "sampleRate": 1, "a": "x'),
	('{"duration": 5, "sampleRate": 1} {"duration": 6, "sampleRate": 1}'), (E'{"duration": 5, "sampleRate": 1}\n{"duration": 6, "sampleRate": 1}\n'),
	('{''duration'': 5, ''sampleRate'': 1}'), ('{"duration": 5, "sampleRate": 1, "a": None}'), ('{"duration": 5, "sampleRate": 1, "a": True}'), ('{"duration": np.float64(5.0), "sampleRate": 1}'),
	('{"duration": 5, "sampleRate": 1, "a": undefined}'), ('{"duration": 5, "sampleRate": 1 /* Hz */}'), ('{"duration": .5, "sampleRate": 1}'), ('{"duration": 5., "sampleRate": 1}'),
	('{"duration": +5, "sampleRate": 1}'), ('{"duration": 1_000, "sampleRate": 1}'), ('{"duration": 0x10, "sampleRate": 1}'), ('{"duration": Infinity, "sampleRate": 1}'),
	(U&'{"duration": 5,\00A0"sampleRate": 1}'), (U&'{\201Cduration\201D: 5}'), ('{\"duration\": 5}'), (E'{"duration": 5, "sampleRate": 1, "a": "x\ny"}'), (E'{"duration": 5, "sampleRate": 1, "a": "x\x01y"}'),
	('{"duration": 5, "sampleRate": 1, "events": [{"timestamp": 1, "type": "word", "data": {"word": "so "big""}}]}'),
	('{"duration": 5, "sampleRate": 1, "events": [{"timestamp": NaN, "type": "x"}]}'), ('{"duration": 5, "sampleRate": 1, "markers": [{"timestamp": 1, "type": "x"}, nope]}'),
	('{"duration": 5, "sampleRate": 1, "features": {"f": {"hop": 1, "values": [1, 2, -inf, 3]}}}'), ('{"duration": 5, "sampleRate": 1, "features": {"f": {"hop": 1, "values": [[1, 2], [3, nan]]}}}'),
	('{"duration": 5, "sampleRate": 1, "features": {"f": {"hop": 1, "range": [0, NaN], "values": []}}}'), ('{"duration": 5, "sampleRate": 1, "features": {"f": {"hop": 1, "values": [1,,2]}}}'),
	('{"duration": 5, "sampleRate": 1, "features": {"f": NaN}}'), ('{"duration": 5, "sampleRate": 1, "metadata": {"gain": NaN}}'), ('{"duration": 5, "sampleRate": 1, "features": {"f": {"hop": NaN, "values": []}}}');

-- the document
INSERT INTO invalid (document) VALUES
	('null'), ('true'), ('5'), ('[]'), ('"text"'), ('"[object Object]"'), ('"\"{}\""'), ('"{\"duration\": 5, \"sampleRate\": 1}"'), ('{}'),
	('{"sampleRate": 1}'), ('{"duration": 5}'), ('{"duration": null, "sampleRate": 1}'), ('{"duration": "5", "sampleRate": 1}'),
	('{"duration": -1, "sampleRate": 1}'), ('{"duration": 1e999, "sampleRate": 1}'), ('{"duration": [5], "sampleRate": 1}'),
	('{"duration": 5, "sampleRate": null}'), ('{"duration": 5, "sampleRate": 0}'), ('{"duration": 5, "sampleRate": -44100}'),
	('{"duration": 5, "sampleRate": 44100.5}'), ('{"duration": 5, "sampleRate": 44.1}'), ('{"duration": 5, "sampleRate": 1e10}'), ('{"duration": 5, "sampleRate": "44.1k"}'),
	('{"duration": "30.024", "sampleRate": 1}'), ('{"duration": "N/A", "sampleRate": 1}'), ('{"duration": "inf", "sampleRate": 1}'), ('{"duration": "00:01:01.500", "sampleRate": 1}'), ('{"duration": "3:24", "sampleRate": 1}'),
	('{"duration": 5, "sampleRate": 1, "events": "[{\"timestamp\": 1}]"}'), ('{"duration": 5, "sampleRate": 1, "features": "{}"}'), ('{"duration": 5, "sampleRate": 1, "events": "[object Object]"}'), ('{"duration": 5, "sampleRate": 1, "events": {"0": {}}}'),
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
	('{"hop": 512, "dims": 2, "values": [1, 2, 3]}'), ('{"hop": 512, "dims": 1, "values": [[1, 2]]}'), ('{"hop": 512, "dims": 13, "values": [null, [1, 2]]}'),
	('{"hop": 512, "unit": 5, "values": [1]}'), ('{"hop": 512, "kind": [], "values": [1]}'),
	('{"hop": 512, "values": {}}'), ('{"hop": 512, "values": "AAAA"}'), ('{"hop": 512, "values": [1, "2"]}'), ('{"hop": 512, "values": [1, "nan"]}'), ('{"hop": 512, "values": [1, "-inf"]}'), ('{"hop": 512, "values": {"0": 0.5, "1": 0.25}}'), ('{"hop": 512, "values": [{"0": 0.5, "1": 0.25}]}'), ('{"hop": 512, "values": {"a": {}}}'), ('"[1, 2]"'), ('"{\"hop\": 512}"'), ('{"hop": 512, "values": [1, true]}'), ('{"hop": 512, "values": [{}]}'),
	('{"hop": 512, "values": [1, 1e999]}'), ('{"hop": 512, "values": [[1, 2], [1e999, 1]]}'), ('{"hop": 512, "values": [1, [2]]}'), ('{"hop": 512, "values": [[1], 2]}'),
	('{"hop": 512, "values": [[1, 2], [3]]}'), ('{"hop": 512, "values": [[1, 2], [3, 4, 5]]}'), ('{"hop": 512, "values": [[]]}'), ('{"hop": 512, "values": [[1, "x"]]}'), ('{"hop": 512, "values": [[1, [2]]]}'),
	('{"hop": 512, "encoding": "u7", "values": [1]}'), ('{"hop": 512, "encoding": "float32", "values": [1]}'), ('{"hop": 512, "encoding": "", "values": [1]}'), ('{"hop": 512, "encoding": 8, "values": [1]}'),
	('{"hop": 512, "encoding": "u8", "values": [1, 256]}'), ('{"hop": 512, "encoding": "u8", "values": [-1]}'), ('{"hop": 512, "encoding": "i8", "dims": 2, "values": [[1, 0.5]]}'),
	('{"hop": 512, "encoding": "i16", "values": [32768]}'), ('{"hop": 512, "encoding": "f32", "values": [1e39]}'),
	('{"hop": 512, "range": 5, "values": [1]}'), ('{"hop": 512, "range": [0], "values": [1]}'), ('{"hop": 512, "range": [0, 1, 2], "values": [1]}'), ('{"hop": 512, "range": [1, 0], "values": [1]}'),
	('{"hop": 512, "range": [0, null], "values": [1]}'), ('{"hop": 512, "range": [0, 1e999], "values": [1]}'), ('{"hop": 512, "range": [1, 1], "values": [1]}'),
	('{"hop": 512, "range": [1, 1.0000000000000002], "encoding": "u8", "values": [1]}'), ('{"hop": 512, "range": [-1.7e308, 1.7e308], "encoding": "u8", "values": [1]}'),
	('{"hop": 512, "maxError": -1, "values": [1]}'), ('{"hop": 512, "maxError": "x", "values": [1]}'),
	('{"hop": 512, "values": [1], "base64": "AAAA", "encoding": "u8"}'), ('{"hop": 512, "base64": "AAAA"}'), ('{"hop": 512, "base64": 5, "encoding": "u8"}'),
	('{"hop": 512, "base64": "AAA", "encoding": "u8"}'), ('{"hop": 512, "base64": "AA=A", "encoding": "u8"}'), ('{"hop": 512, "base64": "AB==", "encoding": "u8"}'),
	('{"hop": 512, "base64": "A A=", "encoding": "u8"}'), ('{"hop": 512, "base64": "AAAA\n", "encoding": "u8"}'), ('{"hop": 512, "base64": "AA-_", "encoding": "u8"}'), ('{"hop": 512, "base64": "data:;base64,AAAA", "encoding": "u8"}'), ('{"hop": 512, "base64": "AAAAA", "encoding": "u8"}'), ('{"hop": 512, "base64": "AA\u00e9A", "encoding": "u8"}'),
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

-- is_valid agrees, and the rows do, whatever the type
SELECT count(*) AS disagree FROM invalid, refusal(document) r
	WHERE audio_timeline_is_valid(document) IS DISTINCT FROM (r.message = 'ACCEPTED')
		OR (r.jsonb_door IS DISTINCT FROM 'not jsonb' AND
			(audio_timeline_is_valid(document::jsonb) IS DISTINCT FROM (r.jsonb_door = 'ACCEPTED') OR audio_timeline_is_valid(document::json) IS DISTINCT FROM (r.jsonb_door = 'ACCEPTED')));
SELECT count(*) AS silent FROM invalid WHERE NOT EXISTS (SELECT FROM audio_timeline_errors(document) WHERE severity = 'error');
SELECT count(*) AS without_hint FROM invalid, audio_timeline_errors(document) WHERE hint IS NULL;

-- an untyped literal is text, the most telling door; a typed one is what it is
SELECT audio_timeline_is_valid('{"duration": 5, "sampleRate": NaN}'), audio_timeline_is_valid('{"duration": 5, "sampleRate": 1}');
SELECT e.code, e.path FROM audio_timeline_errors('{"duration": 5, "sampleRate": NaN}') e;
SELECT e.code, e.path FROM audio_timeline_errors('{"duration": 5, "sampleRate": 1, "a": "\u0000"}'::json) e;
SELECT e.code, e.path FROM audio_timeline_errors('{"duration": 5, "sampleRate": 0}'::varchar) e;
PREPARE errors AS SELECT e.code, e.path FROM audio_timeline_errors($1) e;
EXECUTE errors('{"duration": 5,}');

-- other ways in: COPY, the binary form
CREATE TABLE door (v audio_timeline);
\copy door from stdin
"{\\"duration\\": 5, \\"sampleRate\\": 1}"
\.
\copy door from stdin
{"duration": 5, "sampleRate": 1, "metadata": {"title": "so \"big\""}}
\.
\copy door from stdin with (format csv)
"{""duration"": 5, ""sampleRate"": NaN}"
\.
DROP TABLE door;

-- deeper than the fast parser follows
SELECT e.code, e.path FROM audio_timeline_errors('{"duration": 5, "sampleRate": 1, "a": ' || repeat('[', 200) || repeat(']', 200) || '}') e;
SELECT e.code, e.path FROM audio_timeline_errors('{"duration": 5, "sampleRate": 1, "a": ' || repeat('[', 200) || ']}') e;

DROP TABLE invalid;
DROP FUNCTION refusal;
