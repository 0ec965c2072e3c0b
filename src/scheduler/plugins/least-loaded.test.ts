import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { pointsOf, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { leastLoaded } from "./least-loaded.ts";

t.test("the fewest machines are best, whatever their size", async (t) => {
  const hosts = [hostState(), hostState({ name: "h2" }), hostState({ name: "h3" })];
  const snapshot = snapshotOf(hosts, [
    [request(1, { name: "a" }), "h1"],
    [request(1, { name: "b" }), "h1"],
    [request(8, { name: "c" }), "h2"],
  ]);
  t.strictSame(pointsOf(leastLoaded, request(1), snapshot), { h1: 0, h2: 50, h3: 100 });
  t.strictSame(pointsOf(leastLoaded, request(1), snapshotOf(hosts)), { h1: 100, h2: 100, h3: 100 });
});
