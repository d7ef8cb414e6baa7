-- Bar 3: all features at an instant, and sampled at 60 frames per second for one second.
INSERT INTO bench.form (bar, operation, form, query, answer) VALUES
(3, 'all features at t', 'audio_timeline', $$
	SELECT feature, "values" FROM timeline, values_at(tl, t) WHERE id = pick
$$, 'round(sum((SELECT sum(v) FROM unnest("values") AS v))::numeric, 3)'),
(3, 'all features at t', 'one bytea, frame-major', $$
	SELECT substr(numbers, 1 + 4 * 37 * f, 4 * 37) FROM frame_bytea WHERE id = pick
$$, NULL),
(3, 'all features at t', 'bytea per series, 4 bytes of each', $$
	SELECT feature, dim, substr(numbers, 1 + 4 * f, 4) FROM series_bytea WHERE id = pick
$$, NULL),
(3, 'all features at t', 'row per frame', $$
	SELECT * FROM frame_rows WHERE id = pick AND frame = f
$$, '(SELECT round(sum(nullif(value, ''NaN'')::real::float8)::numeric, 3)
	FROM jsonb_each_text(to_jsonb(q) - ''id'' - ''frame''))'),
(3, 'all features at t', 'real[430] chunks', $$
	SELECT feature, dim, numbers[1 + f % 430] FROM chunk_real WHERE id = pick AND chunk = f / 430
$$, 'round(sum(nullif(numbers, ''NaN'')::float8)::numeric, 3)'),
(3, 'all features at t', 'real[] per series', $$
	SELECT feature, dim, numbers[1 + f] FROM series_real WHERE id = pick
$$, 'round(sum(nullif(numbers, ''NaN'')::float8)::numeric, 3)'),
(3, 'all features at t', 'jsonb pglz', $$
	SELECT jsonb_path_query(doc, '$.features.*.values[$frame]', jsonb_build_object('frame', f))
	FROM jsonb_pglz WHERE id = few
$$, NULL),
(3, 'all features at t', 'jsonb lz4', $$
	SELECT jsonb_path_query(doc, '$.features.*.values[$frame]', jsonb_build_object('frame', f))
	FROM jsonb_lz4 WHERE id = few
$$, NULL),
(3, '60 frames of all features', 'audio_timeline', $$
	SELECT frame, "time", "values" FROM timeline, sample_frames(tl, 60, floor(t * 60)::integer, 60) WHERE id = pick
$$, '4 * sum(cardinality("values"))'),
(3, '60 frames of all features', 'audio_timeline, as float32 bytes', $$
	SELECT sample_frames_bytes(tl, 60, floor(t * 60)::integer, 60) FROM timeline WHERE id = pick
$$, 'octet_length(sample_frames_bytes)'),
(3, '60 frames of all features', 'one bytea, frame-major: the second', $$
	SELECT substr(numbers, 1 + 4 * 37 * f, 4 * 37 * 87) FROM frame_bytea WHERE id = pick
$$, NULL),
(3, '60 frames of all features', 'row per frame: the second', $$
	SELECT * FROM frame_rows WHERE id = pick AND frame BETWEEN f AND f + 86 ORDER BY frame
$$, NULL),
(3, '60 frames of all features', 'bytea per series: the second', $$
	SELECT feature, dim, substr(numbers, 1 + 4 * f, 4 * 87) FROM series_bytea WHERE id = pick
$$, NULL);

CALL bench.measure('all features at t', 'song', 'hour');
CALL bench.measure('60 frames of all features', 'song', 'hour');

SELECT bench.claim(3, 'values_at of all features, ' || data || ': time against as many substr() of bytea rows', at_most => 1,
	measured => bench.us('all features at t', data)
		/ bench.us('all features at t', data, 'bytea per series, 4 bytes of each'))
FROM unnest('{song,hour}'::text[]) AS data;
SELECT bench.claim(3, 'values_at of all features, ' || data || ': time against one read of a frame-major bytea',
	measured => bench.us('all features at t', data) / bench.us('all features at t', data, 'one bytea, frame-major'))
FROM unnest('{song,hour}'::text[]) AS data;
SELECT bench.claim(3, 'sample_frames of 60 frames, ' || data || ': time against values_at', at_most => 4,
	measured => bench.us('60 frames of all features', data) / bench.us('all features at t', data))
FROM unnest('{song,hour}'::text[]) AS data;
SELECT bench.claim(3, 'sample_frames_bytes of 60 frames, ' || data || ': time against values_at', at_most => 4,
	measured => bench.us('60 frames of all features', data, 'audio_timeline, as float32 bytes')
		/ bench.us('all features at t', data))
FROM unnest('{song,hour}'::text[]) AS data;

INSERT INTO bench.remark VALUES (3, 'What bounds values_at beside one read of a frame-major bytea: a row with a name and an array for each feature, and one number decoded out of each of 37 pieces; the bytea is 140 bytes that the client takes apart.');
