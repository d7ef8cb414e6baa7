-- Part of test/bench/instructions: a made-up song of a usual shape, the same on every run. Four minutes at 22,050 Hz
-- with a hop of 256 samples: 20,000 frames of 35 series in single precision, 3,000 events, 700 markers.
-- psql variables: image (where to write the song in binary form, for COPY).

-- A number in [0, 1) that looks like chance.
CREATE FUNCTION noise(n float8) RETURNS float8 IMMUTABLE LANGUAGE sql AS $$
	SELECT n - floor(n) FROM (SELECT 43758.5453 * sin(12.9898 * n) + 1e5) AS hashed (n)
$$;

-- The ten plain features, mfcc and chroma, and the range in which their numbers lie.
CREATE TABLE shape (place integer, feature text, unit text, dims integer, low float8, high float8);
INSERT INTO shape VALUES
	(1, 'rms', 'linear', 1, 0.01, 0.4), (2, 'zcr', 'crossings/sample', 1, 0.02, 0.2),
	(3, 'loudness', 'dBFS', 1, -40, -8), (4, 'pitch', 'Hz', 1, 55, 880),
	(5, 'spectralCentroid', 'Hz', 1, 400, 4000), (6, 'spectralSpread', 'Hz', 1, 500, 2500),
	(7, 'spectralRolloff', 'Hz', 1, 1000, 9000), (8, 'spectralFlux', 'magnitude', 1, 0, 30),
	(9, 'spectralFlatness', 'ratio', 1, 0.001, 0.3), (10, 'hfc', 'magnitude', 1, 0, 200),
	(11, 'mfcc', 'log10 energy', 13, -3, 3), (12, 'chroma', 'share of maximum', 12, 0, 1);

-- A note every 43 frames that dies away, a slow swell, and some chance; one second of silence first. Pitch stays the
-- same for the length of a note, as an analyser's does.
CREATE TABLE number AS
	SELECT place, dims, frame, dim, CASE
		WHEN frame < 86 THEN 0
		WHEN feature = 'pitch' THEN low + (high - low) * noise(frame / 43)
		ELSE low + (high - low) * (0.5 * exp(-(frame % 43) / 12.0) + 0.2 * (1 + sin(frame / 350.0 + dim))
			+ 0.1 * noise(20000 * (place + 20 * dim) + frame))
		END::real AS x
	FROM shape, generate_series(0, 19999) AS frame, generate_series(1, dims) AS dim;

CREATE TABLE event AS
	SELECT 0.0773 * i + 0.05 * noise(i) AS t, CASE i % 3
		WHEN 0 THEN json_build_object('timestamp', 0.0773 * i + 0.05 * noise(i), 'type', 'onset',
			'data', json_build_object('strength', noise(i + 0.1)::real))
		ELSE json_build_object('timestamp', 0.0773 * i + 0.05 * noise(i), 'type', 'note',
			'confidence', round(noise(i + 0.2)::numeric, 3), 'duration', 0.05 + noise(i + 0.3) / 2,
			'data', json_build_object('midi', 36 + floor(48 * noise(i + 0.4)), 'velocity', 1 + i % 127))
		END AS document
	FROM generate_series(0, 2999) AS i;

CREATE TABLE marker AS
	SELECT 0.33 * i AS t, CASE
		WHEN i % 140 = 0 THEN json_build_object('timestamp', 0.33 * i, 'type', 'section', 'confidence', 0.8,
			'value', 'part ' || i / 140)
		WHEN i % 4 = 0 THEN json_build_object('timestamp', 0.33 * i, 'type', 'bar', 'confidence', 1, 'value', 1 + i / 4)
		ELSE json_build_object('timestamp', 0.33 * i, 'type', 'beat', 'confidence', round(noise(i)::numeric, 2),
			'value', 1 + i % 4)
		END AS document
	FROM generate_series(0, 699) AS i;

-- Take 1 is the song, with each float32 written out as the double that it is. Take 2 is the same but for a number in the
-- metadata, which are compared last. Take 3 has the few digits that people write, which only doubles stand for.
CREATE TABLE document (take integer, body text, body_jsonb jsonb);
-- Kept as they are: what is measured is not pglz.
ALTER TABLE document ALTER body SET STORAGE EXTERNAL, ALTER body_jsonb SET STORAGE EXTERNAL;
INSERT INTO document (take, body)
	WITH digits AS (
		SELECT take, place, dims, frame, dim, CASE take WHEN 3 THEN x::text ELSE x::float8::text END AS x
		FROM number, generate_series(1, 3) AS take
	), frame AS (
		SELECT take, place, frame, CASE WHEN dims = 1 THEN min(x) ELSE '[' || string_agg(x, ',' ORDER BY dim) || ']' END AS x
		FROM digits GROUP BY take, place, dims, frame
	), feature AS (
		SELECT take, place, string_agg(x, ',' ORDER BY frame) AS frames FROM frame GROUP BY take, place
	), members AS (
		SELECT take, string_agg(format('"%s":{"hop":256,"unit":"%s",%s"values":[%s]}', shape.feature, unit,
			CASE WHEN dims > 1 THEN format('"dims":%s,', dims) END, frames), E',\n' ORDER BY place) AS features
		FROM feature JOIN shape USING (place) GROUP BY take
	)
	SELECT take, format(E'{"duration":%s,"sampleRate":22050,\n"events":[%s],\n"markers":[%s],\n"features":{%s},\n'
			'"metadata":{"analyzer":"made up","take":%s}}', 20000 * 256 / 22050::float8,
			(SELECT string_agg(document::text, E',\n' ORDER BY t) FROM event),
			(SELECT string_agg(document::text, E',\n' ORDER BY t) FROM marker), features, take)
	FROM members;
UPDATE document SET body_jsonb = body::jsonb;

CREATE TABLE song (take integer, tl audio_timeline);
INSERT INTO song SELECT take, body::audio_timeline FROM document ORDER BY take;

-- Songs among which every call finds another one.
CREATE TABLE songs (id integer, tl audio_timeline);
INSERT INTO songs SELECT id, tl FROM song, generate_series(1, 20) AS id WHERE take = 1 ORDER BY id;

COPY (SELECT tl FROM song WHERE take = 1) TO :'image' (FORMAT binary);

-- From here nobody writes a hint bit any more.
VACUUM (FREEZE, ANALYZE) document, song, songs;
VACUUM FREEZE;

-- The song has the shape that is promised, and what went in is what comes out.
DO $$
BEGIN
	IF (SELECT (num_events(tl), num_markers(tl), num_frames(tl, 'chroma'), (SELECT sum(dims) FROM features(tl)))
			FROM song WHERE take = 1) IS DISTINCT FROM (3000, 700, 20000, 35::bigint) THEN
		RAISE EXCEPTION 'the song has another shape';
	END IF;
	IF EXISTS (SELECT FROM song JOIN document USING (take) WHERE tl::jsonb <> body_jsonb) THEN
		RAISE EXCEPTION 'the timeline is not the document that went in';
	END IF;
END $$;

SELECT format('take %s: %s kB of text, %s kB stored', take, octet_length(body) / 1000, pg_column_size(tl) / 1000)
FROM document JOIN song USING (take) ORDER BY take;
