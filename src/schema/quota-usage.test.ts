import t from "tap";
import { admit } from "./admission.ts";
import { ImageKind } from "./image.ts";
import { InstanceTypeKind } from "./instance-type.ts";
import type { Kind } from "./kind.ts";
import type { Resource } from "./meta.ts";
import {
  countNameOf,
  isMeasured,
  isQuotaKind,
  type Lookup,
  limitsOf,
  sizingFacts,
  usageOf,
} from "./quota-usage.ts";
import { ResourceQuotaKind } from "./resource-quota.ts";
import { SecretKind } from "./secret.ts";
import { VirtualMachineKind } from "./virtual-machine.ts";
import { VolumeKind } from "./volume.ts";

const ours = "ostler.dev/v1";
const machine = (spec: object): Resource =>
  admit(VirtualMachineKind, { apiVersion: ours, kind: "VirtualMachine", metadata: { name: "web" }, spec });
const small = admit(InstanceTypeKind, {
  apiVersion: ours,
  kind: "InstanceType",
  metadata: { name: "small" },
  spec: { cpus: 4, memory: "2Gi", disk: "20Gi" },
});
const image = admit(ImageKind, {
  apiVersion: ours,
  kind: "Image",
  metadata: { name: "debian" },
  spec: { source: { file: "/images/debian.qcow2" } },
});
const known = new Map<string, Resource>([
  ["InstanceType small", small],
  ["Image debian", { ...image, status: { virtualSizeBytes: 3 * 2 ** 30 } } as Resource],
]);
const lookup: Lookup = ({ kind }: Kind, name) => known.get(`${kind} ${name}`);
const gi = 2 ** 30;

t.test("a machine takes what it or its type says, and its own disks", async (t) => {
  const cases = [
    [{ cpus: 2, memory: "1Gi" }, [2, gi, 0]],
    [{ instanceType: "small" }, [4, 2 * gi, 0]],
    [{ instanceType: "small", disks: [{ name: "a", image: "debian" }] }, [4, 2 * gi, 20 * gi]],
    [{ cpus: 1, memory: "1Gi", disks: [{ name: "a", image: "debian" }] }, [1, gi, 3 * gi]],
    [
      {
        cpus: 1,
        memory: "1Gi",
        disks: [
          { name: "a", size: "5Gi" },
          { name: "b", volume: "v" },
        ],
      },
      [1, gi, 5 * gi],
    ],
  ] as const;
  for (const [spec, amounts] of cases) {
    t.same([...usageOf(machine(spec), lookup).amounts.values()], amounts, JSON.stringify(spec));
  }
  t.match(usageOf(machine({ instanceType: "none" }), lookup).unknown, /instance type "none" is not known/);
});

t.test("a volume takes its size; other objects only their count", async (t) => {
  const head = { apiVersion: ours, kind: "Volume", metadata: { name: "v" } };
  const volume = admit(VolumeKind, { ...head, spec: { size: "7Gi" } });
  t.same([...usageOf(volume, lookup).amounts], [["storageBytes", 7 * gi]]);
  t.equal(usageOf(small, lookup).amounts.size, 0);
  t.same([VirtualMachineKind, VolumeKind, SecretKind].map(isMeasured), [true, true, false]);
  t.equal(countNameOf(VolumeKind), "count/volumes.ostler.dev");
  t.equal(countNameOf(SecretKind), "count/secrets");
});

t.test("the limits of a quota are kept under the names that are counted", async (t) => {
  const head = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "q" } };
  const quota = admit(ResourceQuotaKind, {
    ...head,
    spec: { hard: { cpu: 2, secrets: 1, "requests.memory": "1Gi" } },
  });
  t.same(limitsOf(quota), [
    { name: "cpu", kept: "cpus", hard: 2 },
    { name: "secrets", kept: "count/secrets", hard: 1 },
    { name: "requests.memory", kept: "memoryBytes", hard: gi },
  ]);
  t.same(limitsOf(small), []);
  t.same([ResourceQuotaKind, SecretKind].map(isQuotaKind), [true, false]);
});

t.test("what matters to others is a type's spec and an image's size", async (t) => {
  t.equal(sizingFacts(image), "undefined");
  t.match(sizingFacts(small), /"cpus":4/);
});
