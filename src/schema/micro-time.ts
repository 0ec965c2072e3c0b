import { Type } from "./type.ts";

const pattern = "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)$";

/** A time in parts of a second (RFC 3339), Kubernetes' MicroTime. */
export const MicroTimeSchema = Type.String({
  maxLength: 40,
  pattern,
  examples: ["2026-01-31T12:00:00.000000Z"],
});

/** The same time with exactly six digits after the point, which is all that Kubernetes' clients can read. */
export function canonicalMicroTime(text: string): string {
  const [, seconds, fraction = "", zone] = /^([^.]*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  return seconds === undefined ? text : `${seconds}.${fraction.slice(0, 6).padEnd(6, "0")}${zone}`;
}
