import { hasReason, StatusError } from "../runtime/errors.ts";
import { admit } from "../schema/admission.ts";
import { type Host, HostKind } from "../schema/host.ts";
import { UsageError } from "./exit-codes.ts";
import { printable } from "./output.ts";
import type { Session } from "./session.ts";

export interface EnrollOptions {
  /** `[USER@]HOST[:PORT]` */
  readonly address?: string;
  /** A file on the machine of the server. */
  readonly keyFile?: string;
  /** Believe a host that is new whatever key it shows. */
  readonly yes?: boolean;
  /** The key that it must show. */
  readonly fingerprint?: string;
}

/** As the server answers; see docs/reference/api.md. */
interface HostKey {
  readonly address: string;
  readonly keyType: string;
  readonly fingerprint: string;
  readonly state: "Known" | "Unknown" | "Changed" | "Revoked";
  readonly knownFingerprints: readonly string[];
}

function keyOf(name: string) {
  return { kind: HostKind, key: { name }, part: "hostkey" };
}

/**
 * Makes a Host, unless there is one of that name, and its SSH key known, once a person or the command line
 * has confirmed it. A Host that was made for this is removed again when the key is not confirmed.
 */
export async function enrollHost(session: Session, name: string, options: EnrollOptions): Promise<void> {
  const { client, stdout } = session;
  const made = await makeHost(session, name, options);
  try {
    const shown = await client.part<HostKey>("GET", keyOf(name));
    if (shown.state !== "Known" || options.fingerprint !== undefined) {
      const fingerprint = await confirm(session, name, shown, options);
      await client.part<HostKey>("PUT", keyOf(name), { fingerprint });
    }
  } catch (error) {
    if (made) await client.delete(HostKind, { name });
    throw error;
  }
  stdout.write(`host/${name} enrolled\n`);
}

/** Takes back what was confirmed: from its next connection on the host is unknown. */
export async function forgetHostKey({ client, stdout }: Session, name: string): Promise<void> {
  await client.part("DELETE", keyOf(name));
  stdout.write(`host/${name} key forgotten\n`);
}

/** Whether a Host was made. */
async function makeHost({ client }: Session, name: string, options: EnrollOptions): Promise<boolean> {
  const uri = options.address === undefined ? undefined : uriOf(options.address, options.keyFile);
  const existing = await find(client, name);
  if (existing === undefined) {
    if (uri === undefined) throw new UsageError(`there is no Host ${name} yet: give its --address`);
    const head = { apiVersion: "ostler.dev/v1", kind: "Host", metadata: { name } };
    await client.create(HostKind, admit(HostKind, { ...head, spec: { uri } }));
    return true;
  }
  if (uri === undefined || uri === existing.spec.uri) return false;
  throw new UsageError(
    `Host ${name} is at ${existing.spec.uri}: leave out --address, or change it with apply`,
  );
}

async function find(client: Session["client"], name: string): Promise<Host | undefined> {
  try {
    return await client.get(HostKind, { name });
  } catch (error) {
    if (hasReason(error, "NotFound")) return undefined;
    throw error;
  }
}

/** The fingerprint to be trusted. Throws when nobody vouches for it. */
async function confirm(
  { stdout, readLine }: Session,
  name: string,
  shown: HostKey,
  { yes, fingerprint }: EnrollOptions,
): Promise<string> {
  // What a command line names is compared by the server, with the key that the host shows then.
  if (fingerprint !== undefined) return fingerprint;
  stdout.write(describe(name, shown));
  if (yes && shown.state === "Unknown") return shown.fingerprint;
  if (shown.state === "Unknown" || shown.state === "Changed") {
    stdout.write("Is this the key of the host itself? Type yes, or its fingerprint: ");
    const answer = (await readLine()).trim();
    const word = shown.state === "Unknown" ? "yes" : shown.fingerprint;
    if (answer === word || answer === shown.fingerprint) return shown.fingerprint;
  }
  throw new StatusError("Conflict", `host/${name} was not enrolled: its key was not confirmed`);
}

function describe(
  name: string,
  { address, keyType, fingerprint, state, knownFingerprints }: HostKey,
): string {
  const lines = [
    `${name} (${printable(address)}) shows this ${printable(keyType)} key:`,
    `  ${printable(fingerprint)}`,
    "If it is the host's own, this says the same on it: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
  ];
  if (state === "Changed") {
    lines.push(
      `IT IS NOT THE KEY THAT IS KNOWN: ${knownFingerprints.map(printable).join(", ")}`,
      "The host was made anew, or somebody stands between. Only its fingerprint in full is taken for yes.",
    );
  }
  if (state === "Revoked") lines.push("The key was revoked: it is never taken.");
  return `${lines.join("\n")}\n`;
}

/** `qemu+ssh://user@host:port/system` */
function uriOf(address: string, keyFile: string | undefined): string {
  if (!/^([^@/?#\s]+@)?(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9._-]+)(:[0-9]{1,5})?$/.test(address)) {
    throw new UsageError(`--address ${address} is not USER@HOST or USER@HOST:PORT`);
  }
  const query = keyFile === undefined ? "" : `?keyfile=${encodeURIComponent(keyFile)}`;
  return `qemu+ssh://${address}/system${query}`;
}
