import { type Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "./duration.ts";
import { UsageError } from "./exit-codes.ts";
import { filenames } from "./filenames.ts";
import type { Session } from "./session.ts";

/** Runs a command against the server that the flags name. */
type Run = (
  flags: { readonly namespace?: string },
  command: (session: Session) => Promise<void>,
) => Promise<void>;

const cascades = { background: "Background", foreground: "Foreground", orphan: "Orphan" } as const;

interface DeleteFlags {
  readonly filename?: readonly string[];
  readonly cascade?: keyof typeof cascades;
  readonly gracePeriod?: number;
  readonly wait?: boolean;
  readonly abandon?: boolean;
  readonly timeout: string;
  readonly namespace?: string;
}

/** As kubectl: this is how long it waits when it is told to wait without an end. */
const weekMs = 7 * 24 * 3_600_000;

/** `delete`, with the flags that kubectl has. */
export function addDelete(program: Command, run: Run): void {
  program
    .command("delete")
    .description("Delete objects: KIND NAME..., KIND/NAME... or those in files.")
    .argument("[what...]")
    .addOption(filenames())
    .addOption(
      new Option("--cascade <how>", "what becomes of what it owns (default: background)").choices(
        Object.keys(cascades),
      ),
    )
    .addOption(
      new Option(
        "--grace-period <seconds>",
        "how long a guest may take (default: as its spec says)",
      ).argParser(readSeconds),
    )
    .addOption(
      new Option("--wait [yes]", "wait until they are gone (default: true)")
        .argParser(readYes)
        .preset("true"),
    )
    .option("--no-wait", "do not wait: as --wait=false")
    .option("--abandon", "give up what is on a host that cannot be asked; it stays there")
    .option("--timeout <duration>", "how long to wait for each; 0: without an end", "5m")
    .option("-n, --namespace <name>", "the namespace")
    .action(async (words: string[], flags: DeleteFlags) => {
      const { deleteObjects } = await import("./delete.ts");
      const { filename, cascade, gracePeriod, wait = true, abandon, timeout } = flags;
      if (abandon === true && !wait)
        throw new UsageError("--abandon waits to see whether the host can be asked");
      const options = {
        filename,
        wait,
        abandon,
        timeoutMs: parseDuration(timeout) || weekMs,
        propagation: cascade && cascades[cascade],
        // As kubectl: what is negative says nothing.
        gracePeriodSeconds: gracePeriod !== undefined && gracePeriod < 0 ? undefined : gracePeriod,
      };
      await run(flags, (session) => deleteObjects(session, words, options));
    });
}

function readSeconds(text: string): number {
  if (/^(-1|\d{1,9})$/.test(text)) return Number(text);
  throw new InvalidArgumentError(
    "It must be a whole number of seconds, such as 30; 0 forces it off at once.",
  );
}

function readYes(text: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw new InvalidArgumentError("It must be true or false.");
}
