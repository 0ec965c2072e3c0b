#!/usr/bin/env bash
# Installs Ostler on this machine (Debian 12 or 13, or an Ubuntu LTS, as root), makes the machine its first host,
# starts it, boots a sample machine and shows that the machine answers. Running it again changes nothing.
#
#   ./install.sh                 install and start
#   ./install.sh PM_FILE [IMAGE_FILE [TYPES_FILE]]
#                                install and serve the flat REST API over the hosts, images and sizes in these
#                                files instead: no sample machine, and this machine only if PM_FILE names it
#   ./install.sh --uninstall     take back what this script made, and nothing else
#
# Where systemd runs, Ostler becomes the service `ostler`; elsewhere it is started in the background. The flat API
# listens on 127.0.0.1:8080, or on what SEED_LISTEN says: whoever reaches it may use it. Bare addresses in PM_FILE are
# logged in to as root, or as SEED_USER says. See docs/reference/seed-api.md.
set -euo pipefail
readonly called_from=$PWD
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

readonly root=$PWD
readonly state=$root/state
readonly manifests=$root/manifests
readonly unit=/etc/systemd/system/ostler.service
readonly command_link=/usr/local/bin/ostler
readonly guest=$state/images/guest
readonly sample=$manifests/hello.yaml
host_name=$(hostname | tr '[:upper:]' '[:lower:]' | tr -c 'a-z0-9.\n-' '-')
readonly host_name
readonly qemu_conf=/etc/libvirt/qemu.conf
readonly qemu_setting='namespaces = [] # written by install.sh of ostler, where no systemd runs'
readonly pid_file=$state/ostler.pid
readonly log_file=$state/ostler.log
readonly settings=$state/serve.yaml
# shellcheck source=scripts/seed-files.sh
. scripts/seed-files.sh
pm_file='' image_file='' types_file=''

say() { printf '==> %s\n' "$*"; }
warn() { printf 'install.sh: %s\n' "$*" >&2; }
fail() { warn "$*"; exit 1; }

main() {
  case ${1-} in
    "") install_all ;;
    --uninstall) uninstall_all ;;
    -h | --help) usage ;;
    -*) warn "unknown argument \"$1\""; usage >&2; exit 2 ;;
    *)
      [ $# -le 3 ] || { warn "three files at most"; usage >&2; exit 2; }
      pm_file=$(path_of "$1")
      [ $# -lt 2 ] || image_file=$(path_of "$2")
      [ $# -lt 3 ] || types_file=$(path_of "$3")
      install_all
      ;;
  esac
}

usage() { sed -n '2,15s/^# \{0,1\}//p' "$root/install.sh"; }

# path_of FILE: as seen from where the script was called.
path_of() {
  local path
  case $1 in /*) path=$1 ;; *) path=$called_from/$1 ;; esac
  if [ ! -r "$path" ] || [ -d "$path" ]; then fail "cannot read the file $1"; fi
  printf '%s\n' "$path"
}

install_all() {
  if [ -n "${SEED_LISTEN-}" ] && ! [[ $SEED_LISTEN =~ ^[^[:space:]\"]+:[0-9]{1,5}$ ]]; then
    fail "SEED_LISTEN is ADDRESS:PORT, such as 127.0.0.1:8080, not $SEED_LISTEN"
  fi
  check_machine
  mkdir -p "$manifests"
  install -d -m 0700 "$state"
  install_system_packages
  install_node_packages
  [ -z "$pm_file" ] || check_seed_files
  start_libvirt
  [ "$(readlink "$command_link" 2>/dev/null)" = "$root/bin/ostler" ] || ln -sf "$root/bin/ostler" "$command_link"
  write_settings
  start_ostler
  wait_until_ready
  if [ -z "$pm_file" ]; then
    boot_sample
    say_what_next
  else
    load_seed_files
  fi
}

check_machine() {
  [ "$(id -u)" = 0 ] || fail "needs root: sudo ./install.sh"
  [ -r /etc/os-release ] || fail "this does not look like Linux with /etc/os-release"
  # shellcheck source=/dev/null
  case $(. /etc/os-release && echo "${ID:-} ${ID_LIKE:-}") in
    *debian* | *ubuntu*) ;;
    *) fail "only Debian and Ubuntu are set up by this script; elsewhere install libvirt and QEMU, then run bin/ostler serve" ;;
  esac
  case $(uname -m) in x86_64 | aarch64) ;; *) fail "no Node is pinned for $(uname -m): x86_64 and aarch64 only" ;; esac
}

has_systemd() { [ -d /run/systemd/system ]; }

# The names of the Debian packages that are needed here; Ubuntu's kernel is named otherwise.
wanted_packages() {
  local arch
  arch=$(dpkg --print-architecture)
  echo libvirt-daemon-system libvirt-clients qemu-utils openssh-client busybox-static cpio gzip kmod ca-certificates libatomic1
  if [ "$arch" = arm64 ]; then echo qemu-system-arm qemu-efi-aarch64; else echo qemu-system-x86; fi
  # A kernel for the sample machine, unless one is here.
  if ! compgen -G '/boot/vmlinuz-*' >/dev/null || ! compgen -G '/lib/modules/*/modules.dep' >/dev/null; then
    # shellcheck source=/dev/null
    case $(. /etc/os-release && echo "$ID") in
      ubuntu) echo linux-image-virtual ;;
      *) echo "linux-image-cloud-$arch" ;;
    esac
  fi
  command -v npm >/dev/null || echo nodejs npm
  has_systemd || echo tini
}

