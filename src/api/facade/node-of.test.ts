import t from "tap";
import { admit } from "../../schema/admission.ts";
import type { Host } from "../../schema/host.ts";
import { NodeKind } from "../../schema/node.ts";
import { hostObject } from "../../testing/session-fixture.ts";
import { throwsWith } from "../../testing/throws-with.ts";
import { hostCordonedBy, nodeOf } from "./node-of.ts";

const time = "2026-01-01T00:00:00Z";
const bare = hostObject("h1");
const host: Host = {
  ...bare,
  metadata: { ...bare.metadata, uid: "u", labels: { rack: "r1" }, resourceVersion: "7" },
  spec: { ...bare.spec, taints: [{ key: "gpu", effect: "NoSchedule" }] },
  status: {
    hostname: "h1.example.org",
    hostUuid: "11111111-2222-4333-8444-555555555555",
    architecture: "x86_64",
    hypervisor: { type: "QEMU", version: "7.2.22", libvirt: "9.0.0" },
    capacity: { cpus: 16, memoryBytes: 2 ** 36, diskBytes: 2 ** 40 },
    allocatable: { cpus: 62.5, memoryBytes: 2 ** 35, diskBytes: 2 ** 40 },
    conditions: [
      { type: "Ready", status: "True", reason: "Connected", message: "", lastTransitionTime: time },
    ],
  },
};

t.test("a host is a node, and what nobody has asked it is empty", async (t) => {
  const node = nodeOf(host);
  t.match(node, {
    metadata: { name: "h1", resourceVersion: "7", labels: { rack: "r1", "kubernetes.io/hostname": "h1" } },
    spec: { taints: [{ key: "gpu", effect: "NoSchedule" }] },
    status: {
      capacity: { cpu: "16", memory: String(2 ** 36) },
      allocatable: { cpu: "62500m" },
      conditions: [{ type: "Ready", status: "True" }],
      addresses: [{ type: "Hostname", address: "h1.example.org" }],
      nodeInfo: { architecture: "amd64", osImage: "QEMU 7.2.22", kernelVersion: "" },
    },
  });
  t.notOk("unschedulable" in node.spec);
  t.same(admit(NodeKind, node), node, "as its schema says");
  const unseen = nodeOf(bare);
  t.same(unseen.status.conditions, []);
  t.same(admit(NodeKind, unseen), unseen);
});

t.test("a node is cordoned and uncordoned, which is all that can be changed of it", async (t) => {
  const node = nodeOf(host);
  const cordoned = hostCordonedBy(host, { ...node, spec: { ...node.spec, unschedulable: true } });
  t.same(cordoned, { ...host, spec: { ...host.spec, unschedulable: true } });
  t.same(nodeOf(cordoned).spec.unschedulable, true);
  const shown = nodeOf(cordoned);
  t.same(hostCordonedBy(cordoned, { ...shown, spec: { ...shown.spec, unschedulable: false } }), host);
  t.same(hostCordonedBy(cordoned, { ...shown, spec: node.spec }), host, "as the field is taken away");
  for (const changed of [
    { ...node, spec: { ...node.spec, taints: [] } },
    { ...node, metadata: { ...node.metadata, labels: { other: "label" } } },
    { ...node, metadata: { ...node.metadata, annotations: { a: "b" } } },
    { ...node, metadata: { ...node.metadata, finalizers: ["example.org/hold"] } },
    { ...node, status: { ...node.status, addresses: [] } },
  ]) {
    throwsWith(t, () => hostCordonedBy(host, changed), "Invalid", 'change host "h1"');
  }
});
