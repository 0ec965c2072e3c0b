import t from "tap";
import { canonicalElement, fieldElement, formatPath, keyElement, valueElement } from "./element.ts";

t.test("steps are written as Kubernetes writes them, keys in order", async (t) => {
  t.equal(fieldElement("app.kubernetes.io/name"), "f:app.kubernetes.io/name");
  t.equal(keyElement([["name", 'a"b']]), 'k:{"name":"a\\"b"}');
  t.equal(valueElement('a"b'), 'v:"a\\"b"');
  t.equal(
    keyElement([
      ["protocol", "TCP"],
      ["port", 80],
    ]),
    'k:{"port":80,"protocol":"TCP"}',
  );
});

t.test("people read paths", async (t) => {
  const path = [
    "f:spec",
    keyElement([
      ["name", "a"],
      ["port", 1],
    ]),
    "f:x.y/z",
    valueElement("v"),
    "i:3",
  ];
  t.equal(formatPath(path), '.spec[name="a",port=1].x.y/z[="v"][3]');
  t.equal(formatPath([]), "");
});

t.test("what others wrote is written our way, or is no step", async (t) => {
  t.equal(canonicalElement('k:{"b": 1, "a": 2}'), 'k:{"a":2,"b":1}');
  t.equal(canonicalElement('v:"\\u003cx"'), 'v:"<x"');
  t.equal(canonicalElement("f:any thing"), "f:any thing");
  t.equal(canonicalElement("i:12"), "i:12");
  for (const bad of [
    "",
    ".",
    "x:y",
    "v:",
    "v:{",
    "k:[]",
    "k:1",
    "i:-1",
    "i:x",
    "f:__proto__",
    "f:constructor",
  ]) {
    t.equal(canonicalElement(bad), undefined, bad);
  }
});
