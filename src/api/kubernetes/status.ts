import { type StatusCause, StatusError } from "../../runtime/errors.ts";
import type { JsonObject } from "./json.ts";

/** Kubernetes' `Status` object: the body of every error and of some successes. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: JsonObject;
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: JsonObject;
  readonly code: number;
}

/** What a failure is about, as far as the request path told. */
export interface StatusSubject {
  readonly group: string;
  /** The plural. */
  readonly resource: string;
  readonly kind: string;
  readonly name: string | undefined;
}

/** The Status for anything thrown. What is not a StatusError is a bug: its text stays inside. */
export function statusOf(error: unknown, subject?: StatusSubject): Status {
  const failure = toStatusError(error);
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: failure.continue === undefined ? {} : { continue: failure.continue },
    status: "Failure",
    message: failure.message,
    reason: failure.reason,
    details: detailsOf(failure, subject),
    code: failure.code,
  };
}

/** The Status of a deletion after which nothing is left. */
export function successStatus(subject: StatusSubject, uid: string | undefined): Status {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name: subject.name, group: subject.group, kind: subject.resource, uid },
    code: 200,
  };
}

/** The error itself, an error of the HTTP layer in our words, or `InternalError` without the text. */
export function toStatusError(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  switch (httpCodeOf(error)) {
    case 400:
      return new StatusError("BadRequest", "the request could not be read", { cause: error });
    case 404:
      return new StatusError("NotFound", "the server could not find the requested resource", {
        cause: error,
      });
    case 408:
      return new StatusError("Timeout", "the request did not arrive in time", { cause: error });
    case 413:
      return new StatusError("RequestEntityTooLarge", "the request body is too large", { cause: error });
    case 415:
      return new StatusError("UnsupportedMediaType", "the body's content type is not accepted", {
        cause: error,
      });
    case 503:
      return new StatusError("ServiceUnavailable", "the server is shutting down", { cause: error });
    default:
      return new StatusError("InternalError", "an internal error occurred; the server's log has more", {
        cause: error,
      });
  }
}

/** `kind` is the Kind in `Invalid` and the plural elsewhere, as in Kubernetes: kubectl prints it. */
function detailsOf(failure: StatusError, subject: StatusSubject | undefined): JsonObject {
  const { name, group, resource, kind } = subject ?? {};
  return {
    ...(subject !== undefined && { name, group, kind: failure.reason === "Invalid" ? kind : resource }),
    ...(failure.causes.length === 0 ? {} : { causes: failure.causes.map(causeOf) }),
    ...(failure.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: failure.retryAfterSeconds }),
  };
}

function causeOf({ field, message, reason }: StatusCause): JsonObject {
  return { reason: reason ?? "FieldValueInvalid", message, field };
}

function httpCodeOf(error: unknown): number {
  return error instanceof Error && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : 500;
}
