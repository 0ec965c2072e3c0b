import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { messageOf, StatusError } from "../runtime/errors.ts";
import type { ServeConfig } from "../schema/serve-config.ts";
import { addAccess, addAudit } from "./access-commands.ts";
import { addDelete } from "./delete-command.ts";
import { parseDuration } from "./duration.ts";
import { exitCodeOf, exitCodes, exitCodesHelp } from "./exit-codes.ts";
import { filenames } from "./filenames.ts";
import { addHost } from "./host-commands.ts";
import { addMachines } from "./machine-commands.ts";
import { explainNotFound } from "./not-found.ts";
import { printable } from "./output.ts";
import type { PlanFlags } from "./plan.ts";
import { pluginVariable } from "./plugin.ts";
import type { ScaleFlags } from "./scale.ts";
import { addSeed } from "./seed-commands.ts";
import { addServeOptions, readServeOptions } from "./serve-options.ts";
import type { CliEnvironment, Session } from "./session.ts";
import { addStore } from "./store-commands.ts";

export interface ProgramOptions extends CliEnvironment {
  /** Ostler's own version. */
  readonly version: string;
  /** Runs the controller until it is told to stop. */
  readonly serve: (config: ServeConfig) => Promise<void>;
}

/** Runs one command line (without the program's name). Never throws; the result is the exit code. */
export async function runProgram(args: readonly string[], options: ProgramOptions): Promise<number> {
  try {
    await createProgram(options).parseAsync([...args], { from: "user" });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    options.stderr.write(formatError(error));
    return exitCodeOf(error);
  }
}

/**
 * The commands of `ostler`. What a command needs is loaded when it runs, so that `serve` does not carry the
 * client. Throws `CommanderError` instead of ending the process.
 */
export function createProgram(options: ProgramOptions): Command {
  const program = new Command(options.env[pluginVariable] === undefined ? "ostler" : "kubectl ostler")
    .description("Keeps virtual machines as they are written down.")
    .version(options.version, "-V, --version")
    .option("--kubeconfig <path>", "which server, and who asks (default: see docs/reference/cli.md)")
    .option("--context <name>", "a context of the kubeconfig (default: the current one)")
    .option("-n, --namespace <name>", "the namespace (default: that of the kubeconfig)")
    .addHelpText("after", exitCodesHelp)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => options.stdout.write(text),
      writeErr: (text) => options.stderr.write(text),
    });
  addServe(program, options);
  addReading(program, options);
  addWriting(program, options);
  addMachines(program, (flags, run) => withSession(program, options, flags, run));
  addPlacement(program, options);
  addSource(program, options);
  addSeed(program, options, (run) => withSession(program, options, {}, run));
  addStore(program, (run) => withSession(program, options, {}, run));
  addHost(program, (run) => withSession(program, options, {}, run));
  addAccess(program, (run) => withSession(program, options, {}, run));
  addAudit(program, options);
  pointToHelp(program, "ostler");
  return program;
}

/** Whoever has typed something wrong is told where it stands how it is typed. */
function pointToHelp(command: Command, path: string): void {
  command.showHelpAfterError(`"${path} --help" tells more`);
  for (const part of command.commands) pointToHelp(part, `${path} ${part.name()}`);
}

function addServe(program: Command, { serve }: ProgramOptions): void {
  const command = program.command("serve").description("Run the controller and its API.");
  addServeOptions(command);
  command.action(async (flags: Record<string, unknown>) => serve(await readServeOptions(flags)));
}

function addReading(program: Command, options: ProgramOptions): void {
  withNamespace(program.command("get"))
    .description("Show objects: KIND,KIND..., all, KIND NAME... or KIND/NAME...")
    .argument("<what...>")
    .option("-A, --all-namespaces", "in all namespaces")
    .option("-l, --selector <labels>", "only those with these labels, such as app=web,tier!=test")
    .option("--field-selector <fields>", "only those with these fields, such as status.hostName=h1")
    .option("-o, --output <form>", "json, yaml, wide or name")
    .option("-w, --watch", "go on showing what changes")
    .option("--show-managed-fields", "with json and yaml, also who wrote which field")
    .action(async (words: string[], flags: Record<string, unknown>) => {
      const { get } = await import("./get.ts");
      await withSession(program, options, flags, (session) => get(session, words, flags));
    });
  withNamespace(program.command("describe"))
    .description("Tell all about one object, its events included.")
    .argument("<what...>")
    .action(async (words: string[], flags: Record<string, unknown>) => {
      const { describe } = await import("./describe.ts");
      await withSession(program, options, flags, (session) => describe(session, words));
    });
  withNamespace(program.command("wait"))
    .description("Wait until objects are as asked.")
    .argument("<what...>")
    .requiredOption("--for <goal>", "condition=TYPE[=STATUS], delete, or FIELD.PATH=VALUE")
    .option("--timeout <duration>", "how long, such as 90s or 5m", "60s")
    .action(async (words: string[], flags: { for: string; timeout: string; namespace?: string }) => {
      const { wait } = await import("./wait.ts");
      const waitOptions = { for: flags.for, timeoutMs: parseDuration(flags.timeout) };
      await withSession(program, options, flags, (session) => wait(session, words, waitOptions));
    });
  program
    .command("version")
    .description("Show the version of this program and of the server.")
    .action(async () => {
      options.stdout.write(`client: ${options.version}\n`);
      await withSession(program, options, {}, async ({ client, stdout }) => {
        const { ostlerVersion, gitVersion } = await client.version();
        stdout.write(`server: ${ostlerVersion} (Kubernetes API ${gitVersion})\n`);
      });
    });
}

