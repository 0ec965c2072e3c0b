import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { pointsOf, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { leastAllocated } from "./least-allocated.ts";

t.test("the points are the share of CPUs and memory that would be left", async (t) => {
  const points = (asked: number, taken: number) =>
    pointsOf(
      leastAllocated,
      request(asked),
      snapshotOf([hostState()], [[request(taken, { name: "o" }), "h1"]]),
    ).h1;
  t.equal(points(0, 0), 100);
  t.equal(points(2, 0), 75);
  t.equal(points(2, 4), 25);
  t.equal(points(8, 0), 0);
  t.equal(points(1, 99), 0, "more was promised than there is");
});

t.test("each resource counts for its weight; of nothing nothing is left", async (t) => {
  const lopsided = request(0, { name: "o", resources: { cpus: 0, memoryBytes: 800, diskBytes: 2_000 } });
  const snapshot = snapshotOf([hostState()], [[lopsided, "h1"]]);
  t.strictSame(pointsOf(leastAllocated, request(0), snapshot), { h1: 50 });
  const resourceWeights = { cpus: 1, memory: 2, disk: 1 };
  t.strictSame(pointsOf(leastAllocated, request(0), snapshot, { resourceWeights }), { h1: 43.75 });
  const empty = hostState({ allocatable: { cpus: 0, memoryBytes: 0, diskBytes: 0 } });
  t.strictSame(pointsOf(leastAllocated, request(0), snapshotOf([empty])), { h1: 0 });
});
