import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import { readFromServer, typed } from "../api/console/channels.ts";
import type { Consoles } from "../api/console/consoles.ts";
import { type MessageSocket, openWebSocket } from "../api/web-socket.ts";
import type { FakeDomain } from "../drivers/fake/fake-domain.ts";
import { FakeHypervisor } from "../drivers/fake/fake-hypervisor.ts";
import { systemClock } from "../runtime/clock.ts";
import { StatusError } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import { systemRandom } from "../runtime/random.ts";
import { isRecord } from "../schema/plain.ts";
import { type ApiFixtureOptions, machinesPath, smallMachine, startApi } from "./api-fixture.ts";

/** Who dials where; what is left out is the administrator at the machine `web`. */
export interface Dial {
  readonly path?: string;
  readonly protocol?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A log line as it was written. */
export interface Line {
  readonly message: string;
  readonly fields: object | undefined;
}

const stuckMs = 500;

export const consolePath = `${machinesPath}/web/console`;

/** An API that listens, over a machine `web` that runs on a host in memory and one, `off`, that does not. */
export async function consoleFixture(options: ApiFixtureOptions = {}) {
  const hypervisor = new FakeHypervisor({
    clock: systemClock,
    random: systemRandom,
    hosts: [{ name: "h1" }],
  });
  const host = hypervisor.host("h1");
  const consoles: Consoles = {
    open: async ({ metadata }, wanted) => {
      const domain = host.findDomain(metadata.uid ?? "");
      if (domain !== undefined) return domain.openConsole(wanted);
      throw new StatusError("OperationInvalid", `virtualmachines.ostler.dev "${metadata.name}" does not run`);
    },
  };
  const lines: Line[] = [];
  const api = await startApi({ listen: true, consoles, logger: logInto(lines), ...options });
  const { json } = await api.call("POST", machinesPath, { body: smallMachine });
  await api.call("POST", machinesPath, { body: { ...smallMachine, metadata: { name: "off" } } });
  const metadata = isRecord(json) && isRecord(json.metadata) ? json.metadata : {};
  const domain = host.addDomain({ uid: String(metadata.uid), domainName: "web", running: true });
  const ca = await readFile(join(api.directory, "ca.crt"), "utf8");
  const address = api.app.server.address();
  const sockets = new Set<Socket>();
  api.app.server.on("connection", (socket: Socket) => sockets.add(socket));
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const dial = ({ path = consolePath, protocol = "v5.channel.k8s.io", headers = {} }: Dial = {}) =>
    openWebSocket({
      url: new URL(path, `https://127.0.0.1:${port}`),
      protocol,
      headers: { ...api.headers, ...headers },
      tls: { ca },
    });
  return {
    api,
    domain,
    host,
    lines,
    ca,
    port,
    dial,
    flood: () => flood(domain),
    /** Every connection to the server is lost, and nobody is told. */
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

/** Has the guest print without an end, until its console is over or nobody takes any more. */
function flood(domain: FakeDomain) {
  const stuck = Promise.withResolvers<void>();
  const told = { writtenBytes: 0, stuck: stuck.promise, over: run() };
  async function run(): Promise<void> {
    const piece = Buffer.alloc(16 * 1024, "x");
    const terminal = domain.console;
    try {
      for (;;) {
        const timer = systemClock.after(stuckMs, stuck.resolve);
        await terminal?.write(piece).finally(() => timer.cancel());
        told.writtenBytes += piece.length;
      }
    } catch {
      stuck.resolve();
    }
  }
  return told;
}

/** Somebody at a terminal. */
export class Viewer {
  /** Everything printed so far. */
  text = "";
  /** The Status that ended it, once it is over. */
  readonly over: Promise<unknown>;
  readonly #socket: MessageSocket;
  #wake: () => void = () => undefined;

  constructor(socket: MessageSocket) {
    this.#socket = socket;
    this.over = this.#read();
  }

  type(text: string): Promise<void> {
    return this.#socket.send(typed(Buffer.from(text)));
  }

  send(message: Uint8Array): Promise<void> {
    return this.#socket.send(message);
  }

  /** Resolves once the guest has printed this. */
  async sees(text: string): Promise<void> {
    while (!this.text.includes(text)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async leave(): Promise<void> {
    await this.#socket.close(1000);
  }

  async #read(): Promise<unknown> {
    for await (const message of this.#socket.read()) {
      const said = readFromServer(message);
      if (said.type === "over") return JSON.parse(said.status);
      if (said.type === "printed") this.text += Buffer.from(said.bytes).toString();
      this.#wake();
    }
    return undefined;
  }
}

function logInto(lines: Line[]): Logger {
  const note = (message: string, fields?: object): void => void lines.push({ message, fields });
  const logger: Logger = { debug: note, info: note, warn: note, error: note, with: () => logger };
  return logger;
}
