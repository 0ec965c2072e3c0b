import type { Resources, Taint } from "../schema/host.ts";
import type { Labels } from "../schema/label-selector.ts";

/** A host as the scheduler sees it at one moment. */
export interface HostState {
  readonly name: string;
  /** Hosts are in the order of this, then of their names; RFC 3339, empty for not known. */
  readonly createdAt: string;
  /** Whether it answers now. */
  readonly ready: boolean;
  /** Cordoned by a person, or being deleted. */
  readonly unschedulable: boolean;
  /** Whether it is known what machines are to be started with. */
  readonly acceleratorKnown: boolean;
  /** What libvirt calls it; undefined while not known. */
  readonly architecture: string | undefined;
  /** With the well-known ones: `hostLabels` of the schema. */
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly allocatable: Resources;
  /** The names of the image volumes that it holds. */
  readonly contents: ReadonlySet<string>;
  /** Recent failed starts, old ones counting less; 0 for none. */
  readonly failures: number;
}
