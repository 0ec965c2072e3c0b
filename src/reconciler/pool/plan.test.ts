import t from "tap";
import { member, pool, running } from "../../testing/pool-fixture.ts";
import { type PoolInput, planPool } from "./plan.ts";

function plan(replicas: number, machines: PoolInput["machines"], rest: Partial<PoolInput> = {}) {
  const { create, delete: surplus } = planPool({
    pool: pool({ replicas }),
    machines,
    isCurrent: true,
    ...rest,
  });
  return [create, surplus.map(({ metadata }) => metadata.name)];
}

const deleted = { deletionTimestamp: "2026-01-01T00:00:00Z" };
const three = [member("a", running()), member("b", running()), member("c")];

t.test("as many are made as are missing, and as many deleted as are too many", async (t) => {
  t.strictSame(plan(3, []), [3, []]);
  t.strictSame(plan(3, three), [0, []]);
  t.strictSame(plan(5, three), [2, []]);
  t.strictSame(plan(2, three), [0, ["c"]]);
  t.strictSame(plan(0, three), [0, ["c", "a", "b"]]);
});

t.test("one that is being deleted is replaced at once", async (t) => {
  t.strictSame(plan(3, [...three.slice(1), member("gone", running(), deleted)]), [1, []]);
});

t.test("no more than a burst at once", async (t) => {
  t.strictSame(plan(2_000, []), [500, []]);
  const many = Array.from({ length: 600 }, (_, index) => member(`m-${index}`));
  t.equal(plan(0, many)[1]?.toString().split(",").length, 500);
});

t.test("nobody is counted while the cache may not show what was done", async (t) => {
  t.strictSame(plan(5, three, { isCurrent: false }), [0, []]);
  t.strictSame(plan(0, three, { isCurrent: false }), [0, []]);
});

t.test("nobody is counted in the step in which one is taken over or let go", async (t) => {
  const nobodys = member("orphan", {}, { ownerReferences: undefined });
  t.strictSame(plan(5, [...three, nobodys]), [0, []]);
  t.strictSame(plan(5, [...three, member("other", {}, { labels: { app: "db" } })]), [0, []]);
});

t.test("a pool that is being deleted makes and deletes nobody", async (t) => {
  t.strictSame(plan(5, three, { pool: pool({ replicas: 5 }, deleted) }), [0, []]);
  t.strictSame(plan(0, three, { pool: pool({ replicas: 0 }, deleted) }), [0, []]);
});

t.test("whose deletion was not answered goes before others, if any must", async (t) => {
  const doubtfulDeletions = new Set([three[0]?.metadata.uid ?? ""]);
  t.strictSame(plan(2, three, { doubtfulDeletions }), [0, ["a"]]);
  t.strictSame(plan(3, three, { doubtfulDeletions }), [0, []]);
});
