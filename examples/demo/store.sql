-- Part of script/demo: stores an analysed song in the user's cache, and shows what is there.
-- psql variables: user and file (uuids), timeline_file (what examples/analyse wrote).
\ir as-user.sql
\set timeline `cat :'timeline_file'`

\echo 'SELECT update_cached_events(':'file'', ''master'', :''timeline'');'
SELECT update_cached_events(:'file', 'master', :'timeline') AS stored \gset

\set ECHO queries
SELECT stem_type, analysis_version, duration(timeline),
    num_events(timeline), num_markers(timeline),
    pg_size_pretty(pg_column_size(timeline)::bigint) AS stored_in
FROM get_all_cached_events_for_file(:'file');
