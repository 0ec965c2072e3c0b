import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import { domain, machine, start } from "../../testing/machine-fixture.ts";
import { hostObject, sessionFixture } from "../../testing/session-fixture.ts";
import { type HostStatusInput, hostStatus } from "./status.ts";

const { ensure, stop } = await sessionFixture();
const { link } = await ensure();
await stop();
if (link.state !== "connected") throw new Error("not connected");
const { facts } = link;

function input(changes: Partial<HostStatusInput> = {}): HostStatusInput {
  return {
    host: hostObject("h1"),
    link,
    pool: undefined,
    accelerator: "kvm",
    foreign: [],
    orphans: [],
    strays: [],
    duplicateOf: undefined,
    massOutage: undefined,
    newerPlacement: undefined,
    now: start,
    ...changes,
  };
}

/** A host of which `memory` is kept for itself. */
function keeping(memory: string, spec: Record<string, unknown> = {}) {
  return hostObject("h1", { reserved: { memory }, ...spec });
}

const ready = (given: HostStatusInput) => findCondition(hostStatus(given).conditions, "Ready");
const unreachable = (given: HostStatusInput) => findCondition(hostStatus(given).conditions, "Unreachable");
const lost = {
  state: "unreachable",
  reason: "NetworkUnreachable",
  message: "no route",
  lastSeenMs: start + 30_000,
} as const;
const gib = 2 ** 30;

t.test("a host that answers is Ready, with what it is", async (t) => {
  t.match(hostStatus(input()), {
    accelerator: "kvm",
    observedAccelerator: "auto",
    observedGeneration: 1,
    hostUuid: facts.hostUuid,
    hostname: "h1",
    capacity: { cpus: 16, memoryBytes: 64 * gib, diskBytes: 2 ** 40 },
    allocatable: { cpus: 64, memoryBytes: 63.5 * gib, diskBytes: 2 ** 40 },
    foreignDomains: { total: 0, active: 0 },
  });
  t.match(ready(input()), { status: "True", reason: "Connected", message: "machines start with kvm" });
});

t.test("while its accelerator is being found out it is not, and an old answer does not count", async (t) => {
  const known = { ...hostObject("h1"), status: hostStatus(input()) };
  const probing = input({ host: known, accelerator: undefined });
  t.match(ready(probing), { status: "False", reason: "ProbingAccelerator" });
  t.equal(hostStatus(probing).accelerator, undefined);
});

t.test("of a host that cannot be asked, what was seen last stands", async (t) => {
  const host = { ...hostObject("h1"), status: hostStatus(input()) };
  const away = input({ host, accelerator: undefined, link: lost });
  const word = { status: "False", reason: "NetworkUnreachable", message: "no route" };
  t.match(ready(away), word);
  t.match(unreachable(away), { ...word, status: "True" });
  t.match(hostStatus(away), { accelerator: "kvm", capacity: { cpus: 16 } });
  t.match(ready(input({ link: { state: "connecting" } })), { status: "Unknown", reason: "Connecting" });
  t.match(unreachable(input({ link: { state: "connecting" } })), { status: "Unknown" });
});

t.test("since when a host is silent is told while it is, and its reason may change meanwhile", async (t) => {
  const host = { ...hostObject("h1"), status: hostStatus(input()) };
  const away = { ...host, status: hostStatus(input({ host, link: lost, now: start + 60_000 })) };
  t.equal(away.status.lastSeenTime, "2026-01-01T00:00:30Z");
  const since = unreachable(input({ host: away, link: lost }))?.lastTransitionTime;
  t.equal(since, "2026-01-01T00:01:00Z");
  const other = input({ host: away, link: { ...lost, reason: "DaemonNotRunning" }, now: start + 99_000 });
  t.match(unreachable(other), { reason: "DaemonNotRunning", lastTransitionTime: since });
  const unknown = input({ host: away, link: { ...lost, lastSeenMs: undefined } });
  t.equal(hostStatus(unknown).lastSeenTime, "2026-01-01T00:00:30Z", "another controller has seen it");
  const back = hostStatus(input({ host: away }));
  t.equal(back.lastSeenTime, undefined);
  t.match(findCondition(back.conditions, "Unreachable"), { status: "False", reason: "Connected" });
});

