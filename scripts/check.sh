#!/usr/bin/env bash
# The inner loop, a minute on two cores: types, lint, and the tests that need nothing but this folder.
# Left out are the tests that start real daemons or are named *.long.test.ts; `npm test` runs those too.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"

install_packages
began=$SECONDS
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT

# What it says is told when it is over; all three go on whatever the others find.
step() {
  local name=$1 status=0
  shift
  "$@" >"$said/$name" 2>&1 || status=1
  [ "$status" = 0 ] || cat "$said/$name"
  say "$name: $([ "$status" = 0 ] && echo passed || echo FAILED) after $((SECONDS - began)) s"
  return "$status"
}

# Tests wait at times: types and lint, one after the other, are looked at meanwhile.
types_and_lint() {
  local status=0
  step types tsc -p . || status=1
  step lint biome check . || status=1
  return "$status"
}

types_and_lint &
failed=''
run_tests --quick src || failed+=' tests'
wait $! || failed+=' types or lint'
[ -z "$failed" ] || fail "failed after $((SECONDS - began)) s:$failed"
say "passed in $((SECONDS - began)) s"
