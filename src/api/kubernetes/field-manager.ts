import { type StatusCause, StatusError } from "../../runtime/errors.ts";
import type { ApiRequest } from "./context.ts";
import { isTrue } from "./request-info.ts";

const maxLength = 128;

/** Who writes: the query's fieldManager, or what the client's User-Agent calls itself. Throws `Invalid`. */
export function fieldManagerOf(request: ApiRequest): string {
  assertNoForce(request);
  return givenManager(request) ?? fromUserAgent(request.headers["user-agent"] ?? "");
}

/** Who applies, which must be said, and whether it may take what others own. Throws `Invalid`. */
export function applierOf(request: ApiRequest): { readonly manager: string; readonly force: boolean } {
  const manager = givenManager(request);
  if (manager !== undefined) return { manager, force: isTrue(request.query.get("force")) };
  throw invalidOptions(request, {
    field: "fieldManager",
    message: "Required value: is required for apply patch",
    reason: "FieldValueRequired",
  });
}

function assertNoForce(request: ApiRequest): void {
  if (request.info.verb !== "patch" || request.query.get("force") === null) return;
  throw invalidOptions(request, {
    field: "force",
    message: "Forbidden: may not be specified for non-apply patch",
    reason: "FieldValueForbidden",
  });
}

function givenManager(request: ApiRequest): string | undefined {
  const manager = request.query.get("fieldManager") ?? "";
  if (manager === "") return undefined;
  if (Buffer.byteLength(manager) > maxLength) {
    throw invalidOptions(request, {
      field: "fieldManager",
      message: `Too long: may not be more than ${maxLength} bytes`,
      reason: "FieldValueTooLong",
    });
  }
  if (printable(manager) === manager) return manager;
  throw invalidOptions(request, {
    field: "fieldManager",
    message: "Invalid value: should only contain printable characters",
    reason: "FieldValueInvalid",
  });
}

/** `kubectl/v1.32.0 (linux/amd64)` calls itself `kubectl`. */
function fromUserAgent(userAgent: string): string {
  const [name = ""] = userAgent.slice(0, maxLength * 4).split("/");
  if (/^[\x20-\x7e]{1,128}$/.test(name)) return name;
  let manager = "";
  for (const character of printable(name)) {
    if (Buffer.byteLength(manager) + Buffer.byteLength(character) > maxLength) break;
    manager += character;
  }
  return manager === "" ? "unknown" : manager;
}

/** Without control characters, lone surrogates and spaces other than the plain one. */
function printable(text: string): string {
  return text.replace(/\p{C}|(?! )\p{Z}/gu, "");
}

function invalidOptions({ info }: ApiRequest, cause: StatusCause): StatusError {
  const kind = { create: "CreateOptions", update: "UpdateOptions" }[String(info.verb)] ?? "PatchOptions";
  return new StatusError("Invalid", `${kind}.meta.k8s.io "" is invalid: ${cause.field}: ${cause.message}`, {
    causes: [cause],
  });
}
