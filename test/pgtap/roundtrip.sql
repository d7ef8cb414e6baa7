-- What is put into a cache comes back equal as jsonb: from every operation that writes, through every
-- operation that reads, on every form of the cache, with both types of ids, to all who may read it.
\ir include/setup.sql

CREATE TABLE kit.samples (name text PRIMARY KEY, document jsonb);
INSERT INTO kit.samples VALUES
	('the sample of the reference application',
	'{"events":[{"timestamp":0,"type":"onset","amplitude":0.8},{"timestamp":1.5,"type":"onset","amplitude":0.6},{"timestamp":3.2,"type":"onset","amplitude":0.9}],"duration":5.0,"sampleRate":44100}'),
	('a timeline as its interface has it',
	'{"events": [{"timestamp": 0.25, "type": "note", "data": {"midi": 60, "velocity": 0.5}, "confidence": 0.93}, {"timestamp": 0.25, "type": "chord", "data": {}}],
	  "markers": [{"timestamp": 0, "type": "bar", "confidence": 1, "value": 1}, {"timestamp": 2, "type": "key_change", "confidence": 0.5, "value": "C# minor"}],
	  "duration": 4, "sampleRate": 48000, "metadata": {"analyzer": "meyda 5.6.3", "nested": [null, {"a": 1.10}]}}'),
	('features, unknown members, nulls and numbers of all kinds',
	'{"events": [], "markers": [], "duration": 1e2, "sampleRate": 44100, "anyOtherKey": [1.50, null, "kept"], "metadata": null,
	  "features": {"rms": {"hop": 512, "unit": "linear", "values": [0.5, null, 0.1, 1e-300]}, "mfcc": {"hop": 512, "dims": 2, "values": [[1, 2], [null, 4]], "by": "x"},
	   "bass": {"frameRate": 60, "startTime": 0.5, "values": [1, 2, 3]}}}'),
	('nothing but what is required', '{"duration": 0, "sampleRate": 1}');
INSERT INTO kit.samples SELECT 'one that does not fit into a page', jsonb_build_object('duration', 100, 'sampleRate', 8000,
	'events', jsonb_agg(jsonb_build_object('timestamp', n / 10.0, 'type', 'onset', 'data', jsonb_build_object('hash', md5(n::text)))),
	'features', jsonb_build_object('noise', jsonb_build_object('hop', 800, 'values', jsonb_agg(n / 7.0::float8))))
	FROM generate_series(0, 999) n;

-- came_back: writes as ann in one of three ways, reads in two ways as somebody, undone. The answer
-- is what came back if it is not what went in.
CREATE FUNCTION kit.came_back(cache text, id_type text, way text, reader text, document jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	file text := format('%L::%s', '00000000-0000-4000-8000-0000000000f1', id_type);
	ann text := format('%L::%s', '00000000-0000-4000-8000-0000000000aa', id_type);
	got jsonb;
	listed jsonb;
	stored jsonb;
BEGIN
	PERFORM kit.be('ann');
	IF way = 'replace' THEN
		EXECUTE format('SELECT cache_events(%s, ''new'', kit.timeline(1), %s, cache => %L)', file, ann, cache);
	END IF;
	EXECUTE format('SELECT %I(%s, ''new'', $1::audio_timeline, %s, cache => %L)',
		CASE way WHEN 'put' THEN 'cache_events' ELSE 'update_cached_events' END, file, ann, cache) USING document;
	PERFORM kit.be(reader);
	EXECUTE format('SELECT get_cached_events(%s, ''new'', cache => %L)::jsonb', file, cache) INTO got;
	EXECUTE format('SELECT timeline::jsonb FROM get_all_cached_events_for_file(%s, cache => %L) WHERE stem_type = ''new''', file, cache) INTO listed;
	EXECUTE format('SELECT to_jsonb(event_data) FROM %I WHERE stem_type = ''new''', cache) INTO stored;
	RAISE EXCEPTION USING ERRCODE = 'KT000', MESSAGE = CASE WHEN got = document AND listed = document AND stored = document THEN 'equal'
		ELSE format('%s: got %s, listed %s, stored %s', way, got, listed, stored) END;
EXCEPTION WHEN SQLSTATE 'KT000' THEN
	RETURN SQLERRM;
END $$;

SELECT plan(5 * 6 * 2 + 4);

SELECT is(string_agg(DISTINCT kit.came_back(cache, id_type, way, reader, document), ', '), 'equal', format('%s, %s ids: %s', cache, id_type, name))
FROM kit.samples,
	unnest('{audio_event_cache,event_cache_json,event_cache_typed,event_cache_text,event_cache_view,event_cache_partitioned}'::text[]) cache,
	unnest('{uuid,text}'::text[]) id_type, unnest('{put,upsert,replace}'::text[]) way, unnest('{ann,vera,link,service}'::text[]) reader
GROUP BY cache, id_type, name ORDER BY cache, id_type, name;

-- the other ways a client may get it, as ann
SELECT kit.value_as('ann', format('SELECT cache_events(%L, ''sample'', %L, %L, cache => ''event_cache_typed'')', :song, document, :ann))
	FROM kit.samples WHERE name LIKE 'the sample%' \g /dev/null
SELECT is(kit.value_as('ann', query)::jsonb, document, query) FROM kit.samples, (VALUES
	('SELECT event_data FROM event_cache_typed WHERE stem_type = ''sample'''),
	('SELECT row_to_json(c) -> ''event_data'' FROM event_cache_typed c WHERE stem_type = ''sample'''),
	('SELECT json_agg(c) -> 0 -> ''event_data'' FROM event_cache_typed c WHERE stem_type = ''sample'''),
	('SELECT json_build_object(''x'', get_cached_events(file_metadata_id, stem_type, cache => ''event_cache_typed'')) -> ''x'' FROM event_cache_typed WHERE stem_type = ''sample'''))
	v (query) WHERE name LIKE 'the sample%';

SELECT * FROM finish();
ROLLBACK;
