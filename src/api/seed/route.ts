import type { SeedCall } from "./answers.ts";

/** Which call a path means, and the id that older forms have in the path. */
export interface Route {
  readonly call: SeedCall;
  readonly pathId?: string;
}

const calls: readonly SeedCall[] = [
  "vm/create",
  "vm/query",
  "vm/destroy",
  "vm/types",
  "image/list",
  "pm/list",
  "pm/listvms",
  "pm/query",
  "volume/create",
  "volume/query",
  "volume/destroy",
  "volume/attach",
  "volume/detach",
];

/**
 * The call that a path means: `/vm/create`, also below `/server` and with a slash at its end,
 * `/vm/image/list`, and the older `/pm/7` and `/pm/7/listvms`. Undefined: none.
 */
export function routeOf(path: string): Route | undefined {
  const steps = path.split("/").filter((step) => step !== "");
  const [first, ...rest] = steps;
  const below = first === "server" ? rest : steps;
  const name = (below[0] === "vm" && below[1] === "image" ? below.slice(1) : below).join("/");
  const call = calls.find((known) => known === name);
  if (call !== undefined) return { call };
  const [, pathId, list] = /^pm\/([0-9]+)(\/listvms)?$/.exec(name) ?? [];
  if (pathId === undefined) return undefined;
  return { call: list === undefined ? "pm/query" : "pm/listvms", pathId };
}
