-- Features reduced, and features at the frames of a video.

CREATE TABLE timelines (id integer, v audio_timeline);
INSERT INTO timelines VALUES (1, '{"duration": 10, "sampleRate": 1000,
	"features": {
		"rms": {"hop": 500, "unit": "linear", "values": [1, 2, null, 4, 5, 6, 7, 8]},
		"late": {"frameRate": 2, "startTime": 1, "values": [10, 20, 30]},
		"mfcc": {"hop": 500, "dims": 3, "values": [[1, 2, 3], [4, null, 6], null, [7, 8, 9]]},
		"waveform": {"kind": "peaks", "hop": 500, "dims": 2, "encoding": "i8", "values": [[-1, 2], [-3, 1], [0, 7], [-2, 2]]},
		"silence": {"hop": 500, "values": [null, null]},
		"empty": {"hop": 500, "values": []}}}');

-- all of a feature, in exactly so many buckets
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 4);
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 3);
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 1);
-- more buckets than frames: some are empty
SELECT * FROM overview((SELECT v FROM timelines), 'late', 5);
-- by default a thousand
SELECT count(*), max(bucket), min(bucket_start), max(bucket_end), sum(frames) FROM overview((SELECT v FROM timelines), 'rms');
-- a window, also one that reaches past the frames
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 2, 1, 3);
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 4, 3, 5);
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 2, start_time => 3);
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 2, end_time => 1);
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 2, 2, 2);
-- peaks: the least of the minima, the greatest of the maxima
SELECT * FROM overview((SELECT v FROM timelines), 'waveform', 2);
SELECT * FROM overview((SELECT v FROM timelines), 'waveform', 2, dim => 2);
-- of other features with dims, each in its turn, or one
SELECT * FROM overview((SELECT v FROM timelines), 'mfcc', 2);
SELECT * FROM overview((SELECT v FROM timelines), 'mfcc', 2, dim => 3);
SELECT * FROM overview((SELECT v FROM timelines), 'mfcc', 2, dim => 4);
-- nothing there
SELECT * FROM overview((SELECT v FROM timelines), 'silence', 2);
SELECT * FROM overview((SELECT v FROM timelines), 'empty', 2);
SELECT * FROM overview(NULL, 'rms', 2);
SELECT * FROM overview((SELECT v FROM timelines), NULL, 2);
SELECT * FROM overview((SELECT v FROM timelines), 'rms', NULL);
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 2, equal_buckets => NULL);
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 0);
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 2000000000);
SELECT * FROM overview((SELECT v FROM timelines), 'mfcc', 20000000);
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 2, 3, 1);
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 2, 'NaN');
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 2, 1, 'Infinity');
SELECT * FROM overview((SELECT v FROM timelines), 'rms', 2, '-Infinity');

SELECT * FROM feature_stats((SELECT v FROM timelines), 'rms');
SELECT * FROM feature_stats((SELECT v FROM timelines), 'rms', 1, 2.5);
SELECT * FROM feature_stats((SELECT v FROM timelines), 'rms', 1, 1);
SELECT * FROM feature_stats((SELECT v FROM timelines), 'mfcc');
SELECT * FROM feature_stats((SELECT v FROM timelines), 'mfcc', dim => 2);
SELECT * FROM feature_stats((SELECT v FROM timelines), 'mfcc', 0, 1, 2);
SELECT * FROM feature_stats((SELECT v FROM timelines), 'silence');
SELECT * FROM feature_stats((SELECT v FROM timelines), 'empty');
SELECT * FROM feature_stats((SELECT v FROM timelines), 'mfcc', dim => 4);
SELECT * FROM feature_stats((SELECT v FROM timelines), 'rms', 3, 1);

-- frames of a video: all features, those asked for, between frames, outside of the timeline
SELECT * FROM sample_frames((SELECT v FROM timelines), 4, 1, 3);
SELECT * FROM sample_frames((SELECT v FROM timelines), 4, 1, 3, '{rms,late}');
SELECT * FROM sample_frames((SELECT v FROM timelines), 4, 1, 3, '{rms,late}', 'linear');
SELECT * FROM sample_frames((SELECT v FROM timelines), 1, -1, 3, '{rms,empty,silence}');
SELECT * FROM sample_frames((SELECT v FROM timelines), 4, 1, frames => 2, features => 'mfcc');
SELECT * FROM sample_frames((SELECT v FROM timelines), 1, 9, 3, '{rms}');
SELECT * FROM sample_frames((SELECT v FROM timelines), 1, 0, 0);
SELECT * FROM sample_frames((SELECT v FROM timelines), 1, 0, 2, '{}');
SELECT * FROM sample_frames((SELECT v FROM timelines), 4, 1, 3, '{rms,nothing}');
SELECT * FROM sample_frames((SELECT v FROM timelines), 4, 3, 3, '{rms,nothing,late}', missing_ok => true);
SELECT * FROM sample_frames((SELECT v FROM timelines), 4, 1, 3, '{nothing}', 'nearest', true);
SELECT * FROM sample_frames((SELECT v FROM timelines), 0, 1, 3);
SELECT * FROM sample_frames((SELECT v FROM timelines), 'Infinity', 1, 3);
SELECT * FROM sample_frames((SELECT v FROM timelines), 4, 1, -1);
SELECT * FROM sample_frames((SELECT v FROM timelines), 4, 2147483647, 2);
SELECT * FROM sample_frames((SELECT v FROM timelines), 4, 1, 2000000000);
SELECT sample_frames_bytes('{"duration": 1, "sampleRate": 1, "features": {"f": {"hop": 1, "dims": 32768, "values": []}}}', 60, 0, 1073741824, array_fill('f'::text, ARRAY[524288]));
SELECT * FROM sample_frames((SELECT v FROM timelines), 4, 1, 3, interpolation => 'cubic');
SELECT * FROM sample_frames(NULL, 4, 1, 3);

