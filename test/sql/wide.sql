-- Features of more than 32 dims: what every lookup gives, against the numbers themselves.

-- The numbers: frame by frame, of which one in eleven is null; a missing one here and there.
CREATE FUNCTION numbers_of(frames integer, dims integer) RETURNS TABLE (frame integer, dim integer, number float8) LANGUAGE sql AS $$
	SELECT f, d, CASE WHEN f % 11 <> 3 AND (f * 31 + d) % 97 <> 0 THEN (('x' || substr(md5(f * 70000 + d || ''), 1, 5))::bit(20)::integer / 64.0)::float8 END
		FROM generate_series(0, frames - 1) f, generate_series(1, dims) d
$$;
CREATE TABLE sizes (name text, dims integer, frames integer);
INSERT INTO sizes VALUES ('bands', 40, 300), ('embedding', 768, 40), ('spectrum', 3000, 12), ('window', 65535, 3);
CREATE TABLE numbers AS SELECT s.name, n.* FROM sizes s, numbers_of(s.frames, s.dims) n;
CREATE INDEX ON numbers (name, frame, dim);
ANALYZE numbers;
CREATE TABLE wide (v audio_timeline);
INSERT INTO wide SELECT jsonb_build_object('duration', 30, 'sampleRate', 10, 'features', jsonb_object_agg(name, jsonb_build_object('frameRate', 10, 'dims', dims, 'values', frames)))::audio_timeline
	FROM (SELECT name, dims, jsonb_agg(CASE WHEN frame % 11 <> 3 THEN row END ORDER BY frame) AS frames
		FROM (SELECT s.name, s.dims, frame, jsonb_agg(number ORDER BY dim) AS row FROM sizes s JOIN numbers USING (name) GROUP BY s.name, s.dims, frame) r GROUP BY name, dims) f;

-- stored out of line, never larger than the plain numbers plus 2 %
SELECT name, f.frames, f.dims, f.encoding, f.missing, f.bytes < 1.02 * 4 * f.dims * f.frames AS small FROM wide, features(v) f ORDER BY f.dims;
SELECT f.min = n.min AND f.max = n.max AND abs(f.mean - n.mean) < 1e-9 * n.mean AND f.missing = n.missing AS right, n.name
	FROM (SELECT name, min(number), max(number), avg(number) AS mean, count(*) - count(number) AS missing FROM numbers GROUP BY name) n, wide, features(v) f WHERE f.name = n.name ORDER BY n.name;

-- one number, a vector
SELECT n.name, bool_and(value_at(v, n.name, n.frame / 10.0, dim => n.dim) IS NOT DISTINCT FROM n.number) FROM numbers n, wide WHERE (n.frame * 7 + n.dim) % 61 = 0 OR n.dim IN (1, 40, 512, 513, 768, 3000, 65535) GROUP BY n.name ORDER BY n.name;
SELECT name, bool_and(a."values" = n.row), count(*)
	FROM (SELECT name, frame, array_agg(number ORDER BY dim) AS row FROM numbers GROUP BY name, frame) n, wide, values_at(v, frame / 10.0, ARRAY[name]) a GROUP BY name ORDER BY name;
SELECT bool_and(value_at(v, 'embedding', t, 'linear', dim => d) IS NOT DISTINCT FROM (SELECT a."values"[d] FROM values_at(v, t, '{embedding}', 'linear') a)) FROM wide, generate_series(0, 3.9, 0.07) t, unnest('{1,300,513,768}'::int[]) d;

-- slices and samples
SELECT s.name, bool_and(f."values" = (SELECT array_agg(number ORDER BY frame, dim) FROM numbers n WHERE n.name = s.name AND n.frame BETWEEN f.first_frame AND f.first_frame + f.frames - 1))
	FROM sizes s, wide, generate_series(0, 3) t, LATERAL feature_slice(v, s.name, t * s.frames / 50.0, t * s.frames / 50.0 + 0.9) f GROUP BY s.name ORDER BY s.name;
SELECT s.name, bool_and(f."values" = (SELECT array_agg(number ORDER BY frame, dim) FROM numbers n WHERE n.name = s.name)) FROM sizes s, wide, feature(v, s.name) f GROUP BY s.name ORDER BY s.name;
SELECT i.how, s.name, bool_and(f."values" = (SELECT coalesce(a."values", array_fill(NULL::float8, ARRAY[s.dims])) FROM values_at(v, f."time", ARRAY[s.name], i.how) a)) AS same, count(*)
	FROM sizes s, wide, unnest('{step,linear,nearest}'::text[]) AS i(how), LATERAL sample_frames(v, 23, 0, 8, ARRAY[s.name], i.how) f GROUP BY i.how, s.name ORDER BY i.how, s.name;
SELECT length(sample_frames_bytes(v, 30, 2, 20)) = 20 * 4 * (SELECT sum(dims) FROM sizes) AS all_dims FROM wide;

