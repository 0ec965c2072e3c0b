import t from "tap";
import { kinds } from "../../../schema/scheme.ts";
import { VirtualMachineKind } from "../../../schema/virtual-machine.ts";
import {
  type FieldType,
  fieldNamed,
  itemElement,
  itemsByElement,
  itemTypeOf,
  objectTypeOf,
} from "./field-type.ts";

function at(path: string): FieldType {
  return path.split(".").reduce<FieldType>((type, name) => {
    const found = type.type === "map" ? fieldNamed(type, name)?.type : undefined;
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  }, objectTypeOf(VirtualMachineKind));
}

t.test("the schema says how each field is merged", async (t) => {
  const types = {
    "spec.cpus": "leaf",
    "spec.disks": "list",
    "spec.tolerations": "leaf",
    "spec.affinity.machineAffinity": "map",
    "metadata.finalizers": "set",
    "metadata.labels": "map",
    "metadata.labels.anything": "leaf",
    "metadata.ownerReferences": "list",
    "metadata.name": "nobody",
    "metadata.managedFields": "nobody",
    kind: "nobody",
    "status.conditions": "list",
  };
  for (const [path, type] of Object.entries(types)) t.equal(at(path).type, type, path);
  t.equal(objectTypeOf(VirtualMachineKind), objectTypeOf(VirtualMachineKind), "read once");
  const spec = at("spec");
  t.equal(spec.type === "map" && fieldNamed(spec, "nope"), undefined);
});

t.test("every kind has a type", async (t) => {
  for (const kind of kinds) t.equal(objectTypeOf(kind).type, "map", kind.kind);
});

t.test("items are known by their keys, which may have defaults", async (t) => {
  const disks = at("spec.disks");
  const spread = at("spec.topologySpreadConstraints");
  if (disks.type !== "list" || spread.type !== "list") throw new Error("they are lists");
  t.equal(itemElement(disks, { name: "a", size: "1Gi" }), 'k:{"name":"a"}');
  for (const bad of [{ size: "1Gi" }, { name: null }, { name: {} }, "a", null]) {
    t.equal(itemElement(disks, bad), undefined);
  }
  t.equal(
    itemElement(spread, { topologyKey: "rack" }),
    'k:{"topologyKey":"rack","whenUnsatisfiable":"DoNotSchedule"}',
  );
  const items = itemsByElement(disks, [{ name: "a", n: 1 }, { name: "a", n: 2 }, {}]);
  t.same([...items], [['k:{"name":"a"}', { name: "a", n: 1 }]], "the first of several, none without a key");
  t.same([...itemsByElement({ type: "set" }, ["x", "x", 1]).keys()], ['v:"x"', "v:1"]);
  t.equal(itemTypeOf(disks).type, "map");
  t.equal(itemTypeOf({ type: "set" }).type, "leaf");
});
