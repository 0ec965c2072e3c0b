import type { HostFacts } from "../../drivers/driver.ts";
import type { Accelerator, Host } from "../../schema/host.ts";

export type AcceleratorChoice =
  | { readonly type: "known"; readonly accelerator: Accelerator }
  /** Only a guest that runs can tell. */
  | { readonly type: "probe"; readonly accelerator: Accelerator };

/**
 * What machines on the host are to be started with. A hypervisor that offers kvm may still hang every guest
 * (nested virtualization, a missing module), so `auto` believes only a probe guest, or an earlier answer that
 * was given for the same hypervisor.
 */
export function chooseAccelerator(
  { spec, status }: Host,
  facts: Pick<HostFacts, "accelerators" | "hostUuid" | "hypervisor">,
  probed: boolean | undefined,
): AcceleratorChoice {
  if (facts.accelerators.includes("test")) return { type: "known", accelerator: "test" };
  if (spec.accelerator !== "auto") return { type: "known", accelerator: spec.accelerator };
  if (!facts.accelerators.includes("kvm")) return { type: "known", accelerator: "qemu" };
  if (probed !== undefined) return { type: "known", accelerator: probed ? "kvm" : "qemu" };
  const same = status?.hostUuid === facts.hostUuid && status.hypervisor?.version === facts.hypervisor.version;
  if (same && status?.accelerator !== undefined && status.observedAccelerator === "auto") {
    return { type: "known", accelerator: status.accelerator };
  }
  return { type: "probe", accelerator: "kvm" };
}
