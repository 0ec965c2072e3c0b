import t from "tap";
import type { ObjectMeta, Resource } from "../../schema/meta.ts";
import { idOf, inOrderOfNumbering, wantedIdOf, withId } from "./id-annotation.ts";

const uid = "01234567-89ab-4cde-8f01-23456789abcd";
const object = (name: string, more: Partial<ObjectMeta> = {}): Resource => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, uid, ...more },
});

t.test("a number is read back from the object that it was given to", async (t) => {
  t.equal(idOf(object("a")), undefined);
  const numbered = withId(object("a", { annotations: { x: "y", z: "z" } }), 17, { z: undefined, w: "v" });
  t.equal(idOf(numbered), 17);
  t.same(numbered.metadata.annotations, { x: "y", w: "v", "ostler.dev/seed-id": "17-01234567" });
  t.equal(idOf(withId(object("a"), 2 ** 53 - 1)), 2 ** 53 - 1);
});

t.test("a copy does not have the number, and no text that is none is one", async (t) => {
  const copy = withId(object("a"), 17);
  t.equal(
    idOf({ ...copy, metadata: { ...copy.metadata, uid: "ffffffff-89ab-4cde-8f01-23456789abcd" } }),
    undefined,
  );
  for (const text of ["17", "0-01234567", "-1-01234567", "01-01234567", "9999999999999999-01234567", "x"]) {
    t.equal(idOf(object("a", { annotations: { "ostler.dev/seed-id": text } })), undefined, text);
  }
});

t.test("a file may ask for a number", async (t) => {
  const wanted = (text: string) =>
    wantedIdOf(object("a", { annotations: { "ostler.dev/seed-wanted-id": text } }));
  t.equal(wanted("7"), 7);
  for (const text of ["0", "-1", "x", "", "1.5"]) t.equal(wanted(text), undefined, text);
  t.equal(wantedIdOf(object("a")), undefined);
});

t.test("numbers are given in the order of the file, then by age, then by name", async (t) => {
  const line = (number: string) => ({ "ostler.dev/seed-line": number });
  const objects = [
    object("older", { creationTimestamp: "2026-01-01T00:00:00Z" }),
    object("b", { creationTimestamp: "2026-01-01T00:00:01Z" }),
    object("a", { creationTimestamp: "2026-01-01T00:00:01Z" }),
    object("line10", { creationTimestamp: "2026-01-01T00:00:02Z", annotations: line("10") }),
    object("line9", { creationTimestamp: "2026-01-01T00:00:02Z", annotations: line("9") }),
    object("later", { creationTimestamp: "2026-01-01T00:00:03Z", annotations: line("1") }),
  ];
  const names = inOrderOfNumbering(objects.toReversed()).map(({ metadata }) => metadata.name);
  t.same(names, ["line9", "line10", "later", "older", "a", "b"]);
});
