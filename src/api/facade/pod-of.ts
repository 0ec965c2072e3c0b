import { findCondition } from "../../schema/conditions.ts";
import { guestAddresses } from "../../schema/guest-addresses.ts";
import { apiVersionOf } from "../../schema/kind.ts";
import type { Condition } from "../../schema/meta.ts";
import type { Pod } from "../../schema/pod.ts";
import {
  type PrintableStatus,
  type RunStrategy,
  type VirtualMachine,
  VirtualMachineKind,
} from "../../schema/virtual-machine.ts";
import { derivedUid } from "./derived-uid.ts";

type ContainerStatus = Pod["status"]["containerStatuses"][number];

/** A machine as a pod: what both have is the same, what only pods have is left out or says so. */
export function podOf(vm: VirtualMachine): Pod {
  const { name, namespace, uid = "", resourceVersion, generation, creationTimestamp, labels } = vm.metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds } = vm.metadata;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      uid: derivedUid("Pod", uid),
      ...(namespace !== undefined && { namespace }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(generation !== undefined && { generation }),
      ...(creationTimestamp !== undefined && { creationTimestamp }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
      ...(deletionGracePeriodSeconds !== undefined && { deletionGracePeriodSeconds }),
      ...(labels !== undefined && { labels }),
      ownerReferences: [
        { apiVersion: apiVersionOf(VirtualMachineKind), kind: "VirtualMachine", name, uid, controller: true },
      ],
    },
    spec: specOf(vm),
    status: statusOf(vm),
  };
}

function specOf({ spec, status }: VirtualMachine): Pod["spec"] {
  return {
    ...(status?.hostName !== undefined && { nodeName: status.hostName }),
    restartPolicy: restartPolicyOf(spec.runStrategy),
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds,
    ...(spec.priorityClassName !== undefined && { priorityClassName: spec.priorityClassName }),
    containers: [
      {
        name: "console",
        image: imageOf(spec),
        stdin: true,
        tty: true,
        resources: requestsOf(status?.allocated),
      },
    ],
  };
}

function restartPolicyOf(strategy: RunStrategy): Pod["spec"]["restartPolicy"] {
  switch (strategy) {
    case "Always":
      return "Always";
    case "RerunOnFailure":
      return "OnFailure";
    case "Once":
    case "Manual":
    case "Halted":
      return "Never";
  }
}

function imageOf({ disks }: VirtualMachine["spec"]): string {
  return disks.map(({ image }) => image).find((image) => image !== undefined) ?? "";
}

type Allocated = NonNullable<VirtualMachine["status"]>["allocated"];

function requestsOf(allocated: Allocated): Pod["spec"]["containers"][number]["resources"] {
  if (allocated === undefined) return {};
  const cpu = `${Math.round(allocated.cpus * 1000)}m`;
  return { requests: { cpu, memory: String(allocated.memoryBytes) } };
}

function statusOf(vm: VirtualMachine): Pod["status"] {
  const { status } = vm;
  const word = status?.printableStatus ?? "Starting";
  const ready = findCondition(status?.conditions ?? [], "Ready");
  const scheduled = findCondition(status?.conditions ?? [], "Scheduled");
  const [podIP, ...more] = new Set(guestAddresses(status));
  const message = ready?.status === "True" ? undefined : ready?.message;
  const conditions = [
    ...(scheduled === undefined ? [] : [{ ...scheduled, type: "PodScheduled" }]),
    ...(ready === undefined ? [] : [{ ...ready, type: "ContainersReady" }, ready]),
  ];
  return {
    phase: phaseOf(vm, word),
    reason: word,
    ...(message !== undefined && message !== "" && { message }),
    ...(status?.startedAt !== undefined && { startTime: status.startedAt }),
    ...(podIP !== undefined && { podIP, podIPs: [podIP, ...more].map((ip) => ({ ip })) }),
    conditions: conditions.map(withoutGeneration),
    containerStatuses: [containerStatus(vm, word, message)],
  };
}

/** A pod's conditions, of which no generation is told. */
function withoutGeneration({ observedGeneration: _told, ...condition }: Condition): Condition {
  return condition;
}

function containerStatus(
  vm: VirtualMachine,
  word: PrintableStatus,
  message: string | undefined,
): ContainerStatus {
  const { spec, status } = vm;
  const runs = hasProcess(vm);
  const startedAt = status?.startedAt;
  const waiting = { reason: word, ...(message !== undefined && message !== "" && { message }) };
  return {
    name: "console",
    image: imageOf(spec),
    imageID: "",
    ready: findCondition(status?.conditions ?? [], "Ready")?.status === "True",
    started: runs,
    restartCount: status?.startFailure?.consecutiveFailCount ?? 0,
    state: runs ? { running: startedAt === undefined ? {} : { startedAt } } : { waiting },
  };
}

/** As far as was last seen. */
function hasProcess({ status }: VirtualMachine): boolean {
  return status?.domain !== undefined && status.domain.state !== "shutoff";
}

function phaseOf(vm: VirtualMachine, word: PrintableStatus): Pod["status"]["phase"] {
  if (word === "Unknown") return "Unknown";
  if (hasProcess(vm)) return "Running";
  if (word !== "Stopped") return "Pending";
  switch (vm.status?.lastRunEnd) {
    case "GuestShutdown":
      return "Succeeded";
    case "Failure":
      return "Failed";
    case undefined:
      return "Pending";
  }
}
