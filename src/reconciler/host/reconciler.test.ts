import t from "tap";
import { formatTime } from "../../runtime/clock.ts";
import { findCondition, isTrue } from "../../schema/conditions.ts";
import { HostKind } from "../../schema/host.ts";
import { ImageKind } from "../../schema/image.ts";
import type { Store } from "../../store/store.ts";
import { Cluster } from "../../testing/cluster.ts";

t.test("a Host is written three times until it is Ready, and then no more", async (t) => {
  await using cluster = await Cluster.start({ hosts: [] });
  cluster.hypervisor.addHost({ name: "h1" });
  const before = cluster.writes;
  await cluster.addHost("h1");
  await cluster.settle();
  t.ok(isTrue((await cluster.host("h1")).status?.conditions, "Ready"));
  const { writes } = cluster;
  t.ok(writes - before <= 4, `${writes - before} writes`);
  await cluster.settle(600_000);
  t.equal(cluster.writes, writes);
});

t.test("a Host that nobody answers for says why", async (t) => {
  await using cluster = await Cluster.start({ hosts: [] });
  await cluster.addHost("h1", { uri: "fake://nowhere" });
  await cluster.settle();
  t.match(findCondition((await cluster.host("h1")).status?.conditions, "Ready"), {
    status: "False",
    reason: "NameNotResolved",
    message: 'there is no fake host behind "fake://nowhere"',
  });
});

t.test("a foreign domain is counted as soon as its host tells of it", async (t) => {
  await using cluster = await Cluster.start();
  const host = cluster.hypervisor.host("h1");
  const uid = "11111111-1111-4111-8111-111111111111";
  const foreign = host.addDomain({ uid, domainName: "theirs", memoryBytes: 2 ** 30, running: true });
  await cluster.settle(100);
  const free = (await cluster.host("h1")).status?.allocatable?.memoryBytes ?? 0;
  t.equal(free, 63 * 2 ** 30);
  foreign.undefine();
  foreign.destroy();
  await cluster.settle(100);
  t.match((await cluster.host("h1")).status, {
    foreignDomains: { total: 0 },
    allocatable: { memoryBytes: 64 * 2 ** 30 },
  });
});

t.test("a Host that is deleted and added again is found out about anew", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.store.delete(HostKind, { name: "h1" });
  await cluster.settle();
  const { calls } = cluster.hypervisor.host("h1");
  const before = calls.get("describe") ?? 0;
  await cluster.settle(60_000);
  t.equal(calls.get("describe") ?? 0, before);
  await cluster.addHost("h1");
  await cluster.settle();
  t.ok(isTrue((await cluster.host("h1")).status?.conditions, "Ready"));
  t.equal(calls.get("describe"), before + 1);
});

t.test(
  "a statement that expires before the first attempt to connect has ended keeps nobody busy",
  async (t) => {
    let reads = 0;
    const onRead = (): void => {
      reads += 1;
      // Ends what would else go on for ever without time passing.
      if (reads > 1_000) throw new Error("read a thousand times");
    };
    await using cluster = await Cluster.start({
      wrapDriver: () => ({ connect: ({ signal }) => aborted(signal) }),
      wrapStore: (store) => withReads(store, onRead),
    });
    await cluster.settle(60_000);
    const now = cluster.clock.now();
    const fence = {
      proof: "HumanStatement" as const,
      statedBy: "admin",
      statedAt: formatTime(now),
      expiresAt: formatTime(now + 60_000),
      reason: "it burnt",
      machines: "All" as const,
      evenInMassOutage: false,
    };
    const host = await cluster.host("h1");
    await cluster.store.updateStatus(HostKind, { ...host, status: { ...host.status, fence } });
    await cluster.settle();
    await cluster.stopController();
    await cluster.settle(120_000);
    reads = 0;
    await cluster.startController();
    t.ok(reads > 0 && reads < 10, `${reads} reads of the Host`);
    await cluster.settle(60_000);
    t.equal((await cluster.host("h1")).status?.fence, undefined, "when it has ended that is said");
  },
);

/** What never comes. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

/** A store of which each single read of a Host is told. */
function withReads(store: Store, onRead: () => void): Store {
  return new Proxy(store, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]) => {
        if (property === "get" && args[0] === HostKind) onRead();
        return Reflect.apply(value, target, args);
      };
    },
  });
}

/** Two machines, each with a Host of its own, and a third Host that leads to the first of them. */
async function threeHosts() {
  const cluster = await Cluster.start({ hosts: [{ name: "h1" }, { name: "h2" }] });
  await cluster.addHost("twin", { uri: "fake://h1" });
  await cluster.settle();
  const ready = async (name: string) => findCondition((await cluster.host(name)).status?.conditions, "Ready");
  return { cluster, ready };
}

t.test("of two Hosts that are one machine the later one takes nothing, and says why", async (t) => {
  const { cluster, ready } = await threeHosts();
  await using _cluster = cluster;
  t.match(await ready("h1"), { status: "True" });
  t.match(await ready("twin"), {
    status: "False",
    reason: "DuplicateHost",
    message: /^host "h1" is the same machine: both have UUID .*; remove one of them/,
  });
  t.equal((await cluster.host("twin")).status?.hostUuid, undefined);
  await cluster.editHost("h1", { unschedulable: true });
  await cluster.editHost("h2", { unschedulable: true });
  await cluster.addMachine("web");
  await cluster.settle(60_000);
  t.equal((await cluster.machine("web")).status?.hostName, undefined);
});

t.test("what is left when one of them goes takes machines", async (t) => {
  const { cluster, ready } = await threeHosts();
  await using _cluster = cluster;
  await cluster.store.delete(HostKind, { name: "h1" });
  await cluster.settle();
  t.match(await ready("twin"), { status: "True" });
  await cluster.addHost("h1");
  await cluster.settle();
  t.match(await ready("h1"), {
    status: "False",
    reason: "DuplicateHost",
    message: /^host "twin" is the same/,
  });
  t.match(await ready("twin"), { status: "True" }, "who had it first keeps it");
  await cluster.editHost("h1", { uri: "fake://h2" });
  await cluster.settle();
  t.match(await ready("h1"), { reason: "DuplicateHost", message: /^host "h2" is the same/ });
});

t.test("what one of them does not need stays for the other", async (t) => {
  const { cluster } = await threeHosts();
  await using _cluster = cluster;
  await cluster.addImage("debian", "a");
  await cluster.editHost("h2", { unschedulable: true });
  await cluster.addMachine("web", { disks: [{ name: "root", image: "debian" }] });
  await cluster.settle(10_000);
  t.equal((await cluster.machine("web")).status?.hostName, "h1");
  await cluster.store.delete(ImageKind, { name: "debian" });
  await cluster.settle(1_800_000);
  t.ok(
    cluster.volumesOn(cluster.hypervisor.host("h1")).some((name) => name.startsWith("image-")),
    "its machine's disk stands on it",
  );
});

t.test("what runs for a Host that has moved takes room on the one that leads there, too", async (t) => {
  const { cluster } = await threeHosts();
  await using _cluster = cluster;
  const room = async () => (await cluster.host("twin")).status?.allocatable?.memoryBytes ?? 0;
  const whole = await room();
  await cluster.editHost("h2", { unschedulable: true });
  await cluster.addMachine("web", { memory: "1Gi" });
  await cluster.settle(10_000);
  await cluster.editHost("h1", { uri: "fake://nowhere" });
  await cluster.settle(60_000);
  t.equal(whole - (await room()), 2 ** 30);
});
