import { HostKind } from "../../schema/host.ts";
import type { Kind } from "../../schema/kind.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { hostKeySubresource } from "./host-key.ts";
import { machineActions } from "./machine-actions.ts";

/** A part of an object with a path of its own, and what may be done with it. */
export interface Subresource {
  readonly name: string;
  readonly verbs: readonly ("get" | "update" | "patch" | "delete")[];
}

const hostKey: Subresource = { name: hostKeySubresource, verbs: ["get", "update", "delete"] };

/** What a kind has below the paths of its objects. */
export function subresourcesOf(kind: Kind): readonly Subresource[] {
  const actions = kind.kind === VirtualMachineKind.kind ? machineActions : [];
  return [
    ...(kind.hasStatus ? [{ name: "status", verbs: ["get", "update", "patch"] } as const] : []),
    ...(kind.kind === HostKind.kind ? [hostKey] : []),
    ...actions.map((name) => ({ name, verbs: ["update"] }) as const),
  ];
}
