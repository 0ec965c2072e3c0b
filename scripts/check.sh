#!/usr/bin/env bash
# The inner loop, a minute and a half on two cores: types, lint, and the tests that need nothing but this folder.
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

# What starts a real libvirtd: libvirt-host.ts, and the helpers that are built on it.
daemons=$(grep -l '/libvirt-host\.ts"' src/testing/*.ts | xargs -n 1 basename | paste -s -d '|')
mapfile -t tests < <(
  find src -name '*.test.ts' ! -name '*.long.test.ts' -exec grep -L -E "/(libvirt-host.ts|$daemons)\"" {} + | sort
)
step types tsc -p .
step lint biome check .
step tests run_tests "${tests[@]}"
