-- The tables of an application for music, in the shape and with the policies of the reference
-- application. The caches' own policies are in caches.sql.
SET LOCAL ROLE project_admin;

CREATE TABLE user_profiles (
	id uuid PRIMARY KEY,
	display_name text NOT NULL,
	created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE projects (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	user_id uuid NOT NULL,
	name text NOT NULL,
	created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE project_collaborators (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
	user_id uuid NOT NULL,
	invited_by uuid NOT NULL,
	role text NOT NULL DEFAULT 'viewer' CHECK (role IN ('viewer', 'editor')),
	UNIQUE (project_id, user_id)
);

CREATE TABLE project_shares (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
	user_id uuid NOT NULL,
	share_token text NOT NULL UNIQUE,
	expires_at timestamptz
);

CREATE TABLE file_metadata (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	user_id uuid NOT NULL,
	project_id uuid REFERENCES projects ON DELETE SET NULL,
	file_name text NOT NULL,
	file_type text NOT NULL DEFAULT 'audio',
	created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE stem_separations (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	user_id uuid NOT NULL,
	file_metadata_id uuid NOT NULL REFERENCES file_metadata ON DELETE CASCADE,
	status text NOT NULL DEFAULT 'pending',
	stems jsonb
);

CREATE TABLE midi_files (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	user_id uuid NOT NULL,
	project_id uuid REFERENCES projects ON DELETE CASCADE,
	file_name text NOT NULL,
	parsed_data jsonb
);

CREATE TABLE audit_logs (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	user_id uuid,
	action text NOT NULL,
	resource_id text,
	created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE audio_analysis_cache (
	id text PRIMARY KEY DEFAULT gen_random_uuid()::text,
	user_id uuid NOT NULL,
	file_metadata_id uuid NOT NULL,
	stem_type varchar(50) NOT NULL,
	analysis_version varchar(20) NOT NULL DEFAULT '1.0',
	sample_rate integer NOT NULL,
	duration numeric(10, 3) NOT NULL,
	buffer_size integer NOT NULL,
	features_extracted text[] NOT NULL,
	analysis_data jsonb NOT NULL,
	waveform_data jsonb NOT NULL,
	analysis_duration integer NOT NULL,
	created_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	UNIQUE (file_metadata_id, stem_type, analysis_version)
);

-- Every table: its rows belong to a user, who may do anything with them.
DO $$
DECLARE
	target text;
BEGIN
	FOREACH target IN ARRAY '{projects,file_metadata,stem_separations,midi_files,audit_logs,
		audio_analysis_cache,user_profiles,project_collaborators,project_shares}'::text[]
	LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
		CONTINUE WHEN target IN ('project_collaborators', 'project_shares');
		EXECUTE format('CREATE POLICY own ON %I TO authenticated USING (%s = (SELECT auth.uid()))', target,
			CASE target WHEN 'user_profiles' THEN 'id' ELSE 'user_id' END);
	END LOOP;
END $$;

-- Only the owner of a project invites to it and shares it. The function looks past the policies of
-- projects, which look at the members in turn.
CREATE FUNCTION owns_project(project uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
	SELECT EXISTS (SELECT FROM public.projects p WHERE p.id = project AND p.user_id = (SELECT auth.uid()))
$$;
CREATE POLICY own ON project_collaborators TO authenticated
	USING (invited_by = (SELECT auth.uid()))
	WITH CHECK (invited_by = (SELECT auth.uid()) AND owns_project(project_id));
CREATE POLICY own ON project_shares TO authenticated
	USING (user_id = (SELECT auth.uid()))
	WITH CHECK (user_id = (SELECT auth.uid()) AND owns_project(project_id));

-- A member sees the membership, and by it the project, its files and its MIDI.
CREATE POLICY member ON project_collaborators FOR SELECT TO authenticated
	USING (user_id = (SELECT auth.uid()));
CREATE POLICY member ON projects FOR SELECT TO authenticated
	USING (EXISTS (SELECT FROM project_collaborators c WHERE c.project_id = projects.id));
CREATE POLICY member ON file_metadata FOR SELECT TO authenticated
	USING (EXISTS (SELECT FROM project_collaborators c
		WHERE c.project_id = file_metadata.project_id AND c.user_id = (SELECT auth.uid())));
CREATE POLICY member ON midi_files FOR SELECT TO authenticated
	USING (EXISTS (SELECT FROM projects p WHERE p.id = midi_files.project_id));

-- Whoever has the link sees the share, and by it the files; the token travels in a header.
CREATE POLICY link ON project_shares FOR SELECT TO anon, authenticated
	USING (share_token = nullif(current_setting('request.headers', true), '')::json ->> 'x-share-token'
		AND (expires_at IS NULL OR expires_at > now()));
CREATE POLICY link ON file_metadata FOR SELECT TO anon, authenticated
	USING (EXISTS (SELECT FROM project_shares s WHERE s.project_id = file_metadata.project_id));

RESET ROLE;
