import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { pointsOf, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { roundRobin } from "./round-robin.ts";

const day = (name: string, number: number) => hostState({ name, createdAt: `2026-01-0${number}T00:00:00Z` });

t.test("the turn goes through the hosts in the order in which they were added, then by name", async (t) => {
  const snapshot = snapshotOf([day("z", 1), day("b", 2), day("a", 2), day("c", 3)]);
  t.strictSame(pointsOf(roundRobin, request(1), snapshot), { z: 100, a: 75, b: 50, c: 25 });
  snapshot.noteUsed("a");
  t.strictSame(pointsOf(roundRobin, request(1), snapshot), { b: 100, c: 75, z: 50, a: 25 });
  snapshot.noteUsed("c");
  t.strictSame(pointsOf(roundRobin, request(1), snapshot), { z: 100, a: 75, b: 50, c: 25 });
});

t.test("the turn goes on when the host that was used last has gone, and when others come", async (t) => {
  const snapshot = snapshotOf([day("a", 1), day("b", 2), day("c", 3)]);
  snapshot.noteUsed("b");
  snapshot.removeHost("b");
  t.strictSame(pointsOf(roundRobin, request(1), snapshot), { c: 100, a: 50 });
  snapshot.setHost(day("bb", 2));
  t.equal(pointsOf(roundRobin, request(1), snapshot).bb, 100);
});
