# shellcheck shell=bash
# Sourced by the scripts beside it: the project's own Node and tools, whatever the machine has.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

case $(uname -m) in
  x86_64) node_arch=x64 ;;
  aarch64) node_arch=arm64 ;;
  *) echo "no Node is pinned for $(uname -m): only x86_64 and aarch64 Linux are supported" >&2; exit 1 ;;
esac
node_dir=$PWD/node_modules/node-linux-$node_arch/bin

# A Node that was not built by the distribution knows only its own authorities; the machine may have more.
if [ -r /etc/ssl/certs/ca-certificates.crt ]; then
  export NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}
fi

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

fail() { say "$*"; exit 1; }

# Installs the npm packages, exactly those of the lock file, when they are missing or older than it.
install_packages() {
  local stamp=node_modules/.installed missing='' npm_node=0
  [ "$stamp" -nt package-lock.json ] || missing=1
  if [ -n "$missing" ]; then
    command -v npm >/dev/null || fail "npm is needed to install the packages: apt-get install npm"
    say "installing npm packages"
    npm_node=$(node -p 'parseInt(process.versions.node)')
    npm ci "${npm_options[@]}" || fail "npm could not install the packages"
  fi
  "$node_dir/node" --version >/dev/null || fail "the pinned Node does not run here; apt-get install libatomic1"
  if [ -n "$missing" ]; then
    [ "$npm_node" -ge 24 ] || install_what_old_node_left_out
    touch "$stamp"
  fi
  export PATH=$node_dir:$PATH
}

npm_options=(--no-save --no-audit --no-fund --loglevel=error)

# npm leaves out optional packages that do not run on the Node it runs on itself: with an old one, let it look
# again on the pinned one. Debian's npm finds its modules in a folder that only Debian's own Node searches.
install_what_old_node_left_out() {
  local npm_script
  npm_script=$(readlink -f "$(command -v npm)")
  head -n 1 "$npm_script" | grep -q node || return 0
  NODE_PATH=/usr/share/nodejs NODE_NO_WARNINGS=1 \
    "$node_dir/node" "$npm_script" install "${npm_options[@]}" || fail "npm could not install the packages"
}

# Hundreds of test processes read the same files: compiled code is kept for the next.
export NODE_COMPILE_CACHE=$PWD/node_modules/.cache/ostler

# Tools by their paths: some versions of npm link no node_modules/.bin when they may not run scripts.
tsc() { node node_modules/typescript/bin/tsc "$@"; }
biome() { node node_modules/@biomejs/biome/bin/biome "$@"; }
tap() { node node_modules/tap/dist/esm/run.mjs "$@"; }

# Runs test files, says how each went, what failed, and what was skipped and why. tap's totals come last.
run_tests() {
  # As installed, tap compiles TypeScript itself. .taprc turns that off, which takes effect by a build.
  if grep -q '@tapjs/typescript' node_modules/@tapjs/test/test-built/dist/esm/index.js; then
    tap build >/dev/null || fail "tap could not be built without its TypeScript plugin"
  fi
  local raw status=0
  raw=$(mktemp)
  node src/testing/run-tests.ts "$@" | tee "$raw" | awk -f scripts/brief.awk || status=1
  if grep -aq '# SKIP' "$raw"; then
    echo '# skipped:'
    grep -aE '# SKIP' "$raw" | sed -E 's/^ *ok [0-9]* *-? */#   /'
  fi
  grep -aE '^# \{ total: ' "$raw" || status=1
  rm -f "$raw"
  return "$status"
}
