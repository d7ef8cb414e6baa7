-- Part of script/demo: the least that looks like Supabase, for a superuser in an empty database:
-- its roles, auth.uid(), and a cache table where each user sees only rows of their own.
CREATE EXTENSION audio_cache;

CREATE ROLE anon NOLOGIN;
CREATE ROLE authenticated NOLOGIN;
CREATE ROLE authenticator LOGIN NOINHERIT;
GRANT anon, authenticated TO authenticator;

CREATE SCHEMA auth;
GRANT USAGE ON SCHEMA auth TO anon, authenticated;

-- The user whom the gateway has recognised: it hands over the claims of their token.
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
	SELECT (nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;

-- The key starts with user_id: without it, one user could occupy another's file id.
CREATE TABLE public.audio_event_cache (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	user_id uuid NOT NULL DEFAULT auth.uid(),
	file_metadata_id uuid NOT NULL,
	stem_type text NOT NULL,
	event_data audio_timeline NOT NULL,
	analysis_version text NOT NULL DEFAULT '1.0',
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	UNIQUE (user_id, file_metadata_id, stem_type, analysis_version)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON public.audio_event_cache TO authenticated;
ALTER TABLE public.audio_event_cache ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON public.audio_event_cache TO authenticated
	USING (user_id = (SELECT auth.uid()))
	WITH CHECK (user_id = (SELECT auth.uid()));

\set ECHO queries
SELECT polname AS policy, polrelid::regclass AS on_table,
    pg_get_expr(polqual, polrelid) AS rows_of_a_user
FROM pg_policy;
