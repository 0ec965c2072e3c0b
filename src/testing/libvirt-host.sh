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
mkdir -p "$directory"/{run/libvirt,etc,lib,log/qemu,cache}
mount --bind "$directory/etc" /etc/libvirt
mount --bind "$directory/lib" /var/lib/libvirt
mount --bind "$directory/log" /var/log/libvirt
mount --bind "$directory/cache" /var/cache/libvirt
mount --bind "$directory/run" /run
mkdir -p /run/sshd /run/lock
# Names are known or unknown at once: asking the machine's name servers from here would take seconds to fail.
printf '127.0.0.1 localhost\n%s %s\n' "$network.$((base + 2))" "$name" >/run/hosts
: >/run/resolv.conf
mount --bind /run/hosts /etc/hosts
[[ ! -e /etc/resolv.conf ]] || mount --bind /run/resolv.conf /etc/resolv.conf

# --- /dev with harmless nodes only
kvm_numbers=
[[ $kvm == 1 && -c /dev/kvm ]] && kvm_numbers=$(stat -c '0x%t 0x%T' /dev/kvm)
mount -t tmpfs -o mode=755,size=16m dev /dev
mkdir -p /dev/pts /dev/shm /dev/net
while read -r node major minor; do mknod -m 666 "/dev/$node" c "$major" "$minor"; done <<'NODES'
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
net/tun 10 200
NODES
# shellcheck disable=SC2086 # two words
[[ -z $kvm_numbers ]] || mknod -m 666 /dev/kvm c $kvm_numbers
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
ln -s pts/ptmx /dev/ptmx
ln -s /proc/self/fd /dev/fd
ln -s fd/0 /dev/stdin
ln -s fd/1 /dev/stdout
ln -s fd/2 /dev/stderr

# --- /sys of this network namespace, without cgroups: covering is not enough, libvirt reads /proc/mounts
umount -R /sys 2>/dev/null || umount -l -R /sys
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755,ro none /sys/fs/cgroup
mount -t proc proc /proc

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
