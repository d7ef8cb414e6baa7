-- What the extension puts into the catalog, and how it is marked.

-- everything has a comment
SELECT pg_describe_object(classid, objid, objsubid) AS without_comment
	FROM pg_depend d
	WHERE refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'audio_cache') AND deptype = 'e'
		AND obj_description(objid, classid::regclass::name) IS NULL
		AND NOT (classid = 'pg_type'::regclass AND objid = 'audio_timeline[]'::regtype)
	ORDER BY 1;

-- functions that the server calls say "internal" in their comment, those for people do not
SELECT p.oid::regprocedure AS wrong_comment, obj_description(p.oid, 'pg_proc')
	FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'audio_cache')
	WHERE obj_description(p.oid, 'pg_proc') LIKE 'internal: %' IS DISTINCT FROM p.oid IN (
		SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend, typmodin, typmodout]::oid[]) FROM pg_type WHERE typname = 'audio_timeline'
		UNION SELECT castfunc FROM pg_cast UNION SELECT oprcode FROM pg_operator UNION SELECT amproc FROM pg_amproc UNION SELECT prosupport FROM pg_proc)
	ORDER BY 1;

-- nothing runs as its owner or with a search_path of its own; no table, no sequence
SELECT count(*) FILTER (WHERE prosecdef) AS definer, count(*) FILTER (WHERE proconfig IS NOT NULL) AS configured, count(*) FILTER (WHERE prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c')) AS not_c
	FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'audio_cache');
SELECT count(*) AS relations FROM pg_depend WHERE refobjid = (SELECT oid FROM pg_extension WHERE extname = 'audio_cache') AND deptype = 'e' AND classid = 'pg_class'::regclass;

-- marks of every function
SELECT p.oid::regprocedure AS function, provolatile AS v, proparallel AS p, proisstrict AS strict, proleakproof AS leakproof
	FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'audio_cache')
	ORDER BY p.oid::regprocedure::text COLLATE "C";
SELECT extrelocatable FROM pg_extension WHERE extname = 'audio_cache';
SELECT audio_cache_version() = extversion AS versions_agree FROM pg_extension WHERE extname = 'audio_cache';
