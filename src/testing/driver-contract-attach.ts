import type { Test } from "tap";
import type { DomainDefinition, DomainVolume } from "../drivers/driver.ts";
import type { DriverSupports, DriverUnderTest } from "./driver-contract.ts";
import { type DriverFixture, driverFixture, pause } from "./driver-fixture.ts";
import { fails } from "./fails.ts";

const MiB = 2 ** 20;

/** What verbs on the volumes of running domains do. */
export async function attachContract(
  t: Test,
  host: DriverUnderTest,
  supports: DriverSupports,
): Promise<void> {
  await t.test("the volumes of a definition are read back, in the order of their places", async (t) => {
    const { connection, define, signal } = await driverFixture(t, host);
    const definition = define({
      disks: [{ name: "root", volume: "vm-root.qcow2", bus: "virtio" }],
      volumes: [volumeAt("vdaa", "one"), { ...volumeAt("vdac", "two"), format: "raw" }],
    });
    await connection.defineDomain(definition, signal);
    const found = await connection.observeDomain(definition.mark.uid, signal);
    t.strictSame(found?.definition, definition);
    t.strictSame(await connection.observeVolumes(definition.mark.uid, signal), [], "nothing runs");
  });

  await t.test("a domain that does not run is given nothing and has nothing to give back", async (t) => {
    const { connection, define, signal } = await driverFixture(t, host);
    const { mark, ...rest } = define();
    const volume = volumeAt("vdaa", "data");
    t.strictSame(await connection.observeVolumes(mark.uid, signal), []);
    await fails(t, connection.attachVolume(mark, volume, signal), "NotFound");
    await connection.detachVolume(mark, volume, signal);
    await connection.defineDomain({ mark, ...rest }, signal);
    await fails(t, connection.attachVolume(mark, volume, signal), "OperationInvalid");
    await connection.detachVolume(mark, volume, signal);
    await fails(t, connection.growVolume(mark, volume, 8 * MiB, signal), "NotFound");
    const wrong = { ...volume, volume: "../data" };
    await fails(t, connection.attachVolume(mark, wrong, signal), "Invalid");
  });

  const skip = supports.hotplug ? {} : { skip: "devices here are not attached while a domain runs" };
  await t.test(
    "a volume is attached once, however often it is asked for, and stays defined",
    skip,
    async (t) => {
      const fixture = await driverFixture(t, host);
      const { connection, signal } = fixture;
      const { definition, volume } = await running(fixture);
      const { mark } = definition;
      await connection.attachVolume(mark, volume, signal);
      await connection.attachVolume(mark, volume, signal);
      const other = await fixture.connect();
      t.strictSame(await other.observeVolumes(mark.uid, signal), [volume]);
      const found = await connection.observeDomain(mark.uid, signal);
      t.strictSame(found?.definition, { ...definition, volumes: [volume] });
      await connection.destroyDomain(mark, signal);
      t.strictSame(await connection.observeVolumes(mark.uid, signal), []);
      await connection.startDomain(mark, signal);
      t.strictSame(await connection.observeVolumes(mark.uid, signal), [volume], "from its next start on");
    },
  );

  await t.test("a volume that is detached leaves the definition at once", skip, async (t) => {
    const fixture = await driverFixture(t, host);
    const { connection, signal } = fixture;
    const { definition, volume } = await running(fixture);
    const { mark } = definition;
    await connection.attachVolume(mark, volume, signal);
    await connection.detachVolume(mark, volume, signal);
    await connection.detachVolume(mark, volume, signal);
    const found = await connection.observeDomain(mark.uid, signal);
    t.strictSame(found?.definition, definition);
    if (supports.releasingGuests) t.strictSame(await connection.observeVolumes(mark.uid, signal), []);
    else t.strictSame(await connection.observeVolumes(mark.uid, signal), [volume], "never by force");
    await connection.destroyDomain(mark, signal);
    await connection.detachVolume(mark, volume, signal);
    await connection.startDomain(mark, signal);
    t.strictSame(await connection.observeVolumes(mark.uid, signal), []);
  });

  await t.test("what is half there is made whole, what is half gone goes", skip, async (t) => {
    const fixture = await driverFixture(t, host);
    const { connection, signal } = fixture;
    const { definition, volume } = await running(fixture);
    const { mark } = definition;
    // Only in the definition, as after a detach by hand from the guest alone.
    await connection.defineDomain({ ...definition, volumes: [volume] }, signal);
    t.strictSame(await connection.observeVolumes(mark.uid, signal), []);
    await connection.attachVolume(mark, volume, signal);
    t.strictSame(await connection.observeVolumes(mark.uid, signal), [volume]);
    // Only in the guest, as after an edit of the definition.
    await connection.defineDomain(definition, signal);
    t.strictSame(await connection.observeVolumes(mark.uid, signal), [volume]);
    await connection.attachVolume(mark, volume, signal);
    t.match(await connection.observeDomain(mark.uid, signal), { definition: { volumes: [volume] } });
  });

  await t.test("an attach that is given up has happened or not, and is easily repeated", skip, async (t) => {
    const fixture = await driverFixture(t, host);
    const { connection, signal } = fixture;
    const { definition, volume } = await running(fixture);
    const stop = new AbortController();
    const attempt = connection.attachVolume(definition.mark, volume, stop.signal);
    stop.abort(new Error("given up"));
    const outcome = await attempt.catch((error: unknown) => error);
    if (outcome !== undefined) t.match(outcome, { reason: "OutcomeUnknown" });
    await connection.attachVolume(definition.mark, volume, signal);
    t.strictSame(await connection.observeVolumes(definition.mark.uid, signal), [volume]);
  });

  await t.test("a running domain's volume grows, and never shrinks", skip, async (t) => {
    const fixture = await driverFixture(t, host);
    const { connection, signal } = fixture;
    const { definition, volume } = await running(fixture);
    await connection.attachVolume(definition.mark, volume, signal);
    for (const bytes of [8 * MiB, 8 * MiB, 4 * MiB]) {
      await connection.growVolume(definition.mark, volume, bytes, signal);
      const { volumes } = await connection.observe(signal);
      t.equal(volumes.find(({ name }) => name === volume.volume)?.capacityBytes, 8 * MiB);
    }
  });

  await t.test("a change of a domain's volumes by somebody else is hinted at", skip, async (t) => {
    const fixture = await driverFixture(t, host);
    const { connection, signal } = fixture;
    const { definition, volume } = await running(fixture);
    const other = await fixture.connect();
    const hints = other.hints(signal)[Symbol.asyncIterator]();
    const hint = hints.next();
    await pause(0);
    await connection.attachVolume(definition.mark, volume, signal);
    t.match(await hint, { value: { uid: definition.mark.uid } });
  });
}

function volumeAt(target: string, name: string): DomainVolume {
  return { name, volume: `volume-${name}.qcow2`, format: "qcow2", target };
}

/** A running domain, and a volume that it does not have yet. */
async function running({
  connection,
  define,
  volume: cleanUp,
  signal,
}: DriverFixture): Promise<{ definition: DomainDefinition; volume: DomainVolume }> {
  const volume = volumeAt("vdaa", "data");
  await connection.ensureVolume({ volume: cleanUp(volume.volume), capacityBytes: 4 * MiB }, signal);
  const definition = define();
  await connection.defineDomain(definition, signal);
  await connection.startDomain(definition.mark, signal);
  return { definition, volume };
}
