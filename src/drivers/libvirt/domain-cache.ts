import { createHash } from "node:crypto";
import type { DomainDefinition } from "../driver.ts";
import { type ParsedDomain, parseDomain } from "./domain-parse.ts";
import type { HostLinks } from "./host-links.ts";
import { OwnDefinitions } from "./own-definitions.ts";
import { RollingCache } from "./rolling-cache.ts";
import { errorCode, isLibvirtError } from "./rpc/errors.ts";
import type { LibvirtEvent } from "./rpc/event-layouts.ts";
import { lifecycleEvent } from "./rpc/event-layouts.ts";
import { domainCalls, xmlFlag } from "./rpc/procedures-domain.ts";
import type { DomainRef } from "./rpc/types.ts";
import { XmlError } from "./xml-reader.ts";

interface Entry {
  /** Of the XML: what has not changed need not be parsed again. */
  readonly digest: string;
  readonly parsed: ParsedDomain;
  /** Without a persistent definition: undefined while it ran. */
  readonly transient: boolean;
}

const fetchDeadlineMs = 15_000;

/** Of the details of `defined`: 0 is added. */
const updatedDetail = 1;

/** A domain as calls name it: the UUID decides, the name only appears in libvirt's messages. */
export function domainRef(uid: string, name = uid): DomainRef {
  return { name, uuid: uid, id: -1 };
}

/**
 * What the persistent definitions on a host say, by UUID (of a transient domain: what runs). Edits that send
 * no event, such as `virsh setvcpus --config`, are found by the audit.
 */
export class DomainCache {
  readonly #entries: RollingCache<Entry>;
  readonly #own = new OwnDefinitions();

  constructor(links: HostLinks, poolPath: string) {
    this.#entries = new RollingCache({
      fetch: (uid) => this.#fetch(links, poolPath, uid),
      auditSize: 64,
      concurrency: 12,
    });
  }

  /** The definition; undefined when there is no such domain. */
  async get(uid: string): Promise<ParsedDomain | undefined> {
    return (await this.#entries.get(uid))?.parsed;
  }

  /** What was remembered, with whether it has no persistent definition. */
  async getEntry(uid: string): Promise<Pick<Entry, "parsed" | "transient"> | undefined> {
    return this.#entries.get(uid);
  }

  /** Whether the last look at all domains did not find this one, and no event has told of it since. */
  isAbsent(uid: string): boolean {
    return this.#entries.isAbsent(uid);
  }

  /** Defines, by calling `define`, and remembers the definition. The audit reads it back in time. */
  async define(definition: DomainDefinition, define: () => Promise<unknown>): Promise<void> {
    const { mark, domainName, cpus, memoryBytes } = definition;
    const { uid } = mark;
    this.#own.begin(uid);
    try {
      await define();
    } catch (error) {
      this.#own.failed(uid);
      this.invalidate(uid);
      throw error;
    }
    const parsed = { uid, domainName, cpus, memoryBytes, mark, definition };
    if (this.#own.made(uid)) this.#entries.put(uid, { digest: "", parsed, transient: false });
    else this.invalidate(uid);
  }

  /** The definition as it is now. */
  async getFresh(uid: string): Promise<ParsedDomain | undefined> {
    this.#entries.invalidate(uid);
    return (await this.#entries.fetch(uid))?.parsed;
  }

  /** The definitions of exactly these domains; some old ones are audited on the way. */
  async look(uids: readonly string[]): Promise<ReadonlyMap<string, ParsedDomain>> {
    this.#own.forget();
    const entries = await this.#entries.look(uids);
    return new Map(entries.entries().map(([uid, entry]) => [uid, entry.parsed]));
  }

  /** The definition has changed or may have. */
  invalidate(uid: string): void {
    this.#entries.invalidate(uid);
  }

  /** Takes note of what an event says about definitions; whether it says only what we did ourselves. */
  receive(event: LibvirtEvent): boolean {
    if (event.type === "lost") {
      this.#own.forget();
      this.#entries.clear();
    }
    if (event.type === "metadataChange" || event.type === "deviceAdded" || event.type === "deviceRemoved") {
      this.invalidate(event.domain.uuid);
    }
    if (event.type !== "lifecycle") return false;
    if (isDefinition(event) && this.#own.isOurs(event.domain.uuid)) return true;
    if (event.event === lifecycleEvent.defined || event.event === lifecycleEvent.undefined) {
      this.invalidate(event.domain.uuid);
    }
    return false;
  }

  async #fetch(links: HostLinks, poolPath: string, uid: string): Promise<Entry | undefined> {
    try {
      const domain = domainRef(uid);
      const limits = { deadlineMs: fetchDeadlineMs };
      const [{ xml }, { persistent }] = await Promise.all([
        links.call(domainCalls.getXml, { domain, flags: xmlFlag.inactive }, limits),
        links.call(domainCalls.isPersistent, { domain }, limits),
      ]);
      const digest = createHash("sha1").update(xml).digest("base64");
      const known = this.#entries.peek(uid);
      const transient = !persistent;
      return known?.digest === digest && known.transient === transient
        ? known
        : { digest, parsed: parse(uid, xml, poolPath), transient };
    } catch (error) {
      if (isLibvirtError(error, errorCode.noDomain)) return undefined;
      throw error;
    }
  }
}

/** A new definition or one in place of another; no new name, and none from a snapshot. */
function isDefinition({ event, detail }: { readonly event: number; readonly detail: number }): boolean {
  return event === lifecycleEvent.defined && detail <= updatedDetail;
}

/** What cannot be read is taken for somebody else's: it is left alone, and the others are still seen. */
function parse(uid: string, xml: string, poolPath: string): ParsedDomain {
  try {
    return parseDomain(xml, poolPath);
  } catch (error) {
    if (error instanceof XmlError) return { uid, domainName: uid, cpus: 0, memoryBytes: 0 };
    throw error;
  }
}
