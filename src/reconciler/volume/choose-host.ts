import type { HostRoom } from "./plan-input.ts";

export type HostChoice =
  | { readonly type: "chosen"; readonly hostName: string }
  | { readonly type: "none"; readonly message: string };

/** In the order in which they are told. */
const whys = ["not ready", "cordoned", "being deleted", "with too little disk"] as const;

/**
 * The host on which a volume of this size is made: the preferred one if it can take it, else the one with the
 * most free disk; among equals the first by name.
 */
export function chooseHost(hosts: readonly HostRoom[], bytes: number, preferred?: string): HostChoice {
  const able = hosts.filter(({ closed, freeDiskBytes }) => closed === undefined && freeDiskBytes >= bytes);
  const [best] = able.toSorted(
    (a, b) =>
      Number(b.name === preferred) - Number(a.name === preferred) ||
      b.freeDiskBytes - a.freeDiskBytes ||
      (a.name < b.name ? -1 : 1),
  );
  if (best !== undefined) return { type: "chosen", hostName: best.name };
  if (hosts.length === 0) return { type: "none", message: "there are no hosts: add a Host" };
  const byWhy = Map.groupBy(hosts, ({ closed = "with too little disk" }) => closed);
  const why = whys.flatMap((word) => (byWhy.has(word) ? [`${byWhy.get(word)?.length} ${word}`] : []));
  return { type: "none", message: `0 of ${hosts.length} hosts can take it: ${why.join(", ")}` };
}
