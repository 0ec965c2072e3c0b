# shellcheck shell=bash
# Sourced by host.sh. libvirt reads CPUs and the memory of NUMA nodes from /sys, all memory from /proc/meminfo.

fake_hardware() { # CPUS MEMORY_MIB
  local tree=/run/hardware
  mkdir "$tree"
  mount -t tmpfs -o mode=755 hardware "$tree"
  fake_cpus "$tree/cpu" "$1"
  fake_node "$tree/node" "$1" $(($2 * 1024))
  fake_memory "$tree/meminfo" $(($2 * 1024))
  mount --bind "$tree/cpu" /sys/devices/system/cpu
  mount --bind "$tree/node" /sys/devices/system/node
  mount --bind "$tree/meminfo" /proc/meminfo
}

fake_cpus() { # DIRECTORY CPUS; one socket, one thread a core
  local cpu topology last=$(($2 - 1)) name
  mkdir -p "$1"
  for name in online present possible; do echo "0-$last" >"$1/$name"; done
  echo 8191 >"$1/kernel_max"
  : >"$1/offline"
  for ((cpu = 0; cpu <= last; cpu++)); do
    topology=$1/cpu$cpu/topology
    mkdir -p "$topology"
    echo "$cpu" | tee "$topology"/{core_id,thread_siblings_list,core_cpus_list} >/dev/null
    echo 0 | tee "$topology"/{physical_package_id,die_id} >/dev/null
    echo "0-$last" >"$topology/core_siblings_list"
    [[ $cpu == 0 ]] || echo 1 >"$1/cpu$cpu/online"
    ln -s ../../node/node0 "$1/cpu$cpu/node0"
  done
}

fake_node() { # DIRECTORY CPUS MEMORY_KIB
  local cpu mask='' rest name free node=$1/node0
  mkdir -p "$node"/hugepages/hugepages-{2048,1048576}kB
  for name in online possible has_cpu has_memory; do echo 0 >"$1/$name"; done
  for ((cpu = 0; cpu < $2; cpu++)); do ln -s "../../cpu/cpu$cpu" "$node/cpu$cpu"; done
  # libnuma reads the mask, in groups of 32 bits.
  for ((cpu = 0; cpu < $2; cpu += 32)); do
    rest=$(($2 - cpu > 32 ? 32 : $2 - cpu))
    mask=$(printf '%08x' $(((1 << rest) - 1)))${mask:+,$mask}
  done
  echo "$mask" >"$node/cpumap"
  echo "0-$(($2 - 1))" >"$node/cpulist"
  echo 10 >"$node/distance"
  for name in "$node"/hugepages/*; do echo 0 | tee "$name"/{nr_hugepages,free_hugepages} >/dev/null; done
  free=$(free_of "$3")
  printf 'Node 0 %s kB\n' "MemTotal: $3" "MemFree: $free" "MemUsed: $(($3 - free))" >"$node/meminfo"
}

fake_memory() { # FILE MEMORY_KIB
  printf '%s kB\n' "MemTotal: $2" "MemFree: $(free_of "$2")" "MemAvailable: $(free_of "$2")" 'Buffers: 0' \
    'Cached: 0' 'SwapTotal: 0' 'SwapFree: 0' 'Hugepagesize: 2048' >"$1"
}

# An idle host uses a sixteenth; what guests use is not followed.
free_of() { echo $(($1 - $1 / 16)); }
