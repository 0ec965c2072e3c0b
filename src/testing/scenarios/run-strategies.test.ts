import t from "tap";
import type { FakeDomain } from "../../drivers/fake/fake-domain.ts";
import { Cluster } from "../cluster.ts";

type End = (domain: FakeDomain, cluster: Cluster) => Promise<void> | void;

/** Ways in which a run ends without anybody asking Ostler. */
const ends: Readonly<Record<string, End>> = {
  "the guest shuts itself down": (domain) => domain.stopFromInside(),
  "its process is killed": (domain) => domain.kill(),
  "virsh destroy": (domain) => domain.destroy(),
  "virsh destroy and undefine": (domain) => {
    domain.destroy();
    domain.undefine();
  },
  "virsh undefine while it runs, then destroy": (domain) => {
    domain.undefine();
    domain.destroy();
  },
  "its host loses power": async (_domain, cluster) => {
    const host = cluster.hypervisor.host("h1");
    host.powerOff();
    await cluster.settle(20_000);
    host.powerOn();
    await cluster.settle(90_000);
  },
};

const restarts: Readonly<Record<string, (end: string) => boolean>> = {
  Always: () => true,
  RerunOnFailure: (end) => end !== "the guest shuts itself down",
  Once: () => false,
};

for (const [strategy, restartsAfter] of Object.entries(restarts)) {
  for (const [name, end] of Object.entries(ends)) {
    const again = restartsAfter(name);
    t.test(`${strategy}: after "${name}" it ${again ? "runs again" : "stays off"}`, async (t) => {
      await using cluster = await Cluster.start();
      await cluster.addMachine("web", { runStrategy: strategy });
      await cluster.settle(120_000);
      t.equal(await cluster.word("web"), "Running");
      const before = await cluster.domain("web");
      await end(before, cluster);
      await cluster.settle(500);
      t.equal(await cluster.word("web"), again ? "Running" : "Stopped");
      await cluster.settle(120_000);
      t.equal(await cluster.word("web"), again ? "Running" : "Stopped");
      if (again) t.ok((await cluster.domain("web")).active);
      t.same(cluster.invariants.breaches, []);
    });
  }
}

t.test(
  "RerunOnFailure: a guest that ended of its own will stays off when its host forgets how it ended",
  async (t) => {
    await using cluster = await Cluster.start();
    await cluster.addMachine("web", { runStrategy: "RerunOnFailure" });
    await cluster.settle(120_000);
    const domain = await cluster.domain("web");
    domain.stopFromInside();
    await cluster.settle();
    const host = cluster.hypervisor.host("h1");
    host.powerOff();
    await cluster.settle(10_000);
    host.powerOn();
    await cluster.settle(120_000);
    await cluster.stopController();
    await cluster.startController();
    await cluster.settle(120_000);
    t.equal(domain.starts, 1);
    t.equal(await cluster.word("web"), "Stopped");
  },
);

t.test("Once: not even a controller that dies in the middle starts it twice", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("job", { runStrategy: "Once" });
  await cluster.settle();
  const domain = await cluster.domain("job");
  await cluster.stopController();
  domain.kill();
  await cluster.startController();
  await cluster.settle(300_000);
  t.equal(domain.starts, 1);
  t.equal(await cluster.word("job"), "Stopped");
});

t.test("Once: a start that certainly failed does not count", async (t) => {
  await using cluster = await Cluster.start();
  cluster.hypervisor.host("h1").faults.failNext("startDomain", new Error("no memory"));
  await cluster.addMachine("job", { runStrategy: "Once" });
  await cluster.settle();
  t.equal(await cluster.word("job"), "CrashLoopBackOff");
  await cluster.settle(11_000);
  t.equal(await cluster.word("job"), "Running");
  t.equal((await cluster.domain("job")).starts, 1);
});

t.test("Once: a start whose outcome is unknown counts", async (t) => {
  await using cluster = await Cluster.start();
  cluster.hypervisor.host("h1").faults.loseNextReply("startDomain");
  await cluster.addMachine("job", { runStrategy: "Once" });
  await cluster.settle(30_000);
  t.equal(await cluster.word("job"), "Running");
  t.equal((await cluster.domain("job")).starts, 1);
});

t.test("Halted: it gets no host and no domain", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web", { runStrategy: "Halted" });
  await cluster.settle(60_000);
  t.equal(await cluster.word("web"), "Stopped");
  t.equal((await cluster.machine("web")).status?.hostName, undefined);
  t.same([...cluster.hypervisor.host("h1").domains], []);
});

