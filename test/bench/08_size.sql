-- Bar 8: sizes of single values as stored. Raw float32 means 4 bytes for each number of 35 series.
SET search_path = song_doubles, public;

-- The 35 floating point series alone, without events and without the peaks, which are bytes.
CREATE TABLE only_series (
	id integer PRIMARY KEY, lossless audio_timeline(lossless), f32 audio_timeline(f32), u16 audio_timeline(u16),
	u8 audio_timeline(u8), raw float8
);
INSERT INTO only_series
	SELECT 1, s, s, s, s, (SELECT sum(4 * f.frames::float8 * f.dims) FROM features(s) AS f)
	FROM (SELECT ((doc - 'events' - 'markers' - 'metadata') #- '{features,waveform}')::audio_timeline AS s
		FROM jsonb_lz4 WHERE id = 1) AS stripped;

SELECT bench.claim(8, 'full song, doubles, lossless: against jsonb (the smaller one)', at_most => 0.70,
	measured => pg_column_size(tl)::float8 / least(pg_column_size(p.doc), pg_column_size(l.doc)))
FROM timeline AS t JOIN jsonb_pglz AS p USING (id) JOIN jsonb_lz4 AS l USING (id) WHERE id = 1;
SELECT bench.claim(8, 'f32, the numbers: against raw float32', at_most => 0.80,
	measured => (SELECT sum(bytes) FROM features(f32)) / raw) FROM only_series;
SELECT bench.claim(8, 'f32, the whole value with directory and summaries: against raw float32', at_most => 0.84,
	measured => pg_column_size(f32) / raw) FROM only_series;
SELECT bench.claim(8, 'u8, the whole value: against raw float32', at_most => 0.27,
	measured => pg_column_size(u8) / raw) FROM only_series;
SELECT bench.claim(8, 'u16, the whole value: against raw float32', measured => pg_column_size(u16) / raw)
FROM only_series;
SELECT bench.claim(8, 'lossless doubles, the whole value: against raw float64',
	measured => pg_column_size(lossless) / (2 * raw)) FROM only_series;

SET search_path = song_events, public;
SELECT bench.claim(8, 'events with their attributes, lossless: against jsonb (the smaller one)', at_most => 0.45,
	measured => pg_column_size(tl)::float8 / least(pg_column_size(p.doc), pg_column_size(l.doc)))
FROM timeline AS t JOIN jsonb_pglz AS p USING (id) JOIN jsonb_lz4 AS l USING (id) WHERE id = 1;
