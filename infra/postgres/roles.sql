-- Three roles, each with what it needs and no more. Run by a superuser in the fleet's database, once:
-- psql -d esg -f infra/postgres/roles.sql (twice is once). Passwords: \password esg_app
--
--   esg_owner   owns the tables and changes them: ESG_DATABASE_URL of `esg migrate` and `esg restore` alone
--   esg_app     reads and writes rows: ESG_DATABASE_URL of workers, beat and API
--   esg_reader  reads what reports say, for analysts: no jobs, messages, keys or requests
--
-- What the last two may do with each table, `esg migrate` says as the owner: esg/state/rights.sql.

DO $$
DECLARE
    role text;
    relation record;
BEGIN
    FOREACH role IN ARRAY ARRAY['esg_owner', 'esg_app', 'esg_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role);
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role);
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    -- tables of before there were roles; their sequences and indexes go with them
    FOR relation IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'esg_owner' LOOP
        EXECUTE format('ALTER TABLE public.%I OWNER TO esg_owner', relation.tablename);
    END LOOP;
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO esg_owner;
GRANT USAGE ON SCHEMA public TO esg_app, esg_reader;

-- a table that any process's migration brings is the app's to write in at once
ALTER DEFAULT PRIVILEGES FOR ROLE esg_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO esg_app;
ALTER DEFAULT PRIVILEGES FOR ROLE esg_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO esg_app;
