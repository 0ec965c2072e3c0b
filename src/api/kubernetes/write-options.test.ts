import t from "tap";
import { throwsWith } from "../../testing/throws-with.ts";
import { namingFinalizers, writeOptions } from "./write-options.ts";

t.test("a write is tried if the query says All", async (t) => {
  t.same(writeOptions({ query: new URLSearchParams("") }), { dryRun: false });
  t.same(writeOptions({ query: new URLSearchParams("dryRun=") }), { dryRun: false });
  t.same(writeOptions({ query: new URLSearchParams("dryRun=All&dryRun=All") }), { dryRun: true });
  throwsWith(t, () => writeOptions({ query: new URLSearchParams("dryRun=All&dryRun=Some") }), "BadRequest");
});

t.test("finalizers that are not there are named as none", async (t) => {
  const resource = { apiVersion: "v1", kind: "X", metadata: { name: "a" } };
  t.same(namingFinalizers(resource).metadata, { name: "a", finalizers: [] });
});
