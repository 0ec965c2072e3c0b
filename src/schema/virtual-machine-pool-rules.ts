import { deepEqual } from "../runtime/equal.ts";
import type { StatusCause } from "../runtime/errors.ts";
import { checkSelector, isEmptySelector, matchesSelector } from "./label-selector.ts";
import type { VirtualMachineSpec } from "./virtual-machine.ts";
import type { VirtualMachinePool } from "./virtual-machine-pool.ts";
import { checkVirtualMachineSpec } from "./virtual-machine-rules.ts";

/** Rules of a pool that span fields: those of a machine for its template, and what members cannot share. */
export function checkVirtualMachinePool({ spec }: VirtualMachinePool): readonly StatusCause[] {
  const { selector, template } = spec;
  const machine = [...checkVirtualMachineSpec(template.spec), ...checkShareable(template.spec)];
  return [
    ...checkSelection(selector, template),
    ...machine.map((cause) => ({ ...cause, field: `spec.template.${cause.field}` })),
  ];
}

/** What the pool's members are is decided once. */
export function checkVirtualMachinePoolUpdate(
  before: VirtualMachinePool,
  after: VirtualMachinePool,
): readonly StatusCause[] {
  if (deepEqual(before.spec.selector, after.spec.selector)) return [];
  return [{ field: "spec.selector", message: "field is immutable: make another pool" }];
}

function checkSelection(
  selector: VirtualMachinePool["spec"]["selector"],
  { metadata }: VirtualMachinePool["spec"]["template"],
): readonly StatusCause[] {
  if (isEmptySelector(selector)) {
    return [{ field: "spec.selector", message: "must not be empty: it would choose every machine" }];
  }
  const causes = checkSelector(selector, "spec.selector");
  if (causes.length > 0 || matchesSelector(selector, metadata?.labels ?? {})) return causes;
  return [{ field: "spec.template.metadata.labels", message: "the selector does not match these labels" }];
}

/** What is one of a kind cannot be in every member. */
function checkShareable(spec: VirtualMachineSpec): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  if (spec.runStrategy === "Once" || spec.runStrategy === "RerunOnFailure") {
    const message = "must be Always, Manual or Halted: members that end would be replaced for ever";
    causes.push({ field: "spec.runStrategy", message });
  }
  if (spec.domainName !== undefined) {
    causes.push({ field: "spec.domainName", message: "not in a pool: members would share the name" });
  }
  for (const [index, { volume }] of spec.disks.entries()) {
    if (volume === undefined) continue;
    const message = "not in a pool: only one machine can have a volume";
    causes.push({ field: `spec.disks[${index}].volume`, message });
  }
  for (const [index, { macAddress }] of spec.networks.entries()) {
    if (macAddress === undefined) continue;
    const message = "not in a pool: members would share the address";
    causes.push({ field: `spec.networks[${index}].macAddress`, message });
  }
  return causes;
}
