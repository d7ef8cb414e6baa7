-- Part of script/demo: what a user reads out of a timeline, each time from the cache.
-- psql variables: user and file (uuids). The song must be longer than 65 seconds.
\ir as-user.sql
\set ECHO queries

SELECT duration(tl), sample_rate(tl), num_events(tl), event_types(tl),
    num_markers(tl), marker_types(tl)
FROM get_cached_events(:'file', 'master') AS tl;

SELECT name, unit, dims, frames, frame_rate AS rate, min, max, missing
FROM features(get_cached_events(:'file', 'master'));

\echo '-- A note that began before 60 s and lasts into the window belongs to it.'
SELECT "timestamp", type, duration, confidence, data
FROM get_cached_events(:'file', 'master') AS tl,
    events_between(tl, 60, 65);

SELECT value_at(tl, 'rms', 60) AS rms,
    value_at(tl, 'rms', 60, 'linear') AS rms_linear,
    value_at(tl, 'spectralCentroid', 60) AS centroid_hz,
    value_at(tl, 'chroma', 60, dim => 1) AS chroma_c
FROM get_cached_events(:'file', 'master') AS tl;

SELECT first_frame, first_time, frames, "values"
FROM get_cached_events(:'file', 'master') AS tl,
    feature_slice(tl, 'rms', 60, 60.05);
