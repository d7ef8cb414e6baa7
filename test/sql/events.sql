-- Lookups of events and markers.

CREATE TABLE timelines (id integer, v audio_timeline);
INSERT INTO timelines VALUES (1, '{"duration": 10, "sampleRate": 44100,
	"events": [
		{"timestamp": 0, "type": "onset", "confidence": 0.9, "amplitude": 0.8},
		{"timestamp": 1, "type": "note", "duration": 2, "confidence": 0.5, "data": {"midi": 60}},
		{"timestamp": 1, "type": "onset"},
		{"timestamp": 2, "type": "onset", "confidence": 0.2, "data": {"x": [1, 2]}, "extra": null},
		{"timestamp": 3, "type": "note", "duration": 0, "confidence": 1},
		{"timestamp": 4, "type": "pad", "duration": 6},
		{"timestamp": 10, "type": "onset", "confidence": 0.7}],
	"markers": [
		{"timestamp": 0, "type": "bar", "confidence": 1, "value": 1},
		{"timestamp": 2, "type": "section", "value": "chorus", "color": "red"},
		{"timestamp": 4, "type": "bar", "confidence": 0.5, "value": 2.50}]}'),
	(2, '{"duration": 0, "sampleRate": 1}');

SELECT * FROM events((SELECT v FROM timelines WHERE id = 1));
SELECT * FROM events((SELECT v FROM timelines WHERE id = 2));
SELECT * FROM markers((SELECT v FROM timelines WHERE id = 1));

-- a window is half-open; an event with a duration is in every window it reaches into
CREATE FUNCTION found(start_time float8, end_time float8, types text[] DEFAULT NULL, min_confidence float8 DEFAULT NULL) RETURNS text LANGUAGE sql AS
	$$ SELECT string_agg(e.type || '@' || e."timestamp", ' ' ORDER BY e.n) FROM timelines,
		events_between(v, $1, $2, $3, $4) WITH ORDINALITY AS e("timestamp", type, duration, confidence, data, attributes, n) WHERE id = 1 $$;
SELECT start_time, end_time, found(start_time, end_time) FROM (VALUES
	(0, 10), (0, 10.5), (0, 1), (0, 0), (1, 2), (2, 3), (3, 4), (3, 3.0000001), (3.5, 4), (3.5, 4.0001), (9.99, 10), (10, 11), (10, 10.1), (-5, 0), (-5, 0.1), (20, 30),
	('-Infinity', 'Infinity')) AS windows(start_time, end_time);
SELECT found(0, 11, '{onset}'), found(0, 11, '{note,pad}'), found(0, 11, '{nothing}') IS NULL AS none, found(0, 11, '{}') IS NULL AS empty,
	found(0, 11, '{NULL,pad}'), found(0, 11, NULL, 0.6), found(0, 11, '{onset}', 0.5), found(0, 11, min_confidence => 0) AS known_confidence;
SELECT * FROM events_between((SELECT v FROM timelines WHERE id = 1), 2, 1);
SELECT * FROM events_between((SELECT v FROM timelines WHERE id = 1), 'NaN', 1);
-- a bound that is left out, or NULL, leaves the window open
SELECT found(NULL, 2), found(2, NULL), found(NULL, NULL) = found('-Infinity', 'Infinity') AS all_of_them;
SELECT count(*) FILTER (WHERE side = 'start') AS from_3_on, count(*) FILTER (WHERE side = 'end') AS before_3, count(*) FILTER (WHERE side = 'none') AS all_of_them
	FROM timelines, LATERAL (SELECT 'start' AS side FROM events_between(v, 3) UNION ALL SELECT 'end' FROM events_between(v, end_time => 3) UNION ALL SELECT 'none' FROM events_between(v)) s WHERE id = 1;
SELECT count(*) FROM timelines, events_between(NULL, 0, 1);
SELECT count(*) FROM events(NULL), markers(NULL), markers_between(NULL);
SELECT count(*) FROM timelines, events_between(v, start_time => 0, end_time => 2, types => ARRAY['note']);

