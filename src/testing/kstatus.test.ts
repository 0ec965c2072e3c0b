import t from "tap";
import type { UnreachableReason } from "../drivers/unreachable.ts";
import { hostStatus } from "../reconciler/host/status.ts";
import { imageStatus } from "../reconciler/image/status.ts";
import { type PoolStatusInput, poolStatus } from "../reconciler/pool/status.ts";
import type { BlockReason } from "../reconciler/virtual-machine/actions.ts";
import { planVirtualMachine } from "../reconciler/virtual-machine/plan.ts";
import type { ObservedMachine } from "../reconciler/virtual-machine/plan-input.ts";
import { machineStatus, type StatusInput } from "../reconciler/virtual-machine/status.ts";
import { volumeStatus } from "../reconciler/volume/status.ts";
import { admit } from "../schema/admission.ts";
import { type Image, ImageKind } from "../schema/image.ts";
import type { Resource } from "../schema/meta.ts";
import { SourceKind } from "../schema/source.ts";
import type { VirtualMachine } from "../schema/virtual-machine.ts";
import { type Finding, sourceStatus } from "../source/status.ts";
import { type KStatus, kstatusOf } from "./kstatus.ts";
import { domain, machine, observed, planInput, start } from "./machine-fixture.ts";
import { condition, member, pool, running } from "./pool-fixture.ts";
import { hostObject } from "./session-fixture.ts";
import { claim, deleted, holderOn, on, volume } from "./volume-plan-fixture.ts";

const object = (status: unknown, metadata: Record<string, unknown> = {}): unknown => ({
  metadata: { generation: 2, ...metadata },
  status,
});
const says = (...types: readonly string[]) =>
  types.map((text) => ({ type: text.split("=")[0], status: text.split("=")[1] }));

t.test("the decisions are taken in kstatus' order", async (t) => {
  const stalled = { observedGeneration: 2, conditions: says("Ready=True", "Stalled=True") };
  const rows: readonly (readonly [unknown, KStatus])[] = [
    [undefined, "NotFound"],
    [object(undefined), "Current"],
    [object(stalled, { deletionTimestamp: "2026-01-01T00:00:00Z" }), "Terminating"],
    [object({ ...stalled, observedGeneration: 1 }), "InProgress"],
    [object({ ...stalled, observedGeneration: -1 }), "InProgress"],
    [object({ conditions: says("Reconciling=True", "Stalled=True", "Ready=True") }), "InProgress"],
    [object(stalled), "Failed"],
    [object({ conditions: says("Ready=False", "Stalled=False", "Reconciling=False") }), "InProgress"],
    [object({ conditions: says("Ready=Unknown") }), "InProgress"],
    [object({ observedGeneration: 2, conditions: says("Ready=True", "RestartRequired=True") }), "Current"],
  ];
  for (const [given, expected] of rows) t.equal(kstatusOf(given), expected, JSON.stringify(given));
});

function check(name: string, cases: Readonly<Record<string, readonly [KStatus, Resource]>>): void {
  t.test(name, async (t) => {
    for (const [what, [expected, given]] of Object.entries(cases)) t.equal(kstatusOf(given), expected, what);
  });
}

function seen(
  vm: VirtualMachine,
  what: ObservedMachine = observed(),
  changes: Partial<StatusInput> = {},
): Resource {
  const { wanted, desired } = planInput(vm, what);
  const plan = planVirtualMachine(planInput(vm, what));
  const memory = vm.status ?? {};
  const input = { vm, memory, wanted, observed: what, desired, plan, now: start, ...changes };
  return { ...vm, ...{ status: machineStatus(input) } };
}

const vm = machine();
const off = domain(vm, { state: "shutoff", reason: "shutdown" });
const blocked = (reason: BlockReason["reason"], what: ObservedMachine = observed(off)): Resource =>
  seen(vm, what, { plan: { actions: [], blockedBy: { reason, message: "because" } } });
const idle = { plan: { actions: [] } };

