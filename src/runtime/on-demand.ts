import { createRequire } from "node:module";

/**
 * A module that is loaded when it is first asked for, at once: a start need not carry what it does not need.
 * `from` is the `import.meta.url` of who asks, `path` what it would import.
 */
export function onDemand<T>(from: string, path: string): () => T {
  let loaded: T | undefined;
  return () => {
    loaded ??= load<T>(from, path);
    return loaded;
  };
}

/** What a module exports is as its types say, and who asks says which module it is. */
function load<T>(from: string, path: string): T {
  return createRequire(from)(path);
}
