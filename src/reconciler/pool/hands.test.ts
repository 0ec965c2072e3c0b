import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import { findCondition } from "../../schema/conditions.ts";
import { addMachine, addPool, openBench } from "../../testing/pool-bench.ts";
import { SeededRandom } from "../../testing/seeded-random.ts";
import { memberName } from "./new-member.ts";

t.test("what refuses one member is not asked for all of them, and is told", async (t) => {
  let refuses = true;
  const bench = await openBench(t, (store) => ({
    create: async (kind, resource, options) => {
      if (refuses) throw new StatusError("Forbidden", "exceeded quota");
      return store.create(kind, resource, options);
    },
  }));
  await addPool(bench, { replicas: 100 });
  await bench.clock.settle();
  t.equal(bench.asked.length, 1);
  const { conditions } = (await bench.pool()).status ?? {};
  t.match(findCondition(conditions, "Stalled"), { reason: "FailedCreate", message: "exceeded quota" });
  t.match(bench.events, ["Warning FailedCreate: exceeded quota"]);
  refuses = false;
  await bench.clock.advance(60_000);
  t.equal((await bench.members()).length, 100);
});

t.test("a member whose making was not answered is made once", async (t) => {
  let isDeaf = true;
  const bench = await openBench(t, (store) => ({
    create: async (kind, resource, options) => {
      const made = await store.create(kind, resource, options);
      if (isDeaf) throw new StatusError("Timeout", "no answer");
      return made;
    },
  }));
  bench.lag.watchMs = 5_000;
  await addPool(bench, { replicas: 4 });
  await bench.clock.settle();
  isDeaf = false;
  await bench.clock.advance(20_000);
  t.equal((await bench.members()).length, 4);
  await bench.clock.advance(120_000);
  t.equal((await bench.members()).length, 4);
  t.equal(new Set(bench.asked).size, 4);
});

t.test("a name that somebody else has is given up for another", async (t) => {
  const bench = await openBench(t);
  const names = new SeededRandom(7);
  await addPool(bench, { replicas: 0 });
  await bench.clock.advance(1_000);
  const taken = memberName(await bench.pool(), () => names.next());
  await addMachine(bench, taken, { app: "other" });
  await bench.edit({ replicas: 1 });
  await bench.clock.advance(1_000);
  t.equal(bench.asked[0], taken);
  t.equal((await bench.members()).length, 1);
});
