import type { Command } from "commander";
import type { Session } from "./session.ts";

type WithSession = (run: (session: Session) => Promise<void>) => Promise<void>;

/** `ostler store ...`: what a person has to say of the store. */
export function addStore(program: Command, withSession: WithSession): void {
  const command = program.command("store").description("The store.");
  command
    .command("accept-restore")
    .description("Agree to go on from a store that is older than what hosts carry.")
    .argument("<code>", "what /readyz and the log name")
    .action(async (code: string) => {
      const { acceptRestore } = await import("./store.ts");
      await withSession((session) => acceptRestore(session, code));
    });
}