-- the same as little-endian float32
SELECT sample_frames_bytes(v, 4, 1, 3, '{rms,late}', 'linear') FROM timelines;
SELECT sample_frames_bytes(v, 4, 1, 0) AS nothing, sample_frames_bytes(NULL, 4, 1, 3) AS null_timeline FROM timelines;
SELECT sample_frames_bytes(v, 4, 5, 3, 'late', 'linear') FROM timelines;

-- the planner knows how many rows there will be
EXPLAIN SELECT * FROM overview(NULL, 'rms', 123);
EXPLAIN SELECT * FROM overview(NULL, 'rms');
EXPLAIN SELECT * FROM sample_frames(NULL, 30, 0, 45);
EXPLAIN SELECT * FROM sample_frames(NULL, 30, 0, 45, 'rms');
PREPARE any_number(integer) AS SELECT * FROM overview(NULL, 'rms', $1);
SET plan_cache_mode = force_generic_plan;
EXPLAIN EXECUTE any_number(5);
RESET plan_cache_mode;

-- long features, so that there are summaries: the numbers are those of the frames that a bucket says it has
INSERT INTO timelines SELECT 2, jsonb_build_object('duration', 3600, 'sampleRate', 44100, 'features', jsonb_build_object(
	'whole', jsonb_build_object('hop', 512, 'values', (SELECT jsonb_agg(i * 7919 % 1009) FROM generate_series(0, 19999) i)),
	'holes', jsonb_build_object('frameRate', 59.94, 'startTime', 0.1, 'encoding', 'u8', 'values',
		(SELECT jsonb_agg(CASE WHEN i / 300 % 5 <> 2 THEN i * 7919 % 251 END) FROM generate_series(0, 19999) i))));
CREATE TABLE frames AS SELECT f.name, f.start_time + (ordinality - 1) / f.frame_rate AS t, number
	FROM timelines, features(v) AS f, LATERAL feature(v, f.name) AS numbers, unnest(numbers."values") WITH ORDINALITY AS n(number) WHERE id = 2;
SELECT f.name, buckets, count(*), sum(o.frames), min(o.frames), max(o.frames),
	count(*) FILTER (WHERE (o.frames, o.min, o.max) IS DISTINCT FROM (n.frames, n.min, n.max) OR abs(o.mean - n.mean) > 1e-6 * n.mean) AS wrong
	FROM timelines, (VALUES ('whole'), ('holes')) AS f(name), unnest(ARRAY[1, 3, 50, 77]) AS buckets, LATERAL overview(v, f.name, buckets) AS o,
	LATERAL (SELECT count(*)::integer AS frames, min(number), max(number), avg(number) AS mean FROM frames
		WHERE frames.name = f.name AND t >= bucket_start - 1e-9 AND t < bucket_end - 1e-9) AS n
	WHERE id = 2 GROUP BY f.name, buckets ORDER BY f.name, buckets;
SELECT f.name, count(*), count(*) FILTER (WHERE (s.frames, s.missing, s.min, s.max) IS DISTINCT FROM (n.frames, n.missing, n.min, n.max) OR abs(s.mean - n.mean) > 1e-6 * n.mean) AS wrong
	FROM timelines, (VALUES ('whole'), ('holes')) AS f(name), generate_series(0, 240, 20) AS a, generate_series(0.5, 300, 77) AS b,
	LATERAL feature_stats(v, f.name, a + 1e-7, (a + b + 1e-7)::float8) AS s,
	LATERAL (SELECT count(*)::integer AS frames, (count(*) - count(number))::integer AS missing, min(number), max(number), avg(number) AS mean FROM frames
		WHERE frames.name = f.name AND t >= a + 1e-7 AND t < (a + b + 1e-7)::float8) AS n
	WHERE id = 2 GROUP BY f.name ORDER BY f.name;