-- at an instant
SELECT t, (SELECT string_agg(e.type || '@' || e."timestamp", ' ') FROM timelines, events_at(v, t) e WHERE id = 1) AS events_at
	FROM (VALUES (0::float8), (0.5), (1), (2.999), (3), (3.5), (4), (9.99), (10), (-1), (10.1), ('NaN'), (NULL)) AS instants(t);
SELECT count(*) FROM timelines, events_at(v, 4.5, '{onset}');

-- neighbours: strictly after, strictly before, nearest with the earlier of two
SELECT t, (SELECT n.type || '@' || n."timestamp" FROM timelines, next_event(v, t) n WHERE id = 1) AS next,
	(SELECT p.type || '@' || p."timestamp" FROM timelines, previous_event(v, t) p WHERE id = 1) AS previous,
	(SELECT p.type || '@' || p."timestamp" FROM timelines, nearest_event(v, t) p WHERE id = 1) AS nearest,
	(SELECT n."timestamp" FROM timelines, next_event(v, t, 'note') n WHERE id = 1) AS next_note,
	(SELECT p."timestamp" FROM timelines, previous_event(v, t, 'note') p WHERE id = 1) AS previous_note,
	(SELECT p."timestamp" FROM timelines, nearest_event(v, t, 'note') p WHERE id = 1) AS nearest_note
	FROM (VALUES (0::float8), (0.5), (1), (1.5), (2), (7), (9.9), (10), (-1), (11), ('Infinity'), ('-Infinity'), ('NaN'), (NULL)) AS instants(t);
SELECT * FROM timelines, next_event(v, 0, 'nothing');
SELECT * FROM next_event((SELECT v FROM timelines WHERE id = 1), 1.5);

-- one type or several: a name, an array, an array literal
SELECT num_events(v, 'onset'), num_events(v, ARRAY['onset', 'note', 'onset']), num_events(v, '{onset,note,onset}'), num_events(v, types => 'note'),
	num_events(v, NULL), num_events(v, NULL::text), num_events(v, 'nothing'), num_events(v, '{}'), num_events(v, ARRAY[NULL, 'pad']), num_markers(v, 'bar'), num_markers(v, '{bar,section}'), num_events(NULL, 'onset')
	FROM timelines WHERE id = 1;
SELECT string_agg(e.type || '@' || e."timestamp", ' ') AS onsets_and_pads FROM timelines, events(v, '{onset,pad}') e WHERE id = 1;
SELECT string_agg(m.type || '@' || m."timestamp", ' ') AS bars FROM timelines, markers(v, 'bar') m WHERE id = 1;
SELECT (SELECT string_agg(e.type, ' ') FROM events_between(v, 0, 11, 'note', 0.6) e) AS between, (SELECT string_agg(e.type, ' ') FROM events_at(v, 5, 'pad') e) AS at,
	(SELECT n.type FROM next_event(v, 1, '{pad,note}') n) AS next, (SELECT n.type FROM previous_event(v, 9, ARRAY['onset', 'note']) n) AS previous, (SELECT n.type FROM nearest_event(v, 9, types => 'pad'::varchar) n) AS nearest
	FROM timelines WHERE id = 1;

