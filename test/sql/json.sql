-- The operators that jsonb has for reading: on a timeline each gives what it gives on the timeline as jsonb.

CREATE TABLE documents (id integer, v jsonb);
INSERT INTO documents VALUES
	(1, '{"duration": 8.5, "sampleRate": 44100, "startTime": -0.5, "metadata": {"analyzer": {"name": "by \"hand\"", "version": 1.50}},
		"events": [{"timestamp": 4, "type": "onset"}, {"timestamp": 0.5, "type": "note", "duration": 1, "confidence": 0.9, "data": {"midi": 60}, "extra": [null]}],
		"markers": [{"timestamp": 0, "type": "bar", "value": 1}],
		"features": {"rms": {"frameRate": 2, "values": [1, 2, null]}, "m \" fcc": {"hop": 512, "dims": 2, "values": [[1, 2], null]},
			"loud": {"frameRate": 2, "encoding": "u8", "base64": "AID/", "startTime": 1}},
		"title": "a \"b\"\n", "number": 1e3, "yes": true, "nothing": null, "a\"b\n\u0001": [1, {"x": 2}], "": "empty", "\u00fc\ud83c\udfb5": "\u00f6", "{x}": 1}'),
	(2, '{"duration": 0, "sampleRate": 1, "events": null, "markers": null, "features": null, "metadata": null, "startTime": null}'),
	(3, '{"duration": 1e3, "sampleRate": 8000}'),
	(4, '{"duration": 1, "sampleRate": 1, "events": [], "markers": [], "features": {}, "metadata": {}, "x": {}}');
CREATE TABLE timelines AS SELECT id, v::audio_timeline, v::audio_timeline::jsonb AS j FROM documents;

-- by name
SELECT name, bool_and((v -> name) IS NOT DISTINCT FROM (j -> name)) AS "->", bool_and((v ->> name) IS NOT DISTINCT FROM (j ->> name)) AS "->>",
	bool_and((v ? name) = (j ? name)) AS "?", count(j -> name) AS found, count(j ->> name) AS not_null
	FROM timelines, unnest('{duration,sampleRate,startTime,events,markers,features,metadata,title,number,yes,nothing,"","{x}",x,rms,Duration,no}'::text[] || ARRAY[E'a"b\n\u0001', U&'\00fc\+01F3B5']) name
	GROUP BY name ORDER BY name COLLATE "C";
SELECT v -> 'duration' AS duration, v ->> 'sampleRate' AS sample_rate, v -> 'metadata' AS metadata, v ->> 'title' AS title, v -> 'nothing' AS null_member, v ->> 'nothing' AS null_text,
	v -> 'no' AS no_member, v -> 'events' -> 0 ->> 'type' AS first_type FROM timelines WHERE id = 1;
SELECT v -> NULL AS field, v ? NULL AS exists, NULL::audio_timeline -> 'duration' AS of_null FROM timelines WHERE id = 1;

-- by path
SELECT path, bool_and((v #> path) IS NOT DISTINCT FROM (j #> path)) AS "#>", bool_and((v #>> path) IS NOT DISTINCT FROM (j #>> path)) AS "#>>", count(j #> path) AS found
	FROM timelines, (SELECT p::text[] AS path FROM unnest(ARRAY['{}', '{duration}', '{duration,x}', '{events}', '{events,0}', '{events,-2,data,midi}', '{events,0,extra,0}', '{events,x}', '{markers,0,value}',
		'{features}', '{features,rms}', '{features,rms,values,1}', '{features,rms,values,-1}', '{features,"m \" fcc",values,1}', '{features,loud,base64}', '{features,no}', '{features,no,no}', '{features,0}',
		'{metadata,analyzer,version}', '{metadata,analyzer,name}', '{title}', '{title,0}', '{nothing}', '{nothing,x}', '{no}', '{no,x}', '{features,NULL}', '{NULL}', '{{features,rms},{values,0}}']) p) AS paths
	GROUP BY path ORDER BY path::text COLLATE "C";
SELECT v #> '{features,rms}' AS feature, v #>> '{events,0,data,midi}' AS midi FROM timelines WHERE id = 1;

-- jsonpath
SELECT path::text, bool_and((v @? path) IS NOT DISTINCT FROM (j @? path)) AS "@?", bool_and((v @@ path) IS NOT DISTINCT FROM (j @@ path)) AS "@@", count(*) FILTER (WHERE v @? path) AS found, count(*) FILTER (WHERE v @@ path) AS true
	FROM timelines, (SELECT p::jsonpath AS path FROM unnest(ARRAY['$', '$.duration', '$.duration > 5', '$.events[*] ? (@.timestamp > 0.7)', 'exists($.events[*] ? (@.type == "note"))', '$.features.rms.values[*] > 1',
		'$.no', 'strict $.no', '$.no > 1', '$.metadata.analyzer.name like_regex "^BY" flag "i"', '$.**.midi', '$.duration / 0 > 1']) p) AS paths
	GROUP BY path::text ORDER BY path::text COLLATE "C";
SELECT count(*) FROM timelines WHERE v ->> 'duration' = '8.5' AND v @@ '$.sampleRate == 44100' AND v ? 'title';

-- a long value, stored out of line, in pieces
INSERT INTO timelines SELECT 5, v, v::jsonb FROM (SELECT jsonb_build_object('duration', 600, 'sampleRate', 44100,
	'events', (SELECT jsonb_agg(jsonb_build_object('timestamp', i / 10.0, 'type', 'type' || i % 40, 'data', jsonb_build_object('md5', md5(i::text)))) FROM generate_series(1, 3000) i),
	'markers', (SELECT jsonb_agg(jsonb_build_object('timestamp', i / 10.0, 'type', 'beat', 'value', md5(i::text))) FROM generate_series(1, 3000) i),
	'features', (SELECT jsonb_object_agg('f' || f, jsonb_build_object('hop', 512, 'values', (SELECT jsonb_agg(sin(f * i)) FROM generate_series(1, 2000) i))) FROM generate_series(1, 60) f),
	'metadata', (SELECT jsonb_object_agg('m' || i, md5(i::text)) FROM generate_series(1, 500) i),
	'last', (SELECT jsonb_agg(md5(i::text)) FROM generate_series(1, 500) i))::audio_timeline AS v) AS made;
SELECT name, (v -> name) = (j -> name) AS "->", (v ->> name) = (j ->> name) AS "->>", v ? name AS "?" FROM timelines, unnest('{duration,events,markers,features,metadata,last}'::text[]) name WHERE id = 5;
SELECT (v #> '{features,f37}') = (j #> '{features,f37}') AS feature, v #>> '{features,f60,values,1999}' = j #>> '{features,f60,values,1999}' AS number FROM timelines WHERE id = 5;
DROP TABLE documents, timelines;
