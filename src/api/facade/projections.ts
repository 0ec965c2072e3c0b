import { HostKind } from "../../schema/host.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import { NodeKind } from "../../schema/node.ts";
import { PodKind } from "../../schema/pod.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { hostCordonedBy, nodeOf } from "./node-of.ts";
import { podOf } from "./pod-of.ts";

/** How the objects of one kind are seen as another's: one for one, under the same names. Pure. */
export interface Projection<S extends Resource = Resource, T extends Resource = Resource> {
  readonly kind: Kind<T>;
  readonly source: Kind<S>;
  project(source: S): T;
  /** What a change of the projected object means for its source; absent: it cannot be changed. */
  revert?(source: S, changed: T): S;
}

/** What clients see that know nothing but Kubernetes' own kinds. */
export const projections = [
  { kind: PodKind, source: VirtualMachineKind, project: podOf },
  { kind: NodeKind, source: HostKind, project: nodeOf, revert: hostCordonedBy },
] as const;

export const projectedKinds: readonly Kind[] = projections.map(({ kind }) => kind);
