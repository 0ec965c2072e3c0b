# shellcheck shell=bash
# Sourced by process 1 of a host that is made of namespaces, inside a mount namespace of its own.

# /dev with harmless nodes only: without /dev/kvm libvirt offers software emulation only.
own_devices() { # KVM: 1 shows the machine's /dev/kvm
  local kvm_numbers=
  [[ $1 == 1 && -c /dev/kvm ]] && kvm_numbers=$(stat -c '0x%t 0x%T' /dev/kvm)
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
}

# No cgroups, wherever the machine shows them, such as in a chroot that it keeps: covering them is not enough, libvirt
# reads /proc/mounts. To be called before anything is covered.
without_cgroups() {
  local mounts place kind
  umount -R /sys 2>/dev/null || umount -l -R /sys
  mounts=$(</proc/self/mounts) # all at once: the file changes under who reads on
  while read -r _ place kind _; do
    case $kind in cgroup | cgroup2) umount -l "$place" ;; esac
  done <<<"$mounts"
}

# /sys of this network namespace, /proc of this PID namespace.
own_kernel_views() {
  mount -t sysfs sysfs /sys
  mount -t tmpfs -o mode=755,ro none /sys/fs/cgroup
  mount -t proc proc /proc
}

# Names are known or unknown at once: asking the machine's name servers from here would take seconds to fail.
own_names() { # a file in the format of /etc/hosts
  mount --bind "$1" /etc/hosts
  : >/run/resolv.conf
  [[ ! -e /etc/resolv.conf ]] || mount --bind /run/resolv.conf /etc/resolv.conf
}
