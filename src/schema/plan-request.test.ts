import t from "tap";
import { hasReason } from "../runtime/errors.ts";
import { parsePlanRequest } from "./plan-request.ts";

t.test("what is asked is all optional, and nothing else may be asked", async (t) => {
  t.same(parsePlanRequest({}), {});
  const question = { manifests: [{ kind: "VirtualMachine" }], loseHosts: ["h1"], policy: "BinPacking" };
  t.same(parsePlanRequest(question), question);
  for (const wrong of [{ lose: ["h1"] }, { loseHosts: "h1" }, { policy: 1 }, [], null]) {
    try {
      parsePlanRequest(wrong);
      t.fail(`${JSON.stringify(wrong)} was taken`);
    } catch (error) {
      t.ok(hasReason(error, "Invalid"), JSON.stringify(wrong));
    }
  }
});
