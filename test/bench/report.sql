-- Part of script/bench: what was measured, as Markdown. Lines come out unaligned.
-- psql variables: command, machine, postgres, missing (bars that could not be measured).
SET search_path = public;

CREATE FUNCTION bench.number(x float8) RETURNS text IMMUTABLE LANGUAGE sql AS $$
	SELECT CASE WHEN abs(x) < 1 THEN to_char(x, 'FM0.000') WHEN abs(x) < 10 THEN to_char(x, 'FM990.00') WHEN abs(x) < 100 THEN to_char(x, 'FM990.0')
		ELSE to_char(x, 'FM999,999,999,990') END
$$;

-- How far a claim is on the right side of its limit; below 1 it is on the wrong one.
CREATE VIEW bench.verdict AS
	SELECT c.*, CASE WHEN at_most IS NOT NULL THEN measured <= at_most ELSE measured >= at_least END AS pass,
		CASE WHEN unit = 'buffers' THEN NULL WHEN at_most IS NOT NULL THEN at_most / measured
			ELSE measured / at_least END AS margin
	FROM bench.claim AS c;

\echo '# Benchmarks'
\echo
SELECT format(E'Written by `%s` on %s. PostgreSQL %s.\n', :'command', :'machine', :'postgres');
SELECT E'Real analysed music in every form that a PostgreSQL user might choose, measured in one run in one throwaway\n'
	'cluster. `script/bench` repeats it; [how it is done](#how-it-is-done) is below. x means times.' || E'\n';

SELECT format('| data | duration | frames | series | events and markers | rows that lookups choose from |')
UNION ALL SELECT '|---|---|---|---|---|---|';
SELECT format('| %s | %s s | %s | %s | %s | %s; of whole documents %s |', name, bench.number(duration),
	CASE WHEN frames IS NULL THEN 'none' ELSE bench.number(frames) END,
	CASE WHEN frames IS NULL THEN 'none' WHEN name = 'long' THEN '35' ELSE '35 and a pair of peaks' END,
	to_char(events, 'FM999,999,990'), picks, few)
FROM bench.data ORDER BY place;

\echo
SELECT E'This is a quick run: the hour is shorter, so what the bars want of an hour is not what they get here.\n'
FROM bench.data WHERE name = 'hour' AND duration < 3600;
\echo '## Bars'
\echo
SELECT CASE WHEN :'missing' <> '' THEN format(E'**Could not be measured: %s.**\n', :'missing') END
WHERE :'missing' <> '';
SELECT format(E'%s of %s met. A line without a limit is there for comparison.\n', count(*) FILTER (WHERE pass), count(pass))
FROM bench.verdict;
\echo '| bar | what | measured | wanted | verdict |'
\echo '|---|---|---|---|---|'
SELECT format('| %s | %s | %s %s | %s | %s |', bar, claim, bench.number(measured), unit,
	coalesce('at most ' || at_most, 'at least ' || at_least, ''),
	CASE WHEN pass THEN 'pass' || coalesce(', ' || bench.number(margin) || ' x better', '')
		WHEN NOT pass THEN '**MISS**' || coalesce(', by ' || bench.number(1 / margin) || ' x', '') END)
FROM bench.verdict ORDER BY bar, place;
SELECT format(E'\nBar %s: %s', bar, remark) FROM bench.remark ORDER BY bar;

\echo
\echo '## Times'
\echo
\echo 'Median and 95th percentile in microseconds, and the ratio of the median to that of audio_timeline.'
SELECT format(E'\n**%s**\n\n| form | %s |\n|---|%s\n%s', operation, string_agg(data || ': median | 95 % | ratio', ' | ' ORDER BY place),
	repeat('---|', 3 * count(*)::integer), (
		SELECT string_agg(format('| %s | %s |', form, cells), E'\n' ORDER BY place)
		FROM (SELECT r.form, min(r.place) AS place, string_agg(coalesce(format('%s | %s | %s', bench.number(r.us),
				bench.number(r.p95), bench.number(r.us / own.us) || ' x'), ' | | '), ' | ' ORDER BY d.place) AS cells
			FROM bench.result AS r JOIN bench.data AS d ON d.name = r.data
				JOIN LATERAL (SELECT us FROM bench.result AS o WHERE o.operation = r.operation AND o.data = r.data
					AND o.form LIKE 'audio_timeline%' ORDER BY o.place LIMIT 1) AS own ON true
			WHERE r.operation = sets.operation GROUP BY r.form) AS rows))
FROM (SELECT bar, operation, data, d.place, min(r.place) AS first FROM bench.result AS r
		JOIN bench.data AS d ON d.name = data
	GROUP BY bar, operation, data, d.place) AS sets
GROUP BY bar, operation ORDER BY min(first);

\echo
\echo '## Sizes'
\echo
\echo 'Kilobytes (1,000 bytes) for one recording, with TOAST, indexes and the free space in them.'
\echo
SELECT format('| form | %s |', string_agg(name, ' | ' ORDER BY place)) FROM bench.data WHERE name <> 'long';
SELECT format('|---|%s', repeat('---|', count(*)::integer)) FROM bench.data WHERE name <> 'long';
SELECT format('| %s | %s |', f.form, string_agg(coalesce(bench.number(bytes / 1000), ''), ' | ' ORDER BY d.place))
FROM (SELECT form, min(place) AS place FROM bench.size GROUP BY form) AS f CROSS JOIN bench.data AS d
	LEFT JOIN bench.size AS s ON s.form = f.form AND s.data = d.name
WHERE d.name <> 'long' GROUP BY f.form, f.place ORDER BY f.place;
