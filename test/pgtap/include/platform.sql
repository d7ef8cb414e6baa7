-- What a Supabase-like platform brings: roles, schemas auth and extensions, default grants.
-- project_admin is what the platform gives to the application's developer: no superuser, but
-- row-level security does not bind it. It installs the extension and owns the tables.

DO $$
DECLARE
	role_name text;
	attributes text;
BEGIN
	FOR role_name, attributes IN VALUES
		('anon', 'NOLOGIN NOINHERIT'),
		('authenticated', 'NOLOGIN NOINHERIT'),
		('service_role', 'NOLOGIN NOINHERIT BYPASSRLS'),
		('authenticator', 'LOGIN NOINHERIT'),
		('project_admin', 'NOLOGIN CREATEROLE BYPASSRLS')
	LOOP
		IF to_regrole(role_name) IS NULL THEN
			EXECUTE format('CREATE ROLE %I %s', role_name, attributes);
		END IF;
	END LOOP;
	EXECUTE format('GRANT ALL ON DATABASE %I TO project_admin', current_database());
END $$;
GRANT anon, authenticated, service_role TO authenticator;

CREATE SCHEMA auth;
GRANT USAGE ON SCHEMA auth TO anon, authenticated, service_role, project_admin;

-- The id of the user whose token came with the request: the old setting first, then the new one.
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE SET search_path = '' AS $$
	SELECT coalesce(
		nullif(current_setting('request.jwt.claim.sub', true), ''),
		nullif(current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb ->> 'sub')::pg_catalog.uuid
$$;

CREATE SCHEMA extensions;
GRANT ALL ON SCHEMA extensions TO project_admin;
GRANT USAGE ON SCHEMA extensions TO anon, authenticated, service_role;
CREATE EXTENSION pgtap SCHEMA extensions;

GRANT ALL ON SCHEMA public TO project_admin;
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE project_admin IN SCHEMA public
	GRANT ALL ON TABLES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE project_admin IN SCHEMA public
	GRANT ALL ON FUNCTIONS TO anon, authenticated, service_role;

SET LOCAL search_path = public, extensions;
SET LOCAL ROLE project_admin;
CREATE EXTENSION audio_cache SCHEMA extensions;
RESET ROLE;
