import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, type NetConnectOpts } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";

/** Paths of the PEM files with which libvirtd serves TLS on port 16514. */
export interface LibvirtTlsFiles {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
}

export interface LibvirtHostOptions {
  /** Host name inside; "host" unless told. */
  readonly name?: string;
  /** Shows /dev/kvm. Without it libvirt offers software emulation only. */
  readonly kvm?: boolean;
  /** Listens for plain TCP on this port of `address`, without authentication. */
  readonly listenTcp?: number;
  readonly tls?: LibvirtTlsFiles;
  /** Further lines of libvirtd.conf, such as `max_client_requests = 20`. */
  readonly daemonSettings?: readonly string[];
  /** Further lines of qemu.conf. */
  readonly qemuSettings?: readonly string[];
  /** How long libvirtd may take to accept connections; 30 s unless told. */
  readonly startTimeoutMs?: number;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A host simulated by namespaces, with a real libvirtd. It dies with the process that started it. */
export interface LibvirtHost extends AsyncDisposable {
  /** Holds everything the host wrote: run, etc, lib, log, cache. The same path is valid inside. */
  readonly directory: string;
  /** libvirtd's read-write socket, as seen from outside. */
  readonly socketPath: string;
  /** Reaches the host from outside, over a cable of its own. */
  readonly address: string;
  /** The outer end of the cable: `ip link set CABLE down` cuts it. */
  readonly cable: string;
  /** Process id of libvirtd from outside; undefined when it does not run. */
  readonly pid: number | undefined;
  /** Sends libvirtd a signal; after SIGKILL resolves once it is gone. Guests live on. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts libvirtd again, after killing it when it still runs. */
  restart(): Promise<void>;
  /** Runs a command inside; never rejects because of its exit code. */
  exec(argv: readonly string[], options?: { input?: string; timeoutMs?: number }): Promise<CommandResult>;
  /** Power loss: every process, mount and file of the host is gone when this resolves. */
  stop(): Promise<void>;
}

const binaries = ["libvirtd", "virsh", "qemu-system-x86_64", "unshare", "nsenter", "ip"];

/** Whether hosts can be started here; `reason` says what is missing. */
export function libvirtAvailable(): { available: boolean; reason: string } {
  if (process.getuid?.() !== 0) return { available: false, reason: "needs root" };
  const missing = binaries.filter((name) => !isInstalled(name));
  if (missing.length > 0) return { available: false, reason: `not installed: ${missing.join(", ")}` };
  try {
    execFileSync("unshare", ["--mount", "--net", "--pid", "--fork", "true"], { stdio: "ignore" });
    return { available: true, reason: "" };
  } catch {
    return { available: false, reason: "may not create namespaces" };
  }
}

/** Starts a host and waits until its libvirtd accepts connections. */
export async function startLibvirtHost(options: LibvirtHostOptions = {}): Promise<LibvirtHost> {
  const directory = await mkdtemp(join(tmpdir(), "ostler-host-"));
  await writeSettings(directory, options);
  const script = fileURLToPath(new URL("libvirt-host.sh", import.meta.url));
  const child = spawn("bash", [script, directory, options.name ?? "host", options.kvm ? "1" : "0"], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.stdin.on("error", () => undefined); // the host is gone: `exited` tells
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-4000);
  });
  const lines = createInterface({ input: child.stdout });
  const [first] = await Promise.race([once(lines, "line"), exited.then(() => [""])]);
  const [word, initPid, address, cable] = String(first).split(" ");
  if (word !== "ready" || !initPid || !address || !cable) {
    await rm(directory, { recursive: true, force: true });
    throw new Error(`the host did not come up: ${complaints.trim()}`);
  }
  const host = new NamespaceHost({
    directory,
    initPid,
    address,
    cable,
    ports: [...(options.listenTcp === undefined ? [] : [options.listenTcp]), ...(options.tls ? [16514] : [])],
    timeoutMs: options.startTimeoutMs ?? 30_000,
    start: () => child.stdin.write("start\n"),
    stop: async () => {
      child.stdin.end();
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  });
  try {
    await host.restart();
  } catch (error) {
    await host.stop();
    throw error;
  }
  return host;
}

interface HostParts {
  readonly directory: string;
  readonly initPid: string;
  readonly address: string;
  readonly cable: string;
  /** That libvirtd listens on. */
  readonly ports: readonly number[];
  readonly timeoutMs: number;
  start(): void;
  stop(): Promise<void>;
}

class NamespaceHost implements LibvirtHost {
  readonly directory: string;
  readonly socketPath: string;
  readonly address: string;
  readonly cable: string;
  readonly #parts: HostParts;

