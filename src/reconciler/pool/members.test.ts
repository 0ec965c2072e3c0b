import t from "tap";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { condition, member, pool, poolUid, running } from "../../testing/pool-fixture.ts";
import { claimMembers, isActive, isReady } from "./members.ts";

const deleted = { deletionTimestamp: "2026-01-01T00:00:00Z" };
const owned = {
  ownerReferences: [{ apiVersion: "ostler.dev/v1", kind: "X", name: "x", uid: "u", controller: true }],
};
const nobodys = { ownerReferences: undefined };
const onlyMentioned = {
  ownerReferences: [{ apiVersion: "ostler.dev/v1", kind: "VirtualMachinePool", name: "web", uid: poolUid }],
};
const other = { labels: { app: "db" } };

type Fate = "members" | "adopt" | "release" | "left alone";

const cases: readonly (readonly [string, Record<string, unknown>, Fate])[] = [
  ["one of its own", {}, "members"],
  ["one of its own that is being deleted", deleted, "members"],
  ["one of its own under other labels", other, "release"],
  ["one of its own under other labels that is being deleted", { ...other, ...deleted }, "left alone"],
  ["nobody's, with its labels", nobodys, "adopt"],
  ["one that names it as an owner but not as its controller", onlyMentioned, "adopt"],
  ["nobody's that is being deleted", { ...nobodys, ...deleted }, "left alone"],
  ["nobody's under other labels", { ...nobodys, ...other }, "left alone"],
  ["another controller's, with its labels", owned, "left alone"],
];

for (const [what, metadata, fate] of cases) {
  t.test(`${what}: ${fate}`, async (t) => {
    const claims = claimMembers(pool(), [member("a", {}, metadata)]);
    const found = Object.entries(claims).filter(([, list]) => list.length > 0);
    t.strictSame(
      found.map(([name]) => name),
      fate === "left alone" ? [] : [fate],
    );
  });
}

t.test("a pool that is being deleted neither takes over nor lets go", async (t) => {
  const machines = [member("a", {}, nobodys), member("b", {}, other)];
  t.strictSame(claimMembers(pool({}, deleted), machines), { members: [], adopt: [], release: [] });
});

t.test("a member counts unless it is being deleted or its one run is over", async (t) => {
  t.ok(isActive(member("a")));
  t.ok(isActive(member("a", { printableStatus: "Stopped" }, {}, { runStrategy: "Halted" })));
  t.notOk(isActive(member("a", {}, deleted)));
  t.notOk(isActive(member("a", { lastRunEnd: "Failure" }, {}, { runStrategy: "Once" })));
  t.ok(isActive(member("a", { lastRunEnd: "Failure" }, {}, { runStrategy: "RerunOnFailure" })));
  t.notOk(isActive(member("a", { lastRunEnd: "GuestShutdown" }, {}, { runStrategy: "RerunOnFailure" })));
  t.ok(isActive(member("a", { lastRunEnd: "GuestShutdown" })));
});

t.test("a member that was stopped by hand is not ready, one that should be off is", async (t) => {
  const stopped: VirtualMachineStatus = {
    printableStatus: "Stopped",
    conditions: [condition("Ready", "True")],
  };
  t.ok(isReady(member("a", running())));
  t.notOk(isReady(member("a", { ...running(), conditions: [condition("Ready", "False")] })));
  t.notOk(isReady(member("a", stopped)));
  t.ok(isReady(member("a", stopped, {}, { runStrategy: "Halted" })));
  t.notOk(isReady(member("a")));
});
