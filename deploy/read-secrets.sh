#!/bin/sh
# Starts a third-party server that takes its secrets from the environment only: for every variable NAME_FILE that names a mounted
# secret, it sets NAME to the content. Our own programs read NAME_FILE themselves (settings/secret-files.ts).
#   sh read-secrets.sh COMMAND [ARGUMENT...]
set -eu
for name in $(env | sed -n 's/^\([A-Z][A-Z0-9_]*\)_FILE=\/run\/secrets\/.*/\1/p'); do
  eval "$name=\$(cat \"\$${name}_FILE\"); export $name; unset ${name}_FILE"
done
exec "$@"
