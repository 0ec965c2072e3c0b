# shellcheck shell=bash
# Sourced by install.sh: what it does when it is given files with hosts, images and sizes.

# The files as options of `ostler seed load`.
seed_options() {
  seed_files=(--pms "$pm_file" --user "${SEED_USER:-root}" --ssh-dir "$state/ssh" --image-dir "$state/images/seed")
  [ -z "$image_file" ] || seed_files+=(--images "$image_file")
  seed_files+=(--types "${types_file:-$root/docs/examples/types_file}")
}

# Each line that is wrong is told with file and number, before anything is changed.
check_seed_files() {
  seed_options
  bin/ostler seed load "${seed_files[@]}" --check || fail "nothing was changed; mend the files and run this again"
}

load_seed_files() {
  make_ssh_key
  seed_options
  say "registering hosts, images and sizes"
  local status=0
  ostler seed load "${seed_files[@]}" --enroll --wait 90s || status=$?
  # 4: all is registered, and something of it is not ready yet.
  [ "$status" = 0 ] || [ "$status" = 4 ] || fail "the files could not be loaded"
  wait_for 30 "the flat API to answer (see $(where_log))" bin/ostler seed pms --url "$(seed_url)"
  say_seed_next
  [ "$status" = 0 ] || fail "not everything is ready, see above; mend that and run this again"
}

# The key with which hosts let this controller in, beside those of root.
make_ssh_key() {
  [ ! -s "$state/ssh/id_ed25519" ] || return 0
  say "making an SSH key for this controller"
  install -d -m 0700 "$state/ssh"
  ssh-keygen -q -t ed25519 -N '' -C "ostler@${host_name:?}" -f "$state/ssh/id_ed25519" || fail "ssh-keygen could not make a key"
}

# Where this machine reaches the flat API, wherever it listens.
seed_url() {
  local listen
  listen=$(sed -n 's/^seedListen: "\(.*\)"$/\1/p' "${settings:?}")
  case $listen in
    0.0.0.0:*) listen=127.0.0.1:${listen##*:} ;;
    '[::]:'*) listen="[::1]:${listen##*:}" ;;
  esac
  printf 'http://%s\n' "$listen"
}

say_seed_next() {
  local url
  url=$(seed_url)
  cat <<END

The flat REST API is at $url. Its log: $(where_log)

  curl '$url/vm/types'
  curl '$url/image/list'
  curl '$url/pm/list'
  curl '$url/vm/create?name=test_vm&instance_type=1&image_id=100'
  curl '$url/vm/query?vmid=1'
  curl '$url/pm/listvms?pmid=1'
  curl '$url/pm/query?pmid=1'
  curl '$url/vm/destroy?vmid=1'
  ostler seed --help                            the same from the command line

Machines that it makes are machines like any other: ostler get vm
END
}
