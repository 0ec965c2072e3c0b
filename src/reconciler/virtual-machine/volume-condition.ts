import type { NewCondition } from "../../schema/conditions.ts";
import { isActive } from "./run-strategy.ts";
import type { StatusInput } from "./status.ts";
import { unwantedVolumes } from "./volume-steps.ts";
import { grantedVolumes, waitingVolume } from "./volumes.ts";

type Said = Omit<NewCondition, "observedGeneration">;

/** Whether a running machine has the volumes that its spec names, and no others; undefined without any. */
export function volumesCondition(input: StatusInput): Said | undefined {
  const { vm, memory, observed, desired, plan, failure } = input;
  const isNamed = vm.spec.disks.some(({ volume }) => volume !== undefined);
  if (!isNamed && memory.attachedVolumes === undefined) return undefined;
  const blocked = plan.blockedBy?.reason.startsWith("Volume") ? plan.blockedBy : undefined;
  const volumes = desired?.type === "resolved" ? desired.machine.volumes : [];
  const waiting = blocked ?? waitingVolume(volumes);
  if (waiting !== undefined) return not(waiting.reason, waiting.message);
  const known = { ...vm, status: memory };
  const [held] = desired === undefined ? [] : unwantedVolumes({ vm: known, desired });
  if (held !== undefined) {
    const { name, detachRequests: times = 0 } = held;
    const asked = times === 0 ? "" : `; the guest was asked ${times} times`;
    return not("Detaching", `volume "${name}" has not been let go yet${asked}`);
  }
  if (!isActive(observed?.domain)) return not("NotRunning", "it gets its volumes when it is started");
  const missing = grantedVolumes(volumes).filter(({ device }) => !observed?.live?.has(device.volume));
  if (missing.length === 0 && desired?.type === "resolved") {
    return { type: "VolumesAttached", status: "True", reason: "Attached", message: "" };
  }
  const out = missing.find(({ unusable }) => unusable !== undefined);
  if (out !== undefined)
    return not("VolumeNotReady", `volume "${out.record.name}" is not ready: ${out.unusable}`);
  const names = missing.map(({ record }) => `"${record.name}"`).join(", ");
  return not("Attaching", failure ?? `volumes ${names} are being attached`);
}

function not(reason: string, message: string): Said {
  return { type: "VolumesAttached", status: "False", reason, message };
}
