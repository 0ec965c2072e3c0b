import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import { rejectsWith } from "../../testing/rejects-with.ts";
import { Overtaken, overtakenBy, retryOnConflict } from "./retry.ts";

t.test("an attempt that was overtaken is made again, at most five times", async (t) => {
  const lasts: boolean[] = [];
  const third = await retryOnConflict(async (last) => {
    lasts.push(last);
    if (lasts.length < 3) throw new Overtaken(new Error());
    return "done";
  });
  t.equal(third, "done");
  t.same(lasts, [false, false, false]);
  const always = retryOnConflict(async (last) => {
    throw overtakenBy(new StatusError("Conflict", "busy"), last);
  });
  await rejectsWith(t, always, "Conflict");
});

t.test("only conflicts are worth another attempt", async (t) => {
  const conflict = new StatusError("Conflict", "busy");
  t.ok(overtakenBy(conflict, false) instanceof Overtaken);
  t.equal(overtakenBy(conflict, true), conflict);
  const invalid = new StatusError("Invalid", "wrong");
  t.equal(overtakenBy(invalid, false), invalid);
  await t.rejects(
    retryOnConflict(() => Promise.reject(invalid)),
    invalid,
  );
});
