// The thread of a Yardstick: parses the same text now and then, and says how long that takes.
import { parentPort } from "node:worker_threads";

const everyMs = 50;
/** Enough that waking up, with caches cold, hardly counts. */
const timesEach = 150;

const text = machineText(2261);

let times = 0;
for (let round = 0; round < 200; round++) sample();
times = 0;
let spent = process.threadCpuUsage();
setInterval(sample, everyMs);
parentPort?.on("message", () => {
  if (times === 0) sample();
  // Counted from reading to reading: the system brings it up to date only when the thread rests.
  const { user, system } = process.threadCpuUsage(spent);
  parentPort?.postMessage((user + system) / times);
  spent = process.threadCpuUsage();
  times = 0;
});
parentPort?.postMessage("ready");

function sample(): void {
  for (let i = 0; i < timesEach; i++) JSON.parse(text);
  times += timesEach;
}

/** A machine with its status, as long as told. */
function machineText(bytes: number): string {
  const time = "2026-11-01T12:00:00Z";
  const types = ["Ready", "Reconciling", "Stalled", "Scheduled", "DomainDefined", "DisksReady"];
  const machine = {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: {
      name: "web-1",
      namespace: "default",
      uid: "01234567-89ab-4cde-8f01-23456789abcd",
      resourceVersion: "12345",
      generation: 3,
      creationTimestamp: time,
      labels: { app: "web", tier: "front", stage: "production" },
      annotations: { note: "" },
    },
    spec: {
      runStrategy: "Always",
      cpus: 2,
      memory: "2Gi",
      disks: [{ name: "root", image: "debian", size: "20Gi" }],
      networks: [{ name: "default", network: "default" }],
    },
    status: {
      hostName: "h17",
      printableStatus: "Running",
      observedGeneration: 3,
      conditions: types.map((type) => ({
        ...{ type, status: "True", reason: "AsExpected", message: "It is as it was asked for." },
        ...{ lastTransitionTime: time, observedGeneration: 3 },
      })),
    },
  };
  machine.metadata.annotations.note = "x".repeat(bytes - JSON.stringify(machine).length);
  return JSON.stringify(machine);
}
