import * as fc from "fast-check";
import t from "tap";
import { hostState, request } from "../testing/host-state.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import { Snapshot } from "./snapshot.ts";

const freeOn = (snapshot: Snapshot, name: string) =>
  snapshot.hosts.columns.freeCpus[snapshot.hosts.rowOf(name) ?? -1];

t.test("a machine counts on the host where it was last, and nowhere after it was forgotten", async (t) => {
  const snapshot = snapshotOf([hostState(), hostState({ name: "h2" })], [[request(3), "h1"]]);
  t.equal(freeOn(snapshot, "h1"), 5);
  t.match(snapshot.placed("uid-of-m1"), { hostName: "h1", request: { name: "m1" } });
  snapshot.assume(request(2), "h2");
  t.same([freeOn(snapshot, "h1"), freeOn(snapshot, "h2")], [8, 6]);
  snapshot.forget("uid-of-m1");
  snapshot.forget("uid-of-m1");
  t.equal(freeOn(snapshot, "h2"), 8);
  t.equal(snapshot.placed("uid-of-m1"), undefined);
});

t.test("what is asked without a machine finds its room free, and afterwards it is there again", async (t) => {
  const snapshot = snapshotOf([hostState()], [[request(3), "h1"]]);
  const free = (one: Snapshot) => freeOn(one, "h1");
  t.equal(snapshot.without("uid-of-m1", free), 8);
  t.equal(snapshot.without("uid-of-another", free), 5);
  const broken = () => {
    throw new Error("cannot be told");
  };
  t.throws(() => snapshot.without("uid-of-m1", broken), /cannot be told/);
  t.equal(free(snapshot), 5);
});

t.test("the machines of a host are told in the order in which they came", async (t) => {
  const machines = ["b", "a"].map((name) => [request(1, { name }), "h1"] as const);
  const snapshot = snapshotOf([hostState()], machines);
  const names = () =>
    [...snapshot.machinesOn(snapshot.hosts.rowOf("h1") ?? -1)].map((one) => one.request.name);
  t.same(names(), ["b", "a"]);
  snapshot.forget("uid-of-b");
  t.same(names(), ["a"]);
  snapshot.removeHost("h1");
  snapshot.removeHost("h1");
  t.equal(snapshot.host("h1"), undefined);
  t.same(names(), ["a"], "it is still there when its Host has gone");
});

t.test("a host that is entered again as it is changes nothing", async (t) => {
  const snapshot = snapshotOf([hostState({ contents: new Set(["a"]) })], [[request(3), "h1"]]);
  snapshot.setHost(hostState({ contents: new Set(["a"]) }));
  t.equal(freeOn(snapshot, "h1"), 5);
  t.match(snapshot.host("h1"), { name: "h1" });
});

const step = fc.record({
  what: fc.constantFrom("host", "drop", "assume", "assume", "forget"),
  host: fc.constantFrom("h1", "h2", "h3"),
  machine: fc.constantFrom("a", "b", "c", "d"),
  cpus: fc.nat(4),
});

t.test("whatever happened, it is as if what is there now had been entered alone", async () => {
  await fc.assert(
    fc.property(fc.array(step), (steps) => {
      const hosts = new Map<string, number>();
      const machines = new Map<string, readonly [string, number]>();
      const snapshot = new Snapshot();
      const sized = (name: string, cpus: number) =>
        hostState({ name, labels: { zone: String(cpus) }, allocatable: { ...request(cpus + 4).resources } });
      for (const { what, host, machine, cpus } of steps) {
        if (what === "host") {
          hosts.set(host, cpus);
          snapshot.setHost(sized(host, cpus));
        } else if (what === "drop") {
          hosts.delete(host);
          snapshot.removeHost(host);
        } else if (what === "assume") {
          machines.set(machine, [host, cpus]);
          snapshot.assume(request(cpus, { name: machine }), host);
        } else {
          machines.delete(machine);
          snapshot.forget(`uid-of-${machine}`);
        }
      }
      const fresh = snapshotOf(
        [...hosts].map(([name, cpus]) => sized(name, cpus)),
        [...machines].map(([name, [host, cpus]]) => [request(cpus, { name }), host]),
      );
      return [...hosts.keys()].every((name) => describe(snapshot, name) === describe(fresh, name));
    }),
  );
});

/** What the rules see of a host. */
function describe(snapshot: Snapshot, name: string): string {
  const row = snapshot.hosts.rowOf(name) ?? -1;
  const { freeCpus, freeDisk, promisedMemory, machines, state } = snapshot.hosts.columns;
  const numbers = [freeCpus, freeDisk, promisedMemory, machines, state].map((column) => column[row]);
  const zone = snapshot.topologies.get("zone");
  const shared = snapshot.hosts.order().filter((other) => zone.domainOf[other] === zone.domainOf[row]);
  return JSON.stringify([numbers, shared.length]);
}
