import { type StatusCause, StatusError, type StatusReason } from "../runtime/errors.ts";
import { isRecord } from "../schema/plain.ts";

/** The error that a Status describes; for anything else, what the HTTP code says. */
export function toError(httpCode: number, status: unknown): StatusError {
  const fields = isRecord(status) ? status : {};
  const code = typeof fields.code === "number" ? fields.code : httpCode;
  const message = typeof fields.message === "string" ? fields.message : `the server answered ${code}`;
  const details = isRecord(fields.details) ? fields.details : {};
  const causes = Array.isArray(details.causes) ? details.causes.flatMap(causeOf) : [];
  return new StatusError(reasonOf(fields.reason, code), message, { causes });
}

function causeOf(value: unknown): readonly StatusCause[] {
  if (!isRecord(value) || typeof value.message !== "string") return [];
  return [{ field: typeof value.field === "string" ? value.field : "", message: value.message }];
}

const reasonsByCode: ReadonlyMap<number, StatusReason> = new Map([
  [400, "BadRequest"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [405, "MethodNotAllowed"],
  [406, "NotAcceptable"],
  [409, "Conflict"],
  [410, "Expired"],
  [413, "RequestEntityTooLarge"],
  [415, "UnsupportedMediaType"],
  [422, "Invalid"],
  [429, "TooManyRequests"],
  [503, "ServiceUnavailable"],
  [504, "Timeout"],
]);

function reasonOf(reason: unknown, code: number): StatusReason {
  if (reason === "AlreadyExists") return reason;
  return reasonsByCode.get(code) ?? "InternalError";
}
