import t from "tap";
import { isRecord } from "../../schema/plain.ts";
import { kinds } from "../../schema/scheme.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { projectionsWith } from "../facade/projections.ts";
import { fieldOf } from "./json.ts";
import { componentName, componentsOf, sharedComponents } from "./openapi-components.ts";
import { viewKinds } from "./view-store.ts";

t.test("definitions are named as Kubernetes names them", async (t) => {
  t.equal(componentName(VirtualMachineKind), "dev.ostler.v1.VirtualMachine");
  t.strictSame(Object.keys(componentsOf(VirtualMachineKind)), [
    "dev.ostler.v1.VirtualMachine",
    "dev.ostler.v1.VirtualMachineList",
  ]);
});

t.test("nobody is asked for what every object has", async (t) => {
  const object = componentsOf(VirtualMachineKind)["dev.ostler.v1.VirtualMachine"];
  t.strictSame(fieldOf(object, "required"), ["spec"]);
  t.match(fieldOf(fieldOf(object, "properties"), "metadata"), { allOf: [{ $ref: /ObjectMeta$/ }] });
});

t.test("what all kinds share is of no kind", async (t) => {
  t.notMatch(JSON.stringify(sharedComponents()), "group-version-kind");
  t.match(sharedComponents()["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"], { type: "object" });
});

t.test("every field that is published says what it means", async (t) => {
  const shown = projectionsWith({ measure: async () => [] }).map(({ kind }) => kind);
  const all = { ...sharedComponents() };
  for (const kind of [...kinds, ...shown, ...viewKinds]) Object.assign(all, componentsOf(kind));
  let fields = 0;
  const undescribed = (schema: unknown, path: string): readonly string[] => {
    if (!isRecord(schema)) return [];
    const { properties, items, additionalProperties, oneOf } = schema;
    const children = isRecord(properties) ? Object.entries(properties) : [];
    fields += children.length;
    return [
      ...children.flatMap(([name, child]) => [
        ...(isDescribed(child) ? [] : [`${path}.${name}`]),
        ...undescribed(child, `${path}.${name}`),
      ]),
      ...undescribed(items, `${path}[]`),
      ...undescribed(additionalProperties, `${path}{}`),
      ...(Array.isArray(oneOf) ? oneOf.flatMap((one) => undescribed(one, path)) : []),
    ];
  };
  t.same(
    Object.entries(all).flatMap(([name, schema]) => undescribed(schema, name)),
    [],
  );
  t.ok(fields > 1000, `${fields} fields`);
});

function isDescribed(schema: unknown): boolean {
  return isRecord(schema) && typeof schema.description === "string" && schema.description.endsWith(".");
}
