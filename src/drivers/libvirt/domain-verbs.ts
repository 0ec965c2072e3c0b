import { StatusError } from "../../runtime/errors.ts";
import type { DomainDefinition, DomainState, OwnershipMark } from "../driver.ts";
import { foreignDomain, nameTaken, sameOwner } from "../ownership.ts";
import { type DomainCache, domainRef } from "./domain-cache.ts";
import type { ParsedDomain } from "./domain-parse.ts";
import { isActive } from "./domain-state.ts";
import { type HostProfile, writeDomain } from "./domain-xml.ts";
import type { HostLinks } from "./host-links.ts";
import { Limiter } from "./limiter.ts";
import { errorCode, isLibvirtError } from "./rpc/errors.ts";
import type { CallOptions } from "./rpc/pending-call.ts";
import { domainCalls, undefineFlag } from "./rpc/procedures-domain.ts";
import { readState } from "./state-reader.ts";

/** A guest's memory may have to be set aside first, and a broken KVM takes ten seconds to fail. */
const startDeadlineMs = 90_000;

/** A QEMU that hangs gets SIGTERM, ten seconds, SIGKILL, and then some. */
const destroyDeadlineMs = 45_000;

/** Destroying may take that long on the link on which all else is fast: never on all its places. */
const maxDestroys = 2;

const shutdownAcpi = 1;

/** The first that a host's libvirt understands: an old one, and the test driver, do not know all of them. */
const undefineFlags: readonly number[] = [
  undefineFlag.managedSave |
    undefineFlag.snapshotsMetadata |
    undefineFlag.nvram |
    undefineFlag.checkpointsMetadata,
  undefineFlag.managedSave | undefineFlag.snapshotsMetadata | undefineFlag.nvram,
  undefineFlag.managedSave | undefineFlag.snapshotsMetadata,
  0,
];

/**
 * The verbs on domains. Each looks at the mark first, from what is remembered, and before data could be lost
 * from the host itself; each takes a domain that is already as wanted as success, also when it became so
 * between the look and the call. Errors of libvirt come as they are.
 */
export class DomainVerbs {
  readonly #links: HostLinks;
  readonly #cache: DomainCache;
  readonly #profile: HostProfile;
  readonly #destroys = new Limiter(maxDestroys);

  constructor(links: HostLinks, cache: DomainCache, profile: HostProfile) {
    this.#links = links;
    this.#cache = cache;
    this.#profile = profile;
  }

  /** Never undefines to define: libvirt replaces a persistent definition in one step. */
  async define(definition: DomainDefinition, options: CallOptions): Promise<void> {
    const xml = writeDomain(definition, this.#profile);
    const { mark } = definition;
    // Where the host has none, libvirt itself refuses a UUID or a name that is taken meanwhile.
    const found = this.#cache.isAbsent(mark.uid) ? undefined : await this.find(mark);
    if (found !== undefined && found.domainName !== definition.domainName) {
      throw nameTaken({ domainName: definition.domainName, uid: mark.uid }, found);
    }
    try {
      await this.#cache.define(definition, () =>
        this.#links.call(domainCalls.defineXml, { xml, flags: 0 }, options),
      );
    } catch (error) {
      throw await this.#explainDefine(definition, error, options);
    }
  }

