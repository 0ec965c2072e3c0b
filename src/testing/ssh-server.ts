import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../runtime/clock.ts";
import { accepts, type LibvirtHost } from "./libvirt-host.ts";

/** A real sshd inside a host, on port 22 of its address; it dies with the host. */
export interface SshServer {
  /** A private key that root may log in with. */
  readonly keyFile: string;
  /** A known_hosts line for the key that the server shows. */
  readonly knownHosts: string;
}

/** Starts an sshd with keys of its own. `settings` are lines that go first in sshd_config, and so win. */
export async function startSshServer(
  host: LibvirtHost,
  settings: readonly string[] = [],
): Promise<SshServer> {
  const directory = await mkdtemp(join(host.directory, "ssh-"));
  const hostKey = join(directory, "host_key");
  const keyFile = join(directory, "id_ed25519");
  for (const path of [hostKey, keyFile]) makeKey(path);
  const config = join(directory, "sshd_config");
  const lines = [
    ...settings,
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${keyFile}.pub`,
    "PermitRootLogin prohibit-password",
    "StrictModes no",
    "UsePAM no",
    `PidFile ${join(directory, "pid")}`,
  ];
  await writeFile(config, `${lines.join("\n")}\n`);
  const { code, stderr } = await host.exec(["/usr/sbin/sshd", "-f", config, "-E", join(directory, "log")]);
  if (code !== 0) throw new Error(`sshd did not start: ${stderr}`);
  // It goes to the background before it listens.
  for (let round = 0; !(await accepts({ host: host.address, port: 22 })); round++) {
    if (round === 500) throw new Error("sshd does not listen");
    await systemClock.sleep(20);
  }
  const publicKey = await readFile(`${hostKey}.pub`, "utf8");
  return { keyFile, knownHosts: `${host.address} ${publicKey}` };
}

/** Ends the server; sessions that are open go on. */
export async function stopSshServer(host: LibvirtHost, server: SshServer): Promise<void> {
  const directory = join(server.keyFile, "..");
  const pid = (await readFile(join(directory, "pid"), "utf8")).trim();
  await host.exec(["kill", pid]);
  await host.exec(["sh", "-c", `while kill -0 ${pid} 2>/dev/null; do sleep 0.01; done`]);
  await rm(directory, { recursive: true });
}

/** Makes an ed25519 key pair without a passphrase at `path` and `path.pub`. */
export function makeKey(path: string): void {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", path]);
}
