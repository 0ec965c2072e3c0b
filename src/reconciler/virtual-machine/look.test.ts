import t from "tap";
import type { Resources } from "../../schema/host.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { domain, image, lookups, machine, uid } from "../../testing/machine-fixture.ts";
import { hostObject, sessionFixture } from "../../testing/session-fixture.ts";
import { type Reach, reachHost } from "./link.ts";
import { look } from "./look.ts";

const size = { cpus: 1, memoryBytes: 2 ** 29, diskBytes: 0 };

/** Looks at a machine on host h1; `room` is what the host has for it. */
async function fixture(
  room: Resources = { cpus: 8, memoryBytes: 2 ** 40, diskBytes: 2 ** 40 },
  accepted = false,
) {
  const fixture = await sessionFixture();
  const { sessions, ensure, clock, clusterId } = fixture;
  await ensure();
  await ensure("h2");
  const hostNamed = () => ({ ...hostObject("h1"), status: { accelerator: "qemu" as const } });
  const reserved: Resources[] = [];
  const reserve = (_uid: string, _host: string, resources: Resources) => {
    if (resources.cpus > room.cpus) return "with too few CPUs";
    reserved.push(resources);
    return undefined;
  };
  const known = lookups(image("debian", "a"));
  const isRestoreAccepted = () => accepted;
  const placer = { reserve };
  const context = { sessions, hostNamed, placer, lookups: known, clusterId, clock, isRestoreAccepted };
  const lookAt = (status: VirtualMachineStatus = {}, spec: Record<string, unknown> = {}, metadata = {}) => {
    const vm = machine(spec, status, metadata);
    return look(context, vm, linked(reachHost(context, vm, "h1")), new AbortController().signal);
  };
  return { ...fixture, lookAt, reserved };
}

function linked(reach: Reach) {
  if (reach.type !== "linked") throw new Error(`host h1 is ${reach.type}`);
  return reach.link;
}

const { definition } = domain(machine());
if (definition === undefined) throw new Error("no definition");
const ours = definition;

t.test("a machine that is nowhere is to be defined and started, and its room is reserved", async (t) => {
  const { lookAt, reserved, host, stop } = await fixture();
  const { plan, memory } = await lookAt();
  t.match(plan.actions, [{ type: "DefineDomain" }, { type: "StartDomain" }]);
  t.same(reserved, [size]);
  t.match(memory, { allocated: size, hostUuid: host.facts.hostUuid });
  await lookAt({ allocated: size });
  t.equal(reserved.length, 1, "not again");
  await stop();
});

t.test("without room for a larger size it does not start; while it runs it keeps what it had", async (t) => {
  const { lookAt, host, stop, clock } = await fixture({ ...size, cpus: 4 });
  const blocked = await lookAt({ allocated: size }, { cpus: 5, memory: "512Mi" });
  t.match(blocked.plan.blockedBy, { reason: "Unschedulable" });
  t.same(blocked.memory.allocated, size);
  host.addDomain(ours).start();
  await clock.advance(0);
  const running = await lookAt({ allocated: { ...size, cpus: 3 } });
  t.same(running.memory.allocated, { ...size, cpus: 3 });
  const grown = await lookAt({ allocated: size }, { cpus: 2, memory: "512Mi" });
  t.same(grown.memory.allocated, { ...size, cpus: 2 });
  await stop();
});

t.test("a domain with another's mark is foreign, and tells nothing of the machine", async (t) => {
  const { lookAt, host, stop, clock } = await fixture();
  host.addDomain({ uid, domainName: "theirs", running: true });
  await clock.advance(0);
  const status = { startedAt: "2025-01-01T00:00:00Z" };
  const { observed, plan, memory } = await lookAt(status);
  t.equal(observed.domain, undefined);
  t.match(observed.foreign, { domainName: "theirs" });
  t.match(plan, { actions: [], blockedBy: { reason: "Conflict" } });
  t.equal(memory.startedAt, status.startedAt);
  await stop();
});

t.test(
  "a process on another host, of which only a hint is known, is seen before anything is started",
  async (t) => {
    const { lookAt, hypervisor, host, stop, clock } = await fixture();
    host.faults.dropHints = true;
    hypervisor.host("h2").addDomain(ours).start();
    await clock.advance(0);
    const { plan } = await lookAt();
    t.match(plan, { actions: [], blockedBy: { reason: "Conflict", message: /host "h2"/ } });
    await stop();
  },
);

t.test("another's domain with the name is a namesake", async (t) => {
  const { lookAt, host, stop, clock } = await fixture();
  host.addDomain({ uid: "11111111-1111-4111-8111-111111111111", domainName: ours.domainName });
  await clock.advance(16_500);
  t.match((await lookAt()).plan.blockedBy, { reason: "Conflict", message: /has the name/ });
  await stop();
});

t.test("a domain that was renamed by hand keeps its name", async (t) => {
  const { lookAt, host, stop, clock } = await fixture();
  host.addDomain({ ...ours, domainName: "renamed" }).start();
  await clock.advance(0);
  const { plan, desired } = await lookAt({}, {});
  t.same(plan.actions, []);
  t.match(desired, { definition: { domainName: "renamed" } });
  await stop();
});

t.test("volumes that are there are remembered, so that none is ever made anew", async (t) => {
  const { lookAt, pool, stop, clock } = await fixture();
  const volume = `vm-${uid}-root.qcow2`;
  pool.ensure({ volume, capacityBytes: 2 ** 30 });
  await clock.advance(16_500);
  const disks = [{ name: "root", image: "debian" }];
  const status = { volumes: [{ disk: "root", volume, capacityBytes: 2 ** 30 }] };
  const { memory, plan } = await lookAt(status, { disks });
  t.match(memory.volumes, [{ made: true }]);
  t.notOk(plan.actions.some(({ type }) => type === "EnsureVolume"));
  await stop();
});

t.test("of a machine that is being deleted no more room is reserved", async (t) => {
  const { lookAt, reserved, stop } = await fixture();
  await lookAt(
    { allocated: size },
    { cpus: 4, memory: "1Gi" },
    { deletionTimestamp: "2026-01-01T00:00:00Z" },
  );
  t.same(reserved, []);
  await stop();
});

t.test(
  "a domain of a later placement than the store knows is left alone, until that is accepted",
  async (t) => {
    for (const accepted of [false, true]) {
      const { lookAt, host, stop, clock } = await fixture(undefined, accepted);
      host.addDomain({ ...ours, mark: { ...ours.mark, epoch: 3 } }).start();
      await clock.advance(0);
      const { plan, memory } = await lookAt({ hostName: "h1", placementEpoch: 2 });
      if (accepted) t.equal(memory.placementEpoch, 3, "the host knows better");
      else t.match(plan, { actions: [], blockedBy: { reason: "Conflict", message: /of placement 3/ } });
      await stop();
    }
  },
);
