import type { CountedRows } from "./counted-rows.ts";
import type { Scratch } from "./scratch.ts";
import type { Topology } from "./topologies.ts";

/** From so many hosts on it is better to keep the counts up to date than to count again. */
const manyRows = 64;

/** How many there are in each domain; hosts without a domain are left out. */
export function countByDomain(counted: CountedRows, topology: Topology, scratch: Scratch): Int32Array {
  if (counted.size > manyRows) return counted.byDomain(topology);
  const counts = scratch.integers(topology.domainCount);
  counted.addByDomain(topology, counts);
  return counts;
}

/** The same, of those hosts for which `eligible` is not 0. */
export function countEligibleByDomain(
  counted: CountedRows,
  { domainOf, domainCount }: Topology,
  eligible: Float64Array,
  scratch: Scratch,
): Int32Array {
  const counts = scratch.integers(domainCount);
  const { rows, counts: each, size } = counted;
  for (let place = 0; place < size; place += 1) {
    const row = rows[place] ?? 0;
    const domain = domainOf[row] ?? -1;
    if (domain >= 0 && eligible[row] !== 0) counts[domain] = (counts[domain] ?? 0) + (each[place] ?? 0);
  }
  return counts;
}
