-- Bar 6: the whole timeline, as bytes and as JSON text. COPY takes no random row.
INSERT INTO bench.form (bar, operation, form, query, answer) VALUES
(6, 'all of it as bytes', 'audio_timeline', $$
	SELECT octet_length(audio_timeline_send(tl)) FROM timeline WHERE id = few
$$, NULL),
(6, 'all of it as bytes', 'bytea of that size', $$
	SELECT octet_length(byteasend(image)) FROM image_bytea WHERE id = few
$$, NULL),
(6, 'all of it as bytes', 'jsonb pglz', $$
	SELECT octet_length(jsonb_send(doc)) FROM jsonb_pglz WHERE id = few
$$, NULL),
(6, 'all of it by binary COPY', 'audio_timeline', $$
	COPY (SELECT tl FROM timeline WHERE id = 1) TO '/dev/null' (FORMAT binary)
$$, NULL),
(6, 'all of it by binary COPY', 'bytea of that size', $$
	COPY (SELECT image FROM image_bytea WHERE id = 1) TO '/dev/null' (FORMAT binary)
$$, NULL),
(6, 'all of it as JSON text', 'audio_timeline', $$
	SELECT octet_length(tl::text) FROM timeline WHERE id = few
$$, NULL),
(6, 'all of it as JSON text', 'jsonb pglz', $$
	SELECT octet_length(doc::text) FROM jsonb_pglz WHERE id = few
$$, NULL),
(6, 'all of it as JSON text', 'jsonb lz4', $$
	SELECT octet_length(doc::text) FROM jsonb_lz4 WHERE id = few
$$, NULL),
(6, 'all of it as JSON text', 'json lz4', $$
	SELECT octet_length(doc::text) FROM json_lz4 WHERE id = few
$$, NULL);

CALL bench.measure('all of it as bytes', 'song', 'hour');
CALL bench.measure('all of it by binary COPY', 'song', 'hour');
CALL bench.measure('all of it as JSON text', 'song', 'hour', 'song_events', 'hour_events');

SELECT bench.claim(6, 'all of it as bytes, ' || data || ': time against a bytea of that size', at_most => 1.5,
	measured => bench.us('all of it as bytes', data) / bench.us('all of it as bytes', data, 'bytea of that size'))
FROM unnest('{song,hour}'::text[]) AS data;
SELECT bench.claim(6, 'all of it as JSON text, ' || data || ': faster than the fastest jsonb', at_least => 1.5,
	measured => bench.fastest('all of it as JSON text', data, 'jsonb%') / bench.us('all of it as JSON text', data))
FROM unnest('{song,hour}'::text[]) AS data;
SELECT bench.claim(6, 'events only as JSON text, song: faster than the fastest jsonb', at_least => 2,
	measured => bench.fastest('all of it as JSON text', 'song_events', 'jsonb%')
		/ bench.us('all of it as JSON text', 'song_events'));

INSERT INTO bench.remark VALUES (6, 'What bounds the text of events: the shortest decimals of doubles with 17 digits (times, confidences) are a third of it. jsonb keeps the digits it was given.');
