import { closeSync, fdatasync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";

const syncData = promisify(fdatasync);

/** A file that is only added to. */
export interface AuditFile {
  readonly bytes: number;
  /** All of the text or, throwing, nothing of it. */
  append(text: string): void;
  /** Makes what was appended outlive the machine. */
  sync(): Promise<void>;
  close(): void;
}

/** Opens or makes a file for its owner alone. */
export function openAuditFile(path: string): AuditFile {
  const file = openSync(path, "a", 0o600);
  let bytes = fstatSync(file).size;
  if (bytes === 0) syncDirectory(dirname(path));
  return {
    get bytes() {
      return bytes;
    },
    append(text) {
      const data = Buffer.from(text);
      try {
        let written = 0;
        while (written < data.length) written += writeSync(file, data, written);
        bytes += data.length;
      } catch (error) {
        ftruncateSync(file, bytes);
        throw error;
      }
    },
    sync: () => syncData(file),
    close: () => closeSync(file),
  };
}

/** A new file is there after a crash only if its folder knows of it. */
function syncDirectory(path: string): void {
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
