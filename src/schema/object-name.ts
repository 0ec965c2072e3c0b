import { fnv1a } from "../runtime/hash.ts";
import { namePattern } from "./meta.ts";

const valid = new RegExp(namePattern);
const readableLength = 46;

/**
 * The name of the object for what people call `text`: the text itself where that is one, else what is
 * readable of it and a hash of all of it. The same for the same text; two texts that differ have two names.
 */
export function objectNameFor(text: string): string {
  if (valid.test(text)) return text;
  const readable = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, readableLength)
    .replace(/-$/, "");
  const hash = fnv1a(text).slice(0, 12);
  return readable === "" ? `x-${hash}` : `${readable}-${hash}`;
}
