import type { FakeHypervisor } from "./drivers/fake/fake-hypervisor.ts";
import { hasReason, StatusError } from "./runtime/errors.ts";
import { admit } from "./schema/admission.ts";
import { defaultClusterRoleBindings, defaultClusterRoles } from "./schema/default-roles.ts";
import { HostKind } from "./schema/host.ts";
import type { Kind } from "./schema/kind.ts";
import { mendBinding, mendRole } from "./schema/mend-roles.ts";
import { namePattern, type Resource } from "./schema/meta.ts";
import { type Namespace, NamespaceKind, systemNamespace } from "./schema/namespace.ts";
import { ClusterRoleBindingKind, ClusterRoleKind } from "./schema/rbac.ts";
import { SourceKind } from "./schema/source.ts";
import type { Store } from "./store/store.ts";

/** A host named on the command line or in the configuration. */
export interface HostArgument {
  readonly name: string;
  readonly uri: string;
}

/** Makes the namespaces that always exist and returns the cluster's id: it lives as long as the store. */
export async function ensureNamespaces(store: Store): Promise<string> {
  const namespace = (name: string): Namespace => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
  });
  await createIfMissing(store, NamespaceKind, namespace("default"));
  const system = await createIfMissing(store, NamespaceKind, namespace(systemNamespace));
  return system.metadata.uid ?? "";
}

/** Makes the roles that always exist, and puts back what they lack unless people have said to leave them. */
export async function ensureDefaultRoles(store: Store): Promise<void> {
  for (const role of defaultClusterRoles) {
    const mended = mendRole(await createIfMissing(store, ClusterRoleKind, role), role);
    if (mended !== undefined) await store.update(ClusterRoleKind, mended);
  }
  for (const binding of defaultClusterRoleBindings) {
    const mended = mendBinding(await createIfMissing(store, ClusterRoleBindingKind, binding), binding);
    if (mended !== undefined) await store.update(ClusterRoleBindingKind, mended);
  }
}

/** Registers a host unless one of that name or with that URI is known; what people changed stays. */
export async function ensureHost(
  store: Store,
  { name, uri }: HostArgument,
  accelerator: string,
): Promise<void> {
  const { items } = await store.list(HostKind);
  if (items.some((host) => host.spec.uri === uri)) return;
  const manifest = {
    apiVersion: "ostler.dev/v1",
    kind: "Host",
    metadata: { name },
    spec: { uri, accelerator },
  };
  await createIfMissing(store, HostKind, admit(HostKind, manifest));
}

/** Registers the folder of manifests, as the source of that name; the folder may move from start to start. */
export async function ensureSource(store: Store, directory: string): Promise<void> {
  const manifest = {
    apiVersion: "ostler.dev/v1",
    kind: "Source",
    metadata: { name: "manifests" },
    spec: { directory },
  };
  const known = await store.get(SourceKind, { name: manifest.metadata.name });
  const source = known ?? (await createIfMissing(store, SourceKind, admit(SourceKind, manifest)));
  if (source.spec.directory === directory) return;
  await store.update(SourceKind, { ...source, spec: { ...source.spec, directory } });
}

/**
 * Makes hosts in memory, 64 CPUs and 256 GiB each, and registers them. After a restart they are the same
 * hosts with nothing on them: what ran there is seen to be gone, and is started again.
 */
export async function ensureFakeHosts(
  store: Store,
  hypervisor: FakeHypervisor,
  count: number,
): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `fake-${index + 1}`);
  for (const [index, name] of names.entries()) {
    hypervisor.addHost({
      name,
      hostUuid: `fa4e0000-0000-4000-8000-${String(index + 1).padStart(12, "0")}`,
      cpus: 64,
      memoryBytes: 256 * 2 ** 30,
      diskBytes: 4 * 2 ** 40,
      accelerators: ["qemu"],
    });
  }
  await Promise.all(names.map((name) => ensureHost(store, { name, uri: `fake://${name}` }, "qemu")));
}

/** `NAME=URI`, or a URI whose host, or this machine's name for a local one, becomes the name. */
export function parseHostArgument(text: string, localName: string): HostArgument {
  const given = /^([a-z0-9][a-z0-9.-]*)=(.+)$/.exec(text);
  const uri = given?.[2] ?? text;
  const authority = /^[a-z]+(?:\+[a-z0-9]+)?:\/\/(?:[^@/]*@)?([^/:?]*)/.exec(uri);
  if (authority === null) {
    throw new StatusError("BadRequest", `--host "${text}" is not a libvirt URI such as qemu:///system`);
  }
  const host = authority[1] === undefined || authority[1] === "" ? localName : authority[1];
  const name =
    given?.[1] ??
    host
      .toLowerCase()
      .replace(/[^a-z0-9.-]+/g, "-")
      .replace(/^[.-]+|[.-]+$/g, "");
  if (!new RegExp(namePattern).test(name)) {
    throw new StatusError(
      "BadRequest",
      `--host "${text}": "${name}" cannot be a host's name; give one: NAME=URI`,
    );
  }
  return { name, uri };
}

async function createIfMissing<T extends Resource>(store: Store, kind: Kind<T>, resource: T): Promise<T> {
  const key = { name: resource.metadata.name };
  const existing = await store.get(kind, key);
  if (existing !== undefined) return existing;
  try {
    return await store.create(kind, resource);
  } catch (error) {
    if (!hasReason(error, "AlreadyExists")) throw error;
    const winner = await store.get(kind, key);
    if (winner === undefined) throw error;
    return winner;
  }
}
