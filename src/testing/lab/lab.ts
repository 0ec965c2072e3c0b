import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isInstalled, libvirtAvailable } from "../libvirt-host.ts";
import { labEnvironment, labScript, runLab } from "./lab-command.ts";
import { type LabHardware, LabHost } from "./lab-host.ts";

export interface LabOptions {
  /** How many; they are called h1, h2, ... Three unless told. */
  readonly hosts?: number;
  /** What hosts seem to have from the beginning, by name. */
  readonly hardware?: Readonly<Record<string, LabHardware>>;
}

/** Real libvirt hosts on a network of their own. Any number of labs may run at once. */
export interface Lab extends AsyncDisposable {
  readonly directory: string;
  /** What all its addresses begin with; this machine's ends in .1. */
  readonly network: string;
  readonly hosts: readonly LabHost[];
  /** A home directory: its `.ssh` holds the two files below. */
  readonly home: string;
  /** The private key that root may log in with on every host. */
  readonly keyFile: string;
  /** The keys that the hosts show. */
  readonly knownHostsFile: string;
  /** A line `root@ADDRESS` for each host. */
  readonly pmFile: string;
  /** Throws when there is none of that name. */
  host(name: string): LabHost;
  /** Ends it and leaves nothing behind, as disposing does. */
  stop(): Promise<void>;
}

const binaries = ["virtlogd", "sshd", "ssh-keygen", "tc", "dnsmasq", "iptables"];

/** Whether a lab can be started here; `reason` says what is missing. */
export function labAvailable(): { available: boolean; reason: string } {
  const libvirt = libvirtAvailable();
  if (!libvirt.available) return libvirt;
  const missing = binaries.filter((name) => !isInstalled(name));
  if (missing.length > 0) return { available: false, reason: `not installed: ${missing.join(", ")}` };
  return { available: true, reason: "" };
}

/** Starts a lab and waits until all daemons answer. It ends with this process, however that ends. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { hosts: count = 3, hardware = {} } = options;
  await removeLeftBehind();
  const directory = await mkdtemp(join(tmpdir(), `ostler-lab-${process.pid}-`));
  const keeper = startKeeper(directory);
  const stop = (): Promise<void> => endKeeper(keeper);
  try {
    await runLab(directory, ["prepare", String(count)]);
    const network = (await readFile(join(directory, "network"), "utf8")).trim();
    const hosts = Array.from({ length: count }, (_, index) => new LabHost(directory, network, index + 1));
    for (const host of hosts) {
      const told = hardware[host.name];
      if (told !== undefined) await host.hardware(told);
    }
    await runLab(directory, ["up", String(count)]);
    return labOf({ directory, network, hosts, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

function labOf(parts: Pick<Lab, "directory" | "network" | "hosts" | "stop">): Lab {
  const { directory, hosts, stop } = parts;
  const home = join(directory, "home");
  return {
    ...parts,
    home,
    keyFile: join(home, ".ssh/id_ed25519"),
    knownHostsFile: join(home, ".ssh/known_hosts"),
    pmFile: join(directory, "pm_file"),
    host(name) {
      const found = hosts.find((host) => host.name === name);
      if (found === undefined) throw new Error(`the lab has no host ${name}`);
      return found;
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** A process of its own that takes the lab down when this one closes its end of the pipe, or is gone. */
function startKeeper(directory: string): ChildProcess {
  const keeper = spawn("bash", [labScript, "keep"], {
    detached: true, // a signal for the whole group, such as Ctrl-C, must not end it first
    env: labEnvironment(directory),
    stdio: ["pipe", "ignore", "inherit"],
  });
  keeper.unref(); // a lab that nobody stops keeps nobody alive
  return keeper;
}

async function endKeeper(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null) return;
  keeper.ref();
  const exited = once(keeper, "exit");
  keeper.stdin?.end();
  const [code] = await exited;
  if (code !== 0) throw new Error(`the lab was not taken down: exit code ${code}`);
}

/**
 * Of labs whose keeper was killed, too. They are told by their names, which name the process they belonged
 * to.
 */
async function removeLeftBehind(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^ostler-lab-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    await runLab(join(tmpdir(), name), ["down"]);
  }
}
