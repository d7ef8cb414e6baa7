-- Part of script/demo: makes this session the user :user, as a gateway such as PostgREST does
-- for each request. Log in as authenticator; psql variable: user (a uuid).
SET ROLE authenticated;
SELECT set_config('request.jwt.claims',
	json_build_object('sub', :'user', 'role', 'authenticated')::text, false) AS claims \gset

-- What the cache functions do inside is no news.
\set SHOW_CONTEXT never

-- Six digits are enough to look at. The values keep all of theirs.
SET extra_float_digits = -9;
