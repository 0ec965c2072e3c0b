import { admit } from "../schema/admission.ts";
import { type Volume, VolumeKind, type VolumeStatus } from "../schema/volume.ts";
import { Cluster } from "./cluster.ts";
import { persist } from "./persist.ts";

/** Creates a volume of 1 GiB; `spec` overrides. */
export function addVolume(
  cluster: Cluster,
  name: string,
  spec: Record<string, unknown> = {},
): Promise<Volume> {
  const head = { apiVersion: "ostler.dev/v1", kind: "Volume", metadata: { name } };
  return cluster.store.create(VolumeKind, admit(VolumeKind, { ...head, spec: { size: "1Gi", ...spec } }));
}

export function findVolume(cluster: Cluster, name: string): Promise<Volume | undefined> {
  return cluster.store.get(VolumeKind, { namespace: "default", name });
}

/** The status of a volume that is there. */
export async function volumeStatusOf(cluster: Cluster, name: string): Promise<VolumeStatus> {
  const volume = await findVolume(cluster, name);
  if (volume === undefined) throw new Error(`there is no volume ${name}`);
  return volume.status ?? {};
}

export async function removeVolume(cluster: Cluster, name: string): Promise<void> {
  await cluster.store.delete(VolumeKind, { namespace: "default", name });
}

/** Changes a volume's spec as a client would. */
export async function editVolume(
  cluster: Cluster,
  name: string,
  spec: Record<string, unknown>,
): Promise<Volume> {
  return persist(async () => {
    const volume = await findVolume(cluster, name);
    if (volume === undefined) throw new Error(`there is no volume ${name}`);
    const edited = admit(VolumeKind, { ...volume, spec: { ...volume.spec, ...spec } });
    return cluster.store.update(VolumeKind, edited);
  });
}

/** The hosts that have a file of this volume, in order. */
export function hostsWith(cluster: Cluster, file: string): readonly string[] {
  return [...cluster.hypervisor.hosts]
    .filter((host) => host.pool(Cluster.clusterId).has(file))
    .map(({ name }) => name)
    .sort();
}
