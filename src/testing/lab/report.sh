# shellcheck shell=bash
# Sourced by lab.sh: what people are told.
: "${lab:?}" "${ssh_home:?}"

uri_of() { # HOST ssh|tcp|unix
  local verified="keyfile=$ssh_home/id_ed25519&known_hosts=$ssh_home/known_hosts"
  case $2 in
    ssh) echo "qemu+ssh://root@$(address_of "$1")/system?$verified" ;;
    tcp) echo "qemu+tcp://$(address_of "$1")/system" ;;
    unix) echo "qemu+unix:///system?socket=$(socket_of "$1")" ;;
    *) die "'$2' is not one of ssh, tcp, unix" ;;
  esac
}

lab_info() {
  local host run="npm run -s lab --"
  [[ $lab == /var/lib/ostler-lab ]] || run="OSTLER_LAB=$lab $run"
  echo "These hosts are up; from here only, nothing else on this machine has changed:"
  echo
  for host in $(hosts); do echo "  $host  root@$(address_of "$host")"; done
  echo
  echo "The same as a pm_file: $lab/pm_file. HOME=$lab/home is where their keys are found."
  echo
  echo "Ostler with them, in one terminal:"
  echo
  echo "  export HOME=$lab/home"
  echo "  bin/ostler serve --state-dir $lab/state --manifests $lab/manifests --listen 127.0.0.1:6441 \\"
  for host in $(hosts); do echo "    --host $host=qemu+ssh://root@$(address_of "$host")/system \\"; done
  echo "    --resync-seconds 5"
  echo
  echo "In another:"
  echo
  cat <<INFO
  export OSTLER_KUBECONFIG=$lab/state/kubeconfig
  bin/ostler get hosts
  cp docs/examples/two-lines.yaml $lab/manifests/
  bin/ostler get vm -o wide -w

What is really there, and how to break it:

  $run status
  $run virsh h1 list --all
  $run exec h1 bash
  virsh -c '$(uri_of h1 unix)' list --all
  ssh -i $ssh_home/id_ed25519 -o UserKnownHostsFile=$ssh_home/known_hosts root@$(address_of h1)
  $run power-off h1; $run power-on h1
  $run cut h1; $run heal h1
  $run freeze h1 libvirtd; $run thaw h1 libvirtd
  $run down
INFO
}

lab_status() {
  local host
  for host in $(hosts); do echo "$host  $(address_of "$host")  $(host_status "$host")"; done
}

host_status() { # HOST
  local init cable=plugged daemon text
  init=$(process_of "$1")
  [[ ! -e $lab/$1/cut ]] || cable="cut"
  [[ $init ]] || { echo "off  cable $cable"; return; }
  text="on  cable $cable"
  for daemon in libvirtd virtlogd sshd; do text+="  $daemon $(daemon_status "$1" "$daemon")"; done
  echo "$text  guests: $(guests_of "$1" | xargs)  memory $(memory_of "$init") MiB"
}

daemon_status() { # HOST DAEMON
  local pid
  pid=$(pid_of "$1" "$2")
  if [[ ! $pid ]]; then
    echo ended
  elif is_frozen "$pid"; then
    echo frozen
  else
    echo running
  fi
}

guests_of() { # HOST; those whose QEMU lives
  local init pid
  init=$(need_process "$1")
  for pid in $(<"/proc/$init/task/$init/children"); do
    tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | sed -nE 's/^guest=([^,]*).*/\1/p'
  done
}

memory_of() { # INIT; the proportional set size of all processes of its PID namespace
  local space path
  space=$(readlink "/proc/$1/ns/pid")
  for path in /proc/[0-9]*; do
    [[ $(readlink "$path/ns/pid" 2>/dev/null) != "$space" ]] || sed -n 's/^Pss: *//p' "$path/smaps_rollup"
  done 2>/dev/null | awk '{ sum += $1 } END { printf "%.1f", sum / 1024 }'
}
