/** Kubernetes' protocols for terminals over a WebSocket, the best first: the first byte says what follows. */
export const channelProtocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"] as const;

/** What the first byte of a message says. Of v4 as of v5, which added `close`. */
const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

/** What a client says. */
export type FromClient =
  | { readonly type: "typed"; readonly bytes: Uint8Array }
  | { readonly type: "typedAll" }
  | { readonly type: "ignored" };

/** What a server says. */
export type FromServer =
  | { readonly type: "printed"; readonly bytes: Uint8Array }
  /** The last word: a Status as JSON. */
  | { readonly type: "over"; readonly status: string }
  | { readonly type: "ignored" };

/** Reads a client's message. A serial line has no size: that of the client's window is of no matter. */
export function readFromClient(message: Uint8Array): FromClient {
  const [first, second] = message;
  if (first === channel.stdin) return { type: "typed", bytes: message.subarray(1) };
  if (first === channel.close && second === channel.stdin) return { type: "typedAll" };
  return { type: "ignored" };
}

/** Reads a server's message. */
export function readFromServer(message: Uint8Array): FromServer {
  const bytes = message.subarray(1);
  if (message[0] === channel.stdout || message[0] === channel.stderr) return { type: "printed", bytes };
  if (message[0] === channel.error) return { type: "over", status: Buffer.from(bytes).toString() };
  return { type: "ignored" };
}

export function printed(bytes: Uint8Array): Uint8Array {
  return framed(channel.stdout, bytes);
}

export function typed(bytes: Uint8Array): Uint8Array {
  return framed(channel.stdin, bytes);
}

export function over(status: string): Uint8Array {
  return framed(channel.error, Buffer.from(status));
}

function framed(first: number, bytes: Uint8Array): Uint8Array {
  const message = new Uint8Array(bytes.length + 1);
  message[0] = first;
  message.set(bytes, 1);
  return message;
}
