#!/bin/sh
# Creates the roles of one database by database-owner.sql, and those of `monitoring` by monitoring-roles.sql. It is safe to run again:
# docker compose runs it at every start, which also migrates a volume of an earlier version. Elsewhere, as an administrator of the server:
#   PGHOST=... PGUSER=... PGPASSWORD=... PGDATABASE=monitoring OWNER=citibike_owner OWNER_PASSWORD=... APP_PASSWORD=... READER_PASSWORD=... sh roles.sh
set -eu
folder=$(dirname "$0")
# psql reads passwords from the environment, because every user of the machine can see arguments.
{
  cat <<'SQL'
\getenv owner OWNER
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
\getenv reader_password READER_PASSWORD
BEGIN;
SELECT set_config('citibike.owner', :'owner', true), set_config('citibike.owner_password', :'owner_password', true) \g /dev/null
SQL
  cat "$folder/database-owner.sql"
  if [ "$OWNER" = citibike_owner ]; then
    echo "SELECT set_config('citibike.app_password', :'app_password', true), set_config('citibike.reader_password', :'reader_password', true) \\g /dev/null"
    cat "$folder/monitoring-roles.sql"
  fi
  echo 'COMMIT;'
} | psql --no-psqlrc --quiet --set ON_ERROR_STOP=1
