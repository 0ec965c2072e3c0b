import { runProgram } from "../cli/program.ts";
import { systemClock } from "../runtime/clock.ts";
import type { ServeConfig } from "../schema/serve-config.ts";
import { type ApiFixture, type ApiFixtureOptions, startApi } from "./api-fixture.ts";

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliFixture extends AsyncDisposable {
  readonly api: ApiFixture;
  /** Runs one command line against the server. */
  run(args: readonly string[], options?: RunOptions): Promise<CliResult>;
  /** Resolves once somebody watches the server. */
  watched(): Promise<void>;
  /** What `serve` was called with, in order. */
  readonly served: readonly ServeConfig[];
}

export interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Called with everything that has been printed so far, whenever there is more. */
  readonly onOutput?: (stdout: string) => void;
}

/** The command line, in this process, with a real server to speak to. */
export async function startCli(options: ApiFixtureOptions = {}): Promise<CliFixture> {
  const api = await startApi({ ...options, listen: true });
  const served: ServeConfig[] = [];
  return {
    api,
    served,
    async run(args, options = {}) {
      const { stdin = "", env, signal = new AbortController().signal, onOutput } = options;
      let stdout = "";
      let stderr = "";
      const code = await runProgram(args, {
        stdout: {
          write: (text) => {
            stdout += text;
            onOutput?.(stdout);
          },
        },
        stderr: {
          write: (text) => {
            stderr += text;
          },
        },
        env: env ?? { OSTLER_KUBECONFIG: api.kubeconfig },
        clock: systemClock,
        signal,
        readStdin: async () => stdin,
        readLine: async () => stdin.split("\n")[0] ?? "",
        version: "0.0.0-test",
        serve: async (config) => {
          served.push(config);
        },
      });
      return { code, stdout, stderr };
    },
    async watched() {
      while (!(await api.call("GET", "/metrics")).text.includes('{class="watches"} 1')) {
        await systemClock.sleep(5);
      }
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}
