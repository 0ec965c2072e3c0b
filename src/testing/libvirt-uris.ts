import { LibvirtClient } from "../drivers/libvirt/rpc/libvirt-client.ts";
import { connectCalls } from "../drivers/libvirt/rpc/procedures-connect.ts";
import { domainCalls } from "../drivers/libvirt/rpc/procedures-domain.ts";
import { openLink } from "../drivers/libvirt/transport/link.ts";
import { parseLibvirtUri } from "../drivers/libvirt/transport/uri.ts";
import { systemClock } from "../runtime/clock.ts";

/** Opens a link and one connection on it for the time of `work`. */
export async function withUri<T>(uri: string, work: (client: LibvirtClient) => Promise<T>): Promise<T> {
  const target = parseLibvirtUri(uri);
  await using link = await openLink(target, { home: "/nonexistent", username: "root" });
  await using client = await LibvirtClient.open(await link.open(), {
    driverUri: target.driverUri,
    clock: systemClock,
    maxInFlight: 64,
  });
  return await work(client);
}

/** The names of the domains that a URI leads to: on a fresh test driver there is one, `test`. */
export function domainNames(uri: string): Promise<string[]> {
  return withUri(uri, async (client) => {
    const { domains } = await client.call(connectCalls.listAllDomains, { needResults: 1, flags: 0 });
    return domains.map(({ name }) => name);
  });
}

/** How many of 500 calls made at once are answered; frames that share a TLS record would stall them. */
export async function burst(client: LibvirtClient): Promise<number> {
  const calls = Array.from({ length: 500 }, () => client.call(domainCalls.lookupByName, { name: "test" }));
  return (await Promise.all(calls)).length;
}
