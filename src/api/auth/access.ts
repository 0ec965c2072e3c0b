import type { FastifyRequest } from "fastify";
import type { Clock } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import {
  type ClusterRole,
  ClusterRoleBindingKind,
  ClusterRoleKind,
  type Role,
  RoleBindingKind,
  RoleKind,
} from "../../schema/rbac.ts";
import type { Store } from "../../store/store.ts";
import { type Attributes, readAttributes } from "./attributes.ts";
import type { Authenticator, User } from "./authenticator.ts";
import { forbidden, subjectOf } from "./forbidden.ts";
import { readImpersonation } from "./impersonate.ts";
import { mirror } from "./mirror.ts";
import { type Decision, RoleIndex, withStandardGroups } from "./role-index.ts";

export interface AccessOptions {
  readonly store: Pick<Store, "list" | "watch">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly authenticate: Authenticator;
}

/** Who asks, and for what. */
export interface Caller {
  /** As whom the request is judged and carried out. */
  readonly user: User;
  /** Who it really is, when that is somebody else. */
  readonly impersonator: User | undefined;
  readonly attributes: Attributes;
}

/**
 * Who may do what: tells from a request who asks, as whom, and whether roles allow it. Every request but
 * those for the health paths goes through `admit`, and nothing is allowed that no role allows.
 */
export class Access {
  readonly roles = new RoleIndex();
  readonly #options: AccessOptions;
  readonly #ending = new AbortController();

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  /** Resolves when all roles are known. */
  async start(): Promise<void> {
    const shared = { ...this.#options, signal: this.#ending.signal };
    const { roles } = this;
    const onRole = (last: Role | ClusterRole, current: Role | ClusterRole | undefined): void => {
      const { namespace, name } = last.metadata;
      if (current === undefined) roles.removeRole(namespace, name);
      else roles.putRole(namespace, name, current.rules ?? []);
    };
    await Promise.all([
      mirror({ ...shared, kind: RoleKind, onChange: onRole }),
      mirror({ ...shared, kind: ClusterRoleKind, onChange: onRole }),
      mirror({
        ...shared,
        kind: RoleBindingKind,
        onChange: (last, current) => (current ? roles.putBinding(current) : roles.removeBinding(last)),
      }),
      mirror({
        ...shared,
        kind: ClusterRoleBindingKind,
        onChange: (last, current) => (current ? roles.putBinding(current) : roles.removeBinding(last)),
      }),
    ]);
  }

  stop(): void {
    this.#ending.abort();
  }

  /** Throws `Unauthorized` when nobody known asks, and `Forbidden` when they may not. */
  admit(request: FastifyRequest): Caller {
    const known = this.#options.authenticate(request.headers.authorization);
    if (known === undefined) throw new StatusError("Unauthorized", "Unauthorized");
    const real = withStandardGroups(known);
    request.user = real;
    const user = this.#actingAs(real, request);
    request.user = user;
    const attributes = attributesOf(request);
    this.#demand(user, attributes, request);
    return { user, impersonator: user === real ? undefined : real, attributes };
  }

  decide(user: User, attributes: Attributes): Decision {
    return this.roles.decide(user, attributes);
  }

  /** Throws `Forbidden` unless it is allowed. */
  demand(user: User, attributes: Attributes): void {
    const { allowed, reason } = this.decide(user, attributes);
    if (!allowed) throw forbidden(user, attributes, reason);
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
function attributesOf({ method, url }: FastifyRequest): Attributes {
  const at = url.indexOf("?");
  const path = at < 0 ? url : url.slice(0, at);
  return readAttributes({ method, path, query: new URLSearchParams(at < 0 ? "" : url.slice(at + 1)) });
}
