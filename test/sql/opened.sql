-- Values that a call site keeps open: the answer is that of the value at hand, whatever was read before.

-- Value k has a feature that is k + t at t.  It is stored out of line, and what is looked up is not in its head.
CREATE FUNCTION make_timeline(k integer, padding integer DEFAULT 10000) RETURNS audio_timeline LANGUAGE sql AS $$
	SELECT jsonb_build_object('duration', 100, 'sampleRate', 1000, 'metadata', jsonb_build_object('k', k, 'padding', repeat('x', padding)),
		'events', (SELECT jsonb_agg(jsonb_build_object('timestamp', i, 'type', 'e' || i % 3, 'data', jsonb_build_object('n', k + i))) FROM generate_series(0, 99) i),
		'features', jsonb_build_object('f', jsonb_build_object('frameRate', 1, 'values', (SELECT jsonb_agg(k + i) FROM generate_series(0, 99) i))))::audio_timeline
$$;
CREATE TABLE opened (id integer PRIMARY KEY, v audio_timeline);
INSERT INTO opened SELECT k, make_timeline(k) FROM generate_series(1000, 9000, 1000) k;

-- one value after the other many times; then more values than are kept, by turns
SELECT count(*), count(*) FILTER (WHERE value_at(v, 'f', t) IS DISTINCT FROM id + t) AS wrong FROM opened, generate_series(0, 99) t;
SELECT count(*), count(*) FILTER (WHERE value_at(v, 'f', t) IS DISTINCT FROM id + t) AS wrong
	FROM generate_series(0, 99) t, LATERAL (SELECT id, v FROM opened ORDER BY id OFFSET 0 * t) o;
SELECT count(*), count(*) FILTER (WHERE (e.data ->> 'n')::int IS DISTINCT FROM id + t) AS wrong
	FROM generate_series(0, 99) t, LATERAL (SELECT id, v FROM opened ORDER BY id OFFSET 0 * t) o, LATERAL next_event(v, t - 0.5) e WHERE t > 0;

-- one call site, values stored in every way
CREATE TABLE compressed (id integer, v audio_timeline);
ALTER TABLE compressed ALTER COLUMN v SET STORAGE extended;
INSERT INTO compressed SELECT 100, make_timeline(100, 10000000);
CREATE TABLE inline (id integer, v audio_timeline);
INSERT INTO inline VALUES (10, make_timeline(10, 0)), (20, '{"duration": 100, "sampleRate": 1, "features": {"f": {"frameRate": 1, "values": [20, 21, 22, 23]}}}');
SELECT count(DISTINCT id), count(*) FILTER (WHERE value_at(v, 'f', t) IS DISTINCT FROM id + t) AS wrong, sum(value_at(v, 'f', t))
	FROM generate_series(0, 3) t, LATERAL (
		SELECT id, v FROM opened WHERE id < 3000 + 0 * t UNION ALL SELECT id, v FROM compressed UNION ALL SELECT id, v FROM inline
		UNION ALL SELECT 5, make_timeline(5) UNION ALL SELECT (o).id, (o).v FROM (SELECT o FROM opened o WHERE id = 3000) q
		UNION ALL SELECT 4000, (ARRAY(SELECT v FROM opened WHERE id IN (4000, 5000) ORDER BY id))[1]) s;

