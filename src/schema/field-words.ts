import { borrowedWords } from "./words/borrowed.ts";
import { ownWords } from "./words/own.ts";

/**
 * What fields mean whose schema does not say it, by the end of their path: what stands in many places is told
 * once. For `kubectl explain` and everything else that reads OpenAPI.
 */
const words: Readonly<Record<string, string>> = { ...ownWords, ...borrowedWords };

/** What the field at a path means, such as `VirtualMachine.spec.cpus`; undefined when nobody has said it. */
export function wordsFor(path: string): string | undefined {
  for (let rest = path; rest !== ""; rest = afterFirst(rest)) {
    if (Object.hasOwn(words, rest)) return words[rest];
  }
  return undefined;
}

function afterFirst(path: string): string {
  const dot = path.indexOf(".");
  return dot < 0 ? "" : path.slice(dot + 1);
}
