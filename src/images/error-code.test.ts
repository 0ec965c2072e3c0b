import { readFile } from "node:fs/promises";
import t from "tap";
import { errorCode } from "./error-code.ts";

t.test("system errors have a code, other things do not", async (t) => {
  t.equal(await readFile("/does/not/exist").catch(errorCode), "ENOENT");
  t.equal(errorCode(new Error("plain")), undefined);
  t.equal(errorCode(Object.assign(new Error("odd"), { code: 7 })), undefined);
  t.equal(errorCode({ code: "ENOENT" }), undefined);
});
