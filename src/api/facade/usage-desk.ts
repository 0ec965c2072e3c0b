import type { MeasuredHost } from "../../schema/measured-host.ts";

/** Has hosts measured; those that do not answer in time are left out. */
export interface UsageDesk {
  measure(): Promise<readonly MeasuredHost[]>;
}
