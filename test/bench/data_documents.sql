-- Part of script/bench: a data set in the forms that keep the whole document in one value.
-- psql variables: data (name of its schema), file (what the analyser wrote), picks, few.
CREATE SCHEMA :data;
SET search_path = :data, public;

CREATE TABLE document (body text);
ALTER TABLE document ALTER body SET STORAGE EXTERNAL;
INSERT INTO document VALUES (pg_read_file(:'file'));

CREATE UNLOGGED TABLE timeline (id integer PRIMARY KEY, tl audio_timeline);
CREATE UNLOGGED TABLE jsonb_pglz (id integer PRIMARY KEY, doc jsonb COMPRESSION pglz);
CREATE UNLOGGED TABLE jsonb_lz4 (id integer PRIMARY KEY, doc jsonb COMPRESSION lz4);
CREATE UNLOGGED TABLE json_lz4 (id integer PRIMARY KEY, doc json COMPRESSION lz4);

INSERT INTO timeline SELECT 1, body::audio_timeline FROM document;
INSERT INTO jsonb_pglz SELECT 1, body::jsonb FROM document;
INSERT INTO jsonb_lz4 SELECT 1, body::jsonb FROM document;
INSERT INTO json_lz4 SELECT 1, body::json FROM document;

INSERT INTO timeline SELECT n, tl FROM timeline, generate_series(2, :picks) AS n;
INSERT INTO jsonb_pglz SELECT n, doc FROM jsonb_pglz, generate_series(2, :few) AS n;
INSERT INTO jsonb_lz4 SELECT n, doc FROM jsonb_lz4, generate_series(2, :few) AS n;
INSERT INTO json_lz4 SELECT n, doc FROM json_lz4, generate_series(2, :few) AS n;

-- The bytes of a timeline as plain bytea.
CREATE UNLOGGED TABLE image_bytea (id integer PRIMARY KEY, image bytea);
ALTER TABLE image_bytea ALTER image SET STORAGE EXTERNAL;
INSERT INTO image_bytea SELECT id, audio_timeline_send(tl) FROM timeline WHERE id <= :few;

VACUUM ANALYZE timeline, jsonb_pglz, jsonb_lz4, json_lz4, image_bytea;

INSERT INTO bench.size (data, form, bytes) VALUES
	(:'data', 'JSON text', (SELECT octet_length(body) FROM document)),
	(:'data', 'audio_timeline', pg_total_relation_size('timeline') / :picks::float8),
	(:'data', 'jsonb pglz', pg_total_relation_size('jsonb_pglz') / :few::float8),
	(:'data', 'jsonb lz4', pg_total_relation_size('jsonb_lz4') / :few::float8),
	(:'data', 'json lz4', pg_total_relation_size('json_lz4') / :few::float8);

SELECT bench.add_data(:'data', tl, :picks, :few) FROM timeline WHERE id = 1;

-- What went in is what comes out.
DO $$
BEGIN
	IF (SELECT doc FROM jsonb_lz4 WHERE id = 1) <> (SELECT tl::jsonb FROM timeline WHERE id = 1) THEN
		RAISE EXCEPTION 'the timeline is not the document that went in';
	END IF;
END $$;
