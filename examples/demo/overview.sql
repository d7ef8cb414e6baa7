-- Part of script/demo: a feature of a whole song as a picture of 90 columns: up to the mean of
-- each column solid, up to its greatest value shaded; one mark a minute below.
-- psql variables: user and file (uuids), feature (a name, of dims 1).
\ir as-user.sql
\pset tuples_only on
\pset format unaligned

WITH picture AS (
	SELECT bucket AS x, mean, max AS most, max(max) OVER () AS top
	FROM get_cached_events(:'file', 'master') AS tl,
		overview(tl, :'feature', 90, 0, duration(tl), equal_buckets => true)
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
