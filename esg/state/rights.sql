-- What the roles of infra/postgres/roles.sql may do with the tables. Run by their owner after each migration.

DO $$
DECLARE
    name text;
BEGIN
    IF to_regrole('esg_app') IS NULL OR to_regrole('esg_reader') IS NULL THEN
        RETURN; -- a database of one user
    END IF;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO esg_app;
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO esg_app;
    -- which schema it is, only a migration says
    REVOKE INSERT, UPDATE, DELETE ON public.alembic_version, public.schema_floor FROM esg_app;
    FOREACH name IN ARRAY ARRAY[
        'documents', 'companies', 'company_names', 'runs', 'scorecards', 'company_years', 'reviews', 'usage'
    ] LOOP
        EXECUTE format('GRANT SELECT ON public.%I TO esg_reader', name);
    END LOOP;
END $$;
