import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { pointsOf, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { curve, requestedToCapacityRatio } from "./requested-to-capacity-ratio.ts";

const shape = [
  { utilization: 20, points: 0 },
  { utilization: 80, points: 100 },
  { utilization: 100, points: 50 },
];

t.test("between the points lines are straight, outside level", async (t) => {
  for (const [utilization, points] of [
    [0, 0],
    [20, 0],
    [50, 50],
    [80, 100],
    [90, 75],
    [100, 50],
  ] as const) {
    t.equal(curve(shape, utilization), points, `${utilization} %`);
  }
  t.equal(curve([{ utilization: 50, points: 70 }], 10), 70);
  t.equal(curve([{ utilization: 50, points: 70 }], 90), 70);
  t.equal(curve([], 50), 0);
});

t.test("the points are those of the share that would be taken, weighted by resource", async (t) => {
  const used = request(0, { name: "o", resources: { cpus: 2, memoryBytes: 400, diskBytes: 0 } });
  const snapshot = snapshotOf([hostState()], [[used, "h1"]]);
  const asked = request(0, { resources: { cpus: 2, memoryBytes: 240, diskBytes: 0 } });
  t.strictSame(pointsOf(requestedToCapacityRatio, asked, snapshot, { shape }), { h1: 75 });
  const resourceWeights = { cpus: 3, memory: 1, disk: 0 };
  t.strictSame(pointsOf(requestedToCapacityRatio, asked, snapshot, { shape, resourceWeights }), { h1: 62.5 });
});
