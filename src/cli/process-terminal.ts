import type { Readable, Writable } from "node:stream";
import type { Terminal } from "./terminal.ts";

type Input = Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
type Output = Writable & { readonly isTTY?: boolean };

/** The terminal that the process was started in. */
export function processTerminal(stdin: Input, stdout: Output): Terminal {
  return {
    typesByHand: stdin.isTTY === true,
    readsByEye: stdout.isTTY === true,
    async *keys(signal) {
      const stop = (): void => void stdin.destroy();
      stdin.setRawMode?.(true);
      signal.addEventListener("abort", stop, { once: true });
      try {
        if (!signal.aborted) yield* stdin;
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        signal.removeEventListener("abort", stop);
        stdin.setRawMode?.(false);
        stdin.destroy();
      }
    },
    write: (bytes) =>
      new Promise((resolve, reject) => {
        stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
  };
}
