-- A file is shared by its project: with members, as viewers and editors, and by a link. Who shares
-- are the users themselves, and each step shows at once in the next call of the same plans.
\ir include/setup.sql

-- who_can: the names of those to whom a statement answers "true"; what it does is undone.
CREATE FUNCTION kit.who_can(statement text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(name, ' ' ORDER BY name), 'no one') FROM kit.people WHERE split_part(kit.attempt(name, statement), ' ', 1) = 'true'
$$;
-- Reading is all three ways of it; writing names no user, so that policies alone decide whose row it
-- may be; who has no account says that it is for ann.
ALTER TABLE audio_event_cache ALTER user_id SET DEFAULT auth.uid();
CREATE FUNCTION kit.readers() RETURNS text LANGUAGE sql AS $$
	SELECT kit.who_can($q$SELECT is_cached('00000000-0000-4000-8000-0000000000f1', 'drums')
		AND duration(get_cached_events(uuid '00000000-0000-4000-8000-0000000000f1', 'drums')) = 2
		AND 3 = (SELECT count(*) FROM get_all_cached_events_for_file('00000000-0000-4000-8000-0000000000f1'))$q$)
$$;
CREATE FUNCTION kit.updaters() RETURNS text LANGUAGE sql AS $$
	SELECT kit.who_can($q$SELECT update_cached_events('00000000-0000-4000-8000-0000000000f1', 'drums', kit.timeline(9),
		CASE WHEN auth.uid() IS NULL THEN '00000000-0000-4000-8000-0000000000aa' END) IS NOT NULL$q$)
$$;
CREATE FUNCTION kit.deleters() RETURNS text LANGUAGE sql AS $$
	SELECT kit.who_can($q$SELECT delete_cached_events('00000000-0000-4000-8000-0000000000f1', 'drums') = 2$q$)
