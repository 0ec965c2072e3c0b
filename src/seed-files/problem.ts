/** Something about one line of a file; lines count from 1. */
export interface LineNote {
  readonly line: number;
  readonly message: string;
}

/**
 * What a file says. With a problem in it nothing of the file counts: a file is applied whole or not at all.
 * A note is worth telling and stops nothing.
 */
export interface ParsedFile<T> {
  readonly entries: readonly T[];
  readonly problems: readonly LineNote[];
  readonly notes: readonly LineNote[];
}
