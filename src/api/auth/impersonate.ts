import type { IncomingHttpHeaders } from "node:http";
import { StatusError } from "../../runtime/errors.ts";
import type { ResourceAttributes } from "./attributes.ts";
import type { User } from "./authenticator.ts";
import { anonymousName, authenticatedGroup, serviceAccountOf, unauthenticatedGroup } from "./groups.ts";

/** What is to be allowed, each by itself, before a request is taken as somebody else's. */
export interface Impersonation {
  readonly user: User;
  readonly needed: readonly ResourceAttributes[];
}

interface RequestHeaders {
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
}

const prefix = "impersonate-";
const extraPrefix = "impersonate-extra-";

/**
 * Whom the `Impersonate-*` headers name; undefined when there are none. Throws `BadRequest` when they name
 * groups or more of nobody.
 */
export function readImpersonation({ headers, rawHeaders }: RequestHeaders): Impersonation | undefined {
  let asked = false;
  for (const name in headers) asked ||= name.startsWith(prefix);
  if (!asked) return undefined;
  const all = collect(rawHeaders);
  const [name = ""] = all.get("impersonate-user") ?? [];
  if (name === "") {
    throw new StatusError("BadRequest", "Impersonate-User must be given with other Impersonate headers");
  }
  const groups = all.get("impersonate-group") ?? [];
  const [uid] = all.get("impersonate-uid") ?? [];
  const extra = extraOf(all);
  const needed = [
    userNeeded(name),
    ...groups.map((group) => deed({ resource: "groups", name: group })),
    ...(uid === undefined ? [] : [deed({ group: "authentication.k8s.io", resource: "uids", name: uid })]),
    ...Object.entries(extra).flatMap(([key, values]) => values.map((value) => extraNeeded(key, value))),
  ];
  const user = { name, groups: groupsOf(name, groups), ...(uid !== undefined && { uid }), extra };
  return { user, needed };
}

/** As whom somebody may act: themselves, or whom they may impersonate. */
export function neededToActAs(user: User): readonly ResourceAttributes[] {
  return [userNeeded(user.name), ...user.groups.map((group) => deed({ resource: "groups", name: group }))];
}

function collect(rawHeaders: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    if (!name.startsWith(prefix)) continue;
    const values = all.get(name) ?? [];
    values.push(rawHeaders[index + 1] ?? "");
    all.set(name, values);
  }
  return all;
}

function extraOf(all: ReadonlyMap<string, readonly string[]>): Readonly<Record<string, readonly string[]>> {
  const extra = new Map<string, readonly string[]>();
  for (const [name, values] of all) {
    if (!name.startsWith(extraPrefix)) continue;
    const key = decoded(name.slice(extraPrefix.length));
    extra.set(key, [...(extra.get(key) ?? []), ...values]);
  }
  return Object.fromEntries(extra);
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key).toLowerCase();
  } catch {
    return key;
  }
}

function userNeeded(name: string): ResourceAttributes {
  const account = serviceAccountOf(name);
  if (account === undefined) return deed({ resource: "users", name });
  return deed({ resource: "serviceaccounts", name: account.name, namespace: account.namespace });
}

function extraNeeded(key: string, value: string): ResourceAttributes {
  return deed({ group: "authentication.k8s.io", resource: "userextras", subresource: key, name: value });
}

function deed(fields: Partial<ResourceAttributes> & { readonly resource: string }): ResourceAttributes {
  return {
    type: "resource",
    verb: "impersonate",
    group: "",
    version: "v1",
    subresource: undefined,
    namespace: undefined,
    name: undefined,
    ...fields,
  };
}

/** What a user of that name is always in. */
function groupsOf(name: string, given: readonly string[]): readonly string[] {
  if (name === anonymousName) return [...new Set([...given, unauthenticatedGroup])];
  const account = serviceAccountOf(name);
  const standard =
    account === undefined || given.length > 0
      ? []
      : ["system:serviceaccounts", `system:serviceaccounts:${account.namespace}`];
  return [...new Set([...given, ...standard, authenticatedGroup])];
}
