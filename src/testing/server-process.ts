import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "../api/client.ts";
import { readKubeconfig } from "../cli/kubeconfig.ts";
import { messageOf } from "../runtime/errors.ts";

export interface ServerProcessOptions {
  /** Holds `state` and, if told, `manifests`; both survive the process. */
  readonly directory: string;
  /** Further arguments of `ostler serve`. */
  readonly args?: readonly string[];
  /** Whether the folder `manifests` in `directory` is kept applied. */
  readonly manifests?: boolean;
}

/** `ostler serve` as people run it: a process of its own, spoken to over its API. */
export interface ServerProcess extends AsyncDisposable {
  readonly client: Client;
  readonly pid: number;
  /** Ends it, and resolves with its exit code when it is gone; null: by the signal. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** User and system time so far, in milliseconds. */
  cpuMs(): Promise<number>;
  residentBytes(): Promise<number>;
}

const readyDeadlineMs = 30_000;

/** Starts a server on a free port and waits until it is ready. Disposing ends it with SIGTERM. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { directory, args = [] } = options;
  const state = join(directory, "state");
  const kubeconfig = join(state, "kubeconfig");
  await rm(kubeconfig, { force: true });
  const folder = options.manifests === true ? ["--manifests", join(directory, "manifests")] : [];
  const command = ["serve", "--state-dir", state, "--listen", "127.0.0.1:0", "--log-level", "error"];
  const program = fileURLToPath(new URL("../../bin/ostler", import.meta.url));
  // What the test runner adds to every node that it starts catches signals, SIGXFSZ among them.
  const asPeopleDo = ["-u", "NODE_OPTIONS", program, ...command, ...folder, ...args];
  const child = spawn("env", asPeopleDo, { stdio: ["ignore", "ignore", "pipe"] });
  const exited = once(child, "exit").then(([code]: (number | null)[]) => code ?? null);
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-4000);
  });
  const client = await connect(child, kubeconfig, () => complaints);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    const code = await exited;
    await client[Symbol.asyncDispose]();
    return code;
  };
  return {
    client,
    pid: child.pid ?? 0,
    end,
    cpuMs: () => cpuMs(child),
    residentBytes: () => residentBytes(child),
    [Symbol.asyncDispose]: async () => void (child.exitCode === null && (await end("SIGTERM"))),
  };
}

/** Calls until the answer is not undefined; throws after the deadline, with what `what` says. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  deadlineMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (let error: unknown; ; ) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (thrown) {
      error = thrown;
    }
    if (performance.now() > deadline) {
      const why = error === undefined ? "" : `; last: ${messageOf(error)}`;
      throw new Error(`waited ${deadlineMs / 1000} s in vain until ${what}${why}`, { cause: error });
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The kubeconfig is written when the server listens, which is when it is ready. */
async function connect(child: ChildProcess, kubeconfig: string, complaints: () => string): Promise<Client> {
  const look = async (): Promise<Client | undefined> => {
    if (child.exitCode !== null) throw new Error("it has ended");
    const client = new Client(await readKubeconfig(kubeconfig));
    await client.version();
    return client;
  };
  try {
    return await eventually("the server answers", look, readyDeadlineMs);
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`${messageOf(error)}; it says: ${complaints()}`, { cause: error });
  }
}

async function cpuMs({ pid }: ChildProcess): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function residentBytes({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}
