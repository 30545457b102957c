-- Creates the two roles that use the `monitoring` database besides its owner: `citibike_app` reads and writes rows, `citibike_reader` only
-- reads. Grants on tables follow after the migrations (adapters/postgres/grants.ts). Run it after database-owner.sql, by the same
-- administrator; safe to run again. Needs two session settings: citibike.app_password, citibike.reader_password.
DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['app', 'reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'citibike_' || role) THEN
      EXECUTE format('CREATE ROLE %I', 'citibike_' || role);
    END IF;
    BEGIN
      EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', 'citibike_' || role, current_setting('citibike.' || role || '_password'));
    EXCEPTION WHEN OTHERS THEN
      -- Raises a new error, because the original one quotes the statement and with it the password.
      RAISE EXCEPTION 'cannot set the password of role citibike_%: %', role, SQLERRM;
    END;
  END LOOP;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO citibike_app, citibike_reader', current_database());
END
$$;

GRANT USAGE ON SCHEMA public TO citibike_app, citibike_reader;

-- A session can override these limits; only missing rights restrict the reader reliably.
ALTER ROLE citibike_reader CONNECTION LIMIT 30;
ALTER ROLE citibike_reader SET default_transaction_read_only = on;
ALTER ROLE citibike_reader SET statement_timeout = '30s';
ALTER ROLE citibike_reader SET idle_in_transaction_session_timeout = '60s';

-- Revokes the default rights that an earlier owner gave the reader on future tables.
DO $$
DECLARE
  grantor text;
BEGIN
  FOR grantor IN
    SELECT DISTINCT defaults.defaclrole::regrole::text
    FROM pg_default_acl AS defaults, aclexplode(defaults.defaclacl) AS granted
    WHERE defaults.defaclobjtype = 'r' AND defaults.defaclnamespace = 'public'::regnamespace
      AND granted.grantee = 'citibike_reader'::regrole
  LOOP
    EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %s IN SCHEMA public REVOKE ALL ON TABLES FROM citibike_reader', grantor);
  END LOOP;
END
$$;

-- Revokes rights that Postgres grants to every role by default: writing large objects, taking the advisory locks that workflows wait for, and
-- running code. Also closes the server's other databases to all but the administrator. Only a superuser can revoke these rights.
DO $$
DECLARE
  routine regprocedure;
BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    RAISE NOTICE 'large objects, advisory locks and DO stay open to every role: % is not a superuser', current_user;
    RETURN;
  END IF;
  FOR routine IN
    SELECT oid::regprocedure FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
      AND (proname ~ '^(lo_|pg_(try_)?advisory_)' OR proname IN ('loread', 'lowrite', 'pg_logical_emit_message'))
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', routine);
    IF routine::text ~ 'advisory' THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO citibike_owner, citibike_app', routine);
    END IF;
  END LOOP;
  REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
  GRANT USAGE ON LANGUAGE plpgsql TO citibike_owner;
  REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
  -- Grafana's login of earlier versions; Grafana now reads as citibike_reader.
  DROP ROLE IF EXISTS grafana_reader;
END
$$;
