import type { AuditTrail } from "../../audit/audit-log.ts";
import type { AuditFields } from "../../audit/record.ts";
import { type Clock, formatTime } from "../../runtime/clock.ts";
import { hasReason, messageOf, type StatusError } from "../../runtime/errors.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import type { SeedCall } from "./answers.ts";
import { seedUser } from "./judge.ts";

/** Via what somebody asks. */
export interface CallFacts {
  readonly auditId: string;
  readonly address: string;
  readonly agent: string | undefined;
  readonly method: string;
  readonly call: SeedCall;
}

/** As far as it is known which object is meant. */
interface Named {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly uid?: string | undefined;
}

type WriteVerb = "create" | "update" | "delete";

const shownCharacters = 512;

/** What the audit log tells of one call: each object that it writes, before, and what became of it. */
export class CallRecord {
  readonly #trail: AuditTrail;
  readonly #clock: Clock;
  readonly #facts: AuditFields;
  /** Objects that this call has written. */
  readonly #touched = new Set<string>();
  #wrote = false;

  constructor(trail: AuditTrail, clock: Clock, { call, agent, ...facts }: CallFacts) {
    this.#trail = trail;
    this.#clock = clock;
    const { name: user, groups } = seedUser;
    this.#facts = { ...facts, user, groups, agent: agent?.slice(0, 128), path: `/${call}` };
  }

  /**
   * Resolves once it is on the disk that an object is about to be written, and rejects when that cannot be.
   * Only what takes back this call's own writes need not wait for the disk: it must not fail for want of it.
   */
  async before(verb: WriteVerb, kind: Kind, metadata: Named): Promise<void> {
    const { namespace, name, uid } = metadata;
    const fields = { ...this.#of(verb, kind), namespace, name, uid, stage: "before", decision: "allow" };
    this.#wrote = true;
    if (uid !== undefined && this.#touched.has(uid)) this.#trail.append(fields);
    else await this.#trail.appendDurably(fields);
  }

  /** An object is as it was asked for. */
  after(
    verb: WriteVerb,
    kind: Kind,
    { before, after }: { before?: Resource | undefined; after?: Resource | undefined },
  ): void {
    const { namespace, name, uid } = (after ?? before)?.metadata ?? {};
    if (uid !== undefined) this.#touched.add(uid);
    const versions = {
      oldVersion: before?.metadata.resourceVersion,
      newVersion: after?.metadata.resourceVersion,
    };
    const fields = { ...this.#of(verb, kind), namespace, name, uid, ...versions };
    this.#trail.append({ ...fields, stage: "object", decision: "allow" });
  }

  /** The call is answered. Of one that has written nothing there is nothing to tell: false. */
  done(error?: unknown): boolean {
    if (this.#wrote) this.#end(hasReason(error, "Forbidden") ? "deny" : "allow", error);
    return this.#wrote;
  }

  /** It was refused, `suppressed` others like it before it without a record. */
  denied(error: StatusError, suppressed: number): void {
    this.#end("deny", error, suppressed);
  }

  #end(decision: "allow" | "deny", error: unknown, suppressed = 0): void {
    this.#trail.append({
      time: formatTime(this.#clock.now()),
      ...this.#facts,
      stage: "done",
      decision,
      ...(error !== undefined && { reason: messageOf(error).slice(0, shownCharacters) }),
      ...(suppressed > 0 && { suppressed }),
    });
  }

  #of(verb: WriteVerb, { group, plural: resource }: Kind): AuditFields {
    return { time: formatTime(this.#clock.now()), ...this.#facts, verb, group, resource };
  }
}
