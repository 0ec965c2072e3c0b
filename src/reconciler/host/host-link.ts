import type { HostConnection, HostFacts } from "../../drivers/driver.ts";
import type { UnreachableReason } from "../../drivers/unreachable.ts";

/** How a session stands with its host. */
export type HostLink =
  | { readonly state: "connecting" }
  | { readonly state: "connected"; readonly connection: HostConnection; readonly facts: HostFacts }
  | {
      readonly state: "unreachable";
      readonly reason: UnreachableReason;
      readonly message: string;
      /** When the host last said anything, in wall time; undefined if it never has to this controller. */
      readonly lastSeenMs: number | undefined;
    };

/** What is measured of a session. */
export interface SessionHealth {
  readonly up: boolean;
  /** Since the host last said anything; undefined if it never has. */
  readonly silentMs: number | undefined;
  readonly inFlight: number;
  /** How often a link was made after the first. */
  readonly reconnects: number;
}
