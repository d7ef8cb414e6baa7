-- Part of script/demo: a feature of a whole song as a picture of 90 columns: up to the mean of
-- each column solid, up to its greatest value shaded; one mark a minute below.
-- psql variables: user and file (uuids), feature (a name, of dims 1).
\ir as-user.sql
\pset tuples_only on
\pset format unaligned

WITH song AS (
	SELECT f.*, duration(tl)
	FROM get_cached_events(:'file', 'master') AS tl, feature(tl, :'feature') AS f
), picture AS (
	SELECT least(width_bucket(first_time + (i - 1) / frame_rate, 0, duration, 90), 90) AS x,
		avg(v) AS mean, max(v) AS most, max(max(v)) OVER () AS top
	FROM song, unnest("values") WITH ORDINALITY AS u (v, i)
	GROUP BY x
)
SELECT string_agg(
	CASE WHEN mean >= top * (y - 0.5) / 8 THEN '█'
		WHEN most >= top * (y - 0.5) / 8 THEN '░'
		ELSE ' '
	END, '' ORDER BY x)
FROM picture, generate_series(1, 8) AS y
GROUP BY y
ORDER BY y DESC;

SELECT string_agg(
	CASE WHEN floor(x * duration / 90 / 60) > floor((x - 1) * duration / 90 / 60) THEN '┴' ELSE '─' END,
	'' ORDER BY x)
FROM get_cached_events(:'file', 'master') AS tl, duration(tl), generate_series(1, 90) AS x;
