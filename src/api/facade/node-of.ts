import { deepEqual } from "../../runtime/equal.ts";
import { StatusError } from "../../runtime/errors.ts";
import type { Host, Resources } from "../../schema/host.ts";
import type { Node } from "../../schema/node.ts";
import { derivedUid } from "./derived-uid.ts";

/** A host as a node: its Ready is the host's, what it can hold is what the host can. */
export function nodeOf(host: Host): Node {
  const { name, uid = "", resourceVersion, generation, creationTimestamp, labels } = host.metadata;
  const { spec, status } = host;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      uid: derivedUid("Node", uid),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(generation !== undefined && { generation }),
      ...(creationTimestamp !== undefined && { creationTimestamp }),
      labels: { ...labels, "kubernetes.io/hostname": name },
    },
    spec: {
      ...(spec.unschedulable && { unschedulable: true }),
      ...(spec.taints !== undefined && { taints: spec.taints }),
    },
    status: {
      ...(status?.capacity !== undefined && { capacity: amountsOf(status.capacity) }),
      ...(status?.allocatable !== undefined && { allocatable: amountsOf(status.allocatable) }),
      conditions: (status?.conditions ?? []).map(({ observedGeneration: _told, ...condition }) => condition),
      addresses: status?.hostname === undefined ? [] : [{ type: "Hostname", address: status.hostname }],
      nodeInfo: nodeInfoOf(host),
    },
  };
}

/**
 * The host that a changed node asks for. Throws `Invalid` unless nothing but `spec.unschedulable` is another:
 * a host is changed where it is written down.
 */
export function hostCordonedBy(host: Host, changed: Node): Host {
  const unschedulable = changed.spec.unschedulable === true;
  const wanted = { ...host, spec: { ...host.spec, unschedulable } };
  const { metadata: _asked, ...asked } = changed;
  const { metadata: _shown, ...shown } = nodeOf(wanted);
  const { unschedulable: _no, ...rest } = asked.spec;
  const plain = unschedulable ? asked : { ...asked, spec: rest };
  const same = deepEqual(writtenIn(changed), writtenIn(nodeOf(wanted)));
  if (same && deepEqual(plain, shown)) return wanted;
  const message = `of a node only spec.unschedulable can be changed: change host "${host.metadata.name}"`;
  throw new StatusError("Invalid", message, { causes: [{ field: "spec", message, reason: "Forbidden" }] });
}

/** What of an object's metadata belongs to who writes it. */
function writtenIn({ metadata }: Node) {
  const { labels, annotations = {}, finalizers = [], ownerReferences = [] } = metadata;
  return { labels, annotations, finalizers, ownerReferences };
}

function amountsOf({ cpus, memoryBytes, diskBytes }: Resources) {
  return {
    cpu: Number.isInteger(cpus) ? String(cpus) : `${Math.round(cpus * 1000)}m`,
    memory: String(memoryBytes),
    "ephemeral-storage": String(diskBytes),
  };
}

/** Go's names for processors, which Kubernetes' clients expect. */
const architectures: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

function nodeInfoOf({ status }: Host): Node["status"]["nodeInfo"] {
  const { hypervisor, architecture = "", hostUuid = "" } = status ?? {};
  const libvirt = hypervisor === undefined ? "" : `libvirt://${hypervisor.libvirt}`;
  return {
    architecture: architectures[architecture] ?? architecture,
    bootID: "",
    containerRuntimeVersion: libvirt,
    kernelVersion: "",
    kubeProxyVersion: "",
    kubeletVersion: libvirt,
    machineID: "",
    operatingSystem: "",
    osImage: hypervisor === undefined ? "" : `${hypervisor.type} ${hypervisor.version}`,
    systemUUID: hostUuid,
  };
}
