import t from "tap";
import { failureOf, type SeedCall } from "./answers.ts";

const failures: readonly (readonly [SeedCall | undefined, unknown, unknown])[] = [
  ["vm/create", { vmid: 0 }, { vmid: 0 }],
  ["vm/query", 0, { vmid: 0 }],
  ["vm/destroy", { status: 0 }, { status: 0 }],
  ["vm/types", 0, { types: 0 }],
  ["image/list", 0, { images: 0 }],
  ["pm/list", 0, { pmids: 0 }],
  ["pm/listvms", 0, { vmids: 0 }],
  ["pm/query", 0, { pmid: 0 }],
  ["volume/create", { volumeid: 0 }, { volumeid: 0 }],
  ["volume/query", { error: "volumeid : 7 does not exist" }, { error: "volumeid : 7 does not exist" }],
  ["volume/destroy", { status: 0 }, { status: 0 }],
  ["volume/attach", { status: 0 }, { status: 0 }],
  ["volume/detach", { status: 0 }, { status: 0 }],
  [undefined, 0, 0],
];
for (const [call, zero, keyed] of failures) {
  t.test(`${call ?? "any other call"} that fails has its value in both shapes`, async (t) => {
    t.same(failureOf(call, "zero", "7"), zero);
    t.same(failureOf(call, "keyed", "7"), keyed);
  });
}
