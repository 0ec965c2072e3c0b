import { type Host, HostKind } from "../../schema/host.ts";
import type { Kind } from "../../schema/kind.ts";
import type { MeasuredHost } from "../../schema/measured-host.ts";
import type { Resource } from "../../schema/meta.ts";
import { NodeKind } from "../../schema/node.ts";
import { PodKind } from "../../schema/pod.ts";
import { type NodeMetrics, NodeMetricsKind, type PodMetrics, PodMetricsKind } from "../../schema/usage.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { nodeMetricsOf, podMetricsOf } from "./metrics-of.ts";
import { hostCordonedBy, nodeOf } from "./node-of.ts";
import { podOf } from "./pod-of.ts";
import type { UsageDesk } from "./usage-desk.ts";

/** How the objects of one kind are seen as another's: one for one, under the same names. */
export interface Projection<S extends Resource = Resource, T extends Resource = Resource> {
  readonly kind: Kind<T>;
  readonly source: Kind<S>;
  /** Pure. Absent: it has to be measured each time, and cannot be watched. */
  project?(source: S): T;
  /** Measures once, and shows each object as it is then. */
  measure?(): Promise<Measured<S, T>>;
  /** What a change of the projected object means for its source; absent: it cannot be changed. */
  revert?(source: S, changed: T): S;
}

export interface Measured<S, T> {
  /** Undefined: nothing is known of it. */
  show(source: S): T | undefined;
}

/** What clients see that know nothing but Kubernetes' own kinds. */
const shown = [
  { kind: PodKind, source: VirtualMachineKind, project: podOf },
  { kind: NodeKind, source: HostKind, project: nodeOf, revert: hostCordonedBy },
] as const;

/** With figures of what is used, where they can be had. */
export function projectionsWith(usage: UsageDesk | undefined): readonly Projection[] {
  if (usage === undefined) return shown;
  const measured = async (): Promise<ReadonlyMap<string, MeasuredHost>> =>
    new Map((await usage.measure()).map((host) => [host.hostName, host]));
  const pods: Projection<VirtualMachine, PodMetrics> = {
    kind: PodMetricsKind,
    source: VirtualMachineKind,
    async measure() {
      const hosts = await measured();
      return { show: (vm) => podMetricsOf(vm, hosts) };
    },
  };
  const nodes: Projection<Host, NodeMetrics> = {
    kind: NodeMetricsKind,
    source: HostKind,
    async measure() {
      const hosts = await measured();
      return { show: (host) => nodeMetricsOf(host, hosts) };
    },
  };
  return [...shown, pods, nodes];
}
