-- The cache in every form an application may have it in, all with the same policies:
--   audio_event_cache         the reference table, unchanged: jsonb, key without the user
--   event_cache_json          the same with json
--   event_cache_typed         the same with audio_timeline
--   event_cache_text          the same as typed, ids are text
--   event_cache_view          a security_invoker view of event_cache_below
--   event_cache_partitioned   typed, partitioned by hash of the user, key starts with the user
SET LOCAL ROLE project_admin;

-- Own rows; reading what belongs to a file that one may see; changing it as an editor.
-- The sub-selects run under the policies of their own tables.
CREATE FUNCTION protect_cache(cache regclass, id_type regtype DEFAULT 'uuid') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	editor text := format('EXISTS (SELECT FROM public.file_metadata f JOIN public.project_collaborators c USING (project_id)
		WHERE f.id::%s = file_metadata_id AND c.user_id = (SELECT auth.uid()) AND c.role = ''editor'')', id_type);
BEGIN
	EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', cache);
	EXECUTE format('CREATE POLICY own ON %s TO authenticated
		USING (user_id = (SELECT auth.uid())::%s) WITH CHECK (user_id = (SELECT auth.uid())::%s)', cache, id_type, id_type);
	EXECUTE format('CREATE POLICY shared ON %s FOR SELECT TO anon, authenticated
		USING (EXISTS (SELECT FROM public.file_metadata f WHERE f.id::%s = file_metadata_id))', cache, id_type);
	EXECUTE format('CREATE POLICY editor ON %s FOR UPDATE TO authenticated
		USING (%s) WITH CHECK (%s)', cache, editor, editor);
END $$;

CREATE TABLE audio_event_cache (
	id text PRIMARY KEY DEFAULT gen_random_uuid()::text,
	user_id uuid NOT NULL,
	file_metadata_id uuid NOT NULL,
	stem_type text NOT NULL,
	event_data jsonb NOT NULL,
	analysis_version text NOT NULL DEFAULT '1.0',
	created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	updated_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX idx_audio_event_cache_unique
	ON audio_event_cache (file_metadata_id, stem_type, analysis_version);

CREATE TABLE event_cache_json (LIKE audio_event_cache INCLUDING ALL);
ALTER TABLE event_cache_json ALTER event_data TYPE json;
CREATE TABLE event_cache_typed (LIKE audio_event_cache INCLUDING ALL);
ALTER TABLE event_cache_typed ALTER event_data TYPE audio_timeline;
CREATE TABLE event_cache_text (LIKE event_cache_typed INCLUDING ALL);
ALTER TABLE event_cache_text ALTER user_id TYPE text, ALTER file_metadata_id TYPE text;
CREATE TABLE event_cache_below (LIKE event_cache_typed INCLUDING ALL);
CREATE VIEW event_cache_view WITH (security_invoker) AS SELECT * FROM event_cache_below;

CREATE TABLE event_cache_partitioned (LIKE event_cache_typed INCLUDING DEFAULTS) PARTITION BY HASH (user_id);
ALTER TABLE event_cache_partitioned ADD UNIQUE (user_id, file_metadata_id, stem_type, analysis_version);
CREATE TABLE event_cache_leaf_0 PARTITION OF event_cache_partitioned FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE event_cache_leaf_1 PARTITION OF event_cache_partitioned FOR VALUES WITH (MODULUS 2, REMAINDER 1);
-- A leaf has no policies of its own.
REVOKE ALL ON event_cache_leaf_0, event_cache_leaf_1 FROM anon, authenticated, service_role;

SELECT protect_cache('audio_event_cache') \g /dev/null
SELECT protect_cache(t) FROM unnest('{event_cache_json,event_cache_typed,event_cache_below,
	event_cache_partitioned}'::regclass[]) t \g /dev/null
SELECT protect_cache('event_cache_text', 'text') \g /dev/null
DROP FUNCTION protect_cache;

RESET ROLE;
