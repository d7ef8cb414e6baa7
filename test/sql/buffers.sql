-- What a lookup reads does not grow with the length of the timeline.
--
-- Two timelines of 35 series at 86 frames a second, of 4 and of 60 minutes,
-- with 2,000 and 30,000 events, in one table.  Buffers are counted, so this test
-- has no noise.  The song's first events are read with its head, which costs less;
-- so the places begin after those.

-- Numbers between 0.5 and 2 that hardly compress, as real ones do.
CREATE FUNCTION make_series(frames integer) RETURNS text LANGUAGE sql AS $$
	SELECT translate(encode(decode(string_agg(substr(md5(i::text), 1, 6) || '3f', ''), 'hex'), 'base64'), E'\n', '') FROM generate_series(1, frames) i
$$;
CREATE FUNCTION make_timeline(seconds integer, num_events integer) RETURNS audio_timeline LANGUAGE sql AS $$
	SELECT format('{"duration": %s, "sampleRate": 44100, "events": [%s], "markers": [%s], "features": {%s}}', seconds,
		(SELECT string_agg(format('{"timestamp": %s, "type": "onset", "confidence": %s, "data": {"strength": %s}}', i * seconds / num_events::float8, abs(cos(i)), 2 + sin(i)), ',')
			FROM generate_series(0, num_events - 1) i),
		(SELECT string_agg(format('{"timestamp": %s, "type": "beat", "confidence": 0.5, "value": %s}', i / 2.0, i), ',') FROM generate_series(0, seconds * 2) i),
		(SELECT string_agg(format('"f%s": {"hop": 512, "unit": "none", "encoding": "f32", "base64": "%s"}', f, series), ',')
			FROM (SELECT make_series(seconds * 86) AS series OFFSET 0) AS s, generate_series(1, 35) f)
			|| format(', "wide": {"frameRate": 1, "unit": "none", "dims": 256, "encoding": "f32", "base64": "%s"}', make_series(seconds * 256))
	)::audio_timeline
$$;
CREATE TABLE lengths (minutes integer, v audio_timeline);
INSERT INTO lengths VALUES (4, make_timeline(240, 2000)), (60, make_timeline(3600, 30000));
VACUUM ANALYZE lengths;
SELECT minutes, num_events(v), num_frames(v, 'f1'), pg_column_size(v) > 1000000 AS large FROM lengths ORDER BY minutes;

-- The shared buffers of a query over one of the two, once it is warm.
CREATE FUNCTION buffers(expression text, of_minutes integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	FOR i IN 1..2 LOOP
		EXECUTE format('EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT JSON) SELECT %s FROM lengths%s WHERE minutes = %s', expression,
			CASE WHEN expression LIKE '%% i%%' THEN ', generate_series(0, 199) i' ELSE '' END, of_minutes) INTO plan;
	END LOOP;
	RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::int + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::int;
END $$;

-- At several places of either, because pieces may or may not straddle chunks and pages. Two seconds of samples may
-- lie in one block of all series or in two, so they may differ by a block; all features are two groups, so in two places;
-- regular markers of a song lie in its head.
SELECT expression, bool_and(abs(hour - song) <= difference) AS same, max(hour) < most AS few
	FROM (VALUES ('value_at(v, ''f17'', %1$s)', 3, 15), ('value_at(v, ''f17'', %1$s, ''linear'')', 3, 15), ('values_at(v, %1$s)', 6, 50),
		('sample_frames(v, 30, (%1$s * 30)::integer, 60)', 35, 80), ('feature_stats(v, ''f17'', %1$s, %1$s + 5)', 3, 20),
		('feature_slice(v, ''f17'', %1$s, %1$s + 5)', 3, 20), ('feature_frames(v, ''f17'', %1$s, %1$s + 5)', 3, 20), ('overview(v, ''f17'', 3, %1$s, %1$s + 5, equal_buckets => true)', 3, 20),
		('overview(v, ''f17'', 10, %1$s, %1$s + 5)', 3, 20),
		('value_at(v, ''wide'', %1$s, dim => 200)', 3, 15), ('values_at(v, %1$s, ''{wide}'')', 3, 15),
		('events_between(v, %1$s, %1$s + 5)', 3, 20), ('events_at(v, %1$s)', 3, 20), ('next_event(v, %1$s)', 3, 20),
		('previous_event(v, %1$s)', 3, 20), ('nearest_event(v, %1$s, ''onset'')', 3, 20), ('markers_between(v, %1$s, %1$s + 5)', 6, 20),
		('markers_at(v, %1$s)', 6, 20), ('next_marker(v, %1$s)', 6, 20), ('previous_marker(v, %1$s, ''beat'')', 6, 20), ('nearest_marker(v, %1$s)', 6, 20),
		('v ->> ''duration''', 3, 10), ('v ? ''duration''', 3, 10), ('v -> ''metadata''', 3, 12), ('v #> ''{features,f99}''', 3, 12), ('summary(v)', 3, 12),
		('duration(v)', 3, 10), ('num_events(v)', 3, 10), ('features(v)', 3, 12), ('num_frames(v, ''f17'')', 3, 12)) AS expressions(expression, difference, most),
	unnest(ARRAY[33, 61.7, 120, 183.3, 230]) AS t,
	LATERAL (SELECT buffers(format(expression, t), 4) AS song, buffers(format(expression, t * 15), 60) AS hour) AS b
	GROUP BY expression, most ORDER BY expression COLLATE "C";

-- An overview of all of it costs its buckets: an hour may take twice the song, not fifteen times.
SELECT buffers('overview(v, ''f17'', 500)', 60) < 2 * buffers('overview(v, ''f17'', 500)', 4) AS overview_in_buckets;

-- Buckets that are exactly equal take a piece for each bound besides, of the hour as of the song: far from all pieces.
SELECT buffers('overview(v, ''f17'', 50, equal_buckets => true)', 60) < 8 * 50 AS equal_in_buckets, buffers('overview(v, ''f17'', 50, equal_buckets => true)', 60) < buffers('feature(v, ''f17'')', 60) / 2 AS not_all_pieces;
-- All dims of a wide feature are read in one pass, like one.
SELECT buffers('overview(v, ''wide'', 50)', 60) <= buffers('overview(v, ''wide'', 50, dim => 1)', 60) AS all_dims_in_one_pass;

-- Again and again on one value, a call site reads it once: what 200 calls read, at one instant and at 200 within a second.
SELECT expression, buffers(format(expression, '150.5 + 0 * i'), 60) - buffers(format(expression, '150.5'), 60) AS more_at_the_same, buffers(format(expression, '150.5 + i / 1000.0'), 60) - buffers(format(expression, '150.5'), 60) < 12 AS few_more_nearby
	FROM (VALUES ('sum(value_at(v, ''f17'', %s))'), ('count((SELECT e FROM next_event(v, %s) e))'), ('count((SELECT s.values FROM feature_slice(v, ''f17'', %1$s, %1$s + 1) s))'),
		('count((SELECT count(*) FROM events_between(v, %1$s, %1$s + 1)))'), ('sum(num_frames(v, ''f17'') + %s)')) AS expressions(expression) ORDER BY expression COLLATE "C";

-- the whole value is another matter, or this test could not fail
SELECT buffers('length(v::text)', 60) - buffers('length(v::text)', 4) > 1000 AS whole_value_grows;

DROP TABLE lengths;
DROP FUNCTION make_timeline, make_series, buffers;
