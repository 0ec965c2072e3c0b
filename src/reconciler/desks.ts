import type { PlacementDesk } from "../scheduler/placement-desk.ts";
import type { UsageMeter } from "./host/usage-meter.ts";
import type { MachineConsoles } from "./virtual-machine/consoles.ts";

/** Where people are answered. */
export interface Desks {
  /** Where machines are and could be, and why. */
  readonly placement: PlacementDesk;
  /** What hosts and machines use. */
  readonly usage: UsageMeter;
  readonly consoles: MachineConsoles;
}
