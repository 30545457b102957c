#!/bin/sh
# Starts versitygw with one account per consumer; bucket-policies.json says what each may do. The accounts are written at every
# start, to memory, so that a changed secret takes effect with a restart. Needs ROOT_SECRET_KEY, and WORKER_, CONSOLE_ and
# MLFLOW_SECRET_KEY.
set -eu
umask 077
accounts=/tmp/accounts
mkdir -p "$accounts" /data/objects /data/versions
for name in WORKER CONSOLE MLFLOW; do
  eval "value=\$${name}_SECRET_KEY"
  case $value in '' | *[!A-Za-z0-9/+=_.-]*)
    echo "error: ${name}_SECRET_KEY is empty or has a character that is not allowed, expected letters, digits and / + = _ . -; replace the secret" >&2
    exit 1
    ;;
  esac
done
account() { printf '"%s":{"access":"%s","secret":"%s","role":"user"}' "$1" "$1" "$2"; }
printf '{"accessAccounts":{%s,%s,%s}}\n' \
  "$(account citibike-worker "$WORKER_SECRET_KEY")" \
  "$(account citibike-console "$CONSOLE_SECRET_KEY")" \
  "$(account citibike-mlflow "$MLFLOW_SECRET_KEY")" >"$accounts/users.json"
unset WORKER_SECRET_KEY CONSOLE_SECRET_KEY MLFLOW_SECRET_KEY
exec "$(command -v versitygw || echo /app/versitygw)" \
  --port :4566 --health /health --quiet --iam-dir "$accounts" \
  posix --dir-perms 0700 --file-perms 0600 --versioning-dir /data/versions /data/objects