check("VirtualMachine", {
  "it runs": ["Current", seen(vm, observed(domain(vm)), idle)],
  "it is being started": ["InProgress", seen(vm, observed(off))],
  "it could not be started yet": ["InProgress", seen(vm, observed(off), { failure: "no memory" })],
  "it runs, and its definition could not be changed": [
    "InProgress",
    seen(vm, observed(domain(vm)), { failure: "refused" }),
  ],
  "it should be off and runs": ["InProgress", seen(machine({ runStrategy: "Halted" }), observed(domain(vm)))],
  "it should be off and is": ["Current", seen(machine({ runStrategy: "Halted" }), observed(off), idle)],
  "it should be off and was never anywhere": [
    "Current",
    seen(machine({ runStrategy: "Halted" }), observed(), idle),
  ],
  "nobody has started it": ["Current", seen(machine({ runStrategy: "Manual" }), observed(), idle)],
  "its one run has come to its end": [
    "Current",
    seen(machine({ runStrategy: "Once" }, { started: true, lastRunEnd: "GuestShutdown" }), observed(), idle),
  ],
  "its one run has failed": [
    "Failed",
    seen(machine({ runStrategy: "Once" }, { started: true, lastRunEnd: "Failure" }), observed(), idle),
  ],
  "its one run may have been": [
    "Failed",
    seen(machine({ runStrategy: "Once" }, { started: true }), observed(), idle),
  ],
  "there is no room": ["InProgress", blocked("Unschedulable")],
  "its guest crashes again and again": ["InProgress", blocked("CrashLoopBackOff")],
  "its image is on its way": ["InProgress", blocked("ImageNotReady")],
  "its image is no disk": ["Failed", blocked("ImageNotADisk")],
  "its name is taken on the host": ["Failed", blocked("Conflict")],
  "it runs without a volume that is lost": ["Failed", blocked("VolumeMissing", observed(domain(vm)))],
  "it runs and waits for a volume": ["InProgress", blocked("VolumeNotReady", observed(domain(vm)))],
  "its host does not answer": ["InProgress", blocked("HostUnreachable")],
  "it is being deleted": [
    "Terminating",
    seen(machine({}, {}, { deletionTimestamp: "2026-01-01T00:00:00Z" }), observed(domain(vm))),
  ],
});

const three = ["a", "b", "c"].map((name) => member(name, running()));
const starting = member("d", { hostName: "h1", printableStatus: "Starting" });
const stuck = member("e", { conditions: [condition("Ready", "False"), condition("Stalled", "True")] });
const pooled = (changes: Partial<PoolStatusInput>): Resource => {
  const input = { pool: pool(), active: three, isSettled: true, now: start, ...changes };
  return { ...input.pool, ...{ status: poolStatus(input) } };
};
const refused = { reason: "FailedCreate", message: "exceeded quota", isTerminal: true } as const;

check("VirtualMachinePool", {
  "all are ready": ["Current", pooled({})],
  "none is wanted": ["Current", pooled({ pool: pool({ replicas: 0 }), active: [] })],
  "one is missing": ["InProgress", pooled({ active: three.slice(1) })],
  "one is too many": ["InProgress", pooled({ active: [...three, starting] })],
  "one is not ready": ["InProgress", pooled({ active: [...three.slice(1), starting] })],
  "one is ready, but not for long enough": ["InProgress", pooled({ pool: pool({ minReadySeconds: 60 }) })],
  "something was done just now": ["InProgress", pooled({ isSettled: false })],
  "one is stalled": ["Failed", pooled({ active: [...three.slice(1), stuck] })],
  "no more may be made": ["Failed", pooled({ active: [], failure: refused })],
  "no more can be made now": [
    "InProgress",
    pooled({ active: [], failure: { ...refused, isTerminal: false } }),
  ],
});

