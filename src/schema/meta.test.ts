import t from "tap";
import { controllerOf, formatKey, keyOf, namePattern } from "./meta.ts";

t.test("a key names its namespace only where there is one", async (t) => {
  const resource = { apiVersion: "v1", kind: "Namespace", metadata: { name: "a" } };
  t.strictSame(keyOf(resource), { name: "a" });
  t.equal(formatKey(keyOf(resource)), "a");
  const placed = { ...resource, metadata: { name: "a", namespace: "b" } };
  t.strictSame(keyOf(placed), { namespace: "b", name: "a" });
  t.equal(formatKey(keyOf(placed)), "b/a");
});

t.test("a name is safe in a path, a file name and a domain name", async (t) => {
  const pattern = new RegExp(namePattern, "u");
  for (const name of ["a", "web-1", "a.b", "0", "x".repeat(63)]) t.match(name, pattern);
  const unsafe = ["", "-a", "a-", ".", "..", "a/b", "A", "a_b", "a\n", "ä", "a\u0000", "%2e", "x".repeat(64)];
  for (const name of unsafe) t.notOk(pattern.test(name), JSON.stringify(name));
});

t.test("of many owners at most one is the controller", async (t) => {
  const owner = (name: string, controller?: boolean) => ({
    ...{ apiVersion: "v1", kind: "X", name, uid: name },
    ...(controller === undefined ? {} : { controller }),
  });
  const owned = (...ownerReferences: ReturnType<typeof owner>[]) =>
    controllerOf({ apiVersion: "v1", kind: "Y", metadata: { name: "a", ownerReferences } });
  t.equal(owned(), undefined);
  t.equal(owned(owner("a"), owner("b", false)), undefined);
  t.equal(owned(owner("a"), owner("b", true))?.name, "b");
});