$$;
-- as_user: a statement as somebody, to stay; errors are returned.
CREATE FUNCTION kit.as_user(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kit.be(who);
	EXECUTE statement;
	PERFORM kit.be_tester();
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN kit.refusal(SQLSTATE, SQLERRM);
END $$;

SELECT plan(41);

SELECT is(kit.everyone('SELECT concat_ws('' '', (SELECT count(*) FROM user_profiles), (SELECT count(*) FROM projects), (SELECT count(*) FROM file_metadata),
		(SELECT count(*) FROM stem_separations), (SELECT count(*) FROM midi_files), (SELECT count(*) FROM audit_logs), (SELECT count(*) FROM audio_analysis_cache),
		(SELECT count(*) FROM project_collaborators), (SELECT count(*) FROM project_shares))'),
	'admin service: 4 1 3 3 1 3 3 2 1, ann: 1 1 2 2 1 2 2 2 1, anon nobody: 0 0 0 0 0 0 0 0 0, bob: 1 0 1 1 0 1 1 0 0, '
	|| 'ed vera: 1 1 1 0 1 0 0 1 0, link: 0 0 1 0 0 0 0 0 1', 'what everyone sees of profiles, projects, files, stems, MIDI, logs, analyses, members and shares');
SELECT is(kit.readers(), 'admin ann ed link service vera', 'owner, viewer, editor and link read');
SELECT is(kit.updaters(), 'admin ann ed service', 'owner and editor replace');
SELECT is(kit.deleters(), 'admin ann service', 'the owner deletes');
SELECT kit.plans() AS plans_before \gset

-- nobody else can open the door
SELECT is(kit.as_user('bob', format('INSERT INTO project_collaborators (project_id, user_id, invited_by, role) VALUES (%L, %L, %L, ''editor'')',
	'00000000-0000-4000-8000-000000000001', :bob, :bob)), '42501 new row violates row-level security policy', 'bob cannot invite himself');
SELECT is(kit.as_user('vera', format('INSERT INTO project_shares (project_id, user_id, share_token) VALUES (%L, %L, ''mine'')',
	'00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-0000000000cc')), '42501 new row violates row-level security policy', 'vera cannot share it further');
SELECT is(kit.as_user('vera', 'UPDATE project_collaborators SET role = ''editor'''), 'done', 'vera tries to make herself an editor');
SELECT is(kit.as_user('bob', format('INSERT INTO file_metadata (id, user_id, file_name) VALUES (%L, %L, ''taken'')', :song, :bob)),
	'23505 duplicate key value violates unique', 'bob cannot have the file under his name');
SELECT is(kit.as_user('bob', format('UPDATE file_metadata SET user_id = %L', :bob)), 'done', 'bob tries to take over all files');
SELECT is(kit.readers(), 'admin ann ed link service vera', 'the same readers');
SELECT is(kit.updaters(), 'admin ann ed service', 'and the same editors');

-- ann changes who has a part in her project
SELECT is(kit.as_user('ann', format('INSERT INTO project_collaborators (project_id, user_id, invited_by) VALUES (%L, %L, %L)',
	'00000000-0000-4000-8000-000000000001', :bob, :ann)), 'done', 'ann invites bob');
SELECT is(kit.readers(), 'admin ann bob ed link service vera', 'bob reads');
SELECT is(kit.updaters(), 'admin ann ed service', 'and does not write');
SELECT is(kit.as_user('ann', format('UPDATE project_collaborators SET role = ''editor'' WHERE user_id = %L', :bob)), 'done', 'ann makes bob an editor');
SELECT is(kit.updaters(), 'admin ann bob ed service', 'bob writes');
SELECT is(kit.deleters(), 'admin ann service', 'and does not delete');
SELECT is(kit.as_user('ann', format('DELETE FROM project_collaborators WHERE user_id = %L', :bob)), 'done', 'ann takes bob out');
SELECT is(kit.readers(), 'admin ann ed link service vera', 'bob does not read any more');
SELECT is(kit.updaters(), 'admin ann ed service', 'nor write');
SELECT is(kit.attempt('bob', format('SELECT get_cached_events(uuid %L, ''drums'')', :secret)), 'NULL', 'nor did he ever see what is in no project');

-- links
SELECT is(kit.as_user('ann', 'UPDATE project_shares SET expires_at = now() - interval ''1 second'''), 'done', 'the link expires');
SELECT is(kit.readers(), 'admin ann ed service vera', 'who has it sees nothing');
SELECT is(kit.as_user('ann', 'UPDATE project_shares SET expires_at = now() + interval ''1 hour'''), 'done', 'it is valid for another hour');
SELECT is(kit.readers(), 'admin ann ed link service vera', 'who has it reads again');
SELECT is(kit.as_user('ann', 'UPDATE project_shares SET share_token = ''another'''), 'done', 'it gets another token');
SELECT is(kit.readers(), 'admin ann ed service vera', 'the old one is worth nothing');
SELECT is(kit.as_user('ann', 'UPDATE project_shares SET share_token = ''token of ann'''), 'done', 'and the old one again');

-- the file leaves the project and comes back; another one joins it
SELECT is(kit.as_user('ann', format('UPDATE file_metadata SET project_id = NULL WHERE id = %L', :song)), 'done', 'the file leaves the project');
SELECT is(kit.readers(), 'admin ann service', 'nobody else reads it');
SELECT is(kit.updaters(), 'admin ann service', 'nor writes it');
SELECT is(kit.as_user('ann', 'UPDATE file_metadata SET project_id = ''00000000-0000-4000-8000-000000000001'''), 'done', 'all her files join it');
SELECT is(kit.readers(), 'admin ann ed link service vera', 'everyone of the project reads again');
SELECT is(kit.who_can(format('SELECT is_cached(%L, ''drums'')', :secret)), 'admin ann ed link service vera', 'the other file as well');

-- an editor's write leaves the row with its owner
SELECT is(kit.attempt('ed', format($$SELECT update_cached_events(%L, 'drums', kit.timeline(9))$$, :song)),
	'+ann/song/drums/1.0=9 -ann/song/drums/1.0=1', 'ed replaces a timeline of ann: it stays hers');
SELECT is(kit.attempt('ed', format($$SELECT update_cached_events(%L, 'drums', kit.timeline(9), auth.uid()::text)$$, :song)),
	'23505 cache has a timeline of another user under this key', 'not as his own, which it would not be');
SELECT is(kit.attempt('ed', format($$SELECT cache_events(%L, 'piano', kit.timeline(9), auth.uid()::text)$$, :song)),
	'+ed/song/piano/1.0=9', 'ed adds one: it is his');

-- the end of the project
SELECT is(kit.as_user('ann', 'DELETE FROM projects'), 'done', 'ann deletes the project');
SELECT is(kit.readers(), 'admin ann service', 'she alone reads');
SELECT is(kit.updaters(), 'admin ann service', 'and writes');
SELECT is(kit.plans() - :plans_before, 1::bigint, 'all that with the same plans, and one more for the only other kind of call');

SELECT * FROM finish();
ROLLBACK;
