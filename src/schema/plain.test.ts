import t from "tap";
import { StatusError } from "../runtime/errors.ts";
import { copyPlain } from "./plain.ts";

function fieldOf(value: unknown): string | undefined {
  try {
    copyPlain(value);
  } catch (error) {
    if (error instanceof StatusError && error.reason === "Invalid") return error.causes[0]?.field;
    throw error;
  }
  return undefined;
}

t.test("a copy is equal and shares nothing", async (t) => {
  const original = { a: [1, { b: null }], c: "x", d: true };
  const copy = copyPlain(original);
  t.strictSame(copy, original);
  original.a.push(2);
  t.strictSame(copy, { a: [1, { b: null }], c: "x", d: true });
});

t.test("keys that are undefined are left out", async (t) => {
  t.strictSame(copyPlain({ a: undefined, b: 1 }), { b: 1 });
});

t.test("keys that reach a prototype are refused wherever they are", async (t) => {
  t.equal(fieldOf(JSON.parse('{"a":[{"__proto__":{"polluted":true}}]}')), "a[0].__proto__");
  t.equal(fieldOf(JSON.parse('{"constructor":{}}')), "constructor");
  t.equal(fieldOf({ labels: { prototype: "x" } }), "labels.prototype");
  t.notOk("polluted" in {});
});

t.test("what JSON cannot hold is refused", async (t) => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, 1n, Symbol("x"), () => 1, new Date(0), new Map()];
  for (const value of values) t.equal(fieldOf({ a: value }), "a");
  t.equal(fieldOf({ a: [undefined] }), "a[0]");
});

t.test("a list that holds itself is refused", async (t) => {
  const loop: unknown[] = [];
  loop.push(loop);
  t.match(fieldOf(loop), /^\[0\]/);
});

t.test("a few references to one big list do not multiply into memory", async (t) => {
  let value: unknown = new Array(1000).fill(0);
  for (let level = 0; level < 20; level += 1) value = [value, value];
  t.match(fieldOf(value), /^\[0\]/);
});
