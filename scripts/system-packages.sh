# shellcheck shell=bash
# Sourced by the scripts beside it, after env.sh: what Debian has that the tests of the real thing and the lab need.

arch=$(dpkg --print-architecture 2>/dev/null || true)
case $arch in
  arm64) qemu="qemu-system-arm" ;;
  *) qemu="qemu-system-x86" ;;
esac
wanted=(
  libvirt-daemon-system libvirt-clients "$qemu" qemu-utils openssh-server openssh-client iproute2
  dnsmasq-base iptables busybox-static "linux-image-cloud-$arch" cpio libatomic1 python3-libvirt shellcheck
  gnutls-bin openssl
)

missing_packages() {
  local package
  for package in "${wanted[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

install_system_packages() {
  if [ -z "$arch" ]; then
    say "not a Debian machine: tests that need what it lacks will be skipped"
    return
  fi
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    say "not root, so these stay missing and tests that need them will be skipped: ${missing[*]}"
    return
  fi
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  if ! { apt-get update -q && apt-get install -y -q --no-install-recommends "${missing[@]}"; } >&2; then
    say "apt-get failed (no network?): tests that need what is missing will be skipped"
  fi
}
