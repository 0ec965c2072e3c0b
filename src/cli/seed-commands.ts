import { type Command, Option } from "commander";
import { parseDuration } from "./duration.ts";
import type { SeedLoadFlags } from "./seed-load.ts";
import type { CliEnvironment, Session } from "./session.ts";

/** A call of the flat API as a command: its words become parameters, in their order. */
interface CallCommand {
  readonly name: string;
  readonly path: string;
  readonly about: string;
  /** `<word>` is required. Each is the name of a parameter. */
  readonly words: readonly string[];
}

const callCommands: readonly CallCommand[] = [
  { name: "query", path: "/vm/query", about: "Tell of a machine.", words: ["vmid"] },
  { name: "destroy", path: "/vm/destroy", about: "Remove a machine and its disks.", words: ["vmid"] },
  { name: "types", path: "/vm/types", about: "List the sizes.", words: [] },
  { name: "images", path: "/image/list", about: "List the images.", words: [] },
  { name: "pms", path: "/pm/list", about: "List the hosts.", words: [] },
  { name: "pm", path: "/pm/query", about: "Tell of a host.", words: ["pmid"] },
  { name: "vms", path: "/pm/listvms", about: "List the machines on a host.", words: ["pmid"] },
  {
    name: "volume-create",
    path: "/volume/create",
    about: "Make a volume, SIZE in GB.",
    words: ["name", "size"],
  },
  { name: "volume-query", path: "/volume/query", about: "Tell of a volume.", words: ["volumeid"] },
  { name: "volume-destroy", path: "/volume/destroy", about: "Remove a volume.", words: ["volumeid"] },
  {
    name: "volume-attach",
    path: "/volume/attach",
    about: "Give a volume to a machine.",
    words: ["vmid", "volumeid"],
  },
  { name: "volume-detach", path: "/volume/detach", about: "Take a volume back.", words: ["volumeid"] },
];

type WithSession = (run: (session: Session) => Promise<void>) => Promise<void>;

/** `ostler seed ...`: the flat API's calls, and the files that it begins with. */
export function addSeed(program: Command, environment: CliEnvironment, withSession: WithSession): void {
  const seed = program
    .command("seed")
    .description("The flat API, by its numbers (docs/reference/seed-api.md).");
  const call = async (
    path: string,
    parameters: Record<string, string | undefined>,
    flags: { url?: string },
  ) => {
    const { makeSeedCall } = await import("./seed-call.ts");
    await makeSeedCall(environment, path, parameters, flags);
  };
  withUrl(seed.command("create"))
    .description("Make a machine, and print its number when it runs.")
    .argument("<name>")
    .requiredOption("--type <tid>", "its size, one of `seed types`")
    .option("--image <id>", "what it is made from, one of `seed images` (default: the first)")
    .option("--count <number>", "as many, called NAME-1, NAME-2, ...")
    .action(async (name: string, { type, image, count, ...flags }: CreateFlags) => {
      await call("/vm/create", { name, instance_type: type, image_id: image, count }, flags);
    });
  for (const { name, path, about, words } of callCommands) {
    const command = withUrl(seed.command(name)).description(about);
    for (const word of words) command.argument(`<${word}>`);
    command.action(async (...args: unknown[]) => {
      const given = words.map((word, index) => [word, String(args[index])] as const);
      await call(path, Object.fromEntries(given), command.opts());
    });
  }
  addLoad(seed, environment, withSession);
}

interface CreateFlags {
  type: string;
  image?: string;
  count?: string;
  url?: string;
}

function addLoad(seed: Command, environment: CliEnvironment, withSession: WithSession): void {
  seed
    .command("load")
    .description(
      "Register the hosts, images and sizes that files name; all of them or, if a line is wrong, none.",
    )
    .option("--pms <file>", "the hosts, one a line")
    .option("--images <file>", "the images, one a line")
    .option("--types <file>", "the sizes")
    .option("--user <name>", "who logs in to hosts for which the file does not say (default: you)")
    .option("--key <file>", "the private key to log in with")
    .option("--known-hosts <file>", "the keys that hosts are known by")
    .option("--image-dir <directory>", "copy images there, those of other machines too")
    .option(
      "--ssh-dir <directory>",
      "holds the server's id_ed25519 and known_hosts; images are fetched with them",
    )
    .option("--enroll", "make the SSH keys known that new hosts show, and show them")
    .option("--check", "read the files and say what is wrong with them, no more")
    .option("--dry-run", "say what would be done")
    .addOption(
      new Option("--wait <duration>", "wait until hosts and images are ready").argParser(parseDuration),
    )
    .action(async (flags: SeedLoadFlags & { readonly check?: boolean }) => {
      const { checkSeedFiles, loadSeedFiles } = await import("./seed-load.ts");
      if (flags.check) await checkSeedFiles(environment, flags);
      else await withSession((session) => loadSeedFiles(session, flags));
    });
}

function withUrl(command: Command): Command {
  return command.option("--url <url>", "where it is (default: $OSTLER_SEED_URL, http://127.0.0.1:8080)");
}
