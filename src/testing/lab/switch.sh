#!/usr/bin/env bash
# switch.sh LAB - process 1 of a lab: the switch that its hosts hang on, in its own network, mount and PID
# namespaces; descriptor 9 is the machine's network. When it dies the kernel ends every host below it and takes all
# interfaces away. Started by lab.sh, which speaks to it through LAB/commands.
set -euo pipefail

lab=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

in_machine() { nsenter --net=/proc/self/fd/9 "$@"; }

# A veth pair leads out. That the name of its outer end is free makes the network ours: 198.19.0.0/16 is half of
# the range for tests (RFC 2544). A lab keeps its network, since the hosts' files name their addresses.
hang_into_machine() {
  local number candidates
  if [[ -e $lab/network ]]; then
    candidates=$(<"$lab/network")
    candidates=${candidates##*.}
  else
    candidates=$(shuf -i 0-255)
  fi
  for number in $candidates; do
    in_machine ip link add "ostlerlab$number" type veth peer name uplink netns 1 2>/dev/null || continue
    echo "198.19.$number" >"$lab/network"
    echo "ostlerlab$number" >"$lab/interface"
    in_machine ip addr add "198.19.$number.1/24" dev "ostlerlab$number"
    in_machine ip link set "ostlerlab$number" up
    return
  done
  echo "no network is free: cannot create a veth pair called ostlerlab${number:-N}" >&2
  exit 1
}

build_switch() {
  ip link set lo up
  ip link add switch type bridge stp_state 0 forward_delay 0
  ip link set switch up
  ip link set uplink master switch up
}

boot() { # HOST
  # Descriptor 8 is the way from the host's network to the switch.
  unshare --mount --propagation private --uts --ipc --net --pid --cgroup --fork --kill-child \
    bash "$here/host.sh" "$lab/$1" "$(<"$lab/network")" 8</proc/self/ns/net 3<&- 9<&- \
    </dev/null >>"$lab/$1/log/boot.log" 2>&1 &
}

hang_into_machine
build_switch
mkfifo -m 600 "$lab/commands.new"
mv "$lab/commands.new" "$lab/commands"
exec 3<>"$lab/commands"
# The outer /proc is still mounted: it shows our process id as the machine sees it.
read -r pid _ </proc/self/stat
echo "$pid" >"$lab/pid.new"
mv "$lab/pid.new" "$lab/pid"
# bash reaps whatever ends here while it reads.
while read -r -u 3 command host; do
  [[ $command != boot ]] || boot "$host"
done
