import { StatusError, type StatusReason } from "../../runtime/errors.ts";
import { errorCode, LibvirtError } from "./rpc/errors.ts";

/** Codes that say enough; all others are `InternalError` with libvirt's message. */
const reasons: ReadonlyMap<number, StatusReason> = new Map([
  [errorCode.noDomain, "NotFound"],
  [errorCode.noStorageVolume, "NotFound"],
  [errorCode.operationInvalid, "OperationInvalid"],
  [errorCode.operationTimeout, "OperationInvalid"],
  [errorCode.operationAborted, "OperationInvalid"],
  [errorCode.agentUnresponsive, "OperationInvalid"],
  [errorCode.agentUnsynced, "OperationInvalid"],
  [errorCode.domainExists, "OwnershipConflict"],
  [errorCode.operationDenied, "Forbidden"],
  [errorCode.accessDenied, "Forbidden"],
  [errorCode.authFailed, "Unauthorized"],
  [errorCode.noSupport, "Unsupported"],
  [errorCode.configUnsupported, "Unsupported"],
  [errorCode.invalidArgument, "Invalid"],
  [errorCode.xmlError, "Invalid"],
]);

/** A process that does not die, or an image that another process holds: later it may be otherwise. */
const busy = /Device or resource busy|Failed to get .* lock|asynchronous jobs running/;

/**
 * What a verb throws for what went wrong below it. `what` says which verb on which object. A `StatusError`
 * stays as it is; anything else after the caller gave up is `OutcomeUnknown`.
 */
export function toStatusError(error: unknown, what: string, signal: AbortSignal): unknown {
  if (error instanceof StatusError) return error;
  if (error instanceof LibvirtError) {
    return new StatusError(reasonOf(error), `${what}: ${error.message}`, { cause: error });
  }
  if (!signal.aborted) return error;
  return new StatusError("OutcomeUnknown", `${what}: given up; it may or may not have happened`, {
    cause: error,
  });
}

function reasonOf(error: LibvirtError): StatusReason {
  if (error.isUnknownProcedure) return "Unsupported";
  if (busy.test(error.message)) return "OperationInvalid";
  return reasons.get(error.code) ?? "InternalError";
}
