import { execFile, execFileSync } from "node:child_process";
import { eventually } from "../server-process.ts";
import type { Step } from "./step.ts";

/** What a command said, on both streams, and how it ended. */
export interface Outcome {
  readonly text: string;
  readonly code: number;
}

export interface Kubectl {
  /** Runs a step in a namespace, whose name stands for NAMESPACE. */
  run(step: Step, namespace: string): Promise<Outcome>;
}

const deadlineMs = 90_000;

/** An administrator's watches are among what keeps the system going, and so is asking for this. */
const watching = /ostler_api_current_requests\{class="(?:watches"\} [1-9]|system"\} [2-9])/;

/** The one to test with, if not the machine's own. */
const command = process.env.KUBECTL ?? "kubectl";

/** Why there is no kubectl here; undefined when there is one. */
export function kubectlMissing(): string | undefined {
  try {
    execFileSync(command, ["version", "--client"], { stdio: "ignore" });
    return undefined;
  } catch {
    return `${command} is not installed`;
  }
}

/** A kubectl that knows nothing but this server: not even what it has seen of others. */
export function kubectlFor(kubeconfig: string, cache: string): Kubectl {
  const base = { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: cache };
  const call = (words: string, namespace: string, { input, env }: Pick<Step, "input" | "env">) =>
    new Promise<Outcome>((resolve) => {
      const args = wordsOf(words.replaceAll("NAMESPACE", namespace));
      const scope = args.some((word) => word === "-A" || word === "-n") ? [] : ["--namespace", namespace];
      const options = { env: { ...base, ...env }, timeout: deadlineMs };
      const child = execFile(command, [...args, ...scope], options, (error, stdout, stderr) =>
        resolve({ text: stdout + stderr, code: codeOf(error) }),
      );
      child.stdin?.on("error", () => {}).end(input?.replaceAll("NAMESPACE", namespace));
    });
  const watched = async (): Promise<true | undefined> => {
    const { text } = await call("get --raw /metrics", "default", {});
    return watching.test(text) || undefined;
  };
  return {
    async run(step, namespace) {
      const { meanwhile } = step;
      if (meanwhile === undefined) return call(step.run, namespace, step);
      const running = call(step.run, namespace, {});
      if (!step.polls) await eventually("the command watches", watched, deadlineMs);
      const other = await call(meanwhile, namespace, step);
      const outcome = await running;
      return other.code === 0 ? outcome : { text: `${meanwhile}: ${other.text}`, code: -1 };
    },
  };
}

function codeOf(error: { readonly code?: unknown } | null): number {
  if (error === null) return 0;
  return typeof error.code === "number" ? error.code : -1;
}

/** Single quotes hold words together, as in a shell. */
function wordsOf(line: string): readonly string[] {
  return (line.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ""));
}
