import type { FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import { AccessTokenKind } from "../../schema/access-token.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import {
  type ClusterRole,
  type ClusterRoleBinding,
  ClusterRoleBindingKind,
  ClusterRoleKind,
  type Role,
  type RoleBinding,
  RoleBindingKind,
  RoleKind,
} from "../../schema/rbac.ts";
import type { Store } from "../../store/store.ts";
import { type Attributes, readAttributes } from "./attributes.ts";
import type { Authenticator, User } from "./authenticator.ts";
import { ClientCertificates } from "./client-certificate.ts";
import { forbidden, subjectOf } from "./forbidden.ts";
import { readImpersonation } from "./impersonate.ts";
import { LastUse } from "./last-use.ts";
import { mirror } from "./mirror.ts";
import { OpenWatches } from "./open-watches.ts";
import { type Decision, RoleIndex, withStandardGroups } from "./role-index.ts";
import { TokenIndex } from "./token-index.ts";

type AnyBinding = RoleBinding | ClusterRoleBinding;

export interface AccessOptions {
  readonly store: Pick<Store, "list" | "watch" | "updateStatus">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Knows who may always get in. */
  readonly authenticate: Authenticator;
}

/** Who asks, and for what. */
export interface Caller {
  /** As whom the request is judged and carried out. */
  readonly user: User;
  /** Who it really is, when that is somebody else. */
  readonly impersonator: User | undefined;
  readonly attributes: Attributes;
  /** Of the URL. */
  readonly query: URLSearchParams;
}

/**
 * Who may do what: tells from a request who asks, as whom, and whether roles allow it. Every request but
 * those for the health paths goes through `admit`, and nothing is allowed that no role allows.
 */
export class Access {
  readonly roles = new RoleIndex();
  readonly #tokens = new TokenIndex();
  readonly #certificates = new ClientCertificates();
  readonly #watches: OpenWatches;
  readonly #lastUse: LastUse;
  readonly #options: AccessOptions;
  readonly #ending = new AbortController();
  #started: Promise<void> | undefined;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#lastUse = new LastUse(options);
    this.#watches = new OpenWatches({
      clock: options.clock,
      isAllowed: (request) => this.#isAllowed(request),
    });
  }

  /** Resolves when all roles and tokens are known; however often it is asked for, they are followed once. */
  start(): Promise<void> {
    this.#started ??= this.#follow();
    return this.#started;
  }

  stop(): void {
    this.#ending.abort();
    this.#watches.stop();
  }

  /** Throws `Unauthorized` when nobody known asks, and `Forbidden` when they may not. */
  admit(request: FastifyRequest): Caller {
    const known = this.#authenticate(request);
    if (known === undefined) throw new StatusError("Unauthorized", "Unauthorized");
    const real = withStandardGroups(known);
    request.user = real;
    const user = this.#actingAs(real, request);
    request.user = user;
    const { attributes, query } = readLine(request);
    request.asked = attributes;
    this.#demand(user, attributes, request);
    return { user, impersonator: user === real ? undefined : real, attributes, query };
  }

  /** Ends a watch, which may go on for long, as soon as its caller may not have it any more. */
  keepWatch(request: FastifyRequest, reply: FastifyReply): void {
    this.#watches.add(request, reply);
  }

  decide(user: User, attributes: Attributes): Decision {
    return this.roles.decide(user, attributes);
  }

  /** Throws `Forbidden` unless it is allowed. */
  demand(user: User, attributes: Attributes): void {
    const { allowed, reason } = this.decide(user, attributes);
    if (!allowed) throw forbidden(user, attributes, reason);
  }

  /** A token is taken for what it says, right or wrong; a certificate says who asks where there is none. */
  #authenticate({ headers, raw }: FastifyRequest): User | undefined {
    const { authenticate, clock } = this.#options;
    const now = clock.now();
    if (headers.authorization === undefined) {
      const peer = this.#certificates.peerOf(raw.socket, now);
      return peer.type === "user" ? peer.user : undefined;
    }
    const known = this.#tokens.find(headers.authorization, now);
    if (known === undefined) return authenticate(headers.authorization);
    this.#lastUse.record(known.token);
    return known.user;
  }

  /** As `admit`, of a request that has been admitted before. */
  #isAllowed(request: FastifyRequest): boolean {
    try {
      this.admit(request);
      return true;
    } catch {
      return false;
    }
  }

  async #follow(): Promise<void> {
    const shared = { ...this.#options, signal: this.#ending.signal };
    const follow = <T extends Resource>(kind: Kind<T>, onChange: (last: T, current: T | undefined) => void) =>
      mirror({
        ...shared,
        kind,
        onChange: (last, current) => {
          onChange(last, current);
          this.#watches.lookAgain();
        },
      });
    await Promise.all([
      follow(RoleKind, (last, current) => this.#followRole(last, current)),
      follow(ClusterRoleKind, (last, current) => this.#followRole(last, current)),
      follow(RoleBindingKind, (last, current) => this.#followBinding(last, current)),
      follow(ClusterRoleBindingKind, (last, current) => this.#followBinding(last, current)),
      follow(AccessTokenKind, (last, current) =>
        current === undefined ? this.#tokens.remove(last) : this.#tokens.put(current),
      ),
    ]);
  }

  #followRole(last: Role | ClusterRole, current: Role | ClusterRole | undefined): void {
    const { namespace, name } = last.metadata;
    if (current === undefined) this.roles.removeRole(namespace, name);
    else this.roles.putRole(namespace, name, current.rules ?? []);
  }

  #followBinding(last: AnyBinding, current: AnyBinding | undefined): void {
    if (current === undefined) this.roles.removeBinding(last);
    else this.roles.putBinding(current);
  }

  #actingAs(real: User, request: FastifyRequest): User {
    const impersonation = readImpersonation(request.raw);
    if (impersonation === undefined) return real;
    for (const attributes of impersonation.needed) this.#demand(real, attributes, request);
    return impersonation.user;
  }

  #demand(user: User, attributes: Attributes, request: FastifyRequest): void {
    const { allowed, reason } = this.decide(user, attributes);
    if (allowed) return;
    request.subject = subjectOf(attributes);
    throw forbidden(user, attributes, reason);
  }
}

/** What a request is about, from its request line. */
function readLine({ method, url }: FastifyRequest): Pick<Caller, "attributes" | "query"> {
  const at = url.indexOf("?");
  const path = at < 0 ? url : url.slice(0, at);
  const query = new URLSearchParams(at < 0 ? "" : url.slice(at + 1));
  return { attributes: readAttributes({ method, path, query }), query };
}
