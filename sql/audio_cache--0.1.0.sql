/* audio_cache 0.1.0: install script */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION audio_cache" to load this file. \quit

/*
 * COST is measured on a stored song of 3 MB, in operators of some 25 ns each:
 * 100 where the header is enough (2.5 us), 250 for the head and a few pieces
 * (6 us), 3000 for two seconds of a renderer's frames (75 us), 10000 for an
 * overview (0.4 ms) or five seconds of frames as rows (0.3 ms), 100000 for the
 * whole value (from 0.3 ms up).  So the planner calls the dear ones last, and
 * thinks of parallel workers for them.
 */

CREATE FUNCTION audio_cache_version() RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION audio_cache_version() IS
	'version of the loaded audio_cache library';

-- A database in another encoding is told now, not by its first timeline.
CREATE FUNCTION audio_timeline_require_utf8() RETURNS void
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE;
SELECT audio_timeline_require_utf8();
DROP FUNCTION audio_timeline_require_utf8();

-- type

CREATE TYPE audio_timeline;

CREATE FUNCTION audio_timeline_in(cstring, oid, integer) RETURNS audio_timeline
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION audio_timeline_in(cstring, oid, integer) IS 'internal: I/O';

CREATE FUNCTION audio_timeline_out(audio_timeline) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION audio_timeline_out(audio_timeline) IS 'internal: I/O';

CREATE FUNCTION audio_timeline_recv(internal, oid, integer) RETURNS audio_timeline
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION audio_timeline_recv(internal, oid, integer) IS 'internal: I/O';

CREATE FUNCTION audio_timeline_send(audio_timeline) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION audio_timeline_send(audio_timeline) IS 'internal: I/O';

CREATE FUNCTION audio_timeline_typmod_in(cstring[]) RETURNS integer
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION audio_timeline_typmod_in(cstring[]) IS 'internal: I/O typmod';

CREATE FUNCTION audio_timeline_typmod_out(integer) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION audio_timeline_typmod_out(integer) IS 'internal: I/O typmod';

-- External storage: only an uncompressed value can be read in the middle.
CREATE TYPE audio_timeline (
	INPUT = audio_timeline_in,
	OUTPUT = audio_timeline_out,
	RECEIVE = audio_timeline_recv,
	SEND = audio_timeline_send,
	TYPMOD_IN = audio_timeline_typmod_in,
	TYPMOD_OUT = audio_timeline_typmod_out,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = external
);
COMMENT ON TYPE audio_timeline IS
	'events, markers and feature series of one audio file or stem';

-- casts

-- The server passes the type modifier of the target, and whether the cast is written out.
CREATE FUNCTION audio_timeline_from_json(document json, modifier integer DEFAULT -1, explicit boolean DEFAULT false)
	RETURNS audio_timeline
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION audio_timeline_from_json(json, integer, boolean) IS
	'internal: cast from JSON';

CREATE FUNCTION audio_timeline_from_jsonb(document jsonb, modifier integer DEFAULT -1, explicit boolean DEFAULT false)
	RETURNS audio_timeline
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION audio_timeline_from_jsonb(jsonb, integer, boolean) IS
	'internal: cast from JSON';

CREATE FUNCTION audio_timeline_to_json(audio_timeline) RETURNS json
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION audio_timeline_to_json(audio_timeline) IS
	'internal: cast to JSON';

CREATE FUNCTION audio_timeline_to_jsonb(audio_timeline) RETURNS jsonb
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION audio_timeline_to_jsonb(audio_timeline) IS
	'internal: cast to JSON';

CREATE FUNCTION audio_timeline(timeline audio_timeline, modifier integer, explicit boolean) RETURNS audio_timeline
	AS 'MODULE_PATHNAME', 'audio_timeline_modify' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION audio_timeline(audio_timeline, integer, boolean) IS
	'internal: cast to a type modifier';

CREATE CAST (audio_timeline AS audio_timeline) WITH FUNCTION audio_timeline(audio_timeline, integer, boolean) AS IMPLICIT;
COMMENT ON CAST (audio_timeline AS audio_timeline) IS 'timeline as a type modifier wants it';
CREATE CAST (json AS audio_timeline) WITH FUNCTION audio_timeline_from_json(json, integer, boolean) AS ASSIGNMENT;
COMMENT ON CAST (json AS audio_timeline) IS 'timeline from its JSON form, checked';
CREATE CAST (jsonb AS audio_timeline) WITH FUNCTION audio_timeline_from_jsonb(jsonb, integer, boolean) AS ASSIGNMENT;
COMMENT ON CAST (jsonb AS audio_timeline) IS 'timeline from its JSON form, checked';

-- row_to_json and its kin look for exactly this cast: with it they show an object.
CREATE CAST (audio_timeline AS json) WITH FUNCTION audio_timeline_to_json(audio_timeline);
COMMENT ON CAST (audio_timeline AS json) IS 'JSON form of a timeline';
CREATE CAST (audio_timeline AS jsonb) WITH FUNCTION audio_timeline_to_jsonb(audio_timeline);
COMMENT ON CAST (audio_timeline AS jsonb) IS 'JSON form of a timeline';

-- validation

-- Of text and json too: these show what no jsonb can hold, or has lost.
CREATE FUNCTION audio_timeline_errors(document jsonb)
	RETURNS TABLE (severity text, code text, path text, message text, hint text, repair text)
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000 ROWS 100;
COMMENT ON FUNCTION audio_timeline_errors(jsonb) IS
	'all problems of a document as a timeline: errors and warnings';