  async start(mark: OwnershipMark, options: CallOptions): Promise<void> {
    await this.need(mark);
    const limits = { ...options, deadlineMs: startDeadlineMs };
    await this.#unless(mark, isActive, options, () =>
      this.#links.call(domainCalls.create, { domain: domainRef(mark.uid), flags: 0 }, limits),
    );
  }

  async suspend(mark: OwnershipMark, options: CallOptions): Promise<void> {
    const found = await this.need(mark);
    const { state } = await readState(this.#links, mark.uid, options);
    if (state === "paused") return;
    if (!isActive(state)) throw invalid(found, "is not running: there is nothing to pause");
    await this.#unless(
      mark,
      (now) => now === "paused",
      options,
      () => this.#links.call(domainCalls.suspend, { domain: domainRef(mark.uid) }, options),
    );
  }

  async resume(mark: OwnershipMark, options: CallOptions): Promise<void> {
    const found = await this.need(mark);
    const { state } = await readState(this.#links, mark.uid, options);
    if (state === "running" || state === "blocked") return;
    if (!isActive(state)) throw invalid(found, "is not running: there is nothing to resume");
    await this.#unless(
      mark,
      (now) => now === "running",
      options,
      () => this.#links.call(domainCalls.resume, { domain: domainRef(mark.uid) }, options),
    );
  }

  async shutdown(mark: OwnershipMark, options: CallOptions): Promise<void> {
    await this.need(mark);
    const { state } = await readState(this.#links, mark.uid, options);
    if (!isActive(state)) return;
    await this.#unless(mark, isInactive, options, () =>
      this.#withFlags([shutdownAcpi, 0], (flags) =>
        this.#links.call(domainCalls.shutdown, { domain: domainRef(mark.uid), flags }, options),
      ),
    );
  }

  destroy(mark: OwnershipMark, options: CallOptions): Promise<void> {
    return orGone(async () => {
      if ((await this.#findFresh(mark)) === undefined) return;
      const { state } = await readState(this.#links, mark.uid, options);
      if (!isActive(state)) return;
      const limits = { ...options, deadlineMs: destroyDeadlineMs };
      const args = { domain: domainRef(mark.uid), flags: 0 };
      await this.#destroys.run(() =>
        this.#unless(mark, isInactive, options, () => this.#links.call(domainCalls.destroy, args, limits)),
      );
    });
  }

  undefine(mark: OwnershipMark, options: CallOptions): Promise<void> {
    return orGone(async () => {
      const found = await this.#findFresh(mark);
      if (found === undefined) return;
      const { state } = await readState(this.#links, mark.uid, options);
      if (isActive(state)) throw invalid(found, "is running: stop it before undefining it");
      await this.#withFlags(undefineFlags, (flags) =>
        this.#links.call(domainCalls.undefine, { domain: domainRef(mark.uid), flags }, options),
      );
      if ((await this.#cache.getFresh(mark.uid)) === undefined) return;
      throw invalid(found, "was started while it was undefined, and lives on without a definition: stop it");
    });
  }

  /** The domain, as remembered; throws when it is not ours. */
  async find(mark: OwnershipMark): Promise<ParsedDomain | undefined> {
    const found = await this.#cache.get(mark.uid);
    if (found !== undefined && !sameOwner(mark, found.mark)) throw foreignDomain(mark, found);
    return found;
  }

  async #findFresh(mark: OwnershipMark): Promise<ParsedDomain | undefined> {
    this.#cache.invalidate(mark.uid);
    return this.find(mark);
  }

  /** The same; throws `NotFound` when there is none. */
  async need(mark: OwnershipMark): Promise<ParsedDomain> {
    const found = await this.find(mark);
    if (found === undefined) throw notThere(mark);
    return found;
  }

  /** Calls; a refusal is success when the domain turns out to be as wanted. */
  async #unless(
    mark: OwnershipMark,
    isDone: (state: DomainState) => boolean,
    options: CallOptions,
    call: () => Promise<unknown>,
  ): Promise<void> {
    try {
      await call();
    } catch (error) {
      if (!isLibvirtError(error, errorCode.operationInvalid, errorCode.internalError)) throw error;
      const { state } = await readState(this.#links, mark.uid, options);
      if (!isDone(state)) throw error;
    }
  }

  /** Calls with the first flags that the host's libvirt understands. */
  async #withFlags(choices: readonly number[], call: (flags: number) => Promise<unknown>): Promise<void> {
    for (const [index, flags] of choices.entries()) {
      try {
        await call(flags);
        return;
      } catch (error) {
        const unknownFlags = isLibvirtError(error, errorCode.invalidArgument) && index < choices.length - 1;
        if (!unknownFlags) throw error;
      }
    }
  }

  /** A refused definition, when somebody else has the name or the UUID, names both. */
  async #explainDefine(
    { mark, domainName }: DomainDefinition,
    error: unknown,
    options: CallOptions,
  ): Promise<unknown> {
    if (!isLibvirtError(error, errorCode.operationFailed, errorCode.domainExists)) return error;
    try {
      const { domain } = await this.#links.call(domainCalls.lookupByName, { name: domainName }, options);
      if (domain.uuid === mark.uid) return error;
      return nameTaken({ domainName, uid: mark.uid }, { domainName: domain.name, uid: domain.uuid });
    } catch {
      return error;
    }
  }
}

/** Work whose aim is reached when the domain is gone, whoever removed it. */
async function orGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isLibvirtError(error, errorCode.noDomain)) throw error;
  }
}

function isInactive(state: DomainState): boolean {
  return !isActive(state);
}

function notThere(mark: OwnershipMark): StatusError {
  return new StatusError(
    "NotFound",
    `the host has no domain with UUID ${mark.uid} (${mark.namespace}/${mark.name})`,
  );
}

function invalid({ domainName }: ParsedDomain, what: string): StatusError {
  return new StatusError("OperationInvalid", `domain "${domainName}" ${what}`);
}
