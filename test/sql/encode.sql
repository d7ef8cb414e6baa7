-- Encodings chosen by the user: encode_features() and the type modifier.

CREATE TABLE plain (id integer, v audio_timeline);
INSERT INTO plain VALUES (1, '{"duration": 10, "sampleRate": 1000, "events": [{"timestamp": 1, "type": "onset", "n": 1.50}],
	"features": {
		"rms": {"hop": 500, "unit": "linear", "values": [0.1, 0.25, null, 0.7]},
		"mfcc": {"hop": 500, "dims": 2, "values": [[-20, 4], [-18.3, null], null]},
		"const": {"hop": 500, "values": [3.3, 3.3]},
		"none": {"hop": 500, "values": [null]},
		"exact": {"hop": 500, "values": [0.5, 1]},
		"codes": {"hop": 500, "encoding": "u8", "range": [0, 1], "base64": "AID/"},
		"peaks": {"hop": 500, "kind": "peaks", "dims": 2, "encoding": "i8", "values": [[-65, 63], null]},
		"wide": {"hop": 500, "encoding": "u16", "values": [0, 65535]},
		"base64": {"hop": 500, "encoding": "f32", "base64": "AACAPwAAwH8AAABA"}},
	"metadata": {"analyzer": "x"}}');

-- u8 and u16: codes over the numbers' own range; what is narrow already stays
SELECT encode_features(v, 'u8') FROM plain;
SELECT f.name, f.encoding, f.min, f.max, f.missing, f.max_error FROM plain, features(encode_features(v, 'u8')) AS f;
SELECT f.name, f.encoding, f.min, f.max, f.missing, f.max_error FROM plain, features(encode_features(v, 'u16')) AS f;
SELECT encoding, f."values" FROM plain, unnest('{lossless,f32,u16,u8,i16,i8}'::text[]) AS encoding, feature(encode_features(v, encoding), 'rms') AS f;

-- f32 rounds; what is exact stays without an encoding
SELECT encode_features(v, 'f32') FROM plain;

-- lossless: the numbers as they are now, without an encoding
SELECT encode_features(v, 'lossless') FROM plain;
SELECT encode_features(encode_features(v, 'u8'), 'lossless') FROM plain;

-- of some features
SELECT f.name, f.encoding FROM plain, features(encode_features(v, 'u8', '{rms,NULL,const,rms}')) AS f;
SELECT audio_timeline_send(encode_features(v, 'u8', '{}')) = audio_timeline_send(v) AS same FROM plain;
SELECT f.name, f.encoding FROM plain, features(encode_features(v, 'u8', 'mfcc')) AS f;
SELECT encode_features(v, 'u8', '{rms,rsm}') FROM plain;
SELECT encode_features(v, 'u8', 'rsm') FROM plain;
SELECT audio_timeline_send(encode_features(v, 'u8', '{rms,rsm}', missing_ok => true)) = audio_timeline_send(encode_features(v, 'u8', 'rms')) AS same FROM plain;
SELECT encode_features(v, 'u9') FROM plain;
SELECT encode_features(v, 'f64') FROM plain;
SELECT encode_features(NULL, 'u8') IS NULL AS timeline, encode_features(v, NULL) IS NULL AS encoding,
	encode_features(v, 'u8', NULL) = encode_features(v, 'u8') AS features FROM plain;

-- numbers that an encoding cannot hold
SELECT encode_features('{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "values": [1, 1e39]}}}', 'f32');
SELECT encode_features('{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "values": [-1e308, 1e308]}}}', 'u8');
SELECT '{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "values": [-1e308, 1e308]}}}'::audio_timeline(u16);

-- twice is once; the text reads back as the same bytes
SELECT encoding, audio_timeline_send(encode_features(e, encoding)) = audio_timeline_send(e) AS again,
	audio_timeline_send(e::text::audio_timeline) = audio_timeline_send(e) AS text
	FROM plain, unnest('{lossless,f32,u16,u8,i16,i8}'::text[]) AS encoding, encode_features(v, encoding) AS e;

-- the modifier
CREATE TABLE modified (id integer, v audio_timeline(u8), w audio_timeline(lossless), x audio_timeline(f32)[]);
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'modified'::regclass AND attnum > 0 ORDER BY attnum;
SELECT format_type('audio_timeline'::regtype, typmod) FROM unnest('{NULL,-1,0,1,2,3,4,5,6,7}'::integer[]) AS typmod;
SELECT NULL::audio_timeline(u16), NULL::audio_timeline('i16'), NULL::audio_timeline(U8);
SELECT NULL::audio_timeline(3);
SELECT NULL::audio_timeline(f64);
SELECT NULL::audio_timeline('U8');
SELECT NULL::audio_timeline(u8, u8);
SELECT audio_timeline(v, 7, true) FROM plain;

