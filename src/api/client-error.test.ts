import t from "tap";
import { toError } from "./client-error.ts";

t.test("a Status says what went wrong, and where", async (t) => {
  const causes = [{ field: "spec.cpus", message: "required" }, { message: "odd" }, 7];
  const status = { code: 422, reason: "Invalid", message: "it is invalid", details: { causes } };
  t.match(toError(422, status), {
    reason: "Invalid",
    message: "it is invalid",
    causes: [
      { field: "spec.cpus", message: "required" },
      { field: "", message: "odd" },
    ],
  });
});

t.test("two errors share a code, and the word tells them apart", async (t) => {
  t.equal(toError(409, { code: 409, reason: "AlreadyExists" }).reason, "AlreadyExists");
  t.equal(toError(409, { code: 409, reason: "Conflict" }).reason, "Conflict");
});

t.test("without a Status the code of the answer has to do", async (t) => {
  t.match(toError(503, undefined), { reason: "ServiceUnavailable", message: "the server answered 503" });
  t.equal(toError(418, "teapot").reason, "InternalError");
});
