import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import { statusOf, successStatus, toStatusError } from "./status.ts";

const subject = { group: "ostler.dev", resource: "virtualmachines", kind: "VirtualMachine", name: "web" };

t.test("an error is a Status with its causes and what it is about", async (t) => {
  const error = new StatusError("Invalid", "is invalid", {
    causes: [
      { field: "spec.cpus", message: "required", reason: "FieldValueRequired" },
      { field: "a", message: "b" },
    ],
  });
  t.same(statusOf(error, subject), {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: "is invalid",
    reason: "Invalid",
    details: {
      name: "web",
      group: "ostler.dev",
      kind: "VirtualMachine",
      causes: [
        { reason: "FieldValueRequired", message: "required", field: "spec.cpus" },
        { reason: "FieldValueInvalid", message: "b", field: "a" },
      ],
    },
    code: 422,
  });
});

t.test("in every other error the kind is the plural", async (t) => {
  t.match(statusOf(new StatusError("NotFound", "x"), subject).details, { kind: "virtualmachines" });
  t.same(statusOf(new StatusError("NotFound", "x")).details, {});
  t.match(statusOf(new StatusError("TooManyRequests", "x", { retryAfterSeconds: 3 })).details, {
    retryAfterSeconds: 3,
  });
});

t.test("the text of a bug stays inside", async (t) => {
  const status = statusOf(new TypeError("secret"));
  t.equal(status.code, 500);
  t.equal(status.reason, "InternalError");
  t.notMatch(JSON.stringify(status), "secret");
  t.equal(statusOf("secret").code, 500);
});

t.test("errors of the HTTP layer are told in our words", async (t) => {
  const reasons: readonly (readonly [code: number, reason: string])[] = [
    [400, "BadRequest"],
    [404, "NotFound"],
    [408, "Timeout"],
    [413, "RequestEntityTooLarge"],
    [415, "UnsupportedMediaType"],
    [503, "ServiceUnavailable"],
    [418, "InternalError"],
  ];
  for (const [statusCode, reason] of reasons) {
    const failure = toStatusError(Object.assign(new Error("secret"), { statusCode }));
    t.equal(failure.reason, reason);
    t.notMatch(failure.message, "secret");
  }
});

t.test("a deletion that is done is a success with the uid", async (t) => {
  t.match(successStatus(subject, "u1"), {
    status: "Success",
    details: { kind: "virtualmachines", uid: "u1" },
  });
});
