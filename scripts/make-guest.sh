#!/usr/bin/env bash
# make-guest.sh OUTDIR - builds a tiny guest for samples and tests, in a few seconds and always the same bytes:
#
#   vmlinuz      this machine's kernel, or the distribution's (downloaded, not installed) where there is none
#   initrd.gz    busybox and virtio modules; /init below says what it does
#   disk.raw     16 MiB, an ext4 file system labelled ostler-guest with a file called marker
#   disk.qcow2   the same as qcow2
#
# Boot the kernel with: console=ttyS0 quiet host=NAME mode=MODE. It prints "OSTLER-GUEST-UP NAME" and then runs
# a shell on the console. MODE: tick (counts every second), exit (powers off once up), crash (panics once up),
# ignore-shutdown (does not hear the power button); without it the power button shuts the guest down.
#
# Run as root on Debian or Ubuntu: missing tools are installed. Nothing is done when OUTDIR is up to date.
set -euo pipefail
umask 022
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

[[ $# -eq 1 ]] || { echo "usage: make-guest.sh OUTDIR" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
exec 9>"$out/.lock"
flock 9 # two builders at once: the second finds the first one's work done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

main() {
  local kernel='' modules_base=/ version='' busybox='' inputs
  install_tools
  find_busybox
  find_kernel
  # Without a kernel or busybox of its own this machine builds once, from what the distribution has then.
  inputs=$(sha256sum "$0" ${kernel:+"$kernel"} ${busybox:+"$busybox"} | cut -d' ' -f1)
  if [[ -f $out/.inputs && $(<"$out/.inputs") == "$inputs" ]] && is_complete; then return; fi
  rm -f "$out/.inputs"
  [[ -n $busybox ]] || download_busybox
  [[ -n $kernel ]] || download_kernel
  build_root
  pack_initrd
  make_disk
  cp "$kernel" "$work/vmlinuz"
  mv "$work"/{vmlinuz,initrd.gz,disk.raw,disk.qcow2} "$out/"
  echo "$inputs" >"$out/.inputs"
}

is_complete() {
  local name
  for name in vmlinuz initrd.gz disk.raw disk.qcow2; do [[ -s $out/$name ]] || return 1; done
}

# --- what it is built from

install_tools() {
  local entry missing=()
  for entry in cpio:cpio modprobe:kmod mkfs.ext4:e2fsprogs qemu-img:qemu-utils xz:xz-utils zstd:zstd; do
    command -v "${entry%%:*}" >/dev/null || missing+=("${entry#*:}")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if [[ $EUID -ne 0 ]]; then
    echo "missing; install with: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  update_lists "${missing[@]}"
  apt-get install -qq -y --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}

# Sets busybox to a statically linked one, if there is one.
find_busybox() {
  local found
  found=$(command -v busybox || true)
  if [[ -n $found ]] && ! ldd "$found" >/dev/null 2>&1; then busybox=$found; fi
}

download_busybox() {
  download busybox-static
  busybox=$(find "$work/packages" -path '*/bin/busybox' -type f)
}

# Sets kernel and version, if there is one with its modules. The cloud flavour is preferred: it is small and
# starts fast.
find_kernel() {
  local candidate
  for candidate in $(list_kernels | grep cloud || true) $(list_kernels | grep -v cloud || true); do
    version=${candidate#/boot/vmlinuz-}
    if [[ -r $candidate && -d /lib/modules/$version/kernel ]]; then
      kernel=$candidate
      return
    fi
  done
}

list_kernels() {
  find /boot -maxdepth 1 -name 'vmlinuz-*' 2>/dev/null | sort -rV
}

# Sets kernel, version and modules_base, below which are its lib/modules.
download_kernel() {
  local architecture meta package
  architecture=$(dpkg --print-architecture)
  update_lists "linux-image-cloud-$architecture" linux-image-virtual
  for meta in linux-image-{cloud-"$architecture",virtual,"$architecture",generic}; do
    package=$(apt-cache depends --important "$meta" 2>/dev/null |
      awk '/Depends: linux-image-[0-9]/ {print $2; exit}')
    [[ -z $package ]] || break
  done
  [[ -n $package ]] || { echo "no kernel in /boot, and the package sources have none" >&2; exit 1; }
  version=${package#linux-image-}
  download "$package"
  if apt-cache show "linux-modules-$version" >/dev/null 2>&1; then download "linux-modules-$version"; fi
  modules_base=$work/packages
  kernel=$modules_base/boot/vmlinuz-$version
  if [[ ! -e $modules_base/lib && -d $modules_base/usr/lib ]]; then ln -s usr/lib "$modules_base/lib"; fi
  depmod -b "$modules_base" "$version"
}

# Unpacks a package below $work/packages; installs nothing.
download() {
  mkdir -p "$work/packages" "$work/debs"
  update_lists "$1"
  (cd "$work/debs" && apt-get download -qq -o APT::Sandbox::User=root "$1")
  dpkg-deb -x "$work/debs/$1"_*.deb "$work/packages"
}

# Fetches the package lists if they know none of these packages.
update_lists() {
  local package
  for package in "$@"; do
    if apt-cache show "$package" >/dev/null 2>&1; then return; fi
  done
  apt-get update -qq
}

# --- what it is made of

build_root() {
  local applet
  mkdir -p "$root"/{bin,dev,etc/acpi/PWRF,lib/modules,proc,root,run,sys,tmp,var/log,var/run}
  ln -s bin "$root/sbin"
  cp "$busybox" "$root/bin/busybox"
  for applet in $("$busybox" --list); do
    [[ $applet == busybox ]] || ln -s busybox "$root/bin/$applet"
  done
  copy_modules
  write_init
}

# In the order in which they have to be loaded, uncompressed. What a kernel has built in is not listed.
copy_modules() {
  local path name
  for name in virtio_{pci,blk,scsi,net,balloon} sd_mod af_packet button evdev pvpanic_mmio; do
    modprobe -d "$modules_base" -S "$version" --show-depends "$name" 2>/dev/null || true
  done | awk '$1 == "insmod" && !seen[$2]++ {print $2}' | while read -r path; do
    name=${path##*/}
    name=${name%%.ko*}.ko
    case $path in
      *.xz) xz -dc "$path" ;;
      *.zst) zstd -qdc "$path" ;;
      *.gz) gzip -dc "$path" ;;
      *) cat "$path" ;;
    esac >"$root/lib/modules/$name"
    echo "$name"
  done >"$root/lib/modules/order"
}

write_init() {
  cat >"$root/init" <<'INIT'
#!/bin/sh
export PATH=/bin HOME=/root ENV=/etc/shrc
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod "/lib/modules/$module" 2>/dev/null; done </lib/modules/order

argument() {
  for word in $(cat /proc/cmdline); do
    case $word in "$1"=*) echo "${word#*=}" ;; esac
  done
}
host=$(argument host)
mode=$(argument mode)
hostname "${host:-guest}"

if [ "$mode" != ignore-shutdown ]; then
  acpid -f -c /etc/acpi >/dev/null 2>&1 &
  acpid=$!
fi

ip link set lo up
if [ -e /sys/class/net/eth0 ]; then
  ip link set eth0 up
  udhcpc -i eth0 -s /etc/dhcp -x "hostname:$(hostname)" -t 5 -T 1 -A 5 -b >/dev/null 2>&1 &
fi

for disk in /sys/block/[vs]d*; do
  [ -e "$disk/size" ] || continue
  label=$(dd if="/dev/${disk##*/}" bs=1 skip=1144 count=16 2>/dev/null | tr -cd 'a-z0-9-') # of an ext4
  echo "OSTLER-GUEST-DISK ${disk##*/} $(($(cat "$disk/size") * 512)) $label"
done

# A press of the power button before acpid listens would be lost: say that we are up only after that.
tries=0
while [ -n "$acpid" ] && [ $tries -lt 40 ] && ! ls -l "/proc/$acpid/fd" 2>/dev/null | grep -q /dev/input; do
  tries=$((tries + 1))
  sleep 0.05
done
echo "OSTLER-GUEST-UP $(hostname)"

case $mode in
  exit) poweroff -f ;;
  crash) echo c >/proc/sysrq-trigger ;;
  tick) (n=0; while sleep 1; do n=$((n + 1)); echo "OSTLER-GUEST-TICK $n"; done) & ;;
