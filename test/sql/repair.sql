-- audio_timeline_repair: documents that are not valid, mended by the repairs that are named.
CREATE VIEW broken AS SELECT * FROM (VALUES
	(1, '{"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 7.25, "type": "onset", "confidence": 1.2}, {"timestamp": 2, "type": "note", "duration": -0.5}]}'::jsonb),
	(2, '{"duration": 214, "sampleRate": 44100, "events": [{"timestamp": 1234, "type": "word", "duration": 480, "confidence": 93}, {"timestamp": 63000, "type": "word", "confidence": 7.5}, {"timestamp": 0, "type": "word"}]}'),
	(3, '{"duration": "30.024", "sampleRate": "44100", "events": "[{\"timestamp\": \"1.5\", \"type\": \"beat\"}]", "features": {"rms": {"hop": 512, "values": {"0": 0.25, "1": "0.5"}}}}'),
	(4, '{"duration": 2, "sampleRate": 44100, "features": {"rms_db": {"hop": 512, "values": [-12.5, "-inf", "nan", -80]}, "mfcc": {"hop": 512, "dims": 3, "values": [[1, 2], [3], [5, 6]]}}}'),
	(5, '{"duration": 2, "sampleRate": 44100, "events": [{"type": "word"}, 7, {"timestamp": 1, "type": "word", "data": "hello", "confidence": "high"}], "markers": {"beat": 1}, "features": {"flux": {"hop": 0, "values": [1]}}}'),
	(6, to_jsonb('"{\"duration\": 5, \"sampleRate\": 44100}"'::text)),
	(7, '[{"duration": 5, "sampleRate": 44100}]'),
	(8, '{"duration": null, "events": [{"timestamp": 1, "type": ""}]}'),
	(9, '{"duration": 5, "sampleRate": 44100, "startTime": -0.5, "markers": [{"timestamp": -0.75, "type": "beat"}], "features": {"tempo": {"times": [2, 0.5, 1], "values": [[120, 2], null, [118, 1]]}}}')
) v(id, document);

-- each of them, by each repair alone and by all of them
SELECT id, p.severity, p.code, p.path, p.repair FROM broken, audio_timeline_errors(document) p WHERE p.severity = 'error' ORDER BY id;
\pset format unaligned
SELECT id, repairs, r.errors, r.document, r.changes
	FROM broken, unnest('{unwrap,sort,scale,clamp,nullify,drop}'::text[]) WITH ORDINALITY n (repairs, number), audio_timeline_repair(document, repairs) r
	WHERE r.document <> broken.document ORDER BY id, number;
SELECT id, r.errors, r.document, r.changes FROM broken, audio_timeline_repair(document, '{unwrap,sort,scale,clamp,nullify,drop}'::text[]) r ORDER BY id;

-- names are a set: the gentlest repair goes first
SELECT r.* FROM broken, audio_timeline_repair(document, '{drop,clamp,drop}'::text[]) r WHERE id = 1;
\pset format aligned

-- nothing is changed that nobody asked for
SELECT id, r.document = broken.document AS same, r.changes, r.errors = (SELECT count(*) FROM audio_timeline_errors(broken.document) p WHERE severity = 'error') AS all_errors
	FROM broken, audio_timeline_repair(document, '{}'::text[]) r ORDER BY id;
SELECT r.* FROM audio_timeline_repair('{"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 5.00001, "type": "x", "confidence": 1.0000001}]}', '{unwrap,sort,scale,clamp,nullify,drop}'::text[]) r;

-- whatever is repaired: accepted if and only if there are no errors, and as good as it gets
SELECT count(*) AS sets, count(*) FILTER (WHERE r.errors = 0) AS accepted,
	bool_and(audio_timeline_is_valid(r.document) = (r.errors = 0)) AS told,
	bool_and(again.document = r.document AND again.changes = '[]' AND again.errors = r.errors) AS done
	FROM broken, generate_series(0, 63) s,
		LATERAL (SELECT array_agg(name) AS names FROM unnest('{unwrap,sort,scale,clamp,nullify,drop}'::text[]) WITH ORDINALITY n (name, i) WHERE s >> (i::int - 1) & 1 = 1) n,
		audio_timeline_repair(document, names) r, audio_timeline_repair(r.document, names) again;

-- names: an array, a text, an array in a text; none
SELECT r.errors FROM broken, audio_timeline_repair(document, 'clamp') r WHERE id = 1;
SELECT r.errors FROM broken, audio_timeline_repair(document, '{clamp,drop}') r WHERE id = 1;
SELECT r.errors FROM broken, audio_timeline_repair(document, ARRAY['clamp', NULL]) r WHERE id = 1;
SELECT r.errors, r.changes FROM broken, audio_timeline_repair(document, NULL::text[]) r WHERE id = 1;
SELECT r.errors, r.changes FROM broken, audio_timeline_repair(document, NULL::text) r WHERE id = 1;
SELECT r.* FROM audio_timeline_repair(NULL, 'clamp') r;
SELECT r.errors FROM broken, audio_timeline_repair(document, 'Clamp') r WHERE id = 1;
SELECT r.errors FROM broken, audio_timeline_repair(document, '{clamp,fix}') r WHERE id = 1;
SELECT r.errors FROM broken, audio_timeline_repair(document, '') r WHERE id = 1;

-- a table in one statement, and what was changed beside it; no row is lost, and none stops the others
CREATE TABLE songs AS SELECT id, document, NULL::jsonb AS changes, NULL::integer AS errors FROM broken UNION ALL SELECT 10, NULL, NULL, NULL;
UPDATE songs SET (document, changes, errors) = (SELECT r.document, r.changes, r.errors FROM audio_timeline_repair(songs.document, '{unwrap,scale,clamp}') r);
SELECT id, errors, audio_timeline_is_valid(document) AS valid, jsonb_array_length(changes) AS changes FROM songs ORDER BY id;
SELECT id, c.* FROM songs, jsonb_to_recordset(changes) AS c (path text, repair text, was jsonb, now jsonb) WHERE id = 3;

-- very many changes: the last element says how many more there are
SELECT r.errors, jsonb_array_length(r.changes), r.changes -> -1 AS last, r.document #> '{features,x,values,123456}' AS changed
	FROM audio_timeline_repair(jsonb_build_object('duration', 5, 'sampleRate', 44100, 'features', jsonb_build_object('x', jsonb_build_object('hop', 1, 'values', (SELECT jsonb_agg('nan'::text) FROM generate_series(1, 200000))))), 'nullify') r;

DROP TABLE songs;
DROP VIEW broken;
