#!/bin/sh
# Writes what docker-compose.yml needs: `.env` with settings, and one file per secret in `.secrets`. It overwrites neither: an
# existing secret stays, and one that an `.env` of release 0.1 contains moves into its file.
#   sh deploy/compose-env.sh [FOLDER]     (default: the project's root; `make compose-env` does the same)
set -eu
umask 077
root=$(cd "$(dirname "$0")/.." && pwd)
target=${1:-$root}
env_file=$target/.env
secrets=$target/.secrets

random() { od -An -v -tx1 -N 24 /dev/urandom | tr -d ' \n'; }
# VARIABLE SECRET: prints a variable of an existing .env as compose reads it, or nothing.
variable() {
  [ -f "$env_file" ] || return 0
  value=$(sed -n "s/^$1=//p" "$env_file" | tail -n 1 | tr -d '\r' | sed 's/[[:space:]]*$//')
  case $value in
  "'"*"'")
    value=${value#?} value=${value%?}
    case $value in *"'"*) unclear "$@" ;; esac
    ;;
  '"'*'"')
    value=${value#?} value=${value%?}
    case $value in *[\\\$\"]*) unclear "$@" ;; esac
    ;;
  *[\\\$\"\']* | *[[:space:]]#*) unclear "$@" ;;
  esac
  printf '%s' "$value"
}
unclear() {
  echo "error: $env_file: $1 has quotes, a dollar, a backslash or a comment, which compose reads in ways of its own; write the value alone into $secrets/$2, then repeat the command" >&2
  exit 1
}

mkdir -p "$secrets"
# Only the owner opens the folder. The files in it are readable, because each container runs as a user of its own.
chmod 700 "$secrets"
made=0
# NAME VARIABLE_OF_AN_EARLIER_ENV [DEFAULT]
secret() {
  [ -e "$secrets/$1" ] && return
  content=
  if [ -n "$2" ]; then content=$(variable "$2" "$1"); fi
  # Renamed when it is complete, because a full disk must not leave an empty secret.
  rm -f "$secrets/$1.new"
  (umask 333 && printf '%s' "${content:-${3:-}}" >"$secrets/$1.new")
  mv "$secrets/$1.new" "$secrets/$1"
  made=$((made + 1))
}
password() { secret "$1" "${2:-}" "$(random)"; }
password postgres-admin CITIBIKE_DB_PASSWORD
password postgres-owner CITIBIKE_OWNER_PASSWORD
password postgres-app CITIBIKE_APP_PASSWORD
password postgres-reader CITIBIKE_READER_PASSWORD
password mlflow-db-admin MLFLOW_DB_PASSWORD
password mlflow-db-server MLFLOW_SERVER_PASSWORD
password temporal-db-admin
password temporal-db-server
password s3-admin S3_SECRET_KEY
password s3-worker
password s3-console
password s3-mlflow
password grafana-admin GRAFANA_ADMIN_PASSWORD
# Empty means unset. Replace the file to set one.
secret webhook-url WEBHOOK_URL
secret webhook-secret WEBHOOK_SECRET
secret noaa-token NOAA_TOKEN
echo "$made secrets written to $secrets, which only you can open"

if [ -e "$env_file" ]; then
  echo "$env_file exists and stays as it is"
  if [ -z "$(variable COMPOSE_PROFILES COMPOSE_PROFILES)" ]; then
    echo "error: $env_file has no COMPOSE_PROFILES; add the line COMPOSE_PROFILES=single, and remove the passwords, which are in $secrets now" >&2
    exit 1
  fi
else
  # noclobber: another process may have written it meanwhile.
  (set -C && cat "$root/deploy/compose.env.example" >"$env_file")
  echo "$env_file written; next: docker compose up --build --detach --wait"
fi
