#!/usr/bin/env bash
# libvirt-host.sh DIRECTORY NAME KVM - a host with a libvirtd of its own, in its own namespaces.
# Started by libvirt-host.ts. Commands arrive on standard input, one a line; at its end everything
# dies with this process, which is pid 1 of the host, and DIRECTORY is removed: also when whoever
# started the host was killed. Nothing of the machine's own libvirt is read or written.
set -euo pipefail
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 LC_ALL=C.UTF-8

if [[ ${4:-} != inside ]]; then
  exec 9</proc/self/ns/net # the way back to the machine's network, to hang the cable into
  exec unshare --mount --propagation private --uts --ipc --net --pid --fork --kill-child \
    bash "$0" "$1" "$2" "$3" inside
fi
directory=$1 name=$2 kvm=$3
# shellcheck source=src/testing/namespace-host.sh
. "${BASH_SOURCE[0]%/*}/namespace-host.sh"

# The outer /proc is still mounted: it shows our pid as the machine sees it.
read -r outer_pid _ </proc/self/stat
hostname "$name"

# --- the cable: a veth pair; its number, free on this machine by the name it gets, is also its network
ip link set lo up
for attempt in {1..50}; do
  number=$((RANDOM % 16384)) cable=
  nsenter --net=/proc/self/fd/9 ip link add "ostler$number" type veth peer name eth0 netns 1 2>/dev/null || continue
  cable=ostler$number
  break
done
[[ $cable ]] || { echo "cannot create a veth pair (attempt $attempt)" >&2; exit 1; }
network=198.18.$((number / 64 % 256)) base=$((number % 64 * 4)) # RFC 2544: the range for tests
nsenter --net=/proc/self/fd/9 ip addr add "$network.$((base + 1))/30" dev "$cable"
nsenter --net=/proc/self/fd/9 ip link set "$cable" up
exec 9<&-
ip addr add "$network.$((base + 2))/30" dev eth0
ip link set eth0 up
ip route add default via "$network.$((base + 1))"
echo 1 >/proc/sys/net/ipv4/ip_forward

# --- what is the host's own, visible from outside under DIRECTORY
without_cgroups
mkdir -p "$directory"/{run/libvirt,etc,lib,log/qemu,cache}
mount --bind "$directory/etc" /etc/libvirt
mount --bind "$directory/lib" /var/lib/libvirt
mount --bind "$directory/log" /var/log/libvirt
mount --bind "$directory/cache" /var/cache/libvirt
mount --bind "$directory/run" /run
mkdir -p /run/sshd /run/lock
printf '127.0.0.1 localhost\n%s %s\n' "$network.$((base + 2))" "$name" >/run/hosts
own_names /run/hosts
own_devices "$kvm"
own_kernel_views

echo "ready $outer_pid $network.$((base + 2)) $cable"

# --- pid 1: bash reaps whatever ends here while it reads
while read -r command; do
  case $command in
    start) libvirtd --listen </dev/null >>/var/log/libvirt/libvirtd.out 2>&1 & ;;
    *) echo "unknown command: $command" >&2 ;;
  esac
done
kill -KILL -1 2>/dev/null || true
wait
ip link del eth0 || true
rm -rf --one-file-system "$directory"
