import { join } from "node:path";
import t from "tap";
import { StatusError } from "../runtime/errors.ts";
import { DamageError, explainOpening } from "./sqlite-errors.ts";

const directory = t.testdir({ "store.pid": "4711\n" });
const files = { directory, path: join(directory, "store.db"), pidPath: join(directory, "store.pid") };
const sqlite = (errcode: number) => Object.assign(new Error("sqlite says so"), { errcode });

t.test("who has a store that is in use is told", async (t) => {
  t.match(explainOpening(files, sqlite(5)), { reason: "Conflict", message: /in use by .* \(pid 4711\)/ });
  t.match(explainOpening({ ...files, pidPath: "/nowhere" }, sqlite(261)), { message: /pid unknown/ });
});

t.test("a damaged file is told from one that cannot be opened", async (t) => {
  for (const error of [sqlite(11), sqlite(26), new DamageError("a hole")]) {
    t.match(explainOpening(files, error), { reason: "InternalError", message: /is damaged; restore it/ });
  }
  t.match(explainOpening(files, new Error("no such directory")), { message: /cannot be opened: no such/ });
});

t.test("what is explained already stays as it is", async (t) => {
  const known = new StatusError("Unsupported", "the store has format 9");
  t.equal(explainOpening(files, known), known);
});