t.test("how a host is made is told, and its pools, which move only by much", async (t) => {
  const given = input();
  t.match(hostStatus(given), {
    topology: { model: "fake", sockets: 1, coresPerSocket: 8, threadsPerCore: 2 },
    numa: [{ id: 0, cpus: 16, memoryBytes: 64 * gib }],
    pools: [{ name: "ostler-c1c1c1c1", capacityBytes: 2 ** 40, availableBytes: 2 ** 40 }],
  });
  const host = { ...given.host, status: hostStatus(given) };
  const filled = (bytes: number) => ({
    ...facts.pool,
    allocatedBytes: bytes,
    availableBytes: 2 ** 40 - bytes,
  });
  t.same(hostStatus(input({ host, pool: filled(10 * gib) })).pools, host.status.pools);
  t.match(hostStatus(input({ host, pool: filled(100 * gib) })).pools, [{ allocatedBytes: 100 * gib }]);
});

t.test("what others' active domains take is not allocatable, nor is less than nothing", async (t) => {
  const big = domain(machine({ cpus: 2, memory: "1Gi" }));
  const off = domain(machine({ cpus: 9, memory: "9Gi" }), { state: "shutoff" });
  t.match(hostStatus(input({ foreign: [big, off], orphans: [big] })), {
    allocatable: { cpus: 60, memoryBytes: 61.5 * gib },
    foreignDomains: { total: 2, active: 1, cpus: 2, memoryBytes: gib },
  });
  const huge = { ...big, cpus: 999, memoryBytes: 2 ** 50 };
  t.match(hostStatus(input({ foreign: [huge] })), { allocatable: { cpus: 0, memoryBytes: 0 } });
});

t.test("overcommit multiplies what is there", async (t) => {
  const host = keeping("0", { overcommit: { cpu: 1, memory: 1.5, disk: 0.5 } });
  t.match(hostStatus(input({ host })).allocatable, { cpus: 16, memoryBytes: 96 * gib, diskBytes: 2 ** 39 });
});

t.test("what is reserved is taken off before anything is multiplied, down to nothing", async (t) => {
  const overcommit = { cpu: 2, memory: 2, disk: 2 };
  const reserved = { cpus: 0.5, memory: "4Gi", disk: "24Gi" };
  const host = hostObject("h1", { overcommit, reserved });
  const left = { cpus: 31, memoryBytes: 120 * gib, diskBytes: 2000 * gib };
  t.match(hostStatus(input({ host })).allocatable, left);
  const { allocatable } = hostStatus(input({ host: keeping("1Ti") }));
  t.match(allocatable, { cpus: 64, memoryBytes: 0 });
});

t.test("domains whose machine is unknown are named, the first twenty", async (t) => {
  const orphans = Array.from({ length: 25 }, (_, index) =>
    domain(machine(), { domainName: `lost-${index}` }),
  );
  const condition = findCondition(hostStatus(input({ orphans })).conditions, "OrphanDomains");
  t.match(condition, { status: "True", message: /lost-0, .*lost-19, and 5 more; they are left alone/ });
  const host = { ...hostObject("h1"), status: hostStatus(input({ orphans })) };
  t.equal(findCondition(hostStatus(input({ host })).conditions, "OrphanDomains"), undefined);
});

t.test("a status computed twice is the same: nothing is written", async (t) => {
  const inputs = [input(), input({ orphans: [domain(machine())] }), input({ accelerator: undefined })];
  for (const given of inputs) {
    const status = hostStatus(given);
    t.same(hostStatus({ ...given, host: { ...given.host, status }, now: start + 99_000 }), status);
  }
});
