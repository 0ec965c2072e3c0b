import type { GuestAddresses } from "../driver.ts";
import type { FakeDomain } from "./fake-domain.ts";

/** As if each guest had got an address at once: 10, and the last three numbers of its MAC address. */
export function fakeAddresses(domains: Iterable<FakeDomain>): GuestAddresses {
  const addresses = new Map<string, readonly string[]>();
  for (const { active, observed } of domains) {
    if (!active) continue;
    for (const { macAddress } of observed.definition?.networks ?? []) {
      const own = macAddress.split(":").slice(-3);
      addresses.set(macAddress, [`10.${own.map((byte) => Number.parseInt(byte, 16)).join(".")}`]);
    }
  }
  return addresses;
}
