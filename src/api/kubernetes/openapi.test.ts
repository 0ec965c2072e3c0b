import t from "tap";
import { kinds } from "../../schema/scheme.ts";
import { fieldOf } from "./json.ts";
import { openApiDocuments, openApiIndex } from "./openapi.ts";

const documents = openApiDocuments(kinds);

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(fieldOf, value);
}

t.test("each group version has a document, whose address has its hash", async (t) => {
  t.same([...documents.keys()].sort(), [
    "api/v1",
    "apis/coordination.k8s.io/v1",
    "apis/ostler.dev/v1",
    "apis/rbac.authorization.k8s.io/v1",
    "apis/scheduling.k8s.io/v1",
  ]);
  const hash = documents.get("api/v1")?.hash;
  t.equal(
    at(openApiIndex(documents), "paths", "api/v1", "serverRelativeURL"),
    `/openapi/v3/api/v1?hash=${hash}`,
  );
});

t.test("a PATCH operation with fieldValidation tells kubectl that the server validates", async (t) => {
  const document: unknown = JSON.parse(documents.get("apis/ostler.dev/v1")?.text ?? "");
  const path = "/apis/ostler.dev/v1/namespaces/{namespace}/virtualmachines/{name}";
  const patch = at(document, "paths", path, "patch");
  const gvk = { group: "ostler.dev", version: "v1", kind: "VirtualMachine" };
  t.match(patch, {
    "x-kubernetes-action": "patch",
    "x-kubernetes-group-version-kind": gvk,
    parameters: [{ name: "dryRun" }, { name: "fieldManager" }, { name: "fieldValidation", in: "query" }],
  });
  t.ok(at(document, "paths", `${path}/start`, "put"));
  const schema = at(document, "components", "schemas", "dev.ostler.v1.VirtualMachine");
  t.match(schema, { type: "object", "x-kubernetes-group-version-kind": [gvk] });
  t.same(at(schema, "properties", "spec", "properties", "memory", "type"), "string");
  t.equal(at(schema, "properties", "spec", "required"), undefined, "nothing with a default is required");
});

t.test("no two definitions are of the same kind", async (t) => {
  const all = [...documents.values()].flatMap(({ text }) => {
    const schemas = at(JSON.parse(text), "components", "schemas");
    return Object.values(schemas ?? {}).flatMap((schema) => {
      const gvk = fieldOf(schema, "x-kubernetes-group-version-kind");
      return gvk === undefined ? [] : [JSON.stringify(gvk)];
    });
  });
  t.equal(new Set(all).size, all.length);
  t.equal(all.length, kinds.length * 2 + 1, "each kind and its list, and Scale");
});

t.test("every reference has its definition, every path its parameters", async (t) => {
  for (const [name, { text }] of documents) {
    const document: unknown = JSON.parse(text);
    const schemas = at(document, "components", "schemas");
    for (const [, ref = ""] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      t.ok(fieldOf(schemas, ref), `${name}: ${ref}`);
    }
    for (const [path, item] of Object.entries(at(document, "paths") ?? {})) {
      const given = JSON.stringify(fieldOf(item, "parameters"));
      for (const [, parameter] of path.matchAll(/\{(\w+)\}/g)) t.match(given, `"name":"${parameter}"`, path);
    }
  }
});

t.test("operations have names of their own", async (t) => {
  const names = [...documents.values()].flatMap(({ text }) =>
    [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, name]) => name),
  );
  t.equal(new Set(names).size, names.length);
});
