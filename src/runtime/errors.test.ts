import t from "tap";
import { assertNever, hasReason, messageOf, StatusError } from "./errors.ts";

t.test("a StatusError carries its reason, code, causes and the error behind it", async (t) => {
  const cause = new Error("disk full");
  const error = new StatusError("Invalid", "vm a is invalid", {
    cause,
    causes: [{ field: "spec.cpus", message: "must be positive" }],
    retryAfterSeconds: 3,
  });
  t.match(error, { name: "StatusError", reason: "Invalid", code: 422, retryAfterSeconds: 3, cause });
  t.match(error.causes, [{ field: "spec.cpus" }]);
  const plain = new StatusError("NotFound", "no vm a");
  t.strictSame(
    [plain.code, plain.causes, plain.retryAfterSeconds, "cause" in plain],
    [404, [], undefined, false],
  );
});

t.test("reasons are told apart, and other errors have none", async (t) => {
  const error: unknown = new StatusError("Conflict", "changed");
  t.ok(hasReason(error, "Conflict"));
  t.notOk(hasReason(error, "NotFound"));
  t.notOk(hasReason(new Error("Conflict"), "Conflict"));
  t.notOk(hasReason(undefined, "Conflict"));
});

t.test("anything that was thrown has a message", async (t) => {
  t.equal(messageOf(new Error("no")), "no");
  t.equal(messageOf("text"), "text");
  t.equal(messageOf(undefined), "undefined");
});

t.test("an unexpected case is an error that shows it", async (t) => {
  const value: { type: string } = { type: "new" };
  // @ts-expect-error: this is what the compiler is there to prevent
  t.throws(() => assertNever(value), { message: 'unexpected value: {"type":"new"}' });
});