install_system_packages() {
  local package missing=()
  for package in $(wanted_packages); do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >/dev/null || fail "apt-get update failed: is there a way to the package archive?"
  apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null || fail "apt-get could not install: ${missing[*]}"
}

install_node_packages() {
  # shellcheck source=scripts/env.sh
  ( . scripts/env.sh && install_packages ) || fail "the Node packages could not be installed"
}

start_libvirt() {
  if has_systemd; then
    systemctl enable --now libvirtd.socket >/dev/null 2>&1 || systemctl enable --now libvirtd.service >/dev/null 2>&1 ||
      systemctl enable --now virtqemud.socket >/dev/null 2>&1 || fail "libvirt could not be started: systemctl status libvirtd"
    return
  fi
  virsh -c qemu:///system version >/dev/null 2>&1 && return
  say "starting libvirtd (no systemd here)"
  mkdir -p /run/libvirt
  # In a chroot, as some containers are, guests would not find their files from mount namespaces of their own.
  grep -qs '^ *namespaces *=' "$qemu_conf" || printf '%s\n' "$qemu_setting" >>"$qemu_conf"
  pgrep -x virtlogd >/dev/null || virtlogd -d -p "$state/virtlogd.pid"
  # In a container nobody may wait for dead guests, and libvirt takes a zombie for a guest that will not die.
  setsid tini -s -- libvirtd </dev/null >>/var/log/libvirt/libvirtd.log 2>&1 &
  echo $! >"$state/libvirtd.pid"
  wait_for 120 "libvirtd to answer (see /var/log/libvirt/libvirtd.log)" virsh -c qemu:///system version
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
  local seconds=$1 what=$2 deadline
  shift 2
  deadline=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || fail "waited $seconds s in vain for $what"
    sleep 0.2
  done
}

# What this installation serves: this machine as a host once the script ran without files, the flat API once it ran with
# them. Other lines are the operator's.
write_settings() {
  local listen text
  listen=$(sed -n 's/^seedListen: *"\{0,1\}\([^" ]*\)"\{0,1\}.*/\1/p' "$settings" 2>/dev/null || true)
  text=$(
    grep -vE '^(hosts|seedListen):|^# Written by' "$settings" 2>/dev/null || true
    echo "# Written by install.sh, but for lines that others add."
    if [ -z "$pm_file" ] || grep -qs '^hosts:' "$settings"; then echo "hosts: [\"$host_name=qemu:///system\"]"; fi
    if [ -n "$pm_file" ] || [ -n "$listen" ]; then
      echo "seedListen: \"${SEED_LISTEN:-${listen:-127.0.0.1:8080}}\""
    fi
  )
  [ "$text" != "$(cat "$settings" 2>/dev/null)" ] || return 0
  printf '%s\n' "$text" >"$settings.new"
  mv "$settings.new" "$settings"
  if has_systemd && [ -e "$unit" ]; then systemctl stop ostler.service; else stop_running; fi
}