t.test("Halted: a running machine shuts down, and stays off when started by hand", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web");
  await cluster.settle(120_000);
  await cluster.edit("web", { runStrategy: "Halted" });
  await cluster.settle();
  const domain = await cluster.domain("web");
  t.match(domain.observed, { state: "shutoff", reason: "shutdown" });
  domain.start();
  await cluster.settle();
  t.match(domain.observed, { state: "shutoff", reason: "shutdown" });
  t.equal(await cluster.word("web"), "Stopped");
});

t.test("Manual: it starts and stops when asked, and is left alone otherwise", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web", { runStrategy: "Manual" });
  await cluster.settle(60_000);
  t.equal(await cluster.word("web"), "Stopped");
  await cluster.ask("web", "Start");
  await cluster.settle();
  t.equal(await cluster.word("web"), "Running");
  const domain = await cluster.domain("web");
  domain.kill();
  await cluster.settle(60_000);
  t.equal(await cluster.word("web"), "Stopped");
  t.equal((await cluster.machine("web")).status?.runOverride, undefined);
  await cluster.ask("web", "Start");
  await cluster.settle();
  t.equal(domain.starts, 2);
  await cluster.ask("web", "Stop");
  await cluster.settle();
  t.equal(await cluster.word("web"), "Stopped");
  t.equal(domain.observed.reason, "shutdown");
});

t.test("a stop that was asked for holds until a start is, over a restart of the controller", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web");
  await cluster.settle();
  await cluster.ask("web", "Stop");
  await cluster.settle();
  t.equal(await cluster.word("web"), "Stopped");
  await cluster.stopController();
  await cluster.startController();
  await cluster.settle(60_000);
  t.equal(await cluster.word("web"), "Stopped");
  await cluster.ask("web", "Nothing");
  await cluster.settle();
  t.equal(await cluster.word("web"), "Running");
});

t.test("a request made under another run strategy no longer counts", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web");
  await cluster.settle();
  await cluster.ask("web", "Stop");
  await cluster.settle();
  await cluster.edit("web", { runStrategy: "RerunOnFailure" });
  await cluster.settle();
  t.equal((await cluster.machine("web")).status?.runOverride, undefined);
});

for (const runStrategy of ["Always", "RerunOnFailure", "Manual"]) {
  t.test(`${runStrategy}: a restart that is asked for happens once`, async (t) => {
    await using cluster = await Cluster.start();
    await cluster.addMachine("web", { runStrategy });
    if (runStrategy === "Manual") await cluster.ask("web", "Start");
    await cluster.settle(120_000);
    await cluster.ask("web", "Restart");
    await cluster.settle();
    const domain = await cluster.domain("web");
    t.equal(domain.starts, 2);
    t.match((await cluster.machine("web")).status, { printableStatus: "Running" });
    t.equal((await cluster.machine("web")).status?.restartRequest, undefined);
    await cluster.settle(120_000);
    t.equal(domain.starts, 2);
  });
}

t.test("a stop overrules a restart that was asked for before", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web", { terminationGracePeriodSeconds: 20 });
  await cluster.settle(120_000);
  const domain = await cluster.domain("web");
  domain.guest = { obeysShutdown: true, shutdownMs: 10_000 };
  await cluster.ask("web", "Restart");
  await cluster.settle();
  t.equal(await cluster.word("web"), "Stopping");
  await cluster.ask("web", "Stop");
  await cluster.settle(60_000);
  t.match((await cluster.machine("web")).status, { printableStatus: "Stopped", started: true });
  t.equal((await cluster.machine("web")).status?.restartRequest, undefined);
  t.equal(domain.starts, 1);
});

for (const runStrategy of ["Once", "RerunOnFailure"]) {
  t.test(`${runStrategy}: a machine that was halted in between may run again`, async (t) => {
    await using cluster = await Cluster.start();
    await cluster.addMachine("job", { runStrategy });
    await cluster.settle(120_000);
    const domain = await cluster.domain("job");
    domain.stopFromInside();
    await cluster.settle();
    t.equal(await cluster.word("job"), "Stopped");
    await cluster.edit("job", { runStrategy: "Halted" });
    await cluster.settle();
    await cluster.edit("job", { runStrategy });
    await cluster.settle();
    t.equal(await cluster.word("job"), "Running");
    t.equal(domain.starts, 2);
  });
}
