import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import { Cluster } from "../cluster.ts";
import { interceptDriver } from "../intercept-driver.ts";

/** A host that makes something else of every definition it is given, while `stubborn.cpus` is set. */
async function withStubbornHost() {
  const stubborn: { cpus: number | undefined } = { cpus: 7 };
  const cluster: Cluster = await Cluster.start({
    wrapDriver: (driver) =>
      interceptDriver(driver, async ({ verb }, perform) => {
        const result = await perform();
        const { cpus } = stubborn;
        if (verb === "defineDomain" && cpus !== undefined) {
          for (const domain of cluster.hypervisor.host("h1").domains) domain.edit({ cpus });
        }
        return result;
      }),
  });
  const { calls } = cluster.hypervisor.host("h1");
  return { cluster, stubborn, defined: () => calls.get("defineDomain") ?? 0 };
}

t.test("a host that keeps another definition than it was given is not given it for ever", async (t) => {
  const { cluster, stubborn, defined } = await withStubbornHost();
  await using _cluster = cluster;
  await cluster.addMachine("web");
  await cluster.settle(60_000);
  const before = defined();
  t.ok(before < 20, `${before} times in the first minute`);
  const ready = findCondition((await cluster.machine("web")).status?.conditions, "Ready");
  t.match(ready, {
    status: "True",
    reason: "Running",
    message: /but: host keeps another definition than it was given: its definition differs in cpus/,
  });
  const { writes } = cluster;
  await cluster.settle(600_000);
  const more = defined() - before;
  t.ok(more >= 10 && more <= 30, `${more} times in the next ten minutes`);
  t.equal(cluster.writes, writes, "there is nothing new to say");
  t.equal((await cluster.domain("web")).starts, 1);
  stubborn.cpus = undefined;
  await cluster.settle(60_000);
  const mended = findCondition((await cluster.machine("web")).status?.conditions, "Ready");
  t.equal(mended?.message, "the domain is running");
  const after = defined();
  await cluster.settle(600_000);
  t.equal(defined(), after);
});

t.test("a definition that was edited twice by hand is put right twice, at once", async (t) => {
  const { cluster, stubborn } = await withStubbornHost();
  await using _cluster = cluster;
  stubborn.cpus = undefined;
  await cluster.addMachine("web");
  await cluster.settle(60_000);
  const domain = await cluster.domain("web");
  for (const cpus of [7, 7]) {
    domain.edit({ cpus });
    await cluster.settle(10);
    t.equal(domain.observed.definition?.cpus, 1);
  }
});
