import type { Socket } from "node:net";
import { StatusError } from "../runtime/errors.ts";
import { nodeHttp } from "../runtime/node-http.ts";
import { statusOf } from "./kubernetes/status.ts";

/** Answers with a Status what never became a request (too slow, too long, not HTTP), and hangs up. */
export function refuseUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (socket.writable && error.code !== "ECONNRESET") socket.write(answerTo(error.code));
  socket.destroy(error);
}

function answerTo(why: string | undefined): string {
  const { code, failure } = refusalFor(why);
  const body = JSON.stringify({ ...statusOf(failure), code });
  const head = [
    `HTTP/1.1 ${code} ${nodeHttp.STATUS_CODES[code]}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

/** HTTP has narrower codes for these than Kubernetes has reasons. */
function refusalFor(why: string | undefined): { readonly code: number; readonly failure: StatusError } {
  switch (why) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { code: 408, failure: new StatusError("Timeout", "the request did not arrive in time") };
    case "HPE_HEADER_OVERFLOW": {
      const message = "the head of the request is too large; send fewer or shorter headers";
      return { code: 431, failure: new StatusError("RequestEntityTooLarge", message) };
    }
    default:
      return { code: 400, failure: new StatusError("BadRequest", "the request is not valid HTTP") };
  }
}
