/** Why a request failed, in Kubernetes' words where it has one; the rest are what a hypervisor can answer. */
export type StatusReason =
  | "BadRequest"
  | "Unauthorized"
  | "Forbidden"
  | "NotFound"
  | "AlreadyExists"
  | "Conflict"
  | "Expired"
  | "Invalid"
  | "TooManyRequests"
  | "InternalError"
  | "ServiceUnavailable"
  | "Timeout"
  | "MethodNotAllowed"
  | "NotAcceptable"
  | "UnsupportedMediaType"
  | "RequestEntityTooLarge"
  /** The call was sent, no answer came: it may or may not have happened. Look before doing anything. */
  | "OutcomeUnknown"
  /** The host cannot be reached now; nothing was sent. */
  | "HostUnreachable"
  /** The name or UUID is held by something without our mark. */
  | "OwnershipConflict"
  /** The domain is in a state in which the verb makes no sense, or another job holds its lock. */
  | "OperationInvalid"
  /** The host lacks the capability. */
  | "Unsupported";

const httpCodes: Record<StatusReason, number> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  OwnershipConflict: 409,
  OperationInvalid: 409,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  Unsupported: 501,
  ServiceUnavailable: 503,
  HostUnreachable: 503,
  Timeout: 504,
  OutcomeUnknown: 504,
};

/** One field that is wrong, at a path such as `spec.disks[0].size`. */
export interface StatusCause {
  readonly field: string;
  readonly message: string;
  readonly reason?: string;
}

export interface StatusErrorOptions {
  readonly cause?: unknown;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
  /** Of an `Expired` list: how to read the rest of it as it is now. */
  readonly continue?: string;
}

/** The one error type that crosses module borders. The message says what, which object, and what to do. */
export class StatusError extends Error {
  readonly reason: StatusReason;
  readonly causes: readonly StatusCause[];
  readonly retryAfterSeconds: number | undefined;
  readonly continue: string | undefined;

  constructor(reason: StatusReason, message: string, options: StatusErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "StatusError";
    this.reason = reason;
    this.causes = options.causes ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.continue = options.continue;
  }

  /** The HTTP status code of the reason. */
  get code(): number {
    return httpCodes[this.reason];
  }
}

/** Whether `error` is a StatusError with this reason. */
export function hasReason(error: unknown, reason: StatusReason): error is StatusError {
  return error instanceof StatusError && error.reason === reason;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Marks the end of an exhaustive switch; reaching it is a bug. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
