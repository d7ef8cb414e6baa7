-- Equality, order and hash, over the logical value.

CREATE TABLE timelines (id integer, v audio_timeline);
INSERT INTO timelines SELECT id, document::audio_timeline FROM (VALUES
	(1, '{"duration": 1, "sampleRate": 1}'),
	(2, '{"sampleRate": 1.0, "duration": 1.00}'),
	(3, '{"duration": 1, "sampleRate": 1, "events": []}'),
	(4, '{"duration": 1, "sampleRate": 1, "events": null}'),
	(5, '{"duration": 1, "sampleRate": 1, "events": [{"timestamp": 0, "type": "a"}, {"timestamp": 0, "type": "b"}]}'),
	(6, '{"duration": 1, "sampleRate": 1, "events": [{"type": "a", "timestamp": 0}, {"timestamp": 0.0, "type": "b"}]}'),
	(7, '{"duration": 1, "sampleRate": 1, "events": [{"timestamp": 0, "type": "b"}, {"timestamp": 0, "type": "a"}]}'),
	(8, '{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "values": [1, null]}, "y": {"hop": 1, "values": [[1]]}}}'),
	(9, '{"duration": 1, "sampleRate": 1, "features": {"y": {"values": [[1.0]], "hop": 1}, "x": {"hop": 1, "values": [1e0, null]}}}'),
	(10, '{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "values": [1, 2]}, "y": {"hop": 1, "values": [[1]]}}}'),
	(11, '{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "values": [[1, 2], null]}}}'),
	(12, '{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "values": [[1, 2], [null, null]]}}}'),
	(13, '{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "encoding": "f32", "base64": "AACAPw=="}}}'),
	(14, '{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "encoding": "f32", "values": [1]}}}'),
	(15, '{"duration": 2, "sampleRate": 1, "metadata": {"a": 1, "b": 2}}'),
	(16, '{"duration": 2, "sampleRate": 1, "metadata": {"b": 2, "a": 1}}'),
	(17, '{"duration": 10, "sampleRate": 1}'),
	-- JSON that is kept: as jsonb has it
	(18, '{"duration": 3, "sampleRate": 1, "metadata": {"a": 1, "s": "1.0"}}'),
	(19, '{"duration": 3, "sampleRate": 1, "metadata": {"a": 1.00, "s": "1.0"}}'),
	(20, '{"duration": 3, "sampleRate": 1, "metadata": {"a": 1, "s": "1"}}'),
	(21, '{"duration": 3, "sampleRate": 1, "events": [{"timestamp": 0, "type": "a", "data": {"x": 10e-1}, "y": 0.0}], "z": [1e40]}'),
	(22, '{"duration": 3, "sampleRate": 1, "events": [{"timestamp": 0, "type": "a", "data": {"x": 1}, "y": 0e-40}], "z": [10.0e39]}'),
	(23, '{"duration": 3, "sampleRate": 1, "events": [{"timestamp": 0, "type": "a", "data": {}}]}'),
	(24, '{"duration": 3, "sampleRate": 1, "events": [{"timestamp": 0, "type": "a", "data": null}]}'),
	(25, '{"duration": 3, "sampleRate": 1, "events": [{"timestamp": 0, "type": "a"}]}'),
	(26, '{"duration": 3, "sampleRate": 1, "markers": [{"timestamp": 0, "type": "bar", "value": 1}]}'),
	(27, '{"duration": 3, "sampleRate": 1, "markers": [{"timestamp": 0, "type": "bar", "value": 1.0}]}'),
	(28, '{"duration": 3, "sampleRate": 1, "features": {"x": {"hop": 1, "values": [], "m": 1}}}'),
	(29, '{"duration": 3, "sampleRate": 1, "features": {"x": {"hop": 1, "values": [], "m": 1.0}}}')
) AS documents(id, document);

SELECT a.id, b.id FROM timelines a JOIN timelines b ON a.v = b.v AND a.id < b.id ORDER BY 1, 2;
-- equal means equal as jsonb, and equal hashes, and never both less and greater
SELECT count(*) AS pairs,
	count(*) FILTER (WHERE (a.v = b.v) <> (a.v::jsonb = b.v::jsonb)) AS not_as_jsonb,
	count(*) FILTER (WHERE (a.v = b.v) = (a.v <> b.v)) AS eq_and_ne,
	count(*) FILTER (WHERE a.v = b.v AND audio_timeline_hash(a.v) <> audio_timeline_hash(b.v)) AS hashes_differ,
	count(*) FILTER (WHERE a.v = b.v AND audio_timeline_hash_extended(a.v, 7) <> audio_timeline_hash_extended(b.v, 7)) AS extended_hashes_differ,
	count(*) FILTER (WHERE a.v <> b.v AND audio_timeline_hash(a.v) = audio_timeline_hash(b.v)) AS collisions,
	count(*) FILTER (WHERE (a.v < b.v)::int + (a.v = b.v)::int + (a.v > b.v)::int <> 1) AS not_trichotomous,
	count(*) FILTER (WHERE (a.v <= b.v) <> (a.v < b.v OR a.v = b.v) OR (a.v >= b.v) <> (a.v > b.v OR a.v = b.v)) AS not_total,
	count(*) FILTER (WHERE sign(audio_timeline_cmp(a.v, b.v)) <> -sign(audio_timeline_cmp(b.v, a.v))) AS not_antisymmetric
	FROM timelines a, timelines b;
SELECT count(*) AS not_transitive FROM timelines a, timelines b, timelines c WHERE a.v <= b.v AND b.v <= c.v AND a.v > c.v;

-- sort, hash and merge alike
SELECT count(DISTINCT v) FROM timelines;
SELECT array_agg(id ORDER BY id) AS equal FROM timelines GROUP BY v HAVING count(*) > 1 ORDER BY 1;
CREATE INDEX timelines_v ON timelines USING btree (v);
CREATE INDEX timelines_hash ON timelines USING hash (v);
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT id FROM timelines WHERE v = '{"duration": 10, "sampleRate": 1}';
SELECT id FROM timelines WHERE v = '{"duration": 10, "sampleRate": 1}';
SELECT id FROM timelines WHERE v > '{"duration": 2, "sampleRate": 1, "metadata": {}}' ORDER BY id;
RESET enable_seqscan;
SELECT amname, opcname, amvalidate(o.oid) FROM pg_opclass o JOIN pg_am a ON a.oid = o.opcmethod WHERE opcintype = 'audio_timeline'::regtype ORDER BY 1;

-- how numbers that are kept as JSON are written
SELECT given, (tl::json)->'metadata'->>'n' AS text, left((metadata(tl))->>'n', 60) AS jsonb, (metadata(tl))->>'n' = given::numeric::text AS same
	FROM unnest('{1e5,1.50,1e32,1e33,-120e33,1e-5,1e-33,1e-34,1.00e-40,0.00,0e-40,1e131071,1e-16383}'::text[]) AS given,
	LATERAL (SELECT format('{"duration": 1, "sampleRate": 1, "metadata": {"n": %s}}', given)::audio_timeline) AS t (tl);
SELECT '{"duration": 1, "sampleRate": 1, "metadata": {"n": 1e131072}}'::audio_timeline;
SELECT '{"duration": 1, "sampleRate": 1, "metadata": {"n": 1e-16384}}'::audio_timeline;

DROP TABLE timelines;
