// The processes of bench/api.ts: the server that is measured, and the client that keeps it busy.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client as ApiClient } from "../../src/api/client.ts";
import { readKubeconfig } from "../../src/cli/kubeconfig.ts";
import { HostKind } from "../../src/schema/host.ts";
import { eventually, startServerProcess } from "../../src/testing/server-process.ts";
import type { Target } from "./connection.ts";
import type { Job, Report, Tally } from "./load.ts";

/** A process whose use of the machine is measured. */
export interface Measured extends AsyncDisposable {
  readonly target: Target;
  /** User and system time so far, in milliseconds. */
  cpuMs(): Promise<number>;
  residentMb(): Promise<number>;
}

/** Starts a server in a directory of its own. */
export async function startServer(mode: "api" | "floor"): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), "ostler-bench-"));
  const profile =
    mode === "api" && process.env.PROFILE ? ["--cpu-prof", `--cpu-prof-dir=${process.env.PROFILE}`] : [];
  const execArgv = ["--max-semi-space-size=8", ...profile];
  const child = fork(join(import.meta.dirname, "server.ts"), [directory, mode], { execArgv });
  const [target]: Target[] = await once(child, "message");
  if (target === undefined) throw new Error("the server did not start");
  return {
    target,
    cpuMs: () => cpuMs(child),
    residentMb: () => residentMb(child.pid ?? 0),
    async [Symbol.asyncDispose]() {
      await end(child);
      await rm(directory, { recursive: true });
    },
  };
}

/** Starts `ostler serve` as people run it, with so many hosts in memory. */
export async function startWhole(hosts: number): Promise<Measured & { readonly api: ApiClient }> {
  const directory = await mkdtemp(join(tmpdir(), "ostler-bench-"));
  const server = await startServerProcess({ directory, args: ["--fake-hosts", String(hosts)] });
  const { server: url, ca = "", token = "" } = await readKubeconfig(join(directory, "state", "kubeconfig"));
  await eventually("all hosts are Ready", async () => {
    const { items } = await server.client.list(HostKind);
    const ready = items.filter(({ status }) =>
      status?.conditions?.some(({ type, status: word }) => type === "Ready" && word === "True"),
    );
    return ready.length === hosts || undefined;
  });
  return {
    api: server.client,
    target: { port: Number(new URL(url).port), ca, token },
    cpuMs: server.cpuMs,
    residentMb: () => residentMb(server.pid),
    async [Symbol.asyncDispose]() {
      await server.end("SIGTERM");
      await rm(directory, { recursive: true });
    },
  };
}

/** A client process; its jobs may run at the same time. */
export class Client implements AsyncDisposable {
  readonly #child = fork(join(import.meta.dirname, "load.ts"), [], { serialization: "advanced" });
  readonly #waiting = new Map<number, (report: Report) => void>();
  #ids = 0;

  constructor() {
    this.#child.on("message", (report: Report) => this.#waiting.get(report.id)?.(report));
  }

  /** Resolves with its tally. */
  async run(job: Job): Promise<Tally> {
    return (await this.begin(job)).tally;
  }

  /** Resolves when the job has its connections; `stop` ends what does not end by itself. */
  begin(job: Job): Promise<{ readonly tally: Promise<Tally>; readonly stop: () => Promise<Tally> }> {
    this.#ids += 1;
    const id = this.#ids;
    const tally = Promise.withResolvers<Tally>();
    const stop = (): Promise<Tally> => {
      this.#child.send({ id, stop: true });
      return tally.promise;
    };
    return new Promise((resolve) => {
      this.#waiting.set(id, (report) => {
        if ("tally" in report) tally.resolve(report.tally);
        else resolve({ tally: tally.promise, stop });
      });
      this.#child.send({ id, job });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#child);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

async function cpuMs({ pid }: ChildProcess): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
