import t from "tap";
import { CustomResourceDefinitionKind } from "../../schema/custom-resource-definition.ts";
import { kinds } from "../../schema/scheme.ts";
import { explain } from "../../schema/validator.ts";
import { definitionsOf } from "./crd-view.ts";

const definitions = definitionsOf(kinds, { creationTimestamp: "2026-01-01T00:00:00Z", resourceVersion: "5" });

t.test("our own kinds are defined, in order, and no others", async (t) => {
  const names = definitions.map(({ metadata }) => metadata.name);
  t.ok(names.includes("virtualmachines.ostler.dev"));
  t.ok(names.every((name) => name.endsWith(".ostler.dev")));
  t.strictSame(names, names.toSorted());
  for (const definition of definitions) t.strictSame(explain(CustomResourceDefinitionKind, definition), []);
});

t.test("a definition has columns, schema and fields as clients evaluate them", async (t) => {
  const machine = definitions.find(({ spec }) => spec.names.kind === "VirtualMachine");
  t.match(machine, {
    metadata: { uid: /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/ },
    spec: {
      scope: "Namespaced",
      names: { listKind: "VirtualMachineList", shortNames: ["vm", "vms"], categories: ["all", "ostler"] },
    },
    status: { storedVersions: ["v1"] },
  });
  const version = machine?.spec.versions[0];
  t.match(JSON.stringify(version?.schema), '"runStrategy":{"description":"When the machine runs');
  t.match(version, { subresources: { status: {} } });
  t.strictSame(
    version?.additionalPrinterColumns?.find(({ name }) => name === "Ready")?.jsonPath,
    '.status.conditions[?(@.type=="Ready")].status',
  );
  t.ok(version?.selectableFields?.some(({ jsonPath }) => jsonPath === ".status.hostName"));
});
