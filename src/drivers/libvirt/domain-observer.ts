import type { ObservedDomain } from "../driver.ts";
import type { DomainCache } from "./domain-cache.ts";
import type { ParsedDomain } from "./domain-parse.ts";
import type { HostLinks } from "./host-links.ts";
import type { CallOptions } from "./rpc/pending-call.ts";
import { connectCalls, statsGroup } from "./rpc/procedures-connect.ts";
import { type StateReader, type StateWords, stateOf } from "./state-reader.ts";

const listTransient = 8;

/**
 * All domains: one call for the states, one for which are transient (mostly none), and the definitions that
 * are not remembered. Nothing here asks a guest, so one that hangs does not matter.
 */
export async function observeDomains(
  links: HostLinks,
  cache: DomainCache,
  options: CallOptions,
): Promise<readonly ObservedDomain[]> {
  const stats = { domains: [], groups: statsGroup.state, flags: 0 };
  const [{ records }, { domains }] = await Promise.all([
    links.call(connectCalls.getAllDomainStats, stats, options, "control"),
    links.call(connectCalls.listAllDomains, { needResults: 1, flags: listTransient }, options),
  ]);
  const transient = new Set(domains.map((domain) => domain.uuid));
  const definitions = await cache.look(records.map((record) => record.domain.uuid));
  return records.flatMap((record) => {
    const { uuid } = record.domain;
    const parsed = definitions.get(uuid);
    return parsed === undefined ? [] : [combine(parsed, stateOf(record), transient.has(uuid))];
  });
}

/** One domain; undefined when the host has none of this UUID. */
export async function observeDomain(
  states: StateReader,
  cache: DomainCache,
  uid: string,
): Promise<ObservedDomain | undefined> {
  const [state, entry] = await Promise.all([states.read(uid), cache.getEntry(uid)]);
  if (state === undefined || entry === undefined) return undefined;
  return combine(entry.parsed, state, entry.transient);
}

function combine(parsed: ParsedDomain, { state, reason }: StateWords, transient: boolean): ObservedDomain {
  const { uid, domainName, mark, definition, cpus, memoryBytes } = parsed;
  return {
    uid,
    domainName,
    state,
    reason,
    ...(mark === undefined ? {} : { mark }),
    ...(definition === undefined || transient ? {} : { definition }),
    cpus,
    memoryBytes,
  };
}
