#!/usr/bin/env bash
# Every test there is. On a Debian machine as root it first installs what the tests of the real thing need;
# elsewhere those tests are skipped and say why. Arguments, if any, are the test files to run.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"

# shellcheck source=scripts/system-packages.sh
. scripts/system-packages.sh

install_system_packages
install_packages
run_tests "${@:-src}"
