-- Bar 5: many lookups on one stored value in one statement.
INSERT INTO bench.form (bar, operation, form, query, answer) VALUES
(5, '3,600 numbers in one statement', 'audio_timeline, times in order', $$
	SELECT sum(value_at(tl, 'rms', i * duration / 3600))
	FROM timeline, recording, generate_series(0, 3599) AS i WHERE id = pick
$$, 'sum::real'),
(5, '3,600 numbers in one statement', 'audio_timeline, times in no order', $$
	SELECT sum(value_at(tl, 'rms', i * 1009 % 3600 * duration / 3600))
	FROM timeline, recording, generate_series(0, 3599) AS i WHERE id = pick
$$, 'sum::real'),
(5, '3,600 numbers in one statement', 'audio_timeline, the first of them only', $$
	SELECT sum(value_at(tl, 'rms', i * duration / 3600))
	FROM timeline, recording, generate_series(0, 0) AS i WHERE id = pick
$$, NULL),
(5, '3,600 numbers in one statement', 'the same statement without a lookup', $$
	SELECT sum(abs(i * duration / 3600))
	FROM timeline, recording, generate_series(0, 3599) AS i WHERE id = pick
$$, NULL),
(5, '3,600 numbers in one statement', 'bytea per series, 4 bytes of it', $$
	SELECT sum(octet_length(substr(numbers, 1 + 4 * (i::bigint * frames / 3600)::integer, 4)))
	FROM series_bytea, recording, generate_series(0, 3599) AS i
	WHERE id = pick AND feature = 'rms' AND dim = 1
$$, NULL),
(5, '3,600 numbers in one statement', 'row per frame', $$
	SELECT sum(rms) FROM recording, generate_series(0, 3599) AS i
		JOIN LATERAL (SELECT rms FROM frame_rows
			WHERE id = pick AND frame = (i::bigint * frames / 3600)::integer OFFSET 0) AS r ON true
$$, NULL);

CALL bench.measure('3,600 numbers in one statement', 'song', 'hour');

SELECT bench.claim(5, format('3,600 value_at in one statement, %s, times in %s: each after the first', data, sequence),
	at_most => 1, unit => 'µs',
	measured => (bench.us('3,600 numbers in one statement', data, 'audio_timeline, times in ' || sequence)
		- bench.us('3,600 numbers in one statement', data, 'audio_timeline, the first of them only')) / 3599)
FROM unnest('{song,hour}'::text[]) AS data, unnest('{order,no order}'::text[]) AS sequence;

INSERT INTO bench.remark VALUES (5, 'What bounds it: a number out of a piece that is in memory takes about 0.3 microseconds. The hour has 606 pieces of the series, each of which has to be fetched from TOAST once, for 4 microseconds. Times in no order come back to pieces of deltas, which are summed up to the frame asked for.');
