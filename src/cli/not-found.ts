import { hasReason, StatusError } from "../runtime/errors.ts";
import { kindNamed } from "../schema/scheme.ts";

/** What the server says is not there, with where it was looked for and what to do; else the error itself. */
export function explainNotFound(error: unknown, namespace: string): unknown {
  if (!hasReason(error, "NotFound")) return error;
  const [, plural = "", name] = /^([a-z.0-9]+) "([^"]+)" not found$/.exec(error.message) ?? [];
  const kind = kindNamed(plural);
  if (kind === undefined || name === undefined) return error;
  const where = kind.namespaced ? ` in namespace ${namespace}` : "";
  const { singular } = kind;
  const message = `${singular}/${name}: not found${where}; "ostler get ${singular}" shows what there is`;
  return new StatusError("NotFound", message, { cause: error });
}
