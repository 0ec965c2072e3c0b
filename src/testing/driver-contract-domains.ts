import type { Test } from "tap";
import type { DomainDefinition } from "../drivers/driver.ts";
import { systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import type { DriverSupports, DriverUnderTest } from "./driver-contract.ts";
import { driverFixture, eventually, pause } from "./driver-fixture.ts";
import { fails } from "./fails.ts";

/** What verbs on domains do. */
export async function domainContract(
  t: Test,
  host: DriverUnderTest,
  supports: DriverSupports,
): Promise<void> {
  await t.test("a host says what it is, the same each time", async (t) => {
    const { connection, signal } = await driverFixture(t, host);
    const facts = await connection.describe(signal);
    t.match(facts.hostUuid, /^[0-9a-f-]{36}$/);
    t.ok(facts.cpus > 0 && facts.memoryBytes > 0 && facts.pool.capacityBytes > 0, "sizes");
    const { sockets, coresPerSocket, threadsPerCore } = facts.topology;
    t.ok(sockets > 0 && coresPerSocket > 0 && threadsPerCore > 0 && facts.topology.model !== "", "topology");
    t.ok(
      facts.numa.every(({ cpus, memoryBytes }) => cpus >= 0 && memoryBytes >= 0),
      "NUMA cells",
    );
    t.ok(facts.pool.availableBytes <= facts.pool.capacityBytes, "room in our pool");
    t.notOk(
      facts.otherPools.some(({ name }) => name === facts.pool.name),
      "others' pools are not ours",
    );
    t.ok(facts.accelerators.includes(host.accelerator), "accelerators");
    t.ok(facts.hostname !== "" && facts.architecture !== "" && facts.hypervisor.libvirt !== "", "names");
    t.strictSame(await connection.describe(signal), facts);
  });

  await t.test("what is defined is what is observed", async (t) => {
    const { connection, define, signal } = await driverFixture(t, host);
    const definition = define(everything());
    await connection.defineDomain(definition, signal);
    const found = await connection.observeDomain(definition.mark.uid, signal);
    t.strictSame(found?.definition, definition);
    t.strictSame(found?.mark, definition.mark);
    t.equal(found?.state, "shutoff");
    t.equal(found?.cpus, definition.cpus);
    t.equal(found?.memoryBytes, definition.memoryBytes);
    const all = await connection.observe(signal);
    t.strictSame(
      all.domains.find((domain) => domain.uid === definition.mark.uid),
      found,
    );
  });

  await t.test("defining again changes the definition, twice the same changes nothing", async (t) => {
    const { connection, define, signal } = await driverFixture(t, host);
    const before = define(everything());
    const after: DomainDefinition = {
      ...before,
      mark: { ...before.mark, epoch: 2 },
      cpus: 3,
      memoryBytes: 96 * 2 ** 20,
      disks: [],
      networks: [],
    };
    for (const definition of [before, before, after, after]) {
      await connection.defineDomain(definition, signal);
      const found = await connection.observeDomain(before.mark.uid, signal);
      t.strictSame(found?.definition, definition);
    }
  });

  await t.test("a running domain can be defined anew and goes on running", async (t) => {
    const { connection, define, signal } = await driverFixture(t, host);
    const before = define();
    await connection.defineDomain(before, signal);
    await connection.startDomain(before.mark, signal);
    const after = { ...before, cpus: 2 };
    await connection.defineDomain(after, signal);
    const found = await connection.observeDomain(before.mark.uid, signal);
    t.strictSame(found?.definition, after);
    t.equal(found?.state, "running");
  });

  await t.test("start, destroy and undefine can be repeated", async (t) => {
    const { connection, define, signal } = await driverFixture(t, host);
    const { mark, ...definition } = define();
    await connection.defineDomain({ mark, ...definition }, signal);
    await connection.startDomain(mark, signal);
    await connection.startDomain(mark, signal);
    const running = await connection.observeDomain(mark.uid, signal);
    t.match(running, { state: "running", reason: "booted" });
    await fails(t, connection.undefineDomain(mark, signal), "OperationInvalid");
    t.match(await connection.observeDomain(mark.uid, signal), { state: "running", definition: {} });
    await connection.destroyDomain(mark, signal);
    await connection.destroyDomain(mark, signal);
    t.match(await connection.observeDomain(mark.uid, signal), { state: "shutoff", reason: "destroyed" });
    await connection.undefineDomain(mark, signal);
    await connection.undefineDomain(mark, signal);
    t.equal(await connection.observeDomain(mark.uid, signal), undefined);
    t.notMatch(await connection.observe(signal), { domains: [{ uid: mark.uid }] });
  });

  await t.test("what runs is measured, and only that", async (t) => {
    const { connection, define, signal } = await driverFixture(t, host);
    const definition = define();
    const { uid } = definition.mark;
    await connection.defineDomain(definition, signal);
    const usageOf = async () => (await connection.measure(signal)).domains.find((usage) => usage.uid === uid);
    t.equal(await usageOf(), undefined);
    await connection.startDomain(definition.mark, signal);
    const first = await usageOf();
    t.equal(first?.memoryBytes, definition.memoryBytes);
    await pause(50);
    const second = await usageOf();
    t.ok((second?.cpuTimeMs ?? 0) >= (first?.cpuTimeMs ?? 1), "time does not go back");
    const { host: all } = await connection.measure(signal);
    if (all !== undefined) t.ok(all.cpuTimeMs >= 0 && all.memoryBytes > 0, "and so is the host");
    await connection.destroyDomain(definition.mark, signal);
    t.equal(await usageOf(), undefined);
  });

  await t.test("a domain that is not there cannot be started but is easily removed", async (t) => {
    const { connection, define, signal } = await driverFixture(t, host);
    const { mark } = define();
    t.equal(await connection.observeDomain(mark.uid, signal), undefined);
    await fails(t, connection.startDomain(mark, signal), "NotFound");
    await fails(t, connection.suspendDomain(mark, signal), "NotFound");
    await fails(t, connection.resumeDomain(mark, signal), "NotFound");
    await fails(t, connection.shutdownDomain(mark, signal), "NotFound");
    await connection.destroyDomain(mark, signal);
    await connection.undefineDomain(mark, signal);
  });

  await t.test("a paused domain is seen and resumed; a stopped one cannot be", async (t) => {
    const { connection, define, signal } = await driverFixture(t, host);
    const definition = define();
    const { mark } = definition;
    await connection.defineDomain(definition, signal);
    await fails(t, connection.resumeDomain(mark, signal), "OperationInvalid");
    await connection.startDomain(mark, signal);
    await host.outside.pause(mark.uid);
    t.match(await connection.observeDomain(mark.uid, signal), { state: "paused", reason: "user" });
    await connection.startDomain(mark, signal);
    t.match(await connection.observeDomain(mark.uid, signal), { state: "paused" }, "not started twice");
    await connection.resumeDomain(mark, signal);
    await connection.resumeDomain(mark, signal);
    t.match(await connection.observeDomain(mark.uid, signal), { state: "running", reason: "unpaused" });
  });

  await t.test("a running domain is suspended, once; a stopped one cannot be", async (t) => {
    const { connection, define, signal } = await driverFixture(t, host);
    const definition = define();
    const { mark } = definition;
    await connection.defineDomain(definition, signal);
    await fails(t, connection.suspendDomain(mark, signal), "OperationInvalid");
    await connection.startDomain(mark, signal);
    await connection.suspendDomain(mark, signal);
    await connection.suspendDomain(mark, signal);
    t.match(await connection.observeDomain(mark.uid, signal), { state: "paused", reason: "user" });
    await connection.resumeDomain(mark, signal);
    t.match(await connection.observeDomain(mark.uid, signal), { state: "running" });
  });

  await t.test("asking to shut down returns when asked; a stopped domain needs no asking", async (t) => {
    const fixture = await driverFixture(t, host);
    const { connection, signal } = fixture;
    const definition = fixture.define();
    const { mark } = definition;
    await connection.defineDomain(definition, signal);
    await connection.shutdownDomain(mark, signal);
    t.match(await connection.observeDomain(mark.uid, signal), { state: "shutoff" });
    await connection.startDomain(mark, signal);
    await connection.shutdownDomain(mark, signal);
    await connection.shutdownDomain(mark, signal);
    if (supports.obedientGuests) {
      const off = await eventually(fixture, mark.uid, (domain) => domain?.state === "shutoff");
      t.match(off, { state: "shutoff", reason: "shutdown" });
    } else {
      t.comment("guests here do not hear the power button");
    }
  });

  await t.test("an edit by hand is seen, events or not, after a few looks", async (t) => {
    const { connection, define, signal } = await driverFixture(t, host);
    const definition = define({ cpus: 2 });
    const { uid } = definition.mark;
    await connection.defineDomain(definition, signal);
    await connection.observe(signal);
    await host.outside.setCpus(uid, 1);
    for (let look = 0; look < 10; look += 1) {
      const { domains } = await connection.observe(signal);
      const found = domains.find((domain) => domain.uid === uid);
      if (found !== undefined && found.definition?.cpus !== 2) return void t.pass(`after ${look + 1} looks`);
    }
    t.fail("not seen in ten looks");
  });

  await t.test("a change made by somebody else is hinted at", async (t) => {
    const fixture = await driverFixture(t, host);
    const { connection, signal } = fixture;
    const definition = fixture.define();
    const { uid } = definition.mark;
    const other = await fixture.connect();
    const hints = hintsOf(other.hints(signal)[Symbol.asyncIterator](), uid);
    await hints.settled;
    for (const change of [
      () => connection.defineDomain(definition, signal),
      () => host.outside.start(uid),
      () => host.outside.destroy(uid),
      () => host.outside.undefine(uid),
    ]) {
      const hinted = hints.next();
      await change();
      t.ok(await hinted);
    }
    t.equal(await connection.observeDomain(uid, signal), undefined);
  });

  const kill = supports.processes ? {} : { skip: "domains here have no processes" };
  await t.test("a killed process is hinted at within a second and seen as a crash", kill, async (t) => {
    const fixture = await driverFixture(t, host);
    const { connection, signal } = fixture;
    const definition = fixture.define();
    const { uid } = definition.mark;
    await connection.defineDomain(definition, signal);
    await connection.startDomain(definition.mark, signal);
    const hints = hintsOf(connection.hints(signal)[Symbol.asyncIterator](), uid);
    await hints.settled;
    const hinted = hints.next();
    const before = systemClock.monotonic();
    await host.outside.killProcess(uid);
    await hinted;
    const tookMs = Math.round(systemClock.monotonic() - before);
    t.ok(tookMs < 1000, `hinted after ${tookMs} ms`);
    const found = await eventually(fixture, uid, (domain) => domain?.state === "shutoff");
    t.match(found, { state: "shutoff", reason: "crashed" });
    await connection.startDomain(definition.mark, signal);
    t.match(await connection.observeDomain(uid, signal), { state: "running" });
  });

  await t.test("a working accelerator is proved by a guest that leaves no trace", async (t) => {
    const { connection, signal } = await driverFixture(t, host);
    const before = await connection.observe(signal);
    t.equal(await connection.probeAccelerator(host.accelerator, signal), true);
    const after = await connection.observe(signal);
    t.equal(after.domains.length, before.domains.length);
  });
}

/** A definition that uses all there is. */
function everything(): Partial<DomainDefinition> {
  const tag = systemRandom.uuid().slice(0, 2);
  return {
    cpus: 2,
    memoryBytes: 80 * 2 ** 20,
    disks: [
      { name: "root", volume: "vm-root.qcow2", bus: "virtio" },
      { name: "data", volume: "vm-data.qcow2", bus: "scsi" },
      { name: "old", volume: "vm-old.qcow2", bus: "sata" },
      { name: "logs", volume: "vm-logs.qcow2", bus: "virtio" },
    ],
    networks: [
      {
        name: "lan",
        source: { type: "network", name: "default" },
        macAddress: `52:54:00:00:00:${tag}`,
        model: "virtio",
      },
      {
        name: "wan",
        source: { type: "bridge", name: "br0" },
        macAddress: `52:54:00:00:01:${tag}`,
        model: "e1000e",
      },
    ],
    kernelBoot: {
      kernel: "vmlinuz.raw",
      initrd: "initrd.raw",
      commandLine: `console=ttyS0 quiet "a&b" <c> 'd' ]]> --`,
    },
  };
}

/** Hints of one domain, one at a time. Reading starts at once, so that none is missed. */
function hintsOf(hints: AsyncIterator<{ uid?: string }>, uid: string) {
  let pending = hints.next();
  return {
    /** Resolves once the subscription can be taken to stand. */
    settled: systemClock.yield(),
    async next(): Promise<boolean> {
      for (;;) {
        const { done, value } = await pending;
        if (done) return false;
        pending = hints.next();
        if (value.uid === undefined || value.uid === uid) return true;
      }
    },
  };
}
