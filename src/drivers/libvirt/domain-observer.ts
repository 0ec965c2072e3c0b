import type { ObservedDomain } from "../driver.ts";
import { type DomainCache, domainRef } from "./domain-cache.ts";
import type { ParsedDomain } from "./domain-parse.ts";
import { domainState } from "./domain-state.ts";
import type { HostLinks } from "./host-links.ts";
import { errorCode, isLibvirtError } from "./rpc/errors.ts";
import type { CallOptions } from "./rpc/pending-call.ts";
import { connectCalls, statsGroup } from "./rpc/procedures-connect.ts";
import { domainCalls } from "./rpc/procedures-domain.ts";
import { type DomainStats, paramMap } from "./rpc/types.ts";

type StateWords = Pick<ObservedDomain, "state" | "reason">;

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
  links: HostLinks,
  cache: DomainCache,
  uid: string,
  options: CallOptions,
): Promise<ObservedDomain | undefined> {
  try {
    const [state, entry] = await Promise.all([readState(links, uid, options), cache.getEntry(uid)]);
    return entry === undefined ? undefined : combine(entry.parsed, state, entry.transient);
  } catch (error) {
    if (isLibvirtError(error, errorCode.noDomain)) return undefined;
    throw error;
  }
}

/** The state of one domain. */
export async function readState(links: HostLinks, uid: string, options: CallOptions): Promise<StateWords> {
  const { state, reason } = await links.call(
    domainCalls.getState,
    { domain: domainRef(uid), flags: 0 },
    options,
  );
  return domainState(state, reason);
}

function stateOf(record: DomainStats): StateWords {
  const values = paramMap(record.params);
  return domainState(Number(values.get("state.state")), Number(values.get("state.reason")));
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
