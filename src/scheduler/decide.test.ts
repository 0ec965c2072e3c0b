import * as fc from "fast-check";
import t from "tap";
import { hostState, request } from "../testing/host-state.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import { decide } from "./decide.ts";
import { compilePolicy, spread } from "./policies.ts";
import { schedule } from "./schedule.ts";

const plain = { withSuggestions: false };

t.test("the grounds name the best hosts with their points, and what kept the others out", async (t) => {
  const hosts = ["h1", "h2", "h3", "h4"].map((name) => hostState({ name }));
  const cordoned = ["c1", "c2", "c3", "c4"].map((name) => hostState({ name, unschedulable: true }));
  const full = [request(8, { name: "full" }), "h4"] as const;
  const busy = [request(4, { name: "busy" }), "h1"] as const;
  const { placement, grounds } = decide(
    request(1),
    snapshotOf([...hosts, ...cordoned], [full, busy]),
    spread,
    plain,
  );
  t.match(placement, { type: "placed", hostName: "h2" });
  t.match(grounds, { policy: "Spread", hostName: "h2", hosts: 8, feasible: 3 });
  t.same(
    grounds.best?.map(({ hostName }) => hostName),
    ["h2", "h3", "h1"],
  );
  t.ok((grounds.best?.[0]?.scores.LeastAllocated ?? 0) > (grounds.best?.[2]?.scores.LeastAllocated ?? 0));
  t.same(grounds.refused, [
    { plugin: "HostUnschedulable", reason: "cordoned", hosts: 4, examples: ["c1", "c2", "c3"] },
    { plugin: "ResourcesFit", reason: "with too few CPUs", hosts: 1, examples: ["h4"] },
  ]);
});

t.test("of a machine that fits nowhere it is said what would help, if asked", async (t) => {
  const snapshot = snapshotOf([hostState({ name: "h1", unschedulable: true })]);
  t.notOk(decide(request(1), snapshot, spread, plain).grounds.suggestions);
  const { placement, grounds } = decide(request(1), snapshot, spread, { withSuggestions: true });
  t.match(placement, { type: "unschedulable", message: grounds.message });
  t.match(grounds, { feasible: 0, suggestions: [/h1/] });
});

const loads = fc.array(fc.nat(8), { minLength: 1, maxLength: 12 });
const types = fc.constantFrom("Spread" as const, "BinPacking" as const, "RoundRobin" as const);

t.test("what is decided is what schedule says", async () => {
  await fc.assert(
    fc.property(loads, types, fc.integer({ min: 1, max: 8 }), (taken, type, cpus) => {
      const hosts = taken.map((_, index) => hostState({ name: `h${index}` }));
      const machines = taken.map(
        (load, index) => [request(load, { name: `m${index}` }), `h${index}`] as const,
      );
      const snapshot = snapshotOf(hosts, machines);
      const profile = compilePolicy({ type });
      const asked = request(cpus, { name: "new" });
      const expected = schedule(asked, snapshot, profile);
      const { placement } = decide(asked, snapshot, profile, plain);
      return expected.type === "placed"
        ? placement.type === "placed" && placement.hostName === expected.hostName
        : placement.type === "unschedulable" && placement.message === expected.message;
    }),
  );
});
