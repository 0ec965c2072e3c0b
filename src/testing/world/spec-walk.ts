import type { Stream } from "./stream.ts";

const root = { name: "root", image: "debian" };
const data = { name: "data", size: "1Gi" };
const network = { name: "lan", network: "default" };

/** By field of a machine's spec: valid values, each of which may follow on each other. */
export const specFields: Readonly<Record<string, readonly unknown[]>> = {
  cpus: [1, 2, 4],
  memory: ["256Mi", "512Mi", "1Gi"],
  disks: [[], [root], [root, data], [{ ...data, bus: "scsi" }], [{ ...data, size: "2Gi" }]],
  networks: [
    [],
    [network],
    [
      { ...network, model: "e1000e" },
      { name: "dmz", bridge: "br1" },
    ],
  ],
  runStrategy: ["Always", "Halted", "Manual", "RerunOnFailure", "Always"],
  terminationGracePeriodSeconds: [0, 5, 60],
  hostSelector: [{}, { none: "such" }, {}],
  tolerations: [[], [{ key: "slow", operator: "Exists" }]],
  priorityClassName: ["low", "high", "low"],
};

/** A change of one field, as people make them when they try things out. */
export function randomEdit(stream: Stream): Record<string, unknown> {
  const [field, values] = stream.pick(Object.entries(specFields));
  return { [field]: stream.pick(values) };
}
