import t from "tap";
import { isRecord } from "../../schema/plain.ts";
import { kinds } from "../../schema/scheme.ts";
import { toOpenApiSchema } from "./openapi-schema.ts";

t.test("our JSON Schema becomes what Kubernetes' clients read", async (t) => {
  const schema = {
    type: "object",
    additionalProperties: false,
    description: "All.",
    required: ["word", "labels", "list"],
    properties: {
      word: { anyOf: [{ const: "a" }, { const: "b" }], default: "a", description: "One." },
      time: { anyOf: [{ type: "string", maxLength: 40 }, { type: "null" }] },
      labels: { type: "object", patternProperties: { "^x$": { type: "string" } }, maxProperties: 2 },
      list: { type: "array", items: { type: "integer", minimum: 1 }, maxItems: 3 },
    },
  };
  t.same(toOpenApiSchema(schema), {
    type: "object",
    description: "All.",
    required: ["labels", "list"],
    properties: {
      word: { type: "string", enum: ["a", "b"], default: "a", description: "One." },
      time: { type: "string", maxLength: 40, nullable: true },
      labels: { type: "object", maxProperties: 2, additionalProperties: { type: "string" } },
      list: { type: "array", maxItems: 3, items: { type: "integer", minimum: 1 } },
    },
  });
});

t.test("an enum without a type gets the type of its values", async (t) => {
  t.same(toOpenApiSchema({ enum: ["a", "b"] }), { type: "string", enum: ["a", "b"] });
  t.same(toOpenApiSchema({ const: "a" }), { type: "string", enum: ["a"] });
  t.same(toOpenApiSchema({ anyOf: [{ type: "integer" }, { type: "string" }] }), {
    oneOf: [{ type: "integer" }, { type: "string" }],
  });
});

t.test("every field of every kind has a type that clients can show", async (t) => {
  for (const kind of kinds) {
    const { properties } = toOpenApiSchema(kind.schema);
    t.ok(isRecord(properties), kind.kind);
    const untyped = Object.entries(isRecord(properties) ? properties : {}).filter(
      ([, schema]) => !isRecord(schema) || schema.type === undefined,
    );
    t.same(untyped, [], kind.kind);
  }
});
