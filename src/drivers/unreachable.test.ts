import t from "tap";
import { StatusError } from "../runtime/errors.ts";
import { UnreachableError, unreachableReason } from "./unreachable.ts";

t.test("why a host is unreachable is found however often the error was wrapped", async (t) => {
  const inner = new UnreachableError("DaemonHung", "no answer");
  const wrapped = new StatusError("HostUnreachable", "cannot connect", { cause: inner });
  t.equal(unreachableReason(wrapped), "DaemonHung");
  t.equal(
    unreachableReason(new UnreachableError("ConnectionLost", "lost", { cause: inner })),
    "ConnectionLost",
  );
  t.equal(unreachableReason(new Error("something", { cause: "a text" })), undefined);
  t.equal(unreachableReason("a text"), undefined);
});

t.test("a ring of causes ends the search", async (t) => {
  const error = new Error("ring");
  error.cause = error;
  t.equal(unreachableReason(error), undefined);
});

t.test("who is not let in, or not believed, is told apart also by the general reason", async (t) => {
  t.equal(new UnreachableError("AuthenticationFailed", "no").reason, "Unauthorized");
  t.equal(new UnreachableError("HostKeyChanged", "no").reason, "Forbidden");
  t.equal(new UnreachableError("InvalidSettings", "no").reason, "Invalid");
  t.equal(new UnreachableError("Timeout", "no").reason, "HostUnreachable");
});
