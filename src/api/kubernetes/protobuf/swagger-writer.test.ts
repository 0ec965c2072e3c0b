import t from "tap";
import { kinds } from "../../../schema/scheme.ts";
import { documentOf } from "../openapi.ts";
import { toSwagger } from "../swagger.ts";
import { writeSwagger } from "./swagger-writer.ts";
import { fieldsOf } from "./wire.ts";

type Path = readonly number[];

/** Every value at a path of field numbers, as text. */
function textsAt(bytes: Uint8Array, [number, ...rest]: Path): readonly string[] {
  return [...fieldsOf(bytes)].flatMap((field) => {
    if (field.number !== number) return [];
    if (field.type !== "bytes") return [String(field.value)];
    return rest.length === 0 ? [Buffer.from(field.value).toString()] : textsAt(field.value, rest);
  });
}

const swagger = toSwagger(documentOf(kinds));
const bytes = writeSwagger(swagger);

t.test("the document has every path and every definition by its name", async (t) => {
  t.strictSame(textsAt(bytes, [1]), ["2.0"]);
  t.strictSame(textsAt(bytes, [8, 2, 1]), Object.keys(swagger.paths ?? {}));
  t.strictSame(textsAt(bytes, [9, 1, 1]), Object.keys(swagger.definitions ?? {}));
});

t.test("a schema has its fields where gnostic's message has them", async (t) => {
  const schema = {
    description: "All.",
    type: "object",
    required: ["a"],
    properties: { a: { type: "array", maxItems: 3, items: { $ref: "#/definitions/x" } } },
    additionalProperties: { type: "string", enum: ["b"], pattern: "^b$", default: "b" },
    "x-kubernetes-group-version-kind": [{ group: "g", version: "v", kind: "K" }],
  };
  const one = writeSwagger({ swagger: "2.0", definitions: { D: schema } });
  const at = (...path: Path) => textsAt(one, [9, 1, 2, ...path]);
  t.strictSame(at(4), ["All."]);
  t.strictSame(at(22, 1), ["object"]);
  t.strictSame(at(19), ["a"]);
  t.strictSame(at(25, 1, 1), ["a"]);
  t.strictSame(at(25, 1, 2, 14), ["3"]);
  t.strictSame(at(25, 1, 2, 23, 1, 1), ["#/definitions/x"]);
  t.strictSame(at(21, 1, 20, 2), ['"b"\n']);
  t.strictSame(at(21, 1, 13), ["^b$"]);
  t.strictSame(at(21, 1, 5, 2), ['"b"\n']);
  t.strictSame(at(31, 1), ["x-kubernetes-group-version-kind"]);
  t.strictSame(at(31, 2, 2), ['[{"group":"g","version":"v","kind":"K"}]\n']);
});

t.test("an operation has its kind, its types, its parameters and its answers", async (t) => {
  const operation = {
    operationId: "id",
    consumes: ["a/b"],
    parameters: [
      { name: "body", in: "body", required: true, schema: { $ref: "#/definitions/x" } },
      { name: "force", in: "query", type: "boolean" },
      { name: "name", in: "path", required: true, type: "string" },
    ],
    responses: { 200: { description: "OK", schema: { $ref: "#/definitions/x" } } },
    "x-kubernetes-action": "patch",
  };
  const one = writeSwagger({ swagger: "2.0", paths: { "/p": { patch: operation } } });
  const at = (...path: Path) => textsAt(one, [8, 2, 2, 8, ...path]);
  t.strictSame(at(5), ["id"]);
  t.strictSame(at(7), ["a/b"]);
  t.strictSame(at(8, 1, 1, 5, 1), ["#/definitions/x"]);
  t.strictSame(at(8, 1, 2, 3, 4), ["force"]);
  t.strictSame(at(8, 1, 2, 3, 6), ["boolean"]);
  t.strictSame(at(8, 1, 2, 4, 4), ["name"]);
  t.strictSame(at(8, 1, 2, 4, 1), ["1"]);
  t.strictSame(at(9, 1, 1), ["200"]);
  t.strictSame(at(9, 1, 2, 1, 2, 1, 1), ["#/definitions/x"]);
  t.strictSame(at(13, 2, 2), ['"patch"\n']);
});
