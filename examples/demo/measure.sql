-- Part of script/demo: the same timeline as jsonb and as audio_timeline, sizes and times side by
-- side. For a superuser; psql variable: timeline_file (what examples/analyse wrote).
CREATE SCHEMA measure;
SET search_path = measure, public;
SET jit = off;

-- jsonb gets the faster compression if this server has it.
SELECT CASE WHEN 'lz4' = ANY (enumvals) THEN 'lz4' ELSE 'pglz' END AS compression
FROM pg_settings WHERE name = 'default_toast_compression' \gset

CREATE TABLE document (body text);
ALTER TABLE document ALTER body SET STORAGE EXTERNAL;
\set body `cat :'timeline_file'`
INSERT INTO document VALUES (:'body');
\unset body

CREATE TABLE in_jsonb (id integer PRIMARY KEY, event_data jsonb COMPRESSION :compression);
CREATE TABLE in_timeline (id integer PRIMARY KEY, event_data audio_timeline);

-- Stores the document several times; the last row stays.
CREATE FUNCTION store_ms(cache regclass, type regtype, runs integer) RETURNS SETOF float8
LANGUAGE plpgsql AS $$
DECLARE
	began timestamptz;
BEGIN
	FOR i IN 1 .. runs LOOP
		EXECUTE format('TRUNCATE %s', cache);
		began := clock_timestamp();
		EXECUTE format('INSERT INTO %s SELECT 1, body::%s FROM document', cache, type);
		RETURN NEXT 1e3 * extract(epoch FROM clock_timestamp() - began);
	END LOOP;
END $$;

CREATE TABLE store AS
SELECT (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)
		FROM store_ms('in_jsonb', 'jsonb', 3) AS ms) AS jsonb_ms,
	(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)
		FROM store_ms('in_timeline', 'audio_timeline', 3) AS ms) AS timeline_ms;
VACUUM ANALYZE in_jsonb, in_timeline;

-- Instants that leave room for five seconds, spread over the song; the same ones for both forms.
CREATE FUNCTION instant(i integer) RETURNS float8 LANGUAGE sql AS $$
	SELECT (duration(event_data) - 5) * (abs(i) * 0.618033988749895 - floor(abs(i) * 0.618033988749895))
	FROM measure.in_timeline
$$;

