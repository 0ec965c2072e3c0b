import { type StatusCause, StatusError } from "../../runtime/errors.ts";

/** Which state of a collection is asked for, and how much of it. */
export interface ListWish {
  /** The state at exactly this revision. */
  readonly exactly: string | undefined;
  /** Any state that is not older than this revision. */
  readonly notOlderThan: bigint | undefined;
  readonly limit: number | undefined;
  readonly continue: string | undefined;
}

/**
 * Reads what the query of a list says about revision and page, by Kubernetes' rules. Throws `Invalid` for
 * parameters that contradict each other, and `BadRequest` for those that cannot be read.
 */
export function parseListWish(query: URLSearchParams): ListWish {
  const causes = contradictions(query);
  if (causes.length > 0) {
    const text = causes.map(({ field, message }) => `${field}: ${message}`).join("; ");
    throw new StatusError("Invalid", `the list options are invalid: ${text}`, { causes });
  }
  const revision = parseRevision(query);
  const limit = limitOf(query);
  const next = query.get("continue") || undefined;
  if (next !== undefined && revision !== undefined) {
    throw new StatusError("BadRequest", "specifying resource version is not allowed when using continue");
  }
  const exact = query.get("resourceVersionMatch") === "Exact" || (isUnset(query) && limit !== undefined);
  return {
    exactly: exact && revision !== undefined ? String(revision) : undefined,
    notOlderThan: revision,
    limit,
    continue: next,
  };
}

/** A resourceVersion as a client may write it; undefined when it sets no condition. */
export function parseRevision(query: URLSearchParams): bigint | undefined {
  const text = query.get("resourceVersion") ?? "";
  if (text === "" || text === "0") return undefined;
  if (/^[0-9]{1,19}$/.test(text)) return BigInt(text);
  throw new StatusError("BadRequest", "resourceVersion must be one that this server gave out");
}

/** Of old clients, which ask for a page at a revision and mean exactly that one. */
function isUnset(query: URLSearchParams): boolean {
  return (query.get("resourceVersionMatch") ?? "") === "";
}

function limitOf(query: URLSearchParams): number | undefined {
  const text = query.get("limit") ?? "";
  if (text === "" || text === "0") return undefined;
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw new StatusError("BadRequest", "limit must be a number of objects");
}

function contradictions(query: URLSearchParams): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  if (query.get("sendInitialEvents") !== null) {
    causes.push(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  }
  const field = "resourceVersionMatch";
  const match = query.get(field) ?? "";
  if (match === "") return causes;
  const revision = query.get("resourceVersion") ?? "";
  if (query.get("continue")) causes.push(forbidden(field, `${field} is forbidden when continue is provided`));
  if (match !== "Exact" && match !== "NotOlderThan") {
    const message = 'supported values: "Exact", "NotOlderThan"';
    causes.push({ field, message, reason: "FieldValueNotSupported" });
  } else if (revision === "") {
    causes.push(forbidden(field, `${field} is forbidden unless resourceVersion is provided`));
  } else if (match === "Exact" && revision === "0") {
    causes.push(forbidden(field, `${field} "exact" is forbidden for resourceVersion "0"`));
  }
  return causes;
}

function forbidden(field: string, message: string): StatusCause {
  return { field, message, reason: "FieldValueForbidden" };
}
