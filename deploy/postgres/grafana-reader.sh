#!/bin/sh
# Runs once, when the database is made: Grafana logs in with a role that reads what the migrations grant to citibike_reader, and no more.
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
  --set password="$GRAFANA_READER_PASSWORD" <<'SQL'
CREATE ROLE citibike_reader NOLOGIN;
CREATE ROLE grafana_reader LOGIN PASSWORD :'password' IN ROLE citibike_reader;
SQL
