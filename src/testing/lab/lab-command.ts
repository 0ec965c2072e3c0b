import { execFile } from "node:child_process";
import { join } from "node:path";
import type { CommandResult } from "../libvirt-host.ts";

export interface LabCommandOptions {
  readonly input?: string;
  /** Longer than the script itself waits for anything, unless told. */
  readonly timeoutMs?: number;
}

export const labScript: string = join(import.meta.dirname, "lab.sh");

export function labEnvironment(directory: string): Record<string, string> {
  return { OSTLER_LAB: directory, PATH: "/usr/sbin:/usr/bin:/sbin:/bin" };
}

/** Runs one command of `lab.sh`. Throws with what it complained of when it fails. */
export async function runLab(
  directory: string,
  argv: readonly string[],
  options?: LabCommandOptions,
): Promise<string> {
  const { code, stdout, stderr } = await tryLab(directory, argv, options);
  if (code !== 0) throw new Error(`lab ${argv.join(" ")}: ${stderr.trim() || `exit code ${code}`}`);
  return stdout;
}

/** Runs one command of `lab.sh`; never rejects because of its exit code. */
export function tryLab(
  directory: string,
  argv: readonly string[],
  { input = "", timeoutMs = 120_000 }: LabCommandOptions = {},
): Promise<CommandResult> {
  const settings = {
    env: labEnvironment(directory),
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    maxBuffer: 64 << 20,
  } as const;
  return new Promise((resolve) => {
    const child = execFile("bash", [labScript, ...argv], settings, (error, stdout, stderr) => {
      resolve({ code: error ? (child.exitCode ?? 255) : 0, stdout, stderr });
    });
    child.stdin?.on("error", () => undefined); // ended without reading its input
    child.stdin?.end(input);
  });
}
