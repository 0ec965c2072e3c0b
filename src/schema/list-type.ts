/** How lists and maps are merged by apply and patches: Kubernetes' marks, which OpenAPI shows to clients. */

/** One value: whoever writes it owns all of it. */
export const atomicList = { "x-kubernetes-list-type": "atomic" } as const;

/** Scalars, each once and each with owners of its own. */
export const setList = { "x-kubernetes-list-type": "set" } as const;

/** An object that is one value, as `atomicList`. */
export const atomicMap = { "x-kubernetes-map-type": "atomic" } as const;

/** Objects told apart by these fields, which the schema or the kind's rules keep unique. */
export function mapList(...keys: readonly [string, ...string[]]) {
  return { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": keys } as const;
}

/** The words that are no validation: JSON Schema compilers must be told of them. */
export const mergeKeywords: readonly string[] = [
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-map-type",
];
