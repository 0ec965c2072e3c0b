import t from "tap";
import { message } from "./message.ts";

t.test("fields are found by their numbers", async (t) => {
  const { fields } = message({ 1: ["name", "string"], 14: ["finalizers", { list: "string" }] });
  t.strictSame(fields.get(14), ["finalizers", { list: "string" }]);
  t.equal(fields.get(2), undefined);
});
