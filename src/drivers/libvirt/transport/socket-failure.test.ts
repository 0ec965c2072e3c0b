import t from "tap";
import type { UnreachableReason } from "../../unreachable.ts";
import { type SocketFamily, socketFailure } from "./socket-failure.ts";

const meanings: readonly [SocketFamily, string, UnreachableReason][] = [
  ["unix", "ENOENT", "DaemonNotRunning"],
  ["unix", "ECONNREFUSED", "DaemonNotRunning"],
  ["unix", "EACCES", "SocketPermissionDenied"],
  ["network", "ECONNREFUSED", "ConnectionRefused"],
  ["network", "ENOTFOUND", "NameNotResolved"],
  ["network", "EAI_AGAIN", "NameNotResolved"],
  ["network", "EHOSTUNREACH", "NetworkUnreachable"],
  ["network", "ETIMEDOUT", "Timeout"],
  ["network", "ECONNRESET", "ConnectionLost"],
  ["network", "EMFILE", "Unreachable"],
];

t.test("a code of the system says what a host lacks", async (t) => {
  for (const [family, code, why] of meanings) {
    const failure = socketFailure("there", family, Object.assign(new Error("it failed"), { code }));
    t.match(failure, { why, message: "there: it failed" }, `${family} ${code}`);
  }
});

t.test("an error without words is told by its code", async (t) => {
  const error = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
  t.equal(socketFailure("there", "network", error).message, "there: ECONNREFUSED");
});
