#!/usr/bin/env bash
# The inner loop, some two minutes on two cores: types, lint, and the tests that need nothing but this folder.
# Left out are the tests that start real daemons or are named *.long.test.ts; `npm test` runs those too.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"

install_packages
step() {
  local began=$SECONDS
  say "$1"
  shift
  "$@" || fail "failed after $((SECONDS - began)) s"
}

step types tsc -p .
step lint biome check .
step tests run_tests --quick src
