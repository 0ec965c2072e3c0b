#!/usr/bin/env bash
# host.sh DIRECTORY NETWORK - process 1 of one host of a lab, in its own mount, UTS, IPC, network, PID and
# cgroup namespaces; descriptor 8 is the network of the switch. Killing it is a power loss. What the host keeps is
# in DIRECTORY, bound over the places where it belongs; everything else is the machine's and is not written.
set -euo pipefail
export HOME=/root

directory=$1 network=$2
name=${directory##*/}
number=${name#h}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=src/testing/namespace-host.sh
. "$here/../namespace-host.sh"
# shellcheck source=src/testing/lab/hardware.sh
. "$here/hardware.sh"

in_switch() { nsenter --net=/proc/self/fd/8 "$@"; }

# As on most hypervisors the uplink is a port of br0, which has the host's address: guests may be on it, too.
plug_in() {
  in_switch ip link add "$name" type veth peer name eth0 netns 1
  in_switch ip link set "$name" master switch
  [[ -e $directory/cut ]] || in_switch ip link set "$name" up
  ip link set lo up
  # The same address after every power-on.
  ip link add br0 address "$(printf '02:05:71:00:00:%02x' "$number")" type bridge stp_state 0 forward_delay 0
  ip link set eth0 master br0 up
  ip addr add "$network.$((10 + number))/24" dev br0
  ip link set br0 up
  ip route add default via "$network.1"
  echo 1 >/proc/sys/net/ipv4/ip_forward
}

mount_own() {
  local pair
  for pair in libvirt:/etc/libvirt lib:/var/lib/libvirt log:/var/log/libvirt cache:/var/cache/libvirt \
    ssh:/etc/ssh root:/root run:/run; do
    mount --bind "$directory/${pair%%:*}" "${pair#*:}"
  done
  mkdir -p /run/sshd /run/lock /run/libvirt
  mount -t tmpfs -o mode=1777 tmp /tmp
}

declare -A daemons=()

start() { # NAME COMMAND...
  local daemon=$1
  shift
  if [[ ${daemons[$daemon]:-} ]] && kill -0 "${daemons[$daemon]}" 2>/dev/null; then return; fi
  "$@" 3<&- </dev/null &
  daemons[$daemon]=$!
}

start_daemon() {
  case $1 in
    sshd) start sshd /usr/sbin/sshd -D ;;
    virtlogd) start virtlogd virtlogd ;;
    libvirtd) start libvirtd libvirtd --listen ;;
  esac
}

hostname "$name"
without_cgroups
# The outer /proc is still mounted: it shows our process id as the machine sees it.
read -r pid _ </proc/self/stat
plug_in
exec 8<&-
echo "$pid" >"$directory/pid.new"
mv "$directory/pid.new" "$directory/pid" # whole or not at all: an empty one would say that it has ended
hardware=()
[[ ! -e $directory/hardware ]] || read -r -a hardware <"$directory/hardware"
mount_own
own_names /etc/libvirt/hosts
own_devices 0
own_kernel_views
[[ ${#hardware[@]} -eq 0 ]] || fake_hardware "${hardware[@]}"
for daemon in virtlogd libvirtd sshd; do start_daemon "$daemon"; done
mkfifo -m 600 /run/commands.new
mv /run/commands.new /run/commands
exec 3<>/run/commands
# bash reaps whatever ends here while it reads.
while read -r -u 3 command daemon; do
  [[ $command != start ]] || start_daemon "$daemon"
done
