import type { Socket } from "node:net";
import { StatusError } from "../../../runtime/errors.ts";

/** Resolves when `event` happens; if the socket fails or the signal aborts first, destroys it and throws. */
export function established<S extends Socket>(
  socket: S,
  event: "connect" | "secureConnect",
  label: string,
  signal?: AbortSignal,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const fail = (message: string, cause: unknown): void => {
      done();
      socket.on("error", () => undefined); // destroying it may raise another
      socket.destroy();
      reject(new StatusError("HostUnreachable", `${label}: ${message}`, { cause }));
    };
    const onError = (error: Error): void => fail(error.message, error);
    const onClose = (): void => fail("closed while connecting", undefined);
    const onAbort = (): void => fail("gave up connecting", signal?.reason);
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
