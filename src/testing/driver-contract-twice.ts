import type { Test } from "tap";
import type { ObservedDomain } from "../drivers/driver.ts";
import type { DriverUnderTest } from "./driver-contract.ts";
import { driverFixture } from "./driver-fixture.ts";

/**
 * Every verb may be sent again when its answer was lost: the second time is success and changes nothing. So
 * no record of what was sent has to be kept beside what is looked at.
 */
export async function twiceContract(t: Test, host: DriverUnderTest): Promise<void> {
  await t.test("every verb that is sent again succeeds and changes nothing more", async (t) => {
    const fixture = await driverFixture(t, host);
    const { connection, signal } = fixture;
    const definition = fixture.define();
    const { mark } = definition;
    const volume = fixture.volume(`vm-${mark.uid}-twice.qcow2`);
    const look = async () => {
      const domain = await connection.observeDomain(mark.uid, signal);
      const { volumes } = await connection.observe(signal);
      const found = volumes.find(({ name }) => name === volume);
      return { domain: stateOf(domain), capacityBytes: found?.capacityBytes };
    };
    const verbs: readonly (readonly [verb: string, send: () => Promise<void>])[] = [
      ["ensureVolume", () => connection.ensureVolume({ volume, capacityBytes: 2 ** 20 }, signal)],
      ["defineDomain", () => connection.defineDomain(definition, signal)],
      ["startDomain", () => connection.startDomain(mark, signal)],
      ["suspendDomain", () => connection.suspendDomain(mark, signal)],
      ["resumeDomain", () => connection.resumeDomain(mark, signal)],
      ["destroyDomain", () => connection.destroyDomain(mark, signal)],
      ["shutdownDomain", () => connection.shutdownDomain(mark, signal)],
      ["undefineDomain", () => connection.undefineDomain(mark, signal)],
      ["deleteVolume", () => connection.deleteVolume(volume, signal)],
    ];
    for (const [verb, send] of verbs) {
      await send();
      const once = await look();
      await send();
      t.strictSame(await look(), once, verb);
    }
    t.strictSame(await look(), { domain: undefined, capacityBytes: undefined }, "and nothing is left");
  });
}

function stateOf(domain: ObservedDomain | undefined) {
  if (domain === undefined) return undefined;
  const { state, reason, definition } = domain;
  return { state, reason, definition };
}
