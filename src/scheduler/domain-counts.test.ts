import t from "tap";
import { hostState } from "../testing/host-state.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import { CountedRows } from "./counted-rows.ts";
import { countByDomain, countEligibleByDomain } from "./domain-counts.ts";

t.test(
  "hosts are added up by their label's value; those without it, or not eligible, are left out",
  async (t) => {
    const zones = ["a", "b", "a", undefined];
    const hosts = zones.map((zone, index) =>
      hostState({ name: `h${index}`, labels: zone === undefined ? {} : { zone } }),
    );
    const { scratch, topologies, hosts: table } = snapshotOf(hosts);
    const counted = new CountedRows();
    hosts.forEach(({ name }, index) => {
      counted.add(table.rowOf(name) ?? -1, index + 1);
    });
    const topology = topologies.get("zone");
    const places = [0, 1].map((host) => topology.domainOf[host] ?? -1);
    const numbers = (counts: Int32Array) => places.map((place) => counts[place]);
    t.same(numbers(countByDomain(counted, topology, scratch)), [4, 2]);
    const eligible = Float64Array.of(0, 1, 1, 1);
    t.same(numbers(countEligibleByDomain(counted, topology, eligible, scratch)), [3, 2]);
  },
);
