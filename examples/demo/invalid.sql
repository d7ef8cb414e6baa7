-- Part of script/demo: what somebody is told who stores something that is no timeline.
-- psql variables: user and file (uuids). The errors are the point, so psql goes on after each.
\ir as-user.sql
\set ON_ERROR_STOP off
\set ECHO queries

SELECT update_cached_events(:'file', 'master',
    '{"duration": 5, "sampleRate": 44100, "events": [{"timestamp": 7250, "type": "onset"}]}');

\echo
SELECT update_cached_events(:'file', 'master',
    '{"duration": 5, "sampleRate": 44100, "features": {"rms": {"values": [0.1, 0.2]}}}');

\echo
SELECT update_cached_events(:'file', 'master',
    '{"duration": 5, "sampleRate": 44100 "events": []}');

\echo
SELECT severity, code, message FROM audio_timeline_errors('{"duration": 5, "sampleRate": 44100,
    "events": [{"timestamp": 1, "type": "onset", "confidence": 93},
               {"timestamp": 2, "type": ""}],
    "features": {"rms": {"frameRate": 1, "unit": "linear", "values": [0, 0]}}}');

SELECT duration(tl) AS still_the_song
FROM get_cached_events(:'file', 'master') AS tl;
