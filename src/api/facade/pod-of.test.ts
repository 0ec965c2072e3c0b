import t from "tap";
import { admit } from "../../schema/admission.ts";
import { PodKind } from "../../schema/pod.ts";
import type { PrintableStatus, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { machine } from "../../testing/machine-fixture.ts";
import { podOf } from "./pod-of.ts";

const time = "2026-01-01T00:00:00Z";
const running = { name: "web-1", state: "running", reason: "booted" };
const off = { ...running, state: "shutoff" };
const ready = (status: "True" | "False", message = "") => [
  { type: "Ready", status, reason: "Any", message, lastTransitionTime: time },
];

t.test("a machine that runs is a pod that runs, under the same name and with the same labels", async (t) => {
  const vm = machine(
    { disks: [{ name: "root", image: "debian" }], priorityClassName: "high" },
    {
      printableStatus: "Running",
      hostName: "h1",
      domain: running,
      startedAt: time,
      allocated: { cpus: 1.5, memoryBytes: 2 ** 29, diskBytes: 0 },
      conditions: ready("True"),
    },
    { namespace: "prod", labels: { app: "web" }, resourceVersion: "7", creationTimestamp: time },
  );
  const pod = podOf(vm);
  t.match(pod, {
    metadata: { name: "web", namespace: "prod", labels: { app: "web" }, resourceVersion: "7" },
    spec: { nodeName: "h1", restartPolicy: "Always", priorityClassName: "high" },
    status: { phase: "Running", reason: "Running", startTime: time },
  });
  t.match(pod.spec.containers, [
    { name: "console", image: "debian", tty: true, stdin: true, resources: { requests: { cpu: "1500m" } } },
  ]);
  t.match(pod.status.containerStatuses, [{ ready: true, state: { running: { startedAt: time } } }]);
  t.match(pod.metadata.ownerReferences, [{ kind: "VirtualMachine", uid: vm.metadata.uid, controller: true }]);
  t.not(pod.metadata.uid, vm.metadata.uid, "another object");
  t.same(podOf(vm), pod, "always the same");
  t.same(admit(PodKind, pod), pod, "as its schema says");
});

t.test("a pod has the addresses that its machine is known to have, each once", async (t) => {
  const interfaces = [
    { name: "front", mac: "52:54:00:00:00:01", ipAddress: "10.0.0.2", ipAddresses: ["10.0.0.2", "fd00::2"] },
    { name: "back", mac: "52:54:00:00:00:02", ipAddress: "10.0.0.2", ipAddresses: ["10.0.0.2"] },
  ];
  const pod = podOf(machine({}, { printableStatus: "Running", domain: running, interfaces }));
  t.equal(pod.status.podIP, "10.0.0.2");
  t.strictSame(pod.status.podIPs, [{ ip: "10.0.0.2" }, { ip: "fd00::2" }]);
  t.same(admit(PodKind, pod), pod, "as its schema says");
  const without = podOf(machine({}, { printableStatus: "Running", domain: running })).status;
  t.notOk("podIP" in without || "podIPs" in without);
});

const cases: readonly (readonly [PrintableStatus, VirtualMachineStatus, string])[] = [
  ["Starting", {}, "Pending"],
  ["Provisioning", { hostName: "h1" }, "Pending"],
  ["ErrorUnschedulable", {}, "Pending"],
  ["CrashLoopBackOff", { domain: off }, "Pending"],
  ["Running", { domain: running }, "Running"],
  ["Paused", { domain: { ...running, state: "paused" } }, "Running"],
  ["Stopping", { domain: running }, "Running"],
  ["Terminating", { domain: running }, "Running"],
  ["Terminating", { domain: off }, "Pending"],
  ["Stopped", {}, "Pending"],
  ["Stopped", { domain: off, lastRunEnd: "GuestShutdown" }, "Succeeded"],
  ["Stopped", { domain: off, lastRunEnd: "Failure" }, "Failed"],
  ["Unknown", { domain: running }, "Unknown"],
];

for (const [printableStatus, status, phase] of cases) {
  t.test(`${printableStatus} of ${JSON.stringify(status)} is the phase ${phase}`, async (t) => {
    const pod = podOf(machine({}, { ...status, printableStatus, conditions: ready("False", "why") }));
    t.match(pod.status, { phase, reason: printableStatus, message: "why" });
    const [container] = pod.status.containerStatuses;
    t.equal(container?.ready, false);
    const isRunning = status.domain !== undefined && status.domain.state !== "shutoff";
    t.same(
      container?.state,
      isRunning ? { running: {} } : { waiting: { reason: printableStatus, message: "why" } },
    );
    t.same(admit(PodKind, pod), pod);
  });
}

t.test("a machine that is being deleted is a pod that is", async (t) => {
  const pod = podOf(machine({}, {}, { deletionTimestamp: time, deletionGracePeriodSeconds: 5 }));
  t.match(pod.metadata, { deletionTimestamp: time, deletionGracePeriodSeconds: 5 });
});

t.test("what restarts a machine restarts a pod", async (t) => {
  const policies = { Always: "Always", RerunOnFailure: "OnFailure", Once: "Never", Manual: "Never" } as const;
  for (const [runStrategy, policy] of Object.entries(policies)) {
    t.equal(podOf(machine({ runStrategy })).spec.restartPolicy, policy, runStrategy);
  }
});
