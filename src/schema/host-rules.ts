import type { StatusCause } from "../runtime/errors.ts";
import type { Host } from "./host.ts";
import { parseQuantity } from "./quantity.ts";

/** Rules of a host that its schema cannot say. */
export function checkHost({ spec }: Host): readonly StatusCause[] {
  return [...checkReserved(spec.reserved), ...checkTaints(spec.taints ?? [])];
}

function checkReserved(reserved: Host["spec"]["reserved"]): readonly StatusCause[] {
  return (["memory", "disk"] as const).flatMap((name) =>
    parseQuantity(reserved[name]) === undefined
      ? [{ field: `spec.reserved.${name}`, message: `${reserved[name]} is too much` }]
      : [],
  );
}

/** As with Kubernetes' nodes, one key may have several effects, each once. */
function checkTaints(taints: NonNullable<Host["spec"]["taints"]>): readonly StatusCause[] {
  return taints.flatMap(({ key, effect }, index) =>
    taints.findIndex((other) => other.key === key && other.effect === effect) === index
      ? []
      : [{ field: `spec.taints[${index}]`, message: `a second taint "${key}" with effect ${effect}` }],
  );
}
