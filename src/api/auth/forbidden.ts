import { StatusError } from "../../runtime/errors.ts";
import { groupResource } from "../../schema/kind.ts";
import type { StatusSubject } from "../kubernetes/status.ts";
import type { Attributes } from "./attributes.ts";
import type { User } from "./authenticator.ts";

/** The refusal of what nobody has allowed, in Kubernetes' words. */
export function forbidden(user: User, attributes: Attributes, reason: string): StatusError {
  const why =
    reason === "" ? describeDenial(user, attributes) : `${describeDenial(user, attributes)}: ${reason}`;
  if (attributes.type === "path") return new StatusError("Forbidden", `forbidden: ${why}`);
  const { group, resource: plural, name } = attributes;
  const what = groupResource({ group, plural });
  return new StatusError(
    "Forbidden",
    `${name === undefined ? what : `${what} ${quote(name)}`} is forbidden: ${why}`,
  );
}

/** What an error about a request for a resource is about. */
export function subjectOf(attributes: Attributes): StatusSubject | undefined {
  if (attributes.type === "path") return undefined;
  const { group, resource, name } = attributes;
  return { group, resource, kind: resource, name };
}

function describeDenial({ name }: User, attributes: Attributes): string {
  const who = `User ${quote(name)} cannot ${attributes.verb}`;
  if (attributes.type === "path") return `${who} path ${quote(attributes.path)}`;
  const { resource, subresource, group, namespace } = attributes;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = namespace === undefined ? "at the cluster scope" : `in the namespace ${quote(namespace)}`;
  return `${who} resource ${quote(what)} in API group ${quote(group)} ${where}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
