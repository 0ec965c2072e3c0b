import { UsageError } from "./exit-codes.ts";

const factors = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `500ms`, `60s`, `5m`, `1h`, `30d`; a plain number is seconds. Throws `UsageError`. */
export function parseDuration(text: string): number {
  const match = /^([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h|d)?$/.exec(text);
  if (match === null) throw new UsageError(`"${text}" is not a duration; write 30s, 5m, 1h or 30d`);
  const unit = match[2];
  const known = unit === "ms" || unit === "m" || unit === "h" || unit === "d";
  const factor = known ? factors[unit] : factors.s;
  return Number(match[1]) * factor;
}
