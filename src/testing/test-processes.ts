import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Begins the line that ends the TAP of a file; "true" follows if the process can run another. */
export const endMark = "\u0004end ";

const script = fileURLToPath(new URL("test-process.ts", import.meta.url));
/** A file that has not ended by itself at this many times its time limit is killed. */
const grace = 1.05;

/** Processes that run test files, `test-process.ts`. Disposing ends those that wait for one. */
export class TestProcesses implements Disposable {
  readonly #idle: TestProcess[] = [];

  /** The TAP of a file, which is run where others ran before it, or alone. */
  async run(file: string, alone: boolean): Promise<string> {
    const process = (alone ? undefined : this.#idle.pop()) ?? new TestProcess();
    const { tap, reusable } = await process.run(file, alone);
    if (reusable && !alone) this.#idle.push(process);
    else process.kill();
    return tap;
  }

  [Symbol.dispose](): void {
    for (const process of this.#idle) process.kill();
  }
}

interface Outcome {
  readonly tap: string;
  readonly reusable: boolean;
}

class TestProcess {
  readonly #child: ChildProcess;
  #outcome = Promise.withResolvers<Outcome>();
  #tap = "";
  #watchdog: NodeJS.Timeout | undefined;

  constructor() {
    this.#child = fork(script, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    this.#child.on("message", (limit) => {
      if (typeof limit === "number" && limit > 0) this.#watch(limit * grace);
    });
    this.#child.on("close", (code, signal) => {
      const how = signal === null ? `code ${code}` : signal;
      const tap = `${this.#tap}\nnot ok - the process ended with ${how} before the file was over\n`;
      this.#end({ tap, reusable: false });
    });
  }

  /** One file at a time. */
  run(file: string, alone: boolean): Promise<Outcome> {
    this.#outcome = Promise.withResolvers();
    this.#tap = "";
    this.#child.send([file, alone]);
    return this.#outcome.promise;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #watch(limitMs: number): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.kill(), limitMs);
  }

  #read(text: string): void {
    this.#tap += text;
    const at = this.#tap.lastIndexOf(endMark);
    if (at < 0 || !this.#tap.endsWith("\n")) return;
    this.#end({ tap: this.#tap.slice(0, at), reusable: this.#tap.includes("true", at) });
  }

  #end(outcome: Outcome): void {
    clearTimeout(this.#watchdog);
    this.#outcome.resolve(outcome);
  }
}
