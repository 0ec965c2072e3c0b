import { HostKind } from "../../schema/host.ts";
import type { Kind } from "../../schema/kind.ts";
import { PodKind } from "../../schema/pod.ts";
import { ScaleKind } from "../../schema/scale.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { attachSubresource, consoleSubresource, execSubresource } from "../console/console-request.ts";
import { fenceSubresource } from "./host-fence.ts";
import { hostKeySubresource } from "./host-key.ts";
import { machineActions } from "./machine-actions.ts";
import { scaleSubresource } from "./scale.ts";

/** A part of an object with a path of its own, and what may be done with it. */
export interface Subresource {
  readonly name: string;
  readonly verbs: readonly ("get" | "update" | "patch" | "delete" | "create")[];
  /** What it looks like, unless like the object itself. */
  readonly kind?: Kind;
}

/** What terminals are opened with, by WebSocket and before. */
const console: Subresource = { name: consoleSubresource, verbs: ["get", "create"] };
const podTerminals = [attachSubresource, execSubresource].map((name) => ({ ...console, name }));

const hostParts: readonly Subresource[] = [
  { name: hostKeySubresource, verbs: ["get", "update", "delete"] },
  { name: fenceSubresource, verbs: ["get", "update", "delete"] },
];

const scale: Subresource = {
  name: scaleSubresource,
  verbs: ["get", "update", "patch"],
  kind: ScaleKind,
};

const known = new WeakMap<Kind, readonly Subresource[]>();

/** What a kind has below the paths of its objects. */
export function subresourcesOf(kind: Kind): readonly Subresource[] {
  const parts = known.get(kind) ?? readSubresources(kind);
  known.set(kind, parts);
  return parts;
}

function readSubresources(kind: Kind): readonly Subresource[] {
  const actions = kind.kind === VirtualMachineKind.kind ? machineActions : [];
  return [
    ...(kind.hasStatus ? [{ name: "status", verbs: ["get", "update", "patch"] } as const] : []),
    ...(kind.scale === undefined ? [] : [scale]),
    ...(kind.kind === VirtualMachineKind.kind ? [console] : []),
    ...(kind.kind === PodKind.kind ? podTerminals : []),
    ...(kind.kind === HostKind.kind ? hostParts : []),
    ...actions.map((name) => ({ name, verbs: ["update"] }) as const),
  ];
}
