import t from "tap";
import { throwsWith } from "../../testing/throws-with.ts";
import { jsonPatch, mergePatch, strategicMergePatch } from "./patch.ts";

t.test("merge patches do what appendix A of RFC 7396 says", async (t) => {
  const cases: readonly (readonly [target: unknown, patch: unknown, result: unknown])[] = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, result] of cases) {
    const before = structuredClone(target);
    t.strictSame(mergePatch(target, patch), result, JSON.stringify(patch));
    t.strictSame(target, before, "the target is untouched");
  }
});

t.test("JSON patches do what RFC 6902 says", async (t) => {
  const cases: readonly (readonly [target: unknown, patch: readonly unknown[], result: unknown])[] = [
    [{ foo: "bar" }, [{ op: "add", path: "/baz", value: "qux" }], { foo: "bar", baz: "qux" }],
    [{ foo: ["bar"] }, [{ op: "add", path: "/foo/0", value: "qux" }], { foo: ["qux", "bar"] }],
    [{ foo: ["bar"] }, [{ op: "add", path: "/foo/-", value: ["x"] }], { foo: ["bar", ["x"]] }],
    [{ baz: 1, foo: 2 }, [{ op: "remove", path: "/baz" }], { foo: 2 }],
    [{ foo: [1, 2, 3] }, [{ op: "remove", path: "/foo/1" }], { foo: [1, 3] }],
    [{ foo: [1, 2] }, [{ op: "replace", path: "/foo/1", value: 5 }], { foo: [1, 5] }],
    [
      { foo: { bar: "baz", waldo: "fred" }, qux: {} },
      [{ op: "move", from: "/foo/waldo", path: "/qux/thud" }],
      { foo: { bar: "baz" }, qux: { thud: "fred" } },
    ],
    [{ foo: [1, 2, 3] }, [{ op: "move", from: "/foo/0", path: "/foo/2" }], { foo: [2, 3, 1] }],
    [{ a: { b: 1 } }, [{ op: "copy", from: "/a", path: "/c" }], { a: { b: 1 }, c: { b: 1 } }],
    [{ a: [{ b: 1 }] }, [{ op: "test", path: "/a", value: [{ b: 1 }] }], { a: [{ b: 1 }] }],
    [
      { "a/b": 1, "m~n": 2 },
      [
        { op: "remove", path: "/a~1b" },
        { op: "remove", path: "/m~0n" },
      ],
      {},
    ],
    [{ a: 1 }, [{ op: "replace", path: "", value: { b: 2 } }], { b: 2 }],
    [{ "": 1 }, [{ op: "remove", path: "/" }], {}],
  ];
  for (const [target, patch, result] of cases) {
    const before = structuredClone(target);
    t.strictSame(jsonPatch(target, patch), result, JSON.stringify(patch));
    t.strictSame(target, before, "the target is untouched");
  }
});

t.test("a JSON patch that does not apply is invalid and names its operation", async (t) => {
  const patches: readonly unknown[] = [
    { op: "test", path: "/a", value: 2 },
    { op: "remove", path: "/nothing" },
    { op: "replace", path: "/nothing", value: 1 },
    { op: "add", path: "/nothing/below", value: 1 },
    { op: "add", path: "/list/5", value: 1 },
    { op: "add", path: "/list/01", value: 1 },
    { op: "remove", path: "/list/-" },
    { op: "remove", path: "" },
    { op: "move", from: "/nothing", path: "/b" },
    { op: "add", path: "/a/b", value: 1 },
    { op: "test", path: "/toString", value: 1 },
  ];
  for (const patch of patches) {
    const ok = { op: "test", path: "/a", value: 1 };
    throwsWith(t, () => jsonPatch({ a: 1, list: [1] }, [ok, patch]), "Invalid", "operation 1");
  }
});

t.test("what is not a JSON patch is a bad request", async (t) => {
  for (const patch of [
    {},
    [1],
    [{ op: "add" }],
    [{ op: "add", path: "a" }],
    [{ path: "/a" }],
    [{ op: "merge", path: "/a" }],
    [{ op: "copy", path: "/a" }],
    [{ op: "add", path: "/__proto__/x", value: 1 }],
    Array.from({ length: 1001 }, () => ({ op: "test", path: "", value: {} })),
  ]) {
    throwsWith(t, () => jsonPatch({}, patch), "BadRequest");
  }
});

t.test(
  "a strategic merge patch without lists and directives is a merge patch; others are refused",
  async (t) => {
    t.same(strategicMergePatch({ a: { b: 1 } }, { a: { b: null, c: 2 } }), { a: { c: 2 } });
    for (const patch of [{ a: { $patch: "replace" } }, { a: [1] }, { $retainKeys: ["x"] }]) {
      throwsWith(t, () => strategicMergePatch({}, patch), "BadRequest");
    }
  },
);