esac
while :; do
  setsid cttyhack sh -i
  sleep 1
done
INIT
  # A shell that is process 1 does not act on the signals that busybox sends it.
  printf "alias poweroff='poweroff -f' reboot='reboot -f' halt='halt -f'\nPS1='\\\\h# '\n" >"$root/etc/shrc"
  printf '#!/bin/sh\nsync\npoweroff -f\n' >"$root/etc/acpi/PWRF/00000080"
  cat >"$root/etc/dhcp" <<'DHCP'
#!/bin/sh
case $1 in
  bound | renew)
    ip addr flush dev "$interface"
    ip addr add "$ip/${mask:-24}" dev "$interface"
    [ -z "$router" ] || ip route replace default via "${router%% *}"
    echo "OSTLER-GUEST-IP $ip" >/dev/console
    ;;
esac
DHCP
  chmod 755 "$root/init" "$root/etc/dhcp" "$root/etc/acpi/PWRF/00000080"
}

# --- always the same bytes from the same parts: sorted, no times, no owners

pack_initrd() {
  find "$root" -exec touch -h -d @0 {} +
  (cd "$root" && find . -print0 | sort -z | cpio --null --create --format=newc --owner=0:0 --reproducible --quiet) |
    gzip -9n >"$work/initrd.gz"
}

make_disk() {
  local content=$work/content uuid=05712a00-0000-4000-8000-000000000001 field
  mkdir "$content"
  echo "ostler-guest" >"$content/marker"
  touch -d @1 "$content/marker" "$content"
  truncate -s 16M "$work/disk.raw"
  export E2FSPROGS_FAKE_TIME=1
  mkfs.ext4 -q -F -d "$content" -L ostler-guest -U $uuid -E hash_seed=$uuid -O ^has_journal "$work/disk.raw"
  for field in atime ctime crtime; do
    printf 'sif / %s @1\nsif /marker %s @1\n' $field $field
  done | debugfs -w -f - "$work/disk.raw" >/dev/null 2>&1
  qemu-img convert -f raw -O qcow2 "$work/disk.raw" "$work/disk.qcow2"
}

main
