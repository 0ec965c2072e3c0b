import t from "tap";
import { noParts } from "./field-parts.ts";
import { leaf } from "./fields.ts";

t.test("the same parts in the same order are the very same tree", async (t) => {
  const make = () => noParts().with("f:a", leaf).with("f:b", leaf);
  t.same(make().tree(false), { "f:a": {}, "f:b": {} });
  t.same(make().tree(true), { ".": {}, "f:a": {}, "f:b": {} });
  t.equal(make().tree(false), make().tree(false));
  t.equal(make().tree(true), make().tree(true));
});

t.test("what differs anywhere is another tree", async (t) => {
  const inner = noParts().with("f:x", leaf).tree(true) ?? leaf;
  const one = noParts().with("f:a", leaf).tree(false);
  t.same(noParts().with("f:a", inner).tree(false), { "f:a": { ".": {}, "f:x": {} } });
  t.same(one, { "f:a": {} });
  t.same(noParts().with("f:b", leaf).tree(false), { "f:b": {} });
});

t.test("no parts are no set, or their parent alone", async (t) => {
  t.equal(noParts().tree(false), undefined);
  t.equal(noParts().tree(true), leaf);
});

t.test("a name that could reach a prototype is a name", async (t) => {
  const tree = noParts().with("__proto__", leaf).tree(false) ?? {};
  t.same(Object.keys(tree), ["__proto__"]);
});

t.test("any number of parts is a tree, and many are forgotten", async (t) => {
  const begin = noParts();
  let parts = begin;
  for (let index = 0; index < 50_000; index += 1) parts = parts.with(`f:${index}`, leaf);
  t.equal(Object.keys(parts.tree(false) ?? {}).length, 50_000);
  t.not(noParts(), begin);
});
