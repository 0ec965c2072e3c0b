import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import { StatusError } from "../runtime/errors.ts";
import { toError } from "./client-error.ts";
import type { Upgrade } from "./upgrades.ts";

const maxMessageBytes = 1024 * 1024;
const maxErrorCharacters = 64 * 1024;
const handshakeMs = 30_000;

const common = { maxPayload: maxMessageBytes, perMessageDeflate: false, closeTimeout: 2_000 } as const;

/** One WebSocket: messages are taken one by one, and a reader that lags is not sent more. */
export class MessageSocket {
  readonly #socket: WebSocket;
  readonly #closed: Promise<unknown>;
  readonly #waiting: Buffer[] = [];
  #isOpen = true;
  #wake: () => void = () => undefined;
  #isAlive = true;
  #isReading = false;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => {
      this.#waiting.push(data);
      socket.pause();
      this.#wake();
    });
    socket.on("pong", () => {
      this.#isAlive = true;
    });
    // What goes wrong ends it; who reads or writes sees that.
    socket.on("error", () => undefined);
    this.#closed = new Promise((resolve) => socket.once("close", resolve)).then(() => {
      this.#isOpen = false;
      this.#wake();
    });
  }

  /** What the other side sends, until it goes. */
  async *read(): AsyncGenerator<Buffer, void, undefined> {
    try {
      for (;;) {
        const message = this.#waiting.shift();
        if (message !== undefined) yield message;
        else if (this.#isOpen) await this.#more();
        else return;
      }
    } finally {
      // Nobody reads any more, but the other side's goodbye must be heard.
      this.#socket.resume();
    }
  }

  /** Resolves when the message has been handed to the network; rejects when the other side is gone. */
  send(message: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(message, { binary: true }, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Asks the other side for a sign of life. False: it gave none since it was last asked, and we listened. */
  ping(): boolean {
    if (!this.#isReading) return true;
    const wasAlive = this.#isAlive;
    this.#isAlive = false;
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
    return wasAlive;
  }

  async #more(): Promise<void> {
    this.#isReading = true;
    this.#socket.resume();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#isReading = false;
  }

  /** Says goodbye; resolves when the other side has, too. */
  async close(code: number): Promise<void> {
    this.#socket.close(code);
    this.#socket.resume();
    await this.#closed;
  }

  /** Ends it at once. */
  terminate(): void {
    this.#socket.terminate();
  }
}

export interface AcceptOptions {
  readonly request: IncomingMessage;
  readonly upgrade: Upgrade;
  /** Of those that the client offered. */
  readonly protocol: string;
  /** Told with the acceptance. */
  readonly headers: readonly string[];
}

/** Takes the connection over. Throws `BadRequest`, having sent nothing, when the handshake is wrong. */
export function acceptWebSocket(options: AcceptOptions): Promise<MessageSocket> {
  const { request, upgrade, protocol, headers } = options;
  const server = new WebSocketServer({
    ...common,
    noServer: true,
    clientTracking: false,
    handleProtocols: () => protocol,
  });
  server.on("headers", (lines) => lines.push(...headers));
  return new Promise((resolve, reject) => {
    server.once("wsClientError", (error) => reject(new StatusError("BadRequest", error.message)));
    server.handleUpgrade(request, upgrade.socket, upgrade.head, (socket) =>
      resolve(new MessageSocket(socket)),
    );
  });
}

export interface OpenOptions {
  readonly url: URL;
  readonly protocol: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly servername?: string;
  };
}

/** Connects to a server. Throws what the server says when it refuses, and whatever keeps us from it. */
export async function openWebSocket({ url, protocol, headers, tls }: OpenOptions): Promise<MessageSocket> {
  const address = new URL(url);
  address.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  const socket = new WebSocket(address, [protocol], {
    ...common,
    ...tls,
    headers,
    handshakeTimeout: handshakeMs,
  });
  const opened = new MessageSocket(socket);
  const refused = new Promise<never>((_resolve, reject) => {
    socket.once("unexpected-response", (_request, response) => {
      void refusal(response).then(reject, reject);
    });
  });
  await Promise.race([once(socket, "open"), refused]);
  return opened;
}

async function refusal(response: IncomingMessage): Promise<StatusError> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    text += chunk;
    if (text.length > maxErrorCharacters) break;
  }
  return toError(response.statusCode ?? 0, parseOr(text));
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
