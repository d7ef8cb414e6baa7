-- Part of script/bench: how a query is timed, and where results and verdicts go.
-- psql variables: rounds, budget (seconds of timing for each form of an operation on a data set).
CREATE SCHEMA bench;

-- Data sets: each is a schema of this name, with the same tables in it.
CREATE TABLE bench.data (
	place integer GENERATED ALWAYS AS IDENTITY,
	name text PRIMARY KEY,
	duration float8,
	frame_rate float8,
	frames integer,
	events integer,
	picks integer,	-- rows in tables that are read in pieces
	few integer		-- rows in tables of documents that are read whole
);

-- Where to look, the same for all forms: a row, an instant t, its frame f, and the frames from g up
-- to h that lie in the 5 seconds from t on.
CREATE TABLE bench.instant (
	data text, n integer, pick integer, few integer, t float8, f integer, g integer, h integer
);

-- One way to do an operation: a query in which the columns of bench.instant are variables. Forms
-- with an "answer" (select list over the query's rows) must all answer the same.
CREATE TABLE bench.form (
	place integer GENERATED ALWAYS AS IDENTITY,
	bar integer, operation text, form text, query text, answer text
);

CREATE TABLE bench.sample (
	place integer GENERATED ALWAYS AS IDENTITY,
	bar integer, operation text, data text, form text, us float8
);
CREATE VIEW bench.result AS
	SELECT bar, operation, data, form, min(place) AS place, count(*) AS samples,
		percentile_cont(0.5) WITHIN GROUP (ORDER BY us) AS us,
		percentile_cont(0.95) WITHIN GROUP (ORDER BY us) AS p95
	FROM bench.sample GROUP BY bar, operation, data, form;

CREATE TABLE bench.size (
	place integer GENERATED ALWAYS AS IDENTITY,
	data text, form text, bytes float8	-- for one recording: table, TOAST and indexes
);

CREATE TABLE bench.claim (
	place integer GENERATED ALWAYS AS IDENTITY,
	bar integer, claim text, measured float8, unit text, at_most float8, at_least float8
);
CREATE TABLE bench.remark (bar integer, remark text);

-- How many rounds (in each of them every form has its turn), and how long all of them may take.
CREATE TABLE bench.setting AS SELECT :rounds::integer AS rounds, :budget::float8 AS budget;

-- ---------------------------------------------------------------------------------------------
-- Data sets
-- ---------------------------------------------------------------------------------------------

CREATE FUNCTION bench.add_data(name text, tl audio_timeline, picks integer, few integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO bench.data (name, duration, frame_rate, frames, events, picks, few) VALUES
		(name, duration(tl),
		 frame_rate(tl, 'rms', missing_ok => true), num_frames(tl, 'rms', missing_ok => true),
		 num_events(tl) + num_markers(tl), picks, few);
	PERFORM setseed(0.5);
	INSERT INTO bench.instant
		SELECT d.name, n, 1 + floor(random() * d.picks), 1 + floor(random() * d.few), t,
			floor(t * d.frame_rate), ceil(t * d.frame_rate), ceil((t + 5) * d.frame_rate)
		FROM bench.data AS d, generate_series(1, 997) AS n,
			LATERAL (SELECT (d.duration - 6) * random() + n * 0 AS t) AS instant
		WHERE d.name = add_data.name;
END $$;

-- ---------------------------------------------------------------------------------------------
-- Timing
-- ---------------------------------------------------------------------------------------------

-- Makes bench.timer_<number>(samples, calls, start): times of a prepared query in microseconds.
-- A sample is the mean of so many calls, as clock_timestamp() counts whole microseconds.
CREATE PROCEDURE bench.make_timer(number integer, data text, query text) LANGUAGE plpgsql AS $$
BEGIN
	-- COPY takes no variables, and has no rows to throw away.
	IF query !~ '^\s*COPY' THEN
		query := format('PERFORM * FROM (%s) AS q', query);
	END IF;
	EXECUTE format($create$
		CREATE OR REPLACE FUNCTION bench.timer_%s(samples integer, calls integer, start integer)
		RETURNS SETOF float8 LANGUAGE plpgsql AS $body$
		DECLARE
			picks integer[]; fews integer[]; instants float8[]; fs integer[]; gs integer[]; hs integer[];
			pick integer; few integer; t float8; f integer; g integer; h integer;
			place integer := start;
			began timestamptz;
		BEGIN
			SELECT array_agg(i.pick ORDER BY i.n), array_agg(i.few ORDER BY i.n), array_agg(i.t ORDER BY i.n),
				array_agg(i.f ORDER BY i.n), array_agg(i.g ORDER BY i.n), array_agg(i.h ORDER BY i.n)
			INTO picks, fews, instants, fs, gs, hs FROM bench.instant AS i WHERE i.data = %L;
			FOR s IN 1 .. samples LOOP
				began := clock_timestamp();
				FOR c IN 1 .. calls LOOP
					place := place %% 997 + 1;
					pick := picks[place]; few := fews[place]; t := instants[place];
					f := fs[place]; g := gs[place]; h := hs[place];
					%s;
				END LOOP;
				RETURN NEXT 1e6 * extract(epoch FROM clock_timestamp() - began) / calls;
			END LOOP;
		END $body$ $create$, number, data, query);
END $$;

CREATE FUNCTION bench.time(number integer, samples integer, calls integer, start integer)
RETURNS SETOF float8 LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT * FROM bench.timer_%s($1, $2, $3)', number)
		USING samples, calls, start;
END $$;

-- All forms of an operation on a data set, one after the other in every round, so that whatever
-- slows the machine down for a while slows all of them down.
CREATE PROCEDURE bench.measure_operation(operation text, data text) LANGUAGE plpgsql AS $$
DECLARE
	setting bench.setting;
	bar integer;
	forms text[];
	queries text[];
	us float8;
	calls integer[] := '{}';
	samples integer[] := '{}';
BEGIN
	SELECT * INTO setting FROM bench.setting;
	SELECT min(o.bar), array_agg(o.form ORDER BY place), array_agg(o.query ORDER BY place) INTO bar, forms, queries
	FROM bench.form AS o WHERE o.operation = measure_operation.operation;
	-- The first call warms up, the second tells how many there can be.
	FOR i IN 1 .. cardinality(forms) LOOP
		CALL bench.make_timer(i, data, queries[i]);
		SELECT greatest(min(u), 1) INTO us FROM bench.time(i, 2, 1, 0) AS u;
		calls[i] := least(50, greatest(1, 1000 / us));
		samples[i] := least(100, greatest(1, setting.budget * 1e6 / setting.rounds / (us * calls[i])));
	END LOOP;
	FOR round IN 1 .. setting.rounds LOOP
		FOR i IN 1 .. cardinality(forms) LOOP
			-- After another form's turn the first sample of short calls finds cold caches.
			INSERT INTO bench.sample (bar, operation, data, form, us)
				SELECT bar, operation, data, forms[i], u
				FROM bench.time(i, samples[i] + 1, calls[i], 100 * round) WITH ORDINALITY AS s(u, n)
				WHERE n > 1 OR calls[i] = 1;
		END LOOP;
	END LOOP;
END $$;

-- ---------------------------------------------------------------------------------------------
-- Comparing answers
-- ---------------------------------------------------------------------------------------------

-- What a query answers at three instants of the current data set.
CREATE FUNCTION bench.answers(query text, answer text, data text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answers text;
BEGIN
	EXECUTE format('SELECT string_agg((SELECT (%s)::text FROM (%s) AS q), E''\n'' ORDER BY n)
		FROM bench.instant WHERE data = %L AND n <= 3', answer, query, data) INTO answers;
	RETURN coalesce(answers, 'nothing');
END $$;

CREATE PROCEDURE bench.compare_answers(operation text, data text) LANGUAGE plpgsql AS $$
DECLARE
	f bench.form;
	answers text;
	expected text;
BEGIN
	FOR f IN SELECT * FROM bench.form AS o
		WHERE o.operation = compare_answers.operation AND o.answer IS NOT NULL ORDER BY place
	LOOP
		answers := bench.answers(f.query, f.answer, data);
		expected := coalesce(expected, answers);
		IF answers <> expected THEN
			RAISE EXCEPTION '%: "%" answers differently on %', operation, f.form, data
				USING DETAIL = format('%s instead of %s', left(answers, 300), left(expected, 300));
		END IF;
	END LOOP;
END $$;

-- ---------------------------------------------------------------------------------------------
-- For the bars
-- ---------------------------------------------------------------------------------------------

-- An operation on some data sets.
CREATE PROCEDURE bench.measure(operation text, VARIADIC data text[]) LANGUAGE plpgsql AS $$
DECLARE
	d text;
BEGIN
	FOREACH d IN ARRAY data LOOP
		PERFORM set_config('search_path', quote_ident(d) || ', public', false);
		CALL bench.compare_answers(operation, d);
		CALL bench.measure_operation(operation, d);
	END LOOP;
END $$;

-- The median, and the least median among forms.
CREATE FUNCTION bench.us(operation text, data text, form text DEFAULT 'audio_timeline')
RETURNS float8 STABLE LANGUAGE sql AS $$
	SELECT us FROM bench.result AS r
	WHERE r.operation = us.operation AND r.data = us.data AND r.form = us.form
$$;
CREATE FUNCTION bench.fastest(operation text, data text, VARIADIC forms text[])
RETURNS float8 STABLE LANGUAGE sql AS $$
	SELECT min(us) FROM bench.result AS r
	WHERE r.operation = fastest.operation AND r.data = fastest.data AND r.form LIKE ANY (forms)
$$;

-- The greatest number of buffers that a query touches at the first ten instants, when warm.
CREATE FUNCTION bench.buffers(data text, query text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	i bench.instant;
	plan json;
	buffers integer := 0;
BEGIN
	PERFORM set_config('search_path', quote_ident(data) || ', public', true);
	FOR i IN SELECT * FROM bench.instant AS b WHERE b.data = buffers.data AND n <= 10 LOOP
		FOR attempt IN 1 .. 2 LOOP
			EXECUTE format('EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT q.* FROM (VALUES (%s, %s::float8, %s))
				AS v (pick, t, f), LATERAL (%s) AS q', i.pick, i.t, i.f, query) INTO plan;
		END LOOP;
		buffers := greatest(buffers, (plan #>> '{0,Plan,Shared Hit Blocks}')::integer
			+ (plan #>> '{0,Plan,Shared Read Blocks}')::integer);
	END LOOP;
	RETURN buffers;
END $$;

-- Writes down what was measured, and what is wanted of it.
CREATE FUNCTION bench.claim(bar integer, claim text, measured float8,
	at_most float8 DEFAULT NULL, at_least float8 DEFAULT NULL, unit text DEFAULT 'x') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF measured IS NULL THEN
		RAISE EXCEPTION 'bar %: not measured: %', bar, claim;
	END IF;
	INSERT INTO bench.claim (bar, claim, measured, unit, at_most, at_least)
	VALUES (bar, claim, measured, unit, at_most, at_least);
END $$;
