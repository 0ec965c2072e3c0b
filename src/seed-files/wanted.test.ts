import t from "tap";
import { namePattern } from "../schema/meta.ts";
import { FreeNames, isFromFile, newMetadata } from "./wanted.ts";

const named = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

t.test("no two objects get one name, and the same two get the same names again", async (t) => {
  const take = () => {
    const names = new FreeNames([named("a")]);
    return [
      names.take("a", "key1"),
      names.take("b", "key2"),
      names.take("b", "key3"),
      names.take("a", "key4"),
    ];
  };
  const [first, second] = [take(), take()];
  t.same(first, second);
  t.equal(new Set([...first, "a"]).size, 5);
  t.equal(first[1], "b");
  for (const name of first) t.match(name, new RegExp(namePattern));
});

t.test("an object remembers that it came from a file", async (t) => {
  const metadata = newMetadata("a", 3, { "ostler.dev/x": "y", "ostler.dev/z": undefined });
  t.same(metadata, { name: "a", annotations: { "ostler.dev/seed-line": "3", "ostler.dev/x": "y" } });
  t.ok(isFromFile({ ...named("a"), metadata }));
  t.notOk(isFromFile(named("a")));
});
