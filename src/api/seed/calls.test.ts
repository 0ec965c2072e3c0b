import t from "tap";
import { isChange } from "./calls.ts";

t.test("calls that change something are told from those that only look", async (t) => {
  const changes = [
    "vm/create",
    "vm/destroy",
    "volume/create",
    "volume/destroy",
    "volume/attach",
    "volume/detach",
  ];
  for (const call of changes) t.ok(isChange(call as "vm/create"), call);
  for (const call of [
    "vm/query",
    "vm/types",
    "image/list",
    "pm/list",
    "pm/listvms",
    "pm/query",
    "volume/query",
  ]) {
    t.notOk(isChange(call as "vm/create"), call);
  }
});
