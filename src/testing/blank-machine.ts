import type { VirtualMachine } from "../schema/virtual-machine.ts";

/** The least machine that QEMU really runs: its firmware, which finds nothing to boot from. */
export function blankMachine(name: string, spec: Partial<VirtualMachine["spec"]> = {}): VirtualMachine {
  return {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { name, namespace: "default" },
    spec: {
      runStrategy: "Always",
      cpus: 1,
      memory: "24Mi",
      disks: [{ name: "data", size: "1Mi", bus: "virtio" }],
      networks: [],
      terminationGracePeriodSeconds: 0,
      ...spec,
    },
  };
}