-- array literals as the server reads them; a malformed one is an error, or 0 where LEAKPROOF forbids one
CREATE TABLE literals (literal text);
INSERT INTO literals VALUES ('{}'), ('{ }'), ('{a}'), (' {a}'), ('{a,b}'), ('{ a , b c }'), ('{"a, b","c\"d",e\,f}'), ('{NULL,null,"NULL",a\null}'), ('{a\ ,""}'), ('{"a" , b} '), (E'{a\tb\n}'),
	('{'), ('{a'), ('{a,}'), ('{,a}'), ('{a}b'), ('{a"b"}'), ('{"a"b}'), ('{"a}'), ('{a{b}}'), ('{{a}}'), ('{a}}'), ('{a\'), ('{"a\'), ('a}'), ('a,b'), ('"a"'), ('');
CREATE FUNCTION names_in(literal text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN (SELECT string_agg(quote_literal(e.type), ' ' ORDER BY e.type COLLATE "C") FROM events((SELECT jsonb_build_object('duration', 1, 'sampleRate', 1, 'events',
		jsonb_agg(jsonb_build_object('timestamp', 0, 'type', name)))::audio_timeline FROM unnest(ARRAY['a', ' {a}', 'b', 'b c', 'a, b', 'c"d', 'e,f', 'NULL', 'anull', 'a ', E'a\tb', 'a}', 'a,b', '"a"', '{', '{a']) name), literal) e);
EXCEPTION WHEN invalid_text_representation THEN
	RETURN SQLERRM;
END $$;
SELECT literal, names_in(literal) FROM literals;
CREATE FUNCTION server_reads(literal text) RETURNS text[] LANGUAGE plpgsql AS 'BEGIN RETURN literal::text[]; EXCEPTION WHEN invalid_text_representation THEN RETURN NULL; END';
SELECT literal AS the_server_differs FROM literals WHERE literal LIKE '{%' AND (server_reads(literal) IS NULL) <> coalesce(names_in(literal) LIKE 'malformed%', false);
SELECT num_events(v, '{onset'), num_markers(v, '{"') FROM timelines WHERE id = 1;
SELECT * FROM timelines, events(v, '{onset');
DROP FUNCTION names_in, server_reads;
DROP TABLE literals;

-- markers
SELECT * FROM markers_between((SELECT v FROM timelines WHERE id = 1), 0, 4);
SELECT string_agg(m.type || '@' || m."timestamp", ' ') AS from_2_on FROM timelines, markers_between(v, 2) m WHERE id = 1;
SELECT string_agg(m.type || '@' || m."timestamp", ' ') AS bars_before_4 FROM timelines, markers_between(v, NULL, 4, 'bar') m WHERE id = 1;

-- at an instant: of each type the last at or before it
INSERT INTO timelines VALUES (4, '{"duration": 8, "sampleRate": 44100, "markers": [
	{"timestamp": 1, "type": "bar", "value": 1, "confidence": 1}, {"timestamp": 1, "type": "section", "value": "verse"}, {"timestamp": 2, "type": "beat"},
	{"timestamp": 3, "type": "bar", "value": 2, "confidence": 0.5}, {"timestamp": 3, "type": "bar", "value": 3}, {"timestamp": 8, "type": "section", "value": "end"}]}');
SELECT t, (SELECT string_agg(format('%s@%s=%s', m.type, m."timestamp", m.value), ' ') FROM markers_at(v, t) m) AS markers_at,
	(SELECT string_agg(format('%s@%s=%s', m.type, m."timestamp", m.value), ' ') FROM markers_at(v, t, '{bar}') m) AS bar,
	(SELECT string_agg(format('%s@%s=%s', m.type, m."timestamp", m.value), ' ') FROM markers_at(v, t, 'bar', 0.7) m) AS sure_bar,
	(SELECT string_agg(format('%s@%s', m.type, m."timestamp"), ' ') FROM next_marker(v, t) m) AS next,
	(SELECT string_agg(format('%s@%s=%s', m.type, m."timestamp", m.value), ' ') FROM previous_marker(v, t) m) AS previous,
	(SELECT string_agg(format('%s@%s', m.type, m."timestamp"), ' ') FROM nearest_marker(v, t, 'section') m) AS nearest_section
	FROM timelines, (VALUES (0::float8), (1), (2.5), (3), (7.9), (8), (-1), (9), ('Infinity'), ('-Infinity'), ('NaN'), (NULL)) AS instants(t) WHERE id = 4;
SELECT * FROM markers_at((SELECT v FROM timelines WHERE id = 4), 8);
SELECT count(*) FROM timelines, markers_at(v, 0) WHERE id = 2;
SELECT * FROM markers_between((SELECT v FROM timelines WHERE id = 1), 0, 5, '{bar}', 0.6);
SELECT * FROM markers_between((SELECT v FROM timelines WHERE id = 1), 5, 4);

-- many events against plain SQL: equal times, long events, more types than an index mask has bits
CREATE TABLE rows AS
	SELECT i, round((i * 7919 % 60000) / 100.0, 1)::float8 AS t, 'type' || i * 31 % 50 AS type,
		CASE WHEN i % 97 = 0 THEN 100 WHEN i % 3 = 0 THEN (i % 10) / 4.0 END::float8 AS d
	FROM generate_series(1, 20000) i;
INSERT INTO timelines SELECT 3, jsonb_build_object('duration', 600, 'sampleRate', 44100, 'events',
	jsonb_agg(CASE WHEN d IS NULL THEN jsonb_build_object('timestamp', t, 'type', type, 'i', i)
		ELSE jsonb_build_object('timestamp', t, 'type', type, 'i', i, 'duration', d) END ORDER BY i)) FROM rows;
SELECT count(*) AS windows, count(*) FILTER (WHERE expected IS DISTINCT FROM got) AS wrong FROM (
	SELECT w AS start_time, w + 5 AS end_time,
		(SELECT array_agg(i ORDER BY t, i) FROM rows WHERE CASE WHEN d > 0 THEN t < w + 5 AND t + d > w ELSE t >= w AND t < w + 5 END) AS expected,
		(SELECT array_agg((attributes ->> 'i')::int ORDER BY n) FROM timelines,
			events_between(v, w, w + 5) WITH ORDINALITY AS e("timestamp", type, duration, confidence, data, attributes, n) WHERE id = 3) AS got
	FROM generate_series(-3, 603, 6.7) AS w) AS q;
SELECT count(*) AS instants, count(*) FILTER (WHERE next_t IS DISTINCT FROM got_next) AS wrong_next,
	count(*) FILTER (WHERE previous_t IS DISTINCT FROM got_previous) AS wrong_previous,
	count(*) FILTER (WHERE at_count <> got_at) AS wrong_at FROM (
	SELECT (SELECT min(t) FROM rows WHERE t > w AND type = 'type7') AS next_t,
		(SELECT max(t) FROM rows WHERE t < w AND type = 'type7') AS previous_t,
		(SELECT count(*) FROM rows WHERE t = w OR (d > 0 AND t <= w AND t + d > w)) AS at_count,
		(SELECT n."timestamp" FROM timelines, next_event(v, w, 'type7') n WHERE id = 3) AS got_next,
		(SELECT p."timestamp" FROM timelines, previous_event(v, w, 'type7') p WHERE id = 3) AS got_previous,
		(SELECT count(*) FROM timelines, events_at(v, w) WHERE id = 3) AS got_at
	FROM generate_series(0, 600, 8.7) AS s, LATERAL (SELECT s::float8) AS l(w)) AS q;
SELECT count(*), bool_and(n = num_events(v, type)) AS counts_agree FROM timelines,
	(SELECT type, count(*) AS n FROM rows GROUP BY type) AS c WHERE id = 3;

INSERT INTO timelines SELECT 5, jsonb_build_object('duration', 600, 'sampleRate', 44100, 'markers',
	jsonb_agg(jsonb_build_object('timestamp', t, 'type', type, 'value', i) ORDER BY i)) FROM rows WHERE i % 50 > 0 OR t < 20;
SELECT count(*) AS instants, count(*) FILTER (WHERE expected IS DISTINCT FROM got) AS wrong, min(cardinality(expected)) AS fewest, max(cardinality(expected)) AS most FROM (
	SELECT (SELECT array_agg(i ORDER BY t, i) FROM (SELECT DISTINCT ON (type) t, i FROM rows WHERE t <= w AND (i % 50 > 0 OR t < 20) ORDER BY type, t DESC, i DESC) AS last) AS expected,
		(SELECT array_agg(value::int ORDER BY n) FROM timelines, markers_at(v, w) WITH ORDINALITY AS m("timestamp", type, confidence, value, attributes, n) WHERE id = 5) AS got
	FROM generate_series(0, 600, 8.7) AS s, LATERAL (SELECT s::float8) AS l(w)) AS q;

DROP TABLE timelines, rows CASCADE;
DROP FUNCTION found;
