import type { Socket } from "node:net";
import { UnreachableError } from "../../unreachable.ts";
import { type SocketFamily, socketFailure } from "./socket-failure.ts";

export interface DialOptions {
  readonly event: "connect" | "secureConnect";
  readonly family: SocketFamily;
  /** Where it leads, for messages. */
  readonly label: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Resolves when `event` happens; if the socket fails or the signal aborts first, destroys it and throws an
 * `UnreachableError`.
 */
export function established<S extends Socket>(
  socket: S,
  { event, family, label, signal }: DialOptions,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const fail = (error: UnreachableError): void => {
      done();
      socket.on("error", () => undefined); // destroying it may raise another
      socket.destroy();
      reject(error);
    };
    const onError = (error: Error): void => fail(socketFailure(label, family, error));
    const onClose = (): void =>
      fail(new UnreachableError("ConnectionLost", `${label}: closed while connecting`));
    const onAbort = (): void =>
      fail(new UnreachableError("Timeout", `${label}: gave up connecting`, { cause: signal?.reason }));
    const done = (): void => {
      socket.off("error", onError).off("close", onClose).off(event, onEvent);
      signal?.removeEventListener("abort", onAbort);
    };
    const onEvent = (): void => {
      done();
      resolve(socket);
    };
    socket.once("error", onError).once("close", onClose).once(event, onEvent);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
  });
}