-- every door gives what encode_features gives
CREATE TABLE doors (door text, v audio_timeline(u8));
INSERT INTO doors SELECT 'column', v FROM plain;
INSERT INTO doors SELECT 'json', v::json FROM plain;
INSERT INTO doors SELECT 'jsonb', v::jsonb FROM plain;
INSERT INTO doors SELECT 'jsonb cast', v::jsonb::audio_timeline(u8) FROM plain;
INSERT INTO doors SELECT 'text', v::text::audio_timeline(u8) FROM plain;
INSERT INTO doors SELECT 'function', encode_features(v, 'u8') FROM plain;
INSERT INTO doors SELECT 'record', r.v FROM plain AS p, jsonb_to_record(jsonb_build_object('v', p.v)) AS r(v audio_timeline(u8));
INSERT INTO doors SELECT 'array', (ARRAY[v]::audio_timeline(u8)[])[1] FROM plain;
DO $$
DECLARE
	timeline audio_timeline(u8);
	given text := (SELECT p.v FROM plain AS p);
	folder text := current_setting('data_directory');
BEGIN
	timeline := given::jsonb;
	INSERT INTO doors VALUES ('variable', timeline);
	EXECUTE format('INSERT INTO doors VALUES (%L, %L)', 'literal', given);
	EXECUTE format('COPY (SELECT ''copy'', v FROM plain) TO %L', folder || '/doors.copy');
	EXECUTE format('COPY doors FROM %L', folder || '/doors.copy');
	EXECUTE format('COPY (SELECT ''binary''::text, v FROM plain) TO %L (FORMAT binary)', folder || '/doors.copy');
	EXECUTE format('COPY doors FROM %L (FORMAT binary)', folder || '/doors.copy');
END $$;
INSERT INTO doors SELECT 'update', '{"duration": 1, "sampleRate": 1}';
UPDATE doors SET v = (SELECT p.v FROM plain AS p) WHERE door = 'update';
SELECT door, audio_timeline_send(d.v) = audio_timeline_send(encode_features(p.v, 'u8')) AS same FROM doors AS d, plain AS p ORDER BY door COLLATE "C";

-- what obeys the modifier is not touched; without a modifier nothing happens
SELECT audio_timeline_send(v::audio_timeline(u16)) = audio_timeline_send(v) AS same FROM doors WHERE door = 'column';
SELECT audio_timeline_send(v::audio_timeline(lossless)) = audio_timeline_send(v) AS same, audio_timeline_send(v::audio_timeline) = audio_timeline_send(v) AS plain FROM doors WHERE door = 'column';
SELECT audio_timeline_send(v::audio_timeline(lossless)) = audio_timeline_send(v) AS same FROM plain;
EXPLAIN (VERBOSE, COSTS OFF) SELECT v::audio_timeline, v::audio_timeline(u8), v::audio_timeline(u16), v::jsonb::audio_timeline(u8) FROM doors;

-- lossless adds no rounding; what the document asks for stands
INSERT INTO modified (w) VALUES ('{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "values": [0.1]}, "y": {"hop": 1, "encoding": "f32", "values": [0.1]}}}') RETURNING w;
INSERT INTO modified (x) VALUES (ARRAY['{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "values": [0.1]}}}'::audio_timeline]) RETURNING x[1];

-- changing the type of a column, and back: nothing comes back that was rounded away
ALTER TABLE plain ALTER v TYPE audio_timeline(u8);
SELECT audio_timeline_send(p.v) = audio_timeline_send(d.v) AS same FROM plain AS p, doors AS d WHERE door = 'function';
ALTER TABLE plain ALTER v TYPE audio_timeline;
SELECT audio_timeline_send(p.v) = audio_timeline_send(d.v) AS same FROM plain AS p, doors AS d WHERE door = 'function';

-- a cache with a modifier
CREATE TABLE cached (user_id text, file_metadata_id text, stem_type text, analysis_version text NOT NULL DEFAULT '1',
	event_data audio_timeline(u8), created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(),
	UNIQUE (file_metadata_id, stem_type, analysis_version));
SELECT cache_events('f'::text, 's', '{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "values": [0.1, 0.3]}}}', cache => 'cached');
SELECT f.encoding FROM get_cached_events('f'::text, 's', cache => 'cached') AS v, features(v) AS f;
SELECT update_cached_events('f'::text, 's', '{"duration": 1, "sampleRate": 1, "features": {"x": {"hop": 1, "values": [0.1, 0.7]}}}', cache => 'cached');
SELECT f.encoding, f.max FROM get_cached_events('f'::text, 's', cache => 'cached') AS v, features(v) AS f;

DROP TABLE plain, modified, doors, cached;
