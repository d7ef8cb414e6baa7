-- Bar 4: a whole feature in 1,000 buckets of least, greatest and mean number.
INSERT INTO bench.form (bar, operation, form, query, answer) VALUES
(4, 'rms in 1,000 buckets', 'audio_timeline', $$
	SELECT bucket, min, max, mean FROM timeline, overview(tl, 'rms', 1000) WHERE id = pick
$$, '(count(*), min(min)::real, max(max)::real)'),
(4, 'rms in 1,000 buckets', 'real[] per series', $$
	SELECT (n - 1) * 1000 / frames AS bucket, min(v), max(v), avg(v) AS mean
	FROM series_real, recording, unnest(numbers) WITH ORDINALITY AS u(v, n)
	WHERE id = pick AND feature = 'rms' AND dim = 1 GROUP BY 1
$$, '(count(*), min(min), max(max))'),
(4, 'rms in 1,000 buckets', 'real[430] chunks', $$
	SELECT (430 * chunk + n - 1) * 1000 / frames AS bucket, min(v), max(v), avg(v) AS mean
	FROM chunk_real, recording, unnest(numbers) WITH ORDINALITY AS u(v, n)
	WHERE id = pick AND feature = 'rms' AND dim = 1 GROUP BY 1
$$, '(count(*), min(min), max(max))'),
(4, 'rms in 1,000 buckets', 'row per frame', $$
	SELECT frame::bigint * 1000 / frames AS bucket, min(rms), max(rms), avg(rms) AS mean
	FROM frame_rows, recording WHERE id = pick GROUP BY 1
$$, '(count(*), min(min), max(max))'),
(4, 'rms in 1,000 buckets', 'bytea per series, the bytes only', $$
	SELECT substr(numbers, 1) FROM series_bytea WHERE id = pick AND feature = 'rms' AND dim = 1
$$, NULL),
(4, 'rms in 1,000 buckets', 'jsonb pglz', $$
	SELECT (n - 1) * 1000 / frames AS bucket, min(v::float8), max(v::float8), avg(v::float8) AS mean
	FROM jsonb_pglz, recording,
		jsonb_array_elements_text(doc #> '{features,rms,values}') WITH ORDINALITY AS u(v, n)
	WHERE id = few GROUP BY 1
$$, '(count(*), min(min)::real, max(max)::real)'),
(4, 'rms in 1,000 buckets', 'jsonb lz4', $$
	SELECT (n - 1) * 1000 / frames AS bucket, min(v::float8), max(v::float8), avg(v::float8) AS mean
	FROM jsonb_lz4, recording,
		jsonb_array_elements_text(doc #> '{features,rms,values}') WITH ORDINALITY AS u(v, n)
	WHERE id = few GROUP BY 1
$$, '(count(*), min(min)::real, max(max)::real)');

CALL bench.measure('rms in 1,000 buckets', 'song', 'hour');

SELECT bench.claim(4, 'overview of 1,000 buckets, ' || data || ': faster than the fastest SQL over arrays or rows', at_least => 20,
	measured => bench.fastest('rms in 1,000 buckets', data, 'real%', 'row%')
		/ bench.us('rms in 1,000 buckets', data))
FROM unnest('{song,hour}'::text[]) AS data;
SELECT bench.claim(4, 'overview of 1,000 buckets: hour against song', at_most => 3,
	measured => bench.us('rms in 1,000 buckets', 'hour') / bench.us('rms in 1,000 buckets', 'song'));

INSERT INTO bench.remark VALUES (4, 'What bounds overview of the song: with 25 frames to a bucket no node of the summary (128 frames) fits into one, so 49 pieces are read and decoded; and 1,000 rows from any function take about 125 microseconds (generate_series does).');
