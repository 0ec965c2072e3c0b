import t from "tap";
import { namePattern } from "../schema/meta.ts";
import { FreeNames, isFromFile, newMetadata } from "./wanted.ts";

const named = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

t.test("no two objects get one name", async (t) => {
  const names = new FreeNames([named("a"), named("a-2")]);
  t.same(
    ["a", "b", "b", "a", "b"].map((name) => names.take(name)),
    ["a-3", "b", "b-2", "a-4", "b-3"],
  );
  const long = "x".repeat(63);
  t.equal(names.take(long), long);
  t.match(names.take(long), new RegExp(namePattern), "also when there is no room for a number");
});

t.test("an object remembers that it came from a file", async (t) => {
  const metadata = newMetadata("a", 3, { "ostler.dev/x": "y", "ostler.dev/z": undefined });
  t.same(metadata, { name: "a", annotations: { "ostler.dev/seed-line": "3", "ostler.dev/x": "y" } });
  t.ok(isFromFile({ ...named("a"), metadata }));
  t.notOk(isFromFile(named("a")));
});
