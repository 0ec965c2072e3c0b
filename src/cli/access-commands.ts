import { type Command, Option } from "commander";
import { parseDuration } from "./duration.ts";
import type { Session } from "./session.ts";

type Run = (run: (session: Session) => Promise<void>) => Promise<void>;

interface IssueFlags {
  readonly user?: string;
  readonly group?: readonly string[];
  readonly expires: string;
  readonly output?: string;
}

/** Who may ask: tokens and certificates. What they may is said by roles. */
export function addAccess(program: Command, run: Run): void {
  const token = program.command("token").description("Tokens by which users are known.");
  const create = token
    .command("create")
    .description("Make a token and show it, once.")
    .argument("<name>")
    .option("--user <name>", "whom it lets in (default: the token's name)");
  withIssueOptions(create, "how long it is taken, such as 12h or 30d, or never").action(
    async (name: string, flags: IssueFlags) => {
      const { createToken } = await import("./token.ts");
      const lifeMs = flags.expires === "never" ? undefined : parseDuration(flags.expires);
      const { user = name, group: groups = [], output } = flags;
      await run((session) => createToken(session, { name, user, groups, lifeMs, output }));
    },
  );
  token
    .command("list", { isDefault: true })
    .description("List them.")
    .action(async () => {
      const { listTokens } = await import("./token.ts");
      await run(listTokens);
    });
  token
    .command("revoke")
    .description("Take tokens back, at once.")
    .argument("<name...>")
    .action(async (names: string[]) => {
      const { revokeTokens } = await import("./token.ts");
      await run((session) => revokeTokens(session, names));
    });
  addUser(program, run);
}

/** Needs no server: it reads the files. */
export function addAudit(program: Command, { stdout, env }: Pick<Session, "stdout" | "env">): void {
  program
    .command("audit")
    .description("The log of who did what.")
    .command("verify")
    .description("Look for records that were changed or are missing.")
    .option(
      "--state-dir <directory>",
      "the server's state directory (default: where the kubeconfig in use is)",
    )
    .option("--config <file>", "the server's file of settings, which names its state directory")
    .option("--anchor <seq:hash>", "a record that must be there, as this command has printed it before")
    .action(async (flags: { stateDir?: string; config?: string; anchor?: string }) => {
      const [{ auditVerify }, { findStateDir }] = await Promise.all([
        import("./audit-verify.ts"),
        import("./state-dir.ts"),
      ]);
      const { kubeconfig }: { kubeconfig?: string } = program.opts();
      const stateDir = await findStateDir({ ...flags, kubeconfig, env });
      await auditVerify(stdout, { stateDir, anchor: flags.anchor });
    });
}

function addUser(program: Command, run: Run): void {
  const certificate = program
    .command("user")
    .description("Users, as far as the server says who they are.")
    .command("certificate")
    .description("Make a client certificate and print a kubeconfig with it.")
    .argument("<name>");
  withIssueOptions(certificate, "how long it is valid, such as 12h or 30d").action(
    async (user: string, { group: groups = [], expires, output }: IssueFlags) => {
      const { createCertificate } = await import("./user-certificate.ts");
      const lifeMs = parseDuration(expires);
      await run((session) => createCertificate(session, { user, groups, lifeMs, output }));
    },
  );
}

function withIssueOptions(command: Command, expiresHelp: string): Command {
  const group = new Option("--group <name>", "a group that the user is in; repeatable");
  return command
    .addOption(group.argParser((value: string, before: string[] = []) => [...before, value]))
    .option("--expires <duration>", expiresHelp, "30d")
    .option("-o, --output <form>", "kubeconfig or json");
}