-- The first frame at or after an instant: what somebody with jsonb computes.
SELECT format('CREATE FUNCTION frame_from(t float8) RETURNS integer IMMUTABLE LANGUAGE sql AS
	''SELECT ceil(t * %s)::integer''', frame_rate(event_data, 'rms')) FROM in_timeline \gexec

CREATE TABLE operation (
	place integer GENERATED ALWAYS AS IDENTITY, name text, runs integer,
	jsonb_query text, timeline_query text,
	jsonb_ms float8, timeline_ms float8, same_answer boolean
);

INSERT INTO operation (name, runs, jsonb_query, timeline_query) VALUES
('rms at an instant', 51, $$
	SELECT (event_data #>> ARRAY['features', 'rms', 'values', (frame_from(t) - 1)::text])::float8
	FROM in_jsonb WHERE id = 1
$$, $$
	SELECT value_at(event_data, 'rms', t)
	FROM in_timeline WHERE id = 1
$$),
('rms during 5 s', 51, $$
	SELECT ARRAY(SELECT v::float8 FROM jsonb_array_elements_text(
		jsonb_path_query_array(event_data, '$.features.rms.values[$first to $last]',
			jsonb_build_object('first', frame_from(t), 'last', frame_from(t + 5) - 1))) AS v)
	FROM in_jsonb WHERE id = 1
$$, $$
	SELECT "values"
	FROM in_timeline, feature_slice(event_data, 'rms', t, t + 5) WHERE id = 1
$$),
('all features at an instant', 51, $$
	SELECT array_agg((v #>> '{}')::float8)
	FROM in_jsonb, jsonb_path_query(event_data, '$.features.*.values[$frame][*]',
		jsonb_build_object('frame', frame_from(t) - 1)) AS v
	WHERE id = 1
$$, $$
	SELECT array_agg(v)
	FROM in_timeline, values_at(event_data, t), unnest("values") AS v WHERE id = 1
$$),
('events during 5 s', 51, $$
	SELECT (e ->> 'timestamp')::float8, e ->> 'type', (e ->> 'duration')::float8,
		(e ->> 'confidence')::float8, e -> 'data'
	FROM in_jsonb, jsonb_path_query(event_data, '$.events[*]
			? (@.timestamp < $last && (@.timestamp >= $first || @.timestamp + @.duration > $first))',
		jsonb_build_object('first', t, 'last', t + 5)) AS e
	WHERE id = 1
$$, $$
	SELECT "timestamp", type, duration, confidence, data
	FROM in_timeline, events_between(event_data, t, t + 5) WHERE id = 1
$$),
('number of onsets', 51, $$
	SELECT count(*)
	FROM in_jsonb, jsonb_path_query(event_data, '$.events[*].type ? (@ == "onset")')
	WHERE id = 1
$$, $$
	SELECT num_events(event_data, 'onset')
	FROM in_timeline WHERE id = 1
$$),
('all of it as JSON text', 5, $$
	SELECT length(event_data::text) > 0
	FROM in_jsonb WHERE id = 1
$$, $$
	SELECT length(event_data::text) > 0
	FROM in_timeline WHERE id = 1
$$);

-- Median time of a query whose instant is t: planned once, its rows made and thrown away.
CREATE FUNCTION median_ms(query text, runs integer) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	answer float8;
BEGIN
	EXECUTE format($create$
		CREATE OR REPLACE FUNCTION measure.timed(runs integer) RETURNS SETOF float8 LANGUAGE plpgsql AS $body$
		DECLARE
			t float8;
			began timestamptz;
		BEGIN
			-- Up to 0 warms up.
			FOR i IN -(runs / 10) .. runs LOOP
				t := instant(i);
				began := clock_timestamp();
				PERFORM * FROM (%s) AS q;
				IF i > 0 THEN
					RETURN NEXT 1e3 * extract(epoch FROM clock_timestamp() - began);
				END IF;
			END LOOP;
		END $body$ $create$, query);
	SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) INTO answer FROM measure.timed(runs) AS ms;
	RETURN answer;
END $$;

-- What a query answers at 20 instants, as text.
CREATE FUNCTION answers(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	EXECUTE format('SELECT string_agg(q::text, E''\n'' ORDER BY i, n)
		FROM (SELECT i, instant(i) AS t FROM generate_series(1, 20) AS i) AS instants,
			LATERAL (SELECT row_number() OVER () AS n, q FROM (%s) AS q) AS q', query)
	INTO answer;
	RETURN answer;
END $$;

UPDATE operation SET jsonb_ms = median_ms(jsonb_query, runs), timeline_ms = median_ms(timeline_query, runs);
UPDATE operation SET same_answer = answers(jsonb_query) = answers(timeline_query);

DO $$
DECLARE
	different text;
BEGIN
	SELECT string_agg(name, ', ') INTO different FROM operation WHERE same_answer IS NOT TRUE;
	IF different IS NOT NULL THEN
		RAISE EXCEPTION 'jsonb and audio_timeline answer differently: %', different;
	END IF;
	IF (SELECT event_data FROM in_jsonb) <> (SELECT event_data::jsonb FROM in_timeline) THEN
		RAISE EXCEPTION 'the timeline is not the document that went in';
	END IF;
END $$;

-- Results. A ratio is jsonb over audio_timeline, to two digits.
CREATE FUNCTION ratio(a float8, b float8) RETURNS numeric IMMUTABLE LANGUAGE sql AS $$
	SELECT round((a / b)::numeric, 1 - floor(log(a / b))::integer)
$$;
CREATE FUNCTION megabytes(bytes bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
	SELECT to_char(bytes / 1e6, 'FM9990.00') || ' MB'
$$;
CREATE FUNCTION milliseconds(ms float8) RETURNS text IMMUTABLE LANGUAGE sql AS $$
	SELECT to_char(ms, 'FM9990.000') || ' ms'
$$;

\set jsonb_title 'jsonb (' :compression ')'
SELECT what AS size, megabytes(in_text) AS "JSON text", megabytes(in_jsonb) AS :"jsonb_title",
	megabytes(in_timeline) AS audio_timeline, ratio(in_jsonb, in_timeline)
FROM (VALUES
	('the value', (SELECT length(body) FROM document)::bigint,
		(SELECT pg_column_size(event_data) FROM in_jsonb)::bigint,
		(SELECT pg_column_size(event_data) FROM in_timeline)::bigint),
	('its table, TOAST and index', NULL,
		pg_total_relation_size('in_jsonb'), pg_total_relation_size('in_timeline'))
) AS sizes (what, in_text, in_jsonb, in_timeline);

SELECT name AS "median time", runs, milliseconds(jsonb_ms) AS :"jsonb_title",
	milliseconds(timeline_ms) AS audio_timeline, ratio(jsonb_ms, timeline_ms)
FROM (
	SELECT place, name, runs, jsonb_ms, timeline_ms FROM operation
	UNION ALL
	SELECT 99, 'store it, from JSON text', 3, jsonb_ms, timeline_ms FROM store
) AS times ORDER BY place;
