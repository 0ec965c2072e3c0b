import t from "tap";
import { kinds } from "../../schema/scheme.ts";
import { fieldOf } from "./json.ts";
import { documentOf } from "./openapi.ts";
import { toSwagger, toSwaggerSchema } from "./swagger.ts";

t.test("a schema loses what version 2 cannot say, and nothing else", async (t) => {
  const schema = {
    type: "object",
    description: "All.",
    properties: {
      time: { type: "string", nullable: true },
      either: { description: "Two.", oneOf: [{ type: "string" }, { type: "integer" }] },
      meta: { description: "M.", allOf: [{ $ref: "#/components/schemas/a.B" }] },
      list: { type: "array", items: { $ref: "#/components/schemas/a.B" } },
      map: { type: "object", additionalProperties: { type: "string", nullable: true } },
    },
  };
  t.strictSame(toSwaggerSchema(schema), {
    type: "object",
    description: "All.",
    properties: {
      time: { type: "string" },
      either: { description: "Two." },
      meta: { description: "M.", $ref: "#/definitions/a.B" },
      list: { type: "array", items: { $ref: "#/definitions/a.B" } },
      map: { type: "object", additionalProperties: { type: "string" } },
    },
  });
});

t.test("the document has the definitions, paths and operations of version 3", async (t) => {
  const v3 = documentOf(kinds);
  const v2 = toSwagger(v3);
  t.equal(v2.swagger, "2.0");
  t.strictSame(Object.keys(v2.definitions ?? {}), Object.keys(fieldOf(v3.components, "schemas") ?? {}));
  t.strictSame(Object.keys(v2.paths ?? {}), Object.keys(v3.paths ?? {}));
  const hosts = fieldOf(v2.paths, "/apis/ostler.dev/v1/hosts");
  t.match(fieldOf(hosts, "post"), {
    consumes: ["application/json", "application/yaml"],
    parameters: [
      { in: "body", schema: { $ref: "#/definitions/dev.ostler.v1.Host" } },
      { in: "query", type: "string" },
    ],
    responses: { 200: { schema: { $ref: "#/definitions/dev.ostler.v1.Host" } } },
  });
  t.notMatch(JSON.stringify(v2), /#\/components|"nullable"|"oneOf"|"allOf"/);
});
