#!/usr/bin/env bash
# lab.sh COMMAND [ARGUMENT ...] - real libvirt hosts on this machine, to play with and to test against.
# `usage` below says what the commands are; CONTRIBUTING.md says how to use them.
#
# A lab is a directory, OSTLER_LAB, and one process: switch.sh, in a network and a PID namespace of its own,
# below which everything lives. The hosts hang on it; each is a host.sh in namespaces of its own.
set -euo pipefail
shopt -s inherit_errexit
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lab=$(realpath -m "${OSTLER_LAB:-/var/lib/ostler-lab}")
ssh_home=$lab/home/.ssh
# shellcheck source=src/testing/lab/host-files.sh
. "$here/host-files.sh"
# shellcheck source=src/testing/lab/report.sh
. "$here/report.sh"

usage() {
  cat <<USAGE
usage: npm run lab -- COMMAND

  up [N]                    N hosts, h1 h2 ... (three unless told); powers on what is off; says how to use them
  prepare [N]               the same, but they stay off: for \`hardware\` before the first power-on
  info                      prints that again
  status                    every host: power, cable, daemons, guests, memory
  down                      ends the lab and removes all of it

  virsh HOST ARGUMENT...    the real virsh, on the host
  exec HOST COMMAND...      runs a command on the host; \`exec h1 bash\` is a shell
  uri HOST ssh|tcp|unix     a libvirt connection URI for use from outside

  power-off HOST...         power loss: everything on the host is gone at once, nobody is told
  power-on HOST...          and back: what was on its disks is there, guests are off
  cut HOST...               pulls the network cable
  heal HOST...              plugs it in again, at full speed
  slow HOST RATE            limits the cable both ways, to 20mbit or so
  freeze HOST PROCESS       a process hangs; PROCESS is libvirtd, virtlogd, sshd or qemu:DOMAIN
  thaw HOST PROCESS         and goes on
  kill HOST PROCESS         it dies at once; guests survive their daemons
  stop HOST PROCESS         it ends in good order
  start HOST DAEMON         a daemon that has ended is started again
  hardware HOST cpus=N memory_mib=N    what the host seems to have, from its next power-on

OSTLER_LAB=DIRECTORY chooses another lab than /var/lib/ostler-lab.
USAGE
}

die() {
  echo "lab: $*" >&2
  exit 1
}

# --- what there is

hosts() {
  local path
  for path in "$lab"/h[0-9]*; do [[ ! -d $path ]] || echo "${path##*/}"; done | sort -V
}

address_of() { echo "$(<"$lab/network").$((10 + ${1#h}))"; }

need_host() {
  [[ $1 =~ ^h[1-9][0-9]?$ && -d $lab/$1 ]] || die "there is no host '$1'; there are: $(hosts | xargs)"
}

# Prints the process id of the lab or of a host, if it lives. Its arguments tell it from a later process.
process_of() { # lab or HOST
  local path=$lab/$1 pid
  [[ $1 != lab ]] || path=$lab
  read -r pid 2>/dev/null <"$path/pid" || return 0
  if tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF "$path"; then echo "$pid"; fi
}

need_process() {
  local pid
  pid=$(process_of "$1")
  [[ $pid ]] || die "$1 is off"
  echo "$pid"
}

need_lab() { [[ $(process_of lab) ]] || die "$lab is not up; begin with: npm run lab -- up"; }

# Prints the process id of a daemon of a host, or of the QEMU of a domain, as seen from here; if there is one.
pid_of() { # HOST PROCESS
  local init pid name
  init=$(need_process "$1")
  for pid in $(<"/proc/$init/task/$init/children"); do
    if [[ $2 == qemu:* ]]; then
      ! tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qE "^guest=${2#qemu:}(,|$)" || echo "$pid"
    else
      read -r name 2>/dev/null <"/proc/$pid/comm" || continue
      [[ $name != "$2" ]] || echo "$pid"
    fi
  done
}

# The state of a process, such as S, or T when it is frozen; nothing when it has ended.
state_of() { sed -nE 's/^State:\t(.).*/\1/p' "/proc/$1/status" 2>/dev/null || true; }

# Calls until it succeeds; fails after SECONDS.
within() { # SECONDS COMMAND...
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < until)) || return 1
    sleep 0.02
  done
}

# --- the whole

prepare() { # N
  local count=${1:-3} number
  [[ $count =~ ^[1-9][0-9]?$ ]] || die "how many hosts? 1 to 99"
  check_machine
  begin_lab
  for ((number = 1; number <= count; number++)); do host_files "h$number"; done
}

up() { # N
  local host
  prepare "$@"
  # The first libvirtd finds out for seconds what every emulator can do, which is true for the others, too.
  boot h1
  wait_for_daemons h1
  for host in $(hosts); do
    [[ -d $lab/$host/cache/qemu ]] || cp -a "$lab/h1/cache/." "$lab/$host/cache/"
    boot "$host"
  done
  for host in $(hosts); do wait_for_daemons "$host"; done
}

check_machine() {
  local program missing=()
  # A socket's path may have 108 bytes.
  [[ ${#lab} -le 70 ]] || die "$lab is too long a path: 70 characters at most"
  for program in libvirtd virtlogd virsh qemu-img sshd ssh-keygen ip tc nsenter unshare; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  [[ ${#missing[@]} -eq 0 ]] || die "not installed: ${missing[*]}"
}

begin_lab() {
  [[ ! $(process_of lab) ]] || return 0
  [[ -e $lab/.lab || ! -e $lab || ! $(ls -A "$lab") ]] || die "$lab is in use by something else"
  mkdir -p "$ssh_home"
  chmod 700 "$lab" "$ssh_home"
  touch "$lab/.lab"
  [[ -e $ssh_home/id_ed25519 ]] || ssh-keygen -q -t ed25519 -N '' -C lab -f "$ssh_home/id_ed25519"
  rm -f "$lab/pid"
  # Descriptor 9 is the way back to the machine's network, to hang the switch into.
  setsid unshare --net --mount --propagation private --pid --fork --kill-child bash "$here/switch.sh" "$lab" \
    9</proc/self/ns/net </dev/null >"$lab/log" 2>&1 &
  disown
  within 20 lab_runs || die "the lab did not start: $(tail -n 3 "$lab/log")"
}

lab_runs() { [[ $(process_of lab) ]]; }

down() {
  local pid
  if [[ ! -e $lab/.lab ]]; then
    rmdir "$lab" 2>/dev/null || true # it had not begun
    return
  fi
  pid=$(process_of lab)
  if [[ $pid ]]; then
    ip link del "$(<"$lab/interface")" 2>/dev/null || true
    end_process "$pid"
  fi
  rm -rf --one-file-system "$lab"
}

# Ends the lab when whoever holds the other end of standard input is gone, however it went.
keep() {
  trap '' HUP INT TERM
  while read -r; do :; done
  down
}

end_process() { # PID
  kill -KILL "$1" 2>/dev/null || true
  within 30 has_ended "$1" || die "process $1 does not die"
}

# Not only dead: as long as one of its threads lives its sockets are open.
has_ended() { [[ ! -e /proc/$1 ]]; }

# --- power

boot() {
  [[ ! $(process_of "$1") ]] || return 0
  rm -rf "$lab/$1/run" "$lab/$1/pid"
  mkdir -p "$lab/$1/run"
  echo "boot $1" >"$lab/commands"
  within 20 has_booted_or_died "$1" || true
  [[ $(process_of "$1") ]] || die "$1 does not boot: $(tail -n 3 "$lab/$1/log/boot.log")"
}

has_booted_or_died() {
  [[ -p $lab/$1/run/commands || (-e $lab/$1/pid && ! $(process_of "$1")) ]]
}

power_off() {
  local pid
  pid=$(process_of "$1")
  [[ $pid ]] || return 0
  # The cable first: else the kernel would close the dead host's connections in good order.
  in_switch ip link del "$1" 2>/dev/null || true
  end_process "$pid"
  rm -f "$lab/$1/pid"
}

# --- daemons

wait_for_daemons() { # HOST [DAEMON]
  local daemon
  for daemon in ${2:-virtlogd libvirtd sshd}; do
    within 60 answers "$1" "$daemon" ||
      die "$daemon on $1 does not answer: $(tail -n 3 "$lab/$1/log/boot.log")"
  done
}

answers() { # HOST DAEMON
  case $2 in
    libvirtd) [[ -S $(socket_of "$1") ]] && in_host "$1" timeout 5 virsh -q version && accepts "$1" 16509 ;;
    sshd) accepts "$1" 22 ;;
    virtlogd) [[ -S $lab/$1/run/libvirt/virtlogd-sock ]] ;;
  esac >/dev/null 2>&1
}

socket_of() { echo "$lab/$1/run/libvirt/libvirt-sock"; }

accepts() { # HOST PORT; asked on the host itself, whatever its cable does
  in_host "$1" timeout 5 bash -c "exec 5<>/dev/tcp/$(address_of "$1")/$2"
}

start() { # HOST DAEMON
  [[ $2 =~ ^(libvirtd|virtlogd|sshd)$ ]] || die "'$2' is not one of libvirtd, virtlogd, sshd"
  need_process "$1" >/dev/null
  # A libvirtd that was killed has left its socket behind.
  [[ $2 != libvirtd || $(pid_of "$1" libvirtd) ]] || rm -f "$(socket_of "$1")"
  echo "start $2" >"$lab/$1/run/commands"
  wait_for_daemons "$1" "$2"
}

signal() { # HOST PROCESS SIGNAL
  local pid
  [[ $2 =~ ^(libvirtd|virtlogd|sshd|qemu:.+)$ ]] ||
    die "'$2' is not one of libvirtd, virtlogd, sshd, qemu:DOMAIN"
  pid=$(pid_of "$1" "$2")
  [[ $pid ]] || die "no $2 runs on $1"
  kill "-$3" "$pid"
  case $3 in
    STOP) within 10 is_frozen "$pid" || die "$2 on $1 does not freeze" ;;
    CONT) ! is_frozen "$pid" || within 10 is_thawed "$pid" || die "$2 on $1 does not go on" ;;
    *) within 30 has_ended "$pid" || die "$2 on $1 does not end" ;;
  esac
}

is_frozen() { [[ $(state_of "$1") == T ]]; }
is_thawed() { [[ $(state_of "$1") != T ]]; }

# --- the cable

cut_cable() {
  touch "$lab/$1/cut"
  ! [[ $(process_of "$1") ]] || in_switch ip link set "$1" down
}

heal_cable() {
  rm -f "$lab/$1/cut"
  [[ $(process_of "$1") ]] || return 0
  limit_rate "$1" ''
  in_switch ip link set "$1" up
}

slow_cable() {
  need_process "$1" >/dev/null
  limit_rate "$1" "$2"
}

# Not netem: kernels for virtual machines often lack it.
limit_rate() { # HOST RATE; at both ends of the cable
  local side
  for side in "in_switch tc qdisc %s dev $1" "in_host $1 tc qdisc %s dev eth0"; do
    if [[ $2 ]]; then
      # shellcheck disable=SC2059,SC2046 # words on purpose
      $(printf "$side" replace) root tbf rate "$2" burst 32k latency 200ms
    else
      # shellcheck disable=SC2059,SC2046
      $(printf "$side" del) root 2>/dev/null || true
    fi
  done
}

# --- places

in_switch() {
  local pid
  pid=$(need_process lab)
  nsenter --target "$pid" --net -- "$@"
}

in_host() { # HOST COMMAND...
  local pid
  pid=$(need_process "$1")
  shift
  # A mount namespace alone would be entered at its top, which is another root when we live in a chroot.
  nsenter --target "$pid" --mount --root --wd --uts --ipc --net --pid --cgroup -- \
    env -i PATH="$PATH" LC_ALL="$LC_ALL" HOME=/root TERM="${TERM:-dumb}" "$@"
}

for_each() { # FUNCTION HOST...
  local function=$1 host
  shift
  [[ $# -gt 0 ]] || die "which host? There are: $(hosts | xargs)"
  for host in "$@"; do need_host "$host"; done
  for host in "$@"; do "$function" "$host"; done
}

command=${1:-help}
[[ $# -eq 0 ]] || shift
case $command in
  help | -h | --help) usage; exit ;;
esac
[[ $EUID -eq 0 ]] || die "needs root"
case $command in
  prepare | up | down | keep) ;;
  *) need_lab ;;
esac
case $command in
  virsh | exec | uri | slow | freeze | thaw | kill | stop | start | hardware)
    [[ $# -ge 2 ]] || { usage >&2; exit 2; }
    need_host "$1"
    ;;
esac
case $command in
  prepare) prepare "$@" ;;
  up) up "$@"; lab_info ;;
  info) lab_info ;;
  status) lab_status ;;
  down | keep) "$command" ;;
  virsh) host=$1; shift; in_host "$host" virsh -q "$@" ;;
  exec) in_host "$@" ;;
  uri) uri_of "$@" ;;
  power-off) for_each power_off "$@" ;;
  power-on) for_each boot "$@"; for_each wait_for_daemons "$@" ;;
  cut) for_each cut_cable "$@" ;;
  heal) for_each heal_cable "$@" ;;
  slow) slow_cable "$@" ;;
  freeze) signal "$1" "$2" STOP ;;
  thaw) signal "$1" "$2" CONT ;;
  kill) signal "$1" "$2" KILL ;;
  stop) signal "$1" "$2" TERM ;;
  start) start "$@" ;;
  hardware) host=$1; shift; write_hardware "$host" "$@" ;;
  *) echo "lab: no command '$command'" >&2; usage >&2; exit 2 ;;
esac