-- Within one transaction, in expressions that PL/pgSQL keeps for all of it.
CREATE FUNCTION look(label text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	r opened;
BEGIN
	FOR r IN SELECT * FROM opened WHERE id <= 2000 ORDER BY id LOOP
		RETURN NEXT format('%s: %s is %s', label, r.id, value_at(r.v, 'f', 7));
	END LOOP;
END $$;
CREATE FUNCTION look_at_changes() RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY SELECT look('at first');
	UPDATE opened SET v = make_timeline(id + 1);
	RETURN QUERY SELECT look('updated');
	BEGIN
		UPDATE opened SET v = make_timeline(id + 2);
		RETURN QUERY SELECT look('in a subtransaction');
		RAISE division_by_zero;
	EXCEPTION WHEN division_by_zero THEN
		RETURN QUERY SELECT look('rolled back');
	END;
	UPDATE opened SET id = id;
	RETURN QUERY SELECT look('another column updated');
	CLUSTER opened USING opened_pkey;
	RETURN QUERY SELECT look('clustered');
	ALTER TABLE opened ADD COLUMN other timestamptz DEFAULT clock_timestamp();
	RETURN QUERY SELECT look('rewritten');
	ALTER TABLE opened DROP COLUMN other;
	TRUNCATE opened;
	INSERT INTO opened SELECT k, make_timeline(k + 3) FROM generate_series(1000, 9000, 1000) k;
	RETURN QUERY SELECT look('truncated and filled again');
END $$;
SELECT look_at_changes();
SELECT look('later');
VACUUM FULL opened;
SELECT look('after VACUUM FULL');

-- The variable holds on to what it was given.  In a function called by a query a variable keeps the TOAST pointer.
CREATE FUNCTION hold() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	old audio_timeline;
	sum float8 := 0;
BEGIN
	SELECT v INTO old FROM opened WHERE id = 1000;
	FOR i IN 1..3 LOOP
		sum := sum + value_at(old, 'f', i);
		UPDATE opened SET v = make_timeline(i) WHERE id = 1000;
		sum := sum + value_at(old, 'f', i);
	END LOOP;
	RETURN format('%s of the old value, then %s', sum, value_at((SELECT v FROM opened WHERE id = 1000), 'f', 0));
END $$;
SELECT hold();

-- an open cursor goes on with its snapshot, over an update and a rollback
BEGIN;
DECLARE c CURSOR FOR SELECT id, value_at(v, 'f', t) FROM opened, generate_series(1, 2) t WHERE id > 7000 ORDER BY id, t;
FETCH 2 FROM c;
UPDATE opened SET v = make_timeline(0);
FETCH 1 FROM c;
SAVEPOINT s;
UPDATE opened SET v = make_timeline(1);
FETCH 1 FROM c;
ROLLBACK TO s;
FETCH 5 FROM c;
SELECT DISTINCT value_at(v, 'f', 1) FROM opened;
ROLLBACK;

-- an error in the middle of a lookup, and then the same lookup without one: in one transaction, at one place
CREATE FUNCTION fail_and_go_on() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	r opened;
	states text[];
	answers float8[];
BEGIN
	SELECT * INTO r FROM opened WHERE id = 6000;
	FOR i IN 1..4 LOOP
		BEGIN
			answers[i] := value_at(r.v, 'f', 50 + i, dim => 1 + i % 2);
		EXCEPTION WHEN invalid_parameter_value THEN
			states[i] := SQLSTATE;
		END;
	END LOOP;
	RETURN format('%s %s', answers, states);
END $$;
SELECT fail_and_go_on();

-- chunks that lie where others have been deleted, not one after the other
CREATE TABLE scattered (id integer, v audio_timeline);
INSERT INTO scattered SELECT k, make_timeline(k) FROM generate_series(1, 60) k;
DELETE FROM scattered WHERE id % 3 > 0;
VACUUM scattered;
INSERT INTO scattered SELECT k, make_timeline(k, 40000) FROM generate_series(100, 110) k;
SELECT count(*), count(*) FILTER (WHERE value_at(v, 'f', t) IS DISTINCT FROM id + t OR length(metadata(v)::text) < 10000) AS wrong
	FROM generate_series(0, 99) t, LATERAL (SELECT * FROM scattered OFFSET 0 * t) s;

-- Where a chunk should be lies the same chunk of another value: what comes first, what is looked up, stands in the place of
-- a deleted value, and the rest behind a value that is as long as that one.
CREATE TABLE twins (id integer, v audio_timeline);
INSERT INTO twins SELECT k, make_timeline(k, 22000) FROM generate_series(1, 2) k;
DELETE FROM twins WHERE id = 1;
VACUUM twins;
INSERT INTO twins SELECT 3, jsonb_build_object('duration', 2000, 'sampleRate', 1000, 'metadata', jsonb_build_object('padding', repeat('x', 10000)),
	'events', (SELECT jsonb_agg(jsonb_build_object('timestamp', i, 'type', 'onset', 'data', jsonb_build_object('md5', md5(i::text)))) FROM generate_series(0, 1999) i));
SELECT id, (pg_column_size(v) - 1) / 1996 + 1 AS chunks FROM twins WHERE id = 2;
SELECT e."timestamp", e.data ->> 'md5' = md5('7') AS same FROM twins, next_event(v, 6.5) e WHERE id = 3;

-- more than fits: a call site drops what it has and reads again
CREATE TABLE large (id integer, v audio_timeline);
INSERT INTO large SELECT k, make_timeline(k, 300000) FROM generate_series(1, 3) k;
SET work_mem = '64kB';
SELECT count(*), count(*) FILTER (WHERE length(metadata(v) ->> 'padding') <> 300000 OR (metadata(v) ->> 'k')::int <> id) AS wrong,
	count(*) FILTER (WHERE value_at(v, 'f', t) IS DISTINCT FROM id + t) AS wrong_values
	FROM generate_series(1, 5) t, LATERAL (SELECT * FROM large OFFSET 0 * t) l;
RESET work_mem;

-- in a check, which is kept longer than a query
CREATE DOMAIN short_timeline AS audio_timeline CHECK (value_at(VALUE, 'f', 1) < 5000);
SELECT count(v::short_timeline) FROM opened WHERE id < 4000;
UPDATE opened SET v = make_timeline(1) WHERE id = 9000;
SELECT count(v::short_timeline) FROM opened WHERE id = 9000;
SELECT v::short_timeline FROM opened WHERE id < 9000;

DROP DOMAIN short_timeline;
DROP TABLE opened, compressed, inline, scattered, twins, large;
DROP FUNCTION make_timeline, look, look_at_changes, hold, fail_and_go_on;
