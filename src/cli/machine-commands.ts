import type { Command } from "commander";
import { parseDuration } from "./duration.ts";
import type { ActionFlags, MachineAction } from "./machine.ts";
import type { Session } from "./session.ts";

/** Runs a command against the server that the flags name. */
type Run = (
  flags: { readonly namespace?: string },
  command: (session: Session) => Promise<void>,
) => Promise<void>;

/** The commands that are about machines as they run. */
export function addMachines(program: Command, run: Run): void {
  addActions(program, run);
  addConsole(program, run);
}

/** What is asked of machines without a change of their manifests. */
function addActions(program: Command, run: Run): void {
  const add = (action: MachineAction, description: string): Command =>
    withNamespace(program.command(action))
      .description(description)
      .argument("<machine...>")
      .action(async (words: string[], flags: ActionFlags & { readonly namespace?: string }) => {
        const { actOnMachines } = await import("./machine.ts");
        await run(flags, (session) => actOnMachines(session, action, words, flags));
      });
  const withGrace = (command: Command): Command =>
    command
      .option("--grace <duration>", "how long the guest may take (default: as its spec says)")
      .option("--force", "pull the plug: as --grace 0");
  add("start", "Ask for machines to start; their manifests stay as they are.");
  withGrace(add("stop", "Ask for machines to stop; their manifests stay as they are."));
  withGrace(add("restart", "Ask for machines to stop and start again."));
  add("pause", "Stop the CPUs of running machines, until they are unpaused or end.");
  add("unpause", "Let paused machines go on.");
}

function addConsole(program: Command, run: Run): void {
  withNamespace(program.command("console"))
    .description("Sit at a machine's serial console; Ctrl-] leaves it. What is piped in is typed.")
    .argument("<machine>")
    .option("--force", "take it from whoever has it")
    .option("--linger <duration>", "after piped input, until the guest has been silent for so long", "2s")
    .action(async (word: string, flags: { force?: boolean; linger: string; namespace?: string }) => {
      const { openConsole } = await import("./console.ts");
      const consoleFlags = { ...flags, lingerMs: parseDuration(flags.linger) };
      await run(flags, (session) => openConsole(session, word, consoleFlags));
    });
}

function withNamespace(command: Command): Command {
  return command.option("-n, --namespace <name>", "the namespace");
}
