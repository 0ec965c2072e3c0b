import type { SourceFile } from "./apply.ts";
import type { Outcome } from "./execute.ts";
import type { Applied } from "./status.ts";

/** All that a look at a folder depends on, but for the time. */
export interface Scene {
  /** Of the whole store. */
  readonly revision: string;
  /** The file system that the folder is on. */
  readonly device: string;
  readonly files: readonly SourceFile[];
}

/** Whether a look has found all as it should be: the next one at the same scene would find no more to do. */
export function isAtRest({ files }: Scene, finding: Applied, { races }: Outcome): boolean {
  const { problems, prune, changed } = finding;
  const isQuiet = problems.length === 0 && prune.type === "nothing" && !changed && races === 0;
  return isQuiet && files.every(({ state }) => state === "good");
}

/** Whether nothing has changed. What a file says is the very same object for as long as its content is. */
export function isSameScene(before: Scene | undefined, now: Scene): boolean {
  if (before === undefined || before.revision !== now.revision || before.device !== now.device) return false;
  return (
    before.files.length === now.files.length &&
    before.files.every((file, index) => isSameFile(file, now.files[index]))
  );
}

function isSameFile(before: SourceFile, now: SourceFile | undefined): boolean {
  return before.path === now?.path && before.state === now.state && before.manifests === now.manifests;
}
