import { controllerReference } from "../reconciler/pool/new-member.ts";
import { admit } from "../schema/admission.ts";
import type { Condition } from "../schema/meta.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../schema/virtual-machine.ts";
import { type VirtualMachinePool, VirtualMachinePoolKind } from "../schema/virtual-machine-pool.ts";
import { machine } from "./machine-fixture.ts";

export const poolUid = "aaaaaaaa-0000-4000-8000-000000000000";

/** A pool `web` of machines labelled `app: web`, as a client would write it; `spec` overrides. */
export function poolManifest(name = "web", spec: Record<string, unknown> = {}) {
  const template = { metadata: { labels: { app: "web" } }, spec: { cpus: 1, memory: "512Mi" } };
  return {
    apiVersion: "ostler.dev/v1" as const,
    kind: "VirtualMachinePool" as const,
    metadata: { name },
    spec: { replicas: 3, selector: { matchLabels: { app: "web" } }, template, ...spec },
  };
}

/** A pool as the store would hand it out. */
export function pool(
  spec: Record<string, unknown> = {},
  metadata: Record<string, unknown> = {},
): VirtualMachinePool {
  const manifest = poolManifest("web", spec);
  return admit(VirtualMachinePoolKind, {
    ...manifest,
    metadata: { ...manifest.metadata, uid: poolUid, generation: 1, ...metadata },
  });
}

/** The last digit of their uids tells machines apart. */
let made = 0;

/** A machine with the label that pools ask for; the pool's own unless told otherwise. */
export function member(
  name: string,
  status: VirtualMachineStatus = {},
  metadata: Record<string, unknown> = {},
  spec: Record<string, unknown> = {},
): VirtualMachine {
  made += 1;
  const ownerReferences = [controllerReference(pool())];
  const uid = `bbbbbbbb-0000-4000-8000-${String(made).padStart(12, "0")}`;
  return machine(spec, status, { name, uid, labels: { app: "web" }, ownerReferences, ...metadata });
}

/** The status of a machine that has run since then. */
export function running(hostName = "h1", since = "2026-01-01T00:00:00Z"): VirtualMachineStatus {
  return { hostName, printableStatus: "Running", conditions: [condition("Ready", "True", since)] };
}

export function condition(
  type: string,
  status: Condition["status"],
  lastTransitionTime = "2026-01-01T00:00:00Z",
): Condition {
  return { type, status, reason: "Told", message: "told so", lastTransitionTime };
}
