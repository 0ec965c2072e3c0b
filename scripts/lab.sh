#!/usr/bin/env bash
# `npm run lab -- COMMAND`: real libvirt hosts on this machine; without a command it says what there is. What is
# missing on a Debian machine is installed before the first of them starts.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
# shellcheck source=scripts/system-packages.sh
. scripts/system-packages.sh

case ${1:-} in up | prepare) install_system_packages ;; esac
exec bash src/testing/lab/lab.sh "$@"
