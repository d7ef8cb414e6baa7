-- Part of script/demo: a user looks for a file that another user has in the cache.
-- psql variables: user (a uuid), file (that of the other), other (the other user's uuid).
\ir as-user.sql
\pset null NULL
\set ECHO queries

SELECT get_cached_events(:'file', 'master') AS timeline,
    is_cached(:'file', 'master'),
    (SELECT count(*)
        FROM get_all_cached_events_for_file(:'file')) AS listed,
    delete_cached_events(:'file') AS deleted;

SELECT count(*) AS rows_in_the_table,
    count(*) FILTER (WHERE user_id = :'other') AS of_the_other
FROM audio_event_cache;

\set ON_ERROR_STOP off
SELECT cache_events(:'file', 'bass',
    '{"duration": 5, "sampleRate": 44100}',
    user_id => :'other');
