-- Bar 2: five seconds of a feature, five seconds of events.
INSERT INTO bench.form (bar, operation, form, query, answer) VALUES
(2, 'rms during 5 s', 'audio_timeline', $$
	SELECT "values" FROM timeline, feature_slice(tl, 'rms', t, t + 5) WHERE id = pick
$$, '"values"::real[]'),
(2, 'rms during 5 s', 'one bytea, its bytes', $$
	SELECT substr(numbers, 1 + 4 * g, 4 * (h - g)) FROM one_bytea WHERE id = pick
$$, NULL),
(2, 'rms during 5 s', 'bytea per series, its bytes', $$
	SELECT substr(numbers, 1 + 4 * g, 4 * (h - g)) FROM series_bytea
	WHERE id = pick AND feature = 'rms' AND dim = 1
$$, NULL),
(2, 'rms during 5 s', 'real[430] chunks', $$
	SELECT chunk, numbers FROM chunk_real
	WHERE id = pick AND feature = 'rms' AND dim = 1 AND chunk BETWEEN g / 430 AND (h - 1) / 430
$$, NULL),
(2, 'rms during 5 s', 'real[] per series', $$
	SELECT numbers[1 + g:h] AS slice FROM series_real WHERE id = pick AND feature = 'rms' AND dim = 1
$$, 'slice'),
(2, 'rms during 5 s', 'row per frame', $$
	SELECT frame, rms FROM frame_rows WHERE id = pick AND frame >= g AND frame < h ORDER BY frame
$$, 'array_agg(rms)'),
(2, 'rms during 5 s', 'jsonb pglz', $$
	SELECT jsonb_path_query_array(doc, '$.features.rms.values[$first to $last]',
		jsonb_build_object('first', g, 'last', h - 1)) AS slice FROM jsonb_pglz WHERE id = few
$$, 'ARRAY(SELECT v::real FROM jsonb_array_elements_text(slice) AS v)'),
(2, 'rms during 5 s', 'jsonb lz4', $$
	SELECT jsonb_path_query_array(doc, '$.features.rms.values[$first to $last]',
		jsonb_build_object('first', g, 'last', h - 1)) AS slice FROM jsonb_lz4 WHERE id = few
$$, 'ARRAY(SELECT v::real FROM jsonb_array_elements_text(slice) AS v)');

CALL bench.measure('rms during 5 s', 'song', 'hour');

-- The longest note tells how far back a row that reaches into the window may begin.
SELECT max(longest) AS longest FROM (SELECT max(duration) AS longest FROM song_events.event_rows
	UNION ALL SELECT max(duration) FROM hour_events.event_rows) AS notes \gset

