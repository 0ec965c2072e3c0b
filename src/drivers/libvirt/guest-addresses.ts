import { within } from "../../runtime/abort.ts";
import type { GuestAddresses, ObservedDomain } from "../driver.ts";
import { domainRef } from "./domain-cache.ts";
import { isActive } from "./domain-state.ts";
import type { HostLinks } from "./host-links.ts";
import { errorCode, isLibvirtError, LibvirtError } from "./rpc/errors.ts";
import { connectCalls } from "./rpc/procedures-connect.ts";
import { domainCalls } from "./rpc/procedures-domain.ts";
import { networkCalls } from "./rpc/procedures-network.ts";
import type { NetworkRef } from "./rpc/types.ts";

/** Where addresses are asked for, and how time passes meanwhile. */
export type AddressLinks = Pick<HostLinks, "call" | "clock">;

const activeNetworks = 2;

/** virDomainInterfaceAddressesSource; the guest's agent, 1, is not asked: a guest could keep it waiting. */
const sources = { lease: 0, arp: 2 } as const;
type Question = "networks" | keyof typeof sources;

const goneMeanwhile = [errorCode.noDomain, errorCode.noNetwork, errorCode.operationInvalid] as const;

/** Far more than a healthy host needs; a look at it waits no longer for what nothing depends on. */
const patienceMs = 250;

/** A daemon that answers for networks may have been restarted; most errors are for good. */
const muteMs = 600_000;

/**
 * The addresses of guests as their host knows them: what its networks have leased, and on bridges who its
 * neighbours are. Nobody but the host is asked, and it is asked one thing at a time: who hangs there, such as
 * a network daemon, keeps one call waiting and nobody else.
 */
export class AddressReader {
  readonly #links: AddressLinks;
  #known: GuestAddresses = new Map();
  #asking: Promise<void> | undefined;
  /** Until when it is not asked what it could not tell: it logs an error each time. */
  readonly #muteUntilMs = new Map<Question, number>();

  constructor(links: AddressLinks) {
    this.#links = links;
  }

  /** Of the running domains among these. What could not be found out in time is as it was. Never throws. */
  async read(domains: readonly ObservedDomain[]): Promise<GuestAddresses> {
    const wired = domains.filter(
      ({ state, definition }) => isActive(state) && networksOf(definition).length > 0,
    );
    if (wired.length === 0) return new Map();
    this.#asking ??= this.#ask(wired).finally(() => {
      this.#asking = undefined;
    });
    await within(this.#links.clock, patienceMs, this.#asking);
    return this.#known;
  }

  async #ask(domains: readonly ObservedDomain[]): Promise<void> {
    const found = new Found();
    try {
      const tellsLeases = await this.#askNetworks(found);
      for (const { uid, definition } of domains) {
        const unknown = networksOf(definition).filter(({ macAddress }) => !found.has(macAddress));
        const types = new Set(unknown.map(({ source: { type } }) => type));
        if (types.has("network") && !tellsLeases) await this.#askDomain(uid, "lease", found);
        if (types.has("bridge")) await this.#askDomain(uid, "arp", found);
      }
      this.#known = found.addresses();
    } catch {
      // The link has ended, or the host cannot tell just now: the next look asks again.
    }
  }

  /** All networks, for a bridge may be that of one. Returns whether the host can tell of leases. */
  async #askNetworks(found: Found): Promise<boolean> {
    return this.#try("networks", async () => {
      const all = { needResults: 1, flags: activeNetworks };
      const { networks } = await this.#links.call(connectCalls.listAllNetworks, all, {}, "control");
      for (const network of networks) await this.#askNetwork(network, found);
    });
  }

  async #askNetwork(network: NetworkRef, found: Found): Promise<void> {
    const args = { network, mac: undefined, needResults: 1, flags: 0 };
    const { leases } = await this.#links.call(networkCalls.getDhcpLeases, args, {}, "control");
    const newestFirst = leases.toSorted((a, b) => Number(b.expiryTime) - Number(a.expiryTime));
    for (const { mac, address } of newestFirst) found.note(mac, address);
  }

  async #askDomain(uid: string, from: keyof typeof sources, found: Found): Promise<void> {
    await this.#try(from, async () => {
      const args = { domain: domainRef(uid), source: sources[from], flags: 0 };
      const { interfaces } = await this.#links.call(domainCalls.getInterfaceAddresses, args, {}, "control");
      for (const { hardwareAddress, addresses } of interfaces) {
        for (const { address } of addresses) found.note(hardwareAddress, address);
      }
    });
  }

  /** Returns whether the host can be asked that; what is gone by now has no addresses. */
  async #try(what: Question, ask: () => Promise<void>): Promise<boolean> {
    const { clock } = this.#links;
    if (clock.monotonic() < (this.#muteUntilMs.get(what) ?? 0)) return false;
    try {
      await ask();
    } catch (error) {
      if (!(error instanceof LibvirtError)) throw error;
      if (isLibvirtError(error, ...goneMeanwhile)) return true;
      this.#muteUntilMs.set(what, clock.monotonic() + muteMs);
      return false;
    }
    return true;
  }
}

/** Addresses by MAC address, in the order in which they were found. */
class Found {
  readonly #addresses = new Map<string, Set<string>>();

  has(mac: string): boolean {
    return this.#addresses.has(mac);
  }

  note(mac: string | undefined, address: string): void {
    if (mac === undefined || isLinkLocal(address)) return;
    const key = mac.toLowerCase();
    this.#addresses.set(key, (this.#addresses.get(key) ?? new Set()).add(address));
  }

  addresses(): GuestAddresses {
    return new Map(this.#addresses.entries().map(([mac, all]) => [mac, [...all].sort(byFamily)]));
  }
}

function networksOf(definition: ObservedDomain["definition"]) {
  return definition?.networks ?? [];
}

/** IPv4 first. */
function byFamily(a: string, b: string): number {
  return Number(a.includes(":")) - Number(b.includes(":"));
}

/** Of no use beyond the link, and every interface has one. */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}
