import fc from "fast-check";
import t from "tap";
import { deepEqual } from "../../../runtime/equal.ts";
import { below, compose, difference, type Fields, intersection, isMember, pathsOf, union } from "./fields.ts";

const a = { "f:x": { "f:y": {} }, "f:z": {} };
const b = { "f:x": {}, "f:z": { "f:w": {} } };

t.test("a field is in a set if it says so or has nothing below", async (t) => {
  t.ok(isMember({}));
  t.ok(isMember({ ".": {}, "f:x": {} }));
  t.notOk(isMember({ "f:x": {} }));
  t.same(below(a, "f:x"), { "f:y": {} });
  t.equal(below(a, "f:nope"), undefined);
  t.equal(below(a, "toString"), undefined);
  t.equal(compose(false, {}), undefined);
});

t.test("sets are joined and taken from each other, a field apart from what is below it", async (t) => {
  t.same(union(a, b), { "f:x": { ".": {}, "f:y": {} }, "f:z": { ".": {}, "f:w": {} } });
  t.same(difference(a, b), { "f:x": { "f:y": {} }, "f:z": {} });
  t.same(difference(b, a), { "f:x": {}, "f:z": { "f:w": {} } });
  t.equal(intersection(a, b), undefined);
  t.same(intersection(union(a, b), a), a);
  t.equal(difference(a, a), undefined);
  t.same(union(undefined, a), a);
  t.equal(intersection(a, undefined), undefined);
});

t.test("paths come in order, what holds others first", async (t) => {
  t.same(pathsOf(union(a, b)), [["f:x"], ["f:x", "f:y"], ["f:z"], ["f:z", "f:w"]]);
  t.same(pathsOf(undefined), []);
});

const anyFields = fc.letrec<{ readonly node: Fields }>((tie) => ({
  node: fc.record({ member: fc.boolean(), x: fc.option(tie("node")), y: fc.option(tie("node")) }).map(treeOf),
})).node;

function treeOf(node: {
  readonly member: boolean;
  readonly x: Fields | null;
  readonly y: Fields | null;
}): Fields {
  const parts = { ...(node.x !== null && { "f:x": node.x }), ...(node.y !== null && { "f:y": node.y }) };
  return compose(node.member, parts) ?? {};
}

t.test("what is in the one and not in the other, with what is in both, is the one", async () => {
  fc.assert(
    fc.property(anyFields, anyFields, (one, other) => {
      const whole = union(difference(one, other), intersection(one, other));
      const both = [union(one, other), union(other, one)].map(pathsOf);
      return deepEqual(pathsOf(whole), pathsOf(one)) && deepEqual(both[0], both[1]);
    }),
  );
});
