-- Rows to ask for, the same in every cache. ann shares the project of "song" with vera (viewer), with
-- ed (editor) and by a link; "secret" is hers alone; "tune" is bob's.

INSERT INTO user_profiles (id, display_name) SELECT id, name FROM kit.people WHERE id IS NOT NULL;
INSERT INTO projects (id, user_id, name)
	SELECT '00000000-0000-4000-8000-000000000001', id, 'ann''s project' FROM kit.people WHERE name = 'ann';
INSERT INTO project_collaborators (project_id, user_id, invited_by, role)
	SELECT p.id, who.id, p.user_id, CASE who.name WHEN 'ed' THEN 'editor' ELSE 'viewer' END
	FROM projects p, kit.people who WHERE who.name IN ('vera', 'ed');
INSERT INTO project_shares (project_id, user_id, share_token)
	SELECT id, user_id, 'token of ann' FROM projects;
INSERT INTO file_metadata (id, user_id, project_id, file_name)
	SELECT v.id, p.id, v.project, v.name
	FROM (VALUES
		(uuid '00000000-0000-4000-8000-0000000000f1', 'ann', uuid '00000000-0000-4000-8000-000000000001', 'song'),
		('00000000-0000-4000-8000-0000000000f2', 'ann', NULL, 'secret'),
		('00000000-0000-4000-8000-0000000000f3', 'bob', NULL, 'tune')) v (id, owner, project, name)
	JOIN kit.people p ON p.name = v.owner;
\set song '\'00000000-0000-4000-8000-0000000000f1\''
\set secret '\'00000000-0000-4000-8000-0000000000f2\''
\set tune '\'00000000-0000-4000-8000-0000000000f3\''
\set ann '\'00000000-0000-4000-8000-0000000000aa\''
\set bob '\'00000000-0000-4000-8000-0000000000bb\''

INSERT INTO audio_event_cache (user_id, file_metadata_id, stem_type, analysis_version, event_data, created_at)
	SELECT f.user_id, f.id, v.stem, v.version, kit.timeline(v.duration)::jsonb, timestamp '2024-01-01' + v.duration * interval '1 day'
	FROM (VALUES
		('song', 'drums', '1.0', 1),
		('song', 'drums', '2.0', 2),
		('song', 'bass', '1.0', 3),
		('secret', 'drums', '1.0', 4),
		('tune', 'drums', '1.0', 5)) v (file, stem, version, duration)
	JOIN file_metadata f ON f.file_name = v.file;
INSERT INTO event_cache_json SELECT * FROM audio_event_cache;
INSERT INTO event_cache_typed SELECT * FROM audio_event_cache;
INSERT INTO event_cache_text SELECT * FROM audio_event_cache;
INSERT INTO event_cache_below SELECT * FROM audio_event_cache;
INSERT INTO event_cache_partitioned SELECT * FROM audio_event_cache;

-- And something in each of the application's other tables.
INSERT INTO stem_separations (user_id, file_metadata_id) SELECT user_id, id FROM file_metadata;
INSERT INTO midi_files (user_id, project_id, file_name) SELECT user_id, id, 'melody' FROM projects;
INSERT INTO audit_logs (user_id, action) SELECT user_id, 'upload' FROM file_metadata;
INSERT INTO audio_analysis_cache (user_id, file_metadata_id, stem_type, sample_rate, duration, buffer_size,
		features_extracted, analysis_data, waveform_data, analysis_duration)
	SELECT user_id, id, 'master', 44100, 5, 1024, '{rms}', '{"rms": [0.1, 0.2]}', '{"points": []}', 12 FROM file_metadata;

-- Without statistics the server takes the tables for large, and starts workers to read five rows.
ANALYZE kit.people, projects, project_collaborators, project_shares, file_metadata, audio_event_cache,
	event_cache_json, event_cache_typed, event_cache_text, event_cache_below, event_cache_partitioned;
