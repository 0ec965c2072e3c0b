import { isIP } from "node:net";
import type { Test } from "tap";
import type { DriverSupports, DriverUnderTest } from "./driver-contract.ts";
import { driverFixture } from "./driver-fixture.ts";

/** What a look at a host tells of its guests' addresses. */
export async function addressContract(
  t: Test,
  host: DriverUnderTest,
  supports: DriverSupports,
): Promise<void> {
  await t.test("the addresses of guests are told while they run", async (t) => {
    if (!supports.addresses) return void t.pass("guests get none", { skip: "guests get no addresses here" });
    const { connection, define, signal } = await driverFixture(t, host);
    const source = { type: "network", name: "default" } as const;
    const macAddress = "52:54:00:0a:0b:0c";
    const definition = define({ networks: [{ name: "front", source, macAddress, model: "virtio" }] });
    await connection.defineDomain(definition, signal);
    t.equal((await connection.observe(signal)).addresses.get(macAddress), undefined);
    await connection.startDomain(definition.mark, signal);
    const [address = ""] = (await connection.observe(signal)).addresses.get(macAddress) ?? [];
    t.ok(isIP(address) === 4, `an address: ${address}`);
    await connection.destroyDomain(definition.mark, signal);
    t.equal((await connection.observe(signal)).addresses.get(macAddress), undefined);
  });
}
