import * as fc from "fast-check";
import t from "tap";
import { hostState, request } from "../testing/host-state.ts";
import { schedulingCase } from "../testing/scheduler-arbitrary.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import { spread } from "./policies.ts";
import type { PlacementRequest } from "./request.ts";
import { firstRefusal, prepare } from "./schedule.ts";
import { sift, siftWithLosses } from "./sift.ts";
import type { Snapshot } from "./snapshot.ts";

function named(machine: PlacementRequest, snapshot: Snapshot) {
  const { rows, count, losses } = siftWithLosses(snapshot, prepare(machine, snapshot, spread).filters);
  const names = (some: Iterable<number>) => Array.from(some, (row) => snapshot.hosts.nameOf(row));
  return {
    left: names(rows.subarray(0, count)),
    losses: losses.map((loss) => ({ ...loss, rows: names(loss.rows) })),
  };
}

t.test("what each filter is the first to refuse is told, with a few examples", async (t) => {
  const hosts = Array.from({ length: 9 }, (_, index) =>
    hostState({ name: `h${index}`, unschedulable: index < 5, ready: index !== 6 }),
  );
  const snapshot = snapshotOf(hosts, [[request(8, { name: "o" }), "h7"]]);
  t.same(named(request(1), snapshot), {
    left: ["h5", "h8"],
    losses: [
      { plugin: "HostReady", reason: "not ready", hostCount: 1, rows: ["h6"] },
      { plugin: "HostUnschedulable", reason: "cordoned", hostCount: 5, rows: ["h0", "h1", "h2"] },
      { plugin: "ResourcesFit", reason: "with too few CPUs", hostCount: 1, rows: ["h7"] },
    ],
  });
  snapshot.setHost(hostState({ name: "h6" }));
  t.same(named(request(1), snapshot).left, ["h5", "h6", "h8"], "what was remembered is forgotten");
});

t.test("those that are left are those that no filter refuses, asked first or later", async () => {
  await fc.assert(
    fc.property(schedulingCase, ({ hosts, placed, newcomer }) => {
      const snapshot = snapshotOf(hosts, placed);
      for (const machine of [newcomer, ...placed.map(([one]) => one), newcomer]) {
        const prepared = prepare(machine, snapshot, spread);
        const right = snapshot.hosts.order().filter((row) => firstRefusal(prepared, row) === undefined);
        const { rows, count } = sift(snapshot, prepared.filters);
        if (String(rows.subarray(0, count)) !== String(right)) return false;
      }
      return true;
    }),
  );
});
