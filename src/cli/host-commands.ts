import type { Command } from "commander";
import type { Session } from "./session.ts";

type WithSession = (run: (session: Session) => Promise<void>) => Promise<void>;

/** `ostler host ...`: which hosts are known, which take machines, and which are down. */
export function addHost(program: Command, withSession: WithSession): void {
  const command = program
    .command("host")
    .description("Hosts: whose keys are known, which take machines, and which are down.");
  command
    .command("enroll")
    .description("Make a Host and its SSH key known, once its fingerprint is confirmed.")
    .argument("<name>")
    .option("--address <user@host:port>", "where it is; needed when there is no such Host yet")
    .option("--key-file <path>", "the private key to log in with, a file on the server's machine")
    .option("--fingerprint <SHA256:...>", "the key that it must show; nobody is asked")
    .option("--yes", "believe a new host whatever key it shows")
    .action(async (name: string, flags: Record<string, unknown>) => {
      const { enrollHost } = await import("./host.ts");
      await withSession((session) => enrollHost(session, name, flags));
    });
  command
    .command("forget-key")
    .description("Take back that a host's SSH key is known.")
    .argument("<name>")
    .action(async (name: string) => {
      const { forgetHostKey } = await import("./host.ts");
      await withSession((session) => forgetHostKey(session, name));
    });
  addCordon(command, withSession);
  addConfirmDown(command, withSession);
}

function addCordon(command: Command, withSession: WithSession): void {
  const add = (name: string, description: string, unschedulable: boolean): void => {
    command
      .command(name)
      .description(description)
      .argument("<name...>")
      .action(async (names: string[]) => {
        const { cordon } = await import("./cordon.ts");
        await withSession((session) => cordon(session, names, unschedulable));
      });
  };
  add("cordon", "Place no new machines on hosts; those that are there stay.", true);
  add("uncordon", "Place machines there again.", false);
}

function addConfirmDown(command: Command, withSession: WithSession): void {
  command
    .command("confirm-down")
    .description("State that a host is down, so that its machines may start elsewhere.")
    .argument("<name>")
    .option("--reason <text>", "how that is known")
    .option("--expires <duration>", "for how long it counts; an hour unless told")
    .option("--only-without-disks", "machines that have disks on the host wait for it")
    .option("--even-in-mass-outage", "also while many hosts are away at once")
    .option("--withdraw", "take it back")
    .action(async (name: string, flags: Record<string, unknown>) => {
      const { confirmDown } = await import("./confirm-down.ts");
      await withSession((session) => confirmDown(session, name, flags));
    });
}
