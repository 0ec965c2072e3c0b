#!/usr/bin/env bash
# The installer, by another name; see install.sh.
exec "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")/install.sh" "$@"
