-- Starts a test file: one transaction with the platform, the application and its caches in it.
-- The file ends it with ROLLBACK, so that nothing stays, roles included.
\set QUIET on
\set ON_ERROR_ROLLBACK off
\set ON_ERROR_STOP on
\pset pager off
\pset format unaligned
\pset tuples_only on

SET client_min_messages = warning;
SET timezone = 'UTC';
BEGIN;
\ir platform.sql
\ir application.sql
\ir caches.sql
\ir kit.sql
\ir data.sql
