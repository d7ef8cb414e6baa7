-- Part of script/bench: the events of a data set as rows.
-- psql variables: data, picks.
SET search_path = :data, public;

CREATE UNLOGGED TABLE event_rows (
	id integer, ts float8, type text, duration float8, confidence float8, data jsonb
);
INSERT INTO event_rows
	SELECT n, e."timestamp", e.type, e.duration, e.confidence, e.data
	FROM timeline, events(tl) AS e, generate_series(1, :picks) AS n
	WHERE timeline.id = 1 ORDER BY n, e."timestamp";
CREATE INDEX ON event_rows (id, ts);
VACUUM ANALYZE event_rows;

INSERT INTO bench.size (data, form, bytes) VALUES
	(:'data', 'event rows, btree (id, ts)', pg_total_relation_size('event_rows') / :picks::float8);
