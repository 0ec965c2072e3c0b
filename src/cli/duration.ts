import { UsageError } from "./exit-codes.ts";

const factors = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of `500ms`, `60s`, `5m`, `1h`; a plain number is seconds. Throws `UsageError`. */
export function parseDuration(text: string): number {
  const match = /^([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h)?$/.exec(text);
  if (match === null) throw new UsageError(`"${text}" is not a duration; write 30s, 5m or 1h`);
  const unit = match[2];
  const factor = unit === "ms" || unit === "m" || unit === "h" ? factors[unit] : factors.s;
  return Number(match[1]) * factor;
}
