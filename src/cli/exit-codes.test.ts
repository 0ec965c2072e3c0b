import t from "tap";
import { StatusError } from "../runtime/errors.ts";
import { exitCodeOf, UsageError } from "./exit-codes.ts";

t.test("each kind of failure has its exit code", async (t) => {
  t.equal(exitCodeOf(new Error("x")), 1);
  t.equal(exitCodeOf(new StatusError("Invalid", "x")), 1);
  t.equal(exitCodeOf(new UsageError("x")), 2);
  t.equal(exitCodeOf(new StatusError("NotFound", "x")), 3);
  t.equal(exitCodeOf(new StatusError("Timeout", "x")), 4);
  t.equal(exitCodeOf(new StatusError("ServiceUnavailable", "x")), 5);
  t.equal(exitCodeOf(new StatusError("Unauthorized", "x")), 5);
});
