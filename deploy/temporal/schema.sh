#!/bin/sh
# Creates the tables of Temporal's two databases by its own tool, or updates them after an upgrade. It is safe to run again.
#   SQL_HOST=... SQL_USER=... SQL_PASSWORD=... sh schema.sh
set -eu
export SQL_PLUGIN=postgres12 SQL_PORT="${SQL_PORT:-5432}"
for database in temporal temporal_visibility; do
  export SQL_DATABASE=$database
  temporal-sql-tool setup-schema --version 0.0
  temporal-sql-tool update-schema --schema-name "postgresql/v12/${database#temporal_}"
done