CREATE FUNCTION audio_timeline_errors(document json)
	RETURNS TABLE (severity text, code text, path text, message text, hint text, repair text)
	AS 'MODULE_PATHNAME', 'audio_timeline_errors_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000 ROWS 100;
COMMENT ON FUNCTION audio_timeline_errors(json) IS
	'all problems of a document as a timeline: errors and warnings';

CREATE FUNCTION audio_timeline_errors(document text)
	RETURNS TABLE (severity text, code text, path text, message text, hint text, repair text)
	AS 'MODULE_PATHNAME', 'audio_timeline_errors_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000 ROWS 100;
COMMENT ON FUNCTION audio_timeline_errors(text) IS
	'all problems of a document as a timeline: errors and warnings';

CREATE FUNCTION audio_timeline_is_valid(document jsonb) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION audio_timeline_is_valid(jsonb) IS
	'whether a document is a valid timeline';

CREATE FUNCTION audio_timeline_is_valid(document json) RETURNS boolean
	AS 'MODULE_PATHNAME', 'audio_timeline_is_valid_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION audio_timeline_is_valid(json) IS
	'whether a document is a valid timeline';

CREATE FUNCTION audio_timeline_is_valid(document text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'audio_timeline_is_valid_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION audio_timeline_is_valid(text) IS
	'whether a document is a valid timeline';

CREATE FUNCTION audio_timeline_repair(document jsonb, repairs text[])
	RETURNS TABLE (document jsonb, changes jsonb, errors integer)
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 1;
COMMENT ON FUNCTION audio_timeline_repair(jsonb, text[]) IS
	'a document mended by the named repairs, what was changed, and how many errors are left';

CREATE FUNCTION audio_timeline_repair(document jsonb, repairs text)
	RETURNS TABLE (document jsonb, changes jsonb, errors integer)
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 1;
COMMENT ON FUNCTION audio_timeline_repair(jsonb, text) IS
	'a document mended by one repair, what was changed, and how many errors are left';

-- comparison: by the logical value, whatever the stored bytes

CREATE FUNCTION audio_timeline_eq(audio_timeline, audio_timeline) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100000;
COMMENT ON FUNCTION audio_timeline_eq(audio_timeline, audio_timeline) IS
	'internal: implementation of = operator';

CREATE FUNCTION audio_timeline_ne(audio_timeline, audio_timeline) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100000;
COMMENT ON FUNCTION audio_timeline_ne(audio_timeline, audio_timeline) IS
	'internal: implementation of <> operator';

CREATE FUNCTION audio_timeline_lt(audio_timeline, audio_timeline) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100000;
COMMENT ON FUNCTION audio_timeline_lt(audio_timeline, audio_timeline) IS
	'internal: implementation of < operator';

CREATE FUNCTION audio_timeline_le(audio_timeline, audio_timeline) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100000;
COMMENT ON FUNCTION audio_timeline_le(audio_timeline, audio_timeline) IS
	'internal: implementation of <= operator';

CREATE FUNCTION audio_timeline_gt(audio_timeline, audio_timeline) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100000;
COMMENT ON FUNCTION audio_timeline_gt(audio_timeline, audio_timeline) IS
	'internal: implementation of > operator';

CREATE FUNCTION audio_timeline_ge(audio_timeline, audio_timeline) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100000;
COMMENT ON FUNCTION audio_timeline_ge(audio_timeline, audio_timeline) IS
	'internal: implementation of >= operator';

CREATE FUNCTION audio_timeline_cmp(audio_timeline, audio_timeline) RETURNS integer
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100000;
COMMENT ON FUNCTION audio_timeline_cmp(audio_timeline, audio_timeline) IS
	'internal: less-equal-greater';

CREATE FUNCTION audio_timeline_hash(audio_timeline) RETURNS integer
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100000;
COMMENT ON FUNCTION audio_timeline_hash(audio_timeline) IS
	'internal: hash';

CREATE FUNCTION audio_timeline_hash_extended(audio_timeline, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100000;
COMMENT ON FUNCTION audio_timeline_hash_extended(audio_timeline, bigint) IS
	'internal: hash with a seed';

CREATE OPERATOR = (
	FUNCTION = audio_timeline_eq, LEFTARG = audio_timeline, RIGHTARG = audio_timeline,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (audio_timeline, audio_timeline) IS 'equal, as the timelines are as jsonb';

CREATE OPERATOR <> (
	FUNCTION = audio_timeline_ne, LEFTARG = audio_timeline, RIGHTARG = audio_timeline,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (audio_timeline, audio_timeline) IS 'not equal, as the timelines are as jsonb';

CREATE OPERATOR < (
	FUNCTION = audio_timeline_lt, LEFTARG = audio_timeline, RIGHTARG = audio_timeline,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (audio_timeline, audio_timeline) IS 'less than';

CREATE OPERATOR <= (
	FUNCTION = audio_timeline_le, LEFTARG = audio_timeline, RIGHTARG = audio_timeline,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (audio_timeline, audio_timeline) IS 'less than or equal';

CREATE OPERATOR > (
	FUNCTION = audio_timeline_gt, LEFTARG = audio_timeline, RIGHTARG = audio_timeline,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (audio_timeline, audio_timeline) IS 'greater than';

CREATE OPERATOR >= (
	FUNCTION = audio_timeline_ge, LEFTARG = audio_timeline, RIGHTARG = audio_timeline,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (audio_timeline, audio_timeline) IS 'greater than or equal';

CREATE OPERATOR CLASS audio_timeline_ops DEFAULT FOR TYPE audio_timeline USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 audio_timeline_cmp(audio_timeline, audio_timeline);
COMMENT ON OPERATOR CLASS audio_timeline_ops USING btree IS 'order of timelines';
COMMENT ON OPERATOR FAMILY audio_timeline_ops USING btree IS 'order of timelines';

CREATE OPERATOR CLASS audio_timeline_ops DEFAULT FOR TYPE audio_timeline USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 audio_timeline_hash(audio_timeline),
	FUNCTION 2 audio_timeline_hash_extended(audio_timeline, bigint);
COMMENT ON OPERATOR CLASS audio_timeline_ops USING hash IS 'equality of timelines';
COMMENT ON OPERATOR FAMILY audio_timeline_ops USING hash IS 'equality of timelines';

-- accessors: what the header and the directories say

CREATE FUNCTION duration(timeline audio_timeline) RETURNS double precision
	AS 'MODULE_PATHNAME', 'audio_timeline_duration' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100;
COMMENT ON FUNCTION duration(audio_timeline) IS
	'duration in seconds';

CREATE FUNCTION start_time(timeline audio_timeline) RETURNS double precision
	AS 'MODULE_PATHNAME', 'audio_timeline_start_time' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100;
COMMENT ON FUNCTION start_time(audio_timeline) IS
	'where the timeline begins in seconds: 0, or less with a count-in';

CREATE FUNCTION sample_rate(timeline audio_timeline) RETURNS integer
	AS 'MODULE_PATHNAME', 'audio_timeline_sample_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100;
COMMENT ON FUNCTION sample_rate(audio_timeline) IS
	'sample rate in Hz';

CREATE FUNCTION metadata(timeline audio_timeline) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'audio_timeline_metadata' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 250;
COMMENT ON FUNCTION metadata(audio_timeline) IS
	'member "metadata", or NULL';

CREATE FUNCTION num_events(timeline audio_timeline, types text[] DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'audio_timeline_num_events' LANGUAGE C IMMUTABLE PARALLEL SAFE LEAKPROOF COST 100;
COMMENT ON FUNCTION num_events(audio_timeline, text[]) IS
	'number of events, of some types if given';

CREATE FUNCTION num_events(timeline audio_timeline, types text) RETURNS integer
	AS 'MODULE_PATHNAME', 'audio_timeline_num_events' LANGUAGE C IMMUTABLE PARALLEL SAFE LEAKPROOF COST 100;
COMMENT ON FUNCTION num_events(audio_timeline, text) IS
	'number of events, of one type';

CREATE FUNCTION num_markers(timeline audio_timeline, types text[] DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'audio_timeline_num_markers' LANGUAGE C IMMUTABLE PARALLEL SAFE LEAKPROOF COST 100;
COMMENT ON FUNCTION num_markers(audio_timeline, text[]) IS
	'number of markers, of some types if given';

CREATE FUNCTION num_markers(timeline audio_timeline, types text) RETURNS integer
	AS 'MODULE_PATHNAME', 'audio_timeline_num_markers' LANGUAGE C IMMUTABLE PARALLEL SAFE LEAKPROOF COST 100;
COMMENT ON FUNCTION num_markers(audio_timeline, text) IS
	'number of markers, of one type';

CREATE FUNCTION event_types(timeline audio_timeline) RETURNS text[]
	AS 'MODULE_PATHNAME', 'audio_timeline_event_types' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100;
COMMENT ON FUNCTION event_types(audio_timeline) IS
	'types of the events, each once';

CREATE FUNCTION marker_types(timeline audio_timeline) RETURNS text[]
	AS 'MODULE_PATHNAME', 'audio_timeline_marker_types' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100;
COMMENT ON FUNCTION marker_types(audio_timeline) IS
	'types of the markers, each once';

CREATE FUNCTION feature_names(timeline audio_timeline) RETURNS text[]
	AS 'MODULE_PATHNAME', 'audio_timeline_feature_names' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 100;
COMMENT ON FUNCTION feature_names(audio_timeline) IS
	'names of the features';

CREATE FUNCTION features(timeline audio_timeline)
	RETURNS TABLE (name text, frames integer, dims integer, frame_rate double precision,
		start_time double precision, unit text, kind text, encoding text, min double precision, max double precision,
		mean double precision, missing integer, max_error double precision, bytes integer)
	AS 'MODULE_PATHNAME', 'audio_timeline_features' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 250 ROWS 100;
COMMENT ON FUNCTION features(audio_timeline) IS
	'one row per feature: its shape, clock, unit, encoding and statistics';

CREATE FUNCTION num_frames(timeline audio_timeline, feature text, missing_ok boolean DEFAULT false) RETURNS integer
	AS 'MODULE_PATHNAME', 'audio_timeline_num_frames' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 250;
COMMENT ON FUNCTION num_frames(audio_timeline, text, boolean) IS
	'number of frames of a feature';

CREATE FUNCTION frame_rate(timeline audio_timeline, feature text, missing_ok boolean DEFAULT false) RETURNS double precision
	AS 'MODULE_PATHNAME', 'audio_timeline_frame_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 250;
COMMENT ON FUNCTION frame_rate(audio_timeline, text, boolean) IS
	'frames per second of a feature';

CREATE FUNCTION summary(timeline audio_timeline) RETURNS text
	AS 'MODULE_PATHNAME', 'audio_timeline_summary' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 250;
COMMENT ON FUNCTION summary(audio_timeline) IS
	'a timeline in one short line, for people: duration, events, markers, features, stored bytes';

CREATE FUNCTION storage(timeline audio_timeline)
	RETURNS TABLE (section text, bytes integer)
	AS 'MODULE_PATHNAME', 'audio_timeline_storage' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 100;
COMMENT ON FUNCTION storage(audio_timeline) IS
	'bytes of each section of the stored form';

/*
 * Events and markers; windows are half-open: [start_time, end_time).  Each
 * function has an overload that takes one type as text, without a default so that
 * no call is ambiguous.
 */

CREATE FUNCTION events(timeline audio_timeline, types text[] DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, duration double precision,
		confidence double precision, data jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_events' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1000 COST 100000;
COMMENT ON FUNCTION events(audio_timeline, text[]) IS
	'all events, or those of some types, in time order';

CREATE FUNCTION events(timeline audio_timeline, types text)
	RETURNS TABLE ("timestamp" double precision, type text, duration double precision,
		confidence double precision, data jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_events' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1000 COST 100000;
COMMENT ON FUNCTION events(audio_timeline, text) IS
	'all events of one type, in time order';

CREATE FUNCTION events_between(timeline audio_timeline, start_time double precision DEFAULT NULL, end_time double precision DEFAULT NULL,
		types text[] DEFAULT NULL, min_confidence double precision DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, duration double precision,
		confidence double precision, data jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_events_between' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100 COST 250;
COMMENT ON FUNCTION events_between(audio_timeline, double precision, double precision, text[], double precision) IS
	'events in a window, of some types if given, in time order';

CREATE FUNCTION events_between(timeline audio_timeline, start_time double precision, end_time double precision,
		types text, min_confidence double precision DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, duration double precision,
		confidence double precision, data jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_events_between' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100 COST 250;
COMMENT ON FUNCTION events_between(audio_timeline, double precision, double precision, text, double precision) IS
	'events of one type in a window, in time order';

CREATE FUNCTION events_at(timeline audio_timeline, t double precision, types text[] DEFAULT NULL, min_confidence double precision DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, duration double precision,
		confidence double precision, data jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_events_at' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 10 COST 250;
COMMENT ON FUNCTION events_at(audio_timeline, double precision, text[], double precision) IS
	'events that start at an instant or last through it; of some types if given';

CREATE FUNCTION events_at(timeline audio_timeline, t double precision, types text, min_confidence double precision DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, duration double precision,
		confidence double precision, data jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_events_at' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 10 COST 250;
COMMENT ON FUNCTION events_at(audio_timeline, double precision, text, double precision) IS
	'events of one type that start at an instant or last through it';

CREATE FUNCTION next_event(timeline audio_timeline, t double precision, types text[] DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, duration double precision,
		confidence double precision, data jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_next_event' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION next_event(audio_timeline, double precision, text[]) IS
	'first event after an instant, of some types if given; beats, bars and sections may be markers: next_marker';

CREATE FUNCTION next_event(timeline audio_timeline, t double precision, types text)
	RETURNS TABLE ("timestamp" double precision, type text, duration double precision,
		confidence double precision, data jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_next_event' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION next_event(audio_timeline, double precision, text) IS
	'first event after an instant, of one type; beats, bars and sections may be markers: next_marker';

CREATE FUNCTION previous_event(timeline audio_timeline, t double precision, types text[] DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, duration double precision,
		confidence double precision, data jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_previous_event' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION previous_event(audio_timeline, double precision, text[]) IS
	'last event before an instant, of some types if given; beats, bars and sections may be markers: previous_marker';

CREATE FUNCTION previous_event(timeline audio_timeline, t double precision, types text)
	RETURNS TABLE ("timestamp" double precision, type text, duration double precision,
		confidence double precision, data jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_previous_event' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION previous_event(audio_timeline, double precision, text) IS
	'last event before an instant, of one type; beats, bars and sections may be markers: previous_marker';

CREATE FUNCTION nearest_event(timeline audio_timeline, t double precision, types text[] DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, duration double precision,
		confidence double precision, data jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_nearest_event' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION nearest_event(audio_timeline, double precision, text[]) IS
	'event nearest to an instant, of some types if given; beats, bars and sections may be markers: nearest_marker';

CREATE FUNCTION nearest_event(timeline audio_timeline, t double precision, types text)
	RETURNS TABLE ("timestamp" double precision, type text, duration double precision,
		confidence double precision, data jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_nearest_event' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION nearest_event(audio_timeline, double precision, text) IS
	'event nearest to an instant, of one type; beats, bars and sections may be markers: nearest_marker';

CREATE FUNCTION markers(timeline audio_timeline, types text[] DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, confidence double precision,
		value jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_markers' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1000 COST 100000;
COMMENT ON FUNCTION markers(audio_timeline, text[]) IS
	'all markers, or those of some types, in time order';

CREATE FUNCTION markers(timeline audio_timeline, types text)
	RETURNS TABLE ("timestamp" double precision, type text, confidence double precision,
		value jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_markers' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1000 COST 100000;
COMMENT ON FUNCTION markers(audio_timeline, text) IS
	'all markers of one type, in time order';

CREATE FUNCTION markers_between(timeline audio_timeline, start_time double precision DEFAULT NULL, end_time double precision DEFAULT NULL,
		types text[] DEFAULT NULL, min_confidence double precision DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, confidence double precision,
		value jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_markers_between' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100 COST 250;
COMMENT ON FUNCTION markers_between(audio_timeline, double precision, double precision, text[], double precision) IS
	'markers in a window, of some types if given, in time order';

CREATE FUNCTION markers_between(timeline audio_timeline, start_time double precision, end_time double precision,
		types text, min_confidence double precision DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, confidence double precision,
		value jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_markers_between' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100 COST 250;
COMMENT ON FUNCTION markers_between(audio_timeline, double precision, double precision, text, double precision) IS
	'markers of one type in a window, in time order';

CREATE FUNCTION markers_at(timeline audio_timeline, t double precision, types text[] DEFAULT NULL, min_confidence double precision DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, confidence double precision,
		value jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_markers_at' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 10 COST 250;
COMMENT ON FUNCTION markers_at(audio_timeline, double precision, text[], double precision) IS
	'markers that hold at an instant: the last of each type at or before it; of some types if given';

CREATE FUNCTION markers_at(timeline audio_timeline, t double precision, types text, min_confidence double precision DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, confidence double precision,
		value jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_markers_at' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 10 COST 250;
COMMENT ON FUNCTION markers_at(audio_timeline, double precision, text, double precision) IS
	'the marker of one type that holds at an instant: the last at or before it';

CREATE FUNCTION next_marker(timeline audio_timeline, t double precision, types text[] DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, confidence double precision,
		value jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_next_marker' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION next_marker(audio_timeline, double precision, text[]) IS
	'first marker after an instant, of some types if given';

CREATE FUNCTION next_marker(timeline audio_timeline, t double precision, types text)
	RETURNS TABLE ("timestamp" double precision, type text, confidence double precision,
		value jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_next_marker' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION next_marker(audio_timeline, double precision, text) IS
	'first marker after an instant, of one type';

CREATE FUNCTION previous_marker(timeline audio_timeline, t double precision, types text[] DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, confidence double precision,
		value jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_previous_marker' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION previous_marker(audio_timeline, double precision, text[]) IS
	'last marker before an instant, of some types if given';

CREATE FUNCTION previous_marker(timeline audio_timeline, t double precision, types text)
	RETURNS TABLE ("timestamp" double precision, type text, confidence double precision,
		value jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_previous_marker' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION previous_marker(audio_timeline, double precision, text) IS
	'last marker before an instant, of one type';

CREATE FUNCTION nearest_marker(timeline audio_timeline, t double precision, types text[] DEFAULT NULL)
	RETURNS TABLE ("timestamp" double precision, type text, confidence double precision,
		value jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_nearest_marker' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION nearest_marker(audio_timeline, double precision, text[]) IS
	'marker nearest to an instant, of some types if given';

CREATE FUNCTION nearest_marker(timeline audio_timeline, t double precision, types text)
	RETURNS TABLE ("timestamp" double precision, type text, confidence double precision,
		value jsonb, attributes jsonb)
	AS 'MODULE_PATHNAME', 'audio_timeline_nearest_marker' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION nearest_marker(audio_timeline, double precision, text) IS
	'marker nearest to an instant, of one type';

/*
 * The operators that jsonb has for reading.  COST depends on what is named:
 * 10000 lies between a member of the header and all of the features.
 */

CREATE FUNCTION audio_timeline_object_field(audio_timeline, text) RETURNS jsonb
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION audio_timeline_object_field(audio_timeline, text) IS
	'internal: implementation of -> operator';

CREATE FUNCTION audio_timeline_object_field_text(audio_timeline, text) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION audio_timeline_object_field_text(audio_timeline, text) IS
	'internal: implementation of ->> operator';

CREATE FUNCTION audio_timeline_extract_path(audio_timeline, text[]) RETURNS jsonb
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION audio_timeline_extract_path(audio_timeline, text[]) IS
	'internal: implementation of #> operator';

CREATE FUNCTION audio_timeline_extract_path_text(audio_timeline, text[]) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION audio_timeline_extract_path_text(audio_timeline, text[]) IS
	'internal: implementation of #>> operator';

CREATE FUNCTION audio_timeline_exists(audio_timeline, text) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION audio_timeline_exists(audio_timeline, text) IS
	'internal: implementation of ? operator';

CREATE FUNCTION audio_timeline_path_exists(audio_timeline, jsonpath) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION audio_timeline_path_exists(audio_timeline, jsonpath) IS
	'internal: implementation of @? operator';

CREATE FUNCTION audio_timeline_path_match(audio_timeline, jsonpath) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION audio_timeline_path_match(audio_timeline, jsonpath) IS
	'internal: implementation of @@ operator';

CREATE OPERATOR -> (
	FUNCTION = audio_timeline_object_field, LEFTARG = audio_timeline, RIGHTARG = text
);
COMMENT ON OPERATOR -> (audio_timeline, text) IS 'member of a timeline, by its name, as jsonb';

CREATE OPERATOR ->> (
	FUNCTION = audio_timeline_object_field_text, LEFTARG = audio_timeline, RIGHTARG = text
);
COMMENT ON OPERATOR ->> (audio_timeline, text) IS 'member of a timeline, by its name, as text';

CREATE OPERATOR #> (
	FUNCTION = audio_timeline_extract_path, LEFTARG = audio_timeline, RIGHTARG = text[]
);
COMMENT ON OPERATOR #> (audio_timeline, text[]) IS 'what a path of names leads to in a timeline, as jsonb';

CREATE OPERATOR #>> (
	FUNCTION = audio_timeline_extract_path_text, LEFTARG = audio_timeline, RIGHTARG = text[]
);
COMMENT ON OPERATOR #>> (audio_timeline, text[]) IS 'what a path of names leads to in a timeline, as text';

CREATE OPERATOR ? (
	FUNCTION = audio_timeline_exists, LEFTARG = audio_timeline, RIGHTARG = text,
	RESTRICT = matchingsel, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR ? (audio_timeline, text) IS 'whether a timeline has a member of this name';

CREATE OPERATOR @? (
	FUNCTION = audio_timeline_path_exists, LEFTARG = audio_timeline, RIGHTARG = jsonpath,
	RESTRICT = matchingsel, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR @? (audio_timeline, jsonpath) IS 'whether a jsonpath finds anything in a timeline';

CREATE OPERATOR @@ (
	FUNCTION = audio_timeline_path_match, LEFTARG = audio_timeline, RIGHTARG = jsonpath,
	RESTRICT = matchingsel, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR @@ (audio_timeline, jsonpath) IS 'whether a jsonpath predicate holds for a timeline';

-- features; numbers come frame after frame, dims numbers each, NULL where missing

CREATE FUNCTION feature(timeline audio_timeline, feature text, missing_ok boolean DEFAULT false)
	RETURNS TABLE (first_frame integer, first_time double precision, frame_rate double precision,
		frames integer, dims integer, "values" double precision[], times double precision[])
	AS 'MODULE_PATHNAME', 'audio_timeline_feature' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1 COST 100000;
COMMENT ON FUNCTION feature(audio_timeline, text, boolean) IS
	'a whole feature, in one row';

CREATE FUNCTION feature_slice(timeline audio_timeline, feature text, start_time double precision DEFAULT NULL,
		end_time double precision DEFAULT NULL, missing_ok boolean DEFAULT false)
	RETURNS TABLE (first_frame integer, first_time double precision, frame_rate double precision,
		frames integer, dims integer, "values" double precision[], times double precision[])
	AS 'MODULE_PATHNAME', 'audio_timeline_feature_slice' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION feature_slice(audio_timeline, text, double precision, double precision, boolean) IS
	'the frames of a feature in a window, in one row';

CREATE FUNCTION feature_frames(timeline audio_timeline, feature text, start_time double precision DEFAULT NULL,
		end_time double precision DEFAULT NULL, missing_ok boolean DEFAULT false)
	RETURNS TABLE (frame integer, "time" double precision, "values" double precision[])
	AS 'MODULE_PATHNAME', 'audio_timeline_feature_frames' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1000 COST 10000;
COMMENT ON FUNCTION feature_frames(audio_timeline, text, double precision, double precision, boolean) IS
	'the frames of a feature in a window, one row per frame';

CREATE FUNCTION value_at(timeline audio_timeline, feature text, t double precision, interpolation text DEFAULT 'step',
		dim integer DEFAULT NULL, missing_ok boolean DEFAULT false) RETURNS double precision
	AS 'MODULE_PATHNAME', 'audio_timeline_value_at' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 250;
COMMENT ON FUNCTION value_at(audio_timeline, text, double precision, text, integer, boolean) IS
	'value of a feature at an instant: step, linear or nearest';

/*
 * Where names are asked for, one name does: each function has an overload with
 * text in place of text[].  There it has no default, so that a call without
 * names is never ambiguous.
 */

CREATE FUNCTION values_at(timeline audio_timeline, t double precision, features text[] DEFAULT NULL,
		interpolation text DEFAULT 'step', missing_ok boolean DEFAULT false)
	RETURNS TABLE (feature text, "values" double precision[])
	AS 'MODULE_PATHNAME', 'audio_timeline_values_at' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 30 COST 250;
COMMENT ON FUNCTION values_at(audio_timeline, double precision, text[], text, boolean) IS
	'values of all or some features at an instant, one row per feature';

CREATE FUNCTION values_at(timeline audio_timeline, t double precision, features text,
		interpolation text DEFAULT 'step', missing_ok boolean DEFAULT false)
	RETURNS TABLE (feature text, "values" double precision[])
	AS 'MODULE_PATHNAME', 'audio_timeline_values_at' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION values_at(audio_timeline, double precision, text, text, boolean) IS
	'values of a feature at an instant, in one row';

CREATE FUNCTION audio_timeline_overview_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION audio_timeline_overview_support(internal) IS
	'internal: tells the planner how many rows overview returns';

CREATE FUNCTION overview(timeline audio_timeline, feature text, buckets integer DEFAULT 1000,
		start_time double precision DEFAULT NULL, end_time double precision DEFAULT NULL, dim integer DEFAULT NULL,
		equal_buckets boolean DEFAULT false, missing_ok boolean DEFAULT false)
	RETURNS TABLE (bucket integer, bucket_start double precision, bucket_end double precision, frames integer,
		min double precision, max double precision, mean double precision, dim integer)
	AS 'MODULE_PATHNAME', 'audio_timeline_overview' LANGUAGE C IMMUTABLE PARALLEL SAFE
	ROWS 1000 COST 10000 SUPPORT audio_timeline_overview_support;
COMMENT ON FUNCTION overview(audio_timeline, text, integer, double precision, double precision, integer, boolean, boolean) IS
	'a feature, or a window of it, reduced to exactly so many buckets of minimum, maximum and mean for each dim';

CREATE FUNCTION feature_stats(timeline audio_timeline, feature text, start_time double precision DEFAULT NULL,
		end_time double precision DEFAULT NULL, dim integer DEFAULT NULL, missing_ok boolean DEFAULT false)
	RETURNS TABLE (frames integer, missing integer, min double precision, max double precision, mean double precision)
	AS 'MODULE_PATHNAME', 'audio_timeline_feature_stats' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1 COST 250;
COMMENT ON FUNCTION feature_stats(audio_timeline, text, double precision, double precision, integer, boolean) IS
	'minimum, maximum and mean of a feature, or of a window of it, in one row';

CREATE FUNCTION audio_timeline_sample_frames_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION audio_timeline_sample_frames_support(internal) IS
	'internal: tells the planner how many rows sample_frames returns';

CREATE FUNCTION sample_frames(timeline audio_timeline, fps double precision, first_frame integer, frames integer,
		features text[] DEFAULT NULL, interpolation text DEFAULT 'step', missing_ok boolean DEFAULT false)
	RETURNS TABLE (frame integer, "time" double precision, "values" double precision[])
	AS 'MODULE_PATHNAME', 'audio_timeline_sample_frames' LANGUAGE C IMMUTABLE PARALLEL SAFE
	ROWS 60 COST 3000 SUPPORT audio_timeline_sample_frames_support;
COMMENT ON FUNCTION sample_frames(audio_timeline, double precision, integer, integer, text[], text, boolean) IS
	'features at the frames of a video, one row per frame, the numbers of all features side by side';

CREATE FUNCTION sample_frames(timeline audio_timeline, fps double precision, first_frame integer, frames integer,
		features text, interpolation text DEFAULT 'step', missing_ok boolean DEFAULT false)
	RETURNS TABLE (frame integer, "time" double precision, "values" double precision[])
	AS 'MODULE_PATHNAME', 'audio_timeline_sample_frames' LANGUAGE C IMMUTABLE PARALLEL SAFE
	ROWS 60 COST 3000 SUPPORT audio_timeline_sample_frames_support;
COMMENT ON FUNCTION sample_frames(audio_timeline, double precision, integer, integer, text, text, boolean) IS
	'a feature at the frames of a video, one row per frame';

CREATE FUNCTION sample_frames_bytes(timeline audio_timeline, fps double precision, first_frame integer, frames integer,
		features text[] DEFAULT NULL, interpolation text DEFAULT 'step', missing_ok boolean DEFAULT false) RETURNS bytea
	AS 'MODULE_PATHNAME', 'audio_timeline_sample_frames_bytes' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 3000;
COMMENT ON FUNCTION sample_frames_bytes(audio_timeline, double precision, integer, integer, text[], text, boolean) IS
	'what sample_frames gives as little-endian float32, frame after frame, NaN where there is nothing';

CREATE FUNCTION sample_frames_bytes(timeline audio_timeline, fps double precision, first_frame integer, frames integer,
		features text, interpolation text DEFAULT 'step', missing_ok boolean DEFAULT false) RETURNS bytea
	AS 'MODULE_PATHNAME', 'audio_timeline_sample_frames_bytes' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 3000;
COMMENT ON FUNCTION sample_frames_bytes(audio_timeline, double precision, integer, integer, text, text, boolean) IS
	'what sample_frames gives of a feature as little-endian float32, frame after frame, NaN where there is nothing';

-- encodings chosen by the user

CREATE FUNCTION encode_features(timeline audio_timeline, encoding text, features text[] DEFAULT NULL,
		missing_ok boolean DEFAULT false) RETURNS audio_timeline
	AS 'MODULE_PATHNAME', 'audio_timeline_encode_features' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION encode_features(audio_timeline, text, text[], boolean) IS
	'timeline with all or some features in another encoding';

CREATE FUNCTION encode_features(timeline audio_timeline, encoding text, features text,
		missing_ok boolean DEFAULT false) RETURNS audio_timeline
	AS 'MODULE_PATHNAME', 'audio_timeline_encode_features' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION encode_features(audio_timeline, text, text, boolean) IS
	'timeline with a feature in another encoding';

/*
 * The cache: one row per file, stem and analysis version, in a table of the
 * application.  Everything runs as the caller, under row-level security.
 *
 * What a read runs is not known here: the table may be temporary, a view or a
 * policy may call any function.  So no worker runs it.
 *
 * COST as above, on 4,000 rows with a typed column, the fastest of 15 rounds of
 * 4,000 calls: 250 to find a row by its key and return a pointer, or to delete
 * one (4 to 6 us); 500 to list the four stems of a file, or to put a timeline
 * of a few bytes (9 to 12 us).  On a jsonb or json column the conversion of the
 * document comes on top.
 */

CREATE FUNCTION get_cached_events(file_metadata_id uuid, stem_type text, user_id uuid DEFAULT NULL,
		analysis_version text DEFAULT NULL,
		cache regclass DEFAULT pg_catalog.to_regclass('public.audio_event_cache')) RETURNS audio_timeline
	AS 'MODULE_PATHNAME', 'get_cached_events_uuid' LANGUAGE C STABLE PARALLEL RESTRICTED COST 250;
COMMENT ON FUNCTION get_cached_events(uuid, text, uuid, text, regclass) IS
	'cached timeline of a file and stem, of one user or of all that the caller may see, or NULL; the newest version unless one is given';

CREATE FUNCTION cache_events(file_metadata_id uuid, stem_type text, timeline audio_timeline, user_id uuid DEFAULT NULL,
		analysis_version text DEFAULT NULL,
		cache regclass DEFAULT pg_catalog.to_regclass('public.audio_event_cache')) RETURNS void
	AS 'MODULE_PATHNAME', 'cache_events_uuid' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 500;
COMMENT ON FUNCTION cache_events(uuid, text, audio_timeline, uuid, text, regclass) IS
	'put a timeline into the cache; an error if there is one';

CREATE FUNCTION update_cached_events(file_metadata_id uuid, stem_type text, timeline audio_timeline, user_id uuid DEFAULT NULL,
		analysis_version text DEFAULT NULL,
		cache regclass DEFAULT pg_catalog.to_regclass('public.audio_event_cache')) RETURNS void
	AS 'MODULE_PATHNAME', 'update_cached_events_uuid' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 500;
COMMENT ON FUNCTION update_cached_events(uuid, text, audio_timeline, uuid, text, regclass) IS
	'put a timeline into the cache, or replace the one there; an error if that is another user''s';

CREATE FUNCTION delete_cached_events(file_metadata_id uuid, stem_type text DEFAULT NULL, user_id uuid DEFAULT NULL,
		analysis_version text DEFAULT NULL,
		cache regclass DEFAULT pg_catalog.to_regclass('public.audio_event_cache')) RETURNS integer
	AS 'MODULE_PATHNAME', 'delete_cached_events_uuid' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 250;
COMMENT ON FUNCTION delete_cached_events(uuid, text, uuid, text, regclass) IS
	'delete cached timelines of a file, of one user or of all that the caller may delete; returns how many';

CREATE FUNCTION get_all_cached_events_for_file(file_metadata_id uuid, user_id uuid DEFAULT NULL,
		cache regclass DEFAULT pg_catalog.to_regclass('public.audio_event_cache'), invalid_ok boolean DEFAULT false)
	RETURNS TABLE (stem_type text, analysis_version text, timeline audio_timeline, error text)
	AS 'MODULE_PATHNAME', 'get_all_cached_events_for_file_uuid' LANGUAGE C STABLE PARALLEL RESTRICTED COST 500 ROWS 100;
COMMENT ON FUNCTION get_all_cached_events_for_file(uuid, uuid, regclass, boolean) IS
	'all cached timelines of a file, of one user or of all that the caller may see; with invalid_ok a document that is no timeline is no error, but in column error';

CREATE FUNCTION is_cached(file_metadata_id uuid, stem_type text, user_id uuid DEFAULT NULL,
		analysis_version text DEFAULT NULL,
		cache regclass DEFAULT pg_catalog.to_regclass('public.audio_event_cache')) RETURNS boolean
	AS 'MODULE_PATHNAME', 'is_cached_uuid' LANGUAGE C STABLE PARALLEL RESTRICTED COST 250;
COMMENT ON FUNCTION is_cached(uuid, text, uuid, text, regclass) IS
	'whether a timeline of a file and stem is cached';

CREATE FUNCTION get_cached_events(file_metadata_id text, stem_type text, user_id text DEFAULT NULL,
		analysis_version text DEFAULT NULL,
		cache regclass DEFAULT pg_catalog.to_regclass('public.audio_event_cache')) RETURNS audio_timeline
	AS 'MODULE_PATHNAME', 'get_cached_events_text' LANGUAGE C STABLE PARALLEL RESTRICTED COST 250;
COMMENT ON FUNCTION get_cached_events(text, text, text, text, regclass) IS
	'cached timeline of a file and stem, of one user or of all that the caller may see, or NULL; the newest version unless one is given';

CREATE FUNCTION cache_events(file_metadata_id text, stem_type text, timeline audio_timeline, user_id text DEFAULT NULL,
		analysis_version text DEFAULT NULL,
		cache regclass DEFAULT pg_catalog.to_regclass('public.audio_event_cache')) RETURNS void
	AS 'MODULE_PATHNAME', 'cache_events_text' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 500;
COMMENT ON FUNCTION cache_events(text, text, audio_timeline, text, text, regclass) IS
	'put a timeline into the cache; an error if there is one';

CREATE FUNCTION update_cached_events(file_metadata_id text, stem_type text, timeline audio_timeline, user_id text DEFAULT NULL,
		analysis_version text DEFAULT NULL,
		cache regclass DEFAULT pg_catalog.to_regclass('public.audio_event_cache')) RETURNS void
	AS 'MODULE_PATHNAME', 'update_cached_events_text' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 500;
COMMENT ON FUNCTION update_cached_events(text, text, audio_timeline, text, text, regclass) IS
	'put a timeline into the cache, or replace the one there; an error if that is another user''s';

CREATE FUNCTION delete_cached_events(file_metadata_id text, stem_type text DEFAULT NULL, user_id text DEFAULT NULL,
		analysis_version text DEFAULT NULL,
		cache regclass DEFAULT pg_catalog.to_regclass('public.audio_event_cache')) RETURNS integer
	AS 'MODULE_PATHNAME', 'delete_cached_events_text' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 250;
COMMENT ON FUNCTION delete_cached_events(text, text, text, text, regclass) IS
	'delete cached timelines of a file, of one user or of all that the caller may delete; returns how many';

CREATE FUNCTION get_all_cached_events_for_file(file_metadata_id text, user_id text DEFAULT NULL,
		cache regclass DEFAULT pg_catalog.to_regclass('public.audio_event_cache'), invalid_ok boolean DEFAULT false)
	RETURNS TABLE (stem_type text, analysis_version text, timeline audio_timeline, error text)
	AS 'MODULE_PATHNAME', 'get_all_cached_events_for_file_text' LANGUAGE C STABLE PARALLEL RESTRICTED COST 500 ROWS 100;
COMMENT ON FUNCTION get_all_cached_events_for_file(text, text, regclass, boolean) IS
	'all cached timelines of a file, of one user or of all that the caller may see; with invalid_ok a document that is no timeline is no error, but in column error';

CREATE FUNCTION is_cached(file_metadata_id text, stem_type text, user_id text DEFAULT NULL,
		analysis_version text DEFAULT NULL,
		cache regclass DEFAULT pg_catalog.to_regclass('public.audio_event_cache')) RETURNS boolean
	AS 'MODULE_PATHNAME', 'is_cached_text' LANGUAGE C STABLE PARALLEL RESTRICTED COST 250;
COMMENT ON FUNCTION is_cached(text, text, text, text, regclass) IS
	'whether a timeline of a file and stem is cached';