start_ostler() {
  if has_systemd; then
    write_unit
    systemctl enable --now ostler.service >/dev/null 2>&1 || fail "the service did not start: journalctl -u ostler"
    return
  fi
  if is_running; then return; fi
  say "starting ostler in the background (no systemd here)"
  setsid bin/ostler serve --state-dir "$state" --manifests "$manifests" --config "$settings" \
    </dev/null >>"$log_file" 2>&1 &
  echo $! >"$pid_file"
}

is_running() {
  local pid
  pid=$(cat "$pid_file" 2>/dev/null) && [ -n "$pid" ] && grep -qs -a ostler "/proc/$pid/cmdline" 2>/dev/null
}

write_unit() {
  mkdir -p node_modules/.cache/ostler
  local text
  text=$(sed "s|@ROOT@|$root|g" scripts/ostler.service)
  if [ "$text" != "$(cat "$unit" 2>/dev/null)" ]; then
    printf '%s\n' "$text" >"$unit"
    systemctl daemon-reload
    systemctl try-restart ostler.service
  fi
}

ostler() { "$root/bin/ostler" --kubeconfig "$state/kubeconfig" "$@"; }

wait_until_ready() {
  wait_for 60 "ostler to answer (see $(where_log))" ostler get hosts
  [ -z "$pm_file" ] || return 0
  wait_for 60 "the host $host_name to be registered" ostler get host "$host_name"
  ostler wait "host/$host_name" --for=condition=Ready --timeout 120s >/dev/null ||
    fail "this machine is not ready as a host: ostler describe host $host_name"
}

where_log() { if has_systemd; then echo "journalctl -u ostler"; else echo "$log_file"; fi; }

boot_sample() {
  if [ ! -s "$guest/vmlinuz" ] || [ ! -s "$guest/initrd.gz" ]; then
    say "building a tiny guest from Debian's kernel and busybox"
    scripts/make-guest.sh "$guest" >/dev/null || fail "the sample guest could not be built"
  fi
  if [ ! -e "$sample" ] && [ ! -e "$state/.sample" ]; then
    sed "s|/var/lib/ostler/guest|$guest|g" docs/examples/hello.yaml >"$sample.new"
    mv "$sample.new" "$sample"
    [ -e "$manifests/instance-types.yaml" ] || cp docs/examples/instance-types.yaml "$manifests/"
    touch "$state/.sample"
  fi
  [ -e "$sample" ] || return 0
  say "waiting for the sample machine"
  wait_for 60 "hello to be read from $sample" ostler get vm hello
  ostler wait vm/hello --for=condition=Ready --timeout 120s >/dev/null || fail "hello is not running: ostler describe vm hello"
  local domain
  domain=$(domain_of_sample)
  wait_for 120 "the sample machine to answer on its serial console" answers_on_console "$domain"
  say "hello is running as domain $domain and answers on its serial console"
}

domain_of_sample() { ostler get vm hello -o json 2>/dev/null | grep -o 'default-hello-[0-9a-f]*' | head -n 1; }

# Sends a command to the guest's shell over its serial console and looks for the answer.
answers_on_console() {
  local tty answer
  tty=$(virsh -c qemu:///system ttyconsole "$1") && [ -c "$tty" ] || return 1
  stty -F "$tty" raw -echo
  # shellcheck disable=SC2016 # the guest is to do the sum
  answer=$( { printf '\necho answer-$((40+2))\n' >&3; timeout 2 cat <&3 || true; } 3<>"$tty")
  grep -q 'answer-42' <<<"$answer"
}

say_what_next() {
  local domain
  domain=$(domain_of_sample || true)
  cat <<END

Ostler is running. $(if has_systemd; then echo "It is the service ostler; its log: journalctl -u ostler"; else echo "Its log is $log_file, its pid is in $pid_file"; fi)

  ostler get vm                                 what there is
  ostler describe vm hello                      one machine, in detail
  virsh console ${domain:-DOMAIN}        its serial console (leave with Ctrl-])
  virsh destroy ${domain:-DOMAIN}        break it, and watch it come back: ostler get vm -w
  rm $sample        delete it, with all it had
  cp docs/examples/two-lines.yaml manifests/    another machine
  KUBECONFIG=$state/kubeconfig kubectl get vm

END
}

