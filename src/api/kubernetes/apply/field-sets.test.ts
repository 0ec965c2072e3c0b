import t from "tap";
import { fieldsAt, sampleType } from "../../../testing/apply-fixture.ts";
import { configuredFields, everyField } from "./field-sets.ts";

t.test("a configuration speaks of values, of items, of free names and of empty maps", async (t) => {
  const cases: readonly (readonly [value: unknown, paths: readonly string[]])[] = [
    [{}, []],
    [{ word: "x" }, ["word"]],
    [{ word: null }, ["word"]],
    [{ struct: {} }, ["struct"]],
    [{ struct: { a: 1, inner: { c: 2 } } }, ["struct.a", "struct.inner.c"]],
    [{ labels: { x: "1" } }, ["labels.x"]],
    [{ labels: {} }, ["labels"]],
    [{ set: ["a", "b"] }, ['set["a"]', 'set["b"]']],
    [{ set: [] }, []],
    [{ list: [] }, []],
    [{ list: [{ name: "a" }] }, ['list[{"name":"a"}].name', 'list[{"name":"a"}]']],
    [{ atomic: [1, 2] }, ["atomic"]],
    [{ atomic: [] }, ["atomic"]],
    [{ struct: "no struct" }, ["struct"]],
    [{ list: "no list" }, ["list"]],
    [{ unknown: 1 }, []],
  ];
  for (const [value, paths] of cases) {
    t.strictSame(configuredFields(sampleType, value), fieldsAt(...paths), JSON.stringify(value));
  }
});

t.test("every field is what has a value and what holds it", async (t) => {
  const cases: readonly (readonly [value: unknown, paths: readonly string[]])[] = [
    [{}, []],
    [{ word: "x" }, ["word"]],
    [{ struct: { inner: { c: 2 } } }, ["struct", "struct.inner", "struct.inner.c"]],
    [{ labels: { x: "1" } }, ["labels", "labels.x"]],
    [{ set: ["a"] }, ["set", 'set["a"]']],
    [{ set: [], list: [], labels: {} }, ["set", "list", "labels"]],
    [{ list: [{ name: "a" }] }, ["list", 'list[{"name":"a"}]', 'list[{"name":"a"}].name']],
    [{ word: undefined }, []],
  ];
  for (const [value, paths] of cases) {
    t.same(everyField(sampleType, value), fieldsAt(...paths), JSON.stringify(value));
  }
});
