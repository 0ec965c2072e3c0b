import { type Lease, LeaseKind } from "../schema/lease.ts";
import type { OwnerReference, Resource } from "../schema/meta.ts";
import type { Engine } from "./engine-fixture.ts";

/** Leases that own one another: objects that no controller but the garbage collector cares for. */
export async function addLease(
  { store }: Pick<Engine, "store">,
  name: string,
  ownerReferences: readonly OwnerReference[] = [],
  finalizers: readonly string[] = [],
  namespace = "default",
): Promise<Lease> {
  const references = ownerReferences.length === 0 ? {} : { ownerReferences: [...ownerReferences] };
  return store.create(LeaseKind, {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace, finalizers: [...finalizers], ...references },
  });
}

/** The names of all leases there are. */
export async function leaseNames({ store }: Pick<Engine, "store">): Promise<string[]> {
  return (await store.list(LeaseKind)).items.map(({ metadata }) => metadata.name);
}

export function leaseKey(name: string) {
  return { namespace: "default", name };
}

/** A reference that makes this object an owner. */
export function reference(
  { apiVersion, kind, metadata }: Resource,
  rest: Partial<OwnerReference> = {},
): OwnerReference {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "", ...rest };
}

/** Takes away what holds a lease. */
export async function letLeaseGo({ store }: Pick<Engine, "store">, name: string): Promise<void> {
  const found = await store.get(LeaseKind, leaseKey(name));
  if (found === undefined) throw new Error(`there is no lease ${name}`);
  await store.update(LeaseKind, { ...found, metadata: { ...found.metadata, finalizers: [] } });
}
