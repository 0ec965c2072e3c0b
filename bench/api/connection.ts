// One keep-alive HTTP/1.1 connection over TLS that costs the client as little as can be: on two cores a client that
// parses more than it must is what a benchmark ends up measuring.
import { connect, type TLSSocket } from "node:tls";

/** Where the server is, and who asks. */
export interface Target {
  readonly port: number;
  readonly ca: string;
  readonly token: string;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
}

export interface Response {
  readonly code: number;
  readonly bytes: number;
  /** From the first byte sent to the first and to the last byte received. */
  readonly firstMs: number;
  readonly ms: number;
  /** The head and, if it came with it, the body. */
  readonly start: Buffer;
}

const headEnd = Buffer.from("\r\n\r\n");
const lastChunk = Buffer.from("0\r\n\r\n");

/** Sends one request at a time. */
export class Connection {
  readonly #socket: TLSSocket;
  readonly #head: string;
  #take: (chunk: Buffer) => void = () => {};
  #fail: (error: Error) => void = () => {};

  static async open(target: Target): Promise<Connection> {
    const { port, ca, token } = target;
    const socket = connect({ host: "127.0.0.1", port, ca });
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => {
      socket.once("secureConnect", resolve).once("error", reject);
    });
    return new Connection(socket, token);
  }

  private constructor(socket: TLSSocket, token: string) {
    this.#socket = socket;
    this.#head = `Host: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n`;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the server hung up")));
  }

  send(request: Request): Promise<Response> {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const start = performance.now();
    let firstMs = 0;
    let received: Buffer = Buffer.alloc(0);
    let length = -1;
    let seen = 0;
    this.#fail = reject;
    this.#take = (chunk) => {
      if (length < 0) {
        received = seen === 0 ? chunk : Buffer.concat([received, chunk]);
        if (seen === 0) firstMs = performance.now() - start;
        const end = received.indexOf(headEnd);
        if (end >= 0) length = bodyEnd(received.toString("latin1", 0, end), end + 4);
      }
      seen += chunk.length;
      const whole = length === Number.POSITIVE_INFINITY ? endsWith(chunk, lastChunk) : seen === length;
      if (!whole) return;
      const code = Number(received.toString("latin1", 9, 12));
      resolve({ code, bytes: seen, firstMs, ms: performance.now() - start, start: received });
    };
    this.#socket.write(this.#text(request));
    return promise;
  }

  /** Sends a request whose answer does not end; `take` gets every chunk, the head too. */
  stream(request: Request, take: (chunk: Buffer) => void, fail: (error: Error) => void): void {
    this.#take = take;
    this.#fail = fail;
    this.#socket.write(this.#text(request));
  }

  /** Takes nothing more from the network. */
  stall(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#fail = () => {};
    this.#socket.destroy();
  }

  #text({ method, path, body, contentType = "application/json" }: Request): string {
    const head = `${method} ${path} HTTP/1.1\r\n${this.#head}`;
    if (body === undefined) return `${head}\r\n`;
    return `${head}Content-Type: ${contentType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  }
}

/** Where the answer ends; Infinity: in chunks. */
function bodyEnd(head: string, at: number): number {
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  return length === undefined ? Number.POSITIVE_INFINITY : at + Number(length);
}

function endsWith(chunk: Buffer, end: Buffer): boolean {
  return chunk.subarray(-end.length).equals(end);
}
