import type { Test } from "tap";
import { hasReason, messageOf, type StatusReason } from "../runtime/errors.ts";

/** Asserts that `call` throws a StatusError of this reason, and with this in its message if it is given. */
export function throwsWith(t: Test, call: () => unknown, reason: StatusReason, message = ""): void {
  try {
    call();
  } catch (error) {
    t.ok(hasReason(error, reason), `${reason}: ${messageOf(error)}`);
    t.ok(messageOf(error).includes(message), `the message has "${message}"`);
    return;
  }
  t.fail(`did not throw ${reason}`);
}