uninstall_all() {
  [ "$(id -u)" = 0 ] || fail "needs root: sudo ./install.sh --uninstall"
  remove_sample
  local pool machines others
  pool=$(pool_of_cluster)
  machines=$(ostler get vm -A -o name 2>/dev/null || true)
  others=$(ostler get hosts -o json 2>/dev/null | grep -oE '"qemu\+[^"]*"' | tr -d '"' | paste -s -d ' ' || true)
  stop_ostler
  [ "$(readlink "$command_link" 2>/dev/null)" != "$root/bin/ostler" ] || rm -f "$command_link"
  if [ -n "$machines" ]; then
    say "these machines stay, with their disks, and so does Ostler's state in $state:"
    printf '    %s\n' "$machines"
  else
    remove_pool "$pool"
    [ -z "$others" ] || say "on these hosts the storage pool $pool stays, with image contents at most: $others"
    stop_libvirt
    if cmp -s docs/examples/instance-types.yaml "$manifests/instance-types.yaml"; then
      rm "$manifests/instance-types.yaml"
    fi
    find "$state" -mindepth 1 ! -name .gitkeep -delete
    rm -rf "$root/node_modules"
  fi
  if grep -qsxF "$qemu_setting" "$qemu_conf"; then
    grep -vxF "$qemu_setting" "$qemu_conf" >"$qemu_conf.new" || true
    cat "$qemu_conf.new" >"$qemu_conf"
    rm "$qemu_conf.new"
  fi
  say "uninstalled. Debian packages (libvirt, QEMU, ...) stay: others may use them"
}

remove_sample() {
  [ -e "$state/.sample" ] && [ -e "$sample" ] || return 0
  say "removing the sample machine"
  rm -f "$sample"
  ostler get vm hello >/dev/null 2>&1 || return 0
  ostler wait vm/hello --for=delete --timeout 120s >/dev/null || fail "hello could not be deleted: ostler describe vm hello"
  # Its images were in the same file; without them their content leaves the host.
  local image
  for image in hello-kernel hello-initrd; do
    ostler wait "image/$image" --for=delete --timeout 60s >/dev/null || warn "image $image is still there"
  done
}

stop_ostler() {
  if has_systemd && [ -e "$unit" ]; then
    systemctl disable --now ostler.service >/dev/null 2>&1 || true
    rm -f "$unit"
    systemctl daemon-reload
  else
    stop_running
  fi
}

stop_running() {
  is_running || return 0
  kill "$(cat "$pid_file")"
  wait_for 40 "ostler to stop" not_running
}

not_running() { ! is_running; }

# Only what this script started, and only when no guest needs it.
stop_libvirt() {
  local name
  [ -z "$(virsh -c qemu:///system list --name 2>/dev/null)" ] || return 0
  for name in libvirtd virtlogd; do
    [ -s "$state/$name.pid" ] || continue
    kill "$(cat "$state/$name.pid")" 2>/dev/null || true
  done
}

# The storage pool is named after the cluster, whose id is the uid of a namespace.
pool_of_cluster() {
  ostler get ns ostler-system -o json 2>/dev/null | sed -n 's/.*"uid": "\([0-9a-f]\{8\}\)-.*/ostler-\1/p' | head -n 1
}

# Nothing but unused image content can be in it: no machine is left.
remove_pool() {
  local pool=$1 volume path
  [ -n "$pool" ] && virsh -c qemu:///system pool-info "$pool" >/dev/null 2>&1 || return 0
  path=$(virsh -c qemu:///system pool-dumpxml "$pool" | sed -n 's/.*<path>\(.*\)<\/path>.*/\1/p')
  virsh -c qemu:///system vol-list "$pool" | awk 'NR > 2 && NF { print $1 }' | while read -r volume; do
    virsh -c qemu:///system vol-delete "$volume" --pool "$pool" >/dev/null
  done
  virsh -c qemu:///system pool-destroy "$pool" >/dev/null
  virsh -c qemu:///system pool-undefine "$pool" >/dev/null
  rmdir "$path"
}

main "$@"
