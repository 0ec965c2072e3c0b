import { type PlacementRequest, type RequestLookups, resolveRequest } from "../../scheduler/request.ts";
import type { Resources } from "../../schema/host.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";

const nothing: Resources = { cpus: 0, memoryBytes: 0, diskBytes: 0 };

/**
 * What a machine that has a host counts for beside others: what it has been promised, whatever its spec asks
 * for by now, and also when something that its spec names is gone.
 */
export function placedRequest(
  vm: VirtualMachine,
  promised: Resources = vm.status?.allocated ?? nothing,
  lookups: RequestLookups,
): PlacementRequest {
  const resolution = resolveRequest(vm, lookups);
  if (resolution.type === "resolved") return { ...resolution.request, resources: promised };
  const { metadata, spec } = vm;
  return {
    uid: metadata.uid ?? "",
    namespace: metadata.namespace ?? "default",
    name: metadata.name,
    labels: metadata.labels ?? {},
    resources: promised,
    architectures: [],
    contents: [],
    volumeHosts: [],
    rules: spec,
    priority: 0,
    preemptible: false,
    preemptionPolicy: "Never",
  };
}
