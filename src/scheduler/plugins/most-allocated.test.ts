import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { pointsOf, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { mostAllocated } from "./most-allocated.ts";

t.test(
  "the points are the share promised already: an empty host is never better than a used one",
  async (t) => {
    const small = hostState({ name: "h2", allocatable: { cpus: 2, memoryBytes: 200, diskBytes: 2_000 } });
    const snapshot = snapshotOf(
      [hostState(), small, hostState({ name: "h3" })],
      [
        [request(2, { name: "a" }), "h1"],
        [request(99, { name: "b" }), "h3"],
      ],
    );
    t.strictSame(pointsOf(mostAllocated, request(2), snapshot), { h1: 25, h2: 0, h3: 100 });
  },
);