INSERT INTO bench.form (bar, operation, form, query, answer) VALUES
(2, 'events during 5 s', 'audio_timeline', $$
	SELECT "timestamp" AS ts, type, duration, confidence, data
	FROM timeline, events_between(tl, t, t + 5) WHERE id = pick
$$, 'array_agg((ts, type, duration, confidence, data))'),
(2, 'events during 5 s', 'event rows, btree (id, ts)', replace($$
	SELECT ts, type, duration, confidence, data FROM event_rows
	WHERE id = pick AND ts > t - LONGEST AND ts < t + 5 AND (ts >= t OR ts + duration > t) ORDER BY ts
$$, 'LONGEST', :'longest'), 'array_agg((ts, type, duration, confidence, data))'),
(2, 'events during 5 s', 'event rows, those that begin there', $$
	SELECT ts, type, duration, confidence, data FROM event_rows
	WHERE id = pick AND ts >= t AND ts < t + 5 ORDER BY ts
$$, NULL),
(2, 'events during 5 s', 'jsonb pglz, jsonb_array_elements', $$
	SELECT (e ->> 'timestamp')::float8 AS ts, e ->> 'type' AS type, (e ->> 'duration')::float8 AS duration,
		(e ->> 'confidence')::float8 AS confidence, e -> 'data' AS data
	FROM jsonb_pglz, jsonb_array_elements(doc -> 'events') AS e
	WHERE id = few
		AND (e ->> 'timestamp')::float8 < t + 5
		AND ((e ->> 'timestamp')::float8 >= t
			OR (e ->> 'timestamp')::float8 + (e ->> 'duration')::float8 > t)
$$, 'array_agg((ts, type, duration, confidence, data))'),
(2, 'events during 5 s', 'jsonb lz4, jsonb_array_elements', $$
	SELECT (e ->> 'timestamp')::float8 AS ts, e ->> 'type' AS type, (e ->> 'duration')::float8 AS duration,
		(e ->> 'confidence')::float8 AS confidence, e -> 'data' AS data
	FROM jsonb_lz4, jsonb_array_elements(doc -> 'events') AS e
	WHERE id = few
		AND (e ->> 'timestamp')::float8 < t + 5
		AND ((e ->> 'timestamp')::float8 >= t
			OR (e ->> 'timestamp')::float8 + (e ->> 'duration')::float8 > t)
$$, 'array_agg((ts, type, duration, confidence, data))'),
(2, 'events during 5 s', 'jsonb pglz, jsonpath', $$
	SELECT (e ->> 'timestamp')::float8 AS ts, e ->> 'type' AS type, (e ->> 'duration')::float8 AS duration,
		(e ->> 'confidence')::float8 AS confidence, e -> 'data' AS data
	FROM jsonb_pglz, jsonb_path_query(doc, '$.events[*]
		? (@.timestamp < $last && (@.timestamp >= $first || @.timestamp + @.duration > $first))',
		jsonb_build_object('first', t, 'last', t + 5)) AS e
	WHERE id = few
$$, 'array_agg((ts, type, duration, confidence, data))'),
(2, 'events during 5 s', 'jsonb lz4, jsonpath', $$
	SELECT (e ->> 'timestamp')::float8 AS ts, e ->> 'type' AS type, (e ->> 'duration')::float8 AS duration,
		(e ->> 'confidence')::float8 AS confidence, e -> 'data' AS data
	FROM jsonb_lz4, jsonb_path_query(doc, '$.events[*]
		? (@.timestamp < $last && (@.timestamp >= $first || @.timestamp + @.duration > $first))',
		jsonb_build_object('first', t, 'last', t + 5)) AS e
	WHERE id = few
$$, 'array_agg((ts, type, duration, confidence, data))'),
(2, 'events during 5 s', 'json lz4, json_array_elements', $$
	SELECT (e ->> 'timestamp')::float8 AS ts, e ->> 'type' AS type, (e ->> 'duration')::float8 AS duration,
		(e ->> 'confidence')::float8 AS confidence, e -> 'data' AS data
	FROM json_lz4, json_array_elements(doc -> 'events') AS e
	WHERE id = few
		AND (e ->> 'timestamp')::float8 < t + 5
		AND ((e ->> 'timestamp')::float8 >= t
			OR (e ->> 'timestamp')::float8 + (e ->> 'duration')::float8 > t)
$$, 'array_agg((ts, type, duration, confidence, data::jsonb))');

CALL bench.measure('events during 5 s', 'song_events', 'hour_events');

SELECT bench.claim(2, 'feature_slice of 5 s, song: time against substr() of its bytes', at_most => 2,
	measured => bench.us('rms during 5 s', 'song') / bench.us('rms during 5 s', 'song', 'one bytea, its bytes'));
SELECT bench.claim(2, 'feature_slice of 5 s, hour: time against substr() of its bytes', at_most => 2,
	measured => bench.us('rms during 5 s', 'hour') / bench.us('rms during 5 s', 'hour', 'one bytea, its bytes'));
SELECT bench.claim(2, 'events_between of 5 s, song: time against the same rows of a table', at_most => 3,
	measured => bench.us('events during 5 s', 'song_events')
		/ bench.us('events during 5 s', 'song_events', 'event rows, btree (id, ts)'));
SELECT bench.claim(2, 'events_between of 5 s, hour: time against the same rows of a table', at_most => 3,
	measured => bench.us('events during 5 s', 'hour_events')
		/ bench.us('events during 5 s', 'hour_events', 'event rows, btree (id, ts)'));
SELECT bench.claim(2, 'events_between of 5 s, hour: faster than the fastest jsonb', at_least => 100,
	measured => bench.fastest('events during 5 s', 'hour_events', 'jsonb%')
		/ bench.us('events during 5 s', 'hour_events'));

INSERT INTO bench.remark VALUES (2, 'What bounds feature_slice: it returns a row, and a row from a function takes about 3 microseconds (a tuplestore, an array) that a substr() does not take. It decodes the one or two pieces of 512 frames that the window lies in.');
