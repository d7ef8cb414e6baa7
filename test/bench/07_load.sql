-- Bar 7: from JSON text to a value, and to a stored row, commit included. These tables are logged
-- as a user's tables are.
CREATE TABLE bench.load_timeline (doc audio_timeline);
CREATE TABLE bench.load_jsonb_pglz (doc jsonb COMPRESSION pglz);
CREATE TABLE bench.load_jsonb_lz4 (doc jsonb COMPRESSION lz4);
CREATE TABLE bench.load_json_lz4 (doc json COMPRESSION lz4);

CREATE TABLE bench.load_form (
	place integer GENERATED ALWAYS AS IDENTITY, operation text, form text, statement text, target text
);
INSERT INTO bench.load_form (operation, form, statement, target) VALUES
('from JSON text', 'audio_timeline', 'SELECT pg_column_size($1::audio_timeline)', NULL),
('from JSON text', 'jsonb', 'SELECT pg_column_size($1::jsonb)', NULL),
('from JSON text', 'json: checked only', 'SELECT pg_column_size($1::json)', NULL),
('from JSON text into a table', 'audio_timeline', 'INSERT INTO %s VALUES ($1::audio_timeline)', 'bench.load_timeline'),
('from JSON text into a table', 'jsonb pglz', 'INSERT INTO %s VALUES ($1::jsonb)', 'bench.load_jsonb_pglz'),
('from JSON text into a table', 'jsonb lz4', 'INSERT INTO %s VALUES ($1::jsonb)', 'bench.load_jsonb_lz4'),
('from JSON text into a table', 'json lz4', 'INSERT INTO %s VALUES ($1::json)', 'bench.load_json_lz4');

-- Every form loads the document once in a round, and so often that short ones are timed well.
CREATE PROCEDURE bench.measure_load(data text, times integer) LANGUAGE plpgsql AS $$
DECLARE
	body text;
	form bench.load_form;
	began timestamptz;
BEGIN
	EXECUTE format('SELECT body || '''' FROM %I.document', data) INTO body;
	FOR i IN 1 .. times LOOP
		FOR form IN SELECT * FROM bench.load_form ORDER BY place LOOP
			IF form.target IS NOT NULL THEN
				EXECUTE 'TRUNCATE ' || form.target;
				COMMIT;
			END IF;
			began := clock_timestamp();
			EXECUTE format(form.statement, form.target) USING body;
			COMMIT;
			INSERT INTO bench.sample (bar, operation, data, form, us) VALUES
				(7, form.operation, data, form.form, 1e6 * extract(epoch FROM clock_timestamp() - began));
		END LOOP;
	END LOOP;
END $$;

SET search_path = public;
SELECT 20 * rounds AS short, rounds AS middle, (rounds + 1) / 2 AS long FROM bench.setting \gset
CALL bench.measure_load('song_events', :short);
CALL bench.measure_load('song', :middle);
CALL bench.measure_load('song_doubles', :middle);
CALL bench.measure_load('hour', :long);

SELECT bench.claim(7, format('JSON text to a value, %s: faster than jsonb', data), at_least => 2,
	measured => bench.us('from JSON text', data, 'jsonb') / bench.us('from JSON text', data))
FROM unnest('{song,song_doubles,hour}'::text[]) AS data;
SELECT bench.claim(7, 'JSON text to a value, events only, song: faster than jsonb', at_least => 1,
	measured => bench.us('from JSON text', 'song_events', 'jsonb') / bench.us('from JSON text', 'song_events'));
SELECT bench.claim(7, format('JSON text into a table, song: faster than %s', form), at_least => 4,
	measured => bench.us('from JSON text into a table', 'song', form) / bench.us('from JSON text into a table', 'song'))
FROM unnest('{jsonb pglz,jsonb lz4}'::text[]) AS form;

INSERT INTO bench.remark VALUES (7, 'What bounds the load: a third is reading decimals, a third choosing and packing codecs. pglz is the default compression of jsonb; lz4 takes the server to be built with it and to be told.');
