-- Bar 1: one number at an instant.
INSERT INTO bench.form (bar, operation, form, query, answer) VALUES
(1, 'one number at t', 'audio_timeline', $$
	SELECT value_at(tl, 'rms', t) FROM timeline WHERE id = pick
$$, 'value_at::real'),
(1, 'one number at t', 'one bytea, 4 bytes of it', $$
	SELECT substr(numbers, 1 + 4 * f, 4) FROM one_bytea WHERE id = pick
$$, NULL),
(1, 'one number at t', 'bytea per series, 4 bytes of it', $$
	SELECT substr(numbers, 1 + 4 * f, 4) FROM series_bytea WHERE id = pick AND feature = 'rms' AND dim = 1
$$, NULL),
(1, 'one number at t', 'real[430] chunks', $$
	SELECT numbers[1 + f % 430] AS rms FROM chunk_real
	WHERE id = pick AND feature = 'rms' AND dim = 1 AND chunk = f / 430
$$, 'rms'),
(1, 'one number at t', 'real[] per series', $$
	SELECT numbers[1 + f] AS rms FROM series_real WHERE id = pick AND feature = 'rms' AND dim = 1
$$, 'rms'),
(1, 'one number at t', 'row per frame', $$
	SELECT rms FROM frame_rows WHERE id = pick AND frame = f
$$, 'rms'),
(1, 'one number at t', 'jsonb pglz', $$
	SELECT (doc #>> ARRAY['features', 'rms', 'values', f::text])::float8 AS rms FROM jsonb_pglz WHERE id = few
$$, 'rms::real'),
(1, 'one number at t', 'jsonb lz4', $$
	SELECT (doc #>> ARRAY['features', 'rms', 'values', f::text])::float8 AS rms FROM jsonb_lz4 WHERE id = few
$$, 'rms::real'),
(1, 'one number at t', 'json lz4', $$
	SELECT (doc #>> ARRAY['features', 'rms', 'values', f::text])::float8 AS rms FROM json_lz4 WHERE id = few
$$, 'rms::real'),
(1, 'one number at t', 'nothing: an empty call', $$
	SELECT 1
$$, NULL);

CALL bench.measure('one number at t', 'song', 'hour');

SELECT bench.claim(1, 'value_at, song: time against substr() of 4 bytes of one bytea', at_most => 3,
	measured => bench.us('one number at t', 'song')
		/ bench.us('one number at t', 'song', 'one bytea, 4 bytes of it'));
SELECT bench.claim(1, 'value_at, hour: time against substr() of 4 bytes of one bytea', at_most => 3,
	measured => bench.us('one number at t', 'hour')
		/ bench.us('one number at t', 'hour', 'one bytea, 4 bytes of it'));
SELECT bench.claim(1, 'value_at, song: faster than the fastest jsonb', at_least => 300,
	measured => bench.fastest('one number at t', 'song', 'jsonb%') / bench.us('one number at t', 'song'));
SELECT bench.claim(1, 'value_at, hour: faster than the fastest jsonb', at_least => 5000,
	measured => bench.fastest('one number at t', 'hour', 'jsonb%') / bench.us('one number at t', 'hour'));
SELECT bench.claim(1, 'value_at: hour against song', at_most => 1.25,
	measured => bench.us('one number at t', 'hour') / bench.us('one number at t', 'song'));
SELECT bench.claim(1, 'value_at: more buffers in the hour than in the song', at_most => 3, unit => 'buffers',
	measured => bench.buffers('hour', query) - bench.buffers('song', query))
FROM bench.form WHERE operation = 'one number at t' AND form = 'audio_timeline';
