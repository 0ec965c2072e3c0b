import { fnv1a } from "../../runtime/hash.ts";
import { apiVersionOf } from "../../schema/kind.ts";
import type { OwnerReference } from "../../schema/meta.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import {
  templateHashAnnotation,
  type VirtualMachinePool,
  VirtualMachinePoolKind,
} from "../../schema/virtual-machine-pool.ts";

/** Without vowels, so that names spell nothing. */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";
const suffixLength = 5;
const maxName = 63;

/** A name for a member: the pool's and five characters. `next` is random in [0, 1). */
export function memberName({ metadata }: VirtualMachinePool, next: () => number): string {
  const pick = (): string => alphabet.charAt(Math.floor(next() * alphabet.length));
  const suffix = Array.from({ length: suffixLength }, pick).join("");
  const stem = metadata.name.slice(0, maxName - suffixLength - 1).replace(/[.-]+$/, "");
  return `${stem}-${suffix}`;
}

/** The machine that the template describes, as the pool's. */
export function newMember(pool: VirtualMachinePool, name: string): VirtualMachine {
  const { metadata = {}, spec } = pool.spec.template;
  const { namespace } = pool.metadata;
  return {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: { ...metadata.annotations, [templateHashAnnotation]: templateHash(pool) },
      ownerReferences: [controllerReference(pool)],
    },
    spec,
  };
}

/** What makes a machine the pool's. */
export function controllerReference({ metadata }: VirtualMachinePool): OwnerReference {
  return {
    apiVersion: apiVersionOf(VirtualMachinePoolKind),
    kind: VirtualMachinePoolKind.kind,
    name: metadata.name,
    uid: metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Tells one form of the template from another. */
export function templateHash({ spec }: VirtualMachinePool): string {
  return fnv1a(JSON.stringify(spec.template, sortedKeys));
}

/** The order in which fields were written says nothing. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
