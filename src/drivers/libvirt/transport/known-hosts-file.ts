import { dirname } from "node:path";
import { ensurePrivateDirectory, readIfThere, writePrivateFile } from "../../../runtime/private-file.ts";
import { keyTypeOf, lookupName } from "./known-hosts.ts";

/**
 * A known_hosts file of our own, one key to a line. What people add to it by hand stays, but for lines that
 * name just the host that is changed.
 */
export class KnownHostsFile {
  readonly path: string;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  /** Makes the key the only one that this file knows of the host. */
  put(host: string, port: number, key: Buffer): Promise<void> {
    const line = `${lookupName(host, port)} ${keyTypeOf(key)} ${key.toString("base64")}`;
    return this.#change(async (lines) => {
      await this.#write([...withoutHost(lines, host, port), line]);
    });
  }

  /** Forgets the host's keys. Returns whether there were any. */
  remove(host: string, port: number): Promise<boolean> {
    return this.#change(async (lines) => {
      const kept = withoutHost(lines, host, port);
      if (kept.length === lines.length) return false;
      await this.#write(kept);
      return true;
    });
  }

  /** One change after another: each begins with what the last has written. */
  #change<T>(change: (lines: readonly string[]) => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      const text = (await readIfThere(this.path)) ?? "";
      return change(text.split("\n").filter((line) => line !== ""));
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #write(lines: readonly string[]): Promise<void> {
    await ensurePrivateDirectory(dirname(this.path));
    await writePrivateFile(this.path, lines.map((line) => `${line}\n`).join(""));
  }
}

function withoutHost(lines: readonly string[], host: string, port: number): readonly string[] {
  const name = lookupName(host, port);
  return lines.filter((line) => line.trim().split(/[ \t]/, 1)[0]?.toLowerCase() !== name);
}