-- buckets that are exactly equal, on request: the same numbers as those of the frames, the summary or not
SELECT f.name, buckets, count(*), sum(o.frames), min(o.frames), max(o.frames),
	count(*) FILTER (WHERE bucket_start IS DISTINCT FROM f.first + (f.last - f.first) * ((bucket - 1)::float8 / buckets) OR bucket_end - bucket_start > (f.last - f.first) / buckets + 1e-9) AS moved,
	count(*) FILTER (WHERE (o.frames, o.min, o.max) IS DISTINCT FROM (n.frames, n.min, n.max) OR abs(o.mean - n.mean) > 1e-6 * n.mean) AS wrong
	FROM timelines, (VALUES ('whole', 0::float8, 20000 * 512 / 44100::float8), ('holes', 10.01, 303.3)) AS f(name, first, last), unnest(ARRAY[1, 3, 50, 77]) AS buckets,
	LATERAL overview(v, f.name, buckets, f.first, f.last, equal_buckets => true) AS o,
	LATERAL (SELECT count(*)::integer AS frames, min(number), max(number), avg(number) AS mean FROM frames
		WHERE frames.name = f.name AND t >= bucket_start - 1e-9 AND t < bucket_end - 1e-9) AS n
	WHERE id = 2 GROUP BY f.name, buckets ORDER BY f.name, buckets;
-- all dims are each dim, to the bit, with the summary and without
INSERT INTO timelines SELECT 3, jsonb_build_object('duration', 600, 'sampleRate', 44100, 'features', jsonb_build_object(
	'chroma', jsonb_build_object('frameRate', 20, 'values', (SELECT jsonb_agg(CASE WHEN i % 13 <> 5 THEN jsonb_build_array(i % 251 / 7.0, -i, nullif(i * 7919 % 1009, 3)) END) FROM generate_series(0, 9999) i)),
	'wide', jsonb_build_object('frameRate', 20, 'values', (SELECT jsonb_agg(CASE WHEN i % 13 <> 5 THEN
		(SELECT jsonb_agg(nullif((i * 31 + d) % 1009, 3) / 7.0 ORDER BY d) FROM generate_series(1, 600) d) END) FROM generate_series(0, 299) i)),
	'long', jsonb_build_object('frameRate', 200, 'values', (SELECT jsonb_agg(CASE WHEN i % 17 = 3 THEN to_jsonb(array_fill(i % 101 / 7.0, ARRAY[33])) END) FROM generate_series(0, 16999) i))));
SELECT f.name, buckets, equal, a.rows, a.same FROM timelines, features(v) AS f, (VALUES (1, false), (7, false), (7, true), (50, false)) AS b(buckets, equal),
	LATERAL (SELECT count(*) AS rows, bool_and(a IS NOT DISTINCT FROM o) AS same FROM
		(SELECT row_number() OVER () AS n, o.* FROM overview(v, f.name, buckets, equal_buckets => equal) AS o) AS a FULL JOIN
		(SELECT ((d - 1) * buckets + o.bucket)::bigint AS n, o.* FROM generate_series(1, f.dims) AS d, overview(v, f.name, buckets, dim => d, equal_buckets => equal) AS o) AS o USING (dim, bucket)) AS a
	WHERE id = 3 ORDER BY f.name, buckets, equal;
-- a window far wider than the feature: its buckets stay where they are, and most are empty
SELECT bucket, bucket_start::numeric(8,3), bucket_end::numeric(8,3), frames FROM timelines, overview(v, 'whole', 8, -100, 700) WHERE id = 2;
-- means of numbers that no float32 holds
SELECT o.frames, o.min, o.max, o.mean, s.mean AS same FROM (SELECT jsonb_build_object('duration', 60, 'sampleRate', 44100, 'features', jsonb_build_object('big',
	jsonb_build_object('frameRate', 20, 'encoding', 'u8', 'range', jsonb_build_array(0, 1e40), 'values', (SELECT jsonb_agg(1e40) FROM generate_series(0, 1199)))))::audio_timeline AS v) AS t,
	overview(v, 'big', 2) AS o, feature_stats(v, 'big', 0, 30) AS s;
-- and samples are values
SELECT interpolation, fps, count(*), count(*) FILTER (WHERE "values"[1] IS DISTINCT FROM value_at(v, 'holes', time, interpolation)
		OR "values"[2] IS DISTINCT FROM value_at(v, 'whole', time, interpolation)) AS wrong
	FROM timelines, unnest(ARRAY['step', 'linear', 'nearest']) AS interpolation, unnest(ARRAY[0.3, 29.97, 120]) AS fps,
	LATERAL sample_frames(v, fps, 100, 500, '{holes,whole}', interpolation) WHERE id = 2 GROUP BY interpolation, fps ORDER BY interpolation, fps;

DROP TABLE timelines, frames;
