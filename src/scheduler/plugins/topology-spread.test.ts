import t from "tap";
import type { SpreadConstraint } from "../../schema/placement.ts";
import { hostState, request } from "../../testing/host-state.ts";
import { pointsOf, refusals, snapshotOf } from "../../testing/scheduler-fixture.ts";
import type { PlacementRules } from "../request.ts";
import { topologySpreadFilter, topologySpreadScore } from "./topology-spread.ts";

const host = (name: string, zone: string, more = {}) => hostState({ name, labels: { zone, ...more } });
const hosts = [host("a1", "a"), host("a2", "a"), host("b1", "b"), hostState({ name: "x" })];
const zones: SpreadConstraint = {
  maxSkew: 1,
  topologyKey: "zone",
  whenUnsatisfiable: "DoNotSchedule",
  labelSelector: { matchLabels: { app: "web" } },
};
const web = (name: string, constraint: Partial<SpreadConstraint> = {}, rules: PlacementRules = {}) =>
  request(1, {
    name,
    labels: { app: "web" },
    rules: { ...rules, topologySpreadConstraints: [{ ...zones, ...constraint }] },
  });
const uneven = "where zone would be spread too unevenly";
const unlabelled = "without label zone";

t.test("no place gets more than maxSkew more machines than the emptiest", async (t) => {
  const snapshot = snapshotOf(hosts, [[web("w1"), "a1"]]);
  t.strictSame(refusals(topologySpreadFilter, web("w2"), snapshot), {
    a1: uneven,
    a2: uneven,
    x: unlabelled,
  });
  t.strictSame(refusals(topologySpreadFilter, web("w2", { maxSkew: 2 }), snapshot), { x: unlabelled });
  snapshot.assume(web("w2"), "b1");
  t.strictSame(refusals(topologySpreadFilter, web("w3"), snapshot), { x: unlabelled });
});

t.test("a machine that is not among the chosen does not count itself", async (t) => {
  const snapshot = snapshotOf(hosts, [[web("w1"), "a1"]]);
  const other = { ...web("o"), labels: { app: "other" } };
  t.strictSame(refusals(topologySpreadFilter, other, snapshot), { x: unlabelled });
});

t.test("with fewer places than minDomains the emptiest counts as having none", async (t) => {
  const snapshot = snapshotOf(hosts, [
    [web("w1"), "a1"],
    [web("w2"), "b1"],
  ]);
  t.strictSame(Object.keys(refusals(topologySpreadFilter, web("w3", { minDomains: 3 }), snapshot)).length, 4);
  t.strictSame(refusals(topologySpreadFilter, web("w3", { minDomains: 2 }), snapshot), { x: unlabelled });
});

t.test("only hosts that the machine itself chooses count, with the machines on them", async (t) => {
  const some = [host("a1", "a"), host("b1", "b", { gpu: "yes" }), host("c1", "c", { gpu: "yes" })];
  const snapshot = snapshotOf(some, [[web("w1"), "b1"]]);
  const rules = { hostSelector: { gpu: "yes" } };
  t.strictSame(refusals(topologySpreadFilter, web("w2", {}, rules), snapshot), { b1: uneven });
});

t.test("a host without the label of every constraint does not count", async (t) => {
  const some = [host("a1", "a", { rack: "1" }), host("a2", "a", { rack: "2" }), host("b1", "b")];
  const both = request(1, {
    labels: { app: "web" },
    rules: { topologySpreadConstraints: [zones, { ...zones, topologyKey: "rack" }] },
  });
  t.strictSame(refusals(topologySpreadFilter, both, snapshotOf(some, [[web("w1"), "a1"]])), {
    a1: "where rack would be spread too unevenly",
    b1: "without label rack",
  });
});

t.test("machines of other namespaces are not counted", async (t) => {
  const snapshot = snapshotOf(hosts, [[{ ...web("w1"), namespace: "blue" }, "a1"]]);
  t.strictSame(refusals(topologySpreadFilter, web("w2"), snapshot), { x: unlabelled });
});

t.test("as a wish, hosts in emptier places have more points and those in no place none", async (t) => {
  const snapshot = snapshotOf(hosts, [
    [web("w1"), "a1"],
    [web("w2"), "a2"],
    [web("w3"), "b1"],
  ]);
  const wish = { whenUnsatisfiable: "ScheduleAnyway" } as const;
  t.strictSame(refusals(topologySpreadFilter, web("w4", wish), snapshot), {});
  t.strictSame(pointsOf(topologySpreadScore, web("w4", wish), snapshot), { a1: 50, a2: 50, b1: 100, x: 0 });
  t.strictSame(pointsOf(topologySpreadScore, web("w4"), snapshot), {});
  t.strictSame(pointsOf(topologySpreadScore, web("w4", wish), snapshotOf(hosts)), {
    a1: 100,
    a2: 100,
    b1: 100,
    x: 0,
  });
});
