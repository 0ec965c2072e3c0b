import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { pointsOf, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { balancedAllocation } from "./balanced-allocation.ts";

t.test("the same share of everything is best, one thing used up alone is worst", async (t) => {
  const even = request(4, { name: "even" });
  const uneven = request(0, { name: "uneven", resources: { cpus: 8, memoryBytes: 0, diskBytes: 0 } });
  const snapshot = snapshotOf(
    [hostState(), hostState({ name: "h2" })],
    [
      [even, "h1"],
      [uneven, "h2"],
    ],
  );
  const { h1 = 0, h2 = 0 } = pointsOf(balancedAllocation, request(0), snapshot);
  t.equal(h1, 100);
  t.equal(Math.round(h2), Math.round(100 * (1 - Math.sqrt(2) / 3)));
});

t.test("a host with nothing, or with less than was promised, has points all the same", async (t) => {
  const nothing = hostState({ allocatable: { cpus: 0, memoryBytes: 0, diskBytes: 0 } });
  t.strictSame(pointsOf(balancedAllocation, request(0), snapshotOf([nothing])), { h1: 100 });
  const over = snapshotOf([hostState()], [[request(99, { name: "o" }), "h1"]]);
  t.strictSame(pointsOf(balancedAllocation, request(0), over), { h1: 100 });
});
