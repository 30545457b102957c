-- Makes one role the owner of the current database and of everything in its schema `public`, without superuser rights. It is safe to run
-- again, also on a database that a superuser filled: it keeps rows and changes owners. It needs an administrator of the server and two session settings:
--   citibike.owner           name of the role
--   citibike.owner_password  its password
DO $$
DECLARE
  owner CONSTANT text := current_setting('citibike.owner');
  statement text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = owner) THEN
    EXECUTE format('CREATE ROLE %I', owner);
  END IF;
  BEGIN
    EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', owner, current_setting('citibike.owner_password'));
  EXCEPTION WHEN OTHERS THEN
    -- Raises a new error, because the original one quotes the statement and with it the password.
    RAISE EXCEPTION 'cannot set the password of role %: %', owner, SQLERRM;
  END;
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    -- Without superuser rights, objects can be transferred only to a role that the current user is a member of.
    EXECUTE format('GRANT %I TO %I', owner, current_user);
  END IF;

  EXECUTE format('ALTER DATABASE %I OWNER TO %I', current_database(), owner);
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('ALTER SCHEMA public OWNER TO %I', owner);
  REVOKE ALL ON SCHEMA public FROM PUBLIC;

  FOR statement IN
    SELECT format('ALTER TABLE %s OWNER TO %I', relation.oid::regclass, owner)
    FROM pg_class AS relation
    WHERE relation.relnamespace = 'public'::regnamespace
      AND relation.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND relation.relowner <> owner::regrole
      -- Sequences of a column follow their table; objects of an extension belong to the extension.
      AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = relation.oid
          AND (deptype = 'e' OR relation.relkind = 'S' AND deptype IN ('a', 'i')))
    UNION ALL
    SELECT format('ALTER ROUTINE %s OWNER TO %I', routine.oid::regprocedure, owner)
    FROM pg_proc AS routine
    WHERE routine.pronamespace = 'public'::regnamespace
      AND routine.proowner <> owner::regrole
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = routine.oid AND deptype = 'e')
    UNION ALL
    SELECT format('ALTER TYPE %s OWNER TO %I', type.oid::regtype, owner)
    FROM pg_type AS type
    LEFT JOIN pg_class AS relation ON relation.oid = type.typrelid
    WHERE type.typnamespace = 'public'::regnamespace
      AND type.typowner <> owner::regrole
      AND (type.typtype IN ('e', 'd', 'r') OR relation.relkind = 'c')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = type.oid AND deptype = 'e')
  LOOP
    EXECUTE statement;
  END LOOP;
END
$$;
