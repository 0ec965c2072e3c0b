import t from "tap";
import { Cluster } from "../cluster.ts";

t.test(
  "a guest that ignores the power button is pressed again and forced off after the grace period",
  async (t) => {
    await using cluster = await Cluster.start();
    await cluster.addMachine("web", { terminationGracePeriodSeconds: 30 });
    await cluster.settle(120_000);
    const domain = await cluster.domain("web");
    domain.guest = { obeysShutdown: false, shutdownMs: 0 };
    await cluster.ask("web", "Stop");
    await cluster.settle(29_500);
    t.equal(await cluster.word("web"), "Stopping");
    t.equal(domain.observed.state, "running");
    const { calls } = cluster.hypervisor.host("h1");
    t.equal(calls.get("destroyDomain"), undefined);
    const presses = calls.get("shutdownDomain") ?? 0;
    t.ok(presses >= 6 && presses <= 9, `pressed ${presses} times`);
    await cluster.settle(1_500);
    t.match(domain.observed, { state: "shutoff", reason: "destroyed" });
    t.equal(await cluster.word("web"), "Stopped");
    t.match(
      cluster.events.map((event) => event.reason),
      ["ShuttingDown", "ForcedOff"],
    );
    t.equal((await cluster.machine("web")).status?.startFailure, undefined);
  },
);

t.test("a guest that obeys the second press is not forced", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web");
  await cluster.settle(120_000);
  const domain = await cluster.domain("web");
  domain.guest = { obeysShutdown: false, shutdownMs: 0 };
  await cluster.ask("web", "Stop");
  await cluster.settle(2_000);
  domain.guest = { obeysShutdown: true, shutdownMs: 0 };
  await cluster.settle(5_000);
  t.match(domain.observed, { state: "shutoff", reason: "shutdown" });
  t.equal(cluster.hypervisor.host("h1").calls.get("destroyDomain"), undefined);
});

t.test(
  "a power button that does not work at all does not keep a machine from being forced off",
  async (t) => {
    await using cluster = await Cluster.start();
    await cluster.addMachine("web", { terminationGracePeriodSeconds: 10 });
    await cluster.settle(120_000);
    const { faults } = cluster.hypervisor.host("h1");
    for (let press = 0; press < 20; press++) faults.failNext("shutdownDomain", new Error("no ACPI"));
    await cluster.ask("web", "Stop");
    await cluster.settle(9_500);
    t.equal(await cluster.word("web"), "Stopping");
    await cluster.settle(2_000);
    t.equal(await cluster.word("web"), "Stopped");
    t.ok((cluster.hypervisor.host("h1").calls.get("shutdownDomain") ?? 0) <= 4);
  },
);

t.test("with a grace period of 0 the plug is pulled at once", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web", { terminationGracePeriodSeconds: 0 });
  await cluster.settle(120_300);
  await cluster.ask("web", "Stop");
  await cluster.settle(100);
  t.match((await cluster.domain("web")).observed, { state: "shutoff", reason: "destroyed" });
  t.equal(cluster.hypervisor.host("h1").calls.get("shutdownDomain"), undefined);
});

t.test("the grace period goes on over a restart of the controller", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web", { terminationGracePeriodSeconds: 60 });
  await cluster.settle(120_000);
  const domain = await cluster.domain("web");
  domain.guest = { obeysShutdown: false, shutdownMs: 0 };
  await cluster.ask("web", "Stop");
  await cluster.settle(50_000);
  await cluster.stopController();
  await cluster.startController();
  await cluster.settle(8_000);
  t.equal(domain.observed.state, "running");
  await cluster.settle(3_000);
  t.equal(domain.observed.state, "shutoff");
});

t.test(
  "a stop that is taken back leaves the guest running, and one that obeys late runs again",
  async (t) => {
    await using cluster = await Cluster.start();
    await cluster.addMachine("web", { terminationGracePeriodSeconds: 30 });
    await cluster.settle(120_000);
    const domain = await cluster.domain("web");
    domain.guest = { obeysShutdown: false, shutdownMs: 0 };
    await cluster.ask("web", "Stop");
    await cluster.settle(10_000);
    await cluster.ask("web", "Nothing");
    await cluster.settle(60_000);
    t.equal(await cluster.word("web"), "Running");
    t.equal((await cluster.machine("web")).status?.shutdownRequestedAt, undefined);
    t.equal(domain.starts, 1);
    domain.guest = { obeysShutdown: true, shutdownMs: 8_000 };
    await cluster.ask("web", "Stop");
    await cluster.settle(1_000);
    await cluster.ask("web", "Nothing");
    await cluster.settle(10_000);
    t.equal(domain.starts, 2);
    t.equal(await cluster.word("web"), "Running");
    t.equal((await cluster.machine("web")).status?.startFailure, undefined);
  },
);

t.test("a paused guest is woken to shut down", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web", { terminationGracePeriodSeconds: 30 });
  await cluster.settle(120_000);
  const domain = await cluster.domain("web");
  domain.pause("ioerror");
  await cluster.settle();
  t.equal(await cluster.word("web"), "Paused");
  await cluster.ask("web", "Stop");
  await cluster.settle(1_000);
  t.match(domain.observed, { state: "shutoff", reason: "shutdown" });
});

t.test(
  "a machine that crashes in a loop waits 10, 40, 90 ... seconds from the fourth time on, until it is stable",
  async (t) => {
    await using cluster = await Cluster.start();
    await cluster.addMachine("web");
    await cluster.settle(2_000);
    const domain = await cluster.domain("web");
    for (const waitS of [0, 0, 0, 10, 40, 90, 160, 250, 300, 300]) {
      const { starts } = domain;
      domain.kill();
      await cluster.settle(Math.max(0, waitS * 1000 - 100));
      if (waitS > 0) {
        t.equal(domain.starts, starts, `not before ${waitS} s`);
        t.equal(await cluster.word("web"), "CrashLoopBackOff");
      }
      await cluster.settle(1_600);
      t.equal(domain.starts, starts + 1, `after ${waitS} s`);
      t.equal(await cluster.word("web"), "Running");
    }
    t.equal((await cluster.machine("web")).status?.startFailure?.consecutiveFailCount, 10);
    await cluster.settle(11_000);
    t.equal((await cluster.machine("web")).status?.startFailure, undefined);
    domain.kill();
    await cluster.settle(900);
    t.equal(await cluster.word("web"), "Running");
  },
);

t.test(
  "the back-off of a start that fails is told, survives a restart, and ends when it succeeds",
  async (t) => {
    await using cluster = await Cluster.start();
    await cluster.addMachine("web");
    const { faults, calls } = cluster.hypervisor.host("h1");
    for (let count = 0; count < 3; count++)
      faults.failNext("startDomain", new Error("qemu exited: no memory"));
    await cluster.settle(5_000);
    t.match((await cluster.machine("web")).status, {
      printableStatus: "CrashLoopBackOff",
      startFailure: { consecutiveFailCount: 1, message: "qemu exited: no memory" },
    });
    await cluster.settle(10_000);
    t.equal((await cluster.machine("web")).status?.startFailure?.consecutiveFailCount, 2);
    await cluster.stopController();
    await cluster.startController();
    await cluster.settle(10_000);
    t.equal(calls.get("startDomain"), 2);
    await cluster.settle(40_000);
    t.equal(calls.get("startDomain"), 3);
    await cluster.settle(95_000);
    t.equal(await cluster.word("web"), "Running");
    await cluster.settle(11_000);
    t.equal((await cluster.machine("web")).status?.startFailure, undefined);
  },
);
