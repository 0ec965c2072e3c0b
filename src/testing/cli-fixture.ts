import { runProgram } from "../cli/program.ts";
import { aborted } from "../runtime/abort.ts";
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
  /** What a person types, as long as they do, or undefined when it comes from a script. */
  readonly typed?: AsyncIterable<string>;
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
    run: cliFor(api, served),
    async watched() {
      while (!(await api.call("GET", "/metrics")).text.includes('{class="watches"} 1')) {
        await systemClock.sleep(5);
      }
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

/** Runs command lines against a server. */
export function cliFor(api: Pick<ApiFixture, "kubeconfig">, served: ServeConfig[] = []): CliFixture["run"] {
  return async (args, options = {}) => {
    const { stdin = "", typed, env, signal = new AbortController().signal, onOutput } = options;
    let stdout = "";
    let stderr = "";
    const print = (text: string): void => {
      stdout += text;
      onOutput?.(stdout);
    };
    const code = await runProgram(args, {
      stdout: { write: print },
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
      terminal: {
        typesByHand: typed !== undefined,
        readsByEye: typed !== undefined,
        keys: (until) => keysOf(typed ?? once(stdin), until),
        write: async (bytes) => print(Buffer.from(bytes).toString()),
      },
      version: "0.0.0-test",
      serve: async (config) => {
        served.push(config);
      },
    });
    return { code, stdout, stderr };
  };
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** What is typed, to its end or until the signal aborts. */
async function* keysOf(typed: AsyncIterable<string>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const texts = typed[Symbol.asyncIterator]();
  const over = aborted(signal);
  for (;;) {
    const next = await Promise.race([texts.next(), over]);
    if (next === undefined || next.done === true) return;
    yield Buffer.from(next.value);
  }
}
