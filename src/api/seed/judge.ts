import { seedClientsGroup } from "../../schema/default-roles.ts";
import type { Kind } from "../../schema/kind.ts";
import type { ObjectKey } from "../../schema/meta.ts";
import type { Access } from "../auth/access.ts";
import type { User } from "../auth/authenticator.ts";
import { forbidden } from "../auth/forbidden.ts";

/** Whoever reaches the flat API, as roles and the audit log know them. */
export const seedUser: User = { name: "system:seed", groups: [seedClientsGroup] };

/** Throws `Forbidden` unless a role allows it: with one object, any in a namespace, or any at all. */
export type Judge = (verb: string, kind: Kind, place?: Partial<ObjectKey>) => void;

export function judgeBy(decide: Access["decide"]): Judge {
  return (verb, { group, version, plural: resource }, { namespace, name } = {}) => {
    const attributes = {
      type: "resource",
      verb,
      group,
      version,
      resource,
      subresource: undefined,
      namespace,
      name,
    } as const;
    const { allowed, reason } = decide(seedUser, attributes);
    if (!allowed) throw forbidden(seedUser, attributes, reason);
  };
}
