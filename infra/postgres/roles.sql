-- Three roles, each with what it needs and no more. Run by a superuser in the fleet's database, before the first
-- `esg migrate` and after each: psql -d esg -f infra/postgres/roles.sql (twice is once). Passwords: \password esg_app
--
--   esg_owner   owns the tables and changes them: ESG_DATABASE_URL of `esg migrate` alone
--   esg_app     reads and writes rows: ESG_DATABASE_URL of workers, beat and API
--   esg_reader  reads what reports say, for analysts: no jobs, messages, keys or requests

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['esg_owner', 'esg_app', 'esg_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role);
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role);
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO esg_owner;
GRANT USAGE ON SCHEMA public TO esg_app, esg_reader;

-- what is there, and what later migrations bring
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO esg_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO esg_app;
ALTER DEFAULT PRIVILEGES FOR ROLE esg_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO esg_app;
ALTER DEFAULT PRIVILEGES FOR ROLE esg_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO esg_app;

DO $$
DECLARE
    name text;
BEGIN
    -- which schema it is, only a migration says
    FOREACH name IN ARRAY ARRAY['alembic_version', 'schema_floor'] LOOP
        IF to_regclass('public.' || name) IS NOT NULL THEN
            EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON public.%I FROM esg_app', name);
        END IF;
    END LOOP;
    FOREACH name IN ARRAY ARRAY[
        'documents', 'companies', 'company_names', 'runs', 'scorecards', 'company_years', 'reviews', 'usage'
    ] LOOP
        IF to_regclass('public.' || name) IS NOT NULL THEN
            EXECUTE format('GRANT SELECT ON public.%I TO esg_reader', name);
        END IF;
    END LOOP;
END $$;