function addWriting(program: Command, options: ProgramOptions): void {
  withNamespace(program.command("apply"))
    .description("Make objects what files say.")
    .addOption(filenames().makeOptionMandatory())
    .option("--dry-run", "ask the server what would happen, change nothing")
    .action(async (flags: { filename: string[]; dryRun?: boolean; namespace?: string }) => {
      const { apply } = await import("./apply.ts");
      await withSession(program, options, flags, (session) => apply(session, flags));
    });
  addDelete(program, (flags, run) => withSession(program, options, flags, run));
  withNamespace(program.command("scale"))
    .description("Ask for so many: vmpool NAME or vmpool/NAME.")
    .argument("<what...>")
    .addOption(replicas("--replicas <count>", "how many there should be").makeOptionMandatory())
    .addOption(replicas("--current-replicas <count>", "only if this is what it asks for now"))
    .action(async (words: string[], flags: ScaleFlags & { namespace?: string }) => {
      const { scale } = await import("./scale.ts");
      await withSession(program, options, flags, (session) => scale(session, words, flags));
    });
}

function addPlacement(program: Command, options: ProgramOptions): void {
  withNamespace(program.command("explain"))
    .description("Tell why a machine is where it is, or nowhere: vm NAME or vm/NAME.")
    .argument("<what...>")
    .option("-o, --output <form>", "json or yaml")
    .action(async (words: string[], flags: { output?: string; namespace?: string }) => {
      const { explain } = await import("./explain.ts");
      await withSession(program, options, flags, (session) => explain(session, words, flags));
    });
  const repeatable = (flags: string, description: string) =>
    new Option(flags, description).argParser((value: string, before: string[] = []) => [...before, value]);
  withNamespace(program.command("plan"))
    .description("Tell where machines would be; nothing is written.")
    .addOption(filenames())
    .addOption(repeatable("--lose-host <name>", "if this host failed; repeatable"))
    .addOption(repeatable("--drain <name>", "if this host were emptied; repeatable"))
    .option("--policy <name>", "if machines were placed by this policy")
    .option("-o, --output <form>", "json or yaml")
    .action(async (flags: PlanFlags & { namespace?: string }) => {
      const { plan } = await import("./plan.ts");
      await withSession(program, options, flags, (session) => plan(session, flags));
    });
}

function addSource(program: Command, options: ProgramOptions): void {
  const command = program.command("source").description("Folders of manifests that are kept applied.");
  command
    .command("list", { isDefault: true })
    .description("List them.")
    .action(async () => {
      const { listSources } = await import("./source.ts");
      await withSession(program, options, {}, listSources);
    });
  command
    .command("show")
    .description("Show problems, and deletions that wait for confirmation.")
    .argument("[name]")
    .action(async (name: string | undefined) => {
      const { showSource } = await import("./source.ts");
      await withSession(program, options, {}, (session) => showSource(session, name));
    });
  command
    .command("confirm")
    .description("Agree to the deletions of a plan.")
    .argument("<plan-hash>")
    .action(async (planHash: string) => {
      const { confirmPrune } = await import("./source.ts");
      await withSession(program, options, {}, (session) => confirmPrune(session, planHash));
    });
}

function replicas(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text: string) => {
    if (/^\d{1,6}$/.test(text)) return Number(text);
    throw new InvalidArgumentError("It must be a whole number.");
  });
}

/** `-n` may stand before or after the command's name. */
function withNamespace(command: Command): Command {
  return command.option("-n, --namespace <name>", "the namespace");
}

async function withSession(
  program: Command,
  options: ProgramOptions,
  flags: { readonly namespace?: unknown },
  run: (session: Session) => Promise<void>,
): Promise<void> {
  const [{ Client }, { findKubeconfig, readKubeconfig }] = await Promise.all([
    import("../api/client.ts"),
    import("./kubeconfig.ts"),
  ]);
  const globals: { kubeconfig?: string; context?: string; namespace?: string } = program.opts();
  const paths = await findKubeconfig(globals.kubeconfig, options.env);
  const connection = await readKubeconfig(paths, globals.context);
  const given = typeof flags.namespace === "string" ? flags.namespace : globals.namespace;
  const onWarning = (text: string): void => void options.stderr.write(`Warning: ${printable(text)}\n`);
  await using client = new Client({ ...connection, onWarning });
  const namespace = given ?? connection.namespace;
  const session = { ...options, client, connection, namespace, namespaceGiven: given !== undefined };
  await run(session).catch((error: unknown) => {
    throw explainNotFound(error, namespace);
  });
}

/** What went wrong in one line, and below it each field that is wrong, unless the line says it all. */
function formatError(error: unknown): string {
  const causes = error instanceof StatusError && error.causes.length > 1 ? error.causes : [];
  const lines = causes.map(({ field, message }) => `  ${field === "" ? "" : `${field}: `}${message}`);
  return `${[`error: ${messageOf(error)}`, ...lines].join("\n")}\n`;
}