  constructor(parts: HostParts) {
    this.directory = parts.directory;
    this.socketPath = join(parts.directory, "run/libvirt/libvirt-sock");
    this.address = parts.address;
    this.cable = parts.cable;
    this.#parts = parts;
  }

  get pid(): number | undefined {
    const children = readText(`/proc/${this.#parts.initPid}/task/${this.#parts.initPid}/children`);
    for (const pid of children.trim().split(" ")) {
      const status = readText(`/proc/${pid}/status`);
      if (/^Name:\tlibvirtd$/m.test(status) && !hasEnded(status)) return Number(pid);
    }
    return undefined;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const pid = this.pid;
    if (pid === undefined) return;
    process.kill(pid, signal);
    if (signal === "SIGKILL") await this.#until(async () => this.pid === undefined);
  }

  async restart(): Promise<void> {
    await this.kill("SIGKILL");
    await rm(this.socketPath, { force: true });
    this.#parts.start();
    await this.#until(() => accepts({ path: this.socketPath }));
    // The daemon opens its ports after its sockets.
    for (const port of this.#parts.ports) await this.#until(() => accepts({ host: this.address, port }));
  }

  exec(
    argv: readonly string[],
    options: { input?: string; timeoutMs?: number } = {},
  ): Promise<CommandResult> {
    // A mount namespace alone would be entered at its top, which is another root when we live in a chroot.
    const root = ["--mount", "--root", "--wd"];
    const enter = ["--target", this.#parts.initPid, ...root, "--uts", "--ipc", "--net", "--pid", "--"];
    const limits = {
      timeout: options.timeoutMs ?? 60_000,
      killSignal: "SIGKILL",
      maxBuffer: 64 << 20,
    } as const;
    return new Promise((resolve) => {
      const child = execFile("nsenter", [...enter, ...argv], limits, (error, stdout, stderr) => {
        resolve({ code: error ? (child.exitCode ?? 255) : 0, stdout, stderr });
      });
      child.stdin?.on("error", () => undefined); // ended without reading its input
      child.stdin?.end(options.input ?? "");
    });
  }

  stop(): Promise<void> {
    return this.#parts.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = systemClock.monotonic() + this.#parts.timeoutMs;
    while (!(await condition())) {
      if (systemClock.monotonic() > deadline) {
        const log = await readFile(join(this.directory, "log/libvirtd.out"), "utf8").catch(() => "");
        throw new Error(`libvirtd in ${this.directory} did not get ready: ${log.slice(-2000)}`);
      }
      await pause(10);
    }
  }
}

/** Of a process that was killed the first thread ends first; its locks last until the last ends. */
function hasEnded(status: string): boolean {
  return /^State:\tZ/m.test(status) && !/^Threads:\t([2-9]|\d\d)/m.test(status);
}

async function writeSettings(directory: string, options: LibvirtHostOptions): Promise<void> {
  const daemon = [
    'unix_sock_rw_perms = "0700"',
    'auth_unix_rw = "none"',
    'auth_unix_ro = "none"',
    `listen_tcp = ${options.listenTcp === undefined ? 0 : 1}`,
    `tcp_port = "${options.listenTcp ?? 16509}"`,
    'auth_tcp = "none"',
    `listen_tls = ${options.tls ? 1 : 0}`,
    `host_uuid = "${systemRandom.uuid()}"`,
    'log_outputs = "3:file:/var/log/libvirt/libvirtd.log"',
    ...(options.tls ? tlsSettings(options.tls) : []),
    ...(options.daemonSettings ?? []),
  ];
  const qemu = [
    'security_driver = "none"',
    "namespaces = []",
    "remember_owner = 0",
    'stdio_handler = "file"',
    'user = "root"',
    'group = "root"',
    ...(options.qemuSettings ?? []),
  ];
  await mkdir(join(directory, "etc"), { recursive: true });
  await writeFile(join(directory, "etc/libvirtd.conf"), `${daemon.join("\n")}\n`);
  await writeFile(join(directory, "etc/qemu.conf"), `${qemu.join("\n")}\n`);
}

function tlsSettings(files: LibvirtTlsFiles): string[] {
  return [
    `cert_file = "${files.certificate}"`,
    `key_file = "${files.key}"`,
    `ca_file = "${files.authority}"`,
  ];
}

/** Whether a program of that name is where the system's programs are. */
export function isInstalled(name: string): boolean {
  return ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // the process ended
  }
}

/** Whether somebody listens there. */
export function accepts(target: NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(target);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** Real time: these are real processes. Unlike a clock's timer it keeps the process alive. */
function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
