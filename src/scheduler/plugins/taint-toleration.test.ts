import t from "tap";
import type { Taint } from "../../schema/host.ts";
import type { Toleration } from "../../schema/placement.ts";
import { hostState, request } from "../../testing/host-state.ts";
import { pointsOf, refusals, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { taintTolerationFilter, taintTolerationScore } from "./taint-toleration.ts";

const taint: Taint = { key: "dedicated", value: "db", effect: "NoSchedule" };

const cases: readonly [string, Toleration, boolean][] = [
  ["key and value", { key: "dedicated", operator: "Equal", value: "db" }, true],
  ["another value", { key: "dedicated", operator: "Equal", value: "web" }, false],
  ["no value", { key: "dedicated", operator: "Equal" }, false],
  ["any value", { key: "dedicated", operator: "Exists" }, true],
  ["another key", { key: "other", operator: "Exists" }, false],
  ["everything", { operator: "Exists" }, true],
  ["the effect", { key: "dedicated", operator: "Exists", effect: "NoSchedule" }, true],
  ["another effect", { key: "dedicated", operator: "Exists", effect: "NoExecute" }, false],
];

t.test("a taint keeps away machines that do not tolerate it", async (t) => {
  const snapshot = snapshotOf([hostState({ taints: [taint] }), hostState({ name: "h2" })]);
  t.strictSame(refusals(taintTolerationFilter, request(1), snapshot), {
    h1: "with taint dedicated=db:NoSchedule",
  });
  for (const [name, toleration, tolerated] of cases) {
    const machine = request(1, { rules: { tolerations: [toleration] } });
    t.equal(Object.keys(refusals(taintTolerationFilter, machine, snapshot)).length, tolerated ? 0 : 1, name);
  }
});

t.test("NoExecute keeps away too, PreferNoSchedule does not", async (t) => {
  const snapshot = snapshotOf([
    hostState({ taints: [{ key: "a", effect: "PreferNoSchedule" }] }),
    hostState({ name: "h2", taints: [{ key: "b", effect: "NoExecute" }] }),
  ]);
  t.strictSame(refusals(taintTolerationFilter, request(1), snapshot), { h2: "with taint b:NoExecute" });
});

t.test("a taint that is added, exchanged or taken away counts at once", async (t) => {
  const snapshot = snapshotOf([hostState(), hostState({ name: "h2" })]);
  const names = () => Object.keys(refusals(taintTolerationFilter, request(1), snapshot));
  t.strictSame(names(), []);
  snapshot.setHost(hostState({ taints: [taint] }));
  t.strictSame(names(), ["h1"]);
  snapshot.setHost(hostState({ name: "h2", taints: [taint] }));
  snapshot.setHost(hostState());
  t.strictSame(names(), ["h2"]);
  snapshot.removeHost("h2");
  t.strictSame(names(), []);
});

t.test("hosts with fewer taints that the machine would rather avoid are better", async (t) => {
  const soft = (key: string): Taint => ({ key, effect: "PreferNoSchedule" });
  const snapshot = snapshotOf([
    hostState({ taints: [soft("a"), soft("b")] }),
    hostState({ name: "h2", taints: [soft("a"), taint] }),
    hostState({ name: "h3" }),
  ]);
  t.strictSame(pointsOf(taintTolerationScore, request(1), snapshot), { h1: 0, h2: 50, h3: 100 });
  const tolerant = request(1, { rules: { tolerations: [{ operator: "Exists" }] } });
  t.strictSame(pointsOf(taintTolerationScore, tolerant, snapshot), { h1: 100, h2: 100, h3: 100 });
});
