import type { Test } from "tap";
import type { DomainDefinition, HostConnection } from "../drivers/driver.ts";
import { systemRandom } from "../runtime/random.ts";
import type { DriverUnderTest } from "./driver-contract.ts";
import { driverFixture } from "./driver-fixture.ts";
import { fails } from "./fails.ts";

/** What is not ours is seen and never touched. */
export async function ownershipContract(t: Test, host: DriverUnderTest): Promise<void> {
  await t.test("a foreign domain is observed with its size and nothing more", async (t) => {
    const { connection, forget, signal } = await driverFixture(t, host);
    const uid = systemRandom.uuid();
    forget(uid);
    await host.outside.defineForeign(uid, `foreign-${uid.slice(0, 8)}`);
    const found = await connection.observeDomain(uid, signal);
    t.match(found, { uid, state: "running", cpus: 1, memoryBytes: 64 * 2 ** 20 });
    t.equal(found?.mark, undefined);
    t.equal(found?.definition, undefined);
    const all = await connection.observe(signal);
    t.strictSame(
      all.domains.find((domain) => domain.uid === uid),
      found,
    );
  });

  await t.test("a foreign domain with our UUID is refused and untouched by every verb", async (t) => {
    const { connection, define, forget, signal } = await driverFixture(t, host);
    const definition = define();
    forget(definition.mark.uid);
    await host.outside.defineForeign(definition.mark.uid, definition.domainName);
    await refusedByAll(t, { connection, definition, signal, host });
  });

  await t.test("a domain of another cluster is refused and untouched by every verb", async (t) => {
    const fixture = await driverFixture(t, host);
    const definition = fixture.define();
    await fixture.connection.defineDomain(definition, fixture.signal);
    await fixture.connection.startDomain(definition.mark, fixture.signal);
    const clusterId = systemRandom.uuid();
    const connection = await fixture.connect(clusterId);
    const ours = { ...definition, mark: { ...definition.mark, clusterId } };
    await refusedByAll(t, { connection, definition: ours, signal: fixture.signal, host });
    const seen = await connection.observeDomain(definition.mark.uid, fixture.signal);
    t.strictSame(seen?.mark, definition.mark, "whose it is can be seen");
  });

  await t.test("a name that another UUID holds is refused, naming both", async (t) => {
    const { connection, define, forget, signal } = await driverFixture(t, host);
    const definition = define();
    const uid = systemRandom.uuid();
    forget(uid);
    await host.outside.defineForeign(uid, definition.domainName);
    const before = await host.outside.fingerprint(uid);
    const error = await connection.defineDomain(definition, signal).catch((reason: unknown) => reason);
    t.match(error, { reason: "OwnershipConflict" });
    t.match(String(error), definition.mark.uid);
    t.match(String(error), uid);
    t.equal(await host.outside.fingerprint(uid), before);
    t.equal(await connection.observeDomain(definition.mark.uid, signal), undefined);
  });

  await t.test("a definition that cannot be written is refused before anything is sent", async (t) => {
    const { connection, define, signal } = await driverFixture(t, host);
    const wrong: Partial<DomainDefinition>[] = [
      { domainName: "../x" },
      { domainName: "a<b" },
      { cpus: 0 },
      { memoryBytes: 64 * 2 ** 20 + 1 },
      { disks: [{ name: "root", volume: "../../etc/passwd", bus: "virtio" }] },
      { disks: [{ name: "root", volume: "/etc/passwd", bus: "virtio" }] },
      { kernelBoot: { kernel: "k\u0000" } },
      { kernelBoot: { kernel: "k", commandLine: "a\nb" } },
      {
        networks: [{ name: "x", source: { type: "network", name: "'" }, macAddress: "0", model: "virtio" }],
      },
    ];
    for (const change of wrong) {
      const definition = define(change);
      await fails(t, connection.defineDomain(definition, signal), "Invalid");
      t.equal(await connection.observeDomain(definition.mark.uid, signal), undefined);
    }
  });
}

interface Refused {
  readonly connection: HostConnection;
  readonly definition: DomainDefinition;
  readonly signal: AbortSignal;
  readonly host: DriverUnderTest;
}

const someVolume = { name: "data", volume: "volume-x.qcow2", format: "qcow2", target: "vdaa" } as const;

async function refusedByAll(t: Test, { connection, definition, signal, host }: Refused): Promise<void> {
  const { mark } = definition;
  const before = await host.outside.fingerprint(mark.uid);
  const verbs = {
    define: () => connection.defineDomain(definition, signal),
    start: () => connection.startDomain(mark, signal),
    suspend: () => connection.suspendDomain(mark, signal),
    resume: () => connection.resumeDomain(mark, signal),
    shutdown: () => connection.shutdownDomain(mark, signal),
    destroy: () => connection.destroyDomain(mark, signal),
    undefine: () => connection.undefineDomain(mark, signal),
    attach: () => connection.attachVolume(mark, someVolume, signal),
    detach: () => connection.detachVolume(mark, someVolume, signal),
    console: () => connection.openConsole(mark, { force: true }, signal),
    grow: () => connection.growVolume(mark, someVolume, 2 ** 30, signal),
  };
  for (const [verb, call] of Object.entries(verbs)) {
    await fails(t, call(), "OwnershipConflict", verb);
    t.equal(await host.outside.fingerprint(mark.uid), before, `${verb} changed nothing`);
  }
}
