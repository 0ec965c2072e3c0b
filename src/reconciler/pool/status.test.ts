import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import { templateHashAnnotation } from "../../schema/virtual-machine-pool.ts";
import { start } from "../../testing/machine-fixture.ts";
import { condition, member, pool, running } from "../../testing/pool-fixture.ts";
import { templateHash } from "./new-member.ts";
import { nextAvailableInMs, type PoolStatusInput, poolStatus } from "./status.ts";

const current = { annotations: { [templateHashAnnotation]: templateHash(pool()) } };
const up = ["a", "b", "c"].map((name) => member(name, running(), current));
const down = member("d", { hostName: "h1", printableStatus: "Starting" }, current);

function input(changes: Partial<PoolStatusInput> = {}): PoolStatusInput {
  return { pool: pool(), active: up, isSettled: true, now: start, ...changes };
}

/** Ready's status, the reason, and which of Reconciling and Stalled is true. */
function told(changes: Partial<PoolStatusInput>): readonly (string | undefined)[] {
  const { conditions } = poolStatus(input(changes));
  const ready = findCondition(conditions, "Ready");
  const flags = ["Reconciling", "Stalled"].filter((type) => findCondition(conditions, type) !== undefined);
  return [ready?.status, ready?.reason, ...flags];
}

t.test("the counts are those of the members that count", async (t) => {
  t.match(poolStatus(input({ active: [...up, down] })), {
    observedGeneration: 1,
    replicas: 4,
    readyReplicas: 3,
    availableReplicas: 3,
    updatedReplicas: 4,
    labelSelector: "app=web",
  });
});

const failure = { reason: "FailedCreate", message: "no", isTerminal: false } as const;
const stalled = member(
  "e",
  { conditions: [condition("Ready", "False"), condition("Stalled", "True")] },
  current,
);

const cases: readonly (readonly [string, Partial<PoolStatusInput>, readonly string[]])[] = [
  ["all are ready", {}, ["True", "MembersReady"]],
  ["too few", { active: up.slice(1) }, ["False", "Scaling", "Reconciling"]],
  ["too many", { active: [...up, down] }, ["False", "Scaling", "Reconciling"]],
  ["enough, but something was just done", { isSettled: false }, ["False", "Scaling", "Reconciling"]],
  ["one is not ready", { active: [...up.slice(1), down] }, ["False", "MembersNotReady", "Reconciling"]],
  ["one is stalled", { active: [...up.slice(1), stalled] }, ["False", "MemberStalled", "Stalled"]],
  ["none can be made now", { active: [], failure }, ["False", "FailedCreate", "Reconciling"]],
  [
    "none may be made",
    { active: [], failure: { ...failure, isTerminal: true } },
    ["False", "FailedCreate", "Stalled"],
  ],
  ["none is wanted", { pool: pool({ replicas: 0 }), active: [] }, ["True", "MembersReady"]],
  [
    "it is being deleted",
    { pool: pool({}, { deletionTimestamp: "2026-01-01T00:00:00Z" }) },
    ["False", "Terminating", "Reconciling"],
  ],
];

for (const [what, changes, expected] of cases) {
  t.test(what, async (t) => t.strictSame(told(changes), expected));
}

t.test("members of an older template are told of, and are ready all the same", async (t) => {
  const changed = pool({
    template: { metadata: { labels: { app: "web" } }, spec: { cpus: 2, memory: "512Mi" } },
  });
  const status = poolStatus(input({ pool: changed }));
  t.equal(status.updatedReplicas, 0);
  t.match(findCondition(status.conditions, "Ready"), {
    status: "True",
    message: /3 not made from the template/,
  });
});

t.test("a member is available when it has been ready for long enough", async (t) => {
  const patient = pool({ minReadySeconds: 30 });
  const at = (seconds: number) => input({ pool: patient, now: start + seconds * 1000 });
  t.equal(poolStatus(at(29)).availableReplicas, 0);
  t.equal(nextAvailableInMs(at(29)), 1_000);
  t.equal(poolStatus(at(30)).availableReplicas, 3);
  t.equal(nextAvailableInMs(at(30)), undefined);
  t.equal(nextAvailableInMs(input({ active: [down] })), undefined);
});

t.test("what says the same is the same", async (t) => {
  const first = poolStatus(input());
  const again = poolStatus(input({ pool: { ...pool(), status: first }, now: start + 5_000 }));
  t.strictSame(again, first);
});
