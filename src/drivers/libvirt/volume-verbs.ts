import { StatusError } from "../../runtime/errors.ts";
import { checkDomainVolume } from "../definition.ts";
import type { DomainVolume, OwnershipMark } from "../driver.ts";
import { type DomainCache, domainRef } from "./domain-cache.ts";
import { parseLiveVolumes } from "./domain-parse.ts";
import type { DomainVerbs } from "./domain-verbs.ts";
import { writeVolume } from "./domain-xml.ts";
import type { HostLinks } from "./host-links.ts";
import { errorCode, isLibvirtError, LibvirtError } from "./rpc/errors.ts";
import type { CallOptions } from "./rpc/pending-call.ts";
import { affect, blockResizeFlag, domainCalls, xmlFlag } from "./rpc/procedures-domain.ts";

export interface VolumeVerbsOptions {
  readonly links: HostLinks;
  readonly cache: DomainCache;
  readonly verbs: DomainVerbs;
  readonly poolPath: string;
}

/** Where a domain has volumes. */
interface Places {
  readonly active: boolean;
  readonly live: readonly DomainVolume[];
  readonly defined: readonly DomainVolume[];
}

/**
 * The verbs on volumes of running domains. libvirt refuses to attach what is attached and to detach what is
 * gone, and does half of what is asked where only half is possible: so each verb looks at what runs and at
 * the definition, and asks for what is missing in either.
 */
export class VolumeVerbs {
  readonly #options: VolumeVerbsOptions;

  constructor(options: VolumeVerbsOptions) {
    this.#options = options;
  }

  /** What the process has; nothing when there is none. */
  async observe(uid: string, options: CallOptions): Promise<readonly DomainVolume[]> {
    try {
      const { active, volumes } = await this.#read(uid, 0, options);
      return active ? volumes : [];
    } catch (error) {
      if (isLibvirtError(error, errorCode.noDomain)) return [];
      throw error;
    }
  }

  async attach(mark: OwnershipMark, volume: DomainVolume, options: CallOptions): Promise<void> {
    checkDomainVolume(volume);
    const { domainName } = await this.#options.verbs.need(mark);
    const before = await this.#look(mark.uid, options);
    if (!before.active) throw invalid(`domain "${domainName}" does not run: start it with the volume`);
    const flags = missingIn(before, volume);
    if (flags === 0) return;
    const { links, poolPath } = this.#options;
    const args = { domain: domainRef(mark.uid), xml: writeVolume(volume, poolPath), flags };
    try {
      await links.call(domainCalls.attachDevice, args, options);
    } catch (error) {
      if (!(error instanceof LibvirtError)) throw error;
      // Somebody else may have been faster.
      if (missingIn(await this.#look(mark.uid, options), volume) !== 0) throw explain(error, domainName);
    } finally {
      this.#options.cache.invalidate(mark.uid);
    }
  }

  async detach(mark: OwnershipMark, volume: DomainVolume, options: CallOptions): Promise<void> {
    if ((await this.#options.verbs.find(mark)) === undefined) return;
    const { live, defined } = await this.#look(mark.uid, options);
    // The definition first: should the guest end meanwhile, it begins again without the volume.
    await this.#detach(mark, findIn(defined, volume), affect.config, options);
    await this.#detach(mark, findIn(live, volume), affect.live, options);
  }

  async grow(
    mark: OwnershipMark,
    volume: DomainVolume,
    capacityBytes: number,
    options: CallOptions,
  ): Promise<void> {
    const { links, verbs } = this.#options;
    const { domainName } = await verbs.need(mark);
    const { live } = await this.#look(mark.uid, options);
    const found = findIn(live, volume);
    if (found === undefined) {
      throw new StatusError("NotFound", `domain "${domainName}" does not have volume "${volume.volume}"`);
    }
    const domain = domainRef(mark.uid);
    const about = { domain, path: found.target, flags: 0 };
    const { capacity } = await links.call(domainCalls.getBlockInfo, about, options);
    if (Number(capacity) >= capacityBytes) return;
    const args = { domain, disk: found.target, size: capacityBytes, flags: blockResizeFlag.bytes };
    await links.call(domainCalls.blockResize, args, options);
  }

  /** A refusal is success when the volume turns out to be gone, or on its way. */
  async #detach(
    mark: OwnershipMark,
    found: DomainVolume | undefined,
    flags: number,
    options: CallOptions,
  ): Promise<void> {
    if (found === undefined) return;
    const { links, poolPath, cache } = this.#options;
    const domain = domainRef(mark.uid);
    try {
      await links.call(
        domainCalls.detachDevice,
        { domain, xml: writeVolume(found, poolPath), flags },
        options,
      );
    } catch (error) {
      if (!(error instanceof LibvirtError)) throw error;
      if (isUnderWay(error)) return;
      const { live, defined } = await this.#look(mark.uid, options);
      if (findIn(flags === affect.live ? live : defined, found) !== undefined) throw error;
    } finally {
      cache.invalidate(mark.uid);
    }
  }

  async #look(uid: string, options: CallOptions): Promise<Places> {
    const [now, next] = await Promise.all([
      this.#read(uid, 0, options),
      this.#read(uid, xmlFlag.inactive, options),
    ]);
    return { active: now.active, live: now.active ? now.volumes : [], defined: next.volumes };
  }

  async #read(uid: string, flags: number, options: CallOptions) {
    const { links, poolPath } = this.#options;
    const { xml } = await links.call(domainCalls.getXml, { domain: domainRef(uid), flags }, options);
    return parseLiveVolumes(xml, poolPath);
  }
}

/** The flags that ask for what is not there yet; 0 when all is. */
function missingIn({ live, defined }: Places, volume: DomainVolume): number {
  const inProcess = findIn(live, volume) === undefined ? affect.live : 0;
  const inDefinition = findIn(defined, volume) === undefined ? affect.config : 0;
  return inProcess | inDefinition;
}

/** By what it is: its place may have been changed by hand. */
function findIn(volumes: readonly DomainVolume[], { volume }: DomainVolume): DomainVolume | undefined {
  return volumes.find((other) => other.volume === volume);
}

function isUnderWay({ message }: LibvirtError): boolean {
  return /in the process of (being )?unplug/i.test(message);
}

function explain(error: LibvirtError, domainName: string): unknown {
  if (!/No more available PCI (slots|addresses)/i.test(error.message)) return error;
  return invalid(`domain "${domainName}" has no place left for another disk: restart it to give it more`);
}

function invalid(message: string): StatusError {
  return new StatusError("OperationInvalid", message);
}
