import type { FaultId } from "./fault-ledger.ts";
import type { Scene } from "./scene.ts";

export interface FaultAct {
  readonly fault: FaultId;
  readonly weight: number;
  /** What it came to, for the transcript; undefined when there was nothing to be done. */
  act(scene: Scene): Promise<string | undefined> | string | undefined;
}
