import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandResult } from "../libvirt-host.ts";
import { type LabCommandOptions, runLab, tryLab } from "./lab-command.ts";

export type LabDaemon = "libvirtd" | "virtlogd" | "sshd";

/** A daemon, or the QEMU of the domain of that name. Of sshd only the listener: sessions are not touched. */
export type LabProcess = LabDaemon | `qemu:${string}`;

export interface LabHardware {
  readonly cpus: number;
  readonly memoryMiB: number;
}

/**
 * One host of a lab. Every verb resolves when its effect can be observed, and throws when that takes too
 * long.
 */
export class LabHost {
  readonly name: string;
  readonly address: string;
  /** What it has on its disks, from outside: `lib`, `log`, `libvirt`, `root`, and `run` while it is on. */
  readonly directory: string;
  /** libvirtd's read-write socket, from outside. */
  readonly socketPath: string;
  readonly #lab: string;

  constructor(lab: string, network: string, number: number) {
    this.#lab = lab;
    this.name = `h${number}`;
    this.address = `${network}.${10 + number}`;
    this.directory = join(lab, this.name);
    this.socketPath = join(this.directory, "run/libvirt/libvirt-sock");
  }

  /** For use from outside. With `ssh` the host's key is verified. */
  uri(transport: "ssh" | "tcp" | "unix"): string {
    const ssh = join(this.#lab, "home/.ssh");
    const uris = {
      ssh: `qemu+ssh://root@${this.address}/system?keyfile=${ssh}/id_ed25519&known_hosts=${ssh}/known_hosts`,
      tcp: `qemu+tcp://${this.address}/system`,
      unix: `qemu+unix:///system?socket=${this.socketPath}`,
    };
    return uris[transport];
  }

  /** Power loss: all its processes are gone, and no connection is closed in good order. */
  powerOff(): Promise<void> {
    return this.#do("power-off");
  }

  /** Until its daemons answer. Its cable is as it was; nothing slows it any more. */
  powerOn(): Promise<void> {
    return this.#do("power-on");
  }

  /** Pulls the cable: nothing arrives any more, and nobody is told. */
  cut(): Promise<void> {
    return this.#do("cut");
  }

  /** Plugs the cable in, at full speed. */
  heal(): Promise<void> {
    return this.#do("heal");
  }

  /** Limits the cable to a rate such as `20mbit`, both ways. */
  slow(rate: string): Promise<void> {
    return this.#do("slow", rate);
  }

  freeze(process: LabProcess): Promise<void> {
    return this.#do("freeze", process);
  }

  thaw(process: LabProcess): Promise<void> {
    return this.#do("thaw", process);
  }

  /** SIGKILL. Guests outlive their daemons. */
  kill(process: LabProcess): Promise<void> {
    return this.#do("kill", process);
  }

  /** SIGTERM. */
  stop(process: LabProcess): Promise<void> {
    return this.#do("stop", process);
  }

  /** Starts a daemon, unless it runs, and waits until it answers. */
  start(daemon: LabDaemon): Promise<void> {
    return this.#do("start", daemon);
  }

  /** What it seems to have from its next power-on. */
  hardware({ cpus, memoryMiB }: LabHardware): Promise<void> {
    return this.#do("hardware", `cpus=${cpus}`, `memory_mib=${memoryMiB}`);
  }

  /** Runs the real virsh on the host. Throws what it complains of. */
  virsh(...argv: readonly string[]): Promise<string> {
    return runLab(this.#lab, ["virsh", this.name, ...argv]);
  }

  /** Defines a domain from XML by the real virsh. */
  async define(xml: string): Promise<void> {
    const script = "cat >/tmp/$$.xml && exec virsh -q define /tmp/$$.xml";
    const { code, stderr } = await this.exec(["sh", "-c", script], { input: xml });
    if (code !== 0) throw new Error(`${this.name}: ${stderr.trim()}`);
  }

  /** Runs a command on the host; never rejects because of its exit code. */
  exec(argv: readonly string[], options?: LabCommandOptions): Promise<CommandResult> {
    return tryLab(this.#lab, ["exec", this.name, ...argv], options);
  }

  /**
   * The domains whose QEMU lives, and its process id. Known from the processes: needs no daemon and no cable.
   */
  guests(): ReadonlyMap<string, number> {
    const found = this.#children().map((pid) => {
      const name = /\0guest=([^,\0]+)/.exec(readText(`/proc/${pid}/cmdline`))?.[1];
      return [name ?? "", Number(pid)] as const;
    });
    return new Map(found.filter(([name]) => name !== ""));
  }

  /** The proportional set size of its daemons and guests. */
  memoryBytes(): number {
    const kibibytes = this.#children().map((pid) =>
      Number(/^Pss: +(\d+)/m.exec(readText(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
    );
    return kibibytes.reduce((sum, each) => sum + each, 0) * 1024;
  }

  async #do(verb: string, ...argv: readonly string[]): Promise<void> {
    await runLab(this.#lab, [verb, this.name, ...argv]);
  }

  /** Daemons and guests are children of its first process; none when it is off. */
  #children(): readonly string[] {
    const init = readText(join(this.directory, "pid")).trim();
    if (init === "") return [];
    const children = readText(`/proc/${init}/task/${init}/children`).trim();
    return children === "" ? [] : children.split(" ");
  }
}

/** Empty when it is gone. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
