-- Bar 9: a timeline of ten hours (:copies times the hour) with 35 series of float32, built from
-- JSON text with base64 in it. In a session of its own, as it looks at the memory of its process.
-- psql variable: copies.

-- What the process holds now, and held at most since the last reset. Temporary tables do not go
-- through the server's shared memory, so that does not count.
CREATE FUNCTION bench.memory(field text) RETURNS float8 LANGUAGE sql AS $$
	SELECT 1024 * (regexp_match(pg_read_file('/proc/self/status'), field || ':\s+(\d+)'))[1]::float8
$$;

-- A float32 as the document wants it: the lowest byte first.
CREATE FUNCTION bench.little_endian(v real) RETURNS bytea LANGUAGE sql AS $$
	SELECT substr(b, 4, 1) || substr(b, 3, 1) || substr(b, 2, 1) || substr(b, 1, 1)
	FROM (SELECT float4send(v) AS b OFFSET 0) AS big_endian
$$;

SET search_path = hour, public;
CREATE TEMPORARY TABLE long_text (body text);
ALTER TABLE long_text ALTER body SET STORAGE EXTERNAL;
INSERT INTO long_text
	SELECT format('{"duration":%s,"sampleRate":22050,"features":{%s}}', :copies * duration, string_agg(series, ','))
	FROM (SELECT format('"%s_%s":{"hop":256,"encoding":"f32","base64":"%s"}', feature, dim,
			replace(encode(string_agg(bytes, ''), 'base64'), E'\n', '')) AS series
		FROM (SELECT feature, dim, string_agg(bench.little_endian(v), '' ORDER BY n) AS bytes
			FROM series_real, unnest(numbers) WITH ORDINALITY AS u(v, n)
			WHERE id = 1 AND feature <> 'waveform' GROUP BY feature, dim) AS once, generate_series(1, :copies)
		GROUP BY feature, dim) AS repeated, recording
	GROUP BY duration;

-- jsonb tries the same document.
DO $$
BEGIN
	PERFORM pg_column_size(body::jsonb) FROM long_text;
	INSERT INTO bench.remark VALUES (9, 'jsonb holds this document, as base64 strings.');
EXCEPTION WHEN OTHERS THEN
	INSERT INTO bench.remark VALUES (9, format('jsonb refuses this document: `%s`.', SQLERRM));
END $$;

CREATE TEMPORARY TABLE long_timeline (id integer, tl audio_timeline);
COPY (SELECT 1) TO PROGRAM 'cat >/dev/null; echo 5 >/proc/$PPID/clear_refs';
CREATE TEMPORARY TABLE peak AS SELECT bench.memory('VmRSS') AS before, clock_timestamp() AS began;
INSERT INTO long_timeline SELECT 1, body::audio_timeline FROM long_text;
SELECT bench.memory('VmHWM') - before AS peak, extract(epoch FROM clock_timestamp() - began) AS seconds
FROM peak \gset

CREATE SCHEMA long;
SET search_path = long, public;
CREATE UNLOGGED TABLE timeline (id integer PRIMARY KEY, tl audio_timeline);
INSERT INTO timeline SELECT * FROM long_timeline;
VACUUM ANALYZE timeline;

INSERT INTO bench.data (name, duration, frame_rate, frames, events, picks, few)
	SELECT 'long', duration(tl), frame_rate(tl, 'rms_1'), num_frames(tl, 'rms_1'), 0, 1, 1 FROM timeline;
INSERT INTO bench.instant
	SELECT 'long', n, 1, 1, t + (n % :copies) * duration(tl) / :copies, 0, 0, 0
	FROM bench.instant, timeline WHERE data = 'hour';
INSERT INTO bench.form (bar, operation, form, query) VALUES
(9, 'one number at t in a long one', 'audio_timeline', $$
	SELECT value_at(tl, 'rms_1', t) FROM timeline WHERE id = pick
$$);
CALL bench.measure('one number at t in a long one', 'long');

-- In every hour the same numbers: frame i of the long one is frame i % frames of the hour.
DO $$
BEGIN
	IF EXISTS (SELECT FROM timeline AS l, hour.timeline AS s, hour.recording AS r, generate_series(0, 999) AS n,
			LATERAL (SELECT n * duration(l.tl) / 1000 AS t) AS instant,
			LATERAL (SELECT floor(t * 22050 / 256)::integer % frames AS i) AS frame
		WHERE s.id = 1 AND value_at(l.tl, 'mfcc_2', t) IS DISTINCT FROM
			value_at(s.tl, 'mfcc', least((i + 0.5) * 256 / 22050, r.duration), dim => 2)) THEN
		RAISE EXCEPTION 'the long timeline does not hold the numbers of the hour';
	END IF;
END $$;

SELECT round((duration(tl) / 3600)::numeric, 1) || ' hours' AS hours FROM timeline \gset
SELECT bench.claim(9, format('%s, %s frames x 35, %s MB stored: peak memory besides the text, against its size',
		:'hours', num_frames(tl, 'rms_1'), pg_column_size(tl) / 1000000), at_most => 3,
	measured => (:peak::float8 - octet_length(body)) / pg_column_size(tl))
FROM timeline, long_text;
SELECT bench.claim(9, :'hours' || ': peak memory with the text in it, against its size',
	measured => :peak::float8 / pg_column_size(tl)) FROM timeline;
SELECT bench.claim(9, :'hours' || ': seconds to build it from text and store it', unit => 's', measured => :seconds);
SELECT bench.claim(9, 'value_at: ' || :'hours' || ' against the hour', at_most => 1.25,
	measured => bench.us('one number at t in a long one', 'long') / bench.us('one number at t', 'hour'));
