import type { FastifyReply, FastifyRequest } from "fastify";
import type { AuditTrail } from "../audit/audit-log.ts";
import type { AuditFields } from "../audit/record.ts";
import { type Clock, formatTime } from "../runtime/clock.ts";
import { reviewKinds } from "../schema/reviews.ts";
import type { Attributes } from "./auth/attributes.ts";

/** What is known of the object that a request was about. */
export interface AuditedObject {
  readonly name?: string | undefined;
  readonly uid?: string | undefined;
  readonly oldVersion?: string | undefined;
  readonly newVersion?: string | undefined;
}

declare module "fastify" {
  interface FastifyRequest {
    /** What the audit log tells besides: the object, why it was denied, failed logins before it. */
    audited: (AuditedObject & { readonly suppressed?: number }) | undefined;
    /** What it is about, as soon as that is known. */
    asked: Attributes | undefined;
    /** Why it was denied, in full, or the reason of another error in one word. */
    failure: string | undefined;
    /** One of many like it: counted, not written down. */
    unaudited: boolean;
  }
}

const shownCharacters = 512;
const questions: ReadonlySet<string> = new Set(reviewKinds.map(({ plural }) => plural));

/** Writes down who asked for what, and what became of it. */
export class RequestAudit {
  readonly #trail: AuditTrail;
  readonly #clock: Clock;

  constructor(trail: AuditTrail, clock: Clock) {
    this.#trail = trail;
    this.#clock = clock;
  }

  /** Before something that cannot be undone is done. Rejects when it cannot be written down. */
  async before(request: FastifyRequest, object: AuditedObject): Promise<void> {
    const fields = { ...this.#describe(request), ...object, stage: "before", decision: "allow" };
    await this.#trail.appendDurably(fields);
  }

  /** One object of several that a request is about. */
  object(request: FastifyRequest, object: AuditedObject): void {
    this.#trail.append({ ...this.#describe(request), ...object, stage: "object", decision: "allow" });
  }

  /** When it has been answered. */
  done(request: FastifyRequest, { statusCode: code }: Pick<FastifyReply, "statusCode">): void {
    const denied = code === 401 || code === 403;
    if (request.unaudited || !(denied || isWorthTelling(request))) return;
    this.#trail.append({
      ...this.#describe(request),
      ...request.audited,
      stage: "done",
      decision: denied ? "deny" : "allow",
      ...(code >= 400 && { reason: request.failure?.slice(0, shownCharacters) }),
      code,
    });
  }

  #describe(request: FastifyRequest): AuditFields {
    const { user, caller, ip, headers, method } = request;
    const attributes = caller?.attributes ?? request.asked;
    return {
      time: formatTime(this.#clock.now()),
      auditId: request.id,
      user: caller?.impersonator?.name ?? user?.name,
      ...(caller?.impersonator !== undefined && { as: caller.user.name }),
      groups: user?.groups,
      token: (caller?.impersonator ?? user)?.extra?.["ostler.dev/token"]?.[0],
      address: ip,
      agent: headers["user-agent"]?.slice(0, 128),
      method,
      ...(attributes === undefined ? { path: pathOf(request) } : describe(attributes)),
      ...(/[?&]dryRun=/.test(request.url) && { dryRun: true }),
    };
  }
}

/** Of who is not known, not even what they ask for is told: a query may hold anything. */
function pathOf({ url }: FastifyRequest): string {
  return (url.split("?", 1)[0] ?? "").slice(0, shownCharacters);
}

function describe(attributes: Attributes): AuditFields {
  if (attributes.type === "path") return { verb: attributes.verb, path: attributes.path };
  const { verb, group, resource, subresource, namespace, name } = attributes;
  return { verb, group, resource, subresource, namespace, name };
}

/** All that changes something, and looks at secrets. A question changes nothing. */
function isWorthTelling({ method, caller }: FastifyRequest): boolean {
  const attributes = caller?.attributes;
  if (attributes?.type === "resource" && questions.has(attributes.resource)) return false;
  if (method !== "GET" && method !== "HEAD") return true;
  return attributes?.type === "resource" && (attributes.resource === "secrets" || isTyping(attributes));
}

function isTyping({ subresource }: Extract<Attributes, { type: "resource" }>): boolean {
  return subresource === "console";
}
