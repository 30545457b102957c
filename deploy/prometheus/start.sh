#!/bin/sh
# Starts Prometheus with the alerts of deploy/kubernetes. Below its `spec`, a PrometheusRule is a rule file, indented by two spaces.
#   sh start.sh [ARGUMENT...]
set -eu
sed '1,/^spec:$/d; s/^  //' /deploy/prometheus-rule.yaml >/tmp/rules.yml
exec prometheus "$@"
