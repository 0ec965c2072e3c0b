import t from "tap";
import { Type as TypeBox } from "typebox";
import { Type } from "./type.ts";

type Both = readonly [ours: object, typeBoxes: object];

const text = { pattern: "^a$", examples: ["a"] };

const schemas: Readonly<Record<string, Both>> = {
  array: [Type.Array(Type.Null(), { maxItems: 3 }), TypeBox.Array(TypeBox.Null(), { maxItems: 3 })],
  boolean: [Type.Boolean({ default: true }), TypeBox.Boolean({ default: true })],
  enum: [Type.Enum(["a", "b"], { default: "a" }), TypeBox.Enum(["a", "b"], { default: "a" })],
  literal: [Type.Literal("a"), TypeBox.Literal("a")],
  number: [Type.Number({ minimum: 0 }), TypeBox.Number({ minimum: 0 })],
  record: [
    Type.Record(Type.String(text), Type.Integer()),
    TypeBox.Record(TypeBox.String(text), TypeBox.Integer()),
  ],
  "record of any keys": [
    Type.Record(Type.String(), Type.Unknown(), { maxProperties: 1 }),
    TypeBox.Record(TypeBox.String(), TypeBox.Unknown(), { maxProperties: 1 }),
  ],
  union: [Type.Union([Type.Literal(1), Type.Null()]), TypeBox.Union([TypeBox.Literal(1), TypeBox.Null()])],
};

for (const [name, [ours, typeBoxes]] of Object.entries(schemas)) {
  t.test(`${name}: the JSON Schema is TypeBox's, to the byte`, async (t) => {
    t.equal(JSON.stringify(ours), JSON.stringify(typeBoxes));
  });
}

t.test("an object requires what is not optional, and an option wins", async (t) => {
  const closed = { additionalProperties: false };
  const ours = Type.Object({ a: Type.String(), b: Type.Optional(Type.String()) }, closed);
  const typeBoxes = TypeBox.Object({ a: TypeBox.String(), b: TypeBox.Optional(TypeBox.String()) }, closed);
  t.equal(JSON.stringify(ours), JSON.stringify(typeBoxes));
  t.equal(JSON.stringify(Type.Object({})), JSON.stringify(TypeBox.Object({})));
  t.equal(JSON.stringify(Type.Omit(ours, ["a"])), JSON.stringify(TypeBox.Omit(typeBoxes, ["a"])));
});

t.test("what is made optional twice is; what was made optional of stays required", async (t) => {
  const text = Type.String();
  const twice = Type.Optional(Type.Optional(text));
  t.same(Type.Object({ text, twice }).required, ["text"]);
});
