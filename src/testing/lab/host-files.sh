# shellcheck shell=bash
# Sourced by lab.sh: what a host of a lab has on its disks before its first power-on. Like a fresh Debian:
# defaults stand unless namespaces or the network of the lab need something else.
: "${lab:?}" "${ssh_home:?}"

host_files() { # HOST; once
  local directory=$lab/$1 address
  [[ ! -e $directory/.complete ]] || return 0
  address=$(address_of "$1")
  mkdir -p "$directory"/{cache,lib/images,log/qemu,root/.ssh,ssh} \
    "$directory"/libvirt/{qemu/networks,storage}/autostart
  chmod 711 "$directory/lib" "$directory/lib/images"
  libvirt_files "$directory/libvirt" "$address"
  ssh_files "$directory" "$address"
  names >"$directory/libvirt/hosts"
  hosts | while read -r host; do echo "root@$(address_of "$host")"; done >"$lab/pm_file"
  touch "$directory/.complete"
}

names() {
  local number
  echo '127.0.0.1 localhost'
  for ((number = 1; number <= 99; number++)); do echo "$(address_of "h$number") h$number"; done
}

libvirt_files() { # DIRECTORY ADDRESS
  cat >"$1/libvirtd.conf" <<SETTINGS
host_uuid = "$(</proc/sys/kernel/random/uuid)"
unix_sock_rw_perms = "0700"
auth_unix_ro = "none"
auth_unix_rw = "none"
listen_tls = 0
listen_tcp = 1
listen_addr = "$2"
auth_tcp = "none"
log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
SETTINGS
  cat >"$1/qemu.conf" <<SETTINGS
security_driver = "none"
namespaces = []
remember_owner = 0
migration_host = "$2"
SETTINGS
  echo 'log_outputs = "3:file:/var/log/libvirt/virtlogd.log"' >"$1/virtlogd.conf"
  cat >"$1/qemu/networks/default.xml" <<'XML'
<network>
  <name>default</name>
  <forward mode='nat'/>
  <bridge name='virbr0'/>
  <ip address='192.168.122.1' netmask='255.255.255.0'>
    <dhcp><range start='192.168.122.2' end='192.168.122.254'/></dhcp>
  </ip>
</network>
XML
  cat >"$1/storage/default.xml" <<'XML'
<pool type='dir'>
  <name>default</name>
  <target><path>/var/lib/libvirt/images</path></target>
</pool>
XML
  ln -s /etc/libvirt/qemu/networks/default.xml "$1/qemu/networks/autostart/default.xml"
  ln -s /etc/libvirt/storage/default.xml "$1/storage/autostart/default.xml"
}

# root may log in with the lab's key only. The hosts know and trust one another, as migration needs it.
ssh_files() { # DIRECTORY ADDRESS
  ssh-keygen -q -t ed25519 -N '' -C "${1##*/}" -f "$1/ssh/ssh_host_ed25519_key"
  cat >"$1/ssh/sshd_config" <<SETTINGS
ListenAddress $2
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
Subsystem sftp /usr/lib/openssh/sftp-server
SETTINGS
  echo "$2 $(cut -d' ' -f1,2 "$1/ssh/ssh_host_ed25519_key.pub")" >>"$ssh_home/known_hosts"
  chmod 700 "$1/root" "$1/root/.ssh"
  cp "$ssh_home/id_ed25519" "$ssh_home/id_ed25519.pub" "$1/root/.ssh/"
  cp "$ssh_home/id_ed25519.pub" "$1/root/.ssh/authorized_keys"
  printf 'StrictHostKeyChecking no\nUserKnownHostsFile /dev/null\nLogLevel ERROR\n' >"$1/root/.ssh/config"
}

write_hardware() { # HOST cpus=N memory_mib=N
  local host=$1 cpus='' memory_mib='' setting
  shift
  for setting in "$@"; do
    [[ $setting =~ ^(cpus|memory_mib)=[1-9][0-9]*$ ]] || die "'$setting' is not cpus=N or memory_mib=N"
    declare "$setting"
  done
  [[ $cpus && $memory_mib ]] || die "give both cpus=N and memory_mib=N"
  echo "$cpus $memory_mib" >"$lab/$host/hardware"
}
