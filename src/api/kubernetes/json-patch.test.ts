import t from "tap";
import { throwsWith } from "../../testing/throws-with.ts";
import { jsonPatch } from "./json-patch.ts";

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
    { op: "replace", path: "/list/1", value: 1 },
    { op: "copy", from: "/nothing", path: "/b" },
    { op: "move", from: "/list", path: "/list/0" },
    { op: "test", path: "/nothing", value: null },
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
    [{ op: "copy", from: "a", path: "/a" }],
    [{ op: "add", path: "/a" }],
    [{ op: "replace", path: "/a" }],
    [{ op: "test", path: "/a" }],
    [{ op: "remove" }],
    [{ op: "remove", path: 1 }],
    [{ op: "add", path: "/a~2b", value: 1 }],
    [{ op: "add", path: "/a~", value: 1 }],
    [{ op: "add", path: "/__proto__/x", value: 1 }],
    [{ op: "add", path: "/constructor/prototype/x", value: 1 }],
    [{ op: "copy", from: "/prototype", path: "/x" }],
  ]) {
    throwsWith(t, () => jsonPatch({}, patch), "BadRequest");
  }
});

t.test("what appendix A of RFC 6902 has besides", async (t) => {
  const cases: readonly (readonly [target: unknown, patch: readonly unknown[], result: unknown])[] = [
    [
      { foo: "bar" },
      [{ op: "add", path: "/child", value: { grandchild: {} } }],
      { foo: "bar", child: { grandchild: {} } },
    ],
    [{ foo: "bar" }, [{ op: "add", path: "/baz", value: "qux", xyz: 123 }], { foo: "bar", baz: "qux" }],
    [{ "/": 9, "~1": 10 }, [{ op: "test", path: "/~01", value: 10 }], { "/": 9, "~1": 10 }],
    [{ baz: "qux" }, [{ op: "replace", path: "/baz", value: "boo" }], { baz: "boo" }],
    [
      { baz: "qux", foo: ["a", 2, "c"] },
      [
        { op: "test", path: "/baz", value: "qux" },
        { op: "test", path: "/foo/1", value: 2 },
      ],
      { baz: "qux", foo: ["a", 2, "c"] },
    ],
    [
      { foo: ["all", "grass", "cows", "eat"] },
      [{ op: "move", from: "/foo/1", path: "/foo/3" }],
      { foo: ["all", "cows", "eat", "grass"] },
    ],
    [{ a: 1 }, [{ op: "move", from: "/a", path: "/a" }], { a: 1 }],
    [
      { a: 1 },
      [
        { op: "add", path: "/a", value: null },
        { op: "test", path: "/a", value: null },
      ],
      { a: null },
    ],
    [[1, 2], [{ op: "add", path: "/1", value: 9 }], [1, 9, 2]],
  ];
  for (const [target, patch, result] of cases) {
    t.strictSame(jsonPatch(target, patch), result, JSON.stringify(patch));
  }
  throwsWith(
    t,
    () => jsonPatch({ "/": 9, "~1": 10 }, [{ op: "test", path: "/~01", value: "10" }]),
    "Invalid",
  );
  throwsWith(t, () => jsonPatch({ foo: "bar" }, [{ op: "add", path: "/baz/bat", value: "qux" }]), "Invalid");
});

t.test("a value of the patch that is used twice is two values", async (t) => {
  const value = { list: [] };
  const patch = [
    { op: "add", path: "/a", value },
    { op: "add", path: "/b", value },
    { op: "add", path: "/a/list/-", value: 1 },
    { op: "copy", from: "/a", path: "/c" },
    { op: "add", path: "/c/list/-", value: 2 },
  ];
  t.same(jsonPatch({}, patch), { a: { list: [1] }, b: { list: [] }, c: { list: [1, 2] } });
  t.same(value, { list: [] }, "the patch is untouched");
});

t.test("ten thousand operations are done at once, one more is too large", async (t) => {
  const add = (_: unknown, index: number) => ({ op: "add", path: `/k${index}`, value: index });
  const operations = Array.from({ length: 10_000 }, add);
  t.same(Object.keys(Object(jsonPatch({}, operations))).length, 10_000);
  throwsWith(t, () => jsonPatch({}, [...operations, operations[0]]), "RequestEntityTooLarge");
});

t.test("copies of copies are bounded, in size and in depth", async (t) => {
  const double = { op: "copy", from: "/a", path: "/a/-" };
  const doubling = [
    { op: "add", path: "/a", value: ["x".repeat(1000)] },
    ...Array.from({ length: 30 }, () => double),
  ];
  throwsWith(t, () => jsonPatch({}, doubling), "RequestEntityTooLarge", "copies");
  const nest = Array.from({ length: 100 }, () => ({ op: "copy", from: "", path: "/a" }));
  throwsWith(t, () => jsonPatch({}, nest), "Invalid", "nested deeper than 64");
});
