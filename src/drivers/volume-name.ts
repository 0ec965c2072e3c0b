import { StatusError } from "../runtime/errors.ts";

const pattern = /^[a-z0-9][a-z0-9._-]{0,126}$/;

/** Whether this can be a volume in our pool: one file name, never a path and never hidden. */
export function isVolumeName(name: string): boolean {
  return pattern.test(name);
}

/** Throws `Invalid` unless `name` can be a volume in our pool. */
export function checkVolumeName(name: string): void {
  if (isVolumeName(name)) return;
  throw new StatusError("Invalid", `volume name ${JSON.stringify(name)} must match ${pattern.source}`);
}
