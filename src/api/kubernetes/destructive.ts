import { AccessTokenKind } from "../../schema/access-token.ts";
import { RoleKind } from "../../schema/rbac.ts";
import { UserCertificateKind } from "../../schema/user-certificate.ts";
import { isConsole } from "../console/console-request.ts";
import type { RequestInfo } from "./request-info.ts";

/** Parts of objects whose change can be undone by another one. */
const harmlessParts: ReadonlySet<string | undefined> = new Set([undefined, "status", "scale", "start"]);

/**
 * Whether a request does what no later one undoes: ends something, acts on a host or a guest, or lets
 * somebody in. A part that is new is taken for one that does.
 */
export function isDestructive(info: RequestInfo): boolean {
  const { verb, kind, subresource } = info;
  if (isConsole(info)) return true;
  if (verb === "get" || verb === "list" || verb === "watch") return false;
  if (verb === "delete" || verb === "deletecollection" || !harmlessParts.has(subresource)) return true;
  return kind === AccessTokenKind || kind === UserCertificateKind || kind.group === RoleKind.group;
}
