-- Part of script/bench: the dense series of a data set in every form that a user might think of.
-- A missing number is NaN in all of them: arrays without NULLs are the faster ones.
-- psql variables: data, picks.
SET search_path = :data, public;

-- One row per series, an array that can be read in the middle.
CREATE UNLOGGED TABLE series_real (
	id integer, feature text, dim smallint, numbers real[], PRIMARY KEY (id, feature, dim)
);
ALTER TABLE series_real ALTER numbers SET STORAGE EXTERNAL;
INSERT INTO series_real
	SELECT 1, name, 1 + (n - 1) % whole.dims, array_agg(coalesce(v, 'NaN')::real ORDER BY n)
	FROM timeline, feature_names(tl) AS names, unnest(names) AS name, feature(tl, name) AS whole,
		unnest(whole."values") WITH ORDINALITY AS u(v, n)
	WHERE id = 1
	GROUP BY name, 1 + (n - 1) % whole.dims;

-- The same as bytes.
CREATE UNLOGGED TABLE series_bytea (
	id integer, feature text, dim smallint, numbers bytea, PRIMARY KEY (id, feature, dim)
);
ALTER TABLE series_bytea ALTER numbers SET STORAGE EXTERNAL;
INSERT INTO series_bytea
	SELECT id, feature, dim, (SELECT string_agg(float4send(v), '' ORDER BY n)
		FROM unnest(numbers) WITH ORDINALITY AS u(v, n))
	FROM series_real;

-- All series in one value, one after the other, that of the lookups first.
CREATE UNLOGGED TABLE one_bytea (id integer PRIMARY KEY, numbers bytea);
ALTER TABLE one_bytea ALTER numbers SET STORAGE EXTERNAL;
INSERT INTO one_bytea
	SELECT id, string_agg(numbers, '' ORDER BY feature <> 'rms', feature, dim)
	FROM series_bytea GROUP BY id;

-- Arrays that just fit into a row without TOAST.
CREATE UNLOGGED TABLE chunk_real (
	id integer, feature text, dim smallint, chunk integer, numbers real[],
	PRIMARY KEY (id, feature, dim, chunk)
);
INSERT INTO chunk_real
	SELECT id, feature, dim, (n - 1) / 430, array_agg(v ORDER BY n)
	FROM series_real, unnest(numbers) WITH ORDINALITY AS u(v, n)
	GROUP BY id, feature, dim, (n - 1) / 430 ORDER BY id, feature, dim, (n - 1) / 430;
CREATE INDEX ON chunk_real (id, chunk);

-- One row per frame, one real column per series.
SELECT string_agg(format('%I', column_name), ', ' ORDER BY column_name) AS columns,
	string_agg(format('%I real', column_name), ', ' ORDER BY column_name) AS definitions,
	string_agg(format('(SELECT numbers FROM series_real WHERE id = 1 AND feature = %L AND dim = %s)', feature, dim),
		', ' ORDER BY column_name) AS arrays,
	string_agg(format('float4send(%I)', column_name), ' || ' ORDER BY column_name) AS bytes
FROM (SELECT feature, dim, feature || CASE WHEN count(*) OVER (PARTITION BY feature) > 1 THEN '_' || dim ELSE '' END
		AS column_name FROM series_real WHERE id = 1) AS named \gset

CREATE UNLOGGED TABLE frame_rows (id integer, frame integer, :definitions);
INSERT INTO frame_rows (id, frame, :columns)
	SELECT 1, (n - 1)::integer, :columns
	FROM unnest(:arrays) WITH ORDINALITY AS u(:columns, n);

-- All series in one value, frame after frame.
CREATE UNLOGGED TABLE frame_bytea (id integer PRIMARY KEY, numbers bytea);
ALTER TABLE frame_bytea ALTER numbers SET STORAGE EXTERNAL;
INSERT INTO frame_bytea SELECT id, string_agg(:bytes, '' ORDER BY frame) FROM frame_rows GROUP BY id;

CREATE UNLOGGED TABLE recording (frames integer, duration float8);
INSERT INTO recording SELECT num_frames(tl, 'rms'), duration(tl) FROM timeline WHERE id = 1;

-- Every alternative holds what the timeline holds.
DO $$
BEGIN
	IF EXISTS (SELECT FROM series_real AS s WHERE numbers <> (SELECT array_agg(v ORDER BY chunk, n)
			FROM chunk_real AS c, unnest(c.numbers) WITH ORDINALITY AS u(v, n)
			WHERE c.feature = s.feature AND c.dim = s.dim)) THEN
		RAISE EXCEPTION 'the chunks do not hold the series';
	END IF;
	IF (SELECT array_agg(nullif(mfcc_2, 'NaN') ORDER BY frame) FROM frame_rows) <>
		(SELECT array_agg(v::real ORDER BY n) FROM timeline, feature(tl, 'mfcc'),
			unnest("values") WITH ORDINALITY AS u(v, n) WHERE id = 1 AND n % 13 = 2) THEN
		RAISE EXCEPTION 'the rows do not hold the series';
	END IF;
	IF (SELECT sum(octet_length(numbers)) FROM series_bytea) <> (SELECT 4 * 37 * frames FROM recording)
		OR (SELECT octet_length(numbers) FROM one_bytea) <> (SELECT 4 * 37 * frames FROM recording)
		OR (SELECT octet_length(numbers) FROM frame_bytea) <> (SELECT 4 * 37 * frames FROM recording) THEN
		RAISE EXCEPTION 'the bytes are not those of 37 series';
	END IF;
END $$;

INSERT INTO series_real SELECT n, feature, dim, numbers FROM series_real, generate_series(2, :picks) AS n;
INSERT INTO series_bytea SELECT n, feature, dim, numbers FROM series_bytea, generate_series(2, :picks) AS n;
INSERT INTO one_bytea SELECT n, numbers FROM one_bytea, generate_series(2, :picks) AS n;
INSERT INTO frame_bytea SELECT n, numbers FROM frame_bytea, generate_series(2, :picks) AS n;
INSERT INTO chunk_real
	SELECT n, feature, dim, chunk, numbers FROM generate_series(2, :picks) AS n, chunk_real
	ORDER BY n, feature, dim, chunk;
INSERT INTO frame_rows
	SELECT n, frame, :columns FROM generate_series(2, :picks) AS n, frame_rows ORDER BY n, frame;
ALTER TABLE frame_rows ADD PRIMARY KEY (id, frame);
VACUUM ANALYZE series_real, series_bytea, one_bytea, frame_bytea, chunk_real, frame_rows, recording;

INSERT INTO bench.size (data, form, bytes)
	SELECT :'data', form, pg_total_relation_size(name::regclass) / :picks::float8
	FROM (VALUES
		('one bytea, series-major', 'one_bytea'), ('one bytea, frame-major', 'frame_bytea'),
		('bytea per series', 'series_bytea'), ('real[] per series', 'series_real'),
		('real[430] chunks', 'chunk_real'), ('row per frame', 'frame_rows')
	) AS forms (form, name);
