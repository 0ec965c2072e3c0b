import { fnv1a } from "../../runtime/hash.ts";

/** The uid of an object that is another in disguise: the same for the same one, and nobody else's. */
export function derivedUid(kind: string, uid: string): string {
  const hex = fnv1a(`${kind}/${uid}`) + fnv1a(`${uid}/${kind}`);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join("-");
}