-- overviews of a dim, and statistics
SELECT s.name, d, bool_and(o.min IS NOT DISTINCT FROM n.min AND o.max IS NOT DISTINCT FROM n.max AND (o.mean - n.mean) IS NOT DISTINCT FROM (CASE WHEN abs(o.mean - n.mean) < 1e-6 THEN o.mean - n.mean END))
	FROM sizes s, wide, unnest(ARRAY[1, s.dims / 2, s.dims]) d, LATERAL overview(v, s.name, 7, 0, s.frames / 10.0, dim => d) o,
	LATERAL (SELECT min(number), max(number), avg(number) AS mean FROM numbers n WHERE n.name = s.name AND n.dim = d AND n.frame / 10.0 >= o.bucket_start AND n.frame / 10.0 < o.bucket_end) n GROUP BY s.name, d ORDER BY s.name, d;
-- all dims at once are each of them, to the bit
SELECT s.name, count(*), bool_and(a IS NOT DISTINCT FROM o) AS same FROM sizes s, wide, LATERAL (SELECT row_number() OVER () AS n, o.* FROM overview(v, s.name, 7, 0.05) o) AS a,
	LATERAL (SELECT a.n, o.* FROM overview(v, s.name, 7, 0.05, dim => a.dim) AS o WHERE o.bucket = a.bucket) AS o
	WHERE s.dims <= 768 OR a.n % 1009 = 0 GROUP BY s.name ORDER BY s.name;
SELECT s.name, count(*), bool_and(dim = (n - 1) / 7 + 1 AND bucket = (n - 1) % 7 + 1) AS dim_after_dim FROM sizes s, wide, overview(v, s.name, 7) WITH ORDINALITY AS o(bucket, bucket_start, bucket_end, frames, min, max, mean, dim, n) GROUP BY s.name ORDER BY s.name;
SELECT s.name, d, st.frames, st.missing = n.missing AND st.min IS NOT DISTINCT FROM n.min AND st.max IS NOT DISTINCT FROM n.max AND (n.mean IS NULL OR abs(st.mean - n.mean) < 1e-6) AS right
	FROM sizes s, wide, unnest(ARRAY[NULL, 1, s.dims]) d, LATERAL feature_stats(v, s.name, 0.1, s.frames / 10.0 - 0.1, d) st,
	LATERAL (SELECT min(number), max(number), avg(number) AS mean, count(*) - count(number) AS missing FROM numbers n WHERE n.name = s.name AND n.dim = coalesce(d, n.dim) AND n.frame BETWEEN 1 AND s.frames - 2) n ORDER BY s.name, d;

-- there and back
SELECT v::jsonb::audio_timeline = v AND v::text::audio_timeline = v AS same, audio_timeline_hash(v::jsonb::audio_timeline) = audio_timeline_hash(v) AS same_hash FROM wide;
-- some null frames of many dims: one in the text, one in the value
SELECT a = b, a < b, a > b, audio_timeline_hash(a) = audio_timeline_hash(b)
	FROM (VALUES ('[null, null]', '[null, null]'), ('[null, null]', '[null]'), ('[null]', format('[[%s]]', repeat('null,', 39) || 'null')), (format('[null,[%s]]', repeat('1,', 39) || '1'), format('[[%s],null]', repeat('1,', 39) || '1'))) AS t(x, y),
	LATERAL (SELECT format('{"duration": 1, "sampleRate": 1, "features": {"f": {"hop": 1, "dims": 40, "values": %s}}}', x)::audio_timeline AS a, format('{"duration": 1, "sampleRate": 1, "features": {"f": {"hop": 1, "dims": 40, "values": %s}}}', y)::audio_timeline AS b) AS p;
-- encodings, and base64
SELECT e, f.name, f.encoding, f.bytes < (1.02 * f.dims * f.frames + 1000) * width AS small, abs(f.max - o.max) <= coalesce(f.max_error, 0) + 1e-9 AS near
	FROM wide, (VALUES ('u8', 1 + 1 / 8.0), ('u16', 2 + 1 / 8.0), ('f32', 4)) AS t(e, width), LATERAL features(encode_features(v, e)) f JOIN LATERAL features(v) o USING (name) ORDER BY width, f.name;

-- a document of nulls is small and quick, whatever it claims; there is a limit to that, and to an array
CREATE TABLE nulls AS SELECT format('{"duration": 1, "sampleRate": 1, "features": {"f": {"hop": 1, "dims": 65535, "values": [%s null]}}}', repeat('null,', 3999))::audio_timeline AS v;
SELECT pg_column_size(v) < 25000 AS small, f.frames, f.missing, f.mean FROM nulls, features(v) f;
SELECT count(*) FROM nulls, feature(v, 'f');
SELECT o.bucket, o.frames, o.min FROM nulls, overview(v, 'f', 2, dim => 65535) o;
SELECT s.* FROM nulls, feature_stats(v, 'f', 0, 3000) s;
SELECT length(v::text) FROM nulls;
SELECT format('{"duration": 1, "sampleRate": 1, "features": {"f": {"hop": 1, "dims": 65535, "values": [%s null]}}}', repeat('null,', 40000))::audio_timeline;

DROP TABLE wide, numbers, sizes, nulls;
DROP FUNCTION numbers_of;