function linked(reason: UnreachableReason | "connecting"): Resource {
  const host = { ...hostObject("h1"), metadata: { name: "h1", generation: 2 } };
  const link =
    reason === "connecting"
      ? ({ state: "connecting" } as const)
      : ({ state: "unreachable", reason, message: "because", lastSeenMs: undefined } as const);
  const seen = { pool: undefined, accelerator: undefined, foreign: [], orphans: [] };
  const nothing = {
    ...seen,
    strays: [],
    duplicateOf: undefined,
    massOutage: undefined,
    newerPlacement: undefined,
    now: start,
  };
  return { ...host, ...{ status: hostStatus({ host, link, ...nothing }) } };
}

check("Host", {
  "it is being connected": ["InProgress", linked("connecting")],
  "it does not answer": ["InProgress", linked("Timeout")],
  "nobody has said that its key is its own": ["Failed", linked("HostKeyUnknown")],
  "it does not let us in": ["Failed", linked("AuthenticationFailed")],
});

const image: Image = {
  ...admit(ImageKind, {
    apiVersion: "ostler.dev/v1",
    kind: "Image",
    metadata: { name: "debian", generation: 2 },
    spec: { source: { file: "/images/debian.qcow2" } },
  }),
};
const facts = {
  digest: `sha256:${"a".repeat(64)}`,
  format: "qcow2",
  contents: "disk",
  sizeBytes: 1000,
  virtualSizeBytes: 2 ** 30,
} as const;
const found = (outcome: Parameters<typeof imageStatus>[1]): Resource => ({
  ...image,
  ...{ status: imageStatus(image, outcome, start) },
});

check("Image", {
  "its content is there": ["Current", found({ type: "available", facts })],
  "its content is on its way": ["InProgress", found({ type: "downloading" })],
  "its address does not answer": [
    "InProgress",
    found({ type: "failed", failure: "DownloadFailed", message: "" }),
  ],
  "its content is not what was promised": [
    "Failed",
    found({ type: "failed", failure: "ChecksumMismatch", message: "" }),
  ],
});

type VolumeGiven = Partial<Parameters<typeof volumeStatus>[0]>;
const kept = (
  status: Parameters<typeof volume>[0],
  given: VolumeGiven = {},
  metadata: Parameters<typeof volume>[1] = {},
): Resource => {
  const one = volume(status, { generation: 2, ...metadata });
  return { ...one, ...{ status: volumeStatus({ volume: one, holder: undefined, now: start, ...given }) } };
};

check("Volume", {
  "it is nowhere yet": ["InProgress", kept({})],
  "it is there": ["Current", kept(on("h1"))],
  "it is to grow": ["InProgress", kept(on("h1", { capacityBytes: 2 ** 29 }))],
  "its machine is to get it": ["Current", kept(on("h1", { attachedTo: claim }), { holder: holderOn("h1") })],
  "its data is lost": ["Failed", kept(on("h1"), { blockedBy: { reason: "VolumeLost", message: "" } })],
  "its host does not answer": [
    "InProgress",
    kept(on("h1"), { blockedBy: { reason: "HostUnreachable", message: "" } }),
  ],
  "it is being deleted": ["Terminating", kept(on("h1"), {}, deleted)],
});

const source = admit(SourceKind, {
  apiVersion: "ostler.dev/v1",
  kind: "Source",
  metadata: { name: "manifests", generation: 2 },
  spec: { directory: "/m" },
});
const looked = (finding: Finding): Resource => ({
  ...source,
  ...{ status: sourceStatus(source, finding, "2026-01-01T00:00:00Z") },
});
const applied: Extract<Finding, { type: "applied" }> = {
  ...{ type: "applied", files: 1, objects: 1, device: "8", changed: true },
  problems: [],
  prune: { type: "nothing" },
};

check("Source", {
  "everything is as the folder says": ["Current", looked(applied)],
  "the folder cannot be read now": ["InProgress", looked({ type: "unreadable", message: "no such folder" })],
  "a file is wrong": ["Failed", looked({ ...applied, problems: [{ file: "a.yaml", message: "wrong" }] })],
});
